// Runs before the first paint, so that a page never flashes in the theme that was not chosen.
(() => {
  let chosen = null;
  try {
    chosen = localStorage.getItem("runwright.theme");
  } catch {
    // Storage may be switched off; the system's theme is used then.
  }
  const dark = chosen === "dark" || (chosen !== "light" && matchMedia("(prefers-color-scheme: dark)").matches);
  document.documentElement.setAttribute("data-mantine-color-scheme", dark ? "dark" : "light");
})();

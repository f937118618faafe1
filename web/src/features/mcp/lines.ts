/** Names and values, one a line, as people write headers (`Name: value`) or variables (`NAME=value`). */
export function readPairs(text: string, separator: ":" | "="): { pairs: Record<string, string>; wrong: string | null } {
  const pairs: Record<string, string> = {};
  for (const line of readLines(text)) {
    const at = line.indexOf(separator);
    const name = line.slice(0, Math.max(at, 0)).trim();
    const value = line.slice(at + 1).trim();
    // The value may be a secret: of a line that is wrong only the beginning is told.
    if (name === "" || value === "") return { pairs, wrong: `${line.slice(0, 12)}…` };
    pairs[name] = value;
  }
  return { pairs, wrong: null };
}

/** The lines of a text that hold something. */
export function readLines(text: string): string[] {
  return text
    .split("\n")
    .map((line) => line.trim())
    .filter((line) => line !== "");
}

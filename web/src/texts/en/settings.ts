/** Words of settings. */
export const settingsTexts = {
  title: "Settings",
};

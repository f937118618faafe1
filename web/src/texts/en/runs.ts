/** Words of runs. */
export const runTexts = {
  title: "Runs",
};

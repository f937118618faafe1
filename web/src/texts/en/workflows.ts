/** Words of workflows. */
export const workflowTexts = {
  title: "Workflows",
};

/** Words of the workflow editor. */
export const editorTexts = {
  title: "Editor",
};

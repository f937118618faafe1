/** Files: what blocks saved, and what people uploaded. */
export const fileTexts = {
  title: "Files",
  columns: { name: "Name", type: "Type", size: "Size", origin: "From", created: "Saved" },
  upload: "Upload files",
  uploading: (name: string) => `Uploading ${name}`,
  uploaded: (count: number) => (count === 1 ? "The file is uploaded." : `${count} files are uploaded.`),
  notUploaded: (name: string, why: string) => `${name} was not uploaded: ${why}`,
  drop: "Drop files here, or choose them. Agent blocks with the files tool can read them.",
  dropNow: "Drop to upload",
  search: "Search by name",
  origin: "Which files",
  origins: { all: "All", uploaded: "Uploaded", saved: "Saved by runs" },
  uploadedBy: "Uploaded",
  ofRun: "Run",
  block: (key: string) => `Block ${key}`,
  open: (name: string) => `Look at ${name}`,
  actions: (name: string) => `What can be done with ${name}`,
  download: "Download",
  downloadAll: "Download all as zip",
  deleteTitle: (name: string) => `Delete ${name}?`,
  deleteText: "The file is gone for everybody in the project. What blocks read of it before stays in their outputs.",
  deleted: "The file is deleted.",
  emptyTitle: "No files yet",
  emptyText: "Upload what agents should read, or let a block save its output as a file.",
  noneTitle: "No such files",
  noneText: "No file fits what you chose. Search for less.",
  noneInRun: "No block of this run has saved a file.",
  noPreview: "This file is no text and cannot be shown here. Download it to look at it.",
  emptyFile: "The file is empty.",
  cut: "Only the beginning is shown; download the file to see all of it.",
  preview: (name: string) => `Content of ${name}`,
  storage: "Storage",
  storageText: "What the organization's files take. A content that several files share counts once.",
  storageUsed: (size: string, count: number) => `${size} in ${count === 1 ? "1 file" : `${count} files`}`,
  bytes: (size: number) => {
    if (size < 1000) return `${size} B`;
    const units = ["kB", "MB", "GB", "TB"];
    let value = size / 1000;
    let unit = 0;
    while (value >= 999.5 && unit < units.length - 1) {
      value /= 1000;
      unit += 1;
    }
    return `${value < 10 ? value.toFixed(1) : Math.round(value)} ${units[unit]}`;
  },
};

import { accountTexts } from "./en/account";
import { agentTexts } from "./en/agents";
import { commonTexts } from "./en/common";
import { editorTexts } from "./en/editor";
import { fileTexts } from "./en/files";
import { mcpTexts } from "./en/mcp";
import { reviewTexts } from "./en/reviews";
import { runTexts } from "./en/runs";
import { settingsTexts } from "./en/settings";
import { workflowTexts } from "./en/workflows";

/** Every text of the app in English: what the whole app shares, then a part for each of its features. */
export const en = {
  ...commonTexts,
  account: accountTexts,
  agents: agentTexts,
  editor: editorTexts,
  files: fileTexts,
  mcp: mcpTexts,
  reviews: reviewTexts,
  runs: runTexts,
  settings: settingsTexts,
  workflows: workflowTexts,
};

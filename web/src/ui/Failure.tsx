import { IconAlertTriangle } from "@tabler/icons-react";

import { messageOf } from "./failures";
import { Notice } from "./Notice";

/** What went wrong with what was just tried, in place; nothing when nothing did. */
export function Failure({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <Notice tone="failed" icon={IconAlertTriangle} role="alert">
      {messageOf(error)}
    </Notice>
  );
}

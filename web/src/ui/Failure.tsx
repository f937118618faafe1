import { Alert } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";

import { messageOf } from "./failures";

/** What went wrong with what was just tried, in place; nothing when nothing did. */
export function Failure({ error }: { error: unknown }) {
  if (!error) return null;
  return (
    <Alert color="red" variant="light" role="alert" icon={<IconAlertTriangle size={18} aria-hidden />} p="sm">
      {messageOf(error)}
    </Alert>
  );
}

import { Alert, Group, Stack, Text } from "@mantine/core";

import { t } from "../../../texts";
import { StatusBadge } from "../../../ui/StatusBadge";
import { RunFacts } from "../../runs/RunFacts";
import { PreviewBadge } from "../../runs/RunsPage";
import { useRun } from "./store";

/** The run that is shown, as a whole. */
export function RunView() {
  const execution = useRun((state) => state.execution);
  if (!execution) return null;
  return (
    <Stack gap="md">
      <Group gap="sm">
        <StatusBadge status={execution.status} />
        {execution.preview && <PreviewBadge />}
      </Group>
      {execution.error !== null && (
        <Alert color="red" p="sm">
          {execution.error}
        </Alert>
      )}
      <RunFacts run={execution} />
      <Text size="sm" c="dimmed">
        {t.editor.run.selectBlock}
      </Text>
    </Stack>
  );
}

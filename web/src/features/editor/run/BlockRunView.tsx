import { Group, Stack, Text } from "@mantine/core";

import { t } from "../../../texts";
import { StatusBadge } from "../../../ui/StatusBadge";
import { elapsed } from "../../../ui/time";
import { useNow } from "../../../ui/useNow";
import { BlockDetails } from "../../runs/BlockDetails";
import { PreviewBadge } from "../../runs/RunsPage";
import type { Block } from "../model/workflow";
import { useBlockRun, useRun } from "./store";

const TICK_MS = 500;

/** How a block fared in the run that is shown: status, time, what it was given and what it made. */
export function BlockRunView({ block }: { block: Block }) {
  const execution = useRun((state) => state.execution);
  const said = useRun((state) => state.said[block.key]);
  const run = useBlockRun(block.key);
  const now = useNow(TICK_MS);
  if (!execution || !run) {
    return (
      <Text size="sm" c="dimmed">
        {t.editor.run.notInRun}
      </Text>
    );
  }
  const time = elapsed(run.startedAt, run.finishedAt, now);
  return (
    <Stack gap="md">
      <Group gap="sm">
        <StatusBadge status={run.status} />
        {execution.preview && <PreviewBadge />}
        {time !== null && (
          <Text size="sm" c="dimmed">
            {time}
          </Text>
        )}
      </Group>
      <BlockDetails run={execution} block={run} said={said} />
    </Stack>
  );
}

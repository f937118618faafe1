import { Progress, Text } from "@mantine/core";

import type { ExecutionSummary } from "../../api/types";
import { t } from "../../texts";
import classes from "./Progress.module.css";

type Counted = Pick<ExecutionSummary, "blockCount" | "completedBlocks" | "status">;

/** How many of a run's blocks are settled well, as a bar and in words. */
export function RunProgress({ run }: { run: Counted }) {
  const { completedBlocks, blockCount, status } = run;
  const words = t.runs.progress(completedBlocks, blockCount);
  return (
    <div className={classes.progress} data-status={status}>
      <Progress.Root size="sm" radius="xl">
        <Progress.Section
          value={(100 * completedBlocks) / blockCount}
          color="var(--rw-fg)"
          aria-label={words}
          aria-valuetext={words}
        />
      </Progress.Root>
      <Text size="xs" c="dimmed" component="span" aria-hidden>
        {completedBlocks}/{blockCount}
      </Text>
    </div>
  );
}

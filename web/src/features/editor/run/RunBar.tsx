import { ActionIcon, Button, Text, Tooltip } from "@mantine/core";
import { IconX } from "@tabler/icons-react";

import { t } from "../../../texts";
import { ButtonLink } from "../../../ui/links";
import { isLive } from "../../../ui/status";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useCancelRun } from "../../runs/queries";
import { Elapsed, PreviewBadge } from "../../runs/RunsPage";
import classes from "./RunBar.module.css";
import { forgetRun, useRun } from "./store";

/** Which run canvas and outline show, and how it stands. */
export function RunBar() {
  const execution = useRun((state) => state.execution);
  const cancel = useCancelRun();
  if (!execution) return null;
  const { id, status, completedBlocks, blockCount } = execution;
  return (
    <div className={classes.bar} role="group" aria-label={t.editor.run.shown}>
      <span role="status" className={classes.status}>
        <StatusBadge status={status} />
      </span>
      {execution.preview && <PreviewBadge />}
      <Text size="xs" c="dimmed" component="span" visibleFrom="sm">
        {t.runs.progress(completedBlocks, blockCount)}
        {execution.startedAt && " · "}
        {execution.startedAt && <Elapsed run={execution} />}
      </Text>
      <ButtonLink to="/runs/$executionId" params={{ executionId: id }} size="compact-xs" variant="subtle">
        {t.editor.run.open}
      </ButtonLink>
      {isLive(status) && (
        <Button
          size="compact-xs"
          variant="subtle"
          loading={cancel.isPending}
          onClick={() => cancel.mutate({ id, reason: t.editor.run.cancelReason })}
        >
          {t.editor.run.cancel}
        </Button>
      )}
      <Tooltip label={t.editor.run.forget}>
        <ActionIcon size="sm" variant="subtle" color="gray" aria-label={t.editor.run.forget} onClick={forgetRun}>
          <IconX size={16} aria-hidden />
        </ActionIcon>
      </Tooltip>
    </div>
  );
}

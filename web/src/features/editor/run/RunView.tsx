import { Alert, Button, Group, Stack, Text } from "@mantine/core";

import { t } from "../../../texts";
import { ButtonLink } from "../../../ui/links";
import { isLive } from "../../../ui/status";
import { StatusBadge } from "../../../ui/StatusBadge";
import { useCancelRun } from "../../runs/queries";
import { RunFacts } from "../../runs/RunFacts";
import { PreviewBadge } from "../../runs/RunsPage";
import { forgetRun, useRun } from "./store";

/** The run that is shown, as a whole. */
export function RunView() {
  const execution = useRun((state) => state.execution);
  const cancel = useCancelRun();
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
      <Group gap="sm">
        <ButtonLink to="/runs/$executionId" params={{ executionId: execution.id }} size="xs" variant="default">
          {t.editor.run.open}
        </ButtonLink>
        {isLive(execution.status) ? (
          <Button
            size="xs"
            variant="default"
            loading={cancel.isPending}
            onClick={() => cancel.mutate({ id: execution.id, reason: t.editor.run.cancelReason })}
          >
            {t.editor.run.cancel}
          </Button>
        ) : (
          <Button size="xs" variant="default" onClick={forgetRun}>
            {t.editor.run.forget}
          </Button>
        )}
      </Group>
    </Stack>
  );
}

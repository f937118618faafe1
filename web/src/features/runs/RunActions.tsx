import { ActionIcon, Button, Menu } from "@mantine/core";
import { useClipboard, useDisclosure } from "@mantine/hooks";
import { IconDots, IconPlayerStop, IconRefresh, IconSitemap, IconTerminal } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";

import { meQuery } from "../../api/queries";
import type { Execution } from "../../api/types";
import { t } from "../../texts";
import { Confirm } from "../../ui/Confirm";
import { tellDone } from "../../ui/failures";
import { MenuLink } from "../../ui/links";
import { isLive } from "../../ui/status";
import { runAsCurl } from "./curl";
import { useCancelRun, useRunAgain } from "./queries";

/** What can be done with a run. */
export function RunActions({ run }: { run: Execution }) {
  const again = useRunAgain();
  return (
    <>
      {isLive(run.status) && <Cancel run={run} />}
      <Button
        variant="default"
        leftSection={<IconRefresh size={16} aria-hidden />}
        loading={again.isPending}
        onClick={() => again.mutate(run.id)}
      >
        {t.runs.one.again}
      </Button>
      <More run={run} />
    </>
  );
}

function Cancel({ run }: { run: Execution }) {
  const { data: me } = useSuspenseQuery(meQuery);
  const [asking, ask] = useDisclosure();
  const cancel = useCancelRun();
  const confirm = () =>
    cancel.mutate({ id: run.id, reason: t.runs.one.cancelReason(me.user.name) }, { onSettled: ask.close });
  return (
    <>
      <Button variant="outline" color="red" leftSection={<IconPlayerStop size={16} aria-hidden />} onClick={ask.open}>
        {run.cancelRequestedAt === null ? t.runs.one.cancel : t.runs.one.cancelRequested}
      </Button>
      <Confirm
        opened={asking}
        title={t.runs.one.cancelTitle}
        text={t.runs.one.cancelText}
        action={t.runs.one.cancel}
        dismiss={t.runs.one.keep}
        busy={cancel.isPending}
        onConfirm={confirm}
        onClose={ask.close}
      />
    </>
  );
}

function More({ run }: { run: Execution }) {
  const clipboard = useClipboard();
  const copy = () => {
    clipboard.copy(runAsCurl(window.location.origin, run));
    tellDone(t.actions.copied);
  };
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" size="lg" aria-label={t.runs.one.more}>
          <IconDots size={18} aria-hidden />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <MenuLink
          to="/workflows/$workflowId"
          params={{ workflowId: run.workflowId }}
          leftSection={<IconSitemap size={16} aria-hidden />}
        >
          {t.runs.one.editor}
        </MenuLink>
        <Menu.Item onClick={copy} leftSection={<IconTerminal size={16} aria-hidden />}>
          {t.runs.one.copyCurl}
        </Menu.Item>
      </Menu.Dropdown>
    </Menu>
  );
}

import { ActionIcon, Button, Group, Menu } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import {
  IconArchive,
  IconArchiveOff,
  IconCopy,
  IconDots,
  IconDownload,
  IconHistory,
  IconPlayerPlay,
  IconSitemap,
  IconTrash,
} from "@tabler/icons-react";

import type { WorkflowSummary } from "../../api/types";
import { t } from "../../texts";
import { Confirm } from "../../ui/Confirm";
import { MenuLink } from "../../ui/links";
import { StartDialog } from "../runs/StartDialog";
import { useArchive, useDelete, useDuplicate } from "./queries";

const ICON = { size: 16, "aria-hidden": true } as const;

/** What can be done with a workflow from its row. */
export function WorkflowActions({ workflow }: { workflow: WorkflowSummary }) {
  const [starting, start] = useDisclosure();
  const [deleting, askDelete] = useDisclosure();
  const archived = workflow.archivedAt !== null;
  return (
    <Group gap="xs" wrap="nowrap" justify="flex-end">
      {!archived && (
        <Button
          variant="default"
          size="xs"
          leftSection={<IconPlayerPlay size={14} aria-hidden />}
          onClick={start.open}
          aria-label={t.workflows.runOf(workflow.name)}
        >
          {t.workflows.run}
        </Button>
      )}
      <More workflow={workflow} onDelete={askDelete.open} />
      {starting && <StartDialog workflow={workflow} onClose={start.close} />}
      <DeleteDialog workflow={workflow} opened={deleting} onClose={askDelete.close} />
    </Group>
  );
}

function More({ workflow, onDelete }: { workflow: WorkflowSummary; onDelete: () => void }) {
  const duplicate = useDuplicate();
  return (
    <Menu position="bottom-end" width={220}>
      <Menu.Target>
        <ActionIcon variant="subtle" color="gray" aria-label={t.workflows.more(workflow.name)}>
          <IconDots {...ICON} />
        </ActionIcon>
      </Menu.Target>
      <Menu.Dropdown>
        <MenuLink
          to="/workflows/$workflowId"
          params={{ workflowId: workflow.id }}
          leftSection={<IconSitemap {...ICON} />}
        >
          {t.workflows.open}
        </MenuLink>
        <MenuLink to="/runs" search={{ workflow: workflow.id }} leftSection={<IconHistory {...ICON} />}>
          {t.workflows.itsRuns}
        </MenuLink>
        <Menu.Divider />
        <Menu.Item onClick={() => duplicate.mutate(workflow)} leftSection={<IconCopy {...ICON} />}>
          {t.workflows.duplicate}
        </Menu.Item>
        <Menu.Item
          component="a"
          href={`/api/v1/workflows/${workflow.id}/export`}
          download
          leftSection={<IconDownload {...ICON} />}
        >
          {t.workflows.export}
        </Menu.Item>
        <Menu.Divider />
        <ArchiveItem workflow={workflow} />
        {workflow.archivedAt !== null && (
          <Menu.Item color="red" onClick={onDelete} leftSection={<IconTrash {...ICON} />}>
            {t.workflows.delete}
          </Menu.Item>
        )}
      </Menu.Dropdown>
    </Menu>
  );
}

function ArchiveItem({ workflow }: { workflow: WorkflowSummary }) {
  const archive = useArchive();
  const away = workflow.archivedAt !== null;
  return (
    <Menu.Item
      onClick={() => archive.mutate(workflow)}
      leftSection={away ? <IconArchiveOff {...ICON} /> : <IconArchive {...ICON} />}
    >
      {away ? t.workflows.restore : t.workflows.archive}
    </Menu.Item>
  );
}

function DeleteDialog({ workflow, ...rest }: { workflow: WorkflowSummary; opened: boolean; onClose: () => void }) {
  const remove = useDelete();
  return (
    <Confirm
      {...rest}
      title={t.workflows.deleteTitle}
      text={t.workflows.deleteText(workflow.name, workflow.runs.count)}
      action={t.workflows.delete}
      busy={remove.isPending}
      onConfirm={() => remove.mutate(workflow, { onSettled: rest.onClose })}
    />
  );
}

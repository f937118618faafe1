import { ActionIcon, Badge, Button, Group, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconTrash } from "@tabler/icons-react";

import type { Project } from "../../api/types";
import { t } from "../../texts";
import { Confirm } from "../../ui/Confirm";
import { tellDone } from "../../ui/failures";
import { useGoTo } from "../shell/place";
import { useDeleteProject } from "./queries";

const words = t.settings.project;

interface Props {
  project: Project;
  /** One works in it now. */
  here: boolean;
  admin: boolean;
}

/** A project in the list of all: go there, or delete it. */
export function ProjectLine({ project, here, admin }: Props) {
  const goTo = useGoTo();
  const [asking, ask] = useDisclosure();
  const remove = useDeleteProject();
  const confirm = async () => {
    await remove.mutateAsync(project.id);
    tellDone(words.deleted(project.name));
  };
  return (
    <Group justify="space-between" gap="sm" wrap="nowrap">
      <Text size="sm" fw={600} truncate>
        {project.name}
      </Text>
      <Group gap="sm" wrap="nowrap">
        {here ? (
          <Badge variant="default">{words.here}</Badge>
        ) : (
          <Button
            size="xs"
            variant="default"
            aria-label={words.switchOf(project.name)}
            onClick={() => goTo({ project: project.id })}
          >
            {words.switch}
          </Button>
        )}
        {admin && (
          <ActionIcon variant="subtle" color="red" aria-label={words.deleteTitle(project.name)} onClick={ask.open}>
            <IconTrash size={16} aria-hidden />
          </ActionIcon>
        )}
      </Group>
      <Confirm
        opened={asking}
        title={words.deleteTitle(project.name)}
        text={words.deleteText}
        action={words.delete}
        busy={remove.isPending}
        onConfirm={() => void confirm().catch(ask.close)}
        onClose={ask.close}
      />
    </Group>
  );
}

import { Stack, Text, Title } from "@mantine/core";

import { t } from "../../texts";
import { TemplateGallery } from "./TemplateGallery";

/** For a project without workflows: something to begin with. */
export function FirstWorkflow({ project }: { project: string }) {
  return (
    <Stack gap="md">
      <div>
        <Title order={2}>{t.workflows.emptyTitle}</Title>
        <Text c="dimmed" mt="xs">
          {t.workflows.emptyText}
        </Text>
      </div>
      <TemplateGallery project={project} />
    </Stack>
  );
}

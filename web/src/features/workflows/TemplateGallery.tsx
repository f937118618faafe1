import { Badge, Button, Card, Group, Modal, SimpleGrid, Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import type { Template } from "../../api/types";
import { t } from "../../texts";
import { Failure } from "../../ui/Failure";
import { tellFailure } from "../../ui/failures";
import { PageLoading } from "../../ui/PageLoading";
import { templatesQuery, useCreateWorkflow } from "./queries";

/** Workflows to begin with, a card each; using one makes it one's own and goes to its editor. */
export function TemplateGallery({ project }: { project: string }) {
  const { data, isPending, error } = useQuery(templatesQuery);
  const create = useCreateWorkflow(project);
  const use = ({ source }: Template) => create.mutate({ source, publish: true }, { onError: tellFailure });
  if (isPending) return <PageLoading />;
  return (
    <>
      <Failure error={error} />
      <SimpleGrid cols={{ base: 1, xs: 2 }} spacing="md">
        {data?.map((template) => (
          <TemplateCard
            key={template.id}
            template={template}
            busy={create.isPending && create.variables.source === template.source}
            onUse={() => use(template)}
          />
        ))}
      </SimpleGrid>
    </>
  );
}

function TemplateCard({ template, busy, onUse }: { template: Template; busy: boolean; onUse: () => void }) {
  return (
    <Card withBorder padding="md">
      <Stack gap="sm" h="100%">
        <Group justify="space-between" gap="sm">
          <Title order={3}>{template.name}</Title>
          <Badge variant="default" size="sm">
            {template.category}
          </Badge>
        </Group>
        <Text size="sm" c="dimmed" flex={1}>
          {template.description}
        </Text>
        <Button
          variant="default"
          loading={busy}
          onClick={onUse}
          aria-label={t.workflows.template.useOf(template.name)}
          w="fit-content"
        >
          {t.workflows.template.use}
        </Button>
      </Stack>
    </Card>
  );
}

/** The gallery as a dialog. */
export function TemplateDialog({ project, onClose }: { project: string; onClose: () => void }) {
  return (
    <Modal
      opened
      onClose={onClose}
      size="xl"
      title={t.workflows.template.title}
      closeButtonProps={{ "aria-label": t.actions.close }}
    >
      <TemplateGallery project={project} />
    </Modal>
  );
}

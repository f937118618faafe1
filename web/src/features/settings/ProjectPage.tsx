import { Button, Group, Stack, Text, TextInput } from "@mantine/core";
import { useSuspenseQuery } from "@tanstack/react-query";
import { type FormEvent, useState } from "react";

import { useProject } from "../../api/project";
import { projectsQuery } from "../../api/queries";
import type { Project } from "../../api/types";
import { t } from "../../texts";
import { Failure } from "../../ui/Failure";
import { tellDone } from "../../ui/failures";
import { Section } from "../../ui/Section";
import { ProjectLine } from "./ProjectLine";
import { useChangeProject, useCreateProject, useIsAdmin } from "./queries";

const words = t.settings.project;

/** The project one works in, and the organization's others. */
export function ProjectPage() {
  const project = useProject();
  const { data: projects } = useSuspenseQuery(projectsQuery);
  const admin = useIsAdmin();
  return (
    <Stack gap="lg" maw="40rem">
      {!admin && (
        <Text size="sm" c="dimmed">
          {words.readOnly}
        </Text>
      )}
      {project && (
        <Section title={words.current} text={words.text}>
          <ProjectForm key={project.id} project={project} readOnly={!admin} />
        </Section>
      )}
      <Section title={words.all}>
        <Stack gap="sm">
          {projects.items.map((item) => (
            <ProjectLine key={item.id} project={item} here={item.id === project?.id} admin={admin} />
          ))}
        </Stack>
      </Section>
      {admin && (
        <Section title={words.new}>
          <NewProject />
        </Section>
      )}
    </Stack>
  );
}

function ProjectForm({ project, readOnly }: { project: Project; readOnly: boolean }) {
  const [name, setName] = useState(project.name);
  const [model, setModel] = useState(project.defaultModel ?? "");
  const change = useChangeProject(project.id);
  const submit = (event: FormEvent) => {
    event.preventDefault();
    change.mutate({ name, defaultModel: model.trim() }, { onSuccess: () => tellDone(words.saved) });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="md">
        <Failure error={change.error} />
        <TextInput
          label={words.name}
          required
          readOnly={readOnly}
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <TextInput
          label={words.model}
          description={words.modelHint}
          placeholder={words.modelPlaceholder}
          readOnly={readOnly}
          value={model}
          onChange={(event) => setModel(event.currentTarget.value)}
        />
        {!readOnly && (
          <Button type="submit" w="fit-content" loading={change.isPending}>
            {t.actions.save}
          </Button>
        )}
      </Stack>
    </form>
  );
}

function NewProject() {
  const [name, setName] = useState("");
  const create = useCreateProject();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    create.mutate(name, {
      onSuccess: (made) => {
        setName("");
        tellDone(words.created(made.name));
      },
    });
  };
  return (
    <form onSubmit={submit}>
      <Failure error={create.error} />
      <Group gap="sm" align="flex-end">
        <TextInput
          label={words.name}
          required
          flex="1 1 12rem"
          value={name}
          onChange={(event) => setName(event.currentTarget.value)}
        />
        <Button type="submit" variant="default" loading={create.isPending}>
          {words.create}
        </Button>
      </Group>
    </form>
  );
}

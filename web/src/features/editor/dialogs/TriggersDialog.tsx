import { Alert, Code, Group, Loader, Modal, Radio, Stack, Switch, Tabs, Text, Title } from "@mantine/core";
import { queryOptions, useMutation, useQuery } from "@tanstack/react-query";

import { client, take } from "../../../api/client";
import { queryClient } from "../../../api/queries";
import type { components } from "../../../api/schema";
import { t } from "../../../texts";
import { CodeBlock } from "../../../ui/CodeBlock";
import { CopyIcon } from "../../../ui/CopyButton";
import { Failure } from "../../../ui/Failure";
import { ButtonLink } from "../../../ui/links";
import { useEditor, useEditorStore } from "../store";
import { show } from "../ui";
import classes from "./Dialogs.module.css";
import { snippets } from "./snippets";

type Api = components["schemas"]["ApiTriggerOut"];
type Concurrency = Api["concurrency"];

function triggersQuery(workflowId: string) {
  return queryOptions({
    queryKey: ["workflows", "triggers", workflowId],
    queryFn: () =>
      take(client.GET("/api/v1/workflows/{workflow_id}/triggers", { params: { path: { workflow_id: workflowId } } })),
  });
}

/** How the workflow is started from outside: API access, what happens to earlier runs, the address, examples. */
export function TriggersDialog() {
  const { workflowId } = useEditorStore().getState();
  const { data, error } = useQuery(triggersQuery(workflowId));
  return (
    <Modal
      opened
      size="lg"
      onClose={() => show({ dialog: null })}
      title={t.editor.triggers.title}
      closeButtonProps={{ "aria-label": t.actions.close }}
    >
      <Failure error={error} />
      {data ? <ApiAccess workflowId={workflowId} api={data.api} /> : !error && <Loader size="sm" />}
    </Modal>
  );
}

function ApiAccess({ workflowId, api }: { workflowId: string; api: Api }) {
  const words = t.editor.triggers;
  const published = useEditor((editor) => editor.published);
  const change = useMutation({
    mutationFn: (wanted: { enabled: boolean; concurrency: Concurrency }) =>
      take(
        client.PUT("/api/v1/workflows/{workflow_id}/triggers", {
          params: { path: { workflow_id: workflowId } },
          body: { api: wanted },
        }),
      ),
    onSuccess: (triggers) => queryClient.setQueryData(triggersQuery(workflowId).queryKey, triggers),
  });
  const shown = change.isPending ? { ...api, ...change.variables } : api;
  const set = (wanted: Partial<Api>) =>
    change.mutate({ enabled: shown.enabled, concurrency: shown.concurrency, ...wanted });
  return (
    <Stack gap="lg">
      <Failure error={change.error} />
      <Switch
        label={words.api}
        description={words.apiHelp}
        checked={shown.enabled}
        data-autofocus
        onChange={(event) => set({ enabled: event.currentTarget.checked })}
      />
      {shown.enabled ? (
        <>
          <Radio.Group
            label={words.concurrency}
            description={words.concurrencyHelp}
            value={shown.concurrency}
            onChange={(value) => set({ concurrency: value })}
          >
            <Stack gap="sm" mt="sm">
              <Radio value="parallel" label={words.parallel} description={words.parallelHelp} />
              <Radio value="cancel_previous" label={words.cancelPrevious} description={words.cancelPreviousHelp} />
            </Stack>
          </Radio.Group>
          {published === null && <Alert p="sm">{words.unpublished}</Alert>}
          <Endpoint path={shown.path} />
          <Examples workflowId={workflowId} path={shown.path} />
        </>
      ) : (
        <Text size="sm" c="dimmed">
          {words.off}
        </Text>
      )}
      <div role="status" className={classes.quiet}>
        {change.isSuccess && words.saved}
      </div>
    </Stack>
  );
}

function Endpoint({ path }: { path: string }) {
  const words = t.editor.triggers;
  const endpoint = window.location.origin + path;
  return (
    <section>
      <Title order={3} size="sm" mb="xs">
        {words.endpoint}
      </Title>
      <Group gap="xs" wrap="nowrap" className={classes.endpoint}>
        <Text size="xs" fw={700}>
          POST
        </Text>
        <Code className={classes.address}>{endpoint}</Code>
        <CopyIcon value={endpoint} label={words.copyEndpoint} />
      </Group>
    </section>
  );
}

function Examples({ workflowId, path }: { workflowId: string; path: string }) {
  const words = t.editor.triggers;
  const inputs = useEditor((editor) => editor.workflow.inputs);
  const variables = Object.fromEntries(inputs.map((input) => [input.name, input.default ?? "…"]));
  const examples = snippets({ endpoint: window.location.origin + path, workflowId, variables });
  return (
    <section>
      <Title order={3} size="sm">
        {words.examples}
      </Title>
      <Text size="xs" c="dimmed" mb="sm">
        {words.examplesHelp}
      </Text>
      <Tabs defaultValue="curl" keepMounted={false}>
        <Tabs.List>
          {examples.map(({ id, label }) => (
            <Tabs.Tab key={id} value={id}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {examples.map(({ id, label, text }) => (
          <Tabs.Panel key={id} value={id} pt="sm">
            <CodeBlock text={text} label={words.exampleOf(label)} />
          </Tabs.Panel>
        ))}
      </Tabs>
      <ButtonLink to="/settings/api-keys" variant="default" size="xs" mt="sm">
        {words.keys}
      </ButtonLink>
    </section>
  );
}

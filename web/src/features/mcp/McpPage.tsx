import { Badge, Button, Group, Paper, Stack, Text, Title } from "@mantine/core";
import { IconAlertTriangle, IconCheck, IconPlugConnected } from "@tabler/icons-react";
import { useSuspenseQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useProject } from "../../api/project";
import type { components } from "../../api/schema";
import { t } from "../../texts";
import { Ago } from "../../ui/Ago";
import { Confirm } from "../../ui/Confirm";
import { EmptyState } from "../../ui/EmptyState";
import { Failure } from "../../ui/Failure";
import { tellDone } from "../../ui/failures";
import { Notice } from "../../ui/Notice";
import { duration } from "../../ui/time";
import { NoProject } from "../workflows/NoProject";
import classes from "./McpPage.module.css";
import { type McpServer, mcpServersQuery, useRemoveMcpServer, useTestMcpServer } from "./queries";
import { ServerDialog } from "./ServerDialog";

const words = t.mcp;

/** The MCP servers of the project, with their tools. */
export function McpPage() {
  const project = useProject();
  return project ? <Servers project={project.id} /> : <NoProject />;
}

function Servers({ project }: { project: string }) {
  const { data: servers } = useSuspenseQuery(mcpServersQuery(project));
  const [adding, setAdding] = useState(false);
  const add = <Button onClick={() => setAdding(true)}>{words.add}</Button>;
  return (
    <Stack gap="md" maw="48rem">
      {servers.length === 0 ? (
        <EmptyState icon={IconPlugConnected} title={words.emptyTitle} text={words.emptyText}>
          {add}
        </EmptyState>
      ) : (
        <Group justify="space-between" align="flex-start" gap="sm">
          <Text size="sm" c="dimmed" maw="32rem">
            {words.text}
          </Text>
          {add}
        </Group>
      )}
      {servers.map((server) => (
        <ServerCard key={server.id} project={project} server={server} />
      ))}
      {adding && <ServerDialog project={project} onClose={() => setAdding(false)} />}
    </Stack>
  );
}

interface CardProps {
  project: string;
  server: McpServer;
}

function ServerCard({ project, server }: CardProps) {
  const [opened, open] = useState<"change" | "remove" | null>(null);
  const test = useTestMcpServer(project);
  const close = () => open(null);
  return (
    <Paper withBorder p="md" component="section" aria-label={server.name}>
      <Group justify="space-between" align="flex-start" gap="sm">
        <Facts server={server} />
        <Group gap="sm">
          <Button
            size="xs"
            variant="default"
            aria-label={words.testOf(server.name)}
            loading={test.isPending}
            onClick={() => test.mutate(server.id)}
          >
            {words.test}
          </Button>
          <Button
            size="xs"
            variant="default"
            aria-label={words.changeTitle(server.name)}
            onClick={() => open("change")}
          >
            {words.change}
          </Button>
          <Button
            size="xs"
            variant="outline"
            color="red"
            aria-label={words.removeTitle(server.name)}
            onClick={() => open("remove")}
          >
            {words.remove}
          </Button>
        </Group>
      </Group>
      <div role="status" className={classes.result}>
        <Failure error={test.error} />
        {test.data && <Result test={test.data} />}
      </div>
      <Tools server={server} />
      {opened === "change" && <ServerDialog project={project} server={server} onClose={close} />}
      <RemoveDialog project={project} server={server} opened={opened === "remove"} onClose={close} />
    </Paper>
  );
}

function Facts({ server }: { server: McpServer }) {
  const place = server.url ?? [server.command, ...server.args].join(" ");
  return (
    <div className={classes.facts}>
      <Group gap="sm">
        <Title order={3}>{server.name}</Title>
        <Badge variant="default">{words.transports[server.transport]}</Badge>
      </Group>
      <Text size="xs" c="dimmed" mt="xs" ff="monospace" className={classes.place}>
        {place}
      </Text>
      {server.secretNames.length > 0 && (
        <Text size="xs" c="dimmed">
          {words.secrets(server.secretNames.join(", "))}
        </Text>
      )}
    </div>
  );
}

function Result({ test }: { test: components["schemas"]["McpRefreshOut"] }) {
  return (
    <Notice
      tone={test.ok ? "completed" : "failed"}
      icon={test.ok ? IconCheck : IconAlertTriangle}
      title={test.ok ? words.testOk(duration(test.milliseconds)) : words.testFailed}
    >
      {test.message}
    </Notice>
  );
}

function Tools({ server }: { server: McpServer }) {
  if (server.tools === null || server.toolsAt === null) {
    return (
      <Text size="sm" c="dimmed" mt="sm">
        {words.never}
      </Text>
    );
  }
  return (
    <details className={classes.tools}>
      <summary>
        {words.tools(server.tools.length)}, {words.asked} <Ago at={server.toolsAt} />
      </summary>
      <ul className={classes.list} aria-label={words.toolsOf(server.name)} tabIndex={0}>
        {server.tools.map((tool) => (
          <li key={tool.name}>
            <Text size="sm" ff="monospace" component="span" display="block">
              {tool.name}
            </Text>
            <Text size="xs" c="dimmed" component="span" display="block">
              {tool.description || words.noDescription}
            </Text>
            {tool.problem !== null && (
              <Text size="xs" component="span" display="block" className={classes.problem}>
                {words.problem(tool.problem)}
              </Text>
            )}
          </li>
        ))}
      </ul>
    </details>
  );
}

function RemoveDialog({ project, server, opened, onClose }: CardProps & { opened: boolean; onClose: () => void }) {
  const remove = useRemoveMcpServer(project);
  const confirm = async () => {
    await remove.mutateAsync(server.id);
    tellDone(words.removed(server.name));
    onClose();
  };
  return (
    <Confirm
      opened={opened}
      title={words.removeTitle(server.name)}
      text={words.removeText}
      action={words.remove}
      busy={remove.isPending}
      onConfirm={() => void confirm().catch(onClose)}
      onClose={onClose}
    />
  );
}

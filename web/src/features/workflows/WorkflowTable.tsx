import { Badge, Group, Table, Text, Tooltip } from "@mantine/core";
import { Link } from "@tanstack/react-router";

import type { Status, WorkflowSummary } from "../../api/types";
import { t } from "../../texts";
import { Ago } from "../../ui/Ago";
import list from "../../ui/List.module.css";
import { StatusBadge } from "../../ui/StatusBadge";
import { WorkflowActions } from "./WorkflowActions";

/** Workflows, a row each; a row leads to the editor. */
export function WorkflowTable({ workflows }: { workflows: WorkflowSummary[] }) {
  const { columns } = t.workflows;
  return (
    <Table className={list.table} aria-label={t.workflows.title}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{columns.name}</Table.Th>
          <Table.Th visibleFrom="md">{columns.category}</Table.Th>
          <Table.Th visibleFrom="sm" className={list.number}>
            {columns.runs}
          </Table.Th>
          <Table.Th visibleFrom="sm">{columns.lastRun}</Table.Th>
          <Table.Th aria-label={columns.actions} />
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {workflows.map((workflow) => (
          <Row key={workflow.id} workflow={workflow} />
        ))}
      </Table.Tbody>
    </Table>
  );
}

function Row({ workflow }: { workflow: WorkflowSummary }) {
  return (
    <Table.Tr className={list.row}>
      <Table.Td>
        <Group gap="sm">
          <Link to="/workflows/$workflowId" params={{ workflowId: workflow.id }} className={list.link}>
            {workflow.name}
          </Link>
          {workflow.publishedVersion === null && (
            <Tooltip label={t.workflows.draftHint}>
              <Badge size="sm" variant="default" className={list.above}>
                {t.workflows.draft}
              </Badge>
            </Tooltip>
          )}
        </Group>
        {workflow.description && (
          <Text size="sm" c="dimmed" lineClamp={2}>
            {workflow.description}
          </Text>
        )}
        <Group hiddenFrom="sm" mt="xs">
          <LastRun workflow={workflow} />
        </Group>
      </Table.Td>
      <Table.Td visibleFrom="md">
        <Text size="sm">{workflow.category}</Text>
      </Table.Td>
      <Table.Td visibleFrom="sm" className={list.number}>
        {workflow.runs.count}
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <LastRun workflow={workflow} />
      </Table.Td>
      <Table.Td className={list.above} w={1}>
        <WorkflowActions workflow={workflow} />
      </Table.Td>
    </Table.Tr>
  );
}

function LastRun({ workflow }: { workflow: WorkflowSummary }) {
  const { lastExecutionId, lastStatus, lastAt } = workflow.runs;
  if (lastExecutionId === null || lastStatus === null) {
    return (
      <Text size="sm" c="dimmed">
        {t.workflows.neverRan}
      </Text>
    );
  }
  return (
    <Group gap="xs">
      <Link to="/runs/$executionId" params={{ executionId: lastExecutionId }} className={list.above}>
        <StatusBadge status={lastStatus as Status} />
      </Link>
      <Text size="sm" c="dimmed" component="span">
        <Ago at={lastAt} />
      </Text>
    </Group>
  );
}

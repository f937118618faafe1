import { Button, Group, Paper, Progress, Stack, Table, Text, TextInput, Title } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconAlertTriangle, IconCoin } from "@tabler/icons-react";
import { useInfiniteQuery, useSuspenseQuery } from "@tanstack/react-query";
import { Link } from "@tanstack/react-router";
import { type FormEvent, useState } from "react";

import { meQuery } from "../../api/queries";
import type { Credit } from "../../api/types";
import { t } from "../../texts";
import { Ago } from "../../ui/Ago";
import { EmptyState } from "../../ui/EmptyState";
import { Failure } from "../../ui/Failure";
import { tellDone } from "../../ui/failures";
import list from "../../ui/List.module.css";
import { Notice } from "../../ui/Notice";
import { PageLoading } from "../../ui/PageLoading";
import { Storage } from "../artifacts/Storage";
import { creditQuery, usageQuery, useSetLimit } from "./queries";

const words = t.settings.usage;

/** What was spent on models, and what may be. */
export function UsagePage() {
  const { data: credit } = useSuspenseQuery(creditQuery);
  const { data: me } = useSuspenseQuery(meQuery);
  const [changing, change] = useDisclosure();
  return (
    <Stack gap="lg">
      <Text size="sm" c="dimmed">
        {words.text}
      </Text>
      {credit.reached && (
        <Notice tone="failed" icon={IconAlertTriangle} role="alert">
          {words.reached}
        </Notice>
      )}
      <Paper withBorder p="md" maw="40rem">
        <Stack gap="md">
          <Amounts credit={credit} />
          {me.runsInstallation && !changing && (
            <Button variant="default" w="fit-content" onClick={change.open}>
              {words.change}
            </Button>
          )}
          {changing && <LimitForm credit={credit} onClose={change.close} />}
        </Stack>
      </Paper>
      <section>
        <Title order={2} mb="sm">
          {t.files.storage}
        </Title>
        <Storage />
      </section>
      <section>
        <Title order={2} mb="sm">
          {words.entries}
        </Title>
        <Entries />
      </section>
    </Stack>
  );
}

function Amounts({ credit }: { credit: Credit }) {
  const share = credit.limit === null ? null : (100 * Number(credit.used)) / Math.max(Number(credit.limit), 1e-9);
  return (
    <>
      <Group gap="xl">
        <Amount name={words.used} usd={credit.used} />
        <Amount name={words.limit} usd={credit.limit} />
        {credit.remaining !== null && <Amount name={words.remaining} usd={credit.remaining} />}
      </Group>
      {share !== null && (
        <Progress value={Math.min(100, share)} color={credit.reached ? "red" : undefined} aria-label={words.used} />
      )}
    </>
  );
}

function Amount({ name, usd }: { name: string; usd: string | null }) {
  return (
    <div>
      <Text size="xs" c="dimmed">
        {name}
      </Text>
      <Text size="lg" fw={600}>
        {usd === null ? words.unlimited : t.runs.cost(usd)}
      </Text>
    </div>
  );
}

function LimitForm({ credit, onClose }: { credit: Credit; onClose: () => void }) {
  const [limit, setLimit] = useState(credit.limit ?? "");
  const save = useSetLimit();
  const submit = (event: FormEvent) => {
    event.preventDefault();
    save.mutate(limit.trim() || null, {
      onSuccess: () => {
        tellDone(words.saved);
        onClose();
      },
    });
  };
  return (
    <form onSubmit={submit}>
      <Stack gap="sm">
        <Failure error={save.error} />
        <TextInput
          label={words.limitLabel}
          description={words.limitHint}
          inputMode="decimal"
          autoFocus
          value={limit}
          onChange={(event) => setLimit(event.currentTarget.value)}
        />
        <Group gap="sm">
          <Button type="submit" loading={save.isPending}>
            {t.actions.save}
          </Button>
          <Button variant="default" onClick={onClose}>
            {t.actions.cancel}
          </Button>
        </Group>
      </Stack>
    </form>
  );
}

function Entries() {
  const query = useInfiniteQuery(usageQuery);
  if (query.isPending) return <PageLoading />;
  if (query.isError) return <Failure error={query.error} />;
  const entries = query.data.pages.flatMap((page) => page.items);
  if (entries.length === 0) return <EmptyState icon={IconCoin} title={words.emptyTitle} text={words.emptyText} />;
  const { columns } = words;
  return (
    <>
      <Table className={list.table} aria-label={words.entries}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{columns.when}</Table.Th>
            <Table.Th>{columns.model}</Table.Th>
            <Table.Th visibleFrom="sm">{columns.run}</Table.Th>
            <Table.Th className={list.number}>{columns.cost}</Table.Th>
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {entries.map((entry) => (
            <Table.Tr key={entry.id}>
              <Table.Td>
                <Ago at={entry.createdAt} />
              </Table.Td>
              <Table.Td>{entry.model}</Table.Td>
              <Table.Td visibleFrom="sm">
                {entry.executionId && (
                  <Link to="/runs/$executionId" params={{ executionId: entry.executionId }}>
                    {words.openRun}
                  </Link>
                )}
              </Table.Td>
              <Table.Td className={list.number}>{t.runs.cost(entry.cost)}</Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {query.hasNextPage && (
        <Button variant="default" mt="md" onClick={() => void query.fetchNextPage()}>
          {t.actions.loadMore}
        </Button>
      )}
    </>
  );
}

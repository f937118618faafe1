import { ActionIcon, Code, Table, Text } from "@mantine/core";
import { IconTrash } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import { membersQuery } from "../../api/queries";
import type { ApiKey } from "../../api/types";
import { t } from "../../texts";
import { Ago } from "../../ui/Ago";
import { Confirm } from "../../ui/Confirm";
import { tellDone } from "../../ui/failures";
import list from "../../ui/List.module.css";
import { ago } from "../../ui/time";
import { useNow } from "../../ui/useNow";
import { useDeleteKey } from "./queries";

const words = t.settings.keys;

interface Props {
  keys: ApiKey[];
  withOwner: boolean;
}

/** Keys, a row each; a key's secret is never there. */
export function KeyTable({ keys, withOwner }: Props) {
  const [doomed, setDoomed] = useState<ApiKey | null>(null);
  const { columns } = words;
  return (
    <>
      <Table className={list.table} aria-label={words.title}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{columns.name}</Table.Th>
            <Table.Th visibleFrom="sm">{columns.prefix}</Table.Th>
            {withOwner && <Table.Th visibleFrom="sm">{columns.owner}</Table.Th>}
            <Table.Th visibleFrom="sm">{columns.created}</Table.Th>
            <Table.Th>{columns.lastUsed}</Table.Th>
            <Table.Th aria-label={columns.actions} />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {keys.map((key) => (
            <Table.Tr key={key.id}>
              <Table.Td>
                <Text size="sm" fw={600}>
                  {key.name}
                </Text>
                <Code hiddenFrom="sm">{key.prefix}…</Code>
              </Table.Td>
              <Table.Td visibleFrom="sm">
                <Code>{key.prefix}…</Code>
              </Table.Td>
              {withOwner && (
                <Table.Td visibleFrom="sm">
                  <Owner id={key.userId} />
                </Table.Td>
              )}
              <Table.Td visibleFrom="sm">
                <Ago at={key.createdAt} />
              </Table.Td>
              <Table.Td>{key.lastUsedAt ? <Ago at={key.lastUsedAt} /> : words.never}</Table.Td>
              <Table.Td w={1}>
                <ActionIcon
                  variant="subtle"
                  color="red"
                  aria-label={words.deleteOf(key.name)}
                  onClick={() => setDoomed(key)}
                >
                  <IconTrash size={16} aria-hidden />
                </ActionIcon>
              </Table.Td>
            </Table.Tr>
          ))}
        </Table.Tbody>
      </Table>
      {doomed && <DeleteKey apiKey={doomed} onClose={() => setDoomed(null)} />}
    </>
  );
}

function Owner({ id }: { id: string }) {
  const { data } = useQuery(membersQuery);
  return data?.items.find(({ userId }) => userId === id)?.name ?? id;
}

const STEP_MS = 60_000;

function DeleteKey({ apiKey, onClose }: { apiKey: ApiKey; onClose: () => void }) {
  const remove = useDeleteKey();
  const now = useNow(STEP_MS);
  const used = apiKey.lastUsedAt ? ago(apiKey.lastUsedAt, now) : words.never.toLowerCase();
  const confirm = async () => {
    await remove.mutateAsync(apiKey.id);
    tellDone(words.deleted(apiKey.name));
    onClose();
  };
  return (
    <Confirm
      opened
      title={words.deleteTitle(apiKey.name)}
      text={words.deleteText(used)}
      action={words.delete}
      busy={remove.isPending}
      onConfirm={() => void confirm().catch(onClose)}
      onClose={onClose}
    />
  );
}

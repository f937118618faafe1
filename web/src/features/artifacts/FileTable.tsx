import { ActionIcon, Menu, Table, Text, UnstyledButton } from "@mantine/core";
import { IconDots, IconDownload, IconTrash } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";
import { useState } from "react";

import { t } from "../../texts";
import { Ago } from "../../ui/Ago";
import { Confirm } from "../../ui/Confirm";
import list from "../../ui/List.module.css";
import { contentAddress } from "./download";
import classes from "./Files.module.css";
import { PreviewDialog } from "./PreviewDialog";
import { type Artifact, useDeleteFile } from "./queries";

interface Props {
  files: Artifact[];
  label: string;
  /** Inside a run, where every file is from this run. */
  inRun?: boolean;
}

/** Files with what can be done with them. */
export function FileTable({ files, label, inRun = false }: Props) {
  const [shown, show] = useState<Artifact | null>(null);
  const { columns } = t.files;
  return (
    <>
      <Table className={list.table} aria-label={label}>
        <Table.Thead>
          <Table.Tr>
            <Table.Th>{columns.name}</Table.Th>
            <Table.Th visibleFrom={inRun ? "xs" : "md"}>{columns.origin}</Table.Th>
            <Table.Th visibleFrom="sm">{columns.type}</Table.Th>
            <Table.Th className={list.number}>{columns.size}</Table.Th>
            <Table.Th visibleFrom="sm">{columns.created}</Table.Th>
            <Table.Th aria-hidden />
          </Table.Tr>
        </Table.Thead>
        <Table.Tbody>
          {files.map((file) => (
            <Row key={file.id} file={file} inRun={inRun} onOpen={() => show(file)} />
          ))}
        </Table.Tbody>
      </Table>
      <PreviewDialog file={shown} onClose={() => show(null)} />
    </>
  );
}

function Row({ file, inRun, onOpen }: { file: Artifact; inRun: boolean; onOpen: () => void }) {
  return (
    <Table.Tr className={list.row}>
      <Table.Td className={classes.nameCell}>
        <UnstyledButton className={list.link} aria-label={t.files.open(file.name)} onClick={onOpen}>
          <span className={classes.name}>{file.name}</span>
        </UnstyledButton>
      </Table.Td>
      <Table.Td visibleFrom={inRun ? "xs" : "md"}>
        <Origin file={file} inRun={inRun} />
      </Table.Td>
      <Table.Td visibleFrom="sm">
        <Text size="sm" c="dimmed">
          {file.contentType}
        </Text>
      </Table.Td>
      <Table.Td className={list.number}>{t.files.bytes(file.size)}</Table.Td>
      <Table.Td visibleFrom="sm">
        <Ago at={file.createdAt} />
      </Table.Td>
      <Table.Td>
        <Actions file={file} />
      </Table.Td>
    </Table.Tr>
  );
}

function Origin({ file, inRun }: { file: Artifact; inRun: boolean }) {
  if (inRun) return file.blockKey;
  if (file.executionId === null) return t.files.uploadedBy;
  return (
    <Link to="/runs/$executionId" params={{ executionId: file.executionId }} className={`${list.above} ${classes.run}`}>
      {t.files.block(file.blockKey ?? "")}
    </Link>
  );
}

function Actions({ file }: { file: Artifact }) {
  const [asked, ask] = useState(false);
  const remove = useDeleteFile();
  return (
    <>
      <Menu position="bottom-end">
        <Menu.Target>
          <ActionIcon variant="subtle" color="gray" className={list.above} aria-label={t.files.actions(file.name)}>
            <IconDots size={18} aria-hidden />
          </ActionIcon>
        </Menu.Target>
        <Menu.Dropdown>
          <Menu.Item
            component="a"
            href={contentAddress(file.id)}
            download={file.name}
            leftSection={<IconDownload size={16} aria-hidden />}
          >
            {t.files.download}
          </Menu.Item>
          <Menu.Item color="red" leftSection={<IconTrash size={16} aria-hidden />} onClick={() => ask(true)}>
            {t.actions.delete}
          </Menu.Item>
        </Menu.Dropdown>
      </Menu>
      <Confirm
        opened={asked}
        title={t.files.deleteTitle(file.name)}
        text={t.files.deleteText}
        action={t.actions.delete}
        busy={remove.isPending}
        onConfirm={() => remove.mutate(file.id, { onSettled: () => ask(false) })}
        onClose={() => ask(false)}
      />
    </>
  );
}

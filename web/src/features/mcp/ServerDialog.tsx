import { Button, Group, Modal, PasswordInput, SegmentedControl, Stack, Text, Textarea, TextInput } from "@mantine/core";
import { type FormEvent, useState } from "react";

import { t } from "../../texts";
import { Failure } from "../../ui/Failure";
import { tellDone } from "../../ui/failures";
import { readLines, readPairs } from "./lines";
import { type McpServer, type McpServerWish, useSaveMcpServer } from "./queries";

const words = t.mcp;

interface Props {
  project: string;
  /** The one to change; without it a new one is made. */
  server?: McpServer;
  onClose: () => void;
}

interface Draft {
  name: string;
  transport: "http" | "stdio";
  url: string;
  token: string;
  headers: string;
  command: string;
  args: string;
  env: string;
}

/** Registers an MCP server, or changes one. */
export function ServerDialog({ project, server, onClose }: Props) {
  const [draft, setDraft] = useState<Draft>(() => draftOf(server));
  const [wrong, setWrong] = useState<string | null>(null);
  const save = useSaveMcpServer(project, server?.id);
  const change = (part: Partial<Draft>) => setDraft((before) => ({ ...before, ...part }));
  const submit = (event: FormEvent) => {
    event.preventDefault();
    const read = wishOf(draft);
    setWrong(read.wrong);
    if (read.wrong !== null) return;
    save.mutate(read.wish, {
      onSuccess: (saved) => {
        tellDone(words.saved(saved.name));
        onClose();
      },
    });
  };
  const kept = server && server.secretNames.length > 0 ? words.keptOnes(server.secretNames.join(", ")) : words.kept;
  return (
    <Modal
      opened
      onClose={onClose}
      title={server ? words.changeTitle(server.name) : words.add}
      closeButtonProps={{ "aria-label": t.actions.close }}
    >
      <form onSubmit={submit}>
        <Stack gap="md">
          <Failure error={save.error} />
          <TextInput
            label={words.name}
            description={words.nameHint}
            required
            data-autofocus
            value={draft.name}
            onChange={(event) => change({ name: event.currentTarget.value })}
          />
          <SegmentedControl
            aria-label={words.transport}
            fullWidth
            value={draft.transport}
            onChange={(value) => change({ transport: value === "stdio" ? "stdio" : "http" })}
            data={[
              { value: "http", label: words.transports.http },
              { value: "stdio", label: words.transports.stdio },
            ]}
          />
          {draft.transport === "http" ? (
            <HttpFields draft={draft} change={change} kept={kept} wrong={wrong} />
          ) : (
            <StdioFields draft={draft} change={change} kept={kept} wrong={wrong} />
          )}
          <Group justify="flex-end" gap="sm">
            <Button variant="default" onClick={onClose}>
              {t.actions.cancel}
            </Button>
            <Button type="submit" loading={save.isPending}>
              {words.save}
            </Button>
          </Group>
        </Stack>
      </form>
    </Modal>
  );
}

interface FieldsProps {
  draft: Draft;
  change: (part: Partial<Draft>) => void;
  /** What becomes of the secrets. */
  kept: string;
  wrong: string | null;
}

function HttpFields({ draft, change, kept, wrong }: FieldsProps) {
  return (
    <>
      <TextInput
        label={words.url}
        description={words.urlHint}
        type="url"
        required
        value={draft.url}
        onChange={(event) => change({ url: event.currentTarget.value })}
      />
      <PasswordInput
        label={words.token}
        description={kept}
        autoComplete="off"
        value={draft.token}
        onChange={(event) => change({ token: event.currentTarget.value })}
      />
      <Textarea
        label={words.headers}
        description={`${words.headersHint} ${words.kept}`}
        autosize
        minRows={2}
        autoComplete="off"
        spellCheck={false}
        error={wrong}
        value={draft.headers}
        onChange={(event) => change({ headers: event.currentTarget.value })}
      />
    </>
  );
}

function StdioFields({ draft, change, kept, wrong }: FieldsProps) {
  return (
    <>
      <Text size="sm" c="dimmed">
        {words.stdioHint}
      </Text>
      <TextInput
        label={words.command}
        required
        spellCheck={false}
        value={draft.command}
        onChange={(event) => change({ command: event.currentTarget.value })}
      />
      <Textarea
        label={words.args}
        description={words.argsHint}
        autosize
        minRows={2}
        spellCheck={false}
        value={draft.args}
        onChange={(event) => change({ args: event.currentTarget.value })}
      />
      <Textarea
        label={words.env}
        description={`${words.envHint} ${kept}`}
        autosize
        minRows={2}
        autoComplete="off"
        spellCheck={false}
        error={wrong}
        value={draft.env}
        onChange={(event) => change({ env: event.currentTarget.value })}
      />
    </>
  );
}

function draftOf(server: McpServer | undefined): Draft {
  return {
    name: server?.name ?? "",
    transport: server?.transport ?? "http",
    url: server?.url ?? "",
    token: "",
    headers: "",
    command: server?.command ?? "",
    args: server?.args.join("\n") ?? "",
    env: "",
  };
}

function wishOf(draft: Draft): { wish: McpServerWish; wrong: string | null } {
  const { transport } = draft;
  const http = transport === "http";
  const { pairs, wrong } = http ? readPairs(draft.headers, ":") : readPairs(draft.env, "=");
  const secrets = Object.keys(pairs).length > 0 ? pairs : undefined;
  const name = draft.name.trim();
  const wish: McpServerWish = http
    ? { name, transport, args: [], url: draft.url.trim(), token: draft.token || undefined, headers: secrets }
    : { name, transport, command: draft.command.trim(), args: readLines(draft.args), env: secrets };
  return { wish, wrong: wrong === null ? null : words.badLine(wrong) };
}

import { Button, Group, Loader, Modal, Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { t } from "../../../texts";
import { TextDiff } from "../../../ui/TextDiff";
import { versionQuery, workflowQuery } from "../../workflows/queries";
import { useSave } from "../saving";
import { useEditor, useEditorStore } from "../store";
import { show } from "../ui";

/** Two people saved: shows both, and lets one choose. */
export function ConflictDialog() {
  const words = t.editor.conflict;
  const store = useEditorStore();
  const { workflowId, saved } = store.getState();
  const mine = useEditor((editor) => editor.text);
  const saving = useSave();
  const { data: known, isFetchedAfterMount } = useQuery({ ...workflowQuery(workflowId), staleTime: 0 });
  // What was known before is what turned out to be old.
  const workflow = isFetchedAfterMount ? known : undefined;
  const number = workflow?.latestVersion ?? saved.version;
  const { data: version } = useQuery({ ...versionQuery(workflowId, number), enabled: workflow !== undefined });
  const theirs = workflow && version;
  const close = () => show({ dialog: null });
  const takeTheirs = () => {
    if (!theirs || !workflow) return;
    store.getState().write(theirs.source);
    store.getState().wasSaved({ text: theirs.source, version: number }, workflow.publishedVersion);
    close();
  };
  const keepMine = () => saving.mutate({ over: true }, { onSuccess: close });
  return (
    <Modal opened size="xl" onClose={close} title={words.title} closeButtonProps={{ "aria-label": t.actions.close }}>
      <Stack gap="md">
        <Text size="sm">{words.text(number, saved.version)}</Text>
        {theirs ? <TextDiff before={theirs.source} after={mine} label={words.theirs} /> : <Loader size="sm" />}
        <Group justify="flex-end" gap="sm">
          <Button variant="default" onClick={close} data-autofocus>
            {words.look}
          </Button>
          <Button variant="default" onClick={takeTheirs} disabled={!theirs} title={words.takeTheirsHelp}>
            {words.takeTheirs}
          </Button>
          <Button onClick={keepMine} loading={saving.isPending}>
            {words.keepMine}
          </Button>
        </Group>
      </Stack>
    </Modal>
  );
}

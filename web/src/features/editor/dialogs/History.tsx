import { Badge, Button, Collapse, Drawer, Group, Loader, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { infiniteQueryOptions, useInfiniteQuery, useMutation, useQuery } from "@tanstack/react-query";

import { client, take } from "../../../api/client";
import { queryClient } from "../../../api/queries";
import type { Version } from "../../../api/types";
import { t } from "../../../texts";
import { Ago } from "../../../ui/Ago";
import { Failure } from "../../../ui/Failure";
import { tellDone, tellFailure } from "../../../ui/failures";
import { TextDiff } from "../../../ui/TextDiff";
import { versionQuery } from "../../workflows/queries";
import { useEditor, useEditorStore } from "../store";
import { show } from "../ui";
import classes from "./Dialogs.module.css";

function versionsQuery(workflowId: string) {
  return infiniteQueryOptions({
    queryKey: ["workflows", "versions", workflowId],
    queryFn: ({ pageParam }) =>
      take(
        client.GET("/api/v1/workflows/{workflow_id}/versions", {
          params: { path: { workflow_id: workflowId }, query: { cursor: pageParam, limit: 30 } },
        }),
      ),
    initialPageParam: undefined as string | undefined,
    getNextPageParam: (page) => page.nextCursor ?? undefined,
  });
}

/** All versions, newest first: who saved them and when, what each changed, and the way back to them. */
export function History() {
  const { workflowId } = useEditorStore().getState();
  const { data, error, hasNextPage, fetchNextPage, isFetching } = useInfiniteQuery(versionsQuery(workflowId));
  const versions = data?.pages.flatMap((page) => page.items) ?? [];
  return (
    <Drawer
      opened
      position="right"
      size="lg"
      onClose={() => show({ dialog: null })}
      title={t.editor.history.title}
      closeButtonProps={{ "aria-label": t.actions.close }}
    >
      <Failure error={error} />
      {!data && !error && <Loader size="sm" />}
      <Stack gap="sm" component="ol" className={classes.versions}>
        {versions.map((version) => (
          <VersionEntry key={version.number} version={version} latest={version === versions[0]} />
        ))}
      </Stack>
      {hasNextPage && (
        <Button variant="default" mt="md" loading={isFetching} onClick={() => void fetchNextPage()}>
          {t.actions.loadMore}
        </Button>
      )}
    </Drawer>
  );
}

function VersionEntry({ version, latest }: { version: Version; latest: boolean }) {
  const words = t.editor.history;
  const [opened, { toggle }] = useDisclosure();
  const published = useEditor((editor) => editor.published);
  const isPublished = version.number === published;
  return (
    <li className={classes.version}>
      <Group gap="sm">
        <Text fw={600} size="sm">
          {words.version(version.number)}
        </Text>
        {isPublished && <Badge className={classes.published}>{words.published}</Badge>}
        {latest && <Badge variant="default">{words.latest}</Badge>}
      </Group>
      <Text size="xs" c="dimmed">
        <Ago at={version.createdAt} /> {version.createdBy?.name && words.by(version.createdBy.name)}
      </Text>
      <VersionActions version={version} isPublished={isPublished} opened={opened} onToggle={toggle} />
      <Collapse expanded={opened}>{opened && <Changes number={version.number} />}</Collapse>
    </li>
  );
}

interface ActionProps {
  version: Version;
  isPublished: boolean;
  opened: boolean;
  onToggle: () => void;
}

function VersionActions({ version, isPublished, opened, onToggle }: ActionProps) {
  const words = t.editor.history;
  const store = useEditorStore();
  const { workflowId } = store.getState();
  const restore = useMutation({
    mutationFn: () => queryClient.ensureQueryData(versionQuery(workflowId, version.number)),
    onSuccess: ({ source }) => {
      store.getState().write(source);
      show({ dialog: null });
      tellDone(words.restored(version.number));
    },
    onError: tellFailure,
  });
  const publish = useMutation({
    mutationFn: () =>
      take(
        client.POST("/api/v1/workflows/{workflow_id}/versions/{number}/publish", {
          params: { path: { workflow_id: workflowId, number: version.number } },
        }),
      ),
    onSuccess: ({ publishedVersion }) => {
      store.getState().wasSaved(store.getState().saved, publishedVersion);
      tellDone(t.editor.publishedVersion(version.number));
      void queryClient.invalidateQueries({ queryKey: ["workflows"] });
    },
    onError: tellFailure,
  });
  return (
    <Group gap="xs" mt="xs">
      <Button
        size="compact-xs"
        variant="default"
        aria-expanded={opened}
        aria-label={words.changesOf(version.number)}
        onClick={onToggle}
      >
        {words.compare}
      </Button>
      <Button
        size="compact-xs"
        variant="default"
        aria-label={words.restoreOf(version.number)}
        loading={restore.isPending}
        onClick={() => restore.mutate()}
      >
        {words.restore}
      </Button>
      {!isPublished && (
        <Button
          size="compact-xs"
          variant="default"
          aria-label={words.publishOf(version.number)}
          loading={publish.isPending}
          onClick={() => publish.mutate()}
        >
          {words.publish}
        </Button>
      )}
    </Group>
  );
}

function Changes({ number }: { number: number }) {
  const words = t.editor.history;
  const { workflowId } = useEditorStore().getState();
  const now = useQuery(versionQuery(workflowId, number));
  const before = useQuery({ ...versionQuery(workflowId, number - 1), enabled: number > 1 });
  if (number === 1) {
    return (
      <Text size="sm" c="dimmed" mt="xs">
        {words.first}
      </Text>
    );
  }
  if (!now.data || !before.data) return <Loader size="xs" mt="xs" />;
  if (now.data.source === before.data.source) {
    return (
      <Text size="sm" c="dimmed" mt="xs">
        {words.same}
      </Text>
    );
  }
  return (
    <div className={classes.diff}>
      <TextDiff before={before.data.source} after={now.data.source} label={words.compareWith(number)} />
    </div>
  );
}

import { Button, Group, Stack, Text } from "@mantine/core";
import { IconFileZip } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";

import type { Execution } from "../../api/types";
import { t } from "../../texts";
import { Failure } from "../../ui/Failure";
import { PageLoading } from "../../ui/PageLoading";
import { zipAddress } from "./download";
import { FileTable } from "./FileTable";
import { runFilesQuery } from "./queries";

/** What the blocks of a run saved. */
export function RunFiles({ run }: { run: Execution }) {
  const query = useInfiniteQuery(runFilesQuery(run.id, run.completedBlocks));
  if (query.isPending) return <PageLoading />;
  if (query.isError) return <Failure error={query.error} />;
  const files = query.data.pages.flatMap((page) => page.items);
  if (files.length === 0) {
    return (
      <Text size="sm" c="dimmed">
        {t.files.noneInRun}
      </Text>
    );
  }
  return (
    <Stack gap="md">
      <FileTable files={files} label={t.files.title} inRun />
      <Group gap="sm">
        {query.hasNextPage && (
          <Button variant="default" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
            {t.actions.loadMore}
          </Button>
        )}
        <Button
          component="a"
          href={zipAddress(run.id)}
          download
          variant="default"
          leftSection={<IconFileZip size={16} aria-hidden />}
        >
          {t.files.downloadAll}
        </Button>
      </Group>
    </Stack>
  );
}

import { Button, FileButton, Group, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedValue } from "@mantine/hooks";
import { IconFiles, IconFilterOff, IconSearch, IconUpload } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";

import { useProject } from "../../api/project";
import { t } from "../../texts";
import { EmptyState } from "../../ui/EmptyState";
import { Failure } from "../../ui/Failure";
import { Page } from "../../ui/Page";
import { PageLoading } from "../../ui/PageLoading";
import { NoProject } from "../workflows/NoProject";
import { DropZone } from "./DropZone";
import { FileTable } from "./FileTable";
import { filesQuery, type Origin, useUpload } from "./queries";

const SEARCH_MS = 250;

/** The project's files: uploaded, and saved by its runs. */
export function FilesPage() {
  const project = useProject();
  if (project === null) {
    return (
      <Page title={t.files.title}>
        <NoProject />
      </Page>
    );
  }
  return <Files project={project.id} />;
}

function Files({ project }: { project: string }) {
  const { mutate, isPending } = useUpload(project);
  const upload = (files: File[]) => {
    if (files.length > 0) mutate(files);
  };
  return (
    <Page
      title={t.files.title}
      actions={
        <FileButton multiple onChange={upload} inputProps={{ "aria-label": t.files.upload }}>
          {(props) => (
            <Button {...props} loading={isPending} leftSection={<IconUpload size={16} aria-hidden />}>
              {t.files.upload}
            </Button>
          )}
        </FileButton>
      }
    >
      <DropZone onDrop={upload}>
        <List project={project} />
      </DropZone>
    </Page>
  );
}

function List({ project }: { project: string }) {
  const [name, search] = useState("");
  const [origin, choose] = useState<Origin>("all");
  const [wanted] = useDebouncedValue(name.trim(), SEARCH_MS);
  const query = useInfiniteQuery(filesQuery(project, wanted, origin));
  if (query.isPending) return <PageLoading />;
  if (query.isError) return <Failure error={query.error} />;
  const files = query.data.pages.flatMap((page) => page.items);
  const filtered = name !== "" || wanted !== "" || origin !== "all" || query.isPlaceholderData;
  if (files.length === 0 && !filtered) {
    return <EmptyState icon={IconFiles} title={t.files.emptyTitle} text={t.files.emptyText} />;
  }
  return (
    <>
      <Group gap="sm" mb="md">
        <TextInput
          type="search"
          aria-label={t.files.search}
          placeholder={t.files.search}
          leftSection={<IconSearch size={16} aria-hidden />}
          maxLength={200}
          value={name}
          onChange={(event) => search(event.currentTarget.value)}
        />
        <SegmentedControl
          aria-label={t.files.origin}
          value={origin}
          onChange={choose}
          data={[
            { value: "all" as const, label: t.files.origins.all },
            { value: "uploaded" as const, label: t.files.origins.uploaded },
            { value: "saved" as const, label: t.files.origins.saved },
          ]}
        />
      </Group>
      {files.length > 0 ? (
        <FileTable files={files} label={t.files.title} />
      ) : (
        <EmptyState icon={IconFilterOff} title={t.files.noneTitle} text={t.files.noneText} />
      )}
      {query.hasNextPage && (
        <Button variant="default" mt="md" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t.actions.loadMore}
        </Button>
      )}
    </>
  );
}

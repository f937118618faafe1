import { Button, Group, SegmentedControl, TextInput } from "@mantine/core";
import { useDebouncedCallback } from "@mantine/hooks";
import { IconArchive, IconSearch, IconZoomExclamation } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";
import { useState } from "react";

import { useProject } from "../../api/project";
import type { Project } from "../../api/types";
import { t } from "../../texts";
import { EmptyState } from "../../ui/EmptyState";
import { Failure } from "../../ui/Failure";
import { Page } from "../../ui/Page";
import { PageLoading } from "../../ui/PageLoading";
import { FirstWorkflow } from "./FirstWorkflow";
import { NewWorkflow } from "./NewWorkflow";
import { NoProject } from "./NoProject";
import { workflowsQuery } from "./queries";
import { WorkflowTable } from "./WorkflowTable";

/** The project's workflows. */
export function WorkflowsPage() {
  const project = useProject();
  if (project === null) {
    return (
      <Page title={t.workflows.title}>
        <NoProject />
      </Page>
    );
  }
  return (
    <Page title={t.workflows.title} actions={<NewWorkflow project={project.id} />}>
      <Workflows project={project} />
    </Page>
  );
}

function Workflows({ project }: { project: Project }) {
  const filters = useSearch({ from: "/shell/workflows" });
  const query = useInfiniteQuery(workflowsQuery({ project: project.id, ...filters }));
  if (query.isPending) return <PageLoading />;
  if (query.isError) return <Failure error={query.error} />;
  const items = query.data.pages.flatMap((page) => page.items);
  const filtered = filters.search !== undefined || filters.archived === true;
  if (items.length === 0 && !filtered && !query.isPlaceholderData) {
    return <FirstWorkflow project={project.id} />;
  }
  return (
    <>
      <Filters />
      {items.length > 0 ? <WorkflowTable workflows={items} /> : <Nothing />}
      {query.hasNextPage && (
        <Button variant="default" mt="md" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t.actions.loadMore}
        </Button>
      )}
    </>
  );
}

function Nothing() {
  const { search } = useSearch({ from: "/shell/workflows" });
  if (search === undefined) {
    return <EmptyState icon={IconArchive} title={t.workflows.noArchived} text={t.workflows.noArchivedHint} />;
  }
  return <EmptyState icon={IconZoomExclamation} title={t.workflows.nothingFound} text={t.workflows.nothingFoundHint} />;
}

const TYPING_MS = 250;

function Filters() {
  const { search, archived } = useSearch({ from: "/shell/workflows" });
  const navigate = useNavigate({ from: "/workflows" });
  const [typed, setTyped] = useState(search ?? "");
  const look = useDebouncedCallback((words: string) => {
    void navigate({ search: (now) => ({ ...now, search: words.trim() || undefined }), replace: true });
  }, TYPING_MS);
  return (
    <Group mb="md" gap="sm">
      <TextInput
        type="search"
        aria-label={t.workflows.searchLabel}
        placeholder={t.workflows.searchPlaceholder}
        leftSection={<IconSearch size={16} aria-hidden />}
        flex="1 1 14rem"
        value={typed}
        onChange={(event) => {
          setTyped(event.currentTarget.value);
          look(event.currentTarget.value);
        }}
      />
      <SegmentedControl
        aria-label={t.workflows.shown}
        value={archived ? "archived" : "active"}
        onChange={(value) =>
          void navigate({ search: (now) => ({ ...now, archived: value === "archived" ? true : undefined }) })
        }
        data={[
          { value: "active", label: t.workflows.active },
          { value: "archived", label: t.workflows.archived },
        ]}
      />
    </Group>
  );
}

import { Button, MultiSelect, Select, SimpleGrid } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";
import { useNavigate, useSearch } from "@tanstack/react-router";

import { client, take } from "../../api/client";
import type { Status } from "../../api/types";
import type { RunFilters } from "../../routes/search";
import { t } from "../../texts";

const MOST_CHOICES = 200;

/** Chooses which runs are shown. The choice is in the address, so that it can be kept and sent on. */
export function RunFilterBar({ project }: { project: string }) {
  const filters = useSearch({ from: "/shell/runs" });
  const navigate = useNavigate({ from: "/runs" });
  const set = (change: RunFilters) => void navigate({ search: (now) => ({ ...now, ...change }) });
  const words = t.runs.filters;
  const filtered = Object.values(filters).some((value) => value !== undefined);
  return (
    <SimpleGrid cols={{ base: 2, md: filtered ? 5 : 4 }} spacing="sm" mb="md" role="group" aria-label={words.title}>
      <WorkflowFilter project={project} value={filters.workflow} onChange={(workflow) => set({ workflow })} />
      <MultiSelect
        aria-label={words.status}
        placeholder={filters.status ? undefined : words.anyStatus}
        data={Object.entries(t.status).map(([value, label]) => ({ value, label }))}
        value={filters.status ?? []}
        onChange={(status) => set({ status: status.length > 0 ? (status as Status[]) : undefined })}
        clearable
      />
      <Select
        aria-label={words.trigger}
        placeholder={words.anyTrigger}
        data={Object.entries(t.trigger).map(([value, label]) => ({ value, label }))}
        value={filters.trigger ?? null}
        onChange={(trigger) => set({ trigger: trigger ?? undefined })}
        clearable
      />
      <Select
        aria-label={words.kind}
        placeholder={words.anyKind}
        data={[
          { value: "false", label: words.real },
          { value: "true", label: words.preview },
        ]}
        value={filters.preview === undefined ? null : String(filters.preview)}
        onChange={(kind) => set({ preview: kind === null ? undefined : kind === "true" })}
        clearable
      />
      {filtered && (
        <Button variant="subtle" onClick={() => void navigate({ search: {} })}>
          {words.clear}
        </Button>
      )}
    </SimpleGrid>
  );
}

interface WorkflowFilterProps {
  project: string;
  value: string | undefined;
  onChange: (workflow: string | undefined) => void;
}

function WorkflowFilter({ project, value, onChange }: WorkflowFilterProps) {
  const { data } = useQuery({
    queryKey: ["workflows", "choices", project],
    queryFn: () => take(client.GET("/api/v1/workflows", { params: { query: { project, limit: MOST_CHOICES } } })),
  });
  return (
    <Select
      aria-label={t.runs.filters.workflow}
      placeholder={t.runs.filters.anyWorkflow}
      data={data?.items.map(({ id, name }) => ({ value: id, label: name })) ?? []}
      value={value ?? null}
      onChange={(workflow) => onChange(workflow ?? undefined)}
      searchable
      clearable
    />
  );
}

import { Button, Group, SegmentedControl, Table, Text } from "@mantine/core";
import { IconInbox } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { Link, useNavigate, useSearch } from "@tanstack/react-router";

import { useProject } from "../../api/project";
import type { Review } from "../../api/types";
import { t } from "../../texts";
import { Ago } from "../../ui/Ago";
import { EmptyState } from "../../ui/EmptyState";
import { Failure } from "../../ui/Failure";
import { ButtonLink } from "../../ui/links";
import list from "../../ui/List.module.css";
import { Page } from "../../ui/Page";
import { PageLoading } from "../../ui/PageLoading";
import { NoProject } from "../workflows/NoProject";
import { decisionWords } from "./Decided";
import { reviewsQuery } from "./queries";

/** The inbox of reviews. */
export function ReviewsPage() {
  const project = useProject();
  return (
    <Page title={t.reviews.title} actions={project && <Shown />}>
      {project === null ? <NoProject /> : <Reviews project={project.id} />}
    </Page>
  );
}

function Shown() {
  const { all } = useSearch({ from: "/shell/reviews" });
  const navigate = useNavigate({ from: "/reviews" });
  return (
    <SegmentedControl
      aria-label={t.reviews.shown}
      value={all ? "all" : "open"}
      onChange={(value) => void navigate({ search: (now) => ({ ...now, all: value === "all" ? true : undefined }) })}
      data={[
        { value: "open", label: t.reviews.open },
        { value: "all", label: t.reviews.all },
      ]}
    />
  );
}

function Reviews({ project }: { project: string }) {
  const filters = useSearch({ from: "/shell/reviews" });
  const query = useInfiniteQuery(reviewsQuery({ project, ...filters }));
  if (query.isPending) return <PageLoading />;
  if (query.isError) return <Failure error={query.error} />;
  const reviews = query.data.pages.flatMap((page) => page.items);
  return (
    <>
      {filters.execution !== undefined && (
        <Group gap="sm" mb="md">
          <Text size="sm">{t.reviews.ofRun}</Text>
          <ButtonLink to="/reviews" search={{ all: filters.all }} size="compact-sm" variant="subtle">
            {t.reviews.ofAll}
          </ButtonLink>
        </Group>
      )}
      {reviews.length > 0 ? <ReviewTable reviews={reviews} /> : <Empty all={filters.all === true} />}
      {query.hasNextPage && (
        <Button variant="default" mt="md" loading={query.isFetchingNextPage} onClick={() => void query.fetchNextPage()}>
          {t.actions.loadMore}
        </Button>
      )}
    </>
  );
}

function Empty({ all }: { all: boolean }) {
  const words = t.reviews;
  return (
    <EmptyState
      icon={IconInbox}
      title={all ? words.noneTitle : words.emptyTitle}
      text={all ? words.noneText : words.emptyText}
    />
  );
}

function ReviewTable({ reviews }: { reviews: Review[] }) {
  const { columns } = t.reviews;
  return (
    <Table className={list.table} aria-label={t.reviews.title}>
      <Table.Thead>
        <Table.Tr>
          <Table.Th>{columns.what}</Table.Th>
          <Table.Th>{columns.asked}</Table.Th>
          <Table.Th visibleFrom="sm">{columns.deadline}</Table.Th>
          <Table.Th visibleFrom="xs">{columns.state}</Table.Th>
        </Table.Tr>
      </Table.Thead>
      <Table.Tbody>
        {reviews.map((review) => (
          <Table.Tr key={review.id} className={list.row}>
            <Table.Td>
              <Link to="/reviews/$reviewId" params={{ reviewId: review.id }} className={list.link}>
                {review.workflowName}: {review.kind === "cost" ? t.reviews.cost.title : review.blockKey}
              </Link>
              {review.message && (
                <Text size="sm" c="dimmed" lineClamp={2}>
                  {review.message}
                </Text>
              )}
            </Table.Td>
            <Table.Td>
              <Ago at={review.createdAt} />
            </Table.Td>
            <Table.Td visibleFrom="sm">{review.deadlineAt && <Ago at={review.deadlineAt} />}</Table.Td>
            <Table.Td visibleFrom="xs">{decisionWords(review)}</Table.Td>
          </Table.Tr>
        ))}
      </Table.Tbody>
    </Table>
  );
}

import { Group, Stack, Text } from "@mantine/core";
import { useQuery, useSuspenseQuery } from "@tanstack/react-query";
import { useParams } from "@tanstack/react-router";

import type { Review } from "../../api/types";
import { t } from "../../texts";
import { Ago } from "../../ui/Ago";
import { ButtonLink } from "../../ui/links";
import { Page } from "../../ui/Page";
import { Decided } from "./Decided";
import { Decision } from "./Decision";
import { openReviewsQuery, reviewQuery } from "./queries";
import classes from "./Reviews.module.css";

/** One review: the question, the output to judge, and the decision. Opening it decides nothing. */
export function ReviewPage() {
  const { reviewId } = useParams({ from: "/shell/reviews/$reviewId" });
  const { data: review } = useSuspenseQuery(reviewQuery(reviewId));
  return (
    <Page
      title={review.kind === "cost" ? t.reviews.cost.title : t.reviews.one.title(review.blockKey)}
      actions={
        <ButtonLink to="/runs/$executionId" params={{ executionId: review.executionId }} variant="default">
          {t.reviews.one.run}
        </ButtonLink>
      }
    >
      <Stack gap="lg" maw="48rem">
        <Question review={review} />
        {review.decision === null ? <Decision key={review.id} review={review} /> : <Decided review={review} />}
        {review.decision !== null && <Onward review={review} />}
      </Stack>
    </Page>
  );
}

function Question({ review }: { review: Review }) {
  const words = t.reviews.one;
  return (
    <div>
      <Group gap="md">
        <Text size="sm" fw={600}>
          {review.workflowName}
        </Text>
        {review.round > 0 && (
          <Text size="sm" c="dimmed">
            {words.round(review.round + 1)}
          </Text>
        )}
        <Text size="sm" c="dimmed">
          {words.asked} <Ago at={review.createdAt} />
        </Text>
        {review.deadlineAt !== null && review.decision === null && (
          <Text size="sm" c="dimmed">
            {words.deadline} <Ago at={review.deadlineAt} />
            {review.defaultDecision && `, ${words.byDefault(t.reviews.defaults[review.defaultDecision] ?? "")}`}
          </Text>
        )}
      </Group>
      {review.message && (
        <Text mt="sm" className={classes.message}>
          {review.message}
        </Text>
      )}
    </div>
  );
}

function Onward({ review }: { review: Review }) {
  const { data } = useQuery(openReviewsQuery(review.projectId));
  const next = data?.items.find(({ id }) => id !== review.id);
  return (
    <Group gap="sm">
      {next && (
        <ButtonLink to="/reviews/$reviewId" params={{ reviewId: next.id }}>
          {t.reviews.one.next}
        </ButtonLink>
      )}
      <ButtonLink to="/reviews" search={{}} variant="default">
        {t.reviews.one.inbox}
      </ButtonLink>
    </Group>
  );
}

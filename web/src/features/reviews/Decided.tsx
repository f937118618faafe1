import { Stack, Text, Title } from "@mantine/core";
import { IconGavel } from "@tabler/icons-react";

import type { Review } from "../../api/types";
import { t } from "../../texts";
import { Ago } from "../../ui/Ago";
import { Notice } from "../../ui/Notice";
import { OutputView } from "../../ui/OutputView";
import { TextDiff } from "../../ui/TextDiff";

/** What was decided, by whom and when. */
export function Decided({ review }: { review: Review }) {
  const words = t.reviews.one;
  const name = review.decidedByName ?? t.reviews.byDeadline;
  return (
    <Stack gap="md">
      <Notice
        tone={review.decision === "approve" || review.decision === "cheaper_model" ? "completed" : "pending"}
        icon={IconGavel}
        title={decisionWords(review)}
      >
        <Ago at={review.decidedAt} />
        {review.comment && (
          <Text size="sm" mt="xs">
            {review.comment}
          </Text>
        )}
      </Notice>
      {review.proposedOutput !== null && (
        <section>
          <Title order={2} size="sm" mb="xs">
            {review.editedOutput === null ? words.output : words.changesOf(name)}
          </Title>
          {review.editedOutput === null ? (
            <OutputView text={review.proposedOutput} label={words.output} />
          ) : (
            <TextDiff before={review.proposedOutput} after={review.editedOutput} label={words.changesOf(name)} />
          )}
        </section>
      )}
    </Stack>
  );
}

/** A decision in words, with who took it. */
export function decisionWords({ kind, decision, decidedByName }: Review): string {
  if (decision === null) return t.reviews.waiting;
  const words = kind === "cost" ? t.reviews.cost.decisions : t.reviews.decisions;
  const what = words[decision] ?? decision;
  if (decision === "cancelled") return what;
  return `${what} ${decidedByName === null ? t.reviews.byDeadline : t.reviews.decidedBy(decidedByName)}`;
}

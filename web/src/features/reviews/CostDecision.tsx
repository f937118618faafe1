import { Button, Group, Stack, Text, Textarea } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconCoins, IconPlayerPlay, IconPlayerStop } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useState } from "react";

import type { Review } from "../../api/types";
import { t } from "../../texts";
import { Confirm } from "../../ui/Confirm";
import { Failure } from "../../ui/Failure";
import { tellDone } from "../../ui/failures";
import { runQuery } from "../runs/queries";
import { useDecide, type Verdict } from "./queries";

/** Whether a run may spend more than its ceiling: what it has spent, and the ways to decide. */
export function CostDecision({ review }: { review: Review }) {
  const words = t.reviews.cost;
  const [comment, setComment] = useState("");
  const decide = useDecide(review.id);
  const { data: run } = useQuery(runQuery(review.executionId));
  const give = (decision: Verdict["decision"]) =>
    decide.mutate(
      { decision, comment: comment.trim() || undefined },
      { onSuccess: () => tellDone(t.reviews.one.decided) },
    );
  return (
    <Stack gap="md">
      {run && (
        <Text size="sm">
          {words.spent} <b>{t.runs.cost(run.cost)}</b>
        </Text>
      )}
      <Textarea
        label={t.reviews.one.comment}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={20_000}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      <Failure error={decide.error} />
      <Verdicts cheaper={review.cheaperModel} busy={decide.isPending} onDecide={give} />
    </Stack>
  );
}

interface VerdictsProps {
  /** The model to go on with instead; null: the workflow names none. */
  cheaper: string | null;
  busy: boolean;
  onDecide: (decision: Verdict["decision"]) => void;
}

function Verdicts({ cheaper, busy, onDecide }: VerdictsProps) {
  const words = t.reviews.cost;
  const [stopping, askStop] = useDisclosure();
  return (
    <Group gap="sm">
      <Button leftSection={<IconPlayerPlay size={16} aria-hidden />} loading={busy} onClick={() => onDecide("approve")}>
        {words.goOn}
      </Button>
      {cheaper !== null && (
        <Button
          variant="default"
          leftSection={<IconCoins size={16} aria-hidden />}
          loading={busy}
          onClick={() => onDecide("cheaper_model")}
        >
          {words.goOnWith(cheaper)}
        </Button>
      )}
      <Button
        variant="outline"
        color="red"
        leftSection={<IconPlayerStop size={16} aria-hidden />}
        disabled={busy}
        onClick={askStop.open}
      >
        {words.stop}
      </Button>
      <Confirm
        opened={stopping}
        title={words.stopTitle}
        text={words.stopText}
        action={words.stop}
        onClose={askStop.close}
        onConfirm={() => {
          askStop.close();
          onDecide("reject");
        }}
      />
    </Group>
  );
}

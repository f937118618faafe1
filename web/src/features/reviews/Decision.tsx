import { Button, Group, Stack, Text, Textarea, Title, Tooltip } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconArrowBackUp, IconCheck, IconPencil, IconX } from "@tabler/icons-react";
import { useState } from "react";

import type { Review } from "../../api/types";
import { t } from "../../texts";
import { Confirm } from "../../ui/Confirm";
import { Failure } from "../../ui/Failure";
import { tellDone } from "../../ui/failures";
import { OutputView } from "../../ui/OutputView";
import { TextDiff } from "../../ui/TextDiff";
import { CostDecision } from "./CostDecision";
import { useDecide, type Verdict } from "./queries";

/** What is to be decided and the ways to decide; nothing is decided before a button is pressed. */
export function Decision({ review }: { review: Review }) {
  return review.kind === "cost" ? <CostDecision review={review} /> : <OutputDecision review={review} />;
}

function OutputDecision({ review }: { review: Review }) {
  const words = t.reviews.one;
  const proposed = review.proposedOutput;
  // Null: the output is not being edited.
  const [edited, setEdited] = useState<string | null>(null);
  const [comment, setComment] = useState("");
  const decide = useDecide(review.id);
  const give = (verdict: Verdict) =>
    decide.mutate({ comment: comment.trim() || undefined, ...verdict }, { onSuccess: () => tellDone(words.decided) });
  return (
    <Stack gap="md">
      {proposed === null ? (
        <Text size="sm" c="dimmed">
          {words.noOutput}
        </Text>
      ) : (
        <Proposed proposed={proposed} edited={edited} onEdit={setEdited} />
      )}
      <Textarea
        label={words.comment}
        description={proposed === null ? undefined : words.commentHint}
        autosize
        minRows={2}
        maxRows={10}
        maxLength={20_000}
        value={comment}
        onChange={(event) => setComment(event.currentTarget.value)}
      />
      <Failure error={decide.error} />
      <Verdicts
        changed={edited !== null && edited !== proposed}
        canSendBack={proposed !== null}
        commented={comment.trim() !== ""}
        busy={decide.isPending}
        onApprove={() =>
          give({ decision: "approve", editedOutput: edited !== null && edited !== proposed ? edited : undefined })
        }
        onSendBack={() => give({ decision: "send_back" })}
        onReject={() => give({ decision: "reject" })}
      />
    </Stack>
  );
}

interface ProposedProps {
  proposed: string;
  edited: string | null;
  onEdit: (text: string | null) => void;
}

function Proposed({ proposed, edited, onEdit }: ProposedProps) {
  const words = t.reviews.one;
  const heading = (
    <Title order={3} size="sm">
      {words.output}
    </Title>
  );
  if (edited === null) {
    const edit = (
      <Button
        size="xs"
        variant="default"
        leftSection={<IconPencil size={14} aria-hidden />}
        onClick={() => onEdit(proposed)}
      >
        {words.edit}
      </Button>
    );
    return <OutputView text={proposed} label={words.output} heading={heading} actions={edit} />;
  }
  return (
    <section>
      <Group justify="space-between" mb="xs">
        {heading}
        <Button size="xs" variant="subtle" onClick={() => onEdit(null)}>
          {words.stopEditing}
        </Button>
      </Group>
      <Editing proposed={proposed} edited={edited} onEdit={onEdit} />
    </section>
  );
}

function Editing({ proposed, edited, onEdit }: ProposedProps & { edited: string }) {
  const words = t.reviews.one;
  return (
    <Stack gap="sm">
      <Textarea
        label={words.edited}
        autosize
        autoFocus
        minRows={6}
        maxRows={20}
        styles={{
          input: { fontFamily: "var(--mantine-font-family-monospace)", fontSize: "var(--mantine-font-size-xs)" },
        }}
        value={edited}
        onChange={(event) => onEdit(event.currentTarget.value)}
      />
      <div>
        <Text size="sm" fw={500} mb="xs">
          {words.changes}
        </Text>
        {edited === proposed ? (
          <Text size="sm" c="dimmed">
            {words.noChanges}
          </Text>
        ) : (
          <TextDiff before={proposed} after={edited} label={words.changes} />
        )}
      </div>
    </Stack>
  );
}

interface VerdictsProps {
  /** The output was edited, and approving takes the edit. */
  changed: boolean;
  canSendBack: boolean;
  commented: boolean;
  busy: boolean;
  onApprove: () => void;
  onSendBack: () => void;
  onReject: () => void;
}

function Verdicts({ changed, canSendBack, commented, busy, onApprove, onSendBack, onReject }: VerdictsProps) {
  const words = t.reviews.one;
  const [rejecting, askReject] = useDisclosure();
  return (
    <Group gap="sm">
      <Button leftSection={<IconCheck size={16} aria-hidden />} loading={busy} onClick={onApprove}>
        {changed ? words.approveEdited : words.approve}
      </Button>
      {canSendBack && (
        <Tooltip label={words.sendBackNeeds} disabled={commented}>
          <Button
            variant="default"
            leftSection={<IconArrowBackUp size={16} aria-hidden />}
            // Still to be reached by keyboard, so that its hint can be read.
            data-disabled={!commented || undefined}
            aria-disabled={!commented}
            loading={busy}
            onClick={commented ? onSendBack : undefined}
          >
            {words.sendBack}
          </Button>
        </Tooltip>
      )}
      <Button
        variant="outline"
        color="red"
        leftSection={<IconX size={16} aria-hidden />}
        disabled={busy}
        onClick={askReject.open}
      >
        {words.reject}
      </Button>
      <Confirm
        opened={rejecting}
        title={words.rejectTitle}
        text={words.rejectText}
        action={words.reject}
        onClose={askReject.close}
        onConfirm={() => {
          askReject.close();
          onReject();
        }}
      />
    </Group>
  );
}

import { Badge, Group, Paper, Stack, Text } from "@mantine/core";

import type { Execution } from "../../api/types";
import { t } from "../../texts";
import { CodeBlock } from "../../ui/CodeBlock";
import { elapsed } from "../../ui/time";
import { type Call, readStep, type Step, totalsOf } from "./steps";
import classes from "./Trace.module.css";

type Request = Execution["requests"][number];
const words = t.agents;

/** What an agent did, step by step: what the models answered and the tools gave, with the tokens, cost and time. */
export function Trace({ requests }: { requests: Request[] }) {
  const totals = totalsOf(requests);
  return (
    <Stack gap="sm">
      {requests.length > 1 && (
        <Text size="sm" c="dimmed">
          {[
            words.requests(totals.requests),
            totals.calls > 0 && words.toolCalls(totals.calls),
            words.tokens(totals.input, totals.output),
            totals.cost !== null && t.runs.cost(totals.cost),
          ]
            .filter(Boolean)
            .join(" · ")}
        </Text>
      )}
      <ol className={classes.steps}>
        {requests.map((request) => (
          <li key={`${request.round}:${request.attempt}:${request.name}`}>
            <StepCard request={request} />
          </li>
        ))}
      </ol>
    </Stack>
  );
}

function StepCard({ request }: { request: Request }) {
  const step = readStep(request);
  return (
    <Paper withBorder p="sm">
      <Group gap="sm" mb="xs">
        <Badge variant="default">{words.kinds[step.kind] ?? step.kind}</Badge>
        <Text size="sm" fw={600} className={classes.title}>
          {step.title}
        </Text>
        {facts(request).map((fact) => (
          <Text key={fact} size="xs" c="dimmed">
            {fact}
          </Text>
        ))}
      </Group>
      <StepBody step={step} />
    </Paper>
  );
}

function StepBody({ step }: { step: Step }) {
  if (step.kind === "tools") {
    return (
      <Text size="sm" className={classes.names}>
        {step.offered.join(", ")}
      </Text>
    );
  }
  return (
    <Stack gap="xs">
      {step.arguments !== null && <Part label={words.arguments} text={step.arguments} />}
      {step.text !== "" && <Part label={step.kind === "tool" ? words.result : words.answer} text={step.text} />}
      {step.calls.map((call, place) => (
        <Called key={`${place}:${call.tool}`} call={call} />
      ))}
    </Stack>
  );
}

function Called({ call }: { call: Call }) {
  return (
    <Text size="xs" ff="monospace" className={classes.names}>
      {words.wants(call.tool)} {call.arguments}
    </Text>
  );
}

function Part({ label, text }: { label: string; text: string }) {
  return (
    <div>
      <Text size="xs" c="dimmed" mb="xs">
        {label}
      </Text>
      <CodeBlock text={text} label={label} wrap />
    </div>
  );
}

function facts(request: Request): string[] {
  const { inputTokens, outputTokens, cost, model } = request;
  const tokens = inputTokens !== null && outputTokens !== null ? words.tokens(inputTokens, outputTokens) : null;
  const price = cost === null ? words.priceUnknown : t.runs.cost(cost);
  return [tokens, model !== null ? price : null, elapsed(request.startedAt, request.finishedAt, 0)].filter(
    (fact) => fact !== null,
  );
}

import { Group, Stack, Text } from "@mantine/core";

import type { Execution } from "../../api/types";
import { t } from "../../texts";
import { CodeBlock } from "../../ui/CodeBlock";
import { elapsed } from "../../ui/time";

type Request = Execution["requests"][number];

/** The model requests and tool calls of a block, with what each took and cost. */
export function BlockRequests({ requests }: { requests: Request[] }) {
  return (
    <Stack gap="sm">
      {requests.map((request) => (
        <div key={`${request.round}:${request.attempt}:${request.name}`}>
          <Group gap="md" mb="xs">
            {facts(request).map((fact) => (
              <Text key={fact} size="xs" c="dimmed">
                {fact}
              </Text>
            ))}
          </Group>
          <CodeBlock text={JSON.stringify(request.detail, null, 2)} label={t.runs.block.detail} wrap />
        </div>
      ))}
    </Stack>
  );
}

function facts(request: Request): string[] {
  const words = t.runs.block;
  const { inputTokens, outputTokens, cost } = request;
  const tokens = inputTokens !== null && outputTokens !== null ? words.tokens(inputTokens, outputTokens) : null;
  const price = cost === null ? words.priceUnknown : t.runs.cost(cost);
  return [
    words.requestKinds[request.kind] ?? request.kind,
    request.model,
    tokens,
    request.kind === "model" ? price : null,
    elapsed(request.startedAt, request.finishedAt, 0),
  ].filter((fact) => fact !== null);
}

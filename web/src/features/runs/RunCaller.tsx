import { Stack, Text, Title } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { membersQuery } from "../../api/queries";
import type { Execution } from "../../api/types";
import { t } from "../../texts";
import { CodeBlock } from "../../ui/CodeBlock";
import { runAsCurl } from "./curl";
import { Fact } from "./RunFacts";
import classes from "./RunFacts.module.css";

/** What a run was started with and by whom, and how to start it so again. */
export function Caller({ run }: { run: Execution }) {
  const empty = Object.keys(run.triggerPayload).length === 0;
  return (
    <Stack gap="lg">
      <section>
        <Title order={2} mb="sm">
          {t.runs.one.payload}
        </Title>
        {empty ? (
          <Text size="sm" c="dimmed">
            {t.runs.one.payloadNone}
          </Text>
        ) : (
          <CodeBlock text={JSON.stringify(run.triggerPayload, null, 2)} label={t.runs.one.payload} wrap />
        )}
      </section>
      <section>
        <Title order={2} mb="sm">
          {t.runs.one.caller}
        </Title>
        <CallerFacts metadata={run.triggerMetadata} />
      </section>
      <section>
        <Title order={2} mb="sm">
          {t.runs.one.request}
        </Title>
        <CodeBlock text={runAsCurl(window.location.origin, run)} label={t.runs.one.request} wrap />
      </section>
    </Stack>
  );
}

function CallerFacts({ metadata }: { metadata: Readonly<Record<string, unknown>> }) {
  const words = t.runs.one.callerFacts;
  const { userId, apiKeyId, ip, userAgent } = metadata;
  return (
    <dl className={classes.facts}>
      {typeof userId === "string" && (
        <Fact name={words.person}>
          <Person id={userId} />
        </Fact>
      )}
      {typeof apiKeyId === "string" && <Fact name={words.key}>{apiKeyId}</Fact>}
      {typeof ip === "string" && <Fact name={words.address}>{ip}</Fact>}
      {typeof userAgent === "string" && <Fact name={words.program}>{userAgent}</Fact>}
    </dl>
  );
}

function Person({ id }: { id: string }) {
  const { data } = useQuery(membersQuery);
  return data?.items.find(({ userId }) => userId === id)?.name ?? id;
}

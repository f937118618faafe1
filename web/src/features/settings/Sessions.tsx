import { Badge, Button, Group, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { useSuspenseQuery } from "@tanstack/react-query";

import type { Session } from "../../api/types";
import { t } from "../../texts";
import { Ago } from "../../ui/Ago";
import { Confirm } from "../../ui/Confirm";
import { useSignOutEverywhere } from "../account/session";
import { browserName } from "./browser";
import { sessionsQuery, useEndSession } from "./queries";

const words = t.settings.account;

/** The browsers one is signed in with, and ways to end them. */
export function Sessions() {
  const { data: sessions } = useSuspenseQuery(sessionsQuery);
  const [asking, ask] = useDisclosure();
  const everywhere = useSignOutEverywhere();
  return (
    <Stack gap="md">
      {sessions.map((session) => (
        <Line key={session.id} session={session} />
      ))}
      <Button variant="outline" color="red" w="fit-content" onClick={ask.open}>
        {words.everywhere}
      </Button>
      <Confirm
        opened={asking}
        title={words.everywhereTitle}
        text={words.everywhereText}
        action={words.everywhere}
        busy={everywhere.isPending}
        onConfirm={() => everywhere.mutate()}
        onClose={ask.close}
      />
    </Stack>
  );
}

function Line({ session }: { session: Session }) {
  const end = useEndSession();
  const browser = browserName(session.userAgent) ?? words.unknownBrowser;
  return (
    <Group justify="space-between" gap="sm" wrap="nowrap">
      <div>
        <Group gap="sm">
          <Text size="sm" fw={600} title={session.userAgent ?? undefined}>
            {browser}
          </Text>
          {session.current && (
            <Badge size="sm" variant="default">
              {words.current}
            </Badge>
          )}
        </Group>
        <Text size="xs" c="dimmed">
          {words.lastSeen} <Ago at={session.lastSeenAt} />
        </Text>
      </div>
      {!session.current && (
        <Button
          size="xs"
          variant="default"
          aria-label={words.endOf(browser)}
          loading={end.isPending}
          onClick={() => end.mutate(session.id)}
        >
          {words.end}
        </Button>
      )}
    </Group>
  );
}

import { Button, Group, SegmentedControl, Stack, Text } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { IconKey } from "@tabler/icons-react";
import { useInfiniteQuery } from "@tanstack/react-query";
import { useState } from "react";

import { t } from "../../texts";
import { EmptyState } from "../../ui/EmptyState";
import { Failure } from "../../ui/Failure";
import { PageLoading } from "../../ui/PageLoading";
import { KeyTable } from "./KeyTable";
import { NewKeyDialog } from "./NewKeyDialog";
import { type KeysOf, keysQuery, useIsAdmin } from "./queries";

const words = t.settings.keys;

/** API keys: one's own, and for admins the organization's. */
export function KeysPage() {
  const [of, setOf] = useState<KeysOf>("me");
  const [making, make] = useDisclosure();
  const admin = useIsAdmin();
  return (
    <Stack gap="md">
      <Group justify="space-between" gap="md">
        <Text size="sm" c="dimmed" maw="36rem">
          {words.text}
        </Text>
        <Button onClick={make.open}>{words.create}</Button>
      </Group>
      {admin && (
        <SegmentedControl
          w="fit-content"
          aria-label={words.shown}
          value={of}
          onChange={setOf}
          data={[
            { value: "me", label: words.mine },
            { value: "organization", label: words.organization },
          ]}
        />
      )}
      <Keys of={of} />
      {making && <NewKeyDialog onClose={make.close} />}
    </Stack>
  );
}

function Keys({ of }: { of: KeysOf }) {
  const query = useInfiniteQuery(keysQuery(of));
  if (query.isPending) return <PageLoading />;
  if (query.isError) return <Failure error={query.error} />;
  const keys = query.data.pages.flatMap((page) => page.items);
  if (keys.length === 0) return <EmptyState icon={IconKey} title={words.emptyTitle} text={words.emptyText} />;
  return (
    <>
      <KeyTable keys={keys} withOwner={of === "organization"} />
      {query.hasNextPage && (
        <Button variant="default" w="fit-content" onClick={() => void query.fetchNextPage()}>
          {t.actions.loadMore}
        </Button>
      )}
    </>
  );
}

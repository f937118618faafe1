import { Paper, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { t } from "../../texts";
import { storageQuery } from "./queries";

/** What the organization's files take. */
export function Storage() {
  const { data } = useQuery(storageQuery);
  return (
    <Paper withBorder p="md" maw="40rem">
      <Text fw={600}>{data ? t.files.storageUsed(t.files.bytes(data.bytes), data.files) : "…"}</Text>
      <Text size="sm" c="dimmed">
        {t.files.storageText}
      </Text>
    </Paper>
  );
}

import { Stack, Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import type { BlockRun, Execution } from "../../api/types";
import { t } from "../../texts";
import { CodeBlock } from "../../ui/CodeBlock";
import { callbackQuery } from "./queries";

/** Where the callback of a block that waits for one is sent to. */
export function CallbackAddress({ run, block }: { run: Execution; block: BlockRun }) {
  const words = t.runs.block;
  const { data } = useQuery(callbackQuery(run.id, block.key));
  return (
    data && (
      <Stack gap="xs">
        <CodeBlock text={data.address} label={words.callbackAddress} wrap />
        <Text size="sm" c="dimmed">
          {words.callbackHelp}
        </Text>
      </Stack>
    )
  );
}

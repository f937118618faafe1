import { Text } from "@mantine/core";
import { useQuery } from "@tanstack/react-query";

import { estimateOf } from "./estimating";
import { estimateQuery } from "./queries";

/** What a run of the workflow usually costs and takes; nothing when it never ran to its end. */
export function Estimate({ workflowId }: { workflowId: string }) {
  const { data } = useQuery(estimateQuery(workflowId));
  const words = data && estimateOf(data);
  if (!words) return null;
  return (
    <Text size="sm" c="dimmed">
      {words}
    </Text>
  );
}

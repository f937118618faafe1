import {
  type Icon,
  IconCheck,
  IconClock,
  IconEyeQuestion,
  IconLoader2,
  IconMinus,
  IconPlayerSkipForward,
  IconX,
} from "@tabler/icons-react";

import type { Status } from "../api/types";

/** A status is told by its sign and its word; its colour only helps. */
export const statusIcons: Record<Status, Icon> = {
  pending: IconClock,
  running: IconLoader2,
  completed: IconCheck,
  failed: IconX,
  cancelled: IconMinus,
  skipped: IconPlayerSkipForward,
  review_pending: IconEyeQuestion,
};

/** Statuses that can still change; all others are final. */
export const LIVE: readonly Status[] = ["pending", "running", "review_pending"];

/** Whether something with this status can still change. */
export function isLive(status: Status): boolean {
  return LIVE.includes(status);
}

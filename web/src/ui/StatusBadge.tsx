import type { Status } from "../api/types";
import { t } from "../texts";
import { statusIcons } from "./status";
import classes from "./StatusBadge.module.css";

/** The status of a run or a block: sign and word on a tinted ground. */
export function StatusBadge({ status }: { status: Status }) {
  const Icon = statusIcons[status];
  return (
    <span className={classes.badge} data-status={status}>
      <Icon size={14} aria-hidden className={classes.icon} />
      {t.status[status]}
    </span>
  );
}

/** The sign alone, for tight places; its word is there for screen readers. */
export function StatusDot({ status }: { status: Status }) {
  const Icon = statusIcons[status];
  return (
    <span className={classes.dot} data-status={status} role="img" aria-label={t.status[status]}>
      <Icon size={14} aria-hidden className={classes.icon} />
    </span>
  );
}

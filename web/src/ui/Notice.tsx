import type { Icon } from "@tabler/icons-react";
import type { ReactNode } from "react";

import type { Status } from "../api/types";
import classes from "./Notice.module.css";

interface Props {
  /** Whose colours it has. */
  tone: Status;
  icon: Icon;
  title?: string;
  /** `alert` for what must be told at once, as when something failed that was just tried. */
  role?: "alert" | "status";
  /** Something to press stands in it, so that it is a single, higher line. */
  centered?: boolean;
  children: ReactNode;
}

/** Something that is to be noticed, in the colours of a status. */
export function Notice({ tone, icon: Icon, title, role, centered, children }: Props) {
  return (
    <div className={classes.notice} data-tone={tone} data-centered={centered} role={role}>
      <Icon size={18} aria-hidden className={classes.icon} />
      <div className={classes.body}>
        {title && <p className={classes.title}>{title}</p>}
        {children}
      </div>
    </div>
  );
}

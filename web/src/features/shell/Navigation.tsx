import { Badge } from "@mantine/core";
import { type Icon, IconEyeCheck, IconFiles, IconPlayerPlay, IconSettings, IconSitemap } from "@tabler/icons-react";
import { useQuery } from "@tanstack/react-query";
import { useMatchRoute } from "@tanstack/react-router";

import { useProject } from "../../api/project";
import { t } from "../../texts";
import { NavigationLink } from "../../ui/links";
import { openReviewsQuery } from "../reviews/queries";
import classes from "./Shell.module.css";

const PAGES = [
  { to: "/workflows", label: t.shell.workflows, icon: IconSitemap },
  { to: "/runs", label: t.shell.runs, icon: IconPlayerPlay },
  { to: "/reviews", label: t.shell.reviews, icon: IconEyeCheck },
  { to: "/files", label: t.shell.files, icon: IconFiles },
  { to: "/settings", label: t.shell.settings, icon: IconSettings },
] as const satisfies readonly { to: string; label: string; icon: Icon }[];

/** The ways to the main pages. */
export function Navigation() {
  const matches = useMatchRoute();
  return (
    <nav aria-label={t.shell.navigation}>
      {PAGES.map(({ to, label, icon: Icon }) => {
        const active = Boolean(matches({ to, fuzzy: true }));
        return (
          <NavigationLink
            key={to}
            to={to}
            label={label}
            active={active}
            aria-current={active ? "page" : undefined}
            className={classes.link}
            leftSection={<Icon size={18} stroke={1.7} aria-hidden />}
            rightSection={to === "/reviews" ? <OpenReviews /> : undefined}
          />
        );
      })}
    </nav>
  );
}

function OpenReviews() {
  const project = useProject();
  const { data } = useQuery({ ...openReviewsQuery(project?.id ?? ""), enabled: project !== null });
  const count = data?.items.length ?? 0;
  if (count === 0) return null;
  const more = data?.nextCursor != null;
  return (
    <Badge size="sm" variant="filled" aria-label={t.shell.openReviews(count, more)}>
      {count}
      {more ? "+" : ""}
    </Badge>
  );
}

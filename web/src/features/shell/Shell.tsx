import { AppShell, Burger, Group, VisuallyHidden } from "@mantine/core";
import { useDisclosure } from "@mantine/hooks";
import { Link, Outlet, useRouterState } from "@tanstack/react-router";
import { useEffect } from "react";

import { t } from "../../texts";
import { ConnectionBanner } from "./ConnectionBanner";
import { Logo } from "./Logo";
import { Navigation } from "./Navigation";
import { PlaceMenu } from "./PlaceMenu";
import classes from "./Shell.module.css";
import { UserMenu } from "./UserMenu";

const CONTENT = "content";

/** What is around every page: who and where one is, and the ways to the pages. */
export function Shell() {
  const [opened, { toggle, close }] = useDisclosure();
  const address = useRouterState({ select: (state) => state.location.pathname });
  useEffect(close, [address, close]);
  return (
    <AppShell
      header={{ height: 52 }}
      navbar={{ width: 208, breakpoint: "sm", collapsed: { mobile: !opened } }}
      padding={0}
    >
      <a className={classes.skip} href={`#${CONTENT}`}>
        {t.shell.skip}
      </a>
      <AppShell.Header className={classes.header}>
        <Group h="100%" px="md" gap="sm" wrap="nowrap">
          <Burger opened={opened} onClick={toggle} hiddenFrom="sm" size="sm" aria-label={t.shell.menu} />
          <Link to="/workflows" className={classes.home}>
            <Logo />
            <VisuallyHidden>{t.product}</VisuallyHidden>
          </Link>
          <PlaceMenu />
          <Group ml="auto" gap="sm" wrap="nowrap">
            <UserMenu />
          </Group>
        </Group>
      </AppShell.Header>
      <AppShell.Navbar className={classes.navbar} p="sm">
        <Navigation />
      </AppShell.Navbar>
      <AppShell.Main id={CONTENT} tabIndex={-1} className={classes.main}>
        <ConnectionBanner />
        <Outlet />
      </AppShell.Main>
    </AppShell>
  );
}

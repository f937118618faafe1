import { Tabs } from "@mantine/core";
import { Outlet, useNavigate, useRouterState } from "@tanstack/react-router";

import { t } from "../../texts";
import { Page } from "../../ui/Page";
import classes from "./SettingsLayout.module.css";

const PAGES = [
  { to: "/settings/account", label: t.settings.account.title },
  { to: "/settings/api-keys", label: t.settings.keys.title },
  { to: "/settings/project", label: t.settings.project.title },
  { to: "/settings/models", label: t.settings.models.title },
  { to: "/settings/mcp", label: t.mcp.title },
  { to: "/settings/usage", label: t.settings.usage.title },
] as const;

/** On a phone not all tabs fit beside each other. */
function intoView(tab: HTMLElement | null): void {
  tab?.scrollIntoView({ block: "nearest", inline: "nearest" });
}

type Address = (typeof PAGES)[number]["to"];

/** The settings: a page each, in tabs. */
export function SettingsLayout() {
  const navigate = useNavigate();
  const address = useRouterState({ select: (state) => state.location.pathname });
  const page = PAGES.find(({ to }) => to === address);
  return (
    <Page title={page ? `${page.label} · ${t.settings.title}` : t.settings.title} heading={t.settings.title}>
      <Tabs
        value={address}
        onChange={(to) => void navigate({ to: to as Address })}
        activateTabWithKeyboard={false}
        aria-label={t.settings.pages}
      >
        <Tabs.List mb="lg" className={classes.tabs}>
          {PAGES.map(({ to, label }) => (
            <Tabs.Tab key={to} value={to} ref={to === address ? intoView : undefined}>
              {label}
            </Tabs.Tab>
          ))}
        </Tabs.List>
        {page && (
          <Tabs.Panel value={page.to}>
            <Outlet />
          </Tabs.Panel>
        )}
      </Tabs>
    </Page>
  );
}

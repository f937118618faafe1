import { Outlet } from "@tanstack/react-router";

import { t } from "../../texts";
import { Page } from "../../ui/Page";

/** The settings: a page each, in tabs. */
export function SettingsLayout() {
  return (
    <Page title={t.settings.title}>
      <Outlet />
    </Page>
  );
}

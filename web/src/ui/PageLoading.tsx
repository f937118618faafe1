import { Center, Loader, VisuallyHidden } from "@mantine/core";

import { t } from "../texts";

/** Shown while a page's code or data is on its way. */
export function PageLoading() {
  return (
    <Center mih="40vh" role="status">
      <Loader size="sm" aria-hidden />
      <VisuallyHidden>{t.shell.loading}</VisuallyHidden>
    </Center>
  );
}

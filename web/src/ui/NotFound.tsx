import { IconMapQuestion } from "@tabler/icons-react";

import { t } from "../texts";
import { EmptyState } from "./EmptyState";
import { ButtonLink } from "./links";

/** For an address with nothing behind it. */
export function NotFound() {
  return (
    <EmptyState icon={IconMapQuestion} title={t.errors.notFoundTitle} text={t.errors.notFound}>
      <ButtonLink to="/workflows" variant="default">
        {t.errors.home}
      </ButtonLink>
    </EmptyState>
  );
}

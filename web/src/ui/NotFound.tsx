import { Button } from "@mantine/core";
import { IconMapQuestion } from "@tabler/icons-react";
import { Link } from "@tanstack/react-router";

import { t } from "../texts";
import { EmptyState } from "./EmptyState";

/** For an address with nothing behind it. */
export function NotFound() {
  return (
    <EmptyState icon={IconMapQuestion} title={t.errors.notFoundTitle} text={t.errors.notFound}>
      <Button component={Link} to="/workflows" variant="default">
        {t.errors.home}
      </Button>
    </EmptyState>
  );
}

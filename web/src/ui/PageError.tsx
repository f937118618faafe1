import { Button, Group } from "@mantine/core";
import { IconAlertTriangle } from "@tabler/icons-react";
import { useQueryErrorResetBoundary } from "@tanstack/react-query";
import { type ErrorComponentProps, useRouter } from "@tanstack/react-router";

import { ApiError } from "../api/errors";
import { t } from "../texts";
import { EmptyState } from "./EmptyState";
import { messageOf } from "./failures";
import { NotFound } from "./NotFound";

/** In place of a page that could not be shown: why, and a way on. */
export function PageError({ error, reset }: ErrorComponentProps) {
  const router = useRouter();
  const boundary = useQueryErrorResetBoundary();
  if (error instanceof ApiError && error.status === 404) return <NotFound />;
  const retry = () => {
    boundary.reset();
    reset();
    void router.invalidate();
  };
  return (
    <EmptyState icon={IconAlertTriangle} title={t.errors.pageTitle} text={messageOf(error)}>
      <Group>
        <Button onClick={retry}>{t.actions.retry}</Button>
      </Group>
    </EmptyState>
  );
}

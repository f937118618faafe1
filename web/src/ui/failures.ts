import { notifications } from "@mantine/notifications";

import { ApiError, ConnectionError } from "../api/errors";
import { t } from "../texts";

const CLOSE = { "aria-label": t.actions.close };

/** A sentence for people about anything that was thrown. */
export function messageOf(error: unknown): string {
  if (error instanceof ConnectionError) return t.errors.connection;
  if (error instanceof ApiError) return error.message;
  return t.errors.unforeseen;
}

/** Tell in a notice that something failed. */
export function tellFailure(error: unknown): void {
  tellProblem(messageOf(error));
}

/** The same in words of one's own. */
export function tellProblem(message: string): void {
  notifications.show({ message, color: "red", role: "alert", autoClose: 8_000, closeButtonProps: CLOSE });
}

/** Tell in a notice that something was done. */
export function tellDone(message: string): void {
  notifications.show({ message, color: "green", role: "status", closeButtonProps: CLOSE });
}

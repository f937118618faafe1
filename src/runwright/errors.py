"""Every error a caller of the API can meet, and the words it meets it with."""

from __future__ import annotations

from runwright.kit.json import Json


class ProductError(Exception):
    """An error with a message for people and an HTTP status; ``details`` helps programs."""

    status = 500
    code = "internal"

    def __init__(self, message: str, *, details: dict[str, Json] | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.details = details


class NotFound(ProductError):
    """It does not exist, or not for this caller."""

    status = 404
    code = "not_found"


class Unauthenticated(ProductError):
    """Nobody known is calling."""

    status = 401
    code = "unauthenticated"


class Forbidden(ProductError):
    """The caller is known and may not."""

    status = 403
    code = "forbidden"


class Invalid(ProductError):
    """What was sent is wrong; the message names the place and the remedy."""

    status = 422
    code = "invalid"


class Conflict(ProductError):
    """It clashes with what is there: a name taken, a decision made, a newer version saved."""

    status = 409
    code = "conflict"


class TooLarge(ProductError):
    """What was sent is larger than it may be."""

    status = 413
    code = "too_large"


class RateLimited(ProductError):
    """Too often; ``details`` has ``retry_after`` in seconds."""

    status = 429
    code = "rate_limited"


class Unavailable(ProductError):
    """Not now: the database is away, or the disk is full."""

    status = 503
    code = "unavailable"


class PublicError(ProductError):
    """An error of the two frozen calls: status and text exactly as on the API page."""

    def __init__(self, status: int, message: str, *, details: dict[str, Json] | None = None) -> None:
        super().__init__(message, details=details)
        self.status = status


def missing_api_key() -> PublicError:
    return PublicError(401, "Missing API key")


def invalid_api_key() -> PublicError:
    return PublicError(401, "Invalid API key")


def key_without_organization() -> PublicError:
    return PublicError(403, "API key is not associated with an organization")


def not_a_member() -> PublicError:
    return PublicError(403, "Unauthorized")


def other_organization() -> PublicError:
    return PublicError(403, "API key does not have access to this organization")


def invalid_json() -> PublicError:
    return PublicError(400, "Invalid JSON payload")


def payload_too_large() -> PublicError:
    return PublicError(413, "Payload too large")


def payload_not_strings(fields: list[str]) -> PublicError:
    details: dict[str, Json] | None = {"fields": fields} if fields else None
    return PublicError(500, "Invalid payload: expected object with string values", details=details)


def unexpected_fields(fields: list[str]) -> PublicError:
    return PublicError(500, "Unexpected fields in payload", details={"fields": fields})


def missing_fields(fields: list[str]) -> PublicError:
    return PublicError(400, "Missing required fields in payload", details={"fields": fields})


def template_not_found() -> PublicError:
    return PublicError(404, "Workflow template not found or API access not enabled")


def invalid_template_id() -> PublicError:
    return PublicError(400, "Invalid template ID")


def usage_limit_reached() -> PublicError:
    return PublicError(403, "Usage limit reached")


def template_without_project() -> PublicError:
    return PublicError(400, "Workflow template must belong to a project")


def project_not_found() -> PublicError:
    return PublicError(404, "Project not found")


def execution_not_found() -> PublicError:
    return PublicError(404, "Execution not found")


def idempotency_key_reused() -> PublicError:
    return PublicError(409, "Idempotency-Key was already used with another payload")


def invalid_idempotency_key() -> PublicError:
    return PublicError(400, "Invalid Idempotency-Key")


def invalid_wait() -> PublicError:
    return PublicError(400, "Invalid wait: expected seconds from 0 to 60")


def storage_unavailable() -> PublicError:
    return PublicError(503, "Storage is not available, try again later")

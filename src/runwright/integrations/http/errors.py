"""How a request to the outside can fail. Every text is a sentence for people."""

from __future__ import annotations


class RequestError(Exception):
    """A request got no usable answer. ``retryable`` tells whether trying again could help."""

    retryable = True


class Refused(RequestError):
    """The guard did not let the request out: the address is private, or the URL is none for the web."""

    retryable = False


class Unreachable(RequestError):
    """The name is unknown, nobody listens, or the connection broke."""


class TimedOut(RequestError):
    """The answer did not come in time."""


class TooLarge(RequestError):
    """The answer is larger than allowed."""

    retryable = False


class BadAnswer(RequestError):
    """What came back is no valid HTTP, or cannot be decoded."""


class TooManyRedirects(RequestError):
    """The answer was one redirect too many."""

    retryable = False

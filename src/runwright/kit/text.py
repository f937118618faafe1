"""Text from outside, made fit for keeping."""

from __future__ import annotations

REPLACEMENT = "\ufffd"


def storable(text: str) -> str:
    """The text with what a database or UTF-8 refuses (NUL, lone surrogates) replaced by U+FFFD."""
    if "\x00" in text:
        text = text.replace("\x00", REPLACEMENT)
    try:
        text.encode()
    except UnicodeEncodeError:
        return "".join(REPLACEMENT if 0xD800 <= ord(character) <= 0xDFFF else character for character in text)
    return text


def shortened(text: str, length: int) -> str:
    """The text on one line, fit for keeping, cut to a length with an ellipsis."""
    line = " ".join(storable(text[: length * 10]).split())
    return line if len(line) <= length else line[: length - 1] + "…"

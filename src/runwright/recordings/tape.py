"""The recordings of a workflow's tests, as the file beside the workflow has them: readable, and without secrets."""

from __future__ import annotations

import base64
from collections.abc import Iterable
from pathlib import Path
from typing import Annotated, Any, Literal

import yaml
from pydantic import BaseModel, ConfigDict, Field, ValidationError

from runwright.integrations.http import errors
from runwright.integrations.http.messages import Answer
from runwright.kit.json import Json

MAX_BYTES = 64 * 1024 * 1024
_HEAD = """\
# What models and servers answered to the tests of {name}: played again by `runwright workflows test {name}`.
# Written by `runwright workflows test {name} --record`. Commit it; it has no secrets.
"""


class RecordingsError(Exception):
    """The file is none of recordings; the text says what to do."""


class Part(BaseModel):
    """A part of the file. What it does not know it refuses."""

    model_config = ConfigDict(extra="forbid")


class HttpAnswer(Part):
    """What a server answered; a body that is no text is in base64."""

    status: int
    headers: dict[str, str] = Field(default_factory=dict)
    url: str
    body: str = ""
    base64: bool = False

    @classmethod
    def of(cls, answer: Answer, *, body: str, headers: dict[str, str], url: str) -> HttpAnswer:
        """An answer, with ``body``, ``headers`` and ``url`` as they may be kept."""
        try:
            answer.body.decode()
        except UnicodeDecodeError:
            packed = base64.b64encode(answer.body).decode()
            return cls(status=answer.status, headers=headers, url=url, body=packed, base64=True)
        return cls(status=answer.status, headers=headers, url=url, body=body)

    def played(self) -> Answer:
        """The answer as the client gives it."""
        body = base64.b64decode(self.body) if self.base64 else self.body.encode()
        return Answer(status=self.status, headers=self.headers, body=body, url=self.url)


class HttpFailure(Part):
    """A request that got no answer, by the name of its error."""

    kind: str
    message: str

    def played(self) -> errors.RequestError:
        """The error as the client raises it."""
        found = getattr(errors, self.kind, errors.Unreachable)
        known = isinstance(found, type) and issubclass(found, errors.RequestError)
        error: errors.RequestError = (found if known else errors.Unreachable)(self.message)
        return error


class HttpEntry(Part):
    """One request to a server. ``id`` tells it from all others."""

    kind: Literal["http"] = "http"
    block: str = ""
    id: str
    request: str
    """Method and address, to be read."""
    sent: str | None = None
    """What was sent, to be read."""
    answer: HttpAnswer | None = None
    failure: HttpFailure | None = None


class ModelEntry(Part):
    """One request to a model. ``response`` is what the agent library made of the answer."""

    kind: Literal["model"] = "model"
    block: str = ""
    id: str
    model: str
    asked: str
    """The newest part of what was asked, to be read."""
    response: dict[str, Any]
    seconds: float = 0.0


Entry = Annotated[HttpEntry | ModelEntry, Field(discriminator="kind")]


class Tape(Part):
    """The recordings of one test. ``default_model`` answered the blocks that name no model."""

    recorded_at: str = ""
    default_model: str | None = None
    answers: list[Entry] = Field(default_factory=list)


class Recordings(Part):
    """All of a file, by the names of the tests."""

    version: Literal[1] = 1
    tests: dict[str, Tape] = Field(default_factory=dict)


def path_beside(workflow: Path) -> Path:
    """Where the recordings of a workflow file are: ``notes.yaml`` has ``notes.recordings.yaml``."""
    return workflow.with_name(f"{workflow.stem}.recordings.yaml")


def load(path: Path) -> Recordings:
    """The recordings of a file; none when there is no such file.

    Raises:
        RecordingsError: it is too large, or none of recordings.
        OSError: it cannot be read.
    """
    if not path.exists():
        return Recordings()
    if path.stat().st_size > MAX_BYTES:
        raise RecordingsError(f"{path} is larger than {MAX_BYTES} bytes")
    try:
        return Recordings.model_validate(_read(path.read_text("utf-8")))
    except (yaml.YAMLError, UnicodeDecodeError, ValidationError, RecursionError) as error:
        reason = str(error).splitlines()[0]
        raise RecordingsError(f"{path} cannot be used ({reason}); delete it and record anew with --record") from error


def save(path: Path, recordings: Recordings, *, workflow: str) -> None:
    """Write the file; it is whole or not there at all.

    Raises:
        OSError: it cannot be written.
    """
    shown = recordings.model_dump(mode="json", exclude_none=True, exclude_defaults=False)
    text = yaml.dump(_trimmed(shown), Dumper=_Dumper, sort_keys=False, allow_unicode=True, width=120)
    partial = path.with_name(f".{path.name}.partial")
    partial.write_text(_HEAD.format(name=workflow) + text, "utf-8")
    partial.replace(path)


def in_order(entries: Iterable[Entry], blocks: Iterable[str]) -> list[Entry]:
    """Entries in the order of the blocks: two recordings of the same run then differ in nothing."""
    places = {key: place for place, key in enumerate(blocks)}
    return sorted(entries, key=lambda entry: places.get(entry.block, len(places)))


def _read(text: str) -> Json:
    loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
    return yaml.load(text, Loader=loader)  # noqa: S506  (both are the safe loader)


def _trimmed(value: Json) -> Json:
    """Without the fields that say nothing."""
    if isinstance(value, dict):
        return {name: _trimmed(inner) for name, inner in value.items() if inner not in ("", {}, False)}
    return [_trimmed(inner) for inner in value] if isinstance(value, list) else value


class _Dumper(yaml.SafeDumper):
    """Writes texts of several lines as they are read."""


def _text(dumper: yaml.SafeDumper, text: str) -> yaml.ScalarNode:
    style = "|" if "\n" in text else None
    return dumper.represent_scalar("tag:yaml.org,2002:str", text, style=style)


_Dumper.add_representer(str, _text)

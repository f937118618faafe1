"""What is played, and what is recorded, while one test runs."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum

from runwright.integrations.http.errors import RequestError
from runwright.kit.json import Json
from runwright.kit.money import Micros
from runwright.observability.logs import bound_name
from runwright.recordings.secrets import Secrets
from runwright.recordings.tape import Entry, HttpEntry, ModelEntry, Tape

_QUOTED = 120


class Mode(StrEnum):
    """Where answers come from."""

    REPLAY = "replay"
    """From the recording alone."""
    RECORD = "record"
    """From outside, into a new recording."""
    FILL = "fill"
    """From the recording where it has them, else from outside, to be added to it."""
    LIVE = "live"
    """From outside alone; nothing is kept."""


class NotRecorded(RequestError):
    """The recording has no answer to this request."""

    retryable = False


@dataclass
class Tally:
    """How many answers came from where. ``spent`` is in millionths of a US dollar, what new answers cost."""

    replayed: int = 0
    asked: int = 0
    spent: Micros = 0
    unpriced: int = 0
    """New answers whose price is not known."""


@dataclass
class Session:
    """One test in play. ``answers`` are what the test itself says that models answer, by block."""

    mode: Mode
    test: str
    tape: Tape = field(default_factory=Tape)
    answers: Mapping[str, Sequence[Json]] = field(default_factory=dict)
    remedy: str = "record it with --record"
    """How to record what is missing, for messages."""
    secrets: Secrets = field(default_factory=Secrets)
    kept: list[Entry] = field(default_factory=list)
    """What was recorded, or played again, in the order it was answered."""
    tally: Tally = field(default_factory=Tally)
    _used: set[int] = field(default_factory=set)
    _given: dict[str, int] = field(default_factory=dict)

    @property
    def asks(self) -> bool:
        """Whether requests may go out."""
        return self.mode is not Mode.REPLAY

    def take(self, entry_id: str) -> Entry | None:
        """The recorded answer to a request, each once; of several the one that this block was given first."""
        if self.mode in (Mode.RECORD, Mode.LIVE):
            return None
        entries = self.tape.answers
        free = [n for n, entry in enumerate(entries) if entry.id == entry_id and n not in self._used]
        if not free:
            return None
        block = current_block()
        chosen = next((n for n in free if entries[n].block == block), free[0])
        self._used.add(chosen)
        self.kept.append(entries[chosen])
        self.tally.replayed += 1
        return entries[chosen]

    def keep(self, entry: Entry, *, cost: Micros | None = 0) -> None:
        """Add what was answered from outside; ``cost`` None: its price is not known."""
        self.kept.append(entry)
        self.tally.asked += 1
        self.tally.spent += cost or 0
        self.tally.unpriced += cost is None

    def drop_refused(self, entry_id: str) -> None:
        """Forget the newest answer to a request when it was 401: it is asked again with another token."""
        for number in reversed(range(len(self.kept))):
            entry = self.kept[number]
            if entry.id == entry_id:
                if isinstance(entry, HttpEntry) and entry.answer is not None and entry.answer.status == 401:
                    del self.kept[number]
                return

    def scripted(self, block: str) -> Json:
        """The next answer that the test gives for a block.

        Raises:
            NotRecorded: there is none left.
        """
        answers = self.answers[block]
        number = self._given.get(block, 0)
        self._given[block] = number + 1
        if number >= len(answers):
            raise NotRecorded(
                f"The test {self.test!r} has {len(answers)} answers for {block!r}, and one more was asked for: "
                "add it to the list, which has to include what judges answer and what follows a refused answer"
            )
        return answers[number]

    def missing(self, request: str, *, similar: bool, kind: str) -> NotRecorded:
        """The error for a request without an answer. ``similar``: one that differs in a detail has one."""
        recorded = sum(entry.kind == kind for entry in self.tape.answers)
        if similar:
            why = "what is recorded was asked in other words, or fewer times"
        else:
            why = f"the recording has {recorded} other {kind} answers" if recorded else f"no {kind} answer is recorded"
        return NotRecorded(f"{request[:_QUOTED]} is not recorded for the test {self.test!r} ({why}); {self.remedy}")

    def unused(self) -> int:
        """How many recorded answers nobody asked for."""
        return len(self.tape.answers) - len(self._used) if self.mode is Mode.REPLAY else 0

    def similar_model(self, block: str) -> bool:
        """Whether a model's answer to this block is recorded."""
        return any(isinstance(entry, ModelEntry) and entry.block == block for entry in self.tape.answers)

    def similar_http(self, request: str) -> bool:
        """Whether an answer to this method and address, whatever its query, is recorded."""
        place = request.partition("?")[0]
        return any(
            isinstance(entry, HttpEntry) and entry.request.partition("?")[0] == place for entry in self.tape.answers
        )


@dataclass
class Player:
    """Holds the session of the test that runs now; all services of an engine share it."""

    session: Session


def current_block() -> str:
    """The key of the block for which this code runs, as the log lines name it; empty outside of one."""
    return bound_name("block")

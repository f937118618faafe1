"""Drives one execution from its rows until nothing more can be done now."""

from __future__ import annotations

import asyncio
from collections import deque
from contextlib import suppress
from functools import partial

import sqlalchemy as sa
import structlog

from runwright.blocks.base import (
    BlockError,
    BlockResult,
    Completed,
    NeedsReview,
    Parked,
    ReviewKind,
    ReviewPolicy,
)
from runwright.db.database import Database
from runwright.engine import plan
from runwright.engine.ledger import Ledger
from runwright.engine.loading import Claimed, feedback_for
from runwright.engine.measures import measure
from runwright.engine.runner import Runner
from runwright.executions import repository, transitions
from runwright.executions.calls import wake
from runwright.executions.signals import Signal, Signals, announce
from runwright.executions.state import BlockState
from runwright.executions.status import SETTLED, Status
from runwright.executions.transitions import Ending, Fenced, Moved
from runwright.kit.clock import Millis, now_ms
from runwright.kit.ids import new_uuid
from runwright.kit.money import PER_DOLLAR, format_usd
from runwright.kit.text import storable
from runwright.observability.metrics import Metrics
from runwright.reviews import repository as reviews
from runwright.reviews.repository import Review
from runwright.reviews.service import decide_overdue
from runwright.workflows.definition import BlockDefinition, OnError

log = structlog.get_logger()

SHORT_PAUSE_MS = 2_000
"""A pause up to this long is slept through; before a longer one the stretch ends and leaves a due time behind."""

STORAGE_RETRY_S = 1.0
"""Pause before a commit is tried again when the database is away or the disk is full."""


class Driver:
    """One execution in one stretch. The rows are the truth: a driver can be lost at any moment and made anew."""

    def __init__(
        self,
        claimed: Claimed,
        *,
        fence: str,
        runner: Runner,
        database: Database,
        signals: Signals,
        metrics: Metrics,
    ) -> None:
        self.execution_id = claimed.row.id
        self.stopping = False
        self._row = claimed.row
        self._definition = claimed.definition
        self._feedback = dict(claimed.feedback)
        self._ledger = Ledger(claimed.definition.order, claimed.blocks)
        self._fence = fence
        self._runner = runner
        self._database = database
        self._signals = signals
        self._metrics = metrics
        self._frontier: deque[str] = deque(claimed.definition.order)
        self._tasks: dict[asyncio.Task[BlockResult | BlockError], str] = {}
        self._new_reviews: list[Review] = []
        self._poked = asyncio.Event()
        self._revision = claimed.row.revision
        # Whether something may have happened that parked blocks wait for: so it is after every claim.
        self._woken = True
        self._woken_at_work: set[str] = set()

    def poke(self) -> None:
        """Something happened to this execution (a review was decided, a call ended): look at the rows again."""
        self._poked.set()

    def stop(self) -> None:
        """Start no more blocks; :meth:`run` returns when those that run have ended."""
        self.stopping = True
        self._poked.set()

    async def run(self) -> None:
        """Drive until the execution is settled, waits for a person, or has a long pause ahead.

        Returns quietly when the execution turns out to be cancelled or taken over.
        """
        try:
            await self._drive()
        except Fenced:
            log.info("execution.left", execution_id=self.execution_id)
        finally:
            await self._interrupt_blocks()

    async def _drive(self) -> None:
        starting: list[str] = []
        self._check_own_condition()
        while True:
            starting += self._advance()
            ending = None if self._tasks or starting else self._ending()
            try:
                await self._commit(ending)
            except Moved:
                await self._look_again()
                continue
            if ending is not None:
                return
            if not self.stopping:
                self._start(starting)
            if self.stopping and not self._tasks:
                return
            starting = []
            await self._next_event()

    def _check_own_condition(self) -> None:
        condition = self._definition.condition
        if condition is None or self._row.status is not Status.PENDING:
            return
        try:
            if self._runner.services.test(condition, self._runner.scope(self._ledger)):
                return
            reason = f"The workflow's own condition was false: {condition}"
        except BlockError as error:
            self._fail_whole(f"The workflow's own condition could not be evaluated: {error}")
            return
        for key in self._definition.order:
            self._skip(key, reason)

    def _fail_whole(self, message: str) -> None:
        first, *others = self._definition.order
        now = now_ms()
        self._ledger.set(self._ledger[first].but(status=Status.FAILED, finished_at=now, error=message))
        for key in others:
            self._skip(key, message)

    # Advancing: everything that can be decided without waiting.

    def _advance(self) -> list[str]:
        """Settle what can be settled on the spot; the keys of blocks that are to be started after the commit."""
        starting: list[str] = []
        if self.stopping:
            return starting
        starting += self._wake_parked()
        while self._frontier:
            key = self._frontier.popleft()
            if self._ledger[key].status is not Status.PENDING:
                continue
            block = self._definition.blocks[key]
            verdict = plan.readiness(block, self._ledger)
            if isinstance(verdict, plan.Skip):
                self._skip(key, verdict.reason)
            elif isinstance(verdict, plan.Ready) and self._wanted(block) and self._begin(block):
                starting.append(key)
        return starting

    def _wanted(self, block: BlockDefinition) -> bool:
        """Whether the block's own condition lets it run; settles it when not."""
        if block.condition is None:
            return True
        try:
            if self._runner.services.test(block.condition, self._runner.scope(self._ledger)):
                return True
        except BlockError as error:
            self._fail(block, f"Its condition could not be evaluated: {error}")
            return False
        self._skip(block.key, f"Its condition was false: {block.condition}")
        return False

    def _begin(self, block: BlockDefinition) -> bool:
        """Run an inline block now, or mark another as running; whether it is to be started after the commit."""
        state = self._ledger[block.key]
        self._ledger.set(state.but(status=Status.RUNNING, started_at=state.started_at or now_ms()))
        return self._go_on(block)

    def _go_on(self, block: BlockDefinition) -> bool:
        """Run an inline block that is marked as running; whether it is another, to be started after the commit."""
        if not self._runner.is_inline(block):
            return True
        self._apply(block, self._runner.run_inline(block, self._ledger))
        return False

    def _wake_parked(self) -> list[str]:
        """Run blocks again whose moment has come, and all that are parked when something happened.

        After a claim that includes those that ran when an earlier driver was lost: they run again, as the same attempt.
        """
        starting, now, woken = [], now_ms(), self._woken
        self._woken = False
        at_work = set(self._tasks.values())
        if woken:
            self._woken_at_work |= at_work
        for state in self._ledger.with_status(Status.RUNNING):
            if state.key in at_work or not _may_go_on(state, woken=woken, now=now):
                continue
            if state.due_at is not None:
                self._ledger.set(state.but(due_at=None))
            if self._go_on(self._definition.blocks[state.key]):
                starting.append(state.key)
        return starting

    # Results

    def _apply(self, block: BlockDefinition, result: BlockResult | BlockError) -> None:
        state = self._ledger[block.key]
        match result:
            case Completed(output=output, branch=branch):
                self._settle(block.key, status=Status.COMPLETED, output=output, branch=branch, error=None)
            case Parked(until=until):
                if (state.due_at, state.error) != (until, None):
                    self._ledger.set(state.but(due_at=until, error=None))
                # What it looked at may have been older than what happened while it ran.
                self._woken = self._woken or block.key in self._woken_at_work
            case NeedsReview(kind=ReviewKind.COST):
                self._ask_for_more(block)
            case NeedsReview():
                self._ask(block, result)
            case BlockError():
                self._failed_attempt(block, result)

    def _ask(self, block: BlockDefinition, asked: NeedsReview) -> None:
        state, now, policy = self._ledger[block.key], now_ms(), asked.policy
        deadline = None if policy.deadline is None else now + int(policy.deadline * 1000)
        self._ledger.set(state.but(status=Status.REVIEW_PENDING, due_at=deadline, error=None))
        self._new_reviews.append(
            Review(
                id=new_uuid(),
                org_id=self._row.org_id,
                project_id=self._row.project_id,
                execution_id=self.execution_id,
                block_key=block.key,
                round=state.round,
                kind=asked.kind,
                message=storable(policy.message),
                proposed_output=asked.proposed,
                deadline_at=deadline,
                default_decision=policy.default,
                created_at=now,
            )
        )

    def _ask_for_more(self, block: BlockDefinition) -> None:
        """Ask whether the execution may spend more, once; other blocks that reach the ceiling wait for the answer."""
        if any(review.kind == ReviewKind.COST for review in self._new_reviews):
            self._apply(block, Parked())
            return
        left = sum(1 for state in self._ledger.values() if state.status not in SETTLED)
        policy = ReviewPolicy(message=_spent_message(self._definition.limits.cost or 0, left=left))
        self._ask(block, NeedsReview(policy=policy, kind=ReviewKind.COST))

    def _failed_attempt(self, block: BlockDefinition, error: BlockError) -> None:
        state = self._ledger[block.key]
        if not error.retryable or state.attempt >= block.retry.attempts:
            self._fail(block, str(error))
            return
        pause = block.retry.backoff * 2 ** (state.attempt - 1)
        self._ledger.set(
            state.but(attempt=state.attempt + 1, due_at=now_ms() + int(pause * 1000), error=storable(str(error)))
        )

    def _fail(self, block: BlockDefinition, message: str) -> None:
        """Settle a block whose failure is final. One with ``on_error: continue`` completes with the error as output."""
        message = storable(message)
        if block.on_error is OnError.CONTINUE:
            self._settle(block.key, status=Status.COMPLETED, output=message, error=message)
        else:
            self._settle(block.key, status=Status.FAILED, error=message)

    def _skip(self, key: str, reason: str) -> None:
        self._settle(key, status=Status.SKIPPED, reason=reason)

    def _settle(self, key: str, **changes: object) -> None:
        self._ledger.set(self._ledger[key].but(finished_at=now_ms(), due_at=None, **changes))
        self._frontier.extend(self._definition.dependents.get(key, ()))

    # Ending a stretch

    def _ending(self) -> Ending | None:
        """How the stretch ends, when nothing runs; None while a short pause is better slept through."""
        if self.stopping:
            return None
        done = plan.outcome(self._definition, self._ledger)
        if done is not None:
            return Ending(status=done.status, error=done.error)
        parked = self._ledger.with_status(Status.RUNNING)
        due = self._next_due()
        if parked and due is not None and due - now_ms() <= SHORT_PAUSE_MS:
            return None
        return Ending(
            status=Status.RUNNING if parked else Status.REVIEW_PENDING,
            due_at=due,
            revision=self._revision,
        )

    def _next_due(self) -> Millis | None:
        return min((state.due_at for state in self._ledger.values() if state.due_at is not None), default=None)

    async def _commit(self, ending: Ending | None) -> None:
        """Write what changed, and the ending; holds on to both while the database is away."""
        changes, opened = self._ledger.changes(), list(self._new_reviews)
        if not changes and ending is None:
            return
        unit = partial(self._write, changes=changes, opened=opened, ending=ending)
        while True:
            try:
                await self._database.write(unit)
                break
            except (sa.exc.OperationalError, sa.exc.InterfaceError) as error:
                log.error("storage.unavailable", execution_id=self.execution_id, error=str(error.orig))
                await asyncio.sleep(STORAGE_RETRY_S)
        self._ledger.committed()
        self._revision += 1
        measure(self._metrics, self._definition, changes, ending=ending, created_at=self._row.created_at)
        self._new_reviews.clear()
        self._signals.send(Signal.CHANGED, [self.execution_id])
        if self._row.parent_id is not None and ending is not None and ending.status in SETTLED:
            self._signals.send(Signal.DUE, [self._row.parent_id])

    def _write(
        self,
        conn: sa.Connection,
        *,
        changes: list[tuple[Status, BlockState]],
        opened: list[Review],
        ending: Ending | None,
    ) -> None:
        now = now_ms()
        transitions.checkpoint(conn, self.execution_id, fence=self._fence, blocks=changes, ending=ending, now=now)
        if self._row.parent_id is not None and ending is not None and ending.status in SETTLED:
            wake(conn, self._row.parent_id, now=now)
        for review in opened:
            reviews.add(conn, review)
        self._runner.files.write(conn, changes, now=now)
        announce(conn, Signal.CHANGED, self.execution_id)

    async def _look_again(self) -> None:
        """Take over what others wrote since the rows were read, and let parked blocks look at what they wait for."""
        waiting = [state.key for state in self._ledger.with_status(Status.REVIEW_PENDING)]
        self._woken = True

        def read(conn: sa.Connection) -> None:
            mark = repository.find_mark(conn, self.execution_id)
            if mark is not None:
                self._revision = mark[1]
            if not waiting:
                return
            stored = repository.blocks_of(conn, self.execution_id)
            self._feedback.update(feedback_for(conn, self.execution_id, stored))
            for key in self._ledger.adopt(stored, waiting):
                self._frontier.append(key)
                self._frontier.extend(self._definition.dependents.get(key, ()))

        await self._database.read(read)

    async def _decide_overdue(self) -> None:
        """Take the default decision of reviews whose deadline passed while other blocks ran."""
        now = now_ms()
        waiting = self._ledger.with_status(Status.REVIEW_PENDING)
        if any(state.due_at is not None and state.due_at <= now for state in waiting):
            await self._database.write(lambda conn: decide_overdue(conn, [self.execution_id], now=now))
            await self._look_again()

    # Running

    def _start(self, keys: list[str]) -> None:
        for key in keys:
            self._woken_at_work.discard(key)
            run = self._runner.run(self._definition.blocks[key], self._ledger, self._feedback.get(key))
            self._tasks[asyncio.create_task(run, name=f"{self.execution_id}:{key}")] = key

    async def _next_event(self) -> None:
        """Wait for a block to end, a pause to be over, or a word from outside, and take in what happened."""
        due = None if self.stopping else self._next_due()
        timeout = None if due is None else max(0.0, (due - now_ms()) / 1000)
        poked = asyncio.ensure_future(self._poked.wait())
        try:
            done, _ = await asyncio.wait({*self._tasks, poked}, timeout=timeout, return_when=asyncio.FIRST_COMPLETED)
        finally:
            poked.cancel()
        if poked in done:
            self._poked.clear()
            await self._look_again()
        await self._decide_overdue()
        for task in done:
            if task is not poked:
                key = self._tasks.pop(task)  # type: ignore[arg-type]
                self._apply(self._definition.blocks[key], task.result())  # type: ignore[arg-type]

    async def _interrupt_blocks(self) -> None:
        for task in self._tasks:
            task.cancel()
        for task in self._tasks:
            with suppress(asyncio.CancelledError):
                await task
        self._tasks.clear()

    async def abandon(self, message: str) -> None:
        """End the execution as failed after a fault of the program, rather than leave it hanging."""
        with suppress(Fenced, Moved):
            self._ledger.committed()
            for state in [state for state in self._ledger.values() if state.status not in SETTLED]:
                ran = state.status is not Status.PENDING
                self._ledger.set(
                    state.but(
                        status=Status.FAILED if ran else Status.SKIPPED,
                        finished_at=now_ms(),
                        due_at=None,
                        error=message if ran else None,
                        reason=None if ran else message,
                    )
                )
            await self._commit(Ending(status=Status.FAILED, error=message))


def _spent_message(ceiling: float, *, left: int) -> str:
    blocks = "1 block is" if left == 1 else f"{left} blocks are"
    reached = format_usd(int(ceiling * PER_DOLLAR))
    again = "Go on to let as much be spent again" if ceiling else "Go on to let it spend what it needs"
    return f"The cost ceiling of {reached} US dollars is reached, {blocks} left. {again}, or stop here."


def _may_go_on(state: BlockState, *, woken: bool, now: Millis) -> bool:
    """Whether a parked block is run again: its moment has come, or something happened; a pause before a retry lasts."""
    if state.due_at is None:
        return woken
    pausing_before_retry = state.error is not None
    return state.due_at <= now or (woken and not pausing_before_retry)

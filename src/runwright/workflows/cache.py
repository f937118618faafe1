"""Parsed workflow versions, kept in memory: a version never changes, so one parse serves the process."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

import sqlalchemy as sa

from runwright.errors import NotFound
from runwright.workflows.definition import WorkflowDefinition
from runwright.workflows.models import workflow_versions

_SIZE = 1_000
_SOURCE = sa.select(workflow_versions.c.source).where(workflow_versions.c.id == sa.bindparam("version"))


class _Definitions:
    """Least recently used versions go first. Units of work run in several threads on PostgreSQL, hence the lock."""

    def __init__(self) -> None:
        self._kept: OrderedDict[str, WorkflowDefinition] = OrderedDict()
        self._lock = Lock()

    def get(self, version_id: str) -> WorkflowDefinition | None:
        with self._lock:
            definition = self._kept.get(version_id)
            if definition is not None:
                self._kept.move_to_end(version_id)
            return definition

    def put(self, version_id: str, definition: WorkflowDefinition) -> None:
        with self._lock:
            self._kept[version_id] = definition
            if len(self._kept) > _SIZE:
                self._kept.popitem(last=False)


_definitions = _Definitions()


def load_definition(conn: sa.Connection, version_id: str) -> WorkflowDefinition:
    """The parsed workflow of a version.

    Raises:
        NotFound: there is no such version.
        WorkflowFileError: it was saved by a Runwright whose language this one does not speak.
    """
    from runwright.workflows.parser import parse

    definition = _definitions.get(version_id)
    if definition is None:
        source = conn.execute(_SOURCE, {"version": version_id}).scalar()
        if source is None:
            raise NotFound("There is no such version of the workflow.")
        definition = parse(source)
        _definitions.put(version_id, definition)
    return definition


def replace_definition(version_id: str, definition: WorkflowDefinition) -> None:
    """Have this process run another definition for a version, as a workflow's tests do with their stubs."""
    _definitions.put(version_id, definition)

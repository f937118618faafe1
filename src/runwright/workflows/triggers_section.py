"""The ``triggers`` section of a workflow file."""

from __future__ import annotations

from runwright.workflows.definition import ApiTrigger, Concurrency
from runwright.workflows.problems import Section, is_absent


def read_api(workflow: Section) -> ApiTrigger | None:
    """The settings of the API trigger; None when the file says nothing of them."""
    if is_absent(workflow.node.entries.get("triggers")):
        return None
    triggers = workflow.child("triggers")
    if triggers is None:
        return None
    triggers.refuse_unknown(("api",), what="in 'triggers'")
    api = triggers.child("api")
    if api is None:
        return None
    api.refuse_unknown(("enabled", "concurrency"), what="in 'api'")
    concurrency = api.choice("concurrency", default=Concurrency.PARALLEL)
    return ApiTrigger(enabled=api.boolean("enabled"), concurrency=concurrency)

"""Workflows and runs that show what there is to see."""

from __future__ import annotations

from dataclasses import dataclass

from tests.e2e.server import Api

NOTES = """
version: 1
name: Release notes
description: Turns the commits of a release into notes a customer can read.
category: Release
inputs:
  release_tag: {description: Git tag of the release, required: true}
  commits: {description: The log of the release, default: "Add webhooks, fix the login page, update the docs"}
  audience: {description: Who reads the notes, default: customers}
blocks:
  scope:
    type: condition
    name: How big is it?
    branches: {major: "release_tag == 'v2.0.0'", minor: "true"}
  summary:
    type: template
    name: Summarize
    needs: [scope.minor]
    text: |
      # Release {{ release_tag }}

      For **{{ audience }}**:

      - {{ commits }}

      | Area | Change |
      | --- | --- |
      | API | Webhooks |
  announcement:
    type: template
    name: Announce widely
    needs: [scope.major]
    text: "A big one: {{ release_tag }}"
  facts:
    type: template
    name: Facts
    needs: [scope]
    artifact: facts.json
    text: '{"tag": "{{ release_tag }}", "audience": "{{ audience }}", "areas": ["api", "web"]}'
  result:
    type: output
    name: Notes
    needs: [summary, announcement, facts]
    value: "{{ blocks.summary.output | default('') }}"
triggers:
  api: {enabled: true, concurrency: parallel}
"""

REVIEW = """
version: 1
name: Customer reply
description: Drafts a reply, which a person approves before it goes out.
category: Support
inputs:
  question: {description: What the customer asks, default: "Where is my invoice?"}
blocks:
  draft:
    type: template
    name: Draft the reply
    text: "Dear customer, you asked: {{ question }} You find it under Billing."
    review: {message: "Is this reply correct and friendly?"}
  send:
    type: output
    name: Send
    needs: [draft]
    value: "{{ blocks.draft.output }}"
"""

BROKEN = """
version: 1
name: Nightly check
description: Asks a service that is not there.
category: Operations
blocks:
  check:
    type: http
    name: Ask the service
    url: "http://127.0.0.1:9/health"
  report:
    type: output
    name: Report
    needs: [check]
    value: "{{ blocks.check.output }}"
"""

WAITING = """
version: 1
name: Wait for the window
description: Waits for the maintenance window, then goes on.
blocks:
  pause: {type: wait, name: Pause, seconds: 3600}
  go: {type: output, name: Go, needs: [pause], value: gone}
"""

DRAFT = """
version: 1
name: Weekly digest
description: Not finished yet.
blocks:
  first: {type: template, text: hello}
"""


@dataclass(frozen=True, slots=True)
class Seeded:
    """What was made."""

    workflow: str
    completed: str
    failed: str
    waiting: str
    running: str
    review: str


def seed(api: Api) -> Seeded:
    """Make workflows with runs in many a status, keys and a vendor of models."""
    notes = api.make_workflow(NOTES)
    asking = api.make_workflow(REVIEW)
    broken = api.make_workflow(BROKEN)
    pausing = api.make_workflow(WAITING)
    api.make_workflow(DRAFT, publish=False)
    completed = api.run(notes, release_tag="v1.4.0")
    api.run(notes, release_tag="v2.0.0", audience="everybody")
    failed = api.run(broken)
    running = api.run(pausing, until=("running",))
    waiting = api.run(asking, until=("review_pending",))
    for name in ("release pipeline", "laptop"):
        api.send("POST", "/api-keys", {"name": name})
    review = api.get("/reviews", execution=waiting)["items"][0]["id"]
    return Seeded(workflow=notes, completed=completed, failed=failed, waiting=waiting, running=running, review=review)

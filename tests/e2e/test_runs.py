"""The list of runs, and one run."""

from __future__ import annotations

import subprocess

from playwright.sync_api import Locator, Page, expect

from tests.e2e.seeds import NOTES, REVIEW, Seeded
from tests.e2e.server import Api

PAUSING = """
version: 1
name: {name}
inputs: {{who: {{default: nobody}}}}
blocks:
  greet: {{type: template, name: Greet, text: "Hello {{{{ who }}}}"}}
  pause: {{type: wait, name: Pause, needs: [greet], seconds: 3600}}
  after: {{type: output, name: After, needs: [pause], value: "{{{{ blocks.greet.output }}}}"}}
"""


def open_block(page: Page, name: str) -> Locator:
    """Its line in the timeline, opened."""
    line = page.locator("h2").get_by_role("button", name=name)
    if line.get_attribute("aria-expanded") != "true":
        line.click()
    return line


def test_filters_stand_in_the_address(api: Api, page: Page, seeded: Seeded) -> None:
    page.goto("/runs")
    page.get_by_role("combobox", name="Workflow").click()
    page.get_by_role("option", name="Nightly check").click()
    expect(page.locator("tbody tr")).to_have_count(1)
    page.get_by_role("combobox", name="Status").click()
    page.get_by_role("option", name="Failed").click()
    page.keyboard.press("Escape")
    expect(page.locator(f"a[href='/runs/{seeded.failed}']")).to_be_visible()
    assert "status" in page.url
    page.reload()
    expect(page.locator("tbody tr")).to_have_count(1)
    expect(page.get_by_role("row", name="Nightly check")).to_contain_text("Failed")
    page.goto("/runs?status=cancelled&workflow=" + api.get(f"/executions/{seeded.failed}")["workflowId"])
    expect(page.get_by_text("No run matches these filters")).to_be_visible()
    page.get_by_role("button", name="Clear filters").click()
    expect(page).to_have_url(f"{api.server.address}/runs")


def test_the_list_is_live_and_shows_previews_and_progress(api: Api, page: Page) -> None:
    workflow = api.make_workflow(PAUSING.format(name="Live in the list"))
    page.goto(f"/runs?workflow={workflow}")
    expect(page.get_by_text("No run matches these filters")).to_be_visible()
    body = {"inputs": {}, "preview": True}
    run = api.send("POST", f"/workflows/{workflow}/executions", body)["executionId"]
    row = page.get_by_role("row", name="Live in the list")
    expect(row).to_contain_text("Preview")
    expect(row).to_contain_text("Running")
    expect(row.get_by_role("progressbar", name="1 of 3 blocks")).to_be_visible()
    api.send("POST", f"/executions/{run}/cancel", {"reason": "enough"})
    expect(row).to_contain_text("Cancelled")


def test_a_run_in_a_hidden_tab_holds_no_connection_and_catches_up(api: Api, page: Page) -> None:
    run = api.run(api.make_workflow(PAUSING.format(name="Followed in a hidden tab")), until=("running",))
    with page.expect_response("**/events*"):
        page.goto(f"/runs/{run}")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Running")
    with page.expect_event("requestfailed", lambda request: request.url.endswith("/events")):
        become(page, "hidden")
    api.send("POST", f"/executions/{run}/cancel", {"reason": "enough"})
    api.wait_for(run)
    with page.expect_response("**/events*"):
        become(page, "visible")
    expect(heading).to_contain_text("Cancelled")


def become(page: Page, state: str) -> None:
    """Tell the page whether it can be seen, as a browser does when tabs are changed."""
    page.evaluate(
        """state => {
            Object.defineProperty(document, "visibilityState", { value: state, configurable: true });
            document.dispatchEvent(new Event("visibilitychange"));
        }""",
        state,
    )


def test_a_run_is_followed_live_cancelled_and_run_again(api: Api, page: Page) -> None:
    workflow = api.make_workflow(PAUSING.format(name="Followed and cancelled"))
    first = api.run(workflow, until=("running",), who="Grace")
    page.goto(f"/runs/{first}")
    heading = page.get_by_role("heading", level=1)
    expect(heading).to_contain_text("Running")
    page.get_by_role("button", name="Cancel run").click()
    page.get_by_role("dialog").get_by_role("button", name="Let it run").click()
    expect(page.get_by_role("dialog")).to_have_count(0)
    assert api.get(f"/executions/{first}")["status"] == "running"
    page.get_by_role("button", name="Cancel run").click()
    page.get_by_role("dialog").get_by_role("button", name="Cancel run").click()
    expect(heading).to_contain_text("Cancelled")
    expect(page.get_by_text("Cancelled by Ada Example").first).to_be_visible()

    page.get_by_role("button", name="Run again").click()
    expect(heading).to_contain_text("Running")
    second = page.url.rpartition("/")[2]
    assert second != first
    assert api.get(f"/executions/{second}")["triggerPayload"] == {"who": "Grace"}
    api.send("POST", f"/executions/{second}/cancel", {"reason": "enough"})
    expect(heading).to_contain_text("Cancelled")
    expect(page.get_by_text("enough").first).to_be_visible()


def test_what_is_decided_elsewhere_shows_at_once(api: Api, page: Page) -> None:
    run = api.run(api.make_workflow(REVIEW), until=("review_pending",))
    page.goto(f"/runs/{run}")
    expect(page.get_by_text("This run waits for a review.")).to_be_visible()
    review = api.get("/reviews", execution=run)["items"][0]["id"]
    api.send("POST", f"/reviews/{review}/decision", {"decision": "approve"})
    expect(page.get_by_role("heading", level=1)).to_contain_text("Completed")
    expect(page.get_by_text("This run waits for a review.")).to_have_count(0)


def test_outputs_are_shown_as_text_json_and_formatted(page: Page, seeded: Seeded) -> None:
    page.goto(f"/runs/{seeded.completed}")
    expect(page.get_by_text("Release v1.4.0", exact=True)).to_be_visible()
    expect(page.get_by_role("cell", name="Webhooks")).to_be_visible()
    page.get_by_text("Plain", exact=True).click()
    expect(page.get_by_role("group", name="Output")).to_contain_text("# Release v1.4.0")
    open_block(page, "Facts")
    facts = page.get_by_role("region", name="Facts")
    expect(facts.get_by_role("group", name="Output", exact=True)).to_contain_text('"areas": [')


def test_html_in_an_output_stays_text(api: Api, page: Page) -> None:
    source = PAUSING.format(name="With HTML").replace("{type: wait, name: Pause, needs: [greet], seconds: 3600}", "")
    source = source.replace("  pause: \n", "").replace("needs: [pause]", "needs: [greet]")
    evil = '<img src=x onerror="document.title=1"> <script>document.title=2</script> [a](javascript:alert(1)) ![b](/c)'
    run = api.run(api.make_workflow(source), who=evil)
    page.goto(f"/runs/{run}")
    shown = page.get_by_role("region", name="After")
    expect(shown).to_contain_text("<script>")
    assert shown.locator("img, script, a[href^='javascript']").count() == 0


def test_a_skipped_block_and_a_failure_are_told_in_words(page: Page, seeded: Seeded) -> None:
    page.goto(f"/runs/{seeded.completed}")
    open_block(page, "Announce widely")
    expect(page.get_by_role("region", name="Announce widely")).to_contain_text("major")
    page.goto(f"/runs/{seeded.failed}")
    expect(page.get_by_text("This run failed")).to_be_visible()
    expect(page.get_by_text("What went wrong")).to_be_visible()
    open_block(page, "Report")
    expect(page.get_by_role("region", name="Report")).to_contain_text("check")


def test_payload_caller_and_curl(api: Api, page: Page) -> None:
    workflow = api.make_workflow(NOTES)
    run = api.run(workflow, release_tag="v9", audience="o'neill")
    page.goto(f"/runs/{run}")
    page.get_by_role("tab", name="Payload and caller").click()
    expect(page.get_by_role("group", name="Payload", exact=True)).to_contain_text('"release_tag": "v9"')
    expect(page.get_by_text("Ada Example").last).to_be_visible()
    page.get_by_role("button", name="More about this run").click()
    page.get_by_role("menuitem", name="Copy as curl").click()
    command: str = page.evaluate("navigator.clipboard.readText()")
    secret = api.send("POST", "/api-keys", {"name": "for curl"})["secret"]
    done = subprocess.run(
        ["sh", "-c", command],
        env={"PATH": "/usr/bin:/bin", "RUNWRIGHT_API_KEY": secret},
        capture_output=True,
        check=True,
    )
    assert b'"success":true' in done.stdout
    newest = api.get("/executions", workflow=workflow)["items"][0]
    payload = api.get(f"/executions/{newest['id']}")["triggerPayload"]
    assert payload == {"release_tag": "v9", "audience": "o'neill"}


def test_the_canvas_shows_the_version_that_ran(api: Api, page: Page) -> None:
    workflow = api.make_workflow(NOTES)
    run = api.run(workflow, release_tag="v2.0.0")
    changed = NOTES.replace("name: Summarize", "name: Changed since")
    api.send("POST", f"/workflows/{workflow}/versions", {"source": changed, "publish": True})
    page.goto(f"/runs/{run}")
    page.get_by_role("tab", name="Canvas").click()
    canvas = page.get_by_role("group", name="Canvas")
    expect(canvas.get_by_text("Summarize")).to_be_visible()
    expect(canvas.get_by_text("Changed since")).to_have_count(0)
    canvas.get_by_text("Announce widely").click()
    expect(page.get_by_role("heading", name="Announce widely")).to_be_visible()
    expect(page.get_by_text("A big one: v2.0.0")).to_be_visible()

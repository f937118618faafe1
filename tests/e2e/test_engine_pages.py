"""What runs show of items, called workflows, callbacks, estimates and ceilings of costs."""

from __future__ import annotations

import json

import httpx
import pytest
from playwright.sync_api import Locator, Page, expect

from tests.e2e.axe import grave_violations
from tests.e2e.conftest import OpenPage
from tests.e2e.editor import Editor
from tests.e2e.server import Api

MANY = """
version: 1
name: Triage {number} tickets
inputs: {{tickets: {{default: '{tickets}'}}}}
blocks:
  each:
    type: map
    name: Each ticket
    over: "{{{{ tickets }}}}"
    on_item_error: collect
    concurrency: 20
    block: {{type: template, text: "Ticket {{{{ item.title }}}} <b>bold</b>"}}
  count: {{type: output, needs: [each], value: done}}
"""

CALLED = """
version: 1
name: {name}
inputs: {{draft: {{default: "Hello"}}}}
blocks:
  draft:
    type: template
    text: "{{{{ draft }}}}"
    review: {{message: "Is it good?"}}
  result: {{type: output, needs: [draft], value: "{{{{ blocks.draft.output }}}}"}}
"""

CALLING = """
version: 1
name: {name}
blocks:
  reply: {{type: workflow, name: Have it written, id: "{called}", inputs: {{draft: Good day}}}}
  send: {{type: output, needs: [reply], value: "{{{{ blocks.reply.output }}}}"}}
"""

SPENDING = """
version: 1
name: {name}
limits: {{cost: 0, cheaper_model: "demo:demo"}}
blocks:
  first: {{type: agent, prompt: Write something}}
  last: {{type: output, needs: [first], value: "{{{{ blocks.first.output }}}}"}}
"""

CALLBACK = """
version: 1
name: Wait for the build
blocks:
  build: {type: wait, name: The build, callback: true}
  done: {type: output, needs: [build], value: "{{ blocks.build.output }}"}
"""


def tickets(number: int, *, bad: int) -> str:
    """A workflow over so many items, of which one cannot be done."""
    items = [{"title": f"T-{place}"} if place != bad else {"name": "no title"} for place in range(number)]
    return MANY.format(number=number, tickets=json.dumps(items))


def items_of(page: Page) -> Locator:
    """The lines of the items that are shown."""
    return page.get_by_role("button", name="Item ")


def opened(page: Page, block: str) -> Locator:
    """A block's part of the timeline, opened."""
    line = page.get_by_role("button", name=block)
    if line.get_attribute("aria-expanded") != "true":
        line.click()
    return page.get_by_role("region", name=block)


def test_the_items_of_a_map_block(api: Api, page: Page) -> None:
    run = api.run(api.make_workflow(tickets(120, bad=7)))
    page.goto(f"/runs/{run}")
    block = opened(page, "Each ticket")
    expect(block.get_by_text("119 completed, 1 failed, of 120.")).to_be_visible()
    expect(items_of(page)).to_have_count(50)
    block.get_by_role("button", name="Next").click()
    expect(block.get_by_text("Items 50 to 99")).to_be_visible()
    block.get_by_role("button", name="Next").click()
    expect(items_of(page)).to_have_count(20)
    expect(block.get_by_role("button", name="Next")).to_be_disabled()
    block.get_by_role("button", name="Back").click()
    block.get_by_role("button", name="Item 50").click()
    expect(block.get_by_role("region", name="Item 50")).to_contain_text("Ticket T-50 <b>bold</b>")
    block.get_by_text("Failed", exact=True).click()
    expect(items_of(page)).to_have_count(1)
    items_of(page).click()
    expect(block.get_by_role("region", name="Item 7")).to_contain_text("title")


def test_a_called_run_is_reached_both_ways(api: Api, page: Page) -> None:
    called = api.make_workflow(CALLED.format(name="Write a reply"))
    run = api.run(api.make_workflow(CALLING.format(name="Answer mail", called=called)), until=("running",))
    page.goto(f"/runs/{run}")
    heading = page.get_by_role("heading", level=1)
    expect(page.get_by_text("It called “Write a reply”, which waits for a review.")).to_be_visible()
    block = opened(page, "Have it written")
    expect(block.get_by_role("list", name="Called workflows")).to_contain_text("Waiting for review")
    block.get_by_role("link", name="Write a reply").click()
    expect(heading).to_contain_text("Write a reply")
    page.get_by_role("button", name="Approve").click()
    expect(page.get_by_role("button", name="Approve")).to_have_count(0)
    expect(heading).to_contain_text("Completed")
    page.get_by_role("link", name="Answer mail").click()
    expect(heading).to_contain_text("Answer mail")
    expect(heading).to_contain_text("Completed")
    assert api.wait_for(run)["blocks"][-1]["output"] == "Good day"
    page.goto("/runs")
    expect(page.get_by_role("row", name="Answer mail")).to_be_visible()
    expect(page.get_by_role("row", name="Write a reply")).to_have_count(0)


def test_more_may_be_spent_or_not(api: Api, page: Page) -> None:
    run = api.run(api.make_workflow(SPENDING.format(name="Spends nothing")), until=("review_pending",))
    page.goto("/reviews")
    page.get_by_role("link", name="Spends nothing: May more be spent?").click()
    expect(page.get_by_text("Spent so far: $0.00")).to_be_visible()
    expect(page.get_by_role("button", name="Go on with demo:demo")).to_be_visible()
    expect(page.get_by_role("button", name="Send back")).to_have_count(0)
    page.get_by_role("button", name="Go on", exact=True).click()
    expect(page.get_by_text("Let go on by Ada Example")).to_be_visible()
    api.wait_for(run, until=("completed",))
    stopped = api.run(api.make_workflow(SPENDING.format(name="Stopped")), until=("review_pending",))
    page.goto(f"/runs/{stopped}")
    expect(page.get_by_role("button", name="Go on", exact=True)).to_be_visible()
    page.get_by_label("Comment").fill("Too dear.")
    page.get_by_role("button", name="Stop").click()
    expect(page.get_by_role("dialog")).to_contain_text("The run is cancelled")
    page.get_by_role("dialog").get_by_role("button", name="Stop").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Cancelled")
    expect(page.get_by_text("Stopped at its cost ceiling: Too dear.").first).to_be_visible()


def test_a_wait_for_a_callback_says_so(api: Api, page: Page) -> None:
    run = api.run(api.make_workflow(CALLBACK), until=("running",))
    page.goto(f"/runs/{run}")
    block = opened(page, "The build")
    expect(block).to_contain_text("Waiting to be called back since")
    address = block.get_by_role("group", name="Callback address").inner_text()
    assert httpx.post(address, content="built", timeout=30).status_code == 204
    expect(page.get_by_role("heading", level=1)).to_contain_text("Completed")
    assert api.wait_for(run)["blocks"][-1]["output"] == "built"


def test_what_a_run_will_cost_is_told_before_it(api: Api, page: Page) -> None:
    workflow = api.make_workflow(tickets(2, bad=5))
    editor = Editor(page, api, workflow).open()
    page.get_by_role("button", name="Run", exact=True).first.click()
    expect(editor.dialog().get_by_role("button", name="Run")).to_be_visible()
    expect(page.get_by_text("Usually")).to_have_count(0)
    api.run(workflow)
    page.reload()
    page.get_by_role("button", name="Run", exact=True).first.click()
    expect(editor.dialog()).to_contain_text("by the last run.")


def test_the_ceiling_is_edited_as_form_and_as_yaml(api: Api, page: Page) -> None:
    editor = Editor(page, api, api.make_workflow(SPENDING.format(name="Ceiling edited"))).open()
    panel = editor.panel()
    amount, model = panel.get_by_label("Most a run may spend"), panel.get_by_label("Cheaper model")
    expect(amount).to_have_value("0")
    expect(model).to_have_value("demo:demo")
    amount.fill("")
    amount.press_sequentially("0.25", delay=20)
    expect(amount).to_have_value("0.25")
    model.fill("")
    model.blur()
    assert editor.save()["limits"] == {"cost": 0.25}
    amount.fill("")
    assert "limits" not in editor.save()


@pytest.mark.parametrize("phone", [False, True], ids=["wide", "phone"])
def test_everybody_can_use_them(api: Api, open_page: OpenPage, phone: bool) -> None:
    page = open_page(api, phone=phone)
    many = api.run(api.make_workflow(tickets(60, bad=0)))
    called = api.make_workflow(CALLED.format(name="Seen called"))
    calling = api.run(api.make_workflow(CALLING.format(name="Seen calling", called=called)), until=("running",))
    asking = api.run(api.make_workflow(SPENDING.format(name="Seen spending")), until=("review_pending",))
    waiting = api.run(api.make_workflow(CALLBACK), until=("running",))
    found: dict[str, list[str]] = {}

    def look(name: str) -> None:
        wide: int = page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")
        found[name] = [*grave_violations(page), *([f"{wide} pixels too wide"] if wide > 0 else [])]

    page.goto(f"/runs/{many}")
    block = opened(page, "Each ticket")
    block.get_by_role("button", name="Item 0").click()
    block.get_by_role("button", name="Item 1", exact=False).first.click()
    look("items")
    page.goto(f"/runs/{calling}")
    opened(page, "Have it written")
    expect(page.get_by_role("list", name="Called workflows")).to_be_visible()
    look("calling")
    page.get_by_role("list", name="Called workflows").get_by_role("link").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Seen called")
    look("called")
    page.goto(f"/runs/{asking}")
    expect(page.get_by_text("Spent so far")).to_be_visible()
    look("spending")
    page.goto(f"/runs/{waiting}")
    opened(page, "The build")
    look("waiting")
    assert {name: problems for name, problems in found.items() if problems} == {}
    for run in (calling, asking, waiting):
        api.send("POST", f"/executions/{run}/cancel", {"reason": "seen"})

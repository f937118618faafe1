"""MCP servers in the settings, and an agent that calls one, with every step in the run."""

from __future__ import annotations

import sys
from collections.abc import Iterator

import pytest
from playwright.sync_api import Page, expect

from runwright.integrations.llm.fake_server import FakeModelServer, Say, Stall, Use
from runwright.integrations.mcp.fake_server import FakeMcpServer, Kind
from tests.e2e.axe import grave_violations
from tests.e2e.conftest import OpenPage
from tests.e2e.server import Api, serving

SECRET = "s3cret-value"
AGENT = """
version: 1
name: Sums
blocks:
  sum:
    type: agent
    name: Add up
    prompt: What are 20 and 22?
    tools:
      mcp:
        - {server: calculator, tools: [add]}
"""


@pytest.fixture(scope="module")
def fakes() -> Iterator[tuple[FakeMcpServer, FakeModelServer]]:
    """An MCP server, and a model that calls it."""
    with (
        FakeMcpServer(Kind.BAD_SCHEMA) as server,
        FakeModelServer(
            Use("calculator__add", {"a": 20, "b": 22}), Say("It is **42**."), Stall("Once upon a time")
        ) as model,
    ):
        yield server, model


@pytest.fixture(scope="module")
def api(tmp_path_factory: pytest.TempPathFactory, fakes: tuple[FakeMcpServer, FakeModelServer]) -> Iterator[Api]:
    """A server that may reach them, and start this Python."""
    environment = {
        "RUNWRIGHT_HTTP__ALLOW_HOSTS": "127.0.0.1",
        "RUNWRIGHT_MCP__STDIO_COMMANDS": sys.executable,
        "RUNWRIGHT_MODELS__DEFAULT": "compatible:small",
        "RUNWRIGHT_MODELS__COMPATIBLE_BASE_URL": fakes[1].openai_url,
    }
    with serving(tmp_path_factory.mktemp("server"), environment=environment) as running:
        made = Api(running)
        made.set_up()
        yield made


def add(page: Page, *, name: str, url: str, token: str = "") -> None:
    page.get_by_role("button", name="Add MCP server").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill(name)
    dialog.get_by_label("Address").fill(url)
    dialog.get_by_label("Bearer token").fill(token)
    dialog.get_by_role("button", name="Save").click()
    expect(dialog).to_be_hidden()


def remove_all(api: Api) -> None:
    for server in api.get("/mcp-servers"):
        api.send("DELETE", f"/mcp-servers/{server['id']}")


def test_a_server_is_added_tested_changed_and_removed(
    api: Api, fakes: tuple[FakeMcpServer, FakeModelServer], open_page: OpenPage
) -> None:
    remove_all(api)
    page = open_page(api, at="/settings/mcp")
    expect(page.get_by_role("heading", name="No MCP server yet")).to_be_visible()
    add(page, name="tracker", url=fakes[0].mcp_url, token=SECRET)
    card = page.get_by_role("region", name="tracker")
    expect(card).to_contain_text("With Authorization, kept encrypted")
    card.get_by_role("button", name="Test tracker").click()
    expect(card.get_by_role("status")).to_contain_text("It offers 12 tools.")
    card.get_by_text("12 tools, asked").click()
    tools = page.get_by_role("list", name="Tools of tracker")
    expect(tools).to_contain_text("Adds two numbers.")
    expect(tools).to_contain_text("Not given to agents: its schema is not valid")
    assert SECRET not in page.content()
    card.get_by_role("button", name="Change tracker").click()
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Bearer token")).to_have_value("")
    dialog.get_by_label("Name").fill("issues")
    dialog.get_by_role("button", name="Save").click()
    card = page.get_by_role("region", name="issues")
    card.get_by_role("button", name="Remove issues").click()
    page.get_by_role("dialog").get_by_role("button", name="Remove").click()
    expect(page.get_by_role("heading", name="No MCP server yet")).to_be_visible()


def test_a_server_by_a_command_and_one_that_fails(api: Api, open_page: OpenPage) -> None:
    remove_all(api)
    page = open_page(api, at="/settings/mcp")
    page.get_by_role("button", name="Add MCP server").click()
    dialog = page.get_by_role("dialog")
    dialog.get_by_label("Name").fill("local")
    dialog.get_by_text("By a command").click()
    dialog.get_by_role("textbox", name="Command").fill("bash")
    dialog.get_by_role("button", name="Save").click()
    expect(dialog.get_by_role("alert")).to_contain_text("RUNWRIGHT_MCP__STDIO_COMMANDS")
    dialog.get_by_role("textbox", name="Command").fill(sys.executable)
    dialog.get_by_label("Arguments").fill("-m\nrunwright.integrations.mcp.fake_server\ndead")
    dialog.get_by_role("button", name="Save").click()
    card = page.get_by_role("region", name="local")
    card.get_by_role("button", name="Test local").click()
    expect(card.get_by_role("status")).to_contain_text("I cannot live like this")


def test_an_agent_calls_a_tool_and_the_run_shows_it(
    api: Api, fakes: tuple[FakeMcpServer, FakeModelServer], open_page: OpenPage
) -> None:
    remove_all(api)
    body = {"name": "calculator", "transport": "http", "url": fakes[0].mcp_url}
    made = api.send("POST", "/mcp-servers", body)
    assert api.send("POST", f"/mcp-servers/{made['id']}/refresh")["ok"]
    run = api.run(api.make_workflow(AGENT))
    assert api.get(f"/executions/{run}")["status"] == "completed"
    for phone in (False, True):
        page = open_page(api, at=f"/runs/{run}", phone=phone)
        expect(page.get_by_text("What it did, step by step")).to_be_visible()
        expect(page.get_by_text("calculator · add")).to_be_visible()
        expect(page.get_by_text("2 model requests · 1 tool call")).to_be_visible()
        expect(page.get_by_role("group", name="Result")).to_have_text("42")
        assert grave_violations(page) == []
        page.goto("/settings/mcp")
        page.get_by_text("12 tools, asked").click()
        assert grave_violations(page) == []
        page.get_by_role("button", name="Add MCP server").click()
        expect(page.get_by_role("dialog")).to_be_visible()
        assert grave_violations(page) == []


def test_the_text_of_a_model_is_shown_as_it_comes(api: Api, open_page: OpenPage) -> None:
    workflow = api.make_workflow(AGENT.replace("name: Sums", "name: Story").split("    tools:")[0])
    with FakeModelServer(Stall("Once upon a time")) as stalling:
        api.send("PUT", "/model-providers/compatible", {"baseUrl": stalling.openai_url})
        page = open_page(api, at=f"/runs/{api.run(workflow, until=('pending', 'running'))}")
        expect(page.get_by_role("group", name="Answer so far")).to_contain_text("Once upon a time")
        assert grave_violations(page) == []
        page.get_by_role("button", name="Cancel run").click()
        page.get_by_role("dialog").get_by_role("button", name="Cancel run").click()
        expect(page.get_by_text("This run was cancelled")).to_be_visible()
        api.send("DELETE", "/model-providers/compatible")

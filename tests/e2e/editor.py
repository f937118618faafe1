"""The workflow editor as a test works it."""

from __future__ import annotations

from typing import Any

import yaml
from playwright.sync_api import Locator, Page, expect

from tests.e2e.server import Api

MOD = "ControlOrMeta"


class Editor:
    """One window with one workflow in it."""

    def __init__(self, page: Page, api: Api, workflow_id: str) -> None:
        self.page = page
        self.api = api
        self.workflow_id = workflow_id

    def open(self) -> Editor:
        """Go to it and wait until it can be worked with."""
        self.page.goto(f"/workflows/{self.workflow_id}")
        expect(self.page.get_by_role("button", name="More actions")).to_be_visible()
        expect(self.page.locator(".react-flow__node, [aria-label^='Blocks, in']").first).to_be_visible()
        return self

    def card(self, key: str) -> Locator:
        """A block on the canvas."""
        return self.page.locator(f".react-flow__node[data-id='{key}']")

    def handle(self, key: str, name: str) -> Locator:
        """Where a line leaves (``whole``, ``branch:name``) or reaches (``in``) a block."""
        return self.card(key).locator(f".react-flow__handle[data-handleid='{name}']")

    def lines(self) -> Locator:
        """The lines between blocks."""
        return self.page.locator(".react-flow__edge")

    def panel(self) -> Locator:
        """The panel beside the canvas."""
        return self.page.get_by_role("complementary", name="Settings and run")

    def dialog(self, name: str | None = None) -> Locator:
        """The dialog that is open."""
        return self.page.get_by_role("dialog", name=name) if name else self.page.get_by_role("dialog")

    def select(self, key: str) -> None:
        """Select one block, as with the mouse."""
        self.card(key).click()
        expect(self.card(key)).to_contain_class("selected")

    def drag(self, handle: Locator, *, to: tuple[float, float] | Locator) -> None:
        """Drag from the middle of something."""
        start = middle(handle)
        end = middle(to) if isinstance(to, Locator) else to
        mouse = self.page.mouse
        mouse.move(*start)
        mouse.down()
        mouse.move((start[0] + end[0]) / 2, (start[1] + end[1]) / 2, steps=4)
        mouse.move(*end, steps=4)
        mouse.up()

    def free_space(self) -> tuple[float, float]:
        """A place on the canvas where nothing is."""
        box = self.page.locator(".react-flow__pane").bounding_box()
        assert box is not None
        return box["x"] + box["width"] * 0.5, box["y"] + 60

    def pick(self, title: str) -> None:
        """Choose a block type in the picker."""
        self.page.get_by_role("combobox", name="Search block types").fill(title)
        self.page.get_by_role("option", name=title).first.click()
        expect(self.dialog("Add a block")).to_be_hidden()

    def find(self, words: str) -> None:
        """Type into the search of the dialog that is open, and take what comes first."""
        expect(self.dialog().get_by_role("combobox")).to_be_focused()
        self.page.keyboard.type(words)
        self.page.keyboard.press("Enter")

    def command(self, words: str) -> None:
        """Do something by the command palette."""
        self.page.keyboard.press(f"{MOD}+k")
        self.find(words)

    def place(self, key: str) -> str:
        """Where a block stands on the canvas."""
        style: str = self.card(key).evaluate("card => getComputedStyle(card).transform")
        return style

    def choose(self, command: str) -> None:
        """Choose something from the menu at the top."""
        self.page.get_by_role("button", name="More actions").click()
        self.page.get_by_role("menuitem", name=command).click()

    def save(self) -> dict[str, Any]:
        """Save, and what the server has then."""
        self.page.keyboard.press(f"{MOD}+s")
        expect(self.page.get_by_text("Unsaved changes")).to_be_hidden()
        return self.stored()

    def stored(self) -> dict[str, Any]:
        """The newest version on the server, read."""
        read: dict[str, Any] = yaml.safe_load(self.source())
        return read

    def source(self) -> str:
        """The text of the newest version on the server."""
        number = self.api.get(f"/workflows/{self.workflow_id}")["latestVersion"]
        text: str = self.api.get(f"/workflows/{self.workflow_id}/versions/{number}")["source"]
        return text


def middle(of: Locator) -> tuple[float, float]:
    """The middle of something on the page."""
    expect(of).to_be_visible()
    box = of.bounding_box()
    assert box is not None
    return box["x"] + box["width"] / 2, box["y"] + box["height"] / 2

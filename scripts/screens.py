"""Makes the pictures of the user's guide, docs/guide/images/, from a server of its own with examples in it.

python scripts/screens.py                 all of them
python scripts/screens.py runs triggers   only these
"""

from __future__ import annotations

import io
import os
import shutil
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

ROOT = Path(__file__).resolve().parent.parent
IMAGES = ROOT / "docs" / "guide" / "images"

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

    from tests.e2e.seeds import Seeded
    from tests.e2e.server import Api

WIDE = {"width": 1280, "height": 800}
PHONE = {"width": 390, "height": 780}
COLOURS = 96
LATER_S = 125
"""How long after the examples were made the browser believes to be, so that every picture says the same of it."""


@dataclass(frozen=True, slots=True)
class Screen:
    """A picture: a page, and what is done there before it is taken."""

    name: str
    at: str
    """The address; names in braces are fields of what was seeded."""
    do: Callable[[Page], None] | None = None
    dark: bool = False
    phone: bool = False


def click(role: str, name: str, *, exact: bool = True) -> Callable[[Page], None]:
    """Press something."""
    return lambda page: page.get_by_role(role, name=name, exact=exact).first.click()  # type: ignore[arg-type]


def menu(item: str, *, button: str = "More actions") -> Callable[[Page], None]:
    """Choose from a menu."""

    def choose(page: Page) -> None:
        click("button", button)(page)
        click("menuitem", item, exact=False)(page)

    return choose


def _triggers(page: Page) -> None:
    menu("Triggers")(page)
    page.get_by_role("dialog").get_by_text("API endpoint").wait_for()


def _block(page: Page) -> None:
    page.locator(".react-flow__node").get_by_text("Summarize").click()


def _palette(page: Page) -> None:
    page.keyboard.press("ControlOrMeta+k")
    page.get_by_role("dialog").wait_for()


def _shortcuts(page: Page) -> None:
    page.keyboard.press("?")
    page.get_by_role("dialog").wait_for()


def _history(page: Page) -> None:
    menu("History")(page)
    page.get_by_role("dialog").get_by_text("Version 1").first.wait_for()


def _run_in_editor(page: Page) -> None:
    click("button", "Run")(page)
    dialog = page.get_by_role("dialog")
    dialog.get_by_role("textbox", name="release_tag").fill("v1.5.0")
    dialog.get_by_role("button", name="Run").click()
    page.locator(".react-flow__node [aria-label='Completed']").nth(2).wait_for()
    page.locator(".react-flow__node").get_by_text("Notes", exact=True).click()


def _edit_review(page: Page) -> None:
    click("button", "Edit")(page)
    field = page.get_by_label("Your version")
    field.fill(field.input_value().replace("You find it under Billing.", "You find it under Invoices, at the top."))


def _new_key(page: Page) -> None:
    click("button", "Create API key")(page)
    page.get_by_label("Name").fill("release pipeline 2")
    click("button", "Create")(page)
    secret = page.get_by_role("textbox", name="Secret")
    # A random text would change the picture each time.
    secret.evaluate("field => { field.value = 'rw_' + '•'.repeat(40); }")


def _canvas(page: Page) -> None:
    click("tab", "Canvas")(page)
    page.get_by_role("group", name="Canvas").get_by_text("Summarize").click()


SCREENS = (
    Screen("workflows", "/workflows"),
    Screen("workflows-dark", "/workflows", dark=True),
    Screen("start", "/workflows", click("button", "Run Release notes")),
    Screen("template-gallery", "/workflows", menu("From a template", button="New workflow")),
    Screen("editor", "/workflows/{workflow}"),
    Screen("editor-block", "/workflows/{workflow}", _block),
    Screen("editor-yaml", "/workflows/{workflow}", click("button", "YAML")),
    Screen("editor-outline", "/workflows/{workflow}", lambda page: page.get_by_text("Outline", exact=True).click()),
    Screen("editor-palette", "/workflows/{workflow}", _palette),
    Screen("editor-shortcuts", "/workflows/{workflow}", _shortcuts),
    Screen("editor-history", "/workflows/{workflow}", _history),
    Screen("editor-run", "/workflows/{workflow}", _run_in_editor),
    Screen("triggers", "/workflows/{workflow}", _triggers),
    Screen("runs", "/runs?preview=false"),
    Screen("run", "/runs/{completed}"),
    Screen("run-canvas", "/runs/{completed}", _canvas),
    Screen("run-canvas-dark", "/runs/{completed}", _canvas, dark=True),
    Screen("run-caller", "/runs/{completed}", click("tab", "Payload and caller")),
    Screen("run-failed", "/runs/{failed}"),
    Screen("run-phone", "/runs/{waiting}", phone=True),
    Screen("reviews", "/reviews"),
    Screen("review", "/reviews/{review}", _edit_review),
    Screen("review-phone", "/reviews/{review}", phone=True),
    Screen("files", "/files"),
    Screen("settings-account", "/settings/account"),
    Screen("settings-keys", "/settings/api-keys"),
    Screen("new-key", "/settings/api-keys", _new_key),
    Screen("settings-project", "/settings/project"),
    Screen("settings-models", "/settings/models"),
    Screen("settings-mcp", "/settings/mcp"),
    Screen("settings-usage", "/settings/usage"),
)
BEFORE = ("welcome", "sign-in", "first-workflow")
"""Pictures from before there is an account and a workflow."""


def names() -> tuple[str, ...]:
    """Every picture."""
    return (*BEFORE, *(screen.name for screen in SCREENS))


def main() -> int:
    """Make those that are asked for; the exit code."""
    wanted = sys.argv[1:] or names()
    if unknown := set(wanted) - set(names()):
        print(f"There is no {', '.join(sorted(unknown))}. There are: {', '.join(names())}", file=sys.stderr)
        return 2
    sys.path.insert(0, str(ROOT))
    from tests.e2e.server import Api, serving

    with tempfile.TemporaryDirectory() as folder, serving(Path(folder)) as server, _browser() as browser:
        api = Api(server)
        _before(browser, api, wanted)
        _all(browser, api, wanted)
    return 0


@contextmanager
def _browser() -> Iterator[Browser]:
    from playwright.sync_api import sync_playwright

    program = os.environ.get("CHROMIUM") or shutil.which("chromium") or shutil.which("google-chrome")
    if program is None:
        raise SystemExit("There is no Chromium: install the package chromium, or set CHROMIUM to its path.")
    with sync_playwright() as playwright:
        yield playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])


def _before(browser: Browser, api: Api, wanted: tuple[str, ...] | list[str]) -> None:
    page = _window(browser, api, Screen("", ""))
    page.goto(api.server.first_link)
    _take(page, "welcome", wanted)
    api.set_up()
    page.goto("/sign-in")
    _take(page, "sign-in", wanted)
    page.context.add_cookies(api.cookies)
    page.goto("/workflows")
    _take(page, "first-workflow", wanted)
    page.context.close()


def _all(browser: Browser, api: Api, wanted: tuple[str, ...] | list[str]) -> None:
    from tests.e2e.seeds import seed

    seeded, now = seed(api), time.time() + LATER_S
    for screen in SCREENS:
        if screen.name in wanted:
            page = _window(browser, api, screen)
            page.clock.set_fixed_time(now)
            page.goto(screen.at.format_map(_fields(seeded)))
            page.wait_for_load_state("networkidle")
            if screen.do is not None:
                screen.do(page)
            _take(page, screen.name, wanted)
            page.context.close()


def _fields(seeded: Seeded) -> dict[str, str]:
    return {name: getattr(seeded, name) for name in seeded.__slots__}


def _window(browser: Browser, api: Api, screen: Screen) -> Page:
    context = browser.new_context(
        base_url=api.server.address,
        viewport=PHONE if screen.phone else WIDE,  # type: ignore[arg-type]
        color_scheme="dark" if screen.dark else "light",
        reduced_motion="reduce",
        timezone_id="UTC",
        locale="en-GB",
    )
    context.add_cookies(api.cookies)
    return context.new_page()


def _take(page: Page, name: str, wanted: tuple[str, ...] | list[str]) -> None:
    if name not in wanted:
        return
    from PIL import Image

    page.wait_for_load_state("networkidle")
    # Chunks that a press fetched, and places that the canvas moves to.
    page.wait_for_timeout(500)
    shot = page.screenshot(animations="disabled", caret="hide")
    picture = Image.open(io.BytesIO(shot)).convert("RGB")
    IMAGES.mkdir(exist_ok=True)
    picture.quantize(COLOURS, dither=Image.Dither.NONE).save(IMAGES / f"{name}.png", optimize=True)
    print(name, file=sys.stderr)


if __name__ == "__main__":
    raise SystemExit(main())

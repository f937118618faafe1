"""Browser tests: a real Chromium, the real server, the web app as it is built."""

from __future__ import annotations

import os
import shutil
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

from tests.e2e.seeds import Seeded, seed
from tests.e2e.server import Api, Server, serving

WIDE = {"width": 1440, "height": 900}
PHONE = {"width": 390, "height": 844}
# The first is the same browser without what draws its own windows, and does with a fifth less.
BROWSERS = ("chromium-headless-shell", "chromium", "google-chrome")

expect.set_options(timeout=30_000)


@pytest.hookimpl(tryfirst=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All in one worker: they share a browser and a server, and two browsers would only wait for each other."""
    for item in items:
        if "e2e" in item.path.parts:
            item.add_marker(pytest.mark.xdist_group("browser"))


@pytest.fixture(scope="package")
def browser() -> Iterator[Browser]:
    """The system's Chromium, or the one that ``CHROMIUM`` names."""
    program = (
        os.environ.get("CHROMIUM")
        or shutil.which("chromium-headless-shell")
        or shutil.which("chromium")
        or shutil.which("google-chrome")
    )
    if program is None:
        reason = "no Chromium: install the package chromium-headless-shell or chromium, or set CHROMIUM to its path"
        if os.environ.get("CI"):
            pytest.fail(reason)
        pytest.skip(reason)
    with sync_playwright() as playwright:
        # The sandbox needs rights that containers do not give; the pages are our own.
        launched = playwright.chromium.launch(executable_path=program, args=["--no-sandbox"])
        yield launched
        launched.close()


@pytest.fixture(scope="package")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    """A server that all tests share; what one makes must not matter to another."""
    with serving(tmp_path_factory.mktemp("server")) as running:
        yield running


@pytest.fixture(scope="package")
def api(server: Server) -> Api:
    """Its API, as its owner."""
    made = Api(server)
    made.set_up()
    return made


@pytest.fixture(scope="package")
def seeded(api: Api) -> Seeded:
    """Workflows, runs, reviews and keys of every kind; only to be looked at."""
    return seed(api)


@pytest.fixture
def fresh_server(tmp_path: Path) -> Iterator[Server]:
    """A server of the test's own that nobody has come to yet."""
    with serving(tmp_path) as running:
        yield running


OpenPage = Callable[..., Page]


@pytest.fixture
def open_page(browser: Browser) -> Iterator[OpenPage]:
    """Open a browser window of its own. At its end nothing may have gone wrong in it unseen."""
    with ExitStack() as opened:

        def make(api: Api | None = None, *, address: str = "", phone: bool = False, at: str = "/") -> Page:
            context = browser.new_context(
                base_url=api.server.address if api else address,
                viewport=PHONE if phone else WIDE,  # type: ignore[arg-type]
                has_touch=phone,
                color_scheme="light",
                reduced_motion="reduce",
                permissions=["clipboard-read", "clipboard-write"],
            )
            opened.callback(context.close)
            if api is not None:
                context.add_cookies(api.cookies)
            page = _watched(context, opened)
            page.goto(at)
            return page

        yield make


@pytest.fixture
def page(open_page: OpenPage, api: Api) -> Page:
    """A window in which the owner is signed in."""
    return open_page(api)


def _watched(context: BrowserContext, opened: ExitStack) -> Page:
    page, wrong = context.new_page(), list[str]()

    def listen(message: ConsoleMessage) -> None:
        # A refused request is an answer like others; the pages show it.
        if message.type in ("error", "warning") and "Failed to load resource" not in message.text:
            wrong.append(message.text)

    page.on("console", listen)
    page.on("pageerror", lambda error: wrong.append(str(error)))

    def check() -> None:
        assert wrong == [], f"the browser's console has {wrong}"

    opened.callback(check)
    return page


@pytest.fixture
def fresh_api(fresh_server: Server) -> Api:
    """The API of a server of the test's own, as its owner."""
    made = Api(fresh_server)
    made.set_up()
    return made

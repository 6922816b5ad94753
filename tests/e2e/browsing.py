"""Helpers for browser tests: Chromium, visitors, the unmodified console script over the simulated API."""

import os
import shutil
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager

import pytest
import pytest_asyncio
from axe_playwright_python.async_playwright import Axe
from playwright.async_api import Browser, BrowserContext, ConsoleMessage, Page, async_playwright, expect

from core.minitool.simulated import Simulated, serve_simulated
from tests.conftest import free_port
from tests.e2e.fork_server import service
from tests.waiting import PATIENCE_S

# Without windows of its own it needs half the computing, but knows nothing of a person's preferences.
WHOLE = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
SHELL = ("chromium-headless-shell", "chrome-headless-shell")


def _found(names: tuple[str, ...]) -> str | None:
    return next((path for path in map(shutil.which, names) if path), None)


WHOLE_BROWSER = _found(WHOLE)
BROWSER = _found(SHELL) or WHOLE_BROWSER
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run"),
    *("--disable-background-networking", "--disable-component-update", "--disable-sync"),
]
WAIT_MS = 1000 * PATIENCE_S
HURRY = {"tokens_per_s": 0.0, "first_token_s": 0.05, "job_s": 0.5}
expect.set_options(timeout=WAIT_MS)


def _needs(browser: str | None) -> pytest.MarkDecorator:
    return pytest.mark.skipif(
        browser is None and not os.environ.get("CI"),
        reason="no Chromium found: install it (on Debian: apt-get install chromium) to run the browser tests",
    )


needs_whole_browser = _needs(WHOLE_BROWSER)
pytestmark = [
    pytest.mark.e2e,
    pytest.mark.browser,
    pytest.mark.asyncio(loop_scope="module"),
    _needs(BROWSER),
]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def browser() -> AsyncIterator[Browser]:
    assert BROWSER, "these tests are never skipped where CI is set"
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=BROWSER, args=FLAGS)
        yield browser
        await browser.close()


@pytest.fixture(scope="module")
def model() -> Simulated:
    """Who answers, all at once: most tests look at what came of it, and a page that grows is drawn again and
    again."""
    return Simulated(**HURRY)


@pytest.fixture
def slowly(model: Simulated) -> Iterator[None]:
    """What this test asks for grows before its eyes, as it does where the `run` simulates it itself."""
    vars(model).update({name: vars(Simulated())[name] for name in HURRY})
    yield
    vars(model).update(HURRY)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def url(model: Simulated, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[str]:
    """The address of a `run` with no settings but its port, and who answers."""
    home, port = tmp_path_factory.mktemp("run"), str(free_port())
    async with (
        serve_simulated(model) as address,
        service(home, "--only", "web", WEB_PORT=port, MINITOOLAI_BASE_URL=address) as running,
    ):
        line = await running.until("web.serving")
        yield line.partition('"address": "')[2].partition('"')[0]
        assert await running.stop() == 0


@asynccontextmanager
async def visit(browser: Browser, url: str, **context: object) -> AsyncIterator[Page]:
    """A page of a new visitor. Nothing may appear on its console: neither an error of a script nor a
    breach of the content policy. (That a request was refused is told there by the browser itself.)"""
    # What moves is drawn anew without end, which is a sixth of what a test costs.
    still = {"locale": "en-US", "reduced_motion": "reduce", **context}
    visitor: BrowserContext = await browser.new_context(**still)  # type: ignore[arg-type]
    visitor.set_default_timeout(WAIT_MS)
    page = await visitor.new_page()
    complaints: list[str] = []

    def heard(message: ConsoleMessage) -> None:
        if message.type == "error" and not message.text.startswith("Failed to load resource"):
            complaints.append(message.text)

    page.on("console", heard)
    page.on("pageerror", lambda error: complaints.append(str(error)))
    await page.goto(url)
    yield page
    assert not complaints
    await visitor.close()


async def ended(page: Page, entries: int) -> None:
    """There are so many entries, and none is under way."""
    await expect(page.locator(".entry:not([data-open])")).to_have_count(entries)


async def judged_accessible(page: Page) -> None:
    """axe-core, an independent judge, finds nothing in the page as it is now that keeps somebody from using it:
    the rules of WCAG 2.2 A and AA, and its own of good practice."""
    rules = {"type": "tag", "values": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]}
    found = await Axe().run(page, options={"resultTypes": ["violations"], "runOnly": rules})
    assert not found.violations_count, found.generate_report()

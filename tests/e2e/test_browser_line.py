"""The page in a real browser when the connection to the server breaks, stays silent, or is shared by many
tabs."""

import asyncio
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.async_api import Browser, Page, Route, async_playwright, expect

from tests.e2e.browsing import (
    FLAGS,
    WAIT_MS,
    WHOLE_BROWSER,
    browser,
    ended,
    model,
    needs_whole_browser,
    pytestmark,
    slowly,
    url,
    visit,
)
from tests.waiting import until

__all__ = ["browser", "model", "pytestmark", "slowly", "url"]  # the fixtures, and when these tests run

# A browser without windows takes every tab for seen.
SEEN = """(isSeen) => {
  Object.defineProperty(document, "hidden", { configurable: true, get: () => !isSeen });
  document.dispatchEvent(new Event("visibilitychange"));
}"""


class Line:
    """Carries what browser and server say to one another, and can break."""

    def __init__(self, port: int) -> None:
        self._port = port
        self._ends: set[asyncio.StreamWriter] = set()

    def cut(self) -> None:
        """Closes what is open now; who comes later is carried."""
        for end in self._ends:
            end.close()

    async def carry(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", self._port)
        self._ends |= {writer, back}
        await asyncio.gather(self._copy(reader, back), self._copy(there, writer))
        self._ends -= {writer, back}

    async def _copy(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while data := await reader.read(65_536):
                writer.write(data)
                await writer.drain()
        except ConnectionError:
            pass
        writer.close()


@asynccontextmanager
async def line_to(url: str) -> AsyncIterator[tuple[Line, str]]:
    """A line to the server, and the address of its near end."""
    line = Line(urlsplit(url).port or 0)
    async with await asyncio.start_server(line.carry, "127.0.0.1", 0) as server:
        yield line, f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/"


async def ask(page: Page, text: str) -> None:
    """Asks, and waits for the first of the answer."""
    await page.fill("#text", text)
    await page.press("#text", "Enter")
    await expect(page.locator(".entry.growing:last-child .text > *").first).to_be_visible()


@pytest.mark.usefixtures("slowly")
async def test_seven_tabs(browser: Browser, url: str) -> None:
    """A browser opens six connections to a host: with seven tabs each one works, and an answer continues in
    another tab."""
    async with visit(browser, url) as first:
        tabs = [first]
        for _ in range(6):
            await tabs[-1].evaluate(SEEN, False)
            tabs.append(await first.context.new_page())
            await tabs[-1].goto(url)
        await ask(tabs[-1], "Tell me about rivers")
        await tabs[-1].evaluate(SEEN, False)
        await first.evaluate(SEEN, True)
        await expect(first.locator(".entry.growing .text > *").first).to_be_visible()
        await first.click("#send[data-stop]")
        await expect(first.locator(".entry.stopped")).to_be_visible()


@pytest.mark.parametrize("why", ["silence", "no line"])
async def test_an_unanswered_question_is_given_back(browser: Browser, url: str, why: str) -> None:
    """A question without a response, for long or at all, returns to the composer; the page says that it may
    have arrived, and does not send it again by itself."""
    async with visit(browser, url) as page:
        if why == "silence":
            await page.evaluate("AbortSignal.timeout = () => AbortSignal.abort()")  # no need to wait for it
        else:
            await page.route("**/turn", lambda route: route.abort())
        await page.fill("#text", "Are you there?")
        await page.press("#text", "Enter")
        await expect(page.locator("#notices .alert")).to_contain_text("check whether it is already here")
        await expect(page.locator("#text")).to_have_value("Are you there?")


async def test_the_page_reconnects_when_the_network_is_back(browser: Browser, url: str) -> None:
    """The browser reports that the network is back: the page asks again at once instead of waiting for the time
    limit."""
    async with line_to(url) as (line, near), visit(browser, near) as page:
        lost, asked = page.locator("#notices p", has_text="connection is lost"), list[Route]()

        async def hold_the_first(route: Route) -> None:
            asked.append(route)
            if len(asked) > 1:
                await route.continue_()

        await page.fill("#text", "/help")
        await page.press("#text", "Enter")
        await ended(page, 1)  # the stream is there
        await page.route("**/events?*", hold_the_first)
        line.cut()
        await until(lambda: bool(asked))
        await expect(lost).to_be_visible()
        await page.evaluate("dispatchEvent(new Event('online'))")
        await expect(lost).to_be_hidden(timeout=5000)
        asked.clear()
        line.cut()  # once more
        await expect(lost).to_be_visible()


async def test_a_session_that_ended(browser: Browser, url: str) -> None:
    """The page starts a new session by itself, and the draft stays."""
    async with line_to(url) as (line, near), visit(browser, near) as page:
        await page.fill("#text", "/help")
        await page.press("#text", "Enter")
        await ended(page, 1)
        await page.fill("#text", "Half a thought")
        await page.context.clear_cookies()
        async with page.expect_navigation():
            line.cut()
        await expect(page.locator("#text")).to_have_value("Half a thought")
        await page.press("#text", "Enter")
        await expect(page.locator(".entry .question")).to_have_text("Half a thought")

        await page.context.clear_cookies()
        await page.fill("#text", "The other half")
        async with page.expect_navigation():
            await page.press("#text", "Enter")
        await expect(page.locator("#text")).to_have_value("The other half")


@needs_whole_browser
async def test_without_cookies(url: str, tmp_path: Path) -> None:
    """The page says once that it needs cookies, and does not pretend to try again."""
    settings = {"profile": {"default_content_setting_values": {"cookies": 2}}}
    (tmp_path / "Default").mkdir()
    (tmp_path / "Default" / "Preferences").write_text(json.dumps(settings))
    async with async_playwright() as playwright:
        start = playwright.chromium.launch_persistent_context
        async with await start(tmp_path, executable_path=WHOLE_BROWSER, args=FLAGS, locale="en-US") as context:
            context.set_default_timeout(WAIT_MS)
            page, errors = await context.new_page(), list[str]()
            page.on("pageerror", lambda error: errors.append(str(error)))
            await page.goto(url)
            await page.click("#theme")
            await page.fill("#text", "Hello")
            await expect(page.locator("#notices p")).to_have_text(re.compile("needs cookies"))
            assert not await page.context.cookies()
            assert not errors


@pytest.mark.usefixtures("slowly")
async def test_a_short_break_changes_nothing_on_the_page(browser: Browser, url: str) -> None:
    """The page keeps its content and focus while the connection breaks and returns, also content that the store
    has lost. An answer that ended meanwhile says why, can be continued, and is announced."""
    async with line_to(url) as (line, near), visit(browser, near) as page:
        await page.fill("#text", "fault:400 Why?")
        await page.press("#text", "Enter")
        await ended(page, 1)
        await ask(page, "Tell me a long story about rivers")
        await expect(page.locator("#spoken")).to_have_text("The answer is being written.")
        place, words = page.locator(".failed .reuse"), page.locator(".entry.growing .text > *").first
        await place.focus()
        await page.clock.install()

        # A server that was killed, and is back, knows the question alone.
        asked = await (await page.request.get(f"{near}entries")).text()
        asked = re.sub(r'( data-open.*?<div class="text"[^>]*>).*?(</div>\n)', r"\1\2", asked, flags=re.DOTALL)
        silence = {"content_type": "text/event-stream", "body": ": \n\n"}
        await page.route("**/events?*", lambda route: route.fulfill(**silence))
        looks: list[Route] = []

        async def forgotten(route: Route) -> None:
            looks.append(route)
            await route.fulfill(body=asked)

        await page.route("**/entries", forgotten)
        line.cut()
        await until(lambda: len(looks) > 1)  # what came first has been drawn
        await expect(words).to_be_visible()
        await expect(place).to_be_focused()

        await page.unroute_all()
        await ended(page, 2)
        await expect(page.locator(".entry.cut .note")).to_contain_text("lost its connection")
        await expect(page.locator(".entry.cut .action[data-command=continue]")).to_be_visible()
        await expect(page.locator("#spoken")).to_contain_text("lost its connection")
        await expect(place).to_be_focused()
        await page.clock.fast_forward(10_000)
        await expect(page.locator("#notices p")).to_have_count(0)  # the line is there


async def test_nothing_is_sent_before_the_scripts_are_loaded(browser: Browser, url: str) -> None:
    """On a slow connection the send button waits for the scripts, and text typed meanwhile stays."""
    async with visit(browser, url) as page:
        held: list[Route] = []
        await page.route("**/static/composer.js*", lambda route: held.append(route))
        await page.reload(wait_until="commit")
        await until(lambda: held != [])
        await expect(page.locator("#send")).to_be_disabled()
        await page.fill("#text", "Are you there?")
        await held[0].continue_()
        await page.click("#send")
        await ended(page, 1)
        await expect(page.locator(".question")).to_have_text("Are you there?")

"""Habits that people have from other pages: typing on, pressing, copying, pasting."""

import pytest
from playwright.async_api import Browser, expect

from tests.e2e.browsing import browser, ended, model, pytestmark, url, visit

__all__ = ["browser", "model", "pytestmark", "url"]  # the fixtures, and when these tests run

PASTE = """(area, name) => {
  const files = new DataTransfer();
  files.items.add(new File(["a"], name, { type: "text/plain" }));
  area.dispatchEvent(new ClipboardEvent("paste", { clipboardData: files, bubbles: true, cancelable: true }));
}"""


async def test_focus_returns_to_the_composer_after_a_click(browser: Browser, url: str) -> None:
    """After a question or an order was sent with the mouse, typing goes into the next question. On a phone the
    keyboard closes, to make room for the answer."""
    async with visit(browser, url) as page:
        await page.fill("#text", "fault:400 One")
        await page.click("#send")
        await page.keyboard.type("fault:400 Two")
        await expect(page.locator("#text")).to_have_value("fault:400 Two")
        await ended(page, 1)
        await page.click("#paint")
        await page.click("#imagine [data-close] >> nth=0")
        await page.keyboard.type("!")
        await expect(page.locator("#text")).to_have_value("fault:400 Two!")
    async with visit(browser, url, has_touch=True, is_mobile=True) as page:
        await page.fill("#text", "fault:400 One")
        await page.tap("#send")
        await ended(page, 1)
        await expect(page.locator("#text")).not_to_be_focused()


async def test_arrow_up_restores_the_last_question(browser: Browser, url: str) -> None:
    """In an empty composer arrow up restores the last question, as in a shell; in a text it moves the
    cursor."""
    async with visit(browser, url) as page:
        await page.press("#text", "ArrowUp")
        await expect(page.locator("#text")).to_have_value("")
        for number, question in enumerate(("fault:400 One", "fault:400 Two"), 1):
            await page.fill("#text", question)
            await page.press("#text", "Enter")
            await ended(page, number)
        await page.press("#text", "ArrowUp")
        await expect(page.locator("#text")).to_have_value("fault:400 Two")
        await page.fill("#text", "A draft")
        await page.press("#text", "ArrowUp")
        await expect(page.locator("#text")).to_have_value("A draft")


async def test_a_new_chat_begins_once(browser: Browser, url: str) -> None:
    """Pressing "New chat" again ends nothing more, and says nothing more."""
    async with visit(browser, url) as page:
        await page.fill("#text", "fault:400 Why?")
        await page.press("#text", "Enter")
        await ended(page, 1)
        await page.click("#new")
        await ended(page, 2)
        await page.click("#new")
        await expect(page.locator("#text")).to_be_focused()
        await page.fill("#text", "fault:400 And why?")
        await page.press("#text", "Enter")
        await expect(page.locator(".entry.failed")).to_have_count(2)
        await expect(page.locator(".entry")).to_have_count(3)


@pytest.mark.parametrize("button", [".code .copy", ".action.copy"])
async def test_copying_without_https(browser: Browser, url: str, button: str) -> None:
    """Browsers give pages a clipboard only with https; copying works without, too."""
    async with visit(browser, url) as page:
        await page.fill("#text", "What is a fjord?")
        await page.press("#text", "Enter")
        await ended(page, 1)
        await page.evaluate("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
        await page.click(button)
        await expect(page.locator(button)).to_have_text("Copied")
        code = (await page.locator("pre code").inner_text()).strip()
        await page.focus("#text")
        await page.keyboard.press("Control+v")
        assert code in await page.locator("#text").input_value()


async def test_added_files_are_announced(browser: Browser, url: str) -> None:
    """A screen reader announces what a paste added."""
    async with visit(browser, url) as page:
        for name in ("notes.txt", "more.txt"):
            await page.locator("#text").evaluate(PASTE, name)
        await expect(page.locator("#spoken")).to_have_text(
            "Files to send: \u2068notes.txt\u2069, \u2068more.txt\u2069"
        )


async def test_long_details_wrap(browser: Browser, url: str) -> None:
    """A picture's long prompt runs over several lines: nothing has to be scrolled sideways."""
    async with visit(browser, url) as page:
        await page.fill("#text", "/imagine " + "a fox in the snow, " * 20)
        await page.press("#text", "Enter")
        await ended(page, 1)
        await page.click(".action[data-command=details]")
        await ended(page, 2)
        assert await page.locator("pre").evaluate("one => one.scrollWidth <= one.clientWidth")


async def test_controls_of_several_pictures_have_different_names(browser: Browser, url: str) -> None:
    """A screen reader says which picture a control enlarges or downloads."""
    async with visit(browser, url) as page:
        await page.click("#paint")
        await page.fill("#imagine [name=prompt]", "A hare")
        await page.fill("#imagine [name=count]", "2")
        await page.click("#imagine [type=submit]")
        await ended(page, 1)
        for number in (1, 2):
            await expect(page.get_by_role("button", name=f"Enlarge: A hare ({number}/2)")).to_be_visible()
            file = await page.locator(".download").nth(number - 1).get_attribute("download")
            await expect(page.get_by_role("link", name=f"Download: {file}")).to_be_attached()


async def test_control_and_enter_send(browser: Browser, url: str) -> None:
    """Ctrl+Enter sends on a tablet with a keyboard, and in the field of the image prompt, where Enter alone
    starts a new line."""
    async with visit(browser, url, has_touch=True, is_mobile=True) as page:
        await page.fill("#text", "fault:400 Why?")
        await page.press("#text", "Control+Enter")
        await ended(page, 1)
        await page.click("#paint")
        await page.fill("#imagine [name=prompt]", "A hare")
        await page.press("#imagine [name=prompt]", "Enter")
        await page.keyboard.type("in the snow")
        await page.keyboard.press("Meta+Enter")
        await ended(page, 2)
        await expect(page.locator(".entry:last-child .question")).to_contain_text(
            "A hare\nin the snow", use_inner_text=True
        )

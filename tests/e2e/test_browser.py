"""The page in a real browser, served by the unmodified console script over the simulated API."""

import asyncio
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, Route, expect

from bots.web.site import GRACE_S
from core.words import locales
from tests.e2e.browsing import browser, ended, judged_accessible, model, pytestmark, slowly, url, visit
from tests.waiting import PATIENCE_S

__all__ = ["browser", "model", "pytestmark", "slowly", "url"]  # the fixtures, and when these tests run


@pytest.mark.usefixtures("slowly")
async def test_a_conversation(browser: Browser, url: str, tmp_path: Path) -> None:
    """A visitor asks, copies code, asks about a picture, stops an answer, orders a picture and reloads."""
    Image.new("RGB", (64, 48), "#2040c0").save(tmp_path / "sea.png")
    async with visit(browser, url) as page:
        await expect(page.locator(".simulated")).to_be_visible()
        await page.fill("#text", "Compare tea and coffee in a table")
        await page.keyboard.press("Enter")
        await expect(page.locator(".entry.growing .text > *").first).to_be_visible()
        await ended(page, 1)
        await expect(page.locator(".text table")).to_be_visible()
        await expect(page.locator("#spoken")).to_contain_text("SELECT")
        await expect(page.locator("#spoken")).not_to_contain_text("Copy")
        await expect(page.locator(".footer")).to_contain_text("$0.")
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await page.click(".copy")
        copied = await page.evaluate("navigator.clipboard.readText()")
        assert copied.strip() == (await page.locator("pre code").inner_text()).strip()

        await page.set_input_files("#file", tmp_path / "sea.png")
        await expect(page.locator("#thumbnails img")).to_be_visible()
        await page.fill("#text", "What is this?")
        await page.click("#send")
        await expect(page.locator(".entry.growing")).to_contain_text("64")
        await page.click("#send[data-stop]")
        await expect(page.locator(".entry.stopped")).to_be_visible()
        await expect(page.locator("#notices p")).to_have_count(0)  # the answer itself says so

        await page.click("#paint")
        await page.fill("#imagine [name=prompt]", "A lighthouse at dawn")
        await page.click("#imagine .shape:has-text('Small')")
        await page.click("#imagine button[type=submit]")
        await expect(page.locator(".painting progress")).to_be_attached()
        picture = page.get_by_alt_text("A lighthouse at dawn")
        await expect(picture).to_be_visible()
        assert await picture.evaluate("image => image.decode().then(() => image.naturalWidth)") == 512
        await picture.click()
        await expect(page.locator("#large img")).to_be_visible()
        await page.keyboard.press("Escape")
        await page.dblclick(".action[data-command=file]")
        await expect(page.locator("a.file[download$='.png']")).to_be_visible()

        seen = await page.locator("#log").inner_text()
        await page.reload()
        assert await page.locator("#log").inner_text() == seen
        await expect(page.locator("a.file")).to_have_count(1)  # pressed twice at once is pressed once
        await judged_accessible(page)


@pytest.mark.usefixtures("slowly")
async def test_a_reload_in_mid_answer(browser: Browser, url: str) -> None:
    """After a reload during an answer the page shows what was there, and streams the rest of the same answer,
    also if the connection is so slow that no page is open for a while."""

    async def late(route: Route) -> None:
        await asyncio.sleep(2 * GRACE_S)
        await route.continue_()

    async with visit(browser, url) as page:
        await page.fill("#text", "Tell me about rivers " * 20)
        await page.keyboard.press("Enter")
        await expect(page.locator(".entry.growing .text > *").first).to_be_visible()
        await page.route("**/static/page.js*", late)
        await page.reload()
        await expect(page.locator(".entry")).to_have_count(1)
        await ended(page, 1)
        await expect(page.locator(".entry.done")).to_be_visible()


async def test_the_keyboard_and_the_form(browser: Browser, url: str) -> None:
    """Commands can be chosen with the arrow keys, the form keeps values within their ranges, and a screen
    reader is told the end of an answer."""
    async with visit(browser, url) as page:
        await page.keyboard.type("/h")
        await expect(page.locator("#menu [aria-selected=true]")).to_contain_text("/help")
        await page.keyboard.press("Enter")
        await ended(page, 1)
        await expect(page.locator(".entry .text")).to_contain_text("/imagine")  # what help is about
        await expect(page.locator("#spoken")).not_to_be_empty()
        await page.keyboard.type("/")
        await page.keyboard.press("ArrowDown")
        await expect(page.locator("#menu [aria-selected=true]")).to_contain_text("/imagine")
        await page.keyboard.press("Tab")
        await expect(page.locator("#text")).to_have_value("/imagine ")
        await page.keyboard.press("Enter")  # without a description it opens the form
        await expect(page.locator("#imagine")).to_be_visible()
        await page.fill("#imagine [name=prompt]", "A fox")
        await page.fill("#imagine [name=width]", "2000")
        await page.click("#imagine button[type=submit]")
        await expect(page.locator("#imagine")).to_be_visible()
        assert await page.eval_on_selector("#imagine [name=width]", "field => field.validity.rangeOverflow")
        await page.keyboard.press("Escape")
        await expect(page.locator("#imagine")).to_be_hidden()


async def test_a_phone_in_the_dark_in_german(browser: Browser, url: str) -> None:
    """Nothing is cut off at a phone's width; dark mode and German follow the device; the toggle overrides
    it."""
    phone = {"width": 360, "height": 700}
    async with visit(browser, url, viewport=phone, color_scheme="dark", locale="de-DE") as page:
        await expect(page.locator("h2#hello")).to_have_text("Was möchtest du wissen?")
        await expect(page.locator("html")).to_have_attribute("data-theme", "dark")
        await page.fill("#text", "/persona Du bist die " + "Donaudampfschifffahrt" * 8)
        await page.click("#send")
        await ended(page, 1)
        assert await page.evaluate("document.documentElement.scrollWidth") <= 360
        await page.click("#paint")
        await judged_accessible(page)
        await page.keyboard.press("Escape")
        await page.click("#theme")
        await page.reload()
        await expect(page.locator("html")).to_have_attribute("data-theme", "light")


async def test_a_refused_request_loses_nothing(browser: Browser, url: str) -> None:
    """If the server cannot be reached, the question is put back into the composer."""
    async with visit(browser, url) as page:
        await page.route("**/turn", lambda route: route.fulfill(status=413, json={"error": "Too much."}))
        await page.fill("#text", "My long question")
        await page.evaluate("document.getElementById('composer').requestSubmit()")
        await expect(page.locator("#notices .alert")).to_have_text("Too much.")
        await expect(page.locator("#text")).to_have_value("My long question")

        refused = asyncio.Event()

        async def late(route: Route) -> None:
            await refused.wait()
            await route.fulfill(status=413, json={"error": "Too much again."})

        await page.unroute_all()
        await page.route("**/turn", late)
        await page.press("#text", "Enter")
        await expect(page.locator("#text")).to_have_value("")
        await page.fill("#text", "And one more")
        refused.set()
        await expect(page.locator("#text")).to_have_value("My long question\nAnd one more")


async def test_several_files_at_once(browser: Browser, url: str, tmp_path: Path) -> None:
    """All files of one selection are attached, texts and pictures, and shown with the question."""
    Image.new("RGB", (64, 48), "#2040c0").save(tmp_path / "sea.png")
    Image.new("RGB", (64, 48), "#20c040").save(tmp_path / "wood.png")
    (tmp_path / "notes.txt").write_text("Buy milk.")
    (tmp_path / "broken.png").write_bytes(b"no picture")
    async with visit(browser, url) as page:
        await page.set_input_files("#file", [tmp_path / name for name in ("sea.png", "notes.txt", "wood.png")])
        await expect(page.locator("#thumbnails img")).to_have_count(2)
        await expect(page.locator("#thumbnails .file")).to_have_text("notes.txt")
        await page.click("#thumbnails li:last-child button")
        await page.set_input_files("#file", tmp_path / "broken.png")
        await expect(page.locator("#notices .alert")).to_contain_text("broken.png")
        await page.fill("#text", "What are these?")
        await page.click("#send")
        await expect(page.locator(".uploads .file")).to_have_text("notes.txt")
        await expect(page.locator(".answer .text")).to_contain_text("Buy milk.")


async def test_enter_sends_files_that_are_still_being_read(browser: Browser, url: str, tmp_path: Path) -> None:
    """Enter pressed twice right after files were chosen, before their thumbnails exist, sends all files
    once."""
    slowly = "() => { const make = createImageBitmap; window.createImageBitmap = async (file) => {"
    slowly += "await new Promise((done) => setTimeout(done, 300)); return make(file); }; }"
    names = [tmp_path / f"{name}.png" for name in ("sea", "wood", "sky")]
    for name in names:
        Image.new("RGB", (64, 48), "#2040c0").save(name)
    async with visit(browser, url) as page:
        await page.evaluate(slowly)
        await page.fill("#text", "What are these?")
        await page.set_input_files("#file", names[:2])
        await page.set_input_files("#file", names[2:])
        await page.press("#text", "Enter")
        await expect(page.locator(".uploads img")).to_have_count(3)
        await expect(page.locator("#thumbnails li")).to_have_count(0)


async def test_focus_is_kept_or_moves_to_the_composer(browser: Browser, url: str) -> None:
    """A button that was pressed keeps the focus; if the focused element disappears, the composer gets it."""
    async with visit(browser, url) as page:
        await page.fill("#text", "/model")
        await page.press("#text", "Enter")
        await ended(page, 1)
        first = page.locator(".choice").first
        await first.press("Enter")
        await ended(page, 2)
        await expect(first).to_be_focused()
        await page.fill("#text", "fault:400 Why?")
        await page.press("#text", "Enter")
        await ended(page, 3)
        await page.locator(".action.danger").press("Enter")
        await expect(page.locator(".entry")).to_have_count(2)
        await expect(page.locator("#text")).to_be_focused()


# Whether no button, and nothing that is drawn in one, lies over another or sticks out.
APART = """(tools) => {
  const drawn = (button) => [button, ...button.querySelectorAll(".icon, span:not(.unseen)")];
  const boxes = (button) => drawn(button).map((one) => one.getBoundingClientRect()).filter((box) => box.width);
  const isBeside = (one, other) => one.right <= other.left || other.right <= one.left;
  const isApart = (one, other) => isBeside(one, other) || one.bottom <= other.top || other.bottom <= one.top;
  const buttons = [...tools.querySelectorAll("button")].map(boxes);
  const edge = tools.getBoundingClientRect().right;
  return buttons.every((own, at) => own.every((box) =>
    box.right <= edge && buttons.slice(at + 1).flat().every((other) => isApart(box, other))));
}"""


# Whether a list has room for the line that is chosen.
WHOLE = """list => {
  const other = list.cloneNode();
  other.append(list.selectedOptions[0].cloneNode(true));
  other.style.width = "max-content";
  list.after(other);
  const { offsetWidth } = other;
  other.remove();
  return offsetWidth <= list.offsetWidth;
}"""


async def test_the_narrowest_phones_in_every_language(browser: Browser, url: str) -> None:
    """At a width of 320 pixels nothing of the page or the image form is cut off, and the header leaves room for
    the rest."""
    async with visit(browser, url, viewport={"width": 320, "height": 640}) as page:
        wide = "element => element.scrollWidth - element.clientWidth"
        for locale in locales():
            await page.goto(f"{url}language?to={locale}", wait_until="domcontentloaded")
            for width in (412, 320):  # common, and the narrowest
                await page.set_viewport_size({"width": width, "height": 640})
                assert await page.locator(".top").evaluate("top => top.offsetHeight") < 64, locale  # one line
            for size in ("200%", "100%"):  # WCAG 2.2, 1.4.4
                await page.evaluate("size => { document.documentElement.style.fontSize = size; }", size)
                assert await page.locator(".tools").evaluate(APART), (locale, size)
            await page.click("#paint")
            assert await page.locator("#imagine > form").evaluate(wide) <= 0, locale
            assert await page.locator("#imagine [name=model]").evaluate(WHOLE), locale
            example = page.locator("#imagine [name=negative]")
            assert await example.evaluate("field => getComputedStyle(field).textOverflow") == "ellipsis"
            assert await page.locator("html").evaluate(wide) <= 0, locale


async def test_the_composer_in_every_language(browser: Browser, url: str) -> None:
    """On a phone and a tablet, the model and the hint about keys are readable to the end, in one row."""
    async with visit(browser, url) as page:
        cut = "parts => parts.filter((part) => part.scrollWidth > part.clientWidth).map((part) => part.id)"
        for locale in locales():
            await page.goto(f"{url}language?to={locale}", wait_until="domcontentloaded")
            for width in (360, 390, 412, 440, 700, 768):
                await page.set_viewport_size({"width": width, "height": 640})
                assert await page.locator("#model-name, .hint").evaluate_all(cut) == [], (locale, width)
                assert await page.locator(".tools").evaluate("tools => tools.offsetHeight") < 60, (
                    locale,
                    width,
                )


# How wide each line of a text is.
LINES = """part => {
  const range = document.createRange();
  range.selectNodeContents(part);
  return [...range.getClientRects()].map((line) => line.width);
}"""


async def test_a_lost_connection(browser: Browser, url: str) -> None:
    """The page says once that the server is away, for as long as it is; what was typed meanwhile is kept."""
    async with visit(browser, url) as page:
        for path in ("**/events?*", "**/turn"):
            await page.route(path, lambda route: route.abort())
        await page.reload()
        await expect(page.locator("#notices .alert")).to_contain_text("The connection is lost")
        await page.evaluate("document.querySelector('#notices p').dataset.first = 'yes'")
        await page.set_viewport_size({"width": 320, "height": 640})
        first, *_, last = await page.locator("#notices p").evaluate(LINES)
        assert last > first / 2
        await page.fill("#text", "Are you there?")
        async with page.expect_event("requestfailed", lambda request: request.url.endswith("/turn")):
            await page.press("#text", "Enter")
        await expect(page.locator("#text")).to_have_value("Are you there?")
        await expect(page.locator("#notices [data-stays]")).to_have_count(1)
        await expect(page.locator("#notices [data-stays]")).to_have_attribute("data-first", "yes")
        await page.unroute_all()
        await expect(page.locator("#notices [data-stays]")).to_have_count(0)


@pytest.mark.usefixtures("slowly")
async def test_a_late_reload_does_not_overwrite_newer_events(browser: Browser, url: str) -> None:
    """After a break the page fetches everything; events that the stream delivers before that response arrives
    are not overwritten by it."""
    shown = asyncio.Event()

    async def late(route: Route) -> None:
        answer = await route.fetch()
        assert "data-open" in await answer.text()
        await page.click("#send[data-stop]")
        await ended(page, 1)
        await route.fulfill(response=answer)
        shown.set()

    async with visit(browser, url) as page:
        await page.fill("#text", "Tell me a long story about rivers")
        await page.keyboard.press("Enter")
        await expect(page.locator(".entry.growing .text > *").first).to_be_visible()
        await page.route("**/events?*", lambda route: route.abort())
        await page.route("**/entries", late)
        await page.reload()
        await expect(page.locator("#notices .alert")).to_contain_text("The connection is lost")
        await page.unroute("**/events?*")
        async with asyncio.timeout(PATIENCE_S):
            await shown.wait()
        await page.evaluate("new Promise((done) => setTimeout(done, 200))")  # it has been drawn by then
        await expect(page.locator(".entry.stopped")).to_have_count(1)
        await expect(page.locator(".entry")).to_have_count(1)


# Whether a text's pieces stand from left to right on the page, in the order given.
IN_ORDER = """(line, pieces) => {
  const text = document.createTreeWalker(line, NodeFilter.SHOW_TEXT).nextNode();
  const range = document.createRange();
  const edges = pieces.map((piece) => {
    const at = text.data.indexOf(piece);
    range.setStart(text, at);
    range.setEnd(text, at + piece.length);
    return range.getBoundingClientRect();
  });
  return edges.every((edge, at) => edge.width > 0 && (at === 0 || edge.left >= edges[at - 1].right - 1));
}"""


async def test_right_to_left_text_reorders_nothing_around_it(browser: Browser, url: str) -> None:
    """Questions and answers have the direction of their text; Hebrew, or characters that change the direction,
    do not move words of the page around them."""
    async with visit(browser, url) as page:
        await page.fill("#text", "שלום (עולם) 12, what?")
        await page.press("#text", "Enter")
        await ended(page, 1)
        direction = "element => getComputedStyle(element).direction"
        assert await page.locator(".question").evaluate(direction) == "rtl"
        assert await page.locator(".answer .text").evaluate(direction) == "ltr"
        await page.fill("#text", "/model \u202eאבג (דה) 12")
        await page.press("#text", "Enter")
        await ended(page, 2)
        note = page.locator(".entry:last-child .note")
        pieces = ["There is no model", "אבג", ". Available", "gpt-4o-mini"]
        assert await note.evaluate(f"line => ({IN_ORDER})(line, {pieces})")

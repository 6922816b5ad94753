"""Reading on the page in a real browser: scrolling, the empty page, small print, tables, print."""

import asyncio
import io

import pytest
from PIL import Image
from playwright.async_api import Browser, Route, expect

from tests.e2e.browsing import browser, ended, model, pytestmark, slowly, url, visit
from tests.waiting import until

__all__ = ["browser", "model", "pytestmark", "slowly", "url"]  # the fixtures, and when these tests run


async def test_after_all_was_erased_the_page_is_as_new(browser: Browser, url: str) -> None:
    """After /forget no open page shows anything as under way, and the welcome is back without a reload."""
    async with visit(browser, url) as page:
        other = await page.context.new_page()
        await other.goto(url)
        await page.fill("#text", "/forget")
        await page.press("#text", "Enter")
        await ended(page, 1)
        await page.click(".action.danger")
        for one in (page, other):
            await expect(one.locator(".entry")).to_have_count(0)
            await expect(one.locator("#welcome")).to_be_visible()


# A little up from where the page follows the answer; whether the way down is hidden unless that is far. The
# browser's own event comes later, when more may have been written.
UP = """async () => {
  while (scrollY < 300) await new Promise(requestAnimationFrame);
  scrollBy({ top: -60 });
  dispatchEvent(new Event("scroll"));
  const page = document.documentElement;
  return document.getElementById("down").hidden === (page.scrollHeight - scrollY - innerHeight < 400);
}"""


@pytest.mark.usefixtures("slowly")
async def test_the_button_to_the_newest_appears(browser: Browser, url: str) -> None:
    """A reader slightly above the end stays there while the answer grows; the button to the end appears once it
    is far away."""
    async with visit(browser, url, viewport={"width": 360, "height": 400}) as page:
        await page.fill("#text", "Tell me a long story about rivers")
        await page.press("#text", "Enter")
        assert await page.evaluate(UP)
        await expect(page.locator("#down")).to_be_visible()
        await page.click("#send[data-stop]")
        await ended(page, 1)
        await page.click("#down")
        await expect(page.locator("#down")).to_be_hidden()


# Marks all of the answer's third paragraph, and puts the keyboard on the button of its first code.
MARK = """answer => {
  getSelection().selectAllChildren(answer.querySelectorAll(".text > p")[2]);
  answer.querySelector(".copy").focus({ preventScroll: true });
}"""


@pytest.mark.usefixtures("slowly")
async def test_a_growing_answer_can_be_copied_and_selected(browser: Browser, url: str) -> None:
    """Code has its box and copy button already; selection and focus stay when the answer ends. The copied
    answer does not contain the labels of buttons, and a screen reader says that it was copied."""
    async with visit(browser, url) as page:
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await page.fill("#text", "```python\nprint(1)\n```\nTell me a long story")
        await page.press("#text", "Enter")
        answer = page.locator(".entry.growing .answer")
        await expect(answer.locator("blockquote .head")).to_have_text("pythonCopy")
        await expect(answer.locator(".text > p").nth(3)).to_be_visible()
        await answer.locator(".copy").click()
        assert (await page.evaluate("navigator.clipboard.readText()")).strip() == "print(1)"
        await answer.evaluate(MARK)
        marked = await page.evaluate("getSelection().toString()")
        await expect(page.locator(".entry.growing")).to_have_count(1)
        await ended(page, 1)
        assert await page.evaluate("getSelection().toString()") == marked != ""
        await expect(page.locator("blockquote .copy")).to_be_focused()
        await page.click(".action.copy")
        await expect(page.locator(".action.copy")).to_have_text("Copied")
        await expect(page.locator("#spoken")).to_have_text("Copied")
        copied = await page.evaluate("navigator.clipboard.readText()")
        assert marked.strip() in copied
        assert "Copy" not in copied


# Keeps the box of an answer's newest code, and counts how often it was drawn anew while the answer grew.
BOXES = """() => new Promise((done) => {
  const seen = new Set();
  const watch = new MutationObserver(() => {
    const text = document.querySelector(".entry .text");
    for (const box of text.querySelectorAll(":scope > .code")) seen.add(box);
    if (!document.querySelector(".entry[data-open]")) { watch.disconnect(); done(seen.size); }
  });
  watch.observe(document.getElementById("log"), { subtree: true, childList: true, attributes: true });
})"""


@pytest.mark.usefixtures("slowly")
async def test_a_growing_code_block_keeps_its_box(browser: Browser, url: str) -> None:
    """The last block is redrawn with each word, but its element stays."""
    async with visit(browser, url) as page:
        await page.fill("#text", "Hello")
        counting = asyncio.create_task(page.evaluate(BOXES))
        await page.press("#text", "Enter")
        assert await counting == 1
        await ended(page, 1)


@pytest.mark.usefixtures("slowly")
async def test_a_picture_does_not_shift_the_page(browser: Browser, url: str) -> None:
    """Nothing moves when a picture arrives, not even before it is loaded."""
    async with visit(browser, url) as page:
        held: list[Route] = []

        async def hold(route: Route) -> None:
            held.append(route)

        await page.route("**/pictures/*", hold)
        await page.fill("#text", "/imagine a fox")
        await page.press("#text", "Enter")
        size = "one => [one.getBoundingClientRect().width, one.getBoundingClientRect().height]"
        kept = await page.locator(".canvas").evaluate(size)
        await expect(page.locator(".pictures img")).to_be_attached()
        assert await page.locator(".pictures img").evaluate(size) == pytest.approx(kept, abs=2)
        await until(lambda: held != [])
        await held[0].continue_()
        await page.locator(".pictures img").evaluate("image => image.decode()")
        assert await page.locator(".pictures img").evaluate(size) == pytest.approx(kept, abs=2)


CONTRAST = """line => {
  const parts = (color) => color.match(/[\\d.]+/g).slice(0, 3).map(Number);
  const field = line.placeholder ? line : document.getElementById("composer");
  const around = getComputedStyle(line.closest(".code") ?? field);
  const style = getComputedStyle(line, line.placeholder ? "::placeholder" : null);
  const [ink, paper] = [parts(style.color), parts(around.backgroundColor)];
  const seen = ink.map((one, at) => style.opacity * one + (1 - style.opacity) * paper[at]);
  const linear = (one) => (one <= 10 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4);
  const [dark, light] = [seen, paper].map((color) => {
    const [red, green, blue] = color.map(linear);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }).sort((one, two) => one - two);
  return (light + 0.05) / (dark + 0.05);
}"""

CODE = """```python
# why
@cached
def half(of: float = 1.5) -> str | None:
    return f"{of / 2:.1f}\\n" if of is not None else str(of)
```
```html
<a href="https://example.com">why</a>
```
```diff
- before
+ after
```"""


async def test_small_print_can_be_read(browser: Browser, url: str) -> None:
    """WCAG 2.2, 1.4.3: small text has a contrast of at least 4.5 in light and dark mode; so has code, whose
    kinds of tokens differ by more than one colour."""
    for scheme in ("light", "dark"):
        async with visit(browser, url, color_scheme=scheme) as page:
            await page.fill("#text", CODE)
            await page.click("#send")
            await ended(page, 1)
            signs = page.locator("blockquote .code span")
            colours = set()
            for sign in await signs.all():
                assert await sign.evaluate(CONTRAST) >= 4.5, (scheme, await sign.get_attribute("class"))
                colours.add(await sign.evaluate("sign => getComputedStyle(sign).color"))
            assert len(colours) >= 6, scheme
            await page.click("#paint")
            for name in (".hint", "#imagine textarea"):
                assert await page.locator(name).first.evaluate(CONTRAST) >= 4.5, (scheme, name)


# Whether what has the focus, where it is a button of an answer, is seen between the header and the composer.
SEEN = """() => {
  const edge = (name, side) => document.querySelector(name).getBoundingClientRect()[side];
  const { top, bottom } = document.activeElement.getBoundingClientRect();
  const isSeen = top >= edge(".top", "bottom") && bottom <= edge("#composer", "top");
  return isSeen || !document.activeElement.matches(".entry button");
}"""


async def test_a_spoiler_opens_on_focus(browser: Browser, url: str) -> None:
    """A spoiler opens when the keyboard focus reaches it."""
    async with visit(browser, url) as page:
        await page.fill("#text", "Say ||the butler||")
        await page.press("#text", "Enter")
        covered = page.locator(".answer .spoiler").first
        await expect(covered).to_be_attached()
        await ended(page, 1)
        colour = "one => getComputedStyle(one).color"
        assert (await covered.evaluate(colour)).endswith(" 0)")
        await page.focus("#text")
        for _ in range(8):
            await page.keyboard.press("Shift+Tab")
            if await covered.evaluate("one => one === document.activeElement"):
                break
        await expect(covered).to_be_focused()
        assert not (await covered.evaluate(colour)).endswith(" 0)")


@pytest.mark.usefixtures("slowly")
async def test_focus_is_never_hidden_and_print_has_only_the_text(browser: Browser, url: str) -> None:
    """WCAG 2.2, 2.4.11: a focused element is never behind the header or the composer, moving forwards or
    backwards. In print nothing covers the text, which is dark also from dark mode, and no question is cut
    off."""
    async with visit(browser, url, viewport={"width": 800, "height": 500}, color_scheme="dark") as page:
        await page.fill("#text", "Why?\n" * 20)
        await page.press("#text", "Enter")
        await page.click("#send[data-stop]")
        await ended(page, 1)
        for key, start in (("Tab", "#theme"), ("Shift+Tab", "#text")):
            await page.focus(start)
            for _ in range(8):
                await page.keyboard.press(key)
                assert await page.evaluate(SEEN), await page.evaluate("document.activeElement.outerHTML")
        await page.emulate_media(media="print")
        for name in (".top", ".bottom", ".actions", ".reuse"):
            await expect(page.locator(name)).to_be_hidden()
        wide = "one => [one.scrollWidth - one.clientWidth, one.scrollHeight - one.clientHeight]"
        assert await page.locator(".question").evaluate(wide) == [0, 0]
        assert await page.locator("html").evaluate("html => getComputedStyle(html).colorScheme") == "light"


async def test_buttons_and_costs_under_an_answer_are_aligned(browser: Browser, url: str) -> None:
    """Four or five buttons end at the right beside the costs, or begin at the left below them. Commands in
    sentences and names in tables are not broken, however narrow the window."""
    async with visit(browser, url, viewport={"width": 1100, "height": 800}) as page:
        for number, question in enumerate(("Hello", "fault:cut Hello", "/settings"), 1):
            await page.fill("#text", question)
            await page.press("#text", "Escape")
            await page.press("#text", "Enter")
            await ended(page, number)
        await expect(page.locator("[data-command=continue]")).to_have_count(1)
        edges = "all => all.map((one) => one.getBoundingClientRect()).map(({ left, right }) => [left, right])"
        rows, footers = page.locator(".footer + .actions"), page.locator(".footer")
        (_, one), (_, other) = await rows.evaluate_all(edges)
        assert one == pytest.approx(other, abs=1)
        for width in range(360, 760, 20):
            await page.set_viewport_size({"width": width, "height": 800})
            tall = "all => Math.max(...all.map((one) => one.getBoundingClientRect().height))"
            assert await page.locator(".entry:last-child .text code, td code").evaluate_all(tall) < 30, width
        await page.set_viewport_size({"width": 360, "height": 800})
        lefts = [left for left, _ in [*await rows.evaluate_all(edges), *await footers.evaluate_all(edges)]]
        assert lefts == pytest.approx([lefts[0]] * 4, abs=1)


async def test_a_long_question_shows_that_there_is_more_of_it(browser: Browser, url: str) -> None:
    """A shadow marks the side where lines are out of view, as phones draw no scroll bar."""
    async with visit(browser, url) as page:
        await page.fill("#text", "\n".join(["short"] * 20 + ["and one that is longer"] + ["short"] * 20))
        await page.click("#send")
        await ended(page, 1)
        question = page.locator(".question")

        async def shades() -> list[bool]:
            """Whether one lies at the top, and at the bottom, where no letters are."""
            seen = Image.open(io.BytesIO(await question.screenshot())).convert("L")
            top, middle, bottom = (seen.getpixel((seen.width - 40, y)) for y in (3, 192, 380))
            return [top != middle, bottom != middle]

        assert await shades() == [False, True]
        await question.evaluate("question => question.scrollTo(0, question.scrollHeight)")
        assert await shades() == [True, False]


async def test_a_copied_answer_has_its_numbers(browser: Browser, url: str) -> None:
    """List markers are drawn by CSS, but copied all the same; the page does not change. Pickers are not
    copied."""
    async with visit(browser, url) as page:
        await page.context.grant_permissions(["clipboard-read", "clipboard-write"])
        await page.fill("#text", "3. flour\n4. milk\n   - cold\n- [x] salt")
        await page.press("#text", "Enter")
        await ended(page, 1)
        before = await page.locator(".text").inner_html()
        await page.click(".action.copy")
        await expect(page.locator(".action.copy")).to_have_text("Copied")
        await expect(page.locator("#spoken")).to_have_text("Copied")
        copied = await page.evaluate("navigator.clipboard.readText()")
        items = [line for line in copied.splitlines() if line.endswith(("flour", "milk", "cold", "salt"))]
        assert items[:4] == ["3. flour", "4. milk", "• cold", "☑ salt"]
        assert await page.locator(".text").inner_html() == before
        await page.fill("#text", "/settings")
        await page.press("#text", "Enter")
        await expect(page.get_by_role("button", name="Hide cost")).to_be_visible()
        assert await page.locator(".action.copy").count() == 1


@pytest.mark.parametrize("colours", ["none", "active"])
async def test_spoilers_hide_links_and_code(browser: Browser, url: str, colours: str) -> None:
    """Links and code in a spoiler are invisible until it is opened, in forced colours, too."""
    async with visit(browser, url, forced_colors=colours) as page:
        await page.fill("#text", "||It was https://example.com/butler|| ||`code`||")
        await page.press("#text", "Enter")
        await ended(page, 1)

        async def tones(number: int) -> int:
            seen: Image.Image = Image.open(io.BytesIO(await page.locator(".spoiler").nth(number).screenshot()))
            seen = seen.crop((6, 6, seen.width - 6, seen.height - 6))  # corners are round
            return len(seen.getcolors(seen.width * seen.height) or [])

        assert [await tones(0), await tones(1)] == [1, 1]
        await page.focus(".spoiler a")
        assert await tones(0) > 1


async def test_a_wide_table_fits_the_paper(browser: Browser, url: str) -> None:
    """A table that scrolls sideways on screen is not cut off in print."""
    row = "|" + "a column|" * 10
    async with visit(browser, url, viewport={"width": 700, "height": 900}) as page:
        await page.fill("#text", "\n".join([row, "|" + "-|" * 10, row]))
        await page.press("#text", "Enter")
        await ended(page, 1)
        table = page.locator("blockquote .table")
        fits = "one => one.scrollWidth <= one.clientWidth"
        assert not await table.evaluate(fits)
        await page.emulate_media(media="print")
        assert await table.evaluate(fits)


async def test_sentences_in_a_table_are_not_squeezed(browser: Browser, url: str) -> None:
    """On a phone a table scrolls sideways, and its sentences take a few lines, not a line for each word. A
    table of two columns fits as a whole."""
    long = "It depends on the weather outside and on how warm the rooms are to be"
    async with visit(browser, url, viewport={"width": 360, "height": 800}) as page:
        await page.fill("#text", f"|What|Why|How|\n|-|-|-|\n|heat|{long}|{long}|")
        await page.click("#send")
        await ended(page, 1)
        table = page.locator("blockquote .table")
        assert await table.locator("td").nth(1).evaluate("cell => cell.offsetHeight") < 120  # four lines
        assert await table.evaluate("table => table.scrollWidth > table.clientWidth")
        assert await page.evaluate("document.documentElement.scrollWidth <= innerWidth")
        for two in await page.locator(".text > .table").all():
            assert await two.evaluate("table => table.scrollWidth === table.clientWidth")
        assert await page.locator(".text > .table").count()

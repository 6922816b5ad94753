"""The composer in a real browser: what is sent, what is kept, which model answers."""

import re
from pathlib import Path

import pytest
from PIL import Image
from playwright.async_api import Browser, Page, Route, expect

from core.commands import QUESTION_BYTES
from core.words import locales
from tests.e2e.browsing import browser, ended, model, pytestmark, slowly, url, visit
from tests.waiting import until

__all__ = ["browser", "model", "pytestmark", "slowly", "url"]  # the fixtures, and when these tests run

LONG = "One question of many words.\n" * 500  # far more than a message of any other chat


async def send(page: Page, text: str) -> None:
    await page.fill("#text", text)
    await page.press("#text", "Enter")


async def test_a_model_chosen_for_the_conversation_answers(browser: Browser, url: str) -> None:
    """A model chosen with /model, typed or clicked, answers: it replaces the composer's own choice, and the
    picker shows it. An unknown name changes nothing."""
    async with visit(browser, url) as page:
        shown = page.locator("#model-name")
        for typed in (False, True):
            await page.click("#model")
            await page.check("#models [value='gpt-4o']")
            await page.keyboard.press("Escape")
            await expect(shown).to_have_text("GPT-4o")
            if typed:
                await send(page, "/model nobody")
                await expect(page.locator(".entry.failed")).to_be_visible()
                await expect(shown).to_have_text("GPT-4o")
                await send(page, "/model gpt-4.1-nano")
            else:
                await send(page, "/model")
                choice = page.locator(".choice[data-value='gpt-4.1-nano']")
                await choice.click()
                await expect(choice).to_have_attribute("aria-pressed", "true")
                await expect(page.locator(".choice[aria-pressed=true]")).to_have_count(1)
            await expect(shown).to_have_text("Conversation model")
        await page.reload()
        await expect(shown).to_have_text("Conversation model")
        await expect(page.locator(".choice[aria-pressed=true]")).to_have_text(re.compile("GPT-4.1 nano"))
        await send(page, "Who is there?")
        await ended(page, 5)
        await expect(page.locator(".entry:last-child .footer")).to_contain_text("GPT-4.1 nano")


async def test_use_again_restores_the_whole_question(browser: Browser, url: str, tmp_path: Path) -> None:
    """A question that is too long stays in the composer; "Use again" restores a question to its last character,
    with its files."""
    Image.new("RGB", (64, 48), "#2040c0").save(tmp_path / "sea.png")
    async with visit(browser, url) as page:
        for most in (QUESTION_BYTES + 1, QUESTION_BYTES - 100):  # here with line ends, which count for two
            text = "a" * (most - 200) + "\n" * 200
            await send(page, text + "z")
            await expect(page.locator("#notices .alert")).to_contain_text("The question is too long (65 KiB;")
            await expect(page.locator("#text")).to_have_value(text + "z")
        await expect(page.locator(".entry")).to_have_count(0)

        await page.set_input_files("#file", tmp_path / "sea.png")
        await send(page, f"fault:400 {LONG}")
        await ended(page, 1)
        assert not await page.locator("#notices .alert").count()  # what it said is over
        await page.click(".reuse")
        await expect(page.locator("#text")).to_have_value(f"fault:400 {LONG.strip()}")
        await expect(page.locator("#thumbnails img")).to_have_count(1)
        await page.reload()
        await page.click(".reuse")
        await expect(page.locator("#text")).to_have_value(f"fault:400 {LONG.strip()}")


async def test_a_draft_is_kept(browser: Browser, url: str) -> None:
    """An unsent draft survives a reload, going back and a change of language; a sent one does not come back."""
    async with visit(browser, url) as page:
        await page.fill("#text", "Half a thought")
        await page.reload()
        await expect(page.locator("#text")).to_have_value("Half a thought")
        await expect(page.locator("#send")).not_to_have_attribute("data-idle", "")
        await page.goto(f"{url}healthz")
        await page.go_back()
        await expect(page.locator("#text")).to_have_value("Half a thought")
        await page.goto(f"{url}language?to=de")
        await expect(page.locator("#text")).to_have_value("Half a thought")
        await send(page, "/help")
        await ended(page, 1)
        await page.reload()
        await expect(page.locator("#text")).to_have_value("")


async def test_forced_colours_and_places(browser: Browser, url: str) -> None:
    """In forced colours, selection and focus are visible; cards start at one height, and no button overlaps an
    answer."""
    background = "element => getComputedStyle(element).backgroundColor"
    async with visit(browser, url, forced_colors="active") as page:
        await send(page, "/persona")
        await ended(page, 1)
        paper = await page.locator(".bottom").evaluate(background)
        assert not paper.endswith(" 0)"), paper  # answers run below it
        tops = "cards => cards.slice(0, 3).map((card) => card.querySelector('b').getBoundingClientRect().top)"
        assert len(set(await page.locator(".choice").evaluate_all(tops))) == 1
        chosen, other = page.locator(".choice[aria-pressed=true]"), page.locator(".choice[aria-pressed=false]")
        assert await chosen.evaluate(background) != await other.first.evaluate(background)
        assert await page.locator("#composer").evaluate("one => getComputedStyle(one).outlineStyle") == "solid"
        await page.fill("#text", "/")
        options = page.locator("#menu [role=option]")
        assert await options.first.evaluate(background) != await options.last.evaluate(background)
        await send(page, "fault:400 " + "Why? " * 20)
        await ended(page, 2)
        button, note = (
            await page.locator(".reuse").bounding_box(),
            await page.locator(".failed .note").bounding_box(),
        )
        assert button
        assert note
        assert button["y"] + button["height"] <= note["y"]


@pytest.mark.usefixtures("slowly")
async def test_enter_asks_and_never_stops_an_answer(browser: Browser, url: str) -> None:
    """Holding Enter, or pressing it again, does not stop the answer. Enter of an input method (in Safari known
    by its key code only) sends nothing. On a phone, which has no Shift to hold, Enter starts a new line."""
    async with visit(browser, url) as page:
        sent: list[str] = []
        page.on("request", lambda request: sent.append(request.url) if request.method == "POST" else None)
        await page.fill("#text", "Tell me about rivers")
        press = """(area, how) => area.dispatchEvent(
          new KeyboardEvent("keydown", { key: "Enter", bubbles: true, cancelable: true, ...how }))"""
        assert await page.locator("#text").evaluate(press, {"keyCode": 229})  # a word was chosen with it
        assert not await page.locator("#text").evaluate(press, {"repeat": True})
        assert not sent
        await page.keyboard.down("Enter")
        await expect(page.locator("#send[data-stop]")).to_be_visible()
        await page.keyboard.down("Enter")  # while it is held
        await page.keyboard.up("Enter")
        await page.keyboard.press("Enter")
        await expect(page.locator("#text")).to_have_value("")
        await page.click("#send[data-stop]")
        await expect(page.locator(".entry.stopped")).to_be_visible()
        assert len(sent) == 2
    async with visit(browser, url, has_touch=True, is_mobile=True) as page:
        await page.fill("#text", "fault:400")
        await page.keyboard.press("Enter")
        await page.keyboard.type("Why?")
        await expect(page.locator("#text")).to_have_js_property("enterKeyHint", "enter")
        await page.click("#send")
        await expect(page.locator(".question")).to_have_text("fault:400\nWhy?", use_inner_text=True)


async def test_undo_restores_an_overwritten_draft(browser: Browser, url: str) -> None:
    """A card and "Use again" replace the draft like typing does: one undo restores it."""
    async with visit(browser, url) as page:
        await send(page, "fault:400 Why?")
        await ended(page, 1)
        for again in (".example[data-kind=explain]", ".reuse"):
            await page.fill("#text", "My careful draft")
            await page.locator(again).dispatch_event("click")
            await expect(page.locator("#text")).not_to_have_value("My careful draft")
            await page.keyboard.press("Control+z")
            await expect(page.locator("#text")).to_have_value("My careful draft")


async def test_what_the_form_ordered_is_not_ordered_again(browser: Browser, url: str) -> None:
    """Words that the image form took from the composer are gone from it once ordered; if the order is refused,
    they stay, and so does text typed meanwhile. The form's further options are not hidden behind its
    buttons."""
    async with visit(browser, url) as page:
        await page.fill("#text", "/imagine a fox")
        await page.press("#text", "Escape")  # the menu
        await page.click("#paint")
        await page.click("#imagine summary")
        edge = "one => one.getBoundingClientRect()"
        await expect(page.locator("#imagine [name=steps]")).to_be_in_viewport()
        field = await page.locator("#imagine [name=steps]").evaluate(edge)
        assert field["bottom"] <= (await page.locator("#imagine .buttons").evaluate(edge))["top"]
        order, go = page.locator("#imagine"), page.locator("#imagine [type=submit]")
        await order.locator("[name=count]").fill("2")
        await expect(page.locator("#price")).to_have_text("$0.003")
        await page.route("**/turn", lambda route: route.fulfill(status=413, json={"error": "Too much."}))
        await go.click()
        await expect(order.locator(".alert")).to_have_text("Too much.")
        await expect(order).to_be_visible()
        await expect(page.locator("#text")).to_have_value("/imagine a fox")
        await page.unroute_all()
        await go.click()
        await expect(page.locator("#text")).to_have_value("")
        await ended(page, 1)

        await page.fill("#text", "A hare")
        await page.click("#paint")
        await page.evaluate("document.getElementById('text').value = 'Something else'")
        await go.click()
        await ended(page, 2)
        await expect(page.locator("#text")).to_have_value("Something else")


async def test_what_a_dialog_sends_is_not_lost(browser: Browser, url: str) -> None:
    """If the server refuses a dialog's form, the reason is shown in the dialog and the input stays. A double
    press sends once."""
    async with visit(browser, url) as page:
        await send(page, "/imagine a fox")
        await ended(page, 1)
        await page.click(".action[data-asks]")
        dialog, go = page.locator("#ask"), page.locator("#ask [type=submit]")
        await page.route("**/turn", lambda route: route.fulfill(status=413, json={"error": "Too much."}))
        await page.fill("#ask-text", "a hare")
        await go.click()
        await expect(dialog.get_by_role("alert")).to_have_text("Too much.")
        await expect(page.locator("#ask-text")).to_have_value("a hare")
        await page.unroute_all()

        held: list[Route] = []
        await page.route("**/turn", lambda route: held.append(route))
        await go.click()
        await go.click()
        await until(lambda: bool(held))
        await held[0].continue_()
        await expect(dialog).to_be_hidden()
        await ended(page, 2)
        assert len(held) == 1
        await expect(page.locator(".entry:last-child .question")).to_contain_text("a hare")
        await expect(dialog.get_by_role("alert")).to_have_count(0)


SCROLLS = "one => [one, one.firstElementChild].map((part) => getComputedStyle(part).overflowY)"


async def test_the_models_and_the_commands_in_a_low_window(browser: Browser, url: str) -> None:
    """At 400 % zoom both lists are in view, and every language can be reached. Moving the focus out closes the
    list of models; Escape returns the focus to where it was opened."""
    async with visit(browser, url, viewport={"width": 320, "height": 256}) as page:
        edge = "one => one.getBoundingClientRect()"
        await page.fill("#text", "/")
        top = (await page.locator("#menu").evaluate(edge))["top"]
        assert top >= (await page.locator(".top").evaluate(edge))["bottom"]
        await page.press("#text", "ArrowUp")
        await expect(page.locator("#menu [role=option]").last).to_be_in_viewport()
        await page.press("#text", "Escape")
        await page.locator("#model").press("Enter")
        models = page.locator("#models")
        await expect(page.locator("#models input:checked")).to_be_focused()
        place = await models.evaluate(edge)
        assert place["top"] >= 0
        assert place["right"] <= await page.evaluate("document.body.clientWidth")  # not under the scrollbar
        for box in (page.locator("#menu"), models):  # a scrollbar has no round corners
            assert await box.evaluate(SCROLLS) == ["hidden", "auto"]
        await page.keyboard.press("Escape")
        await expect(page.locator("#model")).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("#models input:checked")).to_be_focused()
        await page.keyboard.press("Tab")
        await page.keyboard.press("Tab")
        await expect(models).to_be_hidden()
        await expect(page.locator("#send")).to_be_focused()
        await page.click("[popovertarget=languages]")
        last = page.locator("#languages a").last
        await last.scroll_into_view_if_needed()
        await expect(last).to_be_in_viewport(ratio=1)


async def test_enter_picks_a_model_and_sends_nothing(browser: Browser, url: str) -> None:
    """Confirming a model or the temperature with Enter returns to the button, or, after using the mouse, to the
    draft, which is not sent."""
    async with visit(browser, url) as page:
        await page.fill("#text", "Half a ques")
        for part in ("[value='gpt-4o']", "#temperature"):
            for back in ("#text", "#model"):
                await page.focus(back)
                await (page.click("#model") if back == "#text" else page.keyboard.press("Enter"))
                await expect(page.locator("#models :checked")).to_be_focused()
                await page.press(f"#models {part}", "Space")
                await page.keyboard.press("Enter")
                await expect(page.locator("#models")).to_be_hidden()
                await expect(page.locator(back)).to_be_focused()
        await expect(page.locator("#model-name")).to_have_text("GPT-4o")
        await expect(page.locator("#text")).to_have_value("Half a ques")


async def test_a_temperature_moved_back_is_not_sent(browser: Browser, url: str) -> None:
    """A slider that was moved and moved back counts as untouched."""
    async with visit(browser, url) as page:
        ways = ((["ArrowRight", "ArrowLeft"], False), (["ArrowRight"], True))
        for number, (keys, is_sent) in enumerate(ways, 1):
            await page.click("#model")
            await expect(page.locator("#models :checked")).to_be_focused()
            for key in keys:
                await page.press("#temperature", key)
            await page.keyboard.press("Escape")
            async with page.expect_request("**/turn") as sent:
                await send(page, "/help")
            assert ('name="temperature"' in str((await sent.value).post_data)) is is_sent
            await ended(page, number)


# As a browser that does not let a field grow by itself.
BY_SCRIPT = '() => { CSS.supports = () => false; document.getElementById("text").style.fieldSizing = "fixed"; }'
FREE = """() => {
  const last = document.querySelector(".entry:last-child").getBoundingClientRect().bottom;
  return last < document.getElementById("composer").getBoundingClientRect().top;
}"""
LOOK_UP = """() => {
  scrollBy({ top: -60 });
  dispatchEvent(new Event("scroll"));
  return scrollY;
}"""
WHOLE = "area => area.scrollHeight === area.clientHeight"
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(() => done(scrollY))))"


@pytest.mark.parametrize("prepare", ["() => {}", BY_SCRIPT], ids=["by itself", "by script"])
async def test_a_draft_that_grows_covers_no_answer(
    browser: Browser, url: str, prepare: str, tmp_path: Path
) -> None:
    """A reader at the end stays there while the draft grows or the window becomes lower; a reader further up
    stays there. In a window that becomes narrower the whole draft is visible."""
    Image.new("RGB", (64, 48), "#2040c0").save(tmp_path / "sea.png")
    async with visit(browser, url, viewport={"width": 1100, "height": 600}) as page:
        await page.evaluate(prepare)
        await send(page, "/help")
        await ended(page, 1)
        for _ in range(8):
            await page.keyboard.press("Shift+Enter")
            await page.evaluate(DRAWN)
        await page.wait_for_function(FREE)
        await page.set_input_files("#file", tmp_path / "sea.png")
        await expect(page.locator("#thumbnails img")).to_be_visible()
        await page.wait_for_function(FREE)
        await page.fill("#text", "")
        await page.evaluate(DRAWN)
        await page.set_viewport_size({"width": 1100, "height": 400})  # as a phone's keyboard leaves it
        await page.wait_for_function(FREE)
        await page.evaluate(DRAWN)  # the window's new height has been heard by all that watches it
        at = await page.evaluate(LOOK_UP)
        await page.fill("#text", "word " * 60)
        assert await page.evaluate(DRAWN) == at
        await page.set_viewport_size({"width": 500, "height": 600})
        await page.wait_for_function(WHOLE, arg=await page.query_selector("#text"))


async def test_long_names_in_a_low_window(browser: Browser, url: str, tmp_path: Path) -> None:
    """However long file names are, the draft stays below the header, and each file can be removed."""
    names = [tmp_path / (letter * 200 + ".txt") for letter in "abc"]
    for name in names:
        name.write_text("Hello")
    async with visit(browser, url, viewport={"width": 480, "height": 400}) as page:
        await page.fill("#text", "word " * 200)
        await page.set_input_files("#file", names)
        await expect(page.locator("#thumbnails li")).to_have_count(3)
        edge = "one => one.getBoundingClientRect()"
        for width, height in ((992, 400), (480, 400), (320, 256)):
            await page.set_viewport_size({"width": width, "height": height})
            header, draft = [await page.locator(part).evaluate(edge) for part in (".top", "#composer")]
            assert draft["top"] >= header["bottom"], width
        for left in reversed(range(3)):
            await page.click("#thumbnails li:last-child button")
            await expect(page.locator("#thumbnails li")).to_have_count(left)


async def test_a_thin_picture_is_closed_with_its_button(browser: Browser, url: str, tmp_path: Path) -> None:
    """The close button of an enlarged picture can be reached, however narrow the picture."""
    Image.new("RGB", (1, 400), "#2040c0").save(tmp_path / "line.png")
    async with visit(browser, url) as page:
        await page.set_input_files("#file", tmp_path / "line.png")
        await page.click("#send")
        await page.click(".uploads .enlarge")
        await page.click("#large .close")
        await expect(page.locator("#large")).to_be_hidden()


async def test_the_form_shows_that_there_is_more(browser: Browser, url: str) -> None:
    """In a window of common size, the line that opens further options is not behind the buttons, in any
    language."""
    edge = "one => one.getBoundingClientRect()"
    async with visit(browser, url, viewport={"width": 1100, "height": 800}) as page:
        for locale in locales():
            await page.goto(f"{url}language?to={locale}", wait_until="domcontentloaded")
            await page.click("#paint")
            more = await page.locator("#imagine summary").evaluate(edge)
            assert more["bottom"] <= (await page.locator("#imagine .buttons").evaluate(edge))["top"], locale
            assert await page.locator("#imagine").evaluate(SCROLLS) == ["hidden", "auto"]


async def test_a_language_chosen_in_the_settings(browser: Browser, url: str) -> None:
    """The whole page switches at once, and the draft stays."""
    async with visit(browser, url) as page:
        await send(page, "/settings")
        await ended(page, 1)
        await page.fill("#text", "Half a thought")
        await page.get_by_role("button", name="Deutsch", exact=True).click()
        await expect(page.locator("html")).to_have_attribute("lang", "de")
        await expect(page.locator("#text")).to_have_value("Half a thought")
        await ended(page, 2)

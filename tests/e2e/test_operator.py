"""The operator pages in a real browser, served by the unmodified console script over the simulated API."""

import asyncio
import json
import re
from base64 import urlsafe_b64decode
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio
from playwright.async_api import Browser, Page, Route, expect

from tests.conftest import free_port
from tests.e2e.browsing import browser, judged_accessible, pytestmark, visit
from tests.e2e.fork_server import service
from tests.waiting import until

__all__ = ["browser", "pytestmark"]  # the fixture, and when these tests run

PASSWORD = "open sesame"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def url(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> AsyncIterator[str]:
    """The address of a `run` with a password, where somebody has asked something."""
    settings = {"WEB_PORT": str(free_port()), "OPERATOR_PASSWORD": PASSWORD}
    async with service(tmp_path_factory.mktemp("run"), "--only", "web", **settings) as running:
        line = await running.until("web.serving")
        address = line.partition('"address": "')[2].partition('"')[0]
        async with visit(browser, address) as chat:
            await get_some(chat, "Hello")
        yield address
        assert await running.stop() == 0


async def log_in(page: Page) -> None:
    await page.fill("#password", PASSWORD)
    await page.keyboard.press("Enter")
    await expect(page.locator("nav.side")).to_be_visible()
    await page.wait_for_load_state()  # with its style


async def ask(page: Page, question: str) -> None:
    await page.fill("#text", question)
    await page.keyboard.press("Enter")


async def get_some(page: Page, question: str) -> None:
    """Asks, sees that an answer grows, and has enough."""
    await ask(page, question)
    await expect(page.locator(".entry.growing .text > *").first).to_be_visible()
    await page.click("#send[data-stop]")
    await expect(page.locator(".entry[data-open]")).to_have_count(0)


async def name_of(page: Page) -> str:
    """As which person a visitor of the chat page pays: the cookie's content is signed, not secret."""
    cookies = {cookie["name"]: cookie["value"] for cookie in await page.context.cookies()}
    content = cookies["session"].split(".")[0]
    return "web:" + str(json.loads(urlsafe_b64decode(content + "=" * (-len(content) % 4))))


async def test_caps_changed_there_apply_to_the_next_ask(browser: Browser, url: str) -> None:
    """After a refused login, the operator finds the asker, sets a cap of zero, and raises it again; the trail
    has both changes. On a phone the current page is visible in the navigation, and no narrow column breaks a
    name."""
    async with visit(browser, url) as chat, visit(browser, f"{url}operator") as page:
        await get_some(chat, "Hello")
        person = await name_of(chat)

        await page.fill("#password", "guess")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_have_text("That is not the password.")
        await page.goto(f"{url}operator/people")
        await expect(page.locator("#password")).to_be_focused()
        await log_in(page)
        await expect(page.get_by_role("heading", name="People", exact=True)).to_be_visible()

        await page.get_by_role("searchbox").fill(person.removeprefix("web:"))
        await page.keyboard.press("Enter")
        await page.get_by_role("link", name=person).first.click()
        await page.get_by_label("Per day").fill("0")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_role("status").first).to_contain_text("apply from the next request on")
        await ask(chat, "And now?")
        await expect(chat.locator(".entry.failed")).to_contain_text("your budget")

        await page.get_by_label("Per day").fill("")
        await page.get_by_role("button", name="Save").click()
        await expect(page.get_by_label("Per day")).to_have_value("")
        await get_some(chat, "And now?")
        await expect(chat.locator(".entry.stopped")).to_have_count(2)

        await page.get_by_role("link", name="Audit trail").click()
        await expect(page.locator("tbody tr", has_text=person)).to_have_count(2)
        await expect(page.locator("tbody")).to_contain_text("Per day: $0.00")
        padding = "cells => cells.map((cell) => getComputedStyle(cell).paddingInlineStart)"
        assert len(set(await page.locator(".trail :is(th, td)").evaluate_all(padding))) == 1
        await page.set_viewport_size({"width": 390, "height": 844})
        await page.reload()
        await expect(page.locator("nav.side [aria-current]")).to_be_in_viewport(ratio=1)
        for name in ("operator", person):
            box = await page.locator("tbody .id").get_by_text(name, exact=True).first.bounding_box()
            assert box
            assert box["height"] < 30, name


async def test_charts_are_read_with_mouse_and_keys(browser: Browser, url: str) -> None:
    """Hovering shows a day's amounts, dragging zooms, a double click resets; arrow keys give the same,
    announced for screen readers."""
    async with visit(browser, f"{url}operator/spend?by=model") as page:
        await log_in(page)
        chart = page.locator(".chart.drawn")
        await expect(chart.locator("canvas")).to_be_visible()
        box = await chart.locator(".u-over").bounding_box()
        assert box
        right, middle = box["x"] + box["width"], box["y"] + box["height"] / 2
        await page.mouse.move(right - 8, middle)
        await expect(chart.locator(".tip")).to_contain_text("$0.000")
        await page.mouse.down()
        await page.mouse.move(right - 200, middle, steps=4)
        await page.mouse.up()
        first = "chart => chart.querySelector('.tip p').textContent"
        await page.mouse.move(box["x"] + 5, middle)
        zoomed = await chart.evaluate(first)
        await page.mouse.dblclick(box["x"] + 5, middle)
        await page.mouse.move(box["x"] + 6, middle)
        await expect(chart.locator(".tip p").first).not_to_have_text(zoomed)

        await page.mouse.move(0, 0)
        await chart.focus()
        await page.keyboard.press("End")
        await expect(chart.locator(".tip")).to_be_visible()
        await expect(chart.get_by_role("status")).to_contain_text(re.compile(r"Total \$0\.000"))
        await page.keyboard.press("Home")
        nothing_more = re.compile(r"Total \$0\.0000$")  # no line of each model's zeros
        await expect(chart.get_by_role("status")).to_have_text(nothing_more)
        await judged_accessible(page)


async def test_the_overview_updates_itself(browser: Browser, url: str) -> None:
    """An answer under way appears without a reload; after logging out nothing is shown."""
    async with visit(browser, url) as chat, visit(browser, f"{url}operator") as page:
        await log_in(page)
        await expect(page.locator("#now")).to_contain_text("Nothing is being answered")
        looking = asyncio.create_task(expect(page.locator("#now tbody")).to_contain_text("/ask"))
        await ask(chat, "Tell me a long story about rivers")
        await looking
        await judged_accessible(page)
        await chat.click("#send[data-stop]")
        await expect(page.locator("#now")).to_contain_text("Nothing is being answered")
        await page.get_by_role("button", name="Log out").click()
        await expect(page.locator("#password")).to_be_visible()
        await page.go_back()
        await expect(page.locator("#password")).to_be_visible()


async def test_it_is_read_on_a_phone_in_german_without_a_script(browser: Browser, url: str) -> None:
    """Everything works without JavaScript; at a phone's width no page is cut off, nor is a refusal."""
    phone = {"width": 360, "height": 700}
    async with visit(
        browser,
        f"{url}operator",
        viewport=phone,
        locale="de-DE",
        java_script_enabled=False,
        color_scheme="dark",
    ) as page:
        assert await page.locator("html").evaluate("page => page.scrollWidth") <= 360
        await log_in(page)
        for link in await page.locator("nav.side a").all_inner_texts():
            await page.get_by_role("link", name=link, exact=True).click()
            await expect(page.locator("nav.side [aria-current]")).to_have_text(link)
            await expect(page.locator("main h2").first).to_be_attached()
            await page.wait_for_load_state()  # with its style
            wide = await page.locator("html").evaluate("page => page.scrollWidth")
            assert wide <= 360, link
        await page.get_by_role("link", name="Konfiguration").click()
        await expect(page.locator(".source").first).to_be_in_viewport(ratio=1)
        assert await page.locator(".table").evaluate("table => table.scrollWidth <= table.clientWidth")
        await page.get_by_role("link", name="Ausgaben").click()
        await expect(page.locator(".chart svg rect").first).to_be_attached()
        await expect(page.locator("table").first).to_contain_text("web:")
        await page.goto(f"{url}operator/access")
        await page.locator("[name=name]:not([type=hidden])").fill("x" * 100)
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_contain_text("xxx")
        await page.wait_for_load_state()
        assert await page.locator("html").evaluate("page => page.scrollWidth") <= 360


# Whether the hint stands beside what opens the table, in the same line.
BESIDE = """chart => {
  const days = document.createRange();
  days.selectNodeContents(chart.querySelector("summary"));
  const [one, other] = [days, chart.querySelector(".hint")].map((part) => part.getBoundingClientRect());
  return one.right < other.left && Math.abs(one.top - other.top) < 8;
}"""


async def test_long_words_fit_on_a_tablet(browser: Browser, url: str) -> None:
    """In a language of long words nothing overlaps, no button needs scrolling, and no tile is left alone in a
    row."""
    async with visit(browser, url) as chat:
        await get_some(chat, "Hello")
        person = await name_of(chat)
    tablet = {"width": 768, "height": 900}
    address = f"{url}operator/people/{person}"
    async with visit(browser, address, viewport=tablet, locale="uk-UA") as page:
        await log_in(page)
        assert await page.locator(".chart.drawn").evaluate(BESIDE)
        await page.click(".chart summary")
        await expect(page.locator(".chart .table")).to_be_visible()
        assert await page.locator(".chart tbody th").first.evaluate("day => day.offsetHeight") < 40
        table = page.locator(".requests")
        assert await table.evaluate("one => one.scrollWidth - one.clientWidth") <= 0
        await page.goto(f"{url}operator")
        for width in (360, 768, 1000, 1280):
            await page.set_viewport_size({"width": width, "height": 900})
            tops = await page.locator(".tile").evaluate_all("tiles => tiles.map((tile) => tile.offsetTop)")
            assert [tops.count(top) for top in tops] in ([2] * 4, [4] * 4), width


# How far what cells say stands out of them.
OUTSIDE = """cells => Math.max(...cells.map((cell) => {
  const said = document.createRange();
  said.selectNodeContents(cell);
  const [text, box] = [said, cell].map((part) => part.getBoundingClientRect());
  return Math.max(text.right - box.right, box.left - text.left);
}))"""
# The amounts that are broken into lines.
BROKEN = """cells => cells.filter((cell) => {
  const said = document.createRange();
  said.selectNodeContents(cell);
  return /\\d/.test(said) && new Set([...said.getClientRects()].map((line) => line.top)).size > 1;
}).map((cell) => cell.innerText)"""


@pytest.mark.parametrize("language", ["de-DE", "es-ES", "uk-UA"])
async def test_long_words_fit_on_a_small_phone(browser: Browser, url: str, language: str) -> None:
    """Where a cap is words, and the dollar sign three letters, nothing lies over another either, and no amount
    is broken."""
    phone = {"width": 320, "height": 700}
    async with visit(browser, f"{url}operator/caps", viewport=phone, locale=language) as page:
        await log_in(page)
        await page.fill("[name=name]:not([type=hidden])", "discord:1234567890123456789")
        await page.fill("[name=day]", "off")
        await page.keyboard.press("Enter")
        await expect(page.locator("p.note")).to_contain_text("discord:1234567890123456789")
        await page.wait_for_load_state()
        assert await page.locator("tbody :is(th, .num)").evaluate_all(OUTSIDE) < 2
        assert await page.locator(".num").evaluate_all(BROKEN) == []
        await page.goto(f"{url}operator/settings")
        assert await page.locator("tbody th.id").evaluate_all(OUTSIDE) < 2
        await page.goto(f"{url}operator")
        assert await page.locator("html").evaluate("page => page.scrollWidth") <= 320


async def test_a_button_pressed_twice_gives_once(browser: Browser, url: str) -> None:
    """On a slow connection, a second press before the response sends nothing."""
    given: list[Route] = []
    pressed = asyncio.Event()

    async def slow(route: Route) -> None:
        given.append(route)
        await pressed.wait()
        await route.continue_()

    async with visit(browser, f"{url}operator/people/discord:1") as page:
        await log_in(page)
        await page.route("**/operator/change", slow)
        await page.fill("[name=dollars]", "5")
        give = page.locator("form:has([name=dollars]) button")
        await give.scroll_into_view_if_needed()
        place = await give.bounding_box()
        assert place
        for _ in range(2):  # by the mouse, which does not wait for the next page as `click` does
            await page.mouse.click(place["x"] + 5, place["y"] + 5)
            await until(lambda: bool(given))
        pressed.set()
        await expect(page.locator("p.note")).to_contain_text("$5.00")
        await expect(page).not_to_have_url(re.compile("note="))  # a reload would tell it again
        assert len(given) == 1


async def test_a_refund_asks_for_confirmation(browser: Browser, url: str) -> None:
    """On a phone the amount and the button are visible; the button first asks, with the amount, and then
    returns to that row. An invalid amount gets the focus again."""
    async with visit(browser, url) as chat:
        await get_some(chat, "Hello")
        person = await name_of(chat)
    phone = {"width": 360, "height": 700}
    async with visit(browser, f"{url}operator/people/{person}", viewport=phone) as page:
        await log_in(page)
        await page.fill("[name=dollars]", "much")
        await page.keyboard.press("Enter")
        await expect(page.get_by_role("alert")).to_be_visible()
        await expect(page.locator("[name=dollars]")).to_be_focused()
        await page.goto(f"{url}operator/people/{person}")
        line = page.locator(".requests tbody tr")
        asks, gives = line.locator("summary"), line.get_by_role("button", name=re.compile(r"Refund: \$0\.000"))
        for part in (asks, line.locator(".num")):
            await part.scroll_into_view_if_needed()
            await expect(part).to_be_in_viewport(ratio=1)
        await expect(gives).to_be_hidden()
        await asks.click()
        await gives.click()
        await expect(page.locator(".requests tr:target")).to_contain_text("refunded")
        await expect(page.locator(".requests tr:target")).to_be_in_viewport()


async def test_all_spending_can_be_stopped_from_the_table_of_caps(browser: Browser, url: str) -> None:
    """The row for everybody is in the table of caps, so its name need not be known. Fields contain the present
    values: nothing is lost by saving."""
    async with visit(browser, f"{url}operator/caps") as page:
        await log_in(page)
        await page.get_by_role("link", name="Change: Everybody together").click()
        await expect(page.get_by_label("Name")).to_have_value("all")
        await expect(page.get_by_label("Per day")).to_be_focused()
        await page.keyboard.type("0")
        await page.keyboard.press("Enter")
        everybody = page.get_by_role("row", name="Everybody together")
        await expect(everybody).to_contain_text("$0.00")
        await everybody.get_by_role("button", name="Reset").click()
        await expect(everybody).to_contain_text("$10.00")

        await page.set_viewport_size({"width": 360, "height": 740})
        await page.goto(f"{url}operator/caps")
        await expect(page.get_by_role("link", name="Change: Everybody together")).to_be_in_viewport(ratio=1)
        for label, words in (("Name", "discord:role:5"), ("Per day", "1.5"), ("Per month", "off")):
            await page.get_by_label(label).fill(words)
        await page.get_by_role("button", name="Save").click()
        await page.get_by_role("link", name="Change: discord:role:5").click()
        await expect(page.get_by_label("Name")).to_have_value("discord:role:5")
        await expect(page.get_by_label("Per day")).to_have_value("1.50")
        await expect(page.get_by_label("Per month")).to_have_value("off")


EDGE = """field => {
  const parts = (color) => color.match(/[\\d.]+/g).map(Number);
  let around = field.parentElement;
  while (parts(getComputedStyle(around).backgroundColor)[3] === 0) around = around.parentElement;
  const linear = (one) => (one <= 10 ? one / 255 / 12.92 : ((one / 255 + 0.055) / 1.055) ** 2.4);
  const style = getComputedStyle(field);
  const [dark, light] = [style.borderTopColor, getComputedStyle(around).backgroundColor].map((color) => {
    const [red, green, blue] = parts(color).map(linear);
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
  }).sort((one, two) => one - two);
  return (light + 0.05) / (dark + 0.05);
}"""


async def test_fields_have_visible_borders(browser: Browser, url: str) -> None:
    """WCAG 2.2, 1.4.11: the border of every field has a contrast of at least 3, in light and dark mode."""
    for scheme in ("light", "dark"):
        async with visit(browser, url, color_scheme=scheme) as chat:
            await chat.click("#paint")
            for name in ("prompt", "negative", "width", "model", "count"):
                assert await chat.locator(f"#imagine [name={name}]").evaluate(EDGE) >= 3, (scheme, name)
        async with visit(browser, f"{url}operator/caps", color_scheme=scheme) as page:
            assert await page.locator("#password").evaluate(EDGE) >= 3, scheme
            await log_in(page)
            for name in ("name", "day"):
                assert await page.locator(f"[name={name}]:not([type=hidden])").evaluate(EDGE) >= 3, (
                    scheme,
                    name,
                )

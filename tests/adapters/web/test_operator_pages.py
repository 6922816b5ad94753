"""The contents of the operator pages, and the changes that they make."""

import asyncio
import html
import re
from collections.abc import AsyncIterator

import pytest

from bots.web.operator_pages import PAGE
from bots.web.operator_view import NAV, usd
from core.money.base import key
from core.money.caps import Override
from core.settings import MINITOOLAI_API, Settings
from core.spend import Payer, Spent, Wanted
from core.turn import Person, Turn
from tests.adapters.web.conftest import OpenPlace, Place
from tests.adapters.web.operator_browser import PASSWORD, OperatorBrowser, logged_in, note_on, rows
from tests.adapters.web.visitor import plain
from tests.recording import RecordingReply

ANN, BEN, ROOM = "discord:1", "telegram:2", "discord:guild:7"


@pytest.fixture
async def place(open_place: OpenPlace) -> AsyncIterator[Place]:
    async with open_place(operator_password=PASSWORD, deny=("discord:user:9",), user_daily_usd="2") as opened:
        yield opened


@pytest.fixture
async def browser(place: Place) -> AsyncIterator[OperatorBrowser]:
    async with logged_in(place.url) as browser:
        yield browser


async def pay(place: Place, person: str, nanos: int, model: str = "gpt-4o", chat: str = ROOM) -> None:
    request = f"{person}:{nanos}:{model}"
    await place.core.spend.take(Payer(person, chat), Wanted(request, "ask", model, nanos, nanos))
    await place.core.spend.settle(request, Spent(nanos, 1000, 200))


async def ask(place: Place, person: str, request: str) -> str:
    """What the person reads."""
    reply = RecordingReply()
    turn = Turn(request, "ask", Person(person, "Ann"), chat=ROOM, room="discord:room", text="Hi")
    await place.core.run(turn, reply)
    return reply.last.note


@pytest.mark.parametrize("language", ["en", "de"])
async def test_every_page_is_there_to_read(place: Place, language: str) -> None:
    """In both languages, without scripts: headings, tables, no missing text. There is no chart of nothing."""
    async with logged_in(place.url, language) as browser:
        for path in ("", "/spend"):
            assert 'class="chart"' not in await browser.open(path)
        await pay(place, ANN, 1_234_500)
        for path in [*(path for _, path in NAV), f"/people/{ANN}", f"/chats/{ROOM}", "/people/nobody:5"]:
            page = await browser.open(path)
            assert f'<html lang="{language}" dir="ltr">' in page
            assert "<h2" in page
            assert not re.search(r"operator-[a-z]+-?[a-z]*(?=[<\s.])", plain(page)), path


async def test_the_overview_shows_spending_and_errors(place: Place, browser: OperatorBrowser) -> None:
    """Today's and this month's caps for everybody, who spent most, and errors explained for an operator."""
    await pay(place, ANN, 400_000_000)
    await pay(place, BEN, 1_000_000)
    page = plain(await browser.open())
    assert "$0.4010 4% of $10.00" in page
    assert "No errors in the last hour." in page
    place.simulated.faults.add("chat", "401")
    await ask(place, "discord:3", "request")
    page = await browser.open()
    assert [row[0] for row in rows(page) if len(row) == 3 and row[2].startswith("$")][:2] == [ANN, BEN]
    assert "MiniToolAI refuses the key, or the balance is used up. Nobody gets answers. 1×" in plain(page)
    assert "HTTP 401" in plain(page)


async def test_spending_is_a_table_too(place: Place, browser: OperatorBrowser) -> None:
    """By person, chat, model and kind: requests, tokens, dollars, a total, and every day."""
    await pay(place, ANN, 400_000_000)
    await pay(place, ANN, 2_000, "gpt-4o-mini")
    await pay(place, BEN, 50_000_000)
    for by, names in (
        ("person", [ANN, BEN]), ("chat", [ROOM]), ("model", ["gpt-4o", "gpt-4o-mini"]), ("kind", ["Answers"]),
    ):  # fmt: skip
        page = await browser.open("/spend", by=by, days=7)
        table = [row for row in rows(page) if len(row) == 6]
        assert [row[0] for row in table[1:]] == [*names, "Total"]
        assert table[-1] == ["Total", "$0.4500", "", "3", "3,000", "600"]
        assert len(re.findall(r'<th scope="row">[A-Z][a-z]{2} \d{1,2}, \d{4}<', page)) == 7
        assert "<svg" in page
    assert "&lt;$0.0001" in await browser.open("/spend", by="model")


async def test_the_export_goes_back_at_most_ledger_days(open_place: OpenPlace) -> None:
    """A longer period than LEDGER_DAYS is cut to it."""
    async with (
        open_place(ledger_days=500, operator_password=PASSWORD) as place,
        logged_in(place.url) as browser,
    ):
        for asked, given in ((450, 450), (9999, 500)):
            answer = await browser.http.get("/operator/usage.csv", params={"days": asked})
            assert f"usage-{given}-days.csv" in answer.headers["content-disposition"]


async def test_the_export_is_the_one_of_the_terminal(place: Place, browser: OperatorBrowser) -> None:
    """The columns of `usage --csv`, one line per day, person, chat, kind and model."""
    await pay(place, ANN, 400)
    await pay(place, BEN, 50)
    answer = await browser.http.get("/operator/usage.csv", params={"days": 7})
    assert answer.headers["content-type"].startswith("text/csv")
    assert "attachment" in answer.headers["content-disposition"]
    header, *lines = answer.text.splitlines()
    assert header == "day,user,chat,kind,model,requests,prompt_tokens,completion_tokens,nanos"
    day = (await place.core.spend.ledger.usage(1))[0].day.isoformat()
    assert lines == [
        f"{day},{ANN},{ROOM},ask,gpt-4o,1,1000,200,400",
        f"{day},{BEN},{ROOM},ask,gpt-4o,1,1000,200,50",
    ]


async def test_long_lists_come_in_pages(place: Place, browser: OperatorBrowser) -> None:
    """A hundred and twenty people are three pages, highest spending first; so is a long trail."""
    for number in range(120):
        await pay(place, f"discord:{number}", 1000 + number)
        await place.core.spend.caps.set(Override(f"person:discord:{number}", 10, 10), "discord:admin")
    found: list[str] = []
    for page in (1, 2, 3):
        for path in ("/people", "/spend"):
            html = await browser.open(path, page=page)
            names = [row[0] for row in rows(html) if row and row[0].startswith("discord:")]
            assert len(names) == (PAGE if page < 3 else 20), path
        found += names
    assert found == [f"discord:{number}" for number in reversed(range(120))]
    assert "Page 3 of 3, 120 in all" in plain(html)
    assert "All others" in plain(html)  # in the chart
    for path in ("/people", "/spend"):
        last = await browser.open(path, page=99)
        assert "Page 3 of 3" in plain(last)
        assert "discord:0" in [row[0] for row in rows(last) if row], path
    older, seen = await browser.open("/trail"), 0
    while True:
        seen += len([row for row in rows(older) if "discord:admin" in row])
        link = re.search(r'rel="next" href="/operator([^"]+)"', older)
        if not link:
            break
        older = await browser.open(link[1])
    assert seen == 120


async def test_people_are_found(place: Place, browser: OperatorBrowser) -> None:
    """By a part of a name; somebody who never paid has a page, and a forgotten person has no name."""
    await pay(place, ANN, 100)
    await pay(place, BEN, 50)
    assert [row[0] for row in rows(await browser.open("/people", q="telegram"))[1:]] == [BEN]
    assert "Who spent in the last 30 days" in plain(await browser.open("/people"))
    for chats in (await browser.open("/chats"), await browser.open("/chats", q="nowhere")):
        assert not re.search("who spent|nobody", plain(chats), re.I)
    nobody = await browser.open("/people", q="discord:77")
    assert 'href="/operator/people/discord:77"' in nobody
    assert "Nothing spent yet" in plain(await browser.open("/people/discord:77"))
    await place.core.spend.purses.forget(BEN)
    assert [row[0] for row in rows(await browser.open("/people"))[1:]] == [ANN, "Erased"]
    spend = await browser.open("/spend", by="person", days="7")
    assert re.findall(r"</i>([^<]+)</li>", spend) == [ANN, "Erased"]  # the chart says the same


async def test_caps_hold_from_the_next_request_on(place: Place, browser: OperatorBrowser) -> None:
    """Zero allows nothing, an empty field is the default; the trail has the change."""
    assert await ask(place, ANN, "one") == ""
    answer = await browser.send(f"/people/{ANN}", "caps", name=ANN, day="0", month="off")
    assert note_on(answer.text) == f"The caps of {ANN} apply from the next request on."
    assert 'name="day" value="0.00"' in answer.text
    assert "is left of your budget" in await ask(place, ANN, "two")
    await browser.send(f"/people/{ANN}", "caps", name=ANN, day="", month="")
    assert await ask(place, ANN, "three") == ""
    lines = rows(await browser.open("/trail"))[1:]
    assert [line[1:] for line in lines] == [
        ["operator", "Caps", ANN, "Per day: Default, per month: Default"],
        ["operator", "Caps", ANN, "Per day: $0.00, per month: No cap"],
    ]


async def test_caps_of_chats_roles_and_everybody(place: Place, browser: OperatorBrowser) -> None:
    """Every kind of name has its caps, and can be reset. Blanks in an amount do not matter."""
    for name in (ROOM, "discord:role:5", "all"):
        await browser.send("/caps", "caps", name=name, day=" $ 1.5", month=" ")
    table = {row[0]: row[1:3] for row in rows(await browser.open("/caps"))}
    assert table[ROOM] == table["discord:role:5"] == ["$1.50", "Default"]
    assert table["Everybody together"] == ["$1.50", "$100.00"]
    await browser.send("/caps", "reset", name="all")
    assert (await place.core.spend.caps.show())[2].day == 10_000_000_000


SENSELESS = (
    ("caps", {"name": ANN, "day": "much"}, "“much” is not an amount"),
    ("caps", {"name": "", "day": "1"}, "Write it like this"),
    ("caps", {"name": "nonsense", "day": "1"}, "is not a name"),
    ("grant", {"name": ANN, "dollars": "-1"}, "is not an amount"),
    ("grant", {"name": ROOM, "dollars": "1"}, "is not the name of a person"),
    ("deny", {"name": "no body"}, "is not a name"),
    ("allow", {"name": "discord:user:9"}, "DENY list in the settings"),
    ("persona", {"name": ROOM, "persona": "two words", "prompt": "x"}, "cannot be the name of a persona"),
    ("defaults", {"name": ROOM, "model": "gpt-9"}, "There is no model"),
)


async def test_invalid_input_changes_nothing(place: Place, browser: OperatorBrowser) -> None:
    """One sentence says what to type instead; the trail has no entry."""
    for does, fields, words in SENSELESS:
        answer = await browser.send("/caps", does, **fields)
        assert words in note_on(answer.text), does
    assert (await browser.send("/caps", "nonsense")).status_code == 400
    assert await place.core.spend.trail.read() == []


async def test_a_refused_form_keeps_what_was_typed(place: Place, browser: OperatorBrowser) -> None:
    """In the fields of that form only, on the same page; corrected, it works as usual."""
    person, chat = f"/people/{ANN}", f"/chats/{ROOM}"
    for page, does, fields in (
        ("/caps", "caps", {"name": "nobody", "day": "0.5", "month": "5"}),
        (person, "caps", {"name": ANN, "day": "much", "month": "7"}),
        (person, "grant", {"name": ANN, "dollars": "<1"}),
        (chat, "persona", {"name": ROOM, "persona": "two words", "prompt": "A long text."}),
        ("/access", "allow", {"name": "discord:user:9"}),
    ):
        answer = await browser.send(page, does, **fields)
        assert answer.status_code == 422
        filled = dict(re.findall(r'<input (?:type="hidden" )?name="(\w+)" value="([^"]*)"', answer.text))
        filled["prompt"] = "".join(re.findall(r"<textarea[^>]*>([^<]*)</textarea>", answer.text))
        shown = {name: html.unescape(filled[name]) for name in fields}
        assert shown == fields
        assert does == "caps" or not filled.get("day")
    assert (await browser.send(person, "caps", name=ANN, day="0,50", month="")).status_code == 200
    assert 'name="day" value="0.50"' in await browser.open(person)


async def test_extra_credit(place: Place, browser: OperatorBrowser) -> None:
    """It is given, shown, and the rest of it can be taken back."""
    answer = await browser.send(f"/people/{ANN}", "grant", name=ANN, dollars=" 2,50 ")
    assert note_on(answer.text) == f"{ANN} now has $2.50 of extra credit."
    assert (await place.core.spend.summary(Payer(ANN, ""))).credit_nanos == 2_500_000_000
    answer = await browser.send(f"/people/{ANN}", "take-back", name=ANN)
    assert note_on(answer.text) == f"{ANN} now has $0.00 of extra credit."


async def test_a_form_that_is_sent_twice_gives_once(place: Place, browser: OperatorBrowser) -> None:
    """A form that is pressed twice or reloaded gives credit, or takes it back, once; the newly opened page
    gives again, and so does the same form with another amount or person."""
    page = f"/people/{ANN}"
    form = await browser.fill(page, "grant", name=ANN, dollars="2.50")
    for answer in await asyncio.gather(browser.submit(form), browser.submit(form)):
        assert note_on(answer.text) == f"{ANN} now has $2.50 of extra credit."
    answer = await browser.submit(form | {"dollars": "1"})
    assert note_on(answer.text) == f"{ANN} now has $3.50 of extra credit."
    answer = await browser.submit(form | {"name": "discord:2"})
    assert note_on(answer.text) == "discord:2 now has $2.50 of extra credit."
    answer = await browser.send(page, "grant", name=ANN, dollars="2.50")
    assert note_on(answer.text) == f"{ANN} now has $6.00 of extra credit."
    back = await browser.fill(page, "take-back", name=ANN)
    await asyncio.gather(browser.submit(back), browser.submit(back))
    assert [change.value for change in await place.core.control.trail.read()] == [
        "-6000000000", "2500000000", "2500000000", "1000000000", "2500000000",
    ]  # fmt: skip


async def test_a_lapsed_request_can_be_refunded(place: Place, browser: OperatorBrowser) -> None:
    """Its process died, so it was booked in full: the person's page marks it, and a button refunds it."""
    spend, page = place.core.spend, f"/people/{ANN}"
    await spend.take(Payer(ANN, ROOM), Wanted("lost", "ask", "gpt-4o", 40_000_000, 40_000_000))
    await place.core.store.redis.zadd(key("open"), {"lost": 1})  # its lease was over long ago
    await spend.sweep()
    await pay(place, ANN, 1_000_000)
    shown = [row[1:] for row in rows(await browser.open(page)) if len(row) == 5]
    assert shown[1:] == [
        [f"gpt-4o {ANN}:1000000:gpt-4o", "paid", "$0.0010", "Refund Refund: $0.001"],
        ["gpt-4o lost", "paid in full: how it ended is unknown", "$0.0400", "Refund Refund: $0.04"],
    ]
    answer = await browser.send(page, "refund", name=ANN, request="lost")
    assert note_on(answer.text) == "Refunded: $0.04."
    assert ["gpt-4o lost", "refunded", "$0", ""] in [row[1:] for row in rows(answer.text)]
    assert (await spend.summary(Payer(ANN, ""))).person_day.used_nanos == 1_000_000
    answer = await browser.send(page, "refund", name=ANN, request="lost")
    assert "was refunded already" in note_on(answer.text)


async def test_access_is_denied_and_allowed(place: Place, browser: OperatorBrowser) -> None:
    """It applies from the next request on, to a person or a chat."""
    for name in (ANN, ROOM):
        page = "/people" if name == ANN else "/chats"
        answer = await browser.send(f"{page}/{name}", "deny", name=name)
        assert "Kept out" in plain(answer.text)
        assert name in plain(await browser.open("/access"))
        assert "not allowed" in await ask(place, ANN, f"{name} denied")
        await browser.send("/access", "allow", name=name)
        assert await ask(place, ANN, f"{name} allowed") == ""
    assert "On the DENY list in the settings." in plain(await browser.open("/people/discord:9"))


async def test_defaults_and_personas_of_a_chat(place: Place, browser: OperatorBrowser) -> None:
    """A chat's model, persona and own personas are set on its page. Blanks around a name do not matter."""
    page = f"/chats/{ROOM}"
    await browser.send(page, "persona", name=ROOM, persona=" pirate ", prompt="Talk like a pirate.")
    answer = await browser.send(page, "defaults", name=ROOM, model="gpt-4.1", persona="pirate")
    assert '<option value="gpt-4.1" selected>' in answer.text
    assert '<option value="pirate" selected>' in answer.text
    known = await place.core.memory.chosen.chat_defaults(ROOM)
    assert (known.model, known.persona, dict(known.personas)) == (
        "gpt-4.1",
        "pirate",
        {"pirate": "Talk like a pirate."},
    )
    await browser.send(page, "persona", name=ROOM, persona="pirate", prompt="")
    assert (await place.core.memory.chosen.chat_defaults(ROOM)).personas == {}
    whats = [row[2] for row in rows(await browser.open("/trail"))[1:]]
    assert whats == ["Persona removed", "Chat's persona", "Chat's model", "Persona made"]


async def test_a_default_is_taken_back(place: Place, browser: OperatorBrowser) -> None:
    """“Default” in the pickers takes model and persona back. What is saved as it was is no change."""
    for model, persona, changes in (("gpt-4.1", "brief", 2), ("gpt-4.1", "brief", 2), ("", "", 4)):
        await browser.send(f"/chats/{ROOM}", "defaults", name=ROOM, model=model, persona=persona)
        known = await place.core.memory.chosen.chat_defaults(ROOM)
        assert (known.model, known.persona) == (model, persona)
        assert len(await place.core.spend.trail.read()) == changes


async def test_blocked_words_and_an_announcement(place: Place, browser: OperatorBrowser) -> None:
    """Blocked words for image prompts, and the announcement. Blanks are neither."""
    await browser.send("/access", "block", words="   ")
    await browser.send("/access", "block", words="  blood   bath ")
    await browser.send("/access", "block", words="nude, gore")
    assert await place.core.control.policy.blocked() == ("blood bath", "gore", "nude")
    for words in ("blood bath", "gore, nude"):
        await browser.send("/access", "unblock", words=words)
    assert await place.core.control.policy.blocked() == ()
    await browser.send("/access", "announce", text="Down at noon & <b>back</b> at one")
    assert "Down at noon & <b>back</b> at one" in plain(await browser.open())
    await browser.send("/access", "announce", text="  ")
    assert "Down at noon" not in await browser.open()
    assert await place.core.control.announcement.text() == ""


async def test_secrets_are_not_shown(open_place: OpenPlace) -> None:
    """The configuration shows only whether a secret is set; other settings are shown."""
    secrets = {
        name: f"canary-{name}-1234" for name in ("operator_password", "content_key", "telegram_webhook_secret")
    }
    simulated = {"minitoolai_api_key": "", "minitoolai_base_url": MINITOOLAI_API}
    async with open_place(**secrets, **simulated) as place:
        browser = OperatorBrowser(place.url)
        async with browser.http:
            await browser.log_in(secrets["operator_password"])
            page = await browser.open("/settings")
    assert "canary" not in page
    table = {row[0]: row[1] for row in rows(page)}
    assert set(table) - {"Name"} == {name.upper() for name in Settings.model_fields}
    assert (table["USER_DAILY_USD"], table["TIMEZONE"]) == ("$0.25", "UTC")
    assert table["MINITOOLAI_BASE_URL"] == MINITOOLAI_API  # what was set, not where the simulated one is


async def test_the_lists_of_a_reload_are_shown(place: Place, browser: OperatorBrowser) -> None:
    """ALLOW and DENY are shown as SIGHUP reread them."""
    lists = {"allow": (BEN,), "deny": ("discord:user:31",)}
    place.core.reload(place.core.settings.model_copy(update=lists))
    table = {row[0]: row[1] for row in rows(await browser.open("/settings"))}
    assert (table["ALLOW"], table["DENY"]) == (BEN, "discord:user:31")


async def test_names_are_escaped(place: Place, browser: OperatorBrowser) -> None:
    """A name that is HTML is shown as text, in tables and in the data of charts."""
    evil = "discord:</script><script>alert(1)</script>"
    await pay(place, evil, 100)
    for path in ("/spend", "/people", "/"):
        page = await browser.open(path.rstrip("/"))
        assert "<script>alert" not in page
        assert "&lt;script&gt;alert(1)" in page


@pytest.mark.parametrize(
    ("nanos", "english", "german"),
    [
        (0, "$0", "0 $"),
        (1, "<$0.0001", "<0,0001 $"),
        (99_999, "<$0.0001", "<0,0001 $"),
        (100_000, "$0.0001", "0,0001 $"),
        (1_234_567_890, "$1.2346", "1,2346 $"),
        (1_234_567_891_234_567, "$1,234,567.8912", "1.234.567,8912 $"),
        (-50, ">-$0.0001", ">-0,0001 $"),
        (-2_500_000_000, "-$2.5000", "-2,5000 $"),
    ],
)
def test_dollars_for_columns(nanos: int, english: str, german: str) -> None:
    """Four decimal places, grouped thousands, never zero if something was spent, in the language's notation."""
    assert usd(nanos, "en") == english
    assert usd(nanos, "de") == german.replace(" ", "\N{NO-BREAK SPACE}")

"""What people and operators see of their money."""

import asyncio
import io
import time
from dataclasses import replace

import pytest
from PIL import Image

from core.answer import Phase
from core.app import Core
from core.money.caps import Override
from core.spend import Payer, Spent, Wanted
from core.turn import Person, Turn
from tests.core.usecases.conftest import Opened, Place, typed
from tests.recording import RecordingReply


async def pay(core: Core, place: Place, nanos: int, request: str = "paid") -> None:
    wanted = Wanted(request, "ask", "gpt-4o-mini", nanos, nanos)
    hold = await core.spend.take(Payer(place.person, "test:chat:1"), wanted)
    await core.spend.settle(hold.request, Spent(nanos, 10, 20))


async def test_usage_shows_amounts_and_a_chart(core: Core, place: Place) -> None:
    """/usage shows today and the month against the caps, by model, with a chart that has alt text."""
    await pay(core, place, 50_000_000)
    reply = await typed(core, place, "usage")
    assert reply.phases[-1] is Phase.DONE
    assert "$0.05 of $0.25" in reply.last.text
    assert "GPT-4o mini" in reply.last.text
    (picture,) = reply.last.pictures
    assert Image.open(io.BytesIO(picture.data)).format == "PNG"
    assert "$0.05" in picture.alt


async def test_charts_are_drawn_a_few_at_a_time(core: Core, place: Place) -> None:
    """Repeated /usage gets its text each time, and a chart now and then."""
    await pay(core, place, 50_000_000)
    replies = [await typed(core, place, "usage") for _ in range(5)]
    assert [len(reply.last.pictures) for reply in replies] == [1, 1, 1, 0, 0]
    assert all("$0.05 of $0.25" in reply.last.text for reply in replies)


async def test_usage_without_spending_has_no_chart(core: Core, place: Place) -> None:
    """Without spending nothing is drawn."""
    reply = await typed(core, place, "usage")
    assert "$0.00 of $0.25" in reply.last.text
    assert reply.last.pictures == ()


@pytest.mark.parametrize(("locale", "words"), [("en", "$0.01 is left"), ("de", "0,01\N{NO-BREAK SPACE}$")])
async def test_a_refusal_says_what_is_left(core: Core, place: Place, locale: str, words: str) -> None:
    """The refusal has the question's price, what is left, and the reset time."""
    await pay(core, place, 240_000_000)
    turn = place.turn("ask", "Why? " * 10_000, args={"model": "gpt-4o"})
    reply = RecordingReply()
    await core.run(_speaking(turn, locale), reply)
    assert reply.last.phase is Phase.FAILED
    assert words in reply.last.note
    assert "UTC" in reply.last.note


@pytest.mark.parametrize(
    ("command", "before", "note"),
    [
        ("ask", 187_499_999, "You have used over 75% of your budget for today."),
        ("imagine", 224_000_000, "You have used over 90% of your budget for today."),
    ],
)
async def test_a_warning_says_of_which_budget(
    core: Core, place: Place, command: str, before: int, note: str
) -> None:
    """A warning near a cap names its period."""
    await pay(core, place, before)
    assert note in (await typed(core, place, command, "a fox")).last.note


async def test_what_many_share_is_not_called_a_chats(opened: Opened, place: Place) -> None:
    """A chat that is part of a larger place shares that place's budget, and the text says so."""
    async with opened(chat_daily_usd="0.000001") as core:
        assert "of the budget shared here for today" in (await typed(core, place, "ask", "Why?")).last.note
        assert "**Everybody here today** $0.00" in (await typed(core, place, "usage")).last.text


def _speaking(turn: Turn, locale: str) -> Turn:
    return replace(turn, person=Person(turn.person.id, turn.person.name, locale))


async def test_two_accounts_share_a_purse(core: Core, place: Place) -> None:
    """One account's code, typed in the other, makes one purse; `off` separates them again, as the answer
    says."""
    other = Place("other:ann", "other:room")
    await pay(core, place, 50_000_000)
    assert "private chat" in (await typed(core, place, "link")).last.note  # others would read it here
    code = (await typed(core, place, "link", private=True)).last.text.split("/link ")[1].split("`")[0]
    linked = await typed(core, other, "link", code)
    assert linked.last.note.endswith("To separate them again, write /link off.")
    assert "$0.05 of $0.25" in (await typed(core, other, "usage")).last.text
    wrong = await typed(core, other, "link", "AAAA-AAAA")
    assert wrong.last.phase is Phase.FAILED
    await typed(core, other, "link", "off")
    assert await core.spend.purses.names(other.person) == (other.person,)


async def test_operators_change_caps_and_give_money(opened: Opened, place: Place) -> None:
    """Caps, credit and refunds by admins, recorded; by nobody else."""
    admin = Place("test:admin", "test:room")
    async with opened(admins=("test:admin",)) as core:
        await pay(core, place, 50_000_000)
        await typed(core, admin, "admin caps", "user:ann daily 0.5 monthly off")
        assert "$0.05 of $0.50" in (await typed(core, place, "usage")).last.text
        await typed(core, admin, "admin grant", "test:ann 1.5")
        await typed(core, admin, "admin refund", "paid")
        summary = await core.spend.summary(Payer(place.person, ""))
        assert (summary.credit_nanos, summary.person_day.booked_nanos) == (1_500_000_000, 0)
        trail = await core.spend.trail.read()
        assert [(line.by, line.what) for line in trail] == [
            ("test:admin", what) for what in ("refund", "grant", "cap")
        ]
        refused = await typed(core, place, "admin grant", "test:ann 99")
        assert refused.last.phase is Phase.FAILED
        assert (await core.spend.summary(Payer(place.person, ""))).credit_nanos == 1_500_000_000


@pytest.mark.parametrize("command", ["ask", "imagine"])
async def test_a_cap_of_a_role_holds(core: Core, place: Place, command: str) -> None:
    """Members of a role ask and paint under its cap; others do not."""
    await core.spend.caps.set(Override("role:test:role:5", day=0), "test:admin")
    refused = await typed(core, place, command, "a fox", labels=frozenset({"test:role:5"}))
    assert refused.last.phase is Phase.FAILED
    assert (await typed(core, place, command, "a fox")).last.phase is Phase.DONE


async def test_being_forgotten_includes_the_private_chat(core: Core, place: Place) -> None:
    """After /forget neither the person nor their private chat is named in the money's keys."""
    wanted = Wanted("one", "ask", "gpt-4o-mini", 5, 5)
    await core.spend.take(Payer(place.person, "test:chat:ann", alone=True), wanted)
    await core.spend.settle("one", Spent(5))
    await typed(core, place, "forget yes", private=True, chat="test:chat:ann")
    assert await core.store.redis.hgetall("{money}:names") == {}
    assert [row.nanos for row in await core.spend.ledger.usage(1)] == [5]


async def test_two_buttons_are_no_double_tap(opened: Opened, place: Place) -> None:
    """Buttons of two answers pressed at the same time both work."""
    now = time.time()
    async with opened(lambda: now) as core:
        refs = [(await typed(core, place, "ask", text)).last.ref for text in ("One", "Two")]
        taps = [await typed(core, place, "regenerate", args={"ref": ref}) for ref in refs]
    assert [tap.last.phase for tap in taps] == [Phase.DONE] * 2


async def test_a_button_tapped_twice_is_paid_once(opened: Opened, place: Place) -> None:
    """A double tap gives one answer; a later tap gives another."""
    now = time.time()
    async with opened(lambda: now) as core:
        reply = await typed(core, place, "ask", "One")
        again = [RecordingReply() for _ in range(3)]
        turns = [place.turn("regenerate", args={"ref": reply.last.ref}) for _ in again]
        await asyncio.gather(*(core.run(*tap) for tap in zip(turns[:2], again[:2], strict=True)))
        assert sorted(one.last.phase.value for one in again[:2]) == ["done", "failed"]
        now += 3
        await core.run(turns[2], again[2])
        assert again[2].last.phase is Phase.DONE

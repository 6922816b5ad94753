"""Answers on the page: they grow, stop, survive a reload, and stop costing money when no page is open."""

import asyncio
import io
import time

import pytest
from PIL import Image

from bots.web.entry import Entry, new_id
from bots.web.site import GRACE_S
from core.errors import Gone
from core.minitool.simulated import Simulated
from tests.adapters.web.conftest import OpenPlace, Place
from tests.adapters.web.visitor import Visitor, plain
from tests.core.money.entries import entries
from tests.waiting import until

_FILE = io.BytesIO()
Image.new("RGB", (64, 48), "#204080").save(_FILE, "PNG")
PNG = _FILE.getvalue()


@pytest.fixture
def slow() -> Simulated:
    """An upstream that takes its time, so that something can happen in between."""
    return Simulated(tokens_per_s=30, first_token_s=0.0)


@pytest.fixture
def steady() -> Simulated:
    """An upstream whose answer takes about a second."""
    return Simulated(tokens_per_s=120, first_token_s=0.0)


async def test_an_answer_grows_and_ends(visitor: Visitor) -> None:
    """The answer to a question is shown as it grows, ends with cost and buttons, and is drawn safely."""
    async with visitor.looking() as screen:
        entry = await visitor.say("What is a <b>fjord</b>?")
        drawn = await screen.end(entry)
    assert "What is a &lt;b&gt;fjord&lt;/b&gt;?" in drawn
    assert "<table" in drawn
    assert 'class="footer"' in drawn
    assert "$0.0" in plain(drawn)
    assert 'data-command="regenerate"' in drawn


async def test_no_advice_that_the_page_cannot_follow(visitor: Visitor) -> None:
    """Help does not mention replies and mentions, which the page does not have."""
    async with visitor.looking() as screen:
        answers = [plain(await screen.end(await visitor.say(text))) for text in ("/help", "/ask")]
    assert "Attach a picture or a text file to your question." in answers[0]
    assert "Reply to" not in answers[0]
    assert "Write it after the command." in answers[1]


async def test_only_what_changed_is_sent(open_place: OpenPlace, steady: Simulated) -> None:
    """A growing answer costs the stream its last block, not the whole of it, at each step."""
    async with open_place(steady) as place:
        visitor = await place.visitor()
        async with visitor.looking() as screen:
            entry = await visitor.say("Tell me about fjords and glaciers " * 5)
            drawn = await screen.end(entry, 20)
        grown = [data for event, data in screen.events if event == "grow"]
    assert len(grown) > 20
    assert max(data["at"] for data in grown) >= 3
    assert all(len(data["blocks"]) <= 3 for data in grown)
    assert screen.size < len(grown) * len(drawn) / 3


async def test_a_reload_goes_on_with_the_same_answer(open_place: OpenPlace, steady: Simulated) -> None:
    """A page reloaded during an answer shows what was there, and the rest as it comes."""
    async with open_place(steady) as place:
        visitor = await place.visitor()
        async with visitor.looking() as screen:
            entry = await visitor.say("Tell me about fjords")
            await until(lambda: len(screen.text(entry)) > 20)
        page = await visitor.arrive()
        assert f'id="e-{entry}"' in page
        assert "data-open" in page
        async with visitor.looking(waiting=entry) as screen:
            drawn = await screen.end(entry, 20)
        assert place.simulated.record.left == 0
    assert "done" in drawn.partition(">")[0]


async def test_a_slow_reload_loses_nothing(
    open_place: OpenPlace, slow: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """After the page was fetched the answer continues until its stream is opened, also beyond the grace
    period, and also where a reload that took too long was begun again."""
    loading_s = GRACE_S + 2.0
    monkeypatch.setattr("bots.web.site.LOADING_S", loading_s)
    async with open_place(slow) as place:
        visitor = await place.visitor()
        async with visitor.looking() as screen:
            entry = await visitor.say("Tell me about fjords")
            await until(lambda: "simulated" in screen.text(entry))
            await visitor.arrive()
        left = time.monotonic()
        await until(lambda: time.monotonic() - left > 2 * GRACE_S)
        assert place.simulated.record.left == 0
        await visitor.arrive()
        await until(lambda: time.monotonic() - left > loading_s + GRACE_S)
        async with visitor.looking(waiting=entry) as screen:
            await until(lambda: entry in screen.drawn)
            assert screen.is_open(entry)
        await until(lambda: place.simulated.record.left == 1)


async def test_a_left_page_stops_no_later_answer(
    open_place: OpenPlace, slow: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The answer ended during the reload: the old page's leaving stops nothing that is asked later."""
    loading_s = GRACE_S + 1.0
    monkeypatch.setattr("bots.web.site.LOADING_S", loading_s)
    async with open_place(slow) as place:
        visitor = await place.visitor()
        async with visitor.looking() as screen:
            first = await visitor.say("Tell me about fjords")
            await until(lambda: "simulated" in screen.text(first))
            await visitor.arrive()
        left = time.monotonic()
        await visitor.post(command="stop")
        await until(lambda: place.site.streams == 0 and place.simulated.record.left == 1)
        async with visitor.looking() as screen:
            second = await visitor.say("Tell me a long story about rivers " * 20)
            await until(lambda: time.monotonic() - left > loading_s + GRACE_S)
            assert screen.is_open(second)
        assert place.simulated.record.left == 1  # the first, which was stopped


async def test_a_page_drawn_before_the_end_gets_the_end(visitor: Visitor) -> None:
    """A page drawn before an answer ended receives its end, also if no page was open in between."""
    async with visitor.looking() as screen:
        entry = await visitor.say("Hello")
        await screen.end(entry)
    async with visitor.looking(waiting=entry) as screen:
        assert "Hello" in plain(await screen.end(entry))


async def test_a_closed_browser_ends_the_stream_within_a_second(open_place: OpenPlace, slow: Simulated) -> None:
    """Without an open page the upstream is closed within a second; what came is paid, kept and shown later."""
    async with open_place(slow) as place:
        visitor = await place.visitor()
        async with visitor.looking() as screen:
            entry = await visitor.say("Tell me about fjords")
            await until(lambda: "simulated" in screen.text(entry))
            await visitor.http.get("/entries")  # its line had been broken before
        left = time.monotonic()
        await until(lambda: place.simulated.record.open == 0)
        assert time.monotonic() - left < 1.5  # the grace for a reload, and a busy machine
        await until(lambda: place.simulated.record.left == 1)
        await until(lambda: not place.site.streams)
        page = await visitor.arrive()
        assert "entry cut" in page
        assert "the page was closed or lost its connection" in plain(page)
        assert 'data-command="continue"' in page
        assert "$0.0" in plain(page)
        async with visitor.looking() as screen:
            await screen.end(await visitor.say(command="help"))
            assert entry not in screen.drawn  # nothing of it is left but what is kept


async def test_a_page_that_comes_back_while_a_picture_is_kept(
    open_place: OpenPlace, slow: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The page's stream broke and was back before the question was handled: its answer has a reader and
    continues."""
    async with open_place(slow) as place:
        keeping, kept = asyncio.Future[str](), asyncio.Event()
        keep = place.site.transcript.keep_picture

        async def keep_late(person: str, name: str, data: bytes, entry: str) -> None:
            keeping.set_result(person)
            await kept.wait()
            await keep(person, name, data, entry)

        monkeypatch.setattr(place.site.transcript, "keep_picture", keep_late)
        visitor = await place.visitor()
        async with visitor.looking():
            asking = asyncio.create_task(visitor.say("What is this?", [("picture.png", PNG, "image/png")]))
            person = await keeping
            seen = place.site.room(person)
        await until(lambda: place.site.room(person) is not seen)
        async with visitor.looking() as screen:
            kept.set()
            entry = await asking
            left = time.monotonic()
            await until(lambda: time.monotonic() - left > 2 * GRACE_S)
            assert place.simulated.record.left == 0
            assert screen.text(entry)


async def test_a_question_without_a_page_is_not_answered_for_long(
    open_place: OpenPlace, slow: Simulated
) -> None:
    """A request without an open page ends soon, too."""
    async with open_place(slow) as place:
        visitor = await place.visitor()
        await visitor.say("Tell me about fjords")
        await until(lambda: place.simulated.record.left == 1)


async def test_stop_keeps_what_came(open_place: OpenPlace, slow: Simulated) -> None:
    """The stop button ends the stream; the text so far stays, with its cost."""
    async with open_place(slow) as place:
        visitor = await place.visitor()
        async with visitor.looking() as screen:
            entry = await visitor.say("Tell me about fjords")
            await until(lambda: "simulated" in screen.text(entry))
            await visitor.action(screen, entry, "stop")
            drawn = await screen.end(entry)
        assert "simulated" in plain(drawn)
        assert "stopped" in drawn.partition(">")[0]
        assert entry in await visitor.arrive()
        assert place.simulated.record.left == 1


async def test_the_conversation_is_there_after_a_reload(place: Place, visitor: Visitor) -> None:
    """After a reload all questions and answers are there in order, for this person only."""
    async with visitor.looking() as screen:
        for word in ("alpha", "beta"):
            await screen.end(await visitor.say(f"Say {word}"))
    page = plain(await visitor.arrive())
    assert page.index("Say alpha") < page.index("Say beta")
    assert "Say alpha" in plain((await visitor.http.get("/entries")).text)
    assert "Say alpha" not in plain(await (await place.visitor()).arrive())


async def test_two_tabs_show_the_same(visitor: Visitor) -> None:
    """What is asked in one tab is shown in the other."""
    async with visitor.looking() as one, visitor.looking() as other:
        entry = await visitor.say("Hello")
        assert await one.end(entry) == await other.end(entry)


async def test_a_picture_that_another_process_painted_is_shown(
    open_place: OpenPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """One process takes the order and another one completes it: the open page shows the picture, and so does
    the next."""
    monkeypatch.setattr("bots.web.site.FOLLOW_S", 0.05)
    async with open_place() as place, open_place():
        place.core.jobs._workers["web"].cancel()
        visitor = await place.visitor()
        async with visitor.looking() as screen:
            entry = await visitor.say("a fox", command="imagine", size="small")
            drawn = await screen.end(entry)
        assert "<img" in drawn
        assert "data-open" not in await visitor.arrive()


async def test_an_entry_that_cannot_be_read_harms_no_other(
    open_place: OpenPlace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An entry written by another version is left out; all others are shown."""
    monkeypatch.setattr("bots.web.site.FOLLOW_S", 0.05)
    async with open_place() as place, open_place():
        bad = Entry(id=new_id(), person="web:bad", command="ask", locale="en")
        place.site.room(bad.person).show(bad, ())
        await place.core.transcript.save(bad.person, bad.id, b"{}")
        place.core.jobs._workers["web"].cancel()  # the other process paints
        visitor = await place.visitor()
        async with visitor.looking() as screen:
            assert "<img" in await screen.end(await visitor.say("a fox", command="imagine", size="small"))
            (person,) = {one.person for one in await entries(place.core.spend.ledger)}
            await place.core.transcript.save(person, bad.id, b"{}")
        assert "<img" in await visitor.arrive()
        with pytest.raises(Gone):
            await place.core.reopens.reopen(f"{bad.person}:{bad.id}")


async def test_a_deleted_answer_is_gone(visitor: Visitor) -> None:
    """Delete takes the entry off the page, now and after a reload."""
    async with visitor.looking() as screen:
        entry = await visitor.say("Delete me")
        await screen.end(entry)
        await visitor.action(screen, entry, "delete")
        await until(lambda: entry not in screen.drawn)
        assert entry not in await visitor.arrive()  # in another tab


async def test_a_button_makes_an_entry_of_its_own(visitor: Visitor) -> None:
    """The answer to a button appears below, titled with the button's label."""
    async with visitor.looking() as screen:
        entry = await visitor.say("Once more")
        await screen.end(entry)
        again = (await visitor.action(screen, entry, "regenerate")).json()["id"]
        drawn = await screen.end(again)
    assert '<p class="caption">' in drawn
    assert "Once more" in plain(drawn)


async def test_forget_clears_the_page(place: Place, visitor: Visitor) -> None:
    """After /forget the page is empty but for the confirmation, and nothing of the person is in the store."""
    async with visitor.looking() as screen:
        await screen.end(await visitor.say("My secret"))
        entry = await visitor.say("/forget")
        await screen.end(entry)
        sure = (await visitor.action(screen, entry, "forget yes")).json()["id"]
        await until(lambda: any(event == "clear" for event, _ in screen.events))
        assert sure
        await until(lambda: any("Erased" in notice for notice in screen.notices))
        assert "My secret" not in await visitor.arrive()  # in another tab
    assert not list(await place.core.store.redis.keys("*page:web:*"))


async def test_what_is_under_way_is_not_written_back_after_forget(
    open_place: OpenPlace, slow: Simulated
) -> None:
    """An answer and a picture that end after /forget store nothing of the page."""
    async with open_place(slow) as place:
        visitor = await place.visitor()
        async with visitor.looking() as screen:
            answer = await visitor.say("My secret")
            painting = await visitor.say("/imagine my secret fox")
            await until(lambda: "simulated" in screen.text(answer))
            entry = await visitor.say("/forget")
            await screen.end(entry)
            await visitor.action(screen, entry, "forget yes")
            await until(lambda: any("Erased" in notice for notice in screen.notices))
            await until(lambda: place.site.streams == 0)
            await until(lambda: painting not in screen.drawn)
        assert not list(await place.core.store.redis.keys("*page:web:*"))


async def test_a_stopping_server_refuses_new_questions(place: Place, visitor: Visitor) -> None:
    """The refusal is a sentence, and the page keeps the text."""
    await place.site.leave(0)
    answer = await visitor.post("Too late")
    assert answer.status_code == 503
    assert "restarting" in answer.json()["error"]


async def test_a_stopping_server_ends_the_streams_of_pages(place: Place, visitor: Visitor) -> None:
    """The pages then reconnect to the next process."""
    async with visitor.looking() as screen:
        await place.site.leave(0)
        await until(lambda: screen.ended)


async def test_another_language_is_told_to_the_page(visitor: Visitor) -> None:
    """An open page is notified of a changed language, and of no other setting."""
    async with visitor.looking() as screen:
        for text in (
            "/settings",
            "/settings cost off",
            "/settings language de",
            "/settings language de",
            "/help",
        ):
            await screen.end(await visitor.say(text))
        await until(lambda: ("language", {}) in screen.events)
        await screen.end(await visitor.say("/help"))
    assert [event for event, _ in screen.events].count("language") == 1

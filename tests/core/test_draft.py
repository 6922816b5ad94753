"""A growing answer is shown as fast as the chat allows, and always ends."""

import asyncio

import pytest

from core.answer import Answer, Phase, Picture, Progress, Surface
from core.draft import PATIENCE_S, QUIET_S, Draft, present
from core.errors import DeliveryError, Gone, SlowDown, TooBig
from core.pace import Pace
from core.words import t
from tests.core.drafts import CHANNEL, STOP, WORKING, done, feed
from tests.faketime import fake_time, now
from tests.recording import RecordingReply


@fake_time
async def test_a_person_sees_at_once_that_the_bot_works() -> None:
    """The working state is shown within half a second, before the first token."""
    reply = RecordingReply()
    async with Draft(reply, WORKING, locale="en"):
        await reply.until(lambda answer: answer.phase is Phase.WORKING)
        assert reply.at[0] < 0.5
        assert reply.last.actions == (STOP,)


@fake_time
async def test_what_it_waited_for_is_no_note_any_more() -> None:
    """The note of the working state goes with the first text; in a pause of 10 s a note below the text says
    again that the answer waits, until the next token."""
    reply = RecordingReply()
    async with Draft(reply, Answer(note="Thinking", actions=(STOP,)), locale="en") as draft:
        await asyncio.sleep(1)
        draft.grow("One")
        await asyncio.sleep(QUIET_S + 1)
        draft.grow(" two")
        await asyncio.sleep(1)
    waits = t("en", "answer-still-waiting")
    states = [(answer.text, answer.note) for answer in reply.shown]
    assert states == [("", "Thinking"), ("One", ""), ("One", waits), ("One two", "")]
    assert all(answer.actions == (STOP,) for answer in reply.shown)


@fake_time
async def test_after_ten_seconds_of_silence_it_says_that_it_waits() -> None:
    """10 s without a token: the note says so, in the reader's language, once; a token removes it."""
    reply = RecordingReply()
    async with Draft(reply, WORKING, locale="de") as draft:
        await asyncio.sleep(60)
        assert [answer.note for answer in reply.shown] == ["", t("de", "answer-still-waiting")]
        assert reply.at[1] == pytest.approx(QUIET_S, abs=0.5)
        draft.grow("Hallo")
        await asyncio.sleep(1)
        assert (reply.last.text, reply.last.note) == ("Hallo", "")


@fake_time
async def test_feeding_never_waits_for_the_chat() -> None:
    """Reading the stream continues while the chat hangs; one show is under way; then only the newest state is
    shown."""
    reply = RecordingReply()
    async with Draft(reply, WORKING, locale="en") as draft:
        reply.open.clear()
        started = now()
        await feed(draft, 100)
        assert now() - started == pytest.approx(5.0)
        reply.open.set()
        assert await draft.finish(done(draft.text))
    assert reply.most_under_way == 1
    assert len(reply.tried) == 2
    assert reply.last.text.endswith("w99 ")


@fake_time
async def test_growth_respects_the_interval_but_first_and_final_text_do_not_wait() -> None:
    """Shows of growing text keep `show_every`; the first text and the final state are shown at once."""
    reply = RecordingReply(surface=Surface(show_every=1.1))
    async with Draft(reply, WORKING, locale="en") as draft:
        await feed(draft, 100)
        finished = now()
        await draft.finish(done(draft.text))
    assert reply.at[1] == pytest.approx(0.05, abs=0.01)
    gaps = [later - sooner for sooner, later in zip(reply.at[1:-1], reply.at[2:-1], strict=False)]
    assert gaps
    assert min(gaps) > 1.0999
    assert reply.at[-1] == pytest.approx(finished, abs=0.01)
    assert reply.phases == [Phase.WORKING, Phase.GROWING, Phase.DONE]


@fake_time
async def test_no_call_is_made_for_signs_that_are_not_seen() -> None:
    """A first token that is a sign of Markdown alone draws nothing: the first text is the first that is seen,
    and it does not wait behind a call that says nothing. A text of signs alone is there in the end."""
    reply = RecordingReply(surface=Surface(show_every=1.1))
    async with Draft(reply, WORKING, locale="en") as draft:
        await asyncio.sleep(1)
        for piece in ("##", " ", "A", " fjord"):
            draft.grow(piece)
            await asyncio.sleep(0.05)
        await asyncio.sleep(2)
        assert [answer.text for answer in reply.shown] == ["", "## A", "## A fjord"]
        assert draft.first_text_at is not None
    reply = RecordingReply()
    async with Draft(reply, WORKING, locale="en") as draft:
        draft.grow("***")
        assert await draft.finish(done(draft.text))
    assert reply.last.text == "***"


@fake_time
async def test_a_finished_answer_carries_no_progress_mark() -> None:
    """The final state has no sign of progress, and nothing is shown after it."""
    reply = RecordingReply()
    async with Draft(reply, WORKING, locale="en") as draft:
        await feed(draft, 3)
        final = Answer(Phase.DONE, text="all", progress=Progress(elapsed=3))
        assert await draft.finish(final)
        draft.grow("late")
        await asyncio.sleep(30)
    assert reply.last == Answer(Phase.DONE, text="all")


@pytest.mark.parametrize("moment", ["first", "middle", "final"])
@fake_time
async def test_a_chat_that_says_wait_is_obeyed_and_still_gets_the_end(moment: str) -> None:
    """429 with retry_after 30 on the first, a middle or the final show: nothing is tried for 30 s, then the
    final state is shown; the stream is read all the while."""
    pace = Pace(CHANNEL, now)
    reply = RecordingReply(lane=pace.lane("c"))
    if moment == "first":
        reply.slow_down(30)
    async with Draft(reply, WORKING, locale="en") as draft:
        await feed(draft, 100)
        if moment == "middle":
            reply.slow_down(30)
        await feed(draft, 100)
        if moment == "final":
            reply.slow_down(30)
        read_at = now()
        assert read_at == pytest.approx(10.0)
        assert await draft.finish(done(draft.text))
    assert reply.last.phase is Phase.DONE
    assert not reply.refusals
    refused_at = next(at for at in reply.tried_at if at not in reply.at)
    assert not [at for at in reply.tried_at if refused_at < at < refused_at + 30]
    assert reply.at[-1] == pytest.approx(refused_at + 30, abs=0.1)


@fake_time
async def test_a_wait_for_the_whole_account_stops_every_chat() -> None:
    """A global 429 met by one answer holds back the others too, and all end well."""
    pace = Pace(CHANNEL, now)
    replies = [RecordingReply(lane=pace.lane(f"c{n}")) for n in range(5)]
    replies[0].slow_down(30, everywhere=True)

    async def answer(reply: RecordingReply) -> None:
        async with Draft(reply, WORKING, locale="en") as draft:
            await feed(draft, 20)
            await draft.finish(done("end"))

    await asyncio.gather(*map(answer, replies))
    for reply in replies:
        assert all(at < 0.01 or at >= 30 for at in reply.at)
        assert reply.last.text == "end"


@fake_time
async def test_a_deleted_message_stops_the_paying() -> None:
    """Gone during growth sets `gone` at once; nothing more is tried, and finish returns False."""
    reply = RecordingReply()
    async with Draft(reply, WORKING, locale="en") as draft:
        await feed(draft, 10)
        assert not draft.gone.done()
        reply.deleted = True
        draft.grow("more")
        async with asyncio.timeout(1):
            await draft.gone
        tried = len(reply.tried)
        await feed(draft, 10)
        assert not await draft.finish(done(draft.text))
        assert len(reply.tried) == tried


@pytest.mark.parametrize("away_from", [0.0, 2.0, 4.95])
@fake_time
async def test_twenty_seconds_without_network_cost_no_final_text(away_from: float) -> None:
    """The chat is unreachable for 20 s, before, during or at the end of the answer: the final state
    comes within 6 s of its return, without a storm of tries."""
    reply = RecordingReply(surface=Surface(show_every=1.0))
    asyncio.get_running_loop().call_later(away_from, setattr, reply, "away_until", away_from + 20)
    if not away_from:
        reply.away_until = 20
    async with Draft(reply, WORKING, locale="en") as draft:
        await feed(draft, 100)
        assert await draft.finish(done(draft.text))
    assert away_from + 20 <= now() < away_from + 26
    assert len(reply.tried) < 20
    assert reply.last.phase is Phase.DONE


@pytest.mark.parametrize("tokens", [0, 1, 300])
@pytest.mark.parametrize("phase", [Phase.FAILED, Phase.STOPPED, Phase.CUT])
@fake_time
async def test_an_error_keeps_what_is_there_and_adds_one_line(tokens: int, phase: Phase) -> None:
    """If upstream fails, or a person stops, after 0, 1 or 300 tokens, the last state is the text so far with
    one line, never a growing one."""
    reply = RecordingReply(surface=Surface(show_every=1.0))
    async with Draft(reply, WORKING, locale="en") as draft:
        await feed(draft, tokens)
        await draft.finish(Answer(phase, text=draft.text, note="what to do", alert=True))
    assert reply.last.phase is phase
    assert reply.last.note == "what to do"
    assert len(reply.last.text.split()) == tokens


@fake_time
async def test_a_chat_that_refuses_for_ten_minutes_ends_the_draft() -> None:
    """finish returns False, and no task is left."""
    reply = RecordingReply(lane=Pace(CHANNEL, now).lane("c"))
    reply.slow_down(PATIENCE_S * 2)
    async with Draft(reply, WORKING, locale="en") as draft:
        await feed(draft, 10)
        assert not await draft.finish(done("end"))
    assert now() == pytest.approx(PATIENCE_S + 0.5)
    assert len(asyncio.all_tasks()) == 1


@fake_time
async def test_a_chat_that_never_replies_does_not_hold_the_answer_for_ever() -> None:
    """A show that hangs is given up with the draft's patience."""
    reply = RecordingReply()
    reply.open.clear()
    async with Draft(reply, WORKING, patience=5, locale="en") as draft:
        await feed(draft, 10)
        assert not await draft.finish(done("end"))
    assert reply.under_way == 0


@pytest.mark.parametrize(("upload_s", "arrives"), [(60, True), (1000, False)])
@fake_time
async def test_pictures_under_way_are_not_cut_off(upload_s: float, arrives: bool) -> None:
    """On a slow line pictures take longer than the patience: cut off, they would never arrive. They are not
    waited for without end."""
    reply = RecordingReply()
    reply.open.clear()
    asyncio.get_running_loop().call_later(upload_s, reply.open.set)
    picture = Picture(b"...", "image/png", "a.png", "a cat")
    async with Draft(reply, patience=10, locale="en") as draft:
        assert await draft.finish(Answer(Phase.DONE, pictures=(picture,))) is arrives
    assert len(reply.shown) == arrives
    assert now() <= 150


@fake_time
async def test_pictures_that_are_too_big_go_and_the_text_stays() -> None:
    """TooBig on the final state: it is shown without the pictures, with a line that says so."""
    reply = RecordingReply()
    reply.too_big()
    picture = Picture(b"...", "image/png", "a.png", "a cat")
    assert await present(reply, Answer(Phase.DONE, text="here", pictures=(picture,)), locale="de")
    assert (reply.last.text, reply.last.pictures) == ("here", ())
    assert reply.last.note == t("de", "answer-without-pictures")


@fake_time
async def test_a_text_that_is_too_big_is_not_tried_for_ever() -> None:
    """TooBig without pictures is not retried: growth pauses, and the final state gets one try."""
    reply = RecordingReply()
    async with Draft(reply, WORKING, locale="en") as draft:
        await feed(draft, 2)
        await asyncio.sleep(1)
        reply.too_big()
        await feed(draft, 100)
        assert reply.refusals == []
        reply.too_big()
        assert not await draft.finish(done("x"))
    assert len(reply.tried) <= 5
    assert reply.tried[-1].phase is Phase.DONE


@pytest.mark.parametrize("fault", [TooBig(), Gone(), SlowDown(30), DeliveryError(), ValueError()])
@fake_time
async def test_a_growing_show_that_fails_late_does_not_take_the_end_with_it(fault: Exception) -> None:
    """The final state is set during a growing show, which then fails: the final state is shown all the same,
    unless the message is gone."""

    class Late(RecordingReply):
        async def show(self, answer: Answer) -> None:
            if answer.phase is Phase.GROWING:
                await asyncio.sleep(5)
                raise fault
            await super().show(answer)

    reply = Late(lane=Pace(CHANNEL, now).lane("c"))
    async with Draft(reply, WORKING, locale="en") as draft:
        await feed(draft, 10)
        assert await draft.finish(done("end")) is not isinstance(fault, Gone)
    assert now() < 40

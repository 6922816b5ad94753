"""Orders whose image maker misbehaves, and what people see meanwhile."""

import asyncio
import time
from contextlib import suppress
from pathlib import Path

import pytest
from structlog.testing import capture_logs

from core.answer import Answer, Phase
from core.app import Core
from core.errors import Rejected, StoreError
from core.minitool.simulated import Simulated
from core.minitool.wire import ImageRequest, Job
from core.orders.order import TRY_S, State, Told
from core.pace import Limits, Pace, Rank, Window
from tests.core.usecases.conftest import PRICE, Opened, Place, booked
from tests.recording import RecordingReply
from tests.waiting import PATIENCE_S, until


async def ordered(core: Core, place: Place, text: str, **args: object) -> RecordingReply:
    reply = RecordingReply(address="")
    await core.run(place.turn("imagine", text, {"size": "small", **args}), reply)
    return reply


@pytest.mark.parametrize("kind", ["429:1", "html", "html:502", "500", "empty", "drop", "404"])
async def test_a_status_that_says_nothing_is_asked_again(
    opened: Opened, place: Place, simulated: Simulated, kind: str
) -> None:
    """429, an HTML page, 500, nothing: a failed poll says nothing about the job, and the picture still
    comes."""
    name, _, detail = kind.partition(":")
    simulated.faults.add("poll", name, detail, times=3)
    async with opened(sleep=soon) as core:
        reply = await ordered(core, place, "a fox")
        assert reply.last.pictures
        assert await booked(core, place) == PRICE


async def soon(seconds: float) -> None:
    """In place of waiting."""


@pytest.mark.parametrize(("asked", "given"), [("30", 30), ("31536000", 60)])
async def test_a_status_that_asks_for_patience_gets_it(
    core: Core, place: Place, simulated: Simulated, asked: str, given: float
) -> None:
    """If the image maker gives a Retry-After, no job is polled before it; a year is not believed."""
    simulated.faults.add("poll", "429", asked)
    ordering = asyncio.create_task(ordered(core, place, "a fox"))
    polls, now = core.fulfil._deps.polls, asyncio.get_running_loop().time
    await until(lambda: polls._resume_at)
    assert given - 5 < polls._resume_at - now() <= given
    polls._resume_at = 0.0
    assert (await ordering).last.pictures


async def test_a_picture_that_nobody_looked_for_is_not_late(
    place: Place, opened: Opened, simulated: Simulated
) -> None:
    """After a downtime beyond the deadline there is a poll first: a finished picture is delivered."""
    simulated.job_s, ahead_s = 0, 0.0
    async with opened(lambda: time.time() + ahead_s) as core:
        tools = core.fulfil._deps
        expected = tools.timing.expected

        async def long_afterwards(kind: str) -> object:
            nonlocal ahead_s
            ahead_s = 1.1 * tools.settings.image_deadline_s
            return await expected(kind)

        tools.timing.expected = long_afterwards
        reply = await ordered(core, place, "a fox")
        assert [answer.phase for answer in reply.shown if answer.phase.is_final] == [Phase.DONE]
        assert await booked(core, place) == PRICE


async def test_progress_is_patient_with_the_chat(core: Core, place: Place, simulated: Simulated) -> None:
    """A chat that refuses progress for a minute is left alone that long."""
    simulated.job_s = 60
    lane = Pace(Limits(chat=(Window(5, 1.0),))).lane("chat")
    reply = RecordingReply(lane=lane, address="")
    reply.slow_down(60.0)
    ordering = asyncio.create_task(core.run(place.turn("imagine", "a fox"), reply))
    await until(lambda: not reply.refusals)
    assert not await lane.enter(Rank.COSMETIC)
    ordering.cancel()
    await asyncio.wait([ordering])


class Broken(RecordingReply):
    """Shows progress, and breaks at the end."""

    async def show(self, answer: Answer) -> None:
        if answer.phase.is_final:
            raise ValueError("a mistake of ours")
        await super().show(answer)


async def test_an_end_that_cannot_be_shown_is_not_tried_for_ever(place: Place, opened: Opened) -> None:
    """A picture that a bug prevents from being shown is tried less and less often, and after a day waits for
    its person."""
    ahead_s = 0.0
    async with opened(lambda: time.time() + ahead_s) as core:
        fulfil, reply = core.fulfil, Broken(address="")
        ordering = asyncio.create_task(core.run(place.turn("imagine", "a fox", {"size": "small"}), reply))
        shown = await reply.until(lambda answer: bool(answer.ref))
        await until(lambda: has_ended(core, shown.ref))
        ordering.cancel()
        await asyncio.wait([ordering])
        assert await fulfil.drive(shown.ref, asyncio.Event()) == 5.0
        ahead_s = TRY_S + 60
        await fulfil.drive(shown.ref, asyncio.Event())
        (order,) = await core.orders.of(place.person)
        assert order.told is Told.ASIDE


async def has_ended(core: Core, ref: str) -> bool:
    order = await core.orders.find(ref)
    return order is not None and not order.is_open


@pytest.mark.parametrize("kind", ["text", "half", "huge", "redirect"])
async def test_what_is_no_picture_is_not_paid(core: Core, place: Place, kind: str) -> None:
    """A text, 5 GB or a redirect inwards instead of the picture: the person is told and not charged."""
    reply = await ordered(core, place, f"fault:{kind} a fox")
    assert reply.last.phase is Phase.FAILED
    assert reply.last.note == "The picture could not be made. You were not charged."
    assert await booked(core, place) == 0


async def test_a_picture_that_cannot_be_fetched_yet_is_fetched_later(
    core: Core, place: Place, simulated: Simulated
) -> None:
    """Errors at the picture's address, and a missing picture, are waited out."""
    simulated.faults.add("picture", "gone", times=5)
    for kind in ("503", "drop", "500", "half"):
        simulated.faults.add("picture", kind, times=2)
    reply = await ordered(core, place, "a fox")
    assert reply.last.pictures
    assert await booked(core, place) == PRICE


async def test_a_picture_that_is_not_there_for_long_is_none(
    core: Core, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If nothing is ever at the picture's address, nobody waits for the whole deadline, or pays; the log has it
    once, not with each try."""
    monkeypatch.setattr("core.orders.painting._MISSING_S", 1.0)
    with capture_logs() as logs:
        reply = await ordered(core, place, "fault:gone a fox")
    assert (reply.last.phase, await booked(core, place)) == (Phase.FAILED, 0)
    assert [one["event"] for one in logs].count("order.fetch_failed") == 1


@pytest.mark.parametrize("step", ["poll", "fetch"])
async def test_a_picture_that_a_mistake_of_ours_keeps_away_ends(
    place: Place, opened: Opened, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    """A poll or download that always fails by a bug is late like any other, and then failed: nobody pays, and
    the tries end."""
    ahead_s = 0.0

    async def broken(_: object) -> None:
        raise ValueError("a mistake of ours")

    async with opened(lambda: time.time() + ahead_s) as core:
        monkeypatch.setattr(core.fulfil._deps.minitool, step, broken)
        with pytest.raises(ValueError, match="ours"):
            await core.imagining.imagine(place.turn("imagine", "a fox"), RecordingReply(address=""))
        (order,) = await core.orders.of(place.person)
        for _ in range(6):
            ahead_s += 43_200
            with suppress(ValueError):
                await core.fulfil.drive(order.ref, asyncio.Event())
        (order,) = await core.orders.of(place.person)
        assert (order.pieces[0].state, await booked(core, place)) == (State.FAILED, 0)
        assert await core.orders.overdue() == []


@pytest.mark.parametrize(
    ("rule", "paid", "words"), [("refund", 0, "not charged"), ("keep", PRICE, "still arrives")]
)
async def test_a_picture_that_never_comes_is_paid_by_rule(
    place: Place, opened: Opened, rule: str, paid: int, words: str
) -> None:
    """After the deadline the person is told once; the setting decides about the money, and the polls end."""
    async with opened(image_deadline_s=0.2, image_late=rule) as core:
        reply = await ordered(core, place, "fault:never a fox")
        assert words in reply.last.note
        assert await booked(core, place) == paid
        assert await core.orders.overdue() == []


@pytest.mark.parametrize(
    ("rule", "paid", "words"), [("refund", 0, "not charged"), ("keep", PRICE, "were charged")]
)
async def test_an_order_of_unknown_fate_is_paid_by_rule(
    place: Place, opened: Opened, rule: str, paid: int, words: str
) -> None:
    """An order that may have arrived is reported as such, with what happens to the money."""
    async with opened(image_late=rule) as core:
        reply = await ordered(core, place, "fault:drop a fox")
        assert "unclear whether" in reply.last.note
        assert words in reply.last.note
        assert await booked(core, place) == paid


async def test_a_late_picture_is_kept_paid_where_the_rule_says_so(place: Place, opened: Opened) -> None:
    """With IMAGE_LATE=keep a late picture comes, and is paid once."""
    async with opened(image_deadline_s=0.3, image_late="keep") as core:
        reply = await ordered(core, place, "fault:slow a fox")
        assert reply.last.pictures
        assert "$0.0015" in reply.last.footer
        assert await booked(core, place) == PRICE


async def test_the_price_is_said_before_it_is_paid(core: Core, place: Place) -> None:
    """While the order goes out, the person sees its price; Again has its price, too. The rest of the budget is
    shown only in private."""
    reply = await ordered(core, place, "a fox")
    assert (reply.shown[0].note, reply.shown[0].question) == ("Ordering… $0.0015.", "a fox")
    assert "$0.0015" in next(action.label for action in reply.last.actions if action.command == "again")
    assert reply.last.footer == "realvision · 512×512 · $0.0015"
    alone = RecordingReply(address="")
    await core.run(place.turn("imagine", "a fox", {"size": "small"}, private=True), alone)
    assert "$0.0015, leaving you $0.247." in alone.shown[0].note
    assert "$0.247 left" in alone.last.footer


async def test_who_cannot_pay_is_told_at_once(place: Place, opened: Opened, simulated: Simulated) -> None:
    """A refusal has the price and the rest of the budget, for that person only; nothing is sent. The reset time
    is given only if it would help."""
    async with opened(user_daily_usd="0.001") as core:
        reply = await ordered(core, place, "a fox")
        assert (reply.last.phase, reply.last.private) == (Phase.FAILED, True)
        for words in ("$0.0015", "$0.001 is left", "today. The operator can raise it."):
            assert words in reply.last.note
        reply = await ordered(core, place, "a fox", count=4)
        # As the button says: again, for so much
        assert "up to $0.006, but only $0.001 is left" in reply.last.note
        assert [action.label for action in reply.last.actions if action.command == "again"] == [
            "Again ($0.006)"
        ]
        assert simulated.record.counts["submit"] == 0


async def test_a_budget_for_half_an_order_paints_half(place: Place, opened: Opened) -> None:
    """Of four pictures the affordable ones are painted, and the note says why the others are not."""
    async with opened(user_daily_usd="0.0035") as core:
        reply = await ordered(core, place, "a fox", count=4)
        assert (len(reply.last.pictures), reply.last.private) == (2, False)
        assert reply.last.note.startswith(
            "Only 2 of 4 pictures were made. This would cost up to $0.003, but only $0.0005 is left"
        )
        assert "It resets on" in reply.last.note
        assert await booked(core, place) == 2 * PRICE


async def test_pictures_warn_of_the_cap_too(place: Place, opened: Opened) -> None:
    """The picture that brings a budget over 90 % says so, once."""
    async with opened(user_daily_usd="0.0016") as core:
        reply = await ordered(core, place, "a fox")
        assert "90%" in reply.last.note


async def test_waiting_is_free_until_it_ends(place: Place, opened: Opened, simulated: Simulated) -> None:
    """In line the person sees the place, the price and a free Cancel; once painting, it is too late to
    cancel."""
    simulated.job_s = 2.0
    async with opened(image_jobs_at_once=1) as core:
        first = asyncio.create_task(ordered(core, place, "a fox"))
        await until(lambda: simulated.record.counts["submit"])
        (painted,) = await core.orders.of(place.person)
        waiting, other = RecordingReply(address=""), Place("test:ben")
        second = asyncio.create_task(core.run(other.turn("imagine", "an owl"), waiting))
        shown = await waiting.until(lambda answer: "place 1" in answer.note)
        assert "$0.0015" in shown.note
        assert await pressed(core, other, "cancel", shown) == "Cancelled. You were not charged."
        await second
        assert waiting.last.phase is Phase.STOPPED
        assert await booked(core, other) == 0
        late = await pressed(core, place, "cancel", Answer(ref=painted.ref))
        assert "too late" in late
        assert (await first).last.pictures
        assert simulated.record.counts["submit"] == 1


async def test_what_there_was_money_for_is_cancelled(
    place: Place, opened: Opened, simulated: Simulated
) -> None:
    """Four pictures and money for two: the line shows the price of two, and Cancel returns it."""
    simulated.job_s = 2.0
    async with opened(image_jobs_at_once=1, user_daily_usd="0.0035") as core:
        first = asyncio.create_task(ordered(core, place, "a fox"))
        await until(lambda: simulated.record.counts["submit"])
        waiting, other = RecordingReply(address=""), Place("test:ben")
        second = asyncio.create_task(core.run(other.turn("imagine", "an owl", {"count": 4}), waiting))
        shown = await waiting.until(lambda answer: "place 1" in answer.note)
        assert "$0.003." in shown.note
        assert await pressed(core, other, "cancel", shown) == "Cancelled. You were not charged."
        await second
        (order,) = await core.orders.of(other.person)
        assert [piece.state.value for piece in order.pieces] == ["cancelled"] * 2 + ["failed"] * 2
        assert "too late" in await pressed(core, other, "cancel", shown)
        assert await booked(core, other) == 0
        assert (await first).last.pictures
        assert simulated.record.counts["submit"] == 1


async def test_what_is_left_is_what_the_failed_gave_back(core: Core, place: Place) -> None:
    """Two of four fail: the note under the others includes the returned money."""
    minitool = core.fulfil._deps.minitool
    submit, sent = minitool.submit, list[object]()

    async def half(order: ImageRequest) -> Job:
        sent.append(order)
        if len(sent) > 2:
            raise Rejected(cause="two are enough")
        return await submit(order)

    minitool.submit = half
    reply = RecordingReply(address="")
    await core.run(place.turn("imagine", "a fox", {"size": "small", "count": 4}, private=True), reply)
    assert (len(reply.last.pictures), await booked(core, place)) == (2, 2 * PRICE)
    assert "$0.247 left" in reply.last.footer


async def test_a_picture_without_a_price_ends_as_others_do(
    place: Place, opened: Opened, tmp_path: Path
) -> None:
    """A free picture is settled, too: no hold stays open, and it is counted."""
    (tmp_path / "free.toml").write_text('[image.realvision]\nprice = "0"\n')
    async with opened(catalogue_file=tmp_path / "free.toml") as core:
        assert (await ordered(core, place, "a fox")).last.pictures
        assert (await core.spend.holds(), await booked(core, place)) == (0, 0)
        assert [row.requests for row in await core.spend.ledger.usage(1)] == [1]


async def pressed(core: Core, place: Place, command: str, shown: Answer) -> str:
    reply = RecordingReply()
    await core.run(place.turn(command, args={"ref": shown.ref}), reply)
    return reply.last.note


async def test_an_erased_order_ends(place: Place, opened: Opened, simulated: Simulated) -> None:
    """A person forgotten while the order waits in line leaves nothing held, and nothing is sent."""
    async with opened(image_jobs_at_once=1) as core:
        blocking = asyncio.create_task(ordered(core, Place("test:ben"), "fault:never an owl"))
        await until(lambda: simulated.record.counts["submit"])
        reply = RecordingReply(address="")
        waiting = asyncio.create_task(core.run(place.turn("imagine", "a fox"), reply))
        await reply.until(lambda answer: "place 1" in answer.note)
        await core.orders.forget(place.person)
        await asyncio.wait_for(waiting, PATIENCE_S)
        assert await booked(core, place) == 0
        blocking.cancel()
        await asyncio.wait([blocking])


async def test_an_order_that_is_erased_in_an_outage_is_free(core: Core, place: Place) -> None:
    """The same if the store is away at that time."""

    async def waiting(order: object) -> int:
        return 1

    async def away(ref: str) -> None:
        raise StoreError(cause="away")

    reply, line = RecordingReply(address=""), core.fulfil._deps.line
    leave, line.enter, line.leave = line.leave, waiting, away
    ordering = asyncio.create_task(core.run(place.turn("imagine", "a fox"), reply))
    await reply.until(lambda answer: "place 1" in answer.note)
    with capture_logs() as logs:
        await core.orders.forget(place.person)
        await until(lambda: any(one["event"] == "order.postponed" for one in logs))
    line.leave = leave
    await ordering
    assert await booked(core, place) == 0


async def test_buttons_work_after_a_restart(place: Place, opened: Opened) -> None:
    """Prompt and parameters are found by the order's reference in any later process."""
    async with opened() as core:
        shown = (await ordered(core, place, "a red fox", steps=6, count=2)).last
    async with opened() as core:
        reply = RecordingReply()
        await core.run(place.turn("details", args={"ref": shown.ref}), reply)
        assert "a red fox" in reply.last.text
        assert reply.last.text.count("```") == 2  # nothing but the prompt is quoted
        assert "2 × $0.0015" in reply.last.text
        files = RecordingReply()
        await core.run(place.turn("file", args={"ref": shown.ref}), files)
        assert files.last.pictures[0].as_file
        await core.orders.forget(place.person)
        assert await pressed(core, place, "details", shown) == "I no longer have that. Please ask again."

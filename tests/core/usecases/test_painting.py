"""While a picture is painted people see progress; its end is reported to operators."""

import asyncio

import msgspec
import pytest
from structlog.testing import capture_logs

from core.answer import Answer
from core.app import Core
from core.minitool.simulated import Simulated
from core.orders.order import State, Wish, picture_key
from tests.core.usecases.conftest import PRICE, Opened, Place, booked
from tests.core.usecases.test_delivery import Clock, give, place_only
from tests.core.usecases.test_orders import ordered, soon
from tests.core.usecases.test_two_processes import NOW
from tests.recording import RecordingReply
from tests.waiting import until

SMALL = Wish("realvision", "a fox", width=512, height=512)


async def test_progress_is_shown_where_it_is_known_how_long_a_picture_takes(
    core: Core, place: Place, simulated: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Until a picture is likely done nobody polls, but people see the progress all the same."""
    monkeypatch.setattr("core.orders.driver._STRETCH_S", 0.1)
    monkeypatch.setattr("core.orders.driver._TICK_S", 0.02)
    simulated.job_s = 2.0
    await core.fulfil._deps.timing.learn(SMALL.kind, 2.0)
    reply = await ordered(core, place, "a fox")
    painting = [one.progress for one in reply.shown if one.progress and one.note.startswith("Painting")]
    assert len([one for one in painting if one.share < 0.95]) >= 5
    assert [one.elapsed for one in painting] == sorted({one.elapsed for one in painting})
    assert {one.expected for one in painting} - {0.0} == {2.0}  # it is read after the first is shown
    assert simulated.record.counts["poll"] <= 3


async def test_progress_is_that_of_the_painting(
    place: Place, opened: Opened, simulated: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Waiting in line is not progress: the bar starts when the picture is submitted."""
    monkeypatch.setattr("core.orders.driver._TICK_S", 0.02)
    simulated.job_s = 1.0
    async with opened(image_jobs_at_once=1) as core:
        await core.fulfil._deps.timing.learn(SMALL.kind, 1.0)
        first = asyncio.create_task(ordered(core, place, "a fox"))
        await until(lambda: simulated.record.counts["submit"])
        reply = await ordered(core, Place("test:ben"), "an owl")
        waited = max(one.progress.elapsed for one in reply.shown if one.progress and one.progress.place)
        painting = next(one.progress for one in reply.shown if one.note.startswith("Painting"))
        assert painting is not None
        assert painting.elapsed < waited
        await first


async def test_a_place_and_its_money_are_kept_while_nothing_is_to_be_done(
    place: Place, opened: Opened, simulated: Simulated
) -> None:
    """One picture is painted at once, and takes longer than the leases of place and hold: the next one is sent
    when it is there, and no hold lapses."""
    simulated.clock = clock = Clock()
    simulated.job_s = 45
    async with opened(clock, image_jobs_at_once=1, hold_lease_s=20) as core:
        await core.fulfil._deps.timing.learn(SMALL.kind, 45)
        reply = RecordingReply(address="test:1:2")
        core.reopens["test"] = give(reply)
        people = place, Place("test:ben")
        for one in people:
            await place_only(core, one, reply)
        with capture_logs() as logs:
            await worked(core, clock, [(await core.orders.of(one.person))[0].ref for one in people])
        sent = [(await core.orders.of(one.person))[0].pieces[0].sent_at for one in people]
        assert sent[1] - sent[0] >= 45
        assert "spend.lapsed" not in {one["event"] for one in logs}
        assert [await booked(core, one) for one in people] == [PRICE, PRICE]


async def worked(core: Core, clock: Clock, refs: list[str]) -> None:
    """As a queue does it: each order is taken on when it is wanted, for a stretch of a few seconds."""
    due = dict.fromkeys(refs, clock())
    while due:
        ref = min(due, key=lambda ref: due[ref])
        clock.ahead += max(0.0, due.pop(ref) - clock())
        wanted = await core.fulfil.drive(ref, NOW)
        if wanted is not None:
            due[ref] = clock() + wanted
        clock.ahead += 2.5
        await core.spend.sweep()


@pytest.mark.parametrize(
    ("call", "kind", "cause"),
    [
        ("poll", "500", "HTTP 500"),
        ("poll", "html", "a job status that is no JSON"),
        ("picture", "404", "HTTP 404"),
        ("", "", "still pending"),
    ],
)
async def test_pictures_that_do_not_come_in_time_are_an_error(
    place: Place, opened: Opened, simulated: Simulated, monkeypatch: pytest.MonkeyPatch,
    call: str, kind: str, cause: str,
) -> None:  # fmt: skip
    """Operators see late pictures, once each, with the reason as far as known; the log, too."""
    monkeypatch.setattr("core.orders.painting.LATE_DEADLINES", 2)
    if call:
        simulated.faults.add(call, kind, times=1000)  # type: ignore[arg-type]
    else:
        simulated.job_s = 60
    async with opened(image_deadline_s=0.3, sleep=soon) as core:
        with capture_logs() as logs:
            reply = await ordered(core, place, "a fox")
        assert "not charged" in reply.last.note
        await core.troubles.flush()
        (trouble,) = (await core.overview.now()).troubles
        assert (trouble.kind, trouble.count) == ("job-late", 1)
        assert trouble.cause.startswith(cause)
        late = [one for one in logs if one["event"] == "order.late"]
        assert [one["for_good"] for one in late] == [False, True]
        assert all(one["cause"].startswith(cause) for one in late)


@pytest.mark.parametrize(
    ("prompt", "state", "nanos"),
    [
        ("a fox", "settled", PRICE),
        ("fault:drop a fox", "unknown", 0),
        ("fault:500 a fox", "unknown", 0),
        ("fault:never a fox", "late", 0),
        ("fault:slow a fox", "late", 0),
        ("fault:text a fox", "failed", 0),
        ("fault:429 a fox", "failed", 0),
    ],
)
async def test_the_ledger_says_why_an_order_was_free(
    place: Place, opened: Opened, monkeypatch: pytest.MonkeyPatch, prompt: str, state: str, nanos: int
) -> None:
    """A sent but unpaid picture may be on the operator's bill: its line differs from one that was never sent,
    and stays the same if settled again."""
    monkeypatch.setattr("core.orders.painting.LATE_DEADLINES", 4)
    async with opened(image_deadline_s=0.3 if state == "late" else 30, sleep=soon) as core:
        reply = await ordered(core, place, prompt)
        assert bool(reply.last.pictures) is (prompt in ("a fox", "fault:slow a fox"))
        (request,) = await core.spend.ledger.requests(place.person)
        assert (request.state, request.nanos, request.can_be_refunded) == (state, nanos, nanos > 0)
        assert await booked(core, place) == nanos


async def test_a_delivered_picture_is_kept_for_a_day(core: Core, place: Place) -> None:
    """Until then it can be had as a file."""
    await ordered(core, place, "a fox")
    (order,) = await core.orders.of(place.person)
    assert 0 < await core.store.redis.ttl(picture_key(order.ref, 0)) <= 86_400


async def test_a_late_picture_is_free_whichever_process_finds_it(place: Place, opened: Opened) -> None:
    """The process that ended the wait may not be the one that delivers."""
    async with opened(image_deadline_s=0.3) as core:

        class ForgottenReply(RecordingReply):
            async def show(self, answer: Answer) -> None:
                await super().show(answer)
                if answer.phase.is_final:
                    core.fulfil._drivers.clear()

        reply = ForgottenReply(address="test:1:2")
        core.reopens["test"] = give(reply)
        await core.run(place.turn("imagine", "fault:slow a fox", {"size": "small"}), reply)
        assert [len(one.pictures) for one in reply.shown if one.phase.is_final] == [0, 1]
        assert "$0.00 " in f"{reply.last.footer} "
        assert await booked(core, place) == 0


async def test_what_was_never_sent_is_released(place: Place, opened: Opened, simulated: Simulated) -> None:
    """An order cancelled in line is on nobody's bill."""
    simulated.job_s = 60
    async with opened(image_jobs_at_once=1) as core:
        core.reopens["test"] = give(RecordingReply(address="test:1:2"))
        for one in (Place("test:ben"), place):
            await place_only(core, one, RecordingReply(address="test:1:2"))
            (order,) = await core.orders.of(one.person)
            await core.fulfil.drive(order.ref, NOW)
        await core.run(place.turn("cancel", args={"ref": order.ref}), pressed := RecordingReply())
        assert pressed.last.evident  # as the order itself is about to say
        await core.fulfil.drive_to_end(order.ref)
        assert [one.state for one in await core.spend.ledger.requests(place.person)] == ["released"]


@pytest.mark.parametrize("state", [State.SUBMITTING, State.SUBMITTED, State.FETCHED])
async def test_an_order_is_cancelled_whole_or_not_at_all(core: Core, place: Place, state: State) -> None:
    """Once one of its pictures is on the wire, the others are painted, too."""
    core.reopens["test"] = give(RecordingReply(address="test:1:2"))
    await place_only(core, place, RecordingReply(address="test:1:2"))
    (order,) = await core.orders.of(place.person)
    sent = msgspec.structs.replace(order.pieces[0], request="sent", state=state)
    order = await core.orders.save(msgspec.structs.replace(order, pieces=(*order.pieces, sent)))
    await core.run(place.turn("cancel", args={"ref": order.ref}), pressed := RecordingReply())
    assert "too late" in pressed.last.note
    assert await core.orders.find(order.ref) == order


@pytest.mark.parametrize(
    ("prompt", "expected"),
    [("a fox", ("order.delivered", "info")), ("fault:fail a fox", ("order.failed", "warning"))],
)
async def test_the_log_says_how_an_order_ended(
    core: Core, place: Place, monkeypatch: pytest.MonkeyPatch, prompt: str, expected: tuple[str, str]
) -> None:
    """One line per order: shown, with the delay since the pictures were ready, or failed by the image maker,
    which is a warning."""
    monkeypatch.setattr("core.minitool.images._SECOND_POLL_S", 0.05)
    with capture_logs() as logs:
        reply = await ordered(core, place, prompt)
    (line,) = [one for one in logs if one["event"].startswith("order.")]
    assert (line["event"], line["log_level"]) == expected
    assert line["ref"] == reply.last.ref
    assert not reply.last.pictures or (line["pictures"] == 1 and 0 <= line["seconds"] < 60)

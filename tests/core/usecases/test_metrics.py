"""Metrics of answers, pictures, money and failures."""

import asyncio
from collections.abc import Callable

import pytest

from core import metrics
from core.app import Core
from core.errors import StoreError
from core.minitool.simulated import Simulated
from core.orders import fulfil
from core.pace import Limits, Pace, Window
from core.spend import Receipt, Spent
from tests.core.usecases.conftest import PRICE, Opened, Place, booked
from tests.recording import RecordingReply
from tests.waiting import until


def value(name: str, **labels: str) -> float:
    return metrics.REGISTRY.get_sample_value(f"minitool_{name}", labels) or 0.0


def rising(name: str, **labels: str) -> Callable[[], float]:
    """By how much it rose since now."""
    before = value(name, **labels)
    return lambda: round(value(name, **labels) - before, 12)


@pytest.mark.parametrize(
    ("question", "outcome", "kind"),
    [
        ("Why is the sky blue?", "done", ""),
        ("fault:cut Why?", "cut", "stream-cut"),
        ("fault:401 Why?", "failed", "bad-key"),
        ("fault:500 Why?", "failed", "unreachable"),
        ("fault:429:99 Why?", "failed", "throttled"),
        ("", "refused", ""),
    ],
)
async def test_answers_by_how_they_ended(
    core: Core, place: Place, question: str, outcome: str, kind: str
) -> None:
    """Each answer is counted once, by platform and outcome; upstream failures by kind."""
    ended = rising("answers_total", platform="test", outcome=outcome)
    taken = rising("requests_total", platform="test", command="ask")
    failed = rising("upstream_errors_total", kind=kind)
    await core.run(place.turn("ask", question), RecordingReply())
    assert (ended(), taken()) == (1, 1)
    if kind:
        assert failed() == 1


async def test_times_of_an_answer(core: Core, place: Place, simulated: Simulated) -> None:
    """First word, final state and total are observed once each, in order; a refused question is not."""
    simulated.first_token_s = 0.05
    names = ("first_text_seconds", "final_seconds", "answer_seconds")
    counts = [rising(f"{name}_count", platform="test") for name in names]
    sums = [rising(f"{name}_sum", platform="test") for name in names]
    tokens = rising("first_token_seconds_count", model="gpt-4o-mini")
    first = rising("first_token_seconds_sum", model="gpt-4o-mini")
    await core.run(place.turn("ask", "Why?"), RecordingReply(takes=0.05))
    await core.run(place.turn("ask", ""), RecordingReply())
    await core.run(place.turn("ask", "fault:401 Why?"), RecordingReply())
    assert [count() for count in counts] == [1, 1, 1]
    assert tokens() == 1
    first_text, final, whole = (total() for total in sums)
    assert 0.05 <= first() <= first_text <= whole
    assert 0.05 <= final <= whole - first()


async def test_a_stopped_answer(core: Core, place: Place, simulated: Simulated) -> None:
    """A stop is no failure. While the answer grows it counts as under way, with an age."""
    simulated.tokens_per_s, stopped = 20, rising("answers_total", platform="test", outcome="stopped")
    reply = RecordingReply()
    asking = asyncio.create_task(core.run(place.turn("ask", "Tell me about rivers"), reply))
    await until(lambda: len(reply.shown) > 1)
    assert len(core.running.ages) == 1
    await core.run(place.turn("stop"), RecordingReply())
    await asking
    assert stopped() == 1
    assert core.running.ages == ()


async def test_dollars_and_tokens_are_those_of_the_ledger(core: Core, place: Place) -> None:
    """The counters equal the bookings, to the nano-dollar, for answers and pictures."""
    models = ("gpt-4o-mini", "gpt-4.1-nano", "realvision")
    dollars = {model: rising("spent_dollars_total", model=model) for model in models}
    tokens = {
        (model, kind): rising("tokens_total", model=model, kind=kind)
        for model in models
        for kind in ("prompt", "completion")
    }
    await core.run(place.turn("ask", "Why?"), RecordingReply())
    await core.run(place.turn("ask", "fault:no-usage Why?", {"model": "gpt-4.1-nano"}), RecordingReply())
    await core.run(place.turn("ask", "fault:cut Why?"), RecordingReply())
    await core.run(place.turn("imagine", "a fox", {"count": 2}), RecordingReply(address=""))
    rows = await core.spend.ledger.usage(1)
    for model in models:
        mine = [row for row in rows if row.model == model]
        assert round(dollars[model]() * 1e9) == sum(row.nanos for row in mine)
        assert dollars[model]() > 0
        assert tokens[model, "prompt"]() == sum(row.prompt_tokens for row in mine)
        assert tokens[model, "completion"]() == sum(row.completion_tokens for row in mine)


async def test_what_is_paid_again_is_counted_once(
    core: Core, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store fails between the pictures of an order, and all are settled again: that is no further
    spending."""
    monkeypatch.setattr(fulfil, "_AGAIN_S", 0.02)
    settle, calls = core.spend.settle, list[str]()

    async def broken(request: str, spent: Spent) -> Receipt:
        calls.append(request)
        if len(calls) == 2:
            raise StoreError(cause="away")
        return await settle(request, spent)

    monkeypatch.setattr(core.spend, "settle", broken)
    dollars = rising("spent_dollars_total", model="realvision")
    await core.run(place.turn("imagine", "a fox", {"count": 2}), RecordingReply(address=""))
    assert len(calls) == 4
    assert round(dollars() * 1e9) == 2 * PRICE == await booked(core, place)


@pytest.mark.parametrize(
    ("prompt", "outcome", "kind"),
    [
        ("a fox", "fetched", ""),
        ("fault:fail a fox", "failed", "job-failed"),
        ("fault:402 a fox", "failed", "bad-key"),
        ("fault:never a fox", "late", "job-late"),
        ("fault:drop a fox", "unknown", "job-unknown"),
    ],
)
async def test_pictures_by_how_they_ended(
    opened: Opened, place: Place, monkeypatch: pytest.MonkeyPatch, prompt: str, outcome: str, kind: str
) -> None:
    """Each picture is counted once by its last state, and timed if it was made."""
    monkeypatch.setattr("core.minitool.images._SECOND_POLL_S", 0.05)
    monkeypatch.setattr("core.orders.painting.LATE_DEADLINES", 0)
    ended = rising("pictures_total", platform="test", outcome=outcome)
    failed, timed = (
        rising("upstream_errors_total", kind=kind),
        rising("picture_seconds_count", model="realvision"),
    )
    async with opened(image_deadline_s=0.3 if outcome == "late" else 30) as core:
        await core.run(place.turn("imagine", prompt), RecordingReply(address=""))
        assert core.fulfil.ages == {"waiting": (), "painting": (), "delivering": (), "late": ()}
    assert ended() == 1
    assert timed() == (outcome == "fetched")
    if kind:
        assert failed() == 1


async def test_orders_in_hand_have_an_age(opened: Opened, place: Place) -> None:
    """An order being worked on is counted, by its step and age."""
    async with opened() as core:
        ordering = asyncio.create_task(
            core.run(place.turn("imagine", "fault:slow a fox"), RecordingReply(address=""))
        )
        ages = core.fulfil
        oldest = await until(lambda: ages.ages["painting"])
        assert (await until(lambda: [age for age in ages.ages["painting"] if age > oldest[0]]))[0] < 60
        ordering.cancel()
        await asyncio.wait([ordering])
        assert ages.ages["painting"] == ()


@pytest.mark.parametrize(
    ("command", "text", "reason"),
    [
        ("dance", "", "unknown-command"),
        ("admin caps", "", "not-admin"),
        ("imagine", "", "empty-prompt"),
        ("ask", "", "empty-question"),
    ],
)
async def test_refusals_by_their_reason(core: Core, place: Place, command: str, text: str, reason: str) -> None:
    """Refusals are counted by the key of their sentence; unknown commands get no label of their own."""
    refused, odd = (
        rising("refusals_total", reason=reason),
        rising("requests_total", platform="test", command=""),
    )
    await core.run(place.turn(command, text), RecordingReply())
    assert refused() == 1
    assert odd() == (command == "dance")


@pytest.mark.parametrize("command", ["ask", "imagine"])
async def test_a_cap_that_is_full_is_a_refusal(opened: Opened, place: Place, command: str) -> None:
    """For answers and pictures."""
    refused = rising("refusals_total", reason="over-budget")
    async with opened(user_daily_usd="0") as core:
        await core.run(place.turn(command, "a fox"), RecordingReply(address=""))
    assert refused() == 1


async def test_a_refused_picture_has_not_failed(opened: Opened, place: Place) -> None:
    """A picture refused for lack of money is no failure of the image side."""
    refused, failed = (rising("pictures_total", platform="test", outcome=end) for end in ("refused", "failed"))
    async with opened(user_daily_usd="0") as core:
        await core.run(place.turn("imagine", "a fox", {"count": 2}), RecordingReply(address=""))
    assert (refused(), failed()) == (2, 0)


async def test_a_bug_is_counted(core: Core, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that ends with an incident number is."""
    bugs = rising("bugs_total")

    async def broken(*_: object) -> None:
        raise ZeroDivisionError

    monkeypatch.setattr(core.access, "admit", broken)
    await core.run(place.turn("ask", "Why?"), RecordingReply())
    assert bugs() == 1


async def test_calls_that_are_made_again(core: Core, place: Place) -> None:
    """A retry that nobody notices is counted."""
    again = rising("upstream_retries_total")
    await core.run(place.turn("ask", "fault:503 Why?"), RecordingReply())
    assert again() == 2


async def test_blocked_time_is_counted_once() -> None:
    """Two 429s with the same end block a chat for that time, not for twice as long."""
    now = [100.0]
    pace = Pace(Limits(chat=(Window(5, 5.0),)), lambda: now[0], platform="test")
    blocked, lane = rising("blocked_seconds_total", platform="test"), pace.lane("chat")
    lane.block(10)
    lane.block(10)
    now[0] += 4
    lane.block(10)
    assert blocked() == 14
    pace.lane("another").block(3, everywhere=True)
    assert blocked() == 17


async def test_nothing_is_counted_for_each_piece(
    core: Core, place: Place, monkeypatch: pytest.MonkeyPatch, simulated: Simulated
) -> None:
    """A long answer makes as many observations as a short one."""
    observed: list[str] = []
    for metric in vars(metrics).values():
        if hasattr(metric, "labels") and hasattr(metric, "describe"):
            real = metric.labels
            monkeypatch.setattr(metric, "labels", lambda *a, real=real: observed.append("") or real(*a))
    await core.run(place.turn("ask", "Hi"), RecordingReply())
    short, observed[:] = len(observed), []
    await core.run(place.turn("ask", "A long answer about rivers, please"), RecordingReply())
    assert len(observed) == short > 0

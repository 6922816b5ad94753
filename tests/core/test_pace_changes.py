"""What is known of a chat changes while calls wait for it."""

import asyncio

import pytest

from core.pace import Limits, Pace, Rank, Window
from tests.core.test_pace import CHANNEL, ONE_CHAT, Crowd
from tests.faketime import fake_time, now

GROWING = Limits(chat=(Window(6, 6.0),))


@fake_time
async def test_hurry_is_for_one_lane_alone() -> None:
    """Another answer that grows in the same chat keeps its rank."""
    pace = Pace(ONE_CHAT, now)
    crowd = Crowd(pace)
    crowd.enter("earlier", Rank.FINAL)
    await asyncio.sleep(0)
    crowd.enter("another", Rank.GROWTH, chat="c")
    crowd.enter("elsewhere", Rank.FIRST)
    await asyncio.sleep(0)
    pace.lane("c").hurry(Rank.FINAL)
    assert await crowd.all() == ["earlier", "elsewhere", "another"]


@pytest.mark.parametrize("how", ["block", "learn"])
@fake_time
async def test_who_waits_for_the_account_waits_for_a_chat_that_closes_meanwhile(how: str) -> None:
    """A refusal, or what the headers say, holds a call that would have been next; others go before it."""
    pace = Pace(ONE_CHAT, now)
    crowd = Crowd(pace)
    crowd.enter("earlier", Rank.FINAL)
    await asyncio.sleep(0)
    crowd.enter("c", Rank.FINAL)
    crowd.enter("d", Rank.FINAL)
    await asyncio.sleep(1)
    lane = pace.lane("c")
    lane.block(40) if how == "block" else lane.learn(left=0, reset_after=40)
    assert await crowd.all() == ["earlier", "d", "c"]
    assert now() == pytest.approx(41, abs=0.01)


@fake_time
async def test_news_that_a_bucket_is_full_again_lets_in_who_waits() -> None:
    """A later reply of the platform counts, not an earlier one that told of a longer wait."""
    pace = Pace(CHANNEL, now)
    lane = pace.lane("c")
    lane.learn(left=0, reset_after=1000)
    waiting = asyncio.create_task(lane.enter(Rank.FINAL))
    await asyncio.sleep(1)
    lane.learn(left=5, reset_after=5)
    await waiting
    assert now() == 1


@fake_time
async def test_an_answer_that_ended_keeps_no_call_free() -> None:
    """The more answers grow in a chat, the more calls are kept for their ends; those that ended need none."""
    pace = Pace(GROWING, now)
    ended = [pace.lane("c") for _ in range(3)]
    for rank in (Rank.FIRST, Rank.FINAL):
        for lane in ended:
            await lane.enter(rank)
    await asyncio.sleep(60)
    since, lane = now(), pace.lane("c")
    for _ in range(5):
        await lane.enter(Rank.GROWTH)
    assert now() == since


@fake_time
async def test_a_chat_that_waits_for_the_account_is_not_forgotten() -> None:
    """However many others are used meanwhile, both calls keep the limits of their one chat."""
    pace = Pace(Limits(chat=(Window(1, 100.0),), account=(Window(1, 10.0),)), now)
    crowd = Crowd(pace)
    crowd.enter("earlier", Rank.FINAL)
    await asyncio.sleep(0)
    crowd.enter("first", Rank.FINAL, chat="c")
    for number in range(4):
        crowd.enter(str(number), Rank.FINAL)
        await asyncio.sleep(0)
    crowd.enter("second", Rank.FINAL, chat="c")
    await crowd.all()
    entered = dict(crowd.entered)
    assert entered["second"] - entered["first"] >= 100


@fake_time
async def test_the_more_answers_grow_the_more_is_left_for_their_ends() -> None:
    """Growth leaves a third of the account's calls free, and nine tenths while hundreds of answers wait to be
    shown, which may all end at once."""
    crowd = Crowd(Pace(CHANNEL, now))
    for number in range(300):
        crowd.enter(str(number), Rank.GROWTH)
    await asyncio.sleep(0.5)
    assert len(crowd.entered) == 34  # while few were there
    await asyncio.sleep(1.0)
    assert len(crowd.entered) == 34 + 5
    for number in range(45):
        crowd.enter(f"end {number}", Rank.FINAL)
    await asyncio.sleep(0.01)
    assert sum(name.startswith("end") for name, _ in crowd.entered) == 45
    assert len(await crowd.all()) == 345


@fake_time
async def test_a_call_counts_from_its_reply() -> None:
    """Not from when it may have arrived at the latest: the next one need not wait for that."""
    pace = Pace(Limits(chat=(Window(1, 1.0, is_exact=True),)), now)
    lane = pace.lane("c")
    await lane.enter(Rank.FINAL)
    with lane.call():
        await asyncio.sleep(0.2)
    await lane.enter(Rank.FINAL)
    assert now() == pytest.approx(1.2, abs=0.01)

"""Rate limits are kept, nobody waits for ever, and important calls go first."""

import asyncio
import gc
import random
import sys

import pytest

from core.pace import Limits, Pace, PacedLane, Rank, Window
from tests.faketime import fake_time, now, run

CHANNEL = Limits(chat=(Window(5, 5.0),), account=(Window(50, 1.0),))
ONE_CHAT = Limits(chat=(Window(1000, 1.0),), account=(Window(1, 10.0),))


class Crowd:
    """Enters many lanes at once and remembers who got in when."""

    def __init__(self, pace: Pace) -> None:
        self.pace = pace
        self.entered: list[tuple[str, float]] = []
        self.tasks: list[asyncio.Task[None]] = []

    def enter(self, name: str, rank: Rank, chat: str = "", **options: object) -> "asyncio.Task[None]":
        lane = self.pace.lane(chat or name, **options)  # type: ignore[arg-type]  # as the test gives them

        async def go() -> None:
            if await lane.enter(rank):
                self.entered.append((name, now()))

        self.tasks.append(asyncio.create_task(go()))
        return self.tasks[-1]

    async def all(self) -> list[str]:
        await asyncio.gather(*self.tasks)
        return [name for name, _ in self.entered]


def most_within(times: list[float], seconds: float) -> int:
    return max(sum(start <= at < start + seconds for at in times) for start in times)


@pytest.mark.parametrize("rank", [Rank.FINAL, Rank.FIRST, Rank.GROWTH])
@fake_time
async def test_every_waiter_of_one_chat_gets_in_and_no_window_is_overrun(rank: Rank) -> None:
    """40 calls to one chat at once: all are let in, at most five in any 5 s."""
    crowd = Crowd(Pace(CHANNEL, now))
    for number in range(40):
        crowd.enter(str(number), rank, chat="c")
    assert len(await crowd.all()) == 40
    assert most_within([at for _, at in crowd.entered], 5.0) <= 5


@fake_time
async def test_the_account_window_holds_over_all_chats() -> None:
    """500 chats at once: at most 50 calls in any second, and not many fewer."""
    crowd = Crowd(Pace(CHANNEL, now))
    for number in range(500):
        crowd.enter(str(number), Rank.FINAL)
    await crowd.all()
    assert most_within([at for _, at in crowd.entered], 1.0) == 50
    assert now() < 9 * 1.1


@fake_time
async def test_several_windows_hold_together() -> None:
    """A short and a long window for one chat are both kept."""
    crowd = Crowd(Pace(Limits(chat=(Window(5, 5.0), Window(20, 60.0))), now))
    for number in range(60):
        crowd.enter(str(number), Rank.FINAL, chat="c")
    await crowd.all()
    times = [at for _, at in crowd.entered]
    assert most_within(times, 5.0) <= 5
    assert most_within(times, 60.0) == 20


@fake_time
async def test_ranks_go_in_order_whoever_came_first() -> None:
    """Without room, final states go before first texts, and those before growth."""
    crowd = Crowd(Pace(ONE_CHAT, now))
    crowd.enter("earlier", Rank.FINAL)
    await asyncio.sleep(0)
    for rank in (Rank.GROWTH, Rank.FIRST, Rank.FINAL):
        crowd.enter(rank.name, rank)
        await asyncio.sleep(0)
    assert await crowd.all() == ["earlier", "FINAL", "FIRST", "GROWTH"]


@fake_time
async def test_growth_is_shared_by_who_was_shown_longest_ago() -> None:
    """Of growing answers the one shown longest ago goes first, however often others ask."""
    pace = Pace(ONE_CHAT, now)
    lanes = {name: pace.lane(name) for name in ("greedy", "patient", "shy")}
    order: list[str] = []

    async def grow(name: str, times: int) -> None:
        for _ in range(times):
            await lanes[name].enter(Rank.GROWTH)
            order.append(name)

    await asyncio.gather(grow("greedy", 4), grow("patient", 4), grow("shy", 4))
    for start in (0, 3, 6, 9):
        assert sorted(order[start : start + 3]) == ["greedy", "patient", "shy"]


@fake_time
async def test_a_call_of_the_burst_is_kept_for_the_final_text() -> None:
    """However many answers grow in a chat, a final text finds a call free."""
    pace = Pace(CHANNEL, now)
    lane = pace.lane("c")

    async def grow() -> None:
        while True:
            await lane.enter(Rank.GROWTH)

    growing = asyncio.create_task(grow())
    for _ in range(5):
        await asyncio.sleep(7.3)
        asked = now()
        await pace.lane("c").enter(Rank.FINAL)
        assert now() == asked
    growing.cancel()
    await asyncio.wait([growing])


@fake_time
async def test_cosmetics_are_dropped_rather_than_queued() -> None:
    """Typing and progress are sent only if nobody waits and there is much room; they never wait."""
    pace = Pace(CHANNEL, now)
    lane = pace.lane("c")
    allowed = [await lane.enter(Rank.COSMETIC) for _ in range(10)]
    assert 0 < sum(allowed) < 5
    assert now() == 0
    assert await pace.lane("c").enter(Rank.FINAL)
    assert now() == 0


@fake_time
async def test_a_block_holds_every_rank_of_that_chat_and_no_other() -> None:
    """retry_after stops final states too, in that chat only; a later shorter one does not shorten it."""
    pace = Pace(CHANNEL, now)
    lane, other = pace.lane("c"), pace.lane("d")
    lane.block(30)
    lane.block(3)
    assert not await lane.enter(Rank.COSMETIC)
    await other.enter(Rank.FINAL)
    assert now() == 0
    await lane.enter(Rank.FINAL)
    assert now() == pytest.approx(30, abs=0.01)


@fake_time
async def test_a_block_reaches_those_who_wait_already() -> None:
    """Waiting calls stay until the block has passed, and then go."""
    pace = Pace(CHANNEL, now)
    crowd = Crowd(pace)
    for number in range(7):
        crowd.enter(str(number), Rank.FINAL, chat="c")
    await asyncio.sleep(1)
    pace.lane("c").block(20)
    await crowd.all()
    assert sorted(at >= 21 for _, at in crowd.entered) == [False] * 5 + [True] * 2


@fake_time
async def test_a_block_everywhere_holds_the_account() -> None:
    """A global wait stops all chats that count for the account, and no others."""
    pace = Pace(CHANNEL, now)
    pace.lane("c").block(30, everywhere=True)
    await pace.lane("hook", counted=False).enter(Rank.GROWTH)
    assert now() == 0
    await pace.lane("d").enter(Rank.FINAL)
    assert now() == pytest.approx(30, abs=0.01)


@fake_time
async def test_uncounted_lanes_have_a_bucket_of_their_own() -> None:
    """Calls outside the account's limit neither wait for it nor use it, but keep their own window."""
    pace = Pace(CHANNEL, now)
    crowd = Crowd(pace)
    for number in range(300):
        crowd.enter(f"h{number}", Rank.GROWTH, counted=False)
    for number in range(50):
        crowd.enter(f"c{number}", Rank.FINAL)
    for _ in range(3):
        crowd.enter("one", Rank.FINAL, chat="token", windows=(Window(2, 8.0),), counted=False)
    await crowd.all()
    assert {at for name, at in crowd.entered if name != "one"} == {0.0}
    assert max(at for _, at in crowd.entered) == pytest.approx(8.4, abs=0.02)


@fake_time
async def test_what_the_platform_says_of_its_bucket_slows_down() -> None:
    """Response headers that leave fewer calls than we counted are obeyed; the last call is kept for final
    states."""
    lane = Pace(CHANNEL, now).lane("c")
    lane.learn(left=2, reset_after=20)
    await lane.enter(Rank.GROWTH)
    growth = asyncio.create_task(lane.enter(Rank.GROWTH))
    await asyncio.sleep(1)
    assert not growth.done()
    await lane.enter(Rank.FINAL)
    assert now() == 1
    await lane.enter(Rank.FINAL)
    assert now() == pytest.approx(20, abs=0.01)
    await growth


@fake_time
async def test_cancelling_leaves_the_queue_clean() -> None:
    """Cancelled waiters, waiting or just let in, take nothing from the others."""
    pace = Pace(CHANNEL, now)
    crowd = Crowd(pace)
    for number in range(5):
        crowd.enter(f"in{number}", Rank.FINAL, chat="c")
    leaving = [crowd.enter(f"out{number}", Rank.GROWTH, chat="c") for number in range(20)]
    staying = crowd.enter("stays", Rank.FINAL, chat="c")
    await asyncio.sleep(1)
    for task in leaving:
        task.cancel()
    await asyncio.wait(leaving)
    await staying
    for _ in range(4):  # the rest of the window
        await pace.lane("c").enter(Rank.FINAL)
    assert now() == pytest.approx(5.25, abs=0.01)


@fake_time
async def test_a_call_granted_to_somebody_cancelled_is_given_back() -> None:
    """Cancelled at the moment of being let in, the call goes to the next waiter without delay."""
    pace = Pace(Limits(chat=(Window(1, 10.0),), account=(Window(1, 10.0),)), now)
    await pace.lane("c").enter(Rank.FINAL)
    first = asyncio.create_task(pace.lane("c").enter(Rank.FINAL))
    second = asyncio.create_task(pace.lane("c").enter(Rank.FINAL))
    await asyncio.sleep(1)
    grant = pace._grant

    def grant_and_cancel() -> None:
        grant()
        first.cancel()

    asyncio.get_running_loop().call_at(10.6, grant_and_cancel)
    pace._timer.cancel()  # type: ignore[union-attr]  # the next grant is ours, to cancel right after it
    await second
    assert now() == pytest.approx(10.6, abs=0.01)
    assert first.cancelled()


@fake_time
async def test_hurry_lets_a_waiting_growth_go_as_final() -> None:
    """A waiter gets the better rank; a worse one changes nothing."""
    pace = Pace(ONE_CHAT, now)
    crowd = Crowd(pace)
    crowd.enter("earlier", Rank.FINAL)
    await asyncio.sleep(0)
    lane = pace.lane("mine")

    async def mine() -> None:
        await lane.enter(Rank.GROWTH)
        crowd.entered.append(("mine", now()))

    crowd.tasks.append(asyncio.create_task(mine()))
    crowd.enter("first", Rank.FIRST)
    await asyncio.sleep(1)
    lane.hurry(Rank.FINAL)
    lane.hurry(Rank.GROWTH)
    assert await crowd.all() == ["earlier", "mine", "first"]
    assert not pace._growing  # for what grows no more, no call is kept free


@fake_time
async def test_chats_without_calls_are_forgotten() -> None:
    """Of twenty thousand chats only recent ones stay in memory, also while the platform blocks one of them for
    hours."""
    pace, before = Pace(CHANNEL, now), len(gc.get_objects())
    pace.lane("flooded").block(36_000)
    for number in range(20_000):
        await pace.lane(f"c{number}").enter(Rank.FINAL)
        await asyncio.sleep(0.1)
    assert len(gc.get_objects()) - before < 2_000


def test_a_crowd_costs_little() -> None:
    """Ten times the waiters are ten times the work: nobody polls or looks at all others."""

    async def work(waiters: int) -> int:
        calls: list[str] = []
        crowd = Crowd(Pace(CHANNEL, now))
        for number in range(waiters):
            crowd.enter(str(number), Rank.GROWTH if number % 2 else Rank.FINAL)
        sys.setprofile(lambda frame, event, _: calls.append(event))
        await crowd.all()
        sys.setprofile(None)
        return calls.count("call")

    assert run(work(1000)) < 15 * run(work(100))


@fake_time
async def test_an_idle_pace_sets_no_timer() -> None:
    """Without waiters nothing wakes up."""
    crowd = Crowd(Pace(CHANNEL, now))
    await asyncio.gather(*(crowd.enter(str(number), Rank.FIRST, chat="c") for number in range(12)))
    assert crowd.pace._timer is None


@pytest.mark.parametrize("seed", range(5))
@fake_time
async def test_calls_that_are_told_of_keep_exact_windows_whatever_the_network_does(seed: int) -> None:
    """Calls delayed by up to two seconds each way still arrive within the limit in any window."""
    dice, arrived = random.Random(seed), []
    pace = Pace(Limits(chat=(Window(1000, 1.0),), account=(Window(10, 1.0, is_exact=True),)), now)

    async def call(lane: PacedLane) -> None:
        await lane.enter(Rank.FINAL)
        with lane.call():
            await asyncio.sleep(dice.choice((0.001, 2.0)) * dice.random())
            arrived.append(now())
            await asyncio.sleep(dice.choice((0.001, 2.0)) * dice.random())

    await asyncio.gather(*(call(pace.lane(str(number))) for number in range(200)))
    assert most_within(arrived, 1.0) <= 10 < len(arrived)


@fake_time
async def test_every_answer_that_grows_in_a_chat_finds_a_call_for_its_end() -> None:
    """Four answers growing in one chat end at the same moment: none of the final states waits."""
    pace = Pace(Limits(chat=(Window(8, 8.0),)), now)

    async def answer() -> float:
        lane = pace.lane("c")
        await lane.enter(Rank.FIRST)
        growing = asyncio.create_task(grow(lane))
        await asyncio.sleep(21.0 - now())
        growing.cancel()
        await asyncio.wait([growing])
        await lane.enter(Rank.FINAL)
        return now()

    async def grow(lane: PacedLane) -> None:
        while True:
            await lane.enter(Rank.GROWTH)
            await asyncio.sleep(1.1)

    assert await asyncio.gather(*(answer() for _ in range(4))) == [21.0] * 4

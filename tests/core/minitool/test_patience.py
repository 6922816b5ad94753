"""Many waits that share one timer end as waits with timers of their own."""

import asyncio
from contextlib import closing

import pytest

from core.minitool.patience import Patience
from tests.faketime import FakeTimeLoop, fake_time, now


@fake_time
async def test_a_wait_ends_when_its_time_is_over() -> None:
    """Also after the limit was moved several times, and the timer can be used again."""
    with closing(Patience()) as patience:
        for _ in range(10):
            with patience.until(now() + 3):
                await asyncio.sleep(2)
        began = now()
        for _ in range(2):
            with pytest.raises(TimeoutError), patience.until(now() + 3):
                await asyncio.sleep(100)
        assert now() - began == pytest.approx(6)
        task = asyncio.current_task()
        assert task is not None
        assert not task.cancelling()


@fake_time
async def test_a_shorter_wait_is_not_late() -> None:
    """A long wait's timer does not delay a following short one."""
    with closing(Patience()) as patience:
        with patience.until(now() + 60):
            await asyncio.sleep(1)
        began = now()
        with pytest.raises(TimeoutError), patience.until(now() + 5):
            await asyncio.sleep(100)
        assert now() - began == pytest.approx(5)


@fake_time
async def test_nobody_is_disturbed_between_two_waits() -> None:
    """Time between waits does not count, and does not affect the next wait."""
    broken: list[object] = []
    asyncio.get_running_loop().set_exception_handler(lambda _, context: broken.append(context))
    with closing(Patience()) as patience:
        with patience.until(now() + 1):
            pass
        await asyncio.sleep(10)
        with patience.until(now() + 1):
            await asyncio.sleep(0.5)
        with pytest.raises(TimeoutError), patience.until(now() + 1):
            await asyncio.sleep(2)
    assert not broken


@fake_time
async def test_being_told_to_end_is_no_timeout() -> None:
    """A cancellation stays a cancellation, also at the moment of the timeout."""

    async def wait(patience: Patience) -> None:
        with patience.until(now() + 1):
            await asyncio.sleep(100)

    for after in (0.5, 1.0):
        with closing(Patience()) as patience:
            waiting = asyncio.create_task(wait(patience))
            await asyncio.sleep(0)
            asyncio.get_running_loop().call_at(now() + after, waiting.cancel)
            with pytest.raises(asyncio.CancelledError):
                await waiting


@fake_time
async def test_standing_still_is_no_waiting() -> None:
    """Data that arrived while the process was suspended (a sleeping laptop) is read, not timed out."""
    loop = asyncio.get_running_loop()
    assert isinstance(loop, FakeTimeLoop)

    def stand_still() -> None:
        loop._leaping.now += 100
        loop.call_later(0.1, came.set)

    came = asyncio.Event()
    with closing(Patience()) as patience:
        loop.call_later(1, stand_still)
        with patience.until(now() + 60):
            await came.wait()
        came.clear()
        before = now()
        with pytest.raises(TimeoutError), patience.until(now() - 10):  # a limit that is over stays over
            await came.wait()
        assert now() == before
        loop.call_later(1, setattr, loop._leaping, "now", now() + 100)
        with pytest.raises(TimeoutError), patience.until(now() + 60):
            await came.wait()
    assert now() == pytest.approx(202.1, abs=1)

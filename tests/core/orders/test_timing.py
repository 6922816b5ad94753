"""Polls come when a job is likely done, and durations are learnt without bias from polling."""

import itertools
import random

import pytest

from core.orders.timing import Expected, Timing, expect, next_poll, took
from core.store import Store


def painted(takes: float, expected: Expected) -> tuple[float, float, int]:
    """A job that takes so long, looked at as advised: what is learnt, how late it was found, how many looks."""
    before = 0.0
    for looks in itertools.count(1):
        at = before + next_poll(expected, before)
        if at >= takes:
            return took(expected, before if looks > 1 else 0.0, at), at - takes, looks
        before = at
    raise AssertionError


def test_looks_come_when_a_job_is_likely_done() -> None:
    """None before, frequent then, rarer later; from the first second on if nothing is known."""
    known = expect(sorted([9.0, 9.5, 10.0, 10.5, 11.0] * 4))
    assert next_poll(known, 0.0) > 8
    assert next_poll(known, 9.5) <= 1.2
    assert next_poll(known, 200.0) > 5
    assert next_poll(expect([]), 0.0) <= 1.2


@pytest.mark.parametrize("usual", [1.0, 8.0, 30.0])
def test_a_thousand_jobs_teach_the_truth(usual: float) -> None:
    """However long one kind takes, the expected time stays the real one: late polls teach nothing. Jobs are
    found soon after they are done, with few polls."""
    chance, samples, late, looks = random.Random(8), [], [], []
    for _ in range(1000):
        learnt, after, count = painted(usual * chance.uniform(0.9, 1.1), expect(sorted(samples[-48:])))
        samples.append(learnt)
        late.append(after)
        looks.append(count)
    assert expect(sorted(samples[-48:])).usual == pytest.approx(usual, abs=0.5)
    assert sorted(late[100:])[450] < 0.6
    assert sorted(late[100:])[855] < 1.2
    assert sum(looks[100:]) / 900 < 8


async def test_durations_are_kept_by_kind(store: Store) -> None:
    """The latest ones of each kind, and no kind for ever."""
    timing = Timing(store)
    for seconds in range(100):
        await timing.learn("realvision:4:4", seconds)
    await timing.learn("realvision:8:4", 7)
    assert (await timing.expected("realvision:4:4")).usual > 60
    assert (await timing.expected("realvision:8:4")).usual == 7
    assert await store.redis.llen("orders:times:realvision:4:4") == 48
    assert await store.redis.ttl("orders:times:realvision:4:4") > 0

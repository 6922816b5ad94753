"""Errors of the last hour, over all processes."""

import pytest

from core.errors import BadKey, NotAllowed, StoreError, Unreachable
from core.operator.troubles import Troubles
from core.store import Store
from tests.core.conftest import Clock


async def test_kinds_are_counted_over_processes(store: Store, clock: Clock) -> None:
    """Each kind has a count per minute, its last time, and the log's cause."""
    one, two = Troubles(store, clock), Troubles(store, clock)
    one.count(Unreachable(cause="connection refused"))
    two.count(Unreachable(cause="timed out\n  after 10 s"))
    await one.flush()
    clock.now += 120
    two.count(BadKey(cause="401"))
    await two.flush()
    bad_key, unreachable = await one.last_hour()
    assert (bad_key.kind, bad_key.count, bad_key.cause, bad_key.last_at) == ("bad-key", 1, "401", clock.now)
    assert (unreachable.kind, unreachable.count) == ("unreachable", 2)
    assert unreachable.minutes[-3:] == (2, 0, 0)
    assert len(unreachable.minutes) == 60
    assert unreachable.cause == "timed out after 10 s"


async def test_refusals_are_no_errors(store: Store, clock: Clock) -> None:
    """Refusals are not counted."""
    troubles = Troubles(store, clock)
    troubles.count(NotAllowed())
    await troubles.flush()
    assert await troubles.last_hour() == ()


async def test_an_hour_later_it_is_gone(store: Store, clock: Clock) -> None:
    """Counts older than an hour are not shown, and expire."""
    troubles = Troubles(store, clock)
    troubles.count(Unreachable())
    await troubles.flush()
    clock.now += 59 * 60
    assert len(await troubles.last_hour()) == 1
    clock.now += 60
    assert await troubles.last_hour() == ()
    async for name in store.redis.scan_iter():
        assert await store.redis.ttl(name) > 0


async def test_an_unwritten_count_is_written_later(store: Store, clock: Clock) -> None:
    """With the next one, once, also what does not happen again."""
    troubles = Troubles(store, clock)
    troubles.count(Unreachable(cause="no route"))
    troubles.count(StoreError(cause="gone"))
    await store.redis.config_set("maxmemory", 1)  # the store takes no writes
    try:
        with pytest.raises(StoreError):
            await troubles.flush()
    finally:
        await store.redis.config_set("maxmemory", 0)
    troubles.count(StoreError(cause="still gone"))
    await troubles.flush()
    await troubles.flush()
    found = {one.kind: (one.count, one.cause) for one in await troubles.last_hour()}
    assert found == {"store": (2, "still gone"), "unreachable": (1, "no route")}

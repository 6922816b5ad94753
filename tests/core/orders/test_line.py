"""The waiting line for image jobs is fair, has the room that the settings give it, and expires."""

import pytest

from core.orders.line import LEASE_S, Line
from core.orders.order import Order, OrderPiece, Wish
from core.store import Store
from tests.conftest import MakeSettings
from tests.core.conftest import Clock


@pytest.fixture
def line(store: Store, make_settings: MakeSettings, clock: Clock) -> Line:
    return Line(store, make_settings(image_jobs_at_once=4, image_jobs_per_user=2), clock)


def order(person: str, number: int, pictures: int = 1) -> Order:
    pieces = tuple(OrderPiece(f"{person}{number}#{at}") for at in range(pictures))
    wish = Wish("realvision", "a fox")
    return Order(f"{person}{number}", f"test:{person}", "", "", "en", "", wish, 1, 0.0, pieces)


async def test_people_take_turns(line: Line, clock: Clock) -> None:
    """The person with the fewest pictures being painted is next, however many somebody else ordered before."""
    places = []
    for number in range(6):
        clock.now += 0.1
        places.append(await line.enter(order("ann", number)))
    assert places == [0, 0, 1, 2, 3, 4]
    clock.now += 0.1
    assert await line.enter(order("ben", 1)) == 0
    assert await line.enter(order("cem", 1)) == 0
    assert await line.enter(order("cem", 2)) > 0
    await line.leave("ann0")
    await line.leave("ann1")
    assert await line.enter(order("ann", 2)) == 0
    assert await line.enter(order("cem", 2)) > 0
    assert await line.enter(order("ann", 3)) == 0  # as many as cem has, and older
    await line.leave("cem1")
    assert await line.enter(order("ann", 4)) > 0
    assert await line.enter(order("cem", 2)) == 0


async def test_the_one_with_the_fewest_is_next(line: Line, clock: Clock) -> None:
    """Also where somebody with more has waited for longer, and would have room."""
    for who in ("ann", "ben", "cem", "dan"):
        assert await line.enter(order(who, 1)) == 0
    clock.now += 1
    assert await line.enter(order("ann", 2)) == 1
    clock.now += 1
    assert await line.enter(order("zoe", 1)) == 1
    await line.leave("ben1")
    assert await line.enter(order("ann", 2)) > 0
    assert await line.enter(order("zoe", 1)) == 0


async def test_who_waits_for_their_own_holds_up_nobody(line: Line, clock: Clock) -> None:
    """An album that is too large beside what its person has painted waits for that alone."""
    assert await line.enter(order("ann", 1)) == await line.enter(order("ben", 1)) == 0
    clock.now += 1
    assert await line.enter(order("ann", 2, 2)) == 1
    clock.now += 1
    assert await line.enter(order("ben", 2)) == 0


async def test_an_album_counts_as_its_pictures(line: Line) -> None:
    """Four pictures are four jobs; an order larger than the limit is painted alone, not never."""
    assert await line.enter(order("ann", 1, 4)) == 0
    assert await line.enter(order("ben", 1)) == 1
    await line.leave("ann1")
    assert await line.enter(order("ben", 1)) == 0
    assert await line.enter(order("ann", 2, 4)) == 1


async def test_nobody_overtakes_who_waits_for_room(line: Line, clock: Clock) -> None:
    """Smaller orders do not pass an album for ever."""
    for who in ("ann", "ben", "cem"):
        assert await line.enter(order(who, 1)) == 0
    clock.now += 1
    assert await line.enter(order("zoe", 1, 3)) == 1
    clock.now += 1
    assert await line.enter(order("eva", 1)) == 2
    await line.leave("ann1")
    assert await line.enter(order("eva", 1)) > 0
    await line.leave("ben1")
    assert await line.enter(order("zoe", 1, 3)) == 0


async def test_the_dead_leave_the_line(line: Line, clock: Clock) -> None:
    """A place that is not renewed is free after its lease; nothing stays in the store."""
    for who in ("ann", "ben", "cem", "dan"):
        assert await line.enter(order(who, 1)) == 0
    assert await line.enter(order("amy", 1)) == 1
    assert await line.enter(order("eva", 1)) == 2
    clock.now += LEASE_S - 1
    assert await line.enter(order("dan", 1)) == 0
    assert await line.enter(order("eva", 1)) == 2
    clock.now += 2
    assert await line.enter(order("eva", 1)) == 0
    assert await line.counts() == (2, 0)


async def test_the_last_lease_expires_by_itself(line: Line, store: Store) -> None:
    """Also if nobody comes later, who would remove it."""
    for who in ("ann", "ben", "cem", "dan", "eva"):
        await line.enter(order(who, 1))
        keys = [key async for key in store.redis.scan_iter()]
        assert all([0 < await store.redis.ttl(key) <= LEASE_S for key in keys])
    assert len(keys) == 3

"""Records of orders: of two who change one at the same time, one is told; nothing stays for ever."""

from fnmatch import fnmatchcase

import msgspec
import pytest

from core import handover, line, orders
from core.order_record import OrderRecord
from core.orders import Order, Orders, Overtaken, Piece, State, Told, Wish
from core.seal import Seal
from core.store import Store
from tests.conftest import MakeSettings
from tests.core.till import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def kept(store: Store, make_settings: MakeSettings, clock: Clock) -> Orders:
    return Orders(store, Seal(), make_settings(), clock)


def order(ref: str = "one", **more: object) -> Order:
    wish = Wish("realvision", "a fox")
    made = Order(ref, "test:ann", "", "", "en", "test:1:", wish, 1, 5.0, (Piece("a"), Piece("b")))
    return msgspec.structs.replace(made, **more)


async def test_one_of_two_changes_is_refused(kept: Orders, clock: Clock) -> None:
    """Two who change the same piece from the same state: the second is told, even where both want the same."""
    saved = await kept.save(order())
    first, second = (OrderRecord(kept, saved, None, clock) for _ in range(2))
    await first.set(0, state=State.SUBMITTING)
    with pytest.raises(Overtaken):
        await second.set(0, state=State.SUBMITTING)
    assert second.order == first.order


async def test_changes_of_different_pieces_are_both_made(kept: Orders, clock: Clock) -> None:
    """Pieces are changed one by one, whoever changes the others."""
    saved = await kept.save(order())
    first, second = (OrderRecord(kept, saved, None, clock) for _ in range(2))
    await first.set(0, state=State.FETCHED)
    await second.set(1, state=State.FAILED)
    found = await kept.find("one")
    assert found is not None
    assert [piece.state for piece in found.pieces] == [State.FETCHED, State.FAILED]
    assert found.ended_at == clock.now


@pytest.mark.parametrize("secret", ["", "a secret of the operator"])
async def test_a_save_whose_reply_was_lost_may_be_repeated(
    store: Store, make_settings: MakeSettings, secret: str
) -> None:
    """The same save again is the same save, sealed or not; somebody else's is not."""
    kept, made = Orders(store, Seal(secret), make_settings()), order(by="me")
    assert await kept.save(made) == await kept.save(made)
    with pytest.raises(Overtaken):
        await kept.save(msgspec.structs.replace(made, by="another"))


async def test_what_is_wanted_and_what_is_made_is_sealed(store: Store, make_settings: MakeSettings) -> None:
    """With CONTENT_KEY neither prompt nor picture can be read in the store."""
    kept = Orders(store, Seal("a secret of the operator"), make_settings())
    await kept.save(order())
    await kept.keep_picture("one", 0, b"pixels")
    record = await store.redis.hget(orders.order_key("one"), "record")
    picture = await store.redis.get(orders.picture_key("one", 0))
    assert b"a fox" not in record
    assert b"pixels" not in picture
    found = await kept.find("one")
    assert found is not None
    assert found.wish.prompt == "a fox"
    assert await kept.find_picture("one", 0) == b"pixels"


async def test_what_is_erased_stays_erased(kept: Orders, clock: Clock) -> None:
    """A process that still has an erased order in its hands does not bring it back."""
    record = OrderRecord(kept, await kept.save(order()), None, clock)
    assert [one.ref for one in await kept.forget("test:ann")] == ["one"]
    with pytest.raises(Overtaken):
        await record.change(lambda order: order)
    assert await kept.find("one") is None
    assert await kept.of("test:ann") == ()


async def test_open_orders_are_found_until_they_are_over(kept: Orders, clock: Clock) -> None:
    """An order that nobody touches is overdue; one that is over never is."""
    record = OrderRecord(kept, await kept.save(order()), None, clock)
    assert await kept.overdue() == []
    clock.now += orders.OVERDUE_S + 1
    assert [one.ref for one in await kept.overdue()] == ["one"]
    await kept.touch("one", 100)
    assert await kept.overdue() == []
    clock.now += 1000
    for number in range(2):
        await record.set(number, state=State.FAILED)
    await record.change(lambda order: msgspec.structs.replace(order, told=Told.YES))
    clock.now += 1000
    assert await kept.overdue() == []


async def test_every_key_ends(kept: Orders, store: Store) -> None:
    """Every key of an order has a TTL, or stands on the list of those that empty themselves."""
    saved = await kept.save(order(told=Told.ASIDE))
    await kept.keep_picture(saved.ref, 0, b"picture")
    assert [one.ref for one in await kept.aside("test:ann")] == ["one"]
    for name in await store.redis.keys("*"):
        permanent = any(fnmatchcase(name.decode(), key) for key in (*orders.PERMANENT, *line.PERMANENT))
        assert permanent or await store.redis.ttl(name) > 0, name


@pytest.mark.parametrize(
    ("elapsed", "usual", "said"),
    [(2.0, 6.0, "2 s of about 6 s"), (9.0, 6.0, "9 s"), (2.0, 0.0, "2 s")],
)
def test_how_long_a_picture_takes(elapsed: float, usual: float, said: str) -> None:
    """How long it usually takes is said for as long as it is of use."""
    painted = order(pieces=(Piece("a", state=State.SUBMITTED),))
    shown = handover.working(painted, place=0, left_nanos=None, elapsed=elapsed, usual=usual)
    assert shown.note == f"Painting … {said}"

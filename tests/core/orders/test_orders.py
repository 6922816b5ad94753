"""Records of orders: of two concurrent changes one is refused; everything expires."""

import asyncio
import time
from fnmatch import fnmatchcase

import msgspec
import pytest

from core.orders import answers
from core.orders.handle import OrderHandle
from core.orders.order import (
    ASIDE_S,
    OVERDUE_S,
    PERMANENT,
    Order,
    OrderPiece,
    Orders,
    Overtaken,
    State,
    Told,
    Wish,
    order_key,
    picture_key,
)
from core.seal import Seal
from core.store import Store
from tests.conftest import MakeSettings
from tests.core.conftest import Clock
from tests.core.test_running_stalls import Stalling
from tests.waiting import until


@pytest.fixture
def kept(store: Store, make_settings: MakeSettings, clock: Clock) -> Orders:
    return Orders(store, Seal(), make_settings(), clock)


def order(ref: str = "one", **more: object) -> Order:
    wish = Wish("realvision", "a fox")
    made = Order(ref, "test:ann", "", "", "en", "test:1:", wish, 1, 5.0, (OrderPiece("a"), OrderPiece("b")))
    return msgspec.structs.replace(made, **more)


@pytest.mark.parametrize(
    ("states", "told", "stage"),
    [
        ((State.INTENT, State.INTENT), Told.NO, "waiting"),
        ((State.FAILED, State.INTENT), Told.NO, "waiting"),  # one found no money, the other has no place yet
        ((State.SUBMITTED, State.FETCHED), Told.NO, "painting"),
        ((State.FETCHED, State.LATE), Told.NO, "delivering"),
        ((State.FETCHED, State.LATE), Told.YES, "late"),
    ],
)
def test_how_far_an_order_is(states: tuple[State, ...], told: Told, stage: str) -> None:
    """The stage follows from the record alone, so every process and the operator pages agree."""
    pieces = tuple(OrderPiece(str(number), state) for number, state in enumerate(states))
    assert order(told=told, pieces=pieces).stage == stage


async def test_one_of_two_changes_is_refused(kept: Orders, clock: Clock) -> None:
    """Two changes of one piece from the same state: the second is refused, even if both are the same."""
    saved = await kept.save(order())
    first, second = (OrderHandle(kept, saved, None, clock) for _ in range(2))
    await first.set(0, state=State.SUBMITTING)
    with pytest.raises(Overtaken):
        await second.set(0, state=State.SUBMITTING)
    assert second.order == first.order


async def test_changes_of_different_pieces_are_both_made(kept: Orders, clock: Clock) -> None:
    """Pieces change independently."""
    saved = await kept.save(order())
    first, second = (OrderHandle(kept, saved, None, clock) for _ in range(2))
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
    """The same save again succeeds, sealed or not; another process's does not."""
    kept, made = Orders(store, Seal(secret), make_settings(), time.time), order(by="me")
    assert await kept.save(made) == await kept.save(made)
    with pytest.raises(Overtaken):
        await kept.save(msgspec.structs.replace(made, by="another"))


async def test_prompts_and_pictures_are_sealed(store: Store, make_settings: MakeSettings) -> None:
    """With CONTENT_KEY neither can be read in the store."""
    kept = Orders(store, Seal("a secret of the operator"), make_settings(), time.time)
    await kept.save(order())
    await kept.keep_picture("one", 0, b"pixels")
    record = await store.redis.hget(order_key("one"), "record")
    picture = await store.redis.get(picture_key("one", 0))
    assert b"a fox" not in record
    assert b"pixels" not in picture
    found = await kept.find("one")
    assert found is not None
    assert found.wish.prompt == "a fox"
    assert await kept.find_picture("one", 0) == b"pixels"


async def test_what_is_erased_stays_erased(kept: Orders, clock: Clock) -> None:
    """A process that still holds an erased order does not write it back; its pictures are erased, too."""
    record = OrderHandle(kept, await kept.save(order()), None, clock)
    await kept.keep_picture("one", 1, b"pixels")
    assert [one.ref for one in await kept.forget("test:ann")] == ["one"]
    with pytest.raises(Overtaken):
        await record.change(lambda order: order)
    assert await kept.find("one") is None
    assert await kept.find_picture("one", 1) is None
    assert await kept.of("test:ann") == ()


async def test_what_is_ordered_while_all_is_erased_is_found_the_next_time(
    store: Store, make_settings: MakeSettings
) -> None:
    """An order placed during a /forget is erased by the next one."""
    stalling = Stalling(store)
    kept, others = (Orders(one, Seal(), make_settings(), time.time) for one in (stalling, store))
    await kept.save(order())
    stalling.goes.clear()
    forgetting = asyncio.create_task(kept.forget("test:ann"))
    await until(lambda: stalling.waiting)
    await others.save(order("two", told=Told.ASIDE))
    stalling.goes.set()
    assert [one.ref for one in await forgetting] == ["one"]
    assert [one.ref for one in await others.aside("test:ann")] == ["two"]
    assert [one.ref for one in await others.forget("test:ann")] == ["two"]
    assert await store.redis.keys("*") == []


@pytest.mark.parametrize("limit", ["0", "40mb"])
async def test_delivered_pictures_do_not_fill_the_store(
    kept: Orders, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch, limit: str
) -> None:
    """The oldest delivered pictures go when all together exceed a quarter of the store, or a fixed limit.
    Undelivered ones stay."""
    picture = b"x" * (9 * 2**19)
    monkeypatch.setattr("core.bounds.MOST_BYTES", 10 * 2**20 if limit == "0" else 1)
    await store.redis.config_set("maxmemory", limit)
    try:
        await kept.keep_picture("waits", 0, picture)
        for ref in ("one", "two", "three"):
            for number in range(2 if ref == "one" else 1):
                await kept.keep_picture(ref, number, picture)
            clock.now += 1
            await kept.expire_pictures(order(ref))
        left = [len(await store.redis.keys(f"{{picture:{ref}}}*")) for ref in ("waits", "one", "two", "three")]
        assert left == [1, 0, 1, 1]
        assert await store.redis.zcard("{orders}:delivered") == 2
        clock.now += 86_400
        await kept.keep_picture("four", 0, b"x")
        await kept.expire_pictures(order("four"))
        assert await store.redis.zcard("{orders}:delivered") == 1  # nothing says what else there was
    finally:
        await store.redis.config_set("maxmemory", "0")


async def test_open_orders_are_found_until_they_are_over(kept: Orders, clock: Clock) -> None:
    """An open order that nobody handles becomes overdue; a finished one never does."""
    record = OrderHandle(kept, await kept.save(order()), None, clock)
    assert await kept.overdue() == []
    clock.now += OVERDUE_S + 1
    for _ in range(2):
        assert [one.ref for one in await kept.overdue()] == ["one"]
    await kept.touch("one", 100)
    assert await kept.overdue() == []
    clock.now += 1000
    for number in range(2):
        await record.set(number, state=State.FAILED)
    await record.change(lambda order: msgspec.structs.replace(order, told=Told.YES))
    clock.now += 1000
    assert await kept.overdue() == []


async def test_a_person_has_no_endless_list(kept: Orders, store: Store) -> None:
    """Orders leave it as old as their records get, however regularly somebody orders."""
    for ref, day in (("old", 0), ("new", 40)):
        await kept.save(order(ref, made_at=day * 86_400.0))
    assert await store.redis.zrange("{orders}:of:test:ann", 0, -1) == [b"new"]


async def test_every_key_ends(store: Store, make_settings: MakeSettings, clock: Clock) -> None:
    """Every key of an order has a TTL, or is on the list of keys that empty themselves. A short history ends no
    order whose picture still waits for its person."""
    kept = Orders(store, Seal(), make_settings(image_history_days=1), clock)
    saved = await kept.save(order(told=Told.ASIDE))
    assert await kept.ref_for("test:1", saved.ref) == saved.ref
    assert await store.redis.ttl(order_key(saved.ref)) > ASIDE_S
    await kept.keep_picture(saved.ref, 0, b"picture")
    await kept.expire_pictures(saved)
    assert [one.ref for one in await kept.aside("test:ann")] == ["one"]
    for name in await store.redis.keys("*"):
        permanent = any(fnmatchcase(name.decode(), key) for key in PERMANENT)
        assert permanent or await store.redis.ttl(name) > 0, name


@pytest.mark.parametrize(
    ("elapsed", "usual", "bar"),
    [(2.0, 6.0, "2 s of about 6 s"), (9.0, 6.0, "9 s"), (2.0, 0.0, "2 s")],
)
def test_how_long_a_picture_takes(elapsed: float, usual: float, bar: str) -> None:
    """The usual time is shown as long as it is useful."""
    painted = order(pieces=(OrderPiece("a", state=State.SUBMITTED),))
    shown = answers.working(painted, place=0, left_nanos=None, elapsed=elapsed, usual=usual)
    assert shown.note == f"Painting… {bar}"

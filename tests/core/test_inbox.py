"""Every event is handled once, by some process."""

import asyncio
from collections.abc import Callable
from typing import Any

import pytest
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff

from core.batching import BatchingRedis
from core.errors import StoreError
from core.inbox import Inbox
from core.seal import Seal
from core.store import Store
from tests.waiting import until

LEASES = "{inbox:p}:leases"
MakeInbox = Callable[..., Inbox]


@pytest.fixture
def make_inbox(store: Store) -> MakeInbox:
    """make_inbox(platform="p", told=list): what one process sees; `told` of what others left behind."""

    def make(platform: str = "p", handled: list[tuple[str, bytes]] | None = None) -> Inbox:
        async def again(name: str, body: bytes) -> None:
            assert handled is not None
            handled.append((name, body))

        return Inbox(store, Seal("a long enough secret"), platform, again)

    return make


@pytest.fixture
def nowhere(monkeypatch: pytest.MonkeyPatch) -> Store:
    """A store that is away, which its callers learn at once."""
    monkeypatch.setattr("core.store._PATIENCE_S", 0)
    return Store(BatchingRedis(port=1, retry=Retry(NoBackoff(), 0)), url="", is_embedded=False)


async def test_an_id_is_new_once_over_all_processes(make_inbox: MakeInbox) -> None:
    """However many processes get an event, at the same time or later, one of them handles it."""
    inboxes = [make_inbox() for _ in range(3)]
    assert sum(await asyncio.gather(*(one.take("7", b"hello") for one in inboxes * 5))) == 1
    for one in inboxes:
        await one.done("7")
    assert not await inboxes[0].take("7", b"hello")
    assert await make_inbox("other").take("7", b"hello")


async def test_what_a_dead_process_left_goes_to_one_other(store: Store, make_inbox: MakeInbox) -> None:
    """After its lease, one living process gets the event with its body, also if it was delivered to that one
    before; nobody, once it is done."""
    dead, handled = make_inbox(), list[tuple[str, bytes]]()
    living = [make_inbox(handled=handled) for _ in range(2)]
    for number in range(3):
        await dead.take(str(number), f"body {number}".encode())
    for inbox in living:
        assert not await inbox.take("0", b"body 0")
    await dead.done("1")
    assert b"body" not in b"".join(await store.redis.hvals("{inbox:p}:bodies"))
    await store.redis.zadd(LEASES, {"0": 0, "2": 0})
    async with living[0] as one, living[1] as other:
        await until(lambda: len(handled) == 2)
        assert await one.tend() == await other.tend() == ()
        assert sorted(handled) == [("0", b"body 0"), ("2", b"body 2")]
        await one.done("0")
        await other.done("0")
        assert await store.redis.zrange(LEASES, 0, -1) == [b"2"]


async def test_a_living_process_keeps_its_events(store: Store, make_inbox: MakeInbox) -> None:
    """Leases are renewed while the process lives; what is open when it ends is free at once."""
    mine, other = make_inbox(), make_inbox()
    await mine.take("1", b"x")
    await store.redis.zadd(LEASES, {"1": 0})
    async with mine:
        assert await mine.tend() == await other.tend() == ()
    assert await other.tend() == (("1", b"x"),)


async def test_an_event_that_cannot_be_decrypted_is_dropped(store: Store, make_inbox: MakeInbox) -> None:
    """It is taken over once, and never again."""

    async def never(name: str, body: bytes) -> None:
        raise AssertionError(name)

    await Inbox(store, Seal("a secret of the past"), "p", never).take("1", b"x")
    await store.redis.zadd(LEASES, {"1": 0})
    assert await make_inbox().tend() == ()
    assert not await store.redis.exists(LEASES, "{inbox:p}:bodies")


async def test_nothing_stays_for_ever(store: Store, make_inbox: MakeInbox) -> None:
    """Every key expires; a handled event leaves only its id, for a day."""
    inbox = make_inbox()
    await inbox.take("1", b"x")
    async for name in store.redis.scan_iter():
        assert await store.redis.ttl(name) > 0, name
    await inbox.done("1")
    (seen,) = [name async for name in store.redis.scan_iter()]
    assert (seen, await store.redis.ttl(seen) > 86_000) == (b"{inbox:p}:seen:1", True)


async def test_the_store_may_be_away_when_something_is_done(
    store: Store, make_inbox: MakeInbox, nowhere: Store
) -> None:
    """An event that could not be marked as done is marked later, and not handled again."""
    inbox = make_inbox()
    await inbox.take("1", b"x")
    inbox._store = nowhere
    await inbox.done("1")
    inbox._store = store
    await store.redis.zadd(LEASES, {"1": 0})
    assert await inbox.tend() == ()
    assert await store.redis.zcard(LEASES) == 0
    assert not inbox._over  # or it would be removed for ever


async def test_a_reply_that_is_lost_is_asked_for_again(store: Store, make_inbox: MakeInbox) -> None:
    """The store recorded the event but its reply was lost: the event is ours, and on record. Handled off the
    record, another process would also find and answer it."""

    class Deaf(Store):
        lost = 1

        async def run(self, *what: Any) -> Any:
            reply = await super().run(*what)
            if self.lost:
                self.lost -= 1
                raise StoreError(cause="no reply")
            return reply

    inbox, other = make_inbox(), make_inbox()
    inbox._store = Deaf(store.redis, url="", is_embedded=False)
    assert await inbox.take("1", b"x")
    assert not await other.take("1", b"x")
    assert not await inbox.take("1", b"x")
    await store.redis.zadd(LEASES, {"1": 0})
    assert await inbox.tend() == await other.tend() == ()


async def test_what_could_not_be_put_on_record_is_handled_once(
    store: Store, make_inbox: MakeInbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store may have recorded the event although its reply was lost: this process handles it, and no other
    takes it over."""

    class Deaf(Store):
        async def run(self, *what: Any) -> Any:
            await super().run(*what)
            raise StoreError(cause="no reply")

    monkeypatch.setattr("core.store._PATIENCE_S", 0)
    inbox, other = make_inbox(), make_inbox()
    inbox._store = Deaf(store.redis, url="", is_embedded=False)
    with pytest.raises(StoreError):
        await inbox.take("1", b"x")
    inbox._store = store
    assert await inbox.tend() == ()
    await store.redis.zadd(LEASES, {"1": 0}, xx=True)
    assert await other.tend() == ()


async def test_an_event_taken_over_is_not_marked_as_done(
    store: Store, make_inbox: MakeInbox, nowhere: Store
) -> None:
    """A process that returns after a long time without the store leaves events that were taken over to their
    new owners."""
    inbox, other = make_inbox(), make_inbox()
    await inbox.take("1", b"x")
    inbox._store = nowhere
    await inbox.done("1")
    inbox._store = store
    await store.redis.zadd(LEASES, {"1": 0})
    assert await other.tend() == (("1", b"x"),)
    assert await inbox.tend() == ()
    assert await store.redis.zcard(LEASES) == 1
    await other.done("1")
    assert await store.redis.zcard(LEASES) == 0


async def test_when_the_store_is_back_all_have_time_to_say_what_is_done(
    store: Store, make_inbox: MakeInbox, nowhere: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Leases end while the store is away, though their processes live. Whoever was told by one of them that the
    store is away is not answered by another one, also where the store hears of an update late; what the dead
    left is taken over one lease later."""
    inbox, other, dead, now = make_inbox(), make_inbox(), make_inbox(), 0.0
    monkeypatch.setattr("core.inbox._now", lambda: now)
    for name, one in (("1", inbox), ("dead", dead)):
        await one.take(name, b"x")
    inbox._store = other._store = nowhere
    await inbox.done("1")
    with pytest.raises(StoreError):
        await inbox.take("2", b"x")
    for one in (inbox, other):
        with pytest.raises(StoreError):
            await one.tend()
    inbox._store = other._store = store
    await store.redis.zadd(LEASES, {"1": 0, "dead": 0})
    assert await other.tend() == await inbox.tend() == ()
    await make_inbox().take("2", b"x")  # what `inbox` asked for
    now = 14.0
    assert await inbox.tend() == await other.tend() == ()
    now = 15.0
    assert await other.tend() == (("dead", b"x"),)
    assert await store.redis.zrange(LEASES, 0, -1) == [b"dead"]


async def test_who_stalled_learns_what_was_taken_over(store: Store, make_inbox: MakeInbox) -> None:
    """A stalled process neither starts nor marks as done an event that another one handles by now."""
    stalled, other = make_inbox(), make_inbox()
    for number in "12":
        await stalled.take(number, b"x")
    await store.redis.zadd(LEASES, {"1": 0})
    assert await other.tend() == (("1", b"x"),)
    assert [await one.is_mine("1") for one in (stalled, other)] == [False, True]
    assert await stalled.is_mine("2")
    await stalled.done("1")
    assert await store.redis.zrange(LEASES, 0, -1) == [b"1", b"2"]
    await other.done("1")
    async for name in store.redis.scan_iter():
        assert await store.redis.ttl(name) > 0, name


async def test_who_stalled_without_the_store_begins_nothing_that_others_may_have(
    store: Store, make_inbox: MakeInbox, nowhere: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While the store is away nobody takes over recorded events before their lease ends; after that they are
    left to the process that finds them, so that each is handled once. Unrecorded events belong to this
    process."""
    inbox, now = make_inbox(), 0.0
    monkeypatch.setattr("core.inbox._now", lambda: now)
    await inbox.take("1", b"x")
    now = 10.0
    await inbox.tend()
    inbox._store = nowhere
    with pytest.raises(StoreError):
        await inbox.take("2", b"x")
    now = 24.0
    assert [await inbox.is_mine(number) for number in "12"] == [True, True]
    now = 25.0
    assert [await inbox.is_mine(number) for number in "12"] == [False, True]
    await inbox.done("1")
    inbox._store = store
    await store.redis.zadd(LEASES, {"1": 0})
    assert await inbox.tend() == (("1", b"x"),)
    assert await inbox.is_mine("1")


async def test_what_was_taken_over_is_forgotten_in_its_time(store: Store, make_inbox: MakeInbox) -> None:
    """However often an event is taken over, each time its key lives for a day from then."""
    dead, other = make_inbox(), make_inbox()
    for number in "12":
        await dead.take(number, b"x")
    await store.redis.zadd(LEASES, {"1": 0})
    await other.tend()
    (noted,) = [name async for name in store.redis.scan_iter("*taken*")]
    await store.redis.expire(noted, 60)
    await store.redis.zadd(LEASES, {"2": 0})
    await other.tend()
    assert [await dead.is_mine(number) for number in "12"] == [False, False]
    assert await store.redis.ttl(noted) <= 60


async def test_what_cannot_begin_yet_holds_up_no_lease(store: Store, make_inbox: MakeInbox) -> None:
    """If there is no room to handle a dead process's events, our own leases are renewed all the same; an
    unreadable event, as after a downgrade, holds up nothing."""
    handled, room = list[str](), asyncio.Event()

    async def again(name: str, _: bytes) -> None:
        if name == "odd":
            raise KeyError(name)
        await room.wait()
        handled.append(name)

    dead = make_inbox()
    for name in ("odd", "1", "2"):
        await dead.take(name, b"x")
    await store.redis.zadd(LEASES, {"odd": 0, "1": 1, "2": 2})
    async with Inbox(store, Seal("a long enough secret"), "p", again) as inbox:
        await until(lambda: "odd" not in inbox._mine and "2" in inbox._mine)
        await store.redis.zadd(LEASES, {"1": 0, "2": 0})
        assert await inbox.tend() == ()
        assert await make_inbox().tend() == ()
        room.set()
        await until(lambda: handled == ["1", "2"])

"""Updates that a platform delivered and that have not begun yet: none is taken twice, or lost in a crash.

Invariant: between `take` and `done` an id belongs to one process at a time, by a lease in the store's time.
What is open when a process ends or dies goes to another one, which calls its `again(id, body)`.
"""

import asyncio
import math
import secrets
from collections.abc import Awaitable, Callable
from typing import Self

import structlog

from core.errors import StoreError
from core.periodic import repeat
from core.seal import Seal
from core.store import Script, Store, load_script

log = structlog.get_logger(__name__)

_LEASE_S = 15  # of an id whose process was not heard of: then another one takes it over
TEND_S = 4.0  # well within the lease
_SEEN_S = 86_400
_MOST_AT_ONCE = 100  # ids taken over from other processes

# KEYS leases bodies seen  ARGV id body lease seen_s token.  Replies 1 where it is new, or was for this token.
_TAKE = Script("""
if not redis.call('SET', KEYS[3], ARGV[5], 'NX', 'EX', ARGV[4]) then
  return redis.call('GET', KEYS[3]) == ARGV[5] and 1 or 0
end
redis.call('ZADD', KEYS[1], redis.call('TIME')[1] + ARGV[3], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[1], ARGV[2])
for i = 1, 2 do redis.call('EXPIRE', KEYS[i], ARGV[4]) end
return 1
""")
# KEYS leases bodies taken  ARGV id me.  What another process has taken over stays on its record.
_DONE = Script("""
local by = redis.call('GET', KEYS[3])
if by and by ~= ARGV[2] then return end
redis.call('ZREM', KEYS[1], ARGV[1])
redis.call('HDEL', KEYS[2], ARGV[1])
""")
_TEND = load_script("inbox_tend")
_HAND_OVER = Script("for _, id in ipairs(ARGV) do redis.call('ZADD', KEYS[1], 'XX', 0, id) end")


Again = Callable[[str, bytes], Awaitable[None]]


class Inbox:
    """Of one platform, in one process."""

    def __init__(self, store: Store, seal: Seal, platform: str, again: Again) -> None:
        self._store, self._seal = store, seal
        self._place = f"{{inbox:{platform}}}"
        self._keys = (f"{self._place}:leases", f"{self._place}:bodies")
        self._taken, self._me = f"{self._place}:taken:", secrets.token_urlsafe(9)
        self._again = again
        self._taken_over: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()  # and not begun yet
        self._mine: dict[str, float] = {}  # ours, and when the lease of each last began, by the loop's clock
        self._over: set[str] = set()  # done, but the store was away when we wanted to say so

    async def __aenter__(self) -> Self:
        self._tasks = [
            asyncio.create_task(repeat(self._keep, TEND_S, "inbox"), name="inbox"),
            asyncio.create_task(self._hand_out(), name="inbox-again"),
        ]
        return self

    async def __aexit__(self, *_: object) -> None:
        for task in self._tasks:
            task.cancel()
        await asyncio.wait(self._tasks)
        if self._mine:
            try:
                await self._store.run(_HAND_OVER, self._keys[:1], tuple(self._mine))
            except StoreError as away:
                log.warning("inbox.handed_over_late", open=len(self._mine), cause=away.cause)

    async def take(self, id: str, body: bytes) -> bool:  # noqa: A002  # the word of Turn.id
        """Puts an id and its body on record. False where any process has seen the id within a day.

        Where no reply comes the store is asked again. Raises StoreError, after which it is on no record: where
        only the replies were lost, it is soon taken off.
        """
        keys, now = (*self._keys, f"{self._place}:seen:{id}"), _now()
        args = (id, self._seal.encrypt(body, id), _LEASE_S, _SEEN_S, secrets.token_urlsafe(9))
        try:
            is_new = await self._store.retry(lambda: self._store.run(_TAKE, keys, args))
        except StoreError:
            self._over.add(id)
            raise
        if is_new:
            self._mine[id] = now
        return bool(is_new)

    async def is_mine(self, id: str) -> bool:  # noqa: A002
        """Whether an update still belongs to this process, asked right before it begins: another one takes over
        what a stalled process left lying. Where the store is away it counts as lost once its lease is over:
        whoever finds it next runs it."""
        try:
            with self._store.guard():
                whose = await self._store.redis.get(f"{self._taken}{id}")
            is_lost = whose not in (None, self._me.encode())
        except StoreError:
            is_lost = _now() - self._mine.get(id, math.inf) >= _LEASE_S
        if is_lost:
            log.warning("inbox.lost", id=id)
            self._mine.pop(id, None)
        return not is_lost

    async def done(self, id: str) -> None:  # noqa: A002
        """Takes an update off the record: what it leads to is on record elsewhere, or over. That is so from the
        moment at which core enters the reply's lane, or `Core.run` returns; later, a crash that cuts the answer
        off would have it given a second time. Where the store is away, it is taken off as soon as it is
        back."""
        if id not in self._mine:
            return
        del self._mine[id]
        try:
            await self._tick_off(id)
        except StoreError as error:
            self._over.add(id)
            log.warning("inbox.done_late", cause=error.cause)

    async def _tick_off(self, id: str) -> None:  # noqa: A002
        await self._store.run(_DONE, (*self._keys, f"{self._taken}{id}"), (id, self._me))

    async def tend(self) -> tuple[tuple[str, bytes], ...]:
        """Renews our leases, and takes over what others left behind: ids and bodies. Raises StoreError."""
        for name in tuple(self._over):
            await self._tick_off(name)
            self._over.discard(name)
        kept, now = tuple(self._mine), _now()
        args: list[str | int] = [_LEASE_S, _MOST_AT_ONCE, _SEEN_S, self._me, *kept]
        found = await self._store.run(_TEND, (*self._keys, self._taken), args)
        ids = [name.decode() for name in found[::2]]
        self._mine.update(dict.fromkeys((*ids, *(name for name in kept if name in self._mine)), now))
        opened = [(name, self._seal.decrypt(body, name)) for name, body in zip(ids, found[1::2], strict=True)]
        for name, body in opened:
            if body is None:  # under a secret that is gone: left open, it would be taken over for ever
                log.error("inbox.unreadable", id=name)
                await self.done(name)
        return tuple((name, body) for name, body in opened if body is not None)

    async def _keep(self) -> None:
        for name, body in await self.tend():
            log.info("inbox.taken_over", id=name)
            self._taken_over.put_nowait((name, body))

    async def _hand_out(self) -> None:
        """Begins what was taken over. Beside `_keep`, which has leases to renew: it may take longer than a
        lease until there is room to begin anything."""
        while True:
            name, body = await self._taken_over.get()
            try:
                await self._again(name, body)
            except StoreError as error:
                log.warning("inbox.store_away", cause=error.cause, open=len(self._mine))
            except Exception:  # written by another version, say: one that nobody can read holds up no other
                log.exception("inbox.not_begun", id=name)
                await self.done(name)


def _now() -> float:
    return asyncio.get_running_loop().time()

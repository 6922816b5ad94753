"""The inbox of updates that a platform delivered and that have not begun yet: none is handled twice, or lost in
a crash.

Invariant: between `take` and `done` an update belongs to one process at a time, by a lease in the store's time.
When a process ends or dies, another one takes over its open updates, and calls its own `resume(number, body)`.
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

_LEASE_S = 15  # of an update whose process was not heard of: then another one takes it over
TEND_S = 4.0  # well within the lease
_SEEN_S = 86_400
_MOST_AT_ONCE = 100  # updates taken over from other processes

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


Resume = Callable[[str, bytes], Awaitable[None]]


async def is_in_inbox(store: Store, request: str) -> bool:
    """Whether the update that led to a request (Turn.id) is still on record, so that it will begin once more.
    Raises StoreError."""
    platform, _, number = request.partition(":")
    with store.guard():
        return bool(await store.redis.hexists(_bodies(platform), number))


def _bodies(platform: str) -> str:
    return f"{{inbox:{platform}}}:bodies"


class Inbox:
    """The part of one platform's inbox that this process holds, by the platform's numbers of its updates. To be
    entered while it takes some."""

    def __init__(self, store: Store, seal: Seal, platform: str, resume: Resume) -> None:
        self._store, self._seal = store, seal
        self._place = f"{{inbox:{platform}}}"
        self._keys = (f"{self._place}:leases", _bodies(platform))
        self._taken, self._me = f"{self._place}:taken:", secrets.token_urlsafe(9)
        self._resume = resume
        self._taken_over: asyncio.Queue[tuple[str, bytes]] = asyncio.Queue()  # and not begun yet
        self._mine: dict[str, float] = {}  # by number: when our lease last began, by the loop's clock
        self._over: set[str] = set()  # numbers of those done that could not be removed without the store
        self._there_since = -math.inf  # since when the store answers; inf while it does not

    async def __aenter__(self) -> Self:
        self._tasks = [
            asyncio.create_task(repeat(self._keep, TEND_S, "inbox"), name="inbox"),
            asyncio.create_task(self._resume_all(), name="inbox-resume"),
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

    async def take(self, number: str, body: bytes) -> bool:
        """Stores an update. False where any process has seen its number within a day.

        Retried where the store's reply is lost. Raises StoreError, after which the update is not stored: where
        it was, and only the replies were lost, it is soon removed.
        """
        keys, now = (*self._keys, f"{self._place}:seen:{number}"), _now()
        args = (number, self._seal.encrypt(body, number), _LEASE_S, _SEEN_S, secrets.token_urlsafe(9))
        try:
            is_new = await self._store.retry(lambda: self._store.run(_TAKE, keys, args))
        except StoreError:
            self._over.add(number)
            raise
        if is_new:
            self._mine[number] = now
        return bool(is_new)

    async def is_mine(self, number: str) -> bool:
        """Whether an update still belongs to this process, asked right before it begins: a process that stalled
        may have lost it to another one. While the store is away it counts as lost once its lease is over, and
        then whichever process finds it next runs it."""
        try:
            with self._store.guard():
                whose = await self._store.redis.get(f"{self._taken}{number}")
            is_lost = whose not in (None, self._me.encode())
        except StoreError:
            is_lost = _now() - self._mine.get(number, math.inf) >= _LEASE_S
        if is_lost:
            log.warning("inbox.lost", id=number)
            self._mine.pop(number, None)
        return not is_lost

    async def done(self, number: str) -> None:
        """Removes an update: what it leads to is recorded elsewhere, or over. That is so from the moment at
        which core enters the reply's lane, or `Core.run` returns; if it were removed later, a crash that cuts
        the answer off would have it answered twice. While the store is away, it is removed as soon as the store
        is back."""
        if number not in self._mine:
            return
        del self._mine[number]
        try:
            await self._remove(number)
        except StoreError as error:
            self._over.add(number)
            log.warning("inbox.done_late", cause=error.cause)

    async def _remove(self, number: str) -> None:
        await self._store.run(_DONE, (*self._keys, f"{self._taken}{number}"), (number, self._me))

    async def tend(self) -> tuple[tuple[str, bytes], ...]:
        """Renews our leases and takes over what other processes left behind. Returns the numbers and bodies of
        that. Raises StoreError.

        While the store is away, no process can renew a lease or remove what is done. When it is back, each has
        the time of one lease to do so, or people who were told that it is away would be answered all the same.
        What is done is removed again during that time, as an earlier `take` may reach the store late.
        """
        now, since = _now(), self._there_since
        self._there_since = math.inf
        is_settled = now - since >= _LEASE_S
        for number in tuple(self._over):
            await self._remove(number)
            if is_settled:
                self._over.discard(number)
        kept, most = tuple(self._mine), _MOST_AT_ONCE if is_settled else 0
        args: list[str | int] = [_LEASE_S, most, _SEEN_S, self._me, *kept]
        found = await self._store.run(_TEND, (*self._keys, self._taken), args)
        self._there_since = min(since, now)
        numbers = [number.decode() for number in found[::2]]
        self._mine.update(dict.fromkeys((*numbers, *(number for number in kept if number in self._mine)), now))
        bodies = map(self._seal.decrypt, found[1::2], numbers)
        opened = [*zip(numbers, bodies, strict=True)]
        for number, body in opened:
            if body is None:  # under a secret that is gone: left open, it would be taken over for ever
                log.error("inbox.unreadable", id=number)
                await self.done(number)
        return tuple((number, body) for number, body in opened if body is not None)

    async def _keep(self) -> None:
        for number, body in await self.tend():
            log.info("inbox.taken_over", id=number)
            self._taken_over.put_nowait((number, body))

    async def _resume_all(self) -> None:
        """Resumes what was taken over. A task of its own, beside `_keep`: it may take longer than a lease until
        there is room to begin anything, and leases have to be renewed meanwhile."""
        while True:
            number, body = await self._taken_over.get()
            try:
                await self._resume(number, body)
            except StoreError as error:
                log.warning("inbox.store_away", cause=error.cause, open=len(self._mine))
            except Exception:  # written by another version, say: one that nobody can read holds up no other
                log.exception("inbox.not_begun", id=number)
                await self.done(number)


def _now() -> float:
    return asyncio.get_running_loop().time()

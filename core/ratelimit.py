"""How fast and how many at once one person may ask, across all processes (USER_PER_MINUTE, USER_CONCURRENCY).

The rate is a GCRA: on average one request each 60 / USER_PER_MINUTE seconds, a third of a minute's worth at
once. Slots have leases that a living process renews, so that those of a dead one come free.
"""

import asyncio
import math
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager

import structlog

from core.errors import Busy, StoreError
from core.periodic import pause, repeat
from core.settings import Settings
from core.store import Script, Store, load_script

log = structlog.get_logger(__name__)

SLOT_LEASE_S = 30.0
_SLOT_RETRY_S = 5.0  # when to try again while others are under way: nobody knows when they end

# KEYS: when the next try is due in theory. ARGV: now ms, interval ms, burst ms, 1 where it counts.
# Returns 0, or ms to wait.
_TRY = Script("""
local now, interval, burst = tonumber(ARGV[1]), tonumber(ARGV[2]), tonumber(ARGV[3])
local due = math.max(now, math.min(tonumber(redis.call('GET', KEYS[1]) or '0'), now + burst))
local wait = due + interval - burst - now
if wait > 0 then return wait end
if ARGV[4] == '1' then redis.call('SET', KEYS[1], due + interval, 'PX', burst + interval) end
return 0
""")
_ADMIT = load_script("admit")


class Ratelimit:
    """Lets requests in. Its keys have TTLs of about a minute."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self._store, self._settings, self._clock = store, settings, clock

    @asynccontextmanager
    async def admit(self, person: str) -> AsyncIterator[None]:
        """Inside, one request of this person is under way. Raises Busy (with `retry_after`), StoreError."""
        slot = secrets.token_urlsafe(9)
        await self._enter(person, slot)
        over = asyncio.Event()
        renewing = asyncio.create_task(self._keep(person, slot, over))
        try:
            yield
        finally:
            over.set()  # not cancelled: the client may swallow that in the middle of a command
            await asyncio.shield(asyncio.create_task(self._leave(person, slot, renewing)))

    async def attempt(self, what: str, most: int, every_s: float) -> None:
        """Counts a try of `what`, such as a login from one place: `most` at once, then one each `every_s`.
        Raises Busy (with `retry_after`), and then counts nothing; StoreError."""
        await self._try(what, most, every_s, counts=1)

    async def peek(self, what: str, most: int, every_s: float) -> None:
        """Raises as `attempt` would, and counts nothing either way."""
        await self._try(what, most, every_s, counts=0)

    async def _try(self, what: str, most: int, every_s: float, *, counts: int) -> None:
        interval, now = round(every_s * 1000), round(self._clock() * 1000)
        wait = await self._store.run(_TRY, [f"tries:{what}"], [now, interval, interval * most, counts])
        if wait > 0:
            raise Busy(retry_after=max(1, math.ceil(wait / 1000)))

    async def _enter(self, person: str, slot: str) -> None:
        interval = 60_000 / self._settings.user_per_minute
        burst = max(1, self._settings.user_per_minute // 3)
        most, now = self._settings.user_concurrency, round(self._clock() * 1000)
        is_in, wait = await self._store.run(
            _ADMIT,
            [_slots(person), _rate(person)],
            [now, slot, round(SLOT_LEASE_S * 1000), most, round(interval), round(interval * burst)],
        )
        if not is_in:
            raise Busy(retry_after=_SLOT_RETRY_S if wait < 0 else max(1, math.ceil(wait / 1000)))

    async def _keep(self, person: str, slot: str, over: asyncio.Event) -> None:
        every_s = SLOT_LEASE_S / 3
        await pause(every_s, over)
        await repeat(lambda: self.renew(person, slot), every_s, "ratelimit", over)

    async def renew(self, person: str, slot: str) -> None:
        """Begins the lease of a slot anew."""
        ends = round((self._clock() + SLOT_LEASE_S) * 1000)
        with self._store.guard():
            async with self._store.redis.pipeline(transaction=True) as pipe:
                pipe.zadd(_slots(person), {slot: ends}, xx=True)
                pipe.pexpire(_slots(person), round(SLOT_LEASE_S * 1000))
                await pipe.execute()

    async def _leave(self, person: str, slot: str, renewing: "asyncio.Task[None]") -> None:
        await asyncio.wait([renewing])  # a renewal after the end would bring the slot back
        try:
            with self._store.guard():
                await self._store.redis.zrem(_slots(person), slot)
        except StoreError as error:
            log.warning("ratelimit.leave_failed", cause=error.cause)  # the lease frees it


def _slots(person: str) -> str:
    return f"{{pace:{person}}}:slots"


def _rate(person: str) -> str:
    return f"{{pace:{person}}}:rate"

"""Limits how fast and how many at once one person may ask, across all processes (USER_PER_MINUTE,
USER_CONCURRENCY).

The rate is a GCRA: on average one request each 60 / USER_PER_MINUTE seconds, a third of a minute's worth at
once. Slots have leases that a living process renews, so that those of a dead one come free.
"""

import asyncio
import math
import secrets
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial

import structlog

from core.errors import Busy, StoreError
from core.periodic import repeat
from core.settings import Settings
from core.store import Store, load_script

log = structlog.get_logger(__name__)

SLOT_LEASE_S = 30.0
_HUSH_S = 15.0
_SLOT_RETRY_S = 5.0  # when to try again while others are under way: nobody knows when they end

_ADMIT, _ATTEMPT = load_script("ratelimit_admit"), load_script("ratelimit_attempt")


class Ratelimit:
    """Admits requests. Its keys live until what they say is over: a slot's lease, or the time after which a
    whole burst is free again (of requests 25 s by default and 2 minutes at most, of tries up to 3 minutes)."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], float]) -> None:
        self._store, self._settings, self._clock = store, settings, clock
        self._hushed: dict[tuple[str, str, str], float] = {}  # refusals that are not repeated, until when

    def hush(self, person: str, room: str, why: str) -> bool:
        """Whether this person got the same refusal there within _HUSH_S, and was not let in since. If not,
        notes that they get it now."""
        now, refusal = time.monotonic(), (person, room, why)
        self._hushed = {one: until for one, until in self._hushed.items() if until > now}
        is_hushed = refusal in self._hushed
        self._hushed.setdefault(refusal, now + _HUSH_S)
        return is_hushed

    @asynccontextmanager
    async def admit(self, person: str) -> AsyncIterator[None]:
        """Inside, one request of this person is under way. Raises Busy (with `retry_after`), StoreError."""
        slot = secrets.token_urlsafe(9)
        await self._enter(person, slot)
        renewing = asyncio.create_task(self._keep(person, slot))
        try:
            yield
        finally:
            renewing.cancel()
            await asyncio.shield(self._leave(person, slot))

    async def attempt(self, what: str, most: int, every_s: float) -> None:
        """Counts a try of `what`, such as a login from one place: `most` at once, then one each `every_s`.
        Raises Busy (with `retry_after`), and then counts nothing; StoreError."""
        await self._try(what, most, every_s, counts=1)

    async def peek(self, what: str, most: int, every_s: float) -> None:
        """Raises as `attempt` would, and counts nothing either way."""
        await self._try(what, most, every_s, counts=0)

    async def _try(self, what: str, most: int, every_s: float, *, counts: int) -> None:
        interval, now = round(every_s * 1000), round(self._clock() * 1000)
        wait = await self._store.run(_ATTEMPT, [f"tries:{what}"], [now, interval, interval * most, counts])
        if wait > 0:
            raise Busy(retry_after=max(1, math.ceil(wait / 1000)))

    async def _enter(self, person: str, slot: str) -> None:
        interval = 60_000 / self._settings.user_per_minute
        burst = max(1, self._settings.user_per_minute // 3)
        most, now = self._settings.user_concurrency, round(self._clock() * 1000)
        is_in, wait = await self._store.run(
            _ADMIT,
            [_slots(person), _due(person)],
            [now, slot, round(SLOT_LEASE_S * 1000), most, round(interval), round(interval * burst)],
        )
        if not is_in and wait < 0:
            raise Busy("busy-at-once", retry_after=_SLOT_RETRY_S)
        if not is_in:
            raise Busy(retry_after=max(1, math.ceil(wait / 1000)))
        self._hushed = {refusal: until for refusal, until in self._hushed.items() if refusal[0] != person}

    async def _keep(self, person: str, slot: str) -> None:
        await asyncio.sleep(SLOT_LEASE_S / 3)
        await repeat(partial(self.renew, person, slot), SLOT_LEASE_S / 3, "ratelimit")

    async def renew(self, person: str, slot: str) -> None:
        """Begins the lease of a slot anew; one that was left stays free. Raises StoreError."""
        ends = round((self._clock() + SLOT_LEASE_S) * 1000)
        with self._store.guard():
            async with self._store.redis.pipeline(transaction=True) as pipe:
                pipe.zadd(_slots(person), {slot: ends}, xx=True)
                pipe.pexpire(_slots(person), round(SLOT_LEASE_S * 1000))
                await pipe.execute()

    async def _leave(self, person: str, slot: str) -> None:
        try:
            with self._store.guard():
                await self._store.redis.zrem(_slots(person), slot)
        except StoreError as error:
            log.warning("ratelimit.leave_failed", cause=error.cause)  # the lease frees it


def _slots(person: str) -> str:
    return f"{{rate:{person}}}:slots"


def _due(person: str) -> str:
    return f"{{rate:{person}}}:due"

"""The line in front of the image maker: how many orders are painted at once, and who is next.

A place is leased: it is free again unless its order calls `enter` within LEASE_S, while it waits or is painted.
"""

from collections.abc import Callable

from core.orders.order import Order
from core.settings import Settings
from core.store import Script, Store, load_script

LEASE_S = 30.0
_KEYS = ("{line}:painting", "{line}:waiting", "{line}:leases")

_ENTER = load_script("line_enter")
_LEAVE = Script(
    "for i = 1, 2 do redis.call('HDEL', KEYS[i], ARGV[1]) end return redis.call('ZREM', KEYS[3], ARGV[1])"
)


class Line:
    """One line for all processes. Its keys end with the last lease."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], float]) -> None:
        self._store, self._settings, self._clock = store, settings, clock

    async def enter(self, order: Order) -> int:
        """0 when the order may be painted now, else its place. To be called again within LEASE_S, while
        waiting and while painting. Raises StoreError."""
        limits = (self._settings.image_jobs_per_user, self._settings.image_jobs_at_once)
        args = (order.ref, order.person, self._clock(), LEASE_S, *limits, len(order.pieces))
        return int(await self._store.run(_ENTER, _KEYS, args))

    async def leave(self, ref: str) -> None:
        """Raises StoreError; the lease ends all the same."""
        await self._store.run(_LEAVE, _KEYS, (ref,))

    async def counts(self) -> tuple[int, int]:
        """How many orders are being painted, and how many wait."""
        with self._store.guard():
            return await self._store.redis.hlen(_KEYS[0]), await self._store.redis.hlen(_KEYS[1])

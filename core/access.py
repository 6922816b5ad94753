"""Who may do what, where: the operator's lists, and what admins change from a chat. A denial always wins."""

import time
from collections.abc import Callable

from core.errors import NotAllowed
from core.settings import Settings
from core.store import Store
from core.turn import Turn

ALLOWED, DENIED = "{access}:allow", "{access}:deny"
PERMANENT = (ALLOWED, DENIED)  # sets of labels that admins changed from a chat; they have no TTL
_FRESH_S = 2.0  # how long another process may go on with an older list


class Access:
    """Answers whether a turn may go on. Lists of the settings hold always; a chat can add to them."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], float] = time.time) -> None:
        self.store, self.settings, self.clock = store, settings, clock
        self._allowed: frozenset[str] = frozenset()
        self._denied: frozenset[str] = frozenset()
        self._read_at = float("-inf")

    async def check(self, turn: Turn) -> None:
        """Raises NotAllowed; StoreError where the lists cannot be read."""
        if self.is_admin(turn):
            return
        await self._refresh()
        labels = turn.labels | {turn.person.id, turn.chat}
        denied = self._denied | frozenset(self.settings.deny)
        allowed = self._allowed | frozenset(self.settings.allow)
        if labels & denied or (self.settings.allow and not labels & allowed):
            raise NotAllowed

    def is_admin(self, turn: Turn) -> bool:
        """Whether the asker runs this bot (ADMINS)."""
        return turn.person.id in self.settings.admins

    def check_admin(self, turn: Turn) -> None:
        """Raises NotAllowed("not-admin")."""
        if not self.is_admin(turn):
            raise NotAllowed("not-admin")

    async def allow(self, label: str) -> None:
        """Lets `label` (a name as in ALLOW) in from now on, in every process."""
        await self._move(label, DENIED, ALLOWED)

    async def deny(self, label: str) -> None:
        """Keeps `label` out from now on, in every process."""
        await self._move(label, ALLOWED, DENIED)

    async def lists(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What chats added: allowed and denied labels, sorted."""
        await self._refresh()
        return tuple(sorted(self._allowed)), tuple(sorted(self._denied))

    def reload(self) -> None:
        """Reads what other processes changed before the next check."""
        self._read_at = float("-inf")

    async def _move(self, label: str, source: str, target: str) -> None:
        with self.store.guard():
            async with self.store.redis.pipeline(transaction=True) as pipe:
                pipe.srem(source, label)
                pipe.sadd(target, label)
                await pipe.execute()
        self._read_at = float("-inf")

    async def _refresh(self) -> None:
        if self.clock() - self._read_at < _FRESH_S:
            return
        with self.store.guard():  # not in one transaction: the client's, on a cluster, cannot read sets
            allowed = await self.store.redis.smembers(ALLOWED)
            denied = await self.store.redis.smembers(DENIED)
        self._allowed = frozenset(label.decode() for label in allowed)
        self._denied = frozenset(label.decode() for label in denied)
        self._read_at = self.clock()

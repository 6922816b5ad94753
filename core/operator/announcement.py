"""A line from the operator that everybody reads once, under their next answer, until it is taken back.

Who has read it is known to each process alone: nothing about people is kept for it.
"""

from collections.abc import Callable

from core.cached import Cached
from core.store import Store

_TTL_S = 7 * 86_400  # so that one nobody takes back ends by itself
_KEY = "announcement"


class Announcement:
    """At most one at a time; a new one takes the place of the old one."""

    def __init__(self, store: Store, clock: Callable[[], float]) -> None:
        self._store = store
        self._text = Cached(self._read, clock)
        self._told: tuple[str, set[str]] = ("", set())

    async def announce(self, text: str) -> None:
        """ "" takes it back. Raises StoreError."""
        with self._store.guard():
            if text:
                await self._store.redis.set(_KEY, text, ex=_TTL_S)
            else:
                await self._store.redis.delete(_KEY)
        self._text.invalidate()

    async def text(self) -> str:
        """What is announced now, "" = nothing. Raises StoreError."""
        return await self._text.get()

    async def take_for(self, person: str) -> str:
        """The announcement for somebody who counts as told from now on; "" where they were told before. Raises
        StoreError."""
        text = await self.text()
        if self._told[0] != text:
            self._told = (text, set())
        if not text or person in self._told[1]:
            return ""
        self._told[1].add(person)
        return text

    def missed(self, person: str) -> None:
        """The answer under which it stood was never shown: it stands under the next one again."""
        self._told[1].discard(person)

    async def _read(self) -> str:
        with self._store.guard():
            return ((await self._store.redis.get(_KEY)) or b"").decode()

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
        self._read_text = ""  # the announcement that `_readers` have read
        self._readers: set[str] = set()

    async def announce(self, text: str) -> None:
        """Announces `text` to everybody; "" takes the announcement back. Raises StoreError."""
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
        """The announcement for a person, who counts as a reader from now on; "" for one who has read it. Raises
        StoreError."""
        text = await self.text()
        if self._read_text != text:
            self._read_text, self._readers = text, set()
        if not text or person in self._readers:
            return ""
        self._readers.add(person)
        return text

    def missed(self, person: str) -> None:
        """The answer under which it stood was never shown: it stands under the next one again."""
        self._readers.discard(person)

    async def _read(self) -> str:
        with self._store.guard():
            return ((await self._store.redis.get(_KEY)) or b"").decode()

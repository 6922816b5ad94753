"""Short texts that a person may act on soon, such as a question offered as a card. Sealed, for a day."""

import secrets

from core.seal import Seal
from core.settings import Settings
from core.store import Store

TTL_S = 86_400


def _key(ref: str) -> str:
    return f"kept:{ref}"


class Kept:
    """Texts by a reference that fits into a button."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store = store
        self._seal = Seal(settings.content_key.get_secret_value())

    async def keep(self, text: str) -> str:
        """The reference. Raises StoreError."""
        ref = secrets.token_urlsafe(12)
        with self._store.guard():
            await self._store.redis.set(_key(ref), self._seal.close(text.encode(), _key(ref)), ex=TTL_S)
        return ref

    async def find(self, ref: str) -> str | None:
        """The text, None where it is not kept any more. Raises StoreError."""
        with self._store.guard():
            stored = await self._store.redis.get(_key(ref))
        plain = self._seal.open(stored, _key(ref)) if stored else None
        return None if plain is None else plain.decode()

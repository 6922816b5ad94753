"""Keeps short texts that are needed again soon, such as a question offered as a card. Sealed, and kept for a
day unless told otherwise."""

from core.answer import new_ref
from core.seal import Seal
from core.store import Store

_TTL_S = 86_400


def _key(name: str) -> str:
    return f"kept:{name}"


class Kept:
    """Texts by name. Every method raises StoreError."""

    def __init__(self, store: Store, seal: Seal) -> None:
        self._store, self._seal = store, seal

    async def keep(self, text: str, name: str = "", ttl_s: int = _TTL_S) -> str:
        """Keeps a text. Returns its name: the given one, or a new ref."""
        name = name or new_ref()
        with self._store.guard():
            await self._store.redis.set(_key(name), self._seal.encrypt(text.encode(), _key(name)), ex=ttl_s)
        return name

    async def change(self, text: str, name: str) -> bool:
        """Keeps another text in place of the one of that name; False where none is kept any more."""
        sealed = self._seal.encrypt(text.encode(), _key(name))
        with self._store.guard():
            return bool(await self._store.redis.set(_key(name), sealed, ex=_TTL_S, xx=True))

    async def find(self, name: str) -> str | None:
        """The text of that name; None where none is kept."""
        with self._store.guard():
            return self._open(name, await self._store.redis.get(_key(name)))

    async def take(self, name: str) -> str | None:
        """As `find`, and deletes it: only one caller gets it."""
        with self._store.guard():
            return self._open(name, await self._store.redis.getdel(_key(name)))

    async def add(self, name: str, text: str) -> None:
        """Keeps one more text under that name; `all` returns them in their order."""
        key = f"{_key(name)}:all"
        with self._store.guard():
            async with self._store.redis.pipeline(transaction=True) as pipe:
                pipe.rpush(key, self._seal.encrypt(text.encode(), _key(name)))
                pipe.expire(key, _TTL_S)
                await pipe.execute()

    async def all(self, name: str) -> tuple[str, ...]:
        with self._store.guard():
            stored = await self._store.redis.lrange(f"{_key(name)}:all", 0, -1)
        return tuple(text for one in stored if (text := self._open(name, one)) is not None)

    def _open(self, name: str, stored: bytes | None) -> str | None:
        plain = self._seal.decrypt(stored, _key(name))
        return None if plain is None else plain.decode()

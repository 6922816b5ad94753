"""Keeps what the page showed to one person, so that it is there again after a reload.

Bounded in number and in time: the oldest go first, and all of it is gone MEMORY_TTL_DAYS after the
last change. The conversation that the model sees is kept elsewhere; this is only how it looked.
"""

import secrets
from collections.abc import Mapping

from core.seal import Seal
from core.settings import Settings
from core.store import Script, Store, load_script

MOST_ENTRIES = 60
MOST_PICTURES = 40
_SECRET_BYTES = 32

# A name begins with its time, so that the smallest is the oldest.
_SAVE = Script("""
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
local ids = redis.call('HKEYS', KEYS[1])
table.sort(ids)
for i = 1, #ids - tonumber(ARGV[4]) do redis.call('HDEL', KEYS[1], ids[i]) end
""")

# What an answer under way would show was erased meanwhile where its entry is not there any more.
_REPLACE = Script("""
if redis.call('HEXISTS', KEYS[1], ARGV[1]) == 0 then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[2])
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1
""")

_KEEP = load_script("transcript_keep")

# KEYS: the list that names the pictures, entries.  ARGV: key prefix of pictures
_FORGET = Script("""
for _, id in ipairs(redis.call('LRANGE', KEYS[1], 0, -1)) do redis.call('DEL', ARGV[1] .. id) end
redis.call('DEL', KEYS[1], KEYS[2])
""")

_INSTALLATION = "page:secret"  # the one key here without a TTL


def _key(person: str, name: str) -> str:
    return f"{{page:{person}}}:{name}"


class Transcript:
    """Entries and pictures of every person who uses a page. All calls raise StoreError."""

    def __init__(self, store: Store, seal: Seal, settings: Settings) -> None:
        self._store, self._seal = store, seal
        self._ttl_ms = int(settings.memory_ttl_days * 86_400_000)

    async def save(self, person: str, name: str, entry: bytes) -> None:
        """Adds the entry or replaces it. Names sort by age."""
        key = _key(person, "entries")
        sealed = self._seal.encrypt(entry, f"{key}:{name}")
        await self._store.run(_SAVE, [key], [name, sealed, self._ttl_ms, MOST_ENTRIES])

    async def replace(self, person: str, name: str, entry: bytes) -> bool:
        """Changes an entry that is still there; False where it was erased."""
        key = _key(person, "entries")
        sealed = self._seal.encrypt(entry, f"{key}:{name}")
        return bool(await self._store.run(_REPLACE, [key], [name, sealed, self._ttl_ms]))

    async def load(self, person: str) -> Mapping[str, bytes]:
        """All entries by name, oldest first."""
        key = _key(person, "entries")
        with self._store.guard():
            sealed = await self._store.redis.hgetall(key)
        named = ((name.decode(), data) for name, data in sorted(sealed.items()))
        opened = {name: self._seal.decrypt(data, f"{key}:{name}") for name, data in named}
        return {name: entry for name, entry in opened.items() if entry is not None}

    async def find(self, person: str, name: str) -> bytes | None:
        key = _key(person, "entries")
        with self._store.guard():
            return self._seal.decrypt(await self._store.redis.hget(key, name), f"{key}:{name}")

    async def remove(self, person: str, name: str) -> None:
        with self._store.guard():
            await self._store.redis.hdel(_key(person, "entries"), name)

    async def keep_picture(self, person: str, name: str, data: bytes, entry: str = "") -> None:
        """Keeps a picture. One that belongs to an entry is kept only while that exists."""
        key = _key(person, f"picture:{name}")
        sealed, prefix = self._seal.encrypt(data, key), _key(person, "picture:")
        keys = [_key(person, "pictures"), key, _key(person, "entries")]
        await self._store.run(_KEEP, keys, [name, sealed, self._ttl_ms, MOST_PICTURES, prefix, entry])

    async def pictures(self, person: str) -> Mapping[str, bytes]:
        """All pictures that are kept, by name, oldest first."""
        with self._store.guard():
            names = [name.decode() for name in await self._store.redis.lrange(_key(person, "pictures"), 0, -1)]
        found = {name: await self.find_picture(person, name) for name in names}
        return {name: data for name, data in found.items() if data is not None}

    async def find_picture(self, person: str, name: str) -> bytes | None:
        key = _key(person, f"picture:{name}")
        with self._store.guard():
            return self._seal.decrypt(await self._store.redis.get(key), key)

    async def forget(self, person: str) -> None:
        """Erases everything of a person."""
        keys = [_key(person, "pictures"), _key(person, "entries")]
        await self._store.run(_FORGET, keys, [_key(person, "picture:")])

    async def secret(self) -> bytes:
        """The random secret of this installation that signs who is who; made once, so that later a store that
        takes no writes is enough."""
        with self._store.guard():
            while not (found := await self._store.redis.get(_INSTALLATION)):
                await self._store.redis.set(_INSTALLATION, secrets.token_bytes(_SECRET_BYTES), nx=True)
        return bytes(found)

"""Seals anew, under the first secret of CONTENT_KEY, what lies under an older one or under none.

Runs beside a working service: a value that changed meanwhile was sealed by whoever changed it. What ends by
itself within a day (parts of bursts, links, albums) is left alone.
"""

import re
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from core.seal import Seal
from core.store import Script, Store

_SAMPLE = 1000  # texts; each is a round trip

# What counts the bytes of a room is counted anew by the next exchange when it is missing.
_SWAP_FIELD = Script("""
if redis.call('HGET', KEYS[1], ARGV[1]) ~= ARGV[2] then return 0 end
redis.call('HSET', KEYS[1], ARGV[1], ARGV[3])
if KEYS[2] and #ARGV[2] ~= #ARGV[3] then redis.call('DEL', KEYS[2]) end
return 1
""")
_SWAP = Script("""
if redis.call('GET', KEYS[1]) ~= ARGV[1] then return 0 end
redis.call('SET', KEYS[1], ARGV[2], 'KEEPTTL')
return 1
""")


@dataclass(frozen=True, slots=True)
class _Kind:
    """One sort of key. `context` makes what a value was encrypted with (see `Seal`) of the pattern's match and
    the field. `fields`: "" = the key is no hash, "*" = every field."""

    pattern: str
    context: Callable[[re.Match[str], str], str]
    fields: str = ""


_KINDS = (
    _Kind(r"\{m:(.+)\}:turns", lambda key, field: f"{key[1]}/{field}", "*"),
    _Kind(r"\{m:(.+)\}:picture:(.+)", lambda key, _: f"{key[1]}/{key[2]}"),
    _Kind(r"\{p:(.+)\}:set", lambda key, _: key[1], "prompt"),
    _Kind(r"\{orders\}:order:.+", lambda key, _: key[0], "record"),
    _Kind(r"\{picture:.+\}:\d+", lambda key, _: key[0]),
    _Kind(r"\{page:(.+)\}:entries", lambda key, field: f"{key[0]}:{field}", "*"),
    _Kind(r"\{page:(.+)\}:picture:(.+)", lambda key, _: key[0]),
    _Kind(r"kept:.+(?<!:all)", lambda key, _: key[0]),
)


@dataclass(frozen=True, slots=True)
class Resealed:
    """How many values were sealed anew, and how many no secret opens."""

    sealed: int
    unreadable: int


@dataclass(frozen=True, slots=True)
class Sample:
    """How many values were looked at, and how many of them no secret opens."""

    looked: int
    unreadable: int


async def reseal(store: Store, seal: Seal) -> Resealed:
    """Afterwards older secrets are needed for nothing. Raises StoreError."""
    sealed = unreadable = 0
    with store.guard():
        async for kind, match in _keys(store):
            key = match[0]
            async for field, value in _values(store, key, kind.fields):
                if seal.is_newest(value):
                    continue
                context = kind.context(match, field)
                if (plain := seal.decrypt(value, context)) is None:
                    unreadable += 1
                else:
                    sealed += await _swap(store, key, field, value, seal.encrypt(plain, context))
    return Resealed(sealed, unreadable)


async def sample(store: Store, seal: Seal, most: int = _SAMPLE) -> Sample:
    """Tries the secrets on a text of each of `most` keys: these come in no order, so any will do. Pictures lie
    beside texts, and are left alone. Raises StoreError."""
    looked = unreadable = 0
    with store.guard():
        async for kind, match in _keys(store):
            if looked >= most:
                break
            if not kind.fields:
                continue
            async for field, value in _values(store, match[0], kind.fields):
                looked += 1
                unreadable += seal.decrypt(value, kind.context(match, field)) is None
                break
    return Sample(looked, unreadable)


async def _keys(store: Store) -> AsyncIterator[tuple[_Kind, re.Match[str]]]:
    """All that hold sealed values."""
    begin_so = "[{k]*"  # as each of _KINDS does: the rest stays there
    async for raw in store.redis.scan_iter(begin_so, count=1000):
        for kind in _KINDS:
            if match := re.fullmatch(kind.pattern, raw.decode()):
                yield kind, match


async def _values(store: Store, key: str, fields: str) -> AsyncIterator[tuple[str, bytes]]:
    if fields == "*":
        async for field, value in store.redis.hscan_iter(key):
            yield field.decode(), value
        return
    single: Any = await (store.redis.hget(key, fields) if fields else store.redis.get(key))
    if single is not None:
        yield fields, single


async def _swap(store: Store, key: str, field: str, old: bytes, new: bytes) -> int:
    if not field:
        return int(await store.run(_SWAP, [key], [old, new]))
    counted = [key.replace("}:turns", "}:meta")] if key.endswith("}:turns") else []
    return int(await store.run(_SWAP_FIELD, [key, *counted], [field, old, new]))

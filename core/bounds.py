"""Limits how much memory of the store pictures of one kind take together: a full store would accept nothing
from anybody. The newest stay, in a quarter of its memory."""

from collections.abc import Collection, Mapping

from core.store import Store, load_script

MOST_BYTES = 256 * 2**20  # in a store without a limit
_MOST = 10_000  # keys in an index; a script walks through them for each new one, in some milliseconds
_NEWEST = load_script("bounds_newest")


async def keep_newest(store: Store, index: str, now: float, ttl_s: int, sizes: Mapping[str, int]) -> None:
    """Adds keys of one kind to their `index`, with the size in bytes of each, and deletes the oldest of that
    kind for which there is no room. The index lives `ttl_s`. Raises StoreError."""
    if not sizes:
        return
    args: list[str | float] = [now, ttl_s, MOST_BYTES, _MOST]
    for key, size in sizes.items():
        args += [key, size]
    gone = await store.run(_NEWEST, [index], args)
    with store.guard():
        for old in gone:  # one by one: on a cluster each is somewhere else
            await store.redis.delete(old)


async def forget_gone(store: Store, index: str, beginnings: Collection[str]) -> None:
    """Removes keys with these beginnings from the index that no longer exist: a room's name may be a person's
    id. Raises StoreError."""
    with store.guard():
        noted = {one: one.decode().partition(" ")[2] for one in await store.redis.zrange(index, 0, -1)}
        asked = {one: key for one, key in noted.items() if key.startswith(tuple(beginnings))}
        if gone := [one for one, key in asked.items() if not await store.redis.exists(key)]:
            await store.redis.zrem(index, *gone)

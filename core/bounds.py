"""Bounds what pictures take of the store together, whoever's they are: full, it takes nothing of anybody. Of
each kind the newest stay, in a quarter of its memory."""

from collections.abc import Collection, Mapping

from core.store import Store, load_script

MOST_BYTES = 256 * 2**20  # in a store without a limit
_MOST = 10_000  # walked through for each one that comes, in some milliseconds of the store's
_NEWEST = load_script("bounds_newest")


async def keep_newest(store: Store, index: str, now: float, ttl_s: int, sizes: Mapping[str, int]) -> None:
    """Notes keys of one kind with how many bytes each holds, and deletes the oldest of that kind for which
    there is no room. `index` is where they are noted, for `ttl_s`. Raises StoreError."""
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
    """No longer notes keys that begin so and are gone: a room's name may be a person's. Raises StoreError."""
    with store.guard():
        noted = {one: one.decode().partition(" ")[2] for one in await store.redis.zrange(index, 0, -1)}
        asked = {one: key for one, key in noted.items() if key.startswith(tuple(beginnings))}
        if gone := [one for one, key in asked.items() if not await store.redis.exists(key)]:
            await store.redis.zrem(index, *gone)

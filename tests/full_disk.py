"""Makes the disk look full to one store's server, until it is emptied."""

import resource

from core.store import Store


async def fill_disk(store: Store) -> None:
    """From now on the server's file cannot grow by a byte."""
    server = (await store.redis.info("server"))["process_id"]
    _, most = resource.prlimit(server, resource.RLIMIT_FSIZE)
    resource.prlimit(server, resource.RLIMIT_FSIZE, (0, most))


async def empty_disk(store: Store) -> None:
    """From now on it can again."""
    server = (await store.redis.info("server"))["process_id"]
    _, most = resource.prlimit(server, resource.RLIMIT_FSIZE)
    resource.prlimit(server, resource.RLIMIT_FSIZE, (most, most))


async def is_told_full(store: Store) -> bool:
    """Whether the server knows by now that its disk is full: until its first write failed, it takes more."""
    facts = await store.durability()
    return facts is not None and not facts.writes

"""Everything in a store, and everything logged, for tests that search for what must not be there."""

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import structlog

from bots.logs import OURS
from core.store import Store

# Written by the servers of the tests themselves, about the addresses they were asked for.
_SERVERS = ("aiohttp.access", "aiohttp.server", "uvicorn.access", "uvicorn.error")


async def everything(store: Store) -> bytes:
    """Every key with its value, as the server dumps it and in plain."""
    found = b""
    for key in await store.redis.keys("*"):
        found += key + b"\n" + ((await store.redis.dump(key)) or b"")
        match await store.redis.type(key):
            case b"hash":
                found += b"".join(part for pair in (await store.redis.hgetall(key)).items() for part in pair)
            case b"zset" | b"set" | b"list" as kind:
                read = {b"zset": "zrange", b"set": "smembers", b"list": "lrange"}[kind]
                found += b"".join(await getattr(store.redis, read)(key, *(() if kind == b"set" else (0, -1))))
            case b"stream":
                found += repr(await store.redis.xrange(key)).encode()
            case b"string":
                found += (await store.redis.get(key)) or b""
    return found


class _Lines(logging.Handler):
    def __init__(self, lines: list[str]) -> None:
        super().__init__(logging.DEBUG)
        self.lines = lines

    def emit(self, record: logging.LogRecord) -> None:
        if not record.name.startswith(_SERVERS):
            self.lines.append(logging.Formatter("%(name)s %(message)s").format(record))


@contextmanager
def everything_logged() -> Iterator[list[str]]:
    """Every line at every level, tracebacks included, before anything is masked. Libraries are as silent as
    the service makes them, and no more."""
    lines: list[str] = []

    def keep(_: Any, __: str, event: Any) -> Any:
        lines.append(repr(event))
        raise structlog.DropEvent

    before = structlog.get_config()
    structlog.configure(
        processors=[structlog.contextvars.merge_contextvars, structlog.processors.format_exc_info, keep],
        wrapper_class=structlog.make_filtering_bound_logger(logging.DEBUG),
        cache_logger_on_first_use=False,
    )
    root, handler = logging.getLogger(), _Lines(lines)
    loggers = {logging.getLogger(name): logging.DEBUG for name in OURS} | {root: logging.WARNING}
    levels = {logger: logger.level for logger in loggers}
    root.addHandler(handler)
    for logger, level in loggers.items():
        logger.setLevel(level)
    try:
        yield lines
    finally:
        root.removeHandler(handler)
        for logger, level in levels.items():
            logger.setLevel(level)
        structlog.configure(**before)

"""The store: the embedded Valkey or the one at REDIS_URL, behind one client.

Whatever goes wrong between us and the server is a StoreError. A command whose reply was lost may
have run all the same, so only `retry` repeats anything: scripts that must run once carry a request id.
"""

import asyncio
import contextlib
import hashlib
import math
import re
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from textwrap import shorten
from typing import Any, TypeVar

import structlog
from redis.asyncio import RedisCluster
from redis.exceptions import NoScriptError, RedisClusterException, RedisError, ResponseError

from core.errors import StoreError
from core.redis_url import PROBE, RESTART_PATIENCE_S, Client, connect, connect_embedded, plain_url
from core.settings import BadSettings, Settings
from core.valkey import embedded, try_lock

log = structlog.get_logger(__name__)

_NEARLY_FULL = 0.9
_CAUSE_LENGTH = 200
# redis-py quotes the command that failed, with all that somebody wrote in it.
_QUOTED = re.compile(r"Command # \d+ \(.*\) of pipeline caused error: ", re.DOTALL)
_PROBE_S = 60
_PATIENCE_S, _AGAIN_S = 2.0, 0.1  # how long, and how often, a store that is away is asked again
_SAME_S = 10.0  # failures that are no further apart are of one outage: one alone is waited for
_SEEN_S = 86_400  # how long what was given once is remembered
_NEEDS = "-- needs: "


T = TypeVar("T")


class AlreadyRunning(BadSettings):
    """Another `run` serves this DATA_DIR."""

    def __init__(self, data_dir: Path) -> None:
        super().__init__([f"DATA_DIR: {data_dir.resolve()} is in use by another `run`"])


class Script:
    """Lua that runs in the store. Make one constant of each in its module: the hash is computed once."""

    def __init__(self, source: str) -> None:
        self.source = source
        self.sha = hashlib.sha1(source.encode(), usedforsecurity=False).hexdigest()


def load_script(name: str) -> Script:
    """The script in lua/NAME.lua, behind the parts that its first line may name: `-- needs: burst_times`."""
    text = _lua(name)
    first = text.partition("\n")[0]
    needs = first.removeprefix(_NEEDS).split() if first.startswith(_NEEDS) else []
    return Script("\n".join([*map(_lua, needs), text]))


def _lua(name: str) -> str:
    return resources.files("core").joinpath("lua", f"{name}.lua").read_text("utf-8")


@dataclass(frozen=True, slots=True)
class Durability:
    """Whether the server would lose or evict what is paid for, as far as it says so itself."""

    version: str  # as in "valkey 9.1.2"
    appendonly: bool
    writes: bool  # the last write of its file succeeded
    policy: str  # what it does when it is full
    full: float  # how much of its memory limit is used, 0 to 1; 0 where there is no limit

    @property
    def evicts(self) -> bool:
        return self.policy != "noeviction" and self.full > 0

    @property
    def is_nearly_full(self) -> bool:
        return self.full > _NEARLY_FULL


class Store:
    """One connection pool. `url` is what another client (the job queue) opens the same server with."""

    def __init__(self, redis: Client, *, url: str, is_embedded: bool) -> None:
        self.redis: Any = redis  # the two clients share no typed base; both have every command we use
        self.url = url
        self.is_embedded = is_embedded
        self.is_cluster = isinstance(redis, RedisCluster)
        self._away_since = self._failed_at = -math.inf  # by the loop's clock, as far as `retry` knows

    @contextlib.contextmanager
    def guard(self) -> Iterator[None]:
        """Inside, whatever the client raises becomes a StoreError."""
        try:
            yield
        except (RedisError, RedisClusterException, OSError) as error:
            said = _QUOTED.sub("", str(error))
            cause = shorten(f"{type(error).__name__}: {said}", _CAUSE_LENGTH, placeholder=" …")
            raise StoreError(cause=cause) from error

    async def run(
        self, script: Script, keys: Sequence[str], args: Sequence[str | int | bytes | float] = ()
    ) -> Any:
        """The script's reply, as bytes, ints and lists of them. All keys must share one slot."""
        with self.guard():
            try:
                return await self.redis.evalsha(script.sha, len(keys), *keys, *args)
            except NoScriptError:
                return await self.redis.eval(script.source, len(keys), *keys, *args)

    async def retry(self, ask: Callable[[], Awaitable[T]]) -> T:
        """Calls `ask`, which must be idempotent, until it returns a reply or the store has been away for
        _PATIENCE_S. Raises StoreError."""
        clock = asyncio.get_running_loop().time
        while True:
            try:
                reply = await ask()
            except StoreError:
                now = clock()
                if now - self._failed_at > _SAME_S:
                    self._away_since = now
                self._failed_at = now
                if now - self._away_since >= _PATIENCE_S:
                    raise
            else:
                self._failed_at = -math.inf
                return reply
            await asyncio.sleep(_AGAIN_S)

    async def once(self, name: str) -> bool:
        """True the first time in _SEEN_S, over all processes, that this name is given. A token tells whether we
        were the first though the reply was lost. Raises StoreError."""
        key, token = f"seen:{name}", secrets.token_bytes(9)

        async def is_first() -> bool:
            with self.guard():
                is_new = await self.redis.set(key, token, nx=True, ex=_SEEN_S)
                return bool(is_new) or await self.redis.get(key) == token

        return await self.retry(is_first)

    async def rewrite(self) -> None:
        """Once a day, over all processes, has the server write its append-only file anew: until then the file
        still holds what was erased or has expired. Raises StoreError."""
        facts = await self.durability()
        if facts is None or not facts.appendonly or not await self.once("rewrite"):
            return
        nodes = {"target_nodes": self.redis.get_nodes()} if self.is_cluster else {}
        with self.guard(), contextlib.suppress(ResponseError):  # it does so now, or forbids it
            await self.redis.bgrewriteaof(**nodes)

    @property
    def connections(self) -> Mapping[str, int]:
        """The number of connections that are "used" and "idle" now, and the "most" there may be; empty on a
        cluster."""
        if self.is_cluster:
            return {}
        pool = self.redis.connection_pool
        used, idle = pool._in_use_connections, pool._available_connections  # noqa: SLF001  # it has no other way to say
        return {"used": len(used), "idle": len(idle), "most": pool.max_connections}

    async def durability(self) -> Durability | None:
        """None where the server does not tell: a hosted one may refuse to. Raises nothing."""
        where = self._one_node()
        facts: dict[str, Any] = {}
        try:
            for section in ("server", "persistence", "memory"):
                facts |= await self.redis.info(section, **where)
        except (RedisError, RedisClusterException, OSError):
            return None
        name = str(facts.get("server_name", "redis"))
        limit = int(facts.get("maxmemory", 0))
        return Durability(
            version=f"{name} {facts.get(f'{name}_version', facts.get('redis_version', '?'))}",
            appendonly=bool(int(facts.get("aof_enabled", 0))),
            writes=facts.get("aof_last_write_status", "ok") == "ok",
            policy=str(facts.get("maxmemory_policy", "noeviction")),
            full=int(facts.get("used_memory", 0)) / limit if limit else 0.0,
        )

    async def time(self) -> float:
        """The server's clock, in epoch seconds. Raises StoreError."""
        with self.guard():
            seconds, micros = await self.redis.time(**self._one_node())
        return int(seconds) + int(micros) / 1e6

    def _one_node(self) -> dict[str, Any]:
        """Options for a command that any node of a cluster can answer."""
        return {"target_nodes": self.redis.get_random_node()} if self.is_cluster else {}

    async def ping(self) -> float:
        """The round trip of a read in seconds: on a full disk the server refuses pings. Raises StoreError."""
        started = time.perf_counter()
        with self.guard():
            await self.redis.exists(PROBE)
        return time.perf_counter() - started

    async def write(self) -> float:
        """The round trip of a write in seconds: a server that is full, or a replica, can be read and takes
        nothing. Raises StoreError."""
        started = time.perf_counter()
        with self.guard():
            await self.redis.set(PROBE, 1, ex=_PROBE_S)
        return time.perf_counter() - started


@contextlib.asynccontextmanager
async def open_store(settings: Settings, *, alone: bool = False) -> AsyncIterator[Store]:
    """`alone` as for `embedded`. Raises StoreError where the store does not answer, BadSettings where REDIS_URL
    cannot be used."""
    async with contextlib.AsyncExitStack() as stack:
        if settings.has_own_store:
            socket = await stack.enter_async_context(embedded(settings.data_dir, alone=alone))
            url, redis = f"unix://{socket}", connect_embedded(socket)
        else:
            url = settings.redis_url.get_secret_value()
            redis = connect(url, stack)
        stack.push_async_callback(redis.aclose)
        store = Store(redis, url=url, is_embedded=settings.has_own_store)
        await _first_answer(store)
        store.url = plain_url(url, redis)
        if weakness := await find_weakness(store):
            log.warning("store.not_durable", why=weakness)
        yield store


async def _first_answer(store: Store) -> None:
    """Waits for a first reply. An embedded server may be ending with the process that started it: it takes a
    connection and closes it, and the next one is a moment away. Raises StoreError."""
    deadline = time.monotonic() + RESTART_PATIENCE_S
    while True:
        try:
            await store.ping()
            return
        except StoreError:
            if not store.is_embedded or time.monotonic() > deadline:
                raise
        await asyncio.sleep(0.01)


@contextlib.contextmanager
def run_lock(settings: Settings) -> Iterator[None]:
    """Held by `run` for as long as it serves. Raises AlreadyRunning, BadSettings.

    With REDIS_URL nothing is locked: several processes on one such store are meant to be.
    """
    if not settings.has_own_store:
        yield
        return
    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
        file = open(settings.data_dir / "run.lock", "ab")  # noqa: SIM115  # closed right below
    except OSError as error:
        raise BadSettings([f"DATA_DIR: cannot be used ({error.strerror})"]) from error
    with file:
        if not try_lock(file):
            raise AlreadyRunning(settings.data_dir)
        yield


async def find_weakness(store: Store) -> str:
    """Why the server may lose, evict or soon refuse what is paid for, "" where it does not, or does not tell.

    "full" (nearly, and then it takes nothing more), "no-appendonly", "write-failed" (as on a full disk),
    "evicts" (a maxmemory-policy other than noeviction).
    """
    facts = await store.durability()
    if facts is None:
        log.info("store.durability_unknown")
        return ""
    if facts.is_nearly_full and not facts.evicts:
        return "full"
    if not facts.appendonly:
        return "no-appendonly"
    return "write-failed" if not facts.writes else "evicts" if facts.evicts else ""

"""The store: the embedded Valkey or the one at REDIS_URL, behind one client.

Whatever goes wrong between us and the server is a StoreError. A command whose reply was lost may
have run all the same, so nothing is repeated here: scripts that must run once carry a request id.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import re
import time
from collections.abc import AsyncIterator, Iterator, Mapping, Sequence
from dataclasses import dataclass
from importlib import resources
from pathlib import Path
from textwrap import shorten
from typing import Any, TypeAlias
from urllib.parse import SplitResult, parse_qs, parse_qsl, unquote, urlencode, urlsplit

import structlog
from redis.asyncio import BlockingConnectionPool, Redis, RedisCluster, Sentinel, UnixDomainSocketConnection
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import NoScriptError, RedisClusterException, RedisError

from core import redis_mend
from core.batching import BatchingRedis
from core.errors import StoreError
from core.settings import BadSettings, Settings
from core.valkey import embedded

log = structlog.get_logger(__name__)

_CONNECT_TIMEOUT_S = 2.0
COMMAND_TIMEOUT_S = 5.0  # a blocking read must ask for less
_CONNECTIONS = 128
_RESTART_PATIENCE_S = 1.5  # how long a new connection waits for an embedded server that comes back
_CLUSTER_REPEATS = 3
_NEARLY_FULL = 0.9
_CAUSE_LENGTH = 200
# redis-py quotes the command that failed, with all that somebody wrote in it.
_QUOTED = re.compile(r"Command # \d+ \(.*\) of pipeline caused error: ", re.DOTALL)
_PROBE, _PROBE_S = "health:probe", 60
_NEEDS = "-- needs: "
_SENTINEL_OPTIONS = {"db", "sentinel_username", "sentinel_password"}
Client: TypeAlias = "Redis | RedisCluster"
redis_mend.mend()


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

    @property
    def connections(self) -> Mapping[str, int]:
        """How many are "used" now, how many are "idle", and the "most" there may be; nothing on a cluster."""
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
        """Of a cluster any node will do for what all of them have alike."""
        return {"target_nodes": self.redis.get_random_node()} if self.is_cluster else {}

    async def ping(self) -> float:
        """The round trip of a read in seconds: on a full disk the server refuses pings. Raises StoreError."""
        started = time.perf_counter()
        with self.guard():
            await self.redis.exists(_PROBE)
        return time.perf_counter() - started

    async def write(self) -> float:
        """The round trip of a write in seconds: a server that is full, or a replica, can be read and takes
        nothing. Raises StoreError."""
        started = time.perf_counter()
        with self.guard():
            await self.redis.set(_PROBE, 1, ex=_PROBE_S)
        return time.perf_counter() - started


@contextlib.asynccontextmanager
async def open_store(settings: Settings) -> AsyncIterator[Store]:
    """Raises StoreError where the store does not answer, BadSettings where REDIS_URL cannot be used."""
    async with contextlib.AsyncExitStack() as stack:
        if settings.has_own_store:
            socket = await stack.enter_async_context(embedded(settings.data_dir))
            url, redis = f"unix://{socket}", _connect_embedded(socket)
        else:
            url = settings.redis_url.get_secret_value()
            redis = _connect(url, stack)
        stack.push_async_callback(redis.aclose)
        store = Store(redis, url=url, is_embedded=settings.has_own_store)
        await _first_answer(store)
        store.url = _plain_url(url, redis)
        if weakness := await find_weakness(store):
            log.warning("store.not_durable", why=weakness)
        yield store


async def _first_answer(store: Store) -> None:
    """An embedded server may be on its way out with whoever started it: it takes a connection and closes it,
    and the next one is a moment away. Raises StoreError."""
    deadline = time.monotonic() + _RESTART_PATIENCE_S
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
        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            raise AlreadyRunning(settings.data_dir) from None
        yield


class _PatientConnection(UnixDomainSocketConnection):
    """Waits out the moment in which an embedded server starts again and loads its files. No command was sent
    yet, so nothing can run twice."""

    async def _connect(self) -> None:
        deadline = time.monotonic() + _RESTART_PATIENCE_S
        while True:
            try:
                await super()._connect()  # type: ignore[no-untyped-call]  # redis leaves it untyped
                await self.send_command("EXISTS", _PROBE, check_health=False)  # as in `Store.ping`
                await self.read_response()
                return
            except (ConnectionRefusedError, FileNotFoundError, RedisConnectionError):
                await self.disconnect()
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.01)


def _connect_embedded(socket: Path) -> Client:
    return BatchingRedis.from_pool(
        BlockingConnectionPool(connection_class=_PatientConnection, path=str(socket), **_pool_options())
    )


def _connect(url: str, stack: contextlib.AsyncExitStack) -> Client:
    try:
        parts = urlsplit(url)
        match parts.scheme:
            case "redis" | "rediss" | "unix":
                return _connect_server(url, parts)
            case "redis+sentinel" | "rediss+sentinel":
                return _connect_sentinel(parts, stack)
            case "redis+cluster" | "rediss+cluster":
                return _connect_cluster(parts)
    except (ValueError, TypeError, AttributeError, RedisError) as error:  # as of an option that redis lacks
        raise BadSettings(["REDIS_URL: cannot be understood; in a password # is written %23, / %2F"]) from error
    raise BadSettings(
        ["REDIS_URL: must begin with redis://, rediss://, unix://, redis+sentinel:// or redis+cluster://"]
    )


def _connect_server(url: str, parts: SplitResult) -> Client:
    database = parts.path.strip("/")
    if database and parts.scheme != "unix" and not database.isdecimal():
        raise ValueError("no number, for which redis takes 0")
    pool = BlockingConnectionPool.from_url(url, **_pool_options())
    pool.connection_class(**pool.connection_kwargs)  # opens nothing, and finds what is wrong with the options
    return BatchingRedis.from_pool(pool)


def _connect_sentinel(parts: SplitResult, stack: contextlib.AsyncExitStack) -> Client:
    """redis+sentinel://USER:PASSWORD@HOST1:26379,HOST2/MASTER?db=0&sentinel_password=..."""
    query = {name: values[0] for name, values in parse_qs(parts.query).items()}
    master, _, db = parts.path.strip("/").partition("/")
    db = query.get("db", db) or "0"
    if not master or not db.isdecimal() or query.keys() - _SENTINEL_OPTIONS:
        raise BadSettings(["REDIS_URL: must read redis+sentinel://HOST:26379,HOST/MASTER?db=0"])
    sentinel = Sentinel(  # type: ignore[no-untyped-call]  # redis leaves it untyped
        _hosts(parts, 26379),
        sentinel_kwargs={
            **_options(),
            "username": query.get("sentinel_username"),
            "password": query.get("sentinel_password"),
            "ssl": parts.scheme == "rediss+sentinel",
        },
        **_options(),
        **_login(parts),
        ssl=parts.scheme == "rediss+sentinel",
        db=int(db),
    )
    for one in sentinel.sentinels:
        stack.push_async_callback(one.aclose)
    client: Redis = sentinel.master_for(master, redis_class=BatchingRedis, max_connections=_CONNECTIONS * 8)
    return client


def _connect_cluster(parts: SplitResult) -> Client:
    if parts.query or parts.path.strip("/") not in ("", "0"):
        raise ValueError("a cluster has one database, and its client no options")
    options = _options() | {
        # A node that hands its slots over answers with errors for a moment.
        "retry": Retry(ExponentialBackoff(base=0.05, cap=0.5), _CLUSTER_REPEATS)
    }
    return RedisCluster(
        startup_nodes=[ClusterNode(host, port) for host, port in _hosts(parts, 6379)],
        ssl=parts.scheme == "rediss+cluster",
        max_connections=_CONNECTIONS * 8,
        **options,
        **_login(parts),
    )


def _plain_url(url: str, redis: Client) -> str:
    """As other clients take it: one node of a cluster (one that answers), the database in Sentinel's path."""
    parts = urlsplit(url)
    if isinstance(redis, RedisCluster):
        node = redis.get_default_node()
        host = f"[{node.host}]" if ":" in node.host else node.host
        login = parts.netloc.rpartition("@")[0]
        netloc = f"{login}@{host}:{node.port}" if login else f"{host}:{node.port}"
        return parts._replace(netloc=netloc, query="").geturl()
    if "+sentinel" in parts.scheme:
        query = dict(parse_qsl(parts.query))
        master, _, db = parts.path.strip("/").partition("/")
        path = f"/{master}/{query.pop('db', db) or '0'}"
        return parts._replace(path=path, query=urlencode(query)).geturl()
    return url


def _hosts(parts: SplitResult, port: int) -> list[tuple[str, int]]:
    found: list[tuple[str, int]] = []
    with contextlib.suppress(ValueError):  # a port that is no number
        hosts = [urlsplit(f"//{name}") for name in parts.netloc.rpartition("@")[2].split(",")]
        found = [(host.hostname, host.port or port) for host in hosts if host.hostname]
    if not found:
        raise BadSettings(["REDIS_URL: must name hosts as in HOST1:26379,HOST2"])
    return found


def _login(parts: SplitResult) -> dict[str, Any]:  # keyword arguments of several clients
    user, _, password = parts.netloc.rpartition("@")[0].partition(":")
    return {"username": unquote(user) or None, "password": unquote(password) or None}


def _options() -> dict[str, Any]:  # keyword arguments of several clients
    return {
        "socket_timeout": COMMAND_TIMEOUT_S,
        "socket_connect_timeout": _CONNECT_TIMEOUT_S,
        "retry": Retry(NoBackoff(), 0),  # the default repeats a command whose reply was lost
        "driver_info": None,  # the default looks its own version up on disk for every connection
    }


def _pool_options() -> dict[str, Any]:
    return _options() | {"max_connections": _CONNECTIONS, "timeout": COMMAND_TIMEOUT_S}


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

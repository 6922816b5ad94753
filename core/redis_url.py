"""Clients of the store: one for each way to write REDIS_URL, and one for the embedded server."""

import asyncio
import contextlib
import time
from pathlib import Path
from typing import Any, TypeAlias
from urllib.parse import SplitResult, parse_qs, parse_qsl, unquote, urlencode, urlsplit

from redis.asyncio import BlockingConnectionPool, Redis, RedisCluster, Sentinel, UnixDomainSocketConnection
from redis.asyncio.cluster import ClusterNode
from redis.asyncio.retry import Retry
from redis.backoff import ExponentialBackoff, NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import RedisError

from core import redis_patches
from core.batching import BatchingRedis
from core.settings import BadSettings

_CONNECT_TIMEOUT_S = 2.0
COMMAND_TIMEOUT_S = 5.0  # a blocking read must ask for less
_CONNECTIONS = 128
RESTART_PATIENCE_S = 1.5  # how long a new connection waits for an embedded server that comes back
_CLUSTER_REPEATS = 3
PROBE = "health:probe"
_SENTINEL_OPTIONS = {"db", "sentinel_username", "sentinel_password"}
Client: TypeAlias = "Redis | RedisCluster"
redis_patches.apply()


class _PatientConnection(UnixDomainSocketConnection):
    """Waits out the moment in which an embedded server starts again and loads its files. No command was sent
    yet, so nothing can run twice."""

    async def _connect(self) -> None:
        deadline = time.monotonic() + RESTART_PATIENCE_S
        while True:
            try:
                await super()._connect()  # type: ignore[no-untyped-call]  # redis leaves it untyped
                await self.send_command("EXISTS", PROBE, check_health=False)  # as in `Store.ping`
                await self.read_response()
                return
            except (ConnectionRefusedError, FileNotFoundError, RedisConnectionError):
                await self.disconnect()
                if time.monotonic() > deadline:
                    raise
                await asyncio.sleep(0.01)


def connect_embedded(socket: Path) -> Client:
    """A client of the server of our own, which may start again at any moment."""
    return BatchingRedis.from_pool(
        BlockingConnectionPool(connection_class=_PatientConnection, path=str(socket), **_pool_options())
    )


def connect(url: str, stack: contextlib.AsyncExitStack) -> Client:
    """A client of the server, the sentinels or the cluster; `stack` closes what it needs besides. Raises
    BadSettings."""
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


def plain_url(url: str, redis: Client) -> str:
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

"""Commands sent at the same moment share a packet, and nothing else."""

import asyncio
from typing import Any

import pytest
from redis.asyncio import BlockingConnectionPool
from redis.asyncio.retry import Retry
from redis.backoff import NoBackoff
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import DataError, ResponseError

from core.batching import BatchingRedis
from core.errors import StoreError
from core.store import Script, Store
from tests.packets import counted_packets
from tests.waiting import PATIENCE_S


async def test_each_gets_its_own_reply(store: Store) -> None:
    """Two hundred commands at once, more than fit one packet, with replies of every type."""
    numbers = range(200)
    await asyncio.gather(*(store.redis.set(f"k{number}", number) for number in numbers))
    found = await asyncio.gather(*(store.redis.get(f"k{number}") for number in numbers))
    assert found == [str(number).encode() for number in numbers]
    assert await asyncio.gather(store.redis.exists("k1"), store.redis.hgetall("none")) == [1, {}]


async def test_one_packet_for_all_of_a_moment(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Thirty commands are one write to the server."""
    await store.redis.ping()
    packets = counted_packets(store, monkeypatch)
    await asyncio.gather(*(store.redis.incr("together") for _ in range(30)))
    assert packets() == 1
    assert await store.redis.get("together") == b"30"


async def test_what_fails_fails_alone(store: Store) -> None:
    """A wrong command raises for its caller only, and the error does not quote its arguments."""
    await store.redis.set("text", "x")
    one, wrong, script, unknown = await asyncio.gather(
        store.redis.get("text"),
        store.redis.incr("text"),
        store.run(Script("return ARGV[1]"), [], ["new to the server"]),
        store.run(Script("return redis.error_reply('no')"), [], ["secret"]),
        return_exceptions=True,
    )
    assert (one, script) == (b"x", b"new to the server")
    assert isinstance(wrong, ResponseError)
    assert isinstance(unknown, StoreError)
    assert "secret" not in unknown.cause


@pytest.mark.parametrize("wrong", ["\ud800", None])
async def test_what_cannot_be_sent_holds_up_nobody(store: Store, wrong: Any) -> None:
    """A lone surrogate, or None, is an error for its sender only."""
    one, refused, other = await asyncio.gather(
        store.redis.incr("one"),
        store.redis.set("wrong", wrong),
        store.redis.incr("other"),
        return_exceptions=True,
    )
    assert isinstance(refused, (UnicodeEncodeError, DataError))
    assert (one, other) == (1, 1)


async def test_a_cancelled_caller_cancels_no_other(store: Store) -> None:
    """Of three callers one is cancelled before sending, and one while the reply is under way."""
    early, late, patient = (asyncio.create_task(store.redis.incr(name)) for name in ("a", "b", "c"))
    await asyncio.sleep(0)
    early.cancel()
    await asyncio.sleep(0)
    late.cancel()
    assert await patient == 1
    assert early.cancelled()
    assert late.cancelled()
    assert await store.redis.get("a") is None


async def test_without_a_server_everybody_is_told() -> None:
    """Every caller of a packet that could not be sent gets the error."""
    redis = BatchingRedis(unix_socket_path="/nowhere/socket", retry=Retry(NoBackoff(), 0))
    results = await asyncio.gather(*(redis.get(name) for name in "abc"), return_exceptions=True)
    assert [type(error) for error in results] == [RedisConnectionError] * 3
    await redis.aclose()


async def test_closing_gives_up_what_is_on_its_way(valkey_url: str) -> None:
    """A last command, with or without its caller, opens no connection after the others were closed."""
    for moments in range(8):
        pool = BlockingConnectionPool.from_url(valkey_url)
        redis = BatchingRedis.from_pool(pool)
        left, waits = (asyncio.create_task(redis.get(name)) for name in ("left", "waits"))
        for _ in range(moments):
            await asyncio.sleep(0)
        left.cancel()
        await redis.aclose()
        await asyncio.wait([left, waits], timeout=PATIENCE_S)
        assert (left.done(), waits.done()) == (True, True)
        ours = (*pool._available_connections, *pool._in_use_connections)
        assert not any(one.is_connected for one in ours)

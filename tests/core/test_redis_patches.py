"""Commands are packed as redis-py packs them, and a server that is no primary any more is left."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, closing, suppress

import pytest
from docket import Docket
from hypothesis import given
from hypothesis import strategies as st
from redis import Redis
from redis.asyncio import Connection
from redis.exceptions import DataError

from core import redis_patches
from core.errors import StoreError
from core.store import Store, open_store
from tests.conftest import MakeSettings, free_port, run_valkey, wait

VALUES = st.one_of(st.text(st.characters(codec="utf-8")), st.binary(), st.integers(), st.floats())


@given(st.sampled_from(["GET", "CONFIG GET", b"XADD"]), st.lists(VALUES, max_size=30))
def test_packed_as_by_redis_py(name: str | bytes, args: list[str | bytes | int | float]) -> None:
    """Any command gives the same bytes, names of two words too."""
    connection = Connection()
    assert b"".join(connection.pack_command(name, *args)) == b"".join(
        redis_patches._pack_slowly(connection, name, *args)
    )


def test_what_cannot_be_sent_is_told_as_by_redis_py() -> None:
    """What is no bytes, text or number is refused before anything is sent; redis-py's further types work."""
    with pytest.raises(DataError):
        Connection().pack_command("SET", "key", None)
    with pytest.raises(UnicodeEncodeError):
        Connection().pack_command("SET", "key", "\ud83d")
    assert b"".join(Connection().pack_command("SET", "key", memoryview(b"x"))).endswith(b"$1\r\nx\r\n")


@asynccontextmanager
async def leading_to(ports: list[int]) -> AsyncIterator[int]:
    """A port that leads to the first of these ports, whichever that is at the moment."""

    async def pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with closing(writer), suppress(OSError):
            while data := await reader.read(65536):
                writer.write(data)

    async def lead(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection("127.0.0.1", ports[0])
        await asyncio.gather(pump(reader, back), pump(there, writer))

    async with await asyncio.start_server(lead, "127.0.0.1") as server:
        yield server.sockets[0].getsockname()[1]
        server.close()


async def many(store: Store) -> list[object]:
    """What so many writes come to that each needs a connection of its own."""
    pipes = [store.redis.pipeline(transaction=False).set("key", "value") for _ in range(8)]
    return await asyncio.gather(*(pipe.execute() for pipe in pipes), return_exceptions=True)


async def test_who_is_no_primary_any_more_is_left(make_settings: MakeSettings) -> None:
    """If REDIS_URL leads to the present primary, one request fails after a failover, and one of the queue."""
    ports = [free_port(), free_port()]
    with (
        run_valkey("--port", str(ports[0])), run_valkey("--port", str(ports[1])),
        Redis(port=ports[0]) as old, Redis(port=ports[1]) as new,
    ):  # fmt: skip
        async with leading_to(ports) as port:
            url = f"redis://127.0.0.1:{port}"
            async with open_store(make_settings(redis_url=url)) as store, Docket("jobs", url=url) as docket:
                assert await many(store) == [[True]] * 8
                await docket.add(wait, key="one")(lambda: True)
                new.replicaof("127.0.0.1", ports[0])
                wait(lambda: new.info("replication")["master_link_status"] == "up")
                new.execute_command("REPLICAOF", "NO", "ONE")
                old.replicaof("127.0.0.1", ports[1])
                ports.reverse()
                with pytest.raises(StoreError, match="ReadOnlyError"):
                    await store.write()
                assert await many(store) == [[True]] * 8
                with pytest.raises(redis_patches.ReadOnlyError):
                    await docket.clear()
                await docket.clear()

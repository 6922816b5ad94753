"""httpx over sockets of another library: what is ours in between."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from core.minitool.transport import Transport, body_of, gather


@asynccontextmanager
async def answering(
    rest: bytes, may_go_on: asyncio.Event, headers: bytes = b""
) -> AsyncIterator[httpx.Response]:
    """A chunked body: "one" at once, `rest` as it stands when told to, and then nothing more ever."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n" + headers + b"transfer-encoding: chunked\r\n\r\n3\r\none\r\n")
        await may_go_on.wait()
        writer.write(rest)
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    address = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    async with (
        server,
        httpx.AsyncClient(transport=Transport()) as client,
        client.stream("GET", address) as response,
    ):
        yield response


async def test_a_whole_body_ends_the_wait_for_more() -> None:
    """Whoever lets pieces come together for an hour has them as soon as the last one is there."""
    may_go_on = asyncio.Event()
    async with answering(b"3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n", may_go_on) as response:
        pieces = aiter(body_of(response))
        assert await anext(pieces) == b"one"
        gathering = asyncio.create_task(gather(response, 3600))
        await asyncio.sleep(0)
        may_go_on.set()
        await gathering
        assert [piece async for piece in pieces] == [b"twothree"]
        await gather(response, 3600)


async def test_what_came_before_a_break_is_not_lost() -> None:
    """Pieces that nobody had read yet when the connection broke are given out before the error."""
    may_go_on = asyncio.Event()
    async with answering(b"3\r\ntwo\r\n", may_go_on) as response:
        pieces = aiter(body_of(response))
        assert await anext(pieces) == b"one"
        may_go_on.set()
        await gather(response, 0.2)
        assert await anext(pieces) == b"two"
        with pytest.raises(httpx.RemoteProtocolError):
            await anext(pieces)


@pytest.mark.parametrize(
    "named",
    [b"gzip", b"GZip", b"deflate", b"br", b"new", b"identity, gzip", b"identity\r\ncontent-encoding: gzip"],
)
async def test_a_packed_body_is_not_read(named: bytes) -> None:
    """Nobody asked for one, and a little of it may unpack to more than there is memory; its status counts."""
    async with answering(b"0\r\n\r\n", done(), b"content-encoding: " + named + b"\r\n") as response:
        assert response.status_code == 200
        for pieces in (body_of(response), response.aiter_bytes()):
            with pytest.raises(httpx.DecodingError):
                await anext(aiter(pieces))


async def test_a_body_that_is_packed_in_name_alone_is_read() -> None:
    """Some servers say that they did nothing."""
    async with answering(b"0\r\n\r\n", done(), b"content-encoding: Identity\r\n") as response:
        assert b"".join([piece async for piece in body_of(response)]) == b"one"


def done() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event

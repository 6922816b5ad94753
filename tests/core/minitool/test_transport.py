"""httpx over sockets of another library: what is ours in between."""

import asyncio
import gzip
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from core.minitool.transport import Transport, body_of, gather


@pytest.mark.parametrize("packed", [True, False])
async def test_the_body_is_read_as_it_was_written(packed: bool) -> None:
    """Past httpx where there is nothing to decode, through it where a server compresses unasked."""
    plain = b"data: {}\n\n" * 50
    stream = httpx.ByteStream(gzip.compress(plain) if packed else plain)
    headers = {"content-encoding": "gzip"} if packed else {}
    response = httpx.Response(200, headers=headers, stream=stream, extensions={"body": stream})
    assert b"".join([piece async for piece in body_of(response)]) == plain


@asynccontextmanager
async def answering(rest: bytes, may_go_on: asyncio.Event) -> AsyncIterator[httpx.Response]:
    """A chunked body: "one" at once, `rest` as it stands when told to, and then nothing more ever."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n3\r\none\r\n")
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

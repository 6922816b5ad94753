"""One HTTP/1.1 connection: responses, reuse, and breaks."""

import asyncio
import socket
import struct
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import httpx
import pytest

from core.minitool.http1 import Channel
from tests.raw_server import Talk, listening
from tests.waiting import until

OK = b"HTTP/1.1 200 OK\r\n"
MANY = 50 * 1024 * 1024


@asynccontextmanager
async def channel_to(talk: Talk) -> AsyncIterator[Channel]:
    """A connection to a server that talks like this after each request."""

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while await reader.readuntil(b"\r\n\r\n"):
            await talk(reader, writer)

    async with listening(serve) as port:
        _, channel = await asyncio.get_running_loop().create_connection(Channel, "127.0.0.1", port)
        yield channel
        channel.close()
        await channel.wait_closed()


def saying(*answers: bytes, then_close: bool = False) -> Talk:
    """One answer after the other, as they stand."""
    left = list(answers)

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(left.pop(0))
        if then_close:
            writer.close()

    return talk


async def ask(channel: Channel) -> tuple[int, bytes]:
    """The status and the whole body."""
    status = await channel.send(b"GET / HTTP/1.1\r\n\r\n")
    body = b""
    while piece := await channel.read():
        body += piece
    return status, body


async def test_one_connection_serves_one_after_the_other() -> None:
    """Responses with any framing that marks their end keep it open; headers are not mixed up."""
    chunked = b"transfer-encoding: chunked\r\nx: 1\r\n\r\n3;ext=1\r\none\r\n3\r\ntwo\r\n0\r\nx: trailer\r\n\r\n"
    answers = [OK + chunked, OK + b"content-length: 2\r\nx: 2\r\n\r\nhi", b"HTTP/1.1 204 No\r\nx: 3\r\n\r\n"]
    received = []
    async with channel_to(saying(*answers)) as channel:
        for _ in answers:
            received.append((*await ask(channel), dict(channel.headers)[b"x"]))
            assert channel.may_stay
    assert received == [(200, b"onetwo", b"1"), (200, b"hi", b"2"), (204, b"", b"3")]


@pytest.mark.parametrize(
    "answer",
    [
        OK + b"connection: close\r\ncontent-length: 2\r\n\r\nhi",
        b"HTTP/1.0 200 OK\r\ncontent-length: 2\r\n\r\nhi",
        OK + b"content-length: 2\r\n\r\nhiHTTP/1.1 200 OK\r\nx: 1\r\ncontent-length: 3\r\n\r\nnot",
        OK + b"content-length: 2\r\n\r\nhi and more",
    ],
    ids=["says so", "old", "a second answer", "more than it said"],
)
async def test_no_second_request_where_it_may_be_misread(answer: bytes) -> None:
    """Bytes after the end of a response end the use of the connection."""
    async with channel_to(saying(answer)) as channel:
        assert await ask(channel) == (200, b"hi")
        assert b"x" not in dict(channel.headers)
        assert not channel.may_stay


async def test_no_second_request_behind_one_that_is_refused() -> None:
    """A refusal may come before the whole request is sent, and the rest may never be read."""
    async with channel_to(saying(b"HTTP/1.1 413 Too Long\r\ncontent-length: 2\r\n\r\nhi")) as channel:
        assert await ask(channel) == (413, b"hi")
        assert not channel.may_stay


async def test_a_body_that_is_left_unread_ends_the_use() -> None:
    """Its rest would become part of the next response."""
    async with channel_to(saying(OK + b"content-length: 2\r\n\r\nhi")) as channel:
        await channel.send(b"GET / HTTP/1.1\r\n\r\n")
        assert not channel.may_stay


@pytest.mark.parametrize("late", [OK + b"content-length: 3\r\n\r\nbad", b""], ids=["speaks", "leaves"])
async def test_a_word_between_two_requests_ends_the_use(late: bytes) -> None:
    """A server that sends bytes between requests could give the next one a wrong response; one that closed
    gives none."""
    go_on = asyncio.Event()

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(OK + b"content-length: 2\r\n\r\nhi")
        await go_on.wait()
        writer.write(late)
        if not late:
            writer.close()

    async with channel_to(talk) as channel:
        assert await ask(channel) == (200, b"hi")
        assert channel.is_free
        go_on.set()
        await until(lambda: not channel.is_free)


async def test_informational_responses_are_skipped() -> None:
    """100 and 103 precede the response, and their headers are not part of it."""
    before = b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 103 Early Hints\r\nlink: x\r\n\r\n"
    async with channel_to(saying(before + OK + b"content-length: 2\r\n\r\nhi")) as channel:
        assert await ask(channel) == (200, b"hi")
        assert channel.headers == [(b"content-length", b"2")]


async def test_an_end_without_a_length_is_the_end() -> None:
    """Without a length the end of the connection is the end of the body."""
    async with channel_to(saying(OK + b"\r\nhi", then_close=True)) as channel:
        assert await ask(channel) == (200, b"hi")
        assert not channel.may_stay


@pytest.mark.parametrize(
    "head", [b"content-length: 9\r\n\r\nhi", b"transfer-encoding: chunked\r\n\r\n2\r\nhi\r\n", b"\r\nhi"]
)
@pytest.mark.parametrize("is_reset", [False, True])
async def test_a_break_comes_behind_what_came_before_it(head: bytes, is_reset: bool) -> None:
    """A premature end and a reset are errors; bytes before them are not lost. A reader that waits for more gets
    them at once."""
    if head == b"\r\nhi" and not is_reset:
        return  # that is its end
    may_break = asyncio.Event()

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(OK + head)
        await may_break.wait()
        if is_reset:
            linger = struct.pack("ii", 1, 0)
            writer.get_extra_info("socket").setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
        writer.close()

    async with channel_to(talk) as channel:
        await channel.send(b"GET / HTTP/1.1\r\n\r\n")
        gathering = asyncio.create_task(channel.gather(3600))
        await asyncio.sleep(0)
        may_break.set()
        await gathering
        assert await channel.read() == b"hi"
        for _ in range(2):
            with pytest.raises(httpx.ReadError if is_reset else httpx.RemoteProtocolError):
                await channel.read()


@pytest.mark.parametrize(
    "answer",
    [
        b"no http\r\n\r\n",
        b"HTTP/1.1 two OK\r\n\r\n",
        b"HTTP/1.1 101 Switching\r\nupgrade: x\r\nconnection: upgrade\r\n\r\nx",
        OK + b"content-length: 2\r\ncontent-length: 3\r\n\r\nhi",
        OK + b"content-length: 2\r\ntransfer-encoding: chunked\r\n\r\nhi",
        OK + b"transfer-encoding: chunked\r\n\r\nzz\r\n",
        b"",
    ],
)
async def test_what_is_no_answer_is_an_error(answer: bytes) -> None:
    """Nonsense, another protocol, two contradicting lengths, nothing at all."""
    async with channel_to(saying(answer, then_close=not answer)) as channel:
        with pytest.raises(httpx.RemoteProtocolError):
            await ask(channel)
        assert not channel.is_free


@pytest.mark.parametrize(
    "start",
    [
        OK + b"x: ",
        OK,
        OK + b"transfer-encoding: chunked\r\n\r\n0\r\nx: ",
        OK + b"transfer-encoding: chunked\r\n\r\n1;",
    ],
    ids=["a header", "headers", "a trailer", "an extension"],
)
async def test_an_endless_head_is_an_error(start: bytes) -> None:
    """The parser buffers headers, so they are limited."""

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(start)
        more = b"x: y\r\n" * 100 if start == OK else b"x" * 600
        while True:
            writer.write(more)
            await writer.drain()
            await asyncio.sleep(0)

    async with channel_to(talk) as channel:
        with pytest.raises(httpx.RemoteProtocolError):
            await ask(channel)


async def test_what_is_no_body_may_be_more_than_that_in_all() -> None:
    """Chunk sizes have their own packets: an answer of thousands of chunks is within the limit."""

    async def talk(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(OK + b"transfer-encoding: chunked\r\n\r\n")
        for part in (b"1;" + b"x" * 30_000 + b"\r\n", b"a\r\n") * 5:
            writer.write(part)
            await writer.drain()
            for _ in range(5):  # turns of the loop, in which the other side reads it
                await asyncio.sleep(0)
        writer.write(b"0\r\n\r\n")

    async with channel_to(talk) as channel:
        assert await ask(channel) == (200, b"aaaaa")


async def many(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(OK + b"content-length: %d\r\n\r\n" % MANY)
    writer.write(b"x" * MANY)


async def test_a_body_that_is_read_may_be_long() -> None:
    """Its bytes are passed on at once, so little is buffered."""
    async with channel_to(many) as channel:
        await channel.send(b"GET / HTTP/1.1\r\n\r\n")
        most = size = 0
        while piece := await channel.read():
            most, size = max(most, len(piece)), size + len(piece)
    assert size == MANY
    assert most < 1024 * 1024


async def test_what_nobody_reads_does_not_fill_the_memory() -> None:
    """An unread body that keeps coming is ended."""
    async with channel_to(many) as channel:
        await channel.send(b"GET / HTTP/1.1\r\n\r\n")
        await channel.gather(3600)
        assert len(await channel.read()) < 0.8 * MANY
        with pytest.raises(httpx.RemoteProtocolError):
            await channel.read()


async def test_leaving_early_is_felt_on_the_other_side() -> None:
    """An abandoned answer closes the connection, as an open one costs money."""
    left = asyncio.Event()

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(OK + b"transfer-encoding: chunked\r\n\r\n2\r\nhi\r\n")
        try:
            await reader.read()
        finally:
            left.set()

    async with channel_to(talk) as channel:
        await channel.send(b"GET / HTTP/1.1\r\n\r\n")
        channel.close()
        await left.wait()


async def test_what_we_close_ourselves_is_not_the_end() -> None:
    """If the body ends with the connection, our own closing is no end: a reader gets an error at once."""

    async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        writer.write(OK + b"\r\nhi")
        await reader.read()

    async with channel_to(talk) as channel:
        await channel.send(b"GET / HTTP/1.1\r\n\r\n")
        assert await channel.read() == b"hi"
        reading = asyncio.create_task(channel.read())
        await asyncio.sleep(0)
        channel.close()
        with pytest.raises(httpx.ReadError):
            await reading

"""The client of MiniToolAI as a whole: only our own errors, and nothing shared between people."""

import asyncio
import gc
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress

import httpx
import pytest
from aiohttp import web

from core.errors import UpstreamError
from core.minitool.client import MiniTool, open_minitool
from core.minitool.wire import Fate, ImageRequest, Job
from tests.core.minitool.conftest import Side, request, settings_for
from tests.raw_server import listening

DEEP = b"[" * 60_000
ODD = {
    "redirect to no name": b"HTTP/1.1 302 Found\r\nlocation: https://xn--a/\r\ncontent-length: 0\r\n\r\n",
    "redirect to no address": b"HTTP/1.1 302 Found\r\nlocation: http://[::1\r\ncontent-length: 0\r\n\r\n",
    "redirect in no letters": b"HTTP/1.1 302 Found\r\nlocation: //\xff\xfe/\r\ncontent-length: 0\r\n\r\n",
    "deep error": b"HTTP/1.1 400 No\r\ncontent-length: %d\r\n\r\n" % len(DEEP) + DEEP,
    "deep answer": b'HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{"x":' + DEEP,
}


async def ask(minitool: MiniTool, fate: Fate) -> None:
    async with minitool.chat(request("hi"), fate) as events:
        async for _ in events:
            pass


CALLS: dict[str, Callable[[MiniTool, Fate], Awaitable[object]]] = {
    "chat": ask,
    "submit": lambda minitool, _: minitool.submit(ImageRequest("realvision", "a fox")),
    "poll": lambda minitool, _: minitool.poll(Job("1", "s")),
    "fetch": lambda minitool, _: minitool.fetch("/a.png"),
}


@asynccontextmanager
async def saying(answer: bytes) -> AsyncIterator[MiniTool]:
    """A client of a server that says this, whatever it is asked."""

    async def say(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(answer)

    async with listening(say) as port, open_minitool(settings_for(f"http://127.0.0.1:{port}")) as minitool:
        yield minitool


@pytest.mark.parametrize("call", CALLS)
@pytest.mark.parametrize("odd", ODD)
async def test_nothing_but_our_own_errors_comes_out(call: str, odd: str) -> None:
    """Broken redirects and endlessly nested JSON are UpstreamErrors; a response with an error status costs
    nothing."""
    fate = Fate()
    async with saying(ODD[odd]) as minitool:
        with pytest.raises(UpstreamError):
            await CALLS[call](minitool, fate)
    assert fate.may_cost is (call == "chat" and odd == "deep answer")


async def test_no_cookie_is_kept() -> None:
    """A cookie set for one person's request is not sent with another's."""
    came: list[str | None] = []

    async def answer(request: web.BaseRequest) -> web.Response:
        came.append(request.headers.get("cookie"))
        return web.json_response({"status": "pending"}, headers={"set-cookie": "who=ann"})

    runner = web.ServerRunner(web.Server(answer))
    await runner.setup()
    site = web.TCPSite(runner, "127.0.0.1", 0)
    await site.start()
    try:
        async with open_minitool(settings_for(f"http://127.0.0.1:{runner.addresses[0][1]}")) as minitool:
            for _ in range(2):
                assert await minitool.poll(Job("1", "s")) is None
    finally:
        await runner.cleanup()
    assert came == [None, None]


@pytest.mark.parametrize("question", ["hi", "fault:500", "fault:400", "fault:drop", "fault:cut", "fault:error"])
async def test_what_was_asked_is_gone_with_its_answer(side: Side, question: str) -> None:
    """A question with pictures has megabytes: they are freed with the answer, not left in a reference cycle for
    the garbage collector."""

    def kept() -> int:
        return sum(isinstance(one, httpx.Request) for one in gc.get_objects())

    gc.collect()
    before = kept()
    gc.disable()
    try:
        with suppress(UpstreamError):
            await side.ask(question)
        assert kept() == before
    finally:
        gc.enable()

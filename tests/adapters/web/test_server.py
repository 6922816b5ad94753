"""The web server: limits on connections."""

import asyncio
import resource

import httpx
import pytest
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import PlainTextResponse
from starlette.routing import Route

from bots.web.server import allow_files, serving
from tests.waiting import PATIENCE_S


@pytest.mark.parametrize("sent", [b"", b"GET / HT"])
async def test_a_silent_connection_is_closed(monkeypatch: pytest.MonkeyPatch, sent: bytes) -> None:
    """A connection without a request is closed; one with a request waits for its answer as long as that
    takes."""
    monkeypatch.setattr("bots.web.server._REQUEST_S", 0.2)
    silent_is_gone = asyncio.Event()

    async def slow(_: Request) -> PlainTextResponse:
        await silent_is_gone.wait()
        return PlainTextResponse("there")

    async with (
        serving(Starlette(routes=[Route("/", slow)]), "127.0.0.1", 0) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=PATIENCE_S) as http,
        asyncio.timeout(PATIENCE_S),
    ):
        asking = asyncio.create_task(http.get("/"))
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        writer.write(sent)
        assert await reader.read() == b""
        writer.close()
        silent_is_gone.set()
        assert (await asking).text == "there"


async def test_a_second_request_comes_as_soon_as_the_first(monkeypatch: pytest.MonkeyPatch) -> None:
    """A kept-alive connection may send another request, and is closed if only half of it arrives."""
    monkeypatch.setattr("bots.web.server._REQUEST_S", 0.5)

    async def there(_: Request) -> PlainTextResponse:
        return PlainTextResponse("there")

    async with serving(Starlette(routes=[Route("/", there)]), "127.0.0.1", 0) as port:
        async with asyncio.timeout(PATIENCE_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", port)
            for _ in range(3):
                writer.write(b"GET / HTTP/1.1\r\nHost: localhost\r\n\r\n")
                await reader.readuntil(b"there")
            writer.write(b"GET / HT")
            assert await reader.read() == b""
            writer.close()


def test_as_many_files_as_there_may_be() -> None:
    """The soft limit of open files, usually 1,024, is raised for visitors."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (min(512, soft), hard))
        allow_files()
        assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] > 512
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, (soft, hard))

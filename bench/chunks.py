"""CPU of the client for each streamed chunk, at 1, 50, 200 and 1000 open answers.

The server runs in a process of its own and sends bare chunks at an even pace; counted is the CPU time of this
process from the first request to the last event, connecting and closing included, over all chunks. Beside it
what aiohttp alone takes to read the same bytes: the least that this machine allows.
"""

import asyncio
import gc
import re
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import uvloop

from bench import save
from core.catalogue import read_catalogue
from core.minitool.client import MiniTool, open_minitool
from core.minitool.wire import ChatRequest, Message, Text
from core.settings import Settings

STREAMS = (1, 50, 200, 1000)
CHUNKS = 120
SECONDS = 15.0  # how long one answer takes: 8 chunks a second, so that 1000 answers fit one core
TARGET_200_US = 40.0
TARGET_GROWTH = 1.3

_CHUNK = (
    'data: {"id":"chatcmpl-1","object":"chat.completion.chunk","created":1764000000,'
    '"model":"gpt-4o-mini-2024-07-18","choices":[{"index":0,"delta":{"content":" word%d"},'
    '"finish_reason":null}],"usage":null}\n\n'
)
_END = (
    'data: {"choices":[{"index":0,"delta":{},"finish_reason":"stop"}],"usage":null}\n\n'
    'data: {"choices":[],"usage":{"prompt_tokens":9,"completion_tokens":9}}\n\ndata: [DONE]\n\n'
)


async def _serve() -> None:
    """A server that costs as little as possible, so that it does not slow what is measured."""

    def frame(text: str) -> bytes:
        return b"%x\r\n%s\r\n" % (len(text), text.encode())

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while head := await reader.readuntil(b"\r\n\r\n"):
                length = re.search(rb"content-length: *(\d+)", head, re.IGNORECASE)
                await reader.readexactly(int(length[1]) if length else 0)
                writer.write(
                    b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\ntransfer-encoding: chunked\r\n\r\n"
                )
                for number in range(CHUNKS):
                    await asyncio.sleep(SECONDS / CHUNKS)
                    writer.write(frame(_CHUNK % number))
                writer.write(frame(_END) + b"0\r\n\r\n")
        except (asyncio.IncompleteReadError, ConnectionError):
            writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0, backlog=2048)
    print(server.sockets[0].getsockname()[1], flush=True)
    await server.serve_forever()


async def _read(minitool: MiniTool, request: ChatRequest) -> int:
    chunks = 0
    async with minitool.chat(request) as events:
        async for event in events:
            chunks += event.text.count("word") if isinstance(event, Text) else 0
    return chunks


async def _read_bare(session: aiohttp.ClientSession, url: str) -> int:
    chunks = 0
    async with session.post(url, data=b"{}") as response:
        async for piece in response.content.iter_any():
            chunks += piece.count(b"word")
    return chunks


async def _measure(read: Callable[[], Awaitable[int]], streams: int) -> tuple[float, float]:
    """Microseconds of CPU for each chunk, and seconds in all."""
    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    chunks = sum(await asyncio.gather(*(read() for _ in range(streams))))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    assert chunks == streams * CHUNKS
    return round(cpu / chunks * 1e6, 1), round(wall, 2)


async def _row(minitool: MiniTool, request: ChatRequest, url: str, streams: int) -> dict[str, float]:
    ours, wall = await _measure(lambda: _read(minitool, request), streams)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        bare, _ = await _measure(lambda: _read_bare(session, url), streams)
    return {"streams": streams, "cpu_us_per_chunk": ours, "aiohttp_us_per_chunk": bare, "wall_s": wall}


async def run(streams: tuple[int, ...] = STREAMS) -> dict[str, Any]:
    """The figures, each target beside its own."""
    server = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bench.chunks", "serve", stdout=asyncio.subprocess.PIPE
    )
    try:
        assert server.stdout is not None
        port = int(await server.stdout.readline())
        url = f"http://127.0.0.1:{port}"
        settings = Settings(_env_file=None, minitoolai_base_url=url, minitoolai_api_key="k")
        request = ChatRequest(read_catalogue().get_chat("gpt-4o-mini"), (Message("user", "hello"),))
        async with open_minitool(settings) as minitool:
            await _read(minitool, request)  # imports, first connection
            rows = [await _row(minitool, request, url, count) for count in streams]
    finally:
        server.kill()
        await server.wait()
    by_streams = {row["streams"]: row["cpu_us_per_chunk"] for row in rows}
    result: dict[str, Any] = {"rows": rows}
    if {50, 200, 1000} <= by_streams.keys():
        growth = by_streams[1000] / by_streams[50]
        result["growth_50_to_1000"] = round(growth, 2)
        result["ok"] = by_streams[200] < TARGET_200_US and growth <= TARGET_GROWTH
    return result


def show(result: dict[str, Any]) -> None:
    print("CPU per streamed chunk")
    print(f"{'streams':>8} {'µs CPU/chunk':>13} {'aiohttp alone':>14} {'wall s':>7}")
    for row in result["rows"]:
        ours, bare = row["cpu_us_per_chunk"], row["aiohttp_us_per_chunk"]
        print(f"{row['streams']:>8} {ours:>13} {bare:>14} {row['wall_s']:>7}")
    if "ok" in result:
        growth = result["growth_50_to_1000"]
        print(f"targets: at 200 below {TARGET_200_US} µs; 1000 over 50 at most {TARGET_GROWTH}, here {growth}")


def main() -> None:
    if sys.argv[1:] == ["serve"]:
        uvloop.run(_serve())
        return
    result = uvloop.run(run())
    show(result)
    save("chunks", result)


if __name__ == "__main__":
    main()

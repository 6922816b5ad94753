"""CPU time of the client for each streamed chunk, at 1, 50, 200 and 1000 open answers.

The server runs in a process of its own and sends bare chunks at an even pace. Measured is the CPU time of this
process from the first request to the last event, with connecting and closing, divided by the chunks; and for
comparison, as a lower bound for this machine, the time that aiohttp alone takes to read the same bytes.
"""

import asyncio
import gc
import sys
import time
from collections.abc import Awaitable, Callable

import aiohttp
import uvloop

from bench import Row, judge, print_head, print_row, save
from bench._upstream import Send, serve, upstream
from core.catalogue import read_catalogue
from core.minitool.client import MiniTool, open_minitool
from core.minitool.wire import ChatRequest, Message, Text
from core.settings import Settings

STREAMS = (1, 50, 200, 1000)
CHUNKS = 120
SECONDS = 15.0  # how long one answer takes: 8 chunks a second, so that 1000 answers fit one core
TARGET_200_US = 40.0
TARGET_GROWTH = 1.3
COLUMNS = (
    ("streams", "streams", ">8", ""), ("µs CPU/chunk", "cpu_us_per_chunk", ">13", ""),
    ("aiohttp alone", "aiohttp_us_per_chunk", ">14", ""), ("wall s", "wall_s", ">7", ""),
)  # fmt: skip


async def _speak(send: Send) -> None:
    for number in range(CHUNKS):
        await asyncio.sleep(SECONDS / CHUNKS)
        send(f" word{number}")


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
    """Microseconds of CPU time for each chunk, and seconds of wall time in total."""
    gc.collect()
    cpu, wall = time.process_time(), time.perf_counter()
    chunks = sum(await asyncio.gather(*(read() for _ in range(streams))))
    cpu, wall = time.process_time() - cpu, time.perf_counter() - wall
    assert chunks == streams * CHUNKS
    return round(cpu / chunks * 1e6, 1), round(wall, 2)


async def _row(minitool: MiniTool, request: ChatRequest, url: str, streams: int) -> Row:
    ours, wall = await _measure(lambda: _read(minitool, request), streams)
    async with aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=0)) as session:
        bare, _ = await _measure(lambda: _read_bare(session, url), streams)
    return {"streams": streams, "cpu_us_per_chunk": ours, "aiohttp_us_per_chunk": bare, "wall_s": wall}


async def run(streams: tuple[int, ...] = STREAMS) -> list[Row]:
    async with upstream("bench.chunks") as url:
        settings = Settings(_env_file=None, minitoolai_base_url=url, minitoolai_api_key="k")
        request = ChatRequest(read_catalogue().get_chat("gpt-4o-mini"), (Message("user", "hello"),))
        async with open_minitool(settings) as minitool:
            await _read(minitool, request)  # imports, first connection
            return [await _row(minitool, request, url, count) for count in streams]


def main() -> None:
    if sys.argv[1:] == ["serve"]:
        serve(_speak)
        return
    rows = uvloop.run(run())
    print_head(COLUMNS)
    for row in rows:
        print_row(COLUMNS, row)
    us = {row["streams"]: row["cpu_us_per_chunk"] for row in rows}
    growth = us[1000] / us[50]
    judge([("at 200, µs", us[200], TARGET_200_US), ("1000 over 50", growth, TARGET_GROWTH)])
    save("chunks", {"rows": rows, "growth_50_to_1000": round(growth, 2)})


if __name__ == "__main__":
    main()

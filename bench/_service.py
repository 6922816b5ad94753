"""Shared by the benchmarks of Discord and Telegram: a model that streams to everybody in step; the service."""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil

TOKENS, PER_SECOND = 150, 30
Row = dict[str, Any]  # a line of the result file
_ROOT = Path(__file__).resolve().parents[1]


class Model:
    """A model that sends everybody the same 150 tokens at the same times. `first` and `done` are the times of
    the first token and of the end."""

    def __init__(self) -> None:
        self.streams: list[asyncio.StreamWriter] = []
        self.first: list[float] = []
        self.done: list[float] = []
        self.expected = 1
        self._begin = asyncio.Event()

    def again(self, expected: int) -> None:
        """Prepares the next round: it answers once so many questions are there."""
        self.streams, self.expected = [], expected

    @asynccontextmanager
    async def serving(self) -> AsyncIterator[str]:
        server = await asyncio.start_server(self._take, "127.0.0.1", 0)
        ticking = asyncio.create_task(self._tick())
        try:
            yield f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/api"
        finally:
            ticking.cancel()
            server.close()

    async def _take(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(
            int(line.split(b":")[1]) for line in head.split(b"\r\n") if line.lower().startswith(b"content-le")
        )
        await reader.readexactly(length)
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n")
        self.streams.append(writer)
        if len(self.streams) == self.expected:
            self._begin.set()

    async def _tick(self) -> None:
        while True:
            await self._begin.wait()
            self._begin.clear()
            await self._answer()

    async def _answer(self) -> None:
        started = time.monotonic()
        for number in range(TOKENS):
            await asyncio.sleep(started + number / PER_SECOND - time.monotonic())
            self._send(
                {"choices": [{"index": 0, "delta": {"content": f"word{number} "}, "finish_reason": None}]}
            )
            if number == 0:
                self.first = [time.monotonic()]
        self._send({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        usage = {"prompt_tokens": 100, "completion_tokens": TOKENS, "total_tokens": 100 + TOKENS}
        self._send({"choices": [], "usage": usage})
        for writer in self.streams:
            writer.write(b"data: [DONE]\n\n")
            writer.close()
        self.done = [time.monotonic()]

    def _send(self, chunk: dict[str, Any]) -> None:
        head = {
            "id": "x",
            "object": "chat.completion.chunk",
            "created": 0,
            "model": "gpt-4o-mini",
            "usage": None,
        }
        data = f"data: {json.dumps(head | chunk)}\n\n".encode()
        for writer in self.streams:
            writer.write(data)


@asynccontextmanager
async def script(
    only: str, settings: dict[str, str], api: str, ready: Callable[[], Awaitable[None]]
) -> AsyncIterator[psutil.Process]:
    """The unmodified console script, serving one platform without caps, once it is `ready`."""
    free = {f"{who}_{span}_USD": "off" for who in ("USER", "CHAT", "GLOBAL") for span in ("DAILY", "MONTHLY")}
    own = {"MINITOOLAI_API_KEY": "bench", "MINITOOLAI_BASE_URL": api, "WEB_PORT": "0", "LOG_LEVEL": "error"}
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp") as folder:
        process = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "bots", "run", "--only", only),
            cwd=_ROOT,
            env=os.environ | free | own | settings | {"DATA_DIR": folder},
        )
        try:
            await ready()
            yield psutil.Process(process.pid)
        finally:
            process.terminate()
            await process.wait()


def cpu_s(process: psutil.Process) -> float:
    """Seconds of CPU time that the process has used."""
    return float(sum(process.cpu_times()[:2]))


def peak_mib(process: psutil.Process) -> float:
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

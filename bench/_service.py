"""Shared by benchmarks of the service: its process, a model that streams to everybody in step, and crowds."""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterable, Iterator, Sequence, Sized
from contextlib import asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any

import psutil

from bench import Row, percentile, print_head, print_row

TOKENS, PER_SECOND = 150, 30
COUNTS = (1, 10, 50, 200)
_COLUMNS = (
    ("", "kind", "<8", ""), ("asks", "count", ">4", ""), ("done", "complete", ">5", ""),
    ("first p50", "first_p50_s", ">10", ".2f"), ("p95", "first_p95_s", ">6", ".2f"),
    ("final p50", "final_p50_s", ">10", ".2f"), ("p95", "final_p95_s", ">6", ".2f"),
    ("max", "final_max_s", ">6", ".2f"), ("optimum", "optimum_p95_s", ">8", ".2f"),
    ("calls", "calls_per_answer", ">6", ".1f"), ("429s", "refused", ">5", ""),
    ("CPU s", "cpu_s_per_answer", ">7", ".4f"), ("MiB", "peak_mib", ">5", ".0f"),
)  # fmt: skip
_ROOT = Path(__file__).resolve().parents[1]


class Model:
    """A model that sends everybody the same TOKENS at the same times. `first_at` and `done_at` are the times of
    the first token and of the end."""

    def __init__(self) -> None:
        self.streams: list[asyncio.StreamWriter] = []
        self.first_at = self.done_at = 0.0
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
                self.first_at = time.monotonic()
        self._send({"choices": [{"index": 0, "delta": {}, "finish_reason": "stop"}]})
        usage = {"prompt_tokens": 100, "completion_tokens": TOKENS, "total_tokens": 100 + TOKENS}
        self._send({"choices": [], "usage": usage})
        for writer in self.streams:
            writer.write(b"data: [DONE]\n\n")
            writer.close()
        self.done_at = time.monotonic()

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
    """The unmodified console script, serving one part without caps, once it is `ready`."""
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


async def until(condition: Callable[[], object], seconds: float) -> None:
    """Waits for a condition, but no longer than that."""
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:  # noqa: ASYNC110  # nothing tells
        await asyncio.sleep(0.1)  # looking at every change would cost too much


async def play_crowds(
    kinds: Iterable[str], counts: Iterable[int], measure: Callable[[str, int], Awaitable[Row]]
) -> list[Row]:
    """A row for every kind and number of people, each printed as soon as it is measured."""
    print_head(_COLUMNS)
    rows = []
    for kind in kinds:
        for count in counts:
            rows.append({"kind": kind, "count": count, **await measure(kind, count)})
            print_row(_COLUMNS, rows[-1])
    return rows


@contextmanager
def metered(process: psutil.Process, calls: Sized, count: int) -> Iterator[Row]:
    """Fills in what `count` answers cost: CPU time of the service, `calls` to the platform, and memory."""
    row: Row = {}
    cpu, earlier = _cpu_s(process), len(calls)
    yield row
    row["calls_per_answer"] = (len(calls) - earlier) / count
    row["cpu_s_per_answer"] = (_cpu_s(process) - cpu) / count
    row["peak_mib"] = _peak_mib(process)


def delays(model: Model, firsts: Sequence[float], finals: Sequence[float], calls_a_second: int) -> Row:
    """How late the first and the final texts were shown, which are due all at once, and the optimum for them:
    every call of the account is spent on exactly one text."""
    found: Row = {"complete": len(finals), "final_max_s": max(finals) - model.done_at}
    for name, times, due in (("first", firsts, model.first_at), ("final", finals, model.done_at)):
        found[f"{name}_p50_s"] = percentile(times, 0.5) - due
        found[f"{name}_p95_s"] = percentile(times, 0.95) - due
    optimum = [float(number // calls_a_second) for number in range(model.expected)]
    return found | {"optimum_p95_s": percentile(optimum, 0.95)}


def _cpu_s(process: psutil.Process) -> float:
    """Seconds of CPU time that the process has used."""
    return float(sum(process.cpu_times()[:2]))


def _peak_mib(process: psutil.Process) -> float:
    lines = Path(f"/proc/{process.pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024

"""How late texts are on Discord, and what an answer costs: 1 to 200 asks at once, each in its own channel.

The unmodified console script runs as a process of its own against the loopback Discord of the tests,
which refuses what goes over its limits (5 messages made or changed per 5 s and channel, 50 calls a
second in all, interactions' webhooks outside of that). The model's side sends 150 tokens at 30 a
second to everybody at the same time, which is the hardest case: all finals are due at once.

    python -m bench.discord [--quick]

The optimum is what 50 calls a second allow when every call is spent on exactly one text: of N texts
due at once, the k-th can be shown floor(k / 50) seconds later. Interactions have no such limit.
"""

import asyncio
import json
import os
import sys
import tempfile
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import psutil

from tests.standins.discord import Channel, DiscordStandin, Message, Shown, User

COUNTS = (1, 10, 50, 200)
TOKENS, PER_SECOND = 150, 30
ROOT = Path(__file__).resolve().parents[1]
RESULT = Path(__file__).parent / "results" / "discord.json"
DONE_LABEL = "New answer"


class Model:
    """A model that sends everybody the same 150 tokens, in step. `first` and `done` are when."""

    def __init__(self) -> None:
        self.streams: list[asyncio.StreamWriter] = []
        self.first: list[float] = []
        self.done: list[float] = []
        self.expected = 1
        self._begin = asyncio.Event()

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
        await self._begin.wait()
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
async def bot(discord: DiscordStandin, api: str) -> AsyncIterator[tuple[psutil.Process, float]]:
    """The console script, connected; and how many seconds that took."""
    free = {f"{who}_{span}_USD": "off" for who in ("USER", "CHAT", "GLOBAL") for span in ("DAILY", "MONTHLY")}
    with tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp") as folder:
        env = (
            os.environ
            | free
            | {
                "DISCORD_TOKEN": discord.token,
                "DISCORD_API_BASE": discord.base,
                "MINITOOLAI_API_KEY": "bench",
                "MINITOOLAI_BASE_URL": api,
                "DATA_DIR": folder,
                "WEB_PORT": "0",
                "LOG_LEVEL": "error",
            }
        )
        started = time.monotonic()
        process = await asyncio.create_subprocess_exec(
            sys.executable, "-m", "bots", "run", "--only", "discord", cwd=ROOT, env=env
        )
        try:
            await discord.until(lambda: discord.gateway.connected, timeout=30)
            ready_s = time.monotonic() - started
            await discord.until(lambda: discord.syncs, timeout=10)
            await asyncio.sleep(0.5)  # what a start still does is not an answer's cost
            yield psutil.Process(process.pid), ready_s
        finally:
            process.terminate()
            await process.wait()


def percentile(values: list[float], share: float) -> float:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(len(ordered) * share))]


async def ask(discord: DiscordStandin, kind: str, person: User, channel: Channel) -> Any:
    if kind == "slash":
        return await discord.slash("ask", {"question": "?"}, user=person, channel=channel)
    return await discord.mention("?", user=person, channel=channel)


def is_final(shown: Shown) -> bool:
    return DONE_LABEL in str(shown.components) and f"word{TOKENS - 1}" in shown.content


def complete(discord: DiscordStandin) -> list[Message]:
    """The answers that are whole and have their final buttons."""
    ours = [one for one in discord.messages.values() if one.author is discord.bot]
    return [one for one in ours if one.shown and is_final(one.shown[-1])]


async def measure(kind: str, count: int) -> dict[str, Any]:
    model = Model()
    model.expected = count
    async with DiscordStandin() as discord, model.serving() as api:
        channels = [discord.add_channel(f"c{number}") for number in range(count)]
        people = [discord.add_user(f"Person{number}") for number in range(count)]
        async with bot(discord, api) as (process, ready_s):
            before, calls = sum(process.cpu_times()[:2]), len(discord.calls)
            for person, channel in zip(people, channels, strict=True):
                await ask(discord, kind, person, channel)
            deadline = time.monotonic() + 30
            while len(complete(discord)) < count and time.monotonic() < deadline:  # noqa: ASYNC110  # the process tells nobody but its own counters
                await asyncio.sleep(0.1)  # looking at every change would cost too much
            cpu = sum(process.cpu_times()[:2]) - before
            row = summary(discord, model, count)
            return row | {
                "kind": kind,
                "count": count,
                "calls_per_answer": (len(discord.calls) - calls) / count,
                "refused": len(discord.refused),
                "cpu_s_per_answer": cpu / count,
                "peak_mib": peak_mib(process.pid),
                "ready_s": ready_s,
            }


def summary(discord: DiscordStandin, model: Model, count: int) -> dict[str, Any]:
    answers = complete(discord)
    first = [next(s.at for s in one.shown if "word" in s.content) - model.first[0] for one in answers]
    final = [next(s.at for s in one.shown if is_final(s)) - model.done[0] for one in answers]
    return {
        "complete": len(answers),
        "first_p50_s": percentile(first, 0.5),
        "first_p95_s": percentile(first, 0.95),
        "final_p50_s": percentile(final, 0.5),
        "final_p95_s": percentile(final, 0.95),
        "optimum_p95_s": percentile([float(number // 50) for number in range(count)], 0.95),
    }


def peak_mib(pid: int) -> float:
    lines = Path(f"/proc/{pid}/status").read_text().splitlines()
    return next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024


async def run(counts: tuple[int, ...]) -> list[dict[str, Any]]:
    print(
        f"{'':<8}{'asks':>5}{'done':>6}{'first p50':>11}{'p95':>7}{'final p50':>11}{'p95':>7}{'optimum':>9}"
        f"{'calls':>7}{'429s':>6}{'CPU s':>8}{'MiB':>6}{'READY':>7}"
    )
    rows = []
    for kind in ("slash", "mention"):
        for count in counts:
            row = await measure(kind, count)
            optimum = f"{row['optimum_p95_s']:.2f}" if kind == "mention" else "-"
            print(
                f"{kind:<8}{count:>5}{row['complete']:>6}{row['first_p50_s']:>11.2f}{row['first_p95_s']:>7.2f}"
                f"{row['final_p50_s']:>11.2f}{row['final_p95_s']:>7.2f}{optimum:>9}{row['calls_per_answer']:>7.1f}"
                f"{row['refused']:>6}{row['cpu_s_per_answer']:>8.4f}{row['peak_mib']:>6.0f}{row['ready_s']:>7.2f}",
                flush=True,
            )
            rows.append(row)
    return rows


def main() -> None:
    rows = asyncio.run(run(COUNTS[:2] if "--quick" in sys.argv else COUNTS))
    RESULT.parent.mkdir(exist_ok=True)
    RESULT.write_text(json.dumps({"rows": rows}, indent=2) + "\n")


if __name__ == "__main__":
    main()

"""Delay of texts on Telegram, and CPU time per answer: 1 to 200 people at once, alone or four to a group.

The unmodified console script runs as a process of its own against the loopback Bot API of the tests,
which refuses calls beyond the documented limits (1 call a second and chat with bursts of 5, 20 a minute
in a group, 30 a second in total; edits and chat actions count). The model sends 150 tokens at 30 a
second to everybody at the same time, which is the hardest case: all final texts are due at once.

    python -m bench.telegram [--quick]

The optimum is what 30 calls a second allow when every call is spent on exactly one final text: of N texts
due at once, the k-th can be shown floor(k / 30) seconds later.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

import psutil
import uvloop

from bench import percentile, save
from bench._service import TOKENS, Model, Row, cpu_s, peak_mib, script
from tests.standins.telegram import Message, TelegramStandin

COUNTS = (1, 10, 50, 200)
TO_A_GROUP = 4
ACCOUNT_CALLS = 30
PATIENCE_S = 90.0


@asynccontextmanager
async def bot(telegram: TelegramStandin, api: str) -> AsyncIterator[psutil.Process]:
    """The console script, polling."""

    async def ready() -> None:
        await _until(lambda: telegram.server.polls > 0, 30)
        await asyncio.sleep(1.0)  # so that work of the start does not count

    own = {"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_BASE": telegram.base}
    async with script("telegram", own, api, ready) as process:
        yield process


async def _until(condition: Any, seconds: float) -> None:
    deadline = time.monotonic() + seconds
    while not condition() and time.monotonic() < deadline:  # noqa: ASYNC110  # nothing tells
        await asyncio.sleep(0.05)  # looking at every change would cost too much


def whole(telegram: TelegramStandin) -> list[Message]:
    """The answers that are complete and have their final buttons."""
    return [
        one for one in telegram.messages() if f"word{TOKENS - 1}" in one.text and "New answer" in one.buttons
    ]


async def measure(kind: str, count: int) -> Row:
    model = Model()
    async with TelegramStandin() as telegram, model.serving() as api, bot(telegram, api) as process:
        await telegram.say("/ask Tell me something.", user=telegram.person("First"))
        await _until(lambda: whole(telegram), PATIENCE_S)  # so that one-time loading does not count
        (warm,) = whole(telegram)
        model.again(count)
        people = [telegram.person(f"Person{number}") for number in range(count)]
        groups = [telegram.group(f"Group{number}") for number in range(-(-count // TO_A_GROUP))]
        before, calls = cpu_s(process), len(telegram.calls)
        for number, person in enumerate(people):
            chat = groups[number // TO_A_GROUP] if kind == "group" else None
            await telegram.say("/ask Tell me something.", user=person, chat=chat)
        await _until(lambda: len(whole(telegram)) == count + 1, PATIENCE_S)
        cpu = cpu_s(process) - before
        answers = [one for one in whole(telegram) if one is not warm]
        return summary(answers, model, count) | {
            "kind": kind,
            "count": count,
            "calls_per_answer": (len(telegram.calls) - calls) / count,
            "refused": len(telegram.refused),
            "cpu_s_per_answer": cpu / count,
            "peak_mib": peak_mib(process),
        }


def summary(answers: list[Message], model: Model, count: int) -> Row:
    first = [next(v.at for v in one.history if "word" in v.text) - model.first[0] for one in answers]
    final = [next(v.at for v in one.history if "New answer" in v.buttons) - model.done[0] for one in answers]
    return {
        "complete": len(answers),
        "first_p50_s": percentile(first, 0.5),
        "first_p95_s": percentile(first, 0.95),
        "final_p50_s": percentile(final, 0.5),
        "final_p95_s": percentile(final, 0.95),
        "final_max_s": max(final),
        "optimum_p95_s": percentile([float(number // ACCOUNT_CALLS) for number in range(count)], 0.95),
    }


async def idle() -> Row:
    """Memory of the whole service, a few seconds after the start, while it is idle."""
    model = Model()
    async with TelegramStandin() as telegram, model.serving() as api, bot(telegram, api) as process:
        await asyncio.sleep(3)
        store = sum(child.memory_info().rss for child in process.children(recursive=True))
        return {"process_mib": process.memory_info().rss / 2**20, "store_mib": store / 2**20}


async def run(counts: tuple[int, ...]) -> tuple[list[Row], Row]:
    print(
        f"{'':<8}{'asks':>5}{'done':>6}{'first p50':>11}{'p95':>7}{'final p50':>11}{'p95':>7}{'max':>7}"
        f"{'optimum':>9}{'calls':>7}{'429s':>6}{'CPU s':>8}{'MiB':>6}"
    )
    rows = []
    for kind in ("private", "group"):
        for count in counts:
            row = await measure(kind, count)
            print(
                f"{kind:<8}{count:>5}{row['complete']:>6}{row['first_p50_s']:>11.2f}{row['first_p95_s']:>7.2f}"
                f"{row['final_p50_s']:>11.2f}{row['final_p95_s']:>7.2f}{row['final_max_s']:>7.2f}"
                f"{row['optimum_p95_s']:>9.2f}{row['calls_per_answer']:>7.1f}{row['refused']:>6}"
                f"{row['cpu_s_per_answer']:>8.4f}{row['peak_mib']:>6.0f}",
                flush=True,
            )
            rows.append(row)
    memory = await idle()
    print(f"idle: {memory['process_mib']:.0f} MiB the process, {memory['store_mib']:.0f} MiB its store")
    return rows, memory


def main() -> None:
    rows, memory = uvloop.run(run(COUNTS[:2] if "--quick" in sys.argv else COUNTS))
    save("telegram", {"rows": rows, "idle": memory})


if __name__ == "__main__":
    main()

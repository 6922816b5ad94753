"""Time of opening and appending among 10, 1,000 and 100,000 conversations, and memory for an exchange.

One embedded Valkey for each number, used in turn by one caller, so that other load on the machine slows all of
them alike. An exchange is a question of 120 and an answer of 800 characters; the
conversations that are measured have four exchanges already.

    python -m bench.memory [--quick]
"""

import asyncio
import secrets
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from typing import Any

import uvloop

from bench import save
from core.conversation import Answered, Question
from core.memory import Memory
from core.seal import Seal
from core.settings import Settings
from core.store import Store, open_store
from core.turn import Person, Turn

COUNTS = (10, 1_000, 100_000)
MEASURED = 500
AT_ONCE = 100
TARGET_GROWTH = 1.5  # of the median from the fewest to the most conversations: flat, but for noise
QUESTION, ANSWER = "What is it like? " * 7, "It is like this and that. " * 31


def turn_of(number: int) -> Turn:
    person = Person(f"web:{number}", f"Person {number}")
    return Turn(f"web:{number}", "ask", person, "web:chat:1", f"web:room:{number}", shared=True)


async def say(memory: Memory, turn: Turn) -> tuple[float, float]:
    """Adds one exchange; returns the seconds of opening and of appending."""
    started = time.perf_counter()
    conversation = await memory.open(turn, secrets.token_urlsafe(12))
    opened = time.perf_counter()
    question = Question(QUESTION, turn.person.id, turn.person.name)
    await memory.append(conversation, question, Answered(ANSWER, "gpt-4o-mini"))
    return opened - started, time.perf_counter() - opened


async def fill(memory: Memory, start: int, end: int) -> None:
    for first in range(start, end, AT_ONCE):
        await asyncio.gather(*(say(memory, turn_of(n)) for n in range(first, min(end, first + AT_ONCE))))


async def measure(memories: dict[int, Memory]) -> list[dict[str, Any]]:
    """Latencies in milliseconds, a row for each store."""
    probes = [turn_of(-1 - n % 10) for n in range(MEASURED)]
    times: dict[int, list[tuple[float, float]]] = {count: [] for count in memories}
    for number, turn in enumerate([*probes[:40], *probes]):
        for count, memory in memories.items():
            taken = await say(memory, turn)
            if number >= 40:
                times[count].append(taken)
    rows = []
    for count, taken_by in times.items():
        found: dict[str, Any] = {"conversations": count}
        for name, column in (("open", 0), ("append", 1)):
            ordered = sorted(one[column] * 1000 for one in taken_by)
            found[f"{name}_ms"] = {"p50": ordered[len(ordered) // 2], "p99": ordered[len(ordered) * 99 // 100]}
        rows.append(found)
    return rows


async def weigh(store: Store, memory: Memory) -> float:
    """Bytes of the server's memory for one more exchange in existing conversations."""
    before = (await store.redis.info("memory"))["used_memory"]
    for _ in range(20):
        await fill(memory, 0, 10)
    return float((await store.redis.info("memory"))["used_memory"] - before) / 200


async def run(counts: tuple[int, ...]) -> dict[str, Any]:
    async with AsyncExitStack() as stack:
        stores: dict[int, Store] = {}
        memories: dict[int, Memory] = {}
        for count in counts:
            folder = stack.enter_context(tempfile.TemporaryDirectory(prefix="bench-", dir="/tmp"))
            settings = Settings(_env_file=None, data_dir=Path(folder))
            store = stores[count] = await stack.enter_async_context(open_store(settings))
            memory = memories[count] = Memory(store, Seal(), settings, time.time)
            before = (await store.redis.info("memory"))["used_memory"]
            await fill(memory, 0, count)
            grown = (await store.redis.info("memory"))["used_memory"] - before
        return {
            "rows": await measure(memories),
            "bytes_per_new_conversation": grown / count,  # of the most: others pay for what is there once
            "bytes_per_exchange": await weigh(stores[counts[0]], memories[counts[0]]),
        }


def main() -> None:
    found = uvloop.run(run(COUNTS[:2] if "--quick" in sys.argv else COUNTS))
    print(f"{'conversations':>14} {'open p50':>9} {'p99':>6} {'append p50':>11} {'p99':>6}  (ms)")
    for row in found["rows"]:
        opened, appended = row["open_ms"], row["append_ms"]
        print(
            f"{row['conversations']:>14,} {opened['p50']:>9.2f} {opened['p99']:>6.2f}"
            f" {appended['p50']:>11.2f} {appended['p99']:>6.2f}"
        )
    size = len(QUESTION) + len(ANSWER)
    print(f"{found['bytes_per_exchange']:.0f} bytes for one more exchange of {size} characters")
    first, last = found["rows"][0], found["rows"][-1]
    growth = (last["open_ms"]["p50"] + last["append_ms"]["p50"]) / (
        first["open_ms"]["p50"] + first["append_ms"]["p50"]
    )
    found["growth"] = growth
    print(f"growth of the median: {growth:.2f} (target: at most {TARGET_GROWTH})")
    save("memory", found)


if __name__ == "__main__":
    main()

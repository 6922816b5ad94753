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

import uvloop

from bench import Row, judge, percentile, print_head, print_row, save
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
COLUMNS = (
    ("conversations", "conversations", ">14", ","),
    ("open p50", "open_p50_ms", ">9", ".2f"), ("p99 ms", "open_p99_ms", ">6", ".2f"),
    ("append p50", "append_p50_ms", ">11", ".2f"), ("p99 ms", "append_p99_ms", ">6", ".2f"),
)  # fmt: skip
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


async def measure(memories: dict[int, Memory]) -> list[Row]:
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
        found: Row = {"conversations": count}
        for name, taken in zip(("open", "append"), zip(*taken_by, strict=True), strict=True):
            found[f"{name}_p50_ms"] = percentile(taken, 0.5) * 1000
            found[f"{name}_p99_ms"] = percentile(taken, 0.99) * 1000
        rows.append(found)
    return rows


async def weigh(store: Store, memory: Memory) -> float:
    """Bytes of the server's memory for one more exchange in existing conversations."""
    before = (await store.redis.info("memory"))["used_memory"]
    for _ in range(20):
        await fill(memory, 0, 10)
    return float((await store.redis.info("memory"))["used_memory"] - before) / 200


async def run(counts: tuple[int, ...]) -> Row:
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
    print_head(COLUMNS)
    for row in found["rows"]:
        print_row(COLUMNS, row)
    size = len(QUESTION) + len(ANSWER)
    print(f"{found['bytes_per_exchange']:.0f} bytes for one more exchange of {size} characters")
    first, *_, last = (row["open_p50_ms"] + row["append_p50_ms"] for row in found["rows"])
    found["growth"] = last / first
    judge([("growth of the median", found["growth"], TARGET_GROWTH)])
    save("memory", found)


if __name__ == "__main__":
    main()

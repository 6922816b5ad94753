"""Time of a hold and its settle, and memory for people and ledger, up to a million people.

Everything runs against the embedded store with its append-only file on, as the service runs it, and with
jemalloc, as the official Valkey images do, if it is installed (libjemalloc2 on Debian). Latency is
what callers of `Spend` see in one process (the best of three rounds). The capacity of the server is a
different number, because one Python process cannot saturate it: it is computed from the server's own CPU time
for the same two scripts, sent in batches. People are created by the real scripts: each of them asked once
today, in one of many chats.
"""

import asyncio
import os
import statistics
import tempfile
import time
from collections.abc import Iterable
from itertools import islice
from typing import Any

import structlog
import uvloop

from bench import judge, save
from core import spend as till
from core.money.base import ROOT, packed_caps, today
from core.settings import Settings
from core.spend import Payer, Spend, Spent, Wanted
from core.store import Store, open_store
from core.valkey import allocator

CALLERS = (1, 16, 256)
PAIRS = 2000
ROUNDS, ROUND_PAIRS = 20, 500
PEOPLE = (1_000, 10_000, 100_000, 1_000_000)
PEOPLE_A_CHAT = 20
TARGET_PAIR_US = 125.0  # 8,000 pairs a second
TARGET_PERSON_BYTES = 1024
TARGET_GROWTH = 1.3

_BATCH = 200
_NOW = 1_790_000_000.0
_NAME = 100_000_000_000_000_000  # ids as long as those of real platforms
_OFF = {f"{scope}_{period}_usd": "1000000" for scope in ("chat", "global") for period in ("daily", "monthly")}


def payer(number: int) -> Payer:
    return Payer(f"somewhere:{_NAME + number}", f"somewhere:guild:{_NAME + number // PEOPLE_A_CHAT}")


async def cpu(store: Store) -> float:
    """Seconds of CPU time that the server has used."""
    info = await store.redis.info("cpu")
    return float(info["used_cpu_user"] + info["used_cpu_sys"])


async def latency(spend: Spend, callers: int, people: int) -> dict[str, Any]:
    """Pairs of hold and settle a second, and the time of one pair, as callers in one process see them."""
    numbers, took = iter(range(PAIRS)), []
    run = f"{callers}-{people}-{time.time_ns()}"

    async def call() -> None:
        for number in numbers:
            started = time.perf_counter()
            wanted = Wanted(f"somewhere:{run}-{number}", "ask", "gpt-4o-mini", 1000, 1000)
            hold = await spend.take(payer(number * 7919 % people), wanted)
            await spend.settle(hold.request, Spent(900, 100, 200))
            took.append(time.perf_counter() - started)

    started = time.perf_counter()
    await asyncio.gather(*(call() for _ in range(callers)))
    wall = time.perf_counter() - started
    cuts = statistics.quantiles(took, n=100)
    return {
        "callers": callers,
        "people": people,
        "pairs_s": round(PAIRS / wall),
        "p50_ms": round(cuts[49] * 1000, 2),
        "p99_ms": round(cuts[98] * 1000, 2),
    }


async def ask_once(store: Store, settings: Settings, numbers: Iterable[int], run: str) -> None:
    """One hold and one settle for each number, in batches, by the real scripts."""
    at = today(_NOW, settings.zone)
    caps = packed_caps(settings)

    async def send(batch: list[tuple[int, int]]) -> None:
        async with store.redis.pipeline(transaction=False) as pipe:
            for turn, number in batch:
                who, request = payer(number), f"somewhere:{run}-{_NAME + turn}"
                names = [request, who.person, who.chat, "ask", "gpt-4o-mini", 1000, 1000]
                fresh = [f"p{number:010}", f"c{number:010}"]
                hold = [int(_NOW * 1000), 300_000, at.day, at.month, *names, *fresh, caps, 0]
                pipe.evalsha(till._HOLD.sha, 1, ROOT, *hold)
                pipe.evalsha(till._SETTLE.sha, 1, ROOT, request, 900, 100, 200, "usage")
            replies = await pipe.execute()
        assert all(reply[0] == b"held" for reply in replies[::2])
        assert all(reply[0] == b"open" for reply in replies[1::2])

    turns = enumerate(numbers)
    while pair := [batch for _ in range(2) if (batch := list(islice(turns, _BATCH)))]:
        await asyncio.gather(*map(send, pair))  # the client packs one while the server runs the other


async def capacity(store: Store, settings: Settings, people: int) -> dict[str, Any]:
    """Microseconds of the server's CPU time for a hold and its settle, over people spread evenly. The best of
    many rounds counts, as other load on the machine only adds to it."""
    rounds = []
    for _ in range(ROUNDS):
        before = await cpu(store)
        numbers = (number * 7919 % people for number in range(ROUND_PAIRS))
        await ask_once(store, settings, numbers, f"capacity-{time.time_ns()}")
        rounds.append((await cpu(store) - before) / ROUND_PAIRS * 1e6)
    return {
        "people": people,
        "cpu_us_best": round(min(rounds), 1),
        "cpu_us_median": round(statistics.median(rounds), 1),
        "pairs_s_per_core": round(1e6 / min(rounds)),
    }


async def room(store: Store, people: int) -> dict[str, Any]:
    """Bytes: in total, for one ledger entry, and for a person (account, name, today's row)."""
    redis = store.redis
    day = today(_NOW, Settings(_env_file=None).zone).day

    async def size(key: str) -> int:
        return int(await redis.memory_usage(f"{ROOT}:{key}", samples=200) or 0)

    step = max(1, people // 500)
    accounts = [await size(f"a:p{number:010}") for number in range(0, people, step)]
    account = statistics.fmean(accounts)
    shared = (await size("names")) / people / (1 + 1 / PEOPLE_A_CHAT) + (await size(f"rows:{day}")) / people
    entries = int(await redis.xlen(f"{ROOT}:ledger"))
    return {
        "people": people,
        "account_bytes": round(account),
        "person_bytes": round(account + shared),
        "ledger_entry_bytes": round(await redis.memory_usage(f"{ROOT}:ledger", samples=500) / entries, 1),
        "ended_request_bytes": await size(f"q:somewhere:people-0-{_NAME}"),
        "ledger_entries": entries,
        "used_memory_mib": round((await redis.info("memory"))["used_memory"] / 2**20, 1),
    }


async def run(people: tuple[int, ...] = PEOPLE) -> dict[str, Any]:
    """Prints the results, from few people to many."""
    preloaded = os.environ.get("LD_PRELOAD", allocator())  # the environment takes precedence
    found: dict[str, Any] = {"allocator": preloaded or "glibc", "latency": [], "capacity": [], "room": []}

    def note(kind: str, row: dict[str, Any]) -> None:
        found[kind].append(row)
        print(f"{kind:<9}", "  ".join(f"{name} {value:,}" for name, value in row.items()), flush=True)

    with tempfile.TemporaryDirectory() as folder:
        settings = Settings(_env_file=None, data_dir=folder, user_daily_usd="1000000", **_OFF)  # type: ignore[arg-type]  # validated like the environment
        async with open_store(settings) as store:
            spend = Spend(store, settings, lambda: _NOW)
            for script in (till._HOLD, till._SETTLE):
                await store.redis.script_load(script.source)
            # Else a rewrite of the append-only file, due to the growth before, would count.
            await store.redis.config_set("auto-aof-rewrite-percentage", 0)
            made = 0
            for count in people:
                await ask_once(store, settings, range(made, count), f"people-{made}")
                made = count
                for callers in CALLERS if count == people[-1] else CALLERS[:2]:
                    rounds = [await latency(spend, callers, count) for _ in range(3)]
                    note("latency", min(rounds, key=lambda row: row["p50_ms"]))
                note("capacity", await capacity(store, settings, count))
                note("room", await room(store, count))
            await store.redis.config_set("appendonly", "no")
            found["capacity_without_file"] = await capacity(store, settings, people[-1])
    return found


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(40))
    found = uvloop.run(run())
    print(f"the server's allocator: {found['allocator']}")
    print(f"without the append-only file: {found['capacity_without_file']}")
    ones = [row["p50_ms"] for row in found["latency"] if row["callers"] == 1]
    judge(
        [
            ("µs of one core for a pair", found["capacity"][-1]["cpu_us_best"], TARGET_PAIR_US),
            ("latency of one caller, most over fewest people", ones[-1] / ones[0], TARGET_GROWTH),
            ("bytes of a person", found["room"][-1]["person_bytes"], TARGET_PERSON_BYTES),
        ]
    )
    save("money", found)


if __name__ == "__main__":
    main()

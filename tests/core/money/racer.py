"""Processes that spend against the same cap as fast as they can. Run by test_spend_race.

Arguments: REDIS_URL, how many, requests of each, nanos of each, cap. Each prints how many were granted.
"""

import asyncio
import gc
import os
import sys

import structlog

from core.errors import OverBudget
from core.settings import Settings
from core.spend import Payer, Spend, Spent, Wanted
from core.store import open_store
from tests.core.money.till import usd

AT_ONCE = 25


async def race(url: str, number: int, requests: int, nanos: int, cap: int) -> int:
    """Holds; settles every other one in full and leaves the rest held."""
    caps = {
        f"{scope}_{period}_usd": "off"
        for scope in ("user", "chat", "global")
        for period in ("daily", "monthly")
    }
    settings = Settings(_env_file=None, redis_url=url, **{**caps, "global_daily_usd": usd(cap)})  # type: ignore[arg-type]
    granted = 0
    async with open_store(settings) as store:
        spend = Spend(store, settings, lambda: 1_790_000_000.0)
        turns = iter(range(requests))

        async def ask() -> None:
            nonlocal granted
            for turn in turns:
                request = f"race-{number}-{turn}"
                payer = Payer(f"here:{turn % 50}", f"here:guild:{number}")
                try:
                    await spend.take(payer, Wanted(request, "ask", "gpt-4o-mini", nanos, nanos))
                except OverBudget:
                    continue
                granted += 1
                if turn % 2:
                    await spend.settle(request, Spent(nanos))

        await asyncio.gather(*(ask() for _ in range(AT_ONCE)))
    return granted


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    processes, *amounts = map(int, sys.argv[2:])
    gc.freeze()  # or each child would copy what it never uses
    for racer in range(processes):
        if not os.fork():
            os.write(1, b"%d\n" % asyncio.run(race(sys.argv[1], racer, *amounts)))  # in one piece
            break
    else:
        ends = [os.wait()[1] for _ in range(processes)]
        assert not any(ends)

"""Many processes and one cap."""

import asyncio
import sys
from pathlib import Path

import pytest

from core.store import Store
from tests.conftest import MakeSettings
from tests.core.money.till import Till

PROCESSES, REQUESTS, NANOS, PASS = 8, 500, 1_500_001, 1500


async def race(url: str) -> list[int]:
    racers = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.core.money.racer", url),
        *map(str, (PROCESSES, REQUESTS, NANOS, PASS * NANOS + NANOS - 1)),
        stdout=asyncio.subprocess.PIPE,
        cwd=Path(__file__).parents[3],
    )
    output, _ = await racers.communicate()
    assert racers.returncode == 0
    return [*map(int, output.split())]


async def check(store: Store, url: str, till: Till) -> None:
    granted = await race(url)
    assert len(granted) == PROCESSES
    assert sum(granted) == PASS
    till.clock.now = 1_790_000_000.0
    everybody = await till.account("all")
    day = str(int(till.clock.now // 86_400))
    assert everybody[f"u{day}"] == PASS * NANOS
    assert await till.spend.holds() * NANOS == everybody[f"u{day}"] - everybody[day]
    assert await till.spend.ledger.audit() == []


@pytest.mark.timeout(120)
async def test_eight_processes_pass_a_cap_exactly(
    store: Store, empty_valkey: str, make_settings: MakeSettings
) -> None:
    """8 processes × 500 requests and a cap for exactly N: exactly N are granted, to the nano-dollar."""
    await check(store, empty_valkey, Till(store, make_settings()))


@pytest.mark.timeout(120)
async def test_eight_processes_pass_a_cap_exactly_on_a_cluster(
    cluster_store: Store, cluster: str, make_settings: MakeSettings
) -> None:
    """The same on a cluster of three nodes."""
    await check(cluster_store, cluster, Till(cluster_store, make_settings()))

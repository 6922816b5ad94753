"""Processes are killed at every step; others continue, and nobody pays twice or gets a picture twice."""

import asyncio
import sys
import time
from collections import Counter
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
from redis.asyncio import Redis

from core.answer import Phase
from core.app import Core
from core.minitool.simulated import Simulated
from core.spend import Payer
from tests.core.money.entries import entries
from tests.core.usecases.conftest import PRICE, Opened
from tests.core.usecases.killed_processes import TEXTS
from tests.core.usecases.stored_chat import StoredChat
from tests.waiting import until

pytestmark = pytest.mark.timeout(240)  # dozens of processes, on whatever machine
ROOT = Path(__file__).parents[3]


@pytest.fixture
async def stored_chat(empty_valkey: str) -> AsyncIterator[StoredChat]:
    redis = Redis.from_url(empty_valkey)
    yield StoredChat(redis)
    await redis.aclose()


async def die_everywhere(core: Core, command: str) -> int:
    """Processes that were killed at their step 1, 2, 3 ... until no step was left; how many."""
    settings = core.settings
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.core.usecases.killed_processes"),
        *(settings.redis_url.get_secret_value(), settings.minitoolai_base_url, command),
        stdout=asyncio.subprocess.PIPE,
        cwd=ROOT,
    )
    output, _ = await process.communicate()
    return int(output)


async def paid(core: Core, number: int) -> int:
    """What a person's request has cost, by the ledger: a day may turn meanwhile; nothing is held any more."""
    person = f"test:{number}"
    summary = await core.spend.summary(Payer(person, f"test:chat:{number}"))
    assert summary.person_day.held_nanos == 0, number
    return sum(entry.booked_nanos for entry in await entries(core.spend.ledger) if entry.person == person)


@pytest.fixture
async def survivor(opened: Opened) -> AsyncIterator[Core]:
    """A process that comes later: every lease of the dead is over."""
    async with opened(clock=lambda: time.time() + 400, image_deadline_s=10_000) as core:
        yield core


async def test_an_order_survives_death_at_every_step(
    survivor: Core, simulated: Simulated, stored_chat: StoredChat
) -> None:
    """The order of a process killed at any step is delivered once, or a message says why not; it is submitted
    at most once, paid to the nano-dollar, and the ledger agrees."""
    dead = await die_everywhere(survivor, "imagine")
    assert dead > 25

    async def all_over() -> bool:
        await survivor.repair.tick()
        return await survivor.store.redis.zcard("{orders}:open") == 0

    async with survivor.serving("test", stored_chat.reopen):
        await until(all_over, timeout=120)
    await survivor.spend.tick()
    for number in range(1, dead + 1):
        messages = await stored_chat.read(str(number))
        delivered = [message for message in messages if message.pictures]
        if not delivered and await survivor.orders.of(f"test:{number}"):
            failed = [message for message in messages if message.phase is Phase.FAILED]
            assert ["unclear whether" in message.note for message in failed] == [True], (number, messages)
        assert len(delivered) <= 1, (number, messages)
        assert submits(simulated)[f"{TEXTS['imagine']} {number}"] <= 1, number
        assert await paid(survivor, number) == PRICE * len(delivered), number
    assert await survivor.spend.ledger.audit() == []


async def test_an_ask_dies_at_every_step_and_is_paid_once(
    survivor: Core, simulated: Simulated, stored_chat: StoredChat
) -> None:
    """A question whose process is killed at any step is paid at most once, and at most what was held; the
    person sees the answer or that it was interrupted, and the ledger agrees."""
    dead = await die_everywhere(survivor, "ask")
    assert dead > 25
    survivor.reopens["test"] = stored_chat.reopen

    async def all_told() -> bool:
        await survivor.repair.tick()
        return await survivor.store.redis.zcard("{run}:leases") == 0

    await until(all_told)
    await survivor.spend.tick()
    asked = Counter(seen.body["messages"][-1]["content"] for seen in simulated.record.calls)
    for number in range(1, dead + 1):
        messages = await stored_chat.read(str(number))  # one that nobody knew of yet may stay as it was
        assert not messages or messages[-1].phase.is_final, (number, messages)
        calls = asked[f"{TEXTS['ask']} {number}"]
        lines = await entries(survivor.spend.ledger, f"test:{number}:1")
        bookings = [entry for entry in lines if entry.booked_nanos]
        assert len(bookings) <= 1, (number, bookings)
        assert calls <= 1, number
        assert bool(bookings) >= bool(calls), number  # what was asked is paid
        assert await paid(survivor, number) == sum(entry.booked_nanos for entry in bookings), number
    assert await survivor.spend.ledger.audit() == []


async def test_another_process_takes_the_orders_of_a_dead_one(
    opened: Opened, simulated: Simulated, stored_chat: StoredChat
) -> None:
    """Of two processes that paint, one is killed: the other delivers all pictures, each once and paid once."""
    simulated.job_s, people = 1.5, 8
    short = {
        "connect_timeout_s": 2,
        "first_byte_timeout_s": 3,
    }  # so long it may be alive, and wait for an answer
    async with opened(**short) as core, core.serving("test", stored_chat.reopen):
        settings = core.settings
        painter = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", "tests.core.usecases.painting_process"),
            *(settings.redis_url.get_secret_value(), settings.minitoolai_base_url, str(people)),
            stdout=asyncio.subprocess.PIPE,
            cwd=ROOT,
        )
        assert painter.stdout is not None
        assert await painter.stdout.readline() == b"ordered\n"
        await until(lambda: simulated.record.counts["submit"] >= people // 2)
        painter.kill()
        await painter.wait()
        for number in range(people):
            await until(lambda number=number: has_ended(stored_chat, number))
            messages = await stored_chat.read(str(number))
            delivered = [message for message in messages if message.pictures]
            assert len(delivered) == 1 or "unclear whether" in messages[-1].note, messages
            assert await paid(core, number) == PRICE * len(delivered)
        assert max(submits(simulated).values()) == 1
        assert await core.spend.ledger.audit() == []


async def has_ended(stored_chat: StoredChat, number: int) -> bool:
    return any(message.phase.is_final for message in await stored_chat.read(str(number)))


def submits(simulated: Simulated) -> Counter[str]:
    """How often each prompt was ordered."""
    return Counter(seen.body["prompt"] for seen in simulated.record.calls if seen.call == "submit")

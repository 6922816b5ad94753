"""A real Core over a real Valkey and the simulated API, as fast as it can."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import AsyncExitStack, asynccontextmanager
from typing import Any

import pytest

from core.app import Core
from core.minitool.simulated import Simulated, serve_simulated
from core.opening import Sleep, open_core
from core.spend import Payer
from core.turn import Attachment, Person, Turn, Value
from tests.conftest import MakeSettings
from tests.core.money.entries import entries
from tests.recording import RecordingReply

Opened = Callable[..., Any]
PRICE = 1_500_000  # of a picture


class Place:
    """Makes turns of one person in one room, each with an id of its own."""

    def __init__(self, person: str = "test:ann", room: str = "test:room") -> None:
        self.person, self.room, self.count = person, room, 0

    def turn(
        self,
        command: str,
        text: str = "",
        args: Mapping[str, Value] | None = None,
        attachments: tuple[Attachment, ...] = (),
        **more: Any,
    ) -> Turn:
        self.count += 1
        who = Person(self.person, self.person.partition(":")[2].title())
        return Turn(
            id=f"{self.person}:{self.count}",
            command=command,
            person=who,
            chat=more.pop("chat", "test:chat:1"),
            room=self.room,
            text=text,
            args=dict(args or {}),
            attachments=attachments,
            **more,
        )


def posted(data: bytes, name: str = "picture.png", media_type: str = "image/png") -> Attachment:
    """A file that somebody posted."""

    async def read(limit: int) -> bytes:
        assert len(data) <= limit
        return data

    return Attachment(name, media_type, len(data), read)


async def run_turn(core: Core, turn: Turn) -> RecordingReply:
    """The reply to a turn, with all that it showed."""
    reply = RecordingReply()
    await core.run(turn, reply)
    return reply


async def typed(core: Core, place: Place, command: str, text: str = "", **more: Any) -> RecordingReply:
    """The same for a command and its free text."""
    return await run_turn(core, place.turn(command, text, **more))


async def booked(core: Core, place: Place) -> int:
    """What the person has paid, with nothing held any more and every total right: by the ledger, as a day may
    turn within a test."""
    summary = await core.spend.summary(Payer(place.person, "test:chat:1"))
    assert summary.person_day.held_nanos == 0
    assert await core.spend.ledger.audit() == []
    return sum(entry.booked_nanos for entry in await entries(core.spend.ledger) if entry.person == place.person)


@pytest.fixture
def place() -> Place:
    return Place()


@pytest.fixture
async def simulated() -> Simulated:
    return Simulated(tokens_per_s=0, first_token_s=0, job_s=0.05)


@pytest.fixture
async def opened(simulated: Simulated, make_settings: MakeSettings) -> AsyncIterator[Opened]:
    """opened(clock, sleep, **settings): another Core over the same store and API, as another process would
    have it."""
    async with AsyncExitStack() as stack:
        address = await stack.enter_async_context(serve_simulated(simulated))

        @asynccontextmanager
        async def another(
            clock: Callable[[], float] = time.time, sleep: Sleep = asyncio.sleep, **overrides: Any
        ) -> AsyncIterator[Core]:
            basis = {"minitoolai_api_key": "test-key", "minitoolai_base_url": address, "user_per_minute": 1000}
            async with open_core(make_settings(**{**basis, **overrides}), clock=clock, sleep=sleep) as core:
                yield core

        yield another


@pytest.fixture
async def core(opened: Opened) -> AsyncIterator[Core]:
    async with opened() as made:
        yield made

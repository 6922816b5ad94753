"""A simulated API without pauses, and a client over it that notes its waits in place of waiting."""

import socket
from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass, field

import pytest

from core.catalogue import ChatModel, read_catalogue
from core.minitool.client import MiniTool, open_minitool
from core.minitool.simulated import Simulated, serve_simulated
from core.minitool.wire import ChatRequest, Event, Message
from core.settings import Settings


@dataclass
class Side:
    """The simulated API, a client of it, and how long that client would have waited."""

    simulated: Simulated
    base: str
    minitool: MiniTool
    waits: list[float] = field(default_factory=list)

    async def ask(self, question: str, **options: object) -> list[Event]:
        async with self.minitool.chat(request(question, **options)) as events:
            return [event async for event in events]


def model(name: str = "gpt-4o-mini") -> ChatModel:
    return read_catalogue().get_chat(name)


def request(question: str, **options: object) -> ChatRequest:
    return ChatRequest(model(), (Message("user", question),), **options)  # type: ignore[arg-type]


def settings_for(base: str, **overrides: object) -> Settings:
    return Settings(_env_file=None, minitoolai_base_url=base, minitoolai_api_key="sk-secret", **overrides)


@pytest.fixture
async def side() -> AsyncIterator[Side]:
    simulated = Simulated(tokens_per_s=0, first_token_s=0, job_s=0, key="sk-secret")
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async with serve_simulated(simulated) as base:
        settings = settings_for(base)
        async with open_minitool(
            settings, sleep=sleep, chance=lambda: 0.5, clock=lambda: 1_000_000.0
        ) as minitool:
            yield Side(simulated, base, minitool, waits)


@pytest.fixture
def unused_port() -> Iterator[int]:
    """A port that is taken by nobody who listens."""
    with socket.socket() as holder:
        holder.bind(("127.0.0.1", 0))
        yield holder.getsockname()[1]

"""How the parts of the service end."""

import asyncio
from unittest.mock import Mock

import pytest

from bots import run
from core.errors import CannotStart
from core.opening import open_core
from tests.conftest import MakeSettings


async def test_a_part_that_fails_lets_the_others_end_in_order(
    make_settings: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A platform that refuses its token ends the service like SIGTERM: the other parts finish before the error
    is raised."""
    stop, is_begun, ended = asyncio.Event(), asyncio.Event(), list[str]()

    async def refused() -> None:
        await is_begun.wait()
        raise CannotStart("TELEGRAM_TOKEN: is refused")

    async def answering() -> None:
        is_begun.set()
        await stop.wait()
        await asyncio.sleep(0)  # for whatever it has under way
        ended.append("discord")

    monkeypatch.setattr("bots.run.gc", Mock())  # the tests' own goes on as it is
    monkeypatch.setattr("bots.run._parts", lambda *_: {"telegram": refused(), "discord": answering()})
    async with open_core(make_settings()) as core:
        with pytest.raises(ExceptionGroup) as caught:
            await run._serve(core, (), stop, asyncio.Event())
    assert ended == ["discord"]
    assert caught.group_contains(CannotStart, match="is refused")

"""What a person marks in a message when they reply to it."""

from collections.abc import AsyncIterator

import pytest

from core.store import Store
from tests.adapters.telegram.stage import Stage, on_stage
from tests.conftest import MakeSettings
from tests.standins.telegram import TelegramStandin


@pytest.fixture
async def stage(standin: TelegramStandin, make_settings: MakeSettings, store: Store) -> AsyncIterator[Stage]:
    given = {"telegram_token": standin.token, "telegram_api_base": standin.base, "minitoolai_simulated": True}
    async with on_stage(standin, make_settings(**given), store) as running:
        yield running


async def test_a_marked_part_is_what_is_meant(stage: Stage) -> None:
    """A reply that marks a part of an answer carries that part; any other carries the whole."""
    telegram = stage.telegram
    alice = telegram.person()
    await telegram.say("hello", user=alice)
    answer = await telegram.message(lambda message: bool(message.text))
    await telegram.say("all of it?", user=alice, reply_to=answer)
    whole = (await stage.turn(2)).quote
    marked = {"text": "said", "position": 4, "is_manual": True}
    await telegram.say("this?", user=alice, reply_to=answer, quote=marked)
    part = (await stage.turn(3)).quote
    assert whole is not None
    assert part is not None
    assert (whole.text, whole.is_part, whole.by_bot) == ("You said: hello", False, True)
    assert (part.text, part.is_part, part.message) == ("said", True, whole.message)

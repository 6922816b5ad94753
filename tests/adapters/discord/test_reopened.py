"""A reply that another process takes up: above the answer still stands what was asked."""

import asyncio

import pytest

from bots.discord.reply import DiscordReply
from core.answer import Answer, Phase
from core.turn import Turn
from tests.adapters.discord.conftest import Stage
from tests.contracts.reply import show
from tests.standins.discord import HISTORY, Interaction

CUT = Answer(Phase.CUT, note="Restarted.")


def _shows(stage: Stage, text: str) -> asyncio.Event:
    """Answers with this; the event is set once it is shown."""
    is_shown = asyncio.Event()

    async def play(turn: Turn, reply: DiscordReply) -> None:
        await show(reply, Answer(Phase.DONE, text))
        is_shown.set()

    stage.core.play = play
    return is_shown


async def _asked(stage: Stage, *, installed: bool = True) -> Interaction:
    """A command whose answer is there."""
    is_shown = _shows(stage, "first")
    channel = stage.discord.channel if installed else stage.discord.foreign_channel()
    asked = await stage.discord.slash("ask", {"question": "Why?"}, channel=channel, installed=installed)
    await is_shown.wait()
    return asked


async def _taken_up(stage: Stage, answer: Answer) -> None:
    reply = await stage.core.reopens.reopen(stage.core.replies[-1].address)
    await reply.show(answer)


@pytest.mark.parametrize("installed", [True, False])
async def test_what_was_asked_stays_above_the_answer(stage: Stage, *, installed: bool) -> None:
    """Nobody sees a command's options: without that line nobody knew what the answer answers."""
    asked = await _asked(stage, installed=installed)
    await _taken_up(stage, CUT)
    assert asked.text == "> Why?\nRestarted."


async def test_pages_leave_room_for_it(stage: Stage) -> None:
    """With it, too, the first page is no longer than Discord allows."""
    asked = await _asked(stage)
    await _taken_up(stage, Answer(Phase.DONE, "word " * 399))
    assert asked.text.startswith("> Why?\nword ")


async def test_a_quotation_of_the_answer_is_no_question(stage: Stage) -> None:
    """What a mention asked stands in the message that is replied to."""
    is_shown = _shows(stage, "> quoted")
    asked = await stage.discord.mention("Why?")
    await is_shown.wait()
    await _taken_up(stage, CUT)
    (answer,) = stage.discord.answers(asked)
    assert answer.content == "Restarted."


async def test_a_message_that_cannot_be_read_is_changed_all_the_same(stage: Stage) -> None:
    """Reading it needs a permission that changing it does not."""
    asked = await _asked(stage)
    stage.discord.channel.denied = HISTORY
    await _taken_up(stage, CUT)
    assert asked.text == "Restarted."

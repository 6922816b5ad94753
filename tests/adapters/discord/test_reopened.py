"""A reply that another process takes up: what was asked still stands above the answer, and what was shown of it
stays."""

import asyncio
from dataclasses import replace

import pytest

from bots.discord.reply import DiscordReply
from core.answer import Action, Answer, Phase
from core.turn import Turn
from core.words import t
from tests.adapters.discord.conftest import Stage
from tests.contracts.reply import show
from tests.standins.discord import HISTORY, VIEW, Interaction

CUT = Answer(Phase.CUT, note="Restarted.")
LEFT = Answer(Phase.CUT, note="Restarted.", stays=True, question="Why?")


def _shows(stage: Stage, *answers: Answer) -> asyncio.Event:
    """Answers with these; the event is set once they are shown."""
    is_shown = asyncio.Event()

    async def play(turn: Turn, reply: DiscordReply) -> None:
        for answer in answers:
            await show(reply, answer)
        is_shown.set()

    stage.core.play = play
    return is_shown


async def _asked(stage: Stage, *shown: Answer, installed: bool = True, **options: bool) -> Interaction:
    """A command whose answer is there."""
    is_shown = _shows(stage, *(shown or (Answer(Phase.DONE, "first"),)))
    channel = stage.discord.channel if installed else stage.discord.foreign_channel()
    given = {"question": "Why?", **options}
    asked = await stage.discord.slash("ask", given, channel=channel, installed=installed)
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


async def test_a_hidden_channel_is_reached_while_the_token_lives(stage: Stage) -> None:
    """The bot may not look in there by itself."""
    stage.discord.channel.denied = VIEW
    asked = await _asked(stage)
    await _taken_up(stage, CUT)
    assert asked.text == "> Why?\nRestarted."


async def test_pages_leave_room_for_it(stage: Stage) -> None:
    """With it, too, the first page is no longer than Discord allows."""
    asked = await _asked(stage)
    await _taken_up(stage, Answer(Phase.DONE, "word " * 399))
    assert asked.text.startswith("> Why?\nword ")


async def test_a_quotation_of_the_answer_is_no_question(stage: Stage) -> None:
    """What a mention asked stands in the message that is replied to."""
    is_shown = _shows(stage, Answer(Phase.DONE, "> quoted"))
    asked = await stage.discord.mention("Why?")
    await is_shown.wait()
    await _taken_up(stage, CUT)
    (answer,) = stage.discord.answers(asked)
    assert answer.content == "Restarted."


async def test_the_history_need_not_be_read(stage: Stage) -> None:
    """Reading it needs a permission that a change of one's own message does not: what was shown stays, too."""
    asked = await _asked(stage, Answer(Phase.GROWING, "Because"))
    stage.discord.channel.denied = HISTORY
    await _taken_up(stage, LEFT)
    assert asked.text == "> Why?\nBecause\n\nRestarted."


@pytest.mark.parametrize("options", [{}, {"private": True}, {"installed": False}])
async def test_what_was_shown_of_an_answer_stays(stage: Stage, options: dict[str, bool]) -> None:
    """People were reading it. What is said now stands below; that the model was waited for is over."""
    waiting = Answer(Phase.GROWING, "> Because", t("en", "answer-still-waiting"))
    asked = await _asked(stage, waiting, **options)
    for _ in range(2):  # whoever said it may have gone, too, before that was noted
        await _taken_up(stage, LEFT)
    assert asked.text == ("" if "private" in options else "> Why?\n\n") + "> Because\n\nRestarted."


async def test_all_messages_of_it_stay(stage: Stage) -> None:
    """A message that is full has no room for more: what is said now is a further one."""
    asked = await _asked(stage, Answer(Phase.GROWING, "\n\n".join(["word " * 190] * 4)))
    before = [message.content for message in asked.messages]
    assert len(before) == 2
    await _taken_up(stage, replace(LEFT, note="Restarted. " * 50))
    *stayed, last = stage.discord.messages.values()
    assert [message.content for message in stayed] == before
    assert last.content.startswith("Restarted.")


async def test_where_no_message_is_left_what_is_there_stays(stage: Stage) -> None:
    """Discord allows no more of them there; no file without a word takes the place of the last."""
    long = Answer(Phase.GROWING, "\n\n".join(["word " * 190] * 12))
    asked = await _asked(stage, long, installed=False)
    before = [message.content for message in asked.messages]
    assert len(before) == 6
    await _taken_up(stage, replace(LEFT, note="Restarted. " * 50))
    assert [(one.content, one.files) for one in asked.messages] == [(text, []) for text in before]


async def test_where_nothing_was_shown_yet_the_end_is_told(stage: Stage) -> None:
    """It takes the place of the sign that the model was waited for."""
    working = Answer(note=t("en", "answer-working"))
    asked = await _asked(stage, working, working)
    await _taken_up(stage, LEFT)
    assert asked.text == "> Why?\nRestarted."


async def test_what_was_asked_is_told_where_not_a_word_was_there(stage: Stage) -> None:
    """Then no message tells it yet. What a press asks again stands above the button."""
    asked = await _asked(stage, Answer())
    await _taken_up(stage, replace(LEFT, actions=(Action("try again", "ref", "Try again"),)))
    assert asked.text == "> Why?\nRestarted."
    is_shown = _shows(stage, Answer())
    pressed = await stage.discord.press(asked.messages[0], "Try again")
    await is_shown.wait()
    await _taken_up(stage, LEFT)
    assert pressed.text == "Restarted."

"""A reply that another process continues: the question stays above the answer, and shown text stays."""

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
    """Other people do not see a command's options, so the question stands above the answer."""
    asked = await _asked(stage, installed=installed)
    await _taken_up(stage, CUT)
    assert asked.text == "> Why?\nRestarted."


async def test_a_hidden_channel_is_reached_while_the_token_lives(stage: Stage) -> None:
    """The bot itself has no access to it."""
    stage.discord.channel.denied = VIEW
    asked = await _asked(stage)
    await _taken_up(stage, CUT)
    assert asked.text == "> Why?\nRestarted."


async def test_pages_leave_room_for_it(stage: Stage) -> None:
    """With it, too, the first page is no longer than Discord allows."""
    asked = await _asked(stage)
    await _taken_up(stage, Answer(Phase.DONE, "word " * 399, ref="AbCdEfGh_-123456"))
    assert asked.text.startswith("> Why?\nword ")


async def test_a_quotation_of_the_answer_is_no_question(stage: Stage) -> None:
    """A mention's question is in the message that is replied to."""
    is_shown = _shows(stage, Answer(Phase.DONE, "> quoted"))
    asked = await stage.discord.mention("Why?")
    await is_shown.wait()
    await _taken_up(stage, CUT)
    (answer,) = stage.discord.answers(asked)
    assert answer.content == "Restarted."


async def test_the_history_need_not_be_read(stage: Stage) -> None:
    """Reading it needs a permission that editing one's own message does not: shown text stays, too."""
    asked = await _asked(stage, Answer(Phase.GROWING, "Because"))
    stage.discord.channel.denied = HISTORY
    await _taken_up(stage, LEFT)
    assert asked.text == "> Why?\nBecause\n\nRestarted."


@pytest.mark.parametrize("options", [{}, {"private": True}, {"installed": False}])
async def test_what_was_shown_of_an_answer_stays(stage: Stage, options: dict[str, bool]) -> None:
    """The note stands below it; the waiting notice is removed."""
    waiting = Answer(Phase.GROWING, "> Because", t("en", "answer-still-waiting"))
    asked = await _asked(stage, waiting, **options)
    for _ in range(2):  # whoever said it may have gone, too, before that was noted
        await _taken_up(stage, LEFT)
    assert asked.text == ("" if "private" in options else "> Why?\n\n") + "> Because\n\nRestarted."


async def test_all_messages_of_it_stay(stage: Stage) -> None:
    """If the last message is full, the note is a further one."""
    asked = await _asked(stage, Answer(Phase.GROWING, "\n\n".join(["word " * 190] * 4)))
    before = [message.content for message in asked.messages]
    assert len(before) == 2
    await _taken_up(stage, replace(LEFT, note="Restarted. " * 50))
    *stayed, last = stage.discord.messages.values()
    assert [message.content for message in stayed] == before
    assert last.content.startswith("Restarted.")


async def test_where_no_message_is_left_what_is_there_stays(stage: Stage) -> None:
    """If Discord allows no further message there, no file replaces the last one."""
    long = Answer(Phase.GROWING, "\n\n".join(["word " * 190] * 12))
    asked = await _asked(stage, long, installed=False)
    before = [message.content for message in asked.messages]
    assert len(before) == 6
    await _taken_up(stage, replace(LEFT, note="Restarted. " * 50))
    assert [(one.content, one.files) for one in asked.messages] == [(text, []) for text in before]


async def test_where_nothing_was_shown_yet_the_end_is_told(stage: Stage) -> None:
    """The note replaces "thinking"."""
    working = Answer(note=t("en", "answer-working"))
    asked = await _asked(stage, working, working)
    await _taken_up(stage, LEFT)
    assert asked.text == "> Why?\nRestarted."


async def test_what_was_asked_is_told_where_not_a_word_was_there(stage: Stage) -> None:
    """No message shows it yet. What a press asks again stands above the button."""
    asked = await _asked(stage, Answer())
    await _taken_up(stage, replace(LEFT, actions=(Action("try again", "ref", "Try again"),)))
    assert asked.text == "> Why?\nRestarted."
    is_shown = _shows(stage, Answer())
    pressed = await stage.discord.press(asked.messages[0], "Try again")
    await is_shown.wait()
    await _taken_up(stage, LEFT)
    assert pressed.text == "Restarted."

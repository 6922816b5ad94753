"""Delete removes the whole answer, or says what is left; Stop says nothing besides. What others delete."""

import asyncio
from dataclasses import replace
from typing import Any

import pytest

from bots.discord.buttons import PRESS, read_id, write_id
from bots.discord.reply import DiscordReply
from core.answer import Action, Answer, Phase
from core.draft import present
from core.turn import Turn
from core.words import t
from tests.adapters.discord.conftest import OpenStage, Stage, shows
from tests.standins.discord import DiscordStandin, Fault, Interaction

LONG = Answer(Phase.DONE, "word " * 900, actions=(Action("delete", "AbCdEfGh_-123456", "Delete"),))
GONE = Answer(Phase.DONE, remove=True, private=True)
STAYS = t("en", "discord-pages-stay")
KINDS = pytest.mark.parametrize("kind", ["private", "foreign"])


async def ask(discord: DiscordStandin, kind: str) -> tuple[Interaction, dict[str, Any]]:
    """Asks for an answer that only its token reaches, and tells what else is true of a press below it."""
    facts: dict[str, Any] = {}
    if kind == "foreign":
        facts = {"channel": discord.foreign_channel(), "installed": False}
    asked = await discord.slash("ask", {"question": "?", "private": kind == "private"}, **facts)
    await discord.until(lambda: asked.messages and asked.messages[-1].buttons)
    assert len(asked.messages) == 3
    return asked, {"installed": kind != "foreign"}


@KINDS
async def test_the_token_that_made_an_answer_deletes_it(
    discord: DiscordStandin, open_stage: OpenStage, kind: str
) -> None:
    """Of a private answer, or one of a user-installed app, no page stays; nothing is said."""
    async with open_stage() as stage:
        stage.core.play = shows(LONG)
        asked, facts = await ask(discord, kind)
        discord.faults = [Fault("^DELETE ", status=429, retry_after=0.2)]
        stage.core.play = shows(GONE)
        pressed = await discord.press(asked.messages[-1], "Delete", **facts)
        await discord.until(lambda: not asked.messages)
    assert not pressed.followups


async def test_a_press_whose_outcome_is_seen_anyway_gets_no_message(stage: Stage) -> None:
    """After Stop the answer itself says that it was stopped: the press is only acknowledged."""
    discord, over = stage.discord, asyncio.Event()

    async def play(turn: Turn, reply: DiscordReply) -> None:
        stopping = Answer(Phase.DONE, note="Stopping.", private=True, evident=True)
        await present(reply, stopping, locale="en")
        over.set()

    stage.core.play = shows(Answer(Phase.DONE, "so far", actions=(Action("stop", "AbCd", "Stop"),)))
    asked = await discord.slash("ask", {"question": "?"})
    await discord.until(lambda: asked.messages and asked.messages[-1].buttons)
    stage.core.play = play
    pressed = await discord.press(asked.messages[-1], "Stop")
    await over.wait()
    assert pressed.callback == 6
    assert not pressed.followups


@KINDS
@pytest.mark.parametrize("why", ["expired", "restart"])
async def test_what_of_an_answer_stays_is_said(
    discord: DiscordStandin, open_stage: OpenStage, kind: str, why: str
) -> None:
    """Once that token is dead, or lost in a restart, the pressed message goes, and the presser is told in
    private that the others stay."""
    async with open_stage() as stage:
        stage.core.play = shows(LONG)
        asked, facts = await ask(discord, kind)
        stage.core.play = shows(GONE)
        if why == "expired":
            asked.expire()
            pressed = await discord.press(asked.messages[-1], "Delete", **facts)
            await discord.until(lambda: pressed.followups)
    if why == "restart":
        async with open_stage() as stage:
            stage.core.play = shows(GONE)
            pressed = await discord.press(asked.messages[-1], "Delete", **facts)
            await discord.until(lambda: pressed.followups)
    assert [(one.content, one.ephemeral) for one in pressed.followups] == [(STAYS, True)]
    assert len(asked.messages) == 2


async def test_a_page_that_a_person_deleted_is_not_missed(
    discord: DiscordStandin, open_stage: OpenStage
) -> None:
    """In a channel of the bot all pages go; nothing is said of one that is gone already."""
    async with open_stage() as stage:
        stage.core.play = shows(LONG)
        message = await discord.mention("?")
        await discord.until(lambda: any(one.buttons for one in discord.answers(message)))
        answers = discord.answers(message)
        await discord.delete(answers[0])
        stage.core.play = shows(GONE)
        pressed = await discord.press(answers[-1], "Delete")
        await discord.until(lambda: not discord.answers(message))
    assert not pressed.followups


async def test_an_answer_of_nine_pages_goes_whole(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """The button has room for eight earlier messages, also if they were made seconds apart."""
    async with open_stage() as stage:
        stage.core.play = shows(replace(LONG, text="word " * 3400))
        asked = await discord.slash("ask", {"question": "?"})
        await discord.until(lambda: asked.messages and asked.messages[-1].buttons)
        assert len(asked.messages) == 9
        stage.core.play = shows(GONE)
        await discord.press(asked.messages[-1], "Delete")
        await discord.until(lambda: not asked.messages)
    apart = [str(10**18 + number * (15_000 << 22)) for number in range(8)]
    pressed = read_id(write_id(PRESS, "delete", "AbCdEfGh_-123456", apart))
    assert pressed is not None
    assert pressed.earlier == tuple(apart)


async def test_a_delete_button_from_before_an_update_still_works(
    discord: DiscordStandin, open_stage: OpenStage
) -> None:
    """It has the messages' full ids."""
    async with open_stage() as stage:
        stage.core.play = shows(LONG)
        message = await discord.mention("?")
        await discord.until(lambda: any(one.buttons for one in discord.answers(message)))
        *earlier, last = discord.answers(message)
        numbers = ":".join(one.id for one in earlier)
        last.buttons[0]["custom_id"] = f"mb:delete:AbCdEfGh_-123456:{numbers}"
        stage.core.play = shows(GONE)
        await discord.press(last, "Delete")
        await discord.until(lambda: not discord.answers(message))


@pytest.mark.parametrize("is_purge", [False, True])
async def test_a_deleted_message_is_told_to_core(stage: Stage, *, is_purge: bool) -> None:
    """Somebody deletes an answer, or a moderator all that was said: core hears of it, to stop paying for it."""
    discord = stage.discord
    message = await discord.mention("hi")
    answer = (await discord.until(lambda: discord.answers(message)))[0]
    if is_purge:
        purged = {"ids": [message.id, answer.id], "channel_id": discord.channel.id}
        await discord.gateway.dispatch("MESSAGE_DELETE_BULK", purged, guild=discord.guild.id)
    else:
        await discord.delete(answer)
    other = await discord.mention("still there?")
    await discord.until(lambda: discord.answers(other))
    assert (f"discord:{discord.channel.id}", answer.id) in stage.core.deleted

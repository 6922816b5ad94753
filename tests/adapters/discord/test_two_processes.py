"""Two processes get every event; one of them, or both, cannot reach the store."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from structlog.testing import capture_logs

from core.answer import Answer, Phase
from core.errors import StoreError
from tests.adapters.discord.conftest import OpenStage, Stage, answer_text, shows, waits, without_question
from tests.standins.discord import DiscordStandin, Message
from tests.waiting import until

AWAY = Answer(Phase.FAILED, note="The store is away.", private=True)


@pytest.fixture
async def two(open_stage: OpenStage) -> AsyncIterator[tuple[Stage, Stage]]:
    async with open_stage() as one, open_stage() as other:
        yield one, other


def leave(*stages: Stage) -> None:
    """Takes the store away from these processes."""

    async def once(_: str) -> bool:
        raise StoreError

    for stage in stages:
        stage.core.once = once  # type: ignore[method-assign]
        stage.core.play = shows(AWAY)


def replies(discord: DiscordStandin, asked: Message) -> list[str]:
    return [one.content for one in discord.answers(asked) if one.reference is asked]


@pytest.mark.parametrize("away", [0, 1])
async def test_what_one_shows_is_not_taken_away_by_who_does_not_reach_the_store(
    discord: DiscordStandin, two: tuple[Stage, Stage], away: int
) -> None:
    """The answer to a command and to a mention stays, and nobody is told beside it that nothing was spent:
    whichever of them acknowledged the command."""
    other, notices = two[away], asyncio.Event()

    async def once(_: str) -> bool:
        await notices.wait()
        raise StoreError

    other.core.once = once  # type: ignore[method-assign]
    with capture_logs() as logs:
        command = await discord.slash("ask", {"question": "why?"})
        mention = await discord.mention("why then?")
        await discord.until(lambda: answer_text(command) and replies(discord, mention))
        notices.set()
        await until(lambda: sum(line["event"] == "discord.seen_before" for line in logs) == 2)
    assert [without_question(message.content) for message in command.messages] == ["You said: why?"]
    assert replies(discord, mention) == ["You said: why then?"]
    assert other.core.turns == []


async def test_where_none_reaches_the_store_one_says_so(
    discord: DiscordStandin, two: tuple[Stage, Stage]
) -> None:
    """Whoever asks reads it once, as if there were one process."""
    leave(*two)
    command = await discord.slash("ask", {"question": "why?"})
    mention = await discord.mention("why then?")
    await until(lambda: sum(len(stage.core.turns) for stage in two) == 3)
    await until(lambda: not any(stage.core.under_way for stage in two))
    assert [message.content for message in command.messages] == [f"```\nwhy?\n```\n\n{AWAY.note}"]
    assert replies(discord, mention) == [AWAY.note]


async def test_an_answer_takes_the_place_of_what_was_said_too_early(
    discord: DiscordStandin, two: tuple[Stage, Stage]
) -> None:
    """Who does not reach the store says so, as nothing is shown yet; then the other one's answer comes. There
    is one message."""
    one, other = two
    one.core.play, go = waits(Answer(Phase.DONE, "Because."))
    leave(other)
    mention = await discord.mention("why?")
    await discord.until(lambda: replies(discord, mention) == [AWAY.note])
    go.set()
    await discord.until(lambda: replies(discord, mention) == ["Because."])


async def test_a_form_is_answered_by_who_has_its_message(
    discord: DiscordStandin, open_stage: OpenStage
) -> None:
    """A process that starts while a form is open does not know what that is about, and may not read it: it
    leaves the form to the one that does."""
    async with open_stage():
        opened = await discord.message_command("Ask about this", await discord.say("look at my cat"))
        await discord.until(lambda: opened.modal)
        async with open_stage():
            with capture_logs() as logs:
                form = await discord.submit_modal(opened, "why?")
                await until(lambda: any(line["event"] == "discord.seen_before" for line in logs))
                await discord.until(lambda: answer_text(form) == "You said: why?")
    assert [message.ephemeral for message in form.messages] == [False]

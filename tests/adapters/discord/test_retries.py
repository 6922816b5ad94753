"""Calls that fail at first leave nothing wrong behind once they are repeated."""

import pytest

from bots.discord.reply import DiscordReply
from core.answer import Answer, Phase
from core.draft import Draft
from core.turn import Turn
from tests.adapters.discord.conftest import Stage, answer_text, shows, waits
from tests.standins.discord import Fault


@pytest.mark.parametrize(
    "fault",
    [
        Fault("^DELETE ", status=429, retry_after=0.2),
        Fault("^DELETE ", status=500),
        Fault("^DELETE ", status=500, after=True),
    ],
    ids=["429", "500", "500 after it took effect"],
)
async def test_a_private_answer_never_takes_the_place_of_a_public_message(stage: Stage, fault: Fault) -> None:
    """The public "thinking" cannot be removed at once: the asker still gets the private text, and nobody else
    does."""
    discord = stage.discord
    discord.faults = [Fault(**vars(fault))]
    stage.core.play = shows(Answer(Phase.FAILED, note="No budget left.", private=True))
    interaction = await discord.slash("ask", {"question": "?"})
    await discord.until(lambda: "No budget left." in (interaction.text or ""))
    assert [one.ephemeral for one in interaction.messages] == [True]


async def test_a_private_answer_stays_private_when_the_token_dies_meanwhile(stage: Stage) -> None:
    """The token ends before the public "thinking" is removed: the private text comes as a DM, and the
    "thinking" goes."""
    discord = stage.discord
    discord.faults = [Fault("^DELETE /channels/", status=429, retry_after=0.2)]
    stage.core.play, go = waits(Answer(Phase.FAILED, note="No budget left.", private=True))
    interaction = await discord.slash("ask", {"question": "?"})
    await discord.until(lambda: interaction.messages)
    interaction.expire()
    go.set()
    sent = await discord.until(lambda: [x for x in discord.messages.values() if "No budget left." in x.content])
    assert [one.channel for one in sent] == [discord.dm(discord.person)]
    assert not interaction.messages


@pytest.mark.parametrize("after", [False, True], ids=["500", "500 after it took effect"])
async def test_a_move_to_a_dm_that_fails_is_made_again(stage: Stage, after: bool) -> None:
    """The token ended and the DM fails at first, or its response is lost: explanation and answer arrive there
    once."""
    discord = stage.discord
    chat = discord.dm(discord.person)
    stage.core.play, go = waits(Answer(Phase.DONE, "done at last"), Answer(Phase.GROWING, "slowly"))
    interaction = await discord.slash("ask", {"question": "?", "private": True})
    await discord.until(lambda: answer_text(interaction) == "slowly")
    interaction.expire()
    discord.faults = [Fault(f"POST /channels/{chat.id}/messages", status=500, after=after)]
    go.set()
    sent = await discord.until(
        lambda: [one.content for one in discord.messages.values() if one.channel is chat][1:]
    )
    assert sent == ["> ?\ndone at last"]


async def test_a_page_too_many_goes_in_the_end(stage: Stage) -> None:
    """A long answer fails and becomes one sentence: its other pages are deleted, though Discord was busy."""
    discord = stage.discord
    stage.core.play, go = waits(Answer(Phase.FAILED, note="It broke."), Answer(Phase.GROWING, "word " * 900))
    message = await discord.mention("?")
    await discord.until(lambda: len(discord.answers(message)) == 3)
    discord.faults = [Fault("^DELETE ", status=429, retry_after=0.2)]
    go.set()
    await discord.until(lambda: [one.content for one in discord.answers(message)] == ["It broke."])


async def test_what_is_withdrawn_goes_in_the_end(stage: Stage) -> None:
    """A withdrawn answer is deleted, though Discord was busy at first."""
    discord = stage.discord
    stage.core.play, go = waits(Answer(Phase.CUT, withdraw=True), Answer(Phase.GROWING, "half of it"))
    message = await discord.mention("?")
    await discord.until(lambda: discord.answers(message))
    discord.faults = [Fault("^DELETE ", status=429, retry_after=0.2)]
    go.set()
    await discord.until(lambda: not discord.answers(message))


@pytest.mark.parametrize("status", [0, 502, 429])
async def test_a_message_that_is_found_again_shows_what_is_true_by_now(stage: Stage, status: int) -> None:
    """It was created while the answer grew, and its response came only after the end."""
    discord = stage.discord
    discord.faults = [Fault("POST /channels/.*/messages$", status=status, after=True)]

    async def play(turn: Turn, reply: DiscordReply) -> None:
        async with Draft(reply, locale="en") as draft:
            draft.grow("half ")
            await discord.until(lambda: discord.answers(message))
            draft.grow("and half")
            await draft.finish(Answer(Phase.DONE, draft.text))

    stage.core.play = play
    message = await discord.mention("?")
    await discord.until(lambda: [one.content for one in discord.answers(message)] == ["half and half"])


async def test_an_acknowledgement_that_was_heard_all_the_same_is_answered(stage: Stage) -> None:
    """Two responses were lost, but "thinking" is there: the answer replaces it."""
    stage.discord.faults = [Fault("/callback", status=0, after=True, times=2)]
    stage.core.play = shows(Answer(Phase.DONE, "just one"))
    interaction = await stage.discord.slash("ask", {"question": "?"})
    await stage.discord.until(lambda: answer_text(interaction) == "just one")
    assert [*stage.discord.messages.values()] == interaction.messages


@pytest.mark.parametrize(
    "fault",
    [Fault("callback", status=404, code=10062), Fault("callback", status=0, times=2)],
    ids=["late", "lost"],
)
async def test_an_interaction_that_came_too_late_is_answered_in_the_channel(stage: Stage, fault: Fault) -> None:
    """Where Discord takes or gets no acknowledgement, the answer comes as a message of its own."""
    stage.discord.faults = [Fault(**vars(fault))]
    await stage.discord.slash("ask", {"question": "late"})
    await stage.discord.until(lambda: [one for one in stage.discord.messages.values() if "late" in one.content])

"""Events and responses with the minimum of fields."""

from collections.abc import AsyncIterator

import pytest

from bots.discord import defaults
from core.answer import Action, Answer, Phase
from tests.adapters.discord.conftest import OpenStage, Stage, answer_text, shows
from tests.standins.discord import DiscordStandin
from tests.waiting import until

WHOLE = Answer(Phase.DONE, text="whole", actions=(Action("regenerate", "r1", "New answer"),))


@pytest.fixture
async def bare(discord: DiscordStandin, open_stage: OpenStage) -> AsyncIterator[Stage]:
    discord.is_bare = True
    async with open_stage() as stage:
        stage.core.play = shows(WHOLE)
        yield stage


async def test_a_place_without_its_command(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """The type of a message's channel is known only from its server's data, which is minimal here."""
    discord.is_bare = True
    thread = discord.thread(discord.add_channel("adult", nsfw=True))
    async with open_stage() as stage:
        asked = await discord.mention("?", channel=thread)
        await discord.until(lambda: discord.answers(asked))
        assert (stage.turn.adult, stage.turn.shared) == (True, True)


@pytest.mark.parametrize("where", ["server", "thread", "private", "group"])
async def test_a_command(discord: DiscordStandin, bare: Stage, where: str) -> None:
    """It is answered where it was given, though Discord gives neither the channel's type, nor who installed the
    app, nor the acknowledged message. Without that, the bot counts as a member."""
    channel = {
        "server": discord.channel,
        "thread": discord.thread(discord.channel),
        "private": discord.dm(discord.person),
        "group": discord.group(),
    }[where]
    asked = await discord.slash("ask", {"question": "?"}, channel=channel)
    await discord.until(lambda: asked.text)
    assert answer_text(asked) == "whole"
    assert bare.turn.room == f"discord:{channel.id}"
    assert len([one for one in discord.messages.values() if one.channel is channel]) == 1


async def test_an_adult_place_is_known_by_its_number(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """A command with only its channel's id works there like any other."""
    discord.is_bare = True
    adult = discord.add_channel("adult", nsfw=True)
    async with open_stage() as stage:
        await discord.slash("ask", {"question": "?"}, channel=adult)
        await until(lambda: stage.core.turns)
        assert stage.turn.adult


async def test_a_press_and_a_form(discord: DiscordStandin, bare: Stage) -> None:
    """Buttons work under a message with the minimum of fields."""
    asked = await discord.slash("ask", {"question": "?"})
    await discord.until(lambda: asked.text)
    assert asked.original is not None
    pressed = await discord.press(asked.original, "mb:regenerate:r1")
    await discord.until(lambda: pressed.text)
    assert (bare.turn.command, bare.turn.args) == ("regenerate", {"ref": "r1"})


@pytest.mark.parametrize("way", ["mention", "private", "reply", "forward"])
async def test_a_message(discord: DiscordStandin, bare: Stage, way: str) -> None:
    """It is answered, with the message that it replies to."""
    about = await discord.say("the first words", mentions=(discord.bot,))
    await discord.until(lambda: discord.answers(about))
    match way:
        case "mention":
            asked = await discord.mention("and?")
        case "private":
            asked = await discord.say("and?", channel=discord.dm(discord.person))
        case "reply":
            asked = await discord.mention("and?", reply_to=about)
        case _:
            asked = await discord.mention("and?", forward=about)
    await discord.until(lambda: discord.answers(asked))
    assert bare.turn.text == "and?"
    if way in ("reply", "forward"):
        assert bare.turn.quote is not None
        assert bare.turn.quote.text.endswith("the first words")


def test_given_fields_are_kept() -> None:
    """Fields that Discord sends are never replaced."""
    event = {
        "guild_id": "1", "channel_id": "2", "app_permissions": "0", "attachment_size_limit": 5,
        "authorizing_integration_owners": {"1": "9"}, "channel": {"id": "2", "type": 11, "name": "post"},
        "member": {"user": {"id": "9", "username": "ada", "avatar": "a"}, "roles": ["3"], "flags": 1},
    }  # fmt: skip
    whole = defaults.fill_event("INTERACTION_CREATE", event)
    assert {name: whole[name] for name in event if name not in ("channel", "member")} == {
        name: value for name, value in event.items() if name not in ("channel", "member")
    }
    assert whole["channel"].items() >= event["channel"].items()
    assert whole["member"].items() >= {"roles": ["3"], "flags": 1}.items()
    assert whole["member"]["user"] == {"id": "9", "username": "ada", "discriminator": "0", "avatar": "a"}

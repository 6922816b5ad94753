"""Private chats, and places of which discord.py knows little: foreign threads, hidden and unknown channels."""

import pytest

from core.answer import Answer, Choice, Phase
from tests.adapters.discord.conftest import OpenStage, Stage, answer_text, shows, waits
from tests.standins.discord import VIEW, Channel, DiscordStandin, Message


@pytest.fixture
def foreign_thread(discord: DiscordStandin) -> Channel:
    """Of a server that the bot is not in: nobody told it of the channel that the thread belongs to."""
    return discord.thread(discord.foreign_channel())


async def test_a_foreign_thread_is_a_place_like_others(stage: Stage, foreign_thread: Channel) -> None:
    """People who installed the app themselves can ask in threads and forum posts."""
    interaction = await stage.discord.slash(
        "ask", {"question": "why?"}, channel=foreign_thread, installed=False
    )
    await stage.discord.until(lambda: "You said: why?" in interaction.text)
    assert foreign_thread.parent is not None
    assert f"discord:channel:{foreign_thread.parent.id}" in stage.turn.labels
    assert stage.turn.shared


async def test_a_foreign_thread_has_menus_and_choices(stage: Stage, foreign_thread: Channel) -> None:
    """Autocomplete, and the form about a message, work there, too."""
    discord = stage.discord
    typed = await discord.autocomplete("ask", "model", channel=foreign_thread, installed=False)
    await discord.until(lambda: typed.choices)
    words = Message(foreign_thread, discord.person, "Look")
    discord.keep(words)
    opened = await discord.message_command("Ask about this", words, installed=False)
    await discord.until(lambda: opened.modal)


@pytest.mark.parametrize("kind", ["seen", "hidden", "foreign"])
async def test_a_reply_is_heard_where_the_bot_is(stage: Stage, kind: str) -> None:
    """Elsewhere, and in hidden channels, replies do not reach the bot, so /help does not mention them. It
    always mentions the message menu."""
    channel = stage.discord.foreign_channel() if kind == "foreign" else stage.discord.channel
    channel.denied = VIEW if kind == "hidden" else 0
    interaction = await stage.discord.slash("help", channel=channel, installed=kind != "foreign")
    await stage.discord.until(lambda: interaction.text)
    surface = stage.core.replies[-1].surface
    assert surface.replies is (kind == "seen")
    assert "“Ask about this”" in surface.hint


@pytest.mark.parametrize("kind", [1, 3], ids=["of two", "group"])
async def test_a_chat_between_people_is_not_private(stage: Stage, kind: int) -> None:
    """Whoever installed the app themselves can ask in their chats with others, who read along; the bot itself
    is in none of them."""
    chat = Channel(type=kind, people=[stage.discord.person, stage.discord.add_user("Ben")])
    interaction = await stage.discord.slash("ask", {"question": "?"}, channel=chat, installed=False)
    await stage.discord.until(lambda: interaction.text)
    assert (stage.turn.private, stage.turn.alone, stage.turn.shared) == (False, False, False)
    assert not stage.core.replies[-1].surface.replies


async def test_an_answer_in_a_hidden_channel_is_as_long_as_elsewhere(stage: Stage) -> None:
    """Discord limits the number of messages only of apps that a person installed."""
    stage.discord.channel.denied = VIEW
    stage.core.play = shows(Answer(Phase.DONE, "\n\n".join(["word " * 390] * 7)))
    interaction = await stage.discord.slash("ask", {"question": "?"})
    await stage.discord.until(lambda: len(interaction.messages) == 7)


@pytest.mark.parametrize("is_adult", [True, False])
async def test_a_hidden_channel_is_what_the_interaction_says(
    discord: DiscordStandin, open_stage: OpenStage, is_adult: bool
) -> None:
    """The gateway hides whether a hidden channel is age-restricted; a command used there tells."""
    hidden = discord.add_channel("hidden", nsfw=is_adult, denied=VIEW)
    async with open_stage() as stage:
        interaction = await discord.slash("ask", {"question": "?"}, channel=hidden)
        await discord.until(lambda: interaction.text)
        assert stage.turn.adult is is_adult


async def test_a_channel_that_is_not_told_is_known_by_its_id(stage: Stage) -> None:
    """If Discord leaves the channel out, people in different channels must not share a room."""
    discord = stage.discord
    interaction = await discord.slash("ask", {"question": "?"}, tells_channel=False)
    await discord.until(lambda: interaction.text)
    assert stage.turn.room == f"discord:{discord.channel.id}"


async def test_roles_that_nobody_told_of_count(stage: Stage, foreign_thread: Channel) -> None:
    """discord.py lacks the roles of servers where the bot is not a member, or not yet: ALLOW, DENY and caps
    apply all the same, for commands and messages."""
    discord, role = stage.discord, "777777777777777777"
    author = discord.add_user("Ben")
    author.roles = (role,)
    for facts in ({}, {"channel": foreign_thread, "installed": False}):
        interaction = await discord.slash("ask", {"question": "?"}, user=author, **facts)
        await discord.until(lambda interaction=interaction: interaction.text)
        assert f"discord:role:{role}" in stage.turn.labels
    message = await discord.mention("hello", user=author)
    await discord.until(lambda: discord.answers(message))
    assert {f"discord:role:{role}", f"discord:role:{discord.guild.id}"} <= stage.turn.labels
    private = await discord.slash("ask", {"question": "?"}, channel=discord.dm(author), user=author)
    await discord.until(lambda: private.text)
    assert not any(label.startswith("discord:role:") for label in stage.turn.labels)


async def test_a_server_that_nobody_told_of_counts(stage: Stage) -> None:
    """ALLOW, DENY and caps for a server apply to messages, too, where its data could not be read."""
    guild = stage.discord.add_guild()
    message = await stage.discord.mention("hello", channel=guild.channels[0])
    await stage.discord.until(lambda: stage.discord.answers(message))
    assert stage.turn.chat == f"discord:guild:{guild.id}"
    assert {stage.turn.chat, f"discord:role:{guild.id}"} <= stage.turn.labels


async def test_only_what_all_can_see_is_not_said_again_and_again(stage: Stage) -> None:
    """A denied person could fill a channel with refusals; the answer to a command is private and always
    given."""
    discord = stage.discord
    command = await discord.slash("help")
    await discord.mention("hello")
    await discord.until(lambda: command.text and len(stage.core.replies) == 2)
    mentions_replies = {
        turn.command: reply.surface.terse
        for turn, reply in zip(stage.core.turns, stage.core.replies, strict=True)
    }
    assert mentions_replies == {"help": False, "ask": True}


async def test_in_a_private_chat_a_pick_takes_the_place_of_its_list(stage: Stage) -> None:
    """A command that was typed there shows its list in an ordinary message. In a channel such a list stays, as
    other people may press it."""
    discord = stage.discord
    for channel, is_replaced in ((discord.dm(discord.person), True), (discord.channel, False)):
        stage.core.play = shows(Answer(Phase.DONE, "Which?", choices=(Choice("model", "x", "X"),)))
        typed = await discord.mention("/model", channel=channel)
        (asked,) = await discord.until(lambda typed=typed: discord.answers(typed))
        stage.core.play = shows(Answer(Phase.DONE, note="X it is.", private=True))
        picked = await discord.choose(asked, "X")
        await discord.until(lambda picked=picked: "X it is." in picked.text)
        assert (asked.content == "X it is.") is is_replaced
        assert [one.ephemeral for one in picked.followups] == ([] if is_replaced else [True])


async def test_a_private_answer_that_goes_on_in_the_same_chat_needs_no_explanation(stage: Stage) -> None:
    """Nor a way to it: only that it is for the asker alone needed the token, which ends after 15 minutes."""
    discord = stage.discord
    chat = discord.dm(discord.person)
    stage.core.play, go = waits(Answer(Phase.DONE, "done at last"), Answer(Phase.GROWING, "slowly"))
    interaction = await discord.slash("ask", {"question": "?", "private": True}, channel=chat)
    await discord.until(lambda: answer_text(interaction) == "slowly")
    interaction.expire()
    go.set()
    sent = await discord.until(lambda: [one for one in discord.messages.values() if not one.ephemeral])
    assert [one.content for one in sent] == ["> ?\ndone at last"]


async def test_who_moderates_a_place(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """Discord does not say what the author of a message may do: it follows from their roles. In a thread whose
    channel is of a kind that is not known, nobody moderates, and questions are answered all the same."""
    discord.guild.owner = discord.person.id
    thread, strange = discord.thread(discord.channel), discord.thread(discord.add_channel("strange", type=99))
    async with open_stage() as stage:
        for channel, is_owner, is_moderator in (
            (discord.channel, True, True),
            (thread, True, True),
            (thread, False, False),
            (strange, True, False),
        ):
            person = discord.person if is_owner else discord.add_user("Ben")
            asked = await discord.mention("?", channel=channel, user=person)
            await discord.until(lambda asked=asked: discord.answers(asked))
            assert stage.turn.person.is_moderator is is_moderator

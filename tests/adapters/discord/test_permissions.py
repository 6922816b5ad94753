"""Missing permissions, and places that are gone."""

import asyncio

import pytest

from bots.discord.reply import DiscordReply
from core.answer import Action, Answer, Phase
from core.draft import present
from core.errors import Gone
from core.turn import Turn
from tests.adapters.discord.conftest import OpenStage, Stage, answer_text, shows, waits
from tests.contracts.reply import picture, show
from tests.standins.discord import (
    ATTACH,
    EMBED,
    HISTORY,
    SEND,
    SEND_IN_THREADS,
    VIEW,
    Channel,
    DiscordStandin,
    Fault,
    Message,
)
from tests.waiting import until


async def test_a_missing_right_to_attach_is_named(stage: Stage) -> None:
    """Without Attach Files the answer comes without its pictures, and names the missing permission."""
    stage.discord.channel.denied = ATTACH
    stage.core.play = shows(Answer(Phase.DONE, "Your fox", pictures=(picture(),)))
    message = await stage.discord.mention("paint")
    answer = (await stage.discord.until(lambda: stage.discord.answers(message)))[0]
    assert "Your fox" in answer.content
    assert "Attach Files" in answer.content
    assert not answer.files


async def test_pictures_that_may_not_be_attached_are_kept(stage: Stage) -> None:
    """Core learns that they were not delivered; people read where they wait, and why."""
    stage.discord.channel.denied = ATTACH
    arrived: list[bool] = []

    async def play(turn: Turn, reply: DiscordReply) -> None:
        painted = Answer(Phase.DONE, pictures=(picture(),))
        arrived.append(await present(reply, painted, locale="en", bare="They wait on the page."))

    stage.core.play = play
    message = await stage.discord.mention("paint")
    await until(lambda: arrived)
    assert arrived == [False]
    (answer,) = stage.discord.answers(message)
    assert answer.content.startswith("They wait on the page.")
    assert "Attach Files" in answer.content


async def test_a_missing_right_to_write_is_told_in_a_dm(stage: Stage) -> None:
    """If the bot may not write, the asker gets the answer in private, with the missing permission."""
    stage.discord.channel.denied = SEND
    await stage.discord.mention("hello")
    chat = stage.discord.dm(stage.discord.person)
    sent = await stage.discord.until(
        lambda: [one.content for one in stage.discord.messages.values() if one.channel is chat][1:]
    )
    first = next(one for one in stage.discord.messages.values() if one.channel is chat)
    assert "“Send Messages”" in first.content
    assert sent == ["You said: hello"]


async def test_a_picture_comes_along_to_the_dm(stage: Stage) -> None:
    """A picture made where the bot may not write comes in private."""
    discord = stage.discord
    discord.channel.denied = SEND
    stage.core.play = shows(Answer(Phase.DONE, "Your fox", pictures=(picture(),)))
    await discord.mention("paint")
    chat = discord.dm(discord.person)
    sent = await discord.until(lambda: [one for one in discord.messages.values() if one.channel is chat][1:])
    assert [(one.content, len(one.files)) for one in sent] == [("Your fox", 1)]


@pytest.mark.parametrize("fate", ["may not view", "kicked"])
async def test_where_the_bot_cannot_look_the_answer_comes_in_a_dm(
    discord: DiscordStandin, open_stage: OpenStage, fate: str
) -> None:
    """Commands work in channels that the bot may not view, until their token ends; and a bot that is thrown out
    still owes the answer. It comes in private, and says what it is."""
    discord.channel.denied = VIEW if fate == "may not view" else 0
    async with open_stage() as stage:
        stage.core.play, go = waits(Answer(Phase.DONE, "done at last"), Answer(Phase.GROWING, "slowly"))
        interaction = await discord.slash("ask", {"question": "?"})
        await discord.until(lambda: "slowly" in interaction.text)
        interaction.expire()
        if fate == "kicked":
            await discord.kick_bot()
        go.set()
        chat = discord.dm(discord.person)
        await discord.until(lambda: [one for one in discord.messages.values() if "at last" in one.content])
        sent = [one.content for one in discord.messages.values() if one.channel is chat]
        assert "where I can no longer write" in sent[0]
        assert sent[1].endswith("done at last")


@pytest.mark.parametrize("kind", ["private", "guest"])
async def test_where_a_token_ends_it_says_where_the_answer_is(
    stage: Stage, monkeypatch: pytest.MonkeyPatch, kind: str
) -> None:
    """The last seconds of the only way to a message serve to say where its answer goes on: what is left there
    would look as if it were growing for ever, under a button that stops nothing."""
    discord = stage.discord
    monkeypatch.setattr("bots.discord.hook._SAFETY_S", 0.0)
    growing = Answer(Phase.GROWING, "slowly", actions=(Action("stop", "AbCdEfGh_-123456", "Stop"),))
    stage.core.play, go = waits(Answer(Phase.DONE, "done at last"), growing)
    options, facts = {"question": "?", "private": kind == "private"}, {}
    if kind == "guest":
        facts = {"channel": discord.foreign_channel(), "installed": False}
    interaction = await discord.slash("ask", options, **facts)
    await discord.until(lambda: answer_text(interaction) == "slowly")
    monkeypatch.setattr("bots.discord.hook._SAFETY_S", 900.0)  # as if that much were left
    go.set()
    chat = discord.dm(discord.person)
    await discord.until(lambda: [one for one in discord.messages.values() if "done at last" in one.content])
    first = next(one for one in discord.messages.values() if one.channel is chat)
    link = f"https://discord.com/channels/@me/{chat.id}/{first.id}"
    question = "" if kind == "private" else "> ?\n"
    moved = f"I can no longer write here. The answer is in our private chat: {link}"
    assert interaction.text == question + moved
    assert not interaction.messages[-1].buttons


@pytest.mark.parametrize("refused", ["^POST /users/@me/channels", "^POST /channels/{dm}/messages"])
async def test_who_can_be_told_nothing_gets_a_sign(stage: Stage, refused: str) -> None:
    """The bot may not write there and the author takes no private messages: a reaction to the message says so
    much. Members may react where they may not write."""
    discord = stage.discord
    discord.channel.denied, dm = SEND, discord.dm(discord.person)
    discord.faults = [Fault(refused.format(dm=dm.id), status=403, code=50007, times=9)]
    stage.core.play = shows(Answer(Phase.DONE, "42"))
    message = await discord.mention("?")
    await discord.until(lambda: message.reactions)
    assert set(message.reactions) == {"🔇"}
    assert not discord.answers(message)


@pytest.mark.parametrize("fate", ["deleted channel", "kicked"])
async def test_a_place_that_is_gone_ends_the_answer(stage: Stage, fate: str) -> None:
    """A deleted channel, or a removed bot with closed DMs, ends an answer cleanly, without endless tries."""
    stage.core.play, go = waits(Answer(Phase.DONE, "too late"), Answer(Phase.GROWING, "half"))
    ended = asyncio.Event()
    inner = stage.core.play

    async def play(turn: Turn, reply: DiscordReply) -> None:
        await inner(turn, reply)
        with pytest.raises(Gone):
            await show(reply, Answer(Phase.DONE, "too late"))
        ended.set()

    stage.core.play = play
    message = await stage.discord.mention("?")
    await stage.discord.until(lambda: stage.discord.answers(message))
    stage.discord.faults = [Fault("POST /users/@me/channels", status=403, code=50007, times=9)]
    await (
        stage.discord.kick_bot() if fate == "kicked" else stage.discord.delete_channel(stage.discord.channel)
    )
    go.set()
    await until(ended.is_set)


async def test_a_missing_right_to_embed_changes_nothing(stage: Stage) -> None:
    """The bot needs no Embed Links: links, pictures and buttons come all the same."""
    stage.discord.channel.denied = EMBED
    stage.core.play = shows(Answer(Phase.DONE, "See https://example.org", pictures=(picture(),)))
    message = await stage.discord.mention("paint")
    answer = (await stage.discord.until(lambda: stage.discord.answers(message)))[0]
    assert answer.files
    assert "<https://example.org>" in answer.content


async def test_a_missing_right_to_read_the_history_costs_the_reply_alone(stage: Stage) -> None:
    """Discord requires it for replies: the answer is a plain message that names it."""
    stage.discord.channel.denied = HISTORY
    message = await stage.discord.mention("hello")
    answer = (await stage.discord.until(lambda: stage.discord.answers(message)))[0]
    assert answer.reference is None
    assert "You said: hello" in answer.content
    assert "Read Message History" in answer.content


async def test_in_a_thread_the_right_to_write_has_another_name(
    discord: DiscordStandin, open_stage: OpenStage
) -> None:
    """Where the bot may write in the channel but not in its threads, that permission is named."""
    discord.channel.denied = SEND_IN_THREADS
    thread = Channel(name="thread", type=11, guild=discord.guild, parent=discord.channel)
    discord.guild.channels.append(thread)
    async with open_stage():
        await discord.mention("hello", channel=thread)
        chat = discord.dm(discord.person)
        sent = await discord.until(
            lambda: [one.content for one in discord.messages.values() if one.channel is chat]
        )
        assert "“Send Messages in Threads”" in sent[0]


@pytest.mark.parametrize("way", ["command", "mention"])
@pytest.mark.parametrize("is_begun", [True, False])
async def test_a_thread_that_is_closed_meanwhile_is_opened(
    discord: DiscordStandin, open_stage: OpenStage, way: str, is_begun: bool
) -> None:
    """An archived thread cannot be changed; an answer reopens it, as any message does."""
    thread = discord.thread(discord.channel)
    async with open_stage() as stage:
        first = Answer(Phase.GROWING, "slowly") if is_begun else None
        stage.core.play, go = waits(Answer(Phase.DONE, "done at last"), first)
        asked = await _asked(discord, thread, way, stage)
        await discord.until(lambda: not is_begun or discord.answers(asked)[-1:])
        thread.archived = True
        go.set()
        shown = await discord.until(lambda: [one for one in discord.answers(asked) if "at last" in one.content])
        assert shown == discord.answers(asked)
        assert not thread.archived


@pytest.mark.parametrize("way", ["command", "mention", "guest"])
async def test_from_a_locked_thread_the_answer_goes_on_in_private(
    discord: DiscordStandin, open_stage: OpenStage, way: str
) -> None:
    """Only moderators can write there, and a user-installed app cannot reopen threads. The answer is not
    lost."""
    thread = discord.thread(discord.foreign_channel() if way == "guest" else discord.channel)
    async with open_stage() as stage:
        stage.core.play, go = waits(Answer(Phase.DONE, "done at last"), Answer(Phase.GROWING, "slowly"))
        asked = await _asked(discord, thread, way, stage)
        await discord.until(lambda: "slowly" in "".join(one.content for one in discord.answers(asked)))
        thread.archived, thread.locked = True, way != "guest"
        go.set()
        chat = discord.dm(discord.person)
        await discord.until(lambda: [one for one in discord.messages.values() if "at last" in one.content])
        sent = [one.content for one in discord.messages.values() if one.channel is chat]
        assert "where I can no longer write" in sent[0]
        assert sent[1].endswith("done at last")
        assert thread.archived


async def _asked(discord: DiscordStandin, thread: Channel, way: str, stage: Stage) -> Message:
    """A question in the thread that core works on; for a command, the message before its answer."""
    if way == "mention":
        asked = await discord.mention("?", channel=thread)
    else:
        asked = Message(thread, discord.person)
        command = await discord.slash("ask", {"question": "?"}, channel=thread, installed=way != "guest")
        await discord.until(lambda: command.callback)
    await until(lambda: bool(stage.core.turns))
    return asked

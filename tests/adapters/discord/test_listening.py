"""Which messages are for the bot, and the turns that they become."""

import pytest

from tests.adapters.discord.conftest import OpenStage, Stage
from tests.standins.discord import PUBLIC_THREADS, DiscordStandin, Fault
from tests.standins.discord.gateway import MESSAGE_CONTENT
from tests.waiting import until


async def test_a_mention_is_a_question(stage: Stage) -> None:
    """A mention asks the bot, without the Message Content intent; the answer is a reply."""
    discord = stage.discord
    other = discord.add_user("Grace")
    message = await discord.mention(f"ask <@{other.id}> why")
    await discord.until(lambda: discord.answers(message))
    assert stage.turn.text == "ask @Grace why"
    assert stage.turn.message == message.id
    assert discord.answers(message)[0].reference is message


@pytest.mark.parametrize(
    ("typed", "command", "text"),
    [
        ("/imagine a cat", "imagine", "a cat"),
        ("/Imagine\na cat", "imagine", "a cat"),
        ("/admin status", "admin status", ""),
        ("/admin grant <@{person}> 1.5", "admin grant", "user:{person} 1.5"),
        ("/admin announce <@{person}> left", "admin announce", "@Ada left"),
        ("/usage", "usage", ""),
        ("/etc/passwd is what?", "ask", "/etc/passwd is what?"),
        ("/", "ask", "/"),
    ],
)
async def test_a_command_may_be_typed_as_text(
    discord: DiscordStandin, open_stage: OpenStage, typed: str, command: str, text: str
) -> None:
    """After a mention, in private and in a thread a command is only text to Discord: it is run all the same,
    and opens no thread. Whom an admin mentions is known by an id, not by a name."""
    typed, text = (one.format(person=discord.person.id) for one in (typed, text))
    listed = (f"discord:channel:{discord.channel.id}",) if command != "ask" else ()
    async with open_stage(discord_threads=listed) as stage:
        mentioned = await discord.mention(typed)
        await discord.until(lambda: discord.answers(mentioned))
        assert (stage.turn.command, stage.turn.text) == (command, text)
        assert stage.turn.room == f"discord:{discord.channel.id}"
        private = await discord.say(typed, channel=discord.dm(discord.person))
        await discord.until(lambda: discord.answers(private))
        assert (stage.turn.command, stage.turn.text) == (command, text)


async def test_the_bots_role_is_the_bot(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """A mention of the role that Discord made for the bot counts; other roles are shown by name."""
    discord.gateway.intents_allowed |= MESSAGE_CONTENT
    async with open_stage(discord_message_content=True) as stage:
        message = await discord.say(f"<@&{discord.guild.bot_role}> hello")
        await discord.until(lambda: discord.answers(message))
        assert stage.turn.text == "hello"


async def test_everyone_is_not_the_bot(stage: Stage) -> None:
    """@everyone and talk between others are ignored."""
    discord = stage.discord
    await discord.say("@everyone hello")
    await discord.say("just talking")
    message = await discord.mention("now you")
    await discord.until(lambda: discord.answers(message))
    assert len(stage.core.turns) == 1


async def test_a_private_message_needs_no_mention(stage: Stage) -> None:
    """In a DM every message is a question, in one conversation for that chat."""
    discord = stage.discord
    chat = discord.dm(discord.person)
    message = await discord.say("hi there", channel=chat)
    await discord.until(lambda: discord.answers(message))
    assert stage.turn.text == "hi there"
    assert stage.turn.chat == f"discord:channel:{chat.id}"
    assert stage.turn.private
    assert stage.turn.shared


async def test_a_command_tells_the_language_of_its_person(stage: Stage) -> None:
    """A message does not: it is answered in the server's language until a command of the person gives
    theirs."""
    discord = stage.discord
    ben = discord.add_user("Ben", locale="de")
    message = await discord.mention("hi", user=ben)
    await discord.until(lambda: discord.answers(message))
    asked = await discord.slash("help", user=ben)
    await discord.until(lambda: asked.text)
    heard = [(turn.person.locale, turn.person.speaks) for turn in stage.core.turns]
    assert heard == [("en-US", ""), ("de", "de")]


async def test_a_reply_carries_what_it_answers(stage: Stage) -> None:
    """A reply to the bot quotes the bot's message, so that the conversation branches there."""
    discord = stage.discord
    first = await discord.mention("one")
    answer = (await discord.until(lambda: discord.answers(first)))[0]
    await discord.say("and two?", reply_to=answer)
    await discord.until(lambda: len(stage.core.turns) == 2)
    assert stage.turn.quote is not None
    assert stage.turn.quote.by_bot
    assert stage.turn.quote.message == answer.id


@pytest.mark.parametrize("can_read", [False, True])
async def test_what_cannot_be_read_is_no_question(
    discord: DiscordStandin, open_stage: OpenStage, *, can_read: bool
) -> None:
    """A sticker as a reply asks nothing, nor does a reply without a ping, whose text is missing without the
    intent. With it, that is a question."""
    discord.gateway.intents_allowed |= MESSAGE_CONTENT
    async with open_stage(discord_message_content=can_read) as stage:
        first = await discord.mention("one")
        answer = (await discord.until(lambda: discord.answers(first)))[0]
        await discord.say("", reply_to=answer)
        await discord.say("really?", reply_to=answer, pings=False)
        last = await discord.mention("two")
        await discord.until(lambda: any(one.reference is last for one in discord.answers(last)))
        assert sorted(turn.text for turn in stage.core.turns) == ["one", *["really?"][: int(can_read)], "two"]


@pytest.mark.parametrize("can_read", [False, True])
async def test_what_cannot_be_read_of_a_reply_is_said(
    discord: DiscordStandin, open_stage: OpenStage, *, can_read: bool
) -> None:
    """Without the intent the bot cannot read other people's messages: a person who asks about one in a reply is
    told how to ask instead, and /help does not mention it. In private chats, and of its own messages, nothing
    is hidden."""
    discord.gateway.intents_allowed |= MESSAGE_CONTENT
    chat, hint = discord.dm(discord.person), "“Ask about this”"
    async with open_stage(discord_message_content=can_read) as stage:
        unread = await discord.say("The sky is green")
        asked = await discord.mention("true?", reply_to=unread)
        (answer,) = await discord.until(lambda: discord.answers(asked))
        assert (hint in answer.content) is not can_read
        assert stage.core.replies[-1].surface.quotes is can_read
        for channel, earlier in ((discord.channel, answer), (chat, await discord.say("", channel=chat))):
            more = await discord.mention("sure?", reply_to=earlier, channel=channel)
            (hinted,) = await discord.until(lambda more=more: discord.answers(more))
            assert hint not in hinted.content


async def test_other_bots_are_ignored(stage: Stage) -> None:
    """A bot's mention is ignored unless the operator allows that bot."""
    discord = stage.discord
    robot = discord.add_user("Robot", bot=True)
    await discord.mention("beep", user=robot)
    message = await discord.mention("hello")
    await discord.until(lambda: discord.answers(message))
    assert [turn.text for turn in stage.core.turns] == ["hello"]


async def test_a_bot_that_replies_is_not_answered(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """An allowed bot is answered when it addresses us by itself, never when it replies to our answer, or speaks
    to others."""
    robot = discord.add_user("Robot", bot=True)
    async with open_stage(allow_bots=(f"discord:{robot.id}",)) as stage:
        message = await discord.mention("beep", user=robot)
        answer = (await discord.until(lambda: discord.answers(message)))[0]
        await discord.say(f"<@{discord.bot.id}> boop", user=robot, reply_to=answer)
        await discord.say("I have rebooted", user=robot)
        last = await discord.mention("hello")
        await discord.until(lambda: discord.answers(last))
        assert [turn.text for turn in stage.core.turns] == ["beep", "hello"]


async def test_bots_among_themselves_fall_silent(
    discord: DiscordStandin, open_stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An allowed bot that mentions us after every answer is soon ignored, until a person writes there."""
    monkeypatch.setattr("bots.discord.listen.BOT_QUESTIONS", 2)
    robot = discord.add_user("Robot", bot=True)
    async with open_stage(allow_bots=(f"discord:{robot.id}",)) as stage:
        for beep in ("one", "two"):
            asked = await discord.mention(beep, user=robot)
            await discord.until(lambda asked=asked: discord.answers(asked))
        await discord.mention("and on it goes", user=robot)
        person = await discord.mention("enough")
        await discord.until(lambda: discord.answers(person))
        again = await discord.mention("may I?", user=robot)
        await discord.until(lambda: discord.answers(again))
        assert [turn.text for turn in stage.core.turns] == ["one", "two", "enough", "may I?"]


async def test_bots_may_ask_again_after_a_while(
    discord: DiscordStandin, open_stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Old questions of an allowed bot do not count, though no person has written there."""
    monkeypatch.setattr("bots.discord.listen.BOT_QUESTIONS", 1)
    monkeypatch.setattr("bots.discord.listen.BOT_SECONDS", 0.0)
    robot = discord.add_user("Robot", bot=True)
    async with open_stage(allow_bots=(f"discord:{robot.id}",)) as stage:
        for beep in ("one", "two"):
            asked = await discord.mention(beep, user=robot)
            await discord.until(lambda asked=asked: discord.answers(asked))
        assert [turn.text for turn in stage.core.turns] == ["one", "two"]


async def test_a_webhook_is_no_person(stage: Stage) -> None:
    """Its messages are ignored, whatever name it uses, as nobody would pay."""
    discord = stage.discord
    await discord.mention("beep", user=discord.add_user("Hook"), webhook="123")
    message = await discord.mention("hello")
    await discord.until(lambda: discord.answers(message))
    assert [turn.text for turn in stage.core.turns] == ["hello"]


async def test_a_thread_per_conversation(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """Where DISCORD_THREADS names the channel, a mention opens a thread, in which no further mention is needed;
    messages between people there are ignored. If the mention is deleted, its answer in the thread is stopped.
    Elsewhere no thread is opened."""
    discord.gateway.intents_allowed |= MESSAGE_CONTENT
    other, bob = discord.add_channel("other"), discord.add_user("Bob")
    listed = (f"discord:channel:{discord.channel.id}",)
    async with open_stage(discord_threads=listed, discord_message_content=True) as stage:
        message = await discord.mention("what is a monad?")
        thread = await discord.until(lambda: discord.find_channel(message.id))
        assert thread.name == "what is a monad?"
        await discord.until(lambda: [one for one in discord.messages.values() if one.channel is thread])
        assert stage.turn.room == f"discord:{thread.id}"
        assert stage.turn.shared
        aside = await discord.say(f"<@{bob.id}> did you know?", channel=thread)
        no = await discord.say("no!", channel=thread, user=bob, reply_to=aside)
        await discord.say("it is true", channel=thread, reply_to=no, pings=False)
        more = await discord.say("and a functor?", channel=thread)
        await discord.until(lambda: discord.answers(more))
        elsewhere = await discord.mention("hi", channel=other)
        await discord.until(lambda: discord.answers(elsewhere))
        assert [turn.text for turn in stage.core.turns] == ["what is a monad?", "and a functor?", "hi"]
        assert discord.find_channel(elsewhere.id) is None
        await discord.delete(message)
        first = stage.core.turns[0]
        await until(lambda: (first.room, first.message) in stage.core.deleted)


@pytest.mark.parametrize("can_read", [False, True])
async def test_a_thread_says_what_is_heard_there(
    discord: DiscordStandin, open_stage: OpenStage, *, can_read: bool
) -> None:
    """Without the intent, messages without a mention do not arrive: the first answer in the thread says so, and
    no later one."""
    discord.gateway.intents_allowed |= MESSAGE_CONTENT
    hint = "In this thread I can read only"
    async with open_stage(discord_threads=("1",), discord_message_content=can_read):
        begun = await discord.mention("what is a monad?")
        thread = await discord.until(lambda: discord.find_channel(begun.id))
        (first,) = await discord.until(
            lambda: [one for one in discord.messages.values() if one.channel is thread]
        )
        assert (hint in first.content) is not can_read
        more = await discord.mention("and a functor?", channel=thread)
        (second,) = await discord.until(lambda: discord.answers(more))
        assert hint not in second.content


async def test_a_reply_to_an_answer_opens_no_thread(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """A conversation in the channel continues there."""
    async with open_stage(discord_threads=("1",)) as stage:
        interaction = await discord.slash("ask", {"question": "one"})
        await discord.until(lambda: interaction.text)
        reply = await discord.say("and two?", reply_to=interaction.messages[0])
        await discord.until(lambda: discord.answers(reply))
        assert discord.find_channel(reply.id) is None
        assert stage.turn.room == f"discord:{discord.channel.id}"


@pytest.mark.parametrize("is_denied", [True, False])
async def test_where_no_thread_can_be_opened_it_answers_in_the_channel(
    discord: DiscordStandin, open_stage: OpenStage, *, is_denied: bool
) -> None:
    """The answer is a reply, and names the missing permission, if that is why."""
    if is_denied:
        discord.channel.denied = PUBLIC_THREADS
    else:
        discord.faults = [Fault("^POST .*/threads", status=500, times=5)]
    async with open_stage(discord_threads=("1",)):
        message = await discord.mention("hello")
        answer = (await discord.until(lambda: discord.answers(message)))[0]
        assert "You said: hello" in answer.content
        assert ("Create Public Threads" in answer.content) is is_denied


async def test_rules_of_a_channel_hold_in_a_thread_that_is_opened_there(
    discord: DiscordStandin, open_stage: OpenStage
) -> None:
    """ALLOW and DENY name the channel, and the first question of a thread comes from there, too."""
    async with open_stage(discord_threads=("1",)) as stage:
        message = await discord.mention("hello")
        thread = await discord.until(lambda: discord.find_channel(message.id))
        await discord.until(lambda: stage.core.turns)
        assert stage.turn.room == f"discord:{thread.id}"
        assert f"discord:channel:{discord.channel.id}" in stage.turn.labels


async def test_talk_in_other_peoples_threads_is_not_for_the_bot(
    discord: DiscordStandin, open_stage: OpenStage
) -> None:
    """Only in threads that the bot opened is no mention needed: elsewhere every line would be asked and
    paid."""
    discord.gateway.intents_allowed |= MESSAGE_CONTENT
    thread = discord.thread(discord.channel)
    async with open_stage(discord_message_content=True) as stage:
        await discord.say("does anybody know?", channel=thread)
        message = await discord.mention("do you?", channel=thread)
        await discord.until(lambda: discord.answers(message))
        assert [turn.text for turn in stage.core.turns] == ["do you?"]


@pytest.mark.parametrize("called", ["@everyone", "@here", "<@&{role}>", "<@{person}>"])
async def test_who_calls_others_in_the_bots_thread_does_not_ask_it(
    discord: DiscordStandin, open_stage: OpenStage, called: str
) -> None:
    """Where no mention is needed, a message that mentions everybody, a role or a person is for them: it is
    neither answered nor paid."""
    discord.gateway.intents_allowed |= MESSAGE_CONTENT
    thread = discord.thread(discord.channel)
    thread.owner = discord.bot.id
    called = called.format(role=discord.add_role("Readers"), person=discord.add_user("Grace").id)
    async with open_stage(discord_message_content=True) as stage:
        await discord.say(f"{called} read this", channel=thread)
        message = await discord.say("and what is a monad?", channel=thread)
        await discord.until(lambda: discord.answers(message))
        assert [turn.text for turn in stage.core.turns] == ["and what is a monad?"]


async def test_a_forwarded_message_is_asked_about(stage: Stage) -> None:
    """A message forwarded into the private chat is what the question is about, with its picture."""
    discord = stage.discord
    original = await discord.say("look at my cat", files=(discord.file("cat.png", b"meow"),))
    sent = await discord.say("", channel=discord.dm(discord.person), forward=original)
    await discord.until(lambda: discord.answers(sent))
    assert stage.turn.quote is not None
    assert stage.turn.quote.text == "look at my cat"
    assert await stage.turn.quote.attachments[0].read(100) == b"meow"


async def test_a_forwarded_embed_is_asked_about(stage: Stage) -> None:
    """A forwarded message's embeds count like its text."""
    discord = stage.discord
    original = await discord.say("")
    original.embeds = [{"title": "Weather", "description": "Rain", "image": {"proxy_url": discord.cdn}}]
    sent = await discord.say("", channel=discord.dm(discord.person), forward=original)
    await discord.until(lambda: discord.answers(sent))
    assert stage.turn.quote is not None
    assert stage.turn.quote.text == "Weather\nRain"
    assert len(stage.turn.quote.attachments) == 1


async def test_who_is_not_let_in_opens_no_threads(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """The asker chooses a thread's title: a denied person is refused in the channel."""
    async with open_stage(discord_threads=("1",)) as stage:
        await stage.core.access.deny(f"discord:{discord.person.id}")
        message = await discord.mention("the moderators are thieves")
        await discord.until(lambda: discord.answers(message))
        assert discord.find_channel(message.id) is None

"""What people do becomes the right Turn, once."""

import re

import pytest

from core.errors import BadInput
from tests.adapters.discord.conftest import Stage, on_stage
from tests.standins.discord import MODERATOR, Channel, DiscordStandin
from tests.standins.discord.gateway import MESSAGE_CONTENT

PNG = b"\x89PNG not really"


async def test_a_slash_command_is_answered(stage: Stage) -> None:
    """A question asked with /ask is answered in place of "thinking", with every option passed on."""
    discord = stage.discord
    interaction = await discord.slash("ask", {"question": "why?", "temperature": 0.5})
    await discord.until(lambda: interaction.text == "You said: why?")
    turn = stage.turn
    assert (turn.command, turn.text, turn.args["temperature"]) == ("ask", "why?", 0.5)
    assert turn.person.id == f"discord:{discord.person.id}"
    assert turn.chat == f"discord:guild:{discord.guild.id}"
    assert turn.room == f"discord:{discord.channel.id}"
    assert {f"discord:channel:{discord.channel.id}", f"discord:user:{discord.person.id}"} <= turn.labels
    assert not turn.shared
    assert not turn.person.is_moderator


async def test_a_long_question_arrives_whole(stage: Stage) -> None:
    """The 6000 characters that Discord lets an option have arrive."""
    interaction = await stage.discord.slash("ask", {"question": "x" * 6000})
    await stage.discord.until(lambda: interaction.text)
    assert len(stage.turn.text) == 6000


async def test_a_subcommand_keeps_its_full_name(stage: Stage) -> None:
    """/admin caps is the command "admin caps", answered for the admin alone."""
    interaction = await stage.discord.slash("admin caps", {"change": "show"}, permissions=MODERATOR)
    await stage.discord.until(lambda: interaction.text)
    assert (stage.turn.command, stage.turn.args["change"]) == ("admin caps", "show")
    assert stage.turn.person.is_moderator
    assert [one.ephemeral for one in interaction.messages] == [True]


async def test_a_private_question_is_answered_for_the_asker_alone(stage: Stage) -> None:
    """/ask private:true is acknowledged as ephemeral, which cannot be changed later."""
    interaction = await stage.discord.slash("ask", {"question": "psst", "private": True})
    await stage.discord.until(lambda: interaction.text)
    assert [one.ephemeral for one in interaction.messages] == [True]


async def test_an_interaction_delivered_twice_is_handled_once(stage: Stage) -> None:
    """A replay after a lost connection does not ask, or pay, again."""
    interaction = await stage.discord.slash("ask", {"question": "once"})
    await stage.discord.until(lambda: interaction.text)
    await stage.discord.deliver(interaction)
    other = await stage.discord.slash("ask", {"question": "then"})
    await stage.discord.until(lambda: other.text)
    assert [turn.text for turn in stage.core.turns] == ["once", "then"]
    assert len(interaction.messages) == 1


async def test_events_replayed_by_a_resume_are_handled_once(stage: Stage) -> None:
    """A RESUME that repeats events which had arrived leads to no second answer."""
    discord = stage.discord
    message = await discord.mention("hello")
    await discord.until(lambda: discord.answers(message))
    discord.gateway.replay_extra = 3
    await discord.gateway.drop()
    await discord.gateway.reconnected()
    later = await discord.mention("again")
    await discord.until(lambda: discord.answers(later))
    assert discord.gateway.resumes == 1
    assert [turn.text for turn in stage.core.turns] == ["hello", "again"]


async def test_a_lost_session_is_begun_anew(stage: Stage) -> None:
    """Where Discord refuses to resume, the bot identifies again and goes on."""
    discord = stage.discord
    await discord.gateway.drop(resumable=False)
    await discord.until(lambda: discord.gateway.identifies == 2, timeout=20)
    interaction = await discord.slash("ask", {"question": "still there?"})
    await discord.until(lambda: interaction.text)


async def test_a_mention_is_a_question(stage: Stage) -> None:
    """Mentioning the bot asks it, without any intent for message content; the answer is a reply."""
    discord = stage.discord
    other = discord.add_user("Grace")
    message = await discord.mention(f"ask <@{other.id}> why")
    await discord.until(lambda: discord.answers(message))
    assert stage.turn.text == "ask @Grace why"
    assert stage.turn.message == message.id
    assert discord.answers(message)[0].reference is message


async def test_everyone_is_not_the_bot(stage: Stage) -> None:
    """@everyone and talk between others lead to nothing."""
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


async def test_other_bots_are_ignored(stage: Stage) -> None:
    """A bot's mention leads to nothing unless the operator allows that bot."""
    discord = stage.discord
    robot = discord.add_user("Robot", bot=True)
    await discord.mention("beep", user=robot)
    message = await discord.mention("hello")
    await discord.until(lambda: discord.answers(message))
    assert [turn.text for turn in stage.core.turns] == ["hello"]


async def test_an_allowed_bot_cannot_make_a_loop(discord: DiscordStandin) -> None:
    """An allowed bot is answered when it speaks to us first, never when it replies to our answer."""
    robot = discord.add_user("Robot", bot=True)
    async with on_stage(discord, allow_bots=(f"discord:{robot.id}",)) as stage:
        message = await discord.mention("beep", user=robot)
        answer = (await discord.until(lambda: discord.answers(message)))[0]
        await discord.say(f"<@{discord.bot.id}> boop", user=robot, reply_to=answer)
        last = await discord.mention("hello")
        await discord.until(lambda: discord.answers(last))
        assert [turn.text for turn in stage.core.turns] == ["beep", "hello"]


async def test_posted_pictures_are_read_within_bounds(stage: Stage) -> None:
    """A picture of the command is read from the CDN; one that is longer than allowed is refused."""
    discord = stage.discord
    picture = discord.file("cat.png", PNG)
    interaction = await discord.slash("ask", {"question": "what?", "picture": picture})
    await discord.until(lambda: interaction.text)
    (attachment,) = stage.turn.attachments
    assert (attachment.name, attachment.media_type, attachment.size) == ("cat.png", "image/png", len(PNG))
    assert await attachment.read(100) == PNG
    with pytest.raises(BadInput) as caught:
        await attachment.read(5)
    assert caught.value.message_key == "attachment-too-big"


async def test_an_expired_picture_is_looked_up_again(stage: Stage) -> None:
    """The address of an old picture has expired; the message gives a fresh one. A deleted one is gone."""
    discord = stage.discord
    picture = discord.file("cat.png", PNG)
    message = await discord.mention("what?", files=(picture,))
    await discord.until(lambda: discord.answers(message))
    (attachment,) = stage.turn.attachments
    picture.signature = "renewed"
    assert await attachment.read(100) == PNG
    picture.signature = "renewed again"
    await discord.delete(message)
    with pytest.raises(BadInput) as caught:
        await attachment.read(100)
    assert caught.value.message_key == "attachment-gone"


async def test_age_restricted_places_are_told_apart(discord: DiscordStandin) -> None:
    """Only an age-restricted channel, or a thread in one, counts as one; a DM as the operator says."""
    hidden = discord.add_channel("hidden", nsfw=True)
    thread = Channel(name="thread", type=11, guild=discord.guild, parent=hidden)
    discord.guild.channels.append(thread)
    async with on_stage(discord, discord_adult_dms=True) as stage:
        for place, is_adult in (
            (discord.channel, False),
            (hidden, True),
            (thread, True),
            (discord.dm(discord.person), True),
        ):
            interaction = await discord.slash("ask", {"question": "?"}, channel=place)
            await discord.until(lambda interaction=interaction: interaction.text)
            assert stage.turn.adult is is_adult
            assert stage.core.replies[-1].surface.adult is is_adult
        assert stage.turn.shared


async def test_a_thread_per_conversation(discord: DiscordStandin) -> None:
    """With DISCORD_THREADS a mention opens a thread, in which no further mention is needed."""
    discord.gateway.intents_allowed |= MESSAGE_CONTENT
    async with on_stage(discord, discord_threads=True, discord_message_content=True) as stage:
        message = await discord.mention("what is a monad?")
        thread = await discord.until(lambda: discord.find_channel(message.id))
        assert thread.name == "what is a monad?"
        await discord.until(lambda: stage.core.turns)
        assert stage.turn.room == f"discord:{thread.id}"
        assert stage.turn.shared
        await discord.until(lambda: [one for one in discord.messages.values() if one.channel is thread])


async def test_ask_about_this(stage: Stage) -> None:
    """The message command opens a prefilled form; the answer knows the message's text and pictures,
    though the bot could not have read that message itself."""
    discord = stage.discord
    target = await discord.say("look at my cat", files=(discord.file("cat.png", PNG),))
    opened = await discord.message_command("Ask about this", target)
    await discord.until(lambda: opened.modal)
    submitted = await discord.submit_modal(opened)
    await discord.until(lambda: submitted.text)
    turn = stage.turn
    assert (turn.command, turn.text) == ("ask", "What is in this picture?")
    assert turn.quote is not None
    assert turn.quote.text == "look at my cat"
    assert await turn.quote.attachments[0].read(100) == PNG


async def test_a_form_submitted_after_a_restart(discord: DiscordStandin) -> None:
    """A form that was open while the bot restarted is still understood: a message of the bot is read
    again, and of one that cannot be read the person is told what to do."""
    async with on_stage(discord):
        first = await discord.mention("one")
        answer = (await discord.until(lambda: discord.answers(first)))[0]
        ours = await discord.message_command("Continue from here", answer)
        await discord.until(lambda: ours.modal)
        theirs = await discord.message_command("Ask about this", await discord.say("unreadable"))
        await discord.until(lambda: theirs.modal)
    async with on_stage(discord) as stage:
        submitted = await discord.submit_modal(ours, "go on")
        await discord.until(lambda: submitted.text)
        assert stage.turn.quote is not None
        assert stage.turn.quote.message == answer.id
        told = await discord.submit_modal(theirs, "what?")
        await discord.until(lambda: "Use the command on it once more" in told.text)


async def test_autocomplete_offers_models_with_prices(stage: Stage) -> None:
    """What is typed narrows the models; each names its price."""
    choices = await stage.discord.autocomplete("ask", "model", "NANO")
    assert [choice["value"] for choice in choices] == ["gpt-4.1-nano"]
    assert re.search(r"\$0\.10 in, \$0\.40 out", choices[0]["name"])
    schedulers = await stage.discord.autocomplete("imagine", "scheduler", "karras")
    assert len(schedulers) > 5
    assert not stage.core.turns


async def test_autocomplete_after_its_deadline_harms_nothing(stage: Stage) -> None:
    """Choices that come too late are refused by Discord, and that is all."""
    discord = stage.discord
    opened = await discord.autocomplete("ask", "model", "x", wait=False)
    assert opened == []
    interaction = await discord.slash("ask", {"question": "go on"})
    await discord.until(lambda: interaction.text)


async def test_buttons_are_commands(stage: Stage) -> None:
    """A press becomes a Turn with the reference that the button carries, whoever made the message."""
    from bots.discord.buttons import write_id

    discord = stage.discord
    message = await discord.mention("hi")
    answer = (await discord.until(lambda: discord.answers(message)))[0]
    button = {
        "type": 2,
        "style": 2,
        "label": "New answer",
        "custom_id": write_id("mb", "regenerate", "abc-_123"),
    }
    answer.components = [{"type": 1, "components": [button]}]
    pressed = await discord.press(answer, "New answer")
    await discord.until(lambda: pressed.text)
    assert (stage.turn.command, stage.turn.args) == ("regenerate", {"ref": "abc-_123"})


async def test_a_deleted_message_is_told_to_core(stage: Stage) -> None:
    """Somebody deletes an answer: core hears of it, to stop paying for it."""
    discord = stage.discord
    message = await discord.mention("hi")
    answer = (await discord.until(lambda: discord.answers(message)))[0]
    await discord.delete(answer)
    await discord.until(lambda: True)
    other = await discord.mention("still there?")
    await discord.until(lambda: discord.answers(other))
    assert (f"discord:{discord.channel.id}", answer.id) in stage.core.deleted

"""What people do becomes the right Turn, once."""

from typing import Any

import pytest

from bots.discord.hook import EPHEMERAL
from core.answer import Action, Answer, Phase
from core.errors import BadInput
from tests.adapters.discord.conftest import OpenStage, Stage, answer_text, shows, waits
from tests.standins.discord import MODERATOR, Channel, DiscordStandin, Fault

PNG = b"\x89PNG not really"


async def test_a_slash_command_is_answered(stage: Stage) -> None:
    """A question asked with /ask is answered in place of "thinking", with every option passed on."""
    discord = stage.discord
    interaction = await discord.slash("ask", {"question": "why?", "temperature": 0.5})
    await discord.until(lambda: answer_text(interaction) == "You said: why?")
    turn = stage.turn
    assert (turn.command, turn.text, turn.args["temperature"]) == ("ask", "why?", 0.5)
    assert turn.person.id == f"discord:{discord.person.id}"
    assert turn.chat == f"discord:guild:{discord.guild.id}"
    assert turn.room == f"discord:{discord.channel.id}"
    named = (f"guild:{discord.guild.id}", f"channel:{discord.channel.id}", f"user:{discord.person.id}")
    assert {f"discord:{name}" for name in named} <= turn.labels
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
    """Where Discord refuses to resume while 20 answers grow, the bot identifies again: the answers are
    completed meanwhile, and it goes on."""
    discord = stage.discord
    stage.core.play, go = waits(Answer(Phase.DONE, "whole"), Answer(Phase.GROWING, "half"))
    asked = [await discord.slash("ask", {"question": "?"}) for _ in range(20)]
    await discord.until(lambda: all(answer_text(one) == "half" for one in asked))
    await discord.gateway.drop(resumable=False)
    go.set()
    await discord.until(lambda: all(answer_text(one) == "whole" for one in asked))
    await discord.until(lambda: discord.gateway.identifies == 2)
    later = await discord.slash("ask", {"question": "still there?"})
    await discord.until(lambda: answer_text(later) == "whole")


async def test_posted_pictures_are_read_within_bounds(stage: Stage) -> None:
    """A picture of the command is read from the CDN; one that is longer than allowed is refused, and so is one
    whose address has expired, as no message has another."""
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
    picture.signature = "renewed"
    with pytest.raises(BadInput) as caught:
        await attachment.read(100)
    assert caught.value.message_key == "attachment-gone"


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


async def test_a_server_may_ask_for_spoilers(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """Where DISCORD_SPOILERS names the server or the channel, made pictures are hidden until clicked."""
    other = discord.add_channel("other")
    async with open_stage(discord_spoilers=(f"discord:channel:{other.id}",)) as stage:
        for place in (discord.channel, other):
            interaction = await discord.slash("imagine", {"prompt": "x"}, channel=place)
            await discord.until(lambda interaction=interaction: interaction.text)
            assert stage.core.replies[-1].surface.spoilers is (place is other)


@pytest.mark.parametrize("dms", [True, False])
async def test_age_restricted_places_are_told_apart(
    discord: DiscordStandin, open_stage: OpenStage, dms: bool
) -> None:
    """Only an age-restricted channel, or a thread in one, counts as one; a DM as the operator says."""
    hidden = discord.add_channel("hidden", nsfw=True)
    thread = Channel(name="thread", type=11, guild=discord.guild, parent=hidden)
    discord.guild.channels.append(thread)
    async with open_stage(discord_adult_dms=dms) as stage:
        dm = discord.dm(discord.person)
        for place, is_adult in ((discord.channel, False), (hidden, True), (thread, True), (dm, dms)):
            interaction = await discord.slash("ask", {"question": "?"}, channel=place)
            await discord.until(lambda interaction=interaction: interaction.text)
            assert stage.turn.adult is is_adult
        assert stage.turn.shared


async def test_ask_about_this(stage: Stage) -> None:
    """The message command opens a prefilled form; the answer knows the message's text, pictures and embeds,
    though the bot could not have read that message itself, and everybody sees what was asked of which."""
    discord = stage.discord
    embedded = discord.file("preview.png", PNG + b" at all")
    target = await discord.say("look at my cat", files=(discord.file("cat.png", PNG),))
    target.embeds = [
        {"title": "Cats", "description": "All about them", "image": {"url": "x", "proxy_url": embedded.url}},
        {"image": {"url": "http://10.0.0.1/x.png", "proxy_url": "http://10.0.0.1/x.png"}},
    ]
    opened = await discord.message_command("Ask about this", target)
    submitted = await discord.submit_modal(opened)
    await discord.until(lambda: submitted.text)
    turn = stage.turn
    assert (turn.command, turn.text, turn.args) == ("ask", "What is in this picture?", {})
    assert turn.quote is not None
    assert turn.quote.text == "look at my cat\nCats\nAll about them"
    assert [await one.read(100) for one in turn.quote.attachments] == [PNG, PNG + b" at all"]
    link = f"https://discord.com/channels/{discord.guild.id}/{discord.channel.id}/{target.id}"
    assert submitted.text.startswith(f"> What is in this picture? {link}\n")


async def test_ask_about_everything_an_embed_says(stage: Stage) -> None:
    """Who wrote an embed, its fields and its small print are part of what is asked about, those of a forwarded
    message, too; the form asks about a picture only where there is one."""
    discord = stage.discord
    original = await discord.say("look")
    original.embeds = [
        {
            "author": {"name": "Build server"},
            "title": "Build 7",
            "fields": [{"name": "Result", "value": "failed"}, {"name": "Time", "value": "4 s"}],
            "footer": {"text": "main branch"},
        }
    ]
    script = discord.file("build.py", b"print(7)", "text/x-python")
    target = await discord.say("", forward=original, files=(script,))
    opened = await discord.message_command("Ask about this", target)
    submitted = await discord.submit_modal(opened)
    await discord.until(lambda: submitted.text)
    assert stage.turn.text == "What does this mean?"
    assert stage.turn.quote is not None
    expected = ["look", "Build server", "Build 7", "Result: failed", "Time: 4 s", "main branch"]
    assert stage.turn.quote.text.split("\n") == expected


@pytest.mark.parametrize(
    ("outcome", "expected"),
    [
        ({"emoji_id": "1", "emoji_name": "leaf", "text": "Green"}, ["Tea?", "Green (3/5)"]),
        ({"emoji_name": "🍵", "text": "Green"}, ["Tea?", "🍵 Green (3/5)"]),
        ({"emoji_name": "🍵"}, ["Tea?", "🍵 (3/5)"]),
        ({}, ["Tea?"]),
    ],
)
async def test_ask_about_the_outcome_of_a_poll(
    stage: Stage, outcome: dict[str, str], expected: list[str]
) -> None:
    """Discord posts it as an embed whose fields have names for programs: what people see is asked about."""
    discord = stage.discord
    fields = {"poll_question_text": "Tea?", "total_votes": "5"}
    if outcome:
        fields |= {"victor_answer_votes": "3", "victor_answer_id": "1"}
        fields |= {f"victor_answer_{name}": value for name, value in outcome.items()}
    target = await discord.say("", mentions=(discord.bot,))  # else a reply to it does not show it
    listed = [{"name": name, "value": value, "inline": False} for name, value in fields.items()]
    target.embeds = [{"type": "poll_result", "fields": listed}]
    message = await discord.mention("who won?", reply_to=target)
    await discord.until(lambda: discord.answers(message))
    assert stage.turn.quote is not None
    assert stage.turn.quote.text.split("\n") == expected


def boxed(discord: DiscordStandin) -> list[dict[str, Any]]:
    """A message of boxes: words, a picture beside some, pictures from elsewhere and one that was uploaded."""
    files = [discord.file(f"{name}.png", PNG + name.encode()) for name in ("thumb", "wide")]
    ours = [{"url": "https://x.test", "proxy_url": file.url} for file in files]
    foreign, film = ours[0] | {"proxy_url": "http://10.0.0.1/x.png"}, ours[0] | {"content_type": "video/mp4"}
    shown = [ours[1], foreign, film, ours[0] | {"attachment_id": "7"}]
    return [
        {
            "type": 17,
            "components": [
                {"type": 10, "content": "## Release 3.2"},
                {
                    "type": 9,
                    "components": [{"type": 10, "content": "Sockets"}],
                    "accessory": {"type": 11, "media": ours[0]},
                },
                {"type": 12, "items": [{"media": media} for media in shown]},
                {"type": 1, "components": [{"type": 2, "style": 5, "label": "More", "url": "https://x.test"}]},
            ],
        }
    ]


@pytest.mark.parametrize("way", ["menu", "reply", "forward"])
async def test_ask_about_boxes(stage: Stage, way: str) -> None:
    """A message whose words and pictures are all in components ("Components V2") is read like any other."""
    discord = stage.discord
    target = await discord.say("", mentions=(discord.bot,))
    target.flags, target.components = 1 << 15, boxed(discord)
    if way == "menu":
        opened = await discord.message_command("Ask about this", target)
        await discord.submit_modal(opened)
    else:
        refers = {"reply_to": target} if way == "reply" else {"forward": target}
        await discord.mention("what is new?", **refers)
    await discord.until(lambda: stage.core.turns)
    quote = stage.turn.quote
    assert quote is not None
    assert quote.text == "## Release 3.2\nSockets"
    assert [await one.read(100) for one in quote.attachments] == [PNG + b"thumb", PNG + b"wide"]


@pytest.mark.parametrize("way", ["menu", "reply"])
async def test_ask_about_a_poll_under_way(stage: Stage, way: str) -> None:
    """Its question and its answers are what is asked about; a server's own emoji has no meaning as a name."""
    discord = stage.discord
    choices = [
        {"text": "Pizza", "emoji": {"id": None, "name": "🍕"}},
        {"text": "Pasta", "emoji": {"id": "1", "name": "noodle"}},
        {"text": "Soup"},
    ]
    answers = [{"answer_id": number, "poll_media": one} for number, one in enumerate(choices, 1)]
    target = await discord.say("", mentions=(discord.bot,))
    target.poll = {
        "question": {"text": "What for lunch?"},
        "answers": answers,
        "expiry": "2030-01-01T00:00:00+00:00",
    }
    if way == "menu":
        opened = await discord.message_command("Ask about this", target)
        await discord.submit_modal(opened)
    else:
        await discord.mention("well?", reply_to=target)
    await discord.until(lambda: stage.core.turns)
    assert stage.turn.quote is not None
    assert stage.turn.quote.text == "What for lunch?\n- 🍕 Pizza\n- Pasta\n- Soup"


async def test_nothing_to_ask_about(stage: Stage) -> None:
    """Of a message in which nothing can be read no question is asked for: the person is told."""
    target = await stage.discord.say("")
    opened = await stage.discord.message_command("Ask about this", target)
    await stage.discord.until(lambda: opened.callback)
    assert "nothing in this message that I can read" in opened.text
    assert opened.messages[0].ephemeral
    assert opened.modal is None


@pytest.mark.parametrize("name", ["Ask about this", "Continue from here"])
async def test_what_only_the_asker_saw_stays_with_the_asker(stage: Stage, name: str) -> None:
    """A question about a private answer is private, too: it is not carried into the channel."""
    discord = stage.discord
    asked = await discord.slash("ask", {"question": "my secret", "private": True})
    await discord.until(lambda: asked.text and "You said" in asked.text)
    opened = await discord.message_command(name, asked.messages[0])
    done = await discord.submit_modal(opened, "and now?")
    await discord.until(lambda: done.text and "You said" in done.text)
    assert done.messages[0].flags & EPHEMERAL
    assert stage.turn.args["private"] is True
    assert stage.turn.quote is not None
    assert stage.turn.quote.message == asked.messages[0].id


async def test_two_people_ask_about_one_message(stage: Stage) -> None:
    """Two forms about the same picture are open at once: both are answered, though the bot cannot read its
    message."""
    discord = stage.discord
    target = await discord.say("", files=(discord.file("cat.png", PNG),))
    people = (discord.person, discord.add_user("bob"))
    opened = [await discord.message_command("Ask about this", target, user=one) for one in people]
    await discord.until(lambda: all(one.modal for one in opened))
    for number, one in enumerate(opened):
        submitted = await discord.submit_modal(one, f"question {number}")
        await discord.until(lambda submitted=submitted: submitted.text)
        assert answer_text(submitted) == f"You said: question {number}"


async def test_a_form_submitted_after_a_restart(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """A form that was open while the bot restarted is still understood: a message of the bot is read
    again, and of one that cannot be read the person is told what to do."""
    async with open_stage():
        first = await discord.mention("one")
        answer = (await discord.until(lambda: discord.answers(first)))[0]
        ours = await discord.message_command("Continue from here", answer)
        await discord.until(lambda: ours.modal)
        theirs = await discord.message_command("Ask about this", await discord.say("unreadable"))
        await discord.until(lambda: theirs.modal)
    async with open_stage() as stage:
        submitted = await discord.submit_modal(ours, "go on")
        await discord.until(lambda: submitted.text)
        assert stage.turn.quote is not None
        assert stage.turn.quote.message == answer.id
        discord.faults = [Fault("^DELETE /webhooks", status=500)]
        expected = await discord.submit_modal(theirs, "what?")
        await discord.until(lambda: "use the command again" in expected.text)


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


async def test_discord_knows_who_asked(stage: Stage) -> None:
    """Whose answer a button stands under, Discord says itself: who gave the command, or wrote what is replied
    to. So people can take their answers away after everything about them was erased."""
    discord = stage.discord
    delete = Action("delete", "AbCdEfGh_-123456", "Delete")
    stage.core.play = shows(Answer(Phase.DONE, "yes", actions=(delete,)))
    command = await discord.slash("ask", {"question": "?"})
    await discord.until(lambda: command.messages and command.messages[0].buttons)
    mention = await discord.mention("?")
    (replied,) = await discord.until(lambda: [one for one in discord.answers(mention) if one.buttons])
    eve = discord.add_user("Eve")
    command.messages[0].reference = await discord.say("asked about", user=eve)  # as of a message's menu
    for answer in (command.messages[0], replied):
        for person, is_asker in ((discord.person, True), (eve, False)):
            pressed = await discord.press(answer, "Delete", user=person)
            await discord.until(lambda pressed=pressed: stage.turn.id == f"discord:{pressed.id}")
            assert stage.turn.asker is is_asker

"""What people do on Telegram, and the turns that core gets."""

import asyncio
import io
import time

import pytest
from PIL import Image

from bots.telegram import members
from core.answer import Action, Answer, Choice, Phase, Picture, Reply
from core.draft import present
from core.errors import BadInput
from core.turn import Turn
from tests.adapters.telegram.stage import OpenStage, Stage, picture
from tests.contracts.reply import REF
from tests.standins.telegram import TelegramStandin
from tests.waiting import until

NAME = "@minitool_test_bot"


async def test_private_messages_need_no_command(stage: Stage) -> None:
    """Person, chat and text of a private message; the answer replies to it."""
    alice = stage.telegram.person("Alice", language="de")
    sent = await stage.telegram.say("Was ist ein Fjord?", user=alice)
    turn = await stage.turn()
    assert (turn.command, turn.text, turn.message) == ("ask", "Was ist ein Fjord?", str(sent.id))
    assert (turn.person.id, turn.person.name, turn.person.locale) == (f"telegram:{alice.id}", "Alice", "de")
    assert turn.chat == f"telegram:chat:{alice.id}"
    assert turn.labels == {f"telegram:{alice.id}", f"telegram:user:{alice.id}", f"telegram:chat:{alice.id}"}
    assert turn.private
    assert turn.shared
    answer = await stage.telegram.message(chat=alice)
    assert answer.reply_to is sent


async def test_groups_need_a_command_a_mention_or_a_reply(stage: Stage) -> None:
    """In groups only messages addressed to the bot are answered, with or without privacy mode."""
    telegram = stage.telegram
    telegram.world.privacy = False
    alice, group = telegram.person(), telegram.group()
    await telegram.say("small talk", user=alice, chat=group)
    await telegram.say("/ask@other_bot no", user=alice, chat=group)
    await telegram.say("/whoever", user=alice, chat=group)
    await telegram.say("@other_bot small talk", user=alice, chat=group)
    await telegram.say("/ask one", user=alice, chat=group)
    await telegram.say(f"😀 hey {NAME.upper()} two?", user=alice, chat=group)
    await telegram.say(f"/ask{NAME} three", user=alice, chat=group)
    answer = await telegram.message(lambda message: "three" in message.text, chat=group)
    await telegram.say("four", user=alice, chat=group, reply_to=answer)
    await stage.turn(4)
    assert [turn.text for turn in stage.core.turns] == ["one", "😀 hey  two?", "three", "four"]
    last = stage.core.turns[-1]
    assert last.quote is not None
    assert last.quote.by_bot
    assert last.quote.message == str(answer.id)
    assert not last.shared


async def test_topics_are_rooms(stage: Stage) -> None:
    """A topic is a room of its own, where answers stay. Its opening message is no quote, an answer is one."""
    telegram = stage.telegram
    alice, forum = telegram.person(), telegram.group("Forum")
    opening = telegram.world.post(forum, alice, text="Fjords")
    forum.topics, forum.is_forum = {opening.id}, True
    await telegram.say("/ask hi", user=alice, chat=forum, thread=opening.id, reply_to=opening)
    turn = await stage.turn()
    assert (turn.room, turn.quote) == (f"telegram:{forum.id}:{opening.id}", None)
    assert turn.shared
    answer = await telegram.message(chat=forum)
    assert answer.thread == opening.id
    await telegram.say("why?", user=alice, chat=forum, thread=opening.id, reply_to=answer)
    quote = (await stage.turn(2)).quote
    assert quote is not None
    assert quote.message == str(answer.id)


async def test_pictures_are_read_without_showing_their_address(stage: Stage) -> None:
    """A caption's command, the right size, its bytes; the token appears nowhere."""
    telegram = stage.telegram
    alice, group = telegram.person(), telegram.group()
    await telegram.say("/ask what is it?", user=alice, chat=group, photo=picture(2000, 1500))
    turn = await stage.turn()
    assert turn.text == "what is it?"
    (attachment,) = turn.attachments
    data = await attachment.read(5_000_000)
    with Image.open(io.BytesIO(data)) as shown:
        assert shown.size == (1280, 960)
    with pytest.raises(BadInput) as refused:
        await attachment.read(100)
    secret = telegram.token.partition(":")[2]
    assert secret not in f"{turn!r} {attachment!r} {refused.value!r} {attachment.token}"
    telegram.world.files.clear()
    with pytest.raises(BadInput) as gone:
        await attachment.read(5_000_000)
    assert gone.value.message_key == "attachment-gone"
    assert gone.value.__cause__ is None


async def test_ask_alone_is_about_the_message_it_answers(stage: Stage) -> None:
    """A bare /ask as a reply to somebody's picture, document or text."""
    telegram = stage.telegram
    alice, bob, group = telegram.person(), telegram.person("Bob"), telegram.group()
    shown = await telegram.say("my holiday", user=bob, chat=group, photo=picture())
    await telegram.say("/ask", user=alice, chat=group, reply_to=shown)
    quote = (await stage.turn()).quote
    assert quote is not None
    assert (quote.author, quote.text, quote.by_bot) == ("Bob", "my holiday", False)
    assert len(quote.attachments) == 1
    paper = await telegram.say("", user=bob, chat=group, document=("a.png", "image/png", picture()))
    await telegram.say("/ask what is it", user=alice, chat=group, reply_to=paper)
    second = (await stage.turn(2)).quote
    assert second is not None
    assert second.attachments[0].media_type == "image/png"


async def test_an_album_is_one_question(stage: Stage) -> None:
    """All pictures of an album belong to the caption's question, also in a group without privacy mode."""
    telegram = stage.telegram
    telegram.world.privacy = False
    alice, group = telegram.person(), telegram.group()
    await telegram.album([picture()] * 3, f"{NAME} which one?", user=alice, chat=group)
    turn = await stage.turn()
    assert (turn.text, len(turn.attachments)) == ("which one?", 3)
    await telegram.album([picture()] * 2, "not for you", user=alice, chat=group)
    await telegram.say("/ask done", user=telegram.person("Bob"), chat=group)
    await until(lambda: stage.core.turns[-1].text == "done")
    assert len(stage.core.turns) == 2
    assert all([await one.read(5_000_000) for one in turn.attachments])


@pytest.mark.parametrize("is_quoted", [False, True])
@pytest.mark.parametrize("has_privacy", [False, True])
async def test_an_unseen_part_of_an_album_is_reported(
    stage: Stage, *, is_quoted: bool, has_privacy: bool
) -> None:
    """In privacy mode only the message that addresses the bot, or is replied to, reaches it: the person is told
    that the other pictures are missing. If all are seen, nothing is said."""
    telegram, group = stage.telegram, stage.telegram.group()
    telegram.world.privacy = has_privacy
    alice, bob = telegram.person(), telegram.person("Bob")
    asker, words = (bob, "my holiday") if is_quoted else (alice, f"{NAME} which one?")
    album = await telegram.album([picture(), picture(1200)], words, user=asker, chat=group)
    if is_quoted:
        await telegram.say("/ask which one?", user=alice, chat=group, reply_to=album[1])
    turn = await stage.turn()
    await telegram.message(lambda one: "You said" in one.text, chat=group)
    seen = turn.quote.attachments if turn.quote else turn.attachments
    assert len(seen) == (1 if has_privacy else 2)
    assert any("only one picture" in one.text for one in telegram.messages(group)) is has_privacy


async def test_only_who_may_ask_hears_of_an_album(stage: Stage) -> None:
    """A denied person is told once that they are, by core, and nothing about the album."""
    telegram, group = stage.telegram, stage.telegram.group()
    telegram.world.privacy = True
    alice, bob = telegram.person(), telegram.person("Bob")
    await stage.core.access.deny(f"telegram:{bob.id}")
    await telegram.album([picture(), picture(1200)], f"{NAME} which one?", user=bob, chat=group)
    await telegram.say("/ask done", user=alice, chat=group)
    await until(lambda: {turn.text for turn in stage.core.turns} == {"which one?", "done"})
    await stage.settled()
    assert not any("only one picture" in one.text for one in telegram.messages(group))


async def test_the_bots_own_album_is_known(stage: Stage) -> None:
    """A reply to any of its messages, also the one with the buttons, is about all its pictures."""
    telegram, group, alice = stage.telegram, stage.telegram.group(), stage.telegram.person()
    made = tuple(Picture(picture(), "image/png", f"{name}.png", name) for name in "ab")
    album = Answer(Phase.DONE, pictures=made, note="done", actions=(Action("delete", REF, "Delete"),))

    async def play(turn: Turn, reply: Reply) -> None:
        await reply.show(album if turn.text == "two" else Answer(Phase.DONE, note="done"))

    stage.core.play = play
    await telegram.say("/ask two", user=alice, chat=group)
    last = await telegram.message(lambda one: "Delete" in one.buttons, chat=group)
    shown = telegram.messages(group)
    assert [bool(one.album) for one in shown] == [True, True, False]
    await stage.settled()
    for number, one in enumerate((last, *shown[:2])):
        await telegram.say("what is on it?", user=alice, chat=group, reply_to=one)
        quote = (await stage.turn(number + 2)).quote
        assert quote is not None
        assert (quote.by_bot, len(quote.attachments)) == (True, 2)
    await stage.settled()
    assert not any("only one picture" in one.text for one in telegram.messages(group))


async def test_a_text_and_the_picture_right_behind_it_are_one_question(
    open_stage: OpenStage, standin: TelegramStandin
) -> None:
    """A forward with a comment comes as two messages; a later picture is a new question."""
    alice = standin.person()
    async with open_stage(burst_quiet_s=1.0, burst_lead_s=1.0) as stage:
        await standin.say("Where is this?", user=alice)
        await standin.say("", user=alice, photo=picture())
        turn = await stage.turn()
        assert (turn.text, len(turn.attachments)) == ("Where is this?", 1)
        await standin.say("", user=alice, photo=picture())
        assert len((await stage.turn(2)).attachments) == 1


async def test_a_long_paste_is_one_question(stage: Stage) -> None:
    """Parts that a client split at 4096 characters are joined."""
    alice = stage.telegram.person()
    await stage.telegram.say("a" * 4096, user=alice)
    await stage.telegram.say("b" * 100, user=alice)
    turn = await stage.turn()
    assert turn.text == "a" * 4096 + "\n" + "b" * 100
    await stage.settled()
    assert len(stage.core.turns) == 1


async def test_recordings_are_refused_politely(stage: Stage) -> None:
    """A voice message gets one sentence in the person's language, and costs nothing."""
    alice = stage.telegram.person(language="de")
    voice = {"file_id": "v", "file_unique_id": "v", "duration": 3}
    await stage.telegram.say("", user=alice, voice=voice)
    assert "Ich lese Texte" in (await stage.telegram.message(chat=alice)).text
    assert stage.core.turns == []


async def test_whom_the_bot_does_not_answer(open_stage: OpenStage, standin: TelegramStandin) -> None:
    """Other bots (unless allowed), automatic forwards of channels, the bot's own inline cards, business chats,
    what is written to a channel in private, unknown kinds of messages."""
    robot, friend = standin.person("Robot", is_bot=True), standin.person("Friend", is_bot=True)
    alice, group = standin.person(), standin.group()
    async with open_stage(allow_bots=f"telegram:{friend.id}") as stage:
        await standin.say("/ask beep", user=robot, chat=group)
        await standin.say("/ask post", user=alice, chat=group, is_automatic_forward=True)
        await standin.say("/ask card", user=alice, chat=group, via_bot=standin.world.bot.wire())
        standin.update("business_message", {"message_id": 1, "date": 1, "chat": group.wire(), "text": "hi"})
        private = {
            "chat": {**group.wire(), "is_direct_messages": True},
            "direct_messages_topic": {"topic_id": 5},
        }
        standin.update("message", {**standin.world.post(group, alice, text="/ask channel").wire(), **private})
        standin.update("brand_new_kind", {"anything": [1, 2, 3]})
        standin.update("message", {"message_id": "not a number"})
        await standin.say("/ask friend", user=friend, chat=group)
        assert (await stage.turn()).text == "friend"
        await stage.settled()
        assert len(stage.core.turns) == 1


async def test_who_hides_behind_a_channel_is_asked_to_show_up(stage: Stage) -> None:
    """A person who writes as a channel could press no button, and DENY would not know them: they get a hint
    instead of an answer, also after an edit. Their other messages, and a channel's automatic forwards, get no
    response."""
    telegram, group = stage.telegram, stage.telegram.group()
    telegram.world.privacy = False
    channel, bot = {"id": -100777, "type": "channel", "title": "News"}, telegram.person("Channel", is_bot=True)
    await telegram.say("/ask why?", user=bot, chat=group, sender_chat=channel, is_automatic_forward=True)
    await telegram.say("Good morning", user=bot, chat=group, sender_chat=channel)
    asked = await telegram.say("/ask why?", user=bot, chat=group, sender_chat=channel)
    sent = await telegram.message(chat=group)
    assert "under your own name" in sent.text
    await telegram.edit(asked, "/ask why not?")
    await telegram.say("/ask where?", user=bot, chat=group, sender_chat=channel, date=int(time.time()) - 3600)
    await telegram.say("/help", user=telegram.person(), chat=group)
    assert (await stage.turn()).command == "help"
    await stage.settled()
    assert len(telegram.messages(group)) == 2


async def test_moderators_are_known_by_telegrams_rules(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """Commands that are not for everybody come with whether the person manages the group, which is cached for a
    few minutes."""
    alice, bob, group = stage.telegram.person(), stage.telegram.person("Bob"), stage.telegram.group()
    group.admins.add(alice.id)
    for user in (alice, bob, alice):
        await stage.telegram.say("/persona", user=user, chat=group)
    await stage.turn(3)
    assert [turn.person.is_moderator for turn in stage.core.turns] == [True, False, True]
    assert len(stage.telegram.calls_of("getChatMember")) == 2
    monkeypatch.setattr(members, "MAX_AGE_S", 0.0)  # they have passed
    group.admins.remove(alice.id)
    await stage.telegram.say("/persona", user=alice, chat=group)
    assert not (await stage.turn(4)).person.is_moderator


async def test_commands_with_words(stage: Stage) -> None:
    """A command's text is passed on; core knows which options it means."""
    alice = stage.telegram.person()
    for text in (
        "/start",
        "/model gpt-4o",
        "/admin grant telegram:5 0.50",
        "/imagine a fox --steps 6",
        "/nope",
        "/cancel",
        "/try again",
    ):
        await stage.telegram.say(text, user=alice)
    await stage.turn(7)
    assert [(turn.command, turn.text) for turn in stage.core.turns] == [
        ("help", ""),
        ("model", "gpt-4o"),
        ("admin grant", "telegram:5 0.50"),
        ("imagine", "a fox --steps 6"),
        ("/nope", ""),
        ("/cancel", ""),  # a button's, which nobody types
        ("/try", "again"),  # so is this
    ]
    assert not any(turn.args for turn in stage.core.turns)


async def test_a_press_is_a_turn_and_a_line_is_a_notice(stage: Stage) -> None:
    """A one-line result of a button is shown to the presser only."""
    telegram = stage.telegram

    async def play(turn: Turn, reply: Reply) -> None:
        if turn.command == "ask":
            await present(reply, Answer(Phase.DONE, "Hi", actions=(Action("stop", REF, "Stop"),)), locale="en")
        else:
            phase = Phase.FAILED if turn.command == "stop" else Phase.DONE
            await present(reply, Answer(phase, note="That is over.", alert=True), locale="en")

    stage.core.play = play
    alice, bob, group = telegram.person(), telegram.person("Bob"), telegram.group()
    await telegram.say("/ask hi", user=alice, chat=group)
    message = await telegram.message(chat=group)
    for data in (f"!stop:{REF}", "!new:"):
        pressed = await telegram.press_data(message, data, user=bob)
        assert (pressed.text, pressed.alert) == ("That is over.", True)
    turn = await stage.turn(2)
    assert (turn.command, dict(turn.args), turn.person.id) == ("stop", {"ref": REF}, f"telegram:{bob.id}")
    assert len(telegram.messages(group)) == 1
    assert (await telegram.press_data(message, "garbage", user=bob)).text == ""
    assert len(stage.core.turns) == 3


async def test_what_a_press_led_to_is_withdrawn_alone(stage: Stage) -> None:
    """If the result of a press is shown elsewhere by now, its own message is removed, not the one with the
    button."""
    telegram, over = stage.telegram, asyncio.Event()

    async def play(turn: Turn, reply: Reply) -> None:
        if turn.command == "ask":
            await present(
                reply, Answer(Phase.DONE, "Hi", actions=(Action("again", REF, "Again"),)), locale="en"
            )
            return
        await present(reply, Answer(Phase.DONE, "Once more."), locale="en")
        assert len(telegram.messages(alice)) == 2
        await present(reply, Answer(Phase.DONE, withdraw=True), locale="en")
        over.set()

    stage.core.play, alice = play, telegram.person()
    await telegram.say("/ask hi", user=alice)
    message = await telegram.message(chat=alice)
    await telegram.press(message, "Again", user=alice)
    await over.wait()
    assert telegram.messages(alice) == [message]


async def test_a_picker_becomes_what_was_picked(stage: Stage) -> None:
    """A choice is a turn with its value; its result replaces the list."""
    telegram = stage.telegram

    async def play(turn: Turn, reply: Reply) -> None:
        if turn.arg("value"):
            await present(reply, Answer(Phase.DONE, note=f"{turn.arg('value')} it is."), locale="en")
        else:
            choices = tuple(Choice("model", name, name.upper()) for name in ("a", "b"))
            await present(reply, Answer(Phase.DONE, note="Which?", choices=choices), locale="en")

    stage.core.play = play
    alice = telegram.person()
    await telegram.say("/model", user=alice)
    picker = await telegram.message(chat=alice)
    await telegram.press(picker, "B", user=alice)
    await until(lambda: picker.text == "b it is.")
    assert picker.buttons == ()
    assert len(telegram.messages(alice)) == 1


async def test_a_button_may_ask_for_a_text_first(stage: Stage) -> None:
    """Vary: the bot asks, the person replies, and the reply is the new prompt; after a restart, too."""
    telegram = stage.telegram

    async def play(turn: Turn, reply: Reply) -> None:
        await present(
            reply, Answer(Phase.DONE, "Fox", actions=(Action("vary", REF, "Vary", asks="a fox"),)), locale="en"
        )

    stage.core.play = play
    alice, group = telegram.person("Älice 🦊"), telegram.group()
    await telegram.say("/imagine a fox", user=alice, chat=group)
    message = await telegram.message(chat=group)
    await telegram.press(message, "Vary", user=alice)
    question = await telegram.message(lambda one: "forced_reply" in one.extra, chat=group)
    await telegram.say("a blue fox", user=alice, chat=group, reply_to=question)
    turn = await stage.turn(2)
    assert (turn.command, turn.text, dict(turn.args)) == ("vary", "a blue fox", {"ref": REF})

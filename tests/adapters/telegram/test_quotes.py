"""Messages that people refer to: whole, in part, or of another chat."""

import time

import pytest

from tests.adapters.telegram.stage import Stage, picture
from tests.waiting import until

DELETED = ""  # the name that Telegram gives for a deleted account


async def test_a_marked_part_is_what_is_meant(stage: Stage) -> None:
    """A reply that marks a part of an answer quotes that part; any other quotes the whole."""
    telegram = stage.telegram
    alice = telegram.person()
    await telegram.say("hello", user=alice)
    answer = await telegram.message(lambda message: bool(message.text))
    await telegram.say("all of it?", user=alice, reply_to=answer)
    whole = (await stage.turn(2)).quote
    marked = {"text": "quoted", "position": 4, "is_manual": True}
    await telegram.say("this?", user=alice, reply_to=answer, quote=marked)
    part = (await stage.turn(3)).quote
    assert whole is not None
    assert part is not None
    assert (whole.text, whole.is_part, whole.by_bot) == ("You said: hello", False, True)
    assert (part.text, part.is_part, part.message) == ("quoted", True, whole.message)


async def test_the_first_message_of_a_thread_can_be_asked_about(stage: Stage) -> None:
    """A supergroup's threads have the id of their first message: a reply to it quotes it all the same."""
    telegram, group = stage.telegram, stage.telegram.group()
    bob, alice = telegram.person("Bob"), telegram.person()
    photo = await telegram.say("my beach", user=bob, chat=group, photo=picture())
    asked = await telegram.say("/ask what is this?", user=alice, chat=group, reply_to=photo)
    assert asked.wire()["message_thread_id"] == photo.id
    turn = await stage.turn()
    assert turn.quote is not None
    assert (turn.quote.text, len(turn.quote.attachments)) == ("my beach", 1)
    assert turn.room == f"telegram:{group.id}"


async def test_what_another_chat_said_can_be_asked_about(stage: Stage) -> None:
    """A reply to a message of another chat includes its text, and who wrote it; a bare /ask is about it. Of one
    without words it includes the picture, or what can be described; a recording costs nothing."""
    telegram = stage.telegram
    alice, bob, news = telegram.person(), telegram.person("Bob"), telegram.group("News").wire()
    quote = {"text": "Fjords are drowned valleys.", "position": 0}
    for number, (text, origin, author) in enumerate(
        (
            ("is that so?", {"type": "user", "sender_user": bob.wire()}, "Bob"),
            ("/ask", {"type": "user", "sender_user": telegram.person(DELETED).wire()}, ""),
            ("/ask", {"type": "hidden_user", "sender_user_name": "Carol"}, "Carol"),
            ("/ask", {"type": "chat", "sender_chat": news}, "News"),
            ("/ask", {"type": "channel", "chat": news, "message_id": 5}, "News"),
        )
    ):
        reply = {"origin": {**origin, "date": 1}, "message_id": 5}
        await telegram.say(text, user=alice, quote=quote, external_reply=reply)
        found = (await stage.turn(number + 1)).quote
        assert found is not None
        assert (found.author, found.text, found.by_bot) == (author, "Fjords are drowned valleys.", False)
    shown = {**reply, **telegram.world.photo(picture())}
    await telegram.say("what is it?", user=alice, external_reply=shown)
    turn = await stage.turn(6)
    assert (turn.quote, len(turn.attachments)) == (None, 1)
    voice = {"voice": {"file_id": "a", "file_unique_id": "a", "duration": 1}}
    await telegram.say("what is it?", user=alice, external_reply={**reply, **voice})
    await telegram.message(lambda one: "recordings" in one.text, chat=alice)
    for number, (told, words) in enumerate(
        (({"location": PLACE}, "1.5, 2.0"), (LIST, "Trip\n- Passports\n- Tent"))
    ):
        await telegram.say("what is it?", user=alice, external_reply={**reply, **told})
        found = (await stage.turn(7 + number)).quote
        assert found is not None
        assert (found.author, found.text) == ("News", words)


async def test_what_is_asked_in_a_thread_is_about_what_it_replies_to(stage: Stage) -> None:
    """Telegram also gives the first message of the thread, even where a reply is to one of another chat."""
    telegram, group = stage.telegram, stage.telegram.group()
    alice, news = telegram.person(), telegram.group("News").wire()
    first = await telegram.say("/ask hello", user=alice, chat=group)
    answer = await telegram.message(chat=group)
    reply = {"origin": {"type": "channel", "chat": news, "message_id": 5, "date": 1}, "message_id": 5}
    more = {"quote": {"text": "Fjords are valleys.", "position": 0}, "external_reply": reply}
    await telegram.say("so they say", user=alice, chat=group, reply_to=answer, **more)
    await telegram.say("/ask", user=alice, chat=group, reply_to=first, **more)
    turn = await stage.turn(2)
    assert turn.quote is not None
    assert (turn.text, turn.quote.author, turn.quote.text) == ("", "News", "Fjords are valleys.")


async def test_what_somebody_wrote_can_be_painted(stage: Stage) -> None:
    """A bare /imagine as a reply takes the message's text, or its marked part. Without text the bot asks for a
    prompt: a picture is none."""
    telegram, group = stage.telegram, stage.telegram.group()
    alice, bob = telegram.person(), telegram.person("Bob")
    photo = await telegram.say(user=bob, chat=group, photo=picture())
    await telegram.say("/imagine", user=alice, chat=group, reply_to=photo)
    await telegram.message(lambda one: "forced_reply" in one.extra, chat=group)
    words = await telegram.say("a fox in the snow", user=bob, chat=group)
    await telegram.say("/imagine", user=alice, chat=group, reply_to=words)
    marked = {"text": "the snow", "position": 9, "is_manual": True}
    await telegram.say("/imagine", user=alice, chat=group, reply_to=words, quote=marked)
    for number, text in ((1, words.text), (2, "the snow")):
        turn = await stage.turn(number)
        assert (turn.command, turn.text, turn.quote and turn.quote.text) == ("imagine", "", text)


async def test_what_says_nothing_is_not_asked_about(stage: Stage) -> None:
    """A question about a game is not asked or paid. A poll has text; a location, a sticker and dice can be
    described."""
    telegram, group = stage.telegram, stage.telegram.group()
    alice, bob = telegram.person(), telegram.person("Bob")
    sticker = {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1}
    for number, is_video in enumerate((True, False)):
        moving = {**sticker, "is_animated": not is_video, "is_video": is_video}
        quoted = await telegram.say(user=bob, chat=group, sticker=moving)
        await telegram.say("/ask what is this?", user=alice, chat=group, reply_to=quoted)
        await until(lambda: len(telegram.messages(group)) == number + 1)  # noqa: B023
        assert "I cannot use" in telegram.messages(group)[-1].text
    place = {"latitude": 1.5, "longitude": 2.0}
    venue = {"location": place, "title": "Zoo", "address": "Main Street"}
    for number, (extra, words) in enumerate(
        (
            ({"sticker": {**moving, "emoji": "🦊"}}, "🦊"),
            ({"location": place}, "1.5, 2.0"),
            ({"location": place, "venue": venue}, "Zoo, Main Street"),
            ({"dice": {"emoji": "🎲", "value": 4}}, "🎲 4"),
        )
    ):
        quoted = await telegram.say(user=bob, chat=group, **extra)
        await telegram.say("/ask what is this?", user=alice, chat=group, reply_to=quoted)
        turn = await stage.turn(number + 1)
        assert turn.quote is not None
        assert turn.quote.text == words
    options = [{"text": text, "voter_count": 0, "persistent_id": text} for text in ("Tea", "Water")]
    poll = {
        "id": "1",
        "question": "What to drink?",
        "options": options,
        "total_voter_count": 0,
        "type": "regular",
    }
    flags = ("is_closed", "is_anonymous", "allows_multiple_answers", "allows_revoting", "members_only")
    quoted = await telegram.say(user=bob, chat=group, poll=poll | dict.fromkeys(flags, False))
    await telegram.say("/ask which?", user=alice, chat=group, reply_to=quoted)
    quote = (await stage.turn(5)).quote
    assert quote is not None
    assert quote.text == "What to drink?\n- Tea\n- Water"


PLACE = {"latitude": 1.5, "longitude": 2.0}
STICKER = {"file_id": "s", "file_unique_id": "s", "type": "regular", "width": 1, "height": 1, "emoji": "👍"}
PICTURE = {"sticker": STICKER | {"is_animated": False, "is_video": False}}
FILM = {"file_id": "f", "file_unique_id": "f", "mime_type": "video/mp4", "width": 1, "height": 1, "duration": 1}


@pytest.mark.parametrize(
    "reaction",
    [
        PICTURE,
        {"sticker": STICKER | {"is_animated": True, "is_video": False}},
        {"animation": FILM, "document": FILM},
        {"location": PLACE},
        {"contact": {"phone_number": "1", "first_name": "Bob"}},
        {"dice": {"emoji": "🎲", "value": 4}},
    ],
    ids=["sticker", "moving sticker", "film", "place", "contact", "dice"],
)
async def test_a_reaction_is_no_question(stage: Stage, reaction: dict[str, object]) -> None:
    """A reply to an answer without text asks nothing. In a group the bot is silent, also later; in private it
    says that it cannot use it, unless it is a picture."""
    telegram, group, alice = stage.telegram, stage.telegram.group(), stage.telegram.person()
    await telegram.say("/ask hello", user=alice, chat=group)
    answer = await telegram.message(chat=group)
    for date in (int(time.time()), int(time.time()) - 3600):
        quoted = telegram.world.post(group, alice, reply_to=answer, media=reaction)
        quoted.date = date
        telegram.update("message", quoted.wire())
    await telegram.say("and now?", user=alice, chat=group, reply_to=answer)
    assert (await stage.turn(2)).text == "and now?"
    await until(lambda: len(telegram.messages(group)) == 2)
    await stage.settled()
    assert len(telegram.messages(group)) == 2
    await telegram.say("hello", user=alice)
    answer = await telegram.message(chat=alice)
    quoted = telegram.world.post(telegram.private(alice), alice, reply_to=answer, media=reaction)
    telegram.update("message", quoted.wire())
    await until(lambda: len(telegram.messages(alice)) == 2)
    await stage.settled()
    assert len(stage.core.turns) == (4 if reaction is PICTURE else 3)


@pytest.mark.parametrize("sign", ["👍", "❤️", "👏🏽👏🏽", ":)", "…"])
async def test_a_thumb_is_no_question(stage: Stage, sign: str) -> None:
    """In a group a reply to the bot without letters or a question mark is no paid question. In private, with
    the bot's name, or with a picture, it is."""
    telegram, group, alice = stage.telegram, stage.telegram.group(), stage.telegram.person()
    await telegram.say("/ask hello", user=alice, chat=group)
    answer = await telegram.message(chat=group)
    await telegram.say(sign, user=alice, chat=group, reply_to=answer)
    await telegram.say("？", user=alice, chat=group, reply_to=answer)
    await telegram.say(f"@minitool_test_bot {sign}", user=alice, chat=group)
    await telegram.say(sign, user=alice, chat=group, reply_to=answer, photo=picture())
    await telegram.say(sign, user=alice)
    await until(lambda: len(stage.core.turns) == 5)
    await stage.settled()
    shown = sorted((turn.text, turn.private, len(turn.attachments)) for turn in stage.core.turns)
    wanted = [("hello", False, 0), ("？", False, 0), (sign, False, 0), (sign, False, 1), (sign, True, 0)]
    assert shown == sorted(wanted)


LIST = {"checklist": {"title": "Trip", "tasks": [{"id": 1, "text": "Passports"}, {"id": 2, "text": "Tent"}]}}
CELLS = [
    [{"text": "Day"}, {"text": "Hour"}],
    [{"text": "Friday"}, {"text": ["1", {"type": "bold", "text": "0"}]}],
]
RICH = {
    "rich_message": {
        "blocks": [
            {"type": "heading", "text": "Meeting", "size": 1},
            {
                "type": "list",
                "items": [{"label": "1.", "blocks": [{"type": "paragraph", "text": "Bring tea"}]}],
            },
            {"type": "details", "summary": "When?", "blocks": [{"type": "table", "cells": CELLS}]},
        ]
    }
}


@pytest.mark.parametrize(
    ("extra", "words"),
    [
        (LIST, "Trip\n- Passports\n- Tent"),
        (RICH, "Meeting\nBring tea\nWhen?\nDay | Hour\nFriday | 10"),
        ({"rich_message": {"blocks": [{"type": "divider"}]}}, ""),
        ({"newer": {"than": "the library"}}, ""),
    ],
)
async def test_lists_and_rich_messages_have_words(
    stage: Stage, extra: dict[str, dict[str, object]], words: str
) -> None:
    """They can be asked about by a reply or a forward. Without text nothing is paid."""
    telegram, group = stage.telegram, stage.telegram.group()
    alice, bob = telegram.person(), telegram.person("Bob")
    origin = {"type": "user", "date": 1, "sender_user": bob.wire()}
    quoted = await telegram.say(user=bob, chat=group, **extra)
    await telegram.say("/ask what is this?", user=alice, chat=group, reply_to=quoted)
    await telegram.message(lambda one: ("You said" if words else "I cannot use") in one.text, chat=group)
    await telegram.say(user=alice, forward_origin=origin, **extra)
    await telegram.message(lambda one: ("You said" if words else "I cannot use") in one.text, chat=alice)
    about = [(turn.text, turn.quote.text if turn.quote else "") for turn in stage.core.turns]
    assert about == ([("what is this?", words), (words, "")] if words else [])


async def test_a_rich_message_can_call_the_bot(stage: Stage) -> None:
    """With its name or a command, as any other text."""
    telegram, group, alice = stage.telegram, stage.telegram.group(), stage.telegram.person()
    named = {"type": "mention", "text": "@minitool_test_bot", "username": "minitool_test_bot"}
    help_ = {"type": "bot_command", "text": "/help", "bot_command": "/help"}
    for chat, text in ((group, [named, " why is the sky blue?"]), (telegram.private(alice), help_)):
        rich = {"rich_message": {"blocks": [{"type": "paragraph", "text": text}]}}
        telegram.update("message", telegram.world.post(chat, alice, extra=rich).wire())
    await stage.turn(2)
    asked = {(turn.command, turn.text) for turn in stage.core.turns}
    assert asked == {("ask", "why is the sky blue?"), ("help", "")}


async def test_what_cannot_be_used_is_not_sold_later(stage: Stage) -> None:
    """A question about a recording is not offered after an edit or an absence."""
    telegram, alice = stage.telegram, stage.telegram.person()
    voice = {"voice": {"file_id": "a", "file_unique_id": "a", "duration": 1}}
    quoted = await telegram.say(user=alice, **voice)
    asked = await telegram.say("what is said?", user=alice, reply_to=quoted)
    await until(lambda: len(telegram.messages(alice)) == 2)
    await telegram.edit(asked, "what is said there?")
    await telegram.say("what is said?", user=alice, reply_to=quoted, date=int(time.time()) - 3600)
    await telegram.say("/help", user=alice)
    assert (await stage.turn()).command == "help"
    await stage.settled()
    assert not [one for one in telegram.messages(alice) if one.buttons]


async def test_a_gif_is_a_film(stage: Stage) -> None:
    """Telegram's GIFs are silent videos: the refusal does not list readable file types. A real GIF is read."""
    telegram, alice = stage.telegram, stage.telegram.person()
    for kind in ("video/mp4", "image/gif"):
        file = {"file_id": kind, "file_unique_id": kind, "mime_type": kind, "file_name": "a"}
        film = {"animation": {**file, "width": 1, "height": 1, "duration": 1}, "document": file}
        quoted = telegram.world.post(telegram.private(alice), alice, caption="What happens here?", media=film)
        telegram.update("message", quoted.wire())
        if kind == "video/mp4":
            await telegram.message(lambda one: "watch videos" in one.text, chat=alice)
    assert [one.media_type for one in (await stage.turn()).attachments] == ["image/gif"]


async def test_recordings_are_not_guessed_at(stage: Stage) -> None:
    """A video with a question, or a question about a voice message: the bot says that it cannot. The caption of
    a video can be asked about, also forwarded; and a picture of one's own in reply to a voice message."""
    telegram, group = stage.telegram, stage.telegram.group()
    alice, bob = telegram.person(), telegram.person("Bob")
    video = {"video": {"file_id": "v", "file_unique_id": "v", "width": 1, "height": 1, "duration": 1}}
    voice = await telegram.say(
        user=bob, chat=group, voice={"file_id": "a", "file_unique_id": "a", "duration": 1}
    )
    await telegram.say("/ask", user=alice, chat=group, reply_to=voice)
    await telegram.message(lambda one: "recordings" in one.text, chat=group)
    await telegram.say("/ask what does he say?", user=alice, chat=group, reply_to=voice)
    await until(lambda: len(telegram.messages(group)) == 2)
    await telegram.say("/ask what is mine?", user=alice, chat=group, reply_to=voice, photo=picture())
    assert len((await stage.turn()).attachments) == 1
    await telegram.say(user=alice, caption="What happens here?", **video)
    await telegram.message(lambda one: "recordings" in one.text, chat=alice)
    assert len(stage.core.turns) == 1
    news = await telegram.say(user=bob, chat=group, caption="A fjord froze.", **video)
    await telegram.say("/ask translate", user=alice, chat=group, reply_to=news)
    assert (await stage.turn(2)).quote is not None
    origin = {"type": "hidden_user", "date": 1, "sender_user_name": "News"}
    await telegram.say(user=alice, caption="A fjord froze.", forward_origin=origin, **video)
    assert (await stage.turn(3)).text == "A fjord froze."


async def test_whose_message_is_pointed_at_is_known(stage: Stage) -> None:
    """The author's id is passed on, as nobody sees it on Telegram, also of a deleted account; bots, groups and
    channels are no persons."""
    telegram, group = stage.telegram, stage.telegram.group()
    alice, bob, gone = telegram.person(), telegram.person("Bob"), telegram.person(DELETED)
    robot, news = telegram.person("Robot", is_bot=True), {"sender_chat": telegram.group("News").wire()}
    for number, (author, extra, name) in enumerate(
        (
            (bob, {}, "Bob"),
            (gone, {}, ""),
            (robot, {}, "Robot"),
            (alice, {"anonymous": True}, group.title),
            (telegram.person("Telegram"), news, "News"),  # forwarded by an account of Telegram's own
        )
    ):
        theirs = await telegram.say("hello", user=author, chat=group, **extra)
        await telegram.say("/ask why?", user=alice, chat=group, reply_to=theirs)
        quote = (await stage.turn(number + 1)).quote
        assert quote is not None
        assert (quote.author, quote.person) == (name, f"telegram:{author.id}" if author in (bob, gone) else "")

"""Edited questions, and data that Telegram does not include in a press of "Answer now"."""

import asyncio
import time
from types import SimpleNamespace

import pytest

from core.access import DENIED
from core.answer import Answer, Phase, Reply
from core.draft import Draft
from core.turn import Turn
from core.words import t
from tests.adapters.telegram.stage import OpenStage, Stage, picture
from tests.standins.telegram import Message, User
from tests.waiting import until


async def again(stage: Stage, question: Message, text: str, user: User) -> Turn:
    """The turn that comes of an edited question, whose author presses the button."""
    telegram, turns = stage.telegram, len(stage.core.turns)
    await telegram.edit(question, text)
    offer = await telegram.message(
        lambda one: "Answer now" in one.buttons and one.reply_to is question, chat=question.chat
    )
    assert not (await telegram.press(offer, "Answer now", user=user)).text
    return await stage.turn(turns + 1)


async def test_a_question_about_a_picture_stays_one(stage: Stage) -> None:
    """An edited question keeps the message that it replies to: somebody's picture, or all of somebody's
    album."""
    telegram = stage.telegram
    telegram.world.privacy = False
    alice, bob, group = telegram.person(), telegram.person("Bob"), telegram.group()
    photo = await telegram.say("look", user=bob, chat=group, photo=picture())
    album = await telegram.album([picture(), picture(1200)], "my holiday", user=bob, chat=group)
    for number, (shown, pictures) in enumerate(((photo, 1), (album[1], 2))):
        question = await telegram.say("/ask whats this?", user=alice, chat=group, reply_to=shown)
        await stage.turn(2 * number + 1)
        turn = await again(stage, question, "/ask what is this?", alice)
        assert (turn.text, turn.quote and turn.quote.message) == ("what is this?", str(shown.id))
        assert len(turn.quote.attachments if turn.quote else ()) == pictures


async def test_an_album_stays_one_question(open_stage: OpenStage) -> None:
    """An edited caption asks about all pictures of its album again, which on a busy machine may come apart."""
    async with open_stage(burst_quiet_s=2.0) as stage:
        alice = stage.telegram.person()
        album = await stage.telegram.album([picture(), picture(1200), picture(1300)], "Wich?", user=alice)
        await stage.turn()
        turn = await again(stage, album[0], "Which?", alice)
        assert (turn.text, len(turn.attachments)) == ("Which?", 3)


async def test_a_reply_to_the_bot_stays_one(stage: Stage) -> None:
    """In a group it is a question because it replies to the bot."""
    alice, group = stage.telegram.person(), stage.telegram.group()
    await stage.telegram.say("/ask two plus two", user=alice, chat=group)
    first = await stage.telegram.message(chat=group)
    question = await stage.telegram.say("and tree?", user=alice, chat=group, reply_to=first)
    await stage.turn(2)
    turn = await again(stage, question, "and three?", alice)
    assert (turn.text, turn.quote and turn.quote.message) == ("and three?", str(first.id))


async def test_an_album_that_waited_is_whole(stage: Stage) -> None:
    """A question asked while the bot was away is offered with all pictures, also those that come after the
    offer, whatever was edited."""
    telegram, long_ago = stage.telegram, int(time.time()) - 3600
    alice = telegram.person()
    earlier = telegram.world.post(telegram.private(alice), alice, text="two plus too")
    earlier.date = long_ago
    await telegram.edit(earlier, "two plus two")
    await telegram.album([picture(), picture(1200)], "Which?", user=alice, date=long_ago)
    offer = await telegram.message(lambda one: "Answer now" in one.buttons, chat=alice)
    await stage.settled()
    (album,) = {message.album for message in telegram.world.messages.values() if message.album}
    await telegram.say(user=alice, photo=picture(1300), album=album, date=long_ago)
    await stage.settled()
    await telegram.press(offer, "Answer now", user=alice)
    turn = await stage.turn()
    assert (turn.text, len(turn.attachments)) == ("Which?", 3)
    assert telegram.messages(alice) == [offer]


async def test_every_edit_after_an_answer_is_offered(stage: Stage) -> None:
    """After an edited question was answered again, another edit is offered, too, each with its picture."""
    alice = stage.telegram.person()
    question = await stage.telegram.say("two plus too", user=alice, photo=picture())
    await stage.turn()
    for number, text in enumerate(("two plus two", "two plus three")):
        turn = await again(stage, question, text, alice)
        assert (turn.text, len(turn.attachments)) == (text, 1)
        await until(lambda: stage.telegram.messages(alice)[-1].text == f"You said: {text}")  # noqa: B023
        assert len(stage.telegram.messages(alice)) == number + 2


@pytest.mark.parametrize("name", ["a", "\u2060", "\u202e" * 64, "\x01\n" * 32])
async def test_a_form_names_its_person_beside_the_sign(stage: Stage, name: str) -> None:
    """Whatever the person's name, the mention does not cover the link that marks the form, which opens for them
    alone."""
    alice, group = stage.telegram.person(name), stage.telegram.group()
    await stage.telegram.say("/ask", user=alice, chat=group)
    form = await stage.telegram.message(lambda one: "forced_reply" in one.extra, chat=group)
    (sent,) = stage.telegram.calls_of("sendMessage")
    assert sent.params is not None
    assert sent.params.json("reply_markup")["selective"]
    sign, mention = form.entities
    assert (sign["type"], sign["offset"], sign["length"]) == ("text_link", 0, 1)
    assert (mention["type"], mention["offset"]) == ("text_mention", 1)
    await stage.telegram.say("two plus two", user=alice, chat=group, reply_to=form)
    assert (await stage.turn()).text == "two plus two"


@pytest.mark.parametrize("is_group", [False, True])
async def test_a_question_that_waited_is_offered_whatever_came_before_it(stage: Stage, is_group: bool) -> None:
    """/start and talk between others are no questions: the first question after them gets the offer."""
    telegram, long_ago = stage.telegram, int(time.time()) - 3600
    telegram.world.privacy = False
    alice, bob = telegram.person(), telegram.person("Bob")
    chat = telegram.group() if is_group else telegram.private(alice)
    if is_group:
        await telegram.say("Good morning everybody", user=bob, chat=chat, date=long_ago)
    for text in ("/start", "/ask", "/ask two plus two", "/ask three plus three"):
        await telegram.say(text, user=alice, chat=chat, date=long_ago)
    offer = await telegram.message(lambda one: "Answer now" in one.buttons, chat=chat)
    await stage.settled()
    assert telegram.messages(chat) == [offer]
    assert offer.reply_to is not None
    assert offer.reply_to.text == "/ask two plus two"


async def test_however_much_waited_there_is_one_offer(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """While the offer is made, what was written after it does not crowd its chat."""
    monkeypatch.setattr("bots.telegram.sequencer.MOST_OF_CHAT", 1)
    telegram = stage.telegram
    alice = telegram.person()
    for number in range(9):
        telegram.backlog(f"volcano {number}", user=alice)
    offer = await telegram.message(lambda one: "Answer now" in one.buttons, chat=alice)
    await stage.settled()
    assert telegram.messages(alice) == [offer]


async def test_every_time_away_has_its_offer(stage: Stage, monkeypatch: pytest.MonkeyPatch) -> None:
    """After another absence two days later the bot offers again; messages covered by an offer are skipped."""
    telegram, now = stage.telegram, int(time.time())
    alice = telegram.person()
    await telegram.say("two plus two", user=alice, date=now - 3600)
    await until(lambda: len(telegram.messages(alice)) == 1)
    await stage.settled()
    seen = await stage.core.store.redis.keys("seen:*")
    await stage.core.store.redis.delete(*seen)  # a day is over
    monkeypatch.setattr("bots.telegram.events.time", SimpleNamespace(time=lambda: now + 172_800.0))
    await telegram.say("covered by the first", user=alice, date=now - 3500)
    await telegram.say("three plus three", user=alice, date=now + 169_200)
    await until(lambda: len(telegram.messages(alice)) == 2)
    answered = [one.reply_to and one.reply_to.text for one in telegram.messages(alice)]
    assert answered == ["two plus two", "three plus three"]


@pytest.mark.parametrize("fault", ["429", "502"])
@pytest.mark.parametrize("is_bare", [False, True])
async def test_what_the_bot_says_by_itself_arrives(stage: Stage, fault: str, is_bare: bool) -> None:
    """A failed call when /ask is tapped in the menu, or a question is edited, is repeated."""
    telegram, alice = stage.telegram, stage.telegram.person()
    if fault == "429":
        telegram.flood("sendMessage", 1, shuts=False)
    else:
        telegram.bad_gateway("sendMessage", times=2)
    if is_bare:
        await telegram.say("/ask", user=alice)
    else:
        question = telegram.world.post(telegram.private(alice), alice, text="two plus too")
        await telegram.edit(question, "two plus two")
    request = await telegram.message(chat=alice)
    assert ("forced_reply" in request.extra) is is_bare
    await stage.settled()
    assert telegram.messages(alice) == [request]


async def test_a_reaction_is_no_edit(stage: Stage) -> None:
    """Telegram reports a message's first reaction as an edit, without an edit date."""
    telegram, alice = stage.telegram, stage.telegram.person()
    question = await telegram.say("two plus two", user=alice)
    await stage.turn()
    telegram.update("edited_message", question.wire())
    telegram.update("edited_message", {**question.wire(), "edit_date": 0})
    await telegram.say("three plus three", user=alice)
    await stage.turn(2)
    await stage.settled()
    assert not [one for one in telegram.messages(alice) if one.buttons]


async def test_the_bot_says_nothing_of_its_own_to_who_is_not_let_in(stage: Stage) -> None:
    """No offer, form, refusal or card: only core says no, and how often."""
    telegram = stage.telegram
    alice, mallory, group = telegram.person(), telegram.person("Mallory"), telegram.group()
    await stage.core.access.deny(f"telegram:{mallory.id}")
    for user in (mallory, alice):
        question = await telegram.say("/ask two plus two", user=user, chat=group)
        await telegram.edit(question, "/ask two plus three")
        await telegram.say(f"/ask@{telegram.world.bot.username}", user=user, chat=group)
        voice = {"file_id": "a", "file_unique_id": "a", "duration": 1}
        await telegram.say("/ask what does it say?", user=user, chat=group, voice=voice)
        cards = await telegram.inline("why?", user=user)
        await stage.settled()
        texts = [one.shown for one in telegram.messages(group) if one.by_bot and "You said" not in one.shown]
        assert (bool(texts), bool(cards)) == (user is alice, user is alice)


async def test_what_is_needed_is_said_without_the_store_too(stage: Stage) -> None:
    """While nobody knows who is allowed, a command without text and a recording still get their sentence."""
    alice = stage.telegram.person()
    await stage.core.store.redis.set(DENIED, "what is no set cannot be read as one")
    voice = {"file_id": "a", "file_unique_id": "a", "duration": 1}
    await stage.telegram.say("/ask", user=alice)
    await stage.telegram.say("", user=alice, voice=voice)
    await until(lambda: sum(one.by_bot for one in stage.telegram.messages(alice)) == 2)


async def test_what_is_pressed_twice_is_answered_once(stage: Stage) -> None:
    """A second press during the answer is told so, and costs nothing. In an inline message everybody may press:
    the first presser pays."""
    telegram, go = stage.telegram, asyncio.Event()
    alice, bob = telegram.person(), telegram.person("Bob")
    question = await telegram.say("two plus too", user=alice)
    await stage.turn()
    await telegram.edit(question, "two plus two")
    offer = await telegram.message(lambda one: "Answer now" in one.buttons, chat=alice)
    (card,) = await telegram.inline("why?", user=alice)
    message = telegram.choose(card, user=alice)

    async def play(turn: Turn, reply: Reply) -> None:
        async with Draft(reply, Answer(note="…"), locale="en") as draft:
            await go.wait()
            await draft.finish(Answer(Phase.DONE, text="Four."))

    stage.core.play = play
    for number, (under, label, second) in enumerate(((offer, "Answer now", alice), (message, "Answer", bob))):
        data = under.button(label)["callback_data"]  # as it was when both were about to press
        first = asyncio.create_task(telegram.press_data(under, data, user=alice))
        await stage.turn(number + 2)
        assert (await telegram.press_data(under, data, user=second)).text == t("en", "telegram-taken")
        assert len(stage.core.turns) == number + 2
        assert not (await first).text  # though the answer is still to come
        go.set()
        await until(lambda: not stage.core.under_way)
        go.clear()
    assert [turn.text for turn in stage.core.turns] == ["two plus too", "two plus two", "why?"]
    assert {turn.person.id for turn in stage.core.turns} == {f"telegram:{alice.id}"}


async def test_what_is_typed_has_a_rate(stage: Stage) -> None:
    """Each inline text is stored for a day, for free: a program that keeps typing gets no cards for a while,
    and stores nothing. People do not type so fast; nobody else waits."""
    telegram, typing = stage.telegram, stage.telegram.person()
    cards = [len(await telegram.inline(f"why {number}?", user=typing)) for number in range(70)]
    assert cards[:60] == [1] * 60
    assert 0 in cards[60:]  # a slow machine may have earned one again by the last
    assert len([name async for name in stage.core.store.redis.scan_iter("kept:????????????????")]) == sum(cards)
    assert await telegram.inline("why?", user=telegram.person("Bob"))

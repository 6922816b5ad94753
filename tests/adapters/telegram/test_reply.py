"""The Reply: the contract of all adapters, and what only Telegram has."""

import asyncio
from datetime import timedelta

import pytest

from bots.telegram.account import Account
from bots.telegram.buttons import ASK, PICK, PRESS, Pressed, read_data
from bots.telegram.calls import Unsure, call, make_bot, seconds
from bots.telegram.places import Place
from bots.telegram.reply import TelegramReply
from core.answer import Action, Answer, Choice, Phase, Progress, Reply
from core.errors import DeliveryError, Gone, SlowDown
from core.pace import Rank
from tests.adapters.telegram.screen import TelegramScreen
from tests.adapters.telegram.stage import slowdowns
from tests.conftest import MakeSettings, free_port
from tests.contracts.reply import REF, ReplyContract, show
from tests.standins.telegram import TelegramStandin
from tests.waiting import until


class TestTelegramReply(ReplyContract):
    """The contract, on Telegram."""


async def test_working_is_typing_and_costs_one_call(
    screen: TelegramScreen, reply: TelegramReply, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Before the first word the chat shows "typing", which lasts for seconds; nothing is posted."""
    monkeypatch.setattr("bots.telegram.activity._BUSY_S", 0.001)
    await show(reply, Answer(Phase.WORKING, note="Thinking …"))
    await until(lambda: screen.telegram.calls_of("sendChatAction"))
    for _ in range(10):
        await call(screen.account.bot, "getMe")
    assert [call.method for call in screen.telegram.calls if call.method != "getMe"] == ["sendChatAction"]
    await show(reply, Answer(Phase.WORKING, note="Still waiting."))
    assert screen.texts() == ["Still waiting."]


async def test_an_answer_without_a_word_yet_takes_no_calls(account: Account, standin: TelegramStandin) -> None:
    """Without text an answer is no message, and leaves the chat's calls to others."""
    place = Place(standin.group().id)
    reply = TelegramReply(account, place)
    for _ in range(4):  # a fifth would wait until there is room for more again
        await reply.lane.enter(Rank.GROWTH)
    assert await account.lane(place).enter(Rank.COSMETIC)
    await show(reply, Answer(Phase.GROWING, "One"))
    for _ in range(2):
        await reply.lane.enter(Rank.GROWTH)
    assert not await account.lane(place).enter(Rank.COSMETIC)


async def test_what_it_waits_for_stands_in_the_message_that_is_there(
    screen: TelegramScreen, reply: TelegramReply
) -> None:
    """An order whose store is away says so where it said how far it was; one that has said nothing yet says it
    in a message, too: typing would tell nothing, and nobody would end it. An answer that takes the place of an
    offer and waits for its first word says that in the second look, as any other does."""
    away = Answer(Phase.WORKING, note="The store is away.", alert=True)
    await show(reply, Answer(Phase.WORKING, note="Painting …", progress=Progress(1.0, 8.0)))
    await show(reply, away)
    assert screen.texts() == [away.note]
    await show(TelegramReply(screen.account, Place(screen.chat.id)), away)
    assert screen.texts() == [away.note, away.note]
    for note in ("Thinking …", "Still waiting."):
        await show(reply, Answer(Phase.WORKING, note=note))
    assert screen.texts() == ["Still waiting.", away.note]
    assert screen.telegram.calls_of("sendChatAction") == []


async def test_a_busy_group_is_spared_the_typing(
    standin: TelegramStandin, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If several answers begin in one group, its few calls are for texts; a lone one shows "typing" after a
    moment."""
    monkeypatch.setattr("bots.telegram.activity.COMPANY_S", 0)
    group = standin.group()
    replies = [TelegramReply(account, Place(group.id)) for _ in range(3)]
    for answer in (Answer(Phase.WORKING), Answer(Phase.DONE, "Done.")):
        await asyncio.gather(*(show(one, answer) for one in replies))  # else the last one is a lone one
    assert standin.calls_of("sendChatAction") == []
    lone = TelegramReply(account, Place(group.id))
    await show(lone, Answer(Phase.WORKING))
    await until(lambda: standin.calls_of("sendChatAction"))
    await lone.close()


async def test_a_group_that_moves_is_as_busy_as_before(
    standin: TelegramStandin, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Upgraded during an answer: two later ones in the new group count together with it."""
    monkeypatch.setattr("bots.telegram.activity.COMPANY_S", 0.05)
    group = standin.group(basic=True)
    moving = TelegramReply(account, Place(group.id))
    await show(moving, Answer(Phase.WORKING))
    new = standin.upgrade(group)
    await show(moving, Answer(Phase.GROWING, "One"))
    await show(moving, Answer(Phase.DONE, "One two."))
    replies = [TelegramReply(account, Place(new.id)) for _ in range(2)]
    for one in replies:
        await show(one, Answer(Phase.WORKING))
    assert account.working[new.id] == 2
    for one in replies:
        await one.close()
    assert not account.working


async def test_typing_goes_on_until_something_is_posted(
    screen: TelegramScreen, reply: TelegramReply, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Telegram's "typing" ends after five seconds; it is renewed, but not beside the answer."""
    monkeypatch.setattr("bots.telegram.activity.TYPING_S", 0.01)
    await show(reply, Answer(Phase.WORKING))
    await until(lambda: len(screen.telegram.calls_of("sendChatAction")) >= 3)
    await show(reply, Answer(Phase.GROWING, "So"))
    typed = len(screen.telegram.calls_of("sendChatAction"))
    await until(lambda: not any(task.get_name() == "telegram-typing" for task in asyncio.all_tasks()))
    await show(reply, Answer(Phase.DONE, "So it is."))
    assert len(screen.telegram.calls_of("sendChatAction")) <= typed + 1  # one may have been on its way


async def test_an_answer_is_sent_without_parse_mode_and_preview(
    standin: TelegramStandin, account: Account
) -> None:
    """Styles are entities; links have no preview; the reply refers to the question, if it exists."""
    alice = standin.person()
    question = await standin.say("what?", user=alice)
    reply = TelegramReply(account, Place(alice.id, 0, question.id))
    await show(reply, Answer(Phase.DONE, "**Bold** `code` https://example.org"))
    (message,) = standin.messages(alice)
    assert message.text.startswith("Bold code")
    assert {entity["type"] for entity in message.entities} >= {"bold", "code"}
    assert message.reply_to is question
    assert not message.preview
    assert all(not call.params.text("parse_mode") for call in standin.calls if call.params)
    question.deleted = True
    late = TelegramReply(account, Place(alice.id, 0, question.id))
    await show(late, Answer(Phase.DONE, "Still here."))
    assert standin.messages(alice)[-1].reply_to is None


async def test_a_topic_is_kept(
    standin: TelegramStandin, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A question in a topic is answered there, in all messages; there the bot "is typing", too."""
    monkeypatch.setattr("bots.telegram.activity.COMPANY_S", 0.0)
    forum = standin.group("Forum", topics=[77])
    reply = TelegramReply(account, Place(forum.id, 77))
    await show(reply, Answer(Phase.WORKING))
    (typing,) = await until(lambda: standin.calls_of("sendChatAction"))
    assert typing.params is not None
    assert typing.params.integer("message_thread_id") == 77
    await show(reply, Answer(Phase.DONE, "word " * 2000))
    messages = standin.messages(forum)
    assert len(messages) > 1
    assert {message.thread for message in messages} == {77}


async def test_buttons_fit_and_come_back(screen: TelegramScreen, reply: TelegramReply) -> None:
    """A button's data is within 64 bytes and reads back as the command it stands for."""
    picks = tuple(Choice("imagine-setting", "DPM++ 2M SDE Karras", f"Nº {n}", ref=REF) for n in range(4))
    acts = (Action("forget yes", "a1b2c3d4e5f6", "Yes"), Action("vary", REF, "Vary", asks="a fox"))
    await show(reply, Answer(Phase.DONE, "Pick", choices=picks, actions=acts))
    message = screen.telegram.messages()[-1]
    assert message.markup is not None
    data = [button["callback_data"] for row in message.markup["inline_keyboard"] for button in row]
    assert all(len(one.encode()) <= 64 for one in data)
    assert read_data(data[0]) == Pressed(PICK, "imagine-setting", REF, "DPM++ 2M SDE Karras")
    assert read_data(data[-2]) == Pressed(PRESS, "forget yes", "a1b2c3d4e5f6")
    assert read_data(data[-1]) == Pressed(ASK, "vary", REF)
    assert read_data("somebody else's") is None


async def test_a_send_of_unknown_fate_is_not_repeated_while_growing(
    screen: TelegramScreen, reply: Reply
) -> None:
    """The connection breaks after the first text arrived: no more growth is shown, and the end is shown
    once."""
    screen.telegram.cut("sendMessage", after=True)
    for text in ("One", "One two", "One two three"):
        await show(reply, Answer(Phase.GROWING, text))
    assert screen.texts() == ["One"]
    await show(reply, Answer(Phase.DONE, "One two three."))
    assert screen.texts() == ["One", "One two three."]
    await show(reply, Answer(Phase.DONE, "One two three."))
    assert len(screen.texts()) == 2


async def test_the_last_send_waits_until_telegram_answers(screen: TelegramScreen, reply: Reply) -> None:
    """While every call breaks off, none of the two sends that an answer has is spent for nothing."""
    screen.telegram.cut("*", after=False, times=4)
    await show(reply, Answer(Phase.GROWING, "One"))
    for _ in range(3):
        with pytest.raises(DeliveryError):
            await show(reply, Answer(Phase.DONE, "One two."))
    assert screen.texts() == []
    await show(reply, Answer(Phase.DONE, "One two."))
    assert screen.texts() == ["One two."]


async def test_a_send_that_never_left_is_repeated(account: Account, standin: TelegramStandin) -> None:
    """If the server could not be reached, nothing can be posted twice."""
    alice = standin.person()
    reply = TelegramReply(account, Place(alice.id))
    standin.bad_gateway("sendMessage")
    with pytest.raises(DeliveryError):
        await show(reply, Answer(Phase.GROWING, "One"))
    await show(reply, Answer(Phase.GROWING, "One two"))
    assert [message.text for message in standin.messages(alice)] == ["One two"]


async def test_a_server_that_is_not_there_got_nothing(make_settings: MakeSettings) -> None:
    """A refused connection leaves no doubt: such a send may be repeated for as long as it takes."""
    base = f"http://127.0.0.1:{free_port()}"
    bot = make_bot(make_settings(telegram_token="1:a", telegram_api_base=base, minitoolai_simulated=True))
    async with bot.request:
        with pytest.raises(DeliveryError) as refused:
            await call(bot, "sendMessage", chat_id=1, text="One")
    assert not isinstance(refused.value, Unsure)


async def test_a_group_that_moves_is_followed(account: Account, standin: TelegramStandin) -> None:
    """A group upgraded during an answer gets the rest, and the address leads to the new one."""
    group = standin.group(basic=True)
    reply = TelegramReply(account, Place(group.id))
    await show(reply, Answer(Phase.GROWING, "One"))
    new = standin.upgrade(group)
    await show(reply, Answer(Phase.DONE, "One two."))
    assert [message.text for message in standin.messages(new)] == ["One two."]
    assert str(new.id) in reply.address


async def test_who_blocked_the_bot_is_gone(screen: TelegramScreen, reply: TelegramReply) -> None:
    """Blocked during an answer: Gone, so that nobody pays for the rest."""
    await show(reply, Answer(Phase.GROWING, "One"))
    screen.chat.blocked = True
    with pytest.raises(Gone):
        await show(reply, Answer(Phase.GROWING, "One two"))


async def test_a_long_flood_is_passed_on(screen: TelegramScreen, reply: TelegramReply) -> None:
    """A 429 of 300 s is counted, and raised with that time, in either form that the library has."""
    before = slowdowns()
    screen.telegram.flood("sendMessage", 300)
    with pytest.raises(SlowDown) as caught:
        await show(reply, Answer(Phase.DONE, "One"))
    assert (caught.value.retry_after, slowdowns() - before) == (300, 1)
    assert seconds(300) == seconds(timedelta(minutes=5)) == 300.0


@pytest.mark.parametrize("phase", [Phase.STOPPED, Phase.CUT])
async def test_what_ended_too_early_looks_as_it_did(
    screen: TelegramScreen, reply: TelegramReply, phase: Phase
) -> None:
    """Stopped inside bold words, they stay bold: no sign of Markdown comes up."""
    await show(reply, Answer(Phase.GROWING, "Well, **this is"))
    await show(reply, Answer(phase, "Well, **this is", note="Stopped."))
    (message,) = screen.telegram.messages()
    assert message.text == "Well, this is\n\nStopped."
    assert [entity["type"] for entity in message.entities] == ["bold"]


@pytest.mark.parametrize("fault", ["flood", "502", "reset"])
async def test_an_old_page_goes_though_that_was_refused_first(
    screen: TelegramScreen, reply: TelegramReply, fault: str
) -> None:
    """A surplus page is deleted by the next try; one that cannot be deleted stays, without an error."""
    telegram = screen.telegram
    await show(reply, Answer(Phase.GROWING, "word " * 1000))
    faults = {
        "flood": lambda: telegram.flood("deleteMessage", 1, shuts=False),
        "502": lambda: telegram.bad_gateway("deleteMessage"),
        "reset": lambda: telegram.cut("deleteMessage", after=True),
    }
    faults[fault]()
    with pytest.raises(DeliveryError):
        await show(reply, Answer(Phase.FAILED, note="It broke."))
    await show(reply, Answer(Phase.FAILED, note="It broke."))
    assert screen.texts() == ["It broke."]
    telegram.refuse("deleteMessage", 400, "Bad Request: message can't be deleted for everyone")
    await show(reply, Answer(Phase.DONE, remove=True))
    assert screen.texts() == ["It broke."]


@pytest.mark.parametrize("posted", [True, False], ids=["edited", "sent"])
async def test_what_is_refused_for_its_looks_keeps_its_words(
    screen: TelegramScreen, reply: TelegramReply, posted: bool
) -> None:
    """A final text with rejected entities is sent as plain text at once. If that is rejected, too, it ends."""
    method = "editMessageText" if posted else "sendMessage"
    if posted:
        await show(reply, Answer(Phase.GROWING, "This"))
    screen.telegram.refuse(method, 400, "Bad Request: ENTITY_TEXTURL_INVALID")
    await show(reply, Answer(Phase.DONE, "This is **bold**.", actions=(Action("regenerate", REF, "Again"),)))
    (message,) = screen.telegram.messages()
    assert (message.text, message.entities, message.buttons) == ("This is bold.", [], ("Again",))
    screen.telegram.refuse("editMessageText", 400, "Bad Request: BUTTON_DATA_INVALID", times=2)
    with pytest.raises(Gone):
        await show(reply, Answer(Phase.DONE, "This is **very** bold."))

"""The console script on a loopback Telegram: what people there ask, and what they see."""

import asyncio
import re
import time
from collections.abc import AsyncIterator
from itertools import pairwise
from typing import Any, cast

import pytest
import pytest_asyncio

from tests.e2e.script import Service
from tests.e2e.telegram_world import NAME, World, bot_of, open_world, quiet
from tests.standins.telegram import TelegramStandin, User
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]
LAST = ("New answer", "Model", "Delete")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[World, Service, User]]:
    """One bot, and the admin that its settings name."""
    async with open_world() as world:
        admin, home = world.telegram.person("Root"), tmp_path_factory.mktemp("telegram")
        async with bot_of(world, home, ADMINS=f"telegram:{admin.id},telegram:999") as bot:
            yield world, bot, admin


@pytest.fixture
def world(running: tuple[World, Service, User]) -> World:
    return running[0]


@pytest.fixture
def telegram(world: World) -> TelegramStandin:
    return world.telegram


async def test_menus(running: tuple[World, Service, User]) -> None:
    """Every command in English and German for everybody; admin commands only in admins' own menus."""
    world, _, admin = running
    menus = world.telegram.world.menus
    await until(lambda: ("chat", admin.id, "de") in menus)
    everybody = [
        "ask",
        "imagine",
        "new",
        "stop",
        "model",
        "persona",
        "usage",
        "settings",
        "forget",
        "link",
        "help",
    ]
    assert list(menus["default", 0, ""]) == list(menus["default", 0, "de"]) == everybody
    assert list(menus["chat", admin.id, ""]) == list(menus["chat", admin.id, "de"]) == [*everybody, "admin"]
    assert menus["default", 0, ""]["ask"] == "Ask a question, with or without a picture"
    assert menus["default", 0, "de"]["ask"].startswith("Stelle")
    assert {scope for scope, _, _ in menus} == {"default", "chat"}


def calls_since(telegram: TelegramStandin, seconds: float) -> list[str]:
    """What the bot did lately but listen."""
    lately = time.monotonic() - seconds
    return [call.method for call in telegram.calls if call.at > lately and call.method != "getUpdates"]


async def test_a_question_is_answered_while_it_grows(world: World, telegram: TelegramStandin) -> None:
    """The chat says that the bot writes; the first text comes at once as a reply to the question, grows in
    that message no oftener than every 1.1 s, with Stop under it; at the end there is what can be done next."""
    alice = telegram.person()
    await until(lambda: not calls_since(telegram, 1.1))  # a sign of life is what the account can spare
    async with world.slow(60, first_token_s=0.7):
        question = await telegram.say("What is a fjord? https://example.org", user=alice)
        growing = await world.growing(alice)
    answer = await world.answer(alice)
    assert answer is growing
    assert telegram.messages(alice) == [answer]
    assert answer.reply_to is question
    assert not answer.preview
    assert "fjord" in answer.text
    assert [call.chat for call in telegram.calls_of("sendChatAction") if call.chat == alice.id]
    assert {version.buttons for version in answer.history[:-1]} == {("Stop",)}
    assert answer.buttons == LAST
    growth = [version.at for version in answer.history[:-1]]
    assert len(growth) >= 2
    assert all(later - earlier >= 1.05 for earlier, later in pairwise(growth))
    assert {entity["type"] for entity in answer.entities} >= {"bold", "pre", "italic"}
    sent = [call.params for call in telegram.calls_of("sendMessage", "editMessageText") if call.params]
    assert not any(params.text("parse_mode") for params in sent)


async def test_groups_are_answered_where_the_bot_is_called(world: World, telegram: TelegramStandin) -> None:
    """With privacy mode: a command, a mention, a mention in a caption, a reply are answered. Other messages and
    other bots' commands are not, also without privacy mode. Edits are at least 3.1 s apart."""
    alice, group = telegram.person(), telegram.group()
    async with world.slow(40):
        await telegram.say("/ask What is a fjord?", user=alice, chat=group)
        first = await world.growing(group)
    first = await world.answer(group)
    growth = [version.at for version in first.history[:-1]]
    assert len(growth) >= 2
    assert all(later - earlier >= 3.05 for earlier, later in pairwise(growth))
    await telegram.say("And a lagoon?", user=alice, chat=group, reply_to=first)
    second = await world.answer(group, after=first)
    assert "Earlier questions" in second.text
    assert second.text.partition("Earlier questions")[2].partition("\n")[0].strip(" │") == "1"
    other = telegram.group()
    await telegram.say(f"hey {NAME} what is a geyser?", user=alice, chat=other)
    assert "geyser" in (await world.answer(other)).text
    telegram.world.privacy = False
    try:
        silent = telegram.group()
        for text in ("small talk", "/ask@other_bot no", "/whoever", "@somebody_else look"):
            await telegram.say(text, user=alice, chat=silent)
        assert await quiet(telegram, silent) == []
    finally:
        telegram.world.privacy = True


async def test_topics_are_conversations_of_their_own(world: World, telegram: TelegramStandin) -> None:
    """In a forum, and in a private chat with topics, the answer stays in the question's topic."""
    alice, forum = telegram.person(), telegram.group("Forum", topics=[55])
    telegram.private(alice).topics = {77}
    await telegram.say("/ask What is a fjord?", user=alice, chat=forum, thread=55)
    await telegram.say("What is a lagoon?", user=alice, thread=77)
    assert (await world.answer(forum)).thread == 55
    assert (await world.answer(alice)).thread == 77


async def test_stop_and_delete(world: World, telegram: TelegramStandin) -> None:
    """Stop keeps what is there and says so; Delete takes it away; nobody else may do either."""
    alice, bob, group = telegram.person(), telegram.person("Bob"), telegram.group()
    async with world.slow():
        await telegram.say("/ask tell me a long story", user=alice, chat=group)
        growing = await world.growing(group)
    assert (await telegram.press(growing, "Stop", user=bob)).alert
    await telegram.press(growing, "Stop", user=alice)
    await until(lambda: "Stopped" in growing.text)
    assert (await telegram.press(growing, "Delete", user=bob)).alert
    await telegram.press(growing, "Delete", user=alice)
    await until(lambda: growing.deleted)


async def test_new_answer_and_continue(world: World, telegram: TelegramStandin) -> None:
    """New answer posts another one below; an answer that broke off can be continued."""
    alice = telegram.person()
    await telegram.say("What is a fjord?", user=alice)
    first = await world.answer(alice)
    await telegram.press(first, "New answer", user=alice)
    second = await world.answer(alice, after=first)
    assert second.reply_to is first
    await telegram.say("fault:cut Tell me of lagoons", user=alice)
    broken = await telegram.message(lambda one: "Continue" in one.buttons, chat=alice)
    await telegram.press(broken, "Continue", user=alice)
    assert (await world.answer(alice, after=broken)).buttons == LAST


async def test_a_picker_is_for_its_opener(world: World, telegram: TelegramStandin) -> None:
    """/model in a group: details of models can be read in full, and only the asker can choose. Under another
    person's answer the picker says whose choice it is."""
    alice, bob, group = telegram.person(), telegram.person("Bob"), telegram.group()
    await telegram.say("/model", user=alice, chat=group)
    picker = await telegram.message(chat=group)
    assert "GPT-4.1 nano" in picker.buttons
    assert "$0.10" in picker.text
    refused = await telegram.press(picker, "GPT-4.1 nano", user=bob)
    assert (refused.alert, refused.text) == (True, "Only the person who asked can do that.")
    await telegram.press(picker, "GPT-4.1 nano", user=alice)
    await until(lambda: "nano" in picker.text and not picker.buttons)
    await telegram.say("/ask What is a fjord?", user=alice, chat=group)
    answer = await world.answer(group)
    assert "gpt-4.1-nano" in answer.text
    await telegram.press(answer, "Model", user=bob)
    others = await telegram.message(lambda one: one.reply_to is answer, chat=group)
    assert others.text.startswith("Bob: Which model should answer?")
    await telegram.press(others, "GPT-4o mini", user=bob)
    await until(lambda: others.text == "Bob: From now on, GPT-4o mini answers.")


async def test_bare_commands_ask_for_words(world: World, telegram: TelegramStandin) -> None:
    """The menu sends commands without text: the bot asks for it, mentions the person, and takes the reply."""
    alice, group = telegram.person(language="de"), telegram.group()
    await telegram.say("/ask", user=alice, chat=group)
    form = await telegram.message(lambda one: "forced_reply" in one.extra, chat=group)
    assert "was möchtest du wissen" in form.text
    await telegram.say("Was ist ein Fjord?", user=alice, chat=group, reply_to=form)
    answer = await telegram.message(lambda one: "Neue Antwort" in one.buttons, chat=group)
    assert "Fjord" in answer.text


async def test_inline_answers_are_paid_by_the_presser(world: World, telegram: TelegramStandin) -> None:
    """A card costs nothing; once pressed, the answer grows in the message and can be regenerated. The first
    presser pays, once."""
    alice, bob = telegram.person(), telegram.person("Bob", language="de")
    (card,) = await telegram.inline("What is an isthmus?", user=alice)
    message = telegram.choose(card, user=alice)
    assert not world.asked("isthmus")
    pressed = await asyncio.gather(*(telegram.press(message, "Answer", user=one) for one in (bob, bob, alice)))
    assert {one.text for one in pressed[1:]} == {
        "Das wird schon beantwortet.",
        "This is already being answered.",
    }
    await until(lambda: "isthmus" in message.text and "Neue Antwort" in message.buttons)
    assert len(message.history) >= 2
    assert telegram.messages(alice) == telegram.messages(bob) == []
    await telegram.say("/usage", user=bob)
    assert re.search(r"ausgegeben: 0,0*[1-9]\d*\s\$", (await telegram.message(chat=bob)).shown)
    assert len(world.asked("isthmus")) == 1


async def test_an_edited_question_can_be_answered_again(world: World, telegram: TelegramStandin) -> None:
    """An edit costs nothing; a button answers the edited text, for its author only, and once."""
    alice, bob, group = telegram.person(), telegram.person("Bob"), telegram.group()
    question = await telegram.say("/ask What is a fyord?", user=alice, chat=group)
    first = await world.answer(group)
    await telegram.edit(question, "/ask What is a fjord?")
    offer = await telegram.message(lambda one: "Answer now" in one.buttons, chat=group)
    await telegram.edit(question, "/ask What is a fjord, please?")
    assert (await telegram.press(offer, "Answer now", user=bob)).text
    assert not world.asked("fjord, please")
    async with world.slow(60):
        pressed = [telegram.press(offer, "Answer now", user=alice) for _ in range(3)]
        shown = [one.text for one in await asyncio.gather(*pressed)]
    assert shown == ["", *["This is already being answered."] * 2]
    again = await world.answer(group, after=first)
    assert len(world.asked("fjord, please")) == 1
    assert again is offer
    assert "fjord, please" in again.text


async def test_special_senders(world: World, telegram: TelegramStandin) -> None:
    """Anonymous admins count as the group, with moderators' rights; bots, automatic forwards of channels,
    business and guest messages, service messages and unknown kinds get no answer and break nothing."""
    alice, robot, group = telegram.person(), telegram.person("Robot", is_bot=True), telegram.group("Club")
    await telegram.say("/ask What is a fjord?", user=alice, chat=group, anonymous=True)
    assert "fjord" in (await world.answer(group)).text
    silent = telegram.group()
    await telegram.say("/ask beep", user=robot, chat=silent)
    await telegram.say("/ask post", user=alice, chat=silent, is_automatic_forward=True)
    await telegram.say("", user=alice, new_chat_members=[alice.wire()])
    body = {"message_id": 5, "date": 1_900_000_000, "chat": telegram.private(alice).wire(), "text": "hi"}
    for kind in ("business_message", "guest_message", "brand_new_kind", "channel_post"):
        telegram.update(kind, {**body, "from": alice.wire()})
    telegram.update("message", {"message_id": "not a number", "chat": {"id": alice.id}})
    telegram.update("message", cast(Any, "no object"))
    assert await quiet(telegram, silent) == await quiet(telegram, alice) == []


async def test_lone_surrogates_break_nothing(world: World, telegram: TelegramStandin) -> None:
    """JSON allows lone surrogates in texts, names, titles and presses: they are shown as replaced, and
    everybody is still answered."""
    half = telegram.person("Hal\ud83df")
    await telegram.say("What is a \ud83d fjord?", user=half)
    answer = await world.answer(half)
    assert "fjord" in answer.text
    await telegram.press_data(answer, "!\ud83d", user=half)
    (card,) = await telegram.inline("a \ud83d lagoon", user=half)
    assert card["title"].endswith("a \ufffd lagoon")
    group = telegram.group("Club \ud83d")
    quoted = await telegram.say("I like \ud83d", user=half, chat=group)
    await telegram.say(f"\ud83d {NAME} what is this?", user=half, chat=group, reply_to=quoted)
    await world.answer(group)

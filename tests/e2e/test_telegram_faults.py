"""The console script on a loopback Telegram: failures there, and what people see of them."""

import time
from collections.abc import AsyncIterator

import pytest
import pytest_asyncio

from tests.e2e.script import Service
from tests.e2e.telegram_world import World, bot_of, open_world, picture
from tests.standins.telegram import TelegramStandin
from tests.standins.telegram.wire import Json
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[World, Service]]:
    """One bot for the tests that leave it as it was."""
    home = tmp_path_factory.mktemp("telegram")
    async with open_world() as world, bot_of(world, home, SHUTDOWN_GRACE_S="0.5") as bot:
        yield world, bot


@pytest.fixture
def world(running: tuple[World, Service]) -> World:
    return running[0]


@pytest.fixture
def bot(running: tuple[World, Service]) -> Service:
    return running[1]


@pytest.fixture
def telegram(world: World) -> TelegramStandin:
    return world.telegram


async def test_who_blocks_the_bot_is_not_written_to_again(world: World, telegram: TelegramStandin) -> None:
    """The bot is blocked during an answer: the model's stream is closed, and nothing is retried."""
    alice, left = telegram.person(), world.model.record.left
    async with world.slow():
        await telegram.say("Tell me a long story", user=alice)
        growing = await world.growing(alice)
    telegram.private(alice).blocked = True
    await until(lambda: world.model.record.left > left)
    forbidden = [call for call in telegram.calls if call.chat == alice.id and call.status == 403]
    assert len(forbidden) == 1
    assert growing.buttons == ("Stop",)


async def test_a_group_that_is_upgraded_gets_the_rest(world: World, telegram: TelegramStandin) -> None:
    """A group becomes a supergroup during an answer; the answer continues in the new one."""
    alice, group = telegram.person(), telegram.group(basic=True)
    async with world.slow(60):
        await telegram.say("/ask What is a fjord?", user=alice, chat=group)
        await world.growing(group)
    new = telegram.upgrade(group)
    assert "fjord" in (await world.answer(new)).text


async def test_a_deleted_question_is_answered_all_the_same(world: World, telegram: TelegramStandin) -> None:
    """An answer is posted even if the message it replies to is gone."""
    alice = telegram.person()
    async with world.slow(first_token_s=0.5, tokens_per_s=400):
        question = await telegram.say("What is a fjord?", user=alice)
        question.deleted = True
        assert (await world.answer(alice)).reply_to is None


async def test_a_broken_connection_posts_no_answer_twice(world: World, telegram: TelegramStandin) -> None:
    """Cut before a send, or refused with an HTML page: it is sent again. Cut after a send: the growing answer
    is not posted again, and the end appears once."""
    alice, bob = telegram.person(), telegram.person("Bob")
    telegram.bad_gateway("sendMessage", at=alice)
    await telegram.say("What is a fjord?", user=alice)
    answer = await world.answer(alice)
    assert telegram.messages(alice) == [answer]
    async with world.slow(20, first_token_s=2):
        telegram.cut("sendMessage", after=True, at=bob)
        await telegram.say("What is a lagoon?", user=bob)
        whole = await world.answer(bob)
    first, last = telegram.messages(bob)
    assert last is whole
    assert len(first.history) == 1
    assert len([call for call in telegram.calls_of("sendMessage") if call.chat == bob.id]) == 2


async def test_a_long_flood_ends_well(world: World, telegram: TelegramStandin) -> None:
    """While Telegram says to wait, nothing goes to that chat; others continue; then everything is shown."""
    alice, bob = telegram.person(), telegram.person("Bob")
    async with world.slow(40):
        await telegram.say("What is a fjord?", user=alice)
        await world.growing(alice)
    telegram.flood("editMessageText", 3, at=alice)
    await until(lambda: [call for call in telegram.refused if call.chat == alice.id])
    (refused,) = (call for call in telegram.refused if call.chat == alice.id)
    await telegram.say("What is a lagoon?", user=bob)
    await world.answer(bob)
    assert "fjord" in (await world.answer(alice)).text
    later = [call.at - refused.at for call in telegram.calls if call.chat == alice.id and call.at > refused.at]
    assert min(later) >= 3
    assert len([call for call in telegram.refused if call.chat == alice.id]) == 1


async def test_a_flood_of_five_minutes_holds_up_nobody_else(world: World, telegram: TelegramStandin) -> None:
    """429 with 300 s: that chat gets no calls, which operators can see; everybody else is served."""
    alice, bob = telegram.person(), telegram.person("Bob")
    telegram.flood("sendMessage", 300, at=alice)
    await telegram.say("What is a fjord?", user=alice)
    await until(lambda: [call for call in telegram.refused if call.chat == alice.id])
    await telegram.say("What is a lagoon?", user=bob)
    await world.answer(bob)
    assert telegram.messages(alice) == []
    assert len([call for call in telegram.calls if call.chat == alice.id and call.method == "sendMessage"]) == 1


async def test_somebody_who_writes_fifty_messages(world: World, telegram: TelegramStandin) -> None:
    """Fifty messages at once from one person: some are answered, "slow down" is said once, nobody else waits,
    and no rate limit is broken."""
    alice, bob = telegram.person(), telegram.person("Bob")
    refused = len(telegram.refused)
    async with world.slow(10):  # once an answer has ended, she may ask again, and is told anew
        for number in range(50):
            await telegram.say(f"message {number}", user=alice)
        await telegram.message(lambda one: "requests under way" in one.text, chat=alice)
    await telegram.say("What is a fjord?", user=bob)
    assert "fjord" in (await world.answer(bob)).text
    await world.growing(alice)
    messages = telegram.messages(alice)
    assert sum("requests under way" in one.text for one in messages) == 1
    assert 1 <= sum("Stop" in one.buttons for one in messages) <= 2
    assert len(telegram.refused) == refused


async def test_buttons_that_are_old_forged_or_not_ours(world: World, telegram: TelegramStandin) -> None:
    """Every press is acknowledged: of a message too old to be included, of an unknown order, with data that the
    bot did not write."""
    alice = telegram.person()
    await telegram.say("/help", user=alice)
    message = await telegram.message(chat=alice)
    assert "no longer have" in (await telegram.press_data(message, "!again:AbCdEfGh_-123456", user=alice)).text
    assert (await telegram.press_data(message, "garbage", user=alice)).text == ""
    assert "too old" in (await telegram.press_data(message, "=model::nobody", user=alice)).text
    number = f"callback-{telegram.world.new_id()}"  # whose time to be answered is over
    body: Json = {
        "id": number,
        "from": alice.wire(),
        "chat_instance": "1",
        "data": "!regenerate:AbCdEfGh_-123456",
    }
    old = {"chat": telegram.private(alice).wire(), "message_id": message.id, "date": 0}
    telegram.update("callback_query", {**body, "message": old})
    await telegram.message(lambda one: "no longer have" in one.text, chat=alice)


async def test_nobody_deletes_what_is_not_theirs(world: World, telegram: TelegramStandin) -> None:
    """A forged press on the person's own answer cannot delete other people's messages."""
    bob, mallory, group = telegram.person("Bob"), telegram.person("Mallory"), telegram.group()
    theirs = telegram.world.post(group, bob, text="Minutes of the meeting")
    await telegram.say("/ask Why is the sky blue?", user=bob, chat=group)
    answer = await world.answer(group)
    await telegram.say("/ask What is a fjord?", user=mallory, chat=group)
    own = await world.answer(group, after=answer)
    data = own.button("Delete")["callback_data"]
    for forged, under in ((f"{data}:{answer.id:x}:{theirs.id - answer.id:x}", own), (data, answer)):
        assert "too old" in (await telegram.press_data(under, forged, user=mallory)).text
    await telegram.press(own, "Delete", user=mallory)
    assert [one.deleted for one in (theirs, answer, own)] == [False, False, True]


async def test_the_token_cannot_be_made_to_leak(world: World, bot: Service, telegram: TelegramStandin) -> None:
    """Every call and download fails in every way: no error, debug log line, message or request to the model
    contains the token. (The log is searched once the bot has stopped.)"""
    alice = telegram.person()
    telegram.bad_gateway("getFile")
    telegram.cut("getFile", after=False)
    for number in range(2):
        await telegram.say(f"What is picture {number}?", user=alice, photo=picture())
        await telegram.message(lambda one, n=number: len(telegram.messages(alice)) > n, chat=alice)  # type: ignore[misc]
    gone = await telegram.say("And this one?", user=alice, photo=picture())
    telegram.world.paths.clear()
    await telegram.message(lambda one: one.reply_to is gone, chat=alice)
    for break_off in (lambda: telegram.bad_gateway("*", times=2), lambda: telegram.cut("*", after=False)):
        break_off()
        asking = await telegram.say("/help", user=alice)
        await telegram.message(lambda one, asking=asking: one.reply_to is asking, chat=alice)  # type: ignore[misc]
    secret = telegram.token.partition(":")[2]
    shown = [message.shown for message in telegram.messages()]
    asked = [str(call.body) for call in world.model.record.calls]
    assert telegram.token not in " ".join(shown + asked)
    assert secret not in "\n".join(bot.log)
    assert [line for line in bot.log if "draft.refused" in line]


async def test_the_connection_for_updates_may_break(world: World, telegram: TelegramStandin) -> None:
    """502, a cut and a rate limit on polling: polling resumes by itself, and nothing is handled twice."""
    alice = telegram.person()
    telegram.bad_gateway("getUpdates")
    telegram.cut("getUpdates", after=True)
    telegram.flood("getUpdates", 1)
    started = time.monotonic()
    await telegram.say("What is a fjord?", user=alice)
    answer = await world.answer(alice)
    assert telegram.messages(alice) == [answer]
    assert time.monotonic() - started >= 0.5

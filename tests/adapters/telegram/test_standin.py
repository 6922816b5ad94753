"""The stand-in itself: what it refuses and how, through the library that the adapter uses."""

import asyncio
import io
import json
from collections.abc import AsyncIterator

import aiohttp
import pytest
import telegram
from aiohttp import web
from aiohttp.test_utils import TestServer
from PIL import Image
from telegram.error import BadRequest, Conflict, Forbidden, NetworkError, RetryAfter
from telegram.request import HTTPXRequest

from tests.standins.telegram import Flood, TelegramStandin
from tests.standins.telegram.wire import Params
from tests.waiting import until


@pytest.fixture
async def bot(standin: TelegramStandin) -> AsyncIterator[telegram.Bot]:
    async with telegram.Bot(
        standin.token,
        base_url=f"{standin.base}/bot",
        base_file_url=f"{standin.base}/file/bot",
        get_updates_request=HTTPXRequest(2),
    ) as running:
        yield running


def picture(width: int = 900, height: int = 600) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


async def test_updates_stay_until_confirmed(standin: TelegramStandin, bot: telegram.Bot) -> None:
    """getUpdates gives an update again until a higher offset confirms it."""
    alice = standin.person()
    await standin.say("hello", user=alice)
    first = await bot.get_updates()
    again = await bot.get_updates()
    assert [update.update_id for update in first] == [update.update_id for update in again]
    assert first[0].message is not None
    assert first[0].message.text == "hello"
    assert await bot.get_updates(offset=first[0].update_id + 1) == ()


async def test_only_one_may_poll(standin: TelegramStandin, bot: telegram.Bot) -> None:
    """A second long poll ends the first with a Conflict."""
    first = asyncio.create_task(bot.get_updates(timeout=10))
    await until(lambda: standin.server.polls)
    second = asyncio.create_task(bot.get_updates(timeout=10))
    with pytest.raises(Conflict):
        await first
    await standin.say("for the second", user=standin.person())
    assert len(await second) == 1


async def test_edits_must_change_something(standin: TelegramStandin, bot: telegram.Bot) -> None:
    """The real error texts for an unchanged, a foreign and a missing message."""
    alice = standin.person()
    mine = await bot.send_message(alice.id, "one")
    theirs = await standin.say("not yours", user=alice)
    with pytest.raises(BadRequest, match="Message is not modified"):
        await bot.edit_message_text("one", alice.id, mine.message_id)
    with pytest.raises(BadRequest, match="can't be edited"):
        await bot.edit_message_text("two", alice.id, theirs.id)
    with pytest.raises(BadRequest, match="to edit not found"):
        await bot.edit_message_text("two", alice.id, 999_999)
    await bot.edit_message_text("two", alice.id, mine.message_id)
    assert [version.text for version in standin.messages(alice)[0].history] == ["one", "two"]


async def test_texts_and_entities_are_checked(standin: TelegramStandin, bot: telegram.Bot) -> None:
    """Length is counted in UTF-16 units, and entities lie inside the text on character borders."""
    alice = standin.person()
    await bot.send_message(alice.id, "😀" * 2048)
    for text, error in (("😀" * 2049, "message is too long"), (" \n", "message text is empty")):
        with pytest.raises(BadRequest, match=f"(?i){error}"):
            await bot.send_message(alice.id, text)
    for offset, length in ((0, 5), (1, 1)):
        entity = telegram.MessageEntity("bold", offset, length)
        with pytest.raises(BadRequest, match=r"(?i)can.t parse entities"):
            await bot.send_message(alice.id, "😀!", entities=[entity])
    link = telegram.MessageEntity("text_link", 0, 1, url="http://localhost/")
    with pytest.raises(BadRequest, match=r"(?i)entity URL 'http://localhost/' is invalid: Wrong HTTP URL"):
        await bot.send_message(alice.id, "!", entities=[link])
    with pytest.raises(BadRequest, match=r"(?i)Unsupported start tag"):
        await bot.send_message(alice.id, "Vec<T>", parse_mode="HTML")


async def test_floods_are_refused_and_stay_refused(standin: TelegramStandin, bot: telegram.Bot) -> None:
    """Bursts of five a chat, twenty a minute in a group; the refusal says how long to wait."""
    standin.server.flood = Flood()
    alice, group = standin.person(), standin.group()
    for number in range(5):
        await bot.send_message(alice.id, str(number))
    with pytest.raises(RetryAfter):
        await bot.send_message(alice.id, "too much")
    with pytest.raises(RetryAfter):
        await bot.send_chat_action(alice.id, "typing")
    standin.server.flood = Flood(chat_rate=0, account_calls=0)
    for number in range(20):
        await bot.send_message(group.id, str(number))
    with pytest.raises(RetryAfter):
        await bot.send_message(group.id, "too much")
    assert standin.calls[-1].retry_after in (59, 60)


async def test_faults(standin: TelegramStandin, bot: telegram.Bot) -> None:
    """A cut before a call leaves nothing behind, a cut after it leaves the message; 502 comes as HTML."""
    alice = standin.person()
    standin.cut("sendMessage", after=False)
    with pytest.raises(NetworkError):
        await bot.send_message(alice.id, "lost")
    assert standin.messages(alice) == []
    standin.cut("sendMessage", after=True)
    with pytest.raises(NetworkError):
        await bot.send_message(alice.id, "arrived")
    assert [message.text for message in standin.messages(alice)] == ["arrived"]
    standin.flood("sendMessage", 300)
    with pytest.raises(RetryAfter):
        await bot.send_message(alice.id, "no")
    bob = standin.person("Bob")
    standin.private(bob).blocked = True
    with pytest.raises(Forbidden):
        await bot.send_message(bob.id, "no")
    standin.bad_gateway("getMe")
    with pytest.raises(NetworkError, match="Bad Gateway"):
        await bot.get_me()


async def test_photos_albums_and_files(standin: TelegramStandin, bot: telegram.Bot) -> None:
    """A photo has several sizes and downloads under the token; an album is one update a picture."""
    alice = standin.person()
    await standin.album([picture(), picture(400, 300)], "look", user=alice)
    first, second = await bot.get_updates()
    assert first.message is not None
    assert second.message is not None
    assert first.message.media_group_id == second.message.media_group_id
    assert [size.width for size in first.message.photo] == [90, 320, 800, 900]
    file = await bot.get_file(first.message.photo[-1].file_id)
    assert bytes(await file.download_as_bytearray()) == picture()
    sent = await bot.send_media_group(alice.id, [telegram.InputMediaPhoto(picture()) for _ in range(2)])
    assert len(sent) == 2


async def test_a_press_is_answered(standin: TelegramStandin, bot: telegram.Bot) -> None:
    """A press reaches the bot with the message it belongs to; an unanswered or second answer is refused."""
    alice = standin.person()
    keyboard = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Go", callback_data="go:1")]])
    await bot.send_message(alice.id, "press", reply_markup=keyboard)
    pressing = asyncio.create_task(standin.press(standin.messages(alice)[0], "Go", user=alice))
    (update,) = await bot.get_updates(timeout=5)
    assert update.callback_query is not None
    assert update.callback_query.data == "go:1"
    await bot.answer_callback_query(update.callback_query.id, "done")
    assert (await pressing).text == "done"
    with pytest.raises(BadRequest, match="Query is too old"):
        await bot.answer_callback_query(update.callback_query.id)
    long = telegram.InlineKeyboardMarkup([[telegram.InlineKeyboardButton("Go", callback_data="x" * 65)]])
    with pytest.raises(BadRequest, match=r"(?i)BUTTON_DATA_INVALID"):
        await bot.send_message(alice.id, "press", reply_markup=long)


async def test_what_the_documentation_does_not_allow_is_refused(standin: TelegramStandin) -> None:
    """Parameters that a method does not have; names, lists and placeholders that are too long."""

    async def asked(method: str, **params: object) -> str:
        url = f"{standin.base}/bot{standin.token}/{method}"
        async with aiohttp.ClientSession() as session, session.post(url, json=params) as response:
            return str((await response.json()).get("description", ""))

    alice, menu = standin.person(), {"command": "ask", "description": "Ask"}
    typing = asyncio.create_task(standin.inline("why?", user=alice))
    await until(lambda: standin.updates.waiting)
    (query,) = standin.world.inline_queries
    card = {"type": "article", "id": "1", "title": "Why?", "input_message_content": {"message_text": "why?"}}
    hint = {"force_reply": True, "input_field_placeholder": "x" * 65}
    of_draft = await asked("sendMessageDraft", chat_id=alice.id, draft_id=1, text="x", link_preview_options={})
    assert "no parameter link_preview_options" in of_draft
    assert "placeholder" in await asked("sendMessage", chat_id=alice.id, text="x", reply_markup=hint)
    assert "COMMAND_INVALID" in await asked("setMyCommands", commands=[menu | {"command": "Ask"}])
    assert "TOO_MUCH" in await asked("setMyCommands", commands=[menu] * 101)
    assert "unallowed characters" in await asked("setWebhook", url="https://x.org", secret_token="ö")
    for results, error in (
        ([card, card], "DUPLICATE"),
        ([card | {"id": "x" * 65}], "ID_INVALID"),
        ([card], ""),
    ):
        assert error in await asked("answerInlineQuery", inline_query_id=query, results=results)
    assert await typing == [card]


async def test_the_token_is_checked(standin: TelegramStandin) -> None:
    """Another token gets nothing."""
    with pytest.raises(telegram.error.InvalidToken):
        async with telegram.Bot("1:wrong", base_url=f"{standin.base}/bot"):
            pass


async def test_replies_are_one_level_deep(standin: TelegramStandin, bot: telegram.Bot) -> None:
    """A quoted message does not carry the message that it quotes itself."""
    alice, group = standin.person(), standin.group()
    standin.world.privacy = False
    first = await standin.say("one", user=alice, chat=group)
    second = await standin.say("two", user=alice, chat=group, reply_to=first)
    await standin.say("three", user=alice, chat=group, reply_to=second)
    last = (await bot.get_updates())[-1].message
    assert last is not None
    assert last.reply_to_message is not None
    assert last.reply_to_message.text == "two"
    assert last.reply_to_message.reply_to_message is None


async def test_privacy_mode_hides_small_talk(standin: TelegramStandin, bot: telegram.Bot) -> None:
    """In groups only commands, mentions and replies to the bot arrive."""
    alice, group = standin.person(), standin.group()
    mine = await bot.send_message(group.id, "hello")
    own = standin.messages(group)[0]
    assert own.id == mine.message_id
    for text in ("small talk", "/ask a", "hey @minitool_test_bot"):
        await standin.say(text, user=alice, chat=group)
    await standin.say("b", user=alice, chat=group, reply_to=own)
    seen = [update.message.text for update in await bot.get_updates() if update.message]
    assert seen == ["/ask a", "hey @minitool_test_bot", "b"]
    assert json.loads(json.dumps(own.wire()))["from"]["is_bot"] is True


async def test_a_webhook_gets_a_chats_next_message_when_it_has_answered(standin: TelegramStandin) -> None:
    """Another chat's messages and presses do not wait; what is refused comes again before the next one."""
    seen: list[str] = []
    answers = asyncio.Queue[int]()

    async def receive(request: web.Request) -> web.Response:
        update = await request.json()
        seen.append(str(update.get("message", {}).get("text", "press")))
        return web.Response(status=await answers.get() if seen[-1] == "one" else 200)

    app = web.Application()
    app.router.add_post("/", receive)
    async with TestServer(app) as server:
        standin.updates.set_webhook(Params({"url": str(server.make_url("/"))}, {}))
        alice, bob = standin.person(), standin.person("Bob")
        for text, user in (("one", alice), ("two", alice), ("other", bob)):
            await standin.say(text, user=user)
        standin.update("callback_query", {"id": "1", "from": alice.wire()})
        await until(lambda: len(seen) == 3)
        assert sorted(seen) == ["one", "other", "press"]
        answers.put_nowait(503)
        await until(lambda: len(seen) == 4)
        answers.put_nowait(200)
        await until(lambda: len(seen) == 5)
        assert seen[3:] == ["one", "two"]
        await standin.updates.close()

"""The test's side of the stand-in: people write, press and look; what the bot did is there to read."""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any, Self

from tests.waiting import PATIENCE_S, until

from .faults import Fault
from .flood import Flood
from .server import Call, Server
from .wire import Json, units
from .world import ANONYMOUS_ADMIN, Chat, Message, User

TOKEN = "7000000001:AAF-test-token-of-the-stand-in_0123456"
_MARKS = re.compile(r"(?P<bot_command>(?<![\w/])/[a-zA-Z0-9_]+(@\w+)?)|(?P<mention>(?<!\w)@\w{4,})")


def mark(text: str) -> list[Json]:
    """The entities that Telegram's clients find in what a person types."""
    return [
        {
            "type": match.lastgroup if match.lastgroup in ("bot_command", "mention") else "bot_command",
            "offset": units(text[: match.start()]),
            "length": units(match.group()),
        }
        for match in _MARKS.finditer(text)
    ]


@dataclass(frozen=True, slots=True)
class Pressed:
    """A pressed button: what the bot answered to the press ("" = silently)."""

    text: str
    alert: bool


class TelegramStandin:
    """A loopback Bot API for one bot.

    async with TelegramStandin() as telegram:
        alice = telegram.person("Alice")
        await telegram.say("hello", user=alice)
        reply = await telegram.message(lambda message: "Hi" in message.text)
        await telegram.press(reply, "Stop", user=alice)
    """

    def __init__(self, token: str = TOKEN, flood: Flood | None = None) -> None:
        self.token = token
        self.server = Server(token, flood or Flood())
        self.world = self.server.world
        self.updates = self.server.updates

    async def __aenter__(self) -> Self:
        await self.server.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self.server.stop()

    @property
    def base(self) -> str:
        return self.server.base

    @property
    def calls(self) -> list[Call]:
        return self.server.calls

    def calls_of(self, *methods: str) -> list[Call]:
        return [call for call in self.calls if call.method in methods]

    @property
    def refused(self) -> list[Call]:
        """Calls that ended with 429."""
        return [call for call in self.calls if call.status == 429]

    # Who and where

    def person(self, name: str = "Alice", *, language: str = "en", is_bot: bool = False) -> User:
        """A person and the private chat with the bot."""
        user = User(self.world.new_id(), name, f"{name.lower()}_{self.world.new_id()}", language, is_bot)
        self.world.users[user.id] = user
        self.world.chats[user.id] = Chat(user.id, "private", name)
        return user

    def group(self, title: str = "Friends", *, basic: bool = False, topics: Sequence[int] = ()) -> Chat:
        """A supergroup, a forum where it has topics, or a basic group."""
        number = self.world.new_id()
        chat = Chat(
            -number if basic else -1_000_000_000_000 - number, "group" if basic else "supergroup", title
        )
        chat.topics, chat.is_forum = set(topics), bool(topics)
        self.world.chats[chat.id] = chat
        return chat

    def private(self, user: User) -> Chat:
        return self.world.chats[user.id]

    def upgrade(self, chat: Chat, *, ago: int = 0) -> Chat:
        """A basic group becomes a supergroup with another id, of which both are told; `ago` in seconds."""
        new = self.group(chat.title)
        chat.moved_to = new.id
        notices = ((chat, {"migrate_to_chat_id": new.id}), (new, {"migrate_from_chat_id": chat.id}))
        for where, extra in notices:
            message = self.world.post(where, self._nobody, extra=extra)
            message.date -= ago
            self.updates.add("message", message.wire())
        return new

    @property
    def _nobody(self) -> User:
        """In whose name Telegram sends what is sent in the group's."""
        nobody = User(ANONYMOUS_ADMIN, "Group", "GroupAnonymousBot", "", is_bot=True)
        return self.world.users.setdefault(ANONYMOUS_ADMIN, nobody)

    # What people do

    async def say(
        self,
        text: str = "",
        *,
        user: User,
        chat: Chat | None = None,
        reply_to: Message | None = None,
        photo: bytes | None = None,
        document: tuple[str, str, bytes] | None = None,
        claimed: int = 0,
        thread: int = 0,
        album: str = "",
        date: int | None = None,
        anonymous: bool = False,
        **extra: Any,
    ) -> Message:
        """A message of `user`, its caption with a photo or document; `extra` goes on the wire as is."""
        chat = chat or self.private(user)
        media = self.world.photo(photo) if photo is not None else {}
        if document is not None:
            media = self.world.document(*document, claimed)
        if anonymous:
            extra["sender_chat"] = chat.wire()
            user = self._nobody
        words: Json = {"text": text, "entities": mark(text)}
        if media or "voice" in extra:
            words = {"caption": text, "caption_entities": mark(text)}
        message = self.world.post(
            chat, user, media=media, thread=thread, reply_to=reply_to, album=album, extra=extra, **words
        )
        message.date = date if date is not None else message.date
        if self._reaches_bot(message):
            self.updates.add("message", message.wire())
        return message

    def backlog(self, text: str, *, user: User) -> None:
        """A message of `user` from hours ago, as cheaply as ten thousand of them must be."""
        message = self.world.post(self.private(user), user, text=text)
        message.date -= 3 * 3600
        self.updates.add("message", message.wire())

    async def album(
        self, photos: Sequence[bytes], caption: str = "", *, user: User, chat: Chat | None = None, **more: Any
    ) -> list[Message]:
        """Every picture is a message and an update of its own; the first carries the caption."""
        name = f"album-{self.world.new_id()}"
        return [
            await self.say(
                caption if number == 0 else "", user=user, chat=chat, photo=photo, album=name, **more
            )
            for number, photo in enumerate(photos)
        ]

    async def edit(self, message: Message, text: str) -> None:
        """A person edits what they wrote."""
        if message.media:
            message.caption, message.caption_entities = text, mark(text)
        else:
            message.text, message.entities = text, mark(text)
        message.edited = True
        message.remember()
        self.updates.add("edited_message", message.wire())

    async def press(self, message: Message, label: str, *, user: User) -> Pressed:
        """Presses the button whose text contains `label`; returns what the bot answered to the press."""
        return await self.press_data(message, message.button(label)["callback_data"], user=user)

    async def press_data(
        self, under: Message, data: str, *, user: User, message: Json | None = None
    ) -> Pressed:
        """A press with any data, forged too; `message` is what is sent along, where that is not all of it."""
        number = f"callback-{self.world.new_id()}"
        answer = self.world.callbacks[number] = asyncio.get_running_loop().create_future()
        body: Json = {"id": number, "from": user.wire(), "chat_instance": str(under.chat.id), "data": data}
        sent = message or under.wire()
        where = {"inline_message_id": under.inline_id} if under.inline_id else {"message": sent}
        self.updates.add("callback_query", {**body, **where})
        try:
            result = await asyncio.wait_for(answer, PATIENCE_S)
        except TimeoutError:
            raise AssertionError(f"the press of {data!r} was not answered") from None
        return Pressed(result["text"], bool(result["show_alert"]))

    async def inline(self, query: str, *, user: User) -> list[Json]:
        """Types @bot QUERY anywhere; the results offered."""
        number = f"inline-{self.world.new_id()}"
        answer = self.world.inline_queries[number] = asyncio.get_running_loop().create_future()
        self.updates.add("inline_query", {"id": number, "from": user.wire(), "query": query, "offset": ""})
        return await asyncio.wait_for(answer, PATIENCE_S)

    def choose(self, result: Json, *, user: User) -> Message:
        """Sends one of the results into a chat that the bot is not in."""
        content = result["input_message_content"]
        chat = Chat(self.world.new_id(), "private", "elsewhere")
        message = self.world.post(chat, self.world.bot, text=content["message_text"])
        message.markup, message.inline_id = result.get("reply_markup"), f"inline-message-{message.id}"
        self.world.inline[message.inline_id] = message
        message.remember()
        return message

    def update(self, kind: str, body: Json) -> int:
        """Any update at all."""
        return self.updates.add(kind, body)

    def _reaches_bot(self, message: Message) -> bool:
        """Privacy mode: in groups the bot sees commands, mentions and replies to itself."""
        if message.chat.type == "private" or not self.world.privacy:
            return True
        shown, name = message.shown, f"@{self.world.bot.username}".lower()
        answers = message.reply_to is not None and message.reply_to.by_bot
        return shown.startswith("/") or name in shown.lower() or answers

    # What the bot did

    def messages(self, chat: Chat | User | None = None) -> list[Message]:
        """The bot's messages that are there now, oldest first."""
        return [
            message
            for message in self.world.by_bot
            if not message.deleted and (chat is None or message.chat.id == chat.id)
        ]

    async def message(
        self,
        predicate: Callable[[Message], bool] = lambda _: True,
        *,
        chat: Chat | User | None = None,
        timeout: float = PATIENCE_S,
    ) -> Message:
        """The newest message of the bot for which `predicate` is true, as soon as there is one."""

        def newest() -> Message | None:
            return next((message for message in reversed(self.messages(chat)) if predicate(message)), None)

        try:
            found = await until(newest, timeout)
        except AssertionError:
            shown = [message.shown[:200] for message in self.messages(chat)]
            raise AssertionError(f"no such message; there are {shown}") from None
        assert found is not None
        return found

    # What goes wrong; `at` one chat, where it is given

    def flood(self, method: str, seconds: int, *, shuts: bool = True, at: Chat | User | None = None) -> None:
        """The next call of `method` ("*": of any) is refused with 429 and retry_after; where it `shuts`,
        so is all that comes to this chat before that time is over."""
        self.server.faults.add(method, Fault("flood", seconds=seconds, shuts=shuts, chat=_id(at)))

    def refuse(
        self, method: str, code: int, description: str, times: int = 1, *, at: Chat | User | None = None
    ) -> None:
        self.server.faults.add(method, Fault("refuse", code, description, chat=_id(at)), times)

    def bad_gateway(self, method: str, times: int = 1, *, at: Chat | User | None = None) -> None:
        """502 with an HTML page."""
        self.server.faults.add(method, Fault("html", chat=_id(at)), times)

    def cut(self, method: str, *, after: bool, times: int = 1, at: Chat | User | None = None) -> None:
        """The connection breaks before or after the call took effect; no answer arrives."""
        self.server.faults.add(method, Fault("cut-after" if after else "cut-before", chat=_id(at)), times)

    def garble(self, method: str, answer: str, times: int = 1) -> None:
        """200 with JSON that is none of the Bot API."""
        self.server.faults.add(method, Fault("garble", description=answer), times)

    def hang(self, method: str, seconds: float) -> None:
        self.server.faults.add(method, Fault("hang", seconds=seconds))


def _id(at: Chat | User | None) -> int:
    return at.id if at else 0

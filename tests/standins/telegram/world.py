"""People, chats, messages and files, and how they look on the wire."""

import asyncio
import functools
import io
import itertools
import time
from dataclasses import dataclass, field
from typing import Any

from PIL import Image

from .wire import Json, bad

BOT_ID = 7_000_000_001
ANONYMOUS_ADMIN = 1_087_968_824  # "GroupAnonymousBot", the sender of anonymous administrators
PHOTO_SIDES = (90, 320, 800, 1280)
DOWNLOAD_BYTES = 20 * 1024 * 1024


@dataclass(eq=False, slots=True)
class User:
    id: int
    first_name: str
    username: str = ""
    language: str = "en"
    is_bot: bool = False

    def wire(self) -> Json:
        body: Json = {"id": self.id, "is_bot": self.is_bot, "first_name": self.first_name}
        if self.username:
            body["username"] = self.username
        return {**body, "language_code": self.language} if self.language else body


@dataclass(eq=False, slots=True)
class Chat:
    id: int
    type: str
    title: str = ""
    is_forum: bool = False
    topics: set[int] = field(default_factory=set)
    admins: set[int] = field(default_factory=set)
    blocked: bool = False
    forbids: set[str] = field(default_factory=set)  # what members may not send: "photos", "documents"
    moved_to: int = 0

    def wire(self) -> Json:
        body: Json = {"id": self.id, "type": self.type}
        body |= {"first_name": self.title} if self.type == "private" else {"title": self.title}
        return {**body, "is_forum": True} if self.is_forum else body


@dataclass(frozen=True, slots=True)
class Version:
    """What a message showed, and since when (seconds of the monotonic clock)."""

    at: float
    text: str
    buttons: tuple[str, ...] = ()


@dataclass(eq=False, slots=True)
class Message:
    """One message as it is now. `history` holds every state it was in, the present one last."""

    id: int
    chat: Chat
    date: int
    sender: User | None = None
    text: str = ""
    entities: list[Json] = field(default_factory=list)
    caption: str = ""
    caption_entities: list[Json] = field(default_factory=list)
    media: Json = field(default_factory=dict)  # {"photo": [...]}, {"document": {...}}, {"voice": {...}} ...
    spoiler: bool = False
    album: str = ""
    thread: int = 0
    reply_to: "Message | None" = None
    markup: Json | None = None
    extra: Json = field(default_factory=dict)
    preview: bool = True
    inline_id: str = ""
    deleted: bool = False
    edited: bool = False
    history: list[Version] = field(default_factory=list)

    @property
    def by_bot(self) -> bool:
        return self.sender is not None and self.sender.id == BOT_ID

    @property
    def shown(self) -> str:
        return self.text or self.caption

    @property
    def root(self) -> "Message":
        """The first of those that answer one another."""
        return self if self.reply_to is None else self.reply_to.root

    @property
    def buttons(self) -> tuple[str, ...]:
        return tuple(button["text"] for row in (self.markup or {}).get("inline_keyboard", ()) for button in row)

    def button(self, label: str) -> Json:
        """The button whose text contains `label`."""
        for row in (self.markup or {}).get("inline_keyboard", ()):
            for button in row:
                if label in button["text"]:
                    return dict(button)
        raise AssertionError(f"no button {label!r} among {self.buttons}")

    def remember(self) -> None:
        self.history.append(Version(time.monotonic(), self.shown, self.buttons))

    def wire(self, *, with_reply: bool = True) -> Json:
        """Replies are one level deep, as in the Bot API."""
        body: Json = {"message_id": self.id, "date": self.date, "chat": self.chat.wire()}
        if self.sender is not None:
            body["from"] = self.sender.wire()
        body |= self._content()
        if self.album:
            body["media_group_id"] = self.album
        if self.thread:
            body |= {"message_thread_id": self.thread, "is_topic_message": True}
        elif self.chat.type == "supergroup" and self.reply_to is not None:
            body["message_thread_id"] = self.root.id  # as of any thread, though this is no topic
        if self.edited:
            body["edit_date"] = self.date + 1
        if self.markup:
            body["reply_markup"] = self.markup
        quoted = self.reply_to or self._opening()
        if with_reply and quoted is not None and not quoted.deleted:
            body["reply_to_message"] = quoted.wire(with_reply=False)
        return {**body, **self.extra}

    def _opening(self) -> "Message | None":
        """What opened its topic, to which every message there replies that replies to no other."""
        if not self.thread or self.id == self.thread:
            return None
        opened = {"forum_topic_created": {"name": "Topic", "icon_color": 0x6FB9F0}}
        return Message(self.thread, self.chat, self.date, self.sender, thread=self.thread, extra=opened)

    def _content(self) -> Json:
        body: Json = dict(self.media)
        if self.text and "rich_message" not in self.extra:
            body["text"] = self.text
            if self.entities:
                body["entities"] = self.entities
        if self.caption:
            body["caption"] = self.caption
            if self.caption_entities:
                body["caption_entities"] = self.caption_entities
        return {**body, "has_media_spoiler": True} if self.spoiler else body


@dataclass(frozen=True, slots=True)
class File:
    id: str
    path: str
    data: bytes = field(repr=False)
    claimed: int = 0  # a size to claim beside the real one

    @property
    def size(self) -> int:
        return self.claimed or len(self.data)


@functools.lru_cache(64)  # tests post the same few again and again
def _scaled(data: bytes, width: int, height: int) -> bytes:
    """A picture as a JPEG of that size."""
    out = io.BytesIO()
    with Image.open(io.BytesIO(data)) as image:
        image.convert("RGB").resize((width, height)).save(out, "JPEG")
    return out.getvalue()


class World:
    """Everything the server knows. Ids are never used twice."""

    def __init__(self) -> None:
        self.bot = User(BOT_ID, "MiniTool", "minitool_test_bot", "", is_bot=True)
        self.users: dict[int, User] = {BOT_ID: self.bot}
        self.chats: dict[int, Chat] = {}
        self.messages: dict[tuple[int, int], Message] = {}
        self.by_bot: list[Message] = []  # oldest first
        self.inline: dict[str, Message] = {}
        self.files: dict[str, File] = {}
        self.paths: dict[str, File] = {}
        self.drafts: dict[int, list[tuple[int, str]]] = {}  # per chat: draft id and text of every frame
        self.callbacks: dict[str, asyncio.Future[Json]] = {}
        self.inline_queries: dict[str, asyncio.Future[list[Json]]] = {}
        self.menus: dict[tuple[str, int, str], dict[str, str]] = {}  # scope, chat, language: command to words
        self.privacy = True
        self.account: Json = {}  # what BotFather set otherwise
        self.knows_rich = True  # Bot API 10.2 and newer
        self._ids = itertools.count(1000)
        self._message_ids = itertools.count(10)

    def new_id(self) -> int:
        return next(self._ids)

    def find_chat(self, chat_id: int) -> Chat:
        if chat_id not in self.chats:
            raise bad("chat not found")
        return self.chats[chat_id]

    def find(self, chat_id: int, message_id: int, error: str) -> Message:
        message = self.messages.get((chat_id, message_id))
        if message is None or message.deleted:
            raise bad(error)
        return message

    def post(self, chat: Chat, sender: User | None, **content: Any) -> Message:
        message = Message(next(self._message_ids), chat, int(time.time()), sender, **content)
        self.messages[chat.id, message.id] = message
        if message.by_bot:
            self.by_bot.append(message)
        message.remember()
        return message

    def add_file(self, data: bytes, folder: str, suffix: str, claimed: int = 0) -> File:
        number = self.new_id()
        file = File(f"file-{number}", f"{folder}/file_{number}.{suffix}", data, claimed)
        self.files[file.id] = self.paths[file.path] = file
        return file

    def photo(self, data: bytes) -> Json:
        """The sizes of a photo, smallest first; Telegram never enlarges."""
        with Image.open(io.BytesIO(data)) as image:
            width, height = image.size
        if width + height > 10_000 or max(width, height) > 20 * min(width, height):
            raise bad("PHOTO_INVALID_DIMENSIONS")
        sides = [side for side in PHOTO_SIDES if side < max(width, height)] + [max(width, height)]
        return {"photo": [self._size(data, width, height, side) for side in sides]}

    def _size(self, data: bytes, width: int, height: int, side: int) -> Json:
        scale = side / max(width, height)
        w, h = max(1, round(width * scale)), max(1, round(height * scale))
        file = self.add_file(_scaled(data, w, h) if scale < 1 else data, "photos", "jpg")
        return {
            "file_id": file.id,
            "file_unique_id": f"u{file.id}",
            "width": w,
            "height": h,
            "file_size": file.size,
        }

    def document(self, name: str, media_type: str, data: bytes, claimed: int = 0) -> Json:
        file = self.add_file(data, "documents", name.rsplit(".", 1)[-1], claimed)
        body = {"file_id": file.id, "file_unique_id": f"u{file.id}", "file_name": name}
        return {"document": {**body, "mime_type": media_type, "file_size": file.size}}

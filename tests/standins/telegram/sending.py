"""The methods that post: texts, pictures, files, albums, drafts, chat actions."""

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .rich import Reading
from .wire import CAPTION_UNITS, TEXT_UNITS, Json, Params, Refusal, Upload, bad, check_markup, clean_text
from .world import Chat, Message, World

PHOTO_BYTES = 10 * 1024 * 1024
UPLOAD_BYTES = 50 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Place:
    """Where a message goes: the chat, its topic, and what it answers."""

    chat: Chat
    thread: int = 0
    reply_to: Message | None = None


def get_chat(world: World, params: Params) -> Chat:
    """The chat of a call, or the reason why nothing can be sent there."""
    chat = world.find_chat(params.integer("chat_id"))
    if chat.moved_to:
        raise Refusal(
            400,
            "Bad Request: group chat was upgraded to a supergroup chat",
            migrate_to_chat_id=chat.moved_to,
        )
    if chat.blocked:
        reason = (
            "bot was blocked by the user"
            if chat.type == "private"
            else f"bot was kicked from the {chat.type} chat"
        )
        raise Refusal(403, f"Forbidden: {reason}")
    return chat


def get_place(world: World, params: Params) -> Place:
    chat = get_chat(world, params)
    thread = params.integer("message_thread_id")
    if thread and thread not in chat.topics:
        raise bad("message thread not found")
    wanted = params.json("reply_parameters") or {}
    if not wanted.get("message_id"):
        return Place(chat, thread)
    message = world.messages.get((wanted.get("chat_id", chat.id), wanted["message_id"]))
    if message is None or message.deleted:
        if not wanted.get("allow_sending_without_reply"):
            raise bad("message to be replied not found")
        return Place(chat, thread)
    return Place(chat, thread or message.thread, message)


def send_message(world: World, params: Params) -> Json:
    place = get_place(world, params)
    text, entities = clean_text(
        params.text("text"), params.json("entities"), params.text("parse_mode"), most=TEXT_UNITS, what="message"
    )
    preview = not (params.json("link_preview_options") or {}).get("is_disabled", False)
    return _post(world, place, params, text=text, entities=entities, preview=preview).wire()


def rich_text(world: World, params: Params, method: str) -> tuple[str, Json]:
    """The words of the rich message in a call, and the message. Older servers know no such thing."""
    if not world.knows_rich:
        raise Refusal(404, f"Not Found: method {method.lower()} not found")
    rich = params.json("rich_message") or {}
    return Reading().message(rich), {"rich_message": rich}


def send_rich_message(world: World, params: Params) -> Json:
    place = get_place(world, params)
    text, extra = rich_text(world, params, "sendRichMessage")
    return _post(world, place, params, text=text, extra=extra).wire()


def send_photo(world: World, params: Params) -> Json:
    place = get_place(world, params)
    permit(place.chat, "photos")
    media = photo_of(world, params.file("photo"))
    caption, entities = caption_of(params)
    return _post(
        world,
        place,
        params,
        media=media,
        caption=caption,
        caption_entities=entities,
        spoiler=params.flag("has_spoiler"),
    ).wire()


def send_document(world: World, params: Params) -> Json:
    place = get_place(world, params)
    permit(place.chat, "documents")
    caption, entities = caption_of(params)
    media = document_of(world, params.file("document"))
    return _post(world, place, params, media=media, caption=caption, caption_entities=entities).wire()


def send_media_group(world: World, params: Params) -> list[Json]:
    place = get_place(world, params)
    items = params.json("media") or []
    if not 2 <= len(items) <= 10:
        raise bad("wrong number of items in the media group")
    if len({item["type"] for item in items}) > 1:  # it has photos and documents alone, which do not mix
        raise bad("can't use the media of the specified type in the album")
    album = f"album-{world.new_id()}"
    media = [media_of(world, params, item, place.chat) for item in items]
    return [_post(world, place, params, album=album, **one).wire() for one in media]


def permit(chat: Chat, what: str) -> None:
    """Groups have a right for each kind of what members send, and a bot is one (Bot API, ChatPermissions)."""
    if what in chat.forbids:
        raise bad(f"not enough rights to send {what} to the chat")


def media_of(world: World, params: Params, item: Json, chat: Chat) -> Json:
    """One InputMedia as the fields of a Message."""
    permit(chat, "photos" if item["type"] == "photo" else "documents")
    values = {name: value if isinstance(value, str) else json.dumps(value) for name, value in item.items()}
    inner = Params(values, params.uploads)
    source = inner.file("media")
    media = photo_of(world, source) if item["type"] == "photo" else document_of(world, source)
    caption, entities = caption_of(inner)
    spoiler = bool(item.get("has_spoiler"))
    return {"media": media, "caption": caption, "caption_entities": entities, "spoiler": spoiler}


def caption_of(params: Params) -> tuple[str, list[Json]]:
    return clean_text(
        params.text("caption"),
        params.json("caption_entities"),
        params.text("parse_mode"),
        most=CAPTION_UNITS,
        what="caption",
    )


def photo_of(world: World, source: Upload | str) -> Json:
    if isinstance(source, str):
        return {"photo": [{"file_id": known(world, source), "file_unique_id": source, "width": 1, "height": 1}]}
    if len(source.data) > PHOTO_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    try:
        return world.photo(source.data)
    except OSError:
        raise bad("IMAGE_PROCESS_FAILED") from None


def document_of(world: World, source: Upload | str) -> Json:
    if isinstance(source, str):
        return {"document": {"file_id": known(world, source), "file_unique_id": source}}
    if len(source.data) > UPLOAD_BYTES:
        raise Refusal(413, "Request Entity Too Large")
    return world.document(source.name, source.media_type, source.data)


def known(world: World, file_id: str) -> str:
    if file_id not in world.files:
        raise bad("wrong remote file identifier specified: can't unserialize it")
    return file_id


def send_chat_action(world: World, params: Params) -> bool:
    get_place(world, params)
    return True


def send_message_draft(world: World, params: Params) -> bool:
    return _draft(world, params, lambda: _draft_text(params))


def send_rich_message_draft(world: World, params: Params) -> bool:
    return _draft(world, params, lambda: rich_text(world, params, "sendRichMessageDraft")[0])


def _draft_text(params: Params) -> str:
    return clean_text(
        params.text("text"), params.json("entities"), params.text("parse_mode"), most=TEXT_UNITS, what="draft"
    )[0]


def _draft(world: World, params: Params, read: Callable[[], str]) -> bool:
    """A draft is no message: it lives in `drafts` of the chat until a real message comes."""
    chat = get_chat(world, params)
    if chat.type != "private":
        raise bad("TEXTDRAFT_PEER_INVALID")
    if not params.integer("draft_id"):
        raise bad("draft_id must be non-zero")
    world.drafts.setdefault(chat.id, []).append((params.integer("draft_id"), read()))
    return True


def _post(world: World, place: Place, params: Params, **content: Any) -> Message:
    markup = check_markup(params.json("reply_markup"))
    message = world.post(
        place.chat, world.bot, thread=place.thread, reply_to=place.reply_to, markup=markup, **content
    )
    message.extra |= {"forced_reply": True} if (params.json("reply_markup") or {}).get("force_reply") else {}
    return message

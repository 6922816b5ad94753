"""The methods that change or remove what was posted."""

import time
from typing import Any

from .sending import caption_of, get_chat, media_of, rich_text
from .wire import TEXT_UNITS, Json, Params, bad, check_markup, clean_text
from .world import Message, World

DELETABLE_S = 48 * 3600  # Bot API, deleteMessage
NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same as a "
    "current content and reply markup of the message"
)


def find_message(world: World, params: Params) -> Message:
    """The bot's own message that a call wants to edit."""
    if inline_id := params.text("inline_message_id"):
        if inline_id not in world.inline:
            raise bad("MESSAGE_ID_INVALID")
        return world.inline[inline_id]
    chat = get_chat(world, params)
    message = world.find(chat.id, params.integer("message_id"), "message to edit not found")
    if not message.by_bot:
        raise bad("message can't be edited")
    return message


def edit_text(world: World, params: Params) -> Json | bool:
    message = find_message(world, params)
    if params.json("rich_message") is not None:
        text, extra = rich_text(world, params, "editMessageText")
        return _change(message, params, text=text, entities=[], extra=extra)
    text, entities = clean_text(
        params.text("text"), params.json("entities"), params.text("parse_mode"), most=TEXT_UNITS, what="message"
    )
    if message.media:
        raise bad("there is no text in the message to edit")
    return _change(message, params, text=text, entities=entities, extra={})


def edit_caption(world: World, params: Params) -> Json | bool:
    message = find_message(world, params)
    caption, entities = caption_of(params)
    if not message.media:
        raise bad("there is no caption in the message to edit")
    return _change(message, params, caption=caption, caption_entities=entities)


def edit_markup(world: World, params: Params) -> Json | bool:
    return _change(find_message(world, params), params)


def edit_media(world: World, params: Params) -> Json | bool:
    message = find_message(world, params)
    media = media_of(world, params, params.json("media"), message.chat)
    return _change(message, params, text="", entities=[], **media)


def _change(message: Message, params: Params, **content: Any) -> Json | bool:
    markup = check_markup(params.json("reply_markup"))
    if markup == message.markup and all(getattr(message, name) == value for name, value in content.items()):
        raise bad(NOT_MODIFIED)
    for name, value in content.items():
        setattr(message, name, value)
    message.markup, message.edited = markup, True
    message.remember()
    return True if message.inline_id else message.wire()


def delete_message(world: World, params: Params) -> bool:
    chat = get_chat(world, params)
    message = world.find(chat.id, params.integer("message_id"), "message to delete not found")
    if time.time() - message.date > DELETABLE_S:
        raise bad("message can't be deleted for everyone")
    message.deleted = True
    return True

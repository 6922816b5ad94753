"""Default values for fields that a server of the Bot API may leave out, and that the library and we require.

What Telegram's own server sends stays as it is; others leave some fields out.
"""

import re
import time
from collections.abc import Mapping
from typing import Any

from core.pages import utf16_length

Json = Mapping[str, Any]

KEPT_S = 86_400  # Telegram keeps no update longer (Bot API, Getting updates)
_SIZE = {"file_unique_id": "", "width": 0, "height": 0}
_FILE = {"file_unique_id": ""}
_POLL = {"allows_revoting": False, "members_only": False}  # newer than Bot API 9.5
_OPTION = {"persistent_id": ""}
# The fields of a message that have always been there.
_WHERE = ("message_id", "date", "edit_date", "chat", "message_thread_id", "is_topic_message", "media_group_id")
_WHAT = ("from", "sender_chat", "text", "entities", "caption", "caption_entities", "photo", "reply_to_message")
_BASIC = (*_WHERE, *_WHAT, "reply_markup")
_CALLS = (  # what Telegram marks in every text: nothing is for a bot in a group without
    ("bot_command", re.compile(r"^/[A-Za-z0-9_]{1,32}(?:@\w+)?(?![\w/@])")),
    ("mention", re.compile(r"(?<!\w)@\w{3,32}(?!\w)", re.ASCII)),
)


def fill_update(update: Json, *, is_late: bool) -> Json:
    """The update with every field that the library and we require.

    Telegram keeps no update for longer than KEPT_S. A message that looks older shows that a clock is wrong,
    there or here: it counts as written now, or nothing would be answered until the clock is set. Only a message
    that waited while the bot was away (`is_late`) keeps its date.
    """
    now, filled = int(time.time()), dict(update)
    for kind, dated in (("message", "date"), ("edited_message", "edit_date")):
        if kind in update:
            body = filled[kind] = _marked(_message(update[kind], now))
            if not is_late and now - (body.get(dated) or now) > KEPT_S:
                body[dated] = now
    if "callback_query" in update:
        filled["callback_query"] = _press(update["callback_query"], now)
    if "inline_query" in update:
        query = update["inline_query"]
        filled["inline_query"] = {"query": "", "offset": "", **query, "from": _user(query["from"])}
    return filled


def reduce_update(update: Json) -> Json:
    """The update with the basic fields alone (_BASIC), also in the message that it replies to: for one that the
    library cannot read, as a newer or older server may send it."""
    update = _with_reduced(_with_reduced(update, "message"), "edited_message")
    press = update.get("callback_query")
    return {**update, "callback_query": _with_reduced(press, "message")} if press else update


def _reduced(message: Json) -> Json:
    return _with_reduced({name: message[name] for name in _BASIC if name in message}, "reply_to_message")


def _with_reduced(body: Json, name: str) -> Json:
    return {**body, name: _reduced(body[name])} if name in body else body


def fill_result(result: Any) -> Any:
    """The result of a call (messages, a file, a user), with every field that the library requires."""
    if isinstance(result, list):
        return [fill_result(one) for one in result]
    if not isinstance(result, dict):
        return result
    if "message_id" in result:
        return _message(result, int(time.time()))
    if "file_id" in result:
        return {**_FILE, **result}
    return _user(result) if "id" in result and "type" not in result else result


def _message(body: Json, now: int) -> dict[str, Any]:
    chat = body.get("chat") or {"id": 0}
    number = chat["id"]
    filled = {**body, "chat": {"type": "private" if number > 0 else "supergroup", **chat}}
    filled["date"] = body.get("date") or now
    if "from" in body:
        filled["from"] = _user(body["from"])
    elif number > 0 and "sender_chat" not in body:
        filled["from"] = _user({"id": number})
    if "photo" in body:
        filled["photo"] = [{**_SIZE, **size} for size in body["photo"]]
    if "document" in body:
        filled["document"] = {**_FILE, **body["document"]}
    if "poll" in body:
        options = [{**_OPTION, **option} for option in body["poll"].get("options", ())]
        filled["poll"] = {**_POLL, **body["poll"], "options": options}
    if "message_thread_id" in body and "reply_to_message" not in body and (number > 0 or "is_forum" in chat):
        filled["is_topic_message"] = True  # other threads are made of replies
    if "reply_to_message" in body:
        filled["reply_to_message"] = _message({"chat": chat, **body["reply_to_message"]}, now)
    return filled


def _user(user: Json) -> Json:
    return {"is_bot": False, "first_name": str(user["id"]), **user}


def _press(body: Json, now: int) -> Json:
    filled = {"chat_instance": "", **body, "from": _user(body["from"])}
    if body.get("message") and body["message"].get("date") != 0:  # 0 says that it cannot be read any more
        filled["message"] = _message(body["message"], now)
    return filled


def _marked(message: dict[str, Any]) -> dict[str, Any]:
    """With the marks of commands and names, where there are none at all."""
    for words, marks in (("text", "entities"), ("caption", "caption_entities")):
        text = message.get(words)
        if text and not message.get(marks):
            message[marks] = marks_of(text)
    return message


def marks_of(text: str) -> list[dict[str, Any]]:
    """The marks of commands and names in a text."""
    return [
        {"type": kind, "offset": utf16_length(text[: found.start()]), "length": utf16_length(found.group())}
        for kind, pattern in _CALLS
        for found in pattern.finditer(text)
    ]

"""What a server of the Bot API sends, with all that the library and we take for granted: others than Telegram's
own leave some of it out. What Telegram sends stays as it is."""

import re
import time
from collections.abc import Callable, Mapping
from typing import Any

from core.pages import utf16_length

Json = Mapping[str, Any]

KEPT_S = 86_400  # Telegram keeps no update longer (Bot API, Getting updates)
_SIZE = {"file_unique_id": "", "width": 0, "height": 0}
_FILE = {"file_unique_id": ""}
_POLL = {"allows_revoting": False, "members_only": False}  # newer than Bot API 9.5
_OPTION = {"persistent_id": ""}
# Of a message: what has always been there, and words.
_WHERE = ("message_id", "date", "edit_date", "chat", "message_thread_id", "is_topic_message", "media_group_id")
_WHAT = ("from", "sender_chat", "text", "entities", "caption", "caption_entities", "photo", "reply_to_message")
_PLAIN = (*_WHERE, *_WHAT, "reply_markup")
_CALLS = (  # what Telegram marks in every text: nothing is for a bot in a group without
    ("bot_command", re.compile(r"^/[A-Za-z0-9_]{1,32}(?:@\w+)?(?![\w/@])")),
    ("mention", re.compile(r"(?<!\w)@\w{3,32}(?!\w)", re.ASCII)),
)


def received(update: Json, *, is_late: bool) -> Json:
    """An update with nothing missing. Telegram keeps none for longer than KEPT_S: a message that looks older
    shows that a clock is wrong, there or here, and counts as written now, or nothing would be answered until
    the clock is set. One that `is_late`, because it waited while the bot was away, keeps its date."""
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


def plain(update: Json) -> Json:
    """An update of which the library cannot read all, as a server newer or older than it may send it: a message
    with its words and photos, and those of the one that it answers."""
    kinds = {"message": _plain, "edited_message": _plain, "callback_query": _with_plain("message")}
    return {kind: kinds[kind](body) if kind in kinds else body for kind, body in update.items()}


def _plain(message: Json) -> Json:
    return _with_plain("reply_to_message")({name: message[name] for name in _PLAIN if name in message})


def _with_plain(name: str) -> Callable[[Json], Json]:
    return lambda body: {**body, name: _plain(body[name])} if name in body else body


def answered(result: Any) -> Any:
    """What a call led to: a message or several, a file, who we are."""
    if isinstance(result, list):
        return [answered(one) for one in result]
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
            message[marks] = [
                {
                    "type": kind,
                    "offset": utf16_length(text[: found.start()]),
                    "length": utf16_length(found.group()),
                }
                for kind, pattern in _CALLS
                for found in pattern.finditer(text)
            ]
    return message

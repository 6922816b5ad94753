"""Every other method: who am I, files, callbacks, inline answers, menus, members."""

import re

from .sending import get_chat
from .wire import TEXT_UNITS, Json, Params, Refusal, bad, check_markup, clean_text, units
from .world import ANONYMOUS_ADMIN, DOWNLOAD_BYTES, World

NOTICE_UNITS = 200
_COMMAND = re.compile(r"[a-z0-9_]{1,32}")
QUERY_TOO_OLD = "query is too old and response timeout expired or query ID is invalid"


def get_me(world: World, params: Params) -> Json:
    return {
        **world.bot.wire(),
        "can_join_groups": True,
        "can_read_all_group_messages": not world.privacy,
        "supports_inline_queries": True,
        "has_topics_enabled": False,
        **world.account,
    }


def get_file(world: World, params: Params) -> Json:
    file = world.files.get(params.text("file_id"))
    if file is None:
        raise bad("wrong file_id or the file is temporarily unavailable")
    if file.size > DOWNLOAD_BYTES:
        raise bad("file is too big")
    return {"file_id": file.id, "file_unique_id": f"u{file.id}", "file_size": file.size, "file_path": file.path}


def answer_callback_query(world: World, params: Params) -> bool:
    waiting = world.callbacks.get(params.text("callback_query_id"))
    if waiting is None or waiting.done():
        raise bad(QUERY_TOO_OLD)
    if units(params.text("text")) > NOTICE_UNITS:
        raise bad("MESSAGE_TOO_LONG")
    waiting.set_result({"text": params.text("text"), "show_alert": params.flag("show_alert")})
    return True


def answer_inline_query(world: World, params: Params) -> bool:
    waiting = world.inline_queries.get(params.text("inline_query_id"))
    if waiting is None or waiting.done():
        raise bad(QUERY_TOO_OLD)
    results = params.json("results") or []
    if len(results) > 50:
        raise bad("RESULTS_TOO_MUCH")
    if len({result["id"] for result in results}) < len(results):
        raise bad("RESULT_ID_DUPLICATE")
    for result in results:
        check_result(result)
    waiting.set_result(results)
    return True


def check_result(result: Json) -> None:
    """An article with a text, the only kind of result that the bot offers."""
    if result["type"] != "article" or not 1 <= len(result["id"].encode()) <= 64 or not result["title"]:
        raise bad("RESULT_ID_INVALID")
    content = result["input_message_content"]
    clean_text(content["message_text"], content.get("entities"), "", most=TEXT_UNITS, what="message")
    check_markup(result.get("reply_markup"))


def set_my_commands(world: World, params: Params) -> bool:
    scope = params.json("scope") or {"type": "default"}
    if "chat_id" in scope and int(scope["chat_id"]) not in world.chats:
        raise bad("chat not found")
    commands = params.json("commands") or []
    if len(commands) > 100:
        raise bad("BOT_COMMANDS_TOO_MUCH")
    for command in commands:
        if not _COMMAND.fullmatch(command["command"]) or not 1 <= units(command["description"]) <= 256:
            raise bad("BOT_COMMAND_INVALID")
    key = (scope["type"], int(scope.get("chat_id", 0)), params.text("language_code"))
    world.menus[key] = {command["command"]: command["description"] for command in commands}
    return True


def delete_my_commands(world: World, params: Params) -> bool:
    scope = params.json("scope") or {"type": "default"}
    world.menus.pop((scope["type"], int(scope.get("chat_id", 0)), params.text("language_code")), None)
    return True


def get_chat_member(world: World, params: Params) -> Json:
    chat = get_chat(world, params)
    user_id = params.integer("user_id")
    if user_id not in world.users:
        raise bad("PARTICIPANT_ID_INVALID")
    admin = user_id in chat.admins or user_id == ANONYMOUS_ADMIN
    status = "creator" if admin else "member"
    extra = {"is_anonymous": False} if admin else {}
    return {"status": status, "user": world.users[user_id].wire(), **extra}


def get_chat_administrators(world: World, params: Params) -> list[Json]:
    chat = get_chat(world, params)
    return [
        {"status": "creator", "user": world.users[admin].wire(), "is_anonymous": False}
        for admin in sorted(chat.admins)
        if admin in world.users
    ]


def get_chat_info(world: World, params: Params) -> Json:
    return {
        **get_chat(world, params).wire(),
        "accent_color_id": 0,
        "max_reaction_count": 1,
        "accepted_gift_types": {},
    }


def unknown(method: str) -> Refusal:
    return Refusal(404, f"Not Found: method {method.lower()} not found")

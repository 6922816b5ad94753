"""Every other method: who am I, files, callbacks, inline answers, menus, members."""

import asyncio
from typing import Any

from .sending import get_chat
from .wire import Json, Params, Refusal, bad
from .world import ANONYMOUS_ADMIN, DOWNLOAD_BYTES, World

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
    waiting = world.callbacks.pop(params.text("callback_query_id"), None)
    if waiting is None:
        raise bad(QUERY_TOO_OLD)
    if len(params.text("text")) > 200:
        raise bad("MESSAGE_TOO_LONG")
    _resolve(waiting, {"text": params.text("text"), "show_alert": params.flag("show_alert")})
    return True


def answer_inline_query(world: World, params: Params) -> bool:
    waiting = world.inline_queries.pop(params.text("inline_query_id"), None)
    if waiting is None:
        raise bad(QUERY_TOO_OLD)
    results = params.json("results") or []
    if len(results) > 50:
        raise bad("RESULTS_TOO_MUCH")
    _resolve(waiting, results)
    return True


def _resolve(waiting: "asyncio.Future[Any]", value: object) -> None:
    if not waiting.done():
        waiting.set_result(value)


def set_my_commands(world: World, params: Params) -> bool:
    scope = params.json("scope") or {"type": "default"}
    if "chat_id" in scope and int(scope["chat_id"]) not in world.chats:
        raise bad("chat not found")
    commands = params.json("commands") or []
    for command in commands:
        if not 1 <= len(command["command"]) <= 32 or not 1 <= len(command["description"]) <= 256:
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

"""Default values for fields that an event may lack and discord.py requires: without them it drops the event.

Discord documents some of these fields as optional, it has added some over the years, and a proxy between us and
Discord may know fewer. The defaults change nothing that anybody sees.
"""

from collections.abc import Mapping
from typing import Any

_Json = Mapping[str, Any]

_USER = {"username": "", "discriminator": "0", "avatar": None}
_MEMBER = {"roles": (), "flags": 0}
_PRIVATE, _THREADS = 1, (10, 11, 12)  # types of channels
_CHANNEL = {"name": "", "position": 0, "bitrate": 0, "user_limit": 0}
_THREAD = {"parent_id": 0, "owner_id": 0, "message_count": 0, "member_count": 0}
_THREAD_METADATA = {"archived": False, "auto_archive_duration": 1440, "archive_timestamp": None}
_MESSAGE = {"type": 0, "content": "", "timestamp": None, "edited_timestamp": None, "tts": False}
_MESSAGE |= {"pinned": False, "mention_everyone": False, "mention_roles": (), "attachments": (), "embeds": ()}
_VIEW = 1 << 10
_INTERACTION = {"version": 1, "attachment_size_limit": 10 * 1024 * 1024, "app_permissions": str(_VIEW)}


def fill_event(name: str, data: Any) -> Any:
    """The data of the event `name`, with every field that discord.py requires."""
    match name:
        case "READY":
            return {"guilds": (), **data, "user": {**_USER, **data["user"]}}
        case "GUILD_CREATE":
            channels = {
                kind: [_channel(one, data["id"]) for one in data.get(kind) or ()]
                for kind in ("channels", "threads")
            }
            return {**data, **channels, "members": [_member(one) for one in data.get("members") or ()]}
        case "CHANNEL_CREATE" | "CHANNEL_UPDATE" | "THREAD_CREATE":
            return _channel(data, data.get("guild_id"))
        case "INTERACTION_CREATE":
            return _interaction(data)
        case "MESSAGE_CREATE":
            return _message(data)
    return data


def _member(data: _Json) -> _Json:
    return {**_MEMBER, **data, "user": {**_USER, **data["user"]}}


def _interaction(data: _Json) -> _Json:
    """Where it does not say for whom the app is installed, it is for the server from which it comes."""
    guild, member = data.get("guild_id"), _member({"user": data.get("user"), **(data.get("member") or {})})
    under = data.get("message")
    return {
        **_INTERACTION,
        "authorizing_integration_owners": {"0": guild} if guild else {},
        **data,
        **({"member": member} if guild else {"user": member["user"]}),
        "channel": _channel(data.get("channel") or {"id": data["channel_id"]}, guild),
        **({"message": _message({"channel_id": data["channel_id"], **under})} if under else {}),
    }


def _channel(data: _Json, guild: str | None) -> _Json:
    """discord.py knows a server's channel by its id. Outside of servers, a channel without a type counts as a
    private chat."""
    if data.get("type") in _THREADS:
        metadata = {**_THREAD_METADATA, **(data.get("thread_metadata") or {})}
        return {**_CHANNEL, **_THREAD, **data, "thread_metadata": metadata}
    return {**_CHANNEL, **({} if guild else {"type": _PRIVATE}), **data}


def _message(data: _Json) -> _Json:
    message = {**_MESSAGE, **data, "author": {**_USER, **(data.get("author") or {})}}
    message["mentions"] = [{**_USER, **user} for user in data.get("mentions") or ()]
    if member := data.get("member"):
        message["member"] = {**_MEMBER, **member}
    if replied := data.get("referenced_message"):
        message["referenced_message"] = _message(replied)
    if reference := data.get("message_reference"):
        message["message_reference"] = {"channel_id": data["channel_id"], **reference}
    if forwards := data.get("message_snapshots"):
        message["message_snapshots"] = [{"message": {**_MESSAGE, **one["message"]}} for one in forwards]
    return message

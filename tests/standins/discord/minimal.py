"""Discord's events and responses with only the fields that are never missing."""

from typing import Any

Body = dict[str, Any]

_KEPT = {
    "READY": ("v", "user", "session_id", "resume_gateway_url"),
    "INTERACTION_CREATE": (
        "id", "application_id", "type", "token", "data", "guild_id", "channel_id", "member", "user", "message",
    ),
    "MESSAGE_CREATE": (
        "id", "channel_id", "guild_id", "author", "content", "mentions", "member", "message_reference",
        "referenced_message", "message_snapshots",
    ),
}  # fmt: skip
_PLACE = ("id", "type", "parent_id", "nsfw")
_GUILD = {
    "members": ("user", "roles"),
    "roles": ("id", "name", "permissions"),
    "channels": _PLACE,
    "threads": _PLACE,
}
_PEOPLE, _PERSON = ("user", "author"), ("id", "username", "bot")
_MESSAGE = (*_KEPT["MESSAGE_CREATE"], "components")


def minimal_event(name: str, data: Body) -> Body:
    """An event with the minimum of fields; nulls and empty lists are left out, too."""
    if name == "GUILD_CREATE":
        return {name: data[name] for name in ("id", "name", "preferred_locale", "unavailable")} | {
            name: [_bare(one, kept) for one in data[name]] for name, kept in _GUILD.items()
        }
    return _bare(data, _KEPT[name]) if name in _KEPT else data


def minimal_response(path: str, body: Any) -> Any:
    """A response of the API with the minimum of fields; that to an interaction is empty."""
    if path.endswith("/callback"):
        return None
    if path == "/gateway/bot":
        return {"url": body["url"]}
    if path == "/oauth2/applications/@me":
        return {name: value for name, value in body.items() if name != "owner"}
    return body


def _bare(data: Body, kept: tuple[str, ...]) -> Body:
    found = {name: data[name] for name in kept if data.get(name) not in (None, [], "")}
    for name in _PEOPLE:
        if name in found:
            found[name] = _bare(found[name], _PERSON)
    if "member" in found:
        found["member"] = _bare(found["member"], ("user", "permissions"))
    if "mentions" in found:
        found["mentions"] = [_bare(one, ("id",)) for one in found["mentions"]]
    if "message_reference" in found:
        found["message_reference"] = _bare(found["message_reference"], ("type", "message_id"))
    if "message_snapshots" in found:
        found["message_snapshots"] = [
            {"message": _bare(one["message"], ("content",))} for one in found["message_snapshots"]
        ]
    for name in ("message", "referenced_message"):
        if name in found:
            found[name] = _bare(found[name], _MESSAGE)
    return found

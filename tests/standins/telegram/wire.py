"""What goes over the wire of a Bot API: parameters as they arrive, refusals as they are worded."""

import json
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web

from .tdlib import fault_of_link

Json = dict[str, Any]  # JSON has no narrower type

TEXT_UNITS = 4096
CAPTION_UNITS = 1024
CALLBACK_BYTES = 64
PLACEHOLDER_UNITS = 64
TOO_MANY_ENTITIES = 100


class Refusal(Exception):
    """An answer with "ok": false."""

    def __init__(self, code: int, description: str, **parameters: int) -> None:
        self.code, self.description, self.parameters = code, description, parameters
        super().__init__(description)

    def body(self) -> Json:
        body: Json = {"ok": False, "error_code": self.code, "description": self.description}
        return {**body, "parameters": self.parameters} if self.parameters else body


def bad(what: str) -> Refusal:
    return Refusal(400, f"Bad Request: {what}")


@dataclass(frozen=True, slots=True)
class Upload:
    name: str
    media_type: str
    data: bytes = field(repr=False)


@dataclass(slots=True)
class Params:
    """The parameters of one call: texts, nested objects as JSON texts, uploads."""

    values: Mapping[str, str]
    uploads: Mapping[str, Upload]

    def text(self, name: str) -> str:
        return self.values.get(name, "")

    def integer(self, name: str, default: int = 0) -> int:
        value = self.values.get(name)
        try:
            return int(value) if value not in (None, "") else default
        except ValueError:
            raise bad(f"invalid {name} specified") from None

    def flag(self, name: str) -> bool:
        return self.values.get(name, "").lower() in ("true", "1")

    def json(self, name: str) -> Any:  # whatever the caller sent
        value = self.values.get(name)
        if value in (None, ""):
            return None
        try:
            return json.loads(value)
        except ValueError:
            raise bad(f"can't parse {name} JSON object") from None

    def file(self, name: str) -> Upload | str:
        """An upload, the id of a known file, or a Refusal."""
        value = self.values.get(name, "")
        if value.startswith("attach://"):
            value = value.removeprefix("attach://")
            if value not in self.uploads:
                raise bad("wrong remote file identifier specified: can't find the attached file")
            return self.uploads[value]
        if name in self.uploads:
            return self.uploads[name]
        if not value:
            raise bad(f"there is no {name} in the request")
        return value


async def read_params(request: web.Request) -> Params:
    """Query string, form, multipart or JSON body, as a Bot API server takes them all."""
    values: dict[str, str] = dict(request.query)
    uploads: dict[str, Upload] = {}
    if request.content_type == "application/json":
        body = await request.json()
        values |= {name: value if isinstance(value, str) else json.dumps(value) for name, value in body.items()}
    elif request.can_read_body:
        for name, value in (await request.post()).items():
            if isinstance(value, web.FileField):
                uploads[name] = Upload(value.filename, value.content_type, value.file.read())
            else:
                values[name] = value if isinstance(value, str) else bytes(value).decode()
    return Params(values, uploads)


def units(text: str) -> int:
    """Length in UTF-16 code units, as Telegram counts."""
    return len(text.encode("utf-16-le", "surrogatepass")) // 2


def clean_text(text: str, entities: Any, parse_mode: str, *, most: int, what: str) -> tuple[str, list[Json]]:
    """The text as stored, or the Refusal of the real server."""
    if parse_mode:
        _parse_markup(text, parse_mode)
        entities = []
    kept = check_entities(text, entities or [])
    text = text.rstrip()
    if not text.strip() and what == "message":
        raise bad("message text is empty")
    if units(text) > most:
        raise bad("message is too long" if what == "message" else "message caption is too long")
    return text, kept


def check_entities(text: str, entities: list[Json]) -> list[Json]:
    """Stricter than the real server, which repairs silently what a careful bot never sends."""
    raw = text.encode("utf-16-le", "surrogatepass")
    for entity in entities:
        start, length = entity.get("offset"), entity.get("length")
        if not isinstance(start, int) or not isinstance(length, int) or start < 0 or length <= 0:
            raise bad("can't parse entities: wrong offset or length")
        if (start + length) * 2 > len(raw):
            raise bad("can't parse entities: entity beyond the end of the text")
        try:
            raw[start * 2 : (start + length) * 2].decode("utf-16-le")
        except UnicodeDecodeError:
            raise bad("can't parse entities: entity begins or ends inside a character") from None
        if entity.get("type") == "text_link":
            check_link(entity.get("url", ""))
    return list(entities)[:TOO_MANY_ENTITIES]


def check_link(url: str) -> None:
    """One such link, and the whole message is refused."""
    if fault := fault_of_link(url):
        raise bad(fault[:1].lower() + fault[1:])


_TAGS = {
    "b",
    "strong",
    "i",
    "em",
    "u",
    "ins",
    "s",
    "del",
    "a",
    "code",
    "pre",
    "blockquote",
    "tg-spoiler",
    "span",
}


def _parse_markup(text: str, parse_mode: str) -> None:
    """Just enough to refuse what trips bots up: tags that Telegram does not know, open code spans."""
    if parse_mode.lower() == "html":
        for piece in text.split("<")[1:]:
            name = piece.split(">")[0].strip("/").split(" ")[0].lower()
            if name not in _TAGS:
                raise bad(f'can\'t parse entities: Unsupported start tag "{name}" at byte offset 0')
    elif text.count("`") % 2:
        raise bad("can't parse entities: can't find end of the entity starting at byte offset 0")


def check_markup(markup: Any) -> Json | None:
    """An inline keyboard, or None for every other kind of markup."""
    if not isinstance(markup, dict):
        return None
    if not 1 <= units(markup.get("input_field_placeholder", "-")) <= PLACEHOLDER_UNITS:
        raise bad("reply markup's placeholder is too long")
    if "inline_keyboard" not in markup:
        return None
    rows = markup["inline_keyboard"]
    buttons = [button for row in rows for button in row]
    if len(buttons) > 100 or any(len(row) > 8 for row in rows):
        raise bad("reply markup is too long")
    for button in buttons:
        if not button.get("text"):
            raise bad('can\'t parse inline keyboard button: field "text" must be of type String')
        data = button.get("callback_data")
        if data is not None and not 1 <= len(data.encode()) <= CALLBACK_BYTES:
            raise bad("BUTTON_DATA_INVALID")
    return {"inline_keyboard": rows} if buttons else None

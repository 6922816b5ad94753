"""Makes Turns of what the page sends."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import uuid4

from starlette.datastructures import FormData, UploadFile

from core.commands import BY_NAME, read_typed
from core.errors import BadInput
from core.turn import Attachment, Person, Turn, Value

# Everybody at the page shares one chat, so that a new cookie is not a new budget for the chat's cap.
_CHAT = "web:chat:sandbox"
_COMMAND = re.compile(r"/([a-zA-Z]+)(?:\s+|$)")


@dataclass(frozen=True, slots=True)
class Upload:
    """A picture as it came, and the small one that the browser made of it to show it again."""

    name: str
    media_type: str
    data: bytes
    thumbnail: bytes

    def attachment(self) -> Attachment:
        async def read(limit: int) -> bytes:
            if len(self.data) > limit:
                raise BadInput("attachment-too-big", mib=limit // 2**20)
            return self.data

        return Attachment(self.name, self.media_type, len(self.data), read)


async def read_uploads(form: FormData) -> tuple[Upload, ...]:
    """The pictures of a form in their order. A missing thumbnail is empty."""
    pictures, thumbnails = await _read(form.getlist("picture")), await _read(form.getlist("thumbnail"))
    small = [data for _, _, data in thumbnails] + [b""] * len(pictures)
    return tuple(Upload(*picture, thumbnail=thumb) for picture, thumb in zip(pictures, small, strict=False))


async def _read(files: Sequence[UploadFile | str]) -> list[tuple[str, str, bytes]]:
    return [
        (file.filename or "picture", file.content_type or "", await file.read())
        for file in files
        if isinstance(file, UploadFile)
    ]


def make_turn(form: FormData, person: Person, uploads: Sequence[Upload]) -> Turn:
    """A button or a form names its command; a line that begins with "/" is one; all else is a question."""
    command, text = _field(form, "command"), _field(form, "text")
    args = _args(command, form)
    if not command:
        command, text = parse_line(text)
        # With what is typed comes the composer's choice of a model for questions.
        args = _args(command, form) if command == "ask" else {}
    return Turn(
        id=f"web:{uuid4().hex}",
        command=command,
        person=person,
        chat=_CHAT,
        room=person.id,
        text=text,
        args=args,
        attachments=tuple(upload.attachment() for upload in uploads),
        labels=frozenset({_CHAT, person.id}),
        shared=True,
        private=True,
    )


def parse_line(line: str) -> tuple[str, str]:
    """`/imagine a fox` to its command and text."""
    match = _COMMAND.match(line)
    return read_typed(match[1], line[match.end() :]) if match else ("ask", line)


def _args(command: str, form: FormData) -> dict[str, Value]:
    known = BY_NAME[command].options if command in BY_NAME else ()
    names = ["ref", "value", *(option.name for option in known if option.kind != "picture")]
    return {name: value for name in names if (value := _field(form, name))}


def _field(form: FormData, name: str) -> str:
    value = form.get(name)
    return value.replace("\r\n", "\n") if isinstance(value, str) else ""  # as forms end their lines

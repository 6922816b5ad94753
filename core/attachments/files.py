"""Fetches what somebody attached and tells by its content what it is; where that is not clear, by its name."""

import asyncio
from codecs import BOM_UTF16_BE, BOM_UTF16_LE
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from core.errors import BadInput
from core.media_types import picture_type
from core.turn import Attachment

MOST_FILES = 10  # an album's size on the platforms that have albums
MOST_BYTES = 20 * 1024 * 1024  # of one file: a 24-megapixel photo has 5 to 15 MB
_MOST_BYTES_TOGETHER = 50 * 1024 * 1024
_AT_ONCE = 3

Kind: TypeAlias = Literal["picture", "text", "pdf", "unread"]
# Errors that a person who only quotes a file cannot help.
_SPARED = ("attachment-gone", "attachment-too-big", "file-wrong-type", "no-recordings")
# Pictures that are none for us, by their beginning, so that the sentence can name them.
_OTHERS = {
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"BM": "BMP",
    b"8BPS": "PSD",
    b"\x00\x00\x01\x00": "ICO",
}
_BRANDS = {b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIF", b"avif": "AVIF"}
_MOST_NAME = 60  # characters of a file's name in a sentence
_PICTURE_NAMES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg", ".heic", ".avif", ".bmp", ".tif", ".tiff")
_TEXT_NAMES = (
    ".txt", ".csv", ".tsv", ".md", ".log", ".ini", ".cfg", ".bat", ".sql", ".srt", ".tex", ".xml", ".html",
)  # fmt: skip
_HIGH = bytes(range(0x80, 0x100))
_CONTROLS = bytes({*range(0x20), 0x7F}.difference(b"\t\n\v\f\r\x1a\x1b"))  # a text of DOS ends with 1A


@dataclass(frozen=True, slots=True)
class File:
    """A file that was fetched; a text's `data` are UTF-8. `number` counts from 1 where there are several, else
    it is 0. `problem` tells why one is "unread"."""

    name: str
    kind: Kind
    data: bytes = field(repr=False)
    number: int = 0
    problem: BadInput | None = None


def pictures(files: Sequence[File]) -> tuple[File, ...]:
    return tuple(file for file in files if file.kind == "picture")


def texts(files: Sequence[File]) -> tuple[File, ...]:
    return tuple(file for file in files if file.kind != "picture")


async def fetch(attachments: Sequence[Attachment], spared: int = 0) -> tuple[File, ...]:
    """Every attachment's bytes, in order; the last `spared` need not be there, nor of a kind that can be read.
    Raises BadInput: "too-many-files", "files-too-big", "file-empty", "picture-wrong-type",
    "text-wrong-letters", "file-wrong-type", "no-recordings", and what Attachment.read raises."""
    if len(attachments) > MOST_FILES:
        raise BadInput("too-many-files", count=len(attachments), most=MOST_FILES)
    too_big = BadInput("files-too-big", most=_MOST_BYTES_TOGETHER >> 20)
    sizes = [attachment.size for attachment in attachments]
    if sum(size for size in sizes if size <= MOST_BYTES) > _MOST_BYTES_TOGETHER:
        raise too_big
    gate, together = asyncio.Semaphore(_AT_ONCE), 0

    async def one(attachment: Attachment, place: int) -> File:
        nonlocal together
        number = place if len(attachments) > 1 else 0
        try:
            async with gate:
                data = await _data_of(attachment)
                together += len(data)
                if together > _MOST_BYTES_TOGETHER:
                    raise too_big
            return _told(attachment, data, number)
        except BadInput as error:
            if place <= len(attachments) - spared or error.message_key not in _SPARED:
                raise
            return File(attachment.name, "unread", b"", number, error.with_traceback(None))

    tasks = [asyncio.create_task(one(item, place)) for place, item in enumerate(attachments, 1)]
    try:
        files = await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return tuple(files)


async def _data_of(attachment: Attachment) -> bytes:
    """The bytes of one attachment. Raises BadInput; of a recording not that it is too big: it would be of no
    more use if it were smaller."""
    try:
        if attachment.size > MOST_BYTES:
            raise BadInput("attachment-too-big", mib=MOST_BYTES >> 20)
        return await attachment.read(MOST_BYTES)
    except BadInput as error:
        if _is_recording(attachment):
            raise BadInput("no-recordings") from None
        error.data["name"] = attachment.name[:_MOST_NAME]
        raise


def _told(attachment: Attachment, data: bytes, number: int) -> File:
    """The file, by what it is. Raises BadInput."""
    text = _text_of(attachment, data)
    kind = _kind(attachment, data, text, number)
    return File(attachment.name, kind, data if text is None or kind != "text" else text.encode(), number)


def _kind(attachment: Attachment, data: bytes, text: str | None, number: int) -> Kind:
    """Texts begin with whatever their authors like: no other kind's mark counts in what can be read as text."""
    if not data:
        raise BadInput("file-empty", number=number)
    if text is None and picture_type(data):
        return "picture"
    if _is_pdf(attachment, data, text):
        return "pdf"
    if attachment.media_type.startswith("image/") or attachment.name.lower().endswith(_PICTURE_NAMES):
        kind = _format_of(data) if text is None else _language_of(text)
        raise BadInput("picture-wrong-type", number=number, kind=kind or attachment.name[:_MOST_NAME])
    if text is None:
        is_text = _is_called_text(attachment) and _looks_written(data)
        other = "no-recordings" if _is_recording(attachment) else "file-wrong-type"
        key = "text-wrong-letters" if is_text else other
        raise BadInput(key, number=number, name=attachment.name[:_MOST_NAME])
    return "text"


def _is_pdf(attachment: Attachment, data: bytes, text: str | None) -> bool:
    """A PDF may be plain ASCII throughout, and a text may speak of PDFs."""
    if b"%PDF-" not in data[:1024]:
        return False
    claims = attachment.media_type.startswith("application/pdf") or attachment.name.lower().endswith(".pdf")
    return claims or text is None or text.lstrip().startswith("%PDF-")


def _text_of(attachment: Attachment, data: bytes) -> str | None:
    """In the encoding that a byte order mark tells, else in UTF-8; what is called a text and looks like one,
    in the characters of an old Windows, too. None where it is no text."""
    if data.startswith((BOM_UTF16_LE, BOM_UTF16_BE)):
        return _decoded(data, "utf-16")
    text = _decoded(data, "utf-8-sig")
    if text is None and _is_called_text(attachment) and _looks_written(data) and _looks_western(data):
        return _decoded(data, "cp1252")
    return text


def _decoded(data: bytes, encoding: str) -> str | None:
    try:
        text = data.decode(encoding)
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text


def _is_recording(attachment: Attachment) -> bool:
    return attachment.media_type.startswith(("audio/", "video/"))


def _is_called_text(attachment: Attachment) -> bool:
    return attachment.media_type.startswith("text/") or attachment.name.lower().endswith(_TEXT_NAMES)


def _looks_written(data: bytes) -> bool:
    """Nearly no control characters: else it is no text."""
    return _count(data, _CONTROLS) * 100 <= len(data)


def _looks_western(data: bytes) -> bool:
    """Whether most letters are plain ones. Else the text is in another alphabet, and nothing tells which."""
    return _count(data, _HIGH) * 2 <= len(data)


def _count(data: bytes, chars: bytes) -> int:
    return len(data) - len(data.translate(None, chars))


def _format_of(data: bytes) -> str:
    """The name of a picture format that we do not take; "" where it is unknown."""
    if data[4:8] == b"ftyp":
        return _BRANDS.get(data[8:12], "")
    return next((name for mark, name in _OTHERS.items() if data.startswith(mark)), "")


def _language_of(text: str) -> str:
    """What a text is written in that claims to be a picture: "SVG", "HTML", or "" for plain words."""
    start = text[:2000].lstrip().lower()
    if "<svg" in start:
        return "SVG"
    return "HTML" if start.startswith(("<!doctype html", "<html")) else ""

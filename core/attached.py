"""Fetches what somebody attached and tells by its content what it is; where that is not clear, by its name."""

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from core.errors import BadInput
from core.media_types import picture_type
from core.turn import Attachment

MOST_FILES = 10  # an album's size on the platforms that have albums
MOST_BYTES = 20 * 1024 * 1024  # of one file: a 24-megapixel photo has 5 to 15 MB
MOST_BYTES_TOGETHER = 50 * 1024 * 1024
_AT_ONCE = 3

Kind: TypeAlias = Literal["picture", "text", "pdf"]
# What is neither a text nor a picture for us, by its first bytes, so that the sentence can name it.
_OTHERS = {
    b"II*\x00": "TIFF",
    b"MM\x00*": "TIFF",
    b"BM": "BMP",
    b"PK\x03\x04": "ZIP",
    b"\x1f\x8b": "GZIP",
    b"OggS": "OGG",
    b"ID3": "MP3",
    b"\x1aE\xdf\xa3": "WEBM",
    b"\x7fELF": "ELF",
    b"8BPS": "PSD",
    b"\x00\x00\x01\x00": "ICO",
}
_PICTURE_NAMES = (".png", ".jpg", ".jpeg", ".webp", ".gif", ".svg", ".heic", ".avif", ".bmp", ".tif", ".tiff")


@dataclass(frozen=True, slots=True)
class File:
    """A file that was fetched. `number` counts from 1 where there are several, else it is 0."""

    name: str
    kind: Kind
    data: bytes = field(repr=False)
    number: int = 0


def pictures(files: Sequence[File]) -> tuple[File, ...]:
    return tuple(file for file in files if file.kind == "picture")


def texts(files: Sequence[File]) -> tuple[File, ...]:
    return tuple(file for file in files if file.kind != "picture")


async def fetch(attachments: Sequence[Attachment]) -> tuple[File, ...]:
    """Every attachment's bytes, in order. Raises BadInput: "too-many-files", "files-too-big", "file-empty",
    "picture-wrong-type", "file-wrong-type", and what Attachment.read raises."""
    if len(attachments) > MOST_FILES:
        raise BadInput("too-many-files", count=len(attachments), most=MOST_FILES)
    too_big = BadInput("files-too-big", most=MOST_BYTES_TOGETHER >> 20)
    if sum(attachment.size for attachment in attachments) > MOST_BYTES_TOGETHER:
        raise too_big
    gate, together = asyncio.Semaphore(_AT_ONCE), 0

    async def one(attachment: Attachment, number: int) -> File:
        nonlocal together
        async with gate:
            try:
                data = await attachment.read(MOST_BYTES)
            except BadInput as error:
                error.data["name"] = attachment.name[:60]
                raise
            together += len(data)
            if together > MOST_BYTES_TOGETHER:
                raise too_big
        return File(attachment.name, _kind(attachment, data, number), data, number)

    many = len(attachments) > 1
    tasks = [asyncio.create_task(one(item, n if many else 0)) for n, item in enumerate(attachments, 1)]
    try:
        files = await asyncio.gather(*tasks)
    finally:
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
    return tuple(files)


def _kind(attachment: Attachment, data: bytes, number: int) -> Kind:
    """Texts begin with whatever their authors like: no other kind's mark counts in what can be read as text."""
    if not data:
        raise BadInput("file-empty", number=number)
    text = _text_of(data)
    if text is None and picture_type(data):
        return "picture"
    if _is_pdf(attachment, data, text):
        return "pdf"
    if attachment.media_type.startswith("image/") or attachment.name.lower().endswith(_PICTURE_NAMES):
        kind = _name_of(data) if text is None else _language_of(text)
        raise BadInput("picture-wrong-type", number=number, kind=kind)
    if text is None:
        raise BadInput("file-wrong-type", number=number, kind=_name_of(data))
    return "text"


def _is_pdf(attachment: Attachment, data: bytes, text: str | None) -> bool:
    """A PDF may be plain ASCII throughout, and a text may speak of PDFs."""
    if b"%PDF-" not in data[:1024]:
        return False
    claims = attachment.media_type.startswith("application/pdf") or attachment.name.lower().endswith(".pdf")
    return claims or text is None or text.lstrip().startswith("%PDF-")


def _text_of(data: bytes) -> str | None:
    try:
        text = data.decode("utf-8-sig")
    except UnicodeDecodeError:
        return None
    return None if "\x00" in text else text


def _name_of(data: bytes) -> str:
    if data[4:8] == b"ftyp":
        brand = data[8:12]
        return {b"heic": "HEIC", b"heix": "HEIC", b"mif1": "HEIC", b"avif": "AVIF"}.get(brand, "MP4")
    return next((name for mark, name in _OTHERS.items() if data.startswith(mark)), "binary")


def _language_of(text: str) -> str:
    """What stands in a text that is said to be a picture."""
    start = text[:2000].lstrip().lower()
    if "<svg" in start:
        return "SVG"
    return "HTML" if start.startswith(("<!doctype html", "<html")) else "text"

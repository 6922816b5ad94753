"""Made pictures as files that fit: what is too big for this chat is encoded again, smaller."""

import asyncio
import io

from PIL import Image

from bots.discord.rest import Upload
from core.answer import Picture
from core.errors import TooBig

ALT_LENGTH = 1024
FILES_A_MESSAGE, BYTES_A_MESSAGE = 10, 24 * 1024 * 1024  # of 25 MiB a request; the rest is its form
_QUALITIES = (90, 75, 60)
_SCALES = (1.0, 0.75, 0.5)
_at_once = asyncio.Semaphore(1)  # encoding is CPU work of some 100 ms a picture


async def upload(picture: Picture, limit: int) -> Upload:
    """The picture as a file of at most `limit` bytes. Raises TooBig."""
    data, media_type, name = picture.data, picture.media_type, picture.name
    if len(data) > limit:
        async with _at_once:
            data = await asyncio.to_thread(_shrink, data, limit)
        media_type, name = "image/webp", f"{name.rpartition('.')[0] or name}.webp"
    prefix = "SPOILER_" if picture.spoiler and not name.startswith("SPOILER_") else ""
    return Upload(prefix + name, data, media_type, picture.alt[:ALT_LENGTH])


def _shrink(data: bytes, limit: int) -> bytes:
    with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP")) as opened:
        image = opened.convert("RGB")
    for scale in _SCALES:
        size = (max(1, int(image.width * scale)), max(1, int(image.height * scale)))
        smaller = image if scale == 1.0 else image.resize(size, Image.Resampling.LANCZOS)
        for quality in _QUALITIES:
            out = io.BytesIO()
            smaller.save(out, "WEBP", quality=quality, method=2)
            if out.tell() <= limit:
                return out.getvalue()
    raise TooBig(cause=f"{len(data)} bytes into {limit}")


def messages_of(files: list[Upload]) -> list[list[Upload]]:
    """The files in groups that one message can carry each."""
    groups: list[list[Upload]] = []
    for file in files:
        group = groups[-1] if groups else []
        fits = len(group) < FILES_A_MESSAGE and sum(len(one.data) for one in (*group, file)) <= BYTES_A_MESSAGE
        if groups and fits:
            group.append(file)
        else:
            groups.append([file])
    return groups

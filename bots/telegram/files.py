"""Posted files as attachments. A file's address holds the bot's token: it exists inside one download only."""

from collections.abc import Sequence

from telegram import Bot, Document, ExternalReplyInfo, Message, PhotoSize
from telegram.error import BadRequest, TelegramError

from bots.telegram.request import Request
from core.errors import BadInput
from core.turn import Attachment, FileRef

_DOWNLOAD_BYTES = 20 * 1024 * 1024  # getFile refuses more
_SERVING_SIDE = 768  # no model looks at more of a picture's shorter side


def attachments_of(bot: Bot, message: Message) -> tuple[Attachment, ...]:
    return tuple(attach(bot, file) for file in files_of(message))


def files_of(message: Message | ExternalReplyInfo) -> tuple[FileRef, ...]:
    """Pictures and documents of a message, and of what it quotes from another chat."""
    found: list[FileRef] = []
    if message.photo:
        size = _serving(message.photo)
        found.append(FileRef("photo.jpg", "image/jpeg", size.file_size or 0, size.file_id))
    if (document := _document(message)) is not None:
        kind = document.mime_type or "application/octet-stream"
        name = document.file_name or "file"
        found.append(FileRef(name, kind, document.file_size or 0, document.file_id))
    sticker = message.sticker
    if sticker is not None and not (sticker.is_animated or sticker.is_video):
        found.append(FileRef("sticker.webp", "image/webp", sticker.file_size or 0, sticker.file_id))
    if isinstance(message, Message) and message.external_reply is not None:
        found += files_of(message.external_reply)
    return tuple(found)


def _document(message: Message | ExternalReplyInfo) -> Document | None:
    """The document of a message. What Telegram's clients call a GIF is a video, which Telegram also sends as a
    document: of these only a real GIF counts."""
    document = message.document
    is_video = message.animation is not None and document is not None and document.mime_type != "image/gif"
    return None if is_video else document


def _serving(sizes: Sequence[PhotoSize]) -> PhotoSize:
    """The smallest size in which no model would see less, else the largest."""
    by_side = sorted(sizes, key=lambda size: min(size.width, size.height))
    return next((size for size in by_side if min(size.width, size.height) >= _SERVING_SIDE), by_side[-1])


def attach(bot: Bot, file: FileRef) -> Attachment:
    """An attachment that any process of this bot can read."""

    async def read(limit: int) -> bytes:
        most = min(limit, _DOWNLOAD_BYTES)
        if file.size > most:
            raise BadInput("attachment-too-big", mib=most // 2**20)
        try:
            path = (await bot.get_file(file.token)).file_path
        except BadRequest as error:
            too_big = "too big" in error.message.lower()
            raise BadInput("attachment-too-big" if too_big else "attachment-gone", mib=most // 2**20) from None
        except TelegramError:
            raise BadInput("attachment-gone") from None
        request = bot.request
        if not path or not isinstance(request, Request):
            raise BadInput("attachment-gone")
        return await request.download(path, most)

    return Attachment(file.name, file.media_type, file.size, read, token=file.token)

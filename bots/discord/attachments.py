"""Files that people posted, read in pieces and never more than asked for.

Invariant: only Discord's own file hosts and the configured API's origin are ever called, without
following redirects; nothing that a person or a model wrote is fetched.
"""

from collections.abc import Awaitable, Callable
from functools import partial
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bots.discord.rest import Rest
from core.errors import BadInput, BotError
from core.turn import Attachment

_FILE_HOSTS = {
    "cdn.discordapp.com",
    "media.discordapp.net",
    "images-ext-1.discordapp.net",
    "images-ext-2.discordapp.net",
}
_TIMEOUT = aiohttp.ClientTimeout(total=60, sock_read=15)
_PIECE = 64 * 1024

_Find = Callable[[], Awaitable[str]]  # a fresh address of a file, "" where there is none


def attachment(rest: Rest, data: dict[str, Any], where: tuple[str, str] | None = None) -> Attachment:
    """The Attachment of an attachment object of the API. `where` is the (channel, message) from which a fresh
    address can be read once this one has expired; None where there is no such message."""
    url = str(data["url"])
    refresh = partial(_refresh, rest, str(data["id"]), *where) if where else None
    return Attachment(
        name=_name(data),
        media_type=str(data.get("content_type") or "application/octet-stream"),
        size=int(data.get("size", 0)),
        read=partial(_read, rest, url, refresh),
    )


def _name(data: dict[str, Any]) -> str:
    """The file's name as the person knows it: Discord removes letters beyond ASCII from `filename`, and keeps
    the original, without the extension, in `title`."""
    name = str(data.get("filename", "file"))
    title = str(data.get("title") or "")
    kind = name[name.rindex(".") :] if "." in name else ""
    return f"{title.removesuffix(kind)}{kind}" if title else name


def embedded_picture(rest: Rest, data: dict[str, Any]) -> Attachment | None:
    """The picture of an embed, through Discord's own proxy: its source is somebody else's server."""
    picture = data.get("image") or data.get("thumbnail") or {}
    url = str(picture.get("proxy_url") or "")
    if not _is_ours(rest, url):
        return None
    return Attachment("embed", "image/unknown", 0, partial(_read, rest, url, None))


def _is_ours(rest: Rest, url: str) -> bool:
    wanted, base = urlsplit(url), urlsplit(rest.base)
    if (wanted.scheme, wanted.netloc) == (base.scheme, base.netloc):
        return True
    return wanted.scheme == "https" and wanted.netloc in _FILE_HOSTS


async def _read(rest: Rest, url: str, refresh: _Find | None, limit: int) -> bytes:
    data = await _download(rest, url, limit)
    if data is None and refresh is not None:
        data = await _download(rest, await refresh(), limit)
    if data is None:
        raise BadInput("attachment-gone")
    return data


async def _download(rest: Rest, url: str, limit: int) -> bytes | None:
    """The bytes; None where the address has expired or leads nowhere. Raises BadInput("attachment-too-big")."""
    if not _is_ours(rest, url):
        return None
    pieces, size = [], 0
    try:
        async with rest.session.get(url, allow_redirects=False, timeout=_TIMEOUT) as response:
            if response.status != 200:
                return None
            async for piece in response.content.iter_chunked(_PIECE):
                size += len(piece)
                if size > limit:
                    raise BadInput("attachment-too-big", mib=limit // (1024 * 1024))
                pieces.append(piece)
    except (aiohttp.ClientError, TimeoutError, OSError):
        return None
    return b"".join(pieces)


async def _refresh(rest: Rest, file: str, channel: str, message: str) -> str:
    """A fresh address of the file, "" where there is none. Addresses are signed for a day; the message, read
    again, has fresh ones."""
    try:
        found = await rest.call("GET", f"/channels/{channel}/messages/{message}")
    except BotError:
        return ""
    return next((str(one["url"]) for one in found["attachments"] if str(one["id"]) == file), "")

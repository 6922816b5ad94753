"""What a picture shows, as far as a program without eyes can tell: its format, size and main colours."""

import base64
import binascii
import io
import ipaddress
from collections import Counter
from dataclasses import dataclass

import httpx
from PIL import Image, UnidentifiedImageError

_MOST_BYTES = 25 * 1024 * 1024
_MOST_PIXELS = 50_000_000
_COLOURS = 3
_NAMES = {
    "black": (15, 15, 15), "white": (245, 245, 245), "grey": (128, 128, 128), "red": (205, 40, 40),
    "orange": (240, 140, 40), "yellow": (245, 220, 60), "green": (50, 150, 60), "turquoise": (50, 190, 180),
    "blue": (45, 85, 200), "lightblue": (140, 190, 235), "purple": (125, 60, 165), "pink": (240, 140, 185),
    "brown": (115, 75, 45), "beige": (225, 205, 170),
}  # fmt: skip


@dataclass(frozen=True)
class Sight:
    """A picture in facts; `colours` are names from the word files, the most frequent first."""

    format: str
    width: int
    height: int
    colours: tuple[str, ...]


async def read_picture(url: str) -> bytes | None:
    """The bytes behind a `data:` URL, or behind a link to this very machine; nothing else is ever called."""
    if url.startswith("data:"):
        head, _, data = url.partition(",")
        try:
            return base64.b64decode(data, validate=True) if head.endswith(";base64") else None
        except binascii.Error:
            return None
    try:
        if not ipaddress.ip_address(httpx.URL(url).host).is_loopback:
            return None
        async with httpx.AsyncClient(timeout=5, trust_env=False) as http, http.stream("GET", url) as response:
            body = bytearray()
            async for part in response.aiter_bytes():
                body += part
                if len(body) > _MOST_BYTES:
                    return None
            return bytes(body) if response.is_success else None
    except (httpx.HTTPError, httpx.InvalidURL, ValueError):
        return None


def describe(data: bytes) -> Sight | None:
    """None where it is no picture."""
    try:
        with Image.open(io.BytesIO(data), formats=("PNG", "JPEG", "WEBP", "GIF")) as image:
            kind, (width, height) = image.format or "", image.size
            if width * height > _MOST_PIXELS:
                return Sight(kind, width, height, ())
            image.draft("RGB", (128, 128))
            small = image.convert("RGBA")
    except (UnidentifiedImageError, OSError, ValueError, SyntaxError, Image.DecompressionBombError):
        return None
    small.thumbnail((64, 64))
    paper = Image.new("RGBA", small.size, "white")
    paper.alpha_composite(small)
    return Sight(kind, width, height, _colours(paper.convert("RGB")))


def _colours(image: Image.Image) -> tuple[str, ...]:
    counts = Counter[str]()
    for count, colour in image.quantize(12).convert("RGB").getcolors(64 * 64) or []:
        assert isinstance(colour, tuple)
        name = min(
            _NAMES, key=lambda known: sum((a - b) ** 2 for a, b in zip(_NAMES[known], colour, strict=True))
        )
        counts[name] += count
    return tuple(name for name, count in counts.most_common(_COLOURS) if count * 20 >= counts.total())

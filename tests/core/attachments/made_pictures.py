"""Pictures that tests make for themselves."""

import io
from typing import Any

from PIL import Image, ImageDraw


def encoded(image: Image.Image, kind: str, **options: Any) -> bytes:
    out = io.BytesIO()
    image.save(out, kind, **options)
    return out.getvalue()


def photo(width: int = 320, height: int = 200) -> Image.Image:
    noise = [Image.effect_noise((width, height), 90) for _ in range(3)]
    return Image.merge("RGB", noise)


def drawing(width: int = 320, height: int = 200, mode: str = "RGB") -> Image.Image:
    image = Image.new(mode, (width, height))
    ImageDraw.Draw(image).rectangle((10, 10, width // 2, height // 2), fill="white" if mode == "RGB" else 1)
    return image

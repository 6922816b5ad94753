"""Draws a picture from a prompt and its parameters: the same order and seed always give the same picture.

The scene comes from words of the prompt or by chance, the colours from colour words; steps add layers,
the guidance strengthens colours, and the size is the size.
"""

import io
import math
import random
import re
import unicodedata
from functools import lru_cache

import msgspec
from PIL import Image, ImageColor, ImageDraw, ImageEnhance, ImageFilter, ImageFont

from core.minitool.simulated.palette import Palette, pick_palette
from core.minitool.wire import ImageRequest

_SCENES = {
    "hills": (
        "mountain", "hill", "landscape", "forest", "berg", "hügel", "landschaft", "wald", "fuchs", "fox", "cat",
    ),
    "sea": (
        "sea", "ocean", "lake", "wave", "beach", "boat", "meer", "see", "welle", "strand", "boot", "schiff",
    ),
    "city": ("city", "street", "house", "robot", "stadt", "straße", "haus", "roboter", "tower", "turm"),
    "orbs": (
        "space", "planet", "star", "galaxy", "abstract", "weltraum", "stern", "galaxie", "abstrakt", "bubble",
    ),
}  # fmt: skip
_WORDS_SHOWN = 6


@lru_cache(maxsize=8)
def paint(order: ImageRequest, seed: float = 0.0) -> bytes:
    """A PNG. Takes some tenths of a second: call it in a thread."""
    chance = random.Random(msgspec.json.encode([order, seed]))  # noqa: S311  # a picture, not a secret
    palette = pick_palette(order.prompt, chance)
    image = _gradient(order.width, order.height, palette.sky)
    _sun(image, palette, chance)
    scene = _pick_scene(order.prompt, chance)
    {"hills": _hills, "sea": _sea, "city": _city, "orbs": _orbs}[scene](image, palette, chance, order.steps)
    image = ImageEnhance.Color(image).enhance(0.8 + order.cfg / 10)
    _sign(image, order.prompt)
    out = io.BytesIO()
    image.save(out, "PNG", compress_level=4)
    return out.getvalue()


def _pick_scene(prompt: str, chance: random.Random) -> str:
    words = set(re.findall(r"\w+", prompt.lower()))
    words |= {word.removesuffix("s") for word in words}
    fallback = chance.choice(list(_SCENES))
    return next((scene for scene, hints in _SCENES.items() if words & set(hints)), fallback)


def _rgb(colour: str) -> tuple[int, int, int]:
    return ImageColor.getrgb(colour)[:3]


def _mix(one: str, other: str, share: float) -> str:
    pairs = zip(_rgb(one), _rgb(other), strict=True)
    return "#" + "".join(f"{round(a + (b - a) * share):02x}" for a, b in pairs)


def _gradient(width: int, height: int, colours: tuple[str, str]) -> Image.Image:
    """Top to bottom; the mask is a ramp of light."""
    ramp = Image.linear_gradient("L").resize((width, height))
    return Image.composite(
        Image.new("RGB", (width, height), colours[1]), Image.new("RGB", (width, height), colours[0]), ramp
    )


def _sun(image: Image.Image, palette: Palette, chance: random.Random) -> None:
    width, height = image.size
    radius = min(width, height) * chance.uniform(0.07, 0.13)
    x, y = width * chance.uniform(0.2, 0.8), height * chance.uniform(0.18, 0.4)
    small = (max(1, width // 4), max(1, height // 4))  # a glow has no detail, so a quarter will do
    glow = Image.new("L", small, 0)
    wide = radius * 1.7
    ImageDraw.Draw(glow).ellipse([v / 4 for v in (x - wide, y - wide, x + wide, y + wide)], fill=150)
    glow = glow.filter(ImageFilter.GaussianBlur(radius / 5)).resize(image.size, Image.Resampling.BICUBIC)
    image.paste(Image.new("RGB", image.size, palette.light), mask=glow)
    _disc(image, x, y, radius, palette.light, 255)


def _disc(image: Image.Image, x: float, y: float, radius: float, colour: str, alpha: int) -> None:
    """A circle with a smooth edge: drawn four times as large, then shrunk."""
    size = max(1, math.ceil(radius * 2))
    mask = Image.new("L", (size * 4, size * 4), 0)
    ImageDraw.Draw(mask).ellipse((0, 0, size * 4 - 1, size * 4 - 1), fill=alpha)
    mask = mask.resize((size, size), Image.Resampling.LANCZOS)
    image.paste(Image.new("RGB", (size, size), colour), (round(x - radius), round(y - radius)), mask)


def _ridge(image: Image.Image, level: float, rough: float, colour: str, chance: random.Random) -> None:
    """Fills everything below a line of added sines."""
    width, height = image.size
    waves = [(chance.uniform(0.6, 4) * n, chance.uniform(0, math.tau), rough / n) for n in range(1, 6)]
    edge = [
        (x, height * (level + sum(a * math.sin(f * math.tau * x / width + p) for f, p, a in waves)))
        for x in range(0, width + 4, 4)
    ]
    ImageDraw.Draw(image).polygon([(0, height), *edge, (width, height)], fill=colour)


def _hills(image: Image.Image, palette: Palette, chance: random.Random, steps: int) -> None:
    layers = 3 + steps // 2
    for number in range(layers):
        depth = number / (layers - 1)
        colour = _mix(palette.sky[1], palette.ground, 0.25 + 0.75 * depth)
        _ridge(image, 0.5 + 0.4 * depth, 0.05 * (1.2 - depth), colour, chance)
    width, height = image.size
    draw = ImageDraw.Draw(image)
    for _ in range(6 + 3 * steps):  # firs on the nearest hill
        x, foot = chance.uniform(0, width), height * chance.uniform(0.9, 1.02)
        tall = height * chance.uniform(0.05, 0.12)
        colour = _mix(palette.ground, "#000000", chance.uniform(0.3, 0.5))
        for part in range(3):
            half, top = tall * (0.16 + 0.08 * part), foot - tall * (1 - 0.26 * part)
            draw.polygon([(x - half, top + tall * 0.42), (x, top), (x + half, top + tall * 0.42)], fill=colour)


def _sea(image: Image.Image, palette: Palette, chance: random.Random, steps: int) -> None:
    width, height = image.size
    layers = 5 + steps
    for number in range(layers):
        depth = number / (layers - 1)
        colour = _mix(_mix(palette.sky[1], palette.accent, 0.6), palette.ground, depth)
        _ridge(image, 0.58 + 0.38 * depth, 0.004 + 0.008 * depth, colour, chance)
    draw = ImageDraw.Draw(image)
    x, y, size = width * chance.uniform(0.3, 0.7), height * 0.66, min(width, height) * 0.1
    draw.polygon(
        [(x - size, y), (x + size, y), (x + size * 0.7, y + size * 0.3), (x - size * 0.7, y + size * 0.3)],
        "#5b3a29",
    )
    draw.polygon([(x, y - size * 1.5), (x, y - size * 0.1), (x + size * 0.8, y - size * 0.1)], palette.light)
    draw.polygon(
        [
            (x - size * 0.08, y - size * 1.2),
            (x - size * 0.08, y - size * 0.1),
            (x - size * 0.6, y - size * 0.1),
        ],
        palette.accent,
    )


def _city(image: Image.Image, palette: Palette, chance: random.Random, steps: int) -> None:
    width, height = image.size
    draw = ImageDraw.Draw(image)
    rows = 2 + steps // 3
    for row in range(rows):
        depth = row / max(1, rows - 1)
        colour = _mix(palette.sky[1], palette.ground, 0.4 + 0.6 * depth)
        x = -chance.uniform(0, width * 0.05)
        while x < width:
            wide = width * chance.uniform(0.05, 0.1)
            top = height * (chance.uniform(0.4, 0.7) + 0.15 * depth)
            draw.rectangle((x, top, x + wide, height), fill=colour)
            pane = max(3.0, wide / 7)
            for column in range(2, 12, 3):
                for floor in range(2, round((height - top) / pane), 3):
                    if chance.random() < 0.4 and column * pane / 2 < wide - pane:
                        left, up = x + column * pane / 2, top + floor * pane
                        draw.rectangle(
                            (left, up, left + pane * 0.7, up + pane), fill=_mix(colour, palette.light, 0.85)
                        )
            x += wide * 1.06


def _orbs(image: Image.Image, palette: Palette, chance: random.Random, steps: int) -> None:
    width, height = image.size
    draw = ImageDraw.Draw(image)
    for _ in range(40 * steps):
        x, y, size = chance.uniform(0, width), chance.uniform(0, height), chance.choice((0.6, 0.9, 1.4))
        draw.ellipse((x - size, y - size, x + size, y + size), fill=palette.light)
    for number in range(4 + steps):
        radius = min(width, height) * chance.uniform(0.04, 0.16)
        x, y = chance.uniform(0, width), chance.uniform(0.1, 0.95) * height
        colour = _mix(palette.accent, palette.ground, chance.random())
        _disc(image, x, y, radius, colour, 235)
        _disc(image, x - radius * 0.28, y - radius * 0.28, radius * 0.55, _mix(colour, palette.light, 0.45), 90)
        if number % 3 == 0:
            box = (x - radius * 1.7, y - radius * 0.4, x + radius * 1.7, y + radius * 0.4)
            draw.arc(box, -20, 200, fill=palette.light, width=max(2, round(radius / 14)))


def _sign(image: Image.Image, prompt: str) -> None:
    """The mark that says what this is, with the first words of the prompt."""
    width, height = image.size
    size = max(11, width // 44)
    font = ImageFont.load_default(size)
    text = "simulated" + (f" - {words}" if (words := _plain_words(prompt)) else "")
    while font.getlength(text) > width * 0.9 and " " in text:
        text = text.rsplit(" ", 1)[0]
    band = round(size * 1.9)
    strip = image.crop((0, height - band, width, height))
    image.paste(ImageEnhance.Brightness(strip).enhance(0.55), (0, height - band))
    where = (round(size * 0.7), height - band + round(size * 0.35))
    ImageDraw.Draw(image).text(where, text, fill="#f2f2f2", font=font)


def _plain_words(prompt: str) -> str:
    """The first words in ASCII, or "": better no letter than a box."""
    for letter, plain in {"ä": "ae", "ö": "oe", "ü": "ue", "Ä": "Ae", "Ö": "Oe", "Ü": "Ue", "ß": "ss"}.items():
        prompt = prompt.replace(letter, plain)
    plain = unicodedata.normalize("NFKD", prompt).encode("ascii", "ignore").decode()
    return " ".join("".join(c for c in plain if c.isprintable() or c.isspace()).split()[:_WORDS_SHOWN])

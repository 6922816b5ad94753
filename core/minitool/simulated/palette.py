"""Colours for a painted picture: the ones that the prompt names, else a random set."""

import random
import re
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True)
class Palette:
    sky: tuple[str, str]  # top and horizon
    light: str
    ground: str
    accent: str


_SETS = (
    Palette(("#1d2b53", "#f28f79"), "#ffe3a8", "#2a2144", "#c8553d"),  # dusk
    Palette(("#5aa9e6", "#d7f0ff"), "#fff6d5", "#2f6b4f", "#1d7a8c"),  # day
    Palette(("#0b1026", "#3a3f78"), "#f4f1de", "#141a3c", "#7b6fd0"),  # night
    Palette(("#f6bd60", "#f7ede2"), "#fffaf0", "#84584b", "#d1603d"),  # desert
    Palette(("#264653", "#a8dadc"), "#f1faee", "#1b4332", "#2a9d8f"),  # mist
    Palette(("#6d2e63", "#f7b2bd"), "#fff0e5", "#3c1642", "#e4578b"),  # blossom
)
_HINTS = {
    "night": 2, "nacht": 2, "dark": 2, "dunkel": 2, "moon": 2, "mond": 2, "sunset": 0, "sonnenuntergang": 0,
    "abend": 0, "day": 1, "tag": 1, "summer": 1, "sommer": 1, "desert": 3, "wüste": 3, "autumn": 3, "herbst": 3,
    "winter": 4, "snow": 4, "schnee": 4, "fog": 4, "nebel": 4, "spring": 5, "frühling": 5,
}  # fmt: skip
_COLOURS = {
    "red": "#c62f2f", "rot": "#c62f2f", "orange": "#ee8a2a", "yellow": "#f2c83c", "gelb": "#f2c83c",
    "gold": "#e0b040", "golden": "#e0b040", "green": "#3d9a50", "grün": "#3d9a50", "turquoise": "#2bb3a8",
    "türkis": "#2bb3a8", "teal": "#1f8a8a", "blue": "#2f62c9", "blau": "#2f62c9", "purple": "#7c3fa8",
    "violet": "#7c3fa8", "lila": "#8c4fb8", "violett": "#7c3fa8", "pink": "#e875ac", "rosa": "#f0a0c0",
    "brown": "#77502f", "braun": "#77502f", "black": "#17171c", "schwarz": "#17171c", "white": "#f5f5f2",
    "weiß": "#f5f5f2", "grey": "#80858c", "gray": "#80858c", "grau": "#80858c",
}  # fmt: skip
_ENDINGS = re.compile(r"(er|es|en|em|e)$")  # of German adjectives


def pick_palette(prompt: str, chance: random.Random) -> Palette:
    """The first colour named colours the air, the second the ground, the third the rest."""
    words = re.findall(r"\w+", prompt.lower())
    base = next((_SETS[_HINTS[word]] for word in words if word in _HINTS), chance.choice(_SETS))
    found = (_COLOURS.get(word) or _COLOURS.get(_ENDINGS.sub("", word)) for word in words)
    named = list(filter(None, found))
    if not named:
        return base
    air, ground = named[0], named[1] if len(named) > 1 else _shade(named[0], 0.45)
    accent = named[2] if len(named) > 2 else ground
    return Palette((_shade(air, 0.7), _tint(air, 0.35)), _tint(named[-1], 0.85), ground, accent)


def _shade(colour: str, keep: float) -> str:
    return _each(colour, lambda part: part * keep)


def _tint(colour: str, share: float) -> str:
    return _each(colour, lambda part: part + (255 - part) * share)


def _each(colour: str, change: Callable[[int], float]) -> str:
    parts = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return "#" + "".join(f"{round(change(part)):02x}" for part in parts)

"""Bars over days as an SVG: for readers without JavaScript, and until it has drawn its own."""

from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from core.money.chart import scale
from core.words import money

_WIDTH, _HEIGHT = 960, 240
_LEFT, _RIGHT, _TOP, _BOTTOM = 88, 4, 8, 26
_CENT = 10_000_000  # nanos: the scale where nothing was spent
COLOURS = 7  # classes c0 to c6; the last one is for the rest


@dataclass(frozen=True, slots=True)
class Series:
    """One colour of the bars: nanos a day, the newest last. `colour` is 0 to COLOURS - 1."""

    name: str
    values: Sequence[int]
    colour: int


def bars_svg(days: Sequence[str], series: Sequence[Series], label: str, locale: str) -> Markup:
    """The series on top of one another, in the order given. Colours come from the page's style sheet."""
    totals = [sum(one.values[at] for one in series) for at in range(len(days))]
    top, step = scale(max(totals, default=0) or _CENT)
    parts = [*_lines(top, step, locale), *_names(days)]
    wide = (_WIDTH - _LEFT - _RIGHT) / max(1, len(days))
    for at in range(len(days)):
        below = 0
        for one in series:
            if value := max(0, one.values[at]):
                y, tall = _y(below + value, top), _y(below, top) - _y(below + value, top)
                parts.append(
                    f'<rect class="c{one.colour}" x="{_LEFT + (at + 0.15) * wide:.1f}" y="{y:.1f}" '
                    f'width="{wide * 0.7:.1f}" height="{max(tall, 0.5):.1f}"/>'
                )
                below += value
    box = f'viewBox="0 0 {_WIDTH} {_HEIGHT}" role="img" aria-label="{escape(label)}"'
    return Markup(f"<svg {box}>{''.join(parts)}</svg>")  # noqa: S704  # numbers, and text that is escaped


def _y(nanos: int, top: int) -> float:
    return _HEIGHT - _BOTTOM - (_HEIGHT - _TOP - _BOTTOM) * nanos / top


def _lines(top: int, step: int, locale: str) -> list[str]:
    found = []
    for value in range(0, top + 1, step):
        y = f"{_y(value, top):.1f}"
        found.append(f'<line x1="{_LEFT}" x2="{_WIDTH - _RIGHT}" y1="{y}" y2="{y}"/>')
        found.append(f'<text x="{_LEFT - 8}" y="{y}" dy="4" text-anchor="end">{money(value, locale)}</text>')
    return found


def _names(days: Sequence[str]) -> list[str]:
    wide = (_WIDTH - _LEFT - _RIGHT) / max(1, len(days))
    every = max(1, -(-len(days) // 8))
    return [
        f'<text x="{_LEFT + (at + 0.5) * wide:.1f}" y="{_HEIGHT - 6}" text-anchor="middle">{escape(day)}</text>'
        for at, day in enumerate(days)
        if (len(days) - 1 - at) % every == 0
    ]

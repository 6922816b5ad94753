"""A bar chart of the spending of the last days, as a picture. A card of one colour, so that it reads the same
on light and dark; numbers beside the bars, so that colour alone says nothing. What it is about and its scale
stand on the right, where today is: a narrow screen shows that end first."""

import asyncio
from collections.abc import Sequence
from datetime import date
from importlib import resources
from xml.sax.saxutils import escape

from core.words import money, t

WIDTH, HEIGHT = 800, 400
CARD, TEXT, FAINT, _LINE, BAR, PEAK = "#26262b", "#ececea", "#a3a19c", "#3d3d45", "#a79ef8", "#f2c669"
_LEFT, _RIGHT, _TOP, _BOTTOM = 24, 112, 92, 48
_WIDE = 8  # of a character of the small print, at most
_STEPS = 4  # lines of the scale, at most
_FONT = resources.files("core").joinpath("fonts", "DejaVuSans.ttf")


def chart_svg(days: Sequence[tuple[date, int]], locale: str) -> str:
    """Bars of nano-dollars, one a day, in the order given. Text of ours only: safe to place in a page."""
    total, most = sum(nanos for _, nanos in days), max((nanos for _, nanos in days), default=0)
    top, step = scale(most)
    end = WIDTH - _LEFT
    parts = [
        f'<rect width="{WIDTH}" height="{HEIGHT}" rx="14" fill="{CARD}"/>',
        _text(end, 34, t(locale, "chart-title", days=len(days)), size=19, fill=TEXT, anchor="end"),
        _text(end, 57, t(locale, "chart-total", total=money(total, locale)), size=14, fill=FAINT, anchor="end"),
        *_scale_lines(top, step, locale),
        *_bars(days, top, locale),
    ]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" '
        f'aria-label="{escape(chart_words(days, locale), {chr(34): "&quot;"})}" '
        f'font-family="DejaVu Sans, sans-serif">{"".join(parts)}</svg>'
    )


async def chart_png(days: Sequence[tuple[date, int]], locale: str) -> bytes:
    """The chart as a PNG, drawn in a thread."""
    return await asyncio.to_thread(_draw, chart_svg(days, locale))


def chart_words(days: Sequence[tuple[date, int]], locale: str) -> str:
    """The chart in one sentence, for those who do not see it."""
    total = money(sum(nanos for _, nanos in days), locale)
    on, most = max(days, key=lambda day: day[1], default=(None, 0))
    if on is None or not most:
        return t(locale, "chart-nothing", days=len(days))
    return t(locale, "chart-words", days=len(days), total=total, most=money(most, locale), day=_day(on, locale))


def scale(most: int) -> tuple[int, int]:
    """The top of the scale and the distance of its lines: 1, 2 or 5 times a power of ten, `_STEPS` at most."""
    step = 1
    while True:
        for factor in (1, 2, 5):
            if step * factor * _STEPS >= most:
                return -(-max(most, 1) // (step * factor)) * step * factor, step * factor
        step *= 10


def _scale_lines(top: int, step: int, locale: str) -> list[str]:
    lines: list[str] = []
    for value in range(0, top + 1, step):
        y = _y(value, top)
        lines.append(f'<line x1="{_LEFT}" x2="{WIDTH - _RIGHT}" y1="{y}" y2="{y}" stroke="{_LINE}"/>')
        amount = money(value, locale, places=2 if value else 0)
        lines.append(_text(WIDTH - _RIGHT + 10, y + 4, amount, size=12, fill=FAINT))
    return lines


def _bars(days: Sequence[tuple[date, int]], top: int, locale: str) -> list[str]:
    wide = (WIDTH - _LEFT - _RIGHT) / max(1, len(days))
    most = max((nanos for _, nanos in days), default=0)
    every = max(1, -(-len(days) // 7))
    parts: list[str] = []
    peak = next((number for number, (_, nanos) in enumerate(days) if nanos == most), 0)
    for number, (day, nanos) in enumerate(days):
        x, y = _LEFT + number * wide, _y(nanos, top)
        if nanos > 0:
            fill = PEAK if nanos == most else BAR
            tall = max(2.0, HEIGHT - _BOTTOM - y)  # a day with any spending shows
            parts.append(
                f'<rect x="{x + wide * 0.12:.1f}" y="{HEIGHT - _BOTTOM - tall:.1f}" width="{wide * 0.76:.1f}" '
                f'height="{tall:.1f}" rx="2" fill="{fill}"/>'
            )
            if number == peak:
                parts.append(_peak(x + wide / 2, HEIGHT - _BOTTOM - tall - 6, money(nanos, locale)))
        if (len(days) - 1 - number) % every == 0:
            middle, y = x + wide / 2, HEIGHT - _BOTTOM + 20
            parts.append(_text(middle, y, _day(day, locale), size=12, fill=FAINT, anchor="middle"))
    return parts


def _peak(middle: float, y: float, amount: str) -> str:
    """Above its bar, as far as it stays between the edge and the scale."""
    half = _WIDE * len(amount) / 2
    middle = min(max(middle, _LEFT + half), WIDTH - _RIGHT - half)
    return _text(middle, y, amount, size=12, fill=PEAK, anchor="middle")


def _y(nanos: int, top: int) -> float:
    room = HEIGHT - _TOP - _BOTTOM
    return round(HEIGHT - _BOTTOM - room * max(0, nanos) / top, 1)


def _day(day: date, locale: str) -> str:
    return t(locale, "chart-day", day=day.day, month=day.month)


def _text(x: float, y: float, text: str, *, size: int, fill: str, anchor: str = "start") -> str:
    place = f'x="{x:.1f}" y="{y:.1f}" font-size="{size}" fill="{fill}" text-anchor="{anchor}"'
    return f"<text {place}>{escape(text)}</text>"


def _draw(svg: str) -> bytes:
    import resvg_py  # a compiled library that most processes never need

    # The renderer holds the interpreter while it draws: at this size for some 20 ms, at twice it for 50.
    with resources.as_file(_FONT) as font:
        drawn = resvg_py.svg_to_bytes(svg_string=svg, skip_system_fonts=True, font_files=[str(font)])
    return bytes(drawn)

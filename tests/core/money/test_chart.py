"""The chart of recent spending."""

import io
from datetime import date, timedelta
from xml.etree import ElementTree

import pytest
from PIL import Image

from core.money import chart
from core.words import locales

DAYS = [(date(2026, 3, 1) + timedelta(days=n), n * 1_234_567) for n in range(30)]


def pixels(png: bytes) -> Image.Image:
    return Image.open(io.BytesIO(png)).convert("RGBA")


def luminance(colour: str) -> float:
    """WCAG 2.2, relative luminance."""
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts]
    return 0.2126 * linear[0] + 0.7152 * linear[1] + 0.0722 * linear[2]


@pytest.mark.parametrize("locale", locales())
async def test_it_is_a_picture_with_text(locale: str) -> None:
    """A PNG of the given size; its words are in the reader's language, and today is on the side that a phone
    shows first."""
    drawn = pixels(await chart.chart_png(DAYS, locale))
    assert drawn.size == (chart.WIDTH, chart.HEIGHT)
    head = drawn.crop((380, 10, chart.WIDTH, 62))
    assert len(head.getcolors(100_000) or []) > 20  # letters, with their soft edges
    rest = drawn.crop((20, 10, 380, 62))
    assert len(rest.getcolors(100_000) or []) == 1
    words = chart.chart_svg(DAYS, locale)
    assert ("Spent in the last 30 days" in words) == (locale == "en")


async def test_text_needs_no_fonts_of_the_system() -> None:
    """The bundled font draws umlauts: German and English headings differ, and neither is empty."""
    heads = [
        pixels(await chart.chart_png(DAYS, locale)).crop((380, 10, 780, 62)).tobytes()
        for locale in ("en", "de")
    ]
    assert heads[0] != heads[1]


def test_bars_are_as_tall_as_amounts() -> None:
    """Bars are proportional; a day without spending has none; the highest day is named."""
    tree = ElementTree.fromstring(chart.chart_svg([*DAYS, (date(2026, 3, 31), 0)], "en"))
    bars = [one for one in tree.iter("{http://www.w3.org/2000/svg}rect") if one.get("fill") != chart.CARD]
    assert len(bars) == 29
    tall = [float(bar.get("height", 0)) for bar in bars]
    assert tall == sorted(tall)
    assert tall[-1] / tall[13] == pytest.approx(29 / 14, rel=0.02)
    assert "$0.035802443" in "".join(tree.itertext())


@pytest.mark.parametrize(
    "days", [[], [(date(2026, 3, 1), 0)], [(date(2026, 3, 1), 1)], [(date(2026, 3, 1), -5)]]
)
async def test_hardly_anything_is_a_chart_too(days: list[tuple[date, int]]) -> None:
    """No days, no spending, one nano-dollar, a refund of an earlier day: each gives a chart with words."""
    assert pixels(await chart.chart_png(days, "de")).size == (chart.WIDTH, chart.HEIGHT)
    assert chart.chart_words(days, "en")


@pytest.mark.parametrize(
    ("most", "top", "step"), [(0, 1, 1), (1, 1, 1), (9, 10, 5), (250_000_000, 300_000_000, 100_000_000)]
)
def test_the_scale_is_round(most: int, top: int, step: int) -> None:
    """A few lines at round amounts; the highest bar fits."""
    assert chart.scale(most) == (top, step)


def test_colours_can_be_told_apart() -> None:
    """Text has a contrast of at least 4.5, bars of 3, against the background."""
    for colour, least in ((chart.TEXT, 4.5), (chart.FAINT, 4.5), (chart.PEAK, 4.5), (chart.BAR, 3.0)):
        assert (luminance(colour) + 0.05) / (luminance(chart.CARD) + 0.05) >= least


def test_a_word_cannot_become_markup(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever the word files contain, the SVG is well-formed and has it as text only."""
    monkeypatch.setattr(chart, "t", lambda *_, **__: '"><script>&')
    tree = ElementTree.fromstring(chart.chart_svg(DAYS, "en"))
    assert not list(tree.iter("{http://www.w3.org/2000/svg}script"))

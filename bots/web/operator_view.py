"""Draws the operator pages: numbers, amounts and times made readable, charts, forms with their tokens."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from functools import partial
from typing import Any
from urllib.parse import quote, urlencode

from markupsafe import Markup

from bots.web.operator_chart import Series, bars_svg
from bots.web.view import draw
from core.dollars import NANOS_PER_DOLLAR
from core.money.base import fresh_id
from core.money.caps import CapValue, Word, read_value, shown
from core.money.trail import Change
from core.settings import Settings
from core.words import day, dollars, keys, money, number, stamp, t

NAV = (
    ("overview", ""), ("spend", "/spend"), ("people", "/people"), ("chats", "/chats"), ("caps", "/caps"),
    ("access", "/access"), ("personas", "/personas"), ("catalogue", "/catalogue"), ("settings", "/settings"),
    ("trail", "/trail"),
)  # fmt: skip
_LEAST = NANOS_PER_DOLLAR // 10_000  # what columns show


@dataclass(frozen=True, slots=True)
class Visit:
    """One look at a page: in which language, with which token for its forms, and what is to be said first (and
    whether that is a refusal). `typed` is the form that was refused. What its forms give is given `once`."""

    page: str
    path: str
    query: Mapping[str, str]
    locale: str
    token: str = ""
    note: tuple[str, bool] | None = None
    typed: Mapping[str, str] = field(default_factory=dict)
    once: str = field(default_factory=fresh_id)

    @property
    def address(self) -> str:
        """The address of this page, with its query."""
        return f"{self.path}?{urlencode(self.query)}" if self.query else self.path

    def filled(self, does: str, name: str, default: str = "", /, **of: str) -> str:
        """What a field starts with: what was typed there, where this form (`of` that person) was refused."""
        return self.typed.get(name, "") if self.refused(does, **of) else default

    def refused(self, does: str, /, **of: str) -> bool:
        """Whether this form was sent, and refused."""
        return self.typed.get("do") == does and of.items() <= self.typed.items()

    def number(self, name: str, low: int, high: int, default: int) -> int:
        """A number of the address, `default` where it makes no sense."""
        text = self.query.get(name, "")
        return min(max(int(text), low), high) if text.isdecimal() and len(text) < 9 else default


class OperatorView:
    """Templates, and what they need to be short."""

    def __init__(self, settings: Settings) -> None:
        self._settings = settings

    def page(self, template: str, visit: Visit, **facts: Any) -> str:  # Any: whatever the template shows
        return draw(
            f"operator/{template}.html",
            visit.locale,
            visit=visit,
            nav=NAV,
            is_simulated=self._settings.is_simulated,
            ends_simulation=self._settings.ends_simulation,
            link=_link,
            share=_share,
            percent=_percent,
            usd=partial(usd, locale=visit.locale),
            exact=partial(money, locale=visit.locale),
            count=partial(number, locale=visit.locale),
            age=partial(_age, visit.locale),
            when=partial(self._when, visit.locale),
            cap=partial(shown, locale=visit.locale),
            plain_cap=_plain_cap,
            said_what=partial(_said_what, visit.locale),
            said_value=partial(_said_value, visit.locale),
            chart=partial(self._chart, visit.locale),
            **facts,
        )

    def _when(self, locale: str, at: datetime | float) -> str:
        """In the operator's time zone, to the second."""
        moment = datetime.fromtimestamp(at, UTC) if isinstance(at, int | float) else at
        return stamp(moment.astimezone(self._settings.zone), locale)

    def _chart(self, locale: str, days: tuple[date, ...], series: list[Series], label: str) -> Markup:
        """Stacked bars: an SVG that needs no script, and what the script draws in its place."""
        names = [t(locale, "chart-day", day=one.day, month=one.month) for one in days]
        dates = [day(one, locale) for one in days]
        facts = {
            "days": names,
            "dates": dates,
            "series": [
                {"name": one.name, "values": [nanos / NANOS_PER_DOLLAR for nanos in one.values]}
                for one in series
            ],
            "total": t(locale, "operator-total"),
        }
        drawn = draw(
            "operator/chart.html",
            locale,
            svg=bars_svg(names, series, label, locale),
            label=label,
            days=days,
            dates=dates,
            series=series,
            totals=[sum(column) for column in zip(*(one.values for one in series), strict=True)],
            facts=facts,
            usd=partial(usd, locale=locale),
        )
        return Markup(drawn)  # noqa: S704  # everything in it was escaped


def usd(nanos: int, locale: str) -> str:
    """Dollars for columns: four places, so that they stand below one another; what is less is said so."""
    if not nanos:
        return money(0, locale, places=0)
    if abs(nanos) < _LEAST:
        return f"<{money(_LEAST, locale)}" if nanos > 0 else f">{money(-_LEAST, locale)}"
    return money(round(Decimal(nanos) / _LEAST) * _LEAST, locale, places=4)


def _share(part: int, whole: int | None) -> int:
    """The percentage as an int from 0 to 100; 0 where there is no whole."""
    return max(0, min(100, round(100 * part / whole))) if whole else 0


def _percent(part: int, whole: int | None) -> float:
    """The percentage for people: with one decimal below 10."""
    value = 100 * part / whole if whole else 0.0
    return round(value, 1) if 0 < value < 10 else round(value)


def _age(locale: str, seconds: float) -> str:
    """12 s, 3 min, 2 h: coarse, as one reads it."""
    for key, unit in (("days", 86_400), ("hours", 3600), ("minutes", 60)):
        if seconds >= 2 * unit:
            return t(locale, f"operator-age-{key}", n=int(seconds // unit))
    return t(locale, "operator-age-seconds", n=int(seconds))


def _plain_cap(value: CapValue) -> str:
    """A cap as a field takes it; "" is the default."""
    if isinstance(value, Word):
        return ""
    return "off" if value is None else dollars(value).removeprefix("$")


def _said_what(locale: str, what: str) -> str:
    """What a line of the trail is about."""
    key = f"operator-change-{what.replace(' ', '-')}"
    return t(locale, key) if key in keys(locale) else what


def _said_value(locale: str, change: Change) -> str:
    """What something was changed to: amounts readable, everything else as it was written."""
    match change.what, change.value.split():
        case "cap", [day, month]:
            caps = [shown(read_value(value), locale) for value in (day, month)]
            return t(locale, "operator-change-caps", day=caps[0], month=caps[1])
        case (("grant" | "refund"), [nanos]):
            return money(int(nanos), locale)
    return change.value


def _link(path: str, name: str = "", **query: object) -> str:
    """An address below /operator."""
    asked = urlencode({key: value for key, value in query.items() if value not in ("", None)})
    place = f"/operator{path}" + (f"/{quote(name, safe=':')}" if name else "")
    return f"{place}?{asked}" if asked else place

"""Message key and locale to text, and figures as people of a language write them.

Every text that a person reads comes from `core/words/LOCALE/*.ftl`; a new language is a new folder. A missing
key or variable never raises: the English text, or the key itself, is shown and logged. Each text is parsed when
it is first needed: no process needs all of every language.
"""

import math
import re
from collections.abc import Collection, Mapping
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cached_property, lru_cache
from importlib import resources
from typing import Any, Literal, NamedTuple

import structlog
from babel import Locale, UnknownLocaleError
from babel.dates import format_date, format_time, format_timedelta, get_datetime_format, get_timezone_name
from babel.numbers import format_currency, format_decimal
from fluent.runtime import FluentBundle, FluentResource
from fluent.syntax import FluentParser
from fluent.syntax.ast import Message, Pattern, TextElement

from core.bidi import isolated
from core.dollars import NANOS_PER_DOLLAR
from core.settings import BadSettings

log = structlog.get_logger(__name__)

FALLBACK = "en"
_CENT = NANOS_PER_DOLLAR // 100
_UNITS: tuple[tuple[Literal["hour", "minute", "second"], int], ...] = (
    ("hour", 3600),
    ("minute", 60),
    ("second", 1),
)
_FEW = 1.5  # hours or minutes; less than that is said in the smaller unit
_ENTRY = re.compile(r"^([a-zA-Z][\w-]*) *=", re.MULTILINE)
_PARSER = FluentParser(with_spans=False)
_LONGEST = 2000  # characters of a value, as of a list of all models; Fluent takes 2500 (its MAX_PART_LENGTH)


class _Language:
    """The texts of one language."""

    def __init__(self, locale: str) -> None:
        self._locale = locale
        self.sources: dict[str, str] = {}  # Fluent, by key
        self._plain: dict[str, str] = {}
        folder = resources.files("core").joinpath("words", locale)
        for file in sorted(folder.iterdir(), key=lambda file: file.name):
            if file.name.endswith(".ftl"):
                self._read(file.read_text("utf-8"))

    def _read(self, text: str) -> None:
        found = [*_ENTRY.finditer(text)]
        ends = [*(entry.start() for entry in found[1:]), len(text)]
        for entry, end in zip(found, ends, strict=True):
            self.sources.setdefault(entry[1], text[entry.start() : end])

    def unusable(self, keys: Collection[str]) -> list[str]:
        """Those of `keys` that have no text in this language, or one that cannot be parsed."""
        return sorted(key for key in keys if not _is_usable(self.sources.get(key, "")))

    def text(self, key: str, data: Mapping[str, Any]) -> tuple[str, list[Exception]] | None:
        """The text, and what was missing in `data`. None where there is no usable one."""
        source = self.sources.get(key, "")
        if "{" not in source:  # nothing to fill in, as most are: that needs nothing of the language's data
            if key not in self._plain and (pattern := _pattern(source)):
                self._plain[key] = "".join(
                    one.value for one in pattern.elements if isinstance(one, TextElement)
                )
            return (self._plain[key], []) if key in self._plain else None
        if not self._bundle.has_message(key):
            self._bundle.add_resource(FluentResource(source))
        if not self._bundle.has_message(key) or (found := self._bundle.get_message(key).value) is None:
            return None
        text, errors = self._bundle.format_pattern(found, self._isolated(data))
        return str(text), errors

    def _isolated(self, data: Mapping[str, Any]) -> dict[str, Any]:
        """The values with text isolated where it needs to be. Fluent itself would isolate all of them, also
        amounts and codes that people copy; and of a longer one than _LONGEST it would show nothing."""
        return {
            name: isolated(_cut(value), among_rtl=self._is_rtl) if isinstance(value, str) else value
            for name, value in data.items()
        }

    @cached_property
    def _is_rtl(self) -> bool:
        return direction(self._locale) == "rtl"

    @cached_property
    def _bundle(self) -> FluentBundle:
        return FluentBundle([str(_data(self._locale))], use_isolating=False)


def _cut(value: str) -> str:
    return value if len(value) <= _LONGEST else f"{value[:_LONGEST]}…"


def _pattern(source: str) -> Pattern | None:
    entry = _PARSER.parse_entry(source) if source else None
    return entry.value if isinstance(entry, Message) else None


def _is_usable(source: str) -> bool:
    """Whether the source of a text can be used. One without variables only must not be empty."""
    return _pattern(source) is not None if "{" in source else bool(source.partition("=")[2].strip())


_languages: dict[str, _Language] = {}


def _language(locale: str) -> _Language:
    if locale not in _languages:
        _languages[locale] = _Language(locale)
    return _languages[locale]


@lru_cache
def locales() -> tuple[str, ...]:
    """Every language there is a folder for, English first."""
    found = sorted(
        folder.name for folder in resources.files("core").joinpath("words").iterdir() if folder.is_dir()
    )
    return (FALLBACK, *(name for name in found if name != FALLBACK))


@lru_cache(1024)
def find_language(locale: str) -> str | None:
    """The language of ours that `locale` (`pt_BR`, `es-419`) means: the full name, else its language."""
    wanted = locale.replace("_", "-").lower()
    by_lower = {name.lower(): name for name in locales()}
    if wanted in by_lower:
        return by_lower[wanted]
    language = wanted.split("-")[0]
    return next((name for lower, name in by_lower.items() if lower.split("-")[0] == language), None)


def pick(locale: str) -> str:
    """The language to speak to a person whose platform says `locale`: English where we know no better."""
    return find_language(locale) or FALLBACK


def own_name(locale: str) -> str:
    """The name of a language in that language."""
    return t(locale, "language-name")


def reload() -> None:
    """Reads every file again. Raises BadSettings, and changes nothing, where a text would be missing."""
    fresh: dict[str, _Language] = {}
    for locale in locales.__wrapped__():
        try:
            fresh[locale] = _Language(locale)
        except (OSError, UnicodeDecodeError) as error:
            raise BadSettings([f"{locale}: cannot be read ({type(error).__name__})"]) from error
        old, new = _languages[locale].sources if locale in _languages else {}, fresh[locale].sources
        changed = [key for key in fresh[FALLBACK].sources if key not in new or new[key] != old.get(key)]
        if missing := fresh[locale].unusable(changed):
            raise BadSettings([f"{locale}: no usable text for {', '.join(missing[:5])}"])
    _languages.clear()
    _languages.update(fresh)
    locales.cache_clear()
    find_language.cache_clear()


def t(locale: str, key: str, /, **data: Any) -> str:
    """The text of `key` in the language of `locale`; data: str, int, float, datetime."""
    for name in (pick(locale), FALLBACK):
        if (found := _language(name).text(key, data)) is not None:
            text, errors = found
            if errors:
                log.warning("words.incomplete", key=key, locale=name, missing=[str(error) for error in errors])
            return text
    log.error("words.missing", key=key)
    return key


def keys(locale: str) -> Collection[str]:
    """The key of every text of one language."""
    return _language(locale).sources.keys()


# --- figures ---------------------------------------------------------------------


class _Shape(NamedTuple):
    """How an amount of US dollars is written: what stands before and after it, and for the point."""

    before: str
    point: str
    after: str


@lru_cache
def _data(locale: str) -> Locale:
    """What Unicode's CLDR knows of a language; of one that it does not know, what it knows of English."""
    try:
        return Locale.parse(locale.replace("-", "_"))
    except (UnknownLocaleError, ValueError):
        return Locale.parse(FALLBACK)


@lru_cache
def _shape(locale: str, *, is_negative: bool) -> _Shape:
    sample = format_currency(Decimal("-1.23" if is_negative else "1.23"), "USD", locale=_data(locale))
    before, _, rest = sample.partition("1")
    point, _, after = rest.partition("23")
    return _Shape(before, point, after)


def direction(locale: str) -> str:
    """ "ltr" or "rtl": how the language of `locale` is written."""
    return str(_data(pick(locale)).text_direction)


def money(nanos: int, locale: str, *, places: int = 2) -> str:
    """Nano-dollars as US dollars are written in that language, exact to the last digit that is not zero;
    `places` at least. 1_500_000 is "$0.0015" in English, "0,0015 $" in German and "0,0015 US$" in Spanish."""
    name = pick(locale)
    shape = _shape(name, is_negative=nanos < 0)
    whole, decimals = _digits(nanos, places)
    return f"{shape.before}{number(whole, name)}{shape.point if decimals else ''}{decimals}{shape.after}"


def money_left(nanos: int, locale: str) -> str:
    """What is left, to be read at a glance: a cent and more is rounded down to four places."""
    return money(nanos if nanos < _CENT else nanos - nanos % (_CENT // 100), locale)


def dollars(nanos: int) -> str:
    """As `money`, for settings, documents and whatever is read by a machine: "$0.0015" in every language."""
    whole, decimals = _digits(nanos, 2)
    return f"{'-' if nanos < 0 else ''}${whole}.{decimals}"


def _digits(nanos: int, places: int) -> tuple[int, str]:
    """Whole dollars without a sign, and what stands after the point: `places` at least."""
    whole, rest = divmod(abs(nanos), NANOS_PER_DOLLAR)
    return whole, f"{rest:09d}".rstrip("0").ljust(places, "0")


def number(count: int, locale: str) -> str:
    """A count with its thousands apart. What is no count (an id, a year, what is to be typed) is no number."""
    return str(count) if count < 1000 else str(format_decimal(count, locale=_data(pick(locale))))


def clock(when: datetime, locale: str) -> str:
    """A moment as date, time and zone, unambiguous in every language: "Nov 26, 2026, 5:00 PM UTC"."""
    zone = _zone(when, locale)
    return f"{_moment(when, locale, 'short')} {zone if zone[:1].isalpha() else f'UTC{zone}'}".strip()


def _zone(when: datetime, locale: str) -> str:
    """Its letters in that language, where it has any; else those that all know, or how far it is from UTC."""
    known = when.tzname() or ""
    if known in ("", "UTC"):
        return known
    own = str(get_timezone_name(when, "short", locale=_data(pick(locale))))
    return own if own.isalpha() else known


def stamp(when: datetime, locale: str) -> str:
    """A moment to the second, where the zone is said elsewhere."""
    return _moment(when, locale, "medium")


def wait(seconds: float, locale: str) -> str:
    """A time from now, as in "in 40 seconds" or "in 2 hours"; rounded up, so that nobody comes too early."""
    unit, size = next(one for one in _UNITS if seconds >= _FEW * one[1] or one[1] == 1)
    rounded = timedelta(seconds=math.ceil(seconds / size) * size)
    data = _data(pick(locale))
    return str(format_timedelta(rounded, unit, threshold=math.inf, add_direction=True, locale=data))


def day(on: date, locale: str) -> str:
    """A day with its year."""
    return str(format_date(on, "medium", locale=_data(pick(locale))))


def _moment(when: datetime, locale: str, precision: Any) -> str:  # Any: Babel's literals
    data = _data(pick(locale))
    pattern = str(get_datetime_format("medium", locale=data)).replace("'", "")
    time = format_time(when, precision, tzinfo=when.tzinfo, locale=data)
    return pattern.replace("{1}", format_date(when, "medium", locale=data)).replace("{0}", time)

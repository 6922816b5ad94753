"""Amounts, counts and times in the notation of each language."""

import re
from datetime import UTC, date, datetime
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as some

from core import words

NARROW, WIDE = "\N{NARROW NO-BREAK SPACE}", "\N{NO-BREAK SPACE}"
MOST_NANOS = 10**18


@pytest.mark.parametrize(
    ("locale", "little", "much"),
    [
        ("en", "$0.0015", "-$1,234,567.000000001"),
        ("en-GB", "$0.0015", "-$1,234,567.000000001"),
        ("de", "0,0015 $", "-1.234.567,000000001 $"),
        ("fr", "0,0015 $US", f"-1{NARROW}234{NARROW}567,000000001 $US"),
        ("es-419", "0,0015 US$", "-1.234.567,000000001 US$"),
        ("pt-BR", "US$ 0,0015", "-US$ 1.234.567,000000001"),
        ("ru", "0,0015 $", "-1 234 567,000000001 $"),
        ("tr", "$0,0015", "-$1.234.567,000000001"),
        ("uk", "0,0015 USD", "-1 234 567,000000001 USD"),
    ],
)
def test_dollars_are_written_as_the_language_writes_them(locale: str, little: str, much: str) -> None:
    """Sign, decimal point, grouping, and the place of the dollar sign. It is "US$" where "$" means another
    currency."""
    assert words.money(1_500_000, locale).replace(WIDE, " ") == little
    assert words.money(-1_234_567_000_000_001, locale).replace(WIDE, " ") == much


@given(some.integers(-MOST_NANOS, MOST_NANOS), some.sampled_from(words.locales()))
def test_amounts_are_exact_in_every_language(nanos: int, locale: str) -> None:
    """Every nano-dollar is shown, with at least two decimal places and no needless zero."""
    shown = words.money(nanos, locale)
    point = "." if locale == "en" else ","
    whole, _, places = re.sub(rf"[^\d{point}]", "", shown).partition(point)
    assert int(whole) * 10**9 + int(places.ljust(9, "0")) == abs(nanos)
    assert len(places) == 2 or not places.endswith("0")
    assert ("-" in shown) == (nanos < 0)


@pytest.mark.parametrize(
    ("nanos", "shown"),
    [
        (243_317_950, "$0.2433"), (247_000_000, "$0.247"), (10_099_999, "$0.01"), (2_000_000_001, "$2.00"),
        (9_999_999, "$0.009999999"), (1, "$0.000000001"), (0, "$0.00"),
    ],
)  # fmt: skip
def test_what_is_left_is_read_at_a_glance(nanos: int, shown: str) -> None:
    """From a cent on, four decimal places, rounded down."""
    assert words.money_left(nanos, "en") == shown


def test_dollars_for_machines_are_the_same_everywhere() -> None:
    """Amounts for scripts and settings do not depend on the language."""
    assert words.dollars(1_500_000) == "$0.0015"
    assert words.dollars(-1_234_000_000_001) == "-$1234.000000001"


@pytest.mark.parametrize(
    ("locale", "shown"),
    [
        ("en", f"Nov 26, 2026, 5:04{NARROW}PM UTC"),
        ("de", "26.11.2026, 17:04 UTC"),
        ("fr", "26 nov. 2026, 17:04 UTC"),
        ("es", "26 nov 2026, 17:04 UTC"),
        ("pt-BR", "26 de nov. de 2026 17:04 UTC"),
        ("ru", f"26 нояб. 2026{NARROW}г., 17:04 UTC"),
        ("tr", "26 Kas 2026 17:04 UTC"),
        ("uk", f"26 лист. 2026{NARROW}р., 17:04 UTC"),
    ],
)
def test_a_moment_is_unambiguous_in_every_language(locale: str, shown: str) -> None:
    """Date, time and zone in the language's notation; no month that could be a day."""
    assert words.clock(datetime(2026, 11, 26, 17, 4, tzinfo=UTC), locale) == shown


def test_zones_are_said() -> None:
    """By the language's abbreviation, else by one that everybody knows, else by the offset from UTC."""
    at = datetime(2026, 7, 1, 12, tzinfo=UTC)
    assert words.clock(at.astimezone(ZoneInfo("Europe/Berlin")), "de").endswith("14:00 MESZ")
    assert words.clock(at.astimezone(ZoneInfo("America/Sao_Paulo")), "pt-BR").endswith("09:00 BRT")
    assert words.clock(at.astimezone(ZoneInfo("Europe/Berlin")), "uk").endswith("14:00 CEST")
    assert words.clock(at.astimezone(ZoneInfo("America/Sao_Paulo")), "de").endswith("09:00 UTC-03")
    assert words.stamp(at, "de") == "01.07.2026, 12:00:00"
    assert words.day(date(2026, 7, 1), "en") == "Jul 1, 2026"


def test_counts_in_sentences_are_grouped_and_what_is_no_count_is_not() -> None:
    """Fluent formats numbers in the language's notation; limits that are typed back are not grouped."""
    assert words.t("de", "answer-tokens", tokens=1_234_567) == "1.234.567 Tokens"
    status = {"answers": 0, "painting": 0, "waiting": 0, "today": "", "month": ""}
    assert "3.4 ms" in words.t("en", "admin-status", store=3.4, **status)
    assert "3,4\u00a0ms" in words.t("de", "admin-status", store=3.4, **status)
    assert words.number(999, "de") == "999"
    assert words.number(1000, "de") == "1.000"


@pytest.mark.parametrize(
    ("locale", "short", "long"),
    [
        ("en", "in 41 seconds", "in 2 hours"),
        ("de", "in 41 Sekunden", "in 2 Stunden"),
        ("ru", "через 41 секунду", "через 2 часа"),
        ("tr", "41 saniye sonra", "2 saat sonra"),
    ],
)
def test_how_long_to_wait_is_said_in_units_that_people_count_in(locale: str, short: str, long: str) -> None:
    """Rounded up: those who come back then are not told the same again."""
    assert words.wait(40.1, locale) == short
    assert words.wait(6_511, locale) == long
    assert (words.wait(89, "en"), words.wait(90, "en")) == ("in 89 seconds", "in 2 minutes")
    assert (words.wait(121, "en"), words.wait(5_399, "en")) == ("in 3 minutes", "in 90 minutes")

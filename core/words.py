"""Message key and locale to text. Every text that a person reads comes from `core/words/LOCALE/*.ftl`.

A missing key or variable never raises: the English text, or the key itself, is shown and logged.
"""

from collections.abc import Mapping
from datetime import datetime
from functools import lru_cache
from importlib import resources
from typing import Any

import structlog
from fluent.runtime import FluentBundle, FluentResource

log = structlog.get_logger(__name__)

FALLBACK = "en"


class BadWords(Exception):
    """The word files cannot be used; the text names the language and what is wrong."""


@lru_cache
def locales() -> tuple[str, ...]:
    """Every language there is a folder for, English first."""
    found = sorted(
        folder.name for folder in resources.files("core").joinpath("words").iterdir() if folder.is_dir()
    )
    return (FALLBACK, *(name for name in found if name != FALLBACK))


@lru_cache(1024)
def pick(locale: str) -> str:
    """The language to speak to a person whose platform says `locale`: the full name, then its
    language, then English."""
    wanted = locale.replace("_", "-").lower()
    by_lower = {name.lower(): name for name in locales()}
    if wanted in by_lower:
        return by_lower[wanted]
    language = wanted.split("-")[0]
    return next((name for lower, name in by_lower.items() if lower.split("-")[0] == language), FALLBACK)


@lru_cache
def _bundle(locale: str) -> FluentBundle:
    bundle = FluentBundle([locale], use_isolating=False)
    for file in sorted(resources.files("core").joinpath("words", locale).iterdir(), key=lambda file: file.name):
        if file.name.endswith(".ftl"):
            bundle.add_resource(FluentResource(file.read_text("utf-8")))
    return bundle


def reload() -> None:
    """Reads every file again. Raises BadWords, and changes nothing, where a text would be missing."""
    known = set(keys(FALLBACK))
    for locale in locales():
        try:
            fresh = _bundle.__wrapped__(locale)
        except (OSError, UnicodeDecodeError) as error:
            raise BadWords(f"{locale}: cannot be read ({type(error).__name__})") from error
        if missing := known - set(fresh._messages):  # noqa: SLF001  # see keys()
            raise BadWords(f"{locale}: no usable text for {', '.join(sorted(missing)[:5])}")
    _bundle.cache_clear()


def t(locale: str, key: str, /, **data: Any) -> str:
    """The text of `key` in the language of `locale`; data: str, int, float, datetime."""
    for name in (pick(locale), FALLBACK):
        bundle = _bundle(name)
        if bundle.has_message(key) and (pattern := bundle.get_message(key).value) is not None:
            text, errors = bundle.format_pattern(pattern, data)
            if errors:
                log.warning("words.incomplete", key=key, locale=name, missing=[str(error) for error in errors])
            return str(text)
    log.error("words.missing", key=key)
    return key


def keys(locale: str) -> Mapping[str, Any]:
    """Every message of one language by key, for the tests that compare languages."""
    return dict(_bundle(locale)._messages)  # noqa: SLF001  # fluent.runtime offers no way to list them


def money(nanos: int) -> str:
    """Nano-dollars as dollars, exact to the last digit that is not zero, two places at least."""
    sign, whole = ("-" if nanos < 0 else ""), abs(nanos)
    dollars, rest = divmod(whole, 1_000_000_000)
    places = f"{rest:09d}".rstrip("0").ljust(2, "0")
    return f"{sign}${dollars}.{places}"


def clock(when: datetime) -> str:
    """A moment of today or later, short and unambiguous in every language."""
    return when.strftime("%Y-%m-%d %H:%M %Z").strip()

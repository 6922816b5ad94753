"""A BotError as the one sentence that the person reads: amounts, times and numbers made readable."""

import math
from datetime import datetime
from typing import Any

from core.errors import BotError
from core.settings import Settings
from core.words import clock, money, money_left, t, wait


def sentence(error: BotError, locale: str, settings: Settings) -> str:
    """The sentence for an error, in the language of `locale`, with times in the operator's time zone. It never
    holds the cause."""
    readable = {name: _readable(name, value, locale, settings) for name, value in error.data.items()}
    if seconds := readable.get("retry_after"):
        readable["wait"] = wait(seconds, locale)
    return t(locale, error.message_key, **readable)


def _readable(name: str, value: str | int | float, locale: str, settings: Settings) -> Any:  # what Fluent takes
    match name:
        case "retry_after":
            return math.ceil(float(value))
        case "resets_at":
            return clock(datetime.fromtimestamp(float(value), settings.zone), locale)
        case "left_nanos":
            return money_left(int(value), locale)
        case _ if name.endswith("_nanos"):
            return money(int(value), locale)
        case "low" | "high":
            return f"{value:g}"  # a bound, as it would be typed
    return value

"""Caps that an operator set for one person, chat or role, or for everybody, in place of the settings.

Of the overrides that a person's own names and their roles have, the best one holds, and stands in for the
default even where it is lower. The order in which money is used: caps first, then extra credit.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import Final, TypeAlias

from core.dollars import parse_cap
from core.errors import BadInput
from core.money.base import CAP_OFF, ROOT, default_caps, key
from core.names import ALL, parse_name, plain
from core.settings import Settings
from core.store import Store, load_script
from core.words import money, t

_SET = load_script("money_cap")


class Word(Enum):
    """What a cap may be set to, besides an amount and None (off)."""

    KEEP = ""  # as it was
    DEFAULT = "-"  # the settings' cap again


CapValue: TypeAlias = int | Word | None
_COMMA = re.compile(r"\$?\d+,\d\d?")  # of cents, as many languages write it; more digits could be thousands
_THOUSANDS = re.compile(r"[1-9]\d{0,2}\.\d{3}")  # as many of the same write them: 1.500
_PERIODS: Final[Mapping[str, str]] = {"daily": "day", "day": "day", "monthly": "month", "month": "month"}


@dataclass(frozen=True, slots=True)
class Override:
    """The caps of one name, as `parse_name` gives it. Nano-dollars a day and a month. Without `changed` they
    are what the settings say."""

    name: str
    day: CapValue = Word.DEFAULT
    month: CapValue = Word.DEFAULT
    changed: bool = field(default=True, compare=False)

    @property
    def plain(self) -> str:
        """The name as operators write it, and as ALLOW and DENY have it."""
        return plain(self.name)

    def title(self, locale: str) -> str:
        """The name as a table shows it; the defaults have no name to type, and are described in words."""
        return t(locale, f"operator-everyone-{self.name}") if self.name in ("person", "chat") else self.plain


class Caps:
    """Shows and changes overrides. Every change goes to the trail."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._settings = store, settings

    async def show(self) -> list[Override]:
        """The settings' caps (names "person", "chat", "all") and every override, by name."""
        person_day, person_month, chat_day, chat_month, all_day, all_month = default_caps(self._settings)
        with self._store.guard():
            found = await self._store.redis.hgetall(key("caps"))
        own = {name.decode(): [*map(read_value, value.decode().split())] for name, value in found.items()}
        day, month = own.pop(ALL, (Word.DEFAULT, Word.DEFAULT))
        return [
            Override("person", person_day, person_month, changed=False),
            Override("chat", chat_day, chat_month, changed=False),
            Override(
                ALL,
                all_day if day is Word.DEFAULT else day,
                all_month if month is Word.DEFAULT else month,
                changed=(day, month) != (Word.DEFAULT, Word.DEFAULT),
            ),
            *(Override(name, day, month) for name, (day, month) in sorted(own.items())),
        ]

    async def set(self, change: Override, by: str) -> None:
        """From the next hold on, in every process. Raises StoreError."""
        await self._store.run(_SET, [ROOT], [by, change.name, _text(change.day), _text(change.month)])

    async def copy(self, name: str, to: str, by: str) -> None:
        """What was set for one name is set for the other."""
        for one in await self.show():
            if one.name == name:
                await self.set(replace(one, name=to), by)

    async def reset(self, name: str, by: str) -> None:
        """The settings' caps again."""
        await self.set(Override(name), by)


def parse_change(text: str, platform: str = "") -> Override:
    """What an operator writes: `NAME daily 0.50 monthly off`, `NAME daily default`, `NAME reset`.

    Raises BadInput: "cap-change" or "cap-change-whole" (the form), "cap-amount" or
    "cap-amount-unclear", and as `parse_name`.
    """
    name, *rest = text.split() or [""]
    if rest == ["reset"]:
        return Override(parse_name(name, platform))
    values: dict[str, CapValue] = {}
    misspelt = BadInput("cap-change" if platform else "cap-change-whole")
    for at in range(0, len(rest) - 1, 2):
        period = _PERIODS.get(rest[at].lower())
        if period is None or period in values:
            raise misspelt
        values[period] = _parse_value(rest[at + 1])
    if not values or len(rest) % 2:
        raise misspelt
    return Override(parse_name(name, platform), values.get("day", Word.KEEP), values.get("month", Word.KEEP))


def parse_credit(text: str) -> int:
    """An amount in dollars that is given to somebody, in nano-dollars. Raises BadInput: "cap-amount",
    "cap-amount-unclear"."""
    nanos = _parse_value(text)
    if not isinstance(nanos, int) or not nanos:
        raise BadInput("cap-amount", value=text[:60])
    return nanos


def _parse_value(text: str) -> CapValue:
    if text.lower() in ("default", "reset"):
        return Word.DEFAULT
    refused = BadInput("cap-amount", value=text[:60])
    if _COMMA.fullmatch(text):
        text = text.replace(",", ".")
    dollars = text.lstrip("$")
    if _THOUSANDS.fullmatch(dollars):
        raise BadInput(
            "cap-amount-unclear", value=text, thousands=dollars.replace(".", ""), decimals=f"{dollars}0"
        )
    try:
        return parse_cap(dollars)
    except ValueError:
        raise refused from None


def _text(value: CapValue) -> str:
    if isinstance(value, Word):
        return value.value
    return str(CAP_OFF if value is None else value)


def shown(value: CapValue, locale: str) -> str:
    """A cap as a table shows it."""
    if isinstance(value, Word):
        return t(locale, "operator-cap-default")
    return t(locale, "operator-cap-off") if value is None else money(value, locale)


def read_value(text: str) -> CapValue:
    """A cap as the store and the trail have it."""
    if text == Word.DEFAULT.value:
        return Word.DEFAULT
    return None if int(text) == CAP_OFF else int(text)

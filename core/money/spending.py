"""Spending over days, by person, chat, kind or model: sums of the rows that every settle counts up.

Nothing is scanned but one hash for each day; its size is how many combinations of person, chat and model
there were on that day.
"""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date
from operator import add
from typing import Literal, TypeAlias

from core.money.base import date_of, rows_of
from core.money.purse import looked_up, names_of
from core.store import Store, load_script

By: TypeAlias = Literal["person", "chat", "kind", "model"]
_PLACE = {"person": 0, "chat": 1, "kind": 2, "model": 3}  # within a row's field
_NANOS, _BY_DAY = 3, 4  # of the numbers of a sum: requests, prompt, completion, nanos; nanos of each day
_Sums: TypeAlias = defaultdict[str, list[int]]

_MERGED = load_script("money_merged")


@dataclass(frozen=True, slots=True)
class Sum:
    """What a person, chat, kind or model spent: `name` is its name, or an account's random id where the name
    was forgotten. `by_day` are nanos, the last day last."""

    name: str
    requests: int
    prompt_tokens: int
    completion_tokens: int
    nanos: int
    by_day: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Spending:
    """`total` is the sum of all and has no name."""

    days: tuple[date, ...]
    total: Sum
    _ranked: Sequence[tuple[str, list[int]]]

    def __len__(self) -> int:
        return len(self._ranked)

    def top(self, most: int, *, after: int = 0) -> list[Sum]:
        """`most` sums, highest spending first, without the `after` before them."""
        return [_sum(name, numbers) for name, numbers in self._ranked[after : after + most]]


async def spending(store: Store, last: int, count: int, by: By) -> Spending:
    """The `count` days up to day `last` (since 1970). Raises StoreError."""
    days = range(last - count + 1, last + 1)
    sums: _Sums = defaultdict(lambda: [0] * (_BY_DAY + count))
    total = [0] * (_BY_DAY + count)
    for at, day in enumerate(days):
        async for place, row in rows_of(store, day):
            for numbers in (sums[place[_PLACE[by]]], total):
                numbers[:_BY_DAY] = map(add, numbers, row)
                numbers[_BY_DAY + at] += row[_NANOS]
    if by in ("person", "chat"):
        await _merge(store, sums)
    ranked = sorted(sums.items(), key=lambda one: (-one[1][_NANOS], one[0]))
    return Spending(tuple(map(date_of, days)), _sum("", total), ranked)


async def named(store: Store, sums: Sequence[Sum]) -> list[Sum]:
    """Sums by person or chat, with names in the place of accounts. Raises StoreError."""
    known = await names_of(store, {one.name for one in sums if one.name})
    return [replace(one, name=known.get(one.name, one.name)) for one in sums]


async def _merge(store: Store, sums: _Sums) -> None:
    """What a purse spent before it was merged counts for the one that took it in."""
    async for old, new in looked_up(store, _MERGED, sums):
        numbers = sums.pop(old)
        sums[new] = list(map(add, sums[new], numbers))


def _sum(name: str, numbers: Sequence[int]) -> Sum:
    requests, prompt, completion, nanos, *by_day = numbers
    return Sum(name, requests, prompt, completion, nanos, tuple(by_day))

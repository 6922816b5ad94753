"""People and chats as operators see them: what they spend, under which caps, and whether they are let in.

Lists begin with the highest spending; others are found by a part of their name. What a list shows of one
account is one call of the store, whatever was ever spent.
"""

import asyncio
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import partial
from typing import Literal

from core.access import Access
from core.chosen import Chosen
from core.money.base import KEEP_DAYS, key, today
from core.money.caps import Override
from core.money.purse import names_of
from core.money.spending import Sum, named, spending
from core.money.summary import Period, Summary
from core.names import Kind, kind_of, labels_of
from core.preferences import ChatDefaults
from core.settings import Settings
from core.spend import Payer, Spend
from core.store import Store

LIST_DAYS = 30  # whose spending makes the order of a list
DETAIL_DAYS = KEEP_DAYS
_MOST_FOUND = 200
_PIECE = 1000


@dataclass(frozen=True, slots=True)
class Account:
    """One line of a list. `names` is empty where they were forgotten, and the periods None then. `spent` is
    of the last LIST_DAYS; None in what a search found."""

    names: tuple[str, ...]
    day: Period | None
    month: Period | None
    credit_nanos: int
    is_denied: bool
    spent: Sum | None = None


@dataclass(frozen=True, slots=True)
class Listed:
    """A page of a list, and how many there are on all of them. `is_cut`: a search found more than it shows."""

    accounts: tuple[Account, ...]
    count: int
    is_cut: bool = False


@dataclass(frozen=True, slots=True)
class Detail:
    """All about one person or chat. `own` are the caps set for each of its names, `defaults` a chat's."""

    kind: Kind
    names: tuple[str, ...]
    is_known: bool
    summary: Summary
    days: tuple[tuple[date, int], ...]
    own: tuple[Override, ...]
    denied_by: Literal["", "settings", "operator"]
    defaults: ChatDefaults

    @property
    def day(self) -> Period:
        return self.summary.of(self.kind)[0]

    @property
    def month(self) -> Period:
        return self.summary.of(self.kind)[1]


class Accounts:
    """Reads; what changes caps, credit and lists is elsewhere. All calls raise StoreError."""

    def __init__(
        self, store: Store, settings: Settings, spend: Spend, access: Access, chosen: Chosen,
        clock: Callable[[], float],
    ) -> None:  # fmt: skip
        self._store, self._settings, self._clock = store, settings, clock
        self._spend, self._access, self._chosen = spend, access, chosen

    async def top(self, kind: Kind, most: int, *, after: int = 0) -> Listed:
        """The accounts that spent in the last LIST_DAYS, highest spending first."""
        last = today(self._clock(), self._settings.zone).day
        spent = await spending(self._store, last, LIST_DAYS, kind)
        sums = await named(self._store, spent.top(most, after=after))
        names = [tuple(one.name.split("+")) if ":" in one.name else () for one in sums]
        return Listed(await self._read(kind, names, sums), len(spent))

    async def search(self, kind: Kind, text: str) -> Listed:
        """Everybody who ever paid and has `text` in a name."""
        found: dict[str, str] = {}  # a name of each account; linked names are one
        pattern = "*" + re.sub(r"([*?\[\]\\^-])", r"\\\1", text) + "*"
        with self._store.guard():
            async for name, account in self._store.redis.hscan_iter(key("names"), pattern, _PIECE):
                if kind_of(name.decode()) == kind:
                    found[account.decode()] = name.decode()
                if len(found) > _MOST_FOUND:
                    break
        known = await names_of(self._store, set(found))
        names = sorted(tuple(known.get(account, name).split("+")) for account, name in found.items())[
            :_MOST_FOUND
        ]
        return Listed(await self._read(kind, names, [None] * len(names)), len(names), len(found) > _MOST_FOUND)

    async def get(self, kind: Kind, name: str) -> Detail:
        """The account of a name, even of one that never paid: its caps can be set beforehand."""
        with self._store.guard():
            is_known = bool(await self._store.redis.hexists(key("names"), name))
        names = await self._spend.purses.names(name)
        summary, days, shown, defaults = await asyncio.gather(
            self._spend.summary(_payer(kind, name)),
            self._spend.ledger.days(name, DETAIL_DAYS),
            self._spend.caps.show(),
            self._chosen.chat_defaults(name if kind == "chat" else ""),
        )
        overrides = {one.name: one for one in shown}
        own = tuple(overrides.get(one, Override(one)) for one in (f"{kind}:{each}" for each in names))
        denied = await self._denied_by(names)
        return Detail(kind, names, is_known, summary, tuple(days), own, denied, defaults)

    async def _read(
        self, kind: Kind, names: Sequence[tuple[str, ...]], sums: Sequence[Sum | None]
    ) -> tuple[Account, ...]:
        denied = [bool(await self._denied_by(own)) for own in names]
        return tuple(await asyncio.gather(*map(partial(self._account, kind), names, denied, sums)))

    async def _account(self, kind: Kind, names: tuple[str, ...], is_denied: bool, spent: Sum | None) -> Account:
        if not names:
            return Account((), None, None, 0, is_denied, spent)
        summary = await self._spend.summary(_payer(kind, names[0]))
        return Account(names, *summary.of(kind), summary.credit_nanos, is_denied, spent)

    async def _denied_by(self, names: Sequence[str]) -> Literal["", "settings", "operator"]:
        labels = {label for name in names for label in labels_of(name)}
        if labels & set(self._access.always_denied):
            return "settings"
        _, denied = await self._access.lists()
        return "operator" if labels & set(denied) else ""


def _payer(kind: Kind, name: str) -> Payer:
    return Payer(name, "") if kind == "person" else Payer("", name)

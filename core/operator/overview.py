"""The operator's overview: money, what is under way, recent errors, and the settings.

Reads only. Nothing here shows what people asked for: no questions, prompts or pictures.
"""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal
from urllib.parse import urlsplit

from pydantic import SecretStr

from core.money.base import today
from core.money.spending import By, Spending, Sum, named, spending
from core.money.summary import Period
from core.operator.accounts import Accounts
from core.operator.troubles import Trouble, Troubles
from core.orders.order import Order, Orders
from core.running import AnswerRecord, Running
from core.settings import Settings, Source
from core.spend import EVERYBODY, Spend
from core.store import Store
from core.words import dollars


@dataclass(frozen=True, slots=True)
class Live:
    """An answer or an order under way, in any process. `doing` is an answer's command, or an order's
    stage. `model` is an order's, "" for an answer."""

    kind: Literal["answer", "picture"]
    person: str
    chat: str
    doing: str
    model: str
    age_s: float


@dataclass(frozen=True, slots=True)
class Now:
    """What is true now. `live` has the oldest first; `day` and `month` are everybody's."""

    day: Period
    month: Period
    live: tuple[Live, ...]
    troubles: tuple[Trouble, ...]

    def count(self, kind: str) -> int:
        return sum(one.kind == kind for one in self.live)

    def oldest_s(self, kind: str) -> float:
        """0 where nothing of that kind is under way."""
        return max((one.age_s for one in self.live if one.kind == kind), default=0.0)


@dataclass(frozen=True, slots=True)
class Configured:
    """A setting as an operator may see it: of a secret only whether it is set (`value` is "" or "set")."""

    name: str
    value: str
    source: Source
    is_secret: bool


class Overview:
    """`accounts` are people and chats. All calls raise StoreError."""

    def __init__(
        self, *, store: Store, settings: Settings, spend: Spend, running: Running, orders: Orders,
        troubles: Troubles, accounts: Accounts, clock: Callable[[], float],
    ) -> None:  # fmt: skip
        self._store, self._settings, self._clock = store, settings, clock
        self._spend, self._running, self._orders, self._troubles = spend, running, orders, troubles
        self.accounts = accounts

    async def now(self) -> Now:
        await self._troubles.flush()
        summary, records, orders, troubles = await asyncio.gather(
            self._spend.summary(EVERYBODY),
            self._running.everywhere(),
            self._orders.open(),
            self._troubles.last_hour(),
        )
        at = self._clock()
        live = [_answer(record, at) for record in records] + [_picture(order, at) for order in orders]
        live.sort(key=lambda one: -one.age_s)
        return Now(summary.all_day, summary.all_month, tuple(live), troubles)

    async def spending(self, days: int, by: By) -> Spending:
        """The last `days` days, today last."""
        return await spending(self._store, today(self._clock(), self._settings.zone).day, days, by)

    async def top(self, spent: Spending, most: int, *, after: int = 0) -> list[Sum]:
        """A page of that under the names of people and chats."""
        return await named(self._store, spent.top(most, after=after))


def configured(settings: Settings) -> tuple[Configured, ...]:
    """Every setting in the order of `Settings`, with where it came from."""
    values = {name: getattr(settings, name) for name in type(settings).model_fields}
    return tuple(_configured(name, value, settings.source_of(name)) for name, value in values.items())


def _configured(name: str, value: object, source: Source) -> Configured:
    if not isinstance(value, SecretStr):
        return Configured(name.upper(), _plain(name, value), source, is_secret=False)
    is_set = source != "default" and value.get_secret_value()  # what the simulated API goes by is no secret
    return Configured(name.upper(), "set" if is_set else "", source, is_secret=True)


def _plain(name: str, value: object) -> str:
    match value:
        case None:
            return "off" if name.endswith("_usd") else ""
        case bool():
            return "1" if value else "0"
        case int() if name.endswith("_usd"):
            return dollars(value)
        case tuple():
            return ", ".join(map(str, value))
        case str() if "://" in value:
            return _without_login(value)
        case float():
            return f"{value:g}"
    return str(value)


def _without_login(address: str) -> str:
    parts = urlsplit(address)
    return parts._replace(netloc=parts.netloc.rpartition("@")[2]).geturl()


def _answer(record: AnswerRecord, now: float) -> Live:
    return Live("answer", record.person, record.chat, record.command, "", max(0.0, now - record.since))


def _picture(order: Order, now: float) -> Live:
    age_s = max(0.0, now - order.made_at)
    return Live("picture", order.person, order.chat, order.stage, order.wish.model, age_s)

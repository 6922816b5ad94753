"""Spend with a fake clock, and short methods for what tests do with it."""

from dataclasses import dataclass, field
from math import inf

from core.money.base import ROOT
from core.money.summary import Period
from core.settings import Settings
from core.spend import Payer, Receipt, Spend, Spent, Wanted
from core.store import Store
from tests.core.conftest import Clock

ANNA = Payer("here:1", "here:guild:7")
BEN = Payer("there:2", "there:chat:8")


def usd(nanos: int) -> str:
    """Nano-dollars as settings have them."""
    return f"{nanos // 10**9}.{nanos % 10**9:09}"


@dataclass
class Till:
    """Spend with a counter for request ids."""

    store: Store
    settings: Settings
    clock: Clock = field(default_factory=Clock)
    count: int = 0

    def __post_init__(self) -> None:
        self.spend = Spend(self.store, self.settings, self.clock)

    def wanted(self, nanos: int, least: int | None = None, request: str = "") -> Wanted:
        self.count += 1
        name = request or f"request-{self.count}"
        return Wanted(name, "ask", "gpt-4o-mini", nanos, nanos if least is None else least)

    async def take(
        self, nanos: int, payer: Payer = ANNA, *, least: int | None = None, request: str = ""
    ) -> str:
        return (await self.spend.take(payer, self.wanted(nanos, least, request))).request

    async def pay(self, nanos: int, payer: Payer = ANNA, *, held: int | None = None) -> Receipt:
        request = await self.take(nanos if held is None else held, payer)
        return await self.spend.settle(request, Spent(nanos, 10, 20))

    async def left(self, payer: Payer = ANNA) -> float:
        """Nanos that the next request may cost under all caps together."""
        found = await self.spend.summary(payer)
        own = min(_room(found.person_day), _room(found.person_month)) + found.credit_nanos
        return min(own, *map(_room, (found.chat_day, found.chat_month, found.all_day, found.all_month)))

    async def account(self, name: str) -> dict[str, int | str]:
        """The raw account of a person or chat, or "all"."""
        found = b"all" if name == "all" else await self.store.redis.hget(f"{ROOT}:names", name)
        fields = await self.store.redis.hgetall(f"{ROOT}:a:{found.decode() if found else ''}")
        text = {key.decode(): value.decode() for key, value in fields.items()}
        return {key: int(value) if value.lstrip("-").isdigit() else value for key, value in text.items()}

    async def age(self, days: int) -> None:
        """Makes each line of the ledger and the trail so many days older, by the server's clock, which no test
        can turn."""
        for name in (f"{ROOT}:ledger", f"{ROOT}:trail"):
            lines = await self.store.redis.xrange(name)
            await self.store.redis.delete(name)
            for entry, fields in lines:
                ms, _, number = entry.decode().partition("-")
                await self.store.redis.xadd(name, fields, f"{int(ms) - days * 86_400_000}-{number}")


def _room(period: Period) -> float:
    return inf if period.cap_nanos is None else max(0, period.cap_nanos - period.used_nanos)

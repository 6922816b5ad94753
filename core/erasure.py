"""Erases and exports what is held about one person: conversations, choices, orders, the page, spending.

What ends by itself within two days is left to that, and what operators decided stays. Raises StoreError; what
was erased by then is gone, and the rest goes the next time.
"""

import asyncio
import json
from base64 import b64encode
from collections.abc import Awaitable, Callable
from dataclasses import asdict, dataclass, replace
from typing import Any

import msgspec

from core.memory import Forgotten, Memory
from core.orders.order import Order, Orders, State
from core.settings import Settings
from core.spend import Payer, Spend
from core.transcript import Transcript


@dataclass(frozen=True, slots=True)
class Erasure:
    """The one place that knows all parts which hold something about people: each has a line in both methods."""

    settings: Settings
    memory: Memory
    orders: Orders
    transcript: Transcript
    spend: Spend
    withdraw: Callable[[Order], Awaitable[None]]

    async def forget(self, person: str) -> Forgotten:
        """Amounts stay in the ledger under a pseudonym; so do those of chats that are the person's alone.
        What the person ordered and was not sent yet is free; what shows an order under way is deleted, where
        this process serves its platform."""
        gone = await self.memory.forget(person)
        orders = await self.orders.forget(person)
        for order in orders:
            for request in order.unsent:
                await self.spend.release(request)
        await self.transcript.forget(person)
        await self.spend.purses.forget(person)
        await asyncio.gather(*map(self.withdraw, orders))
        painted = sum(piece.state is State.FETCHED for order in orders for piece in order.pieces)
        return replace(gone, pictures=gone.pictures + painted, orders=len(orders))

    async def export(self, person: str) -> dict[str, Any]:
        """Ready for JSON, pictures in base64."""
        orders = [await self._plain(order) for order in await self.orders.of(person)]
        page, shown = await self.transcript.load(person), await self.transcript.pictures(person)
        spent = await self.spend.ledger.usage(self.settings.ledger_days, person)
        return {
            **await self.memory.export(person),
            "orders": orders,
            "page": [json.loads(entry) for entry in page.values()],
            "page_pictures": [{"id": id_, "base64": b64encode(data).decode()} for id_, data in shown.items()],
            "spent": [{**asdict(row), "day": row.day.isoformat()} for row in spent],
            "money": await self._money(person),
        }

    async def _money(self, person: str) -> dict[str, Any]:
        """What the person may spend: nano-dollars, a cap of null is none."""
        summary = await self.spend.summary(Payer(person, ""))
        return {
            "names": await self.spend.purses.names(person),
            "credit_nanos": summary.credit_nanos,
            "today": asdict(summary.person_day),
            "this_month": asdict(summary.person_month),
        }

    async def _plain(self, order: Order) -> dict[str, Any]:
        found = [await self.orders.find_picture(order.ref, number) for number in range(len(order.pieces))]
        return {
            **msgspec.structs.asdict(order.wish),
            "ref": order.ref,
            "made_at": order.made_at,
            "chat": order.chat,
            "room": order.room,
            "pictures": [b64encode(data).decode() for data in found if data],
        }

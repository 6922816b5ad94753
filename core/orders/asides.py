"""Pictures that could not be shown where they were ordered: they wait for their person's next visit.

A picture is handed over at least once, and shown once: the reply matches one place, whichever process shows
it again.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace

import msgspec
import structlog

from core.answer import Answer, Picture
from core.orders.answers import pictures_of
from core.orders.order import ASIDE_S, TRY_S, Order, Orders, Overtaken, Told
from core.spend import Spend
from core.words import t

log = structlog.get_logger(__name__)

_MOST_AT_ONCE = 2  # orders that one answer takes along


@dataclass(frozen=True, slots=True)
class Aside:
    """What waited for a person: show `pictures` under `note`, then call `Asides.handed`."""

    orders: tuple[Order, ...]
    pictures: tuple[Picture, ...]
    note: str

    def beside(self, answer: Answer) -> Answer:
        """The answer with what waited. Its pictures are for all who saw them ordered: it is not private
        then."""
        return replace(
            answer,
            note=" ".join(filter(None, (answer.note, self.note))),
            pictures=(*answer.pictures, *self.pictures),
            private=answer.private and not self.pictures,
        )


@dataclass(frozen=True, kw_only=True)
class Asides:
    """Orders that are `Told.ASIDE`."""

    orders: Orders
    spend: Spend
    clock: Callable[[], float]

    async def of(self, person: str, locale: str, room: str, *, private: bool, adult: bool) -> Aside:
        """What waits for this person and may be shown here. In a private chat that is all of it; elsewhere,
        what was ordered in this room, or in any place for adults where this is one. What was ordered in
        private, or in a place for adults, is never shown in another kind of place. Raises StoreError."""
        found = [
            one for one in await self.orders.aside(person) if one.private <= private and one.adult <= adult
        ]
        orders = [one for one in found if private or one.adult or one.room == room][:_MOST_AT_ONCE]
        pictures = [picture for order in orders for picture in await pictures_of(self.orders, order)]
        note = t(locale, "imagine-from-earlier", count=len(pictures)) if pictures else ""
        return Aside(tuple(orders), tuple(pictures), note)

    async def handed(self, aside: Aside) -> None:
        """The person has them now. Raises StoreError, after which they would be handed over once more."""
        for order in aside.orders:
            try:
                await self.orders.save(msgspec.structs.replace(order, told=Told.YES))
                await self.orders.expire_pictures(order)
            except Overtaken:
                log.info("order.handed_over_twice", ref=order.ref)

    def waits_for(self, order: Order) -> float:
        """Seconds until an order that was set aside is dropped."""
        return order.ended_at + TRY_S + ASIDE_S - self.clock()

    async def drop(self, order: Order) -> None:
        """Drops an order for which nobody came within ASIDE_S: deletes its pictures, and notes that in the
        ledger."""
        log.warning("order.dropped", ref=order.ref)
        for piece in order.paid(keeps_late=False):
            await self.spend.note(piece.request, "dropped")
        await self.orders.save(msgspec.structs.replace(order, told=Told.YES))
        await self.orders.drop_pictures(order)

"""Shows people what became of their orders, and keeps what could not be shown for their next visit.

A picture is handed over at least once, and shown once: the reply matches one place, whoever shows it again.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass
from unicodedata import normalize

import msgspec
import structlog

from core.answer import Action, Answer, Phase, Picture, Progress
from core.orders import ASIDE_S, TRY_S, Order, Orders, Overtaken, State, Told
from core.settings import Settings
from core.spend import Spend
from core.words import money, money_left, t

log = structlog.get_logger(__name__)

_MOST_AT_ONCE = 2  # orders from earlier that one answer takes along
_MOST_OF_A_NAME, _OF_THE_REF = 40, 6
_SUFFIX = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


@dataclass(frozen=True, slots=True)
class Aside:
    """What waited for a person: show `pictures` under `note`, then call `Handover.handed`."""

    orders: tuple[Order, ...] = ()
    pictures: tuple[Picture, ...] = ()
    note: str = ""


@dataclass(frozen=True, kw_only=True)
class Handover:
    """Answers about orders, and the pictures that go with them."""

    settings: Settings
    orders: Orders
    spend: Spend
    clock: Callable[[], float]

    async def pictures_of(self, order: Order, *, as_file: bool = False) -> tuple[Picture, ...]:
        """The made pictures of an order that are still kept."""
        found = []
        for number, piece in enumerate(order.pieces):
            data = await self.orders.find_picture(order.ref, number) if piece.media_type else None
            if data is not None:
                wish = order.wish
                name = f"{_stem(order)}-{number + 1}.{_SUFFIX[piece.media_type]}"
                found.append(Picture(data, piece.media_type, name, wish.prompt, wish.spoiler, as_file))
        return tuple(found)

    async def aside(self, person: str, locale: str, room: str, *, private: bool, adult: bool) -> Aside:
        """What waits for this person and may be shown in such a place: what was ordered elsewhere only where
        nobody else sees it, and what was ordered in a place for adults in any such. Raises StoreError."""
        found = [
            one for one in await self.orders.aside(person) if one.private <= private and one.adult <= adult
        ]
        orders = [one for one in found if private or one.adult or one.room == room][:_MOST_AT_ONCE]
        pictures = [picture for order in orders for picture in await self.pictures_of(order)]
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

    async def drop(self, order: Order) -> None:
        """Nobody came for it within ASIDE_S: the pictures go, and the ledger says so."""
        log.warning("order.dropped", ref=order.ref)
        for piece in order.paid(keeps_late=False):
            await self.spend.note(piece.request, "dropped")
        await self.orders.save(msgspec.structs.replace(order, told=Told.YES))
        await self.orders.expire_pictures(order, 0)

    def waits_for(self, order: Order) -> float:
        """Seconds until an order that was set aside is dropped."""
        return order.ended_at + TRY_S + ASIDE_S - self.clock()

    async def final(self, order: Order, left_nanos: int | None, warning: str, aside: Aside) -> Answer:
        """How an order ended, with what waited from earlier ones."""
        own = await self.pictures_of(order)
        states = [piece.state for piece in order.pieces]
        phase = Phase.DONE if own else Phase.STOPPED if State.CANCELLED in states else Phase.FAILED
        return Answer(
            phase,
            note=" ".join(filter(None, [*self._notes(order, warning), aside.note])),
            footer=_footer(order, left_nanos if order.private else None) if own else "",
            actions=actions(order, has_picture=bool(own)),
            pictures=(*own, *aside.pictures),
            alert=bool(warning) or any(piece.note for piece in order.pieces),
            private=order.was_refused and not aside.pictures,  # those are for all who saw them ordered
            ref=order.ref,
        )

    def bare(self, order: Order, warning: str) -> str:
        """What is said of it where pictures may not be posted, and where its own can be had: see `aside`."""
        notes = self._notes(order, warning)
        if any(piece.media_type for piece in order.pieces):
            needs_such_a_place = order.adult and not order.private
            key = "imagine-no-pictures-adult" if needs_such_a_place else "imagine-no-pictures"
            notes.append(t(order.locale, key))
        return " ".join(notes)

    def _notes(self, order: Order, warning: str) -> list[str]:
        states = [piece.state for piece in order.pieces]
        notes = list(dict.fromkeys(piece.note for piece in order.pieces if piece.note))
        refunded = "yes" if self.settings.image_late == "refund" else "no"
        if State.UNKNOWN in states:
            notes.append(t(order.locale, "imagine-unknown-money", refunded=refunded))
        if State.LATE in states:
            notes.append(t(order.locale, "job-late", refunded=refunded))
        if State.CANCELLED in states:
            notes.append(t(order.locale, "imagine-cancelled"))
        return [*notes, warning] if warning else notes


def working(order: Order, *, place: int, left_nanos: int | None, elapsed: float, usual: float) -> Answer:
    """How far an order is. The price is said before it is paid, and what is left where nobody else reads it."""
    locale, knows_left = order.locale, order.private and left_nanos is not None
    count = sum(piece.state is not State.FAILED for piece in order.pieces)
    data = {
        "price": money(order.price_nanos * count, locale),
        "left": money_left(left_nanos or 0, locale),
    }
    data["knows"] = "yes" if knows_left else "no"
    actions: tuple[Action, ...] = ()
    if place:
        note = t(locale, "imagine-in-line", place=place, **data)
        actions = (Action("cancel", order.ref, t(locale, "action-cancel")),)
    elif all(piece.state in (State.INTENT, State.SUBMITTING) for piece in order.pieces):
        note = t(locale, "imagine-ordering", **data)
    else:
        key = "imagine-painting-expected" if round(elapsed) < round(usual) else "imagine-painting"
        note = t(locale, key, elapsed=round(elapsed), expected=round(usual))
    progress = Progress(elapsed, usual, place, len(order.pieces), order.wish.width, order.wish.height)
    return Answer(Phase.WORKING, note=note, actions=actions, progress=progress, ref=order.ref)


def actions(order: Order, *, has_picture: bool) -> tuple[Action, ...]:
    """The buttons under a finished order; they find it again by its ref, after any restart."""

    def action(command: str, *, asks: str = "", danger: bool = False) -> Action:
        price = money(order.price_nanos * len(order.pieces), order.locale)
        label = t(order.locale, f"action-{command}", price=price)
        return Action(command, order.ref, label, asks=asks, danger=danger)

    again = (action("again"), action("vary", asks=order.wish.prompt), action("shape"))
    if not has_picture:
        return again[:2]
    return (*again, action("details"), action("file"), action("delete", danger=True))


def _stem(order: Order) -> str:
    """A file's name that says what is in it, and is no other order's. Of a stranger's words only what any disk
    takes: letters and digits."""
    plain = normalize("NFKD", order.wish.prompt).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))[:_MOST_OF_A_NAME].strip("-")
    return f"{words}-{order.ref[:_OF_THE_REF]}" if words else order.ref


def _footer(order: Order, left_nanos: int | None) -> str:
    wish = order.wish
    paid = sum(piece.paid_nanos for piece in order.pieces)
    parts = [wish.model, f"{wish.width}×{wish.height}", money(paid, order.locale)]
    if left_nanos is not None:
        parts.append(t(order.locale, "money-left", left=money_left(left_nanos, order.locale)))
    return " · ".join(parts)

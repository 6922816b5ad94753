"""The Answers that people see of their orders: progress, final state, buttons."""

import re
from unicodedata import normalize

from core.answer import Action, Answer, Phase, Picture, Progress
from core.orders.order import Order, Orders, State
from core.words import money, money_left, t

_MOST_OF_A_NAME, _OF_THE_REF = 40, 6
_SUFFIX = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}


async def pictures_of(orders: Orders, order: Order, *, as_file: bool = False) -> tuple[Picture, ...]:
    """The made pictures of an order that are still kept. Raises StoreError."""
    found = []
    for number, piece in enumerate(order.pieces):
        data = await orders.find_picture(order.ref, number) if piece.media_type else None
        if data is not None:
            wish = order.wish
            name = f"{_stem(order)}-{number + 1}.{_SUFFIX[piece.media_type]}"
            found.append(Picture(data, piece.media_type, name, wish.prompt, wish.spoiler, as_file))
    return tuple(found)


def working(order: Order, *, place: int, left_nanos: int | None, elapsed: float, usual: float) -> Answer:
    """The progress of an order. Names the price before it is paid, and in a private chat what is left."""
    locale = order.locale
    count = sum(piece.state is not State.FAILED for piece in order.pieces)
    data = {
        "price": money(order.price_nanos * count, locale),
        "left": money_left(left_nanos or 0, locale),
        "knows": "yes" if order.private and left_nanos is not None else "no",
    }
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
    asked = order.wish.prompt
    return Answer(Phase.WORKING, note=note, actions=actions, progress=progress, question=asked, ref=order.ref)


def stuck(order: Order) -> Answer:
    """What is shown while the store is away: why the picture does not come."""
    return Answer(Phase.WORKING, note=t(order.locale, "imagine-stuck"), alert=True, ref=order.ref)


def final(
    order: Order, pictures: tuple[Picture, ...], left_nanos: int | None, warning: str, *, keeps_late: bool
) -> Answer:
    """The final state of an order. `keeps_late`: pictures that came too late, or never, are paid all the
    same."""
    states = [piece.state for piece in order.pieces]
    phase = Phase.DONE if pictures else Phase.STOPPED if State.CANCELLED in states else Phase.FAILED
    return Answer(
        phase,
        note=" ".join(_notes(order, warning, keeps_late=keeps_late)),
        footer=_footer(order, left_nanos if order.private else None) if pictures else "",
        actions=_buttons(order, has_picture=bool(pictures)),
        pictures=pictures,
        alert=bool(warning) or any(piece.note for piece in order.pieces),
        private=order.was_refused,
        ref=order.ref,
    )


def bare(order: Order, note: str) -> str:
    """The note for a place where pictures may not be posted; it says where these can be had: see `Asides`."""
    if not order.has_picture:
        return note
    needs_such_a_place = order.adult and not order.private
    key = "imagine-no-pictures-adult" if needs_such_a_place else "imagine-no-pictures"
    return f"{note} {t(order.locale, key)}".strip()


def _buttons(order: Order, *, has_picture: bool) -> tuple[Action, ...]:
    """The buttons under a finished order; they find it again by its ref, after any restart."""

    def button(command: str, *, asks: str = "", danger: bool = False) -> Action:
        price = money(order.price_nanos * len(order.pieces), order.locale)
        label = t(order.locale, f"action-{command}", price=price)
        return Action(command, order.ref, label, asks=asks, danger=danger)

    again = (button("again"), button("vary", asks=order.wish.prompt), button("shape"))
    if not has_picture:
        return again[:2]
    return (*again, button("details"), button("file"), button("delete", danger=True))


def _notes(order: Order, warning: str, *, keeps_late: bool) -> list[str]:
    states = [piece.state for piece in order.pieces]
    notes = list(dict.fromkeys(piece.note for piece in order.pieces if piece.note))
    made = sum(bool(piece.media_type) for piece in order.pieces)
    if notes and 0 < made < len(states):  # what follows is said of the others
        notes.insert(0, t(order.locale, "imagine-some", made=made, count=len(states)))
    refunded = "no" if keeps_late else "yes"
    if State.UNKNOWN in states:
        notes.append(t(order.locale, "imagine-unknown-money", refunded=refunded))
    if State.LATE in states:
        notes.append(t(order.locale, "job-late", refunded=refunded))
    if State.CANCELLED in states:
        notes.append(t(order.locale, "imagine-cancelled"))
    return [*notes, warning] if warning else notes


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

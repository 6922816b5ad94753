"""One process's handle on an order: every change is compare-and-set against the newest version.

The address of the message that shows the order is part of the record: of two processes that move it, the first
one wins.
"""

import asyncio
from collections.abc import Callable

import msgspec
import structlog

from core import metrics
from core.answer import Reply, new_ref
from core.errors import StoreError
from core.orders.order import Order, OrderPiece, Orders, Overtaken, State, Told

log = structlog.get_logger(__name__)

_AGAIN_S, _MOST_AGAIN_S = 0.2, 2.0  # doubled each time, at most


class OrderHandle:
    """`order` is the newest record that this process knows, `reply` where it is shown (None: nowhere).
    `left_nanos` is what was left to spend when this process held or paid (None: no cap, or others did it).
    `is_stuck`: the store has not taken the last change yet."""

    def __init__(self, orders: Orders, order: Order, reply: Reply | None, clock: Callable[[], float]) -> None:
        self._orders, self._clock = orders, clock
        self.order, self.reply, self.is_stuck = order, reply, False
        self.left_nanos: int | None = None
        self._followed = order.address  # where our reply was when it and the record last agreed
        self._by = new_ref()
        self._saving = asyncio.Lock()

    def in_state(self, state: State) -> list[int]:
        """The numbers of the pieces in that state."""
        return [number for number, piece in enumerate(self.order.pieces) if piece.state is state]

    @property
    def is_astray(self) -> bool:
        """Whether another process shows the order in messages that our reply does not know of."""
        return self.reply is not None and self.order.address not in (self._followed, self.reply.address)

    async def set(self, number: int, before: OrderPiece | None = None, /, **changes: object) -> OrderPiece:
        """Changes one piece, from what it was (`before`) when a step began. Raises Overtaken where it is
        something else by now."""
        old = before or self.order.pieces[number]
        new = msgspec.structs.replace(old, **changes)

        def edit(order: Order) -> Order:
            if order.pieces[number] != old:
                raise Overtaken
            edited = order.with_piece(number, new)
            if new.state is State.FETCHED:
                edited = msgspec.structs.replace(edited, told=Told.NO)
            if not edited.is_open and (not order.ended_at or edited.told is not order.told):
                edited = msgspec.structs.replace(edited, ended_at=self._clock())
            return edited

        await self.change(edit)
        if (old.state.is_open and not new.state.is_open) or new.state is State.FETCHED:
            outcome = "refused" if new.was_refused else new.state.value
            metrics.PICTURES.labels(self.order.person.partition(":")[0], outcome).inc()
        return new

    async def change(self, edit: Callable[[Order], Order]) -> None:
        """Saves what `edit` makes of the newest record, with the address where the reply is now. Insists:
        what a step found out must not be lost while this process lives. Raises Overtaken where `edit` does,
        or the order was erased."""
        pause_s = _AGAIN_S
        async with self._saving:
            while True:
                order = msgspec.structs.replace(edit(self.order), by=self._by, address=self._address)
                try:
                    self.order = await self._orders.save(order)
                    self.is_stuck = False
                    if not self.is_astray:
                        self._followed = self.order.address
                    return
                except StoreError as error:
                    self.is_stuck = True
                    log.warning("order.not_saved", ref=order.ref, cause=error.cause)
                    await asyncio.sleep(pause_s)
                    pause_s = min(2 * pause_s, _MOST_AGAIN_S)
                except Overtaken:
                    await self.reread()

    @property
    def _address(self) -> str:
        """Where the order is shown: the address of our reply, unless another process has moved it meanwhile."""
        if self.reply is None or self.order.address != self._followed:
            return self.order.address
        return self.reply.address or self.order.address

    async def reread(self) -> None:
        """Raises StoreError, and Overtaken where it was erased."""
        newest = await self._orders.find(self.order.ref)
        if newest is None:
            raise Overtaken
        self.order = newest

    async def follow(self, _: tuple[str, ...] = ()) -> None:
        """Saves where our reply is by now, so that a process which continues the order shows it there."""
        if self.reply is not None and self.reply.address != self.order.address:
            await self.change(lambda order: order)

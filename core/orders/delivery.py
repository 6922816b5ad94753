"""The end of one order: paid, then told.

Money follows the record: before the person is told how it ended, each piece is settled or released by its
state, which may be done twice.
"""

import msgspec
import structlog

from core import metrics
from core.answer import Answer
from core.draft import Draft
from core.errors import DeliveryError, Gone, StoreError
from core.orders.answers import bare, final, pictures_of
from core.orders.asides import Aside
from core.orders.dependencies import Dependencies
from core.orders.handle import OrderHandle
from core.orders.order import TRY_S, Order, Overtaken, State, Told
from core.spend import Receipt, Spent

log = structlog.get_logger(__name__)

DELIVERY_S = 10.0  # how long one try to show the end of an order may take
_RETRY_S = 5.0, 600.0  # between two tries, at least and at most


class Delivery:
    """Pays for and shows the end of one order. Of the receipts it keeps the one that warns of the highest share
    of a cap."""

    def __init__(self, deps: Dependencies, handle: OrderHandle) -> None:
        self._deps, self._handle = deps, handle
        self._keeps_late = deps.settings.image_late == "keep"
        self._is_paid = self._has_moved = False
        self._nearest = Receipt(0, None)

    async def deliver(self) -> float:
        """Pays what it has cost, then shows how it ended. Returns the seconds until the next try, 0 where none
        is needed."""
        order, reply = self._handle.order, self._handle.reply
        await self._deps.line.leave(order.ref)
        await self._pay()
        if reply is None:
            return await self._gone(order)
        aside = await self._deps.asides.of(
            order.person, order.locale, order.room, private=order.private, adult=order.adult
        )
        pictures, warning = await pictures_of(self._deps.orders, order), self._nearest.warning(order.locale)
        answer = final(order, pictures, self._handle.left_nanos, warning, keeps_late=self._keeps_late)
        async with Draft(reply, locale=order.locale, patience=DELIVERY_S, posted=self._handle.follow) as draft:
            if await self._finish(draft, aside.beside(answer), bare(order, answer.note)):
                await self._delivered(order, aside)
                return 0.0
            is_hopeless, is_gone = draft.is_hopeless, draft.gone.done()
        return await (self._gone(order) if is_gone else self._undelivered(order, is_hopeless=is_hopeless))

    async def _delivered(self, order: Order, aside: Aside) -> None:
        await self._handle.change(lambda order: msgspec.structs.replace(order, told=Told.YES))
        await self._deps.orders.expire_pictures(order)
        await self._deps.asides.handed(aside)
        if pictures := sum(piece.state is State.FETCHED for piece in order.pieces):
            seconds = round(self._deps.clock() - order.ended_at, 1)
            log.info("order.delivered", ref=order.ref, pictures=pictures, seconds=seconds)

    async def _gone(self, order: Order) -> float:
        """Pictures whose chat is gone move to the private chat with their person, those for adults excepted.
        Returns as `deliver`."""
        may_move = not (self._has_moved or order.private or order.adult)
        if may_move and order.has_picture:
            try:
                self._handle.reply = await self._deps.reopen(order.person)
            except DeliveryError as error:
                return await self._undelivered(order, is_hopeless=isinstance(error, Gone))
            self._has_moved = True
            return await self.deliver()
        return await self._undelivered(order, is_hopeless=True)

    async def _undelivered(self, order: Order, *, is_hopeless: bool) -> float:
        """Returns the seconds until the next try. Where none would help, or a day was not enough, pictures wait
        for the person's next visit; then there is no next try: 0."""
        age = self._deps.clock() - order.ended_at
        if not is_hopeless and age <= TRY_S:
            return min(max(age / 4, _RETRY_S[0]), _RETRY_S[1])
        told = Told.ASIDE if order.has_picture else Told.YES
        log.warning("order.undelivered", ref=order.ref, told=told.value)
        await self._handle.change(lambda order: msgspec.structs.replace(order, told=told))
        return 0.0

    async def _finish(self, draft: Draft, answer: Answer, words: str) -> bool:
        """Shows the end. Returns whether the person has it before them: they have not where a bug of ours broke
        the showing, which is therefore not tried for ever."""
        try:
            return await draft.finish(answer, bare=words)
        except (StoreError, Overtaken):  # of the record that follows the message
            raise
        except Exception:
            log.exception("order.end_not_shown", ref=self._handle.order.ref)
            return False

    async def _pay(self) -> None:
        """Settles or releases every piece by its state, once; twice is harmless. What goes back goes first: so
        it counts as left when the last piece is paid."""
        if self._is_paid:
            return
        order, spend = self._handle.order, self._deps.spend
        price = Spent(order.price_nanos, measured="price")
        paid = order.paid(keeps_late=self._keeps_late)
        for piece in (piece for piece in order.pieces if piece not in paid):
            await spend.release(piece.request)
            if piece.free_as:  # it was sent, and may have been billed to the operator all the same
                await spend.note(piece.request, piece.free_as)
        for piece in paid:
            receipt = await spend.settle(piece.request, price)
            self._nearest = max(self._nearest, receipt, key=lambda one: one.crossed)
            if receipt.left_nanos is not None:
                self._handle.left_nanos = receipt.left_nanos
        # Last: where any of that broke, all of it is done again.
        metrics.paid(order.wish.model, order.price_nanos * len(paid))
        self._is_paid = True

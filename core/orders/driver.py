"""Drives one order, a stretch of some seconds at a time: its pictures, its delivery, and the progress that is
shown meanwhile."""

import asyncio
import math
from contextlib import suppress

import structlog

from core.answer import Reply
from core.errors import DeliveryError, SlowDown, StoreError
from core.orders.answers import stuck
from core.orders.delivery import Delivery
from core.orders.dependencies import Dependencies
from core.orders.handle import OrderHandle
from core.orders.line import LEASE_S
from core.orders.order import Order, Overtaken, Told
from core.orders.painting import Painting
from core.pace import Rank
from core.periodic import pause, repeat

log = structlog.get_logger(__name__)

_STRETCH_S = 5.0  # then it goes back to the queue, which can be told of a shutdown or a lost store
_KEEP_S = LEASE_S / 6  # between heartbeats
_TICK_S = 1.0  # between shows of progress
_STALL_S = 3.0  # shorter than it takes until another process may have taken over


class Driver:
    """Drives one order. `reply` is None where it can be shown nowhere."""

    def __init__(self, deps: Dependencies, order: Order, reply: Reply | None) -> None:
        self._deps, self.handle = deps, OrderHandle(deps.orders, order, reply, deps.clock)
        self._painting, self._delivery = Painting(deps, self.handle), Delivery(deps, self.handle)
        self._shown_at = -math.inf

    @property
    def order(self) -> Order:
        """The newest record."""
        return self.handle.order

    @property
    def reply(self) -> Reply | None:
        return self.handle.reply

    async def stretch(self, stop: asyncio.Event) -> float | None:
        """Drives the order for one stretch. Returns the seconds until it needs the next one, None when it is
        over. Raises StoreError, Overtaken."""
        over = asyncio.Event()
        keeping = asyncio.create_task(repeat(self._keep, _KEEP_S, "order", over))
        try:
            if self.order.is_open:
                await self._paint(stop)
                if self.order.is_open:
                    return 0.0
            if self.order.told is Told.NO:
                wanted = 0.0 if self.handle.is_astray else await self._delivery.deliver()
                if self.order.told is Told.NO:
                    return wanted
            return await self._wait()
        except StoreError:
            self.handle.is_stuck = True
            raise
        finally:
            over.set()
            await asyncio.wait([keeping])

    async def tell_stuck(self) -> None:
        """Shows at once that the store is away; the next stretch would do so later. For an order that no other
        process shows."""
        if self.reply is not None and self.order.is_to_come:
            with suppress(DeliveryError):
                await self.reply.show(stuck(self.order))

    async def _paint(self, stop: asyncio.Event) -> None:
        """Makes steps until no piece is open or the stretch is over, however far off the next step is: while an
        order is open, some process drives it, shows its progress, and renews its place in the line and its
        holds."""
        until, over = self._deps.clock() + _STRETCH_S, asyncio.Event()
        await self._painting.hold()
        telling = asyncio.create_task(self._tell(over))
        try:
            while True:
                due = await self._painting.step()
                left = until - self._deps.clock()
                if not self.order.is_open or stop.is_set() or left <= 0:
                    return
                await pause(min(due, left), stop)
        finally:
            over.set()
            await asyncio.wait([telling])

    async def _wait(self) -> float | None:
        """Polls late pictures, and drops what nobody came for. Returns as `stretch`."""
        waits = await self._painting.poll_late()
        if self.order.told is Told.NO:  # a late picture came
            return 0.0
        if self.order.told is Told.ASIDE:
            if (left := self._deps.asides.waits_for(self.order)) <= 0:
                await self._deps.asides.drop(self.order)
                return None
            waits.append(left)
        return None if self.order.is_over else min(waits, default=0.0)

    async def _tell(self, over: asyncio.Event) -> None:
        """Shows progress until `over`."""
        while self.reply is not None and not over.is_set():
            every_s = max(_TICK_S, self.reply.surface.show_every)
            wait = self._shown_at + every_s - self._deps.clock()
            if wait <= 0:
                if not self.handle.is_astray and await self.reply.lane.enter(Rank.COSMETIC):
                    await self._show(self.reply)
                wait = every_s
            before = self._deps.clock()
            await pause(wait, over)
            if self._deps.clock() - before > wait + _STALL_S:
                return  # somebody else may have shown the end of it by now

    async def _show(self, reply: Reply) -> None:
        order = self.order
        try:
            newest = await self._deps.orders.find(order.ref)
            if newest is None or not newest.is_open:
                return  # another process shows the end of it, and this would stand there for ever
            await reply.show(stuck(order) if self.handle.is_stuck else self._painting.progress())
            self._shown_at = self._deps.clock()
            await self.handle.follow()
        except (DeliveryError, StoreError) as error:
            if isinstance(error, SlowDown):
                reply.lane.block(error.retry_after, everywhere=error.everywhere)
            log.debug("order.progress_not_shown", error=error.message_key)
            self._shown_at = self._deps.clock() + _KEEP_S
        except Overtaken:
            log.info("order.overtaken", ref=order.ref)
        except Exception:
            log.exception("order.show_failed")

    async def _keep(self) -> None:
        """A heartbeat: renews the order, its place in the line and its holds."""
        await self._deps.orders.touch(self.order.ref, 0.0)
        self.handle.is_stuck = False
        if self.order.stage == "painting":  # whichever process got its place
            await self._deps.line.enter(self.order)
        open_pieces = [piece.request for piece in self.order.pieces if piece.state.is_open]
        if open_pieces:
            await self._deps.spend.renew(*open_pieces)

"""Brings orders to their end: a process that serves an order's platform drives it for a stretch, as often as it
takes."""

import asyncio
import math
from collections import OrderedDict
from collections.abc import Mapping
from contextlib import suppress

import msgspec
import structlog

from core.answer import Answer, Phase, Reply
from core.draft import Draft
from core.errors import DeliveryError, Gone, StoreError
from core.orders.delivery import DELIVERY_S
from core.orders.dependencies import Dependencies
from core.orders.driver import Driver
from core.orders.order import OVERDUE_S, STAGES, Order, Overtaken, Told

log = structlog.get_logger(__name__)

_KEPT_DRIVERS = 1000
_OVERTAKEN_S = 1.0  # the process that changed the order may be driving it
_AGAIN_S = 2.0  # after a stretch that the store broke off
_MOST_BROKEN = 300  # stretches in a row, ten minutes at least
_PATIENCE_S = 900.0  # longer than between two tries of anything


class Fulfil:
    """Drives the orders of this process."""

    def __init__(self, deps: Dependencies) -> None:
        self._deps = deps
        self._drivers: OrderedDict[str, Driver] = OrderedDict()
        self._refused: list[Order] = []
        self._ours: dict[str, float] = {}  # by ref: until when it counts as ours; for ever during a stretch

    async def begin(self, order: Order, reply: Reply) -> Order:
        """Records a new order. As long as this process drives it, it is shown in `reply`. Raises Overtaken
        where there is an order of that ref; StoreError, after which there is none: one that was recorded though
        the store's reply was lost is cancelled later (see `take_back`)."""
        try:
            order = await self._deps.orders.save(order)
        except StoreError:
            self._refused.append(order)
            raise
        self._keep(Driver(self._deps, order, reply))
        return order

    async def drive(self, ref: str, stop: asyncio.Event) -> float | None:
        """Drives the order for a stretch, a short one once `stop` is set.

        Returns in how many seconds it needs the next one, None when it is over. May be called in any process
        and any number of times, even at the same time: the first one drives it. Raises StoreError, after which
        it needs another stretch.
        """
        if self._ours.get(ref) == math.inf:
            return _OVERTAKEN_S
        self._ours[ref] = math.inf
        wanted: float | None = None
        try:
            wanted = await self._drive(ref, stop)
            return wanted
        except Overtaken:
            newest = await self._deps.orders.find(ref)
            if newest is None or newest.is_over:
                await self._put_away(ref, is_erased=newest is None)
            return _OVERTAKEN_S
        finally:
            del self._ours[ref]  # the process that overtook us may have ended it
            if wanted is not None:
                self._ours[ref] = self._deps.clock() + wanted + OVERDUE_S

    async def _drive(self, ref: str, stop: asyncio.Event) -> float | None:
        order = await self._deps.orders.find(ref)
        driver = self._drivers.get(ref)
        if driver is not None and order is not None:
            driver.handle.order = order
            driver = await self._unless_astray(driver)
        if order is None or order.is_over:
            await self._put_away(ref, is_erased=order is None)
            return None
        driver = driver or Driver(self._deps, order, await self._reply_of(order))
        self._keep(driver)
        try:
            with structlog.contextvars.bound_contextvars(request=order.request, ref=ref):
                wanted = await driver.stretch(stop)
        finally:
            await self._unless_astray(driver)
        if wanted is None:
            self._drivers.pop(ref, None)
        else:
            await self._deps.orders.touch(ref, wanted)
        return wanted

    async def drive_to_end(self, ref: str) -> None:
        """Drives the order within this call, because no other process could reopen its reply: until it is over
        or set aside, or its final state was shown where no later one can be (`Surface.once`). Raises StoreError
        where the store stays away, with the key "imagine-left" where the picture is still to come."""
        never, broken = asyncio.Event(), 0
        wanted_in_s: float | None = 0.0
        while wanted_in_s is not None and wanted_in_s <= _PATIENCE_S and not self._has_had_its_end(ref):
            await asyncio.sleep(wanted_in_s)
            try:
                wanted_in_s, broken = await self.drive(ref, never), 0
            except StoreError as error:
                wanted_in_s, broken = _AGAIN_S, broken + 1
                driver = self._drivers.get(ref)
                if broken > _MOST_BROKEN:
                    is_to_come = driver is not None and driver.order.is_to_come
                    raise StoreError("imagine-left" if is_to_come else None, cause=error.cause) from error
                if driver is not None:
                    await driver.tell_stuck()
                log.warning("order.postponed", ref=ref, cause=error.cause)

    def _has_had_its_end(self, ref: str) -> bool:
        """Whether its final state was shown where no later one can be."""
        driver = self._drivers.get(ref)
        if driver is None or driver.reply is None or driver.order.told is Told.NO:
            return False
        return driver.reply.surface.once

    async def adopt(self, person: str = "") -> None:
        """Continues orders (of one person, where given) whose reply ended with its process, so that their
        pictures wait for the person's next visit. Raises StoreError where they cannot be found."""
        left = [order for order in await self._deps.orders.overdue() if not order.platform]
        mine = [order.ref for order in left if person in ("", order.person)]
        await asyncio.gather(*map(self._adopt, mine))

    async def _adopt(self, ref: str) -> None:
        """Drives one such order. An error holds up neither the others nor a new order."""
        try:
            await self.drive(ref, asyncio.Event())
        except StoreError as error:
            log.warning("order.postponed", ref=ref, cause=error.cause)
        except Exception:
            log.exception("order.adoption_broke", ref=ref)

    async def take_back(self) -> None:
        """Cancels orders that the store recorded although their person read that it is away. Raises
        StoreError."""
        while self._refused:
            order = msgspec.structs.replace(self._refused[0], version=1, told=Told.YES)
            with suppress(Overtaken):  # it was not taken, or somebody has begun with it
                await self._deps.orders.save(order.cancelled(self._deps.clock()))
            self._refused.pop(0)

    async def withdraw(self, order: Order) -> None:
        """Deletes the messages that show an order which was erased on its way: of several processes, the one
        that finds it gone need not be the one that showed it."""
        if not order.is_to_come:
            return
        try:
            reply = await self._reply_of(order)
        except DeliveryError as error:  # the rest was erased all the same
            log.warning("order.not_withdrawn", cause=error.cause)
            return
        if reply is not None:
            await self._withdraw(reply, order.locale)

    @property
    def ages(self) -> Mapping[str, tuple[float, ...]]:
        """The ages in seconds of the orders that this process drives, the oldest first, by stage: "waiting" in
        line, "painting" (since it was sent, as the deadline counts), "delivering", or looking for a "late"
        picture."""
        now, found = self._deps.clock(), {stage: list[float]() for stage in STAGES}
        self._ours = {ref: until for ref, until in self._ours.items() if until > now}
        for driver in (self._drivers[ref] for ref in self._ours if ref in self._drivers):
            order = driver.order
            sent = [piece.submitted_at or piece.sent_at for piece in order.pieces if piece.state.is_open]
            found[order.stage].append(now - (min(sent) if order.stage == "painting" else order.made_at))
        return {stage: tuple(sorted(ages, reverse=True)) for stage, ages in found.items()}

    def _keep(self, driver: Driver) -> None:
        self._drivers[driver.order.ref] = driver
        self._drivers.move_to_end(driver.order.ref)
        while len(self._drivers) > _KEPT_DRIVERS:  # of orders that another process took over
            self._drivers.popitem(last=False)

    async def _unless_astray(self, driver: Driver) -> Driver | None:
        """The driver; None where another process shows its order in other messages by now. Then the messages
        that ours posted are deleted."""
        if not driver.handle.is_astray:
            return driver
        self._drivers.pop(driver.order.ref, None)
        ours, theirs = driver.reply, await self._reply_of(driver.order)
        if ours and theirs and ours.messages and theirs.messages and not {*ours.messages} & {*theirs.messages}:
            log.info("order.shown_twice", ref=driver.order.ref)
            await self._withdraw(ours, driver.order.locale)
        return None

    async def _withdraw(self, reply: Reply, locale: str) -> None:
        async with Draft(reply, locale=locale, patience=DELIVERY_S) as draft:
            if not await draft.finish(Answer(Phase.DONE, withdraw=True)):
                log.warning("order.not_withdrawn")

    async def _reply_of(self, order: Order) -> Reply | None:
        try:
            return await self._deps.reopen(order.address)
        except Gone as error:
            log.info("order.reply_gone", ref=order.ref, cause=error.cause)
            return None

    async def _put_away(self, ref: str, *, is_erased: bool) -> None:
        """Stops driving an order that was erased or is over. What was not sent costs nothing, and its hold is
        released; the rest is paid for by the process that ended the order, or when the lease of its hold is
        over. Of an erased order nothing is kept or shown."""
        driver = self._drivers.get(ref)
        if driver is None:
            return
        await self._deps.line.leave(ref)
        if is_erased:
            await self._deps.orders.drop_pictures(driver.order)
        for request in driver.order.unsent:
            await self._deps.spend.release(request)
        self._drivers.pop(ref, None)  # not before: where the store was away meanwhile, we come here again
        if is_erased and driver.reply is not None:
            await self._withdraw(driver.reply, driver.order.locale)

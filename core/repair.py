"""Every few seconds, repairs or continues what dead processes left behind."""

import asyncio
from dataclasses import dataclass

import structlog

from core.catalogue import Catalogue
from core.draft import Draft
from core.ending import interrupted_answer
from core.errors import BotError, Gone
from core.inbox import is_in_inbox
from core.jobs import Jobs
from core.memory import Memory
from core.orders.fulfil import Fulfil
from core.orders.order import Orders
from core.reopens import Reopens
from core.running import REPAIR_S, AnswerRecord, Running
from core.store import Store

log = structlog.get_logger(__name__)

_PATIENCE_S = REPAIR_S / 2  # then it is another process's turn, and nobody else is at it before that


@dataclass(frozen=True, kw_only=True)
class Repair:
    """Everything here may be done by several processes at once."""

    store: Store
    running: Running
    memory: Memory
    catalogue: Catalogue
    orders: Orders
    jobs: Jobs
    fulfil: Fulfil
    reopens: Reopens

    async def tick(self) -> None:
        """Raises StoreError."""
        await self.fulfil.take_back()
        await asyncio.gather(*map(self._answer, await self.running.interrupted()))
        for order in await self.orders.overdue():  # whatever made the queue lose it
            if self.jobs.has(order.platform):
                await self.jobs.put(order.platform, order.ref)
        await self.fulfil.adopt()

    async def _answer(self, record: AnswerRecord) -> None:
        """Shows that an answer was interrupted. Where its chat cannot be reached, it stays for the next try, by
        any process."""
        with structlog.contextvars.bound_contextvars(request=record.request, ref=record.ref):
            try:
                if record.address.partition(":")[0] not in self.reopens:  # not yet, or in another process
                    await self.running.give_back(record)
                elif await self._is_shown(record):
                    await self.running.release(record.ref)
            except BotError as error:
                log.warning("answer.not_repaired", error=error.message_key, cause=error.cause)
            except Exception:  # one that cannot be shown must not keep the others waiting
                log.exception("answer.repair_broke")

    async def _is_shown(self, record: AnswerRecord) -> bool:
        """Shows the final state of an interrupted answer, unless its question is still in the inbox, which will
        have it answered. Returns whether it was shown, or need or can never be. Raises StoreError,
        DeliveryError."""
        if await is_in_inbox(self.store, record.request):
            return True
        log.info("answer.interrupted")
        exchange = await self.memory.find_exchange(record.room, record.ref)
        try:
            reply = await self.reopens.reopen(record.address)
        except Gone:
            return True
        answer = interrupted_answer(record, exchange, self.catalogue)
        async with Draft(reply, locale=record.locale, patience=_PATIENCE_S) as draft:
            return await draft.finish(answer) or draft.is_hopeless

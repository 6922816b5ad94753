"""Goes on with what dead processes left behind, every few seconds."""

from dataclasses import dataclass

import structlog

from core.ask import Ask
from core.draft import present
from core.errors import BotError
from core.fulfil import Fulfil
from core.jobs import Jobs
from core.orders import Orders
from core.reopens import Reopens
from core.running import Running

log = structlog.get_logger(__name__)


@dataclass(frozen=True)
class Repair:
    """Everything here may be done by several processes at once."""

    running: Running
    asking: Ask
    orders: Orders
    jobs: Jobs
    fulfil: Fulfil
    reopens: Reopens

    async def tick(self) -> None:
        """Raises StoreError."""
        await self._answers()
        for order in await self.orders.overdue():  # whatever made the queue lose it
            if self.jobs.has(order.platform):
                await self.jobs.put(order.platform, order.ref)
        await self.fulfil.adopt()

    async def _answers(self) -> None:
        """Answers whose process is gone say so, and offer to try again."""
        for record in await self.running.interrupted():
            if record.address.partition(":")[0] not in self.reopens:  # not yet, or in another process
                await self.running.leave(record)
                continue
            with structlog.contextvars.bound_contextvars(request=record.request, ref=record.ref):
                log.info("answer.interrupted")
                try:
                    reply = await self.reopens.reopen(record.address)
                    await present(reply, self.asking.interrupted(record), locale=record.locale)
                except BotError as error:
                    log.info("answer.not_repaired", error=error.message_key)
                await self.running.release(record.ref)

"""One order in the hands of this process: hold, line, submit, look, fetch, pay, deliver; from any step on.

Every step is recorded before the next begins. The only step whose outcome can be lost is the submit:
an order found on the wire after a crash is UNKNOWN and never sent again. Money follows the record: before
the person is told how it ended, each piece is settled or released by its state, which may be done twice.
"""

import asyncio
import math
from collections import Counter
from collections.abc import Awaitable, Iterable
from typing import TypeVar

import msgspec
import structlog

from core import metrics
from core.answer import Answer, Reply
from core.draft import Draft
from core.errors import (
    BotError,
    DeliveryError,
    JobFailed,
    JobUnknown,
    OverBudget,
    Refused,
    Rejected,
    SlowDown,
    StoreError,
    UpstreamError,
)
from core.handover import working
from core.line import LEASE_S
from core.minitool.fetch import picture_type
from core.orders import TRY_S, Order, Overtaken, State, Told
from core.pace import Rank
from core.record import Record
from core.sentences import sentence
from core.spend import Payer, Spent, Wanted
from core.timing import Expected, next_look, took
from core.tools import Tools

log = structlog.get_logger(__name__)

STRETCH_S = 5.0  # then it goes back to the queue, which can be told of a shutdown or a lost store
KEEP_S = LEASE_S / 6  # between signs of life
DOING = ("waiting", "painting", "delivering", "late")
LATE_LOOKS = 6  # a late picture is looked for this many deadlines long
_TICK_S = 1.0  # between shows of progress
_STALL_S = 3.0  # shorter than it takes until another process may have taken over
_IN_LINE_S = 0.5
_REFUSALS = 3  # what lies at a picture's address is no picture, so many times
_RETRY_S = 5.0, 600.0  # between two tries to show the end of it, at least and at most
T = TypeVar("T")


class Run:
    """One order, and what this process knows of it beside the record. `reply` is None where nobody can be
    shown anything."""

    def __init__(self, tools: Tools, order: Order, reply: Reply | None) -> None:
        self.tools, self.record = tools, Record(tools.orders, order, reply, tools.clock)
        self._place: int | None = None  # in the line; 0 is painting, None is not there yet
        self._held: set[int] = set()
        self._left_nanos: int | None = None
        self._crossed = 0
        self._expected: Expected | None = None
        self._looked: dict[int, float] = {}  # when each piece was last looked at
        self._refused: Counter[int] = Counter()
        self._shown_at = -math.inf
        self._is_paid = False

    @property
    def order(self) -> Order:
        """The newest record."""
        return self.record.order

    @property
    def reply(self) -> Reply | None:
        return self.record.reply

    async def stretch(self, stop: asyncio.Event) -> float | None:
        """In how many seconds the order is wanted again, None when it is over. Raises StoreError, Overtaken."""
        over = asyncio.Event()
        keeping = asyncio.create_task(self._keep(over))
        try:
            if self.order.is_open:
                wanted = await self._paint(stop)
                if self.order.is_open:
                    return wanted
            if self.order.told is Told.NO:
                wanted = 0.0 if self.record.is_astray else await self._deliver()
                if self.order.told is Told.NO:
                    return wanted
            return await self._wait()
        finally:
            over.set()
            await asyncio.wait([keeping])

    @property
    def doing(self) -> str:
        """One of DOING."""
        if self.order.is_open:
            is_waiting = self._place is None or self._place > 0
            return "waiting" if is_waiting and self.record.in_state(State.INTENT) else "painting"
        return "delivering" if self.order.told is Told.NO else "late"

    # --- the pieces ------------------------------------------------------------

    async def _paint(self, stop: asyncio.Event) -> float:
        """Steps and rests until nothing is open or the stretch is over; when the next step is due."""
        until, over = self.tools.clock() + STRETCH_S, asyncio.Event()
        await self._hold_all()
        telling = asyncio.create_task(self._tell(over))
        try:
            while True:
                due = await self._step()
                if not self.order.is_open or stop.is_set() or self.tools.clock() + due > until:
                    return due
                await _rest(due, stop)
        finally:
            over.set()
            await asyncio.wait([telling])

    async def _step(self) -> float:
        """Whatever can be done now; in how many seconds there will be more."""
        for number in self.record.in_state(State.SUBMITTING):  # not by us, or it would be further
            if self.tools.clock() < self.order.pieces[number].sent_at + self.tools.sending_s:
                raise Overtaken  # who sent it may still be told what became of it
            await self._lost(number, JobUnknown(cause="its process ended while the order was on the wire"))
        if self.record.in_state(State.INTENT):
            self._place = await self.tools.line.enter(self.order)
            if self._place:
                await self.record.reread()  # it may have been cancelled
                return _IN_LINE_S
            await _all(self._submit(number) for number in self.record.in_state(State.INTENT))
        waits = await _all(self._watch(number) for number in self.record.in_state(State.SUBMITTED))
        return min(waits, default=0.0)

    async def _hold_all(self) -> None:
        """What finds no room in a cap is told as one price, that of all of it together."""
        unpaid = (number for number in self.record.in_state(State.INTENT) if number not in self._held)
        short: dict[int, OverBudget] = {}
        await _all(self._hold(number, short) for number in unpaid)
        for number, refusal in short.items():
            refusal.data["cost_nanos"] = self.order.price_nanos * len(short)
            await self._failed(number, refusal)

    async def _hold(self, number: int, short: dict[int, OverBudget]) -> None:
        """Holds the money, once; before the line, so that whoever cannot pay need not wait. What finds no
        room is put among `short`."""
        order, spend = self.order, self.tools.spend
        payer = Payer(order.person, order.chat, frozenset(order.labels), alone=order.alone)
        price, request = order.price_nanos, order.pieces[number].request
        wanted = Wanted(request, "imagine", order.wish.model, price, price)
        try:
            try:
                hold = await spend.take(payer, wanted)
            except Refused as error:
                if error.message_key != "seen":
                    raise
                await spend.release(request)  # nobody drove the order until its lease was over
                hold = await spend.take(payer, wanted)
        except StoreError:
            raise
        except OverBudget as error:
            short[number] = error
        except BotError as error:
            await self._failed(number, error)
        else:
            self._held.add(number)
            self._left_nanos = self._left_nanos if hold.left_nanos is None else hold.left_nanos

    async def _submit(self, number: int) -> None:
        piece = await self.record.set(number, state=State.SUBMITTING, sent_at=self.tools.clock())
        try:
            job = await self.tools.minitool.submit(self.order.wish.order())
        except JobUnknown as error:
            await self._lost(number, error)
        except UpstreamError as error:
            await self._failed(number, error)
        else:
            now = self.tools.clock()
            await self.record.set(
                number, piece, state=State.SUBMITTED, job_id=job.id, signature=job.signature, submitted_at=now
            )

    async def _watch(self, number: int) -> float:
        """Looks at a job if it is time to; in how many seconds there is something to do about it."""
        deadline_s = self.tools.settings.image_deadline_s
        if self.order.pieces[number].state is State.LATE:
            deadline_s *= LATE_LOOKS
        if self._expected is None:
            self._expected = await self.tools.timing.expected(self.order.wish.kind)
        piece, now = self.order.pieces[number], self.tools.clock()
        ends_at = piece.submitted_at + deadline_s
        if self._looked.get(number, 0.0) >= ends_at:
            await self._give_up(number)
            return 0.0
        late_by = now - self._due(number)
        if late_by >= 0 or now >= ends_at:  # nobody may have looked for longer than the deadline
            try:
                if url := await self.tools.look(piece):
                    await self._fetch(number, url, teaches=late_by < _TICK_S)
                    return 0.0
            except JobFailed as error:
                await self._failed(number, error)
                return 0.0
            self._looked[number] = self.tools.clock()
        return max(0.0, min(self._due(number), ends_at) - self.tools.clock())

    def _due(self, number: int) -> float:
        """When the next look is due."""
        submitted_at = self.order.pieces[number].submitted_at
        before = self._looked.get(number, submitted_at)
        return before + next_look(self._expected or Expected(), before - submitted_at)

    async def _fetch(self, number: int, url: str, *, teaches: bool) -> None:
        """The picture is ours; where that fails for now, the next look begins anew. `teaches`: it was looked
        for when that was due, not long afterwards, so it says how long the job took."""
        piece, tools = self.order.pieces[number], self.tools
        found = tools.clock() - piece.submitted_at
        try:
            data = await tools.minitool.fetch(url)
        except UpstreamError as error:
            log.warning("order.fetch_failed", ref=self.order.ref, error=error.message_key, cause=error.cause)
            self._looked[number] = tools.clock()
            self._refused[number] += isinstance(error, Rejected)
            if self._refused[number] >= _REFUSALS:
                await self._failed(number, error)
            return
        await tools.orders.keep_picture(self.order.ref, number, data)
        is_free = piece.state is State.LATE and tools.settings.image_late == "refund"
        await self.record.set(
            number,
            piece,
            state=State.FETCHED,
            media_type=picture_type(data) or "",
            paid_nanos=0 if is_free else self.order.price_nanos,
        )
        if teaches:
            before = self._looked.get(number, 0.0)
            seconds = took(self._expected or Expected(), before and before - piece.submitted_at, found)
            metrics.PAINTING.labels(self.order.wish.model).observe(seconds)
            await tools.timing.learn(self.order.wish.kind, seconds)

    async def _failed(self, number: int, error: BotError) -> None:
        """No picture, nothing paid."""
        log.info("order.failed", ref=self.order.ref, error=error.message_key, cause=error.cause)
        self.tools.notice(error)
        await self.record.set(number, state=State.FAILED, note=self._sentence(error))

    async def _lost(self, number: int, error: BotError) -> None:
        log.warning("order.unknown", ref=self.order.ref, cause=error.cause)
        self.tools.notice(error)
        await self.record.set(number, state=State.UNKNOWN, note=self._sentence(error))

    async def _give_up(self, number: int) -> None:
        """Late: the person is told, and the picture is still looked for. Late for long: it never comes."""
        is_late = self.order.pieces[number].state is State.LATE
        log.warning("order.late", ref=self.order.ref, for_good=is_late)
        await self.record.set(number, state=State.FAILED if is_late else State.LATE)

    # --- the end -----------------------------------------------------------------

    async def _deliver(self) -> float:
        """Shows how it ended, once the money is right; in how many seconds to try again where that failed."""
        order, tools = self.order, self.tools
        await tools.line.leave(order.ref)
        await self._pay()
        aside = await tools.handover.aside(order.person, order.locale, private=order.private, adult=order.adult)
        is_hopeless = self.reply is None
        if self.reply is not None:
            answer = await tools.handover.final(order, self._left_nanos, self._crossed, aside)
            async with Draft(
                self.reply, locale=order.locale, patience=tools.delivery_s, posted=self.record.follow
            ) as draft:
                if await self._finish(draft, answer):
                    await self.record.change(lambda order: msgspec.structs.replace(order, told=Told.YES))
                    await tools.orders.shorten(order)
                    await tools.handover.handed(aside)
                    return 0.0
                is_hopeless = draft.is_hopeless
        age = tools.clock() - order.ended_at
        if is_hopeless or age > TRY_S:
            told = Told.ASIDE if any(piece.media_type for piece in order.pieces) else Told.YES
            log.warning("order.undelivered", ref=order.ref, told=told.value)
            await self.record.change(lambda order: msgspec.structs.replace(order, told=told))
            return 0.0
        return min(max(age / 4, _RETRY_S[0]), _RETRY_S[1])

    async def _finish(self, draft: Draft, answer: Answer) -> bool:
        """Whether the person has it. A bug in the showing is no reason to try for ever."""
        try:
            return await draft.finish(answer)
        except (StoreError, Overtaken):  # of the record that follows the message
            raise
        except Exception:
            log.exception("order.end_not_shown", ref=self.order.ref)
            return False

    async def _pay(self) -> None:
        """Settles or releases every piece by its state, once; twice is harmless. What goes back goes first, so
        that it is left when the last one is paid."""
        if self._is_paid:
            return
        price, spend = Spent(self.order.price_nanos, measured="price"), self.tools.spend
        paid = self.order.paid(keeps_late=self.tools.settings.image_late == "keep")
        for piece in (piece for piece in self.order.pieces if piece not in paid):
            await spend.release(piece.request)
        for piece in paid:
            receipt = await spend.settle(piece.request, price)
            metrics.paid(self.order.wish.model, self.order.price_nanos)
            self._crossed = max(self._crossed, receipt.crossed)
            self._left_nanos = self._left_nanos if receipt.left_nanos is None else receipt.left_nanos
        self._is_paid = True

    async def _wait(self) -> float | None:
        """Looks for late pictures, and drops what nobody came for."""
        waits = [await self._watch(number) for number in self.record.in_state(State.LATE)]
        if self.order.told is Told.NO:  # a late picture came
            return 0.0
        if self.order.told is Told.ASIDE:
            if (left := self.tools.handover.waits_for(self.order)) <= 0:
                await self.tools.handover.drop(self.order)
                return None
            waits.append(left)
        return None if self.order.is_over else min(waits, default=0.0)

    # --- what the person sees ------------------------------------------------------

    async def _tell(self, over: asyncio.Event) -> None:
        """Shows progress until `over`."""
        while self.reply is not None and not over.is_set():
            pause = max(_TICK_S, self.reply.surface.show_every)
            wait = self._shown_at + pause - self.tools.clock()
            if wait <= 0:
                if not self.record.is_astray and await self.reply.lane.enter(Rank.COSMETIC):
                    await self._show(self.reply)
                wait = pause
            before = self.tools.clock()
            await _rest(wait, over)
            if self.tools.clock() - before > wait + _STALL_S:
                return  # somebody else may have shown the end of it by now

    async def _show(self, reply: Reply) -> None:
        order, usual = self.order, self._expected.usual if self._expected else 0.0
        elapsed, place, left = self.tools.clock() - order.made_at, self._place or 0, self._left_nanos
        try:
            newest = await self.tools.orders.find(order.ref)
            if newest is None or not newest.is_open:
                return  # another process shows the end of it, and this would stand there for ever
            await reply.show(working(order, place=place, left_nanos=left, elapsed=elapsed, usual=usual))
            self._shown_at = self.tools.clock()
            await self.record.follow()
        except (DeliveryError, StoreError) as error:
            if isinstance(error, SlowDown):
                reply.lane.block(error.retry_after, everywhere=error.everywhere)
            log.debug("order.progress_not_shown", error=error.message_key)
            self._shown_at = self.tools.clock() + KEEP_S
        except Overtaken:
            log.info("order.overtaken", ref=order.ref)
        except Exception:
            log.exception("order.show_failed")

    async def _keep(self, over: asyncio.Event) -> None:
        """Signs of life, as long as the stretch takes."""
        while not over.is_set():
            try:
                await self.tools.orders.touch(self.order.ref, 0.0)
                if self.doing == "painting":  # whichever process got its place
                    await self.tools.line.enter(self.order)
                open_pieces = [piece.request for piece in self.order.pieces if piece.state.is_open]
                if open_pieces:
                    await self.tools.spend.renew(*open_pieces)
            except StoreError as error:
                log.warning("order.not_kept", ref=self.order.ref, cause=error.cause)
            await _rest(KEEP_S, over)

    def _sentence(self, error: BotError) -> str:
        return sentence(error, self.order.locale, self.tools.settings)


async def _rest(seconds: float, until: asyncio.Event) -> None:
    """Sleeps, but no longer than until the event."""
    try:
        async with asyncio.timeout(seconds):
            await until.wait()
    except TimeoutError:
        return


async def _all(steps: Iterable[Awaitable[T]]) -> list[T]:
    """All at once, each to its end: an order on the wire is not left there because another one failed."""
    done = await asyncio.gather(*steps, return_exceptions=True)
    for one in done:
        if isinstance(one, BaseException):
            raise one
    return [one for one in done if not isinstance(one, BaseException)]

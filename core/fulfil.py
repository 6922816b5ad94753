"""Brings an image order to its end: hold, submit, look, fetch, settle, deliver; from any step on.

Every step is recorded before the next begins. The only step whose outcome can be lost is the submit:
an order found on the wire after a crash is UNKNOWN and never sent again.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Mapping, MutableMapping
from dataclasses import dataclass, field

import msgspec
import structlog

from core import metrics
from core.answer import Action, Answer, Phase, Picture, Progress, Reply
from core.draft import Draft
from core.errors import BotError, DeliveryError, Gone, JobFailed, JobUnknown, StoreError, UpstreamError
from core.minitool.client import MiniTool
from core.orders import Order, Orders, Piece, State, next_look, with_state
from core.pace import Rank
from core.settings import Settings
from core.spend import Payer, Receipt, Spend, Spent, Wanted
from core.words import money, t

log = structlog.get_logger(__name__)

DOING = ("waiting", "painting", "delivering", "late")
LINE_LEASE_S = 30.0  # an order whose process died gives its place in the line back after this
_TICK_S = 1.0
_LATE_LOOKS = 6  # a late picture is looked for this many deadlines long
_FETCH_TRIES = 4
_DELIVERY_PATIENCE_S = 24 * 3600
_SUFFIX = {"image/png": "png", "image/jpeg": "jpg", "image/webp": "webp"}
Reopen = Callable[[str], Awaitable[Reply]]
Sleep = Callable[[float], Awaitable[None]]


@dataclass
class Fulfil:
    """What it takes to drive orders. `live` are the replies this very process still has in its hands;
    `notice` tells the operator of what only they can mend."""

    settings: Settings
    orders: Orders
    spend: Spend
    minitool: MiniTool
    reopen: Reopen
    clock: Callable[[], float] = time.time
    sleep: Sleep = asyncio.sleep
    live: MutableMapping[str, Reply] = field(default_factory=dict)
    notice: Callable[[BotError], None] = lambda _: None

    def __post_init__(self) -> None:
        self._looking = asyncio.Semaphore(20)  # status calls at once; the key is one
        self._runs: set[_Run] = set()

    async def drive(self, ref: str) -> None:
        """Takes the order as far as it goes; returns when it is delivered or given up."""
        order = await self.orders.find(ref)
        if order is None or order.delivered:
            return
        run = _Run(self, order, await self._find_reply(order))
        self._runs.add(run)
        try:
            with structlog.contextvars.bound_contextvars(request=order.request, ref=ref):
                await run.to_the_end()
        finally:
            self._runs.discard(run)
        self.live.pop(ref, None)

    async def _find_reply(self, order: Order) -> Reply | None:
        try:
            return self.live.get(order.ref) or await self.reopen(order.address)
        except Gone:
            log.info("order.reply_gone", ref=order.ref)
            return None

    @property
    def ages(self) -> Mapping[str, tuple[float, ...]]:
        """Seconds since each order in this process's hands was made, by what is being done for it:
        "waiting" in line, "painting", "delivering", or looking for a "late" picture."""
        now, found = self.clock(), {doing: list[float]() for doing in DOING}
        for run in self._runs:
            found[run.doing].append(now - run.order.made_at)
        return {doing: tuple(sorted(ages, reverse=True)) for doing, ages in found.items()}

    @property
    def refunds(self) -> bool:
        """What becomes of the money of a picture that is late or unknown: True = given back."""
        return self.settings.image_late == "refund"

    async def pictures_of(self, order: Order, *, as_file: bool = False) -> tuple[Picture, ...]:
        """The made pictures of an order that are still kept."""
        found = []
        for number, piece in enumerate(order.pieces):
            data = await self.orders.find_picture(order.ref, number) if piece.media_type else None
            if data is not None:
                name = f"{order.ref}-{number + 1}.{_SUFFIX[piece.media_type]}"
                wish = order.wish
                found.append(Picture(data, piece.media_type, name, wish.prompt, wish.spoiler, as_file))
        return tuple(found)


class _Run:
    """One drive of one order."""

    def __init__(self, parts: Fulfil, order: Order, reply: Reply | None) -> None:
        self.parts, self.order, self.reply = parts, order, reply
        self.place = 0
        self.doing = "waiting"
        self.usual = 0.0
        self.errors: list[BotError] = []
        self.left_nanos: int | None = None
        self.payer = Payer(order.person, order.chat, frozenset(order.labels))
        self._saving = asyncio.Lock()

    async def to_the_end(self) -> None:
        telling = asyncio.create_task(self._tell())
        try:
            await self.paint()
        finally:
            telling.cancel()
            await asyncio.wait([telling])
        await self.close()
        if self.reply is not None and any(piece.state is State.LATE for piece in self.order.pieces):
            await self._wait_for_late()

    async def paint(self) -> None:
        """All pieces to a state that is not open."""
        await self._wait_in_line()
        self.doing = "painting"
        try:
            await asyncio.gather(*(self._piece(number) for number in range(len(self.order.pieces))))
        finally:
            await self.parts.orders.leave(self.order.ref)

    async def close(self) -> None:
        """Shows the end of it; sets it aside where nobody can be shown anything."""
        self.doing = "delivering"
        answer = await self._final()
        if self.reply is None or not await self._deliver(self.reply, answer):
            await self.parts.orders.set_aside(self.order)
        await self._save(msgspec.structs.replace(self.order, delivered=True))

    # --- one piece -----------------------------------------------------------

    async def _piece(self, number: int) -> None:
        piece = self.order.pieces[number]
        if piece.state is State.SUBMITTING:
            await self._lost(number, JobUnknown(cause="the process ended while the order was on the wire"))
        elif piece.state is State.INTENT:
            await self._submit(number)
        if self.order.pieces[number].state is State.SUBMITTED:
            await self._watch(number)

    async def _submit(self, number: int) -> None:
        piece, order = self.order.pieces[number], self.order
        wanted = Wanted(piece.request, "imagine", order.wish.model, order.price_nanos, order.price_nanos)
        try:
            await self.parts.spend.take(self.payer, wanted)
            piece = await self._set(number, with_state(piece, State.SUBMITTING))
            job = await self.parts.minitool.submit(order.wish.order())
        except JobUnknown as error:
            await self._lost(number, error)
        except StoreError:
            raise
        except BotError as error:
            await self._fail(number, error)
        else:
            submitted = msgspec.structs.replace(
                piece,
                state=State.SUBMITTED,
                job_id=job.id,
                signature=job.signature,
                submitted_at=self.parts.clock(),
            )
            await self._set(number, submitted)

    async def _watch(self, number: int) -> None:
        try:
            url = await self._look_until_done(number, self.parts.settings.image_deadline_s)
            if url is None:
                await self._settle_by_rule(number)
                await self._set(number, with_state(self.order.pieces[number], State.LATE))
                return
            await self._fetch(number, url, is_free=False)
        except StoreError:
            raise
        except UpstreamError as error:
            await self._fail(number, error)

    async def _look_until_done(self, number: int, deadline_s: float) -> str | None:
        """The picture's address, or None at the deadline. Raises JobFailed."""
        piece, parts = self.order.pieces[number], self.parts
        expected = await parts.orders.expected(self.order.wish.kind)
        self.usual = expected.usual
        while (elapsed := parts.clock() - piece.submitted_at) < deadline_s:
            await parts.sleep(min(next_look(expected, elapsed), deadline_s - elapsed))
            try:
                async with parts._looking:  # noqa: SLF001  # one limit for all runs of this process
                    url = await parts.minitool.look(piece.job)
            except JobFailed:
                raise
            except UpstreamError as error:  # a status call costs nothing; the next one may be answered
                log.warning("order.look_failed", ref=self.order.ref, error=error.message_key, cause=error.cause)
                continue
            if url is not None:
                seconds = parts.clock() - piece.submitted_at
                metrics.PAINTING.labels(self.order.wish.model).observe(seconds)
                await parts.orders.learn(self.order.wish.kind, seconds)
                return url
        return None

    async def _fetch(self, number: int, url: str, *, is_free: bool) -> None:
        parts, order = self.parts, self.order
        data = await self._download(url)
        await parts.orders.keep_picture(order.ref, number, data)
        if not is_free:
            self.left_nanos = (await self._pay(number)).left_nanos
        piece = msgspec.structs.replace(order.pieces[number], state=State.FETCHED, media_type=_media_type(data))
        await self._set(number, piece)

    async def _download(self, url: str) -> bytes:
        for attempt in range(_FETCH_TRIES):
            try:
                return await self.parts.minitool.fetch(url)
            except UpstreamError:
                if attempt == _FETCH_TRIES - 1:
                    raise
                await self.parts.sleep(0.5 * 2**attempt)
        raise AssertionError("unreachable")

    async def _fail(self, number: int, error: BotError) -> None:
        """No picture, nothing paid: the hold is given back."""
        log.info("order.failed", ref=self.order.ref, error=error.message_key, cause=error.cause)
        self.parts.notice(error)
        self.errors.append(error)
        await self.parts.spend.release(self.order.pieces[number].request)
        await self._set(number, with_state(self.order.pieces[number], State.FAILED))

    async def _lost(self, number: int, error: BotError) -> None:
        log.warning("order.unknown", ref=self.order.ref, cause=error.cause)
        self.parts.notice(error)
        self.errors.append(error)
        await self._settle_by_rule(number)
        await self._set(number, with_state(self.order.pieces[number], State.UNKNOWN))

    async def _settle_by_rule(self, number: int) -> None:
        if self.parts.refunds:
            await self.parts.spend.release(self.order.pieces[number].request)
        else:
            await self._pay(number)

    async def _pay(self, number: int) -> Receipt:
        request, nanos = self.order.pieces[number].request, self.order.price_nanos
        receipt = await self.parts.spend.settle(request, Spent(nanos, measured="price"))
        metrics.paid(self.order.wish.model, nanos)
        return receipt

    async def _set(self, number: int, piece: Piece) -> Piece:
        async with self._saving:
            pieces = (*self.order.pieces[:number], piece, *self.order.pieces[number + 1 :])
            await self._save(msgspec.structs.replace(self.order, pieces=pieces))
        if not piece.state.is_open:
            metrics.PICTURES.labels(self.order.person.partition(":")[0], piece.state.value).inc()
        return piece

    async def _save(self, order: Order) -> None:
        await self.parts.orders.save(order)
        self.order = order

    # --- what the person sees ------------------------------------------------

    async def _wait_in_line(self) -> None:
        while any(piece.state is State.INTENT for piece in self.order.pieces):
            self.place = await self.parts.orders.enter(self.order, LINE_LEASE_S)
            if not self.place:
                return
            await self.parts.sleep(0.5)
            self.order = (
                await self.parts.orders.find(self.order.ref) or self.order
            )  # it may have been cancelled

    async def _tell(self) -> None:
        """Shows progress and keeps what has a lease, until cancelled."""
        started, renewed = self.order.made_at, self.parts.clock()
        show_every = self.reply.surface.show_every if self.reply else 0.0
        while True:
            if self.reply is not None and await self.reply.lane.enter(Rank.COSMETIC):
                try:
                    await self.reply.show(self._working(self.parts.clock() - started))
                    await self._follow()
                except (DeliveryError, StoreError) as error:
                    log.debug("order.progress_not_shown", error=error.message_key)
            await self.parts.sleep(max(_TICK_S, show_every))
            if self.parts.clock() - renewed > LINE_LEASE_S / 3:
                renewed = self.parts.clock()
                await self._keep()

    async def _follow(self, _: tuple[str, ...] = ()) -> None:
        """Whoever goes on with the order after us shows it where we did."""
        if self.reply is not None and self.reply.address != self.order.address:
            async with self._saving:
                await self._save(msgspec.structs.replace(self.order, address=self.reply.address))

    async def _keep(self) -> None:
        try:
            if not self.place:
                await self.parts.orders.enter(self.order, LINE_LEASE_S)
            for piece in self.order.pieces:
                if piece.state.is_open:
                    await self.parts.spend.renew(piece.request)
        except StoreError as error:
            log.warning("order.not_renewed", ref=self.order.ref, cause=error.cause)

    def _working(self, elapsed: float) -> Answer:
        order = self.order
        actions: tuple[Action, ...] = ()
        if self.place:
            note = t(order.locale, "imagine-in-line", place=self.place)
            actions = (Action("cancel", order.ref, t(order.locale, "action-cancel")),)
        elif all(piece.state in (State.INTENT, State.SUBMITTING) for piece in order.pieces):
            note = t(order.locale, "imagine-ordering")
        else:
            key = "imagine-painting-expected" if self.usual else "imagine-painting"
            note = t(order.locale, key, elapsed=round(elapsed), expected=round(self.usual))
        progress = Progress(elapsed, self.usual, self.place)
        return Answer(Phase.WORKING, note=note, actions=actions, progress=progress, ref=order.ref)

    async def _final(self) -> Answer:
        order, locale = self.order, self.order.locale
        pictures = list(await self.parts.pictures_of(order))
        while (aside := await self.parts.orders.pop_set_aside(order.person)) is not None:
            pictures += await self.parts.pictures_of(aside)
        states = [piece.state for piece in order.pieces]
        notes = [t(locale, error.message_key, **error.data) for error in self.errors[:1]]
        if State.LATE in states:
            notes.append(t(locale, "imagine-late", refunded="yes" if self.parts.refunds else "no"))
        if State.CANCELLED in states:
            notes.append(t(locale, "imagine-cancelled"))
        phase = Phase.DONE if pictures else Phase.STOPPED if State.CANCELLED in states else Phase.FAILED
        return Answer(
            phase,
            note=" ".join(notes),
            footer=self._footer(states.count(State.FETCHED)) if pictures else "",
            actions=actions(order, has_picture=bool(pictures)),
            pictures=tuple(pictures),
            alert=bool(self.errors),
            ref=order.ref,
        )

    def _footer(self, made: int) -> str:
        wish = self.order.wish
        parts = [wish.model, f"{wish.width}×{wish.height}", money(made * self.order.price_nanos)]
        if self.left_nanos is not None:
            parts.append(t(self.order.locale, "money-left", left=money(self.left_nanos)))
        return " · ".join(parts)

    async def _deliver(self, reply: Reply, answer: Answer) -> bool:
        """Whether the person has it before them. A chat that cannot be reached is tried for a day."""
        locale = self.order.locale
        async with Draft(reply, locale=locale, patience=_DELIVERY_PATIENCE_S, posted=self._follow) as draft:
            return await draft.finish(answer)

    async def _wait_for_late(self) -> None:
        """A picture that comes after its deadline is delivered all the same, free of charge."""
        self.doing = "late"
        for number, piece in enumerate(self.order.pieces):
            if piece.state is not State.LATE:
                continue
            try:
                url = await self._look_until_done(number, self.parts.settings.image_deadline_s * _LATE_LOOKS)
                if url is not None:
                    await self._fetch(number, url, is_free=True)
            except UpstreamError as error:
                log.info("order.late_failed", ref=self.order.ref, cause=error.cause)
        if any(piece.media_type for piece in self.order.pieces):
            await self.close()


def actions(order: Order, *, has_picture: bool) -> tuple[Action, ...]:
    """The buttons under a finished order; they find it again by its ref, after any restart."""

    def action(command: str, *, asks: str = "", danger: bool = False) -> Action:
        return Action(command, order.ref, t(order.locale, f"action-{command}"), asks=asks, danger=danger)

    again = (action("again"), action("vary", asks=order.wish.prompt), action("shape"))
    if not has_picture:
        return again[:2]
    return (*again, action("details"), action("file"), action("delete", danger=True))


def _media_type(data: bytes) -> str:
    if data.startswith(b"\x89PNG"):
        return "image/png"
    return "image/jpeg" if data.startswith(b"\xff\xd8") else "image/webp"

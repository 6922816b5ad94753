"""The answers under way in all processes: stops them, survives crashes, waits for them at shutdown.

Invariant: an answer under way has a record in the store, under a lease that its process renews. The record goes
when the answer has its final state. Where the lease is over because the process died, one other process at a
time takes the record over, under another name, and repairs what the person sees. A process that had only
stalled finds out with its next renewal: its own name is no longer there.
"""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Callable, Collection, Iterable, Mapping
from enum import Enum
from typing import Self

import msgspec
import structlog

from core.answer import Reply
from core.errors import NotAllowed, StoreError
from core.periodic import repeat
from core.store import Store, load_script
from core.turn import Turn

log = structlog.get_logger(__name__)

LEASE_S = 30.0  # an answer whose process was not heard of for this long is interrupted
_LOOK_S = 0.5  # how soon a stop pressed in one process is seen by another
REPAIR_S = 120.0  # how long one process may take to repair an interrupted answer
GIVE_UP_S = 86_400.0  # an interrupted answer that nobody could repair for a day is dropped
_KEEP_S = 172_800  # life of the keys once nothing is written to them any more
_STOP_S = 60.0  # how long a stop waits for the process it is meant for
_MOST_AT_ONCE = 100  # interrupted answers given to one caller
_CUT_S = 5.0  # of the grace at shutdown, what is kept for saying that the answer was cut


_CLAIM, _RENEW, _RELEASE, _TAKE_OVER, _STOP = (
    load_script(f"run_{name}") for name in ("claim", "renew", "release", "take_over", "stop")
)

# When each lease passes, what is known of each answer, stops pressed lately: one slot, as scripts see it whole.
_LEASES, _RECORDS, _STOPS = "{run}:leases", "{run}:records", "{run}:stops"


class StopReason(Enum):
    """Why an answer is stopped before the model ends it."""

    PERSON = "person"  # its person, or a moderator, pressed stop
    DELETED = "deleted"  # its message is gone
    LEFT = "left"  # nobody looks at the page any more
    RESTART = "restart"  # this process shuts down
    TAKEN = "taken"  # this process stalled, and another one has taken the answer over


class AnswerRecord(msgspec.Struct, frozen=True):
    """The record in the store of an answer under way: who may stop it, and how to reopen its reply."""

    ref: str
    request: str  # Turn.id, the name of its hold and ledger lines
    command: str
    person: str
    chat: str
    room: str
    locale: str
    address: str
    since: float  # epoch seconds
    stop_reason: StopReason | None = None  # why it was ended before the model ended it
    messages: tuple[str, ...] = ()  # that show it


_read = msgspec.json.Decoder(AnswerRecord).decode


class ActiveAnswer:
    """An answer of this process. When the future `stopped` is done, its maker is to end it; `stop_reason`
    says why."""

    def __init__(self, ref: str, turn: Turn, reply: Reply, since: float) -> None:
        self.ref = ref
        self.turn = turn
        self.reply = reply
        self.since = since
        self.kept_until = since + LEASE_S  # by its lease, as far as we know
        self.stopped = asyncio.get_running_loop().create_future()
        self.stop_reason: StopReason | None = None
        self.was_told_of = False  # another process has said in its messages that it was interrupted
        self.is_handed_over = False  # the repair of interrupted answers is to show its final state
        self.is_shown: Callable[[], bool] = lambda: False  # whether its final state is, or can never be
        self.kept = self.written()  # the record as the store has it

    def stop(self, reason: StopReason) -> None:
        if self.stop_reason is None:
            self.stop_reason = reason
            self.stopped.set_result(None)

    def record(self) -> AnswerRecord:
        turn = self.turn
        return AnswerRecord(
            ref=self.ref,
            request=turn.id,
            command=turn.command,
            person=turn.person.id,
            chat=turn.chat,
            room=turn.room,
            locale=turn.person.locale,
            address=self.reply.address,
            since=self.since,
            stop_reason=self.stop_reason,
            messages=self.reply.messages,
        )

    def written(self) -> bytes:
        """The record as it is kept."""
        return msgspec.json.encode(self.record())


class Running:
    """The answers under way. One owned task renews the leases, looks for stops pressed elsewhere and
    follows replies whose address changed; it sleeps while this process answers nothing.

    `alone`: no other process serves this store. What one did before us is interrupted, whatever its lease says.
    """

    def __init__(
        self, store: Store, clock: Callable[[], float], *, look_s: float = _LOOK_S, alone: bool = False
    ) -> None:
        self._store = store
        self._clock = clock
        self._look_s = look_s
        self._dead_before = clock() if alone else None
        self._active: dict[str, ActiveAnswer] = {}
        self._ended: set[str] = set()  # refs whose record could not be removed yet because the store was away
        self._renewed_at = clock()
        self._cut_at: float | None = None  # by the loop's clock; set once this process goes
        self._changed = asyncio.Condition()
        self._leasing = asyncio.Lock()  # a renewal under way must not overtake what hands an answer over

    async def __aenter__(self) -> Self:
        self._keeper = asyncio.create_task(repeat(self._tick, self._look_s, "running"), name="running")
        return self

    async def __aexit__(self, *_: object) -> None:
        self._keeper.cancel()
        await asyncio.wait([self._keeper])

    @contextlib.asynccontextmanager
    async def claim(self, ref: str, turn: Turn, reply: Reply) -> AsyncIterator[ActiveAnswer]:
        """Registers the answer for as long as the block runs. Raises StoreError before it begins.

        When the block is cancelled before the answer `is_shown`, or sets `is_handed_over`, the answer counts as
        interrupted at once. Any other end means that its final state was shown.
        """
        active = ActiveAnswer(ref, turn, reply, self._clock())
        try:
            await self._store.run(_CLAIM, [_LEASES, _RECORDS], [active.kept_until, _KEEP_S, ref, active.kept])
        except StoreError:  # only the reply may be lost; what never began is not to be found interrupted
            self._ended.add(ref)
            await self._notify()
            raise
        self._active[ref] = active
        if self._cut_at is not None:  # it was on its way to us when we were told to go
            asyncio.get_running_loop().call_at(self._cut_at, active.stop, StopReason.RESTART)
        await self._notify()
        try:
            yield active
        except asyncio.CancelledError:
            active.is_handed_over = not active.is_shown()
            raise
        finally:
            try:
                await (self._hand_over if active.is_handed_over else self.release)(ref)
            finally:
                del self._active[ref]
                await self._notify()

    async def follow(self, ref: str) -> None:
        """Writes down where the answer's reply is by now (its first message was posted), so that it is found
        there if it is interrupted. Raises StoreError, after which the next tick does it."""
        if ref in self._active:
            await self._write({ref: self._active[ref].written()})

    async def release(self, ref: str) -> None:
        """Removes the record of an answer, ours or one taken over, that has its final state. Never raises:
        while the store is away, it is done later."""
        self._ended.add(ref)
        try:
            await self._remove_records([ref])
        except StoreError as error:
            log.warning("running.release_postponed", ref=ref, cause=error.cause)
            await self._notify()

    async def drop(self, request: str) -> None:
        """Removes what a dead process recorded of a request (Turn.id) that now begins once more: its answer is
        not to be shown as interrupted as well. Raises StoreError."""
        for record in await self.everywhere():
            if record.request == request:
                await self.release(record.ref)

    async def stop(self, ref: str, turn: Turn) -> bool:
        """Asks the answer to stop, whichever process makes it. False: it is over already.

        Raises NotAllowed unless it is the asker's own, or they moderate its chat; StoreError.
        """
        active = self._active.get(ref)
        record = active.record() if active else await self._find(ref)
        if record is None:
            return False
        if not turn.may_act_for(record.person, record.chat):
            raise NotAllowed("answer-stop-not-yours")
        await self._stop([ref])
        return True

    async def stop_all(self, turn: Turn) -> int:
        """Stops all that this person has under way in this room. Returns how many that were. Raises
        StoreError."""
        mine = [
            record.ref
            for record in await self.everywhere()
            if record.person == turn.person.id and record.room == turn.room
        ]
        await self._stop(mine)
        return len(mine)

    def message_deleted(self, room: str, message: str) -> None:
        """To be called when a message was deleted: stops the answer of this process that it showed or asked
        for."""
        for active in self._active.values():
            if active.turn.room == room and message in (active.turn.message, *active.reply.messages):
                active.stop(StopReason.DELETED)

    def stop_here(self, room: str, reason: StopReason) -> bool:
        """Stops the answers of this process in the room. Returns whether there was one."""
        found = [active for active in self._active.values() if active.turn.room == room]
        for active in found:
            active.stop(reason)
        return bool(found)

    async def interrupted(self) -> tuple[AnswerRecord, ...]:
        """Takes over the answers whose process is dead. Each is given to one caller over all processes.

        The caller repairs what the person sees and then calls `release(ref)`. An answer not released
        within REPAIR_S is given out again: the repairing process may have gone too.
        """
        if self._dead_before is not None:
            await self._end_leases(self._dead_before)
            self._dead_before = None
        now = self._clock()
        args: list[str | float] = [now, now + REPAIR_S, _MOST_AT_ONCE, *self._active]
        taken = await self._store.run(_TAKE_OVER, [_LEASES, _RECORDS], args)
        records = [_read(written) for written in taken]
        hopeless = [record.ref for record in records if record.since < now - GIVE_UP_S]
        for ref in hopeless:
            await self.release(ref)
        return tuple(record for record in records if record.ref not in hopeless)

    async def _end_leases(self, begun_before: float) -> None:
        """Ends at once the leases of answers that began before then, as their processes are dead. Not of
        answers in a terminal, which have no address: their processes are others, and may be alive."""
        with self._store.guard():
            kept = await self._store.redis.hgetall(_RECORDS)
        known = {name: _read(written) for name, written in kept.items()}
        dead = [name for name, one in known.items() if one.address and one.since < begun_before]
        await self._lease({name.decode(): kept[name] for name in dead}, self._clock())

    async def give_back(self, record: AnswerRecord) -> None:
        """Gives an interrupted answer back at once: this process cannot show it, another one may. Raises
        StoreError."""
        taken_over = f"!{record.ref}"  # its name from then on (run_take_over.lua)
        await self._lease({taken_over: msgspec.json.encode(record)}, self._clock())

    async def everywhere(self) -> tuple[AnswerRecord, ...]:
        """All answers under way, of every process, oldest first. Raises StoreError."""
        with self._store.guard():
            kept = await self._store.redis.hvals(_RECORDS)
        return tuple(sorted(map(_read, kept), key=lambda record: record.since))

    @property
    def ages(self) -> tuple[float, ...]:
        """Seconds since each answer of this process began, oldest first."""
        now = self._clock()
        return tuple(sorted((now - active.since for active in self._active.values()), reverse=True))

    async def drain(self, grace: float) -> int:
        """Waits until this process answers nothing any more, at most `grace` seconds. Answers that take longer,
        or begin later, are stopped early enough to say so (StopReason.RESTART). Returns how many are left even
        then."""
        cut = min(_CUT_S, grace / 2)
        self._cut_at = asyncio.get_running_loop().time() + grace - cut
        await self._end_within(grace - cut)
        for active in self._active.values():
            active.stop(StopReason.RESTART)
        await self._end_within(cut)
        return len(self._active)

    async def _end_within(self, seconds: float) -> None:
        """Waits until this process answers nothing, at most so long."""
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(seconds), self._changed:
                await self._changed.wait_for(lambda: not self._active)

    async def _stop(self, refs: Iterable[str]) -> None:
        elsewhere = []
        for ref in refs:
            if active := self._active.get(ref):
                active.stop(StopReason.PERSON)
            else:
                elsewhere.append(ref)
        if elsewhere:
            now = self._clock()
            await self._store.run(_STOP, [_STOPS], [now, now - _STOP_S, int(_STOP_S), *elsewhere])

    async def _find(self, ref: str) -> AnswerRecord | None:
        with self._store.guard():
            written = await self._store.redis.hget(_RECORDS, ref)
        return _read(written) if written else None

    async def _hand_over(self, ref: str) -> None:
        try:
            async with self._leasing:
                await self._lease({ref: self._active[ref].written()}, self._clock())
        except StoreError as error:
            log.warning("running.handed_over_late", ref=ref, cause=error.cause)

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()

    async def _tick(self) -> None:
        async with self._changed:
            await self._changed.wait_for(lambda: self._active or self._ended)
        await self._remove_records(list(self._ended))
        await self._look()
        await self._renew()

    async def _remove_records(self, refs: Collection[str]) -> None:
        if refs:
            await self._store.run(_RELEASE, [_LEASES, _RECORDS], [*refs])
            self._ended.difference_update(refs)

    async def _look(self) -> None:
        """Stops that were pressed in another process."""
        with self._store.guard():
            pressed = await self._store.redis.zrange(_STOPS, 0, -1)
        for ref in pressed:
            if active := self._active.get(ref.decode()):
                active.stop(StopReason.PERSON)

    async def _renew(self) -> None:
        """All leases when it is time, else only the records whose reply moved."""
        records = {ref: active.written() for ref, active in self._active.items()}
        now = self._clock()  # while the store is asked, the machine may sleep
        is_due = not 0 <= now - self._renewed_at < LEASE_S / 3  # the clock may be set back
        wanted = {ref: record for ref, record in records.items() if is_due or record != self._active[ref].kept}
        if wanted:
            await self._write(wanted)
        if is_due:
            self._renewed_at = now

    async def _write(self, records: dict[str, bytes]) -> None:
        async with self._leasing:
            ours = {ref for ref, active in self._active.items() if not active.is_handed_over}
            kept = {ref: record for ref, record in records.items() if ref in ours}
            now = self._clock()
            gone = await self._lease(kept, now + LEASE_S)
        for active in (self._active[ref] for ref in kept if ref in self._active):
            if active.ref not in gone:
                active.kept_until = now + LEASE_S
            elif active.kept_until < now:
                self._taken(active)
            active.kept = records[active.ref]

    async def _lease(self, records: Mapping[str, bytes], until: float) -> set[str]:
        """Sets the end of the leases of answers, by their names in the store, to `until`, and writes their
        records. Returns the names that the store no longer has; these are not written."""
        flat = [part for pair in records.items() for part in pair]
        gone = await self._store.run(_RENEW, [_LEASES, _RECORDS], [until, _KEEP_S, *flat])
        return {name.decode() for name in gone}

    def _taken(self, active: ActiveAnswer) -> None:
        """Handles that another process has shown this answer as interrupted. Where it knew a message of ours it
        did so in that message, in which the answer goes on. Else it posted a message of its own, and ours would
        be a second one: then the answer is stopped."""
        if {*_read(active.kept).messages} & {*active.reply.messages}:
            active.was_told_of = True
        else:
            log.warning("running.taken_over", ref=active.ref)
            active.stop(StopReason.TAKEN)

"""The record of an image order: everything any process needs to bring it to its end.

An order is one request for one to four pictures. Its pieces are paid and painted one by one and
delivered together. What a record says has happened has happened; what it does not say may have.
Every save names the version that it changes, so of two processes that drive one order, one is told.
"""

from collections.abc import Callable, Iterable
from enum import StrEnum
from hashlib import sha256

import msgspec

from core.answer import new_ref
from core.bounds import keep_newest
from core.commands import COUNTS
from core.minitool.wire import ImageRequest, Job
from core.seal import Seal
from core.settings import Settings
from core.store import Script, Store, load_script

TRY_S = 24 * 3600  # how long an unreachable chat is tried ...
ASIDE_S = 5 * 24 * 3600  # ... and how long the picture then waits for the person's next visit
_DELIVERED_TTL_S = 24 * 3600  # how long a delivered picture is kept, for "as a file"
OVERDUE_S = 10.0  # an order that its process has not touched for so long is looked for
_MOST_OVERDUE = 500
_ROOT = "{orders}"
_DELIVERED = f"{_ROOT}:delivered"  # "SIZE KEY" of each delivered picture that is kept, by when it was delivered
_OPEN = f"{_ROOT}:open"  # refs by when somebody is to look after them, at the latest
STAGES = ("waiting", "painting", "delivering", "late")
PERMANENT = (_OPEN,)  # empties itself: what is over is not in it

_SAVE = load_script("order_save")

# KEYS record open; ARGV ref.  Replies the record as it was: nobody can change it any more.
_ERASE = Script("""
local record = redis.call('HGET', KEYS[1], 'record')
redis.call('DEL', KEYS[1])
redis.call('ZREM', KEYS[2], ARGV[1])
return record
""")


class Overtaken(Exception):
    """Another process changed the order in between, or it was erased; what was to be saved is not."""


class State(StrEnum):
    """How far one piece is."""

    INTENT = "intent"  # nothing was sent; money may be held
    SUBMITTING = "submitting"  # the order is on the wire; after a crash its fate is unknown
    SUBMITTED = "submitted"
    FETCHED = "fetched"  # the picture is in the store
    FAILED = "failed"
    LATE = "late"  # past its deadline; still looked for
    UNKNOWN = "unknown"
    CANCELLED = "cancelled"

    @property
    def is_open(self) -> bool:
        return self in (State.INTENT, State.SUBMITTING, State.SUBMITTED)


class Told(StrEnum):
    """Whether the person has seen how the pieces ended."""

    NO = "no"
    ASIDE = "aside"  # nobody can be shown anything there; the pictures wait for the person's next visit
    YES = "yes"


class OrderPiece(msgspec.Struct, frozen=True):
    """One picture of an order. `request` is its id in the ledger, `note` the sentence on what went wrong."""

    request: str
    state: State = State.INTENT
    job_id: str = ""
    signature: str = ""
    sent_at: float = 0.0  # when it went on the wire
    submitted_at: float = 0.0
    media_type: str = ""
    paid_nanos: int = 0
    note: str = ""

    @property
    def free_as(self) -> str:
        """Why it costs nothing, as the ledger has it: "late", "unknown", "failed", or "" where nothing was
        sent."""
        match self.state:
            case State.LATE | State.FETCHED:
                return "late"
            case State.UNKNOWN:
                return "unknown"
        return "failed" if self.sent_at else ""

    @property
    def was_refused(self) -> bool:
        """Whether it failed before the image maker was asked."""
        return self.state is State.FAILED and not self.sent_at

    @property
    def job(self) -> Job:
        return Job(self.job_id, self.signature)


class Wish(ImageRequest, frozen=True):
    """What is to be painted: the options of /imagine."""

    count: int = 1
    spoiler: bool = False

    @property
    def kind(self) -> str:
        """Orders of one kind take about the same time."""
        return f"{self.model}:{self.steps}:{round(self.width * self.height / 2**18)}"


class Order(msgspec.Struct, frozen=True):
    """One order. `address` reopens the message that said "queued"; `made_at` and `ended_at` (the last piece
    came to its end) are epoch seconds."""

    ref: str
    person: str
    chat: str
    room: str
    locale: str
    address: str
    wish: Wish
    price_nanos: int
    made_at: float
    pieces: tuple[OrderPiece, ...]
    told: Told = Told.NO
    ended_at: float = 0.0
    labels: tuple[str, ...] = ()  # for caps that hang on a label
    version: int = 0
    private: bool = False  # in a private chat: nobody else reads there how much is left to spend
    adult: bool = False  # in a place for adults
    alone: bool = False  # `chat` is the person's and nobody else's
    by: str = ""  # random id of the process that saved it: tells two apart that make the same change at once

    @property
    def platform(self) -> str:
        return self.address.partition(":")[0]

    @property
    def request(self) -> str:
        """The id of the turn that ordered it."""
        return self.pieces[0].request.rpartition("#")[0]

    @property
    def sent_at(self) -> float:
        """When its last piece was sent, in epoch seconds; 0 where none was."""
        return max(piece.sent_at for piece in self.pieces)

    @property
    def is_open(self) -> bool:
        """Whether pictures are still to be made."""
        return any(piece.state.is_open for piece in self.pieces)

    @property
    def has_picture(self) -> bool:
        """Whether one was made."""
        return any(piece.media_type for piece in self.pieces)

    @property
    def is_to_come(self) -> bool:
        """Whether its person may still get a picture."""
        return self.told is Told.NO and (self.is_open or self.has_picture)

    @property
    def was_refused(self) -> bool:
        """Whether all of it failed before the image maker was asked: why is between us and the person."""
        return all(piece.was_refused for piece in self.pieces)

    @property
    def is_over(self) -> bool:
        """Whether nothing is left to do."""
        return self.told is Told.YES and not any(
            piece.state.is_open or piece.state is State.LATE for piece in self.pieces
        )

    @property
    def stage(self) -> str:
        """How far it is, one of STAGES. While one piece waits for its place in the line, all of it does."""
        if any(piece.state is State.INTENT for piece in self.pieces):
            return "waiting"
        if self.is_open:
            return "painting"
        return "delivering" if self.told is Told.NO else "late"

    @property
    def unsent(self) -> tuple[str, ...]:
        """The requests of pieces for which money may be held, and which nobody was asked to make."""
        states = (State.INTENT, State.CANCELLED)
        return tuple(piece.request for piece in self.pieces if piece.state in states)

    def paid(self, *, keeps_late: bool) -> tuple[OrderPiece, ...]:
        """The pieces that cost their price, of an order that has ended."""
        lost = (State.LATE, State.UNKNOWN) if keeps_late else ()
        return tuple(
            piece for piece in self.pieces
            if piece.state in lost or (piece.state is State.FETCHED and piece.paid_nanos == self.price_nanos)
        )  # fmt: skip

    def cancelled(self, now: float) -> "Order":
        """The order with every piece cancelled that was not sent yet. One that failed before, for want of
        money, stays failed."""
        pieces = (
            msgspec.structs.replace(piece, state=State.CANCELLED) if piece.state is State.INTENT else piece
            for piece in self.pieces
        )  # fmt: skip
        return msgspec.structs.replace(self, pieces=tuple(pieces), ended_at=now)

    def with_piece(self, number: int, piece: OrderPiece) -> "Order":
        return msgspec.structs.replace(self, pieces=(*self.pieces[:number], piece, *self.pieces[number + 1 :]))


def order_key(ref: str) -> str:
    """All records are in one slot with their indexes, so that a save is one step."""
    return f"{_ROOT}:order:{ref}"


def picture_key(ref: str, number: int) -> str:
    return f"{{picture:{ref}}}:{number}"


def _aside_key(person: str) -> str:
    return f"{_ROOT}:aside:{person}"


def _index_key(person: str) -> str:
    return f"{_ROOT}:of:{person}"


class Orders:
    """Orders in the store. Every key but PERMANENT lives at most settings.image_history_days, or as long as it
    may take until a picture is handed over, TRY_S and ASIDE_S, where that is longer."""

    def __init__(self, store: Store, seal: Seal, settings: Settings, clock: Callable[[], float]) -> None:
        self.store, self._seal, self.settings, self.clock = store, seal, settings, clock

    async def save(self, order: Order) -> Order:
        """The order as it is now in the store, durable (as durable as the store). `order.version` 0 is new.

        Saving the same again is harmless. Raises StoreError, Overtaken.
        """
        by = order.by or new_ref()
        saved = msgspec.structs.replace(order, version=order.version + 1, by=by)
        plain = msgspec.json.encode(saved)
        ttl = max(int(self.settings.image_history_days * 86_400), TRY_S + ASIDE_S)
        key = order_key(order.ref)
        done = await self.store.run(
            _SAVE,
            [key, _OPEN, _index_key(order.person), _aside_key(order.person)],
            [
                order.version, saved.version, self._seal.encrypt(plain, key), ttl, order.ref,
                "" if order.is_over else self.clock() + OVERDUE_S,
                order.made_at, int(order.told is Told.ASIDE), sha256(plain).digest(),
            ],
        )  # fmt: skip
        if not done:
            raise Overtaken
        return saved

    async def ref_for(self, request: str, fresh: str) -> str:
        """`fresh`, unless the request was given a ref before: what a platform delivers twice is one order."""
        key = f"{_ROOT}:for:{sha256(request.encode()).hexdigest()[:32]}"
        with self.store.guard():
            found: bytes | None = await self.store.redis.set(key, fresh, ex=TRY_S, nx=True, get=True)
        return found.decode() if found else fresh

    async def find(self, ref: str) -> Order | None:
        with self.store.guard():
            return self._read(ref, await self.store.redis.hget(order_key(ref), "record"))

    def _read(self, ref: str, found: bytes | None) -> Order | None:
        plain = self._seal.decrypt(found, order_key(ref))
        return msgspec.json.decode(plain, type=Order) if plain else None

    async def open(self, most: int = 200) -> tuple[Order, ...]:
        """Orders that are waiting, painted or delivered just now, at most about so many, in no order."""
        with self.store.guard():
            refs = await self.store.redis.zrange(_OPEN, 0, most - 1)
        return tuple(order for order in await self._all(refs) if order.is_open or order.told is Told.NO)

    async def touch(self, ref: str, wanted_in_s: float) -> None:
        """Records in how many seconds the order needs its next stretch. OVERDUE_S after that, any process may
        take it up."""
        with self.store.guard():
            await self.store.redis.zadd(_OPEN, {ref: self.clock() + wanted_in_s + OVERDUE_S}, xx=True)

    async def overdue(self) -> list[Order]:
        """Orders that no process drives, longest overdue first, _MOST_OVERDUE at most."""
        with self.store.guard():
            refs = await self.store.redis.zrangebyscore(_OPEN, "-inf", self.clock(), start=0, num=_MOST_OVERDUE)
        orders = {ref: await self.find(ref.decode()) for ref in refs}
        if gone := [ref for ref, order in orders.items() if order is None]:
            with self.store.guard():
                await self.store.redis.zrem(_OPEN, *gone)
        return [order for order in orders.values() if order]

    async def aside(self, person: str) -> list[Order]:
        """Orders that wait for this person's next visit, oldest first."""
        with self.store.guard():
            refs = await self.store.redis.smembers(_aside_key(person))
        waiting = [order for order in await self._all(refs) if order.told is Told.ASIDE]
        return sorted(waiting, key=lambda order: order.made_at)

    async def keep_picture(self, ref: str, number: int, data: bytes) -> None:
        """Keeps a picture until it is delivered, for as long as that may be tried."""
        key = picture_key(ref, number)
        with self.store.guard():
            await self.store.redis.set(key, self._seal.encrypt(data, key), ex=TRY_S + ASIDE_S)

    async def find_picture(self, ref: str, number: int) -> bytes | None:
        key = picture_key(ref, number)
        with self.store.guard():
            return self._seal.decrypt(await self.store.redis.get(key), key)

    async def drop_pictures(self, order: Order) -> None:
        """Deletes an order's pictures."""
        with self.store.guard():
            for number in range(len(order.pieces)):
                await self.store.redis.delete(picture_key(order.ref, number))

    async def expire_pictures(self, order: Order) -> None:
        """To be called when the pictures are delivered: keeps them only _DELIVERED_TTL_S longer, and only the
        newest of all delivered ones (see `core.bounds`)."""
        kept: dict[str, int] = {}
        with self.store.guard():
            for key in (picture_key(order.ref, number) for number in range(len(order.pieces))):
                await self.store.redis.expire(key, _DELIVERED_TTL_S)
                if size := await self.store.redis.strlen(key):
                    kept[key] = size
        await keep_newest(self.store, _DELIVERED, self.clock(), _DELIVERED_TTL_S, kept)

    async def forget(self, person: str) -> list[Order]:
        """Erases a person's orders with their prompts and pictures. Returns what they were."""
        with self.store.guard():
            refs = [ref.decode() for ref in await self.store.redis.zrange(_index_key(person), 0, -1)]
        found = [self._read(ref, await self.store.run(_ERASE, [order_key(ref), _OPEN], [ref])) for ref in refs]
        with self.store.guard():
            for ref in refs:
                for number in range(COUNTS[-1]):
                    await self.store.redis.delete(picture_key(ref, number))
            if refs:  # and no other: what is ordered at this moment is to be found the next time
                await self.store.redis.zrem(_index_key(person), *refs)
                await self.store.redis.srem(_aside_key(person), *refs)
        return [order for order in found if order]

    async def of(self, person: str) -> tuple[Order, ...]:
        """A person's orders that are still known, oldest first."""
        with self.store.guard():
            refs = await self.store.redis.zrange(_index_key(person), 0, -1)
        return tuple(await self._all(refs))

    async def _all(self, refs: Iterable[bytes]) -> list[Order]:
        """The orders of these refs that still exist."""
        found = [await self.find(ref.decode()) for ref in refs]
        return [order for order in found if order]

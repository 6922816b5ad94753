"""Joins what one person sends within a short time into one Turn: an album, a long paste in pieces, a
text and the picture that belongs to it. What was joined begins before anything that the person does next.

Parts may arrive in several processes, so they meet in the store, by the store's clock. The first part
waits until BURST_QUIET_S have passed without another one, BURST_LEAD_S where it only leads. Should its process
die, the next part takes over, or the same one when it is delivered again: with all parts, until the whole has
begun. Invariant: no part is in two wholes, and none is lost where the one that waits is delivered again.
"""

import asyncio
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, NamedTuple

import msgspec
import structlog

from core.errors import BadInput, StoreError
from core.seal import Seal
from core.settings import Settings
from core.store import Store, load_script
from core.turn import Attachment, FileRef, Turn, Value

log = structlog.get_logger(__name__)

_MOST_PARTS = 40  # then nobody waits any longer
LONGEST_S = 8.0  # neither does anybody here
_TTL_S = 600  # what is delivered again later than that is so old that nobody waits for an answer
_HERE_S = 60.0
_STALE_S = 2.0  # beyond the quiet time: the process that waited for this burst is dead
_BEGIN_S = 3.0  # and this, too, beyond the moment in which the parts were handed out
_LOOK_S = 0.02  # between two looks at what another process does


_PUSH, _TAKE, _BEGUN, _LOOK = (load_script(f"burst_{name}") for name in ("push", "take", "begun", "look"))


@dataclass(frozen=True, slots=True)
class _Files:
    """What is stored of a Turn, or of its quote, besides its fields: the files."""

    files: tuple[FileRef, ...] = ()
    quote: "_Files | None" = None


class _Burst(NamedTuple):
    """Parts whose whole has not begun: the id of the part that waits for the others, and whether more may
    come."""

    waits: bytes
    may_grow: bool


Attach = Callable[[FileRef], Attachment]


def _ignore() -> None:
    """For callers that need not know when a part is in the store."""


class Bursts:
    """Joins parts of this process and of others."""

    def __init__(self, store: Store, seal: Seal, settings: Settings) -> None:
        self._store, self._quiet_s = store, settings.burst_quiet_s
        self._lead_s = min(settings.burst_lead_s, self._quiet_s)
        self._seal = seal
        self._attach: dict[str, Attach] = {}
        self._here: dict[str, tuple[float, Turn]] = {}  # parts that this very process received

    def can_read(self, platform: str, attach: Attach) -> None:
        """Registers the function with which files that another process of this platform received are read
        here."""
        self._attach[platform] = attach

    async def join(self, turn: Turn, stored: Callable[[], None] = _ignore) -> Turn | None:
        """Waits for the parts that follow; `stored` is called as soon as they may come to any process. Returns
        the whole for exactly one of its parts, None for the others. Raises StoreError."""
        return await self._gather(turn, self._quiet_s, stored, leads=False)

    async def lead(self, turn: Turn, stored: Callable[[], None] = _ignore) -> Turn | None:
        """As `join`, for a message that may be whole by itself: what belongs to it, such as a forwarded
        picture, follows at once, so the wait is BURST_LEAD_S. An open burst takes it in only if a part was
        given to that by `join`; otherwise it waits until the earlier burst has begun."""
        return await self._gather(turn, self._lead_s, stored, leads=True)

    async def begun(self, turn: Turn) -> None:
        """To be called once the whole that `join` returned for `turn` has begun: until then the person's next
        messages wait. While the store is away they wait for nothing, but only a few seconds."""
        _, *keys = _keys(turn.room, turn.person.id, turn.id)
        try:
            await self._store.run(_BEGUN, keys, (turn.id,))
        except StoreError as error:
            log.warning("burst.begun_late", cause=error.cause)

    async def is_open(self, room: str, person: str) -> bool:
        """Whether parts of this person are being joined, so that what they send next may be one more. Raises
        StoreError."""
        burst = await self._look(room, person)
        return burst is not None and burst.may_grow

    async def passed(self, room: str, person: str) -> None:
        """Waits until all that the person has sent so far has begun. Raises StoreError."""
        before = now = await self._look(room, person)
        while before and now and now.waits == before.waits:  # it begins elsewhere
            await asyncio.sleep(_LOOK_S)
            now = await self._look(room, person)

    async def _look(self, room: str, person: str) -> _Burst | None:
        _, times, _ = _keys(room, person)
        found = await self._store.run(_LOOK, (times,), (_STALE_S,))
        return _Burst(found[0], found[1] == 1) if found else None

    async def _gather(
        self, turn: Turn, quiet_s: float, stored: Callable[[], None], *, leads: bool
    ) -> Turn | None:
        if self._quiet_s <= 0:
            return turn
        self._remember(turn)
        keys = _keys(turn.room, turn.person.id, turn.id)
        packed = self._seal.encrypt(_pack(turn), _place(turn.room, turn.person.id))
        args = (packed, turn.id, quiet_s, _STALE_S, _TTL_S, int(leads))
        while (found := await self._store.run(_PUSH, keys, args)) == -1:  # noqa: ASYNC110  # it begins elsewhere
            await asyncio.sleep(_LOOK_S)
        stored()
        if found == 1:
            found = await self._take(keys, turn.id)
        return self._whole(found, turn) if found else None

    async def _take(self, keys: Sequence[str], waits: str) -> list[bytes]:
        """All parts, once no more will come. Empty where this process was slow, and another one took over."""
        args = (waits, LONGEST_S, _MOST_PARTS, _BEGIN_S)
        while isinstance(found := await self._store.run(_TAKE, keys, args), int):  # noqa: ASYNC110  # parts come to other processes
            await asyncio.sleep(found / 1000)
        return list(found)

    def _whole(self, found: Sequence[bytes], waits: Turn) -> Turn:
        """All parts as one Turn, under the id of the part that waited for the others. Parts that cannot be read
        are left out: sealed with a key that is gone, or not written by us."""
        place = _place(waits.room, waits.person.id)
        opened = (self._seal.decrypt(part, place) for part in found)
        parts = {turn.id: turn for plain in opened if plain and (turn := self._unpack(plain))}
        parts[waits.id] = waits
        turns = [self._here.pop(name, (0.0, part))[1] for name, part in parts.items()]
        return replace(_joined(turns), id=waits.id)

    def _remember(self, turn: Turn) -> None:
        now = asyncio.get_running_loop().time()
        self._here = {name: kept for name, kept in self._here.items() if kept[0] > now - _HERE_S}
        self._here[turn.id] = (now, turn)

    def _unpack(self, plain: bytes) -> Turn | None:
        try:
            turn, beside = msgspec.json.decode(plain, type=Turn), msgspec.json.decode(plain, type=_Files)
        except msgspec.DecodeError:
            log.warning("burst.unreadable")
            return None
        attach, quote = self._attach.get(turn.platform, _unreadable), turn.quote
        if quote and beside.quote:
            quote = replace(quote, attachments=tuple(map(attach, beside.quote.files)))
        return replace(turn, attachments=tuple(map(attach, beside.files)), quote=quote)


def _place(room: str, person: str) -> str:
    return f"{{burst:{room}:{person}}}"


def _keys(room: str, person: str, part: str = "") -> tuple[str, str, str]:
    place = _place(room, person)
    return f"{place}:parts", f"{place}:times", f"{place}:id:{part}"


def _pack(turn: Turn) -> bytes:
    """The turn as JSON. Attachments become FileRefs, as their `read` works in this process only."""
    quote = turn.quote and replace(turn.quote, attachments=())
    plain: dict[str, Any] = msgspec.to_builtins(replace(turn, attachments=(), quote=quote))  # JSON
    plain["files"] = _files(turn.attachments)
    if turn.quote:
        plain["quote"]["files"] = _files(turn.quote.attachments)
    return msgspec.json.encode(plain)


def _files(attachments: tuple[Attachment, ...]) -> tuple[FileRef, ...]:
    return tuple(FileRef(one.name, one.media_type, one.size, one.token) for one in attachments)


def _unreadable(file: FileRef) -> Attachment:
    async def read(limit: int) -> bytes:
        raise BadInput("attachment-gone")

    return Attachment(file.name, file.media_type, file.size, read)


def _joined(turns: list[Turn]) -> Turn:
    """The parts as one turn, in the order of their messages, which need not be the order of arrival."""
    turns.sort(key=lambda turn: int(turn.message) if turn.message.isdecimal() else 0)
    first = turns[0]
    args: Mapping[str, Value] = {name: value for turn in turns for name, value in turn.args.items()}
    if len(turns) > 1:
        log.info("burst.joined", parts=len(turns))
    return replace(
        first,
        text="\n".join(turn.text for turn in turns if turn.text),
        args=args,
        attachments=tuple(one for turn in turns for one in turn.attachments),
        quote=next((turn.quote for turn in turns if turn.quote), None),
    )

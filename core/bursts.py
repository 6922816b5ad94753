"""Joins what one person sends within a short time into one Turn: an album, a long paste in pieces, a
text and the picture that belongs to it.

    Bursts(store, settings)
    can_read(platform, attach)      attach(Attached) -> Attachment, for files that another process received
    join(turn) -> Turn | None       the whole, for exactly one of its parts; None for the others

Parts may arrive in several processes, so they meet in the store, by the store's clock. The first part
waits until BURST_QUIET_S have passed without another one. Should its process die, the next part takes over,
or the same one when it is delivered again.
"""

import asyncio
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace

import msgspec
import structlog

from core.errors import BadInput
from core.seal import Seal
from core.settings import Settings
from core.store import Script, Store
from core.turn import Attachment, Person, Quote, Turn, Value

log = structlog.get_logger(__name__)

MOST_PARTS = 40  # then nobody waits any longer
LONGEST_S = 8.0  # neither does anybody here
_TTL_S = 60
_STALE_S = 2.0  # beyond the quiet time: whoever waited for this burst is gone

# KEYS: parts, times.  ARGV: part, how long until it is stale, ttl, id.  Returns 1 for the one who waits.
_PUSH = Script("""
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local times = redis.call('HMGET', KEYS[2], 'first', 'last', 'waits')
local count = redis.call('RPUSH', KEYS[1], ARGV[1])
local waits = count == 1 or not times[2] or now - times[2] > tonumber(ARGV[2]) or times[3] == ARGV[4]
if waits then redis.call('HSET', KEYS[2], 'first', string.format('%.6f', now), 'waits', ARGV[4]) end
redis.call('HSET', KEYS[2], 'last', string.format('%.6f', now))
redis.call('EXPIRE', KEYS[1], ARGV[3])
redis.call('EXPIRE', KEYS[2], ARGV[3])
return waits and 1 or 0
""")
# KEYS: parts, times.  ARGV: quiet, longest, most.  Returns the milliseconds still to wait, or the parts.
_TAKE = Script("""
local time = redis.call('TIME')
local now = time[1] + time[2] / 1000000
local times = redis.call('HMGET', KEYS[2], 'first', 'last')
if not times[2] then return {} end
local left = math.min(times[2] + ARGV[1], times[1] + ARGV[2]) - now
if left > 0 and redis.call('LLEN', KEYS[1]) < tonumber(ARGV[3]) then return math.ceil(left * 1000) end
local parts = redis.call('LRANGE', KEYS[1], 0, -1)
redis.call('DEL', KEYS[1], KEYS[2])
return parts
""")


@dataclass(frozen=True, slots=True)
class Attached:
    """An attachment as it travels between processes: by the adapter's own name of the file."""

    name: str
    media_type: str
    size: int
    token: str


@dataclass(frozen=True, slots=True)
class _Quoted:
    message: str
    author: str
    text: str
    by_bot: bool
    files: tuple[Attached, ...]
    is_part: bool


@dataclass(frozen=True, slots=True)
class _Part:
    """A Turn as it lies in the store."""

    id: str
    command: str
    person: Person
    chat: str
    room: str
    text: str
    args: dict[str, Value]
    files: tuple[Attached, ...]
    quote: _Quoted | None
    message: str
    labels: frozenset[str]
    shared: bool
    private: bool
    adult: bool


Attach = Callable[[Attached], Attachment]


class Bursts:
    """The parts that are on their way to become one Turn."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._quiet_s = store, settings.burst_quiet_s
        self._seal = Seal(settings.content_key.get_secret_value())
        self._attach: dict[str, Attach] = {}
        self._here: dict[str, tuple[float, Turn]] = {}  # parts that this very process received

    def can_read(self, platform: str, attach: Attach) -> None:
        """From now on, files that another process of this platform received can be read here."""
        self._attach[platform] = attach

    async def join(self, turn: Turn) -> Turn | None:
        """Waits for the parts that follow. Raises StoreError."""
        if self._quiet_s <= 0:
            return turn
        self._remember(turn)
        place = f"{{burst:{turn.room}:{turn.person.id}}}"
        keys = (f"{place}:parts", f"{place}:times")
        packed = self._seal.close(msgspec.json.encode(_pack(turn)), place)
        if not await self._store.run(_PUSH, keys, (packed, self._quiet_s + _STALE_S, _TTL_S, turn.id)):
            return None
        while isinstance(found := await self._take(keys), int):  # noqa: ASYNC110  # parts come to other processes
            await asyncio.sleep(found / 1000)
        opened = (self._seal.open(part, place) for part in found)
        parts = [msgspec.json.decode(plain, type=_Part) for plain in opened if plain]
        turns = [self._unpack(part) for part in {part.id: part for part in parts}.values()]
        if not turns:  # somebody else took them, because we were slow
            return None
        return _joined([self._here.pop(part.id, (0.0, part))[1] for part in turns])

    def _remember(self, turn: Turn) -> None:
        now = asyncio.get_running_loop().time()
        self._here = {name: kept for name, kept in self._here.items() if kept[0] > now - _TTL_S}
        self._here[turn.id] = (now, turn)

    async def _take(self, keys: tuple[str, str]) -> int | list[bytes]:
        found: int | list[bytes] = await self._store.run(_TAKE, keys, (self._quiet_s, LONGEST_S, MOST_PARTS))
        return found

    def _unpack(self, part: _Part) -> Turn:
        attach = self._attach.get(part.id.partition(":")[0], _unreadable)
        return Turn(
            id=part.id,
            command=part.command,
            person=part.person,
            chat=part.chat,
            room=part.room,
            text=part.text,
            args=part.args,
            attachments=tuple(map(attach, part.files)),
            quote=_unpack_quote(part.quote, attach),
            message=part.message,
            labels=part.labels,
            shared=part.shared,
            private=part.private,
            adult=part.adult,
        )


def _unpack_quote(quote: _Quoted | None, attach: Attach) -> Quote | None:
    if quote is None:
        return None
    files = tuple(map(attach, quote.files))
    return Quote(quote.message, quote.author, quote.text, quote.by_bot, files, quote.is_part)


def _pack_quote(quote: Quote | None) -> _Quoted | None:
    if quote is None:
        return None
    files = _files(quote.attachments)
    return _Quoted(quote.message, quote.author, quote.text, quote.by_bot, files, quote.is_part)


def _pack(turn: Turn) -> _Part:
    return _Part(
        id=turn.id,
        command=turn.command,
        person=turn.person,
        chat=turn.chat,
        room=turn.room,
        text=turn.text,
        args=dict(turn.args),
        files=_files(turn.attachments),
        quote=_pack_quote(turn.quote),
        message=turn.message,
        labels=turn.labels,
        shared=turn.shared,
        private=turn.private,
        adult=turn.adult,
    )


def _files(attachments: tuple[Attachment, ...]) -> tuple[Attached, ...]:
    return tuple(Attached(one.name, one.media_type, one.size, one.token) for one in attachments)


def _unreadable(file: Attached) -> Attachment:
    async def read(limit: int) -> bytes:
        raise BadInput("attachment-gone")

    return Attachment(file.name, file.media_type, file.size, read)


def _joined(turns: list[Turn]) -> Turn:
    """One turn that says all; in the order of the messages, which need not be that of their arrival."""
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

"""Conversations: a tree of exchanges in each room. What was said in one room is never read in another.

All raise StoreError where the store is away. Opening is one round trip and appending is one. (What a
person chose lies in another slot than the room, so that on a cluster opening is two round trips at
once; elsewhere it is one pipeline.)
"""

import asyncio
from base64 import b64encode
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass, replace
from typing import Any

import msgspec
import structlog
from redis.exceptions import NoScriptError, RedisError

from core.bounds import forget_gone, keep_newest
from core.chosen import ChatSetting, Chosen
from core.conversation import Answered, Conversation, Exchange, PictureRef, Prepared, Question
from core.preferences import ChatDefaults, Preferences
from core.rooms import Room, rooms_key
from core.seal import Seal
from core.settings import Settings
from core.store import Script, Store, load_script
from core.turn import Turn

log = structlog.get_logger(__name__)

_PATH_EXCHANGES = 64  # read of a path; MEMORY_MAX_TOKENS is the finer measure
_PATH_BYTES = 512 * 1024
ROOM_EXCHANGES = 2000
ROOM_BYTES = 8 * 1024 * 1024
_EXCHANGE_CHARACTERS = 256 * 1024  # of a question with its files and of an answer each: more than they can have
_EXCHANGE_MESSAGES = 40  # messages that one answer fills
ROOM_PICTURES = 64
_ROOM_PICTURE_BYTES = 16 * 1024 * 1024
PICTURE_TTL_S = 7 * 86400  # renewed by use; pictures outweigh everything else in the store
_RENEWALS = 10  # an exchange is renewed for at most so many times MEMORY_TTL_DAYS after it was said
_HEAD_TTL_S = 3600.0  # beyond the time in which an exchange is fresh: an answer may be under way
_GONE_TTL_S = 3600  # longer than any answer is under way
_POSTED = "{posted}:pictures"  # which pictures of all rooms are kept: a person may have many rooms


_OPEN, _APPEND, _BIND, _NEW, _PICTURES, _FORGET = (
    load_script(f"memory_{name}") for name in ("open", "append", "bind", "new", "pictures", "forget")
)
# KEYS: a person's rooms.  ARGV: those to take out, each with its time.  One that has a newer time stays.
_LEAVE = Script("""
for i = 1, #ARGV, 2 do
  local at = tonumber(redis.call('ZSCORE', KEYS[1], ARGV[i]))
  if at == tonumber(ARGV[i + 1]) then redis.call('ZREM', KEYS[1], ARGV[i]) end
end
""")


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was erased. `pictures` are posted and painted ones."""

    exchanges: int
    pictures: int
    settings: int
    orders: int = 0


class Memory:
    """Everything that is remembered about what was said; `chosen` is what was chosen."""

    def __init__(self, store: Store, seal: Seal, settings: Settings, clock: Callable[[], float]) -> None:
        """Raises BadSettings where PERSONAS_FILE cannot be used."""
        self.chosen = Chosen(store, seal, settings.personas_file)
        self._store, self._seal, self._clock = store, seal, clock
        self._ttl_s = int(settings.memory_ttl_days * 86400)
        self._fresh_s = settings.memory_fresh_minutes * 60
        self._head_ttl_s = int(self._fresh_s + _HEAD_TTL_S)
        self._picture_ttl_s = min(PICTURE_TTL_S, self._ttl_s)

    async def open(self, turn: Turn, ref: str) -> Conversation:
        """The conversation that `turn` goes on with, as it was said so far.

        A reply to a known message branches there. A reply to one of ours that is not known (any more)
        starts anew. A message that was answered before, and edited since, takes the place beside that answer.
        Everything else goes on from the latest exchange of the asker, or of everybody where the room is
        shared, while that is fresh.
        """
        quote = turn.quote
        if quote is None:
            return await self._open(turn, ref, "quote", "")
        return await self._open(turn, ref, "reply" if quote.by_bot else "quote", quote.message)

    async def open_again(self, turn: Turn, ref: str, exchange: Exchange) -> Conversation:
        """The place beside `exchange`, for another answer to its question, with what was chosen for it."""
        return await self._open(turn, ref, "after", exchange.parent, exchange)

    async def open_after(self, turn: Turn, ref: str, exchange: Exchange) -> Conversation:
        """The place below `exchange`."""
        return await self._open(turn, ref, "after", exchange.ref, exchange)

    async def _open(
        self, turn: Turn, ref: str, mode: str, value: str, of: Exchange | None = None
    ) -> Conversation:
        """`of` is the exchange whose choices are inherited; without it they come from the exchange that is
        continued."""
        room, now = Room(turn.room), self._clock()
        head = _head_of(turn, private=of is not None and of.question.private)
        keys = (*room.keys, room.head(head))
        renewed = now - _RENEWALS * self._ttl_s
        args = (now, self._ttl_s, now - self._fresh_s, renewed, head, mode, value)
        limits = (_PATH_EXCHANGES, _PATH_BYTES)
        found, own, chat = await self._read_all(turn, keys, (*args, *limits, turn.message))
        parent, came_by, epoch, head_model, head_persona, opened_at = (item.decode() for item in found[:6])
        path = self._path(turn.room, found[6:])
        last = of or (path[-1] if path and path[-1].ref == parent else None)
        chosen_model = head_model or (last.chosen_model if last else "")
        chosen_persona = head_persona or (last.chosen_persona if last else "")
        return Conversation(
            ref=ref,
            room=turn.room,
            head=head,
            parent=parent,
            path=path,
            came_by=came_by,
            persona=self.chosen.offer(chat, own).resolve(chosen_persona),
            model=chosen_model or own.model,
            chat_model=chat.model,
            preferences=own,
            several=turn.shared and not turn.private,
            chosen_model=chosen_model,
            chosen_persona=chosen_persona,
            is_model_new=bool(head_model),
            epoch=epoch,
            opened_at=float(opened_at),
        )

    async def _read_all(
        self, turn: Turn, keys: Sequence[str], args: Sequence[Any]
    ) -> tuple[Any, Preferences, ChatDefaults]:
        """The room's reply, the person's and the chat's choices; what is read is renewed."""
        pipe = self._store.redis.pipeline(transaction=False)
        self.chosen.queue_reads(pipe, turn.person.id, turn.chat)
        self._index(pipe, turn)
        if self._store.is_cluster:  # its pipelines take no scripts
            with self._store.guard():
                rest, found = await asyncio.gather(pipe.execute(), self._store.run(_OPEN, keys, args))
        else:
            pipe.evalsha(_OPEN.sha, len(keys), *keys, *args)
            with self._store.guard():
                rest = await pipe.execute(raise_on_error=False)
                found = rest[-1]
                if isinstance(found, NoScriptError):
                    found = rest[-1] = await self._store.run(_OPEN, keys, args)
                for reply in rest:
                    if isinstance(reply, RedisError):
                        raise reply
        return found, *self.chosen.parse_replies(rest, turn.person.id)

    def _index(self, pipe: Any, turn: Turn) -> None:  # a pipeline of either kind of server
        """Notes the room before anything of the person is in it, so that /forget finds it."""
        rooms, now = rooms_key(turn.person.id), self._clock()
        life = (_RENEWALS + 1) * self._ttl_s  # no exchange outlives its entry
        pipe.zadd(rooms, {turn.room: now})
        pipe.zremrangebyscore(rooms, "-inf", now - life)
        pipe.expire(rooms, life)

    def _path(self, room: str, found: Sequence[bytes]) -> tuple[Exchange, ...]:
        pairs = zip(found[::2], found[1::2], strict=True)
        read = (self._read(room, ref.decode(), content) for ref, content in pairs)
        return tuple(exchange for exchange in read if exchange)[::-1]

    def _read(self, room: str, ref: str, content: bytes | None) -> Exchange | None:
        plain = self._seal.decrypt(content, f"{room}/{ref}")
        if plain is None:
            return None
        try:
            return msgspec.msgpack.decode(plain, type=Exchange)
        except msgspec.DecodeError:
            log.warning("memory.unreadable", ref=ref)
            return None

    async def append(
        self,
        conversation: Conversation,
        question: Question,
        answered: Answered,
        pictures: Sequence[Prepared] = (),
    ) -> None:
        """Remembers what was asked and answered, with the pictures of the question. The same ref again
        replaces what it held. Keeps nothing where the person asked meanwhile to be forgotten."""
        room, now = Room(conversation.room), self._clock()
        exchange = Exchange(
            ref=conversation.ref,
            parent=conversation.parent,
            question=replace(question, text=question.text[:_EXCHANGE_CHARACTERS]),
            answer=answered.text[:_EXCHANGE_CHARACTERS],
            model=answered.model,
            finish=answered.finish,
            at=now,
            chosen_model=conversation.chosen_model,
            chosen_persona=conversation.chosen_persona,
        )
        content = self._seal.encrypt(msgspec.msgpack.encode(exchange), f"{room.name}/{exchange.ref}")
        keys = [*room.keys, room.head(conversation.head), room.gone(question.person)]
        args: list[str | int | float | bytes] = [now, self._ttl_s, exchange.ref, exchange.parent]
        args += [conversation.head, question.person, content, conversation.opened_at, conversation.epoch]
        args += [self._head_ttl_s, exchange.chosen_model, exchange.chosen_persona, ROOM_EXCHANGES, ROOM_BYTES]
        args += [self._picture_ttl_s, ROOM_PICTURES, _ROOM_PICTURE_BYTES, room.picture("")]
        sent = {picture.id: self._pack(room, picture) for picture in pictures}
        for picture in dict.fromkeys(ref.id for ref in question.pictures):  # each once
            keys.append(room.picture(picture))
            args += [picture, sent.get(picture, b"")]
        if await self._store.run(_APPEND, keys, args):
            sizes = {room.picture(picture): len(data) for picture, data in sent.items()}
            await keep_newest(self._store, _POSTED, now, self._picture_ttl_s, sizes)

    def _pack(self, room: Room, picture: Prepared) -> bytes:
        head = f"{picture.media_type} {picture.width} {picture.height}\n".encode()
        return self._seal.encrypt(head + picture.data, f"{room.name}/{picture.id}")

    async def bind(self, room: str, messages: Sequence[str], ref: str, asking: str = "") -> None:
        """Lets the posted messages, and the one that asked, lead back to the exchange; may come before or after
        `append`."""
        if messages:
            place, bound = Room(room), (*([f"?{asking}"] if asking else []), *messages)
            keys = (place.links, place.used)
            await self._store.run(_BIND, keys, (self._clock(), self._ttl_s, ref, _EXCHANGE_MESSAGES, *bound))

    async def start_anew(self, turn: Turn) -> None:
        """Begins a new conversation: what the asker says next continues none, unless it is a reply."""
        room = Room(turn.room)
        heads = {_head_of(turn, private=False), _head_of(turn, private=True)}
        await self._store.run(_NEW, [room.head(head) for head in heads], (self._head_ttl_s,))

    async def find_exchange(self, room: str, ref: str) -> Exchange | None:
        """One exchange of a room; None where it expired, was erased, or never was."""
        with self._store.guard():
            return self._read(room, ref, await self._store.redis.hget(Room(room).exchanges, ref))

    async def find_pictures(self, room: str, refs: Sequence[PictureRef]) -> tuple[Prepared, ...]:
        """The pictures of `refs` that are still kept, in the same order. One round trip."""
        if not refs:
            return ()
        place, ids = Room(room), [ref.id for ref in refs]
        keys = (place.pictures, *(place.picture(picture) for picture in ids))
        found = await self._store.run(_PICTURES, keys, (self._clock(), self._picture_ttl_s, *ids))
        unpacked = (self._unpack(place, *packed) for packed in zip(ids, found, strict=True))
        return tuple(picture for picture in unpacked if picture)

    def _unpack(self, room: Room, picture: str, data: bytes | None) -> Prepared | None:
        plain = self._seal.decrypt(data, f"{room.name}/{picture}")
        if plain is None:
            return None
        head, _, encoded = plain.partition(b"\n")
        media_type, width, height = head.decode().split(" ")
        return Prepared(picture, int(width), int(height), media_type, encoded)

    async def choose(self, turn: Turn, name: ChatSetting, value: str) -> None:
        """Chooses for the asker's conversation here, or the one about to begin. The next exchange carries the
        choice, and whatever branches from that inherits it."""
        key = Room(turn.room).head(_head_of(turn, private=False))
        with self._store.guard():
            pipe = self._store.redis.pipeline(transaction=False)
            pipe.hset(key, mapping={name: value, f"{name}_by": turn.person.id})
            pipe.expire(key, self._head_ttl_s)
            self._index(pipe, turn)
            await pipe.execute()

    async def forget(self, person: str) -> Forgotten:
        """Erases the person's exchanges and pictures in every room, shared ones too, and what they chose."""
        exchanges = pictures = 0
        for name in (rooms := await self._rooms(person)):
            room = Room(name)
            keys = (*room.keys, room.gone(person), room.head("*"), room.head(person), room.head(f"!{person}"))
            said, shown = await self._store.run(_FORGET, keys, (person, _GONE_TTL_S, room.picture("")))
            exchanges, pictures = exchanges + said, pictures + shown
        await forget_gone(self._store, _POSTED, [Room(name).picture("") for name in rooms])
        settings = await self.chosen.forget(person)
        await self._store.run(_LEAVE, [rooms_key(person)], [part for pair in rooms.items() for part in pair])
        return Forgotten(exchanges, pictures, settings)

    async def export(self, person: str) -> dict[str, Any]:
        """What the person chose, and every exchange by room with its pictures in base64; ready for JSON."""
        rooms: dict[str, list[dict[str, Any]]] = {}
        for name in await self._rooms(person):
            for ref in await self._own_exchanges(name, person):
                if exchange := await self.find_exchange(name, ref):
                    pictures = await self.find_pictures(name, exchange.question.pictures)
                    rooms.setdefault(name, []).append(_plain(exchange, pictures))
        for exchanges in rooms.values():
            exchanges.sort(key=lambda exchange: exchange["at"])
        return {"settings": asdict(await self.chosen.preferences(person)), "rooms": rooms}

    async def _rooms(self, person: str) -> dict[str, float]:
        """The rooms that a person wrote in, with the time of the last message."""
        with self._store.guard():
            found = await self._store.redis.zrange(rooms_key(person), 0, -1, withscores=True)
        return {name.decode(): at for name, at in found}

    async def _own_exchanges(self, room: str, person: str) -> list[str]:
        with self._store.guard():
            tree = await self._store.redis.hgetall(Room(room).tree)
        return [ref.decode() for ref, node in tree.items() if node.decode().split("\n")[3] == person]


def _plain(exchange: Exchange, pictures: Sequence[Prepared]) -> dict[str, Any]:
    return asdict(exchange) | {
        "picture_data": [
            {"id": picture.id, "media_type": picture.media_type, "base64": b64encode(picture.data).decode()}
            for picture in pictures
        ]
    }


def _head_of(turn: Turn, *, private: bool) -> str:
    """Whose latest exchange a request goes on from: everybody's in a shared room, else the asker's; what only
    the asker sees has a head of its own, marked by "!"."""
    if private or turn.args.get("private"):
        return f"!{turn.person.id}"
    return "*" if turn.shared else turn.person.id

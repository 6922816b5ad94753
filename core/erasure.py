"""Erases and exports what is remembered about one person."""

from base64 import b64encode
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import asdict, dataclass
from importlib import resources
from typing import Any

from core.conversation import Exchange, PictureRef, Prepared
from core.preferences import person_key, read_person
from core.rooms import Room, rooms_key
from core.seal import Seal
from core.store import Script, Store

FORGET = Script(resources.files("core").joinpath("lua", "memory_forget.lua").read_text("utf-8"))
_GONE_TTL_S = 3600  # longer than any answer is under way


@dataclass(frozen=True, slots=True)
class Forgotten:
    """How much was erased."""

    turns: int
    pictures: int
    settings: int
    rooms: int


async def forget(store: Store, person: str) -> Forgotten:
    """Erases the person's turns and pictures in every room, and what they chose."""
    turns = pictures = touched = 0
    for name in (names := await _rooms(store, person)):
        room = Room(name)
        keys = (*room.keys, room.gone(person), room.lane(person), room.lane(f"!{person}"))
        said, shown = await store.run(FORGET, keys, (person, _GONE_TTL_S, room.picture("")))
        turns, pictures, touched = turns + said, pictures + shown, touched + bool(said or shown)
    with store.guard():
        settings = await store.redis.hlen(person_key(person))
        await store.redis.delete(person_key(person))
        if names:  # and no other: what is said in it at this moment is to be found the next time
            await store.redis.zrem(rooms_key(person), *names)
    return Forgotten(turns, pictures, settings, touched)


async def export(
    store: Store,
    person: str,
    find_turn: Callable[[str, str], Awaitable[Exchange | None]],
    find_pictures: Callable[[str, Sequence[PictureRef]], Awaitable[tuple[Prepared, ...]]],
    seal: Seal,
) -> Mapping[str, Any]:
    """Settings, and every turn by room with its pictures in base64."""
    with store.guard():
        settings = read_person(await store.redis.hgetall(person_key(person)), person, seal)
    rooms: dict[str, list[dict[str, Any]]] = {}
    for name in await _rooms(store, person):
        for ref in await _own_turns(store, name, person):
            if exchange := await find_turn(name, ref):
                pictures = await find_pictures(name, exchange.question.pictures)
                rooms.setdefault(name, []).append(_plain(exchange, pictures))
    for turns in rooms.values():
        turns.sort(key=lambda turn: turn["at"])
    return {"settings": asdict(settings), "rooms": rooms}


def _plain(exchange: Exchange, pictures: Sequence[Prepared]) -> dict[str, Any]:
    return asdict(exchange) | {
        "picture_data": [
            {"id": picture.id, "media_type": picture.media_type, "base64": b64encode(picture.data).decode()}
            for picture in pictures
        ]
    }


async def _rooms(store: Store, person: str) -> list[str]:
    with store.guard():
        return [name.decode() for name in await store.redis.zrange(rooms_key(person), 0, -1)]


async def _own_turns(store: Store, room: str, person: str) -> list[str]:
    with store.guard():
        tree = await store.redis.hgetall(Room(room).tree)
    return [ref.decode() for ref, node in tree.items() if node.decode().split("\n")[3] == person]

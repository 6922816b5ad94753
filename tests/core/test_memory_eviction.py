"""A store that evicts keys: the rest is still true and bounded, and no request fails."""

import random
import secrets
import time
from itertools import combinations, pairwise
from typing import Any

import pytest

from core.conversation import Answered, Prepared, Question
from core.memory import Memory
from core.seal import Seal
from core.store import Store, open_store
from core.turn import Person, Quote, Turn
from tests.conftest import MakeSettings, run_valkey

ROOM = "web:room:1"
PEOPLE = [Person("web:anna", "Anna"), Person("web:bob", "Bob")]


def turn(person: Person = PEOPLE[0], reply_to: str = "", room: str = ROOM) -> Turn:
    quote = Quote(reply_to, "bot", "said", by_bot=True) if reply_to else None
    return Turn(secrets.token_hex(4), "ask", person, "web:chat:1", room, quote=quote, shared=True)


def picture(name: str) -> Prepared:
    return Prepared(name.ljust(22, "_"), 8, 6, "image/png", f"bytes of {name}".encode())


async def say(memory: Memory, asked: Turn, text: str, *pictures: Prepared) -> None:
    """A turn whose text says the path that leads to it, and whose message is named by its text."""
    conversation = await memory.open(asked, secrets.token_urlsafe(12))
    before = conversation.path[-1].question.text if conversation.path else ""
    whole = f"{before}/{text}"
    question = Question(whole, asked.person.id, asked.person.name, pictures=tuple(one.ref for one in pictures))
    await memory.append(conversation, question, Answered("re", "gpt-4o-mini"), pictures)
    await memory.bind(asked.room, [text], conversation.ref)


async def is_true(store: Store, memory: Memory, asked: Turn) -> None:
    """The path is a piece of one that was said, each turn under the one it was said after; counts are right."""
    texts = [exchange.question.text for exchange in (await memory.open(asked, "x")).path]
    for earlier, later in pairwise(texts):
        assert later.rpartition("/")[0] == earlier
    place = f"{{m:{asked.room}}}"
    sizes = [len(content) for content in await store.redis.hvals(f"{place}:turns")]
    owners = await store.redis.hgetall(f"{place}:owners")
    counted = await store.redis.hmget(f"{place}:meta", "bytes", "picture_bytes")
    assert int(counted[0] or 0) == sum(sizes)
    assert int(counted[1] or 0) == sum(int(entry.split(b"|")[0]) for entry in owners.values())
    assert await store.redis.zcard(f"{place}:used") >= len(sizes)
    assert set(await store.redis.zrange(f"{place}:pictures", 0, -1)) == set(owners)


KEYS = ("turns", "tree", "used", "links", "meta", "pictures", "owners", "head:*", f"picture:{picture('a').id}")


async def test_any_two_keys_of_a_room_may_be_lost(store: Store, make_settings: MakeSettings) -> None:
    """Without one or two of its keys a room continues with the rest, and states nothing untrue."""
    memory = Memory(store, Seal(), make_settings(), time.time)
    for lost in (*combinations(KEYS, 1), *combinations(KEYS, 2)):
        room = f"web:room:{'+'.join(lost)}"
        await say(memory, turn(room=room), "one", picture("a"))
        await say(memory, turn(PEOPLE[1], room=room), "two", picture("b"))
        await say(memory, turn(reply_to="one", room=room), "three")
        await store.redis.delete(*(f"{{m:{room}}}:{name}" for name in lost))
        for n, reply_to in enumerate(("", "one", "three")):
            asked = turn(reply_to=reply_to, room=room)
            await say(memory, asked, f"new {n}", picture("a"), picture(f"c{n}"))
            await is_true(store, memory, turn(room=room))
        assert len(await memory.find_pictures(room, [picture("a").ref, picture("c2").ref])) == 2, lost
        path = (await memory.open(turn(reply_to="new 2", room=room), "x")).path
        assert path[-1].question.text.endswith("/new 2"), lost
    await memory.export(PEOPLE[0].id)
    await memory.forget(PEOPLE[0].id)
    assert not [key for key in await store.redis.keys("*") if b":picture:c" in key]


@pytest.mark.parametrize("lost", ["tree", "owners", "links", "used", "meta", "pictures"])
async def test_what_was_lost_keeps_nothing_from_being_erased(
    store: Store, make_settings: MakeSettings, lost: str
) -> None:
    """An exchange or picture whose owner was evicted is erased with the next person who is forgotten in that
    room."""
    memory = Memory(store, Seal(), make_settings(), time.time)
    await say(memory, turn(), "one", picture("a"))
    await store.redis.delete(f"{{m:{ROOM}}}:{lost}")
    gone = await memory.forget(PEOPLE[0].id)
    assert (gone.exchanges, gone.pictures) == (1, 1)
    left = {key.rpartition(b":")[2] for key in await store.redis.keys(f"{{m:{ROOM}}}*")}
    assert not left & {b"turns", b"owners", picture("a").id.encode()}


async def test_a_lost_index_does_not_lift_the_bounds(
    store: Store, make_settings: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Exchanges missing in the index expire all the same."""
    monkeypatch.setattr("core.memory.ROOM_EXCHANGES", 5)
    memory = Memory(store, Seal(), make_settings(), time.time)
    for n in range(12):
        await say(memory, turn(), f"{n}")
        await store.redis.delete(f"{{m:{ROOM}}}:used", f"{{m:{ROOM}}}:meta")
    await say(memory, turn(), "last")
    assert await store.redis.hlen(f"{{m:{ROOM}}}:turns") == 5


async def test_posted_pictures_do_not_fill_the_store(
    store: Store, make_settings: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person may have any number of rooms with pictures: if all together are too large or too many, the
    oldest pictures go. The text stays."""
    monkeypatch.setattr("core.bounds.MOST_BYTES", 13_000)
    memory, rooms = Memory(store, Seal(), make_settings(), time.time), [f"web:room:{n}" for n in range(6)]
    shown = [Prepared(room.ljust(22, "_"), 8, 6, "image/png", b"x" * 4000) for room in rooms]
    left = []
    for number, room in enumerate(rooms):
        if number == 5:
            monkeypatch.setattr("core.bounds._MOST", 2)
        await say(memory, turn(room=room), "look", shown[number])
        kept = [await memory.find_pictures(rooms[n], [one.ref]) for n, one in enumerate(shown[: number + 1])]
        left.append(sum(map(len, kept)))
    assert left == [1, 2, 3, 3, 3, 2]
    assert len((await memory.open(turn(room=rooms[0]), "x")).path) == 1


async def test_a_server_that_evicts_at_random(make_settings: MakeSettings) -> None:
    """On a real server that evicts keys at random, no call fails and nothing untrue is read."""
    rng = random.Random(7)
    options = ("--maxmemory", "2mb", "--maxmemory-policy", "allkeys-random")
    with run_valkey("--port", "0", *options) as home:
        async with open_store(make_settings(redis_url=f"unix://{home}/socket")) as store:
            memory = Memory(store, Seal(), make_settings(), time.time)
            names: dict[str, list[str]] = {f"web:room:{n}": [] for n in range(12)}
            for n in range(700):
                room = rng.choice(list(names))
                reply_to = rng.choice(names[room]) if names[room] and rng.random() < 0.5 else ""
                asked = turn(rng.choice(PEOPLE), reply_to, room)
                shown = [Prepared(f"{n}".ljust(22, "_"), 8, 6, "image/png", rng.randbytes(4000))]
                await say(memory, asked, f"{n}", *shown)
                names[room].append(f"{n}")
                texts = [one.question.text for one in (await memory.open(turn(room=room), "x")).path]
                assert all(b.rpartition("/")[0] == a for a, b in pairwise(texts))
            facts: Any = await store.redis.info("stats")
            assert facts["evicted_keys"] > 100
            await memory.forget(PEOPLE[0].id)

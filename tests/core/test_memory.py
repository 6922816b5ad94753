"""Conversations: which exchange a question continues, what is kept, and what is kept apart."""

import asyncio
import secrets
from dataclasses import replace
from typing import Any

import pytest

from core import memory as memory_module
from core.conversation import Answered, Conversation, Exchange, Prepared, Question
from core.errors import StoreError
from core.memory import Memory
from core.seal import Seal
from core.store import Store
from core.turn import Person, Quote, Turn
from tests.core.conftest import Clock
from tests.packets import counted_packets

ANNA, BOB = Person("web:anna", "Anna"), Person("web:bob", "Bob")


@pytest.fixture
def memory(store: Store, make_settings: Any, clock: Clock) -> Memory:
    return Memory(store, Seal(), make_settings(), clock)


def ask(person: Person = ANNA, room: str = "web:room:1", reply_to: str = "", **fields: Any) -> Turn:
    """A question; `reply_to` is a message of ours."""
    quote = Quote(reply_to, "bot", "what we said", by_bot=True) if reply_to else fields.pop("quote", None)
    return Turn(secrets.token_hex(4), "ask", person, "web:chat:1", room, quote=quote, **fields)


def new_ref() -> str:
    return secrets.token_urlsafe(12)


async def say(memory: Memory, turn: Turn, text: str, message: str = "", **fields: Any) -> Conversation:
    """Asks `text`, is answered "re: TEXT", and that is posted as `message`."""
    conversation = await memory.open(turn, new_ref())
    question = Question(text, turn.person.id, turn.person.name, **fields)
    await memory.append(conversation, question, Answered(f"re: {text}", "gpt-4o-mini"))
    if message:
        await memory.bind(turn.room, [message], conversation.ref)
    return conversation


async def heard(memory: Memory, turn: Turn) -> list[str]:
    """The questions that a model would be told of if `turn` were asked now."""
    return [exchange.question.text for exchange in (await memory.open(turn, new_ref())).path]


async def test_goes_on_from_the_askers_latest_turn_while_it_is_fresh(memory: Memory, clock: Clock) -> None:
    """Without a reply, /ask continues the asker's latest exchange in that chat while it is recent, else starts
    anew."""
    await say(memory, ask(), "one")
    await say(memory, ask(), "two")
    assert await heard(memory, ask()) == ["one", "two"]
    clock.now += 30 * 60 - 1
    assert await heard(memory, ask()) == ["one", "two"]
    clock.now += 1
    assert await heard(memory, ask()) == []


async def test_people_and_rooms_are_kept_apart(memory: Memory) -> None:
    """Within a room each person has their own conversation; another room is not included."""
    await say(memory, ask(ANNA), "anna's")
    await say(memory, ask(BOB), "bob's")
    assert await heard(memory, ask(ANNA)) == ["anna's"]
    assert await heard(memory, ask(BOB)) == ["bob's"]
    assert await heard(memory, ask(ANNA, room="web:room:2")) == []


async def test_a_shared_room_is_one_conversation(memory: Memory) -> None:
    """A thread, topic or private chat is one shared conversation."""
    await say(memory, ask(ANNA, shared=True), "anna's")
    await say(memory, ask(BOB, shared=True), "bob's")
    assert await heard(memory, ask(ANNA, shared=True)) == ["anna's", "bob's"]


async def test_a_reply_branches_there_even_weeks_later(memory: Memory, clock: Clock) -> None:
    """A reply to an earlier answer, even weeks old or another person's, branches from it."""
    await say(memory, ask(), "one", "m1")
    await say(memory, ask(), "two", "m2")
    clock.now += 29 * 86400
    assert await heard(memory, ask(reply_to="m1")) == ["one"]
    assert await heard(memory, ask(BOB, reply_to="m2")) == ["one", "two"]
    await say(memory, ask(reply_to="m1"), "other two", "m3")
    assert await heard(memory, ask(reply_to="m3")) == ["one", "other two"]
    assert await heard(memory, ask(reply_to="m2")) == ["one", "two"]


async def test_two_replies_to_the_same_turn_at_once(memory: Memory) -> None:
    """Two replies to one answer at the same time become two branches."""
    await say(memory, ask(), "root", "m1")
    await asyncio.gather(
        say(memory, ask(ANNA, reply_to="m1"), "left", "m2"), say(memory, ask(BOB, reply_to="m1"), "right", "m3")
    )
    assert await heard(memory, ask(reply_to="m2")) == ["root", "left"]
    assert await heard(memory, ask(reply_to="m3")) == ["root", "right"]


async def test_every_message_of_an_answer_leads_back(memory: Memory) -> None:
    """An answer of several messages is found by each of them; messages may be recorded before the exchange
    is."""
    turn = ask()
    conversation = await memory.open(turn, new_ref())
    await memory.bind(turn.room, ["a", "b"], conversation.ref)
    await memory.append(conversation, Question("long", ANNA.id, ANNA.name), Answered("…", "gpt-4o-mini"))
    await memory.bind(turn.room, ["b", "c"], conversation.ref)
    assert [await heard(memory, ask(reply_to=name)) for name in "abc"] == [["long"]] * 3


async def test_a_reply_to_an_unknown_answer_starts_anew(memory: Memory) -> None:
    """A reply to an expired or erased answer continues nothing else; one to somebody else's message continues
    as usual."""
    await say(memory, ask(), "one")
    assert await heard(memory, ask(reply_to="forgotten")) == []
    assert await heard(memory, ask(quote=Quote("m9", "Bob", "hello"))) == ["one"]


async def test_new_starts_anew_at_once(memory: Memory) -> None:
    """/new takes effect at once, also for private exchanges, and an answer under way does not undo it."""
    private = ask(args={"private": True})
    await say(memory, private, "for me alone", "m0", private=True)
    await say(memory, ask(), "one", "m1")
    running = await memory.open(ask(), new_ref())
    await memory.start_anew(ask())
    await memory.append(running, Question("late", ANNA.id, ANNA.name), Answered("late", "gpt-4o-mini"))
    assert await heard(memory, ask()) == await heard(memory, private) == []
    assert await heard(memory, ask(reply_to="m1")) == ["one"]


async def test_regenerate_adds_a_sibling(memory: Memory) -> None:
    """Regenerate adds another answer beside the first; the next question continues from the newer one."""
    await say(memory, ask(), "root")
    first = await say(memory, ask(), "first")
    exchange = await memory.find_exchange("web:room:1", first.ref)
    assert exchange is not None
    again = await memory.open_again(ask(), new_ref(), exchange)
    assert again.parent == exchange.parent != ""
    assert [earlier.question.text for earlier in again.path] == ["root"]
    await memory.append(again, replace(exchange.question, text="second"), Answered("better", "gpt-4.1"))
    assert await heard(memory, ask()) == ["root", "second"]
    after = await memory.open_after(ask(), new_ref(), exchange)
    assert [earlier.question.text for earlier in after.path] == ["root", "first"]


async def test_what_only_the_asker_saw_stays_with_the_asker(memory: Memory) -> None:
    """A private answer is not used for other people's answers, nor in the asker's own public conversation;
    regenerated, it stays private."""
    private = ask(args={"private": True})
    hidden = await say(memory, private, "secret", "m1", private=True)
    assert await heard(memory, ask()) == []
    assert await heard(memory, ask(BOB, reply_to="m1")) == []
    assert await heard(memory, ask(ANNA, reply_to="m1")) == []
    assert await heard(memory, private) == ["secret"]
    exchange = await memory.find_exchange("web:room:1", hidden.ref)
    assert exchange is not None
    assert exchange.question.private
    again = await memory.open_again(ask(), new_ref(), exchange)
    assert again.head == f"!{ANNA.id}"
    public_child = await memory.open(ask(BOB, reply_to="m1"), new_ref())
    assert (public_child.parent, public_child.path) == ("", ())


async def test_private_chats_never_reach_a_group(memory: Memory) -> None:
    """A private chat's content is not used in a group: not by continuing, by a reply to its message id, or by
    its exchange's ref. In a private chat no model is told who talks."""
    own: dict[str, Any] = {"room": "web:private:anna", "shared": True, "private": True}
    assert not (await memory.open(ask(**own), new_ref())).several
    private_exchange = await say(memory, ask(**own), "between us", "m1")
    await memory.choose(ask(**own), "persona", "tutor")
    group = await memory.open(ask(reply_to="m1"), new_ref())
    assert (group.parent, group.path, group.chosen_persona) == ("", (), "")
    assert await memory.find_exchange("web:room:1", private_exchange.ref) is None


async def test_a_missing_parent_ends_the_path(memory: Memory, store: Store) -> None:
    """A conversation with an evicted middle continues with the part after it."""
    await say(memory, ask(), "one", "m1")
    two = await say(memory, ask(), "two", "m2")
    await say(memory, ask(), "three", "m3")
    await store.redis.hdel("{m:web:room:1}:tree", two.ref)
    assert await heard(memory, ask()) == ["three"]
    assert await heard(memory, ask(reply_to="m2")) == []
    await store.redis.delete("{m:web:room:1}:turns")
    assert await heard(memory, ask()) == []
    await store.redis.flushall()
    await say(memory, ask(), "again")
    assert await heard(memory, ask()) == ["again"]


async def test_fifty_at_once_keep_the_tree_whole(memory: Memory, store: Store) -> None:
    """50 simultaneous exchanges in one conversation: each is kept, under the parent it was asked at."""
    await say(memory, ask(shared=True), "root", "root")
    await asyncio.gather(
        *(
            say(memory, ask(ANNA if n % 2 else BOB, shared=True, reply_to="root"), f"child {n}", f"c{n}")
            for n in range(25)
        ),
        *(say(memory, ask(shared=True), f"next {n}", f"n{n}") for n in range(25)),
    )
    for n in range(25):
        assert await heard(memory, ask(shared=True, reply_to=f"c{n}")) == ["root", f"child {n}"]
        path = await heard(memory, ask(shared=True, reply_to=f"n{n}"))
        assert (path[0], path[-1]) == ("root", f"next {n}")
    assert await store.redis.hlen("{m:web:room:1}:turns") == 51
    sizes = [len(value) for value in await store.redis.hvals("{m:web:room:1}:turns")]
    assert int(await store.redis.hget("{m:web:room:1}:meta", "bytes")) == sum(sizes)


async def test_a_room_is_bounded(
    memory: Memory, store: Store, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A room has a maximum of exchanges and bytes; the least recently used go first, with all that led to
    them."""
    monkeypatch.setattr(memory_module, "ROOM_EXCHANGES", 5)
    await memory.bind("web:room:1", ["posted"], "of an answer that was never kept")
    for n in range(8):
        clock.now += 1
        said = await say(memory, ask(reply_to="x"), f"turn {n}", f"m{n}")
        await memory.bind("web:room:1", [f"more of m{n}"], said.ref)
    kept = [await store.redis.hlen(f"{{m:web:room:1}}:{kind}") for kind in ("turns", "tree", "links")]
    assert kept == [5, 5, 15]  # two messages lead to their exchange, and it to them
    assert await store.redis.hget("{m:web:room:1}:links", "m2") is None
    assert await heard(memory, ask(reply_to="m7")) == ["turn 7"]
    monkeypatch.setattr(memory_module, "ROOM_BYTES", 2000)
    big = await say(memory, ask(reply_to="x"), "y" * 700, "big")
    await memory.append(big, Question("y" * 800, ANNA.id, ANNA.name), Answered("re", "gpt-4o-mini"))
    size = sum(map(len, await store.redis.hvals("{m:web:room:1}:turns")))
    assert int(await store.redis.hget("{m:web:room:1}:meta", "bytes")) == size <= 2000
    assert await heard(memory, ask(reply_to="big")) == ["y" * 800]


async def test_use_renews(memory: Memory, store: Store, clock: Clock) -> None:
    """What is replied to stays for another MEMORY_TTL_DAYS, and what was chosen for another 400 days; what
    nobody uses expires."""
    await memory.chosen.prefer(ANNA.id, "persona", "brief")
    await memory.chosen.prefer_for_chat("web:chat:1", "persona", "tutor")
    for key in (chosen := ("{p:web:anna}:set", "{c:web:chat:1}:set")):
        await store.redis.expire(key, 86400)
    await say(memory, ask(), "kept", "m1")
    assert min([await store.redis.ttl(key) for key in chosen]) > 399 * 86400
    await say(memory, ask(reply_to="x"), "unused", "m2")
    clock.now += 20 * 86400
    assert await heard(memory, ask(reply_to="m1")) == ["kept"]
    clock.now += 20 * 86400
    await say(memory, ask(), "now")
    assert await heard(memory, ask(reply_to="m1")) == ["kept"]
    assert await heard(memory, ask(reply_to="m2")) == []


async def test_every_key_expires(memory: Memory, store: Store) -> None:
    """Every key of a conversation has a TTL; what is fresh is so for a short time."""
    turn = ask()
    picture = Prepared("p" * 22, 8, 8, "image/png", b"bytes")
    conversation = await memory.open(turn, new_ref())
    question = Question("q", ANNA.id, ANNA.name, pictures=(picture.ref,))
    await memory.append(conversation, question, Answered("a", "gpt-4o-mini"), [picture])
    assert 0 < await store.redis.ttl(f"{{m:{turn.room}}}:head:{conversation.head}") <= 90 * 60
    await memory.bind(turn.room, ["m1"], conversation.ref)
    await memory.bind("web:room:2", ["m2"], "of an answer that was never kept")
    await memory.choose(ask(BOB), "model", "gpt-4.1")
    await memory.chosen.prefer(ANNA.id, "language", "de")
    await memory.chosen.prefer_for_chat(turn.chat, "model", "gpt-4.1")
    await memory.start_anew(turn)
    await memory.choose(ask(carol := Person("web:carol", "Carol")), "model", "gpt-4.1")
    await memory.forget(carol.id)
    names = await store.redis.keys("*")
    assert len(names) > 10
    assert [name for name in names if await store.redis.ttl(name) < 0] == []


async def test_one_round_trip_each(memory: Memory, store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Opening is one round trip (history, persona, model and settings together), and so is appending."""
    await say(memory, ask(), "warm")
    trips = counted_packets(store, monkeypatch)
    conversation = await memory.open(ask(), new_ref())
    assert trips() == 1
    await memory.append(conversation, Question("q", ANNA.id, "Anna"), Answered("a", "gpt-4o-mini"))
    assert trips() == 2


async def test_a_store_that_is_full_is_an_error_of_the_store(memory: Memory, store: Store) -> None:
    """What cannot be written while a conversation is opened is told as such."""
    await say(memory, ask(), "one")
    await store.redis.config_set("maxmemory", 1)
    try:
        with pytest.raises(StoreError, match="store"):
            await memory.open(ask(), new_ref())
    finally:
        await store.redis.config_set("maxmemory", 0)


async def test_holds_on_a_cluster(cluster_store: Store, make_settings: Any, clock: Clock) -> None:
    """All of it works on a cluster, where a room, a person and a chat are in different slots."""
    memory = Memory(cluster_store, Seal(), make_settings(), clock)
    await memory.chosen.prefer(ANNA.id, "persona", "brief")
    await say(memory, ask(), "one", "m1")
    await say(memory, ask(), "two")
    conversation = await memory.open(ask(reply_to="m1"), new_ref())
    assert [exchange.question.text for exchange in conversation.path] == ["one"]
    assert conversation.persona.name == "brief"
    await memory.start_anew(ask())
    assert (await memory.forget(ANNA.id)).exchanges == 2


async def test_find_exchange_gives_back_the_whole_exchange(memory: Memory) -> None:
    """A button finds the exchange with everything that belonged to its question."""
    conversation = await say(memory, ask(), "what?", temperature=0.5)
    found = await memory.find_exchange("web:room:1", conversation.ref)
    assert isinstance(found, Exchange)
    assert (found.question.text, found.question.temperature) == ("what?", 0.5)
    assert (found.answer, found.model, found.finish) == ("re: what?", "gpt-4o-mini", "done")
    assert await memory.find_exchange("web:room:1", "nothing") is None

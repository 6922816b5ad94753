"""A person's data: choices, personas, erasing, exporting, sealing."""

import asyncio
import json
import logging
import time
from pathlib import Path
from typing import Any

import pytest
import structlog

from core.commands import INSTRUCTIONS_LENGTH
from core.conversation import Answered, Prepared, Question
from core.errors import BadInput
from core.memory import PICTURE_TTL_S, Memory
from core.personas import Offer, read_personas
from core.preferences import CHAT_PERSONAS, OWN, ChatDefaults, Preferences, check_persona
from core.seal import Seal
from core.settings import BadSettings
from core.store import Store
from core.turn import Person, Quote, Turn
from core.words import keys
from tests.core.test_running_stalls import Stalling
from tests.waiting import until

ANNA, BOB = Person("web:anna", "Anna"), Person("web:bob", "Bob")
SECRET, OTHER = "the first long secret", "another, longer secret".replace(",", "")


def ask(person: Person = ANNA, room: str = "web:room:1", **fields: Any) -> Turn:
    return Turn("web:1", "ask", person, "web:chat:1", room, **({"shared": True} | fields))


def picture(content: bytes = b"pixels") -> Prepared:
    return Prepared(content.hex().ljust(22, "0")[:22], 8, 6, "image/png", content)


@pytest.fixture
def memory(store: Store, make_settings: Any) -> Memory:
    return Memory(store, Seal(), make_settings(), lambda: 1_700_000_000.0)


async def say(memory: Memory, turn: Turn, text: str, ref: str, *pictures: Prepared) -> None:
    conversation = await memory.open(turn, ref)
    question = Question(text, turn.person.id, turn.person.name, pictures=tuple(one.ref for one in pictures))
    await memory.append(conversation, question, Answered(f"re: {text}", "gpt-4o-mini"), pictures)
    await memory.bind(turn.room, [f"message of {ref}"], ref)


async def everything(store: Store) -> bytes:
    """All that the store holds, keys and values."""
    found = b""
    for key in await store.redis.keys("*"):
        found += key + b"\n" + (await store.redis.dump(key))
        kind = await store.redis.type(key)
        if kind == b"hash":
            found += b"".join(b for pair in (await store.redis.hgetall(key)).items() for b in pair)
        elif kind == b"zset":
            found += b"".join(await store.redis.zrange(key, 0, -1))
        elif kind == b"string":
            found += await store.redis.get(key)
    return found


async def test_choices_hold_in_their_order(memory: Memory) -> None:
    """Model and persona: by conversation, person, then chat default; a branch inherits its conversation's, and
    another branch does not."""
    await say(memory, ask(), "zero", "r0")
    await memory.chosen.prefer_for_chat("web:chat:1", "model", "gpt-4.1-nano")
    await memory.chosen.prefer_for_chat("web:chat:1", "persona", "tutor")
    opened = await memory.open(ask(), "r1")
    assert (opened.model, opened.chat_model, opened.persona.name) == ("", "gpt-4.1-nano", "tutor")
    await memory.chosen.prefer(ANNA.id, "model", "gpt-4.1")
    await memory.chosen.prefer(ANNA.id, "persona", "brief")
    opened = await memory.open(ask(), "r1")
    assert (opened.model, opened.persona.name) == ("gpt-4.1", "brief")
    await memory.choose(ask(), "model", "gpt-4o")
    await memory.choose(ask(), "persona", "coder")
    await say(memory, ask(), "one", "r1")
    opened = await memory.open(ask(), "r2")
    assert (opened.model, opened.persona.name, opened.chosen_model) == ("gpt-4o", "coder", "gpt-4o")
    opened = await memory.open(ask(quote=Quote("message of r0", "bot", "", by_bot=True)), "r2")
    assert (opened.model, opened.persona.name, opened.chosen_model) == ("gpt-4.1", "brief", "")
    await memory.choose(ask(), "model", "gpt-4.1-mini")
    await memory.choose(ask(), "persona", "tutor")
    await memory.start_anew(ask())
    opened = await memory.open(ask(), "r2")
    assert (opened.model, opened.persona.name) == ("gpt-4.1", "brief")
    exchange = await memory.find_exchange("web:room:1", "r1")
    assert exchange is not None
    assert (await memory.open_after(ask(), "r3", exchange)).model == "gpt-4o"


async def test_a_persons_own_instructions(memory: Memory) -> None:
    """A person may set own instructions, limited in length, for themselves only."""
    await memory.chosen.prefer(ANNA.id, "prompt", "Talk like a pirate.")
    await memory.chosen.prefer(ANNA.id, "persona", OWN)
    assert "Talk like a pirate." in (await memory.open(ask(), "r1")).persona.prompt
    assert "pirate" not in (await memory.open(ask(BOB), "r1")).persona.prompt
    with pytest.raises(BadInput, match="prompt-too-long"):
        await memory.chosen.prefer(ANNA.id, "prompt", "x" * (INSTRUCTIONS_LENGTH + 1))
    await memory.chosen.prefer(ANNA.id, "prompt", "")
    assert (await memory.open(ask(), "r1")).persona.name == "default"


async def test_a_chats_own_personas(memory: Memory) -> None:
    """Admins make personas for their chat, a limited number; only that chat's picker has them, by name. One
    that is named as one of ours takes its place."""
    await memory.chosen.prefer_for_chat("web:chat:1", "model", "gpt-4.1-nano")
    for name in ("Captain", "brief", "Admiral"):
        await memory.chosen.set_chat_persona("web:chat:1", name, f"You are the {name.lower()}.")
    await memory.choose(ask(), "persona", "Captain")
    assert (await memory.open(ask(), "r1")).persona.prompt == "You are the captain."
    elsewhere = Turn("web:1", "ask", ANNA, "web:chat:2", "web:room:1", shared=True)
    assert (await memory.open(elsewhere, "r1")).persona.name == "default"
    defaults = await memory.chosen.chat_defaults("web:chat:1")
    names = [
        one.value for one in memory.chosen.offer(defaults, Preferences(prompt="x")).choices("de", "Captain")
    ]
    assert names == [*memory.chosen.personas, "Admiral", "Captain", OWN]
    for n in range(CHAT_PERSONAS - 3):
        await memory.chosen.set_chat_persona("web:chat:1", f"p{n}", "x")
    defaults = await memory.chosen.chat_defaults("web:chat:1")
    with pytest.raises(BadInput, match="too-many-personas"):
        check_persona(defaults, "another", "x")
    for name in ("two words", "a:b", "ж" * 21, "", OWN, "off"):
        with pytest.raises(BadInput, match="persona-name"):
            check_persona(defaults, name, "x")
    await memory.chosen.set_chat_persona("web:chat:1", "Captain", "")
    assert (await memory.open(ask(), "r1")).persona.name == "default"


def test_the_shipped_personas_have_words() -> None:
    """Every shipped persona has a name and a description in every language."""
    for locale in ("en", "de"):
        for name in read_personas():
            assert {f"persona-{name}", f"persona-{name}-detail"} <= set(keys(locale))
    lines = Offer(read_personas(), ChatDefaults()).choices("de", "tutor")
    assert [one.label for one in lines if one.chosen] == ["Lehrer"]


def test_the_operators_personas(tmp_path: Path) -> None:
    """PERSONAS_FILE adds and overrides personas; an error in it is named, without quoting the text."""
    file = tmp_path / "personas.toml"
    file.write_text(
        '[sage]\nprompt = "Be wise."\nlabel = "Sage"\ndetail = "Slow."\n[brief]\nprompt = "Short."\n'
    )
    personas = read_personas(file)
    assert Offer(personas, ChatDefaults()).find("sage") == personas["sage"]
    sage = personas["sage"]
    assert (sage.label, sage.detail, personas["brief"].prompt) == ("Sage", "Slow.", "Short.")
    file.write_text('[sage]\nprompt = "Be wise."\nlabel = " "\n')
    assert Offer(read_personas(file), ChatDefaults()).choices("en", "sage")[-1].label == "sage"
    for wrong in (
        "[x",
        "x = 1",
        "[x]\nprompt = 1",
        '[x]\nprompt = ""',
        '[x]\nprompt="y"\nz="q"',
        '[own]\nprompt="y"',
        '[off]\nprompt="y"',
        '[""]\nprompt="y"',
    ):
        file.write_text(wrong)
        with pytest.raises(BadSettings, match=r"personas\.toml"):
            read_personas(file)
    with pytest.raises(BadSettings, match="cannot be read"):
        read_personas(tmp_path / "none.toml")


async def test_forget_erases_everything_about_a_person(memory: Memory, store: Store) -> None:
    """/forget erases exchanges, pictures and settings everywhere, including shared rooms, and counts them."""
    await say(memory, ask(BOB), "bob's question", "bob1" * 4)
    await say(memory, ask(ANNA), "anna's question", "anna" * 4, picture(), picture(b"more"))
    await say(memory, ask(BOB), "bob's next", "bob2" * 4, picture())
    await say(memory, ask(ANNA, room="web:private", private=True), "alone", "priv" * 4)
    await memory.chosen.prefer(ANNA.id, "prompt", "anna's prompt")
    forgotten = await memory.forget(ANNA.id)
    assert (forgotten.exchanges, forgotten.pictures, forgotten.settings) == (2, 2, 1)
    left = await everything(store)
    for trace in (b"anna's", b"alone", b"Anna", b"more", b"anna" * 4 + b"-"):
        assert trace not in left
    assert await memory.find_exchange("web:room:1", "anna" * 4) is None
    assert len(await memory.find_pictures("web:room:1", [picture().ref, picture(b"more").ref])) == 1  # bob's
    path = (await memory.open(ask(BOB), "r" * 16)).path
    assert [one.question.text for one in path] == ["bob's question", "bob's next"]
    again = await memory.forget(ANNA.id)
    assert (again.exchanges, again.pictures, again.settings) == (0, 0, 0)
    assert b"web:anna" not in await store.redis.hget("{m:web:room:1}:tree", "anna" * 4)


async def test_forget_erases_what_was_chosen_for_a_conversation(memory: Memory, store: Store) -> None:
    """In a shared conversation that others continue, as in the person's own."""
    await say(memory, ask(BOB), "bob's question", "bob1" * 4)
    for own in ({}, {"shared": False}, {"args": {"private": "yes"}}):
        await memory.choose(ask(**own), "model", "gpt-4.1-nano")
        await memory.choose(ask(**own), "persona", "coder")
    assert len(await store.redis.keys("{m:web:room:1}:head:*")) == 3
    await memory.choose(ask(BOB), "model", "gpt-4o")  # for everybody, in place of hers
    await memory.forget(ANNA.id)
    left = await everything(store)
    for trace in (b"gpt-4.1-nano", b"coder", b"persona_by"):
        assert trace not in left
    bobs = await memory.open(ask(BOB), "r" * 16)
    assert ([one.question.text for one in bobs.path], bobs.model) == (["bob's question"], "gpt-4o")


async def test_a_picture_that_two_showed_goes_with_the_last_of_them(memory: Memory) -> None:
    """Also if one owner's name begins with the other's, or one showed it twice."""
    twelve, one = Person("web:-12", "Twelve"), Person("web:-1", "One")
    for number, person in enumerate((twelve, one, twelve)):
        await say(memory, ask(person), "look", f"{number}" * 16, picture())
    for person, left in ((twelve, 1), (one, 0)):
        await memory.forget(person.id)
        assert len(await memory.find_pictures("web:room:1", [picture().ref])) == left


async def test_nothing_says_which_pictures_there_were(memory: Memory, store: Store) -> None:
    """A private chat has its person's name: after /forget the index of all pictures has none of it, and still
    has those of others."""
    await say(memory, ask(room=ANNA.id), "look", "r1", picture())
    await say(memory, ask(BOB, room=BOB.id), "look", "r2", picture())
    await memory.forget(ANNA.id)
    (left,) = await store.redis.zrange("{posted}:pictures", 0, -1)
    assert BOB.id in left.decode()


async def test_an_answer_under_way_is_not_written_after_forget(memory: Memory, store: Store) -> None:
    """A question asked before /forget and answered after it is not remembered; a later one is."""
    now = 1_700_000_000.0
    memory._clock = lambda: now
    running = await memory.open(ask(), "r" * 16)
    await memory.forget(ANNA.id)
    await memory.append(running, Question("late", ANNA.id, "Anna"), Answered("late", "gpt-4o-mini"))
    assert await memory.find_exchange("web:room:1", "r" * 16) is None
    now += 1
    await say(memory, ask(), "new", "n" * 16)
    assert await memory.find_exchange("web:room:1", "n" * 16)


@pytest.mark.parametrize("ahead", [-30, 30])
async def test_what_is_forgotten_stays_so_between_clocks(
    store: Store, make_settings: Any, memory: Memory, ahead: float
) -> None:
    """One of two processes has a fast clock. What it was asked before the other one forgot is not remembered;
    what it is asked later is."""
    there = Memory(store, Seal(), make_settings(), lambda: time.time() + ahead)
    memory._clock = time.time
    running = await there.open(ask(), "r" * 16)
    await memory.forget(ANNA.id)
    await there.append(running, Question("late", ANNA.id, "Anna"), Answered("late", "gpt-4o-mini"))
    assert await memory.find_exchange("web:room:1", "r" * 16) is None
    await say(there, ask(), "new", "n" * 16)
    assert await memory.find_exchange("web:room:1", "n" * 16)


async def test_what_is_said_while_it_is_forgotten_can_be_forgotten_later(
    store: Store, make_settings: Any, memory: Memory
) -> None:
    """What the person writes during a /forget, in a new room or one that is erased by then, is erased by the
    next one."""
    memory._clock = time.time
    for room in "12":
        await say(memory, ask(room=room), "old", "o" * 16)
    stalling = Stalling(store)
    there = Memory(stalling, Seal(), make_settings(), time.time)
    stalling.goes.clear()
    forgetting = asyncio.create_task(there.forget(ANNA.id))
    await until(lambda: stalling.waiting)
    stalling.goes.set()
    stalling.goes.clear()  # for the second room

    async def is_in_between() -> bool:
        return stalling.waiting == 1 and await memory.find_exchange("1", "o" * 16) is None

    await until(is_in_between)
    for room in "13":
        await say(memory, ask(room=room), "new", "n" * 16)
    stalling.goes.set()
    assert (await forgetting).exchanges == 2
    assert (await memory.forget(ANNA.id)).exchanges == 2


async def test_the_index_of_rooms_is_trimmed(memory: Memory, store: Store) -> None:
    """A room whose exchanges have all expired leaves the index when the person writes elsewhere."""
    now = 1_700_000_000.0
    memory._clock = lambda: now
    await memory.open(ask(room="web:room:old"), "r" * 16)
    now += 330 * 86_400 - 10
    await memory.open(ask(room="web:room:new"), "r" * 16)
    assert await store.redis.zcard("{p:web:anna}:rooms") == 2
    now += 20
    await memory.open(ask(room="web:room:new"), "r" * 16)
    assert await store.redis.zrange("{p:web:anna}:rooms", 0, -1) == [b"web:room:new"]


async def test_export_gives_everything_as_json(memory: Memory) -> None:
    """The person's settings, exchanges and pictures, and nobody else's: also not those of somebody whose name
    begins the same."""
    await say(memory, ask(Person(f"{ANNA.id}2", "Bob")), "bob's", "bob1" * 4)
    await say(memory, ask(ANNA), "anna's", "anna" * 4, picture())
    await memory.chosen.prefer(ANNA.id, "language", "de")
    found = json.loads(json.dumps(await memory.export(ANNA.id)))
    assert found["settings"]["language"] == "de"
    (turn,) = found["rooms"]["web:room:1"]
    assert (turn["question"]["text"], turn["answer"]) == ("anna's", "re: anna's")
    assert turn["picture_data"][0]["base64"] == "cGl4ZWxz"
    assert "bob's" not in json.dumps(found)
    assert await memory.chosen.language_of(ANNA.id) == "de"


async def test_pictures_are_kept_bounded_and_renewed(
    memory: Memory, store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Pictures are kept by content, limited in number and size per room; the oldest go first."""
    monkeypatch.setattr("core.memory.ROOM_PICTURES", 3)
    now = 1_700_000_000.0
    memory._clock = lambda: now
    for n in range(5):
        now += 1
        await say(memory, ask(), f"{n}", f"{n}" * 16, picture(f"pic {n}".encode()), picture(b"same"))
    refs = [picture(f"pic {n}".encode()).ref for n in range(5)]
    assert [one.data for one in await memory.find_pictures("web:room:1", refs)] == [b"pic 3", b"pic 4"]
    assert await memory.find_pictures("web:room:1", [picture(b"same").ref]) == (picture(b"same"),)
    assert int(await store.redis.hget("{m:web:room:1}:meta", "picture_bytes")) == sum(
        [await store.redis.strlen(key) for key in await store.redis.keys("{m:web:room:1}:picture:*")]
    )
    assert await memory.find_pictures("web:room:1", []) == ()
    now += PICTURE_TTL_S - 10
    await memory.find_pictures("web:room:1", refs[3:4])  # goes on about it
    now += 20
    await say(memory, ask(), "later", "later" * 3)
    assert [one.data for one in await memory.find_pictures("web:room:1", refs)] == [b"pic 3"]


async def test_content_is_sealed_and_keys_can_change(store: Store, make_settings: Any) -> None:
    """With CONTENT_KEY a person's texts and pictures cannot be read from the store; old keys still decrypt."""
    plain = Memory(store, Seal(), make_settings(), time.time)
    await say(plain, ask(), "before any key", "p" * 16)
    first = Memory(store, Seal(SECRET), make_settings(), time.time)
    await say(first, ask(), "confidential", "1" * 16, picture(b"private pixels"))
    await first.chosen.prefer(ANNA.id, "prompt", "hush, pirate")
    held = await everything(store)
    assert b"before any key" in held
    for trace in (b"confidential", b"private pixels", b"hush, pirate"):
        assert trace not in held
    both = Memory(store, Seal(f"{OTHER}, {SECRET}"), make_settings(), time.time)
    await say(both, ask(), "newer", "2" * 16)
    path = (await both.open(ask(), "r" * 16)).path
    assert [one.question.text for one in path] == ["before any key", "confidential", "newer"]
    assert (await both.find_pictures("web:room:1", [picture(b"private pixels").ref]))[
        0
    ].data == b"private pixels"
    only = Memory(store, Seal(OTHER), make_settings(), time.time)
    path = (await only.open(ask(), "r" * 16)).path
    assert [one.question.text for one in path] == ["before any key", "newer"]
    assert (await only.chosen.preferences(ANNA.id)).prompt == ""


def test_a_seal_binds_to_its_place() -> None:
    """A sealed value opens only under its own key, unchanged; short secrets are refused."""
    seal = Seal(SECRET)
    closed = seal.encrypt(b"text", "here")
    assert seal.decrypt(closed, "here") == b"text"
    assert seal.decrypt(closed, "there") is None
    assert seal.decrypt(closed[:-1] + bytes([closed[-1] ^ 1]), "here") is None
    assert seal.decrypt(b"", "here") is None
    assert closed != seal.encrypt(b"text", "here")
    with pytest.raises(ValueError, match="at least 16"):
        Seal("short")


async def test_nothing_a_person_wrote_is_logged(
    memory: Memory, store: Store, make_settings: Any, caplog: pytest.LogCaptureFixture
) -> None:
    """Neither texts nor names reach the log, whatever happens."""
    caplog.set_level(logging.DEBUG)
    with structlog.testing.capture_logs() as logs:
        sealed = Memory(store, Seal(SECRET), make_settings(), time.time)
        await say(sealed, ask(), "my secret words", "s" * 16)
        await memory.open(ask(), "r" * 16)
        await store.redis.hset("{m:web:room:1}:turns", "s" * 16, b"\x00garbage")
        await memory.open(ask(), "r" * 16)
        await memory.forget(ANNA.id)
    logged = json.dumps(logs, default=str) + caplog.text
    assert {entry["event"] for entry in logs} == {"seal.unreadable", "memory.unreadable"}
    assert "secret words" not in logged
    assert "Anna" not in logged

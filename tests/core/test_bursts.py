"""Messages of one person that belong together become one Turn, whichever processes they reach."""

import asyncio
import json
from collections.abc import Mapping
from dataclasses import fields, replace
from typing import Any, get_type_hints

import pytest

from core.bursts import Bursts
from core.errors import BadInput
from core.seal import Seal
from core.store import Store
from core.turn import Attachment, FileRef, Person, Quote, Turn, Value
from tests.waiting import until

ANNA, BOB = Person("web:anna", "Anna"), Person("web:bob", "Bob")


def message(number: int, text: str = "", person: Person = ANNA, **fields: Any) -> Turn:
    turn_id = f"web:update:{number}"
    return Turn(turn_id, "ask", person, "web:chat:1", "web:room:1", text, message=str(number), **fields)


def photo(name: str, data: bytes = b"here") -> Attachment:
    async def read(limit: int) -> bytes:
        return data

    return Attachment(name, "image/png", 4, read, token=f"file-{name}")


SAMPLES: dict[Any, Any] = {
    str: "a word", int: 7, bool: True, frozenset[str]: frozenset({"a", "b"}),
    Mapping[str, Value]: {"text": "x", "whole": 1, "part": 1.5, "yes": True},
    Mapping[str, frozenset[str]]: {"web:bob": frozenset({"a", "b"})},
    tuple[Attachment, ...]: (photo("a"), photo("b")),
}  # fmt: skip


def filled(kind: type[Any], **given: Any) -> Any:
    """With something in every field; KeyError where nobody said above what that may be."""
    hints = get_type_hints(kind)
    made = kind(**{one.name: SAMPLES[hints[one.name]] for one in fields(kind)})
    assert [one.name for one in fields(kind) if getattr(made, one.name) == one.default] == []
    return replace(made, **given)


SAMPLES |= {Person: filled(Person), Quote | None: filled(Quote)}


async def meet(here: Bursts, there: Bursts, foreign: Turn, own: Turn) -> Turn:
    """The whole of what two processes received, for the one that received `own`."""
    lies = asyncio.Event()
    waiting = asyncio.create_task(here.join(own, lies.set))
    await lies.wait()
    assert await there.join(foreign) is None
    whole = await waiting
    assert whole is not None
    return whole


@pytest.fixture
def bursts(store: Store, make_settings: Any) -> Bursts:
    return Bursts(store, Seal(), make_settings(burst_quiet_s=0.1))


async def test_pieces_become_one_turn_in_the_order_of_the_messages(bursts: Bursts) -> None:
    """A long paste that the client split, or a text followed by its picture, becomes one turn, for one
    caller."""
    parts = [message(11, "second"), message(10, "first"), message(12, attachments=(photo("a"),))]
    joined = [turn for turn in await asyncio.gather(*map(bursts.join, parts)) if turn]
    assert len(joined) == 1
    assert (joined[0].message, joined[0].text) == ("10", "first\nsecond")
    assert [await one.read(9) for one in joined[0].attachments] == [b"here"]


async def test_people_are_not_mixed(bursts: Bursts) -> None:
    """What another person sends at the same time stays their own."""
    anna, bob = await asyncio.gather(bursts.join(message(1, "a")), bursts.join(message(2, "b", BOB)))
    assert anna is not None
    assert bob is not None
    assert (anna.text, bob.text) == ("a", "b")


async def test_an_album_that_arrives_in_several_processes(store: Store, make_settings: Any) -> None:
    """Each item may reach another process: one process gets all, and can read every file."""
    settings = make_settings(burst_quiet_s=0.1)
    processes = [Bursts(store, Seal("a long enough secret"), settings) for _ in range(3)]

    def attach(file: FileRef) -> Attachment:
        return photo(file.name, f"again {file.token}".encode())

    for process in processes:
        process.can_read("web", attach)
    items = [message(n, attachments=(photo(str(n)),), args={"private": True}) for n in range(10)]
    found = await asyncio.gather(*(processes[n % 3].join(item) for n, item in enumerate(items)))
    (whole,) = [turn for turn in found if turn]
    assert [one.name for one in whole.attachments] == [str(n) for n in range(10)]
    data = [await one.read(99) for one in whole.attachments]
    assert all(one in (b"here", f"again file-{n}".encode()) for n, one in enumerate(data))
    assert data.count(b"here") in (3, 4)  # its own third
    assert whole.args == {"private": True}


async def test_all_that_a_turn_says_reaches_the_other_process(store: Store, make_settings: Any) -> None:
    """Every field of a Turn has the same value in the process that handles it."""
    here, there = (Bursts(store, Seal(), make_settings(burst_quiet_s=0.1)) for _ in range(2))
    here.can_read("web", lambda file: replace(photo(file.name), token=file.token))
    foreign = filled(Turn, id="web:update:1", message="1")
    own = replace(foreign, id="web:update:2", message="2", text="", args={}, attachments=(), quote=None)
    assert await meet(here, there, foreign, own) == replace(foreign, id=own.id)


async def test_parts_that_were_written_differently(
    store: Store, make_settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Another version may write fewer or more fields: its part is joined all the same. An unreadable part, or
    one sealed with another key, holds up no other."""
    settings, file = make_settings(burst_quiet_s=0.1), {"name": "x", "media_type": "", "size": 1, "token": "t"}
    here, there = (Bursts(store, Seal(), settings) for _ in range(2))
    strange = Bursts(store, Seal("a long enough secret"), settings)
    asked = {"message": "9", "author": "Bob", "text": "look", "files": [file], "later": 1}
    written = {
        "id": "web:update:1", "command": "ask", "person": {"id": ANNA.id, "name": "Anna"}, "chat": "web:chat:1",
        "room": "web:room:1", "text": "one", "message": "1", "files": [file], "quote": asked, "later": 1,
    }  # fmt: skip
    own, foreign = message(2, "two"), message(1, "not this")
    with monkeypatch.context() as patch:
        patch.setattr("core.bursts._pack", lambda turn: json.dumps(written).encode())
        whole = await meet(here, there, foreign, own)
    assert (whole.id, whole.text, len(whole.attachments)) == (own.id, "one\ntwo", 1)
    assert whole.quote is not None
    assert (whole.quote.text, whole.quote.attachments[0].name) == ("look", "x")
    await here.begun(own)
    own, foreign = message(4, "four"), message(3, "three")
    assert (await meet(here, strange, foreign, own)).text == "four"
    await here.begun(own)
    own, foreign = message(6, "six"), message(5, "five")
    monkeypatch.setattr("core.bursts._pack", lambda turn: b'{"id": 5}')
    assert (await meet(here, there, foreign, own)).text == "six"


async def test_a_file_nobody_can_read_again_is_said_to_be_gone(store: Store, make_settings: Any) -> None:
    """A file that only the other process could read is refused as gone, not left out silently."""
    here, there = (Bursts(store, Seal(), make_settings(burst_quiet_s=0.1)) for _ in range(2))
    quote = Quote("9", "Bob", "look", attachments=(photo("q"),))
    first, second = await asyncio.gather(
        here.join(message(1, "a", attachments=(photo("x"),))), there.join(message(2, quote=quote))
    )
    whole = first or second
    assert whole is not None
    assert whole.quote is not None
    foreign = (whole.quote if first else whole).attachments[0]
    with pytest.raises(BadInput, match="attachment-gone"):
        await foreign.read(9)


async def test_the_next_message_takes_over_from_a_dead_process(
    store: Store, make_settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the waiting process died, the next message includes the earlier ones as its own; so does the one after
    that, also if a message was answered alone meanwhile because the store was away."""
    monkeypatch.setattr("core.bursts._STALE_S", -0.1)
    dead, alive = (Bursts(store, Seal(), make_settings(burst_quiet_s=0.05)) for _ in range(2))
    waiting = asyncio.create_task(dead.join(message(1, "lost?")))
    await until(lambda: store.redis.exists("{burst:web:room:1:web:anna}:parts"))
    waiting.cancel()
    whole = await alive.join(message(2, "no"))
    assert whole is not None
    assert (whole.id, whole.message, whole.text) == ("web:update:2", "1", "lost?\nno")


async def test_a_part_that_is_delivered_again_goes_on_waiting(store: Store, make_settings: Any) -> None:
    """The parts that a dead process waited with are redelivered to another one: it gets all of them, each
    once."""
    dead, alive = (Bursts(store, Seal(), make_settings(burst_quiet_s=0.3)) for _ in range(2))
    waiting = asyncio.create_task(dead.join(message(1, "one")))
    await until(lambda: store.redis.exists("{burst:web:room:1:web:anna}:parts"))
    assert await dead.join(message(2, "two")) is None
    waiting.cancel()
    whole = await alive.join(message(1, "one"))
    assert whole is not None
    assert whole.text == "one\ntwo"


async def test_nothing_stays_behind_and_nothing_waits_forever(
    store: Store, make_settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Everything expires; a person who never pauses is answered all the same; 0 seconds switch joining off."""
    monkeypatch.setattr("core.bursts.LONGEST_S", 0.2)
    bursts = Bursts(store, Seal(), make_settings(burst_quiet_s=0.15))
    waiting = asyncio.create_task(bursts.join(message(0, "0")))
    number = 0
    while not waiting.done():
        await until(lambda: waiting.done() or store.redis.exists("{burst:web:room:1:web:anna}:parts"))
        number += 1
        later = asyncio.create_task(bursts.join(message(number, str(number))))
        await asyncio.wait([waiting, later], timeout=0.05)
        # -1 is for ever; -2 are parts that were handed out between the two questions.
        assert -1 not in [await store.redis.ttl(key) for key in await store.redis.keys("*")]
        assert number < 50
    assert await waiting is not None
    off = Bursts(store, Seal(), make_settings(burst_quiet_s=0))
    assert await off.join(message(1, "now")) == message(1, "now")


@pytest.mark.parametrize(("quiet_s", "lead_s"), [(0.2, 0.05), (0.05, 0.2)])
async def test_what_may_be_whole_waits_for_the_shorter_time(
    store: Store, make_settings: Any, quiet_s: float, lead_s: float
) -> None:
    """A question by itself is answered after BURST_LEAD_S, or after BURST_QUIET_S where that is shorter. The
    store is not asked all the time meanwhile."""
    bursts, lies = (
        Bursts(store, Seal(), make_settings(burst_quiet_s=quiet_s, burst_lead_s=lead_s)),
        asyncio.Event(),
    )
    leading = asyncio.create_task(bursts.lead(message(1, "one"), lies.set))
    await lies.wait()
    since, ends = await store.redis.hmget("{burst:web:room:1:web:anna}:times", "since", "ends")
    assert float(ends) - float(since) == pytest.approx(0.05, abs=0.001)
    await store.redis.config_resetstat()
    await leading
    assert (await store.redis.info("commandstats"))["cmdstat_evalsha"]["calls"] < 5


async def test_what_leads_takes_along_what_joins_and_nothing_that_leads_itself(
    store: Store, make_settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A short question waits a little for its picture, wherever that arrives; two questions stay two. What
    another process got is not kept here for ever."""
    settings = make_settings(burst_quiet_s=0.2, burst_lead_s=0.1)
    here, there = (Bursts(store, Seal(), settings) for _ in range(2))
    lies = asyncio.Event()
    leading = asyncio.create_task(here.lead(message(1, "Where is this?"), lies.set))
    await lies.wait()
    assert await there.join(message(2, attachments=(photo("x"),))) is None
    whole = await leading
    assert whole is not None
    assert (whole.text, len(whole.attachments)) == ("Where is this?", 1)
    await here.begun(message(1))

    questions = [message(3, "one"), message(4, "two")]
    handed: list[str] = []

    async def ask(bursts: Bursts, turn: Turn) -> None:
        if whole := await bursts.lead(turn):
            handed.append(whole.text)
            await bursts.begun(turn)

    await asyncio.gather(*map(ask, (here, there), questions))
    assert sorted(handed) == ["one", "two"]

    assert set(there._here) == {"web:update:2"}
    monkeypatch.setattr("core.bursts._HERE_S", 0)
    await ask(there, message(5))
    assert not there._here


async def test_the_end_of_a_long_paste_is_a_part_of_it(bursts: Bursts) -> None:
    """The short last piece of a paste joins it, though it would otherwise wait for a picture; anything may join
    until the turn is handed out."""
    place = ("web:room:1", ANNA.id)
    assert not await bursts.is_open(*place)
    lies = asyncio.Event()
    waiting = asyncio.create_task(bursts.join(message(1, "a long"), lies.set))
    await lies.wait()
    assert await bursts.is_open(*place)
    assert await bursts.lead(message(2, "paste")) is None
    whole = await waiting
    assert whole is not None
    assert whole.text == "a long\npaste"
    assert not await bursts.is_open(*place)


async def test_what_comes_next_waits_until_the_whole_has_begun(store: Store, make_settings: Any) -> None:
    """Later commands, questions and pictures of the same person wait, in every process; other people's do
    not."""
    here, there = (
        Bursts(store, Seal(), make_settings(burst_quiet_s=0.05, burst_lead_s=0.05)) for _ in range(2)
    )
    assert await here.lead(message(1, "one")) is not None
    later: list[asyncio.Task[Any]] = [
        asyncio.create_task(there.passed("web:room:1", ANNA.id)),
        asyncio.create_task(there.lead(message(2, "two"))),
        asyncio.create_task(there.join(message(3, "three"))),
    ]
    await there.passed("web:room:1", BOB.id)
    assert await there.lead(message(4, "four", BOB)) is not None
    assert not any(task.done() for task in later)
    await here.begun(message(1))
    await later[0]
    found = await asyncio.gather(*later[1:])
    assert len([turn for turn in found if turn]) == 1


async def test_a_process_may_die_between_the_parts_and_their_beginning(
    store: Store, make_settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A turn that was handed out but not started is handed out again, as a whole, to the process that gets a
    redelivery, and to nobody else; later messages continue without it after a while. A started turn is over for
    all its parts, and no matter to those that wait by then."""
    monkeypatch.setattr("core.bursts._BEGIN_S", 0.1)
    monkeypatch.setattr("core.bursts._STALE_S", 0.1)
    dead, alive = (Bursts(store, Seal(), make_settings(burst_quiet_s=0.1, burst_lead_s=0.1)) for _ in range(2))
    alive.can_read("web", lambda file: photo(file.name))
    lies = asyncio.Event()
    leading = asyncio.create_task(dead.lead(message(1, "one"), lies.set))
    await lies.wait()
    shown = message(2, attachments=(photo("x"),))
    assert await dead.join(shown) is None
    assert await leading is not None

    assert await alive.join(shown) is None
    await alive.passed("web:room:1", ANNA.id)
    other = await alive.lead(message(3, "other"))
    assert other is not None
    assert other.text == "other"
    await alive.begun(message(3))
    again = await alive.lead(message(1, "one"))
    assert again is not None
    assert (again.id, again.text, len(again.attachments)) == ("web:update:1", "one", 1)
    await alive.begun(message(1))
    assert await alive.lead(message(1, "one")) is None
    assert await alive.join(shown) is None
    assert not [key for key in await store.redis.keys("*") if b"parts" in await _fields(store, key)]
    lies.clear()
    leading = asyncio.create_task(alive.lead(message(4, "later"), lies.set))
    await lies.wait()
    await dead.begun(message(1))
    assert await leading is not None


async def _fields(store: Store, key: bytes) -> list[bytes]:
    return await store.redis.hkeys(key) if await store.redis.type(key) == b"hash" else []

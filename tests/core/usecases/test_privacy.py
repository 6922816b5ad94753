"""A person's data: to shape, see and erase; and it is in no log."""

import asyncio
import json
from base64 import b64decode, b64encode
from dataclasses import replace
from typing import Any

import pytest

from core.answer import Phase, Surface
from core.app import Core
from core.minitool.simulated import Simulated
from core.money.caps import parse_change
from core.orders.order import Order, OrderPiece, Wish
from core.spend import Payer, Spent, Wanted
from core.turn import Person, Quote, Turn
from tests.core.attachments.made_pictures import encoded, photo
from tests.core.test_running_stalls import Stalling
from tests.core.usecases.conftest import Opened, Place, posted, run_turn
from tests.dumps import everything, everything_logged
from tests.recording import RecordingReply
from tests.waiting import until

CANARY = "xyzzy"


def instructions(simulated: Simulated) -> str:
    return str(simulated.record.calls[-1].body["messages"][0]["content"])


async def test_own_instructions(core: Core, place: Place, simulated: Simulated) -> None:
    """A text that is no persona's name is the person's own instructions: limited in length, for them only, and
    offered in their picker from then on."""
    await run_turn(core, place.turn("persona", "Talk like a pirate.", shared=True))
    await run_turn(core, place.turn("ask", "Hi", shared=True))
    assert "Talk like a pirate." in instructions(simulated)
    bob = Place("test:bob", place.room)
    await run_turn(core, bob.turn("ask", "Hi", shared=True))
    assert "pirate" not in instructions(simulated)
    picker = await run_turn(core, place.turn("persona", shared=True))
    assert picker.last.choices[-1].label == "Your own instructions"
    assert [one.value for one in picker.last.choices if one.chosen] == ["own"]
    refused = await run_turn(core, place.turn("persona", "x" * 2001))
    assert refused.last.phase is Phase.FAILED
    assert "2,001 characters; at most 2,000" in refused.last.note
    assert "pirate" not in f"{refused.last}{picker.last}"  # others may read along
    alone = (await run_turn(core, place.turn("persona", shared=True, private=True))).last.choices[-1]
    assert (alone.value, alone.detail) == ("own", "Talk like a pirate.")
    await run_turn(core, place.turn("persona", args={"value": "brief"}, shared=True))
    await run_turn(core, place.turn("ask", "Hi", shared=True))
    assert "as few words" in instructions(simulated)


async def test_a_misspelt_name_is_no_instruction(core: Core, place: Place) -> None:
    """A single word that is no persona's name is answered with the list, `off` resets; neither replaces own
    instructions, which are shown when chosen."""
    chosen = (await run_turn(core, place.turn("persona", "Say `arr`, *often*.", private=True))).last
    assert (chosen.text, chosen.note) == (
        "```\nSay `arr`, *often*.\n```", "From now on: Your own instructions.",
    )  # fmt: skip
    refused = (await run_turn(core, place.turn("persona", "Brif", private=True))).last
    assert "no persona “Brif”" in refused.note
    assert "brief, " in refused.note
    off = await run_turn(core, place.turn("persona", "off", private=True))
    assert off.last.note == "From now on: Assistant."
    assert (await core.memory.chosen.preferences(place.person)).persona == ""
    again = (await run_turn(core, place.turn("persona", args={"value": "own"}, private=True))).last
    assert again.text == chosen.text
    await core.memory.chosen.prefer_for_chat(place.turn("persona").chat, "persona", "brief")
    assert (await run_turn(core, place.turn("persona", "off", private=True))).last.note == "From now on: Brief."
    await run_turn(core, place.turn("persona", "像海盗一样说话", private=True))  # one word in Chinese
    assert (await core.memory.chosen.preferences(place.person)).prompt == "像海盗一样说话"


async def test_forget_says_what_it_erased(core: Core, place: Place) -> None:
    """/forget asks first, then erases exchanges, pictures and settings, and counts them; only amounts are left.
    Nobody else can press the button."""
    picture = posted(encoded(photo(64, 48), "JPEG"), f"{CANARY}.jpg")
    for number, turn in enumerate(
        (
            place.turn("ask", f"{CANARY}?", attachments=(picture,)),
            place.turn("ask", "More", args={"private": True}),
            place.turn("persona", f"Say {CANARY}."),
        )
    ):
        await run_turn(core, replace(turn, id=f"request:{number}"))  # on platforms, too, it names nobody
    assert CANARY.encode() in await everything(core.store)
    asked = RecordingReply(surface=Surface())  # a chat without buttons is no reason to erase at once
    await core.run(place.turn("forget"), asked)
    (yes,) = asked.last.actions
    mallory = Place("test:mallory", place.room)
    assert (await run_turn(core, mallory.turn(yes.command, args={"ref": yes.ref}))).last.phase is Phase.FAILED
    done = await run_turn(core, place.turn(yes.command, args={"ref": yes.ref}))
    assert done.last.note.startswith("Erased: 2 questions with their answers, one picture, 2 settings.")
    for key in ("{rate:test:ann}:due", "tries:free:test:ann", "{m:test:room}:gone:test:ann"):
        await core.store.redis.delete(key)  # there for a moment
    left = await everything(core.store)
    assert CANARY.encode() not in left
    assert place.person.encode() not in left
    assert (await core.memory.export(place.person))["rooms"] == {}
    assert (await run_turn(core, place.turn("forget yes"))).last.note.startswith("There was nothing")
    assert sum(row.nanos for row in await core.spend.ledger.usage(1)) > 0


async def test_what_was_forgotten_can_still_be_taken_away(core: Core, place: Place) -> None:
    """Answers of a forgotten person stay in the chat, without an asker. The platform's asker can delete them,
    everybody in their own private chat, and nobody else."""
    ref = (await run_turn(core, place.turn("ask", "Hi"))).last.ref
    await run_turn(core, place.turn("forget yes"))
    mallory = Place("test:mallory", place.room)
    assert not (await run_turn(core, mallory.turn("delete", args={"ref": ref}))).last.remove
    assert not (await run_turn(core, place.turn("delete", args={"ref": ref}))).last.remove
    for facts in ({"asker": True}, {"alone": True}):
        assert (await run_turn(core, place.turn("delete", args={"ref": ref}, **facts))).last.remove


async def test_all_that_is_held_is_exported_and_erased_as_one(core: Core, place: Place) -> None:
    """Conversations, orders, the page and spending are exported together and erased together."""
    painted = RecordingReply(address="test:1:2")

    async def reopen(address: str) -> RecordingReply:
        return painted

    await run_turn(core, place.turn("ask", f"{CANARY}?"))
    async with core.serving("test", reopen):
        await core.run(place.turn("imagine", f"a {CANARY}"), painted)
        await painted.until(lambda answer: bool(answer.pictures))
    await core.transcript.save(place.person, "e1", json.dumps({"text": CANARY}).encode())
    held = await core.erasure.export(place.person)
    assert [len(held[part]) for part in ("rooms", "orders", "page", "spent")] == [1, 1, 1, 2]
    assert all(CANARY in json.dumps(held[part]) for part in ("rooms", "orders", "page"))
    gone = (await run_turn(core, place.turn("forget yes"))).last.note
    assert gone.startswith("Erased: one question with its answer, one picture, one order. ")
    held = await core.erasure.export(place.person)
    assert [held[part] for part in ("rooms", "orders", "page", "spent")] == [{}, [], [], []]


async def test_a_picture_that_never_came_is_not_erased(core: Core, place: Place) -> None:
    """/forget counts pictures that were made, not those that were ordered."""
    failed = RecordingReply(address="test:1:2")

    async def reopen(address: str) -> RecordingReply:
        return failed

    async with core.serving("test", reopen):
        await core.run(place.turn("imagine", "fault:400 a fox"), failed)
        await failed.until(lambda answer: answer.phase is Phase.FAILED)
    assert (await run_turn(core, place.turn("forget yes"))).last.note.startswith("Erased: one order. ")


async def test_a_full_store_forgets(core: Core, place: Place) -> None:
    """/forget works in a full store, and returns what was held."""
    await run_turn(core, place.turn("ask", f"{CANARY}?"))
    payer = Payer(place.person, "test:chat:1")
    async with core.spend.hold(payer, Wanted("test:held", "ask", "gpt-4o-mini", 1000, 1000)):
        await core.store.redis.config_set("maxmemory", 1)
        try:
            gone = await core.erasure.forget(place.person)
        finally:
            await core.store.redis.config_set("maxmemory", 0)
    assert gone.exchanges == 1
    assert (await core.erasure.export(place.person))["rooms"] == {}


async def test_what_was_begun_ends_in_a_full_store(core: Core, place: Place) -> None:
    """An answer under way is paid, and the rest of the hold returned."""
    payer = Payer(place.person, "test:chat:1")
    for spent in (Spent(700), None):
        async with core.spend.hold(payer, Wanted(f"test:{spent}", "ask", "gpt-4o-mini", 1000, 1000)) as hold:
            await core.store.redis.config_set("maxmemory", 1)
            if spent:
                hold.book(spent)
        await core.store.redis.config_set("maxmemory", 0)
    summary = await core.spend.summary(payer)
    assert (summary.person_day.booked_nanos, summary.person_day.held_nanos) == (700, 0)
    assert await core.spend.ledger.audit() == []


async def test_a_private_chat_is_forgotten_with_its_person(core: Core, place: Place) -> None:
    """The name of a private chat identifies its person: wherever the person is forgotten, it goes, too. A
    private chat that others share keeps its name."""
    home, den = ({"chat": f"test:home:{number}", "private": True, "alone": True} for number in (77, 7))
    sandbox = {"chat": "test:sandbox", "private": True}
    bob = Place("test:bob", "test:hall")
    for turn in (
        place.turn("ask", "Hi", **home),
        place.turn("ask", "Hi"),
        place.turn("imagine", "a fox", **den),
    ):
        await run_turn(core, turn)
    for turn in (place.turn("ask", "Hi", **sandbox), bob.turn("ask", "Hi", **sandbox)):
        await run_turn(core, turn)
    await run_turn(core, place.turn("forget yes", **sandbox))
    rows = {(row.user, row.chat) for row in await core.spend.ledger.usage(1)}
    assert {"test:chat:1", "test:sandbox"} <= {chat for _, chat in rows}
    assert ("test:bob", "test:sandbox") in rows
    assert "test:ann" not in str(rows)
    assert "test:home:" not in str(rows)
    assert b"test:home:" not in b"".join(
        [*await core.store.redis.hkeys("{money}:names"), *await core.store.redis.hvals("{money}:alone")]
    )


async def test_choices_are_forgotten_in_shared_rooms(core: Core, place: Place, simulated: Simulated) -> None:
    """The forgotten person's choices for a shared conversation go; other people's stay."""
    bob = Place("test:bob", place.room)
    await run_turn(core, bob.turn("ask", "Hi", shared=True))
    await run_turn(core, bob.turn("persona", "brief", shared=True))
    await run_turn(core, place.turn("model", "gpt-4o", shared=True))
    await run_turn(core, place.turn("forget yes", shared=True))
    await run_turn(core, bob.turn("ask", "Hi", shared=True))
    assert simulated.record.calls[-1].body["model"] == core.settings.default_model
    assert "as few words" in instructions(simulated)
    alone = Place("test:carl", "test:carl")
    for command, text in (("ask", "Hi"), ("model", "gpt-4o"), ("persona", "brief"), ("forget yes", "")):
        await run_turn(core, alone.turn(command, text, shared=True, private=True))
    assert await core.store.redis.keys("{m:test:carl}*") == [b"{m:test:carl}:gone:test:carl"]


async def test_an_export_has_all_that_is_erased(core: Core, place: Place) -> None:
    """Orders with every option, and pictures wherever they are kept: made, and shown on the page."""
    painted = RecordingReply(address="test:1:2")

    async def reopen(address: str) -> RecordingReply:
        return painted

    async with core.serving("test", reopen):
        await core.run(place.turn("imagine", f"a fox --negative {CANARY} --steps 3"), painted)
        await painted.until(lambda answer: bool(answer.pictures))
    await core.transcript.keep_picture(place.person, "p1", b"thumb")
    await core.spend.caps.set(parse_change(f"{place.person} daily 0.25 monthly off", "test"), "test:admin")
    await core.spend.purses.grant(place.person, 700, "test:admin")
    held = json.loads(json.dumps(await core.erasure.export(place.person)))
    (order,) = held["orders"]
    assert (order["prompt"], order["negative"], order["steps"]) == ("a fox", CANARY, 3)
    assert b64decode(order["pictures"][0]) == painted.last.pictures[0].data
    assert held["page_pictures"] == [{"id": "p1", "base64": b64encode(b"thumb").decode()}]
    money = held["money"]
    assert (money["names"], money["credit_nanos"]) == ([place.person], 700)
    assert (money["today"]["cap_nanos"], money["this_month"]["cap_nanos"]) == (250_000_000, None)
    assert money["today"]["booked_nanos"] == 1_500_000


async def test_nothing_a_person_wrote_is_logged(opened: Opened, place: Place, simulated: Simulated) -> None:
    """Nothing that people write reaches the log, at any level, however the request ends."""
    quote = Quote("m9", f"Bob {CANARY}", f"quoted {CANARY}")
    bad = posted(f"<html>{CANARY}".encode(), f"{CANARY}.jpg")
    good = posted(encoded(photo(64, 48), "JPEG"), f"{CANARY}.jpg")
    text = posted(f"text {CANARY}".encode(), f"{CANARY}.txt", "text/plain")
    requests: list[tuple[str, str, dict[str, Any]]] = [
        ("ask", CANARY, {"quote": quote, "attachments": (good, text)}),
        ("ask", CANARY, {"attachments": (bad,)}),
        *(("ask", f"fault:{fault} {CANARY}", {}) for fault in ("401", "400", "500", "cut", "garbage", "drop")),
        ("ask", CANARY * 20_000, {}), ("ask", "Hi", {"args": {"model": CANARY, "temperature": CANARY}}),
        ("ask", "Hi", {"args": {"temperature": CANARY}}), ("model", CANARY, {}), ("persona", CANARY, {}),
        ("persona", CANARY * 1000, {}), ("settings", f"language {CANARY}", {}), ("settings", CANARY, {}),
        ("link", CANARY, {}), ("imagine", f"{CANARY} --steps {CANARY}", {}), ("imagine", CANARY, {}),
        ("imagine", f"fault:500 {CANARY}", {}), (CANARY, CANARY, {}),
        ("regenerate", "", {"args": {"ref": CANARY}}),
        ("admin caps", f"{CANARY} daily {CANARY}", {}), ("forget yes", "", {}),
    ]  # fmt: skip
    with everything_logged() as lines:
        async with opened(log_level="debug", user_daily_usd="off", user_monthly_usd="off") as core:
            for command, words, more in requests:
                turn = place.turn(command, words, **more)
                named = Person(turn.person.id, f"Ann {CANARY}")
                await run_turn(
                    core, Turn(**{name: getattr(turn, name) for name in turn.__slots__} | {"person": named})
                )
    assert CANARY in json.dumps([dict(call.body) for call in simulated.record.calls])
    assert len(lines) > len(requests)
    assert [line for line in lines if CANARY in line] == []


async def test_who_is_kept_out_can_still_be_forgotten(core: Core, place: Place) -> None:
    """A denied person can still have their data erased."""
    await run_turn(core, place.turn("ask", f"What is {CANARY}?"))
    await core.access.deny(place.person)
    assert (await run_turn(core, place.turn("ask", "Hi"))).last.phase is Phase.FAILED
    asked = await run_turn(core, place.turn("forget"))
    (yes,) = asked.last.actions
    done = await run_turn(core, place.turn("forget yes", args={"ref": yes.ref}))
    assert "erased" in done.last.note.lower()
    assert CANARY not in str(await core.memory.export(place.person))


async def test_what_was_not_sent_yet_is_free_once_forgotten(core: Core, place: Place) -> None:
    """An order whose process is gone: its money is returned before the lease books it as spent."""
    payer = Payer(place.person, "test:chat:1")
    await core.spend.take(payer, Wanted("turn#0", "imagine", "m", 1000, 1000))
    await core.orders.save(
        Order(
            "r1",
            place.person,
            payer.chat,
            place.room,
            "en",
            "",
            Wish("m", "a fox"),
            1000,
            1.0,
            (OrderPiece("turn#0"),),
        )
    )
    await core.erasure.forget(place.person)
    assert await core.spend.holds() == 0


@pytest.mark.parametrize("command", ["regenerate", "continue"])
async def test_what_is_erased_meanwhile_is_not_asked_again(
    core: Core, place: Place, simulated: Simulated, command: str
) -> None:
    """A press that found the question just before its person was forgotten stores nothing of it again."""
    asked = await run_turn(core, place.turn("ask", CANARY))
    core.running._store = stalling = Stalling(core.store)
    stalling.goes.clear()
    pressing = asyncio.create_task(run_turn(core, place.turn(command, args={"ref": asked.last.ref})))
    await until(lambda: stalling.waiting)
    await run_turn(core, place.turn("forget yes"))
    stalling.goes.set()
    assert (await pressing).last.phase is Phase.FAILED
    assert simulated.record.counts["chat"] == 1
    assert CANARY not in str(await core.erasure.export(place.person))

"""Changing the key that content is sealed with."""

import json
import time
from typing import Any

from core.conversation import Answered, Prepared, Question
from core.kept import Kept
from core.memory import Memory
from core.orders.order import Order, OrderPiece, Orders, Wish, order_key
from core.reseal import Resealed, Sample, reseal, sample
from core.seal import Seal
from core.store import Store
from core.transcript import Transcript
from core.turn import Person, Turn
from tests.conftest import MakeSettings

OLD, NEW = "the first long secret", "another long secret"
ANNA = Person("web:anna", "Anna")
PICTURE = Prepared("p" * 22, 8, 6, "image/png", b"pixels")


async def fill(store: Store, seal: Seal, settings: Any, ref: str) -> None:
    """Everything that is sealed for longer than a day, once."""
    memory, transcript = Memory(store, seal, settings, time.time), Transcript(store, seal, settings)
    turn = Turn(f"web:{ref}", "ask", ANNA, "web:chat:1", "web:room:1", shared=True)
    conversation = await memory.open(turn, ref)
    question = Question(f"said {ref}", ANNA.id, "Anna", pictures=(PICTURE.ref,))
    await memory.append(conversation, question, Answered("re", "gpt-4o-mini"), [PICTURE])
    await memory.chosen.prefer(ANNA.id, "prompt", "Like a pirate.")
    await transcript.save(ANNA.id, f"entry {ref}", b"shown")
    await transcript.keep_picture(ANNA.id, f"picture {ref}", b"thumb")
    orders, wish = Orders(store, seal, settings, time.time), Wish("realvision", f"a fox {ref}")
    await orders.save(Order(ref, ANNA.id, "", "", "en", "web:1", wish, 1, time.time(), (OrderPiece("a"),)))
    await orders.keep_picture(ref, 0, b"painted")


async def held(store: Store, seal: Seal, settings: Any) -> dict[str, Any]:
    memory, transcript = Memory(store, seal, settings, time.time), Transcript(store, seal, settings)
    export: dict[str, Any] = json.loads(json.dumps(await memory.export(ANNA.id)))
    page = {name: data.decode() for name, data in (await transcript.load(ANNA.id)).items()}
    orders = Orders(store, seal, settings, time.time)
    prompts = [order.wish.prompt for order in await orders.of(ANNA.id)]
    pictures = [str(await orders.find_picture(ref, 0)) for ref in ("one", "two")]
    thumb = str(await transcript.find_picture(ANNA.id, "picture two"))
    return export | {"page": page, "thumb": thumb, "prompts": sorted(prompts), "pictures": pictures}


async def test_a_secret_is_changed_without_loss(store: Store, make_settings: MakeSettings) -> None:
    """With the new key in front, `reseal` re-seals content under the old key or none; then the old key can be
    removed, nothing is lost, every TTL is kept, and a second run has nothing to do."""
    settings = make_settings()
    await fill(store, Seal(), settings, "one")
    await fill(store, Seal(OLD), settings, "two")
    both = Seal(f"{NEW},{OLD}")
    before = await held(store, both, settings)
    assert len(before["rooms"]["web:room:1"]) == 2
    lives = {key: await store.redis.ttl(key) for key in await store.redis.keys("*")}
    assert await reseal(store, both) == Resealed(sealed=12, unreadable=0)
    new = Seal(NEW)
    assert await held(store, new, settings) == before
    assert await reseal(store, new) == Resealed(0, 0)
    after = {key: await store.redis.ttl(key) for key in await store.redis.keys("*")}
    assert {key: abs(after[key] - life) < 5 for key, life in lives.items() if key in after} == {
        key: True for key in lives if not key.endswith(b":meta")
    }
    await store.redis.delete(order_key("two"))
    await fill(store, new, settings, "two")  # what counts the room's bytes is counted anew
    sizes = [len(value) for value in await store.redis.hvals("{m:web:room:1}:turns")]
    assert int(await store.redis.hget("{m:web:room:1}:meta", "bytes")) == sum(sizes)


async def test_after_a_change_a_room_that_somebody_left_is_counted_right(
    store: Store, make_settings: MakeSettings
) -> None:
    """Forgetting a person between the change and the next exchange leaves a right count of the room's bytes."""
    settings = make_settings()
    both = Seal(f"{NEW},{OLD}")
    memory = Memory(store, both, settings, time.time)
    bob = Turn("web:2", "ask", Person("web:bob", "Bob"), "web:chat:1", "web:room:1", shared=True)

    async def bob_says(ref: str) -> None:
        question = Question("Hi", bob.person.id, "Bob")
        await memory.append(await memory.open(bob, ref), question, Answered("re", "gpt-4o-mini"))

    await bob_says("before")
    await fill(store, Seal(), settings, "one")  # sealed, it is longer
    await reseal(store, both)
    await memory.forget(ANNA.id)
    await bob_says("after")
    sizes = [len(value) for value in await store.redis.hvals("{m:web:room:1}:turns")]
    assert (len(sizes), int(await store.redis.hget("{m:web:room:1}:meta", "bytes"))) == (2, sum(sizes))


async def test_kept_texts_are_sealed_anew(store: Store, make_settings: MakeSettings) -> None:
    """Some of them live longer than a day. Lists of several texts expire by themselves."""
    old = Kept(store, Seal(OLD))
    await old.keep("chats", "a:list", ttl_s=400 * 86_400)
    await old.add("album", "file")
    assert await reseal(store, Seal(f"{NEW},{OLD}")) == Resealed(sealed=1, unreadable=0)
    assert await Kept(store, Seal(NEW)).find("a:list") == "chats"
    assert await store.redis.ttl("kept:a:list") > 399 * 86_400


async def test_what_no_secret_opens_is_counted(store: Store, make_settings: MakeSettings) -> None:
    """Content of a missing key is reported."""
    await fill(store, Seal(OLD), make_settings(), "two")
    assert await reseal(store, Seal(NEW)) == Resealed(sealed=0, unreadable=7)


async def test_a_sample_of_what_is_sealed(store: Store, make_settings: MakeSettings) -> None:
    """A text of each kind (a conversation, own instructions, an order, the page), no more than asked for, and
    no pictures."""
    await fill(store, Seal(OLD), make_settings(), "one")
    assert await sample(store, Seal(NEW)) == Sample(looked=4, unreadable=4)
    assert await sample(store, Seal(f"{NEW},{OLD}")) == Sample(looked=4, unreadable=0)
    assert await sample(store, Seal(NEW), most=2) == Sample(looked=2, unreadable=2)

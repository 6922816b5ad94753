"""Conversations through the whole core: the model's messages when people reply, all at once or early."""

import asyncio
from itertools import pairwise
from pathlib import Path
from typing import Any

from core.answer import Phase
from core.app import Core
from core.commands import QUESTION_BYTES
from core.estimate import prompt_tokens
from core.minitool.simulated import Simulated
from core.minitool.wire import Message
from core.turn import Quote
from tests.core.attachments.made_pictures import encoded, photo
from tests.core.usecases.conftest import Opened, Place, posted
from tests.recording import RecordingReply

Messages = list[tuple[str, str]]


def model_messages(simulated: Simulated, back: int = 1) -> Messages:
    """Role and text of each message that the model got, the persona left out."""
    found = []
    for message in simulated.record.calls[-back].body["messages"][1:]:
        content = message["content"]
        found.append((message["role"], content if isinstance(content, str) else content[0]["text"]))
    return found


def request_messages(simulated: Simulated) -> list[Message]:
    return [Message(m["role"], m["content"]) for m in simulated.record.calls[-1].body["messages"]]


async def ask(
    core: Core, place: Place, text: str, message: str = "", *, asking: str = "", **more: Any
) -> RecordingReply:
    """A question in the message `asking`, answered in `message`."""
    reply = RecordingReply(messages=(message,) if message else ())
    await core.run(place.turn("ask", text, message=asking, **more), reply)
    return reply


def replying(message: str, text: str, **more: Any) -> Quote:
    return Quote(message, "bot", text, by_bot=True, **more)


async def test_a_reply_to_an_answer_that_still_grows(
    opened: Opened, place: Place, simulated: Simulated
) -> None:
    """The model gets the question, and the part of the answer that the person saw. Once it is whole, the
    conversation has all of it."""
    simulated.tokens_per_s = 20
    async with opened() as core:
        first = RecordingReply(messages=("m1",))
        growing = asyncio.create_task(core.run(place.turn("ask", "A very long story"), first))
        seen = await first.until(lambda answer: answer.phase is Phase.GROWING and len(answer.text) > 20)
        simulated.tokens_per_s = 0
        other = Place("test:bob", place.room)
        await ask(core, other, "Shorter!", "m2", quote=replying("m1", seen.text))
        quoted = seen.text.replace("\n", "\n> ")
        quotation = f"⟦quotation of an earlier answer of yours⟧\n> {quoted}\n⟦end of quotation⟧"
        assert model_messages(simulated) == [
            ("user", "⟦Ann⟧ A very long story"), ("user", f"{quotation}\n⟦Bob⟧ Shorter!"),
        ]  # fmt: skip
        await core.run(place.turn("stop"), RecordingReply())
        await growing
        await ask(core, other, "Thanks", quote=replying("m2", "…"))
        assert [role for role, _ in model_messages(simulated)] == [
            "user",
            "assistant",
            "user",
            "assistant",
            "user",
        ]
        assert model_messages(simulated)[1] == ("assistant", first.last.text)


async def test_an_answer_that_ends_last_does_not_undo_what_was_asked_since(
    opened: Opened, place: Place, simulated: Simulated
) -> None:
    """During a long answer somebody asks and is answered: the conversation continues from that, whichever ended
    last, and has both."""
    simulated.tokens_per_s = 20
    async with opened() as core:
        first, other = RecordingReply(), Place("test:bob", place.room)
        growing = asyncio.create_task(core.run(place.turn("ask", "A very long story", shared=True), first))
        await first.until(lambda answer: answer.phase is Phase.GROWING)
        simulated.tokens_per_s = 0
        await ask(core, other, "Quickly", shared=True)
        await core.run(place.turn("stop"), RecordingReply())
        await growing
        await ask(core, other, "Why?", shared=True)
        asked = [text for role, text in model_messages(simulated) if role == "user"]
        assert asked == ["⟦Ann⟧ A very long story", "⟦Bob⟧ Quickly", "⟦Bob⟧ Why?"]
        assert first.last.text in [text for role, text in model_messages(simulated) if role == "assistant"]


async def test_an_answer_replied_to_is_not_quoted_twice(core: Core, place: Place, simulated: Simulated) -> None:
    """The answer is in the conversation already; only a marked part is pointed out."""
    first = await ask(core, place, "One", "m1")
    await ask(core, place, "Why?", "m2", quote=replying("m1", first.last.text))
    assert model_messages(simulated) == [("user", "One"), ("assistant", first.last.text), ("user", "Why?")]
    await ask(core, place, "This?", quote=replying("m1", "what arrived", is_part=True))
    assert model_messages(simulated)[2][1] == (
        "⟦quotation of an earlier answer of yours⟧\n> what arrived\n⟦end of quotation⟧\nThis?"
    )


async def test_a_reply_to_what_was_erased(core: Core, place: Place, simulated: Simulated) -> None:
    """After /forget a reply to the erased answer starts anew, with its quotation; other people's exchanges
    below continue without it."""
    first = await ask(core, place, "My secret", "m1", shared=True)
    bob = Place("test:bob", place.room)
    await ask(core, bob, "Go on", "m2", shared=True, quote=replying("m1", first.last.text))
    await core.run(place.turn("forget yes"), RecordingReply())
    await ask(core, bob, "What was that?", shared=True, quote=replying("m1", "An answer."))
    assert model_messages(simulated) == [
        (
            "user",
            "⟦quotation of an earlier answer of yours⟧\n> An answer.\n⟦end of quotation⟧\n⟦Bob⟧ What was that?",
        )
    ]
    await ask(core, bob, "And then?", shared=True, quote=replying("m2", "x"))
    assert [text for role, text in model_messages(simulated) if role == "user"] == [
        "⟦Bob⟧ Go on",
        "⟦Bob⟧ And then?",
    ]


async def test_two_replies_to_one_answer_at_once(core: Core, place: Place, simulated: Simulated) -> None:
    """Two people who reply to one answer at the same time get a branch each."""
    await ask(core, place, "Root", "m1")
    people = [Place(f"test:p{n}", place.room) for n in range(2)]
    await asyncio.gather(*(ask(core, p, p.person, f"to {p.person}", quote=replying("m1", "x")) for p in people))
    for p in people:
        await ask(core, p, "Next", quote=replying(f"to {p.person}", "x"))
        found = [text.rpartition(" ")[2] for role, text in model_messages(simulated) if role == "user"]
        assert found == ["Root", p.person, "Next"]


async def test_fifty_people_at_once_in_one_conversation(core: Core, place: Place, simulated: Simulated) -> None:
    """50 people in one thread at the same time: every answer is whole, every exchange is under its parent, and
    the ledger is consistent."""
    people = [Place(f"test:p{n}", place.room) for n in range(50)]
    replies = await asyncio.gather(
        *(ask(core, p, f"from {p.person}", f"m{p.person}", shared=True) for p in people)
    )
    assert {reply.last.phase for reply in replies} == {Phase.DONE}
    assert simulated.record.whole == 50
    nodes = {}
    for reply in replies:
        node = await core.memory.find_exchange(place.room, reply.last.ref)
        assert node is not None
        assert node.answer == reply.last.text
        nodes[node.ref] = node
    assert all(node.parent in nodes or not node.parent for node in nodes.values())
    for reply, p in zip(replies, people, strict=True):
        turn = p.turn("ask", "?", shared=True, quote=replying(f"m{p.person}", "x"))
        path = (await core.memory.open(turn, "x" * 16)).path
        assert path[-1].ref == reply.last.ref
        assert all(below.parent == above.ref for above, below in pairwise(path))
    assert await core.spend.ledger.audit() == []


async def again(core: Core, place: Place, reply: RecordingReply, command: str = "regenerate") -> RecordingReply:
    more = RecordingReply()
    await core.run(place.turn(command, args={"ref": reply.last.ref}), more)
    return more


async def test_the_buttons_keep_the_model(core: Core, place: Place, simulated: Simulated) -> None:
    """A model named with the question also answers its Regenerate and Continue, until another is chosen."""

    def asked_model() -> str:
        return str(simulated.record.calls[-1].body["model"])

    first = await ask(core, place, "fault:cut tell me", args={"model": "gpt-4.1-nano"})
    await again(core, place, first, "continue")
    assert asked_model() == "gpt-4.1-nano"
    second = await again(core, place, first)
    assert asked_model() == "gpt-4.1-nano"
    await core.run(place.turn("model", "gpt-4o"), RecordingReply())
    third = await again(core, place, second)
    assert asked_model() == "gpt-4o"
    await again(core, place, third)
    assert asked_model() == "gpt-4o"


async def test_another_answer_where_its_model_has_left_the_catalogue(
    place: Place, opened: Opened, simulated: Simulated, tmp_path: Path
) -> None:
    """Regenerate takes the model that the person chose, as for any question that names none."""
    (tmp_path / "tiny.toml").write_text(TINY)
    async with opened(catalogue_file=tmp_path / "tiny.toml") as core:
        await core.run(place.turn("model", "gpt-4o"), RecordingReply())
        first = await ask(core, place, "Hi", args={"model": "tiny"})
        (tmp_path / "tiny.toml").write_text("")
        core.reload(core.settings)
        await again(core, place, first)
    assert [call.body["model"] for call in simulated.record.calls] == ["tiny", "gpt-4o"]


async def test_an_edited_question_takes_the_place_of_the_earlier(
    core: Core, place: Place, simulated: Simulated
) -> None:
    """The model gets neither the earlier question nor its answer; later questions continue from the edited
    one."""
    for text, message in (("One", "q1"), ("Tow", "q2"), ("Two", "q2"), ("Three", "q3")):
        await ask(core, place, text, f"answer to {message}", asking=message)
    assert [text for role, text in model_messages(simulated, 2) if role == "user"] == ["One", "Two"]
    assert [text for role, text in model_messages(simulated) if role == "user"] == ["One", "Two", "Three"]
    await ask(core, place, "Eins", "answer to q1", asking="q1")
    assert model_messages(simulated) == [("user", "Eins")]


async def test_the_buttons_keep_the_temperature(core: Core, place: Place, simulated: Simulated) -> None:
    """Continue and Regenerate use the temperature of the question."""
    first = await ask(core, place, "fault:cut tell me", args={"temperature": 0.2})
    for command in ("continue", "regenerate"):
        await again(core, place, first, command)
        assert simulated.record.calls[-1].body["temperature"] == 0.2


async def test_another_answer_keeps_what_the_conversation_chose(
    core: Core, place: Place, simulated: Simulated
) -> None:
    """A model that somebody else chose for a shared conversation also answers a regenerated first question."""
    await core.run(place.turn("model", "gpt-4.1-nano", shared=True), RecordingReply())
    await core.run(place.turn("persona", "Talk like a pirate", shared=True), RecordingReply())
    bob = Place("test:bob", place.room)
    reply = await ask(core, bob, "What is it?", shared=True)
    before = simulated.record.calls[-1].body
    await core.run(bob.turn("regenerate", args={"ref": reply.last.ref}, shared=True), RecordingReply())
    after = simulated.record.calls[-1].body
    assert before["model"] == after["model"] == "gpt-4.1-nano"
    assert before["messages"] == after["messages"]


async def test_a_refused_question_is_not_paid_by_the_next(
    place: Place, opened: Opened, simulated: Simulated
) -> None:
    """Questions refused for their price are not sent with later ones. What was said before them is."""
    async with opened(user_daily_usd="0.02", default_model="gpt-4o") as core:
        await ask(core, place, "Hi")
        refusals = {(await ask(core, place, "word " * 1800)).last.note for _ in range(5)}
        assert len(refusals) == 1  # and the price named does not grow
        assert (await ask(core, place, "And now?")).last.phase is Phase.DONE
    assert [text for role, text in model_messages(simulated) if role == "user"] == ["Hi", "And now?"]


async def test_a_rejected_question_does_not_make_the_next_one_fail(
    core: Core, place: Place, simulated: Simulated
) -> None:
    """A question that the provider rejects would make each later one fail, so it is left out. Only a reply to
    it, or trying it again, sends it again."""
    await ask(core, place, "Hi")
    picture = (posted(encoded(photo(64, 48), "JPEG")),)
    rejected = await ask(core, place, "fault:400 Something bad", "m2", attachments=picture)
    assert (rejected.last.phase, rejected.last.text) == (Phase.FAILED, "")
    await ask(core, place, "And now?")
    assert [text for role, text in model_messages(simulated) if role == "user"] == ["Hi", "And now?"]
    await ask(core, place, "Why not?", quote=replying("m2", "…"))
    assert model_messages(simulated)[-2][1] == "fault:400 Something bad"
    simulated.faults.clear()
    await again(core, place, rejected, "regenerate")
    assert model_messages(simulated)[-1][1] == "fault:400 Something bad"


async def test_a_question_a_little_too_long(core: Core, place: Place) -> None:
    """The refusal never gives a length equal to the limit."""
    reply = await ask(core, place, "y" * (QUESTION_BYTES + 1))
    assert "(65 KiB; at most 64 KiB)" in reply.last.note


TINY = '[chat.tiny]\nlabel="Tiny"\ninput="0.2"\noutput="0.8"\ncontext=4096\nmax_output=2048\n'


async def test_a_conversation_outgrows_no_model(
    place: Place, opened: Opened, simulated: Simulated, tmp_path: Path
) -> None:
    """A model with a small context gets as much as fits beside its answer; a question that alone is too long is
    refused in one sentence, before anything is paid."""
    (tmp_path / "tiny.toml").write_text(TINY)
    async with opened(catalogue_file=tmp_path / "tiny.toml", default_model="tiny") as core:
        for n in range(12):
            assert (await ask(core, place, f"{n} " + "word " * 300)).last.phase is Phase.DONE
        assert model_messages(simulated)[-1][1].startswith("11 ")
        assert 1500 < prompt_tokens(request_messages(simulated), 0, "tiny")[0] < 4096 - 1000
        count = simulated.record.counts["chat"]
        file = posted(b"lorem ipsum " * 5000, "a.txt", "text/plain")
        reply = await ask(core, place, "Hi", attachments=(file,))
        assert reply.last.note == (
            "The question is too long for Tiny. Shorten it, or choose another model with /model."
        )
        assert simulated.record.counts["chat"] == count
        assert (await ask(core, place, "Hi")).last.phase is Phase.DONE

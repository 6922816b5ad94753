"""From question to answer: what is shown, paid and remembered."""

import asyncio
import io
from dataclasses import replace

import pytest
from PIL import Image
from structlog.testing import capture_logs

from core.answer import Phase
from core.app import Core
from core.minitool.simulated import Simulated
from core.spend import Payer
from core.turn import Quote
from tests.core.attachments.test_documents import half_a_character_pdf
from tests.core.usecases.conftest import Opened, Place, posted
from tests.recording import RecordingReply
from tests.waiting import until


def red_png() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), (220, 20, 20)).save(out, "PNG")
    return out.getvalue()


async def asked(core: Core, place: Place, text: str, **more: object) -> RecordingReply:
    reply = RecordingReply()
    await core.run(place.turn("ask", text, **more), reply)
    return reply


async def booked(core: Core, place: Place) -> int:
    return (await core.spend.summary(Payer(place.person, "test:chat:1"))).person_day.booked_nanos


async def held(core: Core, place: Place) -> int:
    return (await core.spend.summary(Payer(place.person, "test:chat:1"))).person_day.held_nanos


async def test_an_answer_grows_and_ends(core: Core, place: Place) -> None:
    """The answer is whole; its end has the cost and buttons, and no sign of progress."""
    reply = await asked(core, place, "Why is the sky blue?")
    assert reply.phases[-1] is Phase.DONE
    assert "sky" in reply.last.text
    assert reply.last.note == ""
    assert [action.command for action in reply.last.actions] == ["regenerate", "model", "delete"]
    assert reply.last.bill is not None
    assert await booked(core, place) == reply.last.bill.nanos > 0
    assert await held(core, place) == 0
    assert await core.spend.ledger.audit() == []


async def test_the_next_question_goes_on_from_the_last(core: Core, place: Place, simulated: Simulated) -> None:
    """Without a reply a recent conversation continues; /new ends that."""
    await asked(core, place, "My name is Ann.")
    await asked(core, place, "What is my name?")
    assert [m["role"] for m in simulated.record.calls[-1].body["messages"]] == [
        "developer", "user", "assistant", "user",
    ]  # fmt: skip
    await core.run(place.turn("new"), RecordingReply())
    await asked(core, place, "And now?")
    assert len(simulated.record.calls[-1].body["messages"]) == 2


async def test_a_reply_branches_from_what_it_replies_to(core: Core, place: Place, simulated: Simulated) -> None:
    """A reply to an earlier answer continues from there, not from the latest exchange."""
    first = RecordingReply(messages=("first",))
    await core.run(place.turn("ask", "One"), first)
    await asked(core, place, "Two")
    quote = Quote("first", "bot", first.last.text, by_bot=True)
    await core.run(place.turn("ask", "Three", quote=quote), RecordingReply())
    questions = [m["content"] for m in simulated.record.calls[-1].body["messages"] if m["role"] == "user"]
    assert [text.split()[-1] for text in questions] == ["One", "Three"]


async def test_a_posted_picture_is_seen(core: Core, place: Place, simulated: Simulated) -> None:
    """A picture goes to the vision model, and the answer speaks of it."""
    reply = await asked(core, place, "What is this?", attachments=(posted(red_png()),))
    assert simulated.record.calls[-1].body["model"] == "gpt-4.1-mini"
    assert "300" in reply.last.text
    assert "red" in reply.last.text.lower()


async def test_a_picture_stays_in_the_conversation(core: Core, place: Place, simulated: Simulated) -> None:
    """A follow-up without a picture still shows it to the model."""
    await asked(core, place, "What is this?", attachments=(posted(red_png()),))
    await asked(core, place, "Which colour is it?")
    parts = [
        m["content"] for m in simulated.record.calls[-1].body["messages"] if isinstance(m["content"], list)
    ]
    assert parts
    assert parts[0][1]["image_url"]["url"].startswith("data:image/")


@pytest.mark.parametrize(
    ("fault", "phase", "words"),
    [
        ("401", Phase.FAILED, "operator"),
        ("402", Phase.FAILED, "operator"),
        ("400", Phase.FAILED, "refused"),
        ("500", Phase.FAILED, "had a problem"),
        ("html:502", Phase.FAILED, "had a problem"),
        ("429:60", Phase.FAILED, "busy"),
        ("drop", Phase.FAILED, "does not answer"),
        ("cut", Phase.CUT, "cut off"),
        ("quiet-end", Phase.CUT, "cut off"),
        ("no-usage", Phase.DONE, ""),
        ("no-done", Phase.DONE, ""),
        ("garbage", Phase.DONE, ""),
        ("plain", Phase.DONE, ""),
    ],
)
async def test_every_fault_has_its_sentence(
    core: Core, place: Place, fault: str, phase: Phase, words: str
) -> None:
    """Whatever fails upstream, the person gets one clear sentence, and the booking is right."""
    reply = await asked(core, place, f"fault:{fault} tell me about the moon")
    assert reply.last.phase is phase
    assert words in reply.last.note
    assert "Traceback" not in reply.last.note
    assert "HTTP" not in reply.last.note
    assert await held(core, place) == 0
    assert await core.spend.ledger.audit() == []
    if phase is Phase.FAILED:
        assert reply.last.actions[0].label == "Try again"
    is_free = phase is Phase.FAILED and fault != "drop"  # the question was sent, and nobody said it failed
    assert (await booked(core, place) == 0) is is_free


async def test_an_answer_that_never_began(core: Core, place: Place) -> None:
    """Without any text, the note does not speak of a partial answer."""
    reply = await asked(core, place, "fault:empty tell me about the moon")
    assert reply.last.phase is Phase.FAILED
    assert reply.last.note == "The model sent an empty answer. Try again, or rephrase your question."


async def test_an_answer_for_which_the_money_was_too_little(place: Place, opened: Opened) -> None:
    """An answer shortened by the budget is no alarm. Continue, which would be refused, is not offered."""
    async with opened(user_daily_usd="0.0003") as core:
        reply = await asked(core, place, "Tell me a very long story")
        assert reply.last.phase is Phase.CUT
        note = "The budget had no room for a longer answer. /usage says when there is room again."
        assert reply.last.note == note
        assert not reply.last.alert


async def test_a_cut_answer_keeps_what_came_and_goes_on(core: Core, place: Place, simulated: Simulated) -> None:
    """The partial text stays, and Continue asks for the rest in the same conversation."""
    reply = await asked(core, place, "fault:cut tell me about the moon")
    assert reply.last.text
    assert "Press Continue" in reply.last.note
    assert reply.last.alert
    assert "continue" in [action.command for action in reply.last.actions]
    more = RecordingReply()
    await core.run(place.turn("continue", args={"ref": reply.last.ref}), more)
    assert more.last.phase is Phase.DONE
    assert simulated.record.calls[-1].body["messages"][-2]["role"] == "assistant"


@pytest.mark.parametrize(
    ("first_token_s", "phase", "note", "labels"),
    [
        (0, Phase.GROWING, "before the answer was complete. Press Continue", ["New answer", "Continue"]),
        (60, Phase.WORKING, "The bot restarted while it was working on this. Try again.", ["Try again"]),
    ],
)
async def test_a_restart_names_the_buttons_that_are_there(
    place: Place, opened: Opened, simulated: Simulated, first_token_s: float, phase: Phase, note: str,
    labels: list[str],
) -> None:  # fmt: skip
    """The note of an answer cut by a restart names the button below it: Continue if there is text, else Try
    again."""
    simulated.tokens_per_s, simulated.first_token_s = 20, first_token_s
    async with opened() as core:
        reply = RecordingReply()
        answering = asyncio.create_task(core.run(place.turn("ask", "Tell me a very long story"), reply))
        await reply.until(lambda answer: answer.phase is phase)
        await until(lambda: simulated.record.open == 1)
        await core.drain(0)
        await answering
    assert reply.last.phase is Phase.CUT
    assert note in reply.last.note
    assert [action.label for action in reply.last.actions][:-2] == labels  # Model and Delete are always there


async def test_stop_keeps_the_text_and_stops_paying(place: Place, opened: Opened, simulated: Simulated) -> None:
    """Stop closes the upstream stream within a second, keeps the text and books it."""
    simulated.tokens_per_s = 20
    async with opened() as core:
        reply = RecordingReply()
        task = asyncio.create_task(core.run(place.turn("ask", "Tell me a very long story"), reply))
        growing = await reply.until(lambda answer: answer.phase is Phase.GROWING)
        await core.run(place.turn("stop", args={"ref": growing.ref}), pressed := RecordingReply())
        assert pressed.last.evident  # as the answer itself is about to say
        await asyncio.wait_for(task, 2)
        await until(lambda: simulated.record.open == 0, 1)
        assert reply.last.phase is Phase.STOPPED
        assert reply.last.text
        assert simulated.record.left == 1
        assert await booked(core, place) > 0
        assert await held(core, place) == 0


async def test_a_deleted_message_stops_the_stream(place: Place, opened: Opened, simulated: Simulated) -> None:
    """An answer whose message is deleted costs nothing more."""
    simulated.tokens_per_s = 20
    async with opened() as core:
        reply = RecordingReply()
        task = asyncio.create_task(core.run(place.turn("ask", "Tell me a very long story"), reply))
        await reply.until(lambda answer: answer.phase is Phase.GROWING)
        reply.deleted = True
        await asyncio.wait_for(task, 3)
        await until(lambda: simulated.record.open == 0, 1)
        assert await held(core, place) == 0


@pytest.mark.parametrize(
    ("text", "args", "words"),
    [
        ("", {}, "What would you like to know?"),
        ("\u200b \u2060\ufeff\u3164", {}, "What would you like to know?"),  # nothing of it is seen
        ("x" * 100_000, {}, "too long"),
        ("Hi", {"model": "gpt-9"}, "no model"),
        ("Hi", {"temperature": 3}, "between 0 and 2"),
        ("Hi", {"temperature": "warm"}, "must be a number"),
    ],
)
async def test_bad_questions_cost_nothing(
    core: Core, place: Place, simulated: Simulated, text: str, args: dict[str, object], words: str
) -> None:
    """An invalid question is refused in one sentence; nothing is sent."""
    reply = await asked(core, place, text, args=args)
    assert reply.last.phase is Phase.FAILED
    assert words in reply.last.note
    assert simulated.record.counts["chat"] == 0


async def test_a_text_file_named_png_is_refused(core: Core, place: Place) -> None:
    """The content decides, not the name."""
    reply = await asked(core, place, "What is this?", attachments=(posted(b"just text", "a.png"),))
    assert reply.last.phase is Phase.FAILED
    assert "PNG" in reply.last.note


async def test_a_cap_refuses_before_anything_is_sent(
    place: Place, opened: Opened, simulated: Simulated
) -> None:
    """Without room in a cap nothing is sent, and the sentence has what is left and the reset time."""
    async with opened(user_daily_usd="0.000001") as core:
        reply = await asked(core, place, "Hello")
        assert reply.last.phase is Phase.FAILED
        assert "$0.000001 is left" in reply.last.note
        assert simulated.record.counts["chat"] == 0


async def test_a_small_budget_shortens_the_answer(place: Place, opened: Opened, simulated: Simulated) -> None:
    """If the worst case does not fit but a useful answer does, max_completion_tokens is lowered."""
    async with opened(user_daily_usd="0.0005") as core:
        await asked(core, place, "Hello")
        assert 64 <= simulated.record.calls[-1].body["max_completion_tokens"] < 1000


async def test_a_bug_shows_a_number_and_never_its_text(
    core: Core, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An unexpected exception is shown as an incident number; its text is only in the log."""

    async def broken(*_: object) -> None:
        raise RuntimeError("secret inner text")

    monkeypatch.setitem(core._verbs, "help", broken)
    reply = RecordingReply()
    with capture_logs() as logs:
        await core.run(place.turn("help"), reply)
    assert "number" in reply.last.note
    assert "secret" not in reply.last.note
    (line,) = [line for line in logs if line["event"] == "request.broke"]
    assert line["incident"] in reply.last.note


async def test_regenerate_is_for_the_asker(core: Core, place: Place) -> None:
    """Only the asker or a moderator gets another answer by the button; it is a sibling in memory."""
    root, reply = await asked(core, place, "Root"), await asked(core, place, "One")
    stranger = Place("test:bob", place.room)
    refused = RecordingReply()
    await core.run(stranger.turn("regenerate", args={"ref": reply.last.ref}), refused)
    assert refused.last.phase is Phase.FAILED
    again = RecordingReply()
    await core.run(place.turn("regenerate", args={"ref": reply.last.ref}), again)
    assert again.last.phase is Phase.DONE
    for shown in (reply, again):
        node = await core.memory.find_exchange(place.room, shown.last.ref)
        assert node is not None
        assert (node.parent, node.question.text) == (root.last.ref, "One")


async def test_a_dead_process_leaves_an_honest_message(
    place: Place, opened: Opened, simulated: Simulated
) -> None:
    """The answer of a dead process is reported as interrupted, can be tried again, and its hold ends."""
    simulated.tokens_per_s = 5
    async with opened() as core:
        reply = RecordingReply(address="test:1:2")
        task = asyncio.create_task(core.run(place.turn("ask", "Tell me a long story"), reply))
        growing = await reply.until(lambda answer: answer.phase is Phase.GROWING)
        task.cancel()
        await asyncio.wait([task])
    simulated.tokens_per_s = 0
    async with opened() as core:
        repaired = RecordingReply()

        async def reopen(address: str) -> RecordingReply:
            assert address == "test:1:2"
            return repaired

        core.reopens["test"] = reopen
        await core.repair.tick()
        assert repaired.last.phase is Phase.CUT
        assert [action.command for action in repaired.last.actions] == ["try again"]
        assert await held(core, place) == 0
        answered = RecordingReply()
        await core.run(place.turn("try again", args={"ref": growing.ref}), answered)
        assert answered.last.phase is Phase.DONE
        assert "story" in answered.last.text


async def test_languages_follow_the_person(core: Core, place: Place) -> None:
    """Notes are in the platform's language, or the one chosen in /settings."""
    turn = place.turn("ask", "")
    german = replace(turn, person=replace(turn.person, locale="de-DE"))
    reply = RecordingReply()
    await core.run(german, reply)
    assert "Was möchtest du wissen?" in reply.last.note
    await core.run(place.turn("settings", "language de"), RecordingReply())
    reply = await asked(core, place, "")
    assert "Was möchtest du wissen?" in reply.last.note


async def test_a_private_answer_stays_private(core: Core, place: Place) -> None:
    """Regenerating a private answer gives a private one."""
    reply = await asked(core, place, "A secret", args={"private": True})
    assert reply.last.private
    again = RecordingReply()
    await core.run(place.turn("regenerate", args={"ref": reply.last.ref}), again)
    assert all(answer.private for answer in again.shown)


HALF = "half \ud83d of a character"


@pytest.mark.parametrize(
    ("command", "what"),
    [
        ("ask", {"text": HALF}),
        ("ask", {"text": "what?", "quote": Quote("9", HALF, HALF, attachments=(posted(b"text", HALF, HALF),))}),
        ("ask", {"text": "what?", "args": {"model": HALF}}),
        ("ask", {"text": "what?", "attachments": (posted(b"text", f"{HALF}.txt", HALF),)}),
        (
            "ask",
            {"text": "what?", "attachments": (posted(half_a_character_pdf(), "a.pdf", "application/pdf"),)},
        ),
        ("imagine", {"text": HALF}),
        ("imagine", {"text": "a cat", "args": {"negative": HALF}}),
        ("persona", {"text": HALF}),
        (HALF, {}),
    ],
    ids=["text", "quote", "model", "file", "pdf", "prompt", "negative", "persona", "command"],
)
async def test_a_lone_surrogate_is_no_bug(
    core: Core, place: Place, command: str, what: dict[str, object]
) -> None:
    """It causes neither an incident number nor an alarm."""
    reply = RecordingReply()
    turn = place.turn(command, **what)
    turn = replace(turn, person=replace(turn.person, name=HALF))
    with capture_logs() as logs:
        await core.run(turn, reply)
    assert [line for line in logs if line["log_level"] in ("error", "critical")] == []
    str(reply.last).encode()

"""Undocumented ends of an answer: what the person reads, and the cost."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
from structlog.testing import capture_logs

from core import tokens
from core.answer import Answer, Phase
from core.app import Core
from core.conversation import Answered, Conversation, Question
from core.errors import StoreError
from core.minitool.connection import Connection
from core.minitool.simulated import Simulated, talk
from core.rooms import Room
from core.spend import Payer
from tests.core.minitool.stream import DONE, delta, ended, event
from tests.core.usecases.conftest import Opened, Place
from tests.core.usecases.test_metrics import rising
from tests.raw_server import listening
from tests.recording import RecordingReply
from tests.waiting import until

Script = Callable[..., None]


def counted(prompt: int, completion: int) -> bytes:
    return event(choices=[], usage={"prompt_tokens": prompt, "completion_tokens": completion})


LONG = "A long answer " * 200


@pytest.fixture
def script(monkeypatch: pytest.MonkeyPatch) -> Script:
    """script(*pieces): what the model's side sends in place of its answers."""

    def set_pieces(*pieces: bytes) -> None:
        async def stream(*_: object) -> AsyncIterator[bytes]:
            for piece in pieces:
                yield piece
                await asyncio.sleep(0)

        monkeypatch.setattr(talk, "stream", stream)

    return set_pieces


async def asked(
    core: Core, place: Place, question: str = "Tell me about the moon"
) -> tuple[RecordingReply, int]:
    """The answer, and what was booked for it."""
    reply = RecordingReply()
    await core.run(place.turn("ask", question), reply)
    assert await core.spend.ledger.audit() == []
    return reply, (await core.spend.summary(Payer(place.person, ""))).person_day.booked_nanos


@pytest.mark.parametrize(
    "pieces",
    [
        (delta(LONG), ended("stop"), counted(0, 0), DONE),
        (counted(9, 0), delta(LONG)),
        (delta(LONG), ended("stop"), counted(0, 500), DONE),
    ],
    ids=["zero", "first-then-cut", "no-question"],
)
async def test_a_count_that_cannot_be_true_makes_no_answer_free(
    core: Core, place: Place, script: Script, pieces: tuple[bytes, ...]
) -> None:
    """A long text with a count of zero tokens is paid by what was sent and received."""
    script(*pieces)
    reply, booked = await asked(core, place)
    assert len(reply.last.text) == len(LONG)
    assert (bill := reply.last.bill) is not None
    assert bill.measured != "usage"
    assert bill.completion_tokens > 500
    assert booked == bill.prompt_tokens * 150 + bill.completion_tokens * 600  # the price of gpt-4o-mini


@pytest.mark.parametrize(
    ("pieces", "phase", "note"),
    [
        (
            (delta("Half an ans"), ended("error"), DONE),
            Phase.CUT,
            "The answer was cut off here. Press Continue",
        ),
        ((delta("Whole."), ended("stop"), event(error={"code": 500})), Phase.DONE, ""),
        ((delta("Whole."), ended("tool_calls"), DONE), Phase.DONE, ""),
        ((delta(""),), Phase.FAILED, "The model sent an empty answer"),
        ((ended("error"), DONE), Phase.FAILED, "The model sent an empty answer"),
        ((ended("length"), DONE), Phase.FAILED, "The answer reached its length limit. Ask for a shorter one."),
        ((ended("content_filter"), DONE), Phase.FAILED, "The model's service refused this request."),
        ((delta("Half"), ended("content_filter"), DONE), Phase.CUT, "The model's provider held back the rest"),
        ((ended("stop"), DONE), Phase.FAILED, "The model sent an empty answer"),
        ((delta(" \n"), ended("stop"), DONE), Phase.FAILED, "The model sent an empty answer"),
    ],
)
async def test_every_end_has_its_sentence(
    core: Core, place: Place, script: Script, pieces: tuple[bytes, ...], phase: Phase, note: str
) -> None:
    """A partial answer is marked, and an empty one says why."""
    script(*pieces)
    reply, _ = await asked(core, place)
    assert reply.last.phase is phase
    assert reply.last.note.startswith(note)
    assert bool(reply.last.note) == bool(note)


async def test_a_filtered_question_is_left_out_of_the_next(
    core: Core, place: Place, script: Script, simulated: Simulated
) -> None:
    """Else the next one would be filtered for it, too."""
    script(ended("content_filter"), DONE)
    await asked(core, place, "Something bad")
    script(delta("Fine."), ended("stop"), DONE)
    await asked(core, place, "And now?")
    messages = simulated.record.calls[-1].body["messages"]
    assert [one["content"] for one in messages if one["role"] == "user"] == ["And now?"]


async def test_an_announcement_stands_on_a_line_of_its_own(core: Core, place: Place, script: Script) -> None:
    """Below the note of the answer itself."""
    script(delta("Half an ans"), ended("error"), DONE)
    await core.control.announce("Down at ten.", "operator")
    reply, _ = await asked(core, place)
    assert reply.last.note.splitlines() == [
        "The answer was cut off here. Press Continue, or ask again.", "From the operator: Down at ten.",
    ]  # fmt: skip


async def test_an_announcement_that_nobody_could_read_stands_under_the_next_answer(
    core: Core, place: Place
) -> None:
    """The answer's message was deleted before it could be shown."""

    class Vanishing(RecordingReply):
        async def show(self, answer: Answer) -> None:
            self.deleted = answer.phase.is_final
            await super().show(answer)

    await core.control.announce("Down at ten.", "operator")
    await core.run(place.turn("ask", "Hi"), vanished := Vanishing())
    assert vanished.tried[-1].note == "From the operator: Down at ten."
    assert [(await asked(core, place))[0].last.note for _ in range(2)] == [vanished.tried[-1].note, ""]


@pytest.mark.parametrize("count", [10**11, 10**15, 10**30, -1])
async def test_an_absurd_count_is_not_believed(core: Core, place: Place, script: Script, count: int) -> None:
    """A count that costs more than any request can, or is no number, is replaced by our own: nobody's cap is
    used up by it, and the ledger has matching tokens."""
    dollars = rising("spent_dollars_total", model="gpt-4o-mini")
    script(delta("Whole."), ended("stop"), counted(11, count), DONE)
    reply, booked = await asked(core, place)
    assert (reply.last.phase, reply.last.text) == (Phase.DONE, "Whole.")
    assert reply.last.bill is not None
    assert reply.last.bill.measured != "usage"
    assert reply.last.bill.completion_tokens < 10
    assert booked == reply.last.bill.nanos == round(dollars() * 1e9) < 10**6


async def test_cached_tokens_have_a_price_of_their_own(
    opened: Opened, place: Place, script: Script, tmp_path: Path
) -> None:
    """Tokens of the prompt that the provider had cached are paid at the catalogue's price for these."""
    prices = tmp_path / "prices.toml"
    prices.write_text('[chat.gpt-4o-mini]\ninput = "0.15"\ncached = "0.05"\noutput = "0.60"\n')
    usage = {"prompt_tokens": 1000, "completion_tokens": 10, "prompt_tokens_details": {"cached_tokens": 400}}
    script(delta("Whole."), ended("stop"), event(choices=[], usage=usage), DONE)
    async with opened(catalogue_file=prices) as core:
        _, booked = await asked(core, place)
    assert booked == 600 * 150 + 400 * 50 + 10 * 600


async def test_an_error_in_place_of_an_answer_is_free(core: Core, place: Place, script: Script) -> None:
    """If the model's side reports an error before any text, nobody pays."""
    script(event(error={"code": "rate_limit_exceeded"}))
    reply, booked = await asked(core, place, "word " * 5000)
    assert "busy" in reply.last.note
    assert booked == 0
    script(delta("Something"), event(error={"code": "rate_limit_exceeded"}))
    _, booked = await asked(core, place, "word " * 5000)
    assert booked > 0


@asynccontextmanager
async def mute(got: list[bytes], *, hangs_up: bool = False) -> AsyncIterator[str]:
    """The address of a model's side that takes whole questions, and says nothing."""

    async def serve(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = next(line for line in head.lower().splitlines() if line.startswith(b"content-length:"))
        got.append(await reader.readexactly(int(length.split(b":")[1])))
        if not hangs_up:
            await reader.read()

    async with listening(serve) as port:
        yield f"http://127.0.0.1:{port}"


@pytest.mark.parametrize("how", ["stop", "timeout", "break"])
async def test_a_question_that_was_sent_is_paid(opened: Opened, place: Place, how: str) -> None:
    """A completely sent question without an error response may be billed: our count is booked, though no answer
    came. Else repeated stops would be free."""
    assert tokens._counter.load()  # else the process' first count may be the rule of thumb's
    got: list[bytes] = []
    async with mute(got, hangs_up=how == "break") as address:
        seconds = 0.2 if how == "timeout" else 60
        async with opened(minitoolai_base_url=address, first_byte_timeout_s=seconds) as core:
            asking = asyncio.create_task(asked(core, place, "word " * 2000))
            await until(lambda: got)
            if how == "stop":
                await core.run(place.turn("stop"), typed := RecordingReply())
                assert not typed.last.evident  # a command gets an answer of its own
            reply, booked = await asking
            assert reply.last.phase is (Phase.STOPPED if how == "stop" else Phase.FAILED)
            assert 2000 * 150 < booked < 2500 * 150
            assert reply.last.bill is not None
            assert reply.last.bill.nanos == booked


@pytest.mark.parametrize(
    ("fault", "cause"),
    [("500", "HTTP 500 simulated_error"), ("cut", "RemoteProtocolError"), ("error", "error server_error")],
)
async def test_the_log_has_the_cause_of_each_failure(core: Core, place: Place, fault: str, cause: str) -> None:
    """An answer that fails upstream is logged with the provider's reason and without the question."""
    with capture_logs() as logs:
        await asked(core, place, f"fault:{fault} word")
    (failed,) = (one for one in logs if one["event"] == "answer.failed")
    assert (failed["log_level"], failed["cause"]) == ("warning", cause)
    assert "word" not in str(logs)


async def test_a_question_that_was_not_taken_is_free(
    core: Core, opened: Opened, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A stop before anything was sent, or while a refused request waits for its retry, costs nothing."""
    waits: list[object] = []

    async def wait(*_: object) -> None:
        waits.append(_)
        await asyncio.Event().wait()

    monkeypatch.setattr(Connection, "_wait", wait)
    async with opened(minitoolai_base_url="http://127.0.0.1:1") as cut_off:
        for at, (one, question) in enumerate(((core, "fault:503 word"), (cut_off, "word"))):
            asking = asyncio.create_task(asked(one, place, question))
            await until(lambda at=at: len(waits) > at)
            await one.run(place.turn("stop"), RecordingReply())
            reply, booked = await asking
            assert (reply.last.phase, booked, reply.last.bill) == (Phase.STOPPED, 0, None)


@pytest.mark.parametrize("failing", ["follow", "bind"])
async def test_a_reply_goes_on_from_an_answer_though_the_store_was_away(
    core: Core, place: Place, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    """A short outage while an answer is shown does not make replies to it start anew."""
    owner = core.running if failing == "follow" else core.memory
    real, failures = getattr(owner, failing), [StoreError(cause="away")]

    async def fails_once(*args: object) -> None:
        if failures:
            raise failures.pop()
        await real(*args)

    monkeypatch.setattr(owner, failing, fails_once)
    reply, _ = await asked(core, place)
    assert reply.last.phase is Phase.DONE
    assert await core.store.redis.hget(Room(place.room).links, "m1") is not None


async def test_a_whole_answer_is_shown_before_it_is_remembered(
    core: Core, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for memory once the answer is paid; before the turn ends it is remembered."""
    append, is_shown = core.memory.append, asyncio.Event()

    async def append_late(
        conversation: Conversation, question: Question, answered: Answered, *more: Any
    ) -> bool:
        if answered.text:
            await is_shown.wait()
        return await append(conversation, question, answered, *more)

    monkeypatch.setattr(core.memory, "append", append_late)
    reply = RecordingReply()
    asking = asyncio.create_task(core.run(place.turn("ask", "Tell me about the moon"), reply))
    final = await reply.until_final()
    is_shown.set()
    await asking
    exchange = await core.memory.find_exchange(place.room, final.ref)
    assert exchange is not None
    assert (final.phase, exchange.answer) == (Phase.DONE, final.text)


@pytest.mark.parametrize("piece", ["word **bold** ", "word " * 100_000], ids=["pieces", "one"])
async def test_an_answer_that_does_not_end(core: Core, place: Place, script: Script, piece: str) -> None:
    """An endless stream is cut: the answer ends like one of full length, and its cost is bounded."""
    script(*[delta(piece)] * (1_000_000 // len(piece)))
    reply, booked = await asked(core, place)
    assert reply.last.phase is Phase.CUT
    assert "length limit" in reply.last.note
    assert 16_000 < len(reply.last.text) < 21_000
    assert booked < 5_000_000


async def test_an_honest_answer_of_long_tokens_is_whole(core: Core, place: Place, script: Script) -> None:
    """A drawing or padded table has many characters per token, and is not cut."""
    table = "| word | %s |\n" % (" " * 60) * 270  # 1000 tokens' worth
    script(delta(table), ended("stop"), counted(9, 1000), DONE)
    reply, _ = await asked(core, place)
    assert reply.last.phase is Phase.DONE
    assert len(reply.last.text) > 18_000

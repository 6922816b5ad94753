"""Streamed answers: complete, broken in every way, retried where that is free, and abandoned."""

import asyncio
import time
from contextlib import AsyncExitStack
from dataclasses import replace

import pytest

from core.errors import BadKey, BotError, Rejected, StreamCut, Throttled, Unreachable
from core.minitool import chat
from core.minitool.chat import AnswerReader
from core.minitool.client import MiniTool, open_minitool
from core.minitool.simulated import Simulated, serve_simulated
from core.minitool.simulated.talk import _PIECE
from core.minitool.wire import ChatRequest, End, Event, ImagePart, Message, Text, TextPart, Usage
from tests.core.minitool.conftest import Side, model, request, settings_for
from tests.core.minitool.stream import text_of
from tests.raw_server import listening
from tests.waiting import until


async def test_an_answer_streams_to_its_end(side: Side) -> None:
    """Text, then one End, then the usage; only documented fields are sent, with the key."""
    events = await side.ask("What is a fox?")
    assert "What is a fox?" in text_of(events)
    assert len([e for e in events if isinstance(e, Text)]) > 20
    assert events[-2] == End("stop")
    assert isinstance(events[-1], Usage)
    assert events[-1].prompt_tokens > 0
    call = side.simulated.record.calls[0]
    assert call.is_signed
    assert set(call.body) == {"model", "messages", "max_completion_tokens"}


async def test_parts_and_options_are_sent_as_documented(side: Side) -> None:
    """Pictures, temperature, roles and the catalogue's extra fields arrive in the documented shape."""
    chosen = replace(model(), extra={"reasoning_effort": "low"})
    content = (TextPart("Look"), ImagePart("data:image/png;base64,", "low"))
    messages = (Message("developer", "Be brief"), Message("user", content))
    async with side.minitool.chat(
        ChatRequest(chosen, messages, temperature=0.0, max_completion_tokens=7)
    ) as events:
        async for _ in events:
            pass
    assert side.simulated.record.calls[0].body == {
        "model": "gpt-4o-mini",
        "messages": [
            {"role": "developer", "content": "Be brief"},
            {
                "role": "user",
                "content": [
                    {"type": "text", "text": "Look"},
                    {"type": "image_url", "image_url": {"url": "data:image/png;base64,", "detail": "low"}},
                ],
            },
        ],
        "max_completion_tokens": 7,
        "temperature": 0.0,
        "reasoning_effort": "low",
    }


@pytest.mark.parametrize("kind", ["plain", "odd", "garbage", "no-done", "no-finish", "no-usage"])
async def test_deviations_that_are_accepted(side: Side, kind: str) -> None:
    """Plain JSON, odd framing, garbage lines and missing parts still give the whole answer and its End."""
    whole = text_of(await side.ask("fault:none What is a fox?"))
    events = await side.ask(f"fault:{kind} What is a fox?")
    assert (
        text_of(events).replace(f"fault:{kind}", "fault:none")[:40] == whole[:40] or len(text_of(events)) > 200
    )
    assert [e.finish_reason for e in events if isinstance(e, End)] == ["stop"]
    assert any(isinstance(e, Usage) for e in events) == (kind != "no-usage")


@pytest.mark.parametrize(
    ("kind", "error", "calls"),
    [
        ("400", Rejected, 1), ("401", BadKey, 1), ("402", BadKey, 1), ("403", BadKey, 1),
        ("404", Rejected, 1),
        ("408", Unreachable, 1), ("413", Rejected, 1), ("429", Throttled, 3), ("429:1", Throttled, 3),
        ("429:60", Throttled, 1), ("500", Unreachable, 3), ("502", Unreachable, 3), ("503", Unreachable, 3),
        ("504", Unreachable, 1), ("html", Unreachable, 1), ("html:502", Unreachable, 3),
        ("html:400", Rejected, 1),
        ("empty", StreamCut, 1), ("empty:500", Unreachable, 3), ("drop", Unreachable, 1), ("cut", StreamCut, 1),
        ("quiet-end", StreamCut, 1),
        ("error", Unreachable, 1), ("error:rate_limit_exceeded", Throttled, 1),
        ("error:insufficient_quota", BadKey, 1), ("error:invalid_request_error", Rejected, 1),
    ],
)  # fmt: skip
async def test_every_fault_has_its_error(side: Side, kind: str, error: type[BotError], calls: int) -> None:
    """Each fault raises its own error, and is retried only if nothing can have been billed."""
    with pytest.raises(error) as caught:
        await side.ask(f"fault:{kind} my private question")
    assert side.simulated.record.counts["chat"] == calls
    assert "private" not in caught.value.cause
    assert "sk-secret" not in caught.value.cause
    assert len(caught.value.cause) < 200


async def test_a_retry_that_helps_is_not_noticed(side: Side) -> None:
    """After a refusal the answer comes; the wait honours Retry-After and is never shorter."""
    side.simulated.faults.add("chat", "429", "7")
    side.simulated.faults.add("chat", "503")
    assert text_of(await side.ask("Hello"))
    first, second = side.waits
    assert 7.0 <= first < 8.0
    assert 0.5 <= second <= 1.0


async def test_a_big_question_is_sent_whole_each_time(side: Side) -> None:
    """Megabytes of pictures arrive unchanged, also in a retry."""
    url = "data:image/png;base64," + "A" * (3 << 20)
    side.simulated.faults.add("chat", "503")
    content = (TextPart("Look"), ImagePart(url))
    assert text_of(await whole(side.minitool, ChatRequest(model(), (Message("user", content),))))
    sent = [call.body["messages"][0]["content"][1]["image_url"]["url"] for call in side.simulated.record.calls]
    assert sent == [url, url]


async def test_waits_are_jittered_and_short(side: Side) -> None:
    """At most two waits, doubled."""
    with pytest.raises(Unreachable):
        await side.ask("fault:500")
    assert side.waits == [0.375, 0.75]


async def test_a_long_retry_after_is_told_at_once(side: Side) -> None:
    """Nobody waits for minutes: the error has the time."""
    with pytest.raises(Throttled) as caught:
        await side.ask("fault:429:120")
    assert caught.value.retry_after == 120
    assert side.waits == []


async def test_a_refused_connection_is_retried(unused_port: int) -> None:
    """It was never sent, so it is tried three times, then Unreachable."""
    waits: list[float] = []

    async def sleep(seconds: float) -> None:
        waits.append(seconds)

    async with open_minitool(settings_for(f"http://127.0.0.1:{unused_port}"), sleep=sleep) as minitool:
        with pytest.raises(Unreachable):
            await whole(minitool, request("Hello"))
    assert len(waits) == 2


async def test_text_before_a_break_is_given_out(side: Side) -> None:
    """Text before the stream broke reaches the caller."""
    pieces: list[str] = []

    async def ask() -> None:
        async with side.minitool.chat(request("fault:cut")) as events:
            async for event in events:
                assert isinstance(event, Text)
                pieces.append(event.text)

    with pytest.raises(StreamCut):
        await ask()
    assert len(_PIECE.findall("".join(pieces))) == 3


def test_text_before_an_error_is_given_out() -> None:
    """Text is not lost if an error follows in the same piece of the stream."""
    reader = AnswerReader()
    text = b'data: {"choices": [{"delta": {"content": "%s"}}]}\n\n'
    error = b'data: {"error": {"message": "overloaded"}}\n\n'
    assert reader.feed(text % b"a" + text % b"b" + error + text % b"c") == [Text("ab")]
    assert reader.is_done
    with pytest.raises(Unreachable):
        list(reader.finish())


@pytest.mark.parametrize("how", ["break", "cancel"])
async def test_leaving_closes_the_stream_at_once(how: str) -> None:
    """A reader that stops, or is cancelled, stops paying: upstream sees it within a second."""
    simulated = Simulated(tokens_per_s=20, first_token_s=0)
    async with serve_simulated(simulated) as base, open_minitool(settings_for(base)) as minitool:
        got = asyncio.Event()

        async def read() -> None:
            async with minitool.chat(request("long please")) as events:
                async for _ in events:
                    got.set()
                    if how == "break":
                        return

        reading = asyncio.create_task(read())
        await got.wait()
        assert simulated.record.most_open == 1
        left = time.monotonic()
        if how == "cancel":
            reading.cancel()
        await asyncio.wait([reading])
        await until(lambda: simulated.record.open == 0, timeout=1.0)
        assert time.monotonic() - left < 1.0
        assert simulated.record.left == 1


async def test_the_whole_answer_has_a_limit() -> None:
    """An endless slow stream ends at the answer's time limit."""
    upstream = serve_simulated(Simulated(tokens_per_s=20, first_token_s=0))
    async with upstream as base, open_minitool(settings_for(base, answer_timeout_s=0.3)) as minitool:
        with pytest.raises(StreamCut):
            await whole(minitool, request("long please"))


async def whole(minitool: MiniTool, wanted: ChatRequest) -> list[Event]:
    async with minitool.chat(wanted) as events:
        return [event async for event in events]


@pytest.mark.parametrize(("kind", "error"), [("stall-first", Unreachable), ("stall", StreamCut)])
async def test_silence_has_a_limit(kind: str, error: type[BotError]) -> None:
    """An answer that never begins, or falls silent, ends at the limit for that."""
    upstream = serve_simulated(Simulated(tokens_per_s=0, first_token_s=0))
    limits = {"first_byte_timeout_s": 0.3, "chunk_timeout_s": 0.3}
    async with upstream as base, open_minitool(settings_for(base, **limits)) as minitool:
        with pytest.raises(error):
            await whole(minitool, request(f"fault:{kind}"))


async def test_the_limit_of_the_first_byte_is_its_own() -> None:
    """Unused time of connecting is not added: FIRST_BYTE_TIMEOUT_S=1 waits a second, not eleven."""

    async def say_nothing(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.read()

    async with listening(say_nothing) as port:
        settings = settings_for(f"http://127.0.0.1:{port}", first_byte_timeout_s=0.3)
        async with open_minitool(settings) as minitool, asyncio.timeout(settings.connect_timeout_s / 2):
            with pytest.raises(Unreachable):
                await whole(minitool, request("hi"))


async def test_signs_of_life_do_not_prolong_an_answer_that_has_ended(monkeypatch: pytest.MonkeyPatch) -> None:
    """The text is complete, its token count does not come, but keep-alive lines do: the answer ends soon."""
    monkeypatch.setattr(chat, "_AFTER_END_S", 0.3)
    upstream = serve_simulated(Simulated(tokens_per_s=0, first_token_s=0))
    async with upstream as base, open_minitool(settings_for(base, answer_timeout_s=5.0)) as minitool:
        asked_at = time.monotonic()
        assert (await whole(minitool, request("fault:linger")))[-1] == End("stop")
        assert time.monotonic() - asked_at < 4.0


@pytest.mark.parametrize("side_first", ["client", "server"])
async def test_closing_ends_what_is_open(side_first: str, caplog: pytest.LogCaptureFixture) -> None:
    """An answer under way breaks at once when either side shuts down, without warnings."""
    got = asyncio.Event()

    async def read(minitool: MiniTool) -> None:
        async with minitool.chat(request("long please")) as events:
            async for _ in events:
                got.set()

    async with AsyncExitStack() as outer, AsyncExitStack() as inner:
        server, client = (outer, inner) if side_first == "client" else (inner, outer)
        base = await server.enter_async_context(serve_simulated(Simulated(tokens_per_s=20, first_token_s=0)))
        minitool = await client.enter_async_context(open_minitool(settings_for(base)))
        reading = asyncio.create_task(read(minitool))
        await got.wait()
        await inner.aclose()
        done, _ = await asyncio.wait([reading], timeout=2)
        assert done
        assert isinstance(reading.exception(), StreamCut)
    assert [record for record in caplog.records if record.levelname == "ERROR"] == []


async def test_many_streams_at_once(side: Side) -> None:
    """More streams than a usual pool size run side by side."""
    answers = await asyncio.gather(*(side.ask(f"Question {n}") for n in range(120)))
    assert all(f"Question {n}" in text_of(events) for n, events in enumerate(answers))
    assert side.simulated.record.whole == 120


async def test_connections_are_used_again(side: Side) -> None:
    """Consecutive answers use one connection."""
    for _ in range(5):
        await side.ask("Hello")
    assert len(side.simulated.transports) == 1


@pytest.mark.parametrize(
    ("body", "error"),
    [
        (b"[" * 300, Unreachable),
        (b"{" + b" " * (1024 * 1024), Unreachable),
        (b'{"choices": []}', StreamCut),
        (b'{"status": "error"}', Unreachable),
        (b'{"error": {"code": 401}}', BadKey),
        (b'{"error": "no balance"}', Unreachable),
        (b'data: {"status": "failed"}\n\n', Unreachable),
        (b"data: null\n\ndata: []\n\n", StreamCut),
        (b'data: {"choices": [{"delta": null, "finish_reason": null}]}\n\n', StreamCut),
    ],
)
def test_bodies_of_other_shapes(body: bytes, error: type[BotError]) -> None:
    """Whatever comes instead of an answer becomes one of our errors, never a crash."""

    def read() -> None:
        reader = AnswerReader()
        reader.feed(body)
        list(reader.finish())

    with pytest.raises(error):
        read()


def test_usage_that_cannot_be_is_not_believed() -> None:
    """Negative counts are dropped, cached tokens are at most the prompt's, nulls are zero."""
    reader = AnswerReader()
    details = b'"prompt_tokens_details": {"cached_tokens": 99}'
    usage = b'{"usage": {"prompt_tokens": %d, "completion_tokens": 2, ' + details + b"}}"
    assert reader.feed(b"data: " + usage % -1 + b"\n\n") == []
    assert reader.feed(b"data: " + usage % 5 + b"\n\n") == [Usage(5, 2, 5)]
    null = b'data: {"usage": {"prompt_tokens": 3, "completion_tokens": 1, "prompt_tokens_details": null}}\n\n'
    assert reader.feed(null) == [Usage(3, 1, 0)]

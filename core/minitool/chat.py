"""One streamed answer. It ends with an End or it raises: one that just stops is never passed off as whole."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Iterator
from contextlib import aclosing, asynccontextmanager, closing
from functools import partial

import httpx

from core.errors import Rejected, StreamCut, Unreachable, UpstreamError
from core.minitool import failures
from core.minitool.connection import Connection
from core.minitool.patience import Patience
from core.minitool.sse import MAX_EVENT_BYTES, EventReader
from core.minitool.transport import body_of
from core.minitool.wire import ChatRequest, End, Event, Fate, NoAnswer, Text, chat_body, parse_chunk
from core.surrogates import mended

_DONE = b"[DONE]"
_HALF = re.compile("[\ud800-\udfff]")
# A read costs the same whether one piece came or eight: those of a crowd are taken a few at a time. Chats show
# a growing text once a second at most, and one of a hundred every other second, as their limits are for all of
# them together. The first piece does not wait, and a body that is whole ends the wait.
_CROWD, _PAUSE_S, _LONGEST_PAUSE_S = 10, 0.005, 0.5
# How a model's side says that it broke off; every reason that is not known is taken for a plain end.
_BROKE_OFF = frozenset({"error", "abort", "network_error", "insufficient_system_resource"})
_AFTER_END_S = 5.0  # the text is whole: for the token count alone nobody waits longer


@asynccontextmanager
async def answer(
    connection: Connection, request: ChatRequest, fate: Fate
) -> AsyncIterator[AsyncIterator[Event]]:
    """The events of one answer; leaving closes the upstream connection at once, read to the end or not."""
    body = chat_body(request)
    connection.open_answers += 1
    try:
        async with (
            connection.post(
                "chat-completions/", body, again_on=failures.FAILED_BEFORE_ANSWER, fate=fate
            ) as response,
            aclosing(_events(connection, response)) as events,
        ):
            yield events
    except Rejected as error:
        error.data["model"] = request.model.name
        raise
    finally:
        connection.open_answers -= 1


async def _events(connection: Connection, response: httpx.Response) -> AsyncGenerator[Event, None]:
    """The bytes as they come, each in its time. What breaks after the End is not worth an error."""
    settings = connection.settings
    now = asyncio.get_running_loop().time
    deadline = now() + settings.answer_timeout_s
    longest = settings.first_byte_timeout_s
    reader = AnswerReader()
    body = body_of(response)
    with closing(Patience()) as patience:
        while not reader.is_done:
            since = now()
            try:
                with patience.until(min(since + longest, deadline)):
                    piece = await body.read()
            except (TimeoutError, httpx.HTTPError) as error:
                if reader.has_ended:
                    break
                cause = type(error).__name__
                raise (StreamCut(cause=cause) if reader.has_text else Unreachable(cause=cause)) from error
            if not piece:
                break
            for event in reader.feed(piece):
                yield event
            if reader.has_text and connection.open_answers > _CROWD:
                pause = min(connection.open_answers * _PAUSE_S, _LONGEST_PAUSE_S)
                if now() - since < pause:
                    await body.gather(pause)
            longest = settings.chunk_timeout_s
            if reader.has_ended:
                deadline = min(deadline, now() + _AFTER_END_S)
    for event in reader.finish():
        yield event


class AnswerReader:
    """The body of an answer to events: a stream, or plain JSON in place of one. Does no input or output."""

    def __init__(self) -> None:
        self.has_text = False
        self.has_ended = False  # an End was given out
        self.is_done = False  # nothing can follow
        self._failure: Callable[[], UpstreamError] | None = None  # what the other side put into the stream
        self._has_usage = False
        self._half = ""  # of a character, whose other half has not come
        self._events = EventReader()
        self._plain: bytearray | None = None
        self._is_start = True

    def feed(self, piece: bytes) -> list[Event]:
        """What came at one moment, its text in one."""
        if self._is_start and (start := piece.lstrip(b"\xef\xbb\xbf \t\r\n")):
            self._is_start = False
            if start[:1] in b"{[<":  # no line of an event stream begins so
                self._plain = bytearray()
        if self._plain is not None:
            self._plain += piece
            if len(self._plain) > MAX_EVENT_BYTES:
                raise Unreachable("upstream", cause="an endless answer that is no stream")
            return []
        return self._read(self._events.feed(piece))

    def finish(self) -> Iterator[Event]:
        """What the end of the body completes. Raises after that: the UpstreamError that the other side put into
        the stream, StreamCut where no end mark came."""
        if self._plain is not None:
            plain = bytes(self._plain).removeprefix(b"\xef\xbb\xbf")
            if parse_chunk(plain) is None:
                raise Unreachable("upstream", cause="neither a stream nor JSON")
            yield from self._read([plain], is_last=True)
        else:
            yield from self._read(self._events.finish(), is_last=True)
        if self.has_ended:
            return
        if self._failure:
            raise self._failure()  # made only now: an error that was raised holds the question
        if not self.is_done:
            raise StreamCut(cause="the stream ended without its end mark")
        self.has_ended = True
        yield End("stop")  # no reason was given, but the documented end mark came

    def _read(self, datas: list[bytes], *, is_last: bool = False) -> list[Event]:
        texts: list[str] = []
        events: list[Event] = []
        for data in _split(datas):
            if self.is_done or data.strip() == _DONE:
                self.is_done = True
                break
            chunk = parse_chunk(data)
            if chunk is None:  # a garbage line; if it was the end, the missing end mark tells
                continue
            if chunk.text:
                texts.append(chunk.text)
            elif chunk.message and not (texts or self.has_text):  # else it only repeats the pieces
                texts.append(chunk.message)
            if chunk.usage:
                self._has_usage = True
                events.append(chunk.usage)
            if chunk.error:  # what came before it is not lost
                self._failure, self.is_done = partial(failures.from_error, chunk.error), True
                if not (texts or self.has_text or self._has_usage or self.has_ended):
                    events.append(NoAnswer())
                break
            if chunk.finish_reason and not self.has_ended:
                self._end(chunk.finish_reason, events)
        text = self._joined("".join(texts), is_last=is_last or self.is_done)
        if text:
            self.has_text = True
            events.insert(0, Text(text))
        return events

    def _end(self, reason: str, events: list[Event]) -> None:
        if reason in _BROKE_OFF:
            self._failure = partial(StreamCut, cause=f"finish_reason {reason}")
        elif self._failure is None:
            self.has_ended = True
            events.append(End(reason))

    def _joined(self, text: str, *, is_last: bool) -> str:
        """The text with the half character that waited before it; one at its end waits for the next piece.
        A half that stays alone becomes U+FFFD."""
        if not self._half and (text.isascii() or not _HALF.search(text)):
            return text
        text, self._half = self._half + text, ""
        if not is_last and "\ud800" <= text[-1:] <= "\udbff":
            text, self._half = text[:-1], text[-1]
        return mended(text)


def _split(datas: list[bytes]) -> Iterator[bytes]:
    """Where blank lines are missing between the events, they come as one: each of its lines is JSON, the whole
    is not."""
    for data in datas:
        if b"\n" in data and parse_chunk(data) is None:
            yield from data.split(b"\n")
        else:
            yield data

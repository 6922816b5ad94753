"""Shows a growing text as fast as the chat allows.

Invariant: feeding a draft never waits for the chat; at most one `show` is under way; each shows the
newest state; and the final state is shown whatever happened before, unless the message is gone or the
chat refuses for longer than our patience.
"""

import asyncio
import math
from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import replace
from typing import Self

import structlog

from core.answer import Action, Answer, Choice, Phase, Picture, Reply
from core.errors import DeliveryError, Gone, NoPictures, SlowDown, TooBig
from core.pace import Rank
from core.turn import Turn
from core.words import t

log = structlog.get_logger(__name__)

QUIET_S = 10.0  # without a word from the model for this long, the answer says that it still waits
PATIENCE_S = 600.0  # how long a final text tries to get through; the longest floods are about 300 s
_CALL_S = 2.0  # how long leaving waits for a call under way
_UPLOAD_S = 120.0  # how long pictures under way are waited for beyond that: longer than any upload takes
_LONGEST_RETRY_S = 5.0  # between tries while the chat cannot be reached
_UNSEEN = "#*_`~>|+=-\\ \t\r\n"  # characters of Markdown that alone show nothing


class Draft:
    """One answer on its way to one reply.

        async with Draft(reply, Answer(Phase.WORKING, actions=(stop,)), locale=locale) as draft:
            async for piece in stream:
                draft.grow(piece)
            await draft.finish(Answer(Phase.DONE, text=draft.text))

    `working` is shown at once, and is what a growing answer carries besides its text (buttons,
    privacy), but for its note. Without `working` nothing is shown before `finish`. `first_text_at` is when
    the first text was on screen (None: not yet), by the loop's clock.

    `posted` is called with the ids of the answer's messages whenever there are new ones: people reply to an
    answer before it is whole. Where it returns False, it is called again after the next show. The future
    `gone` is done when the message no longer exists: then the model need not be paid for more.
    Leaving without `finish` (an exception, a cancellation) shows nothing further: whoever cancels
    decides what the person sees, by catching it and calling `finish` inside the block.
    """

    def __init__(
        self,
        reply: Reply,
        working: Answer | None = None,
        *,
        locale: str,
        patience: float = PATIENCE_S,
        posted: Callable[[tuple[str, ...]], Awaitable[bool | None]] | None = None,
    ) -> None:
        self.gone = asyncio.get_running_loop().create_future()
        self._reply = reply
        self._working = working
        self._locale = locale
        self._patience = patience
        self._posted = posted
        self._reported: tuple[str, ...] = ()
        self._pieces: list[str] = []
        self._has_text = False  # that is seen: not only delimiters of Markdown
        self._final: Answer | None = None
        self._bare_note = ""
        self._version = 1 if working else 0  # of the newest state ...
        self._shown = 0  # ... and of the last one shown
        self.first_text_at: float | None = None  # of the loop's clock
        self._quiet_shown = False
        self._growth_over = False  # a fault ended it; the final state gets its own chance
        self._is_bare = False  # the final state goes without its pictures, which this place does not take
        self._is_whole: bool | None = None  # at the end: whether the person has it all; None before that
        self._failures = 0
        self._wake = asyncio.Event()
        self._call = asyncio.Lock()  # held during a call to the chat

    async def __aenter__(self) -> Self:
        now = self._now()
        self._heard_at, self._shown_at, self._retry_at = now, -math.inf, now
        self._shower = asyncio.create_task(self._keep_showing(), name="draft")
        return self

    async def __aexit__(self, *_: object) -> None:
        """Waits for a call under way, as it may make a message: if it were cancelled, nobody would know of the
        message, and an answer that is handed over would begin a second one."""
        if self._shower.done():
            return
        try:
            with suppress(TimeoutError):
                async with asyncio.timeout(_CALL_S):
                    await self._call.acquire()
        finally:
            self._shower.cancel()
            await asyncio.wait([self._shower])

    @property
    def text(self) -> str:
        """The text so far."""
        if len(self._pieces) > 1:
            self._pieces = ["".join(self._pieces)]
        return self._pieces[0] if self._pieces else ""

    @property
    def is_over(self) -> bool:
        """Whether the final state was shown, or can never be."""
        return self._is_whole is not None

    @property
    def is_hopeless(self) -> bool:
        """Whether no retry would help: the message is gone, or too big for the chat, or the chat takes no
        pictures and the words in their place are shown."""
        return self._is_whole is False

    def grow(self, piece: str) -> None:
        """Adds to the text. Returns at once; the chat follows as it can, from the first piece on of which
        anything is seen."""
        if not piece:
            return
        self._pieces.append(piece)
        self._heard_at = self._now()
        is_first, was_all_shown = not self._has_text, self._version == self._shown
        self._has_text = self._has_text or bool(piece.strip(_UNSEEN))
        if not self._has_text:
            return
        self._version += 1
        if is_first or was_all_shown:  # else a show is to come already: a piece costs next to nothing
            self._wake.set()
        if is_first:
            self._reply.lane.hurry(Rank.FIRST)

    async def finish(self, answer: Answer, *, bare: str = "") -> bool:
        """Shows the final state. Returns whether it was shown: False where the message is gone, or the chat
        finds it too big, takes no pictures, or took nothing for `patience` seconds. Pictures that are under way
        then are waited for: of an upload that is cut off nothing arrives, and the next try begins anew. `bare`
        is the note where its pictures may not be posted; with "" the answer's own note is shown, and that they
        may not."""
        if not answer.phase.is_final:
            raise ValueError("an answer ends with a final phase")
        self._final, self._bare_note = replace(answer, progress=None), bare
        self._version += 1
        self._wake.set()
        self._reply.lane.hurry(Rank.FINAL)
        await asyncio.wait([self._shower], timeout=self._patience)  # unlike awaiting it, this cuts off no call
        if answer.pictures:
            with suppress(TimeoutError):
                async with asyncio.timeout(_UPLOAD_S), self._call:
                    pass
        if self._shower.done():
            self._shower.result()
        else:
            log.warning("draft.undelivered", waited_s=self._patience)
        return self._is_whole is True

    def _now(self) -> float:
        return asyncio.get_running_loop().time()

    async def _keep_showing(self) -> None:
        while self._is_whole is None:
            await self._until_due()
            await self._reply.lane.enter(self._rank())
            async with self._call:
                await self._show()
                await self._report_messages()

    def _rank(self) -> Rank:
        if self._final:
            return Rank.FINAL
        return Rank.FIRST if self._has_text and self.first_text_at is None else Rank.GROWTH

    async def _until_due(self) -> None:
        while (left := self._due_at() - self._now()) > 0:
            self._wake.clear()
            try:
                async with asyncio.timeout(left if left < math.inf else None):
                    await self._wake.wait()
            except TimeoutError:
                continue

    def _due_at(self) -> float:
        if self._final:
            return self._retry_at
        if self._growth_over:
            return math.inf
        if self._version == self._shown:
            waits = self._working is not None and not self._quiet_shown
            return max(self._retry_at, self._heard_at + QUIET_S) if waits else math.inf
        if self._rank() < Rank.GROWTH:
            return self._retry_at
        return max(self._retry_at, self._shown_at + self._reply.surface.show_every)

    def _newest(self) -> Answer:
        if self._final:
            return self._final
        answer = self._working or Answer()
        if self._has_text:  # what it waited for is there
            answer = replace(answer, phase=Phase.GROWING, text=self.text, note="")
        if self._is_quiet():
            answer = replace(answer, note=t(self._locale, "answer-still-waiting"))
        return answer

    def _is_quiet(self) -> bool:
        return self._now() >= self._heard_at + QUIET_S

    async def _show(self) -> None:
        version, answer, quiet = self._version, self._newest(), self._is_quiet()
        try:
            await self._reply.show(answer)
        except DeliveryError as error:
            self._failed(answer, error)
        except Exception:
            if answer.phase.is_final:
                raise
            log.exception("draft.show_failed")
            self._growth_over = True
        else:
            self._shown, self._shown_at, self._failures = version, self._now(), 0
            if self.first_text_at is None and answer.text.strip(_UNSEEN):
                self.first_text_at = self._shown_at
            self._quiet_shown = quiet
            if answer.phase.is_final:
                self._is_whole = not self._is_bare

    async def _report_messages(self) -> None:
        messages = self._reply.messages
        if self._posted is None or messages == self._reported:
            return
        if await self._posted(messages) is not False:
            self._reported = messages

    def _failed(self, answer: Answer, error: DeliveryError) -> None:
        match error:
            case Gone():
                self._is_whole = False
                self.gone.set_result(None)
            case SlowDown():
                self._reply.lane.block(error.retry_after, everywhere=error.everywhere)
                self._retry_at = self._now() + error.retry_after
            case NoPictures() if answer.phase.is_final and answer.pictures:
                said = " ".join(filter(None, (answer.note, t(self._locale, error.message_key))))
                note = self._bare_note or said
                # Where words are the answer, its pictures only went with them.
                self._final = replace(answer, pictures=(), actions=(), note="" if answer.text else note)
                self._is_bare = True
            case TooBig() if answer.phase.is_final and answer.pictures:
                self._final = replace(answer, pictures=(), note=t(self._locale, "answer-without-pictures"))
            case TooBig() if answer.phase.is_final:
                self._is_whole = False
            case TooBig():  # it will not shrink by growing
                self._growth_over = True
            case _:
                self._retry_at = self._now() + min(0.5 * 2**self._failures, _LONGEST_RETRY_S)
                self._failures += 1
        log.info(
            "draft.refused", phase=answer.phase.value, reason=type(error).__name__, failures=self._failures
        )


async def present(reply: Reply, answer: Answer, *, locale: str, bare: str = "") -> bool:
    """Shows one final answer (of a command, an error), with the retries of `Draft.finish`. Returns whether it
    was shown."""
    async with Draft(reply, locale=locale) as draft:
        return await draft.finish(answer, bare=bare)


async def say(
    turn: Turn,
    reply: Reply,
    text: str = "",
    *,
    note: str = "",
    actions: tuple[Action, ...] = (),
    choices: tuple[Choice, ...] = (),
    pictures: tuple[Picture, ...] = (),
) -> bool:
    """Shows the result of a command, to its asker alone. Returns whether it was shown."""
    answer = Answer(
        Phase.DONE, text, note=note, actions=actions, choices=choices, pictures=pictures, private=True
    )
    return await present(reply, answer, locale=turn.person.locale)

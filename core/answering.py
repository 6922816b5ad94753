"""Gets one answer from the model: holds the money, reads the stream into a draft, settles the actual cost."""

import asyncio
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from typing import Any

import structlog

from core import estimate, metrics, tokens
from core.answer import Bill
from core.catalogue import ChatModel
from core.conversation import Conversation, Prepared, Question
from core.draft import Draft
from core.errors import BadInput, BotError, Rejected, UpstreamError
from core.minitool.client import MiniTool
from core.minitool.wire import ChatRequest, End, Fate, Message, NoAnswer, Text, Usage
from core.money.base import MOST_BOOKED_NANOS
from core.running import ActiveAnswer, StopReason
from core.spend import Hold, Payer, Receipt, Spend, Spent, Wanted

log = structlog.get_logger(__name__)

_COMPLETION_TOKENS = 1000  # the API's own default for an answer's length
_PROBE_TOKENS = 16
_LEAST_COMPLETION_TOKENS = 64  # a shorter answer is of no use
# How much of an answer is read at most, where the model's side exceeds the length it was asked for. A
# token of prose has 4 to 5 characters; of tables padded with blanks and of drawings up to 18 (o200k, 1000
# tokens). Single tokens reach 128, hence the rest.
_TOKEN_CHARACTERS = 16
_MORE_CHARACTERS = 4096


@dataclass(frozen=True, slots=True)
class Asked:
    """A question ready for the model. `fresh`: pictures that are not in memory yet; `unseen`: how many of the
    question's pictures are no longer kept; `unread`: why quoted files could not be read."""

    conversation: Conversation
    question: Question
    model: ChatModel
    messages: tuple[Message, ...]
    picture_tokens: int
    unseen: int = 0
    unread: tuple[BadInput, ...] = ()
    fresh: tuple[Prepared, ...] = ()


@dataclass(frozen=True, kw_only=True)
class Outcome:
    """How asking the model went: the text, how it ended, and what it cost. `error` where it failed. `is_short`:
    the money allowed only a shorter answer than usual."""

    text: str = ""
    finish_reason: str = ""
    is_short: bool = False
    stop_reason: StopReason | None = None
    error: BotError | None = None
    bill: Bill | None = None
    receipt: Receipt | None = None

    @property
    def is_rejected(self) -> bool:
        """Whether the model's side refuses such a question."""
        is_filtered = self.finish_reason == "content_filter"
        return not self.text and (is_filtered or isinstance(self.error, Rejected))


@dataclass
class _Tally:
    """What the stream has brought so far."""

    pieces: list[str] = field(default_factory=list)
    usage: Usage | None = None
    finish_reason: str = ""
    fate: Fate = field(default_factory=Fate)

    @property
    def text(self) -> str:
        return "".join(self.pieces)


@dataclass(frozen=True)
class Answering:
    """The part of asking that costs money: holds, requests, settlement."""

    spend: Spend
    minitool: MiniTool

    async def answer(
        self, asked: Asked, active: ActiveAnswer, draft: Draft, held: Callable[[], Awaitable[None]]
    ) -> Outcome:
        """Streams into the draft until the end, an error, or a stop; then the money is settled. `held` is
        awaited once the money is there, before anything is sent.

        Raises OverBudget, Refused, StoreError before anything was sent; nothing after that.
        """
        prompt = estimate.prompt_bound(asked.messages, asked.picture_tokens)
        wanted = _wanted(active.turn.id, asked.model, prompt * asked.model.input_nanos)
        tally, stop_reason, error = _Tally(), None, None
        async with self.spend.hold(Payer.of(active.turn), wanted) as hold:
            await held()
            request = ChatRequest(
                model=asked.model,
                messages=asked.messages,
                temperature=asked.question.temperature,
                max_completion_tokens=_affordable(hold, wanted, asked.model),
            )
            try:
                reading = asyncio.create_task(self._read_stream(request, tally, draft))
                stop_reason = await wait_or_stop(reading, active, draft)
            except UpstreamError as caught:
                error = caught
            finally:  # a cancellation pays for what came, too
                bill = _book(hold, asked, tally)
        return Outcome(
            text=tally.text if tally.text.strip() else "",  # of blanks alone nothing is seen
            finish_reason=tally.finish_reason,
            is_short=request.max_completion_tokens < longest_answer(asked.model),
            stop_reason=stop_reason,
            error=error,
            bill=bill,
            receipt=hold.receipt,
        )

    async def check_affordable(self, payer: Payer, model: ChatModel) -> None:
        """Raises OverBudget where the payer cannot pay for any answer of this model, however short;
        StoreError."""
        wanted = _wanted("", model, prompt_nanos=0)  # without a request's id: nothing is held
        await self.spend.check_affordable(payer, wanted)

    async def probe(self, payer: Payer, request: str, model: ChatModel) -> Spent:
        """Checks the key with the cheapest request, paid under the same caps as any other.

        Raises OverBudget, Refused, UpstreamError, StoreError.
        """
        messages = (Message("user", "Hi"),)
        worst = estimate.prompt_bound(messages) * model.input_nanos + _PROBE_TOKENS * model.output_nanos
        tally, least = _Tally(), Wanted(request, "ask", model.name, worst, worst)
        async with self.spend.hold(payer, least) as hold:
            try:
                await self._read_stream(
                    ChatRequest(model, messages, max_completion_tokens=_PROBE_TOKENS), tally
                )
            finally:
                if tally.fate.may_cost:
                    hold.book(spent := _spent(model, messages, 0, tally))
        return spent

    async def _read_stream(self, request: ChatRequest, tally: _Tally, draft: Draft | None = None) -> None:
        """Reads the stream to its end, or until it is longer than any answer that was asked for."""
        clock = asyncio.get_running_loop().time
        asked_at, left = clock(), request.max_completion_tokens * _TOKEN_CHARACTERS + _MORE_CHARACTERS
        async with self.minitool.chat(request, tally.fate) as events:
            async for event in events:
                match event:
                    case Text(text):
                        if not tally.pieces:
                            metrics.FIRST_TOKEN.labels(request.model.name).observe(clock() - asked_at)
                        tally.pieces.append(text[:left])
                        if draft is not None:
                            draft.grow(text[:left])
                        left -= len(text)
                        if left < 0:
                            tally.finish_reason = "length"
                            return
                    case End(reason):
                        tally.finish_reason = reason
                    case Usage():
                        tally.usage = event
                    case NoAnswer():
                        tally.fate.may_cost = False


async def wait_or_stop(work: "asyncio.Task[Any]", active: ActiveAnswer, draft: Draft) -> StopReason | None:
    """Waits for the work, or until the answer is stopped: then cancels the work and returns the reason. None
    where the work is done. Raises what the work raises."""
    try:
        await asyncio.wait([work, active.stopped, draft.gone], return_when=asyncio.FIRST_COMPLETED)
        if work.done():
            work.result()
            return None
    finally:
        if not work.done():
            work.cancel()
            await asyncio.wait([work])
    return active.stop_reason or StopReason.DELETED


def longest_answer(model: ChatModel) -> int:
    """The most tokens that an answer may have, whatever the money allows. The question keeps half of the
    context at least."""
    return min(_COMPLETION_TOKENS, model.max_output, model.context // 2)


def _wanted(request: str, model: ChatModel, prompt_nanos: int) -> Wanted:
    """The worst case of a request, and the least of it that is of use."""
    longest = longest_answer(model)
    worst = prompt_nanos + longest * model.output_nanos
    least = prompt_nanos + min(_LEAST_COMPLETION_TOKENS, longest) * model.output_nanos
    return Wanted(request, "ask", model.name, worst, least)


def _affordable(hold: Hold, wanted: Wanted, model: ChatModel) -> int:
    """How many tokens the answer may have for the money that is held."""
    longest = longest_answer(model)
    if hold.nanos >= wanted.nanos or not model.output_nanos:
        return longest
    return longest + (hold.nanos - wanted.nanos) // model.output_nanos


def _book(hold: Hold, asked: Asked, tally: _Tally) -> Bill | None:
    """Books what the answer cost; None where it cannot have cost anything."""
    if not tally.fate.may_cost:
        return None
    spent = _spent(asked.model, asked.messages, asked.picture_tokens, tally)
    hold.book(spent)
    booked = min(spent.nanos, MOST_BOOKED_NANOS)
    metrics.paid(asked.model.name, booked, spent.prompt_tokens, spent.completion_tokens)
    return Bill(
        model=asked.model.name,
        finish_reason=tally.finish_reason,
        prompt_tokens=spent.prompt_tokens,
        completion_tokens=spent.completion_tokens,
        nanos=booked,
        measured=spent.measured,
    )


def _spent(model: ChatModel, messages: tuple[Message, ...], picture_tokens: int, tally: _Tally) -> Spent:
    """What it cost: by the provider's own count, else by ours of what was sent and received. A count that
    cannot be true is not believed: with no token for a question or for a text the answer would be free, and one
    that costs more than any request can would use up everybody's caps."""
    usage, text = tally.usage, tally.text
    if usage is not None and usage.prompt_tokens > 0 and (usage.completion_tokens > 0 or not text):
        plain = usage.prompt_tokens - usage.cached_tokens
        nanos = plain * model.input_nanos + usage.cached_tokens * model.cached_nanos
        nanos += usage.completion_tokens * model.output_nanos
        if nanos <= MOST_BOOKED_NANOS:
            tokens.calibrate(model.name, text, usage.completion_tokens)
            return Spent(nanos, usage.prompt_tokens, usage.completion_tokens, "usage")
        log.error("answer.absurd_usage", model=model.name, nanos=nanos)
    prompt, how = estimate.prompt_tokens(messages, picture_tokens, model.name)
    completion, _ = tokens.count(text, model.name)
    nanos = prompt * model.input_nanos + completion * model.output_nanos
    return Spent(nanos, prompt, completion, how)

"""Use case: question to streamed answer.

What is asked is remembered before the model is asked, so that an interrupted answer can be tried again.
Money and memory never wait for a slow chat, the chat does not wait for memory, and a slow chat never holds up
the stream.
"""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial
from typing import Any

import structlog

from core import estimate, metrics
from core.answer import Action, Answer, Phase, Reply, new_ref
from core.answering import Answering, Asked, longest_answer, wait_or_stop
from core.attachments.enclosed import NOTHING, Enclosed, open_files
from core.catalogue import Catalogue
from core.commands import BY_NAME, QUESTION_BYTES, Verb, parse_args
from core.conversation import (
    REFUSED,
    Answered,
    Conversation,
    Exchange,
    Prepared,
    Question,
    Quotation,
    fit,
    messages,
)
from core.draft import Draft
from core.ending import final_answer, stopped_early
from core.errors import BadInput, BotError, NotAllowed, OverBudget, Refused, StoreError
from core.memory import Memory
from core.models import pick_model
from core.operator.announcement import Announcement
from core.ratelimit import Ratelimit
from core.running import ActiveAnswer, Running, StopReason
from core.sentences import sentence
from core.settings import Settings
from core.spend import Payer
from core.turn import Quote, Turn
from core.vision import Vision
from core.words import t

log = structlog.get_logger(__name__)

_EMPTY = "empty-question"
_GO_ON = (  # not for people: the model
    "Go on exactly where your last message stopped. Repeat nothing and do not comment on this."
)
_MEMORY_SHARE = 0.75  # of a context: what memory fills is counted roughly, and without the rules
_FETCHED_AT_ONCE = 4  # questions whose files, up to 50 MB of each, are in memory
_UNPAID_CHARACTERS = 2000  # of a question that are remembered before the money for it is there


@dataclass(kw_only=True)
class Ask:
    """The verbs around answers. `notice` reports errors that only the operator can fix."""

    settings: Settings
    catalogue: Catalogue
    memory: Memory
    vision: Vision
    running: Running
    ratelimit: Ratelimit
    answering: Answering
    announcement: Announcement
    notice: Callable[[BotError], None]

    def __post_init__(self) -> None:
        self._fetching = asyncio.Semaphore(_FETCHED_AT_ONCE)

    def verbs(self) -> Mapping[str, Verb]:
        return {
            "ask": self.ask,
            "regenerate": self.regenerate,
            "continue": self.go_on,
            "try again": self.regenerate,
        }

    async def ask(self, turn: Turn, reply: Reply) -> None:
        """Answers a new question. Errors are shown under the answer itself."""
        is_private = bool(turn.args.get("private", False))
        begin, prepare = partial(self.memory.open, turn), partial(self._prepare_new, turn)
        await self._answer(turn, reply, begin, prepare, private=is_private)

    async def regenerate(self, turn: Turn, reply: Reply) -> None:
        """Gives another answer to an earlier question: a sibling of the one whose button was pressed."""
        exchange = await self._get_own_exchange(turn)

        async def prepare(conversation: Conversation) -> Asked:
            still = await self._get_own_exchange(turn)  # it may have been erased before the place was opened
            return await self._prepare(conversation, _again(still, conversation))

        again = partial(self.memory.open_again, turn, exchange=exchange)
        await self._answer(turn, reply, again, prepare, private=exchange.question.private)

    async def go_on(self, turn: Turn, reply: Reply) -> None:
        """Continues an answer that ended too early."""
        exchange = await self._get_own_exchange(turn)

        async def prepare(conversation: Conversation) -> Asked:
            before, who = _again(await self._get_own_exchange(turn), conversation), turn.person
            question = replace(before, text=_GO_ON, person=who.id, name=who.name, quote=None, pictures=())
            return await self._prepare(conversation, question)

        after = partial(self.memory.open_after, turn, exchange=exchange)
        await self._answer(turn, reply, after, prepare, private=exchange.question.private)

    async def _prepare_new(self, turn: Turn, conversation: Conversation) -> Asked:
        """Makes a new question ready for the model, with its files. Raises BadInput, OverBudget, StoreError."""
        args = parse_args(BY_NAME["ask"], turn.args, self.catalogue)
        text = turn.text.strip() or str(args.get("question", ""))
        size = len(text.encode("utf-8", "replace"))
        if size > QUESTION_BYTES:
            raise BadInput("question-too-long", kib=-(-size // 1024), most=QUESTION_BYTES // 1024)
        quote = turn.quote
        if not (text or turn.attachments or (quote and (quote.text or quote.attachments))):
            raise BadInput(_EMPTY, where="private" if turn.private else "group")
        question = Question(
            text=text or t(turn.person.locale, "ask-default-text"),
            person=turn.person.id,
            name=turn.person.name,
            quote=_quotation(quote, conversation, NOTHING),
            temperature=float(args["temperature"]) if "temperature" in args else None,
            private=bool(args.get("private", False)),
            model=str(args.get("model", "")),
        )
        try:
            own, quoted = await self._files(turn)
        except OverBudget:
            asked = _unpaid(await self._prepare(conversation, question))
            await self._remember(asked, Answered("", asked.model.name, REFUSED))
            raise
        fresh = (*own.pictures, *quoted.pictures)
        words = text or t(turn.person.locale, "ask-default-picture" if fresh else "ask-default-text")
        question = replace(
            question,
            text="\n\n".join([words, *own.documents]),
            quote=_quotation(quote, conversation, quoted),
            pictures=tuple(picture.ref for picture in fresh),
        )
        return replace(await self._prepare(conversation, question, fresh), unread=quoted.problems)

    async def _files(self, turn: Turn) -> tuple[Enclosed, Enclosed]:
        """The files of the question, and those of the message that it quotes. Nothing is fetched for a person
        who could not pay for any answer. Raises BadInput, OverBudget."""
        own, quoted = turn.attachments, turn.quote.attachments if turn.quote else ()
        if not (own or quoted):
            return NOTHING, NOTHING
        cheapest = min(self.catalogue.chat.values(), key=lambda model: model.output_nanos)
        await self.answering.check_affordable(Payer.of(turn), cheapest)
        async with self._fetching:
            mine, theirs = await open_files(own, quoted)
        is_blank = turn.quote and not turn.quote.text and not own
        if is_blank and theirs.problems and len(theirs.problems) == len(quoted):
            raise theirs.problems[0]  # there is nothing else that the question could be about
        return mine, theirs

    async def _prepare(
        self, conversation: Conversation, question: Question, fresh: tuple[Prepared, ...] = ()
    ) -> Asked:
        """The question with its conversation as messages for the model, pictures included. Raises BadInput
        where they cannot fit its context."""
        conversation = fit(conversation, question, self.settings.memory_max_tokens)
        has_earlier = any(exchange.question.pictures for exchange in conversation.path)
        model = pick_model(
            question.model if question.model in self.catalogue.chat else conversation.model,
            conversation.chat_model,
            self.settings,
            self.catalogue,
            asks_about=bool(question.pictures),
            shows=has_earlier or bool(question.pictures),
        )
        room = model.context - longest_answer(model)
        conversation = fit(
            conversation, question, min(self.settings.memory_max_tokens, int(room * _MEMORY_SHARE))
        )
        if estimate.prompt_least(messages(conversation, question, {})) > room:
            raise BadInput("question-too-long-for-model", model=model.label)
        shown = await self.vision.show(conversation, question, model, fresh)
        return Asked(
            conversation=conversation,
            question=question,
            model=model,
            messages=messages(conversation, question, shown.parts),
            picture_tokens=shown.tokens,
            unseen=shown.left_out,
            fresh=fresh,
        )

    async def _get_own_exchange(self, turn: Turn) -> Exchange:
        """The exchange to which a button belongs, where this person may act on it. Raises Refused("not-found"),
        NotAllowed("not-yours"), StoreError."""
        exchange = await self.memory.find_exchange(turn.room, turn.arg("ref"))
        if exchange is None:
            raise Refused("not-found")
        if not turn.may_act_for(exchange.question.person, turn.chat):
            raise NotAllowed("not-yours")
        return exchange

    async def _answer(
        self,
        turn: Turn,
        reply: Reply,
        open_conversation: Callable[[str], Awaitable[Conversation]],
        prepare: Callable[[Conversation], Coroutine[Any, Any, Asked]],
        *,
        private: bool,
    ) -> None:
        """Opens the conversation, has the answer made, and shows it to its end. The conversation is opened
        before anything is shown: what is said after that comes after it."""
        ref, locale, taken_at = new_ref(), turn.person.locale, _now()
        stop = Action("stop", ref, t(locale, "answer-button-stop"))
        working = Answer(note=t(locale, "answer-working"), actions=(stop,), private=private, ref=ref)
        posted = partial(self._posted, turn, ref)
        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.ratelimit.admit(turn.person.id))
            active = await stack.enter_async_context(self.running.claim(ref, turn, reply))
            conversation = await open_conversation(ref)
            tasks = await stack.enter_async_context(asyncio.TaskGroup())
            draft = await stack.enter_async_context(Draft(reply, working, locale=locale, posted=posted))
            active.is_shown = lambda: draft.is_over
            try:
                final = await self._produce(prepare(conversation), active, draft, tasks)
                outcome = final.phase.value
            except BotError as error:
                self.notice(error)
                final = self._failed(error, locale, ref)
                outcome = "refused" if isinstance(error, Refused) else final.phase.value
            if active.stop_reason is StopReason.TAKEN:
                await draft.finish(Answer(Phase.CUT, withdraw=True, ref=ref))
                return
            ended_at = _now()
            await self._finish(replace(final, private=private or final.private), active, draft)
            _measure(turn.platform, outcome, taken_at, draft.first_text_at, ended_at)

    async def _finish(self, final: Answer, active: ActiveAnswer, draft: Draft) -> None:
        """Shows the final state; under an answer also what the operator announces. An answer that its person
        does not get to see here is handed over to whoever repairs interrupted answers, unless no further try
        would help."""
        announced = await self._announced(active.turn) if final.text else ""  # a refusal is no answer
        note = "\n".join(filter(None, (final.note, announced)))
        is_read = await draft.finish(replace(final, note=note, anew=active.was_told_of))
        active.is_handed_over = bool(final.text) and not (is_read or draft.is_hopeless)
        if announced and not is_read:
            self.announcement.missed(active.turn.person.id)

    async def _announced(self, turn: Turn) -> str:
        try:
            text = await self.announcement.take_for(turn.person.id)
        except StoreError:
            return ""
        return t(turn.person.locale, "announcement", text=text) if text else ""

    async def _posted(self, turn: Turn, ref: str, posted: tuple[str, ...]) -> bool:
        """Records the messages that show this answer, in memory (a reply to one of them continues it) and in
        `running` (an interruption is shown in them). Each is tried, whether or not the other fails. Returns
        whether both succeeded."""
        bind = partial(self.memory.bind, turn.room, posted, ref, turn.message)
        notes = (partial(self.running.follow, ref), bind)
        is_noted = True
        for note in notes:
            try:
                await note()
            except StoreError as error:
                log.warning("answer.not_bound", ref=ref, cause=error.cause)
                is_noted = False
        return is_noted

    async def _produce(
        self, prepared: Coroutine[Any, Any, Asked], active: ActiveAnswer, draft: Draft, tasks: asyncio.TaskGroup
    ) -> Answer:
        """Prepares the question, has it answered, and remembers both, the answer by one of `tasks`. It can
        be stopped even while it is prepared, as files may take long. Only the beginning of the question is
        remembered until the money for it is held. Raises BotError."""
        locale, has_buttons = active.turn.person.locale, active.reply.surface.buttons
        preparing = asyncio.create_task(prepared)
        if reason := await wait_or_stop(preparing, active, draft):
            return stopped_early(reason, active.ref, locale)
        asked = preparing.result()
        unanswered, unpaid = Answered("", asked.model.name, Phase.CUT.value), _unpaid(asked)

        async def held() -> None:
            if unpaid != asked:
                await self._remember(asked, unanswered, asked.fresh)

        await self._remember(unpaid, unanswered)
        try:
            outcome = await self.answering.answer(asked, active, draft, held)
        except Refused:
            await self._remember(unpaid, replace(unanswered, finish=REFUSED))
            raise
        if outcome.error is not None:
            _log_failure(active.ref, outcome.error)
            self.notice(outcome.error)
        final = final_answer(asked, outcome, locale, self.settings, has_buttons=has_buttons)
        finish = REFUSED if outcome.is_rejected else final.phase.value
        tasks.create_task(self._remember(asked, Answered(outcome.text, asked.model.name, finish)))
        return final

    async def _remember(self, asked: Asked, answered: Answered, fresh: tuple[Prepared, ...] = ()) -> None:
        try:
            await self.memory.append(asked.conversation, asked.question, answered, fresh)
        except StoreError as error:  # the answer is worth more than its memory
            log.warning("answer.not_remembered", ref=asked.conversation.ref, cause=error.cause)

    def _failed(self, error: BotError, locale: str, ref: str) -> Answer:
        _log_failure(ref, error)
        return Answer(
            Phase.FAILED,
            note=sentence(error, locale, self.settings),
            alert=error.message_key != _EMPTY,  # a person who only calls the bot is asked what they want
            private=isinstance(error, Refused),
            ref=ref,
        )


def _log_failure(ref: str, error: BotError) -> None:
    say = log.info if isinstance(error, Refused) else log.warning
    say("answer.failed", ref=ref, error=error.message_key, cause=error.cause)


def _again(exchange: Exchange, conversation: Conversation) -> Question:
    """The question, with the model that was named for it unless another was chosen since."""
    return replace(exchange.question, model="") if conversation.is_model_new else exchange.question


def _unpaid(asked: Asked) -> Asked:
    """The question as it is remembered before the money for it is held: only its beginning, as people who
    cannot pay could fill the store for free. Without fresh pictures: they are not kept yet, and the next
    question would pay for them."""
    question, quote = asked.question, asked.question.quote
    if quote:
        documents = tuple(map(_beginning, quote.documents[:1]))
        quote = replace(quote, text=_beginning(quote.text), documents=documents)
    pictures = () if asked.fresh else question.pictures
    kept = replace(question, text=_beginning(question.text), quote=quote, pictures=pictures)
    return replace(asked, question=kept)


def _beginning(text: str) -> str:
    return text if len(text) <= _UNPAID_CHARACTERS else f"{text[:_UNPAID_CHARACTERS]} …"


def _quotation(quote: Quote | None, conversation: Conversation, files: Enclosed) -> Quotation | None:
    """The message that the question quotes. Its text is left out where the conversation ends with it, as the
    model reads it there."""
    if quote is None:
        return None
    text = "" if conversation.is_answered and not quote.is_part else quote.text
    if not (text or files.documents or files.pictures):
        return None
    return Quotation(quote.author, text, quote.by_bot, files.documents, len(files.pictures))


def _measure(
    platform: str, outcome: str, taken_at: float, first_text_at: float | None, ended_at: float
) -> None:
    """Counts an answer whose final state was shown, and how long it took where it had any text."""
    metrics.ANSWERS.labels(platform, outcome).inc()
    if first_text_at is not None:
        now = _now()
        metrics.FIRST_TEXT.labels(platform).observe(first_text_at - taken_at)
        metrics.FINAL.labels(platform).observe(now - ended_at)
        metrics.WHOLE.labels(platform).observe(now - taken_at)


def _now() -> float:
    return asyncio.get_running_loop().time()

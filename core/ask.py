"""Use case: question to streamed answer.

What is asked is remembered before the model is asked, so that an interrupted answer can be tried again.
Money and memory never wait for a slow chat, and a slow chat never holds up the stream.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AsyncExitStack
from dataclasses import dataclass, replace
from functools import partial

import structlog

from core import estimate, metrics
from core.announcement import Announcement
from core.answer import Action, Answer, Phase, Reply
from core.answering import Answering, Asked, Outcome, longest_answer
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
from core.documents import read_documents
from core.draft import Draft
from core.errors import BadInput, BotError, NotAllowed, Refused, StoreError, StreamCut
from core.memory import Memory
from core.models import pick_model
from core.ratelimit import Ratelimit
from core.running import ActiveAnswer, AnswerRecord, Running, Why
from core.sentences import sentence
from core.settings import Settings
from core.spend import Payer
from core.turn import Quote, Turn
from core.vision import Vision
from core.words import money, t

log = structlog.get_logger(__name__)

EMPTY = "empty-question"
_GO_ON = (  # not for people: the model
    "Go on exactly where your last message stopped. Repeat nothing and do not comment on this."
)
_ENDS = {  # what is said under a text, and where none had come
    Why.PERSON: (Phase.STOPPED, "answer-stopped", "answer-stopped-early"),
    Why.DELETED: (Phase.STOPPED, "answer-stopped", "answer-stopped-early"),
    Why.LEFT: (Phase.CUT, "answer-cut-left", "answer-cut-left"),
    Why.RESTART: (Phase.CUT, "answer-cut-restart", "answer-interrupted"),
    Why.TAKEN: (Phase.CUT, "answer-interrupted", "answer-interrupted"),
}
_SURE = 0.75  # of a context that memory may fill: it counts roughly, and not the rules
_UNPAID_CHARACTERS = 2000  # of a question that are remembered before the money for it is there
_LEFT = {Phase.STOPPED: "answer-stopped", Phase.CUT: "answer-cut"}
_REASONS = {"length": "answer-cut-length", "content_filter": "answer-filtered"}


@dataclass(kw_only=True)
class Ask:
    """The verbs around answers. `notice` tells the operator of what only they can mend."""

    settings: Settings
    catalogue: Catalogue
    memory: Memory
    vision: Vision
    running: Running
    ratelimit: Ratelimit
    answering: Answering
    announcement: Announcement
    new_ref: Callable[[], str]
    notice: Callable[[BotError], None]

    def verbs(self) -> Mapping[str, Verb]:
        return {
            "ask": self.ask,
            "regenerate": self.regenerate,
            "continue": self.go_on,
            "try again": self.try_again,
        }

    async def ask(self, turn: Turn, reply: Reply) -> None:
        """A new question. Whatever goes wrong from here on is shown under the answer itself."""

        async def prepare(conversation: Conversation) -> Asked:
            return await self._new(turn, conversation)

        is_private = bool(turn.args.get("private", False))
        await self._answer(turn, reply, partial(self.memory.open, turn), prepare, private=is_private)

    async def regenerate(self, turn: Turn, reply: Reply) -> None:
        """Another answer to an earlier question: a sibling of the one whose button was pressed."""
        exchange = await self._mine(turn)

        async def prepare(conversation: Conversation) -> Asked:
            return await self._asked(conversation, _again(exchange, conversation))

        again = partial(self.memory.open_again, turn, exchange=exchange)
        await self._answer(turn, reply, again, prepare, private=exchange.question.private)

    try_again = regenerate

    async def go_on(self, turn: Turn, reply: Reply) -> None:
        """The rest of an answer that ended too early."""
        exchange = await self._mine(turn)

        async def prepare(conversation: Conversation) -> Asked:
            before, who = _again(exchange, conversation), turn.person
            question = Question(_GO_ON, who.id, who.name, private=before.private, model=before.model)
            return await self._asked(conversation, question)

        after = partial(self.memory.open_after, turn, exchange=exchange)
        await self._answer(turn, reply, after, prepare, private=exchange.question.private)

    async def left_by(self, record: AnswerRecord) -> Answer:
        """What takes the place of an answer whose process is gone: the answer, where it was made and only not
        shown any more; else that it was interrupted. Raises StoreError."""
        exchange, locale = await self.memory.find_turn(record.room, record.ref), record.locale
        if exchange is None or not exchange.answer:
            again = Action("try again", record.ref, t(locale, "answer-button-again"))
            note = t(locale, "answer-interrupted")
            left = Answer(Phase.CUT, note=note, alert=True, ref=record.ref)
            return replace(left, actions=(again,)) if exchange else left  # what was not remembered is lost
        phase, model = Phase(exchange.finish), self.catalogue.chat.get(exchange.model)
        actions = _buttons(locale, record.ref, phase, exchange.answer)
        return Answer(
            phase,
            text=exchange.answer,
            note=t(locale, _LEFT[phase], buttons=len(actions)) if phase in _LEFT else "",
            footer=model.label if model else "",
            actions=actions,
            private=exchange.question.private,
            alert=phase is Phase.CUT,
            ref=record.ref,
        )

    async def _new(self, turn: Turn, conversation: Conversation) -> Asked:
        args = parse_args(BY_NAME["ask"], turn.args, self.catalogue)
        text = turn.text.strip() or str(args.get("question", ""))
        size = len(text.encode("utf-8", "replace"))
        if size > QUESTION_BYTES:
            raise BadInput("question-too-long", kib=-(-size // 1024), most=QUESTION_BYTES // 1024)
        quote = turn.quote
        posted = (*turn.attachments, *(quote.attachments if quote else ()))
        if not text and not posted and not (quote and quote.text):
            raise BadInput(EMPTY, where="private" if turn.private else "group")
        fresh, files = await self.vision.sort(posted)
        text = text or t(turn.person.locale, "ask-default-picture" if fresh else "ask-default-text")
        question = Question(
            text="\n\n".join([text, *await read_documents(files)]),
            person=turn.person.id,
            name=turn.person.name,
            quote=_quotation(quote, conversation),
            pictures=tuple(picture.ref for picture in fresh),
            temperature=float(args["temperature"]) if "temperature" in args else None,
            private=bool(args.get("private", False)),
            model=str(args.get("model", "")),
        )
        return await self._asked(conversation, question, fresh)

    async def _asked(
        self, conversation: Conversation, question: Question, fresh: tuple[Prepared, ...] = ()
    ) -> Asked:
        """The messages for the model, with the pictures that it is to see (again). Raises BadInput where they
        cannot fit its context."""
        conversation = fit(conversation, question, self.settings.memory_max_tokens)
        has_earlier = any(exchange.question.pictures for exchange in conversation.path)
        model = pick_model(
            question.model or conversation.model,
            conversation.chat_model,
            self.settings,
            self.catalogue,
            asks_about=bool(question.pictures),
            shows=has_earlier or bool(question.pictures),
        )
        room = model.context - longest_answer(model)
        conversation = fit(conversation, question, min(self.settings.memory_max_tokens, int(room * _SURE)))
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

    async def _mine(self, turn: Turn) -> Exchange:
        exchange = await self.memory.find_turn(turn.room, turn.arg("ref"))
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
        prepare: Callable[[Conversation], Awaitable[Asked]],
        *,
        private: bool,
    ) -> None:
        """The conversation is opened before anything is shown: what is said after that comes after it."""
        ref, locale, taken_at = self.new_ref(), turn.person.locale, _now()
        stop = Action("stop", ref, t(locale, "answer-button-stop"))
        working = Answer(note=t(locale, "answer-working"), actions=(stop,), private=private, ref=ref)

        async def posted(messages: tuple[str, ...]) -> bool:
            return await self._posted(turn.room, messages, ref)

        async with AsyncExitStack() as stack:
            await stack.enter_async_context(self.ratelimit.admit(turn.person.id))
            active = await stack.enter_async_context(self.running.claim(ref, turn, reply))
            conversation = await open_conversation(ref)
            draft = await stack.enter_async_context(Draft(reply, working, locale=locale, posted=posted))
            try:
                final = await self._produce(turn, await prepare(conversation), active, draft)
                outcome = final.phase.value
            except BotError as error:
                self.notice(error)
                final = self._failed(error, locale, ref)
                outcome = "refused" if isinstance(error, Refused) else final.phase.value
            if active.why is Why.TAKEN:
                await draft.finish(Answer(Phase.CUT, withdraw=True, ref=ref))
                return
            ended_at = _now()
            note = " ".join(filter(None, (final.note, await self._announced(turn))))
            if not await draft.finish(replace(final, note=note, private=private or final.private)):
                self.announcement.missed(turn.person.id)
            _measure(turn.platform, outcome, taken_at, draft.first_text_at, ended_at)

    async def _announced(self, turn: Turn) -> str:
        try:
            text = await self.announcement.text_for(turn.person.id)
        except StoreError:
            return ""
        return t(turn.person.locale, "announcement", text=text) if text else ""

    async def _posted(self, room: str, posted: tuple[str, ...], ref: str) -> bool:
        """Replies to these messages go on from this answer, and an interruption is told in them. Whether both
        are noted: one does not fail for the other's sake."""
        notes = (partial(self.running.follow, ref), partial(self.memory.bind, room, posted, ref))
        is_noted = True
        for note in notes:
            try:
                await note()
            except StoreError as error:
                log.warning("answer.not_bound", ref=ref, cause=error.cause)
                is_noted = False
        return is_noted

    async def _produce(self, turn: Turn, asked: Asked, active: ActiveAnswer, draft: Draft) -> Answer:
        """The question is remembered, all of it once it is paid for; then the answer made, paid and remembered.
        Raises BotError."""
        unanswered, unpaid = Answered("", asked.model.name, Phase.CUT.value), _unpaid(asked)

        async def held() -> None:
            if unpaid != asked:
                await self._remember(asked, unanswered, asked.fresh)

        await self._remember(unpaid, unanswered)
        payer = Payer(turn.person.id, turn.chat, turn.labels, alone=turn.alone)
        try:
            outcome = await self.answering.answer(payer, asked, active, draft, held)
        except Refused:
            await self._remember(unpaid, replace(unanswered, finish=REFUSED))
            raise
        if outcome.error is not None:
            self.notice(outcome.error)
        phase, note = self._ending(outcome, turn.person.locale, active.reply.surface.buttons)
        await self._remember(asked, Answered(outcome.text, asked.model.name, phase.value))
        return final_answer(turn, asked, outcome, phase, note, shows_cost=self._shows_cost(asked))

    async def _remember(self, asked: Asked, answered: Answered, fresh: tuple[Prepared, ...] = ()) -> None:
        try:
            await self.memory.append(asked.conversation, asked.question, answered, fresh)
        except StoreError as error:  # the answer is worth more than its memory
            log.warning("answer.not_remembered", ref=asked.conversation.ref, cause=error.cause)

    def _shows_cost(self, asked: Asked) -> bool:
        wish = asked.conversation.preferences.show_cost
        return self.settings.show_cost if wish is None else wish

    def _ending(self, outcome: Outcome, locale: str, buttons: int) -> tuple[Phase, str]:
        """How an answer ended, and the line that says so ("" where it is whole)."""
        if outcome.why is not None:
            phase, key, early = _ENDS[outcome.why]
            return phase, t(locale, key if outcome.text else early, buttons=buttons)
        is_broken_off = isinstance(outcome.error, StreamCut)
        if outcome.error is not None and not is_broken_off:
            phase = Phase.CUT if outcome.text else Phase.FAILED
            return phase, sentence(outcome.error, locale, self.settings)
        if reason := "answer-cut" if is_broken_off else _REASONS.get(outcome.finish_reason):
            if outcome.text:
                return Phase.CUT, t(locale, reason, buttons=buttons)
            return Phase.FAILED, t(locale, reason, buttons=0)  # there is nothing to continue
        if not outcome.text:
            return Phase.FAILED, t(locale, "answer-empty")
        return Phase.DONE, ""

    def _failed(self, error: BotError, locale: str, ref: str) -> Answer:
        log.info("answer.failed", ref=ref, error=error.message_key, cause=error.cause)
        return Answer(
            Phase.FAILED,
            note=sentence(error, locale, self.settings),
            alert=error.message_key != EMPTY,  # who only calls us is asked what it is about
            private=isinstance(error, Refused),
            ref=ref,
        )


def _again(exchange: Exchange, conversation: Conversation) -> Question:
    """The question, with the model that was named for it unless another was chosen since."""
    return replace(exchange.question, model="") if conversation.is_model_new else exchange.question


def _unpaid(asked: Asked) -> Asked:
    """What is remembered of a question before the money is there: whoever cannot pay would fill the store for
    nothing. Pictures that are not kept yet are not named: whoever goes on from here would pay for them."""
    question = replace(asked.question, pictures=()) if asked.fresh else asked.question
    if len(question.text) > _UNPAID_CHARACTERS:
        question = replace(question, text=f"{question.text[:_UNPAID_CHARACTERS]} …")
    return replace(asked, question=question)


def _quotation(quote: Quote | None, conversation: Conversation) -> Quotation | None:
    """What the question points at, unless the conversation ends with it anyway."""
    if quote is None or not quote.text or (conversation.is_answered and not quote.is_part):
        return None
    return Quotation(quote.author, quote.text, quote.by_bot)


def _measure(
    platform: str, outcome: str, taken_at: float, first_text_at: float | None, ended_at: float
) -> None:
    """Counts an answer whose final state was shown. What was refused or failed tells nothing of our pace."""
    metrics.ANSWERS.labels(platform, outcome).inc()
    if first_text_at is not None:
        now = _now()
        metrics.FIRST_TEXT.labels(platform).observe(first_text_at - taken_at)
        metrics.FINAL.labels(platform).observe(now - ended_at)
        metrics.WHOLE.labels(platform).observe(now - taken_at)


def _now() -> float:
    return asyncio.get_running_loop().time()


def final_answer(
    turn: Turn, asked: Asked, outcome: Outcome, phase: Phase, note: str, *, shows_cost: bool
) -> Answer:
    """What stays: the text, how it ended, what it cost, and what can be done next."""
    locale, ref, bill = turn.person.locale, asked.conversation.ref, outcome.bill
    crossed = outcome.receipt.crossed if outcome.receipt else 0
    warning = t(locale, "answer-cap-near", percent=crossed) if crossed else ""
    unseen = t(locale, "picture-left-out", count=asked.unseen) if asked.unseen else ""
    footer = ""
    if bill is not None:
        parts = [asked.model.label]
        if shows_cost:
            used = bill.prompt_tokens + bill.completion_tokens
            parts += [money(bill.nanos, locale), t(locale, "answer-tokens", tokens=used)]
        footer = " · ".join(parts)
    return Answer(
        phase,
        text=outcome.text,
        note=" ".join(filter(None, (note, unseen, warning))),
        footer=footer,
        actions=_buttons(locale, ref, phase, outcome.text),
        alert=_is_bad(phase, outcome) or bool(warning),
        ref=ref,
        bill=bill,
    )


def _buttons(locale: str, ref: str, phase: Phase, text: str) -> tuple[Action, ...]:
    """What can be done next with an answer that has ended. Where there is none, there can be no new one."""
    commands = ["regenerate", *(["continue"] if phase is Phase.CUT and text else []), "model", "delete"]
    labels = {command: f"answer-button-{command}" for command in commands}
    if not text:
        labels["regenerate"] = "answer-button-again"
    return tuple(
        Action(command, ref, t(locale, label), danger=command == "delete") for command, label in labels.items()
    )


def _is_bad(phase: Phase, outcome: Outcome) -> bool:
    """An answer that is as long as it may be has not gone wrong."""
    return phase is Phase.FAILED or (phase is Phase.CUT and outcome.finish_reason != "length")

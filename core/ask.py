"""Use case: question to streamed answer.

What is asked is remembered before the model is asked, so that an interrupted answer can be tried again.
Money and memory never wait for a slow chat, and a slow chat never holds up the stream.
"""

import time
from collections.abc import Callable
from dataclasses import dataclass, replace

import structlog

from core.answer import Action, Answer, Phase, Reply
from core.answering import Answering, Asked
from core.catalogue import Catalogue
from core.commands import BY_NAME, QUESTION_BYTES, parse_args
from core.conversation import Answered, Conversation, Exchange, Question, Quotation
from core.documents import read_documents
from core.draft import Draft
from core.errors import BadInput, BotError, NotAllowed, Refused, StoreError, UpstreamError
from core.memory import Memory
from core.ratelimit import Ratelimit
from core.running import Record, Run, Running, Why
from core.sentences import sentence
from core.settings import Settings
from core.turn import Turn
from core.vision import Vision
from core.words import t

log = structlog.get_logger(__name__)

_GO_ON = "Go on exactly where your last message stopped. Repeat nothing and do not comment on this."
_ENDS = {
    Why.PERSON: (Phase.STOPPED, "answer-stopped"),
    Why.DELETED: (Phase.STOPPED, "answer-stopped"),
    Why.RESTART: (Phase.CUT, "answer-cut-restart"),
}


@dataclass
class Ask:
    """The verbs around answers. `notice` tells the operator of what only they can mend."""

    settings: Settings
    catalogue: Catalogue
    memory: Memory
    vision: Vision
    running: Running
    ratelimit: Ratelimit
    answering: Answering
    new_ref: Callable[[], str]
    notice: Callable[[BotError], None]
    clock: Callable[[], float] = time.time

    async def ask(self, turn: Turn, reply: Reply) -> None:
        """A new question. Whatever goes wrong from here on is shown under the answer itself."""

        async def begin(ref: str) -> Asked:
            return await self._new(turn, ref)

        await self._answer(turn, reply, begin)

    async def regenerate(self, turn: Turn, reply: Reply) -> None:
        """Another answer to an earlier question: a sibling of the one whose button was pressed."""
        exchange = await self._mine(turn)

        async def begin(ref: str) -> Asked:
            conversation = await self.memory.open_again(turn, ref, exchange)
            return await self._asked(turn, conversation, exchange.question)

        await self._answer(turn, reply, begin)

    try_again = regenerate

    async def go_on(self, turn: Turn, reply: Reply) -> None:
        """The rest of an answer that ended too early."""
        exchange = await self._mine(turn)

        async def begin(ref: str) -> Asked:
            conversation = await self.memory.open_after(turn, ref, exchange)
            question = Question(_GO_ON, turn.person.id, turn.person.name, private=exchange.question.private)
            return await self._asked(turn, conversation, question)

        await self._answer(turn, reply, begin)

    def interrupted(self, record: Record) -> Answer:
        """What takes the place of an answer whose process is gone."""
        again = Action("try again", record.ref, t(record.locale, "answer-button-again"))
        return Answer(
            Phase.CUT, note=t(record.locale, "answer-interrupted"), actions=(again,), alert=True, ref=record.ref
        )

    async def _new(self, turn: Turn, ref: str) -> Asked:
        args = parse_args(BY_NAME["ask"], turn.args, self.catalogue)
        text = turn.text.strip() or str(args.get("question", ""))
        attachments = (*turn.attachments, *(turn.quote.attachments if turn.quote else ()))
        if len(text.encode()) > QUESTION_BYTES:
            raise BadInput("question-too-long", kib=len(text.encode()) // 1024, most=QUESTION_BYTES // 1024)
        if not text and not attachments and not (turn.quote and turn.quote.text):
            raise BadInput("empty-question")
        conversation = await self.memory.open(turn, ref)
        pictures, documents = await self.vision.sort(attachments)
        parts = [text or t(turn.person.locale, "ask-default-picture" if pictures else "ask-default-text")]
        parts += await read_documents(documents)
        quote = turn.quote
        question = Question(
            text="\n\n".join(parts),
            person=turn.person.id,
            name=turn.person.name,
            quote=Quotation(quote.author, quote.text, quote.by_bot) if quote and quote.text else None,
            pictures=tuple(picture.ref for picture in pictures),
            temperature=float(args["temperature"]) if "temperature" in args else None,
            private=bool(args.get("private", False)),
        )
        chosen = str(args.get("model", ""))
        return await self._asked(turn, conversation, question, chosen=chosen, fresh=pictures)

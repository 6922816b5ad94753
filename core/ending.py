"""What stands under an answer that has ended: how it ended, what it cost, what can be done next."""

from dataclasses import replace

from core.answer import Action, Answer, Phase
from core.answering import Asked, Outcome
from core.catalogue import Catalogue
from core.conversation import Exchange
from core.errors import StreamCut
from core.running import AnswerRecord, Why
from core.sentences import sentence
from core.settings import Settings
from core.turn import Turn
from core.words import money, t

_ENDS = {  # what is said under a text, and where none had come
    Why.PERSON: (Phase.STOPPED, "answer-stopped", "answer-stopped-early"),
    Why.DELETED: (Phase.STOPPED, "answer-stopped", "answer-stopped-early"),
    Why.LEFT: (Phase.CUT, "answer-cut-left", "answer-cut-left"),
    Why.RESTART: (Phase.CUT, "answer-cut-restart", "answer-interrupted"),
    Why.TAKEN: (Phase.CUT, "answer-interrupted", "answer-interrupted"),
}
_LEFT = {Phase.STOPPED: "answer-stopped", Phase.CUT: "answer-cut"}
_BROKEN_OFF, _WHOLE = ("answer-cut", "answer-empty"), ("", "answer-empty")  # under a text; where there is none
_REASONS = {  # as the model's side says them, but for the budget
    "length": ("answer-cut-length", "answer-cut-length"),
    "budget": ("answer-cut-budget", "answer-cut-budget"),
    "content_filter": ("answer-filtered", "rejected"),
}


def ending(outcome: Outcome, locale: str, settings: Settings, *, has_buttons: bool) -> tuple[Phase, str]:
    """How an answer ended, and the line that says so ("" where it is whole)."""
    buttons = "yes" if has_buttons else "no"
    if outcome.why is not None:
        phase, key, early = _ENDS[outcome.why]
        return phase, t(locale, key if outcome.text else early, buttons=buttons)
    is_broken_off = isinstance(outcome.error, StreamCut)
    if outcome.error is not None and not is_broken_off:
        phase = Phase.CUT if outcome.text else Phase.FAILED
        return phase, sentence(outcome.error, locale, settings)
    reason = "budget" if outcome.is_short and outcome.finish_reason == "length" else outcome.finish_reason
    under, instead = _BROKEN_OFF if is_broken_off else _REASONS.get(reason, _WHOLE)
    if not outcome.text:  # nothing is cut, nor to be continued
        return Phase.FAILED, t(locale, instead, buttons="no")
    return (Phase.CUT, t(locale, under, buttons=buttons)) if under else (Phase.DONE, "")


def final_answer(
    turn: Turn, asked: Asked, outcome: Outcome, phase: Phase, note: str, *, shows_cost: bool
) -> Answer:
    """What stays: the text, how it ended, what it cost, and what can be done next."""
    locale, ref, bill = turn.person.locale, asked.conversation.ref, outcome.bill
    warning = outcome.receipt.warning(locale) if outcome.receipt else ""
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


def left_answer(record: AnswerRecord, exchange: Exchange | None, catalogue: Catalogue) -> Answer:
    """What takes the place of an answer whose process is gone: the answer, where it was made and only not shown
    any more; else, under what was shown of it, that it was interrupted. `exchange` is what memory has of it."""
    locale, question = record.locale, exchange.question.text if exchange else ""
    if exchange is None or not exchange.answer:
        again = Action("try again", record.ref, t(locale, "answer-button-again"))
        note = t(locale, "answer-interrupted")
        left = Answer(Phase.CUT, note=note, alert=True, ref=record.ref, stays=True, question=question)
        return replace(left, actions=(again,)) if exchange else left  # what was not remembered is lost
    phase, model = Phase(exchange.finish), catalogue.chat.get(exchange.model)
    actions = _buttons(locale, record.ref, phase, exchange.answer)
    note = _ENDS[record.why][1] if record.why else _LEFT.get(phase, "")
    return Answer(
        phase,
        text=exchange.answer,
        note=t(locale, note, buttons="yes") if phase in _LEFT else "",
        footer=model.label if model else "",
        actions=actions,
        private=exchange.question.private,
        alert=phase is Phase.CUT,
        ref=record.ref,
        question=question,
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

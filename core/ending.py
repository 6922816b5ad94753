"""The final state of an answer: how it ended, what it cost, and what can be done next."""

from dataclasses import replace
from typing import NamedTuple

from core.answer import Action, Answer, Bill, Phase
from core.answering import Asked, Outcome
from core.catalogue import Catalogue
from core.conversation import Exchange
from core.errors import StreamCut
from core.running import AnswerRecord, StopReason
from core.sentences import sentence
from core.settings import Settings
from core.words import money, t


class _End(NamedTuple):
    """How a stopped answer ends: its phase, and the word keys of the note under its text, and of the one
    without a text."""

    phase: Phase
    under: str
    early: str


_ENDS = {
    StopReason.PERSON: _End(Phase.STOPPED, "answer-stopped", "answer-stopped-early"),
    StopReason.DELETED: _End(Phase.STOPPED, "answer-stopped", "answer-stopped-early"),
    StopReason.LEFT: _End(Phase.CUT, "answer-cut-left", "answer-cut-left"),
    StopReason.RESTART: _End(Phase.CUT, "answer-cut-restart", "answer-interrupted"),
    StopReason.TAKEN: _End(Phase.CUT, "answer-interrupted", "answer-interrupted"),
}
# By phase, the word key of the note under an answer that was complete, but not shown before its process died.
_UNSHOWN = {Phase.STOPPED: "answer-stopped", Phase.CUT: "answer-cut"}
# Word keys: of the note under a text, and of the one without a text.
_BROKEN_OFF, _WHOLE = ("answer-cut", "answer-empty"), ("", "answer-empty")
_REASONS = {  # as the model's side says them, but for the budget
    "length": ("answer-cut-length", "answer-cut-length"),
    "budget": ("answer-cut-budget", "answer-cut-budget"),
    "content_filter": ("answer-filtered", "rejected"),
}


def _how(outcome: Outcome, locale: str, settings: Settings, *, has_buttons: bool) -> tuple[Phase, str]:
    """The final phase of an answer, and the sentence that says how it ended ("" where it is whole)."""
    buttons = "yes" if has_buttons else "no"
    if outcome.stop_reason is not None:
        end = _ENDS[outcome.stop_reason]
        return end.phase, t(locale, end.under if outcome.text else end.early, buttons=buttons)
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
    asked: Asked, outcome: Outcome, locale: str, settings: Settings, *, has_buttons: bool
) -> Answer:
    """The final Answer: the text, how it ended, what it cost, and what can be done next."""
    phase, how = _how(outcome, locale, settings, has_buttons=has_buttons)
    unread = (sentence(problem, locale, settings) for problem in asked.unread)
    unseen = t(locale, "picture-left-out", count=asked.unseen) if asked.unseen else ""
    warning = outcome.receipt.warning(locale) if outcome.receipt else ""
    ref = asked.conversation.ref
    is_cut = phase is Phase.CUT and outcome.finish_reason != "length"  # its longest length is no failure
    return Answer(
        phase,
        text=outcome.text,
        note=" ".join(filter(None, dict.fromkeys((how, *unread, unseen, warning)))),
        footer=_footer(asked, outcome.bill, locale, settings),
        actions=_buttons(locale, ref, phase, outcome.text),
        alert=is_cut or phase is Phase.FAILED or bool(warning),
        ref=ref,
        bill=outcome.bill,
    )


def _footer(asked: Asked, bill: Bill | None, locale: str, settings: Settings) -> str:
    """Which model answered and, where the person wants to see it, what that cost; "" where it cost nothing."""
    if bill is None:
        return ""
    parts, wish = [asked.model.label], asked.conversation.preferences.show_cost
    if settings.show_cost if wish is None else wish:
        used = bill.prompt_tokens + bill.completion_tokens
        parts += [money(bill.nanos, locale), t(locale, "answer-tokens", tokens=used)]
    return " · ".join(parts)


def stopped_early(reason: StopReason, ref: str, locale: str) -> Answer:
    """The final Answer where it was stopped before the model was asked."""
    end = _ENDS[reason]
    return Answer(end.phase, note=t(locale, end.early, buttons="no"), alert=end.phase is Phase.CUT, ref=ref)


def interrupted_answer(record: AnswerRecord, exchange: Exchange | None, catalogue: Catalogue) -> Answer:
    """The final Answer where its process died: the whole answer, where it was complete and only not shown;
    else, under what was shown of it, that it was interrupted. `exchange` is what memory has of it."""
    locale, question = record.locale, exchange.question.text if exchange else ""
    if exchange is None or not exchange.answer:
        again = Action("try again", record.ref, t(locale, "answer-button-again"))
        note = t(locale, "answer-interrupted")
        cut = Answer(Phase.CUT, note=note, alert=True, ref=record.ref, stays=True, question=question)
        return replace(cut, actions=(again,)) if exchange else cut  # what was not remembered is lost
    phase, model = Phase(exchange.finish), catalogue.chat.get(exchange.model)
    actions = _buttons(locale, record.ref, phase, exchange.answer)
    note = _ENDS[record.stop_reason].under if record.stop_reason else _UNSHOWN.get(phase, "")
    return Answer(
        phase,
        text=exchange.answer,
        note=t(locale, note, buttons="yes") if phase in _UNSHOWN else "",
        footer=model.label if model else "",
        actions=actions,
        private=exchange.question.private,
        alert=phase is Phase.CUT,
        ref=record.ref,
        question=question,
    )


def _buttons(locale: str, ref: str, phase: Phase, text: str) -> tuple[Action, ...]:
    """The buttons under an answer that has ended. Without a text, "regenerate" is called "try again"."""
    commands = ["regenerate", *(["continue"] if phase is Phase.CUT and text else []), "model", "delete"]
    labels = {command: f"answer-button-{command}" for command in commands}
    if not text:
        labels["regenerate"] = "answer-button-again"
    return tuple(
        Action(command, ref, t(locale, label), danger=command == "delete") for command, label in labels.items()
    )

"""A payer's spending, caps and what is left, as numbers; the words for them are elsewhere."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from core.money.base import CAP_OFF, Today


@dataclass(frozen=True, slots=True)
class Period:
    """One day or month of one payer. `used_nanos` is what counts against the cap: booked and held, without
    what extra credit paid, with what an unlinked purse brought along."""

    booked_nanos: int
    held_nanos: int
    used_nanos: int
    cap_nanos: int | None  # None: no cap
    resets_at: float  # epoch seconds


@dataclass(frozen=True, slots=True)
class Summary:
    """A payer's account now. `models` are this month's, highest spending first."""

    person_day: Period
    person_month: Period
    chat_day: Period
    chat_month: Period
    all_day: Period
    all_month: Period
    credit_nanos: int  # extra credit left: lifts the person's caps, not those of the chat and of everybody
    models: tuple[tuple[str, int], ...]
    left_nanos: int  # what one more request may cost under all of them, NO_CAP where there is none
    rooms: tuple[int, ...]  # what each of the six still takes, below zero after an overrun
    caps: tuple[int, ...]  # of the same six, CAP_OFF where there is none

    def of(self, kind: str) -> tuple[Period, Period]:
        """The day and the month of the "person", of the "chat", or of "all"."""
        return {
            "person": (self.person_day, self.person_month),
            "chat": (self.chat_day, self.chat_month),
            "all": (self.all_day, self.all_month),
        }[kind]


def read_summary(reply: Sequence[Any], at: Today) -> Summary:
    """The reply of money_summary.lua."""
    caps, credit, amounts, models, left, rooms = reply
    periods = [
        Period(
            booked_nanos=booked,
            held_nanos=held,
            used_nanos=booked + held - paid_by_credit + brought,
            cap_nanos=None if cap == CAP_OFF else cap,
            resets_at=ends,
        )
        for (booked, held, paid_by_credit, brought), cap, ends in zip(
            (amounts[n : n + 4] for n in range(0, len(amounts), 4)),
            caps,
            (at.day_ends, at.month_ends) * 3,
            strict=True,
        )
    ]
    pairs = ((models[n].decode(), models[n + 1]) for n in range(0, len(models), 2))
    person_day, person_month, chat_day, chat_month, all_day, all_month = periods
    return Summary(
        person_day=person_day,
        person_month=person_month,
        chat_day=chat_day,
        chat_month=chat_month,
        all_day=all_day,
        all_month=all_month,
        credit_nanos=credit,
        models=tuple(sorted(pairs, key=lambda pair: (-pair[1], pair[0]))),
        left_nanos=left,
        rooms=tuple(rooms),
        caps=tuple(caps),
    )

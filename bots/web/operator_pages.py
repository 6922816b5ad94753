"""What each operator page shows. Reads only; what changes something is in operator_changes.py."""

import time
from dataclasses import dataclass
from typing import Any

from bots.web.operator_chart import COLOURS, Series
from bots.web.operator_view import OperatorView, Visit
from core.app import Core
from core.money.caps import Override
from core.money.spending import By, Spending, Sum
from core.names import Kind
from core.operator.accounts import DETAIL_DAYS, LIST_DAYS
from core.operator.overview import configured
from core.personas import Persona, described
from core.words import keys, t

PAGE = 50  # lines of a long list
_PERIODS = (7, 30, 90)
_BYS: tuple[By, ...] = ("person", "chat", "model", "kind")
_MOST_PAGES = 100_000


@dataclass(frozen=True, slots=True)
class Paging:
    """Where in a long list one is. Pages count from 1."""

    page: int
    pages: int
    count: int

    @property
    def first(self) -> int:
        return (self.page - 1) * PAGE

    @classmethod
    def of(cls, page: int, count: int) -> "Paging":
        pages = max(1, -(-count // PAGE))
        return cls(min(page, pages), pages, count)


class OperatorPages:
    """Every page as HTML. All raise StoreError."""

    def __init__(self, core: Core, view: OperatorView) -> None:
        self._core, self._view = core, view
        self._overview = core.overview

    async def overview(self, visit: Visit) -> str:
        spent = await self._overview.spending(30, "model")
        series = _series_of(spent, spent.top(COLOURS - 1), "model", visit.locale)
        tops: dict[str, list[Sum]] = {}
        for by in ("person", "chat"):
            today = await self._overview.spending(1, by)
            tops[by] = await self._overview.top(today, 5)
        facts = await self._live(visit)
        return self._view.page("overview", visit, spent=spent, series=series, tops=tops, **facts)

    async def live(self, visit: Visit) -> str:
        """The part of the overview that is true for seconds only."""
        return self._view.page("live", visit, **await self._live(visit))

    async def _live(self, visit: Visit) -> dict[str, Any]:
        now = await self._overview.now()
        words = keys(visit.locale)
        return {
            "now": now,
            "now_at": time.time(),
            "kinds": {one.kind: _trouble_key(one.kind, words) for one in now.troubles},
            "announced": await self._core.control.announcement.text(),
        }

    async def spend(self, visit: Visit) -> str:
        by: By = next((one for one in _BYS if one == visit.query.get("by")), "person")
        days = next((one for one in _PERIODS if str(one) == visit.query.get("days")), 30)
        spent = await self._overview.spending(days, by)
        pager = Paging.of(visit.number("page", 1, _MOST_PAGES, 1), len(spent))
        top, sums = spent.top(COLOURS - 1), spent.top(PAGE, after=pager.first)
        if by in ("person", "chat"):
            top = await self._overview.top(spent, COLOURS - 1)
            sums = await self._overview.top(spent, PAGE, after=pager.first)
        return self._view.page(
            "spend", visit, by=by, bys=_BYS, days=days, periods=_PERIODS, spent=spent, sums=sums, pager=pager,
            series=_series_of(spent, top, by, visit.locale),
        )  # fmt: skip

    async def accounts(self, visit: Visit, kind: Kind) -> str:
        wanted, accounts = visit.query.get("q", "").strip()[:100], self._overview.accounts
        page = visit.number("page", 1, _MOST_PAGES, 1)
        if wanted:
            listed = await accounts.search(kind, wanted)
            pager = Paging.of(1, 0)
        else:
            listed = await accounts.top(kind, PAGE, after=(page - 1) * PAGE)
            pager = Paging.of(page, listed.count)
            if pager.page < page:
                listed = await accounts.top(kind, PAGE, after=pager.first)
        return self._view.page(
            "accounts", visit, kind=kind, listed=listed, pager=pager, wanted=wanted, days=LIST_DAYS
        )

    async def account(self, visit: Visit, kind: Kind, name: str) -> str:
        detail = await self._overview.accounts.get(kind, name)
        days, nanos = zip(*detail.days, strict=True)
        series = [Series(t(visit.locale, "operator-spent"), nanos, 0)]
        requests = await self._core.spend.ledger.requests(name) if kind == "person" else []
        return self._view.page(
            "account", visit, kind=kind, name=name, detail=detail, days=days, series=series, most=DETAIL_DAYS,
            models=self._core.catalogue.chat, personas=self._personas(visit.locale), requests=requests,
        )  # fmt: skip

    async def caps(self, visit: Visit) -> str:
        overrides = await self._core.spend.caps.show()
        picked = next((one for one in overrides if one.name == visit.query.get("change")), Override(""))
        return self._view.page("caps", visit, overrides=overrides, picked=picked)

    async def access(self, visit: Visit) -> str:
        control = self._core.control
        allowed, denied = await control.access.lists()
        return self._view.page(
            "access", visit, allowed=allowed, denied=denied, access=control.access,
            file=self._core.settings.blocklist_file,
            blocked=await control.policy.blocked(), announced=await control.announcement.text(),
        )  # fmt: skip

    async def personas(self, visit: Visit) -> str:
        return self._view.page(
            "personas", visit, personas=self._personas(visit.locale), file=self._core.settings.personas_file
        )

    async def catalogue(self, visit: Visit) -> str:
        return self._view.page("catalogue", visit, catalogue=self._core.catalogue, settings=self._core.settings)

    async def settings(self, visit: Visit) -> str:
        access = self._core.control.access  # SIGHUP may have changed its lists
        lists = {"allow": access.always_allowed, "deny": access.always_denied}
        settings = self._core.settings.model_copy(update=lists)
        return self._view.page("settings", visit, configured=configured(settings))

    async def trail(self, visit: Visit) -> str:
        changes = await self._core.spend.trail.read(PAGE + 1, before=visit.query.get("before", ""))
        return self._view.page(
            "trail",
            visit,
            changes=changes[:PAGE],
            is_more=len(changes) > PAGE,
            is_first="before" not in visit.query,
        )

    def _personas(self, locale: str) -> list[tuple[Persona, str, str]]:
        """Every persona with its label and what it is like."""
        return [(one, *described(one, locale)) for one in self._core.memory.chosen.personas.values()]


def _called(name: str, by: str, locale: str) -> str:
    """The name of an account; a person who was forgotten has none."""
    if by in ("person", "chat") and name and ":" not in name:
        return t(locale, "operator-forgotten")
    return name or t(locale, "operator-nobody")


def _series_of(spent: Spending, top: list[Sum], by: str, locale: str) -> list[Series]:
    """Those with the highest spending, a colour each, and the rest in one."""
    series = [Series(_called(one.name, by, locale), one.by_day, at) for at, one in enumerate(top)]
    rest = [
        total - sum(column)
        for total, *column in zip(spent.total.by_day, *(one.by_day for one in top), strict=True)
    ]
    if len(spent) > len(top):
        series.append(Series(t(locale, "operator-rest"), rest, COLOURS - 1))
    return series


def _trouble_key(kind: str, words: Any) -> str:
    """The sentence for operators where there is one, else what people were told."""
    return f"operator-trouble-{kind}" if f"operator-trouble-{kind}" in words else "operator-trouble-other"

"""Health and metrics of this process: GET /healthz and GET /metrics, measured at each request.

Each process reports about itself alone, but for what is in the store (held money, the cap of everybody).
"""

import asyncio
import sys
import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib.metadata import version
from typing import Any

import structlog

from core import metrics
from core.app import Core
from core.dollars import NANOS_PER_DOLLAR
from core.errors import StoreError
from core.settings import MESSENGERS
from core.spend import EVERYBODY

log = structlog.get_logger(__name__)

BEAT_S = 0.25  # between two measurements of the event loop's lag
_REMEMBERED_S = 15.0  # of such measurements: health is usually asked for as often
SLOWEST_LOOP_S = 1.0  # a person would notice, and leases are renewed in time up to far more
STORE_PATIENCE_S = 1.5  # probes give up after two or three seconds
OVERDUE_S = 120.0  # an order that is this much over its deadline is not being looked after


@dataclass(frozen=True, slots=True)
class Link:
    """The state of this process's connection to a platform: "ok", "off", or in a few words what is wrong."""

    state: str
    latency_s: float | None = None  # the gateway's heartbeat
    heard_s: float | None = None  # since the platform sent or answered something


class Monitor:
    """Measures the lag of the event loop while `run` runs, and reports health and metrics. `links` has a
    function for each platform that returns the state of its connection."""

    def __init__(self, core: Core) -> None:
        self._core = core
        self.links: dict[str, Callable[[], Link]] = dict.fromkeys(MESSENGERS, lambda: Link("off"))
        self._lags: deque[float] = deque([0.0, 0.0], maxlen=round(_REMEMBERED_S / BEAT_S))
        self._started_at = time.monotonic()
        metrics.BUILD.info({"version": version("minitool-bots"), "python": sys.version.split()[0]})

    async def run(self, stop: asyncio.Event) -> None:
        """Measures until `stop`."""
        now = asyncio.get_running_loop().time
        while not stop.is_set():
            due = now() + BEAT_S
            try:
                async with asyncio.timeout_at(due):
                    await stop.wait()
            except TimeoutError:
                self._note(max(0.0, now() - due))

    def _note(self, lag_s: float) -> None:
        self._lags.append(lag_s)
        metrics.LOOP_LAG.observe(lag_s)
        if lag_s > SLOWEST_LOOP_S:
            log.warning("monitoring.loop_was_slow", lag_s=round(lag_s, 2))

    async def health(self) -> Mapping[str, Any]:
        """The body of GET /healthz: `status` is "ok" where everything that this process serves works; then a
        word for each part, and numbers in seconds."""
        trip_s, links, jobs = await self._store_trip_s(), self._link_states(), self._core.fulfil.ages
        second_lag_s, lag_s = sorted(self._lags)[-2:]  # a single slow beat is no state
        oldest = {doing: ages[0] for doing, ages in jobs.items() if ages}
        parts = {
            "store": "away" if trip_s is None else "ok",
            **{name: link.state for name, link in links.items()},
            "jobs": self._jobs_state(self._overdue_s(jobs)),
            "loop": "ok" if second_lag_s < SLOWEST_LOOP_S else "slow",
        }
        numbers = {
            "store_s": trip_s,
            "loop_lag_s": lag_s,
            "oldest_answer_s": max(self._core.running.ages, default=None),
            "oldest_job_s": max(oldest.values(), default=None),
            "up_s": time.monotonic() - self._started_at,
            **{f"{name}_latency_s": link.latency_s for name, link in links.items()},
            **{f"{name}_heard_s": link.heard_s for name, link in links.items()},
        }
        is_ok = all(state in ("ok", "off") for state in parts.values())
        known = {name: round(number, 4) for name, number in numbers.items() if number is not None}
        return {"status": "ok" if is_ok else "degraded", **parts, **known}

    async def metrics_text(self) -> bytes:
        """The body of GET /metrics: what was counted, and the gauges as they are now."""
        trip_s, core = await self._store_trip_s(), self._core
        metrics.STORE_UP.set(trip_s is not None)
        metrics.STORE_TRIP.set(trip_s if trip_s is not None else float("nan"))
        for state, count in core.store.connections.items():
            metrics.STORE_POOL.labels(state).set(count)
        await self._set_money_gauges()
        answers = core.running.ages
        metrics.OPEN_ANSWERS.set(len(answers))
        metrics.OLDEST_ANSWER.set(max(answers, default=0.0))
        jobs = core.fulfil.ages
        for doing, ages in jobs.items():
            metrics.JOBS.labels(doing).set(len(ages))
            metrics.OLDEST_JOB.labels(doing).set(max(ages, default=0.0))
        metrics.OVERDUE_JOB.set(self._overdue_s(jobs))
        for name, link in self._link_states().items():
            if link.state != "off":
                self._set_link_gauges(name, link)
        metrics.UPSTREAM_OPEN.set(core.answering.minitool.reading)
        metrics.TASKS.set(len(asyncio.all_tasks()))
        return metrics.text()

    def routes(self) -> list[Any]:  # Starlette's routes; the type would import it
        """GET /metrics. The web server itself serves GET /healthz, with `health`."""
        from starlette.requests import Request
        from starlette.responses import Response
        from starlette.routing import Route

        async def scrape(_: Request) -> Response:
            return Response(await self.metrics_text(), media_type="text/plain; version=0.0.4; charset=utf-8")

        return [Route("/metrics", scrape)]

    async def _store_trip_s(self) -> float | None:
        """The round trip of a write to the store; None where it takes none."""
        try:
            async with asyncio.timeout(STORE_PATIENCE_S):
                return await self._core.store.write()
        except (StoreError, TimeoutError):
            return None

    def _link_states(self) -> Mapping[str, Link]:
        return {name: state_of() for name, state_of in self.links.items()}

    def _overdue_s(self, jobs: Mapping[str, tuple[float, ...]]) -> float:
        """How far the oldest picture that is being painted is past its deadline."""
        return max(0.0, max(jobs["painting"], default=0.0) - self._core.settings.image_deadline_s)

    def _jobs_state(self, overdue_s: float) -> str:
        if not self._core.jobs.has_all_workers:
            return "not worked"  # not for people: a state of /healthz
        return "ok" if overdue_s < OVERDUE_S else "overdue"

    async def _set_money_gauges(self) -> None:
        try:
            async with asyncio.timeout(STORE_PATIENCE_S):
                summary, holds = await self._core.spend.summary(EVERYBODY), await self._core.spend.holds()
        except (StoreError, TimeoutError):
            return
        metrics.HOLDS.set(holds)
        metrics.HELD.set(summary.all_month.held_nanos / NANOS_PER_DOLLAR)
        for name, period in (("day", summary.all_day), ("month", summary.all_month)):
            cap = period.cap_nanos
            metrics.BUDGET.labels(name).set(float("inf") if cap is None else cap / NANOS_PER_DOLLAR)
            metrics.USED.labels(name).set(period.used_nanos / NANOS_PER_DOLLAR)

    @staticmethod
    def _set_link_gauges(name: str, link: Link) -> None:
        metrics.PLATFORM_UP.labels(name).set(link.state == "ok")
        if link.latency_s is not None:
            metrics.LATENCY.labels(name).set(link.latency_s)
        if link.heard_s is not None:
            metrics.HEARD.labels(name).set(link.heard_s)

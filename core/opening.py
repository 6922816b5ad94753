"""Opens every client that a Core needs, and puts its parts together."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from dataclasses import dataclass

import structlog
from pydantic import SecretStr

from core.access import Access
from core.admin import Admin
from core.answering import Answering
from core.app import Core
from core.ask import Ask
from core.attachments.media import Media
from core.bursts import Bursts
from core.catalogue import Catalogue, catalogue_for
from core.erasure import Erasure
from core.errors import BotError, CannotStart, StoreError
from core.housekeeping import Housekeeping
from core.imagine import Imagine
from core.jobs import Jobs, check_queue
from core.kept import Kept
from core.memory import Memory
from core.minitool.client import MiniTool, open_minitool
from core.operator.accounts import Accounts
from core.operator.alerts import Alerts
from core.operator.announcement import Announcement
from core.operator.control import Control
from core.operator.overview import Overview
from core.operator.troubles import Troubles
from core.orders.asides import Asides
from core.orders.dependencies import Dependencies
from core.orders.fulfil import Fulfil
from core.orders.line import Line
from core.orders.order import Orders
from core.orders.polls import Polls
from core.orders.timing import Timing
from core.personas import read_personas
from core.policy import Policy
from core.ratelimit import Ratelimit
from core.reopens import Reopens
from core.repair import Repair
from core.running import Running
from core.seal import Seal
from core.settings import BadSettings, Settings, read_named
from core.spend import Spend
from core.store import AlreadyRunning, Store, open_store, run_lock
from core.transcript import Transcript
from core.vision import Vision

log = structlog.get_logger(__name__)

_WRONG_SETTING = 2
Sleep = Callable[[float], Awaitable[None]]


@asynccontextmanager
async def open_core(
    settings: Settings,
    *,
    alone: bool = False,
    books_only: bool = False,
    clock: Callable[[], float] = time.time,
    sleep: Sleep = asyncio.sleep,
) -> AsyncIterator[Core]:
    """Opens everything in order and closes it in reverse. `alone`: it is to serve, so no other process may
    serve on this DATA_DIR. `books_only`: no model will be asked, so the simulated API is not started. `sleep`
    is used between retries of the model's side.

    Raises CannotStart with one line per problem.
    """
    async with AsyncExitStack() as stack:
        try:
            catalogue = _read_files(settings)
            if alone:
                stack.enter_context(run_lock(settings))
            opened = await _opened(
                settings, catalogue, clock, sleep, stack,
                simulates=not books_only, owns_store=alone and settings.has_own_store,
            )  # fmt: skip
            core = _core(opened)
            if alone:
                await _check_queue(core.store)
        except BadSettings as error:
            code = 1 if isinstance(error, AlreadyRunning) else _WRONG_SETTING
            raise CannotStart("\n".join(error.problems), code) from error
        except StoreError as error:
            raise without_store(settings, error) from error
        yield core


def _read_files(settings: Settings) -> Catalogue:
    """The catalogue, once every file that the settings name can be read: before anything is started. Raises
    BadSettings with the problems of all of them."""
    problems: list[str] = []
    catalogue = None

    @contextmanager
    def noting() -> Iterator[None]:
        try:
            yield
        except BadSettings as error:
            problems.extend(error.problems)

    with noting():
        catalogue = catalogue_for(settings)
    with noting():
        read_personas(settings.personas_file)
    with noting():
        if settings.blocklist_file is not None:
            read_named("BLOCKLIST_FILE", settings.blocklist_file)
    if catalogue is None or problems:
        raise BadSettings(problems)
    return catalogue


def without_store(settings: Settings, error: StoreError) -> CannotStart:
    """The CannotStart for a StoreError."""
    where = "DATA_DIR" if settings.has_own_store else "REDIS_URL"
    text = f"{where}: the store does not answer ({error.cause})"  # not for people: as problems of the settings
    return CannotStart(text)


async def _check_queue(store: Store) -> None:
    """Raises StoreError, CannotStart."""
    try:
        await check_queue(store)
    except StoreError as error:
        if "NoPermission" not in error.cause:
            raise
        raise CannotStart(f"REDIS_URL: its user may not subscribe, give it `&*` ({error.cause})") from error


@dataclass(frozen=True, kw_only=True)
class _Opened:
    """The clients and parts on which the others are built."""

    settings: Settings
    catalogue: Catalogue
    clock: Callable[[], float]
    store: Store
    seal: Seal
    memory: Memory
    minitool: MiniTool
    spend: Spend
    running: Running
    orders: Orders
    ratelimit: Ratelimit
    control: Control


async def _opened(
    settings: Settings,
    catalogue: Catalogue,
    clock: Callable[[], float],
    sleep: Sleep,
    stack: AsyncExitStack,
    *,
    simulates: bool,
    owns_store: bool,
) -> _Opened:
    """Raises BadSettings, StoreError."""
    reached = await _simulate(settings, stack) if simulates else settings
    store = await stack.enter_async_context(open_store(settings, alone=owns_store))
    seal = Seal(settings.content_key.get_secret_value())
    memory = Memory(store, seal, settings, clock)
    minitool = await stack.enter_async_context(open_minitool(reached, sleep=sleep))
    spend = await stack.enter_async_context(Spend(store, settings, clock))
    control = Control(
        catalogue=catalogue, chosen=memory.chosen, access=Access(store, settings, clock),
        policy=Policy(store, settings.blocklist_file, clock), announcement=Announcement(store, clock),
        trail=spend.trail,
    )  # fmt: skip
    return _Opened(
        settings=settings, catalogue=catalogue, clock=clock, store=store, seal=seal, memory=memory,
        minitool=minitool, spend=spend, control=control, orders=Orders(store, seal, settings, clock),
        ratelimit=Ratelimit(store, settings, clock),
        running=await stack.enter_async_context(Running(store, clock, alone=owns_store)),
    )  # fmt: skip


async def _simulate(settings: Settings, stack: AsyncExitStack) -> Settings:
    """The settings; where the simulated API is to be used, starts it, and returns them with its address."""
    if not settings.serves_simulation:
        return settings
    from core.minitool.simulated import serve_simulated

    address = await stack.enter_async_context(serve_simulated())
    key = "simulated" if settings.minitoolai_api_key else ""
    return settings.model_copy(update={"minitoolai_base_url": address, "minitoolai_api_key": SecretStr(key)})


def _core(on: _Opened) -> Core:
    settings, store, seal, clock = on.settings, on.store, on.seal, on.clock
    orders, control, transcript = on.orders, on.control, Transcript(store, seal, settings)
    media, kept, line = Media(store, seal, settings, clock), Kept(store, seal), Line(store, settings, clock)
    reopens, troubles, answering = Reopens(), Troubles(store, clock), Answering(on.spend, on.minitool)
    alerts = _alerts(on, reopens, troubles)
    erasure = Erasure(settings=settings, memory=on.memory, orders=orders, transcript=transcript, spend=on.spend)
    asides = Asides(orders=orders, spend=on.spend, clock=clock)
    fulfil = Fulfil(_dependencies(on, line, asides, reopens, alerts.notice))
    jobs = Jobs(store, fulfil.drive, settings.shutdown_grace_s)
    return Core(
        settings=settings, catalogue=on.catalogue, store=store, seal=seal, memory=on.memory, spend=on.spend,
        running=on.running, access=control.access, control=control, orders=orders, jobs=jobs, fulfil=fulfil,
        answering=answering, ratelimit=on.ratelimit, media=media, kept=kept, transcript=transcript,
        erasure=erasure, alerts=alerts, troubles=troubles, reopens=reopens,
        bursts=Bursts(store, seal, settings),
        asking=Ask(
            settings=settings, catalogue=on.catalogue, memory=on.memory, running=on.running,
            vision=Vision(settings=settings, memory=on.memory, media=media), ratelimit=on.ratelimit,
            answering=answering, announcement=control.announcement, notice=alerts.notice,
        ),
        imagining=Imagine(
            settings=settings, catalogue=on.catalogue, orders=orders, jobs=jobs, fulfil=fulfil, kept=kept,
            policy=control.policy, ratelimit=on.ratelimit, clock=clock,
        ),
        housekeeping=Housekeeping(
            settings=settings, access=control.access, catalogue=on.catalogue, memory=on.memory, spend=on.spend,
            running=on.running, ratelimit=on.ratelimit, orders=orders, asides=asides, erasure=erasure,
        ),
        admin=Admin(store=store, control=control, spend=on.spend, running=on.running, line=line),
        overview=_overview(on, troubles),
        repair=Repair(
            store=store, running=on.running, memory=on.memory, catalogue=on.catalogue, orders=orders, jobs=jobs,
            fulfil=fulfil, reopens=reopens,
        ),
    )  # fmt: skip


def _alerts(on: _Opened, reopens: Reopens, troubles: Troubles) -> Alerts:
    return Alerts(
        store=on.store, settings=on.settings, spend=on.spend, language_of=on.memory.chosen.language_of,
        reopen=reopens.reopen, platforms=reopens.keys(), troubles=troubles, clock=on.clock,
    )  # fmt: skip


def _dependencies(
    on: _Opened, line: Line, asides: Asides, reopens: Reopens, notice: Callable[[BotError], None]
) -> Dependencies:
    return Dependencies(
        settings=on.settings, orders=on.orders, line=line, timing=Timing(on.store), spend=on.spend,
        minitool=on.minitool, polls=Polls(on.minitool), asides=asides, reopen=reopens.reopen, notice=notice,
        clock=on.clock,
    )  # fmt: skip


def _overview(on: _Opened, troubles: Troubles) -> Overview:
    accounts = Accounts(on.store, on.settings, on.spend, on.control.access, on.control.chosen, on.clock)
    return Overview(
        store=on.store, settings=on.settings, spend=on.spend, running=on.running, orders=on.orders,
        troubles=troubles, accounts=accounts, clock=on.clock,
    )  # fmt: skip

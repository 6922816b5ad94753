"""Core: the verbs that adapters call, behind one guard; and the only place that opens clients.

`run` never raises: whatever happens, the person sees one clear sentence and the operator's log the cause.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, replace

import structlog
from pydantic import SecretStr

from core.access import Access
from core.admin import Admin
from core.alerts import Alerts
from core.answer import Answer, Phase, Reply
from core.answering import Answering
from core.ask import Ask
from core.bursts import Bursts
from core.catalogue import BadCatalogue, Catalogue, read_catalogue
from core.draft import present
from core.errors import BadInput, BotError, Gone, Refused, StoreError
from core.fulfil import Fulfil
from core.handover import Handover
from core.housekeeping import Housekeeping
from core.imagine import Imagine
from core.jobs import Jobs
from core.kept import Kept
from core.line import Line
from core.media import Media
from core.memory import Memory
from core.minitool.client import MiniTool, open_minitool
from core.orders import Orders
from core.personas import BadPersonas
from core.policy import Policy
from core.ratelimit import Ratelimit
from core.running import Running
from core.sentences import sentence
from core.settings import MINITOOLAI_API, BadSettings, Settings
from core.spend import Spend
from core.store import Store, open_store, run_lock
from core.stretch import Tools
from core.timing import Timing
from core.transcript import Transcript
from core.turn import Turn
from core.vision import Vision

log = structlog.get_logger(__name__)

Verb = Callable[[Turn, Reply], Awaitable[None]]
Reopen = Callable[[str], Awaitable[Reply]]
_SWEEP_S = 5.0
_REF_BYTES = 12  # 16 characters of [A-Za-z0-9_-]


class Reopens(dict[str, Reopen]):
    """How to make a Reply again, by platform: what comes before the colon of its address."""

    async def reopen(self, address: str) -> Reply:
        """Raises Gone where nobody in this process can show anything at that address."""
        platform = address.partition(":")[0]
        if platform not in self:
            raise Gone(cause="no such platform in this process")
        return await self[platform](address)


class CannotStart(Exception):
    """The bot cannot be started; the text is one line per problem, free of secrets."""


@dataclass
class Core:
    """All use cases over one set of clients. Made by `open_core`."""

    settings: Settings
    catalogue: Catalogue
    store: Store
    access: Access
    memory: Memory
    spend: Spend
    running: Running
    orders: Orders
    jobs: Jobs
    asking: Ask
    imagining: Imagine
    housekeeping: Housekeeping
    admin: Admin
    alerts: Alerts
    policy: Policy
    media: Media
    bursts: Bursts
    kept: Kept
    transcript: Transcript
    reopens: Reopens

    def __post_init__(self) -> None:
        house, image, ask, admin = self.housekeeping, self.imagining, self.asking, self.admin
        self._verbs: dict[str, Verb] = {
            "ask": ask.ask,
            "regenerate": ask.regenerate,
            "continue": ask.go_on,
            "try again": ask.try_again,
            "imagine": image.imagine,
            "again": image.again,
            "vary": image.vary,
            "shape": image.shape,
            "details": image.details,
            "file": image.file,
            "cancel": image.cancel,
            **house.verbs(),
            **admin.verbs(),
        }

    async def run(self, turn: Turn, reply: Reply) -> None:
        """Every command and every button. Returns when the final state was shown, or will be by a job."""
        with structlog.contextvars.bound_contextvars(request=turn.id, command=turn.command):
            locale = turn.person.locale
            try:
                turn = await self._admitted(turn)
                locale = turn.person.locale
                await self._verb(turn)(turn, reply)
            except Refused as error:
                log.info("request.refused", reason=error.message_key)
                await self._tell(reply, error, locale)
            except BotError as error:
                log.warning("request.failed", error=error.message_key, cause=error.cause)
                self.alerts.notice(error)
                await self._tell(reply, error, locale)
            except Exception as error:  # a bug: the person gets a number, the operator the cause
                incident = secrets.token_hex(4)
                log.critical("request.broke", incident=incident, error=type(error).__name__, exc_info=True)
                await self._tell(reply, BotError("incident", id=incident), locale)

    async def once(self, id: str) -> bool:  # noqa: A002  # the word of Turn.id
        """True the first time an update's or interaction's id is seen (24 h, all processes)."""
        return await self.running.once(id)

    async def gone(self, room: str, message: str) -> None:
        """A message of ours was deleted by somebody: what grows in it is stopped, and no longer paid."""
        self.running.lost(room, message)

    @asynccontextmanager
    async def serving(self, platform: str, reopen: Reopen) -> AsyncIterator[None]:
        """While open, this process shows things on that platform: `reopen(address)` makes a Reply again,
        or raises Gone. Addresses begin with "platform:"."""
        self.reopens[platform] = reopen
        try:
            async with self.jobs.work(platform):
                yield
        finally:
            del self.reopens[platform]

    async def reopen(self, address: str) -> Reply:
        """A Reply where an earlier one was. Raises Gone."""
        return await self.reopens.reopen(address)

    async def watch(self, stop: asyncio.Event) -> None:
        """Repairs what dead processes left behind, until `stop`."""
        while not stop.is_set():
            try:
                await self._repair()
            except StoreError as error:
                log.warning("core.store_away", cause=error.cause)
            except Exception:
                log.exception("core.watch_broke")
            try:
                async with asyncio.timeout(_SWEEP_S):
                    await stop.wait()
            except TimeoutError:
                continue

    async def drain(self, grace_s: float) -> None:
        """Waits for open answers; those that take longer than `grace_s` are ended, and say so."""
        left = await self.running.drain(grace_s)
        log.info("core.drained", left=left)

    def reload(self) -> None:
        """Reads the block list again (SIGHUP)."""
        self.policy.reload()
        self.access.reload()
        log.info("core.reloaded")

    def _verb(self, turn: Turn) -> Verb:
        verb = self._verbs.get(turn.command)
        if verb is None:
            raise BadInput("unknown-command", command=turn.command[:40])
        return verb

    async def _admitted(self, turn: Turn) -> Turn:
        """The turn in the person's own language, if it may go on. Raises NotAllowed, StoreError."""
        await self.access.check(turn)
        if turn.command.startswith("admin"):
            self.access.check_admin(turn)
        if language := (await self.memory.preferences(turn.person.id)).language:
            turn = replace(turn, person=replace(turn.person, locale=language))
        return turn

    async def _tell(self, reply: Reply, error: BotError, locale: str) -> None:
        note = sentence(error, locale, self.settings)
        await present(reply, Answer(Phase.FAILED, note=note, alert=True, private=True), locale=locale)

    async def _repair(self) -> None:
        await self._repair_answers()
        for order in await self.orders.overdue():  # whatever made the queue lose it
            if self.jobs.has(order.platform):
                await self.jobs.put(order.platform, order.ref)
        await self.imagining.fulfil.adopt()

    async def _repair_answers(self) -> None:
        """Answers whose process is gone say so, and offer to try again."""
        for record in await self.running.interrupted():
            if record.address.partition(":")[0] not in self.reopens:  # not yet, or in another process
                await self.running.leave(record)
                continue
            log.info("answer.interrupted", ref=record.ref)
            try:
                reply = await self.reopen(record.address)
                await present(reply, self.asking.interrupted(record), locale=record.locale)
            except BotError as error:
                log.info("answer.not_repaired", ref=record.ref, error=error.message_key)
            await self.running.release(record.ref)


@asynccontextmanager
async def open_core(
    settings: Settings, *, alone: bool = False, clock: Callable[[], float] = time.time
) -> AsyncIterator[Core]:
    """Opens everything in order and closes it in reverse. `alone`: no second one on this DATA_DIR.

    Raises CannotStart with one line per problem.
    """
    async with AsyncExitStack() as stack:
        try:
            catalogue = read_catalogue(settings.catalogue_file)
            if alone:
                stack.enter_context(run_lock(settings))
            store = await stack.enter_async_context(open_store(settings))
            settings = await _simulate(settings, stack)
            memory = Memory(store, settings, clock)
            minitool = await stack.enter_async_context(open_minitool(settings))
        except BadSettings as error:
            raise CannotStart("\n".join(error.problems)) from error
        except (BadCatalogue, BadPersonas) as error:
            raise CannotStart(str(error)) from error
        except StoreError as error:
            raise CannotStart(f"REDIS_URL: the store does not answer ({error.cause})") from error
        except ValueError as error:
            raise CannotStart("CONTENT_KEY: cannot be used") from error
        spend = await stack.enter_async_context(Spend(store, settings, clock))
        running = await stack.enter_async_context(Running(store, clock))
        yield _put_together(settings, catalogue, store, memory, minitool, spend, running, clock)


async def _simulate(settings: Settings, stack: AsyncExitStack) -> Settings:
    """Settings that point at a simulated API of our own, where the real one is not to be used."""
    if not settings.is_simulated or settings.minitoolai_base_url != MINITOOLAI_API:
        return settings
    from core.minitool.simulated import serve_simulated

    address = await stack.enter_async_context(serve_simulated())
    log.warning("core.simulated", hint="MINITOOLAI_API_KEY is empty: every answer is made up")
    return settings.model_copy(
        update={
            "minitoolai_base_url": address,
            "minitoolai_api_key": SecretStr("simulated"),
            "minitoolai_simulated": True,
        }
    )


def _put_together(
    settings: Settings,
    catalogue: Catalogue,
    store: Store,
    memory: Memory,
    minitool: MiniTool,
    spend: Spend,
    running: Running,
    clock: Callable[[], float],
) -> Core:
    access, ratelimit, alerts = Access(store, settings, clock), Ratelimit(store, settings, clock), Alerts(clock)
    orders, policy = Orders(store, settings, clock), Policy(settings.blocklist_file)
    media, reopens = Media(store, settings, clock), Reopens()
    line, handover = Line(store, settings, clock), Handover(settings, orders, spend, clock)
    tools = Tools(settings, orders, line, Timing(store), spend, minitool, handover, alerts.notice, clock)
    fulfil = Fulfil(tools, reopens.reopen)
    jobs, answering = Jobs(store, fulfil.drive, settings.shutdown_grace_s), Answering(spend, minitool)
    vision = Vision(settings, memory, media)
    return Core(
        settings=settings,
        catalogue=catalogue,
        store=store,
        access=access,
        memory=memory,
        spend=spend,
        running=running,
        orders=orders,
        jobs=jobs,
        media=media,
        bursts=Bursts(store, settings),
        kept=Kept(store, settings),
        transcript=Transcript(store, settings),
        asking=Ask(settings, catalogue, memory, vision, running, ratelimit, answering, new_ref, alerts.notice),
        imagining=Imagine(settings, catalogue, jobs, fulfil, handover, policy, ratelimit, new_ref, clock),
        housekeeping=Housekeeping(settings, catalogue, memory, spend, running, orders, handover),
        admin=Admin(settings, store, access, spend, running, line),
        alerts=alerts,
        policy=policy,
        reopens=reopens,
    )


def new_ref() -> str:
    """A name for an answer or an order: 16 characters of [A-Za-z0-9_-]."""
    return secrets.token_urlsafe(_REF_BYTES)

"""Core: the verbs that adapters call, behind one guard; and the only place that opens clients.

`run` never raises: whatever happens, the person sees one clear sentence and the operator's log the cause.
"""

import asyncio
import secrets
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace

import structlog

from core.access import Access
from core.admin import Admin
from core.alerts import Alerts
from core.answer import Answer, Phase, Reply
from core.ask import Ask
from core.catalogue import BadCatalogue, Catalogue, read_catalogue
from core.commands import BY_NAME, parse_args
from core.draft import present
from core.errors import BadInput, BotError, Gone, Refused, StoreError
from core.fulfil import Fulfil
from core.housekeeping import Housekeeping
from core.imagine import Imagine
from core.jobs import Jobs
from core.memory import Memory
from core.minitool.client import MiniTool, open_minitool
from core.orders import Orders
from core.personas import BadPersonas
from core.policy import Policy
from core.ratelimit import Ratelimit
from core.running import Running
from core.sentences import sentence
from core.settings import BadSettings, Settings
from core.spend import Spend
from core.store import Store, open_store, run_lock
from core.turn import Turn

log = structlog.get_logger(__name__)

Verb = Callable[[Turn, Reply], Awaitable[None]]
Reopen = Callable[[str], Awaitable[Reply]]
_PAID = frozenset({"ask", "imagine", "regenerate", "continue", "again", "vary", "try again"})
_SWEEP_S = 5.0
_REF_BYTES = 12  # 16 characters of [A-Za-z0-9_-]


class CannotStart(Exception):
    """The bot cannot be started; the text is one line per problem, free of secrets."""


@dataclass
class Core:
    """All use cases over one set of clients. Made by `open_core`."""

    settings: Settings
    catalogue: Catalogue
    store: Store
    access: Access
    ratelimit: Ratelimit
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
    reopens: dict[str, Reopen] = field(default_factory=dict)

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
                log.exception("request.broke", incident=incident, error=type(error).__name__)
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
        """Raises Gone where nobody here can show anything at that address."""
        reopen = self.reopens.get(address.partition(":")[0])
        if reopen is None:
            raise Gone(cause="no such platform in this process")
        return await reopen(address)

    async def watch(self, stop: asyncio.Event) -> None:
        """Repairs what dead processes left behind, until `stop`."""
        while not stop.is_set():
            try:
                await self._repair()
                await self.spend.sweep()
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
        language = await self.memory.language_of(turn.person.id)
        if language:
            turn = replace(turn, person=replace(turn.person, locale=language))
        return turn

    async def _tell(self, reply: Reply, error: BotError, locale: str) -> None:
        note = sentence(error, locale, self.settings)
        await present(reply, Answer(Phase.FAILED, note=note, alert=True, private=True), locale=locale)

    async def _repair(self) -> None:
        """Answers whose process is gone say so, and offer to try again."""
        for record in await self.running.interrupted():
            log.info("answer.interrupted", ref=record.ref)
            if record.address.partition(":")[0] in self.reopens:
                try:
                    reply = await self.reopen(record.address)
                    await present(reply, self.asking.interrupted(record), locale=record.locale)
                except BotError as error:
                    log.info("answer.not_repaired", ref=record.ref, error=error.message_key)
            await self.running.release(record.ref)

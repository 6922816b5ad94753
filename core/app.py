"""Core: what it is made of, and the verbs that adapters call, behind one guard. `core.opening` makes one.

`run` never raises: whatever happens, the person sees one clear sentence and the operator's log the cause.
"""

import asyncio
import secrets
from collections.abc import AsyncIterator, Callable, Mapping
from contextlib import asynccontextmanager, suppress
from dataclasses import replace

import structlog

from core import metrics, words
from core.access import Access
from core.admin import Admin
from core.answer import Answer, Phase, Reply
from core.answering import Answering
from core.ask import Ask
from core.attachments.media import Media
from core.bursts import Bursts
from core.catalogue import Catalogue, catalogue_for
from core.commands import BY_NAME, Verb, is_paid
from core.draft import present
from core.erasure import Erasure
from core.errors import BadInput, BotError, Busy, NotAllowed, Refused, StoreError
from core.housekeeping import Housekeeping
from core.imagine import Imagine
from core.inbox import Inbox, Resume
from core.jobs import Jobs, count_workers
from core.kept import Kept
from core.memory import Memory
from core.minitool.client import MiniTool
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
from core.periodic import repeat, run_all
from core.policy import Policy
from core.preferences import Preferences
from core.ratelimit import Ratelimit
from core.reopens import Reopen, Reopens
from core.repair import Repair
from core.running import Running, StopReason
from core.seal import Seal
from core.sentences import sentence
from core.settings import BadSettings, Settings
from core.spend import Spend
from core.store import Store
from core.transcript import Transcript
from core.turn import Person, Turn
from core.vision import Vision

log = structlog.get_logger(__name__)

_TAP_S = 2.0  # a second tap within this time counts as the same one
_FREE_AT_ONCE, _FREE_EVERY_S = 20, 2.0  # free commands use up the chat's call budget, too
_TYPED_AT_ONCE, _TYPED_EVERY_S = 60, 3.0  # each is kept for a day, and nobody pays for it
_REWRITE_LOOK_S = 3600.0
_FORM_S = 0.5  # a platform waits three seconds for a form


class Core:
    """All use cases over one set of clients. Adapters call its methods, and of its parts only `settings`,
    `catalogue` and those kept for adapters; the page and the terminal also use those of the operator."""

    def __init__(
        self, settings: Settings, catalogue: Catalogue, store: Store, minitool: MiniTool, spend: Spend,
        running: Running, clock: Callable[[], float],
    ) -> None:  # fmt: skip
        """Raises BadSettings where a file that the settings name cannot be used."""
        self.settings, self.catalogue, self.store = settings, catalogue, store
        self.spend, self.running = spend, running
        self.seal = seal = Seal(settings.content_key.get_secret_value())
        self.memory = Memory(store, seal, settings, clock)
        self.orders = Orders(store, seal, settings, clock)
        self.access = Access(store, settings, clock)
        self.ratelimit = Ratelimit(store, settings, clock)
        self.answering = Answering(spend, minitool)
        # What is kept for adapters: between two messages, two presses, two looks at a page.
        self.bursts = Bursts(store, seal, settings)
        self.kept = Kept(store, seal)
        self.transcript = Transcript(store, seal, settings)
        self.media = Media(store, seal, settings, clock)
        # For the operator.
        self.control = Control(
            catalogue=catalogue, chosen=self.memory.chosen, access=self.access, trail=spend.trail,
            policy=Policy(store, settings.blocklist_file, clock), announcement=Announcement(store, clock),
        )  # fmt: skip
        self.reopens, self.troubles = Reopens(), Troubles(store, clock)
        self.alerts = Alerts(
            store=store, settings=settings, spend=spend, chosen=self.memory.chosen, reopens=self.reopens,
            troubles=self.troubles, clock=clock,
        )  # fmt: skip
        self.overview = Overview(
            store=store, settings=settings, spend=spend, running=running, orders=self.orders,
            troubles=self.troubles, clock=clock,
            accounts=Accounts(store, settings, spend, self.access, self.memory.chosen, clock),
        )  # fmt: skip
        self._add_use_cases(minitool, clock)

    def _add_use_cases(self, minitool: MiniTool, clock: Callable[[], float]) -> None:
        """Makes what runs the verbs, and what drives the orders that they place."""
        settings, catalogue, store, memory = self.settings, self.catalogue, self.store, self.memory
        spend, running, orders, access = self.spend, self.running, self.orders, self.access
        line, asides = Line(store, settings, clock), Asides(orders=orders, spend=spend, clock=clock)
        self.fulfil = Fulfil(
            Dependencies(
                settings=settings, orders=orders, line=line, timing=Timing(store), spend=spend,
                minitool=minitool, polls=Polls(minitool), asides=asides, reopen=self.reopens.reopen,
                notice=self.alerts.notice, clock=clock,
            )
        )  # fmt: skip
        self.erasure = Erasure(settings, memory, orders, self.transcript, spend, self.fulfil.withdraw)
        self.jobs = Jobs(store, self.fulfil.drive, settings.shutdown_grace_s)
        self.repair = Repair(
            store=store, running=running, memory=memory, catalogue=catalogue, orders=orders, jobs=self.jobs,
            fulfil=self.fulfil, reopens=self.reopens,
        )  # fmt: skip
        asking = Ask(
            settings=settings, catalogue=catalogue, memory=memory, running=running,
            vision=Vision(settings=settings, memory=memory, media=self.media), ratelimit=self.ratelimit,
            answering=self.answering, announcement=self.control.announcement, notice=self.alerts.notice,
        )  # fmt: skip
        self.imagining = Imagine(
            settings=settings, catalogue=catalogue, orders=orders, jobs=self.jobs, fulfil=self.fulfil,
            kept=self.kept, policy=self.control.policy, ratelimit=self.ratelimit, clock=clock,
        )  # fmt: skip
        housekeeping = Housekeeping(
            settings=settings, access=access, catalogue=catalogue, memory=memory, spend=spend, running=running,
            ratelimit=self.ratelimit, orders=orders, asides=asides, erasure=self.erasure,
        )  # fmt: skip
        admin = Admin(store=store, control=self.control, spend=spend, running=running, line=line)
        self._verbs: Mapping[str, Verb] = {
            **asking.verbs(), **self.imagining.verbs(), **housekeeping.verbs(), **admin.verbs(),
        }  # fmt: skip

    async def run(self, turn: Turn, reply: Reply) -> None:
        """Runs a turn, whether command or button. Returns when the final state was shown, or will be by a
        job."""
        command = turn.command if turn.command in self._verbs else ""  # else a person's word
        with structlog.contextvars.bound_contextvars(request=turn.id, command=command or "unknown"):
            metrics.REQUESTS.labels(turn.platform, command).inc()
            try:
                turn = await self._admitted(turn)
                if not command:
                    raise BadInput("unknown-command", command=turn.command[:40])
                await self._verbs[command](turn, reply)
            except Refused as error:
                log.info("request.refused", reason=error.message_key)
                await self._show_error(error, turn, reply)
            except BotError as error:
                log.warning("request.failed", error=error.message_key, cause=error.cause)
                await self._show_error(error, turn, reply)
            except Exception as error:  # a bug: the person gets a number, the operator the cause
                incident = secrets.token_hex(4)
                metrics.BUGS.inc()
                log.critical("request.broke", incident=incident, error=type(error).__name__, exc_info=True)
                bug = BotError("incident", id=incident, cause=f"{incident} {type(error).__name__}")
                await self._show_error(bug, turn, reply)

    async def move_chat(self, chat: str, to: str) -> None:
        """Copies access, settings and caps of a chat to the new name that its platform has given it. Raises
        StoreError."""
        await self.spend.caps.copy(f"chat:{chat}", f"chat:{to}", by=chat)
        await self.control.copy(chat, to)

    async def language_of(self, person: Person) -> str:
        """The language to speak to somebody: their own choice, else what the platform says, or said before.
        Takes no longer than a platform waits for a form."""
        try:
            async with asyncio.timeout(_FORM_S):
                return _in_own_language(person, await self.memory.chosen.preferences(person.id)).locale
        except (StoreError, TimeoutError):
            return person.locale

    async def lets_in(self, turn: Turn, *, unknown: bool = False) -> bool:
        """Whether this person may use the bot in this place. Returns `unknown` while the store is away."""
        try:
            await self.access.admit(turn)
        except Refused:
            return False
        except StoreError:
            return unknown
        return True

    async def prefill(self, turn: Turn) -> str | None:
        """The text with which a form begins, for a button that asks for text. None where the press would be
        refused whatever is typed; to run it says why. "" where the store takes longer than a form may wait: the
        press is checked when it is run."""
        try:
            async with asyncio.timeout(_FORM_S):
                turn = await self.access.admit(turn)
                return (await self.imagining.get_own_order(turn)).wish.prompt
        except Refused:
            return None
        except (StoreError, TimeoutError):
            return ""

    async def keep_typed(self, person: str, text: str) -> str:
        """Keeps what a person has typed so far, for a button. Returns the name under which it is kept. Raises
        Busy where it comes faster than anybody types, StoreError."""
        await self.ratelimit.attempt(f"typed:{person}", _TYPED_AT_ONCE, _TYPED_EVERY_S)
        return await self.kept.keep(text)

    async def tell(self, reply: Reply, answer: Answer, *, locale: str) -> bool:
        """Shows an answer that the adapter itself gives, retried as every final state. Returns whether it was
        shown."""
        return await present(reply, answer, locale=locale)

    async def once(self, name: str) -> bool:
        """True for the first call with this name (a turn's id, a chat's offer) within 24 h, over all processes.
        Raises StoreError."""
        return await self.store.once(name)

    def inbox(self, platform: str, resume: Resume) -> Inbox:
        """The inbox of a platform, to be entered while this process receives its updates: for a platform that
        does not send again what a crash lost. For others `once` is enough."""

        async def begin_again(number: str, body: bytes) -> None:
            with suppress(StoreError):  # one message too many is better than no answer
                await self.running.drop(f"{platform}:{number}")
            await resume(number, body)

        return Inbox(self.store, self.seal, platform, begin_again)

    async def is_shared(self, platform: str) -> bool:
        """Whether another process of this store serves the platform, too. False where the store does not
        tell."""
        try:
            return await count_workers(self.store, platform) > 1
        except StoreError:
            return False

    async def is_answering(self, address: str) -> bool:
        """Whether the reply of this address shows an answer that is under way, in any process. False where the
        store is away."""
        try:
            return any(record.address == address for record in await self.running.everywhere())
        except StoreError:
            return False

    def message_deleted(self, room: str, message: str) -> None:
        """To be called when a message was deleted: stops the answer that grows in it, or answers it."""
        self.running.message_deleted(room, message)

    def left(self, room: str) -> None:
        """To be called when nobody looks at this room any more: cuts off the answers that grow in it."""
        self.running.stop_here(room, StopReason.LEFT)

    @asynccontextmanager
    async def serving(self, platform: str, reopen: Reopen) -> AsyncIterator[None]:
        """While open, this process serves that platform, and works on its image orders. `reopen(address)` makes
        a Reply again, or raises Gone. Addresses begin with "platform:"; a person's id is the address of the
        private chat with them."""
        self.reopens[platform] = reopen
        try:
            async with self.jobs.work(platform):
                yield
        finally:
            del self.reopens[platform]

    async def maintain(self, stop: asyncio.Event) -> None:
        """Until `stop`: repairs what dead processes left behind, sends alerts to admins, has the store's file
        rewritten. What takes longer than SHUTDOWN_GRACE_S from then on is left to other processes."""
        works = {"repair": self.repair.tick, "alerts": self.alerts.tick, "troubles": self.troubles.flush}
        rewriting = asyncio.create_task(repeat(self.store.rewrite, _REWRITE_LOOK_S, "rewrite"))
        try:
            await run_all(works, stop, self.settings.shutdown_grace_s)
        finally:
            rewriting.cancel()
            await asyncio.wait([rewriting])

    async def drain(self, grace_s: float) -> None:
        """Waits for open answers; those that take longer than `grace_s` are ended, and say so."""
        left = await self.running.drain(grace_s)
        log.info("core.drained", left=left)

    def reload(self, settings: Settings) -> None:
        """Reads models, personas, words and the block list again, and takes ALLOW and DENY from `settings`
        (SIGHUP). Each of them changes whole, or stays as it was and the log says why."""
        parts: dict[str, Callable[[], None]] = {
            "catalogue": lambda: self.catalogue.replace_with(catalogue_for(self.settings)),
            "personas": self.memory.chosen.reload,
            "words": words.reload,
            "block list": self.control.policy.reload,
            "access": lambda: self.access.reload(settings),
        }
        kept = []
        for name, read in parts.items():
            try:
                read()
            except BadSettings as error:
                kept.append(name)
                log.error("core.not_reloaded", what=name, problem=str(error))
        log.info("core.reloaded", kept=kept)

    async def _admitted(self, turn: Turn) -> Turn:
        """The turn in the person's own language, if it may go on. Raises NotAllowed, Busy, StoreError."""
        turn = await self.access.admit(turn)
        command, pays = BY_NAME.get(turn.command), is_paid(turn.command, turn.args)
        if command and command.debounced and pays:
            press = ":".join((turn.person.id, turn.command, turn.arg("ref"), turn.arg("value")))
            await self.ratelimit.attempt(f"press:{press}", 1, _TAP_S)
        if not (pays or (command and (command.notice or command.always))):
            await self.ratelimit.attempt(f"free:{turn.person.id}", _FREE_AT_ONCE, _FREE_EVERY_S)
        if command and command.admin:
            self.access.check_admin(turn)
        own, speaks = await self.memory.chosen.preferences(turn.person.id), turn.person.speaks
        if speaks not in ("", own.speaks):
            await self.memory.chosen.prefer(turn.person.id, "speaks", speaks)
        return replace(turn, person=_in_own_language(turn.person, own))

    async def _show_error(self, error: BotError, turn: Turn, reply: Reply) -> None:
        """Shows it, unless this person got the same refusal a moment ago, in a chat where each line is one more
        message to scroll past."""
        self.alerts.notice(error)
        repeats = isinstance(error, Busy) or error.message_key == NotAllowed.key
        is_terse = repeats and reply.surface.terse
        if is_terse and self.ratelimit.hush(turn.person.id, turn.room, error.message_key):
            return
        locale = turn.person.locale
        answer = Answer(Phase.FAILED, note=sentence(error, locale, self.settings), alert=True, private=True)
        await present(reply, answer, locale=locale)


def _in_own_language(person: Person, own: Preferences) -> Person:
    by_platform = person.speaks or own.speaks or person.locale
    return replace(person, locale=own.language or by_platform, platform_locale=by_platform)

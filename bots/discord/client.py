"""The connection to Discord: gateway, shards, events, and an orderly shutdown.

Invariant: an event is taken only until `stop`; what it began is finished before `Connection.run` returns. What
comes meanwhile is left to other processes; where there is none, the person reads that the bot restarts.
"""

import asyncio
import time
from collections.abc import Awaitable
from dataclasses import dataclass
from functools import partial
from typing import Any

import aiohttp
import discord
import structlog

from bots.discord import commands, patches
from bots.discord.account import CHANNEL_WINDOW, Account
from bots.discord.events import Events
from bots.discord.reply import reopen
from bots.discord.rest import ACCOUNT_CALLS, Declined, Rest
from bots.discord.turn import RAW_CHANNEL, RAW_MEMBER
from bots.monitoring import Link
from bots.tasks import finish, unless
from core.app import Core
from core.errors import BotError, DeliveryError
from core.periodic import pause
from core.settings import Settings

log = structlog.get_logger(__name__)

_FIRST_WAIT_S, _LONGEST_WAIT_S = 1.0, 300.0
_LAST_WORDS_S = 3.0  # to tell who asks in the last moment that nobody answers; an interaction waits no longer
# discord.py notes the time of a heartbeat only once it is sent. An acknowledgement that comes before that is
# timed from the beat before, 41 s ago; so what seems to have taken longer than this was no slow one.
_LONGEST_BEAT_S = 30.0


@dataclass(frozen=True, slots=True)
class Shards:
    """The part of the bot's shards that this process runs."""

    ids: list[int]
    count: int

    @property
    def calls(self) -> int:
        """The part of the account's calls a second that is this process's."""
        return max(1, ACCOUNT_CALLS * len(self.ids) // self.count)


class Client(discord.AutoShardedClient):
    """discord.py's client with all caches off, used for the gateway alone."""

    events: Events  # who we are is known with the login, before the first event

    def __init__(self, shards: Shards, stop: asyncio.Event, *, message_content: bool) -> None:
        intents = discord.Intents(
            guilds=True, guild_messages=True, dm_messages=True, message_content=message_content
        )
        super().__init__(
            intents=intents,
            shard_ids=shards.ids,
            shard_count=shards.count,
            max_messages=None,
            member_cache_flags=discord.MemberCacheFlags.none(),
            chunk_guilds_at_startup=False,
            allowed_mentions=discord.AllowedMentions.none(),
            enable_debug_events=False,
        )
        patches.keep_raw_events(self, shards.ids[0])
        self._stop = stop
        self.tasks: set[asyncio.Task[object]] = set()
        self.is_up = asyncio.Event()
        self.heard_at: float | None = None

    async def application_info(self) -> discord.AppInfo:
        """As discord.py's, but for its owner, which discord.py requires and Discord may leave out."""
        data: Any = await self.http.application_info()  # JSON as Discord sends it
        data.setdefault("owner", {"id": data["id"], "username": "", "discriminator": "0", "avatar": None})
        return discord.AppInfo(self._connection, data)

    async def on_connect(self) -> None:
        self.is_up.set()
        log.info("discord.ready", shards=len(self.shards))

    async def on_interaction(self, interaction: discord.Interaction) -> None:
        sent = patches.raw_event()
        # Without a channel it is known by its id; without that, nobody else is in its room.
        channel = sent.get("channel") or {"id": sent.get("channel_id") or interaction.id}
        interaction.extras |= {RAW_CHANNEL: channel, RAW_MEMBER: sent.get("member")}
        is_late = self._stop.is_set()
        take = self.events.interaction_too_late if is_late else self.events.interaction
        await self._handle(interaction.id, take(interaction))

    async def on_message(self, message: discord.Message) -> None:
        take = self.events.message_too_late if self._stop.is_set() else self.events.message
        await self._handle(message.id, take(message, patches.raw_event()))

    async def on_raw_message_delete(self, event: discord.RawMessageDeleteEvent) -> None:
        self.events.deleted(event.channel_id, [event.message_id])

    async def on_raw_bulk_message_delete(self, event: discord.RawBulkMessageDeleteEvent) -> None:
        self.events.deleted(event.channel_id, list(event.message_ids))

    async def on_error(self, event_method: str, /, *args: object, **kwargs: object) -> None:
        log.exception("discord.event_broke", kind=event_method)

    async def _handle(self, event: int, doing: Awaitable[None]) -> None:
        """Awaits the handling of an event, as one of `tasks`, which are awaited when the client ends."""
        structlog.contextvars.bind_contextvars(request=f"discord:{event}")  # of this task
        self.heard_at = time.monotonic()
        task = asyncio.current_task()
        assert task is not None
        self.tasks.add(task)
        try:
            await doing
        finally:
            self.tasks.discard(task)


class Connection:
    """One bot account's connection, made again whenever it cannot be kept."""

    _rest: Rest
    _account: Account

    def __init__(self, core: Core, stop: asyncio.Event) -> None:
        self._core = core
        self._settings = core.settings
        self._stop = stop
        self._client: Client | None = None
        self._problem = ""

    def link(self) -> Link:
        """`heard_s` counts from the last event of a person: nothing else that Discord sends is noted."""
        client = self._client
        if client is None or not client.is_up.is_set():
            return Link(self._problem or "connecting")
        heard_s = time.monotonic() - client.heard_at if client.heard_at is not None else None
        if any(shard.is_closed() for shard in client.shards.values()):
            return Link("reconnecting", heard_s=heard_s)
        beats = [beat for _, beat in client.latencies if beat < _LONGEST_BEAT_S]  # infinite before the first
        return Link("ok", sum(beats) / len(beats) if beats else None, heard_s)

    async def run(self) -> None:
        """Serves Discord until `stop`."""
        settings = self._settings
        patches.apply(settings.discord_api_base)
        connector = aiohttp.TCPConnector(limit=0, keepalive_timeout=30)  # Pace bounds what is under way
        async with aiohttp.ClientSession(connector=connector) as session:
            token, calls = settings.discord_token.get_secret_value(), _shards(settings, 1).calls
            self._rest = Rest(settings.discord_api_base, token, session, calls)
            self._account = Account(self._rest, reads_all=settings.discord_message_content)
            async with self._core.serving("discord", partial(reopen, account=self._account)):
                await self._keep()

    async def _keep(self) -> None:
        """Stays connected until `stop`. Retries with growing pauses: Discord limits the starts of a day."""
        wait = _FIRST_WAIT_S
        while not self._stop.is_set():
            try:
                await self._connect()
                return
            except discord.LoginFailure:
                self._problem, wait = "the token is refused", _LONGEST_WAIT_S
            except discord.PrivilegedIntentsRequired:
                self._problem = "the Message Content intent is not enabled for this bot"
                self._account.reads_all = False
            except Declined as error:
                self._problem = "the token is refused" if error.status == 401 else f"refused ({error.status})"
                wait = _LONGEST_WAIT_S
            except (discord.DiscordException, DeliveryError, aiohttp.ClientError, OSError) as error:
                self._problem = f"cannot connect ({type(error).__name__})"
            self._client = None  # from here on the problem is the state
            log.error("discord.not_connected", problem=self._problem, retry_s=wait)
            await pause(wait, self._stop)
            wait = min(wait * 2, _LONGEST_WAIT_S)

    async def _connect(self) -> None:
        shards = await unless(self._stop, self._plan())
        if shards is None:
            return
        client = self._client = Client(shards, self._stop, message_content=self._account.reads_all)
        async with client:
            await unless(self._stop, self._log_in(client))
            if self._stop.is_set():
                return
            assert client.user is not None
            client.events = Events(self._core, self._account, str(client.user.id))
            connection = asyncio.create_task(client.connect(), name="discord.gateway")
            syncing = asyncio.create_task(self._sync(client, shards), name="discord.commands")
            stopping = asyncio.create_task(self._stop.wait())
            try:
                await asyncio.wait([connection, stopping], return_when=asyncio.FIRST_COMPLETED)
                while client.tasks and not self._stop.is_set():
                    await asyncio.wait([*client.tasks, stopping], return_when=asyncio.FIRST_COMPLETED)
                # Of several answers that were cut in one channel, the last may say so only in its next window.
                await finish(client.tasks, self._settings.shutdown_grace_s + CHANNEL_WINDOW.seconds)
            finally:
                await client.close()
                for task in (connection, syncing, stopping):  # closed or not, a connection tries to begin
                    task.cancel()
                await asyncio.wait([connection, syncing, stopping])
            await finish(client.tasks, _LAST_WORDS_S)  # who asked meanwhile; nobody else can any more
            if not self._stop.is_set():
                connection.result()

    async def _plan(self) -> Shards:
        """Which shards to run, once the budget of starts allows it. Also sets the gateway's address."""
        gateway = await self._rest.call("GET", "/gateway/bot")
        if not isinstance(gateway, dict) or "url" not in gateway:
            raise DeliveryError(cause="no gateway")
        patches.set_gateway(str(gateway["url"]))
        # What stands between us and Discord, with a budget of its own, may tell the address alone.
        shards = _shards(self._settings, int(gateway.get("shards", 1)))
        budget = gateway.get("session_start_limit", {})
        if int(budget.get("remaining", len(shards.ids))) < len(shards.ids):
            wait = float(budget.get("reset_after", 0)) / 1000
            self._problem = "no session starts left today"
            log.error("discord.no_starts_left", wait_s=wait)
            await asyncio.sleep(wait)
        return shards

    async def _log_in(self, client: Client) -> None:
        async with self._rest.counted(), self._rest.counted():  # it asks who we are, in two calls
            await client.login(self._settings.discord_token.get_secret_value())

    async def _sync(self, client: Client, shards: Shards) -> None:
        """Keeps Discord's menus as they should be; of several processes the one with the first shard writes."""
        await client.is_up.wait()  # reading all words takes a moment that the start need not wait for
        fetch = commands.sync if 0 in shards.ids else commands.read
        try:
            self._account.menu = commands.ids_by_name(await fetch(self._rest, str(client.application_id)))
        except BotError as error:
            log.warning("discord.commands_not_synced", cause=error.cause)


def _shards(settings: Settings, wanted: int) -> Shards:
    """DISCORD_SHARDS as in "0-3/16", else as many as Discord asks for."""
    if not settings.discord_shards:
        return Shards(list(range(wanted)), wanted)
    span, _, count = settings.discord_shards.partition("/")
    first, _, last = span.partition("-")
    return Shards(list(range(int(first), int(last) + 1)), int(count))

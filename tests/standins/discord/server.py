"""The loopback Discord itself: one server for REST, gateway and CDN, and everything that happened.

    async with DiscordStandin() as discord:
        interaction = await discord.slash("ask", {"question": "why?"})
        await discord.until(lambda: "because" in interaction.text)

It listens on a port that the system chooses; `base` is what DISCORD_API_BASE must be. Every call is
in `calls` with its time and outcome, every message keeps each state it was in.
"""

import asyncio
import json
import re
import time
from collections.abc import Callable
from typing import Any, TypeVar

from aiohttp import web

from tests.standins.discord.actions import Actions
from tests.standins.discord.errors import Refusal
from tests.standins.discord.faults import Call, Fault
from tests.standins.discord.gateway import DIRECT_MESSAGES, GUILD_MESSAGES, MESSAGE_CONTENT, Gateway, close_all
from tests.standins.discord.interactions import Interactions
from tests.standins.discord.limits import MESSAGES, OTHER, WEBHOOK, Limits, Verdict
from tests.standins.discord.minimal import minimal_response
from tests.standins.discord.rest import BASE, Rest, serve_file
from tests.standins.discord.world import Channel, File, Guild, Interaction, Message, User
from tests.waiting import PATIENCE_S

T = TypeVar("T")


class DiscordStandin(Actions):
    """A whole Discord with one bot account, one server and one channel to begin with."""

    def __init__(
        self, *, token: str = "MTIz.loopback.token", now: Callable[[], float] = time.monotonic
    ) -> None:
        self.token = token
        self.now = now
        self.bot = User("Minitool", bot=True)
        self.person = User("Ada")
        self.users = [self.bot, self.person]
        self.guild = Guild(self.bot.id, User("Owner").id)
        self.guilds = [self.guild]
        self.channel = Channel(guild=self.guild)
        self.guild.channels.append(self.channel)
        self.outside: list[Channel] = []  # DMs, groups, and channels of servers without the bot
        self.messages: dict[str, Message] = {}
        self.interactions: dict[str, Interaction] = {}
        self.files: dict[str, File] = {}
        self.commands: list[dict[str, Any]] = []
        self.syncs = 0
        self.shards = 1
        self.starts_left = 1000
        self.starts_reset_ms = 0
        self.portal: dict[str, Any] = {}  # what the developer portal says otherwise of the application
        self.is_bare = False  # sends the least that can be sent
        self.calls: list[Call] = []
        self.typed: list[tuple[float, str]] = []
        self.faults: list[Fault] = []
        self.limits = Limits(now)
        self.gateway = Gateway(self)
        self.origin = ""
        self._changed = asyncio.Event()

    # Life

    async def __aenter__(self) -> "DiscordStandin":
        application = web.Application(middlewares=[self._answer], client_max_size=64 * 1024 * 1024)
        for method, path, endpoint in [*Rest(self).routes(), *Interactions(self).routes()]:
            application.router.add_route(method, path, endpoint)
        application.router.add_get("/gateway/", self.gateway.connect)
        application.router.add_get("/cdn/attachments/{channel}/{file}/{name}", self._file)
        self._runner = web.AppRunner(application, access_log=None, shutdown_timeout=1.0)
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.origin = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        return self

    async def __aexit__(self, *exc: object) -> None:
        await close_all(self.gateway)
        await self._runner.cleanup()

    @property
    def base(self) -> str:
        """What DISCORD_API_BASE must be."""
        return f"{self.origin}{BASE}"

    @property
    def gateway_url(self) -> str:
        return f"{self.origin.replace('http', 'ws', 1)}/gateway/"

    @property
    def cdn(self) -> str:
        return f"{self.origin}/cdn"

    def application(self) -> dict[str, Any]:
        limited_content = 1 << 19 if self.gateway.intents_allowed & MESSAGE_CONTENT else 0
        return {
            "id": self.bot.id, "name": self.bot.name, "icon": None, "description": "", "bot_public": True,
            "bot_require_code_grant": False, "owner": self.person.payload(), "verify_key": "", "team": None,
            "flags": limited_content, "summary": "", "interactions_endpoint_url": None, "rpc_origins": [],
            "integration_types_config": {"0": {}, "1": {}}, **self.portal,
        }  # fmt: skip

    # Waiting

    def notify(self) -> None:
        """Something changed: those who wait look again."""
        self._changed.set()
        self._changed = asyncio.Event()

    async def until(self, predicate: Callable[[], T], timeout: float = PATIENCE_S) -> T:
        """Waits until `predicate()` is true and returns it; looks at every change."""
        async with asyncio.timeout(timeout):
            while not (found := predicate()):
                await self._changed.wait()
        return found

    @property
    def refused(self) -> list[Call]:
        """Every 429 of the limits; those that a fault ordered are not counted."""
        return [call for call in self.calls if call.status == 429 and call.scope != "fault"]

    # The way of every call

    @web.middleware
    async def _answer(self, request: web.Request, handler: Any) -> web.StreamResponse:  # aiohttp's own type
        if not request.path.startswith(BASE):
            response: web.StreamResponse = await handler(request)
            return response
        path = request.path.removeprefix(BASE)
        is_webhook = path.startswith(("/webhooks/", "/interactions/"))
        fault = next((one for one in self.faults if one.matches(f"{request.method} {path}")), None)
        verdict = self._admit(request, path)
        if fault:
            fault.times -= 1
            if fault.delay:
                await asyncio.sleep(fault.delay)
            if not fault.after:
                return self._fail(request, path, fault)
        status, code, body = 200, 0, None
        if verdict.scope:
            status, body = (
                429,
                {
                    "message": "You are being rate limited.",
                    "retry_after": verdict.retry_after,
                    "global": verdict.scope == "global",
                },
            )
        else:
            status, code, body = await self._handle(request, path, handler)
        if fault and fault.after:
            return self._fail(request, path, fault)
        self.calls.append(Call(self.now(), request.method, path, status, code, verdict.scope, is_webhook))
        self.notify()
        headers = verdict.headers | {"Via": "1.1 loopback"}
        if verdict.scope:
            headers |= {"Retry-After": f"{verdict.retry_after:.3f}", "X-RateLimit-Scope": verdict.scope}
            if verdict.scope == "global":
                headers["X-RateLimit-Global"] = "true"
        return _json(status, body, headers, "; charset=utf-8" if self.is_bare else "")

    async def _handle(self, request: web.Request, path: str, handler: Any) -> tuple[int, int, Any]:
        needs_token = not path.startswith(("/interactions/", "/webhooks/"))
        if needs_token and request.headers.get("Authorization") != f"Bot {self.token}":
            return 401, 40001, {"message": "401: Unauthorized", "code": 0}
        try:
            body = await handler(request)
        except Refusal as refusal:
            return refusal.status, refusal.code, refusal.body
        except web.HTTPException as error:
            return error.status, 0, {"message": f"{error.status}: {error.reason}", "code": 0}
        body = minimal_response(path, body) if self.is_bare else body
        return (204 if body is None else 200), 0, body

    def _admit(self, request: web.Request, path: str) -> Verdict:
        if path.startswith("/interactions/"):
            return Verdict({})
        if path.startswith("/webhooks/"):
            return self.limits.take(WEBHOOK, path.split("/")[3], counts_globally=False)
        parts = path.split("/")
        writes = re.fullmatch(r"/channels/\d+/messages(/\d+)?", path) and request.method in ("POST", "PATCH")
        if writes:
            return self.limits.take(MESSAGES, parts[2], counts_globally=True)
        return self.limits.take(OTHER, "/".join([request.method, *parts[1:3]]), counts_globally=True)

    def _fail(self, request: web.Request, path: str, fault: Fault) -> web.Response:
        is_webhook = path.startswith(("/webhooks/", "/interactions/"))
        call = Call(self.now(), request.method, path, fault.status, fault.code, "fault", is_webhook)
        self.calls.append(call)
        self.notify()
        if fault.status == 0:
            if request.transport is not None:
                request.transport.abort()
            return web.Response(status=500)
        headers = {"Via": "1.1 loopback"} if fault.via else {}
        if fault.status == 429:
            headers |= {"Retry-After": str(fault.retry_after), "X-RateLimit-Scope": "user"}
            if not fault.via:
                return web.Response(status=429, text="error code: 1015", headers=headers)
            body = {"message": "limited", "retry_after": fault.retry_after, "global": fault.everywhere}
            return _json(429, body, headers)
        if fault.code:
            return _json(fault.status, Refusal(fault.status, fault.code).body, headers)
        return web.Response(status=fault.status, text="upstream connect error", headers=headers)

    async def _file(self, request: web.Request) -> web.Response:
        return await serve_file(self, request)

    # What the routes and acts share

    def find_channel(self, wanted: str) -> Channel | None:
        everywhere = [channel for guild in self.guilds for channel in guild.channels] + self.outside
        return next((channel for channel in everywhere if channel.id == wanted), None)

    def find_user(self, wanted: str) -> User | None:
        return next((user for user in self.users if user.id == wanted), None)

    def reaches(self, channel: Channel) -> bool:
        """Whether the bot's own token can see it: its servers, and DMs with it."""
        return channel.guild in self.guilds if channel.guild else channel.type == 1

    def keep(self, message: Message) -> None:
        self.messages[message.id] = message
        self.files |= {file.id: file for file in message.files}

    def view(self, message: Message) -> dict[str, Any]:
        """A message as the bot may read it: blank where only the Message Content intent would show it."""
        intents = self.gateway.sessions[-1].intents if self.gateway.sessions else 0
        return self._seen(message, intents)

    def _seen(self, message: Message, intents: int) -> dict[str, Any]:
        return message.payload(
            blank=self._is_blank(message, intents), hides=lambda other: self._is_blank(other, intents)
        )

    def _is_blank(self, message: Message, intents: int) -> bool:
        seen = message.author is self.bot or message.channel.type == 1 or self.bot in message.mentions
        return not seen and not intents & MESSAGE_CONTENT

    async def post(self, message: Message) -> None:
        self.keep(message)
        if not message.shown:
            message.note(self.now())
        await self._tell("MESSAGE_CREATE", message)

    async def updated(self, message: Message) -> None:
        self.keep(message)
        await self._tell("MESSAGE_UPDATE", message)

    async def _tell(self, name: str, message: Message) -> None:
        self.notify()
        if message.ephemeral or not self.reaches(message.channel):
            return
        guild = message.channel.guild
        for session in self.gateway.sessions[-1:]:
            data = self._seen(message, session.intents)
            if guild:
                data |= {"guild_id": guild.id, "member": message.author.member()}
                data["mentions"] = [one.payload() | {"member": one.member()} for one in message.mentions]
            intent = GUILD_MESSAGES if guild else DIRECT_MESSAGES
            await self.gateway.dispatch(name, data, guild=guild.id if guild else None, intent=intent)

    async def delete(self, message: Message) -> None:
        message.deleted = True
        self.notify()
        guild = message.channel.guild
        if message.ephemeral or not self.reaches(message.channel):
            return
        data = {"id": message.id, "channel_id": message.channel.id}
        if guild:
            data["guild_id"] = guild.id
        intent = GUILD_MESSAGES if guild else DIRECT_MESSAGES
        await self.gateway.dispatch("MESSAGE_DELETE", data, guild=guild.id if guild else None, intent=intent)

    async def open_thread(self, thread: Channel) -> None:
        assert thread.guild is not None
        thread.guild.channels.append(thread)
        data = thread.payload() | {"newly_created": True}
        await self.gateway.dispatch("THREAD_CREATE", data, guild=thread.guild.id)


def _json(status: int, body: Any, headers: dict[str, str], charset: str = "") -> web.Response:
    """Discord names no character set; by HTTP's rules it might."""
    if status == 204:
        return web.Response(status=204, headers=headers)
    headers |= {"Content-Type": f"application/json{charset}"}
    return web.Response(status=status, body=json.dumps(body).encode(), headers=headers)

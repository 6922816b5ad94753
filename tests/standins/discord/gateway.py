"""The gateway: HELLO, IDENTIFY, READY, RESUME with replay, heartbeats, and what is dispatched."""

import asyncio
import json
import secrets
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from aiohttp import WSMsgType, web

from tests.standins.discord.minimal import minimal_event

if TYPE_CHECKING:
    from tests.standins.discord.server import DiscordStandin

GUILD_MESSAGES, DIRECT_MESSAGES, MESSAGE_CONTENT = 1 << 9, 1 << 12, 1 << 15
PRIVILEGED = 1 << 1 | 1 << 8 | MESSAGE_CONTENT


@dataclass
class Session:
    """One shard's session; it outlives its socket so that it can be resumed."""

    intents: int
    shard: tuple[int, int]
    id: str = field(default_factory=lambda: secrets.token_hex(16))
    events: list[dict[str, Any]] = field(default_factory=list)
    socket: web.WebSocketResponse | None = None
    resumable: bool = True
    is_bare: bool = False

    async def dispatch(self, name: str, data: dict[str, Any]) -> None:
        data = minimal_event(name, data) if self.is_bare else data
        event = {"op": 0, "t": name, "s": len(self.events) + 1, "d": data}
        self.events.append(event)
        await self.send(event)

    async def send(self, event: dict[str, Any]) -> None:
        if self.socket is not None and not self.socket.closed:
            with_socket = self.socket
            try:
                await with_socket.send_str(json.dumps(event))
            except (ConnectionError, RuntimeError):
                self.socket = None


class Gateway:
    """Every session of the bot. `identifies` and `resumes` count what came."""

    def __init__(self, standin: "DiscordStandin") -> None:
        self.standin = standin
        self.sessions: list[Session] = []
        self.identifies = 0
        self.resumes = 0
        self.intents_allowed = ~PRIVILEGED
        self.acknowledges = True  # heartbeats
        self.replay_extra = 0  # events sent again at a RESUME though they had arrived

    @property
    def connected(self) -> list[Session]:
        return [session for session in self.sessions if session.socket and not session.socket.closed]

    async def connect(self, request: web.Request) -> web.WebSocketResponse:
        socket = web.WebSocketResponse(max_msg_size=0)
        await socket.prepare(request)
        await socket.send_str(json.dumps({"op": 10, "d": {"heartbeat_interval": 41250}}))
        session: Session | None = None
        async for frame in socket:
            if frame.type != WSMsgType.TEXT:
                break
            message = json.loads(frame.data)
            if message["op"] == 1:
                if self.acknowledges:
                    await socket.send_str(json.dumps({"op": 11, "d": None}))
            elif message["op"] == 2:
                session = await self._identify(socket, message["d"])
            elif message["op"] == 6:
                session = await self._resume(socket, message["d"])
        if session is not None and session.socket is socket:
            session.socket = None
            session.resumable = session.resumable and socket.close_code not in (1000, 1001)
        self.standin.notify()
        return socket

    async def _identify(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> Session | None:
        self.identifies += 1
        if data["token"] != self.standin.token:
            await socket.close(code=4004, message=b"Authentication failed.")
            return None
        if data["intents"] & PRIVILEGED & ~self.intents_allowed:
            await socket.close(code=4014, message=b"Disallowed intent(s).")
            return None
        index, count = data.get("shard", (0, 1))
        # A shard may have several sessions, each with every event: so a bot is replaced without a gap.
        self.sessions = [one for one in self.sessions if one.shard != (index, count) or one in self.connected]
        session = Session(data["intents"], (index, count), socket=socket, is_bare=self.standin.is_bare)
        self.sessions.append(session)
        guilds = [guild for guild in self.standin.guilds if self.shard_of(guild.id, count) == index]
        application = self.standin.application()
        await session.dispatch("READY", {
            "v": 10, "user": self.standin.bot.payload(), "session_id": session.id, "private_channels": [],
            "guilds": [{"id": guild.id, "unavailable": True} for guild in guilds], "shard": [index, count],
            "resume_gateway_url": self.standin.gateway_url,
            "application": {name: application[name] for name in ("id", "flags")},
        })  # fmt: skip
        for guild in guilds:
            await session.dispatch("GUILD_CREATE", guild.payload(self.standin.bot))
        self.standin.notify()
        return session

    async def _resume(self, socket: web.WebSocketResponse, data: dict[str, Any]) -> Session | None:
        self.resumes += 1
        session = next((one for one in self.sessions if one.id == data["session_id"]), None)
        if session is None or not session.resumable:
            await socket.send_str(json.dumps({"op": 9, "d": False}))
            return None
        session.socket = socket
        for event in session.events[max(0, data["seq"] - self.replay_extra) :]:
            await session.send(event)
        await session.dispatch("RESUMED", {})
        self.standin.notify()
        return session

    @staticmethod
    def shard_of(guild: str, count: int) -> int:
        return (int(guild) >> 22) % count

    async def dispatch(self, name: str, data: dict[str, Any], *, guild: str | None, intent: int = 0) -> None:
        """To the shard that the server belongs to; what arrives while it is away waits for its RESUME."""
        for session in self.sessions:
            index, count = session.shard
            wanted = not intent or session.intents & intent
            mine = session.socket is not None or session.resumable
            if mine and wanted and (self.shard_of(guild, count) == index if guild else index == 0):
                await session.dispatch(name, data)

    async def drop(self, *, resumable: bool = True, code: int = 4000) -> None:
        """Closes every connection, as the real one does now and then."""
        for session in self.connected:
            socket, session.socket = session.socket, None
            session.resumable = resumable
            assert socket is not None
            await socket.close(code=code)

    async def reconnected(self) -> None:
        await self.standin.until(lambda: bool(self.connected))


async def close_all(gateway: Gateway) -> None:
    """Ends every connection at the stand-in's own end."""
    sockets = [session.socket for session in gateway.sessions if session.socket is not None]
    await asyncio.gather(*(socket.close(code=1001) for socket in sockets))

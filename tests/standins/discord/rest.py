"""REST v10: the routes a bot calls, with the checks and refusals of the real ones."""

import json
import re
import time
from collections.abc import Awaitable, Callable
from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.standins.discord import validate
from tests.standins.discord.errors import Refusal, invalid
from tests.standins.discord.world import (
    ATTACH,
    EVERYTHING,
    HISTORY,
    PUBLIC_THREADS,
    SEND,
    SEND_IN_THREADS,
    VIEW,
    Channel,
    File,
    Message,
    snowflake,
)

if TYPE_CHECKING:
    from tests.standins.discord.server import DiscordStandin

Body = dict[str, Any]
Endpoint = Callable[[web.Request], Awaitable[Any]]  # returns the JSON of the answer, None for 204
BASE = "/api/v10"


async def read_body(request: web.Request) -> tuple[Body, dict[str, bytes]]:
    """The JSON of a call and its files by field name; multipart or plain."""
    if not request.content_type.startswith("multipart/"):
        raw = await request.read()
        return (json.loads(raw) if raw else {}), {}
    body: Body = {}
    files: dict[str, bytes] = {}
    async for part in await request.multipart():
        data = bytes(await part.read(decode=False))  # type: ignore[union-attr]  # no nested multipart is sent
        if part.name == "payload_json":  # type: ignore[union-attr]
            body = json.loads(data)
        else:
            files[part.name or ""] = data  # type: ignore[union-attr]
            names = body.setdefault("_names", {})
            names[part.name] = (part.filename, part.headers.get("Content-Type", ""))  # type: ignore[union-attr]
    return body, files


def pinged(content: str, allowed: Body | None, reference: Message | None) -> list[str]:
    """Whom a text notifies under `allowed_mentions`; None is the permissive default."""
    parse = ["everyone", "users", "roles"] if allowed is None else allowed.get("parse", [])
    found: list[str] = []
    if "everyone" in parse:
        found += re.findall(r"@(?:everyone|here)\b", content)
    if "users" in parse:
        found += re.findall(r"<@!?(\d+)>", content)
    if "roles" in parse:
        found += re.findall(r"<@&(\d+)>", content)
    listed = [*(allowed or {}).get("users", []), *(allowed or {}).get("roles", [])]
    found += [one for one in listed if f"{one}>" in content]
    if reference and (allowed is None or allowed.get("replied_user")):
        found.append(reference.author.id)
    return found


def check_open(channel: Channel, *, creates: bool) -> None:
    """A new message opens an archived thread again; changing what is in there needs an open one. A channel that
    is gone takes nothing, by whatever way."""
    if channel.gone:
        raise Refusal(404, 10003)
    if channel.locked:
        raise Refusal(403, 160005)
    if channel.archived and not creates:
        raise Refusal(400, 50083)
    channel.archived = False


def build_files(base: str, channel: str, body: Body, files: dict[str, bytes]) -> list[File]:
    described = {str(item.get("id")): item for item in body.get("attachments") or []}
    names = body.get("_names", {})
    made = []
    for field, data in files.items():
        number = field.removeprefix("files[").removesuffix("]")
        name, media_type = names.get(field, ("file", ""))
        item = described.get(number, {})
        made.append(
            File(item.get("filename") or name, data, base, channel, media_type, item.get("description") or "")
        )
    return made


def check_filled(message: Message, body: Body, files: dict[str, bytes]) -> None:
    """Neither a new message nor what a change leaves may be empty."""
    content = body.get("content", message.content) or ""
    others = {"embeds": message.embeds, "components": message.components, "attachments": message.files}
    if not (content.strip() or files or any(body.get(name, there) for name, there in others.items())):
        raise Refusal(400, 50006)


def apply(standin: "DiscordStandin", message: Message, body: Body, files: dict[str, bytes]) -> None:
    """Writes a create or an edit into `message`, as the fields that are there say."""
    if "content" in body:
        message.content = (body["content"] or "").strip()
        message.pinged += pinged(message.content, body.get("allowed_mentions"), message.reference)
    if "embeds" in body:
        message.embeds = body["embeds"] or []
    if "components" in body:
        message.components = body["components"] or []
    if "flags" in body:
        message.flags |= body["flags"]
    kept = message.files
    if "attachments" in body:
        ids = {str(item.get("id")) for item in body["attachments"] or []}
        kept = [file for file in message.files if file.id in ids]
    message.files = kept + build_files(standin.cdn, message.channel.id, body, files)
    message.note(standin.now())


class Rest:
    """Channel routes and what a bot asks about itself. Interactions are in their own module."""

    def __init__(self, standin: "DiscordStandin") -> None:
        self.standin = standin

    def routes(self) -> list[tuple[str, str, Endpoint]]:
        channel, message = f"{BASE}/channels/{{channel}}", f"{BASE}/channels/{{channel}}/messages"
        one = f"{message}/{{message}}"
        return [
            ("GET", f"{BASE}/gateway/bot", self.gateway_bot),
            ("GET", f"{BASE}/users/@me", self.me),
            ("GET", f"{BASE}/users/@me/guilds", self.my_guilds),
            ("POST", f"{BASE}/users/@me/channels", self.open_dm),
            ("GET", f"{BASE}/oauth2/applications/@me", self.application),
            ("GET", f"{BASE}/applications/@me", self.application),
            ("GET", f"{BASE}/applications/{{app}}/commands", self.commands),
            ("PUT", f"{BASE}/applications/{{app}}/commands", self.put_commands),
            ("GET", channel, self.get_channel),
            ("PATCH", channel, self.change_channel),
            ("POST", f"{channel}/typing", self.typing),
            ("GET", message, self.list_messages),
            ("POST", message, self.create),
            ("GET", one, self.get_message),
            ("PATCH", one, self.edit),
            ("DELETE", one, self.delete),
            ("PUT", f"{one}/reactions/{{emoji}}/@me", self.react),
            ("POST", f"{one}/threads", self.start_thread),
        ]

    # What a bot asks about itself

    async def gateway_bot(self, request: web.Request) -> Body:
        limit = {
            "total": 1000,
            "remaining": self.standin.starts_left,
            "reset_after": self.standin.starts_reset_ms,
            "max_concurrency": 1,
        }
        shards = self.standin.shards
        return {"url": self.standin.gateway_url, "shards": shards, "session_start_limit": limit}

    async def me(self, request: web.Request) -> Body:
        return self.standin.bot.payload()

    async def my_guilds(self, request: web.Request) -> list[Body]:
        """A page of the bot's servers by id, with what its roles allow it there."""
        after, limit = int(request.query.get("after", "0")), int(request.query.get("limit", "200"))
        guilds = sorted(self.standin.guilds, key=lambda guild: int(guild.id))
        return [
            {"id": one.id, "name": one.name, "owner": False, "permissions": str(EVERYTHING & ~one.denied)}
            for one in guilds
            if int(one.id) > after
        ][:limit]

    async def application(self, request: web.Request) -> Body:
        return self.standin.application()

    async def commands(self, request: web.Request) -> list[Body]:
        return self.standin.commands

    async def put_commands(self, request: web.Request) -> list[Body]:
        given = await request.json()
        validate.check_commands(given)
        self.standin.syncs += 1
        known = {(one.get("type", 1), one["name"]): one["id"] for one in self.standin.commands}
        self.standin.commands = [self._stored(command, known) for command in given]
        return self.standin.commands

    def _stored(self, command: Body, known: dict[Any, str]) -> Body:
        """A command as it comes back: with an id, a version, and every default spelled out."""
        kind = command.get("type", 1)
        defaults = {
            "type": 1, "description": "", "default_member_permissions": None, "nsfw": False, "contexts": None,
            "integration_types": [0], "dm_permission": True, "name_localizations": None,
            "description_localizations": None,
        }  # fmt: skip
        own = {"id": known.get((kind, command["name"])) or snowflake(), "application_id": self.standin.bot.id}
        return defaults | command | self._stored_options(command) | own | {"version": snowflake()}

    def _stored_options(self, command: Body) -> Body:
        """Also of an option, as a command in a group is one."""
        unsaid = {"name_localizations": None, "description_localizations": None}
        options = [unsaid | one | self._stored_options(one) for one in command.get("options", ())]
        return {"options": options} if options else {}

    # Channels

    def channel(self, request: web.Request, needs: int = 0) -> Channel:
        found = self.standin.find_channel(request.match_info["channel"])
        if found is None or found.gone:
            raise Refusal(404, 10003)
        if not self.standin.reaches(found) or not found.permissions & VIEW:
            raise Refusal(403, 50001)
        if needs & SEND and found.parent:
            needs = needs & ~SEND | SEND_IN_THREADS
        if needs & ~found.permissions:
            raise Refusal(403, 50013)
        return found

    def message(self, request: web.Request, channel: Channel) -> Message:
        found = self.standin.messages.get(request.match_info["message"])
        if found is None or found.deleted or found.channel is not channel or found.ephemeral:
            raise Refusal(404, 10008)
        return found

    async def get_channel(self, request: web.Request) -> Body:
        return self.channel(request).payload()

    async def change_channel(self, request: web.Request) -> Body:
        """Only `archived: false` of a thread is known, which needs no more than the right to write there."""
        channel = self.channel(request, SEND)
        if await request.json() != {"archived": False} or not channel.parent or channel.locked:
            raise Refusal(403, 50013)
        channel.archived = False
        return channel.payload()

    async def typing(self, request: web.Request) -> None:
        self.standin.typed.append((self.standin.now(), self.channel(request, SEND).id))

    async def react(self, request: web.Request) -> None:
        """Members may, also where they may not write."""
        self.message(request, self.channel(request, HISTORY)).reactions.append(request.match_info["emoji"])

    async def open_dm(self, request: web.Request) -> Body:
        person = self.standin.find_user((await request.json())["recipient_id"])
        if person is None:
            raise Refusal(403, 50007)
        return self.standin.dm(person).payload()

    async def list_messages(self, request: web.Request) -> list[Body]:
        """The newest first; none where the history may not be read."""
        channel, after = self.channel(request), int(request.query.get("after", "0"))
        found = [one for one in self.standin.messages.values() if one.channel is channel and not one.deleted]
        if not channel.permissions & HISTORY:
            return []
        found = [one for one in found if not one.ephemeral and int(one.id) > after]
        limit = int(request.query.get("limit", "50"))
        return [self.standin.view(one) for one in reversed(found[:limit] if after else found[-limit:])]

    async def get_message(self, request: web.Request) -> Body:
        message = self.message(request, self.channel(request, HISTORY))
        for file in message.files:
            file.renew()
        return self.standin.view(message)

    async def create(self, request: web.Request) -> Body:
        body, files = await read_body(request)
        channel = self.channel(request, SEND | (ATTACH if files else 0))
        validate.check_message(body, files)
        nonce = str(body.get("nonce") or "")
        if nonce and body.get("enforce_nonce"):
            twin = next((one for one in self.standin.messages.values() if one.nonce == nonce), None)
            if twin:
                return twin.payload()
        if body.get("message_reference") and not channel.permissions & HISTORY:
            raise Refusal(400, 160002)
        check_open(channel, creates=True)
        message = Message(channel, self.standin.bot, nonce=nonce, reference=self._reference(body))
        check_filled(message, body, files)
        apply(self.standin, message, body, files)
        await self.standin.post(message)
        return message.payload()

    def _reference(self, body: Body) -> Message | None:
        wanted = body.get("message_reference")
        if not wanted:
            return None
        found = self.standin.messages.get(str(wanted["message_id"]))
        if found is None or found.deleted:
            if wanted.get("fail_if_not_exists", True):
                raise Refusal(400, 50035, {"message_reference": {"_errors": [{"code": "UNKNOWN_MESSAGE"}]}})
            return None
        return found

    async def edit(self, request: web.Request) -> Body:
        body, files = await read_body(request)
        channel = self.channel(request, ATTACH if files else 0)
        message = self.message(request, channel)
        if message.author is not self.standin.bot:
            raise Refusal(403, 50005)
        check_open(channel, creates=False)
        validate.check_message(body, files)
        check_filled(message, body, files)
        apply(self.standin, message, body, files)
        await self.standin.updated(message)
        return message.payload()

    async def delete(self, request: web.Request) -> None:
        message = self.message(request, self.channel(request))
        check_open(message.channel, creates=False)
        await self.standin.delete(message)

    async def start_thread(self, request: web.Request) -> Body:
        channel = self.channel(request, PUBLIC_THREADS)
        message = self.message(request, channel)
        if self.standin.find_channel(message.id):
            raise Refusal(400, 160004)
        body = await request.json()
        if not 1 <= len(body.get("name", "").strip()) <= 100:
            raise invalid("name", "Must be between 1 and 100 in length.")
        thread = Channel(message.id, body["name"], 11, channel.guild, channel, owner=self.standin.bot.id)
        await self.standin.open_thread(thread)
        return thread.payload()


async def serve_file(standin: "DiscordStandin", request: web.Request) -> web.Response:
    """A file of the CDN: 404 once its address has expired, as the real one does."""
    file = standin.files.get(request.match_info["file"])
    fresh = (
        file
        and request.query.get("hm") == file.signature
        and int(request.query.get("ex", "0"), 16) > time.time()
    )
    if not file or not fresh:
        return web.Response(status=404, text="This content is no longer available.")
    return web.Response(body=file.data, content_type=file.media_type or "application/octet-stream")

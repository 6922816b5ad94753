"""Interactions over REST: the callback within 3 seconds, then 15 minutes of webhook calls per token."""

from typing import TYPE_CHECKING, Any

from aiohttp import web

from tests.standins.discord import validate
from tests.standins.discord.errors import Refusal, invalid
from tests.standins.discord.rest import BASE, Endpoint, apply, check_filled, check_open, read_body
from tests.standins.discord.world import EPHEMERAL, LOADING, SUPPRESS_EMBEDS, Interaction, Message

if TYPE_CHECKING:
    from tests.standins.discord.server import DiscordStandin

ACK_SECONDS, TOKEN_SECONDS, USER_APP_FOLLOWUPS = 3.0, 900.0, 5
MESSAGE, DEFER, DEFER_UPDATE, UPDATE, CHOICES, MODAL = 4, 5, 6, 7, 8, 9
ALLOWED = {
    2: {MESSAGE, DEFER, MODAL},
    3: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE, MODAL},
    4: {CHOICES},
    5: {MESSAGE, DEFER, DEFER_UPDATE, UPDATE},
}
Body = dict[str, Any]


class Interactions:
    """The callback and the token's own messages."""

    def __init__(self, standin: "DiscordStandin") -> None:
        self.standin = standin

    def routes(self) -> list[tuple[str, str, Endpoint]]:
        hook = f"{BASE}/webhooks/{{app}}/{{token}}"
        return [
            ("POST", f"{BASE}/interactions/{{id}}/{{token}}/callback", self.callback),
            ("POST", hook, self.follow_up),
            ("GET", f"{hook}/messages/{{message}}", self.get),
            ("PATCH", f"{hook}/messages/{{message}}", self.edit),
            ("DELETE", f"{hook}/messages/{{message}}", self.delete),
        ]

    async def callback(self, request: web.Request) -> Body | None:
        interaction = self.standin.interactions.get(request.match_info["token"])
        if interaction is None or interaction.id != request.match_info["id"]:
            raise Refusal(404, 10062)
        if interaction.callback is not None:
            raise Refusal(400, 40060)
        if self.standin.now() - interaction.sent > ACK_SECONDS:
            raise Refusal(404, 10062)
        body, files = await read_body(request)
        kind, data = body["type"], body.get("data") or {}
        if kind not in ALLOWED[interaction.type]:
            raise invalid("type", "Value must be one of the types this interaction allows.")
        await self._answer(interaction, kind, data | {"_names": body.get("_names", {})}, files)
        interaction.callback = kind
        interaction.acked = self.standin.now() - interaction.sent
        self.standin.notify()
        if request.query.get("with_response") not in ("1", "true", "True"):
            return None
        message = interaction.original
        head = {"id": interaction.id, "type": interaction.type, "response_message_loading": kind == DEFER}
        if message:
            head |= {"response_message_id": message.id, "response_message_ephemeral": message.ephemeral}
        shows = message and kind in (MESSAGE, UPDATE)  # documented: the message itself comes with these alone
        resource = {"type": kind} | ({"message": message.payload()} if shows and message else {})
        return {"interaction": head, "resource": resource}

    async def _answer(self, interaction: Interaction, kind: int, data: Body, files: dict[str, bytes]) -> None:
        if kind == CHOICES:
            validate.check_choices(data["choices"])
            interaction.choices = data["choices"]
        elif kind == MODAL:
            validate.check_modal(data)
            interaction.modal = data
        elif kind in (DEFER_UPDATE, UPDATE):
            interaction.original = interaction.message
            if kind == UPDATE and interaction.message:
                validate.check_message(data, files)
                check_filled(interaction.message, data, files)
                apply(self.standin, interaction.message, data, files)
                await self.standin.updated(interaction.message)
        else:
            message = Message(
                interaction.channel,
                self.standin.bot,
                interaction=interaction,
                reference=interaction.message,
                type=20,
            )
            if kind == MESSAGE:
                validate.check_message(data, files)
                check_filled(message, data, files)
            apply(self.standin, message, data, files)
            if kind == DEFER:
                message.flags = (data.get("flags", 0) & EPHEMERAL) | LOADING
            interaction.original = message
            await self.standin.post(message)

    def interaction(self, request: web.Request) -> Interaction:
        found = self.standin.interactions.get(request.match_info["token"])
        if found is None or found.callback is None:
            raise Refusal(404, 10015)
        if self.standin.now() - found.born > TOKEN_SECONDS:
            raise Refusal(401, 50027)
        return found

    def message(self, request: web.Request) -> tuple[Interaction, Message]:
        """One that this very token made, or, of a press, the message that was pressed."""
        interaction = self.interaction(request)
        wanted = request.match_info["message"]
        for found in interaction.messages:
            if found.id == wanted or (wanted == "@original" and found is interaction.original):
                return interaction, found
        raise Refusal(404, 10008)

    async def follow_up(self, request: web.Request) -> Body:
        interaction = self.interaction(request)
        body, files = await read_body(request)
        validate.check_message(body, files)
        if interaction.original and interaction.original.loading and not interaction.original.deleted:
            return await self._change(interaction.original, body, files)
        if not interaction.installed and len(interaction.followups) >= USER_APP_FOLLOWUPS:
            raise Refusal(400, 40094)
        check_open(interaction.channel, creates=True)
        message = Message(
            interaction.channel, self.standin.bot, interaction=interaction, reference=interaction.original
        )
        check_filled(message, body, files)
        apply(self.standin, message, body, files)
        interaction.followups.append(message)
        await self.standin.post(message)
        return message.payload()

    async def _change(self, message: Message, body: Body, files: dict[str, bytes]) -> Body:
        check_open(message.channel, creates=False)
        check_filled(message, body, files)
        message.flags &= ~LOADING
        apply(self.standin, message, body | {"flags": body.get("flags", 0) & SUPPRESS_EMBEDS}, files)
        await self.standin.updated(message)
        return message.payload()

    async def get(self, request: web.Request) -> Body:
        return self.message(request)[1].payload()

    async def edit(self, request: web.Request) -> Body:
        _, message = self.message(request)
        body, files = await read_body(request)
        validate.check_message(body, files)
        return await self._change(message, body, files)

    async def delete(self, request: web.Request) -> None:
        _, message = self.message(request)
        await self.standin.delete(message)

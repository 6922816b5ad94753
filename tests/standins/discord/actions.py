"""What people do in the loopback Discord: commands, mentions, presses, forms."""

from typing import TYPE_CHECKING, Any, cast

from tests.standins.discord.gateway import GUILD_MESSAGES
from tests.standins.discord.validate import text_inputs
from tests.standins.discord.world import (
    MANAGE_GUILD,
    MANAGE_MESSAGES,
    SEND,
    VIEW,
    Channel,
    File,
    Guild,
    Interaction,
    Message,
    User,
    snowflake,
)

if TYPE_CHECKING:
    from tests.standins.discord.server import DiscordStandin

OPTION_TYPES = {bool: 5, int: 4, float: 10, str: 3, File: 11}
MODERATOR = VIEW | SEND | MANAGE_GUILD | MANAGE_MESSAGES


class Actions:
    """Mixed into DiscordStandin. Each method returns what it created, once the event was sent to the bot."""

    @property
    def _world(self) -> "DiscordStandin":
        return cast("DiscordStandin", self)

    # Places and people

    def add_user(self, name: str, *, bot: bool = False, locale: str = "en-US") -> User:
        user = User(name, bot=bot, locale=locale)
        self._world.users.append(user)
        return user

    def add_channel(self, name: str = "more", **facts: Any) -> Channel:
        """A further text channel of the server. Call it before the bot connects, or use `announce`."""
        channel = Channel(name=name, guild=self._world.guild, **facts)
        self._world.guild.channels.append(channel)
        return channel

    def add_role(self, name: str) -> str:
        """A further role of the server; its id. Call it before the bot connects."""
        number = snowflake()
        self._world.guild.roles[number] = name
        return number

    def dm(self, person: User) -> Channel:
        """The private chat of a person with the bot."""
        for channel in self._world.outside:
            if channel.type == 1 and channel.people == [person]:
                return channel
        channel = Channel(type=1, people=[person])
        self._world.outside.append(channel)
        return channel

    def foreign_channel(self) -> Channel:
        """A channel of a server in which the bot is not."""
        guild = Guild(bot="0", owner="1", name="Elsewhere")
        channel = Channel(guild=guild)
        guild.channels.append(channel)
        self._world.outside.append(channel)
        return channel

    def thread(self, parent: Channel) -> Channel:
        """A thread, or a forum's post, in a channel of whatever server. Call it before the bot connects, or use
        `open_thread`."""
        thread = Channel(name="thread", type=11, guild=parent.guild, parent=parent)
        assert parent.guild is not None
        (parent.guild.channels if parent.guild in self._world.guilds else self._world.outside).append(thread)
        return thread

    def group(self) -> Channel:
        channel = Channel(type=3, people=[self._world.person])
        self._world.outside.append(channel)
        return channel

    async def announce(self, channel: Channel) -> None:
        """Tells the bot about a channel made, or changed, while it is connected."""
        assert channel.guild is not None
        name = "CHANNEL_CREATE" if channel not in channel.guild.channels else "CHANNEL_UPDATE"
        if channel not in channel.guild.channels:
            channel.guild.channels.append(channel)
        await self._world.gateway.dispatch(name, channel.obscured(), guild=channel.guild.id)

    def add_guild(self, **facts: Any) -> Guild:
        """A further server with the bot and one channel. Call it before the bot connects."""
        guild = Guild(self._world.bot.id, User("Owner").id, **facts)
        guild.channels.append(Channel(guild=guild))
        self._world.guilds.append(guild)
        return guild

    async def kick_bot(self, guild: Guild | None = None) -> None:
        """Takes the bot out of a server."""
        guild = guild or self._world.guild
        self._world.guilds.remove(guild)
        self._world.outside += guild.channels
        await self._world.gateway.dispatch("GUILD_DELETE", {"id": guild.id}, guild=guild.id)

    async def delete_channel(self, channel: Channel) -> None:
        channel.gone = True
        assert channel.guild is not None
        await self._world.gateway.dispatch("CHANNEL_DELETE", channel.payload(), guild=channel.guild.id)

    # Interactions

    async def slash(self, name: str, options: dict[str, Any] | None = None, **facts: Any) -> Interaction:
        """A slash command; `name` may hold a subcommand ("admin caps"), files are `File` values."""
        resolved: dict[str, Any] = {}
        given = [self._option(key, value, resolved) for key, value in (options or {}).items()]
        head, *rest = name.split()
        for sub in reversed(rest):
            given = [{"name": sub, "type": 1, "options": given}]
        data = {"id": snowflake(), "name": head, "type": 1, "options": given, "resolved": resolved}
        return await self._interact(2, data, **facts)

    def _option(self, name: str, value: Any, resolved: dict[str, Any]) -> dict[str, Any]:
        kind = OPTION_TYPES[type(value)]
        if isinstance(value, File):
            self._world.files[value.id] = value
            resolved.setdefault("attachments", {})[value.id] = value.payload() | {"ephemeral": True}
            value = value.id
        for one in self._world.users:
            if f"<@{one.id}>" in str(value):  # mentions in texts are resolved, too
                resolved.setdefault("users", {})[one.id] = one.payload()
                resolved.setdefault("members", {})[one.id] = one.member() | {"permissions": str(VIEW | SEND)}
        return {"name": name, "type": kind, "value": value}

    async def autocomplete(self, command: str, option: str, typed: str = "", **facts: Any) -> Interaction:
        """An option being typed; the choices offered are in `choices` once it is answered."""
        data = {
            "id": snowflake(), "name": command, "type": 1,
            "options": [{"name": option, "type": 3, "value": typed, "focused": True}],
        }  # fmt: skip
        return await self._interact(4, data, **facts)

    async def message_command(self, name: str, target: Message, **facts: Any) -> Interaction:
        """A message's context menu: its content comes with it, whatever the intents."""
        resolved = {"messages": {target.id: target.payload()}}
        data = {"id": snowflake(), "name": name, "type": 3, "target_id": target.id, "resolved": resolved}
        return await self._interact(2, data, channel=target.channel, **facts)

    async def press(self, message: Message, which: str, **facts: Any) -> Interaction:
        """A press on the button with this label or custom_id."""
        button = next(one for one in message.buttons if which in (one.get("label"), one["custom_id"]))
        assert not button.get("disabled"), "a disabled button cannot be pressed"
        data = {"custom_id": button["custom_id"], "component_type": 2, "id": 2}
        return await self._interact(3, data, channel=message.channel, message=message, **facts)

    async def choose(self, message: Message, value: str, **facts: Any) -> Interaction:
        """A choice of the first select that offers `value` (its value or its label)."""
        select, option = next(
            (select, option)
            for select in message.selects
            for option in select["options"]
            if value in (option["value"], option["label"])
        )
        data = {"custom_id": select["custom_id"], "component_type": 3, "values": [option["value"]], "id": 2}
        return await self._interact(3, data, channel=message.channel, message=message, **facts)

    async def submit_modal(self, opened: Interaction, *texts: str, **facts: Any) -> Interaction:
        """Submits the form that `opened` is answered with; `texts` fill its inputs in order, what is left out
        keeps its prefilled value."""
        form = await self._world.until(lambda: opened.modal)
        inputs = text_inputs(form["components"])
        components: list[dict[str, Any]] = []
        for number, (outer, item) in enumerate(inputs):
            value = texts[number] if number < len(texts) else item.get("value") or ""
            filled = {"type": 4, "id": number, "custom_id": item["custom_id"], "value": value}
            if outer["type"] == 18:
                components.append({"type": 18, "id": 90 + number, "component": filled})
            else:
                components.append({"type": 1, "id": 90 + number, "components": [filled]})
        data = {"custom_id": form["custom_id"], "components": components}
        same = {"user": opened.user, "channel": opened.channel, "message": opened.message}
        facts = same | {"opener": opened} | facts
        return await self._interact(5, data, **facts)

    async def _interact(self, kind: int, data: dict[str, Any], **facts: Any) -> Interaction:
        person, channel = facts.pop("user", None), facts.pop("channel", None)
        facts = {"sent": self._world.now(), "born": self._world.now()} | facts
        interaction = Interaction(
            kind, data, person or self._world.person, channel or self._world.channel, **facts
        )
        self._world.interactions[interaction.token] = interaction
        await self.deliver(interaction)
        return interaction

    async def deliver(self, interaction: Interaction) -> None:
        """Sends the interaction to the bot; a second time, it is the same one again."""
        channel, guild = interaction.channel, interaction.channel.guild
        payload: dict[str, Any] = {
            "id": interaction.id, "application_id": self._world.bot.id, "type": interaction.type,
            "data": interaction.data, "token": interaction.token, "version": 1, "channel_id": channel.id,
            "channel": channel.payload() | {"permissions": str(interaction.permissions)},
            "locale": interaction.user.locale, "app_permissions": str(channel.permissions), "entitlements": [],
            "authorizing_integration_owners": interaction.owners,
            "attachment_size_limit": interaction.filesize_limit,
            "context": 0 if guild else (2 if channel.type == 3 or channel.people[1:] else 1),
        }  # fmt: skip
        if guild:
            member = interaction.user.member(interaction.roles)
            member |= {"user": interaction.user.payload(), "permissions": str(interaction.permissions)}
            payload |= {"guild_id": guild.id, "guild_locale": guild.locale, "member": member}
            payload["guild"] = {"id": guild.id, "locale": guild.locale, "features": []}
        else:
            payload["user"] = interaction.user.payload()
        if interaction.message:
            payload["message"] = interaction.message.payload()
        if not interaction.tells_channel:
            payload.pop("channel")
        known = guild.id if guild in self._world.guilds and guild else None
        await self._world.gateway.dispatch("INTERACTION_CREATE", payload, guild=known)

    # Messages

    async def say(
        self, content: str, *, user: User | None = None, channel: Channel | None = None,
        reply_to: Message | None = None, forward: Message | None = None, files: tuple[File, ...] = (),
        mentions: tuple[User, ...] = (), pings: bool = True, webhook: str = "",
    ) -> Message:  # fmt: skip
        """A message of a person. A reply mentions whom it answers, unless the ping was switched off."""
        where = channel or self._world.channel
        named = [one for one in self._world.users if f"<@{one.id}>" in content]
        people = [*named, *mentions] + ([reply_to.author] if reply_to and pings else [])
        message = Message(
            where, user or self._world.person, content, files=list(files), reference=reply_to, forward=forward,
            mentions=list({one.id: one for one in people}.values()), webhook=webhook,
        )  # fmt: skip
        await self._world.post(message)
        return message

    async def mention(self, text: str, **facts: Any) -> Message:
        """A message that mentions the bot."""
        return await self.say(f"<@{self._world.bot.id}> {text}", **facts)

    def file(self, name: str, data: bytes, media_type: str = "image/png", title: str = "") -> File:
        """An uploaded file, to be given to `slash` or `say`."""
        file = File(name, data, self._world.cdn, self._world.channel.id, media_type, title=title)
        self._world.files[file.id] = file
        return file

    def answers(self, message: Message) -> list[Message]:
        """The bot's messages since `message` in its channel, without those deleted."""
        place = message.channel
        found = [one for one in self._world.messages.values() if one.channel is place and not one.deleted]
        return [one for one in found if one.author is self._world.bot and int(one.id) > int(message.id)]


__all__ = ["GUILD_MESSAGES", "MODERATOR", "Actions"]

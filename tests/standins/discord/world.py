"""What exists in the loopback Discord: people, servers, channels, messages, interactions, files.

Everything is plain data; `payload` methods give the JSON that the real one sends.
"""

import itertools
import re
import secrets
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

EPOCH_MS = 1420070400000
LONG_AGO = "2024-01-01T00:00:00+00:00"
VIEW, SEND, MANAGE_GUILD, MANAGE_MESSAGES = 1 << 10, 1 << 11, 1 << 5, 1 << 13
EMBED, ATTACH, HISTORY, SEND_IN_THREADS, PUBLIC_THREADS = 1 << 14, 1 << 15, 1 << 16, 1 << 38, 1 << 35
THREADS = SEND_IN_THREADS | PUBLIC_THREADS
EVERYTHING = VIEW | SEND | EMBED | ATTACH | HISTORY | THREADS
EPHEMERAL, LOADING, SUPPRESS_EMBEDS = 1 << 6, 1 << 7, 1 << 2
ROLE = re.compile(r"<@&(\d+)>")
EVERYONE = re.compile(r"@(everyone|here)\b")
SNAPSHOT = {
    "content", "attachments", "embeds", "timestamp", "edited_timestamp", "flags", "type", "mentions",
    "mention_roles", "components", "sticker_items",
}  # fmt: skip
_numbers = itertools.count(1)


def snowflake() -> str:
    """A new id that tells the time it was made, as discord.py reads it."""
    moment = int(time.time() * 1000)
    return str((moment - EPOCH_MS) << 22 | next(_numbers) % 4096)


@dataclass
class User:
    name: str
    id: str = field(default_factory=snowflake)
    bot: bool = False
    locale: str = "en-US"
    roles: tuple[str, ...] = ()

    def payload(self) -> dict[str, Any]:
        return {
            "id": self.id, "username": self.name.lower(), "global_name": self.name, "discriminator": "0",
            "avatar": None, "bot": self.bot, "public_flags": 0, "flags": 0,
        }  # fmt: skip

    def member(self, roles: tuple[str, ...] = ()) -> dict[str, Any]:
        """What a server knows of them, besides the user."""
        return {
            "roles": list(roles or self.roles), "joined_at": LONG_AGO, "nick": None, "deaf": False,
            "mute": False, "flags": 0, "pending": False, "premium_since": None, "avatar": None, "banner": None,
            "communication_disabled_until": None,
        }  # fmt: skip


@dataclass
class Channel:
    """A text channel, a thread (`parent`), a DM or a group (`guild` is None)."""

    id: str = field(default_factory=snowflake)
    name: str = "general"
    type: int = 0  # 0 text, 1 DM, 3 group, 11 public thread
    guild: "Guild | None" = None
    parent: "Channel | None" = None
    people: list[User] = field(default_factory=list)  # outside of servers: those who are no bot of ours
    owner: str = ""  # of a thread: who opened it
    nsfw: bool = False
    denied: int = 0  # permissions that the bot lacks here
    gone: bool = False
    archived: bool = False  # a thread that was closed; whoever writes there opens it again ...
    locked: bool = False  # ... unless it is locked: then the bot can neither write nor change anything

    def payload(self) -> dict[str, Any]:
        data: dict[str, Any] = {"id": self.id, "type": self.type, "last_message_id": None, "flags": 0}
        if self.guild is None:
            group = {"icon": None, "owner_id": self.people[0].id} if self.type == 3 else {}
            people = [person.payload() for person in self.people]
            return data | {"recipients": people, "name": None} | group
        data |= {"guild_id": self.guild.id, "name": self.name, "rate_limit_per_user": 0}
        if self.parent:
            return data | {
                "parent_id": self.parent.id, "owner_id": self.owner or self.guild.owner, "message_count": 0,
                "member_count": 1,
                "thread_metadata": {
                    "archived": self.archived, "auto_archive_duration": 1440, "locked": self.locked,
                    "archive_timestamp": LONG_AGO,
                },
            }  # fmt: skip
        overwrites = (
            [{"id": self.guild.bot, "type": 1, "allow": "0", "deny": str(self.denied)}] if self.denied else []
        )
        return data | {
            "position": 0, "parent_id": None, "topic": None, "nsfw": self.nsfw,
            "permission_overwrites": overwrites,
        }  # fmt: skip

    def obscured(self) -> dict[str, Any]:
        """As the gateway tells of it: of a channel that the bot may not view, next to nothing."""
        if self.parent or self.permissions & VIEW:
            return self.payload()
        return self.payload() | {"name": "___hidden___", "nsfw": None, "flags": 1 << 17}

    @property
    def permissions(self) -> int:
        """What the bot may do here."""
        denied = self.denied | (self.parent.denied if self.parent else 0)
        return EVERYTHING & ~denied


@dataclass
class Guild:
    bot: str  # the bot's user id
    owner: str
    id: str = field(default_factory=snowflake)
    bot_role: str = field(default_factory=snowflake)  # the one that Discord makes for a bot
    roles: dict[str, str] = field(default_factory=dict)  # further ones, by id
    name: str = "A server"
    locale: str = "en-US"  # what its members speak to each other
    denied: int = 0  # permissions that the bot lacks in all of it
    channels: list[Channel] = field(default_factory=list)

    def payload(self, bot: User) -> dict[str, Any]:
        everyone = {
            "id": self.id, "name": "@everyone", "permissions": str(EVERYTHING), "position": 0, "color": 0,
            "hoist": False, "managed": False, "mentionable": False, "flags": 0,
            "colors": {"primary_color": 0, "secondary_color": None, "tertiary_color": None},
        }  # fmt: skip
        own = {"id": self.bot_role, "name": bot.name, "managed": True, "tags": {"bot_id": bot.id}}
        others = [everyone | {"id": number, "name": name} for number, name in self.roles.items()]
        return {
            "id": self.id, "name": self.name, "owner_id": self.owner,
            "roles": [everyone, everyone | own, *others], "emojis": [], "stickers": [], "features": [],
            "members": [bot.member() | {"user": bot.payload()}], "member_count": 2, "large": False,
            "channels": [one.obscured() for one in self.channels if not one.parent and not one.gone],
            "threads": [one.payload() for one in self.channels if one.parent and not one.gone],
            "voice_states": [], "presences": [], "stage_instances": [], "guild_scheduled_events": [],
            "soundboard_sounds": [], "joined_at": LONG_AGO, "verification_level": 0,
            "default_message_notifications": 0, "explicit_content_filter": 0, "mfa_level": 0, "nsfw_level": 0,
            "premium_tier": 0, "premium_subscription_count": 0, "preferred_locale": self.locale,
            "afk_timeout": 300, "afk_channel_id": None, "icon": None, "splash": None, "banner": None,
            "description": None,
            "system_channel_id": None, "system_channel_flags": 0, "rules_channel_id": None,
            "unavailable": False, "public_updates_channel_id": None,
            "vanity_url_code": None, "premium_progress_bar_enabled": False,
        }  # fmt: skip


@dataclass
class File:
    """An attachment. Its address is signed and expires at `expires`."""

    name: str
    data: bytes
    base: str  # where the CDN is
    channel: str
    media_type: str = "image/png"
    description: str = ""
    title: str = ""  # where the name it came with has other letters than ASCII's: that, without its end
    id: str = field(default_factory=snowflake)
    expires: float = field(default_factory=lambda: time.time() + 86400)
    signature: str = field(default_factory=lambda: secrets.token_hex(8))

    def renew(self) -> None:
        """Gives it a fresh address, as asking for its message again does."""
        self.expires = time.time() + 86400

    @property
    def spoiler(self) -> bool:
        return self.name.startswith("SPOILER_")

    @property
    def url(self) -> str:
        path = f"{self.base}/attachments/{self.channel}/{self.id}/{self.name}"
        return f"{path}?ex={int(self.expires):x}&is={int(self.expires - 86400):x}&hm={self.signature}"

    def payload(self) -> dict[str, Any]:
        return {
            "id": self.id, "filename": self.name, "size": len(self.data), "url": self.url,
            "proxy_url": self.url, "content_type": self.media_type, "flags": 0,
            "description": self.description or None,
        } | ({"title": self.title} if self.title else {})  # fmt: skip


@dataclass(frozen=True)
class Shown:
    """What a message looked like from `at` on (seconds of the stand-in's clock)."""

    at: float
    content: str
    components: tuple[dict[str, Any], ...] = ()
    files: tuple[str, ...] = ()


@dataclass
class Message:
    channel: Channel
    author: User
    content: str = ""
    id: str = field(default_factory=snowflake)
    embeds: list[dict[str, Any]] = field(default_factory=list)
    poll: dict[str, Any] | None = None
    sticker: str = ""  # its name; not a part of what needs an intent
    reactions: list[str] = field(default_factory=list)  # of the bot
    components: list[dict[str, Any]] = field(default_factory=list)
    files: list[File] = field(default_factory=list)
    flags: int = 0
    reference: "Message | None" = None
    forward: "Message | None" = None  # what it forwards
    mentions: list[User] = field(default_factory=list)
    pinged: list[str] = field(default_factory=list)  # whom the text notified, everyone and roles included
    interaction: "Interaction | None" = None
    nonce: str = ""
    webhook: str = ""  # whose it is, where no user wrote it
    type: int = 0
    deleted: bool = False
    shown: list[Shown] = field(default_factory=list)  # every state it was in, the first included

    @property
    def ephemeral(self) -> bool:
        return bool(self.flags & EPHEMERAL)

    @property
    def loading(self) -> bool:
        return bool(self.flags & LOADING)

    @property
    def buttons(self) -> list[dict[str, Any]]:
        return [item for row in self.components for item in row["components"] if item["type"] == 2]

    @property
    def labels(self) -> list[str]:
        return [button.get("label", "") for button in self.buttons]

    @property
    def selects(self) -> list[dict[str, Any]]:
        return [item for row in self.components for item in row["components"] if item["type"] == 3]

    def note(self, now: float) -> None:
        """Keeps the present state in `shown`."""
        names = tuple(file.name for file in self.files)
        self.shown.append(Shown(now, self.content, tuple(self.components), names))

    def payload(
        self, *, blank: bool = False, deep: bool = True, hides: Callable[["Message"], bool] = lambda _: False
    ) -> dict[str, Any]:
        """`blank`: without what needs the Message Content intent; `hides`: whether what it replies to is."""
        data: dict[str, Any] = {
            "id": self.id, "channel_id": self.channel.id, "author": self.author.payload(), "tts": False,
            "content": "" if blank else self.content, "timestamp": LONG_AGO, "pinned": False,
            "edited_timestamp": None, "type": self.type,
            "mention_everyone": not self.author.bot and bool(EVERYONE.search(self.content)),
            "mention_roles": ROLE.findall(self.content),
            "mentions": [person.payload() for person in self.mentions], "flags": self.flags,
            "embeds": [] if blank else self.embeds, "components": [] if blank else self.components,
            "attachments": [] if blank else [file.payload() for file in self.files],
        }  # fmt: skip
        if self.nonce:
            data["nonce"] = self.nonce
        if self.sticker:
            data["sticker_items"] = [{"id": "1", "name": self.sticker, "format_type": 1}]
        if self.webhook:
            data["webhook_id"] = self.webhook
        if self.poll and not blank:
            data["poll"] = self.poll
        if self.interaction:
            data["interaction_metadata"] = self.interaction.metadata(self)
        if self.forward:
            source, whole = self.forward, self.forward.payload(deep=False)
            data["message_reference"] = {"message_id": source.id, "channel_id": source.channel.id, "type": 1}
            snapshot = {key: value for key, value in whole.items() if key in SNAPSHOT}
            data["message_snapshots"] = [] if blank else [{"message": snapshot}]
        if self.reference:
            data["type"] = 19
            data["message_reference"] = {
                "message_id": self.reference.id,
                "channel_id": self.channel.id,
                "type": 0,
            }
            if self.channel.guild:
                data["message_reference"]["guild_id"] = self.channel.guild.id
            if deep:
                replied, is_blank = self.reference, hides(self.reference)
                shown = None if replied.deleted else replied.payload(blank=is_blank, deep=False)
                data["referenced_message"] = shown
        return data


@dataclass
class Interaction:
    """One interaction and what became of it. `acked` is the seconds it took to be acknowledged."""

    type: int  # 2 command, 3 component, 4 autocomplete, 5 modal
    data: dict[str, Any]
    user: User
    channel: Channel
    message: Message | None = None
    opener: "Interaction | None" = None  # of a form: what it was opened by
    installed: bool = True  # False: the app is the person's, not the server's
    permissions: int = VIEW | SEND
    roles: tuple[str, ...] = ()
    filesize_limit: int = 10 * 1024 * 1024
    id: str = field(default_factory=snowflake)
    token: str = field(default_factory=lambda: secrets.token_urlsafe(64))
    sent: float = field(default_factory=time.monotonic)
    born: float = field(default_factory=time.monotonic)  # of the token; set back to let it expire
    acked: float | None = None
    callback: int | None = None  # its type
    original: Message | None = None
    followups: list[Message] = field(default_factory=list)
    tells_channel: bool = True  # else only its id: the channel itself is documented as optional
    choices: list[dict[str, Any]] = field(default_factory=list)
    modal: dict[str, Any] | None = None

    @property
    def messages(self) -> list[Message]:
        """What was answered with, in order, that is still there."""
        found = [self.original, *self.followups] if self.original else self.followups
        return [message for message in found if not message.deleted]

    @property
    def text(self) -> str:
        return "\n".join(message.content for message in self.messages)

    @property
    def owners(self) -> dict[str, str]:
        """For whom the app is installed: for the server (none where it is a DM), or for the person."""
        guild = self.channel.guild
        return {"0": guild.id if guild else "0"} if self.installed else {"1": self.user.id}

    def metadata(self, message: Message) -> dict[str, Any]:
        """What a message tells of the interaction that it answers."""
        data = self._told()
        if self.original and message is not self.original:
            data["original_response_message_id"] = self.original.id
        return data

    def _told(self) -> dict[str, Any]:
        data: dict[str, Any] = {
            "id": self.id, "type": self.type, "user": self.user.payload(),
            "authorizing_integration_owners": self.owners,
        }  # fmt: skip
        if self.opener:
            data["triggering_interaction_metadata"] = self.opener._told()
        elif self.message:
            data["interacted_message_id"] = self.message.id
        if target := self.data.get("target_id"):
            data["target_message_id"] = target
        return data

    def expire(self) -> None:
        """Lets the token's 15 minutes be over."""
        self.born -= 900

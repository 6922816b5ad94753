"""Tells which messages are for the bot: mentions, replies to it, private messages, and talk in its own threads.

Invariant: other bots cannot keep it talking. They are ignored unless allowed, never answered where they
reply, and allowed ones only a few times in a row without a person.
"""

import asyncio
from collections import OrderedDict, deque

import discord
import structlog

from core.settings import Settings

log = structlog.get_logger(__name__)

BOT_QUESTIONS, BOT_SECONDS = 5, 600.0  # of allowed bots in one channel, before a person writes there again
_CHANNELS = 1000  # of which this is remembered


class Listener:
    """Tells what is meant for the bot whose user id is `me`."""

    def __init__(self, settings: Settings, me: str) -> None:
        self._settings = settings
        self._me = me
        self._bots: OrderedDict[int, deque[float]] = OrderedDict()  # by channel: when a bot was answered

    def is_for_us(self, message: discord.Message) -> bool:
        if message.type not in (discord.MessageType.default, discord.MessageType.reply):
            return False
        if message.author.bot or message.webhook_id:
            return self._is_allowed_bot(message) and self._is_in_company(message.channel.id)
        self._bots.pop(message.channel.id, None)
        if not (message.content or message.attachments or message.message_snapshots):
            return False  # a sticker, or words that are not for us to read
        return self._is_named(message) or self._author_replied_to(message) == self._me or self._is_home(message)

    def _is_named(self, message: discord.Message) -> bool:
        """Whether the bot is mentioned, or the role of the same name that Discord made for it: people cannot
        tell them apart in the list of suggestions."""
        if any(str(person.id) == self._me for person in message.mentions):
            return True
        role = message.guild.self_role if message.guild and message.role_mentions else None
        return role is not None and role in message.role_mentions

    def _is_home(self, message: discord.Message) -> bool:
        """Whether the message needs no mention: in a private chat, or in the bot's own thread unless it is for
        somebody else there."""
        if isinstance(message.channel, discord.DMChannel):
            return True
        if not isinstance(message.channel, discord.Thread) or str(message.channel.owner_id) != self._me:
            return False
        is_called = message.mentions or message.role_mentions or message.mention_everyone
        return not (is_called or self._author_replied_to(message))

    def _author_replied_to(self, message: discord.Message) -> str:
        """The id of the author whose message this one replies to, "" where it is no reply."""
        replied = message.reference.resolved if message.reference else None
        return str(replied.author.id) if isinstance(replied, discord.Message) else ""

    def _is_allowed_bot(self, message: discord.Message) -> bool:
        """Whether the author is a bot that the operator allowed, and mentions us in a message that is no reply:
        so a bot that replies to an answer of ours cannot start a loop."""
        author = message.author.id
        is_spoken_to = f"<@{self._me}>" in message.content and message.reference is None
        is_allowed = f"discord:{author}" in self._settings.allow_bots
        return str(author) != self._me and is_spoken_to and is_allowed

    def _is_in_company(self, channel: int) -> bool:
        """False where only bots have been asking for a while: this ends loops between bots."""
        now = asyncio.get_running_loop().time()
        asked = self._bots.setdefault(channel, deque(maxlen=BOT_QUESTIONS))
        self._bots.move_to_end(channel)
        if len(self._bots) > _CHANNELS:
            self._bots.popitem(last=False)
        if len(asked) == BOT_QUESTIONS and now - asked[0] < BOT_SECONDS:
            log.warning("discord.bots_among_themselves", channel=channel)
            return False
        asked.append(now)
        return True

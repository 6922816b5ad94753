"""A loopback Discord: REST v10, Gateway v10 and CDN, with the real one's limits and refusals."""

from tests.standins.discord.actions import MODERATOR
from tests.standins.discord.faults import Call, Fault
from tests.standins.discord.server import DiscordStandin
from tests.standins.discord.world import (
    ATTACH,
    EMBED,
    HISTORY,
    PUBLIC_THREADS,
    SEND,
    SEND_IN_THREADS,
    VIEW,
    Channel,
    File,
    Interaction,
    Message,
    Shown,
    User,
)

__all__ = [
    "ATTACH",
    "EMBED",
    "HISTORY",
    "MODERATOR",
    "PUBLIC_THREADS",
    "SEND",
    "SEND_IN_THREADS",
    "VIEW",
    "Call",
    "Channel",
    "DiscordStandin",
    "Fault",
    "File",
    "Interaction",
    "Message",
    "Shown",
    "User",
]

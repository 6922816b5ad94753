"""A loopback Discord, a simulated model and the console script between them."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass

from PIL import Image

from core.minitool.simulated import Simulated, serve_simulated
from tests.e2e.script import Service
from tests.standins.discord import DiscordStandin, Interaction, Message

API_KEY = "a-key-for-tests"
ENDS = {"New answer", "Neue Antwort", "Try again"}  # buttons that only a final state has


@dataclass(frozen=True)
class World:
    """Discord and the model's side. People, channels and messages are each test's own."""

    discord: DiscordStandin
    model: Simulated
    address: str

    def settings(self, **more: str) -> dict[str, str]:
        return {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_BASE": self.discord.base,
            "MINITOOLAI_API_KEY": API_KEY,
            "MINITOOLAI_BASE_URL": self.address,
            "LOG_LEVEL": "debug",
            "WEB_PORT": "0",
            "SHUTDOWN_GRACE_S": "3",
            "CHAT_DAILY_USD": "off",
            **more,
        }

    def check(self, *bots: Service) -> None:
        """No credential may stand in a log, and no call may have been refused for its number."""
        logged = "\n".join(line for bot in bots for line in bot.log)
        secrets = [self.discord.token, API_KEY, *self.discord.interactions]
        assert not [secret for secret in secrets if secret in logged], "a credential was logged"
        assert not self.discord.refused


@asynccontextmanager
async def open_world() -> AsyncIterator[World]:
    model = Simulated(tokens_per_s=1000, first_token_s=0.02, job_s=0.2)
    async with DiscordStandin() as discord, serve_simulated(model) as address:
        yield World(discord, model, address)


def is_over(message: Message) -> bool:
    return bool(ENDS & set(message.labels))


async def whole(discord: DiscordStandin, interaction: Interaction) -> Message:
    """The last message of an interaction's answer once it is complete."""
    await discord.until(lambda: interaction.messages and is_over(interaction.messages[-1]))
    return interaction.messages[-1]


async def answered(discord: DiscordStandin, asked: Message) -> Message:
    """The last message that answers a message, once the answer is complete."""
    (*_, last) = await discord.until(lambda: [one for one in discord.answers(asked) if is_over(one)])
    return last


async def growing(discord: DiscordStandin, interaction: Interaction) -> Message:
    """The first message of an answer that has some text and is not complete."""
    await discord.until(lambda: interaction.messages and "Stop" in interaction.messages[-1].labels)
    return interaction.messages[0]


async def painted(discord: DiscordStandin, interaction: Interaction) -> Message:
    """The message with the pictures."""
    await discord.until(lambda: interaction.messages and interaction.messages[-1].files)
    return interaction.messages[-1]


def red_picture() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()

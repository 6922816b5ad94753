"""The console script on a loopback Telegram. Processes are shared by a module's tests, people are not."""

import asyncio
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from PIL import Image

from core.minitool.simulated import Simulated, serve_simulated
from tests.e2e.fork_server import service
from tests.e2e.script import Service
from tests.standins.telegram import Chat, Message, TelegramStandin, User

NAME = "@minitool_test_bot"
KEY = "a-key-for-tests"
TOKENS_PER_S, FIRST_S = 400, 0.1
SLOW = 8  # tokens a second: an answer that is still growing when somebody looks


@dataclass
class World:
    """Telegram, the model's side, and the settings that lead the script to both."""

    telegram: TelegramStandin
    model: Simulated
    address: str

    def settings(self, **more: str) -> dict[str, str]:
        return {
            "TELEGRAM_TOKEN": self.telegram.token,
            "TELEGRAM_API_BASE": self.telegram.base,
            "MINITOOLAI_API_KEY": KEY,
            "MINITOOLAI_BASE_URL": self.address,
            "LOG_LEVEL": "debug",
            "BURST_QUIET_S": "0.2",
            "SHUTDOWN_GRACE_S": "3",
            **more,
        }

    @asynccontextmanager
    async def slow(self, tokens_per_s: float = SLOW, first_token_s: float = FIRST_S) -> AsyncIterator[None]:
        """Answers that begin inside have this pace. They keep it; nobody else's answer does."""
        self.model.tokens_per_s, self.model.first_token_s = tokens_per_s, first_token_s
        try:
            yield
        finally:
            self.model.tokens_per_s, self.model.first_token_s = TOKENS_PER_S, FIRST_S

    async def growing(self, chat: Chat | User) -> Message:
        """The bot's message in the chat that grows now."""
        return await self.telegram.message(lambda one: "Stop" in one.buttons, chat=chat)

    async def answer(self, chat: Chat | User, *, after: Message | None = None) -> Message:
        """The newest whole answer in the chat; posted later than `after`."""
        least = after.id if after else 0
        return await self.telegram.message(
            lambda one: "New answer" in one.buttons and one.id > least, chat=chat
        )

    def asked(self, words: str) -> list[dict[str, Any]]:
        """The bodies of the requests that reached the model with these words in them."""
        calls = [call for call in self.model.record.calls if call.call == "chat"]
        return [dict(call.body) for call in calls if words in str(call.body)]


@asynccontextmanager
async def open_world() -> AsyncIterator[World]:
    model = Simulated(tokens_per_s=TOKENS_PER_S, first_token_s=FIRST_S, job_s=0.3)
    async with TelegramStandin() as telegram, serve_simulated(model) as address:
        yield World(telegram, model, address)


@asynccontextmanager
async def bot_of(world: World, home: Path, **settings: str) -> AsyncIterator[Service]:
    """The script, polling, until it is stopped. It ends well, and no secret is in its log at any level."""
    async with service(home, "--only", "telegram", **world.settings(**settings)) as bot:
        yield bot
        assert await bot.stop() == 0
    log = "\n".join(bot.log)
    assert world.telegram.token.partition(":")[2] not in log
    assert KEY not in log


def picture(colour: tuple[int, int, int] = (200, 30, 30), size: tuple[int, int] = (300, 200)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def pictures_seen(answer: Message) -> int:
    """How many pictures the simulated model says it was shown."""
    cells = answer.text.partition("\nPictures")[2].partition("\n")[0]
    return int("".join(filter(str.isdigit, cells)) or 0)


async def quiet(telegram: TelegramStandin, chat: Chat | User) -> list[str]:
    """What the bot shows in the chat once somebody else, who asks now, has an answer: by then it would have
    answered what was written here before."""
    other = telegram.person("Zoe")
    await telegram.say("/help", user=other)
    await telegram.message(chat=other)
    await asyncio.sleep(0)
    return [message.shown for message in telegram.messages(chat)]

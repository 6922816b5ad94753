"""Two processes on one store are replaced one after the other, under load on both platforms."""

import asyncio
import itertools
import re
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pytest

from core.minitool.simulated import Simulated, serve_simulated
from core.settings import Settings
from core.spend import Spend
from core.store import open_store
from tests.conftest import free_ports, run_valkey
from tests.e2e.fork_server import service
from tests.e2e.script import Service
from tests.standins.discord import DiscordStandin
from tests.standins.discord.world import Channel, Guild
from tests.standins.telegram import TelegramStandin
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.timeout(240)]
SHARDS = 2
PAUSE_S = 0.7  # between two rounds of people who ask
LONG = "fault:stall"  # an answer that would go on for longer than a process that goes may wait
CHANNELS = 8
CUT = "restarted"  # what an answer that was cut says


@dataclass
class Asked:
    """One thing that a person asked for; `seen` is all that they can see of the bot's since."""

    words: str
    seen: Callable[[], list[tuple[str, int, tuple[str, ...]]]]  # text, pictures, buttons of each message
    is_picture: bool = False

    def is_over(self) -> bool:
        seen = self.seen()
        if self.is_picture:
            return any(pictures for _, pictures, _ in seen)
        return any({"New answer", "Try again"} & {*buttons} for _, _, buttons in seen)

    def problem(self) -> str:
        """What is wrong with what the person got; "" where it is as it should be."""
        seen = self.seen()
        shown = f"{self.words}: {[(text[:60], *rest) for text, *rest in seen]}"
        if self.is_picture:
            return "" if [pictures for _, pictures, _ in seen] == [1] else shown
        whole = len(seen) == 1 and (self.words.split()[-1] in seen[0][0] or CUT in seen[0][0])
        return "" if whole else shown


@dataclass
class World:
    """Both platforms, the model's side, and everything that was asked for."""

    discord: DiscordStandin
    telegram: TelegramStandin
    model_address: str
    redis_url: str
    home: Path
    channels: list[Channel] = field(default_factory=list)
    asked: list[Asked] = field(default_factory=list)
    numbers: "itertools.count[int]" = field(default_factory=lambda: itertools.count(1))

    def process(self, stack: AsyncExitStack, port: int, shard: int) -> "asyncio.Task[Service]":
        """Starts one more; it serves one shard of Discord, and Telegram's webhook at its port."""
        settings = {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_BASE": self.discord.base,
            "DISCORD_SHARDS": f"{shard}-{shard}/{SHARDS}",
            "TELEGRAM_TOKEN": self.telegram.token,
            "TELEGRAM_API_BASE": self.telegram.base,
            "TELEGRAM_WEBHOOK_URL": self.telegram.updates.targets[0],
            "TELEGRAM_WEBHOOK_SECRET": "a-webhook-secret_0123456789",
            "MINITOOLAI_API_KEY": "a-key-for-tests",
            "MINITOOLAI_BASE_URL": self.model_address,
            "REDIS_URL": self.redis_url,
            "WEB_PORT": str(port),
            "SHUTDOWN_GRACE_S": "4",
            "BURST_QUIET_S": "0.2",
            "CHUNK_TIMEOUT_S": "100",  # what stalls is to be cut by the restart, not by its own silence
        }
        entering = stack.enter_async_context(service(self.home, "--only", "discord,telegram", **settings))
        return asyncio.create_task(entering)

    async def ask_for_ever(self) -> None:
        """Every moment somebody asks on each platform, and somebody else orders a picture."""
        for turn in itertools.count():
            await self._on_telegram(f"What is a word{next(self.numbers)}")
            await self._on_discord(f"What is a word{next(self.numbers)}", turn)
            if turn % 4 == 0:
                small = "--width 256 --height 256"
                await self._on_telegram(f"/imagine picture{next(self.numbers)} {small}", is_picture=True)
                await self._picture_on_discord(turn)
            if turn % 4 == 2:
                await self._on_telegram(f"{LONG} word{next(self.numbers)}")
                await self._on_discord(f"{LONG} word{next(self.numbers)}", turn + 1)
            await asyncio.sleep(PAUSE_S)

    async def _on_telegram(self, words: str, *, is_picture: bool = False) -> None:
        person = self.telegram.person()
        await self.telegram.say(words, user=person)

        def seen() -> list[tuple[str, int, tuple[str, ...]]]:
            return [(one.shown, "photo" in one.media, one.buttons) for one in self.telegram.messages(person)]

        self.asked.append(Asked(words, seen, is_picture))

    async def _on_discord(self, words: str, turn: int) -> None:
        channel = self.channels[turn % len(self.channels)]
        person = self.discord.add_user(f"Asker{len(self.discord.users)}")
        message = await self.discord.mention(words, user=person, channel=channel)

        def seen() -> list[tuple[str, int, tuple[str, ...]]]:
            mine = [one for one in self.discord.answers(message) if one.reference is message]
            return [(one.content, len(one.files), tuple(one.labels)) for one in mine]

        self.asked.append(Asked(words, seen))

    async def _picture_on_discord(self, turn: int) -> None:
        words = f"picture{next(self.numbers)}"
        person = self.discord.add_user(f"Painter{len(self.discord.users)}")
        interaction = await self.discord.slash(
            "imagine",
            {"prompt": words, "width": 256, "height": 256},
            user=person,
            channel=self.channels[turn % len(self.channels)],
        )

        def seen() -> list[tuple[str, int, tuple[str, ...]]]:
            """With what was posted in the channel instead, where the acknowledgement came too late."""
            mine = [*interaction.messages]
            mine += [
                one
                for one in self.discord.messages.values()
                if one.author is self.discord.bot and one not in mine and f"> {words}\n" in one.content
            ]
            return [(one.content, len(one.files), tuple(one.labels)) for one in mine]

        self.asked.append(Asked(words, seen, is_picture=True))

    async def is_serving(self, bot: Service, port: int) -> None:
        """Until a new process takes part in both platforms."""
        await bot.until("discord.ready")
        await until(lambda: any(f":{port}/" in to and ok == 200 for _, to, ok in self.deliveries))

    @property
    def deliveries(self) -> list[tuple[int, str, int]]:
        return self.telegram.updates.deliveries


@asynccontextmanager
async def open_world(redis_url: str, home: Path) -> AsyncIterator[World]:
    model = Simulated(tokens_per_s=150, first_token_s=0.1, job_s=0.6)
    async with (
        DiscordStandin() as discord,
        TelegramStandin() as telegram,
        serve_simulated(model) as address,
    ):
        world = World(discord, telegram, address, redis_url, home)
        shard_of = discord.gateway.shard_of
        while len({shard_of(guild.id, SHARDS) for guild in discord.guilds}) < SHARDS:
            discord.guilds = [discord.guild, Guild(discord.bot.id, discord.person.id)]
        for guild in discord.guilds:
            guild.channels += [Channel(name=f"room{number}", guild=guild) for number in range(CHANNELS // 2)]
        pairs = zip(*(guild.channels[-CHANNELS // 2 :] for guild in discord.guilds), strict=True)
        world.channels = [channel for pair in pairs for channel in pair]
        yield world


@pytest.fixture
def durable_valkey() -> Iterator[str]:
    """A server as an operator should have it; else every process complains."""
    with run_valkey("--port", "0", "--appendonly", "yes") as home:
        yield f"unix://{home}/socket"


async def test_a_rolling_restart_loses_and_doubles_nothing(durable_valkey: str, tmp_path: Path) -> None:
    """Each process is replaced by a new one that serves before the old one is stopped: every question gets
    exactly one answer, complete or marked as cut; every picture arrives once; the ledger is consistent."""
    async with open_world(durable_valkey, tmp_path) as world, AsyncExitStack() as stack:
        *ports, last_port = free_ports(5)
        world.telegram.updates.targets = [f"http://127.0.0.1:{port}/telegram/webhook" for port in ports]
        starting = [world.process(stack, ports[shard], shard) for shard in range(SHARDS)]
        old = [await one for one in starting]
        for bot in old:
            await bot.until("discord.ready")
        asking = asyncio.create_task(world.ask_for_ever())
        starting = [world.process(stack, ports[SHARDS + shard], shard) for shard in range(SHARDS)]
        new = [await one for one in starting]
        for shard in range(SHARDS):
            await world.is_serving(new[shard], ports[SHARDS + shard])
            assert await old[shard].stop() == 0
        asking.cancel()
        await asyncio.wait([asking])
        await until(lambda: all(one.is_over() for one in world.asked if LONG not in one.words))
        assert await asyncio.gather(*(bot.stop() for bot in new)) == [0, 0]
        # A chat's limits may let fewer answers say that they were cut than the grace has time for.
        last = await world.process(stack, last_port, 0)
        await last.until("discord.ready")
        await until(lambda: all(one.is_over() for one in world.asked))
        assert await last.stop() == 0
        assert [problem for one in world.asked if (problem := one.problem())] == []
        assert any(CUT in str(one.seen()) for one in world.asked)
        troubles = [
            line for bot in (*old, *new, last) for line in bot.log if re.search('"level": "(error|crit)', line)
        ]
        assert troubles == []
        assert {to for _, to, ok in world.deliveries if ok == 200} == set(world.telegram.updates.targets)
        async with open_store(Settings(_env_file=None, redis_url=durable_valkey)) as store:
            settings = Settings(_env_file=None)
            async with Spend(store, settings, time.time) as spend:
                assert await spend.ledger.audit() == []

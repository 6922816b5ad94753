"""Monitoring of a `run`: /healthz, /metrics and `doctor` beside it."""

import csv
import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import httpx
import pytest
import pytest_asyncio
from prometheus_client.parser import text_string_to_metric_families

from core import metrics
from core.minitool.simulated import Simulated, serve_simulated
from tests.conftest import free_port
from tests.e2e.fork_server import ForkServer, service
from tests.e2e.script import Service
from tests.standins.discord import DiscordStandin, Fault
from tests.standins.telegram import TelegramStandin
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


@dataclass(frozen=True)
class World:
    discord: DiscordStandin
    telegram: TelegramStandin
    address: str
    home: Path
    port: int

    def settings(self, **more: str) -> dict[str, str]:
        return {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_BASE": self.discord.base,
            "TELEGRAM_TOKEN": self.telegram.token,
            "TELEGRAM_API_BASE": self.telegram.base,
            "MINITOOLAI_API_KEY": "a-key-for-tests",
            "MINITOOLAI_BASE_URL": self.address,
            "WEB_PORT": str(self.port),
            "USER_PER_MINUTE": "1000",
            "SHUTDOWN_GRACE_S": "2",
            **more,
        }

    async def get(self, path: str) -> httpx.Response:
        async with httpx.AsyncClient(trust_env=False) as http:
            return await http.get(f"http://127.0.0.1:{self.port}{path}")


@asynccontextmanager
async def open_world(home: Path) -> AsyncIterator[World]:
    model = Simulated(tokens_per_s=0, first_token_s=0, job_s=0.1)
    async with DiscordStandin() as discord, TelegramStandin() as telegram, serve_simulated(model) as address:
        yield World(discord, telegram, address, home, free_port())


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[World, Service]]:
    """One bot on both platforms and the web, at work."""
    home = tmp_path_factory.mktemp("watch")
    async with open_world(home) as world, service(home, **world.settings()) as bot:
        await bot.until("telegram.connected")
        await bot.until("web.serving")

        async def is_well() -> bool:
            return (await world.get("/healthz")).status_code == 200

        await until(is_well)
        yield world, bot
        assert await bot.stop() == 0


async def test_healthz_of_a_whole_bot(running: tuple[World, Service]) -> None:
    """Every part that is served is connected, with its measurements."""
    world, _ = running
    facts = (await world.get("/healthz")).json()
    words = {name: facts[name] for name in ("status", "store", "discord", "telegram", "jobs", "loop")}
    assert set(words.values()) == {"ok"}
    assert facts["store_s"] < 1
    assert facts["telegram_heard_s"] < 60


def numbers(text: str) -> dict[tuple[str, ...], float]:
    """By name and the labels' values, in the order of the labels' names."""
    return {
        (
            sample.name.removeprefix("minitool_"),
            *(value for _, value in sorted(sample.labels.items())),
        ): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


async def settled(world: World) -> str:
    """The metrics, once nothing is under way: counting follows what people see."""
    text = (await world.get("/metrics")).text
    found = numbers(text)
    is_quiet = not found["answers_open",] and not found["jobs", "delivering"] and not found["jobs", "painting"]
    return text if is_quiet and ("refusals_total", "unknown-model") in found else ""


async def test_metrics_of_a_whole_bot(running: tuple[World, Service], ready: ForkServer) -> None:
    """Activity on each platform is counted: answers, times, dollars as in the ledger, refusals, 429s; no label
    names a person."""
    world, _ = running
    alice = world.telegram.person("Alice")
    await world.telegram.say("Why is the sky blue?", user=alice)
    await world.telegram.message(lambda one: "New answer" in one.buttons, chat=alice)
    world.discord.faults.append(Fault("PATCH /webhooks", status=429, retry_after=0.1))
    asked = await world.discord.slash("ask", {"question": "Why?"})
    await world.discord.until(lambda: "New answer" in [label for one in asked.messages for label in one.labels])
    painted = await world.discord.slash("imagine", {"prompt": "a fox"})
    await world.discord.until(lambda: any(one.files for one in painted.messages))
    await world.telegram.say("/model nonsense", user=alice)
    await world.telegram.message(lambda one: "no model" in one.shown, chat=alice)
    usage = await ready.run(world.home, "usage", "--csv", **world.settings())
    text = await until(partial(settled, world))
    found = numbers(text)
    for platform in ("telegram", "discord"):
        assert found["answers_total", "done", platform] == 1
        assert found["first_text_seconds_count", platform] == 1
        assert found["final_seconds_count", platform] == 1
        assert found["platform_up", platform] == 1
    assert found["pictures_total", "fetched", "discord"] == 1
    assert found["refusals_total", "unknown-model"] == 1
    assert found["slowdowns_total", "discord"] == 1
    assert found["blocked_seconds_total", "discord"] == pytest.approx(0.1)
    booked = sum(int(row["nanos"]) for row in csv.DictReader(io.StringIO(usage.out)))
    spent = sum(value for (name, *_), value in found.items() if name == "spent_dollars_total")
    assert spent == pytest.approx(booked / 1e9)
    assert found["budget_used_dollars", "day"] == pytest.approx(spent)
    assert (found["holds",], found["answers_open",]) == (0, 0)
    who = {
        str(alice.id),
        alice.first_name,
        world.discord.person.id,
        world.discord.channel.id,
        world.discord.guild.id,
    }
    families = [*text_string_to_metric_families(text)]
    assert not who & {
        value for family in families for sample in family.samples for value in sample.labels.values()
    }
    here = {family.name for family in text_string_to_metric_families(metrics.text().decode())}
    assert {family.name for family in families} >= here


async def test_doctor_beside_a_run(running: tuple[World, Service], ready: ForkServer) -> None:
    """`doctor` reports on the running `run`, does not disturb it, prints plain lines and no secret, and exits
    0."""
    world, bot = running
    done = await ready.run(world.home, "doctor", **world.settings())
    assert done.code == 0, done.out
    assert done.err == ""
    lines = done.out.splitlines()
    assert all(line.split()[0] in ("ok", "warn", "skip") for line in lines)
    assert "\x1b" not in done.out
    for words in ("A `run` serves", "A `run` of yours takes the updates", "Logged in as @minitool_test_bot",
                  "permissions=", "Everything is written to disk"):  # fmt: skip
        assert any(words in line for line in lines), words
    for secret in (world.discord.token, world.telegram.token, "a-key-for-tests"):
        assert secret not in done.out
    assert not [line for line in bot.log if "polled_elsewhere" in line]
    assert (await world.get("/healthz")).status_code == 200


async def test_doctor_finds_what_is_broken(running: tuple[World, Service], ready: ForkServer) -> None:
    """One failed check means exit code 1; all other checks are still made."""
    world, _ = running
    broken = world.settings(DISCORD_TOKEN="MTIz.another.token", DEFAULT_MODEL="gpt-9", LANG="C.UTF-8")
    done = await ready.run(world.home, "doctor", **broken)
    assert done.code == 1
    failed = [line for line in done.out.splitlines() if line.startswith("fail")]
    assert [line.partition(":")[0].split()[1] for line in failed] == ["Settings", "Discord"]
    assert "Reset Token" in failed[1]
    assert "another.token" not in done.out
    assert "Logged in as @minitool_test_bot" in done.out


async def test_doctor_of_settings_that_cannot_be_read(tmp_path: Path, ready: ForkServer) -> None:
    """Each problem is a line without the value."""
    done = await ready.run(
        tmp_path, "doctor", USER_DAILY_USD="1,50", WEB_PORT="many", DISCORD_TOKEN="canary-token"
    )
    assert done.code == 1
    failed = [line for line in done.out.splitlines() if line.startswith("fail")]
    assert [line.split()[2] for line in failed] == ["WEB_PORT:", "USER_DAILY_USD:"]
    assert "1,50" not in done.out
    assert "canary-token" not in done.out


@pytest.mark.parametrize("verb", ["doctor", "run", "backup there"])
async def test_sentinels_that_are_away(tmp_path: Path, ready: ForkServer, verb: str) -> None:
    """The error names the Sentinels that were asked in vain, and shows no internals of the client."""
    first, second = free_port(), free_port()
    url = f"redis+sentinel://127.0.0.1:{first},127.0.0.1:{second}/main"
    done = await ready.run(tmp_path, *verb.split(), REDIS_URL=url, WEB_PORT="0")
    assert done.code != 0
    output = done.out + done.err
    assert f"127.0.0.1:{first} - network:ConnectionError, 127.0.0.1:{second} - " in output
    assert "<redis" not in output


async def test_a_process_without_pages(tmp_path: Path) -> None:
    """`--only` a platform: health and metrics are served if the process's own environment sets a port, and no
    chat page; if that port is taken, the chats still work."""
    async with open_world(tmp_path) as world:
        given = world.settings(TELEGRAM_TOKEN="", DATA_DIR="one")
        other = given | {"DATA_DIR": "two"}
        async with service(tmp_path, "--only", "discord", **given) as one:
            await one.until("web.serving")
            assert (await world.get("/")).status_code == 404
            facts = (await world.get("/healthz")).json()
            assert facts["telegram"] == "off"
            assert "minitool_build_info" in (await world.get("/metrics")).text
            async with service(tmp_path, "--only", "discord", **other) as two:
                assert "WEB_PORT" in await two.until("monitoring.not_served")
                await two.until("discord.ready")
                assert await two.stop() == 0
            assert await one.stop() == 0

"""No secret leaks in any failure: every failing path is run with canary secrets, and the debug log, chats,
pages, output of commands and the store are searched for them."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path

import httpx
import pytest
from redis import Redis

from tests.adapters.web.visitor import Visitor
from tests.conftest import free_port, run_valkey
from tests.e2e.script import ROOT, run_script, service
from tests.standins.discord import DiscordStandin, Fault
from tests.standins.echoing_model import EchoingModel
from tests.standins.telegram import TelegramStandin, without_limits
from tests.waiting import until

pytestmark = pytest.mark.e2e

PASSWORD = "canary-store%2Fpassword"
SECRETS = {
    "MINITOOLAI_API_KEY": "sk-canary-model-key-0123456789",
    "DISCORD_TOKEN": "MTIz.canary.discord-token",
    "TELEGRAM_TOKEN": "7000000001:canary-telegram-token_01234",
    "TELEGRAM_WEBHOOK_SECRET": "canary-webhook-secret",
    "OPERATOR_PASSWORD": 'canary "operator" pass\\word',
    "CONTENT_KEY": "canary-content-key-one,canary-content-key-two",
}
WORDS = "canarywordsofaperson"  # in every question: what people write is in no log either

# A bug whose exception holds all that the process knows; loaded by the interpreter, as a `sitecustomize`.
BUG = """
import os
from core.access import Access
admit = Access.admit
async def broken(self, turn):
    if "makeabug" in turn.text:
        raise RuntimeError("everything: " + repr(dict(os.environ)) + repr(self.settings))
    return await admit(self, turn)
Access.admit = broken
"""


@dataclass
class World:
    discord: DiscordStandin
    telegram: TelegramStandin
    echo: EchoingModel
    store: Path
    port: int
    printed: list[str] = field(default_factory=list)

    def settings(self, home: Path) -> dict[str, str]:
        (home / "sitecustomize.py").write_text(BUG)
        return {
            **SECRETS,
            "PYTHONPATH": f"{ROOT}:{home}",
            "DISCORD_API_BASE": self.discord.base,
            "TELEGRAM_API_BASE": self.telegram.base,
            "TELEGRAM_WEBHOOK_URL": f"http://127.0.0.1:{self.port}/telegram/webhook",
            "MINITOOLAI_BASE_URL": self.echo.base,
            "REDIS_URL": f"unix://default:{PASSWORD}@{self.store}/socket",
            "IMAGE_TRANSPORT": "link",
            "PUBLIC_URL": f"http://127.0.0.1:{self.port}",
            "WEB_PORT": str(self.port),
            "LOG_LEVEL": "debug",
            "USER_PER_MINUTE": "1000",
            "USER_CONCURRENCY": "50",
            "BURST_QUIET_S": "0.05",
            "SHUTDOWN_GRACE_S": "2",
            "FIRST_BYTE_TIMEOUT_S": "5",
        }

    def secrets(self) -> dict[str, str]:
        """Every secret by a name, with those that were made on the way."""
        found = {name: value for name, value in SECRETS.items() if "," not in value}
        found |= {"TELEGRAM_TOKEN's half": SECRETS["TELEGRAM_TOKEN"].partition(":")[2]}
        found |= {"CONTENT_KEY 1": "canary-content-key-one", "CONTENT_KEY 2": "canary-content-key-two"}
        found |= {"OPERATOR_PASSWORD quoted": 'canary \\"operator', "OPERATOR_PASSWORD's middle": "operator\\"}
        found |= {"REDIS_URL's password": "canary-store/password", "the same quoted": PASSWORD}
        found |= {f"interaction {n}": token for n, token in enumerate(self.discord.interactions)}
        found |= {f"attachment {n}": file.signature for n, file in enumerate(self.discord.files.values())}
        found |= {f"made {n}": made for n, made in enumerate(self.echo.secrets)}
        links = [link for link in self.echo.links if "/media/" in link]
        return found | {f"media {n}": link.rpartition("/")[2] for n, link in enumerate(links)}

    def shown_texts(self) -> str:
        """Everything that was ever shown in a chat, by anybody but the people there."""
        shown = [
            json.dumps([state.content, state.components])
            for message in self.discord.messages.values()
            if message.author is self.discord.bot
            for state in message.shown
        ]
        shown += [json.dumps(one.choices) + json.dumps(one.modal) for one in self.discord.interactions.values()]
        for message in self.telegram.world.messages.values():
            if message.by_bot:
                shown += [f"{version.text} {version.buttons}" for version in message.history]
        return "\n".join(shown)


@asynccontextmanager
async def open_world() -> AsyncIterator[World]:
    with run_valkey(
        "--port", "0", "--requirepass", "canary-store/password", password="canary-store/password"
    ) as home:
        async with (
            DiscordStandin(token=SECRETS["DISCORD_TOKEN"]) as discord,
            TelegramStandin(SECRETS["TELEGRAM_TOKEN"], without_limits()) as telegram,
            EchoingModel().serving() as echo,
        ):
            yield World(discord, telegram, echo, home, free_port())


STATUSES = ("400", "401", "402", "403", "404", "413", "422", "429", "500", "503")
QUESTIONS = (*STATUSES, "html", "error", "garbage", "redirect", "well", "makeabug")


async def drive_discord(world: World) -> None:
    """Every refusal of the model's side, of Discord, and a bug."""
    discord = world.discord
    picture = discord.file("cat.png", (ROOT / "docs" / "page.png").read_bytes())
    asked = [await discord.slash("ask", {"question": f"{word} {WORDS}"}) for word in QUESTIONS]
    asked.append(await discord.slash("ask", {"question": f"well {WORDS}", "picture": picture}))
    asked.append(await discord.slash("ask", {"question": f"well {WORDS}", "private": True}))
    await discord.until(lambda: all(is_over(one.text) for one in asked))
    for fault in (
        Fault("POST /interactions", times=2, status=500),
        Fault("PATCH /webhooks", status=401, code=50027),
        Fault("PATCH /webhooks", status=404, code=10015),
        Fault("PATCH /webhooks", status=429, retry_after=0.1),
        Fault("PATCH /webhooks", status=0),
        Fault("PATCH /webhooks", status=400, code=50035),
        Fault("PATCH /webhooks", status=403, code=200000),
    ):
        discord.faults.append(fault)
        before = len(discord.calls)
        await discord.slash("ask", {"question": f"well {WORDS}"})
        await discord.until(lambda fault=fault: not fault.times)
        await discord.until(lambda before=before: len(discord.calls) > before + 1)
    for word in ("401", "html", "redirect", "well", "well"):
        order = await discord.slash("imagine", {"prompt": f"{word} {WORDS}"})
        await discord.until(lambda order=order: is_over(order.text) or any(m.files for m in order.messages))
    message = await discord.mention(f"500 {WORDS}")
    await discord.until(lambda: any(is_over(one.content) for one in discord.answers(message)))


def is_over(text: str) -> bool:
    return bool(text) and "Thinking" not in text


async def drive_telegram(world: World) -> None:
    """The same on Telegram, whose every address holds the token."""
    telegram, token = world.telegram, SECRETS["TELEGRAM_TOKEN"]
    for number, word in enumerate(("401", "500", "error", "makeabug", "well")):
        person = telegram.person(f"Person{number}")
        await telegram.say(f"{word} {WORDS}", user=person)
        await telegram.message(lambda one: is_over(one.shown), chat=person)
    for number, code in enumerate((400, 403, 404, 500)):
        person = telegram.person(f"Refused{number}")
        telegram.refuse("sendMessage", code, f"Bad Request: /bot{token}/sendMessage is refused")
        await telegram.say(f"well {WORDS}", user=person)
        await until(lambda: not telegram.server.faults.waiting["sendMessage"])
    for number, break_it in enumerate((telegram.bad_gateway, lambda m: telegram.cut(m, after=False))):
        person = telegram.person(f"Broken{number}")
        break_it("sendMessage")
        await telegram.say(f"well {WORDS}", user=person)
        await telegram.message(lambda one: is_over(one.shown), chat=person)
    person = telegram.person("Painter")
    telegram.refuse("getFile", 400, f"Bad Request: {token}")
    await telegram.say(f"well {WORDS}", user=person, photo=(ROOT / "docs" / "page.png").read_bytes())
    await telegram.message(lambda one: is_over(one.shown), chat=person)


async def drive_web(world: World) -> list[str]:
    """Wrong passwords, cookies, webhook secrets and media tokens, and right ones; what was answered."""
    answers = []
    async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{world.port}", trust_env=False) as http:
        hook = "/telegram/webhook"
        secret = "X-Telegram-Bot-Api-Secret-Token"
        for headers, body in (
            ({secret: "wrong"}, b"{}"),
            ({secret: SECRETS["TELEGRAM_WEBHOOK_SECRET"]}, b'{"update_id": '),
            ({secret: SECRETS["TELEGRAM_WEBHOOK_SECRET"]}, b'{"update_id": 1, "message": {"message_id": 1}}'),
        ):
            answers.append((await http.post(hook, content=body, headers=headers)).text)
        link = next(link for link in world.echo.links if "/media/" in link)
        shown = await http.get(link)
        assert shown.status_code == 200
        assert shown.content[:4] in (b"\x89PNG", b"\xff\xd8\xff\xe0", b"RIFF")
        answers.append((await http.get(link[:-3] + "AAA")).text)
        http.cookies.set("session", "canary.forged.cookie")
        for path in ("/healthz", "/metrics", "/operator/", "/operator/settings", "/pictures/none"):
            answers.append((await http.get(path)).text)
            answers.append((await http.get(path, auth=("operator", SECRETS["OPERATOR_PASSWORD"]))).text)
    visitor = Visitor(f"http://127.0.0.1:{world.port}")
    async with visitor.http:
        await visitor.arrive()
        async with visitor.looking() as screen:
            entries = [await visitor.say(f"{word} {WORDS}") for word in ("401", "error", "makeabug")]
            answers += [await screen.end(entry) for entry in entries]
        answers.append((await visitor.http.get("/entries")).text.replace(WORDS, ""))
    return answers


async def drive_store(world: World) -> None:
    """The store goes away in the middle of everything."""
    with Redis(unix_socket_path=f"{world.store}/socket", password="canary-store/password") as redis:
        redis.execute_command("CONFIG", "SET", "requirepass", "another password")
        redis.execute_command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes")
        asked = await world.discord.slash("ask", {"question": f"well {WORDS}"})
        await world.discord.until(lambda: is_over(asked.text))
        assert "memory cannot be reached" in asked.text
        redis.execute_command("CONFIG", "SET", "requirepass", "canary-store/password")


def leaks(text: str, secrets: Mapping[str, str]) -> list[str]:
    return [name for name, secret in secrets.items() if secret in text]


def dump(store: Path) -> bytes:
    """Every key and value of the store."""
    with Redis(unix_socket_path=f"{store}/socket", password="canary-store/password") as redis:
        readers = {
            b"string": redis.get,
            b"hash": redis.hgetall,
            b"set": redis.smembers,
            b"list": lambda key: redis.lrange(key, 0, -1),
            b"zset": lambda key: redis.zrange(key, 0, -1),
            b"stream": redis.xrange,
            b"none": lambda _: None,  # it ended since the keys were read
        }
        return b"\n".join(key + repr(readers[redis.type(key)](key)).encode() for key in redis.keys("*"))


async def test_no_secret_gets_out(tmp_path: Path) -> None:
    """Keys, tokens, passwords, signed addresses and what people wrote are in no log, chat, page or output; the
    store holds no secret of the settings, and under CONTENT_KEY none of what people wrote but image prompts."""
    async with open_world() as world:
        settings = world.settings(tmp_path)
        async with service(tmp_path, **settings) as running:
            await world.discord.until(lambda: world.discord.gateway.connected)
            await running.until("telegram.connected")
            doctor = asyncio.create_task(run_script(tmp_path, "doctor", "--spend", **settings))
            await asyncio.gather(drive_discord(world), drive_telegram(world), doctor)
            answers, done = await drive_web(world), doctor.result()
            held = dump(world.store)
            await drive_store(world)
            assert await running.stop() == 0
        secrets, log = world.secrets(), "\n".join(running.log)
        assert len(secrets) > 50
        assert sum("Traceback" in line for line in running.log) >= 3
        assert {"request.broke", "alert.key_refused", "alert.store_away"} <= {
            json.loads(line)["event"] for line in running.log
        }
        assert leaks(log, secrets) == []
        assert leaks(world.shown_texts(), secrets) == []
        assert leaks("\n".join(answers), secrets) == []
        assert leaks(done.out + done.err, secrets) == []
        assert WORDS not in log
        lasting = {
            name: secret for name, secret in secrets.items() if name in SECRETS or name.startswith("CONTENT")
        }
        assert leaks(held.decode("latin-1"), lasting) == []
        sealed = [
            line for line in held.split(b"\n") if not line.startswith(b"{order:")
        ]  # see docs/encryption.md
        assert [line for line in sealed if WORDS.encode() in line] == []

"""A platform's file addresses may carry credentials: they never leave the adapter. With the real core, the
requests to the model's side, the store, the unmasked log at every level, and what people saw are searched for
the addresses and the credentials in them."""

import asyncio
import io
import json
from typing import Any

import pytest
from PIL import Image

from tests.adapters.running_adapter import running_adapter
from tests.conftest import MakeSettings
from tests.core.attachments.made_pictures import encoded, photo
from tests.core.attachments.test_documents import pdf
from tests.standins.discord import DiscordStandin
from tests.standins.discord.gateway import MESSAGE_CONTENT
from tests.standins.discord.world import Interaction, Message
from tests.standins.telegram import TelegramStandin, without_limits
from tests.standins.telegram.world import User
from tests.waiting import until

CAT = encoded(photo(64, 48), "JPEG")
BROKEN = CAT[:200]
HTML = b"<!doctype html><p>no picture"
BIG = CAT + bytes(21 * 2**20)


# --- Discord -------------------------------------------------------------------------


class OnDiscord:
    """Every way in which a file reaches the bot on Discord, each by a person of its own in a channel of its
    own; each returns when there is an answer."""

    def __init__(self, discord: DiscordStandin, way: str) -> None:
        self.discord = discord
        self.here: dict[str, Any] = {"channel": discord.add_channel(way), "user": discord.add_user(way)}

    def file(self, name: str = "cat.jpg", data: bytes = CAT, kind: str = "image/jpeg") -> Any:
        return self.discord.file(name, data, kind)

    async def answered(self, interaction: Interaction) -> None:
        await self.discord.until(lambda: interaction.messages and is_over(interaction.messages[-1]))

    async def heard(self, message: Message) -> None:
        await self.discord.until(lambda: [one for one in self.discord.answers(message) if is_over(one)])

    async def option(self, name: str = "cat.jpg", data: bytes = CAT, **more: Any) -> None:
        options = {"question": "What is this?", "picture": self.file(name, data), **more}
        await self.answered(await self.discord.slash("ask", options, **self.here))

    async def two_options(self) -> None:
        await self.option(picture2=self.file("dog.jpg"))

    async def mention(self, name: str = "cat.jpg", data: bytes = CAT, kind: str = "image/jpeg") -> None:
        await self.heard(await self.discord.mention("what?", files=(self.file(name, data, kind),), **self.here))

    async def document_that_is_an_image(self) -> None:
        await self.mention("scan.bin", CAT, "application/octet-stream")

    async def text(self) -> None:
        await self.mention("a.py", b"print(1)", "text/plain")

    async def pdf(self) -> None:
        await self.mention("a.pdf", pdf("one"), "application/pdf")

    async def broken_pdf(self) -> None:
        await self.mention("a.pdf", b"%PDF-1.4", "application/pdf")

    async def broken(self) -> None:
        await self.option("cat.jpg", BROKEN)

    async def html(self) -> None:
        await self.option("cat.jpg", HTML)

    async def empty(self) -> None:
        await self.option("cat.jpg", b"")

    async def too_big(self) -> None:
        await self.option("cat.jpg", BIG)

    async def reply(self) -> None:
        target = await self.discord.say("my cat", files=(self.file(),), **self.here)
        await self.heard(await self.discord.mention("what is that?", reply_to=target, **self.here))

    async def expired(self) -> None:
        target = await self.discord.say("my cat", files=(self.file(),), **self.here)
        opened = await self.discord.message_command("Ask about this", target, user=self.here["user"])
        target.files[0].signature = "renewed-signature"
        await self.submitted(opened)

    async def gone(self) -> None:
        file = self.file()
        self.discord.files.pop(file.id)
        await self.heard(await self.discord.mention("what?", files=(file,), **self.here))

    async def about(self) -> None:
        target = await self.discord.say("my cat", files=(self.file(), self.file("dog.jpg")), **self.here)
        await self.submitted(
            await self.discord.message_command("Ask about this", target, user=self.here["user"])
        )

    async def embed(self) -> None:
        target = await self.discord.say("a link", **self.here)
        target.embeds = [
            {"type": "image", "thumbnail": {"url": "https://evil.example/x", "proxy_url": self.file().url}}
        ]
        await self.submitted(
            await self.discord.message_command("Ask about this", target, user=self.here["user"])
        )

    async def submitted(self, opened: Interaction) -> None:
        await self.answered(await self.discord.submit_modal(opened))


DISCORD = [
    "option", "two_options", "mention", "document_that_is_an_image", "text", "pdf", "broken_pdf", "broken",
    "html", "empty", "too_big", "reply", "expired", "gone", "about", "embed",
]  # fmt: skip


def is_over(message: Message) -> bool:
    return bool(message.content) and "Stop" not in message.labels and "Thinking" not in message.content


@pytest.mark.parametrize("transport", ["inline", "link"])
async def test_on_discord(make_settings: MakeSettings, transport: str) -> None:
    """Discord's signed addresses stay in the adapter, for every kind of attachment and failure."""
    async with DiscordStandin() as discord:
        given = {
            "discord_token": discord.token, "discord_api_base": discord.base, "image_transport": transport,
            "discord_message_content": True,
        }  # fmt: skip
        discord.gateway.intents_allowed |= MESSAGE_CONTENT  # else what is replied to would not be shown to us
        async with running_adapter(
            "discord", make_settings, public_url="https://bot.example", **given
        ) as world:
            await asyncio.gather(*(getattr(OnDiscord(discord, way), way)() for way in DISCORD))
            signatures = {file.signature for file in discord.files.values()}
            shown = [message.content for message in discord.messages.values() if message.author is discord.bot]
            secrets = {"/attachments/", "&hm=", *signatures}  # without the sign before it, base64 may end so
            await world.holds_none_of(secrets, shown)
            asked = sum("image_url" in json.dumps(dict(call.body)) for call in world.simulated.record.calls)
            assert asked >= 8


# --- Telegram ------------------------------------------------------------------------


class OnTelegram:
    """Every way in which a file reaches the bot on Telegram, each by a person of its own; each returns when
    there is an answer."""

    def __init__(self, telegram: TelegramStandin, alice: User) -> None:
        self.telegram, self.alice = telegram, alice

    async def say(self, text: str = "what?", **content: Any) -> None:
        before = len(self.telegram.messages(self.alice))
        await self.telegram.say(text, user=self.alice, **content)
        await self.replied(before)

    async def replied(self, before: int) -> None:
        def is_over() -> bool:
            new = self.telegram.messages(self.alice)[before:]
            return bool(new) and bool(new[-1].shown) and "Stop" not in new[-1].buttons

        await until(is_over)

    async def photo(self) -> None:
        await self.say("/ask what is this?", photo=photo_png())

    async def document(
        self, name: str = "cat.jpg", data: bytes = CAT, kind: str = "image/jpeg", claimed: int = 0
    ) -> None:
        await self.say(document=(name, kind, data), claimed=claimed)

    async def text(self) -> None:
        await self.document("a.py", b"print(1)", "text/plain")

    async def pdf(self) -> None:
        await self.document("a.pdf", pdf("one"), "application/pdf")

    async def broken(self) -> None:
        await self.document("cat.jpg", BROKEN)

    async def html(self) -> None:
        await self.document("cat.jpg", HTML)

    async def too_big(self) -> None:
        await self.document("cat.jpg", BIG)

    async def claimed_small(self) -> None:
        await self.document("cat.jpg", BIG, claimed=100)

    async def album(self) -> None:
        before = len(self.telegram.messages(self.alice))
        await self.telegram.album([photo_png(), photo_png()], "both?", user=self.alice)
        await self.replied(before)

    async def reply(self) -> None:
        bob = self.telegram.person("Bob")
        target = await self.telegram.say(
            "look", user=bob, chat=self.telegram.private(self.alice), photo=photo_png()
        )
        await self.telegram.message(
            lambda message: message.reply_to is target and "Stop" not in message.buttons
        )
        await self.say("what is that?", reply_to=target)

    async def no_such_file(self) -> None:
        self.telegram.refuse(
            "getFile", 400, "Bad Request: wrong file_id or the file is temporarily unavailable"
        )
        await self.document()

    async def server_trouble(self) -> None:
        self.telegram.bad_gateway("getFile")
        await self.document()

    async def cut_off(self) -> None:
        self.telegram.cut("getFile", after=True)
        await self.document()


TELEGRAM = [
    "photo", "document", "text", "pdf", "broken", "html", "too_big", "claimed_small", "album", "reply",
    "no_such_file", "server_trouble", "cut_off",
]  # fmt: skip


def photo_png() -> bytes:
    out = io.BytesIO()
    Image.effect_noise((200, 150), 80).save(out, "PNG")
    return out.getvalue()


@pytest.mark.parametrize("transport", ["inline", "link"])
async def test_on_telegram(
    make_settings: MakeSettings, monkeypatch: pytest.MonkeyPatch, transport: str
) -> None:
    """The address of every Telegram file contains the bot's token: it stays in the adapter, for every kind of
    file and failure."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # else the library warns about itself
    async with TelegramStandin(flood=without_limits()) as telegram:
        given = {
            "telegram_token": telegram.token, "telegram_api_base": telegram.base, "image_transport": transport,
            "content_key": "",
        }  # fmt: skip
        async with running_adapter(
            "telegram", make_settings, public_url="https://bot.example", **given
        ) as world:
            people = [(way, telegram.person(way)) for way in TELEGRAM]
            await asyncio.gather(*(getattr(OnTelegram(telegram, who), way)() for way, who in people))
            shown = [message.shown for message in telegram.messages()]
            secrets = {telegram.token, telegram.token.partition(":")[2], "/file/bot"}
            await world.holds_none_of(secrets, shown)
            asked = sum("image_url" in json.dumps(dict(call.body)) for call in world.simulated.record.calls)
            assert asked >= 4

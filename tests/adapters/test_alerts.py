"""Alerts that only an admin can act on reach them in private, on their platform."""

import pytest

from core.words import t
from tests.adapters.running_adapter import running_adapter
from tests.conftest import MakeSettings
from tests.standins.discord import DiscordStandin
from tests.standins.telegram import TelegramStandin, without_limits

QUESTION = "fault:401 why?"


@pytest.fixture(autouse=True)
def _hurry(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.periodic.EVERY_S", 0.05)
    monkeypatch.setenv("PTB_TIMEDELTA", "true")  # else the library warns about itself


async def test_on_discord(make_settings: MakeSettings) -> None:
    """Somebody runs into a refused key: the admin gets a direct message about it, the asker does not."""
    async with DiscordStandin() as discord:
        admin = discord.add_user("Admin")
        given = {"discord_token": discord.token, "discord_api_base": discord.base}
        async with running_adapter("discord", make_settings, admins=(f"discord:{admin.id}",), **given):
            message = await discord.mention(QUESTION)
            chat = discord.dm(admin)
            alerts = await discord.until(
                lambda: [
                    one
                    for one in discord.messages.values()
                    if one.channel is chat and "MINITOOLAI_API_KEY" in one.content
                ]
            )
            (answer,) = await discord.until(lambda: discord.answers(message))
            await discord.until(lambda: t("en", "bad-key") in answer.content)
            assert len(alerts) == 1


async def test_on_telegram(make_settings: MakeSettings) -> None:
    """The same on Telegram."""
    async with TelegramStandin(flood=without_limits()) as telegram:
        admin, alice = telegram.person("Admin"), telegram.person("Alice")
        telegram.private(admin)
        given = {"telegram_token": telegram.token, "telegram_api_base": telegram.base}
        async with running_adapter("telegram", make_settings, admins=(f"telegram:{admin.id}",), **given):
            await telegram.say(QUESTION, user=alice)
            await telegram.message(lambda message: "MINITOOLAI_API_KEY" in message.shown, chat=admin)
            await telegram.message(lambda message: t("en", "bad-key") in message.shown, chat=alice)

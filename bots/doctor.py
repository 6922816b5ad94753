"""Puts `doctor` together: the terminal's checks, and those of each platform whose token is set."""

from collections.abc import Mapping

from bots.findings import Findings, skip
from bots.terminal.doctor import Examine, doctor, doctor_of_problems
from core.settings import BadSettings, Settings, read_settings


async def check(*, spend: bool) -> int:
    """Returns the exit code."""
    try:
        settings = read_settings()
    except BadSettings as error:
        return doctor_of_problems(error.problems)
    return await doctor(settings, EXAMINERS, spend=spend)


async def _examine_discord(settings: Settings, _: Mapping[str, bool]) -> Findings:
    if not settings.discord_token:
        yield skip("discord", "no-token", setting="DISCORD_TOKEN", guide="docs/discord.md")
        return
    from bots.discord.doctor import examine

    async for found in examine(settings):
        yield found


async def _examine_telegram(settings: Settings, served: Mapping[str, bool]) -> Findings:
    if not settings.telegram_token:
        yield skip("telegram", "no-token", setting="TELEGRAM_TOKEN", guide="docs/telegram.md")
        return
    from bots.telegram.doctor import examine

    async for found in examine(settings, is_served=served.get("telegram")):
        yield found


EXAMINERS: Mapping[str, Examine] = {"discord": _examine_discord, "telegram": _examine_telegram}

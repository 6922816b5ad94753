"""Puts `doctor` together: the terminal's checks, and those of each platform whose token is set."""

from collections.abc import Mapping

from bots.findings import Findings
from bots.terminal.doctor import Examine, doctor, doctor_of_problems
from core.settings import BadSettings, Settings, read_settings


async def check(*, spend: bool) -> int:
    """Returns the exit code."""
    try:
        settings = read_settings()
    except BadSettings as error:
        return doctor_of_problems(error.problems)
    return await doctor(settings, EXAMINERS, spend=spend)


def _discord(settings: Settings, _: Mapping[str, bool]) -> Findings:
    from bots.discord.doctor import examine

    return examine(settings)


def _telegram(settings: Settings, served: Mapping[str, bool]) -> Findings:
    from bots.telegram.doctor import examine

    return examine(settings, is_served=served.get("telegram"))


EXAMINERS: Mapping[str, Examine] = {"discord": _discord, "telegram": _telegram}

"""`minitool-bots doctor`: every check a person would otherwise find out the hard way, one line each."""

import shutil
import sys
from collections.abc import AsyncIterator
from dataclasses import dataclass

from bots.terminal.reply import TerminalReply
from bots.terminal.verbs import make_turn, opened
from core.app import Core
from core.settings import Settings

_LEAST_FREE_BYTES = 500_000_000
_MARKS = {"ok": "✓", "warn": "!", "fail": "✗", "skip": "–"}


@dataclass(frozen=True, slots=True)
class Finding:
    """One line: what was checked, how it is, and what to do about it."""

    level: str  # ok, warn, fail, skip
    what: str
    how: str


async def doctor(settings: Settings, *, spend: bool) -> int:
    """Prints findings as they come. Returns 1 where one failed."""
    failed = False
    async for finding in _findings(settings, spend=spend):
        failed = failed or finding.level == "fail"
        print(f"{_MARKS[finding.level]} {finding.what:<14} {finding.how}")
    return int(failed)


async def _findings(settings: Settings, *, spend: bool) -> AsyncIterator[Finding]:
    yield Finding("ok", "settings", "readable")
    yield Finding("ok", "python", sys.version.split()[0])
    yield _disk(settings)
    async with opened(settings) as core:
        yield await _store(core)
        yield await _key(core, settings, spend=spend)
    for name, token in (("discord", settings.discord_token), ("telegram", settings.telegram_token)):
        is_set = bool(token.get_secret_value())
        yield Finding("skip", name, "token set, tried when `run` starts" if is_set else "no token")


def _disk(settings: Settings) -> Finding:
    folder = settings.data_dir if settings.data_dir.exists() else settings.data_dir.resolve().parent
    free = shutil.disk_usage(folder).free
    level = "ok" if free > _LEAST_FREE_BYTES else "warn"
    return Finding(level, "disk", f"{free // 1_000_000} MB free for DATA_DIR")


async def _store(core: Core) -> Finding:
    seconds = await core.store.ping()
    if core.store.is_embedded:
        return Finding("ok", "store", f"embedded Valkey, {seconds * 1000:.1f} ms, append-only file in DATA_DIR")
    return Finding(
        "ok", "store", f"REDIS_URL, {seconds * 1000:.1f} ms; see the log for a warning on durability"
    )


async def _key(core: Core, settings: Settings, *, spend: bool) -> Finding:
    if settings.is_simulated:
        return Finding("warn", "api key", "MINITOOLAI_API_KEY is empty: the simulated API answers")
    if not spend:
        return Finding("skip", "api key", "set, not tried; --spend makes the cheapest possible call")
    reply = TerminalReply(as_json=True)
    cheapest = min(core.catalogue.chat.values(), key=lambda model: model.output_nanos)
    await core.run(make_turn("ask", "Say: ok", {"model": cheapest.name}), reply)
    if reply.has_failed:
        return Finding("fail", "api key", reply.last.note)
    return Finding("ok", "api key", f"{cheapest.name} answers")

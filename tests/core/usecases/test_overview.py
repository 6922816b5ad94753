"""What operators see at a glance."""

import asyncio
from pathlib import Path

import pytest

from core.app import Core
from core.minitool.simulated import Simulated
from core.operator.overview import Now, configured
from core.settings import read_settings
from tests.core.usecases.conftest import Opened, Place
from tests.recording import RecordingReply
from tests.waiting import until


async def test_answers_and_pictures_under_way_are_seen_by_every_process(
    opened: Opened, simulated: Simulated, place: Place
) -> None:
    """Whose they are, where, and how old; nothing of their content."""

    async def reopen(_: str) -> RecordingReply:
        return RecordingReply()

    simulated.tokens_per_s, simulated.job_s = 2, 1.0
    async with opened() as one, opened() as two, one.serving("test", reopen):
        asking = asyncio.create_task(one.run(place.turn("ask", "A secret question"), RecordingReply()))
        await one.run(place.turn("imagine", "a secret fox"), RecordingReply())
        now = await until(lambda: _both_paid(two))
        answer, picture = sorted(now.live, key=lambda live: live.kind)
        assert (answer.person, answer.chat, answer.doing) == ("test:ann", "test:chat:1", "ask")
        assert (picture.person, picture.model) == ("test:ann", "realvision")
        assert picture.doing in ("waiting", "painting")
        assert now.oldest_s("answer") == answer.age_s >= 0
        assert "secret" not in repr(now)
        asking.cancel()
        await asyncio.gather(asking, return_exceptions=True)


async def _both_paid(core: Core) -> Now | None:
    now = await core.overview.now()
    return now if now.count("answer") == now.count("picture") == 1 and now.day.held_nanos > 10**6 else None


async def test_what_went_wrong_is_counted(core: Core, place: Place, monkeypatch: pytest.MonkeyPatch) -> None:
    """Upstream failures and bugs appear at once, refusals do not."""

    async def broken(*_: object) -> None:
        raise RuntimeError("secret inner text")

    monkeypatch.setitem(core._verbs, "help", broken)
    await core.run(place.turn("ask", "fault:401"), RecordingReply())
    await core.run(place.turn("ask", ""), RecordingReply())
    await core.run(place.turn("help"), RecordingReply())
    kinds = {trouble.kind: trouble for trouble in (await core.overview.now()).troubles}
    assert set(kinds) == {"bad-key", "incident"}
    assert kinds["incident"].cause.endswith("RuntimeError")


def test_settings_say_where_they_come_from(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """The environment overrides the file, the file the default; of secrets only whether they are set."""
    (tmp_path / ".env").write_text("WEB_PORT=8081\nDENY=web:1\nDISCORD_SHARDS=\nOPERATOR_PASSWORD=canary-1\n")
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("DENY", "web:2,web:3")
    monkeypatch.setenv("REDIS_URL", "redis://me:canary-2@store:6379")
    monkeypatch.setenv("TELEGRAM_WEBHOOK_URL", "https://me:canary-3@bot.example/x")
    monkeypatch.setenv("TELEGRAM_WEBHOOK_SECRET", "canary-4")
    monkeypatch.setenv("USER_MONTHLY_USD", "off")
    shown = {one.name: one for one in configured(read_settings())}
    assert {name: (shown[name].value, shown[name].source) for name in (
        "WEB_PORT", "DENY", "DISCORD_SHARDS", "USER_DAILY_USD", "USER_MONTHLY_USD", "TELEGRAM_WEBHOOK_URL",
        "SHOW_COST",
    )} == {
        "WEB_PORT": ("8081", "file"),
        "DENY": ("web:2, web:3", "environment"),
        "DISCORD_SHARDS": ("", "default"),
        "USER_DAILY_USD": ("$0.25", "default"),
        "USER_MONTHLY_USD": ("off", "environment"),
        "TELEGRAM_WEBHOOK_URL": ("https://bot.example/x", "environment"),
        "SHOW_COST": ("1", "default"),
    }  # fmt: skip
    assert (shown["OPERATOR_PASSWORD"].value, shown["OPERATOR_PASSWORD"].is_secret) == ("set", True)
    assert (shown["REDIS_URL"].value, shown["CONTENT_KEY"].value) == ("set", "")
    assert "canary" not in repr(shown)


async def test_pictures_that_cannot_be_made_are_counted(core: Core, place: Place) -> None:
    """A failed order counts as a failed answer does."""
    await core.run(place.turn("imagine", "fault:fail a fox"), RecordingReply())
    assert [trouble.kind for trouble in (await core.overview.now()).troubles] == ["job-failed"]

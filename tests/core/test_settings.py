"""Wrong settings stop the start with a line that names them, and never with their value."""

from pathlib import Path

import pytest
from pydantic import ValidationError

from core.settings import NANOS_PER_DOLLAR, BadSettings, Settings, read_settings

HOOK = {"TELEGRAM_WEBHOOK_URL": "https://bot.example", "TELEGRAM_WEBHOOK_SECRET": "s3cret"}


@pytest.fixture
def read(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> pytest.MonkeyPatch:
    """An environment without settings, in a folder without `.env`."""
    monkeypatch.chdir(tmp_path)
    return monkeypatch


def problems(environment: pytest.MonkeyPatch, **settings: str) -> list[str]:
    for name, value in settings.items():
        environment.setenv(name, value)
    with pytest.raises(BadSettings) as caught:
        read_settings()
    return caught.value.problems


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("ADMINS", "bob"),
        ("ADMINS", "discord:1, discord:zoe"),
        ("ADMINS", "telegram:@zoe"),
        ("DENY", "zoe"),
        ("DENY", "discord:guild:zoe"),
        ("DENY", "discord:user"),
        ("ALLOW", "discord:server:1"),
        ("ALLOW", "telegram:role:1"),
        ("HOLD_LEASE_S", "inf"),
        ("HOLD_LEASE_S", "1e300"),
        ("SHUTDOWN_GRACE_S", "nan"),
        ("MEMORY_TTL_DAYS", "1e10"),
        ("IMAGE_HISTORY_DAYS", "-1"),
        ("LEDGER_DAYS", "99999999999"),
        ("MINITOOLAI_API_KEY", "schlüssel-12345678"),
        ("MINITOOLAI_API_KEY", "two words"),
        ("MINITOOLAI_BASE_URL", "http://bot.example:99999"),
        ("MINITOOLAI_BASE_URL", "http://["),
        ("TELEGRAM_TOKEN", "1:zoë"),
        ("TELEGRAM_WEBHOOK_SECRET", "no spaces, please"),
        ("TELEGRAM_ADULT_CHATS", "abc"),
        ("TELEGRAM_ADULT_CHATS", "-100123, @club"),
    ],
)
def test_a_wrong_value_is_one_line_without_it(read: pytest.MonkeyPatch, name: str, value: str) -> None:
    (line,) = problems(read, **{name: value})
    assert line.startswith(f"{name}: ")
    assert value not in line


def test_words_in_any_case(read: pytest.MonkeyPatch) -> None:
    """Where a few words can be chosen from, no matter how they are written."""
    for name, value in (("LOG_LEVEL", "INFO"), ("LOG_FORMAT", "JSON"), ("IMAGE_TRANSPORT", "Inline")):
        read.setenv(name, value)
    settings = read_settings()
    assert (settings.log_level, settings.log_format, settings.image_transport) == ("info", "json", "inline")


def test_caps_are_dollars_however_they_are_given() -> None:
    """Also in code, where a number is no text."""
    for value in (1, 1.0, "1"):
        settings = Settings(_env_file=None, user_daily_usd=value)
        assert settings.user_daily_usd == NANOS_PER_DOLLAR
    with pytest.raises(ValidationError):
        Settings(_env_file=None, user_daily_usd=True)


def test_names_of_every_surface(read: pytest.MonkeyPatch) -> None:
    read.setenv("ADMINS", "discord:1,telegram:2")
    read.setenv(
        "ALLOW", "discord:guild:1,discord:role:2,discord:channel:3,discord:user:4,telegram:chat:-100,web:x"
    )
    read.setenv("DENY", "telegram:user:5,discord:6,telegram:7,terminal:ann.b")
    settings = read_settings()
    assert len(settings.admins) + len(settings.allow) + len(settings.deny) == 12


def test_what_does_not_fit_together_is_a_line_each(read: pytest.MonkeyPatch) -> None:
    found = problems(
        read,
        TELEGRAM_WEBHOOK_URL="https://bot.example",
        IMAGE_TRANSPORT="link",
        DISCORD_TOKEN="x",
        WEB_PORT="0",
    )
    names = [line.partition(":")[0] for line in found]
    assert names == ["TELEGRAM_WEBHOOK_SECRET", "WEB_PORT", "PUBLIC_URL", "MINITOOLAI_API_KEY"]


def test_a_webhook_needs_the_web_server(read: pytest.MonkeyPatch) -> None:
    (line,) = problems(read, **HOOK, WEB_PORT="0")
    assert line.startswith("WEB_PORT: ")


def test_a_file_in_another_encoding(read: pytest.MonkeyPatch) -> None:
    Path(".env").write_bytes(b"USER_DAILY_USD=\xff\n")
    assert problems(read) == [".env: is not UTF-8"]

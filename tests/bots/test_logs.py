"""Nothing written to stderr contains a secret, whoever logs it and however it is wrapped."""

import json
import logging
import subprocess
import sys
from pathlib import Path

import pytest
from redis.exceptions import ReadOnlyError

from bots.logs import MASK, Quieter, Redactor, secrets_of
from core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
SECRETS = {
    "minitoolai_api_key": "sk-canary-model-key",
    "discord_token": "MTIz.canary.discord",
    "telegram_token": "7000000001:canary-telegram",
    "telegram_webhook_secret": "canary-webhook",
    "redis_url": "redis://bot:canary%2Fredis@127.0.0.1:1/0",
    "content_key": "canary-content-key-1,canary-content-key-2",
    "operator_password": 'canary "quoted" pass\\wörd',
}
EVERY = [
    "sk-canary-model-key", "MTIz.canary.discord", "canary-telegram", "canary-webhook", "canary%2Fredis",
    "canary/redis", "canary-signature", "canary-content-key", "quoted", "rd'", "wörd",
]  # fmt: skip

# Everything that logs, at every level, with every secret in every place where it might stand.
NOISE = """
import asyncio, json, logging, sys, threading, warnings
import structlog
from bots.logs import set_up_logs
from core.settings import Settings

settings = Settings(_env_file=None, log_level="debug", minitoolai_simulated=True, **json.loads(sys.argv[1]))
set_up_logs(settings.model_copy(update={"log_format": sys.argv[2]}))
values = [*json.loads(sys.argv[1]).values(), *json.loads(sys.argv[3])]
log = structlog.get_logger("core.noise")

class Odd:
    def __init__(self, value): self.value = value
    def __repr__(self): return f"Odd({self.value!r})"

def deep(value):
    try:
        raise KeyError(value)
    except KeyError as error:
        raise RuntimeError(f"broke with {value}") from error

for value in values:
    for level in ("debug", "info", "warning", "error", "critical"):
        getattr(log, level)("event", value=value, inside={"key": [value]}, odd=Odd(value), raw=value.encode())
        getattr(logging.getLogger("somebody.else"), level)("%s and %r", value, [value])
    log.info(value)
    try:
        deep(value)
    except RuntimeError:
        log.exception("caught", value=value)
        logging.getLogger("somebody.else").exception("also caught")
    warnings.warn(f"careful with {value}")
    thread = threading.Thread(target=deep, args=(value,))
    thread.start(); thread.join()
    logging.getLogger("core.wrong").warning("%d", value)  # cannot be formatted

class Bad:
    def __del__(self): deep(values[0])
Bad()

async def forgotten():
    asyncio.create_task(asyncio.to_thread(deep, values[0]))
    await asyncio.sleep(0.05)
    import gc; gc.collect()
asyncio.run(forgotten())
log.info("last", number=7, nothing=None, url="https://pictures.example/a.png?sig=canary-signature")
raise ExceptionGroup("at the end", [RuntimeError(value) for value in values])
"""


def noise(log_format: str, *others: str) -> str:
    done = subprocess.run(
        [sys.executable, "-c", NOISE, json.dumps(SECRETS), log_format, json.dumps(others)],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 1
    assert done.stdout == ""
    return done.stderr


@pytest.fixture(scope="module")
def as_json() -> str:
    return noise("json")


@pytest.mark.parametrize("log_format", ["json", "console"])
def test_no_secret_of_the_settings_is_written(log_format: str, as_json: str) -> None:
    """At no level, in no event, traceback, warning or crash, by no library or thread."""
    written = as_json if log_format == "json" else noise(log_format)
    assert [secret for secret in EVERY if secret in written] == []
    assert written.count(MASK) > 100


def test_one_event_is_one_line(as_json: str) -> None:
    """In JSON every line is one object, including tracebacks and libraries' lines; numbers stay numbers."""
    lines = as_json.splitlines()
    unwritable = [line for line in lines if "logs.unwritable" in line]
    assert len(unwritable) == len(SECRETS)
    events = [json.loads(line) for line in lines if line not in unwritable]
    assert all({"event", "level", "timestamp"} <= set(event) for event in events)
    kinds = {event["event"] for event in events}
    assert {"event", "caught", "also caught", "process.broke"} <= kinds
    last = next(event for event in events if event["event"] == "last")
    assert (last["number"], last["nothing"]) == (7, None)
    assert sum("Traceback" in event.get("exception", "") for event in events) > 20


def test_others_are_heard_from_warning_on(as_json: str) -> None:
    """HTTP clients' INFO lines contain whole URLs: libraries log from WARNING on, whatever LOG_LEVEL is."""
    levels = {json.loads(line)["level"] for line in as_json.splitlines() if " and [" in line}
    assert levels == {"warning", "error", "critical"}


TOKEN = "aW50ZXJhY3Rpb246MTIzNDU2Nzg5MDEyMzQ1Njc4OTA6S2RhZHNm"


@pytest.mark.parametrize(
    ("line", "stays"),
    [
        ("POST https://api.telegram.org/bot7000000002:AAF-other_token/getMe", "getMe"),
        ("GET https://x.example/file/bot7000000002:AAF-other_token/photos/1.jpg", "photos/1.jpg"),
        (
            "PATCH https://discord.com/api/v10/webhooks/12345/short-hook/messages/@original",
            "/messages/@original",
        ),
        ("POST https://discord.com/api/v10/interactions/12345/short-hook/callback", "/callback"),
        (f"address=discord:1:2:en:0:3:4:{TOKEN}:1764000000:private", "private"),
        ("https://cdn.discordapp.com/attachments/1/2/cat.png?ex=65&is=64&hm=deadbeefdeadbeef&", "cat.png"),
        ("https://pictures.example/a.png?X-Amz-Signature=feedfacefeedface&X-Amz-Date=1", "a.png"),
        ("GET /media/AbCdEfGhIjKlMnOpQrStUvWxYz0123456789AbCdEfGhIjKlMnOpQrSt 200", "200"),
        ("{'Authorization': 'Bearer sk-another-key-of-theirs'}", "Authorization"),
        ("headers=[(b'Authorization', b'Bot MTIz.another.token')] next", "next"),
        ('{"headers": {"cookie": "session=eyJ0.abc.def; language=de"}, "x": 1}', '"x": 1'),
        ("WWW: Basic YWRtaW46aHVudGVyMg== done", "done"),
        ("Job(id='12345678', signature='abcxyz123') waits", "12345678"),
        ('{"jobid": "12345678", "signature": "abcxyz123"}', "12345678"),
        ("redis://:hunter2hunter2@store:6379/0 is away", "store:6379/0"),
        ("X-Telegram-Bot-Api-Secret-Token: hunter2hunter2", "Api-Secret-Token"),
        ("token=hunter2hunter2 password='hunter2hunter2' api_key=hunter2hunter2 left=3", "left=3"),
    ],
)
def test_what_looks_like_a_credential_is_masked(line: str, stays: str) -> None:
    """Credentials that are in no setting are recognised by their form."""
    cleaned = Redactor([]).clean(line)
    lost = [
        "AAF-other_token", "short-hook", TOKEN, "deadbeef", "feedface", "AbCdEfGh", "sk-another",
        "another.token", "eyJ0", "YWRt", "abcxyz123", "hunter2",
    ]  # fmt: skip
    assert [secret for secret in lost if secret in cleaned] == []
    assert MASK in cleaned
    assert stays in cleaned


@pytest.mark.parametrize(
    "line",
    [
        "2026-11-26T20:17:21.666561Z [info     ] spend.settled  held_nanos=6030 request=discord:12345678901234",
        "prompt_tokens=19 completion_tokens=7 ref=abcDEF123_-xyz09",
        "key=answer-working locale=de",
        "TELEGRAM_TOKEN: is refused by Telegram",
        "The bot restarted while it was working on this.",
        "address=http://127.0.0.1:8080/ store=/srv/bot/data/store/socket",
        'File "/srv/bot/core/minitool/connection.py", line 120, in post',
        "sha256=9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ],
)
def test_what_is_no_credential_stays(line: str) -> None:
    """A log that masks too much is useless."""
    assert Redactor(["sk-canary"]).clean(line) == line


def test_every_secret_setting_is_known() -> None:
    """Each key of a list, and the password in an address, plain and percent-encoded."""
    settings = Settings(_env_file=None, **SECRETS)
    found = secrets_of(settings)
    assert {"canary-content-key-1", "canary-content-key-2", "canary/redis", "canary%2Fredis"} <= set(found)
    assert set(SECRETS.values()) <= set(found)


def test_the_queue_says_once_a_minute_that_the_store_is_away() -> None:
    """One line with the cause for each kind of message; a bug keeps its traceback, each time."""
    clock = [0.0]
    quieter = Quieter(lambda: clock[0])

    def filtered(error: Exception, name: str = "docket.worker") -> tuple[str, bool] | None:
        record = logging.LogRecord(name, 30, "", 1, "%s broke", ("it",), (type(error), error, None))
        return (record.getMessage(), bool(record.exc_info)) if quieter.filter(record) else None

    away = ExceptionGroup("many", [ReadOnlyError("a replica"), ConnectionResetError("gone")])
    for clock[0], is_said in ((0.0, True), (1.0, False), (59.0, False), (60.0, True)):
        assert filtered(away) == (("it broke (ReadOnlyError: a replica)", False) if is_said else None)
        assert filtered(OSError("gone")) is None  # the same message
        for bug in (ValueError("a bug"), ExceptionGroup("many", [OSError("gone"), ValueError("a bug")])):
            assert filtered(bug) == ("it broke", True)
        assert filtered(OSError("gone"), "somebody.else") == ("it broke", True)

"""`doctor` on Telegram, with set-ups that are broken in every way."""

import asyncio
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from typing import Any

import aiohttp
import pytest

from bots.findings import Finding, Skew
from bots.telegram.doctor import examine
from core.settings import TELEGRAM_API, Settings
from tests.conftest import free_port
from tests.standins.telegram import TelegramStandin
from tests.standins.telegram.faults import Fault

Break = Callable[[TelegramStandin], Any]
HOOK = {
    "telegram_webhook_url": "https://bot.example/telegram/webhook",
    "telegram_webhook_secret": "a-long-secret",
}


async def look(
    standin: TelegramStandin, *, is_served: bool | None = True, listen_s: float = 0.3, **overrides: Any
) -> list[Finding]:
    given = {"telegram_token": standin.token, "telegram_api_base": standin.base, "minitoolai_simulated": True}
    settings = Settings(_env_file=None, **(given | overrides))
    found = [one async for one in examine(settings, is_served=is_served, listen_s=listen_s)]
    assert standin.token not in str(found)
    assert all(abs(one.seconds) < 2 for one in found if isinstance(one, Skew))
    assert {call.method for call in standin.calls} <= {"getMe", "getWebhookInfo"}
    return [one for one in found if isinstance(one, Finding)]


def find(found: list[Finding], key: str) -> Finding:
    return next(one for one in found if one.key == key)


async def test_nothing_to_complain_about(standin: TelegramStandin) -> None:
    """Every line of a working set-up is OK."""
    found = await look(standin, is_served=False)
    assert {one.level for one in found} == {"ok"}
    assert [one.key for one in found] == [
        "telegram-me", "telegram-privacy", "telegram-inline", "telegram-polling", "telegram-alone",
    ]  # fmt: skip


def account(**facts: Any) -> Break:
    return lambda standin: standin.world.account.update(facts)


def hooked(url: str, **trouble: Any) -> Break:
    def broken(standin: TelegramStandin) -> None:
        standin.updates.webhook = url
        standin.updates.trouble = trouble

    return broken


def waiting(count: int) -> Break:
    def broken(standin: TelegramStandin) -> None:
        for number in range(count):
            standin.updates.add("message", {"message_id": number})

    return broken


OURS = HOOK["telegram_webhook_url"]


@pytest.mark.parametrize(
    ("broken", "overrides", "level", "key"),
    [
        (account(), {"telegram_token": "7000000001:another-token"}, "fail", "telegram-token"),
        (account(), {"telegram_api_base": "nowhere"}, "fail", "unreachable"),
        (lambda one: one.refuse("getMe", 404, "Not Found"), {}, "fail", "telegram-token"),
        (lambda one: one.server.faults.add("getMe", Fault("html", 404)), {}, "fail", "unreachable"),
        (lambda one: one.bad_gateway("getMe"), {}, "fail", "refused"),
        (lambda one: one.flood("getWebhookInfo", 3), {}, "fail", "refused"),
        (lambda one: one.server.faults.add("getWebhookInfo", Fault("html", 200)), {}, "fail", "unreachable"),
        (account(can_read_all_group_messages=True), {}, "ok", "telegram-reads-all"),
        (account(can_join_groups=False), {}, "warn", "telegram-no-groups"),
        (account(supports_inline_queries=False), {}, "skip", "telegram-no-inline"),
        (hooked("https://other.example/hook"), {}, "warn", "telegram-webhook-set"),
        (hooked(""), HOOK, "skip", "telegram-webhook-unset"),
        (hooked("https://other.example/hook"), HOOK, "warn", "telegram-webhook-other"),
        (hooked(OURS), HOOK, "ok", "telegram-webhook"),
        (
            hooked(OURS, last_error_date=int(time.time()) - 60, last_error_message="502 Bad Gateway"),
            HOOK, "fail", "telegram-webhook-error",
        ),
        (
            hooked(OURS, last_error_date=int(time.time()) - 86400, last_error_message="502 Bad Gateway"),
            HOOK, "ok", "telegram-webhook",
        ),
        (waiting(150), HOOK, "warn", "telegram-waiting"),
        (account(), HOOK | {"telegram_webhook_url": "https://bot.example/x"}, "warn", "telegram-webhook-path"),
    ],
)  # fmt: skip
async def test_what_is_broken_is_found(
    standin: TelegramStandin, broken: Break, overrides: dict[str, Any], level: str, key: str
) -> None:
    """Each way in which a set-up can be broken has its own line, which says what to do."""
    broken(standin)
    if overrides.get("telegram_api_base"):
        overrides = {"telegram_api_base": f"http://127.0.0.1:{free_port()}"}
    found = await look(standin, **overrides)
    assert find(found, key).level == level


@pytest.mark.parametrize(
    ("url", "key"),
    [
        ("http://bot.example/telegram/webhook", "telegram-webhook-https"),
        ("https://bot.example:8080/telegram/webhook", "telegram-webhook-port"),
    ],
)
def test_addresses_that_telegram_does_not_call(url: str, key: str) -> None:
    """Telegram calls https on four ports only; a local Bot API server is not restricted."""
    from bots.telegram.doctor import _address

    def address(api: str) -> list[str]:
        given = HOOK | {"telegram_webhook_url": url, "telegram_api_base": api, "minitoolai_simulated": True}
        return [one.key for one in _address(Settings(_env_file=None, **given))]

    assert address(TELEGRAM_API) == [key]
    assert address("http://127.0.0.1:8081") == []


@asynccontextmanager
async def stranger(standin: TelegramStandin) -> AsyncIterator[None]:
    """Another program with the same token, as libraries are: it comes back when it was interrupted."""

    async def poll() -> None:
        async with aiohttp.ClientSession() as session:
            while True:
                url = f"{standin.base}/bot{standin.token}/getUpdates?timeout=30"
                async with session.get(url) as response:
                    await response.read()
                await asyncio.sleep(0.05)

    polling = asyncio.create_task(poll())
    try:
        yield
    finally:
        polling.cancel()
        await asyncio.wait([polling])


async def test_another_poller_is_found(standin: TelegramStandin) -> None:
    """A second program with the token takes half of the updates, a mistake that is hard to notice."""
    async with stranger(standin):
        found = await look(standin, is_served=False, listen_s=5.0)
    assert find(found, "telegram-polled-elsewhere").level == "fail"


async def test_our_own_run_is_not_disturbed(standin: TelegramStandin) -> None:
    """`doctor` does not poll if a process of ours does."""
    found = await look(standin)
    assert find(found, "telegram-served").level == "ok"
    assert standin.server.polls == 0


async def test_nobody_is_disturbed_where_the_store_does_not_tell(standin: TelegramStandin) -> None:
    """Whoever polls may be our own `run`: it is neither interrupted nor taken for a stranger."""
    found = await look(standin, is_served=None)
    assert find(found, "telegram-not-listened").level == "skip"
    assert standin.server.polls == 0


async def test_listening_confirms_no_update(standin: TelegramStandin) -> None:
    """The test poll leaves waiting updates for the bot, also one with a lone surrogate."""
    standin.updates.add("message", {"message_id": 9, "text": "half of \ud83d"})
    waiting(2)(standin)
    found = await look(standin, is_served=False)
    assert find(found, "telegram-alone").level == "ok"
    assert len(standin.updates.waiting) == 3
    assert standin.updates.confirmed == 0

"""What the adapter's tests share."""

from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack
from typing import Any

import pytest

from bots.telegram.account import Account
from bots.telegram.calls import make_bot
from bots.telegram.reply import TelegramReply
from core.pace import Limits, Pace, Window
from tests.adapters.telegram.screen import TelegramScreen
from tests.adapters.telegram.stage import OpenStage, Stage, on_stage
from tests.conftest import MakeSettings
from tests.standins.telegram import TelegramStandin, without_limits

MakeAccount = Callable[..., Awaitable[Account]]
UNBOUND = Limits(chat=(Window(10_000, 1.0),))


@pytest.fixture(autouse=True)
def _times_as_timedelta(monkeypatch: pytest.MonkeyPatch) -> None:
    """Otherwise the library warns about its own RetryAfter, and warnings are errors here."""
    monkeypatch.setenv("PTB_TIMEDELTA", "true")


@pytest.fixture
async def standin() -> AsyncIterator[TelegramStandin]:
    """A Bot API without flood limits; a test that wants them sets `standin.server.flood`."""
    async with TelegramStandin(flood=without_limits()) as running:
        yield running


@pytest.fixture
async def make_account(standin: TelegramStandin, make_settings: MakeSettings) -> AsyncIterator[MakeAccount]:
    """make_account(**fields of Account): logged in at the stand-in."""
    async with AsyncExitStack() as stack:

        async def make(**fields: Any) -> Account:
            settings = make_settings(
                telegram_token=standin.token, telegram_api_base=standin.base, minitoolai_simulated=True
            )
            bot = await stack.enter_async_context(make_bot(settings))
            return Account(bot, fields.pop("pace", Pace(UNBOUND)), **fields)

        yield make


@pytest.fixture
async def account(make_account: MakeAccount) -> Account:
    return await make_account()


@pytest.fixture
async def screen(standin: TelegramStandin, account: Account) -> AsyncIterator[TelegramScreen]:
    screen = TelegramScreen(standin, account, standin.private(standin.person()))
    yield screen
    await screen.reply.close()


@pytest.fixture
async def reply(screen: TelegramScreen) -> TelegramReply:
    return screen.reply


@pytest.fixture
def open_stage(standin: TelegramStandin, make_settings: MakeSettings) -> OpenStage:
    def open_it(
        *, connects: bool = True, is_first: bool = True, **overrides: Any
    ) -> AbstractAsyncContextManager[Stage]:
        given = {
            "telegram_token": standin.token,
            "telegram_api_base": standin.base,
            "minitoolai_simulated": True,
            "burst_quiet_s": 0.1,
        }
        return on_stage(standin, make_settings(**(given | overrides)), connects=connects, is_first=is_first)

    return open_it


@pytest.fixture
async def stage(open_stage: OpenStage) -> AsyncIterator[Stage]:
    async with open_stage(is_first=False) as running:
        yield running

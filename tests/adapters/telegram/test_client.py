"""The connection to Telegram: what ends the start, and what does not."""

import asyncio

import pytest
from aiohttp import web

from bots.telegram import client
from bots.telegram.account import Account
from bots.telegram.calls import Unsure, call
from bots.telegram.polling import Polling, State
from bots.telegram.request import Request
from core.errors import BadInput, CannotStart
from tests.adapters.telegram.stage import OpenStage, slowdowns
from tests.standins.other_program import serving
from tests.standins.telegram import TelegramStandin
from tests.standins.telegram.faults import Fault
from tests.standins.telegram.wire import Params
from tests.waiting import PATIENCE_S, until


async def test_the_start_repeats_failed_calls(
    standin: TelegramStandin, open_stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """getMe and deleteWebhook are repeated until they succeed."""
    monkeypatch.setattr(client, "FIRST_WAIT_S", 0.01)
    standin.refuse("getMe", 500, "Internal Server Error")
    standin.refuse("deleteWebhook", 500, "Internal Server Error")
    async with open_stage() as stage:
        assert stage.link().state == "ok"
    assert [len(standin.calls_of(method)) for method in ("getMe", "deleteWebhook")] == [2, 2]


@pytest.mark.parametrize("method", ["getMe", "deleteWebhook"])
async def test_a_refused_token_ends_the_start(
    standin: TelegramStandin, open_stage: OpenStage, method: str
) -> None:
    """Whichever call is refused, none is made with this token again."""
    standin.refuse(method, 401, "Unauthorized", times=1000)
    with pytest.raises(CannotStart, match="TELEGRAM_TOKEN"):
        async with open_stage():
            pass
    assert len(standin.calls_of(method)) == 1


async def test_a_server_that_is_no_bot_api_ends_the_start(
    standin: TelegramStandin, open_stage: OpenStage
) -> None:
    """Another server answers 404 to anything: then the address is wrong, and the token may be right."""
    standin.server.faults.add("getMe", Fault("html", code=404))
    with pytest.raises(CannotStart, match="TELEGRAM_API_BASE"):
        async with open_stage():
            pass


async def test_a_server_that_knows_few_methods_is_polled(
    standin: TelegramStandin, open_stage: OpenStage
) -> None:
    """A 404 can mean a refused token or an unknown method: after a successful getMe it is the method."""
    standin.refuse("deleteWebhook", 404, "Not Found", times=1000)
    standin.refuse("setMyCommands", 404, "Not Found", times=1000)
    async with open_stage() as stage:
        await standin.say("two plus two", user=standin.person())
        await stage.turn()


ANSWERS = (  # to getUpdates
    "null",
    "[]",
    '"ok"',
    '{"ok":true}',
    '{"ok":true,"result":null}',
    '{"ok":true,"result":{}}',
    '{"ok":true,"result":[null]}',
)


async def test_a_poll_answered_with_garbage_is_asked_again(
    standin: TelegramStandin, open_stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A 404, or JSON of a proxy: the poll is repeated after a wait, and messages sent meanwhile are
    answered."""
    standin.refuse("getUpdates", 404, "Not Found")
    for answer in ANSWERS:
        standin.garble("getUpdates", answer)
    monkeypatch.setattr("bots.telegram.polling._LONGEST_RETRY_S", 0.01)
    async with open_stage() as stage:
        await standin.say("two plus two", user=standin.person())
        await stage.turn()


async def test_a_token_that_is_revoked_ends_the_polling(
    standin: TelegramStandin, open_stage: OpenStage
) -> None:
    """Nothing is tried with it again."""
    standin.refuse("getUpdates", 401, "Unauthorized", times=1000)
    with pytest.raises(CannotStart, match="TELEGRAM_TOKEN"):
        async with open_stage() as stage:
            await until(lambda: stage.link().state == "off")


async def test_a_refused_webhook_ends_the_start(standin: TelegramStandin, open_stage: OpenStage) -> None:
    """Telegram's reason is passed on, as nothing would ever reach the bot."""
    url = "https://bot.example/telegram/webhook"
    standin.refuse("setWebhook", 400, f"Bad Request: bad webhook: wrong port of {url}", times=1000)
    with pytest.raises(CannotStart, match=r"TELEGRAM_WEBHOOK_URL: .*wrong port of …$"):
        async with open_stage(telegram_webhook_url=url, telegram_webhook_secret="a-long-secret"):
            pass
    assert len(standin.calls_of("setWebhook")) == 1


async def test_a_webhook_with_an_unresolved_name_is_set_again(
    standin: TelegramStandin, open_stage: OpenStage
) -> None:
    """DNS can fail for a while: the service does not end for it."""
    url = "https://bot.example/telegram/webhook"
    reason = "Bad Request: bad webhook: Failed to resolve host: Temporary failure in name resolution"
    standin.refuse("setWebhook", 400, reason, times=2)
    async with open_stage(telegram_webhook_url=url, telegram_webhook_secret="a-long-secret"):
        assert len(standin.calls_of("setWebhook")) == 3


async def test_health_is_bad_until_get_me_succeeds(standin: TelegramStandin, open_stage: OpenStage) -> None:
    """While Telegram has not answered, health says so; "off" is only for a platform that is not to run."""
    standin.hang("getMe", 0.3)
    async with open_stage(connects=False) as stage:
        await until(lambda: standin.calls_of("getMe"))
        assert stage.link().state == "connecting"
        await until(lambda: stage.link().state == "ok")
    assert stage.link().state == "off"


async def test_health_tells_a_webhook_from_another_poller(
    standin: TelegramStandin, open_stage: OpenStage, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A webhook set by another program is told from another poller. Once it is gone, polling resumes."""
    monkeypatch.setattr("bots.telegram.polling.CONFLICT_S", 0.01)
    monkeypatch.setattr("bots.telegram.polling.POLL_S", 1)  # that is under way when the webhook is set
    async with open_stage() as stage:
        await until(lambda: standin.server.polls)
        standin.updates.set_webhook(Params({"url": "https://other.example/"}, {}))
        await until(lambda: stage.link().state == "a webhook is set")
        standin.updates.delete_webhook(Params({}, {}))
        await until(lambda: stage.link().state == "ok")
        await standin.say("two plus two", user=standin.person())
        await stage.turn()


async def nobody_wrote(_: object) -> None:
    raise AssertionError


async def is_alone() -> bool:
    return False


async def test_polling_waits_before_it_asks_again(
    standin: TelegramStandin, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """While Telegram fails health says so; a limit is waited out, and counted."""
    monkeypatch.setattr("bots.telegram.polling._LONGEST_RETRY_S", 0.01)
    standin.refuse("getUpdates", 500, "Internal Server Error")
    standin.flood("getUpdates", 3600)
    state, stop, before = State(), asyncio.Event(), slowdowns()
    polling = asyncio.create_task(Polling(account.bot, nobody_wrote, state, is_alone).run(stop))
    await until(lambda: standin.server.polls == 2)
    assert state.problem == "cannot be reached"
    for _ in range(20):
        await call(account.bot, "getMe")
    assert (standin.server.polls, slowdowns() - before) == (2, 1)
    stop.set()
    await polling


@pytest.mark.parametrize("is_ours", [True, False])
async def test_two_that_poll_with_one_token(
    account: Account, monkeypatch: pytest.MonkeyPatch, *, is_ours: bool
) -> None:
    """Processes of one store take turns, and all is well; another program is a problem."""
    monkeypatch.setattr("bots.telegram.polling.CONFLICT_S", 0.01)
    asked, stop, states = list[bool](), asyncio.Event(), [State(), State()]

    async def is_shared() -> bool:
        asked.append(is_ours)
        return is_ours

    async with asyncio.TaskGroup() as group:
        for state in states:
            group.create_task(Polling(account.bot, nobody_wrote, state, is_shared).run(stop))
        await until(lambda: len(asked) > 5)
        problems = {state.problem for state in states}
        stop.set()
    assert problems <= ({""} if is_ours else {"", "polled elsewhere"})
    assert is_ours or "polled elsewhere" in problems


async def test_polling_that_is_cut_off_leaves_nothing_under_way(
    standin: TelegramStandin, account: Account
) -> None:
    """Cancelling the polling during an open poll cancels the poll."""
    before = asyncio.all_tasks()
    polling = asyncio.create_task(Polling(account.bot, nobody_wrote, State(), is_alone).run(asyncio.Event()))
    await until(lambda: standin.server.polls)
    polling.cancel()
    await asyncio.wait([polling])
    assert not [task for task in asyncio.all_tasks() - before if "Polling" in repr(task)]


async def test_a_call_that_is_never_answered_is_given_up(
    standin: TelegramStandin, account: Account, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No answer hangs for ever on a dead connection. Whether the call took effect is unknown then."""
    await call(account.bot, "getMe")  # from now on there is a connection
    monkeypatch.setattr("bots.telegram.request._CONNECT_S", 0.1)
    monkeypatch.setattr("bots.telegram.request._READ_S", 0.1)
    standin.hang("sendMessage", 600)
    with pytest.raises(Unsure):
        async with asyncio.timeout(PATIENCE_S):
            await call(account.bot, "sendMessage", chat_id=1, text="One")


async def test_no_redirect_is_followed() -> None:
    """Neither a call nor a download leads anywhere but to the server of the settings: addresses contain the
    token, and what is fetched is shown to the model."""
    asked = []

    async def answer(request: web.Request) -> web.Response:
        asked.append(request.path)
        return web.Response(status=302, headers={"Location": "/elsewhere"})

    async with serving(answer) as port, Request(1) as request:
        address = f"http://127.0.0.1:{port}"
        assert (await request.do_request(f"{address}/bot1:a/getMe", "GET"))[0] == 302
        with pytest.raises(BadInput, match="attachment-gone"):
            await request.download(f"{address}/file/bot1:a/photo", 100)
    assert asked == ["/bot1:a/getMe", "/file/bot1:a/photo"]

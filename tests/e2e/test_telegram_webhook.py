"""The console script behind a webhook: two processes at one address, every update delivered to both."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack

import pytest
import pytest_asyncio

from tests.conftest import free_port, run_valkey
from tests.e2e.script import service
from tests.e2e.telegram_world import World, open_world, picture, pictures_seen
from tests.standins.telegram import TelegramStandin
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]
SECRET = "a-webhook-secret_0123456789"
PATH = "/telegram/webhook"


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        valkey = stack.enter_context(run_valkey("--port", "0"))
        world = await stack.enter_async_context(open_world())
        ports = [free_port(), free_port()]
        updates = world.telegram.updates
        updates.targets = [f"http://127.0.0.1:{port}{PATH}" for port in ports]
        updates.duplicate = True
        shared = world.settings(
            BURST_QUIET_S="1.5",  # a busy machine may take its time between two parts of an album
            REDIS_URL=f"unix://{valkey}/socket",
            TELEGRAM_WEBHOOK_URL=updates.targets[0],
            TELEGRAM_WEBHOOK_SECRET=SECRET,
        )
        starts = [
            service(tmp_path_factory.mktemp("process"), "--only", "telegram", **shared, WEB_PORT=str(port))
            for port in ports
        ]
        bots = [await stack.enter_async_context(start) for start in starts]
        await until(lambda: len(world.telegram.calls_of("setWebhook")) == 2, 30)
        yield world
        for bot in bots:
            assert await bot.stop() == 0
            assert SECRET not in "\n".join(bot.log)


@pytest.fixture
def telegram(world: World) -> TelegramStandin:
    return world.telegram


async def test_every_question_is_answered_once(world: World, telegram: TelegramStandin) -> None:
    """Four people and an album at the same time: one answer each, the album whole; both processes had work."""
    people = [telegram.person(f"Person{number}") for number in range(4)]
    for person in people:
        await telegram.say(f"What is {person.first_name}?", user=person)
    alice = telegram.person()
    await telegram.album([picture()] * 3, "What do you see?", user=alice)
    for person in people:
        answer = await world.answer(person)
        assert person.first_name in answer.text
        assert telegram.messages(person) == [answer]
        assert len(world.asked(person.first_name)) == 1
    album = await world.answer(alice)
    assert pictures_seen(album) == 3
    assert telegram.messages(alice) == [album]
    reached = {target for _, target, status in telegram.updates.deliveries if status == 200}
    assert reached == set(telegram.updates.targets)


async def test_a_chats_messages_begin_in_order(world: World, telegram: TelegramStandin) -> None:
    """A question, /new, a question: whichever process gets them, what follows /new goes on from nothing."""
    alice = telegram.person()
    for text in ("What is a fjord?", "/new", "What is a lagoon?"):
        await telegram.say(text, user=alice)
    await until(
        lambda: [one for one in telegram.messages(alice) if "lagoon" in one.text and len(one.buttons) > 1], 20
    )
    (body,) = world.asked("lagoon")
    assert "fjord" not in str(body["messages"])
    await until(lambda: len(telegram.messages(alice)) == 3, 20)


async def test_a_press_may_reach_another_process(world: World, telegram: TelegramStandin) -> None:
    """Stop, pressed where the answer does not grow, ends it; what is picked in one is painted in another."""
    alice = telegram.person()
    async with world.slow():
        await telegram.say("Tell me a long story", user=alice)
        growing = await world.growing(alice)
    await telegram.press(growing, "Stop", user=alice)
    await until(lambda: "Stopped" in growing.text, 15)
    await telegram.say("/imagine a red fox", user=alice)
    panel = await telegram.message(lambda one: "Paint" in str(one.buttons), chat=alice)
    await telegram.press(panel, "Paint", user=alice)
    await until(lambda: "photo" in panel.media, 20)
    orders = [
        call for call in world.model.record.calls if call.call == "submit" and "red fox" in str(call.body)
    ]
    assert len(orders) == 1


async def test_only_telegram_knows_the_secret(world: World, telegram: TelegramStandin) -> None:
    """A wrong or missing secret is refused before anything is read; what is no update is refused, too."""
    target = telegram.updates.targets[0]
    port = int(target.split(":")[2].split("/")[0])
    assert await _post(port, "wrong") == 403
    assert await _post(port, "") == 403
    assert await _post(port, SECRET, b"no json") == 400
    assert await _post(port, SECRET, b"[1]") == 400
    assert await _post(port, SECRET, b'{"update_id": 1, "brand_new_kind": {}}') == 200


async def _post(port: int, secret: str, body: bytes = b'{"update_id": 1}') -> int:
    """The status of an update that somebody brings."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST {PATH} HTTP/1.1\r\nHost: here\r\nX-Telegram-Bot-Api-Secret-Token: {secret}\r\n"
    writer.write(head.encode() + f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split()[1])

"""The console script behind a webhook: two processes at one address, every update delivered to both."""

import asyncio
from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from tests.conftest import free_port, free_ports, run_valkey
from tests.e2e.fork_server import service
from tests.e2e.telegram_world import World, open_world, picture, pictures_seen
from tests.standins.telegram import TelegramStandin
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]
SECRET = "a-webhook-secret_0123456789"
PATH = "/telegram/webhook"
INBOX = "{inbox:telegram}:leases"


@pytest.fixture(scope="module")
def store() -> Iterator[str]:
    """The address of the store that all processes share."""
    with run_valkey("--port", "0") as valkey:
        yield f"unix://{valkey}/socket"


def hooked(world: World, store: str, port: int) -> dict[str, str]:
    """Settings of one more process behind the address."""
    return world.settings(
        BURST_QUIET_S="1.5",  # a busy machine may take its time between two parts of an album,
        BURST_LEAD_S="0.5",  # or between a question and its picture
        REDIS_URL=store,
        TELEGRAM_WEBHOOK_URL=world.telegram.updates.targets[0],
        TELEGRAM_WEBHOOK_SECRET=SECRET,
        WEB_PORT=str(port),
    )


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory, store: str) -> AsyncIterator[World]:
    async with AsyncExitStack() as stack:
        world = await stack.enter_async_context(open_world())
        ports = free_ports(2)
        updates = world.telegram.updates
        updates.targets = [f"http://127.0.0.1:{port}{PATH}" for port in ports]
        updates.duplicate = True
        starts = [
            service(tmp_path_factory.mktemp("process"), "--only", "telegram", **hooked(world, store, port))
            for port in ports
        ]
        bots = [await stack.enter_async_context(start) for start in starts]
        await until(lambda: len(world.telegram.calls_of("setWebhook")) == 2)
        yield world
        for bot in bots:
            assert await bot.stop() == 0
            assert SECRET not in "\n".join(bot.log)


@pytest.fixture
def telegram(world: World) -> TelegramStandin:
    return world.telegram


async def test_every_question_is_answered_once(world: World, telegram: TelegramStandin) -> None:
    """Four people and an album at the same time: one answer each, the album whole; both processes did some."""
    people = [telegram.person(f"Person{number}") for number in range(4)]
    for person in people:
        await telegram.say(f"What is {person.first_name}?", user=person)
    alice = telegram.person()
    await telegram.album([picture((n, 30, 30)) for n in range(3)], "What do you see?", user=alice)
    for person in people:
        answer = await world.answer(person)
        assert person.first_name in answer.text
        assert telegram.messages(person) == [answer]
        assert len(world.asked(person.first_name)) == 1
    album = await world.answer(alice)
    assert pictures_seen(album) == 3
    assert telegram.messages(alice) == [album]
    reached = {target for _, target, status in telegram.updates.deliveries if status == 200}
    assert reached >= set(telegram.updates.targets)


async def test_a_chats_messages_begin_in_order(world: World, telegram: TelegramStandin) -> None:
    """A question, /new, a question: whichever process gets them, the question after /new starts a new
    conversation."""
    alice = telegram.person()
    for text in ("What is a fjord?", "/new", "What is a lagoon?"):
        await telegram.say(text, user=alice)
    await until(
        lambda: [one for one in telegram.messages(alice) if "lagoon" in one.text and len(one.buttons) > 1]
    )
    (body,) = world.asked("lagoon")
    assert "fjord" not in str(body["messages"])
    await until(lambda: len(telegram.messages(alice)) == 3)


@asynccontextmanager
async def delivered_once(telegram: TelegramStandin, targets: Sequence[str]) -> AsyncIterator[None]:
    """Inside, every update goes to one of the targets, and the next one to the next."""
    updates = telegram.updates
    before = updates.targets
    updates.targets, updates.duplicate = list(targets), False
    try:
        yield
    finally:
        updates.targets, updates.duplicate = before, True


@pytest.mark.parametrize("processes", [1, 2])
async def test_a_question_and_the_picture_right_behind_it_are_one(
    world: World, telegram: TelegramStandin, processes: int
) -> None:
    """Telegram delivers the picture only after the question's delivery was answered, to any process. A /new
    right after them is handled neither between nor before."""
    alice, where, atoll = telegram.person(), f"Where is {processes}?", f"What is atoll {processes}?"
    async with delivered_once(telegram, telegram.updates.targets[:processes]):
        await telegram.say(where, user=alice)
        await telegram.say(user=alice, photo=picture())
        await telegram.say("/new", user=alice)
        await telegram.say(atoll, user=alice)
        await until(lambda: world.asked(atoll) and len(telegram.messages(alice)) == 3)
    (body,) = world.asked(where)
    assert "image_url" in str(body)
    (body,) = world.asked(atoll)
    assert len(body["messages"]) == 2


async def test_a_question_and_its_picture_outlive_the_process_that_waits(
    world: World, telegram: TelegramStandin, store: str, tmp_path: Path
) -> None:
    """kill -9 after the picture has reached the other process: that one answers both, once."""
    alice, port = telegram.person(), free_port()
    targets, hooks = telegram.updates.targets, len(telegram.calls_of("setWebhook"))
    place = f"telegram:{alice.id}:telegram:{alice.id}"
    async with (
        Redis.from_url(store) as redis,
        service(tmp_path, "--only", "telegram", **hooked(world, store, port)) as dying,
    ):
        await until(lambda: len(telegram.calls_of("setWebhook")) > hooks)
        number = telegram.update("brand_new_kind", {"chat": {"id": alice.id}}) + 1
        pair = [f"http://127.0.0.1:{port}{PATH}", targets[0]]
        async with delivered_once(telegram, pair[::-1] if number % 2 else pair):
            await telegram.say("Where was this?", user=alice)
            await telegram.say(user=alice, photo=picture())
            await until(lambda: _has_parts(redis, place, 2))
            assert (number, pair[0], 200) in telegram.updates.deliveries
            dying.process.kill()
            await dying.process.wait()
        for one in await redis.zrange(INBOX, 0, -1):  # as if the time of what it had in its hands were over
            await redis.zadd(INBOX, {one: 0})
        answer = await world.answer(alice)
    assert pictures_seen(answer) == 1
    assert telegram.messages(alice) == [answer]
    assert len(world.asked("Where was this?")) == 1


async def _has_parts(redis: "Redis", place: str, count: int) -> bool:
    return await redis.llen(f"{{burst:{place}}}:parts") == count


async def test_a_press_may_reach_another_process(world: World, telegram: TelegramStandin) -> None:
    """Stop, pressed in another process than the answer's, ends it; an option picked in one process is painted
    in another."""
    alice = telegram.person()
    async with world.slow():
        await telegram.say("Tell me a long story", user=alice)
        growing = await world.growing(alice)
    await telegram.press(growing, "Stop", user=alice)
    await until(lambda: "Stopped" in growing.text)
    await telegram.say("/imagine a red fox", user=alice)
    panel = await telegram.message(lambda one: "Paint" in str(one.buttons), chat=alice)
    await telegram.press(panel, "Paint", user=alice)
    await until(lambda: "photo" in panel.media)
    orders = [
        call for call in world.model.record.calls if call.call == "submit" and "red fox" in str(call.body)
    ]
    assert len(orders) == 1


async def test_only_telegram_knows_the_secret(world: World, telegram: TelegramStandin) -> None:
    """A wrong or missing secret is refused before anything is read, and so is a body that is no update. An
    update that cannot be parsed is accepted: else Telegram would send it for ever, and nothing after it."""
    target = telegram.updates.targets[0]
    port = int(target.split(":")[2].split("/")[0])
    assert await _post(port, "wrong") == 403
    assert await _post(port, "") == 403
    assert await _post(port, SECRET, b"no json") == 400
    assert await _post(port, SECRET, b"[1]") == 400
    assert await _post(port, SECRET, b'{"update_id": 1, "brand_new_kind": {}}') == 200
    assert await _post(port, SECRET, b'{"update_id": 2, "message": "no object"}') == 200


async def _post(port: int, secret: str, body: bytes = b'{"update_id": 1}') -> int:
    """The status of an update that somebody brings."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST {PATH} HTTP/1.1\r\nHost: here\r\nX-Telegram-Bot-Api-Secret-Token: {secret}\r\n"
    writer.write(head.encode() + f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split()[1])

"""The console script on a loopback Telegram: what people there see, and what becomes of faults."""

import asyncio
import io
import signal
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from redis.asyncio import Redis

from core.minitool.simulated import Simulated, serve_simulated
from tests.conftest import free_port
from tests.e2e.script import Service, service
from tests.standins.telegram import Message, TelegramStandin
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]
SECRET = "a-webhook-secret_0123456789"
WEBHOOK = "/telegram/webhook"


@dataclass(frozen=True)
class World:
    """Telegram and the model's side, for every test of this file; people and groups are each test's own."""

    telegram: TelegramStandin
    model: Simulated
    address: str

    def settings(self, **more: str) -> dict[str, str]:
        return {
            "TELEGRAM_TOKEN": self.telegram.token,
            "TELEGRAM_API_BASE": self.telegram.base,
            "MINITOOLAI_API_KEY": "a-key-for-tests",
            "MINITOOLAI_BASE_URL": self.address,
            "LOG_LEVEL": "debug",
            "BURST_QUIET_S": "0.2",
            "SHUTDOWN_GRACE_S": "3",
            **more,
        }


@asynccontextmanager
async def open_world() -> AsyncIterator[World]:
    model = Simulated(tokens_per_s=150, first_token_s=0.2, job_s=0.3)
    async with TelegramStandin() as telegram, serve_simulated(model) as address:
        yield World(telegram, model, address)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[World, Service]]:
    """One bot for the tests that leave it as it was."""
    async with open_world() as world:
        home = tmp_path_factory.mktemp("telegram")
        async with service(home, "--only", "telegram", **world.settings()) as bot:
            yield world, bot
            assert await bot.stop() == 0
        assert world.telegram.token.partition(":")[2] not in "\n".join(bot.log)
        assert "a-key-for-tests" not in "\n".join(bot.log)


@pytest.fixture
def bot(running: tuple[World, Service]) -> Service:
    return running[1]


@pytest.fixture
def telegram(running: tuple[World, Service]) -> TelegramStandin:
    return running[0].telegram


def is_over(message: Message) -> bool:
    return "New answer" in message.buttons


def picture(colour: tuple[int, int, int] = (200, 30, 30)) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (300, 200), colour).save(out, "PNG")
    return out.getvalue()


async def test_a_question_is_answered_while_it_grows(bot: Service, telegram: TelegramStandin) -> None:
    """The chat says that the bot writes, the text grows in one message, and Stop makes room at the end."""
    alice = telegram.person()
    await telegram.say("What is a fjord?", user=alice)
    answer = await telegram.message(is_over, chat=alice, timeout=20)
    assert "fjord" in answer.text
    assert "Thinking" not in answer.text
    assert len(telegram.messages(alice)) == 1
    assert telegram.calls_of("sendChatAction")
    assert any(version.buttons == ("Stop",) for version in answer.history)
    assert len(answer.history) >= 2


async def test_a_conversation_goes_on_where_one_replies(bot: Service, telegram: TelegramStandin) -> None:
    """In a group a reply to an answer needs no command, and continues exactly that answer."""
    alice, group = telegram.person(), telegram.group()
    await telegram.say("/ask What is a fjord?", user=alice, chat=group)
    first = await telegram.message(is_over, chat=group, timeout=20)
    await telegram.say("And a lagoon?", user=alice, chat=group, reply_to=first)
    second = await telegram.message(lambda one: is_over(one) and one is not first, chat=group, timeout=20)
    assert "lagoon" in second.text
    assert "Earlier questions" in second.text
    assert "1" in second.text.partition("Earlier questions")[2].partition("\n")[0]


async def test_stop_and_delete(bot: Service, running: tuple[World, Service], telegram: TelegramStandin) -> None:
    """Stop keeps what is there and says so; Delete takes it away; nobody else may."""
    alice, bob, group = telegram.person(), telegram.person("Bob"), telegram.group()
    running[0].model.tokens_per_s = 5
    await telegram.say("/ask tell me a long story", user=alice, chat=group)
    growing = await telegram.message(lambda one: "Stop" in one.buttons, chat=group, timeout=20)
    assert (await telegram.press(growing, "Stop", user=bob)).alert
    await telegram.press(growing, "Stop", user=alice)
    await until(lambda: "Stopped" in growing.text, 15)
    running[0].model.tokens_per_s = 150
    await telegram.press(growing, "Delete", user=alice)
    await until(lambda: growing.deleted)


async def test_pictures_in_albums_are_seen(bot: Service, telegram: TelegramStandin) -> None:
    """An album with a caption is one question about all its pictures."""
    alice = telegram.person()
    await telegram.album([picture(), picture((0, 0, 255))], "What do you see?", user=alice)
    answer = await telegram.message(is_over, chat=alice, timeout=20)
    line = answer.text.partition("Pictures")[2].partition("\n")[0]
    assert "2" in line
    assert len(telegram.messages(alice)) == 1


async def test_inline_answers_are_paid_by_who_presses(bot: Service, telegram: TelegramStandin) -> None:
    """A card costs nothing; pressed, the answer grows inside the message and can be made anew."""
    alice, bob = telegram.person(), telegram.person("Bob", language="de")
    (card,) = await telegram.inline("What is a fjord?", user=alice)
    message = telegram.choose(card, user=alice)
    await telegram.press(message, "Answer", user=bob)
    await until(lambda: "fjord" in message.text and "Neue Antwort" in message.buttons, 20)
    assert telegram.messages(alice) == telegram.messages(bob) == []


async def test_who_blocks_the_bot_is_not_written_to_again(
    bot: Service, running: tuple[World, Service], telegram: TelegramStandin
) -> None:
    """Blocked in the middle of an answer: the model's stream is let go, and nothing is tried again."""
    model = running[0].model
    model.tokens_per_s = 5
    alice = telegram.person()
    await telegram.say("Tell me a long story", user=alice)
    growing = await telegram.message(lambda one: "Stop" in one.buttons, chat=alice, timeout=20)
    telegram.private(alice).blocked = True
    await until(lambda: [call for call in telegram.calls if call.chat == alice.id and call.status == 403], 20)
    model.tokens_per_s = 150
    await bot.until("spend.settled")
    forbidden = [call for call in telegram.calls if call.chat == alice.id and call.status == 403]
    assert len(forbidden) <= 2
    assert "New answer" not in growing.buttons


async def test_a_group_that_is_upgraded_gets_the_rest(bot: Service, telegram: TelegramStandin) -> None:
    """A group becomes a supergroup in the middle of an answer; the answer goes on in the new one."""
    alice, group = telegram.person(), telegram.group(basic=True)
    await telegram.say("/ask What is a fjord?", user=alice, chat=group)
    await telegram.message(lambda one: "Stop" in one.buttons, chat=group, timeout=20)
    new = telegram.upgrade(group)
    answer = await telegram.message(is_over, chat=new, timeout=20)
    assert "fjord" in answer.text


async def test_bad_files_get_a_sentence(bot: Service, telegram: TelegramStandin) -> None:
    """A file over 20 MB, a picture that is none, a recording: one sentence each, nothing paid."""
    alice = telegram.person()
    big = ("big.png", "image/png", picture())
    await telegram.say("What is it?", user=alice, document=big, claimed=25 * 2**20)
    refused = await telegram.message(chat=alice, timeout=20)
    assert refused.text
    assert not is_over(refused)
    await telegram.say("", user=alice, voice={"file_id": "v", "file_unique_id": "v", "duration": 3})
    await telegram.message(lambda one: "recordings" in one.text, chat=alice, timeout=20)


async def test_somebody_who_writes_fifty_messages(bot: Service, telegram: TelegramStandin) -> None:
    """Fifty messages at once from one person: nobody else waits for it, and no limit is broken."""
    alice, bob = telegram.person(), telegram.person("Bob")
    refused = len(telegram.refused)
    for number in range(50):
        await telegram.say(f"message {number}", user=alice)
    await telegram.say("What is a fjord?", user=bob)
    answer = await telegram.message(is_over, chat=bob, timeout=20)
    assert "fjord" in answer.text
    assert len(telegram.refused) == refused


async def test_a_picture_is_painted_and_its_buttons_work_after_a_restart(tmp_path: Path) -> None:
    """/imagine: progress, the picture, and Shape and As file in a later process."""
    async with open_world() as world:
        telegram = world.telegram
        alice = telegram.person()
        async with service(tmp_path, "--only", "telegram", **world.settings()) as bot:
            await telegram.say("/imagine a red fox", user=alice)
            photo = await telegram.message(lambda one: "photo" in one.media, chat=alice, timeout=30)
            assert "a red fox" in photo.caption
            assert photo.buttons[:3] == ("Again", "Vary", "Shape")
            assert await bot.stop() == 0
        async with service(tmp_path, "--only", "telegram", **world.settings()):
            await telegram.press(photo, "As file", user=alice)
            await telegram.message(lambda one: "document" in one.media, chat=alice, timeout=20)
            await telegram.press(photo, "Shape", user=alice)
            shapes = await telegram.message(lambda one: "Wide" in str(one.buttons), chat=alice, timeout=20)
            await telegram.press(shapes, "Wide", user=alice)
            wide = await telegram.message(
                lambda one: "photo" in one.media and one is not photo, chat=alice, timeout=30
            )
            assert "1344×768" in wide.caption
            assert telegram.refused == []


async def test_a_killed_process_repairs_its_answer(tmp_path: Path, empty_valkey: str) -> None:
    """kill -9 in the middle of an answer: a later process says so in the same message."""
    async with open_world() as world:
        telegram, shared = world.telegram, world.settings(REDIS_URL=empty_valkey)
        world.model.tokens_per_s = 5
        alice = telegram.person()
        async with (
            service(tmp_path, "--only", "telegram", **shared) as bot,
            Redis.from_url(empty_valkey) as redis,
        ):
            await telegram.say("Tell me everything", user=alice)
            growing = await telegram.message(lambda one: "Stop" in one.buttons, chat=alice, timeout=20)
            address = f":{growing.id}".encode()
            await until(lambda: _has_record(redis, address))
            bot.process.send_signal(signal.SIGKILL)
            await bot.process.wait()
            for ref in await redis.hkeys("{run}:records"):  # as if its half minute were over
                await redis.zadd("{run}:leases", {ref.decode() if isinstance(ref, bytes) else ref: 0})
        async with service(tmp_path, "--only", "telegram", **shared):
            await until(lambda: "Try again" in growing.buttons, 20)
        assert len(telegram.messages(alice)) == 1


async def _has_record(redis: "Redis", address: bytes) -> bool:
    """Whether the store knows where the answer is shown."""
    return any(address in record for record in await redis.hvals("{run}:records"))


async def test_a_long_flood_ends_well(bot: Service, telegram: TelegramStandin) -> None:
    """A refusal in the middle: nothing is sent to that chat before its time is over, then all is shown."""
    alice = telegram.person()
    await telegram.say("What is a fjord?", user=alice)
    await telegram.message(lambda one: "Stop" in one.buttons, chat=alice, timeout=20)
    telegram.flood("editMessageText", 3)
    answer = await telegram.message(is_over, chat=alice, timeout=30)
    assert "fjord" in answer.text
    assert len([call for call in telegram.refused if call.chat == alice.id]) == 1


async def test_drafts_and_a_backlog(tmp_path: Path) -> None:
    """TELEGRAM_STREAMING=draft: frames while it grows, one real message at the end. Of ten thousand
    updates that waited, the old ones are passed over, and what is fresh is answered at once."""
    async with open_world() as world:
        telegram = world.telegram
        alice, bob = telegram.person(), telegram.person("Bob")
        for number in range(10_000):
            await telegram.say(f"old {number}", user=bob, date=1_000_000)
        await telegram.say("What is a fjord?", user=alice)
        drafting = world.settings(TELEGRAM_STREAMING="draft")
        async with service(tmp_path, "--only", "telegram", **drafting):
            answer = await telegram.message(is_over, chat=alice, timeout=40)
            assert "fjord" in answer.text
            assert len(answer.history) == 1
            frames = [text for _, text in telegram.world.drafts[alice.id]]
            assert len(frames) >= 2
            assert [one.buttons for one in telegram.messages(bob)] == [("Answer now",)]


async def test_two_pollers_do_not_fight(tmp_path: Path, empty_valkey: str) -> None:
    """A second process with the same token waits for its turn; every question is answered once."""
    async with open_world() as world:
        telegram, shared = world.telegram, world.settings(REDIS_URL=empty_valkey)
        homes = [tmp_path / "one", tmp_path / "two"]
        for home in homes:
            home.mkdir()
        alice = telegram.person()
        async with (
            service(homes[0], "--only", "telegram", **shared) as one,
            service(homes[1], "--only", "telegram", **shared) as two,
        ):
            await until(lambda: any("polled_elsewhere" in line for line in one.log + two.log), 20)
            await telegram.say("What is a fjord?", user=alice)
            await telegram.message(is_over, chat=alice, timeout=20)
            assert len(telegram.messages(alice)) == 1


async def test_webhook_with_two_processes(tmp_path: Path, empty_valkey: str) -> None:
    """Two processes behind one address, every update delivered to both: one answer each, albums whole."""
    async with open_world() as world:
        telegram = world.telegram
        ports = [free_port(), free_port()]
        telegram.updates.targets = [f"http://127.0.0.1:{port}{WEBHOOK}" for port in ports]
        telegram.updates.duplicate = True
        shared = world.settings(
            BURST_QUIET_S="2",  # a busy machine may take its time between two parts of an album
            REDIS_URL=empty_valkey,
            TELEGRAM_WEBHOOK_URL=telegram.updates.targets[0],
            TELEGRAM_WEBHOOK_SECRET=SECRET,
        )
        homes = [tmp_path / "one", tmp_path / "two"]
        for home in homes:
            home.mkdir()
        async with (
            service(homes[0], "--only", "telegram", **shared, WEB_PORT=str(ports[0])) as one,
            service(homes[1], "--only", "telegram", **shared, WEB_PORT=str(ports[1])) as two,
        ):
            await until(lambda: len(telegram.calls_of("setWebhook")) == 2, 20)
            assert await _post(ports[0], "wrong") == 403
            assert await _post(ports[0], SECRET, b"no json") == 400
            await _ask_both(telegram)
            assert await one.stop() == 0
            assert await two.stop() == 0


async def _ask_both(telegram: TelegramStandin) -> None:
    people = [telegram.person(f"Person{number}") for number in range(4)]
    for person in people:
        await telegram.say(f"What is {person.first_name}?", user=person)
    alice = telegram.person()
    await telegram.album([picture()] * 3, "What do you see?", user=alice)
    for person in people:
        answer = await telegram.message(is_over, chat=person, timeout=30)
        assert person.first_name in answer.text
        assert len(telegram.messages(person)) == 1
    album = await telegram.message(is_over, chat=alice, timeout=30)
    assert "3" in album.text.partition("Pictures")[2].partition("\n")[0]
    assert len(telegram.messages(alice)) == 1
    reached = {target for _, target, status in telegram.updates.deliveries if status == 200}
    assert reached == set(telegram.updates.targets)


async def _post(port: int, secret: str, body: bytes = b'{"update_id": 1}') -> int:
    """The status of an update that somebody brings."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    head = f"POST {WEBHOOK} HTTP/1.1\r\nHost: here\r\nX-Telegram-Bot-Api-Secret-Token: {secret}\r\n"
    writer.write(head.encode() + f"Content-Length: {len(body)}\r\nConnection: close\r\n\r\n".encode() + body)
    answer = await reader.read()
    writer.close()
    await writer.wait_closed()
    return int(answer.split()[1])


async def test_the_refused_token_ends_the_start(tmp_path: Path) -> None:
    """A wrong token is said in one line without showing it."""
    async with open_world() as world:
        wrong = world.settings(TELEGRAM_TOKEN="1:not-the-right-token-at-all")
        async with service(tmp_path, "--only", "telegram", **wrong) as bot:
            code = await asyncio.wait_for(bot.process.wait(), 20)
    text = "\n".join(bot.log)
    assert code == 1
    assert "TELEGRAM_TOKEN: is refused" in text
    assert "not-the-right-token" not in text

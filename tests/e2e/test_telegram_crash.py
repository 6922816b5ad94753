"""The console script on a loopback Telegram: two processes, killed processes, and a bot that was away for
long."""

import asyncio
import signal
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from redis.asyncio import Redis

from tests.conftest import run_valkey
from tests.e2e.fork_server import service
from tests.e2e.script import Service
from tests.e2e.telegram_world import World, bot_of, open_world, picture, pictures_seen
from tests.standins.telegram import Message, TelegramStandin, User
from tests.waiting import PATIENCE_S, until

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]
INBOX, RUNS = "{inbox:telegram}:leases", "{run}:leases"


@dataclass
class Crash:
    """Two processes poll with one token; the first was killed with everything at once in its hands."""

    world: World
    dora: User  # who had a picture before
    photo: Message
    alice: User  # whose answer was growing
    growing: Message
    bob: User  # whose picture was being painted
    painting: Message
    eve: User  # who asked while both were there
    carl: User  # whose album had just arrived
    left: list[int]  # how many updates were on record and had not begun, and how many answers were open

    @property
    def telegram(self) -> TelegramStandin:
        return self.world.telegram


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def crash(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Crash]:
    async with AsyncExitStack() as stack:
        valkey = stack.enter_context(run_valkey("--port", "0"))
        world = await stack.enter_async_context(open_world())
        shared = world.settings(REDIS_URL=f"unix://{valkey}/socket", BURST_QUIET_S="3")
        redis = await stack.enter_async_context(Redis.from_url(shared["REDIS_URL"]))
        homes = [tmp_path_factory.mktemp(name) for name in ("one", "two")]
        first = await stack.enter_async_context(service(homes[0], "--only", "telegram", **shared))
        made = await busy(world, redis)
        second = await stack.enter_async_context(service(homes[1], "--only", "telegram", **shared))
        await until(lambda: any("polls_in_turn" in line for line in first.log + second.log))
        await world.telegram.say("What is a geyser?", user=made.eve)
        await world.answer(made.eve)
        await die(made, redis, first, second)
        yield made
        assert await second.stop() == 0
        assert world.telegram.token.partition(":")[2] not in "\n".join(first.log + second.log)


async def busy(world: World, redis: "Redis") -> Crash:
    """Gives the only process a picture to have painted, one to paint, and an answer to give."""
    telegram = world.telegram
    dora, alice, bob = telegram.person("Dora"), telegram.person(), telegram.person("Bob")
    await telegram.say("/imagine a red fox --size small", user=dora)
    photo = await telegram.message(lambda one: "photo" in one.media, chat=dora)
    async with world.slow(3):
        await telegram.say("Tell me everything", user=alice)
        growing = await world.growing(alice)
    await until(lambda: _is_followed(redis, growing))
    world.model.job_s = 12.0
    await telegram.say("/imagine a blue whale --size small", user=bob)
    painting = await telegram.message(lambda one: "Painting" in one.text, chat=bob)
    eve, carl = telegram.person("Eve"), telegram.person("Carl")
    return Crash(world, dora, photo, alice, growing, bob, painting, eve, carl, [])


async def _is_followed(redis: "Redis", message: Message) -> bool:
    """Whether the store knows where the answer is shown."""
    return any(f":{message.id}".encode() in record for record in await redis.hvals("{run}:records"))


async def die(made: Crash, redis: "Redis", first: Service, second: Service) -> None:
    """The first process takes an album and is killed before it is whole; the second one slept meanwhile."""
    telegram = made.telegram
    second.process.send_signal(signal.SIGSTOP)
    polls = telegram.server.polls
    await until(lambda: telegram.server.polls > polls)
    await telegram.album([picture((n, 30, 30)) for n in range(3)], "What do you see?", user=made.carl)
    await until(lambda: not telegram.updates.waiting)
    first.process.send_signal(signal.SIGKILL)
    await first.process.wait()
    for name in (INBOX, RUNS):  # as if the time of what the dead process had in its hands were over
        left = await redis.zrange(name, 0, -1)
        made.left.append(len(left))
        for one in left:
            await redis.zadd(name, {one: 0})
    second.process.send_signal(signal.SIGCONT)


async def test_two_pollers_do_not_fight(crash: Crash) -> None:
    """Of two processes with one token, one waits for its turn; a question is answered once."""
    assert len(crash.telegram.messages(crash.eve)) == 1
    assert len(crash.world.asked("geyser")) == 1


async def test_an_interrupted_answer_says_so_and_can_be_tried_again(crash: Crash) -> None:
    """After kill -9 during an answer, another process says so in the same message, below what it had shown."""
    assert crash.left[1] >= 1
    await until(lambda: "Try again" in crash.growing.buttons)
    *_, shown = (one.text for one in crash.growing.history if "restarted" not in one.text)
    assert crash.growing.text.startswith(f"{shown.strip()}\n\n")
    assert crash.telegram.messages(crash.alice) == [crash.growing]
    await crash.telegram.press(crash.growing, "Try again", user=crash.alice)
    assert "everything" in (await crash.world.answer(crash.alice)).text


async def test_a_picture_ordered_before_arrives_once(crash: Crash) -> None:
    """Another process completes the order, in the message that showed its progress."""
    await until(lambda: "photo" in crash.painting.media)
    assert crash.telegram.messages(crash.bob) == [crash.painting]
    assert [call.call for call in crash.world.model.record.calls if "blue whale" in str(call.body)] == [
        "submit"
    ]


async def test_buttons_work_in_a_later_process(crash: Crash) -> None:
    """The buttons under a picture work, whichever process posted it."""
    await crash.telegram.press(crash.photo, "As file", user=crash.dora)
    await crash.telegram.message(lambda one: "document" in one.media, chat=crash.dora)


async def test_an_unhandled_album_is_not_lost(crash: Crash) -> None:
    """The album was confirmed to Telegram, but not handled yet when the process died: another process answers
    it."""
    assert crash.left[0] >= 1
    answer = await crash.world.answer(crash.carl)
    assert pictures_seen(answer) == 3
    assert crash.telegram.messages(crash.carl) == [answer]


async def test_drafts_and_ten_thousand_updates_that_waited(tmp_path: Path) -> None:
    """Old questions are offered to be answered, once in a chat, without a flood; new ones are answered at once.
    TELEGRAM_STREAMING=draft: draft frames while it grows, one real message at the end."""
    async with open_world() as world:
        telegram = world.telegram
        alice, bob = telegram.person(), telegram.person("Bob")
        for number in range(10_000):
            telegram.backlog(f"volcano {number}", user=bob)
        await telegram.say("What is a fjord?", user=alice)
        async with world.slow(100), bot_of(world, tmp_path, TELEGRAM_STREAMING="draft"):
            answer = await world.answer(alice)
            assert "fjord" in answer.text
            assert len(answer.history) == 1
            frames = [text for _, text in telegram.world.drafts[alice.id]]
            assert len(frames) >= 2
            assert answer.text.startswith(frames[-1][:40])
            await until(lambda: not telegram.updates.waiting)
            (offer,) = telegram.messages(bob)
            assert not world.asked("volcano")
            await telegram.press(offer, "Answer now", user=bob)
            assert "volcano 0" in (await world.answer(bob)).text


async def test_a_refused_token_ends_the_start(tmp_path: Path) -> None:
    """A wrong token is said in one line without showing it."""
    async with open_world() as world:
        wrong = world.settings(TELEGRAM_TOKEN="1:not-the-right-token-at-all")
        async with service(tmp_path, "--only", "telegram", **wrong) as bot:
            code = await asyncio.wait_for(bot.process.wait(), PATIENCE_S)
    assert code == 1
    assert [line for line in bot.log if not line.startswith("{")] == ["TELEGRAM_TOKEN: is refused by Telegram"]
    assert not [line for line in bot.log if "Traceback" in line or "not-the-right-token" in line]

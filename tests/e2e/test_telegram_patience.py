"""The console script on a loopback Telegram: long silences, and more work than fits."""

import itertools
import time
from collections.abc import AsyncIterator
from pathlib import Path

import pytest
import pytest_asyncio

from bots.telegram.polling import BATCH, GRACE_S, POLL_S
from bots.telegram.sequencer import MOST
from tests.e2e.telegram_world import World, bot_of, open_world
from tests.waiting import until

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]

SILENCE_S = 44.0  # of the model; what a draft shows is gone after thirty
DRAFT_LIFE_S = 30.0


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def world(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[World]:
    """With a bot that answers in drafts."""
    home = tmp_path_factory.mktemp("telegram")
    async with open_world() as world, bot_of(world, home, TELEGRAM_STREAMING="draft", SHUTDOWN_GRACE_S="0.5"):
        yield world


@pytest.mark.timeout(150)
async def test_a_dead_connection_and_a_silent_model(world: World) -> None:
    """A poll without a response is given up, and messages sent meanwhile are answered. Before the first word a
    draft is renewed before it vanishes, says that it still waits, and ends as one message."""
    telegram = world.telegram
    alice, bob = telegram.person(), telegram.person("Bob")
    async with world.slow(first_token_s=SILENCE_S, tokens_per_s=400):
        await telegram.say("What is a fjord?", user=alice)
        await until(lambda: world.model.record.open)
    begun = time.monotonic()
    telegram.hang("getUpdates", 600)
    await telegram.say("/help", user=telegram.person("Carl"))  # ends the poll before the one that hangs
    await until(lambda: not telegram.server.faults.waiting["getUpdates"])
    await telegram.say("What is a lagoon?", user=bob)
    await world.answer(bob)
    heard_s = time.monotonic() - begun
    assert POLL_S < heard_s < POLL_S + GRACE_S + 10
    answer = await world.answer(alice)
    assert time.monotonic() - begun < heard_s + SILENCE_S
    assert telegram.messages(alice) == [answer]
    frames = [call for call in telegram.calls_of("sendMessageDraft") if call.chat == alice.id]
    times = [*(call.at for call in frames), begun + SILENCE_S]
    assert max(later - earlier for earlier, later in itertools.pairwise(times)) < DRAFT_LIFE_S
    assert any("waiting" in text for _, text in telegram.world.drafts[alice.id])


async def test_drafts_that_are_refused(world: World) -> None:
    """A draft frame that is rate-limited is dropped, not sent later; in a chat that has no drafts the answer
    grows by edits, and others still use drafts."""
    telegram = world.telegram
    alice, bob = telegram.person(), telegram.person("Bob")
    telegram.refuse("sendMessageDraft", 400, "Bad Request: TEXTDRAFT_PEER_INVALID")
    async with world.slow(16):
        await telegram.say("What is a geyser?", user=bob)
        await world.growing(bob)
        telegram.flood("sendMessageDraft", 1, at=alice)
        await telegram.say("What is a glacier?", user=alice)
        await until(lambda: telegram.refused and world.model.record.open == 2)
    for person in (alice, bob):
        answer = await world.answer(person)
        assert telegram.messages(person) == [answer]
        assert (len(answer.history) > 1) == (person is bob)
    assert telegram.world.drafts[alice.id]
    assert bob.id not in telegram.world.drafts
    assert len(telegram.refused) == 1


async def test_no_more_is_taken_in_than_fits(tmp_path: Path) -> None:
    """Questions beyond the limit of concurrent work stay with Telegram."""
    async with open_world() as world, world.slow(first_token_s=300):
        telegram, record = world.telegram, world.model.record
        for number in range(MOST + 2 * BATCH):
            await telegram.say("What is a volcano?", user=telegram.person(f"Person{number}"))
        async with bot_of(world, tmp_path, SHUTDOWN_GRACE_S="0.5"):
            await until(lambda: record.open == MOST)
            calls = len(telegram.calls)
            await until(lambda: len(telegram.calls) > calls + 5)  # time in which it could take more
            assert (record.most_open, len(telegram.updates.waiting)) == (MOST, 2 * BATCH)

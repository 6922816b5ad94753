"""The console script on a loopback Telegram: what takes half a minute, and what came while it was away."""

import time
from itertools import pairwise
from pathlib import Path

import pytest

from tests.e2e.telegram_world import World, bot_of, open_world, picture, pictures_seen
from tests.standins.telegram import User
from tests.waiting import until

pytestmark = pytest.mark.e2e
DRAFT_ENDS_S = 30.0


async def test_silence_and_what_waited(tmp_path: Path) -> None:
    """A draft is kept alive while the model is silent. An album that was asked about while the bot was away,
    and a question about somebody's picture that was edited, are answered with all their pictures."""
    async with open_world() as world:
        telegram = world.telegram
        alice, bob, carl = (telegram.person(name) for name in ("Alice", "Bob", "Carl"))
        long_ago = int(time.time()) - 3600
        await telegram.album([picture(), picture((1, 200, 3))], "Which is red?", user=carl, date=long_ago)
        async with bot_of(world, tmp_path, TELEGRAM_STREAMING="draft"):
            await missed_album(world, carl)
            await edited_question(world, bob)
            async with world.slow(100, first_token_s=DRAFT_ENDS_S - 4):
                await telegram.say("What is a fjord?", user=alice)
                await until(lambda: world.asked("fjord"))
            answer = await telegram.message(lambda one: "New answer" in one.buttons, chat=alice, timeout=50)
            assert "fjord" in answer.text
            times = [call.at for call in telegram.calls_of("sendMessageDraft") if call.chat == alice.id]
            assert times[-1] - times[0] > DRAFT_ENDS_S - 10
            assert max(later - earlier for earlier, later in pairwise(times)) < DRAFT_ENDS_S


async def missed_album(world: World, carl: User) -> None:
    offer = await world.telegram.message(lambda one: "Answer now" in one.buttons, chat=carl)
    await world.telegram.press(offer, "Answer now", user=carl)
    assert pictures_seen(await world.answer(carl)) == 2


async def edited_question(world: World, bob: User) -> None:
    telegram, group = world.telegram, world.telegram.group()
    shown = await telegram.say("look", user=telegram.person("Dora"), chat=group, photo=picture())
    asked = await telegram.say("/ask whats this?", user=bob, chat=group, reply_to=shown)
    first = await world.answer(group)
    await telegram.edit(asked, "/ask what is this?")
    offer = await telegram.message(lambda one: "Answer again" in one.buttons, chat=group)
    await telegram.press(offer, "Answer again", user=bob)
    assert pictures_seen(await world.answer(group, after=first)) == 1

"""The console script on a loopback Telegram: pictures of earlier messages, which Telegram does not send
again."""

import time
from pathlib import Path

import pytest

from tests.e2e.telegram_world import World, bot_of, open_world, picture, pictures_seen
from tests.standins.telegram import User

pytestmark = pytest.mark.e2e


async def test_offered_and_edited_questions_keep_their_pictures(tmp_path: Path) -> None:
    """A question about an album asked while the bot was away, and an edited question about somebody's picture,
    are answered with all pictures."""
    async with open_world() as world:
        bob, carl = world.telegram.person("Bob"), world.telegram.person("Carl")
        album, long_ago = [picture(), picture((1, 200, 3))], int(time.time()) - 3600
        await world.telegram.album(album, "Which is red?", user=carl, date=long_ago)
        async with bot_of(world, tmp_path):
            await missed_album(world, carl)
            await edited_question(world, bob)


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
    offer = await telegram.message(lambda one: "Answer now" in one.buttons, chat=group)
    await telegram.press(offer, "Answer now", user=bob)
    assert pictures_seen(await world.answer(group, after=first)) == 1

"""The console script is killed during answers, orders and open forms, and started again on the same loopback
Discord."""

import json
import re
import time
from collections.abc import AsyncIterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio

from core.running import LEASE_S
from tests.e2e.discord_world import World, growing, open_world, painted, whole
from tests.e2e.fork_server import service
from tests.e2e.script import Service
from tests.standins.discord import DiscordStandin, Interaction, Message

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


@dataclass
class Begun:
    """What people had begun when the process was killed."""

    mentioned: Message  # the answer to a mention
    asked: Interaction
    private: Interaction
    thinking: Interaction  # of which not a word was there yet
    ordered: Interaction
    form: Interaction  # about an answer of the bot's, still open
    lost: Interaction  # a form about somebody's words, which the bot may not read by itself

    @classmethod
    async def begin(cls, discord: DiscordStandin) -> "Begun":
        async def ask(name: str, question: str, **options: bool) -> Interaction:
            user = discord.add_user(name)
            return await discord.slash("ask", {"question": question, **options}, user=user)

        done = await whole(discord, await ask("Ada", "Hello"))
        form = await discord.message_command("Continue from here", done, user=discord.add_user("Bea"))
        words = await discord.say("Words of mine", user=discord.add_user("Hal"))
        lost = await discord.message_command("Ask about this", words, user=form.user)
        await discord.until(lambda: form.modal and lost.modal)
        mention = await discord.mention("fault:stall for ever", user=discord.add_user("Cem"))
        begun = cls(
            mentioned=(await discord.until(lambda: discord.answers(mention)))[0],
            asked=await ask("Dora", "fault:stall for ever"),
            private=await ask("Eli", "fault:stall for ever", private=True),
            thinking=await ask("Fay", "fault:stall-first for ever"),
            ordered=await discord.slash("imagine", {"prompt": "a lighthouse"}, user=discord.add_user("Gus")),
            form=form,
            lost=lost,
        )
        await discord.until(lambda: "Painting" in begun.ordered.text)
        for asked in (begun.asked, begun.private):
            answer = await growing(discord, asked)
            await discord.until(lambda answer=answer: "A rehears" in answer.content)
        await discord.until(lambda: "A rehears" in begun.mentioned.content)
        await discord.until(lambda: begun.thinking.callback)
        return begun


@dataclass(frozen=True)
class Restarted:
    world: World
    begun: Begun
    bot: Service
    home: Path
    killed_at: float


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def restarted(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Restarted]:
    home = tmp_path_factory.mktemp("restart")
    async with open_world() as world:
        discord, world.model.job_s = world.discord, 6.0
        settings = world.settings(HOLD_LEASE_S="2")
        async with service(home, "--only", "discord", **settings) as bot:
            await discord.until(lambda: discord.gateway.connected)
            begun = await Begun.begin(discord)
            bot.process.kill()
            await bot.process.wait()
            killed_at = time.time()
        async with service(home, "--only", "discord", **settings) as bot:
            await discord.until(lambda: discord.gateway.connected)
            yield Restarted(world, begun, bot, home, killed_at)
        world.check(bot)


async def test_interrupted_answers_say_so(restarted: Restarted) -> None:
    """Each interrupted answer, with text or without, says so below the text that was shown, and offers to try
    again; the private one in private. The question still stands above it."""
    discord, begun = restarted.world.discord, restarted.begun
    places = [begun.mentioned]
    for interaction in (begun.asked, begun.private, begun.thinking):
        assert interaction.original is not None
        places.append(interaction.original)
    for message in places:
        await discord.until(lambda message=message: message.labels == ["Try again"])
        assert "restarted" in message.content
    assert [message.ephemeral for message in places] == [False, False, True, False]
    texts = [message.content.partition("⚠️")[0] for message in places]
    assert [text.startswith("> fault:stall") for text in texts] == [False, True, False, True]
    assert ["A rehears" in text for text in texts] == [True, True, True, False]


async def test_repair_does_not_wait_for_leases(restarted: Restarted) -> None:
    """The only process on a DATA_DIR repairs answers at once, while the leases of the killed process, renewed
    each third of their time, would still be valid."""
    for asked in (restarted.begun.asked, restarted.begun.private, restarted.begun.thinking):
        event = json.loads(await restarted.bot.until("answer.interrupted", asked.id))
        at = datetime.fromisoformat(event["timestamp"]).timestamp()
        assert at < restarted.killed_at + LEASE_S * 2 / 3


async def test_trying_again_asks_again(restarted: Restarted) -> None:
    """*Try again* asks the same question once more."""
    discord, answer = restarted.world.discord, restarted.begun.mentioned
    await discord.until(lambda: "Try again" in answer.labels)
    asker = next(user for user in discord.users if user.name == "Cem")
    pressed = await discord.press(answer, "Try again", user=asker)
    await growing(discord, pressed)


async def test_what_was_held_is_settled(restarted: Restarted) -> None:
    """The worst case of an interrupted answer is booked once its lease has run out: nothing stays held."""
    discord = restarted.world.discord
    await restarted.bot.until("spend.lapsed", restarted.begun.asked.id)
    usage = await discord.slash("usage", user=restarted.begun.asked.user)
    await discord.until(lambda: re.search(r"\*\*Today\*\* \$0\.0*[1-9]", usage.text))


async def test_an_ordered_picture_is_delivered(restarted: Restarted) -> None:
    """The picture that was being painted comes into the message that said so, once."""
    discord, ordered = restarted.world.discord, restarted.begun.ordered
    await discord.until(lambda: ordered.messages[0].files)
    assert len(ordered.messages) == 1
    assert (await painted(discord, ordered)).files[0].description == "a lighthouse"


async def test_an_open_form_is_still_understood(restarted: Restarted) -> None:
    """A form opened before the restart and submitted after it is answered."""
    discord = restarted.world.discord
    message = await whole(discord, await discord.submit_modal(restarted.begun.form, "And then?"))
    assert "And then?" in message.content


async def test_a_form_about_what_is_lost_says_so(restarted: Restarted) -> None:
    """The bot kept nothing of somebody's message: the person who submits the form about it is told so in
    private."""
    discord = restarted.world.discord
    submitted = await discord.submit_modal(restarted.begun.lost, "What?")
    await discord.until(lambda: "can no longer be reached" in submitted.text)
    assert [message.ephemeral for message in submitted.messages] == [True]


async def test_the_menus_are_not_synced_again(restarted: Restarted) -> None:
    """A second start finds Discord's menus as they should be and leaves them alone."""
    discord = restarted.world.discord

    def reads() -> int:
        return len([call for call in discord.calls if call.method == "GET" and call.path.endswith("/commands")])

    await discord.until(lambda: reads() == 2)
    assert discord.syncs == 1

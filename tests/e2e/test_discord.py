"""The console script on a loopback Discord: what people there see, and what becomes of faults."""

import asyncio
import io
import json
import re
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path

import pytest
import pytest_asyncio
from PIL import Image
from redis.asyncio import Redis

from core.minitool.simulated import Simulated, serve_simulated
from tests.e2e.script import Service, service
from tests.standins.discord import MODERATOR, DiscordStandin, Fault, Interaction, Message

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


@dataclass(frozen=True)
class World:
    """Discord and the model's side, for every test of this file; people and channels are each test's own."""

    discord: DiscordStandin
    model: Simulated
    address: str

    def settings(self, **more: str) -> dict[str, str]:
        return {
            "DISCORD_TOKEN": self.discord.token,
            "DISCORD_API_BASE": self.discord.base,
            "MINITOOLAI_API_KEY": "a-key-for-tests",
            "MINITOOLAI_BASE_URL": self.address,
            "LOG_LEVEL": "debug",
            "WEB_PORT": "0",
            "SHUTDOWN_GRACE_S": "3",
            "USER_CONCURRENCY": "50",
            "USER_PER_MINUTE": "1000",
            **more,
        }


@asynccontextmanager
async def open_world() -> AsyncIterator[World]:
    model = Simulated(tokens_per_s=200, first_token_s=0.05, job_s=0.3)
    async with DiscordStandin() as discord, serve_simulated(model) as address:
        yield World(discord, model, address)


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[tuple[World, Service]]:
    """One bot for the tests that leave it as it was."""
    async with open_world() as world:
        home = tmp_path_factory.mktemp("discord")
        async with service(home, "--only", "discord", **world.settings()) as bot:
            await world.discord.until(lambda: world.discord.gateway.connected, 20)
            yield world, bot
            assert await bot.stop() == 0
        said = "\n".join(bot.log)
        tokens = [world.discord.token, "a-key-for-tests", *world.discord.interactions]
        assert not [token for token in tokens if token in said], "a credential was logged"


@pytest.fixture
def discord(running: tuple[World, Service]) -> DiscordStandin:
    return running[0].discord


def is_over(message: Message) -> bool:
    return bool({"New answer", "Try again"} & set(message.labels))


async def whole(discord: DiscordStandin, interaction: Interaction) -> Message:
    """The last message of an answer once it is complete."""
    await discord.until(lambda: interaction.messages and is_over(interaction.messages[-1]), 20)
    return interaction.messages[-1]


def cat() -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (64, 64), (200, 30, 30)).save(out, "PNG")
    return out.getvalue()


async def test_a_question_is_answered_and_grows(discord: DiscordStandin) -> None:
    """/ask is acknowledged within 0.3 s, grows with a Stop button, and ends whole with its buttons."""
    interaction = await discord.slash("ask", {"question": "What is a fjord?"})
    await discord.until(lambda: "Stop" in [label for one in interaction.messages for label in one.labels])
    message = await whole(discord, interaction)
    assert interaction.acked is not None
    assert interaction.acked < 0.3
    assert "fjord" in message.content
    assert message.labels == ["New answer", "Model", "Delete"]
    assert len(message.shown) > 2


async def test_a_mention_is_answered_in_a_reply(discord: DiscordStandin) -> None:
    """Mentioned in a channel, the bot replies there; asked again by reply, it knows what was said."""
    ada = discord.add_user("Ada")
    asked = await discord.mention("Remember the number 42", user=ada)
    (answer,) = await discord.until(lambda: [one for one in discord.answers(asked) if is_over(one)], 20)
    assert answer.reference is asked
    again = await discord.say("And now?", reply_to=answer, user=ada)
    (second,) = await discord.until(lambda: [one for one in discord.answers(again) if is_over(one)], 20)
    assert re.search(r"Earlier questions\s*│\s*1", second.content)


async def test_a_posted_picture_is_seen(discord: DiscordStandin) -> None:
    """A picture given to /ask is described."""
    picture = discord.file("cat.png", cat())
    interaction = await discord.slash("ask", {"question": "What is this?", "picture": picture})
    message = await whole(discord, interaction)
    assert "64" in message.content


async def test_asking_about_a_message_of_somebody(discord: DiscordStandin) -> None:
    """*Ask about this* on somebody's picture: a form, then an answer about that picture."""
    target = await discord.say("my cat", files=(discord.file("cat.png", cat()),))
    opened = await discord.message_command("Ask about this", target)
    await discord.until(lambda: opened.modal)
    submitted = await discord.submit_modal(opened)
    message = await whole(discord, submitted)
    assert "64" in message.content


async def test_stop_keeps_what_was_there(discord: DiscordStandin) -> None:
    """Stop ends an answer within moments; what was said stays, and the asker alone may press."""
    interaction = await discord.slash("ask", {"question": "fault:stall and then a long story"})
    await discord.until(lambda: interaction.messages and "Stop" in interaction.messages[-1].labels, 20)
    stranger = await discord.press(interaction.messages[0], "Stop", user=discord.add_user("Mallory"))
    await discord.until(lambda: stranger.followups)
    assert stranger.followups[0].ephemeral
    await discord.press(interaction.messages[0], "Stop")
    message = await whole(discord, interaction)
    assert "Stopped" in message.content


async def test_an_upstream_error_is_told_with_a_way_on(discord: DiscordStandin) -> None:
    """A 500 of the model's side shows a sentence, not silence; no text of the error itself."""
    interaction = await discord.slash("ask", {"question": "fault:401 hello"})
    await discord.until(lambda: "⚠️" in interaction.text, 20)
    assert "401" not in interaction.text


async def test_a_cut_answer_says_so(discord: DiscordStandin) -> None:
    """A stream that breaks off leaves what came, marked as cut, with a button to go on."""
    interaction = await discord.slash("ask", {"question": "fault:cut and more"})
    await discord.until(lambda: interaction.messages and "Continue" in interaction.messages[-1].labels, 20)
    assert "broke off" in interaction.text


async def test_deleting_a_growing_answer_stops_it(running: tuple[World, Service]) -> None:
    """Deleted while it grows, an answer is no longer paid for and not posted again."""
    world, bot = running
    discord = world.discord
    asked = await discord.mention("fault:stall about nothing")
    (answer,) = await discord.until(lambda: discord.answers(asked), 20)
    await discord.delete(answer)
    await bot.until("spend.settled")
    assert not discord.answers(asked)


async def test_a_new_answer_and_a_model_are_a_press_away(discord: DiscordStandin) -> None:
    """*New answer* asks again, publicly; *Model* opens a list that only the presser sees."""
    bob = discord.add_user("Bob")
    interaction = await discord.slash("ask", {"question": "Name a colour"}, user=bob)
    message = await whole(discord, interaction)
    again = await discord.press(message, "New answer", user=bob)
    second = await whole(discord, again)
    assert not second.ephemeral
    opened = await discord.press(message, "Model", user=bob)
    await discord.until(lambda: opened.followups)
    picked = await discord.choose(opened.followups[0], "gpt-4.1", user=bob)
    await discord.until(lambda: not opened.followups[0].selects)
    assert picked.user is bob
    later = await discord.slash("ask", {"question": "And now?"}, user=bob)
    assert "GPT-4.1" in (await whole(discord, later)).content


async def test_a_picture_is_painted(discord: DiscordStandin) -> None:
    """/imagine shows how it goes and delivers the picture with its prompt as alt text and its buttons."""
    interaction = await discord.slash("imagine", {"prompt": "a red fox in the snow", "spoiler": True})
    await discord.until(lambda: interaction.messages and interaction.messages[0].files, 20)
    (message,) = interaction.messages
    (file,) = message.files
    assert file.spoiler
    assert file.description == "a red fox in the snow"
    assert Image.open(io.BytesIO(file.data)).size == (1024, 1024)
    assert message.labels == ["Again", "Vary", "Shape", "Details", "As file", "Delete"]
    opened = await discord.press(message, "Vary")
    await discord.until(lambda: opened.modal)
    varied = await discord.submit_modal(opened, "a blue fox")
    await discord.until(lambda: varied.messages and varied.messages[0].files, 20)
    assert varied.messages[0].files[0].description == "a blue fox"


async def test_adult_models_stay_in_adult_places(discord: DiscordStandin) -> None:
    """A model for adults is refused in an ordinary channel, for the asker's eyes alone."""
    interaction = await discord.slash("imagine", {"prompt": "a fox", "model": "realgirls"})
    await discord.until(lambda: interaction.messages and "age-restricted" in interaction.text, 20)
    assert interaction.messages[0].ephemeral


async def test_every_command_answers(discord: DiscordStandin) -> None:
    """Every other command of the menu answers its asker alone, in the asker's language."""
    ada = discord.add_user("Heidi", locale="de")
    for name in ("help", "usage", "settings", "model", "persona", "new", "stop", "forget", "link"):
        interaction = await discord.slash(name, user=ada)
        await discord.until(lambda interaction=interaction: interaction.messages and interaction.text, 20)
        assert interaction.messages[0].ephemeral, name
        assert "words.missing" not in interaction.text
    refused = await discord.slash("admin status", user=ada, permissions=MODERATOR)
    await discord.until(lambda: "Betreiber" in refused.text, 20)


async def test_20_answers_survive_a_dropped_gateway(discord: DiscordStandin) -> None:
    """The gateway drops while 20 answers grow: all are completed once, and the session is resumed."""
    resumed = discord.gateway.resumes
    discord.gateway.replay_extra = 5
    people = [discord.add_user(f"Asker {number}") for number in range(20)]
    interactions = [await discord.slash("ask", {"question": "Are you there?"}, user=user) for user in people]
    await discord.until(lambda: all(one.acked is not None for one in interactions))
    await discord.gateway.drop()
    await discord.until(lambda: all(one.messages and is_over(one.messages[-1]) for one in interactions), 30)
    await discord.until(lambda: discord.gateway.resumes == resumed + 1)
    discord.gateway.replay_extra = 0
    assert all(len(one.messages) == 1 for one in interactions)
    assert not discord.refused


@pytest.mark.parametrize("fault", [Fault("PATCH", status=429, via=False), Fault("PATCH", status=503, times=2)])
async def test_faults_of_discord_cost_no_answer(discord: DiscordStandin, fault: Fault) -> None:
    """429 without Via and 503 in the middle of an answer delay it at most."""
    discord.faults = [Fault(**vars(fault))]
    interaction = await discord.slash("ask", {"question": "Still there?"})
    message = await whole(discord, interaction)
    assert "Still there?" in message.content


async def test_a_guest_app_answers_where_the_bot_is_not(discord: DiscordStandin) -> None:
    """/ask works in servers and groups without the bot, for those who installed it themselves."""
    for place in (discord.foreign_channel(), discord.group()):
        interaction = await discord.slash("ask", {"question": "Hello"}, channel=place, installed=False)
        assert "Hello" in (await whole(discord, interaction)).content


async def test_nobody_is_pinged(discord: DiscordStandin) -> None:
    """A question made of mentions and links is answered without a ping or a script link."""
    interaction = await discord.slash("ask", {"question": "@everyone <@1> [x](javascript:1)"})
    message = await whole(discord, interaction)
    assert message.pinged == []
    assert "](javascript" not in message.content


async def test_an_interrupted_answer_says_so_after_a_restart(tmp_path: Path) -> None:
    """Killed while an answer grew, the bot says at its next start that it was interrupted, offers to try
    again, and what was held is settled."""
    async with open_world() as world:
        discord = world.discord
        quick = world.settings(HOLD_LEASE_S="2")
        async with service(tmp_path, "--only", "discord", **quick) as bot:
            await discord.until(lambda: discord.gateway.connected, 20)
            asked = await discord.mention("fault:stall for ever")
            (answer,) = await discord.until(lambda: discord.answers(asked), 20)
            await discord.until(lambda: len(answer.shown) > 1, 20)
            bot.process.kill()
            await bot.process.wait()
        await _let_the_lease_run_out(tmp_path)
        async with service(tmp_path, "--only", "discord", **quick) as bot:
            await discord.until(lambda: "Try again" in answer.labels, 30)
            assert "restarted" in answer.content
            await bot.until("discord.ready")
            pressed = await discord.press(answer, "Try again")
            await discord.until(lambda: pressed.messages and pressed.messages[-1].content, 20)


async def _let_the_lease_run_out(home: Path) -> None:
    """Makes the dead process's lease look as old as it would be half a minute later."""
    from core.settings import Settings
    from core.store import open_store

    async with open_store(Settings(_env_file=None, data_dir=home / "data")) as store:
        redis: Redis = store.redis
        for ref, score in await redis.zrange("{run}:leases", 0, -1, withscores=True):
            await redis.zadd("{run}:leases", {ref: score - 60})


async def test_a_picture_ordered_before_a_crash_is_delivered_after_it(tmp_path: Path) -> None:
    """Killed while a picture is being painted, the bot delivers it into the same message at its next start."""
    async with open_world() as world:
        discord, world.model.job_s = world.discord, 3.0
        async with service(tmp_path, "--only", "discord", **world.settings()) as bot:
            await discord.until(lambda: discord.gateway.connected, 20)
            interaction = await discord.slash("imagine", {"prompt": "a lighthouse"})
            await discord.until(lambda: interaction.messages and "Painting" in interaction.text, 20)
            bot.process.kill()
            await bot.process.wait()
        async with service(tmp_path, "--only", "discord", **world.settings()):
            await discord.until(lambda: interaction.messages and interaction.messages[0].files, 40)
        assert len(interaction.messages) == 1


async def test_log_lines_are_json(running: tuple[World, Service]) -> None:
    """What the adapter logs is events with fields."""
    line = json.loads(await running[1].until("discord.ready"))
    assert line["event"] == "discord.ready"
    await asyncio.sleep(0)

"""Two processes on a loopback Discord, each with one shard, through everything that goes wrong there."""

from collections.abc import AsyncIterator, Iterator
from dataclasses import dataclass

import pytest
import pytest_asyncio

from tests.e2e.discord_world import World, answered, growing, is_over, open_world, red_picture, whole
from tests.e2e.fork_server import service
from tests.e2e.script import Service
from tests.standins.discord import SEND, Channel, DiscordStandin, Fault, Message
from tests.standins.discord.gateway import MESSAGE_CONTENT

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]


@dataclass(frozen=True)
class Running:
    world: World
    bots: tuple[Service, Service]
    threads: Channel  # where every conversation has a thread
    lost: Channel  # of a server that the bot is thrown out of


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def running(tmp_path_factory: pytest.TempPathFactory, valkey_url: str) -> AsyncIterator[Running]:
    async with open_world() as world:
        discord = world.discord
        discord.gateway.intents_allowed |= MESSAGE_CONTENT
        threads, lost = discord.add_channel("threads"), discord.add_guild().channels[0]
        settings = world.settings(
            REDIS_URL=valkey_url, DISCORD_MESSAGE_CONTENT="1", DISCORD_THREADS=f"discord:channel:{threads.id}"
        )
        homes = [tmp_path_factory.mktemp("shard") for _ in range(2)]
        only = ("--only", "discord")
        async with (
            service(homes[0], *only, **settings, DISCORD_SHARDS="0-0/2") as first,
            service(homes[1], *only, **settings, DISCORD_SHARDS="1-1/2") as second,
        ):
            await discord.until(lambda: len(discord.gateway.connected) == 2 and discord.syncs)
            yield Running(world, (first, second), threads, lost)
            for bot in (first, second):
                bot.process.terminate()
            assert [await bot.process.wait() for bot in (first, second)] == [0, 0]
        world.check(first, second)


@pytest.fixture
def discord(running: Running) -> DiscordStandin:
    return running.world.discord


async def new_channel(discord: DiscordStandin, **facts: int) -> Channel:
    """A channel of the test's own, with its own limits."""
    channel = Channel(guild=discord.guild, **facts)  # type: ignore[arg-type]  # `denied` is a number
    await discord.announce(channel)
    return channel


@pytest.fixture
def slowly(running: Running) -> Iterator[None]:
    """Answers take a second or two."""
    running.world.model.tokens_per_s, usual = 150, running.world.model.tokens_per_s
    yield
    running.world.model.tokens_per_s = usual


def ours_in(discord: DiscordStandin, channel: Channel) -> list[Message]:
    return [one for one in discord.messages.values() if one.channel is channel and one.author is discord.bot]


async def test_several_processes_share_the_load(discord: DiscordStandin) -> None:
    """Each process has a range of shards: every question is answered by one of them, and one syncs the
    menus."""
    ada = discord.add_user("Ada")
    here = await discord.mention("in the server", user=ada)
    there = await discord.say("in private", user=ada, channel=discord.dm(ada))
    await answered(discord, here)
    await answered(discord, there)
    assert len(discord.answers(here)) == len(ours_in(discord, there.channel)) == 1
    assert discord.syncs == 1


async def test_a_conversation_has_its_thread(running: Running) -> None:
    """Where DISCORD_THREADS says so, a mention opens a thread, in which no further mention is needed."""
    discord, bea = running.world.discord, running.world.discord.add_user("Bea")
    asked = await discord.mention("What is a monad?", channel=running.threads, user=bea)
    thread = await discord.until(lambda: discord.find_channel(asked.id))
    await discord.until(lambda: any(is_over(one) for one in ours_in(discord, thread)))
    more = await discord.say("And a functor?", channel=thread, user=bea)
    assert "functor" in (await answered(discord, more)).content


async def test_20_answers_survive_a_dropped_gateway(discord: DiscordStandin, slowly: None) -> None:
    """The gateway drops while 20 answers grow: all are completed once, and the sessions are resumed."""
    resumed = discord.gateway.resumes
    discord.gateway.replay_extra = 5
    people = [discord.add_user(f"Asker {number}") for number in range(20)]
    places = [await new_channel(discord) for _ in range(10)]
    asked = [await discord.slash("ask", {"question": "Are you there?"}, user=user) for user in people[:10]]
    questions = [
        await discord.mention("Are you there?", user=user, channel=place)
        for user, place in zip(people[10:], places, strict=True)
    ]
    await discord.until(lambda: all(one.acked is not None for one in asked))
    await discord.gateway.drop()
    await discord.until(lambda: discord.gateway.resumes == resumed + 2)
    discord.gateway.replay_extra = 0
    for interaction in asked:
        await whole(discord, interaction)
    for message in questions:
        await answered(discord, message)
    assert [len(one.messages) for one in asked] == [1] * 10
    assert [len(discord.answers(one)) for one in questions] == [1] * 10


@pytest.mark.parametrize(
    "fault",
    [
        Fault("PATCH", status=429, via=False),
        Fault("PATCH", status=429, everywhere=True),
        Fault("PATCH", status=500),
        Fault("PATCH", status=503, times=2),
        Fault("PATCH", status=0),
        Fault("callback", status=500),
        Fault("callback", status=0, after=True),
    ],
    ids=["429 without Via", "429 for all", "500", "503 twice", "reset", "callback 500", "callback lost"],
)
async def test_faults_of_discord_cost_no_answer(discord: DiscordStandin, fault: Fault) -> None:
    """A failed call delays an answer at most."""
    discord.faults = [Fault(**vars(fault))]
    interaction = await discord.slash("ask", {"question": "Still there?"}, user=discord.add_user("Cem"))
    message = await whole(discord, interaction)
    assert "Still there?" in message.content
    assert interaction.messages == [message]
    assert discord.faults[0].times == 0


async def test_an_interaction_delivered_twice_is_answered_once(running: Running) -> None:
    """A repeated interaction is recognised, also in the other process."""
    discord = running.world.discord
    interaction = await discord.slash("ask", {"question": "Once"}, user=discord.add_user("Dora"))
    await discord.deliver(interaction)
    await whole(discord, interaction)
    mine = running.bots[discord.gateway.shard_of(discord.guild.id, 2)]
    await mine.until("discord.seen_before", interaction.id)
    assert len(interaction.messages) == 1


async def test_an_answer_outlives_its_token(discord: DiscordStandin) -> None:
    """The interaction's token dies while the answer grows: the same message is completed all the same."""
    eli = discord.add_user("Eli")
    options = {"question": "fault:stall Tell me"}
    interaction = await discord.slash("ask", options, user=eli, channel=await new_channel(discord))
    message = await growing(discord, interaction)
    interaction.expire()
    await discord.press(message, "Stop", user=eli)
    await whole(discord, interaction)
    assert interaction.messages == [message]


async def test_a_private_answer_outlives_its_token_in_a_private_chat(discord: DiscordStandin) -> None:
    """Only the token led to a private answer: the whole of it comes as a private message."""
    fay = discord.add_user("Fay")
    options = {"question": "fault:stall Tell me", "private": True}
    interaction = await discord.slash("ask", options, user=fay)
    message = await growing(discord, interaction)
    interaction.expire()
    await discord.press(message, "Stop", user=fay)
    chat = discord.dm(fay)
    await discord.until(lambda: any(is_over(one) for one in ours_in(discord, chat)))
    assert ours_in(discord, chat)[0].content.startswith("The answer to your question in <#")


async def test_deleting_a_growing_answer_stops_it(running: Running) -> None:
    """Deleted while it grows, an answer is no longer paid for and not posted again."""
    discord, gus = running.world.discord, running.world.discord.add_user("Gus")
    asked = await discord.mention("fault:stall about nothing", user=gus)
    (answer,) = await discord.until(lambda: discord.answers(asked))
    await discord.delete(answer)
    await settled(running, asked)
    assert not discord.answers(asked)


@pytest.mark.parametrize("fate", ["deleted", "kicked"])
async def test_a_place_that_is_gone_ends_the_answer(running: Running, slowly: None, fate: str) -> None:
    """The channel is deleted, or the bot thrown out, while an answer grows: it ends, and is paid for as
    far as it came."""
    discord, hal = running.world.discord, running.world.discord.add_user("Hal")
    place = running.lost if fate == "kicked" else await new_channel(discord)
    asked = await discord.mention("Be long", channel=place, user=hal)
    await discord.until(lambda: discord.answers(asked))
    if fate == "deleted":
        await discord.delete_channel(place)
    else:
        assert place.guild is not None
        await discord.kick_bot(place.guild)
    await settled(running, asked)


async def test_a_picture_whose_channel_is_gone_comes_in_private(discord: DiscordStandin) -> None:
    """It is paid for, so its person gets it all the same."""
    mia, place = discord.add_user("Mia"), await new_channel(discord)
    asked = await discord.slash("imagine", {"prompt": "fault:slow a lost fox"}, user=mia, channel=place)
    await discord.until(lambda: asked.messages)
    await discord.delete_channel(place)
    await discord.until(lambda: [one for one in ours_in(discord, discord.dm(mia)) if one.files])


async def settled(running: Running, asked: Message) -> None:
    """Until the money of an answer is settled."""
    discord, guild = running.world.discord, asked.channel.guild
    assert guild is not None
    mine = running.bots[discord.gateway.shard_of(guild.id, 2)]
    await mine.until("spend.settled", asked.id)


async def test_a_thread_closed_meanwhile_gets_its_answer(discord: DiscordStandin, slowly: None) -> None:
    """Somebody closes the thread while an answer grows in it: it is completed in place."""
    thread = Channel(name="thread", type=11, guild=discord.guild, parent=discord.channel)
    await discord.open_thread(thread)
    asked = await discord.mention("Be long", channel=thread, user=discord.add_user("Liv"))
    await discord.until(lambda: discord.answers(asked))
    thread.archived = True
    await discord.until(lambda: any(is_over(one) for one in discord.answers(asked)))
    assert not thread.archived


async def test_where_it_may_not_write_the_answer_comes_in_private(discord: DiscordStandin) -> None:
    """Without Send Messages the asker gets the answer in private, and reads which permission is missing."""
    ida, closed = discord.add_user("Ida"), await new_channel(discord, denied=SEND)
    await discord.mention("Hello", channel=closed, user=ida)
    chat = discord.dm(ida)
    await discord.until(lambda: any(is_over(one) for one in ours_in(discord, chat)))
    assert "“Send Messages”" in ours_in(discord, chat)[0].content


async def test_a_picture_whose_address_expired_is_seen(discord: DiscordStandin) -> None:
    """The address of an old picture has expired: its message, asked for again, gives a fresh one."""
    picture = discord.file("red.png", red_picture())
    picture.expires -= 90000
    asked = await discord.mention("What is this?", files=(picture,), user=discord.add_user("Jo"))
    assert "64 × 64" in (await answered(discord, asked)).content

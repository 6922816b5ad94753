"""Connecting: menus, shards, budgets, and what goes wrong at the start."""

from bots.discord.client import health
from core.words import FALLBACK, t
from tests.adapters.discord.conftest import on_stage
from tests.standins.discord import DiscordStandin, Fault
from tests.standins.discord.gateway import MESSAGE_CONTENT
from tests.waiting import until


async def test_menus_are_synced_once(discord: DiscordStandin) -> None:
    """The commands are overwritten in one call at the first start and left alone at the next; a
    difference that somebody made is seen."""

    def looked() -> int:
        return len([call for call in discord.calls if call.method == "GET" and call.path.endswith("/commands")])

    async with on_stage(discord):
        await discord.until(lambda: discord.syncs)
    async with on_stage(discord):
        await discord.until(lambda: looked() == 2)
    assert discord.syncs == 1
    discord.commands[0]["description"] = "something else"
    async with on_stage(discord):
        await discord.until(lambda: discord.syncs == 2)


async def test_menus_speak_the_persons_language(discord: DiscordStandin) -> None:
    """Descriptions come in every language there are words for; the names of commands stay."""
    async with on_stage(discord):
        await discord.until(lambda: discord.syncs)
    ask = next(one for one in discord.commands if one["name"] == "ask")
    assert ask["description"] == t(FALLBACK, "command-ask")
    assert ask["description_localizations"] == {"de": t("de", "command-ask")}
    assert ask["options"][0]["max_length"] == 6000
    about = next(one for one in discord.commands if one["name"] == "Ask about this")
    assert about["name_localizations"]["de"] == t("de", "discord-menu-ask")


async def test_it_is_offered_where_the_bot_is_not(discord: DiscordStandin) -> None:
    """Commands can be installed by people, too, and used in DMs and groups; admin ones only in servers."""
    async with on_stage(discord):
        await discord.until(lambda: discord.syncs)
    by_name = {one["name"]: one for one in discord.commands}
    assert (by_name["ask"]["integration_types"], by_name["ask"]["contexts"]) == ([0, 1], [0, 1, 2])
    assert (by_name["admin"]["integration_types"], by_name["admin"]["contexts"]) == ([0], [0])
    assert by_name["admin"]["default_member_permissions"] == "32"


async def test_a_failed_sync_does_not_keep_it_from_answering(discord: DiscordStandin) -> None:
    """The menus are synced in the background; Discord refusing that is logged, no more."""
    discord.faults = [Fault("PUT /applications", status=500)]
    async with on_stage(discord):
        interaction = await discord.slash("ask", {"question": "?"})
        await discord.until(lambda: interaction.text)


async def test_several_shards_share_the_load(discord: DiscordStandin) -> None:
    """A process runs the shards it was given; only the one with the first syncs the menus."""
    index = discord.gateway.shard_of(discord.guild.id, 2)
    async with on_stage(discord, discord_shards=f"{index}-{index}/2"):
        interaction = await discord.slash("ask", {"question": "?"})
        await discord.until(lambda: interaction.text)
        assert [session.shard for session in discord.gateway.sessions] == [(index, 2)]
    assert discord.syncs == (index == 0)


async def test_without_session_starts_it_waits(discord: DiscordStandin) -> None:
    """A spent budget of session starts is respected: too many would cost the token."""
    discord.starts_left, discord.starts_reset_ms = 0, 300
    async with on_stage(discord):
        pass
    first = next(call.at for call in discord.calls if call.path == "/gateway/bot")
    login = next(call.at for call in discord.calls if call.path == "/users/@me")
    assert login - first >= 0.3


async def test_an_unapproved_intent_is_done_without(discord: DiscordStandin) -> None:
    """Where Message Content is not enabled for the bot, it starts without it."""
    async with on_stage(discord, discord_message_content=True):
        await discord.until(lambda: discord.gateway.connected, timeout=20)
        assert not discord.gateway.sessions[-1].intents & MESSAGE_CONTENT
        interaction = await discord.slash("ask", {"question": "?"})
        await discord.until(lambda: interaction.text)


async def test_a_start_that_fails_is_tried_again(discord: DiscordStandin) -> None:
    """Discord being away at the start delays the bot, with growing pauses."""
    discord.faults = [Fault("GET /gateway/bot", status=503)]
    async with on_stage(discord):
        await discord.until(lambda: discord.gateway.connected)


async def test_health_tells_the_truth(discord: DiscordStandin) -> None:
    """Health says what is true now: connected, how slow, how many servers; and why not."""
    assert health().problem == "not started"
    async with on_stage(discord):
        await until(lambda: health().guilds == 1)
        assert health().connected
        assert health().latency >= 0


async def test_a_refused_token_is_reported(discord: DiscordStandin) -> None:
    """A wrong token takes nothing else down, is named as the problem, and is not tried in a loop."""
    async with on_stage(discord, connects=False, discord_token="another"):
        await until(lambda: health().problem == "the token is refused")
    assert len(discord.calls) == 1

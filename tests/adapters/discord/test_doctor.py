"""`doctor` on Discord, with set-ups that are broken in every way."""

from collections.abc import Callable
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import discord
import pytest

from bots.discord import commands
from bots.discord.doctor import NEEDED, THREADS, examine
from bots.findings import Finding, Skew
from core.settings import Settings
from core.words import t
from tests.conftest import free_port
from tests.standins.discord import ATTACH, SEND, DiscordStandin, Fault
from tests.standins.discord.gateway import MESSAGE_CONTENT, PRIVILEGED
from tests.standins.discord.world import Guild, snowflake

Break = Callable[[DiscordStandin], Any]


@pytest.fixture(autouse=True)
def _gateway_stays_shut(discord: DiscordStandin) -> Any:
    """A look counts as no start of the bot, and changes nothing."""
    yield
    assert discord.gateway.identifies == 0
    assert {call.method for call in discord.calls} <= {"GET"}


async def look(standin: DiscordStandin, **overrides: Any) -> list[Finding]:
    given = {"discord_token": standin.token, "discord_api_base": standin.base, "minitoolai_simulated": True}
    settings = Settings(_env_file=None, **(given | overrides))
    found = [one async for one in examine(settings)]
    assert standin.token not in str(found)
    assert all(abs(one.seconds) < 2 for one in found if isinstance(one, Skew))
    return [one for one in found if isinstance(one, Finding)]


def find(found: list[Finding], key: str) -> Finding:
    return next(one for one in found if one.key == key)


async def test_nothing_to_complain_about(discord: DiscordStandin) -> None:
    """Every line of a working set-up is OK."""
    discord.commands = [{"type": 1, **command} for command in commands.build()]
    found = await look(discord)
    assert {one.level for one in found} == {"ok"}
    assert find(found, "discord-me").data == {"name": "minitool"}
    assert find(found, "discord-servers").data == {"count": 1}
    assert find(found, "discord-commands").data == {"count": len(discord.commands)}


async def test_without_a_budget_of_starts_there_is_nothing_to_say_about_it(discord: DiscordStandin) -> None:
    """A proxy may return only the gateway's address; the bot starts there."""
    discord.is_bare = True
    found = await look(discord)
    assert {one.level for one in found} <= {"ok", "skip"}
    assert "discord-starts" not in {one.key for one in found}


@pytest.mark.parametrize("threads", [False, True])
async def test_the_invite_link_asks_for_what_is_needed(discord: DiscordStandin, threads: bool) -> None:
    """It has exactly the permissions that answers need, those for threads only where they are made."""
    url = find(await look(discord, discord_threads=("1",) if threads else ()), "discord-invite").data["url"]
    query = parse_qs(urlsplit(str(url)).query)
    wanted = {
        "view_channel", "send_messages", "send_messages_in_threads", "attach_files",
        "read_message_history",
    } | ({"create_public_threads"} if threads else set())  # fmt: skip
    asked = {name for name, value in discord_permissions(int(query["permissions"][0])) if value}
    assert asked == wanted
    assert query["client_id"] == [discord.bot.id]
    assert query["scope"] == ["bot applications.commands"]


def test_the_guide_names_what_is_needed() -> None:
    """The table of docs/discord.md has the permissions of the invite link, those for threads as such."""
    guide = (Path(__file__).resolve().parents[3] / "docs" / "discord.md").read_text("utf-8")
    table = guide.partition("| permission |")[2].partition("\n\n")[0]
    rows = [row.split("|")[1:3] for row in table.splitlines()[2:]]
    assert {name.strip() for name, _ in rows} == {t("en", word) for word in (NEEDED | THREADS).values()}


def discord_permissions(value: int) -> discord.Permissions:
    # Two of discord.py's names stand for one bit.
    permissions = discord.Permissions(value)
    assert permissions.view_channel == permissions.read_messages
    return [(name.replace("read_messages", "view_channel"), on) for name, on in permissions]  # type: ignore[return-value]


def portal(**facts: Any) -> Break:
    return lambda standin: standin.portal.update(facts)


def starts(left: int, shards: int = 1) -> Break:
    def broken(standin: DiscordStandin) -> None:
        standin.starts_left, standin.shards, standin.starts_reset_ms = left, shards, 5_400_000

    return broken


def lacking(*rights: int) -> Break:
    def broken(standin: DiscordStandin) -> None:
        standin.guild.denied = sum(rights)

    return broken


@pytest.mark.parametrize(
    ("broken", "overrides", "level", "key"),
    [
        (lambda _: None, {"discord_token": "MTIz.another.token"}, "fail", "discord-token"),
        (lambda _: None, {"discord_api_base": "http://127.0.0.1:1/api"}, "fail", "unreachable"),
        (lambda one: one.faults.append(Fault("/users/@me$", status=404)), {}, "fail", "unreachable"),
        (lambda one: one.faults.append(Fault("/users/@me$", status=503)), {}, "fail", "refused"),
        (lambda one: one.faults.append(Fault("/gateway/bot", status=429)), {}, "fail", "refused"),
        (lambda one: one.faults.append(Fault("/commands", status=500)), {}, "fail", "refused"),
        (lambda one: one.faults.append(Fault("/guilds", times=2, status=0)), {}, "fail", "unreachable"),
        (lambda _: None, {"discord_message_content": True}, "fail", "discord-intent"),
        (portal(interactions_endpoint_url="https://x.example/"), {}, "fail", "discord-endpoint"),
        (portal(bot_require_code_grant=True), {}, "fail", "discord-code-grant"),
        (portal(bot_public=False), {}, "warn", "discord-private"),
        (portal(integration_types_config={"0": {}}), {}, "warn", "discord-no-user-install"),
        (starts(0), {}, "fail", "discord-no-starts"),
        (starts(5), {}, "warn", "discord-few-starts"),
        (starts(900, shards=16), {"discord_shards": "0-3/8"}, "fail", "discord-shards"),
        (lacking(SEND, ATTACH), {}, "warn", "discord-server"),
        (lambda one: one.guilds.clear(), {}, "warn", "discord-no-servers"),
        (lambda _: None, {}, "skip", "discord-commands-differ"),
    ],
)  # fmt: skip
async def test_what_is_broken_is_found(
    discord: DiscordStandin, broken: Break, overrides: dict[str, Any], level: str, key: str
) -> None:
    """Each way in which a set-up can be broken has its own line, which says what to do."""
    broken(discord)
    if overrides.get("discord_api_base"):
        overrides = {"discord_api_base": f"http://127.0.0.1:{free_port()}/api/v10"}
    found = await look(discord, **overrides)
    assert find(found, key).level == level


async def test_a_refused_token_is_the_only_line(discord: DiscordStandin) -> None:
    """Without a token nothing else can be checked."""
    assert [one.key for one in await look(discord, discord_token="MTIz.another.token")] == ["discord-token"]


async def test_a_granted_intent_is_seen(discord: DiscordStandin) -> None:
    """A wanted and granted Message Content intent is OK."""
    discord.gateway.intents_allowed = ~PRIVILEGED | MESSAGE_CONTENT
    found = await look(discord, discord_message_content=True)
    assert find(found, "discord-intents").data == {"content": "yes"}


async def test_servers_are_named_with_what_is_missing(discord: DiscordStandin) -> None:
    """Up to ten servers have a line with their missing permissions; the rest is counted. An administrator lacks
    nothing."""
    discord.guild.denied = SEND | ATTACH
    for number in range(210):
        denied = ATTACH if number >= 198 else 0
        discord.guilds.append(
            Guild(discord.bot.id, "1", id=snowflake(), name=f"Server {number}", denied=denied)
        )
    found = await look(discord)
    named = [one for one in found if one.key == "discord-server"]
    assert named[0].data == {"server": "A server"}
    assert named[0].names == ("discord-permission-send", "discord-permission-attach")
    assert named[1].names == ("discord-permission-attach",)
    assert len(named) == 10
    assert find(found, "discord-servers-more").data == {"count": 3}

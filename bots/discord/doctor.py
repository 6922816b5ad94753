"""Checks Discord as `run` will find it: token, intents, where it may write, what it may still start."""

from collections.abc import Mapping, Sequence
from typing import Any

import aiohttp
import discord

from bots.discord import commands, permissions
from bots.findings import Api, Finding, Findings, Skew, fail, ok, skip, warn
from core.settings import Settings

_PART = "discord"
# Bits of an application's flags ("Application Flags" of Discord's documentation).
_MESSAGE_CONTENT = 1 << 18 | 1 << 19  # verified, or of a bot in few servers
_FEW_STARTS = 20  # of the thousand a day: something starts over and over
_PAGE = 200
_MOST_NAMED = 10  # servers; the rest is counted

_Json = Mapping[str, Any]
# What answers need, with the word for each. Everything else can be refused to the bot.
NEEDED = {
    "view_channel": "discord-permission-view",
    "send_messages": permissions.SEND,
    "send_messages_in_threads": permissions.SEND_IN_THREADS,
    "attach_files": permissions.ATTACH,
    "read_message_history": permissions.HISTORY,
}
THREADS = {"create_public_threads": permissions.THREADS}


def _needed(settings: Settings) -> Mapping[str, str]:
    """The permissions that these settings need, by discord.py's names, with their words."""
    return NEEDED | (THREADS if settings.discord_threads else {})


def _invite(application: str, settings: Settings) -> str:
    """The address that adds the bot to a server with exactly what it needs."""
    permissions = discord.Permissions(**dict.fromkeys(_needed(settings), True))
    return discord.utils.oauth_url(
        application, permissions=permissions, scopes=("bot", "applications.commands")
    )


async def examine(settings: Settings) -> Findings:
    """Asks Discord; changes nothing there, and counts as no start of the bot."""
    token = settings.discord_token.get_secret_value()
    headers = {"Authorization": f"Bot {token}", "User-Agent": "DiscordBot (minitool-bots, doctor)"}
    async with aiohttp.ClientSession() as session:
        api = Api(session, _PART, "Discord", settings.discord_api_base, headers)
        me = await api.ask("/users/@me")
        if not me.is_ok:
            yield fail(_PART, "discord-token") if me.status == 401 else api.declined(me)
            return
        yield ok(_PART, "discord-me", name=str(me.body.get("username", "")))
        if me.skew_s is not None:
            yield Skew(_PART, me.skew_s)
        application = await api.ask("/applications/@me")
        if application.is_ok:
            for finding in _application(application.body, settings):
                yield finding
            yield await _commands(api, str(application.body["id"]))
        gateway = await api.ask("/gateway/bot")
        if not gateway.is_ok:
            yield api.declined(gateway)
        elif "session_start_limit" in gateway.body:  # what stands between us and Discord may have none
            yield _starts(gateway.body, settings)
        async for found in _servers(api, settings):
            yield found


def _application(application: _Json, settings: Settings) -> Sequence[Finding]:
    found = []
    has_content = bool(int(application.get("flags") or 0) & _MESSAGE_CONTENT)
    if settings.discord_message_content and not has_content:
        found.append(fail(_PART, "discord-intent"))
    else:
        found.append(ok(_PART, "discord-intents", content="yes" if settings.discord_message_content else "no"))
    if application.get("interactions_endpoint_url"):
        found.append(fail(_PART, "discord-endpoint"))
    if application.get("bot_require_code_grant"):
        found.append(fail(_PART, "discord-code-grant"))
    if application.get("bot_public") is False:
        found.append(warn(_PART, "discord-private"))
    if (ways := application.get("integration_types_config")) is not None and "1" not in ways:
        found.append(warn(_PART, "discord-no-user-install"))
    return [*found, ok(_PART, "discord-invite", url=_invite(str(application["id"]), settings))]


async def _commands(api: Api, application: str) -> Finding:
    response = await api.ask(f"/applications/{application}/commands?with_localizations=true")
    if not response.is_ok:
        return api.declined(response)
    if commands.is_synced(response.body):
        return ok(_PART, "discord-commands", count=len(response.body))
    return skip(_PART, "discord-commands-differ")


def _starts(gateway: _Json, settings: Settings) -> Finding:
    wanted, left = int(gateway.get("shards", 1)), int(gateway["session_start_limit"]["remaining"])
    _, _, chosen = settings.discord_shards.partition("/")
    if chosen and int(chosen) < wanted:
        return fail(_PART, "discord-shards", chosen=int(chosen), wanted=wanted)
    hours = round(float(gateway["session_start_limit"]["reset_after"]) / 3_600_000, 1)
    if left < wanted:
        return fail(_PART, "discord-no-starts", hours=hours)
    if left < max(_FEW_STARTS, wanted):
        return warn(_PART, "discord-few-starts", left=left, shards=wanted)
    return ok(_PART, "discord-starts", left=left, shards=wanted)


async def _servers(api: Api, settings: Settings) -> Findings:
    """Permissions are those of the bot's roles; a channel may still take some of them away."""
    count, lacking, after, needed = 0, 0, "0", _needed(settings)
    while True:
        response = await api.ask(f"/users/@me/guilds?limit={_PAGE}&after={after}")
        if not response.is_ok:
            yield api.declined(response)
            return
        for guild in response.body:
            has = discord.Permissions(int(guild["permissions"]))
            missing = tuple(
                word for name, word in needed.items() if not (has.administrator or getattr(has, name))
            )
            count, lacking = count + 1, lacking + bool(missing)
            if missing and lacking <= _MOST_NAMED:
                yield Finding("warn", _PART, "discord-server", {"server": str(guild["name"])}, missing)
        if len(response.body) < _PAGE:
            break
        after = str(response.body[-1]["id"])
    if not count:
        yield warn(_PART, "discord-no-servers")
    elif lacking > _MOST_NAMED:
        yield warn(_PART, "discord-servers-more", count=lacking - _MOST_NAMED)
    elif not lacking:
        yield ok(_PART, "discord-servers", count=count)

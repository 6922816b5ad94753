"""Patches to discord.py, where it has no public API. To be checked with each new version."""

from collections.abc import Callable, Mapping
from contextvars import ContextVar
from typing import Any

import aiohttp
import discord
import structlog
import yarl

from bots.discord import defaults
from bots.lenient_json import read_json

log = structlog.get_logger(__name__)

_raw: ContextVar[Mapping[str, Any]] = ContextVar("_raw")


def apply(api_base: str) -> None:
    """Sets where the API is, how its JSON is read, and that no voice is wanted. To be called before a client is
    made."""
    discord.http.Route.BASE = api_base
    discord.utils._from_json = read_json  # noqa: SLF001  # its own lets half characters through, which break us
    discord.http.json_or_text = _json_or_text  # its own takes JSON for text where a character set is named
    discord.VoiceClient.warn_nacl = discord.VoiceClient.warn_dave = False  # at every start, that there is none


def set_gateway(url: str) -> None:
    """Before a client connects whose number of shards is given: discord.py asks for the gateway's address only
    together with that number."""
    discord.gateway.DiscordWebSocket.DEFAULT_GATEWAY = yarl.URL(url)


def keep_raw_events(client: discord.Client, shard: int) -> None:
    """Makes `raw_event` return each event, and fills in what events may lack (see `defaults`). A READY that
    names no shard is that of `shard`. An event that discord.py cannot read is logged: else it would end the
    connection, and what comes after it would be lost as well. Edits of messages are not read at all: each of
    our own comes back as an event, nothing here needs it, and discord.py would build a whole message of
    each."""
    parsers = client._connection.parsers  # noqa: SLF001  # it offers no other place between gateway and parser
    parsers.pop("MESSAGE_UPDATE")
    parsers.update({name: _careful(name, parse) for name, parse in parsers.items()})
    ready = parsers["READY"]
    parsers["READY"] = lambda data: ready({"shard": [shard], **data})


def raw_event() -> Mapping[str, Any]:
    """The event as Discord sent it, in the task in which discord.py handles it: its objects lack fields that we
    read."""
    return _raw.get()


async def _json_or_text(response: aiohttp.ClientResponse) -> Any:
    """The body of a response, decoded. discord.py asks for objects alone: what is none does not come from
    Discord."""
    content = await response.read()
    try:
        data = read_json(content)
    except ValueError:
        data = content.decode("utf-8", "replace")
    if response.ok and not isinstance(data, dict):
        raise aiohttp.ClientPayloadError(f"{response.status} without JSON")
    return data


def _careful(name: str, parse: Callable[[Any], None]) -> Callable[[Any], None]:
    def parsed(data: Any) -> None:
        _raw.set(data)
        try:
            parse(defaults.fill_event(name, data))
        except Exception as error:
            log.exception("discord.event_unreadable", kind=name, error=type(error).__name__)

    return parsed

"""Checks Telegram as `run` will find it: token, modes of the account, webhook, who else takes the updates."""

import asyncio
import time
from collections.abc import Mapping, Sequence
from typing import Any
from urllib.parse import urlsplit

import aiohttp

from bots.findings import Api, Finding, Findings, Response, Skew, fail, ok, skip, warn
from bots.telegram.webhook import PATH
from core.settings import TELEGRAM_API, Settings

_PART = "telegram"
_PORTS = (443, 80, 88, 8443)  # the only ones that Telegram calls (Bot API, setWebhook)
_MANY_WAITING = 100
_RECENT_S = 3600.0
_LISTEN_S = 6.0  # other libraries poll again within a few seconds of being interrupted

_Json = Mapping[str, Any]


async def examine(settings: Settings, *, is_served: bool | None, listen_s: float = _LISTEN_S) -> Findings:
    """Asks Telegram; changes nothing there. Only where no process of ours takes updates (`is_served`; None:
    nobody knows) it listens for `listen_s` seconds, without confirming any, whether a stranger does."""
    async with aiohttp.ClientSession() as session:
        token = settings.telegram_token.get_secret_value()
        api = Api(session, _PART, "Telegram", f"{settings.telegram_api_base}/bot{token}/")
        me = await api.ask("getMe")
        if not me.is_ok:
            yield fail(_PART, "telegram-token") if _is_refusal(me) else api.declined(me)
            return
        if me.skew_s is not None:
            yield Skew(_PART, me.skew_s)
        for finding in _account(me.body["result"]):
            yield finding
        response = await api.ask("getWebhookInfo")
        if not response.is_ok:
            yield api.declined(response)
            return
        for finding in (*_address(settings), *_webhook(response.body["result"], settings)):
            yield finding
        if settings.telegram_webhook_url or response.body["result"].get("url"):
            return
        if is_served is None:
            yield skip(_PART, "telegram-not-listened")
        else:
            yield ok(_PART, "telegram-served") if is_served else await _poller(api, listen_s)


def _is_refusal(response: Response) -> bool:
    """Whether the Bot API refuses the token: one that is no token at all with 404, as other servers answer
    anything, but not in its words."""
    by_bot_api = isinstance(response.body, dict) and response.body.get("ok") is False
    return response.status == 401 or (response.status == 404 and by_bot_api)


def _account(me: _Json) -> Sequence[Finding]:
    found = [ok(_PART, "telegram-me", name=str(me.get("username", "")))]
    reads_all = bool(me.get("can_read_all_group_messages"))
    found.append(ok(_PART, "telegram-reads-all" if reads_all else "telegram-privacy"))
    if me.get("can_join_groups") is False:
        found.append(warn(_PART, "telegram-no-groups"))
    inline = bool(me.get("supports_inline_queries"))
    found.append(ok(_PART, "telegram-inline") if inline else skip(_PART, "telegram-no-inline"))
    return found


def _address(settings: Settings) -> Sequence[Finding]:
    """Whether Telegram can take TELEGRAM_WEBHOOK_URL at all."""
    if not settings.telegram_webhook_url:
        return ()
    found, url = [], urlsplit(settings.telegram_webhook_url)
    if settings.telegram_api_base == TELEGRAM_API and url.scheme != "https":
        found.append(fail(_PART, "telegram-webhook-https"))
    elif settings.telegram_api_base == TELEGRAM_API and (url.port or 443) not in _PORTS:
        found.append(fail(_PART, "telegram-webhook-port", ports=", ".join(map(str, _PORTS))))
    if url.path != PATH:
        found.append(warn(_PART, "telegram-webhook-path", path=PATH))
    return found


def _webhook(info: _Json, settings: Settings) -> Sequence[Finding]:
    """What is set at Telegram against what the settings want. `run` sets it right when it starts."""
    wanted, url = settings.telegram_webhook_url, str(info.get("url") or "")
    host, waiting = urlsplit(url).netloc, int(info.get("pending_update_count") or 0)
    if url and not wanted:
        found = [warn(_PART, "telegram-webhook-set", host=host)]
    elif wanted and not url:
        found = [skip(_PART, "telegram-webhook-unset")]
    elif url != wanted:
        found = [warn(_PART, "telegram-webhook-other", host=host)]
    elif wanted:
        found = [_delivery(info)]
    else:
        found = [ok(_PART, "telegram-polling")]
    if waiting >= _MANY_WAITING:
        found.append(warn(_PART, "telegram-waiting", count=waiting))
    return found


def _delivery(info: _Json) -> Finding:
    if info.get("last_error_message") and time.time() - int(info.get("last_error_date") or 0) < _RECENT_S:
        return fail(_PART, "telegram-webhook-error", error=str(info["last_error_message"])[:200])
    return ok(_PART, "telegram-webhook")


async def _poller(api: Api, listen_s: float) -> Finding:
    """Telegram serves one poller: whoever polls now interrupts the other, who comes back and interrupts us."""
    ends = time.monotonic() + listen_s
    while (left := ends - time.monotonic()) > 0:
        response = await api.ask(f"getUpdates?limit=1&timeout={max(1, round(left))}")
        if response.status == 409:
            return fail(_PART, "telegram-polled-elsewhere")
        if not response.is_ok:
            return api.declined(response)
        if response.body.get("result"):  # updates wait, so it answers at once
            await asyncio.sleep(min(0.5, max(0.0, left)))
    return ok(_PART, "telegram-alone")

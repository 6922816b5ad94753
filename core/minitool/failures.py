"""Everything that can go wrong on the model's side, as our own errors; the one place that maps them.

A `cause` is for the operator's log: status codes and error codes, never a message of the other side, which
may repeat the key or what a person wrote.
"""

import re
import time
from collections.abc import Mapping
from datetime import UTC
from email.utils import parsedate_to_datetime

import httpx
import msgspec

from core.errors import BadKey, Rejected, Throttled, Unreachable, UpstreamError

_CODE = re.compile(r"[A-Za-z0-9_.-]{1,60}")
_BALANCE_CODES = {"insufficient_quota", "insufficient_balance", "billing_error", "402"}
_KEY_CODES = _BALANCE_CODES | {"invalid_api_key", "authentication_error", "401"}
_SLOW_CODES = {"rate_limit_exceeded", "rate_limit_error", "overloaded_error"}
_TOO_LONG_CODES = {"context_length_exceeded", "string_above_max_length"}
_CONTENT_CODES = {"content_filter", "content_policy_violation", "moderation_blocked"}
_MODEL_CODES = {"model_not_found", "404"}

# The request has not left this machine when one of these is raised: to send it again cannot cost twice.
NEVER_SENT = (
    httpx.ConnectError,
    httpx.ConnectTimeout,
    httpx.PoolTimeout,
    httpx.UnsupportedProtocol,
    httpx.ProxyError,
)
# The other side says that it did not take the request. Not 504 or 408: there the work may go on.
NOT_TAKEN = frozenset({429, 503})
FAILED_BEFORE_ANSWER = NOT_TAKEN | {500, 502}


def from_httpx(error: httpx.HTTPError) -> UpstreamError:
    """Any failure of the wire. `raise from_httpx(error) from error`."""
    return Unreachable(cause=type(error).__name__)


def from_status(
    status: int, headers: Mapping[str, str], body: bytes, now: float | None = None
) -> UpstreamError:
    """A status that is not 2xx; the body may be JSON, HTML or nothing."""
    codes = _codes(_error_in(body))
    cause, reason = " ".join([f"HTTP {status}", *codes]), _reason(status, codes)
    is_ours = status in (401, 402) or (status == 403 and reason == "refused")  # a 403 may be of the content
    if is_ours or _KEY_CODES & set(codes):  # whatever the status: some say 400 to all that they refuse
        return BadKey(is_balance=status == 402 or bool(_BALANCE_CODES & set(codes)), cause=cause)
    if status == 429:
        return Throttled(retry_after=parse_retry_after(headers, now), cause=cause)
    if 400 <= status < 500 and status != 408:
        return _rejected(cause, reason)
    return Unreachable("upstream", cause=cause, status=status)


def from_error(error: object) -> UpstreamError:
    """An error object (or text) that came in place of an answer or within one."""
    codes = _codes(error)
    known = set(codes)
    cause = " ".join(["error", *codes])
    if known & _KEY_CODES:
        return BadKey(is_balance=bool(known & _BALANCE_CODES), cause=cause)
    if known & _SLOW_CODES or "429" in known:
        return Throttled(cause=cause)
    if known & (_TOO_LONG_CODES | _CONTENT_CODES | _MODEL_CODES | {"invalid_request_error", "400"}):
        return _rejected(cause, _reason(400, codes))
    return Unreachable("upstream", cause=cause)


def parse_retry_after(headers: Mapping[str, str], now: float | None) -> float | None:
    """Seconds from now, never negative; None where nothing usable was said."""
    value = headers.get("retry-after", "").strip()
    if re.fullmatch(r"\d{1,9}(\.\d{1,6})?", value):
        return float(value)
    try:
        moment = parsedate_to_datetime(value)
        at = moment.replace(tzinfo=moment.tzinfo or UTC).timestamp()
    except (TypeError, ValueError, OverflowError):
        return None
    return max(0.0, at - (time.time() if now is None else now))


def _error_in(body: bytes) -> object:
    try:
        answer = msgspec.json.decode(body)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError):
        return None
    return answer.get("error") if isinstance(answer, dict) else None


def _codes(error: object) -> list[str]:
    """The words of an error object that are codes, and so cannot be anybody's text."""
    if not isinstance(error, dict):
        return []
    found = (str(error[key]) for key in ("type", "code") if isinstance(error.get(key), str | int))
    return [code for code in dict.fromkeys(found) if _CODE.fullmatch(code) and not code.startswith("sk-")]


def _reason(status: int, codes: list[str]) -> str:
    if status == 413 or _TOO_LONG_CODES & set(codes):
        return "too-long"
    if _CONTENT_CODES & set(codes):
        return "content"
    if status == 404 or _MODEL_CODES & set(codes):
        return "model"
    return "request" if status in (400, 422) else "refused"


def _rejected(cause: str, reason: str) -> Rejected:
    return Rejected("no-model" if reason == "model" else None, cause=cause, reason=reason)

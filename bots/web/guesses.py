"""Limits guesses at the operator's password, with one budget for the login form and for the chat page."""

import hashlib
import hmac
from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

import structlog
from starlette.requests import HTTPConnection

from core.app import Core
from core.surrogates import mended

log = structlog.get_logger(__name__)

# From one place, and from everywhere, where the place can be made up (a proxy's header on loopback).
PLACE_MOST, _PLACE_EVERY_S = 5, 30.0
ALL_MOST, ALL_EVERY_S = 60, 2.0
_OF_PROXIES = ("x-forwarded-for", "x-real-ip", "forwarded")


class Guesses:
    """Compares passwords in constant time, and counts wrong ones. The right one is not counted, but while there
    were too many wrong ones it is refused as they are: else the refusals would tell which one is right."""

    def __init__(self, core: Core) -> None:
        self._password = core.settings.operator_password.get_secret_value().encode()
        self._ratelimit = core.ratelimit

    async def is_right(self, password: str, place: str, *, is_known: bool = False) -> bool:
        """`is_known`: `place` is a browser that was let in before, which others' guesses do not shut out.
        Raises Busy (with `retry_after`), StoreError."""
        given, wanted = (hashlib.sha256(text).digest() for text in (mended(password).encode(), self._password))
        is_right = bool(self._password) and hmac.compare_digest(given, wanted)
        ask = self._ratelimit.peek if is_right else self._ratelimit.attempt
        await ask(f"login:{place}", PLACE_MOST, _PLACE_EVERY_S)
        if not (is_right and is_known):
            await ask("login", ALL_MOST, ALL_EVERY_S)
        if not is_right:
            log.warning("operator.login_refused", place=place)
        return is_right


def place_of(request: HTTPConnection) -> str:
    """Where a guess comes from: an IPv4 address, however written, or the /64 network of an IPv6 address."""
    match _address(request):
        case None:
            return "unknown"
        case IPv6Address(ipv4_mapped=IPv4Address() as address):
            return str(address)
        case IPv6Address() as address:
            return str(ip_network((address, 64), strict=False))
        case address:
            return str(address)


def is_of_machine(request: HTTPConnection) -> bool:
    """Whether the request comes from this machine, not through a proxy on it: that says so by a header, also
    where whom it names is nobody, or on this machine, too."""
    address = _address(request)
    is_passed_on = any(name in request.headers for name in _OF_PROXIES)
    return address is not None and address.is_loopback and not is_passed_on


def _address(request: HTTPConnection) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(request.client.host if request.client else "")
    except ValueError:
        return None

"""Downloads a made picture: from https on public addresses or the operator's own origin, and from nowhere else.

The address that is checked is the one that is called: the check sits where the socket is made, after every
name was resolved and every spelling of a number was read, so there is nothing to rebind in between.
"""

import asyncio
import ipaddress
import socket
from dataclasses import dataclass

import httpx

from core.errors import Missing, Rejected, Unreachable, UpstreamError
from core.media_types import picture_type
from core.minitool import failures
from core.minitool.transport import Address, redirect_of

_MAX_PICTURE_BYTES = 25 * 1024 * 1024
_PICTURE_S = 60.0
_REDIRECTS = 3
_NOT_THERE = (403, 404, 410)  # yet: a picture may reach its host later than its address reaches us
_PAINTED = ("image/png", "image/jpeg", "image/webp")

# IANA's registries of special-purpose addresses, as of 2026. Not `is_global`: what that says depends on the
# Python version, and older ones call some of these public.
_CLOSED_4 = [
    ipaddress.IPv4Network(block)
    for block in (
        "0.0.0.0/8", "10.0.0.0/8", "100.64.0.0/10", "127.0.0.0/8", "169.254.0.0/16", "172.16.0.0/12",
        "192.0.0.0/24", "192.0.2.0/24", "192.88.99.0/24", "192.168.0.0/16", "198.18.0.0/15",
        "198.51.100.0/24", "203.0.113.0/24", "224.0.0.0/4", "240.0.0.0/4",
    )
]  # fmt: skip
_OPEN_6 = ipaddress.IPv6Network("2000::/3")  # all that was ever given out
_CLOSED_6 = [ipaddress.IPv6Network(block) for block in ("2001::/23", "2001:db8::/32", "3fff::/20")]
_NAT64 = ipaddress.IPv6Network("64:ff9b::/96")


class NotPublic(OSError):
    """The address belongs to a private network, this machine or nobody."""


@dataclass(frozen=True, slots=True)
class Pictures:
    """Fetches made pictures. The client `public` reaches public addresses only; `own` is for `origin`."""

    public: httpx.AsyncClient
    own: httpx.AsyncClient
    origin: httpx.URL

    async def fetch(self, url: str) -> bytes:
        """The bytes of a PNG, JPEG or WEBP of at most _MAX_PICTURE_BYTES. An address without a scheme or a host
        is read as seen from the origin.

        Raises Rejected where the address or what lies there is not a picture of ours to take, Unreachable
        where another try may help.
        """
        try:
            async with asyncio.timeout(_PICTURE_S):
                return await self._follow(url)
        except TimeoutError as error:
            raise Unreachable(cause="no whole picture in time") from error
        except httpx.HTTPError as error:
            if _is_refusal(error):
                raise Rejected(cause="picture on an address that is not public", reason="refused") from error
            raise failures.from_httpx(error) from error

    async def _follow(self, url: str) -> bytes:
        target = self.origin
        for _ in range(_REDIRECTS + 1):
            target = self._checked(target, url)
            client = self.own if _is_same_origin(target, self.origin) else self.public
            async with client.stream("GET", target, headers={"Accept-Encoding": "identity"}) as response:
                if (location := redirect_of(response)) is None:
                    return await _read(response)
                url = location
        raise Rejected(cause="picture behind too many redirects", reason="refused")

    def _checked(self, base: httpx.URL, url: str) -> httpx.URL:
        """The address that `url` is, as seen from `base`. Raises Rejected."""
        try:
            target = httpx.URL(url.strip())
            if not target.scheme and target != httpx.URL():
                target = base.join(target)
            host = target.host  # may be refused only when it is read
        except (httpx.InvalidURL, ValueError, TypeError) as error:
            raise Rejected(cause="picture without a usable address", reason="refused") from error
        if target.userinfo or not host:
            raise Rejected(cause="picture with credentials or without a host", reason="refused")
        if target.scheme != "https" and not _is_same_origin(target, self.origin):
            raise Rejected(cause="picture not on https", reason="refused")
        return target


def _is_same_origin(one: httpx.URL, other: httpx.URL) -> bool:
    return (one.scheme, one.host, _port(one)) == (other.scheme, other.host, _port(other))


def _port(url: httpx.URL) -> int | None:
    return url.port or {"https": 443, "http": 80}.get(url.scheme)


async def _read(response: httpx.Response) -> bytes:
    if not response.is_success:
        raise _status(response)
    if int(response.headers.get("content-length", "0") or 0) > _MAX_PICTURE_BYTES:
        raise Rejected(cause="picture too big", reason="too-long")
    data = bytearray()
    async for part in response.aiter_bytes():
        data += part
        if len(data) > _MAX_PICTURE_BYTES:
            raise Rejected(cause="picture too big", reason="too-long")
    if picture_type(data) not in _PAINTED:
        raise Rejected(cause="no picture at the picture's address", reason="content")
    return bytes(data)


def _status(response: httpx.Response) -> UpstreamError:
    error = failures.from_status(response.status_code, response.headers, b"")
    if response.status_code in _NOT_THERE:
        return Missing(cause=error.cause, status=response.status_code)
    if response.status_code in (401, 402):  # of the picture's host; says nothing about our key
        return Rejected(cause=error.cause, reason="refused")
    return error


def public_socket(address: Address) -> socket.socket:
    """A socket for `address`. Raises NotPublic where that is no address of the open internet."""
    family, kind, protocol, _, where = address
    if not is_public(str(where[0])):
        raise NotPublic("not a public address")
    return socket.socket(family, kind, protocol)


def is_public(address: str) -> bool:
    """Whether a numeric address is on the open internet, and so is the address it carries inside, if any."""
    try:
        ip = ipaddress.ip_address(address)
    except ValueError:
        return False
    if isinstance(ip, ipaddress.IPv4Address):
        return not any(ip in network for network in _CLOSED_4)
    inner = ip.ipv4_mapped or ip.sixtofour
    if ip in _NAT64:
        inner = ipaddress.IPv4Address(int(ip) & 0xFFFFFFFF)
    if inner is not None:
        return is_public(str(inner))
    return ip in _OPEN_6 and not any(ip in network for network in _CLOSED_6)


def _is_refusal(error: BaseException | None) -> bool:
    while error is not None:
        if isinstance(error, NotPublic):
            return True
        error = error.__cause__
    return False

"""Made pictures come from public https or the operator's own origin only."""

import asyncio
import ipaddress
import socket
from collections.abc import AsyncIterator
from typing import Any

import pytest

from core.errors import Rejected, Unreachable
from core.media_types import picture_type
from core.minitool.client import MiniTool, open_minitool
from core.minitool.fetch import is_public, public_socket
from core.minitool.transport import Address
from core.minitool.wire import ImageRequest, Job
from tests.core.minitool.conftest import Side, settings_for
from tests.raw_server import listening

_HOSTS = """
0.0.0.0 0.0.0.1 0.255.255.255 10.0.0.0 10.0.0.1 10.255.255.255 100.64.0.1 100.127.255.254 127.0.0.1
127.0.0.2 127.1.2.3 127.255.255.254 169.254.0.1 169.254.169.254 169.254.170.2 172.16.0.1 172.31.255.254
192.0.0.1 192.0.0.8 192.0.0.170 192.0.2.1 192.168.0.1 192.168.255.254 198.18.0.1 198.19.255.254 198.51.100.7
203.0.113.9 224.0.0.1 239.255.255.250 240.0.0.1 255.255.255.255 [::] [::1] [::2] [::127.0.0.1] [::10.0.0.1]
[::ffff:127.0.0.1] [::ffff:10.0.0.1] [::ffff:169.254.169.254] [::ffff:7f00:1] [::ffff:c0a8:1]
[0:0:0:0:0:ffff:127.0.0.1] [0:0:0:0:0:0:0:1] [0000:0000::0001] [::ffff:0:127.0.0.1] [64:ff9b::127.0.0.1]
[64:ff9b::10.0.0.1] [64:ff9b::a9fe:a9fe] [64:ff9b:1::7f00:1] [2002:7f00:1::] [2002:7f00:1::1] [2002:a00:1::]
[2002:c0a8:101::1] [2002:a9fe:a9fe::] [2001:0:4136:e378:8000:63bf:80ff:fffe] [2001::1] [2001:db8::1]
[2001:10::1] [2001:2::1] [fc00::1] [fd00::1] [fd12:3456:789a::1] [fdff:ffff::1] [fe80::1] [fe80::1%25lo]
[fe80::1%25eth0] [febf::1] [fec0::1] [ff02::1] [ff05::2] [ff0e::1] [100::1] [5f00::1] [3fff::1] 2130706433
017700000001 0x7f000001 0x7F.0.0.1 0177.0.0.1 0177.0.0.01 127.1 127.0.1 0x7f.1 0177.1 127.0x1 3232235521
0xc0a80001 0300.0250.0.1 192.168.1 2852039166 0xa9fea9fe 0251.0376.0251.0376 169.254.43518 10.1 012.1 0xa.1
167772161 0 0x0 00 0.0 4294967295 127.0.0.1. 127.1. 10.0.0.1. 00000000177.0.0.1 0x00000000007f000001
localhost localhost. LOCALHOST Localhost.localdomain ip6-localhost metadata metadata.google.internal
inside.example rebound.example mixed.example six.example mapped.example nat64.example carrier.example
127.0.0.1.nip.example \uff11\uff12\uff17.0.0.1 127\u30020\u30020\u30021 \u2460\u2461\u2466.0.0.1
loc\u212ahost.example
"""
PRIVATE = _HOSTS.split()
SPELLED = [
    "http://8.8.8.8/p.png", "http://inside.example/p.png", "ftp://inside.example/p.png", "file:///etc/passwd",
    "gopher://127.0.0.1/", "data:image/png;base64,iVBORw0KGgo=", "//127.0.0.1/p.png", "",
    "//10.0.0.1/p.png", "  ", "https://",
    "https:///p.png", "https://user:pw@8.8.8.8/p.png", "https://8.8.8.8@127.0.0.1/p.png",
    "https://x@inside.example/",
    "https://127.0.0.1#@8.8.8.8/", "https://127.0.0.1\\@8.8.8.8/", "https://8.8.8.8\\@127.0.0.1/",
    "https://[::1/",
    "https://127.0.0.1:99999/", "https://exa mple/", "https://127.0.0.1\t/", "https://\x00/",
    "javascript:alert(1)",
    "https://xn--a/p.png", "HTTPS://127.0.0.1/", "https:127.0.0.1", "https:\\\\127.0.0.1/", "ws://127.0.0.1/", "unix:///run/x.sock",
]  # fmt: skip
NAMES = {
    "inside.example": ["10.0.0.5"], "rebound.example": ["127.0.0.1"], "six.example": ["fd00::5"],
    "mapped.example": ["::ffff:127.0.0.1"], "nat64.example": ["64:ff9b::7f00:1"],
    "carrier.example": ["100.64.1.1"],
    "mixed.example": ["192.168.1.1", "127.0.0.1"], "metadata": ["169.254.169.254"], "loopback": ["127.0.0.1"],
}  # fmt: skip


async def resolve(host: str, port: int) -> list[Address]:
    """Reads numbers as the C library does, and knows some names; all others are this machine."""
    try:
        found = [socket.inet_ntoa(socket.inet_aton(host.rstrip(".")))]
    except OSError:
        found = NAMES.get(host.rstrip("."), [host if ":" in host else "127.0.0.1"])
    return [
        (socket.AF_INET6 if ":" in address else socket.AF_INET, socket.SOCK_STREAM, 0, "", (address, port))
        for address in found
    ]


@pytest.fixture
async def outside() -> AsyncIterator[tuple[MiniTool, int, list[Any]]]:
    """A client of an origin far away, and a port of this machine with the connections that it got."""
    got: list[Any] = []

    async def note(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        got.append(writer.get_extra_info("peername"))

    far = settings_for("https://far.example/api")
    async with listening(note) as port, open_minitool(far, resolve=resolve) as minitool:
        yield minitool, port, got


async def is_refused(minitool: MiniTool, url: str) -> bool:
    try:
        await minitool.fetch(url)
    except Rejected:
        return True
    except Unreachable:
        return False
    return False


def test_the_list_is_long_enough() -> None:
    """At least a hundred notations of private addresses are tried."""
    assert len(set(PRIVATE)) >= 100


async def test_no_private_address_in_any_spelling(outside: tuple[MiniTool, int, list[Any]]) -> None:
    """Numbers in all bases, mapped, tunnelled and translated addresses, names that resolve inwards: refused,
    without a single connection."""
    minitool, port, got = outside
    passed = [host for host in PRIVATE if not await is_refused(minitool, f"https://{host}:{port}/p.png")]
    assert passed == []
    assert got == []
    with pytest.raises(Rejected) as refusal:
        await minitool.fetch(f"https://inside.example:{port}/p.png")
    assert "not public" in refusal.value.cause  # and nothing else is wrong with it


@pytest.mark.parametrize("url", SPELLED)
async def test_nothing_but_plain_https(outside: tuple[MiniTool, int, list[Any]], url: str) -> None:
    """Other schemes, credentials, and addresses that parsers could read differently are refused."""
    minitool, _, got = outside
    with pytest.raises(Rejected):
        await minitool.fetch(url)
    assert got == []


def test_public_addresses_are_public() -> None:
    """Public addresses are allowed, also inside notations that carry another address."""
    for address in (
        "8.8.8.8",
        "1.1.1.1",
        "2606:4700::1111",
        "::ffff:8.8.8.8",
        "64:ff9b::808:808",
        "2002:808:808::1",
    ):
        assert is_public(address), address
    assert not is_public("no address")


def test_the_socket_is_where_it_is_checked() -> None:
    """The address that is connected to is checked, so a second name lookup changes nothing."""
    with public_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("8.8.8.8", 443))) as opened:
        assert opened.family == socket.AF_INET
    with pytest.raises(OSError, match="public"):
        public_socket((socket.AF_INET, socket.SOCK_STREAM, 6, "", ("127.0.0.1", 443)))


async def test_the_own_origin_may_be_plain_and_inside(side: Side) -> None:
    """Only the configured origin may be http on loopback; another port of the same host may not."""
    job = await side.minitool.submit(ImageRequest("realvision", "x"))
    url = await side.minitool.poll(job)
    assert url
    assert picture_type(await side.minitool.fetch(url)) == "image/png"
    port = url.split(":")[2].split("/")[0]
    for other in (
        url.replace(f":{port}", f":{int(port) - 1}"),
        url.replace("http:", "https:"),
        url.replace("127.0.0.1", "localhost"),
    ):
        with pytest.raises(Rejected):
            await side.minitool.fetch(other)


async def test_an_address_may_be_relative(side: Side) -> None:
    """A paid picture is fetched however its address is written: relative to the base address, from the root,
    without a scheme, with blanks around it."""
    url = await side.minitool.poll(await side.minitool.submit(ImageRequest("realvision", "x")))
    assert url
    base, _, below = url.partition("/api/")
    host = base.removeprefix("http:")
    for spelled in (f"/api/{below}", below, f"{host}/api/{below}", f"  {url}\n", f" /api/{below} "):
        assert picture_type(await side.minitool.fetch(spelled)) == "image/png", spelled
    with pytest.raises(Rejected):
        await side.minitool.fetch("//10.0.0.1/x")


@pytest.mark.parametrize("kind", ["text", "huge", "redirect"])
async def test_what_is_no_picture_is_refused(side: Side, kind: str) -> None:
    """A text called PNG, 5 GB, and a redirect into a private network."""
    job = await side.minitool.submit(ImageRequest("realvision", f"fault:{kind}"))
    url = await side.minitool.poll(job)
    assert url
    with pytest.raises(Rejected):
        await side.minitool.fetch(url)


@pytest.mark.parametrize(
    "target",
    [
        "https://10.0.0.1/p.png",
        "http://8.8.8.8/p.png",
        "file:///etc/passwd",
        "//127.0.0.1:1/p.png",
        "https://[::1]/",
        "https://xn--a/p.png",
        "http://[::1",
    ],
)
async def test_redirects_are_checked_like_addresses(side: Side, target: str) -> None:
    """A redirect is refused where the address itself would be."""
    job = await side.minitool.submit(ImageRequest("realvision", "x"))
    url = await side.minitool.poll(job)
    assert url
    side.simulated.faults.add("picture", "redirect", target)
    with pytest.raises(Rejected):
        await side.minitool.fetch(url)


async def test_redirects_within_the_origin_end(side: Side) -> None:
    """Redirects on the same origin are followed, but not for ever."""
    job = await side.minitool.submit(ImageRequest("realvision", "x"))
    url = await side.minitool.poll(job)
    assert url
    side.simulated.faults.add("picture", "redirect", url)
    assert await side.minitool.fetch(url)
    side.simulated.faults.add("picture", "redirect", url, times=9)
    with pytest.raises(Rejected):
        await side.minitool.fetch(url)


async def test_a_server_that_hangs_up_after_each_answer_loses_no_picture() -> None:
    """HTTP lets a server close a connection without notice, so a picture is not fetched on one that a poll has
    just used."""
    poll = b'{"status": "success", "image_url": "/p.png"}'
    picture = b"\x89PNG\r\n\x1a\n" + bytes(16)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        body = picture if head.startswith(b"GET") else poll
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: %d\r\n\r\n" % len(body) + body)

    async with listening(answer) as port, open_minitool(settings_for(f"http://127.0.0.1:{port}")) as minitool:
        url = await minitool.poll(Job("1", "s"))
        assert url
        assert await minitool.fetch(url) == picture


async def test_trouble_is_not_refusal(side: Side) -> None:
    """A 503, a broken download and a missing picture may be retried. A host that asks for a key of its own
    says nothing about ours."""
    job = await side.minitool.submit(ImageRequest("realvision", "x"))
    url = await side.minitool.poll(job)
    assert url
    for kind in ("503", "drop", "gone", "403"):
        side.simulated.faults.add("picture", kind)
        with pytest.raises(Unreachable):
            await side.minitool.fetch(url)
        side.simulated.faults.clear()
    for kind in ("401", "402"):
        side.simulated.faults.add("picture", kind)
        with pytest.raises(Rejected):
            await side.minitool.fetch(url)
    assert await side.minitool.fetch(url)


def test_every_private_network_of_the_registry_is_private() -> None:
    """The first and last address of each special-purpose block."""
    blocks = (
        "0.0.0.0/8 10.0.0.0/8 100.64.0.0/10 127.0.0.0/8 169.254.0.0/16 172.16.0.0/12 192.168.0.0/16"
        " 198.18.0.0/15 224.0.0.0/4 240.0.0.0/4 fc00::/7 fe80::/10 ff00::/8"
    )
    for block in map(ipaddress.ip_network, blocks.split()):
        assert not is_public(str(block[0])), block
        assert not is_public(str(block[-1])), block

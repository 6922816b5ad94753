"""httpx over our own connections: reuse, refusals, and what each error guarantees."""

import asyncio
import socket
import ssl
from collections.abc import AsyncIterator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import httpx
import pytest
import uvloop
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from core.minitool.transport import SENT, Address, Resolve, Transport, body_of
from tests.raw_server import listening

LONG = bytes(
    550_000
)  # more than comes in two reads, and less than a reader that pauses at 256 KB leaves behind


@asynccontextmanager
async def answering(
    rest: bytes, may_go_on: asyncio.Event, headers: bytes = b""
) -> AsyncIterator[httpx.Response]:
    """A chunked body: "one" at once, `rest` as it stands when told to, and then nothing more ever."""

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\n" + headers + b"transfer-encoding: chunked\r\n\r\n3\r\none\r\n")
        await may_go_on.wait()
        writer.write(rest)

    async with (
        listening(answer) as port,
        httpx.AsyncClient(transport=Transport()) as client,
        client.stream("GET", f"http://127.0.0.1:{port}") as response,
    ):
        yield response


async def test_a_whole_body_ends_the_wait_for_more() -> None:
    """A reader that collects pieces for an hour gets them as soon as the last one is there."""
    may_go_on = asyncio.Event()
    async with answering(b"3\r\ntwo\r\n5\r\nthree\r\n0\r\n\r\n", may_go_on) as response:
        pieces = aiter(body_of(response))
        assert await anext(pieces) == b"one"
        gathering = asyncio.create_task(body_of(response).gather(3600))
        await asyncio.sleep(0)
        may_go_on.set()
        await gathering
        assert [piece async for piece in pieces] == [b"twothree"]
        await body_of(response).gather(3600)


async def test_what_came_before_a_break_is_not_lost() -> None:
    """Unread pieces are returned before the error of the broken connection."""
    may_go_on = asyncio.Event()
    async with answering(b"3\r\ntwo\r\n", may_go_on) as response:
        pieces = aiter(body_of(response))
        assert await anext(pieces) == b"one"
        may_go_on.set()
        await body_of(response).gather(0.2)
        assert await anext(pieces) == b"two"
        with pytest.raises(httpx.RemoteProtocolError):
            await anext(pieces)


@pytest.mark.parametrize(
    "named",
    [b"gzip", b"GZip", b"deflate", b"br", b"new", b"identity, gzip", b"identity\r\ncontent-encoding: gzip"],
)
async def test_a_packed_body_is_not_read(named: bytes) -> None:
    """A compressed body was not asked for, and could unpack to more than the memory; its status counts."""
    async with answering(b"0\r\n\r\n", done(), b"content-encoding: " + named + b"\r\n") as response:
        assert response.status_code == 200
        for pieces in (body_of(response), response.aiter_bytes()):
            with pytest.raises(httpx.DecodingError):
                await anext(aiter(pieces))


async def test_a_body_that_is_packed_in_name_alone_is_read() -> None:
    """Content-Encoding: identity is accepted."""
    async with answering(b"0\r\n\r\n", done(), b"content-encoding: Identity\r\n") as response:
        assert b"".join([piece async for piece in body_of(response)]) == b"one"


def done() -> asyncio.Event:
    event = asyncio.Event()
    event.set()
    return event


class Sent:
    """Whether a request is said to have left."""

    def __init__(self) -> None:
        self.count = 0

    def __call__(self) -> None:
        self.count += 1


async def no_name(host: str, port: int) -> list[Address]:
    raise socket.gaierror


async def send(
    address: str, sent: Sent, connect: float = 30, resolve: Resolve | None = None, **headers: str
) -> None:
    limits = {"timeout": httpx.Timeout(None, connect=connect).as_dict()}
    async with httpx.AsyncClient(transport=Transport(resolve=resolve)) as client:
        request = client.build_request("POST", address, headers=headers, extensions={SENT: sent, **limits})
        await client.send(request)


async def no_tls(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    writer.write(b"no TLS\r\n\r\n")
    await reader.read()


async def mute(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
    await reader.read()


async def test_what_never_left_is_told_so(unused_port: int) -> None:
    """No server, an unknown name, no TLS or a failing one, an invalid address, an invalid header: each may be
    retried, and is never reported as sent."""
    sent = Sent()
    with pytest.raises(httpx.ConnectError):
        await send(f"http://127.0.0.1:{unused_port}", sent)
    with pytest.raises(httpx.ConnectError):
        await send(f"http://{'x' * 64}.localhost", sent, resolve=no_name)
    for address in ("ftp://127.0.0.1", "http:///path", "//127.0.0.1"):
        with pytest.raises(httpx.UnsupportedProtocol):
            await send(address, sent)
    async with listening(no_tls) as port:
        with pytest.raises(httpx.ConnectError):
            await send(f"https://127.0.0.1:{port}", sent)
    async with listening(mute) as port:
        with pytest.raises(httpx.ConnectTimeout):
            await send(f"https://127.0.0.1:{port}", sent, connect=0.05)
        with pytest.raises(httpx.LocalProtocolError):
            await send(f"http://127.0.0.1:{port}", sent, key="a\r\nhost: b")
    assert sent.count == 0


async def test_what_left_and_had_no_answer_may_have_arrived() -> None:
    """A server that takes the request and hangs up may have acted on it."""
    sent = Sent()

    async def take(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")

    async with listening(take) as port:
        with pytest.raises(httpx.RemoteProtocolError):
            await send(f"http://127.0.0.1:{port}", sent)
    assert sent.count == 1


async def test_an_answer_that_nobody_waits_for_is_hung_up_on() -> None:
    """Also before it began: what is made for nobody costs money, too."""
    asked, left = asyncio.Event(), asyncio.Event()

    async def take(reader: asyncio.StreamReader, _: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        asked.set()
        await reader.read()
        left.set()

    async with listening(take) as port, httpx.AsyncClient(transport=Transport()) as client:
        asking = asyncio.create_task(client.get(f"http://127.0.0.1:{port}"))
        await asked.wait()
        asking.cancel()
        await asyncio.wait([asking])
        await asyncio.wait_for(left.wait(), 5)


@pytest.mark.parametrize("keep_idle", [True, False])
async def test_connections_that_are_idle_are_used_again(keep_idle: bool) -> None:
    """Consecutive requests use one connection, concurrent ones two, and none where none is to be kept."""
    opened, both = 0, asyncio.Barrier(2)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        nonlocal opened
        opened += 1
        while head := await reader.readuntil(b"\r\n\r\n"):
            if b"/both" in head:
                await both.wait()
            writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi")

    async with listening(answer) as port:
        address = f"http://127.0.0.1:{port}"
        async with httpx.AsyncClient(transport=Transport(keep_idle=keep_idle)) as client:
            for _ in range(3):
                assert (await client.get(address)).content == b"hi"
            assert opened == (1 if keep_idle else 3)
            await asyncio.gather(client.get(f"{address}/both"), client.get(f"{address}/both"))
            assert opened == (2 if keep_idle else 5)


async def test_tls_is_spoken_and_whom_nobody_vouches_for_is_not_trusted(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The certificate must be for the requested name, and from a trusted issuer."""
    certificate_file, sent = certificate(tmp_path, "localhost"), Sent()

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi")

    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate_file)
    async with listening(answer, context) as port:
        with pytest.raises(httpx.ConnectError):
            await send(f"https://localhost:{port}", sent)
        trusting = ssl.create_default_context(cafile=certificate_file)
        monkeypatch.setattr("core.minitool.transport._tls", lambda: trusting)
        with pytest.raises(httpx.ConnectError):
            await send(f"https://127.0.0.1:{port}", sent)
        assert sent.count == 0
        await send(f"https://localhost:{port}", sent)
        assert sent.count == 1


@pytest.mark.parametrize("loop", [asyncio.new_event_loop, uvloop.new_event_loop], ids=["asyncio", "uvloop"])
@pytest.mark.parametrize("length", [b"content-length: %d\r\n" % len(LONG), b""], ids=["length", "no length"])
def test_a_hang_up_without_a_goodbye_loses_nothing(
    loop: Callable[[], asyncio.AbstractEventLoop],
    length: bytes,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Many servers close without TLS close_notify. Data before it is complete, however late it is read: neither
    an error nor a half body that looks whole."""
    certificate_file = certificate(tmp_path, "localhost")
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate_file)
    monkeypatch.setattr(
        "core.minitool.transport._tls", lambda: ssl.create_default_context(cafile=certificate_file)
    )

    def answer(listener: socket.socket) -> None:  # in a thread: asyncio's servers always say goodbye
        with context.wrap_socket(listener.accept()[0], server_side=True) as connection:
            connection.recv(64 * 1024)
            connection.sendall(b"HTTP/1.1 200 OK\r\n" + length + b"\r\n" + LONG)

    async def read(port: int) -> bytes:
        async with (
            httpx.AsyncClient(transport=Transport()) as client,
            client.stream("GET", f"https://localhost:{port}") as response,
        ):
            await body_of(response).gather(0.5)
            return b"".join([piece async for piece in body_of(response)])

    with (
        socket.create_server(("127.0.0.1", 0)) as listener,
        ThreadPoolExecutor(1) as pool,
        asyncio.Runner(loop_factory=loop) as runner,
    ):
        answering = pool.submit(answer, listener)
        assert runner.run(read(listener.getsockname()[1])) == LONG
        answering.result()


async def test_nothing_is_kept_once_it_is_closed() -> None:
    """A connection that is established while all are closed is not kept either."""
    connecting, is_closed, left = asyncio.Event(), asyncio.Event(), asyncio.Event()

    async def resolve(host: str, port: int) -> list[Address]:
        connecting.set()
        await is_closed.wait()
        return [(socket.AF_INET, socket.SOCK_STREAM, 0, "", ("127.0.0.1", port))]

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi")
        await reader.read()
        left.set()

    async with listening(answer) as port:
        client = httpx.AsyncClient(transport=Transport(resolve=resolve))
        asking = asyncio.create_task(client.get(f"http://127.0.0.1:{port}"))
        await connecting.wait()
        await client.aclose()
        is_closed.set()
        assert (await asking).content == b"hi"
        await asyncio.wait_for(left.wait(), 5)


def certificate(folder: Path, name: str) -> Path:
    """A file with a certificate for this name, signed by itself, and its key."""
    key, subject = (
        ec.generate_private_key(ec.SECP256R1()),
        x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)]),
    )
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder(
            subject, subject, key.public_key(), x509.random_serial_number(), now, now + timedelta(1)
        )
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    secret = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (folder / "told.pem").write_bytes(made.public_bytes(Encoding.PEM) + secret)
    return folder / "told.pem"

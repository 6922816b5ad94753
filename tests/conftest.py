"""What every test shares: a real store, settings free of the environment, and no way out of this machine."""

import bots.import_stubs  # noqa: F401  # isort: skip  # as every process of ours begins

import asyncio
import functools
import gc
import ipaddress
import os
import random
import shutil
import signal
import socket
import subprocess
import tempfile
import time
from collections import defaultdict
from collections.abc import AsyncIterator, Callable, Generator, Iterator
from contextlib import ExitStack, asynccontextmanager, contextmanager, suppress
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import httpx
import hypothesis
import pytest
import uvicorn
from pydantic_settings import BaseSettings
from redis import Redis
from redis.exceptions import RedisError
from redis.utils import get_lib_version

from core.settings import Settings
from core.store import Store, open_store
from core.valkey import find_binary
from tests.waiting import PATIENCE_S

MakeSettings = Callable[..., Settings]
LONG = ("tests/e2e/", "tests/core/usecases/")
LONG_END = 0.5  # of all
DAYS_END_S = 15
# A machine that is busy is no fault of what is tested.
hypothesis.settings.register_profile("untimed", hypothesis.settings.default, deadline=None)
hypothesis.settings.load_profile("untimed")
_chance = random.SystemRandom()  # the one of the tests begins alike in every worker


@pytest.hookimpl(trylast=True)
def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Files that start processes keep the processors busy, others mostly wait: both are mixed, each kind in its
    random order. The kinds with long files end earlier, so that none of these is left for last."""
    kinds = defaultdict[str, list[Path]](list)
    for file in dict.fromkeys(item.path for item in items):
        kinds[next((kind for kind in LONG if kind in file.as_posix()), "")].append(file)
    place = {
        file: at / len(files) * (LONG_END if kind else 1)
        for kind, files in kinds.items()
        for at, file in enumerate(files)
    }
    items.sort(key=lambda item: place[item.path])


@pytest.hookimpl(wrapper=True)
def pytest_collection() -> Generator[None, object, object]:
    """What is imported and collected stays to the end: no collection of garbage looks at it."""
    gc.disable()
    try:
        return (yield)
    finally:
        gc.freeze()
        gc.enable()


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_setup() -> None:
    """No test begins just before midnight, when what a day has cost is counted anew."""
    left = -time.time() % 86_400
    if left < DAYS_END_S:
        time.sleep(left)


@contextmanager
def run_valkey(*options: str, password: str | None = None) -> Iterator[Path]:
    """A bare server of our own, without files worth keeping; yields its folder. A file of settings, as
    Sentinel wants one, comes first among the options."""
    home = Path(tempfile.mkdtemp(prefix="bots-", dir="/tmp"))
    config = options[:1] if options[0].endswith(".conf") else ("--save", "")
    place = ("--dir", str(home), "--unixsocket", str(home / "socket"))
    command = [str(find_binary()), *config, *(option for option in options if option not in config), *place]
    with open(home / "log", "wb") as output:
        process = subprocess.Popen(command, stdout=output, stderr=output)
    try:
        with Redis(unix_socket_path=str(home / "socket"), password=password) as redis:
            wait(lambda: redis.ping())
        yield home
    finally:
        process.kill()
        process.wait()
        shutil.rmtree(home, ignore_errors=True)


def wait(condition: Callable[[], Any]) -> None:
    """Until the servers that a fixture started are ready."""
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        try:
            if condition():
                return
        except (RedisError, OSError):
            pass
        time.sleep(0.01)
    raise AssertionError("the test's Valkey did not come up")


def free_ports(count: int) -> list[int]:
    """Different TCP ports that were free a moment ago, below those that the system gives to outgoing calls: no
    such call gets one of them before a server has it."""
    with ExitStack() as stack:
        found: list[int] = []
        while len(found) < count:
            probe = stack.enter_context(socket.socket())
            with suppress(OSError):
                probe.bind(("127.0.0.1", _chance.randrange(20_000, 32_000)))
                found.append(probe.getsockname()[1])
        return found


def free_port() -> int:
    return free_ports(1)[0]


@pytest.fixture(scope="session")
def valkey_url() -> Iterator[str]:
    """A real Valkey for the whole session. Use `store` or `make_settings` to find it empty."""
    with run_valkey("--port", "0") as home:
        yield f"unix://{home}/socket"


@pytest.fixture(scope="session")
def _broom(valkey_url: str) -> Iterator[Any]:
    """Making a client takes longer than all that there is to sweep."""
    with Redis.from_url(valkey_url) as redis:
        yield redis


@pytest.fixture
def empty_valkey(_broom: Any, valkey_url: str) -> str:
    """The session's Valkey, emptied for this test."""
    _broom.flushall()
    return valkey_url


class _Given(Settings):
    """Of what is given alone. Looking for the rest in an environment where none of it is takes far longer."""

    def __init__(self, **given: Any) -> None:
        super(BaseSettings, self).__init__(**given)


@pytest.fixture
def make_settings(tmp_path: Path, empty_valkey: str) -> MakeSettings:
    """make_settings(**overrides): Settings over the session's (emptied) Valkey and a DATA_DIR of this
    test. `redis_url=""` gives the embedded store."""

    def make(**overrides: Any) -> Settings:
        return _Given(**{"redis_url": empty_valkey, "data_dir": tmp_path / "data", **overrides})

    return make


@pytest.fixture
async def store(make_settings: MakeSettings) -> AsyncIterator[Store]:
    """An open, empty store."""
    async with open_store(make_settings()) as opened:
        yield opened


@asynccontextmanager
async def hanging(store: Store) -> AsyncIterator[None]:
    """The store answers nobody meanwhile."""
    server = int((await store.redis.info("server"))["process_id"])
    os.kill(server, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(server, signal.SIGCONT)


@pytest.fixture(scope="session")
def cluster() -> Iterator[str]:
    """A Valkey cluster of three masters, started for the first test that wants it; its REDIS_URL."""
    ports, buses = (found := free_ports(6))[:3], found[3:]
    with ExitStack() as stack:
        nodes = []
        for port, bus in zip(ports, buses, strict=True):
            options = ("--port", str(port), "--cluster-enabled", "yes", "--cluster-port", str(bus))
            timing = ("--bind", "127.0.0.1", "--cluster-node-timeout", "2000", "--loglevel", "warning")
            stack.enter_context(run_valkey(*options, *timing))
            nodes.append(stack.enter_context(Redis(port=port)))
        _join(nodes)
        yield ",".join(
            f"redis+cluster://127.0.0.1:{ports[0]}" if n == 0 else f"127.0.0.1:{p}" for n, p in enumerate(ports)
        )


def _join(nodes: list[Any]) -> None:
    slots = 16384
    for number, node in enumerate(nodes):
        first, last = slots * number // len(nodes), slots * (number + 1) // len(nodes) - 1
        node.execute_command("CLUSTER ADDSLOTSRANGE", first, last)
        node.execute_command("CLUSTER SET-CONFIG-EPOCH", number + 1)
    for other in nodes[1:]:
        port = other.connection_pool.connection_kwargs["port"]
        bus = other.config_get("cluster-port")["cluster-port"]
        nodes[0].execute_command("CLUSTER MEET", "127.0.0.1", port, bus)
    wait(lambda: all(node.cluster("INFO")["cluster_state"] == "ok" for node in nodes))
    wait(lambda: all(node.cluster("INFO")["cluster_known_nodes"] == str(len(nodes)) for node in nodes))


@pytest.fixture
async def cluster_store(cluster: str, make_settings: MakeSettings) -> AsyncIterator[Store]:
    """An open, empty store over the cluster."""
    async with open_store(make_settings(redis_url=cluster)) as opened:
        await opened.redis.flushall(target_nodes="all")
        yield opened


@pytest.fixture(scope="session", autouse=True)
def _servers_end_soon() -> Iterator[None]:
    """uvicorn looks every tenth of a second whether it shall end, and then waits for another: hundreds of tests
    would wait for it. Here it is woken, and looks but once a second."""

    def told(server: uvicorn.Server) -> asyncio.Event:
        return vars(server).setdefault("told", asyncio.Event())

    def tell(server: uvicorn.Server, ends: bool) -> None:
        if ends:
            told(server).set()

    async def main_loop(server: uvicorn.Server) -> None:
        while not await server.on_tick(0):
            with suppress(TimeoutError):
                await asyncio.wait_for(told(server).wait(), 1)

    async def shorter(seconds: float) -> None:
        await asyncio.sleep(seconds / 10)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("uvicorn.server.asyncio", SimpleNamespace(**{**vars(asyncio), "sleep": shorter}))
        patch.setattr(uvicorn.Server, "main_loop", main_loop)
        should_exit = property(lambda server: told(server).is_set(), tell)
        patch.setattr(uvicorn.Server, "should_exit", should_exit, raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _files_are_read_once() -> Iterator[None]:
    """Each client of HTTP reads the certificates of the whole world, and all that ours talk to is on this
    machine. Each client of the store that a test makes reads which version it is."""
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr("httpx._transports.default.create_ssl_context", functools.cache(httpx.create_ssl_context))
        patch.setattr("redis.utils.get_lib_version", functools.cache(get_lib_version))
        yield


@pytest.fixture(scope="session", autouse=True)
def _loops_leave_ctrl_c_alone() -> Iterator[None]:
    """asyncio lets it cancel a task, where it finds Python's own way to end; and whenever it puts that back, an
    error that nobody sees describes the task with its result, which may be a whole Core."""
    own = signal.signal(signal.SIGINT, lambda *caught: signal.default_int_handler(*caught))
    yield
    signal.signal(signal.SIGINT, own)


@pytest.fixture(scope="session", autouse=True)
def _plain_environment() -> Iterator[None]:
    """No setting of the person who runs the tests reaches them, nor their language."""
    with pytest.MonkeyPatch.context() as patch:
        for name in (*Settings.model_fields, "lang", "lc_all", "lc_messages"):
            patch.delenv(name.upper(), raising=False)
            patch.delenv(name, raising=False)
        yield


@pytest.fixture(scope="session", autouse=True)
def _only_this_machine() -> Iterator[None]:
    """Every connection but to loopback and unix sockets is an error."""
    connect, connect_ex, resolve = socket.socket.connect, socket.socket.connect_ex, socket.getaddrinfo

    def guarded(real: Callable[..., Any]) -> Callable[..., Any]:
        def call(self: socket.socket, address: Any) -> Any:
            if self.family != socket.AF_UNIX and not _is_here(address[0]):
                raise AssertionError(f"a test tried to reach {address[0]}")
            return real(self, address)

        return call

    def guarded_resolve(host: Any, *args: Any, **kwargs: Any) -> Any:
        if host and not _is_here(host) and not _is_address(host):
            raise AssertionError(f"a test tried to look up {host}")
        return resolve(host, *args, **kwargs)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(socket.socket, "connect", guarded(connect))
        patch.setattr(socket.socket, "connect_ex", guarded(connect_ex))
        patch.setattr(socket, "getaddrinfo", guarded_resolve)
        yield


def _is_here(host: Any) -> bool:
    name = host.decode() if isinstance(host, bytes) else str(host)
    if name in ("localhost", ""):
        return True
    return _is_address(name) and ipaddress.ip_address(name).is_loopback


def _is_address(host: Any) -> bool:
    """Nobody is asked what a number means."""
    try:
        ipaddress.ip_address(host.decode() if isinstance(host, bytes) else host)
    except ValueError:
        return False
    return True

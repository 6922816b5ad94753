"""Runs the console script in forks of a process that has imported everything already.

That saves a second of CPU time for each. Streams, folder, environment, signals and exit code are those of a
process of its own; that the script can also start from nothing is tested with `script.run_script` and
`script.service`.
"""

import bots.import_stubs  # noqa: F401  # isort: skip  # as every process of ours begins

import asyncio
import functools
import gc
import importlib
import json
import os
import runpy
import signal
import socket
import subprocess
import sys
import time
from collections.abc import AsyncIterator, Mapping, Sequence
from contextlib import asynccontextmanager, suppress
from pathlib import Path
from typing import Any

from tests.e2e.script import ROOT, Done, Service, environment, watched
from tests.waiting import PATIENCE_S

Streams = Sequence[Path | int | None]  # files, descriptors
_MOST = 65_536  # bytes of an order
# What is imported when it is known which command it is, and what a service imports soon.
_LATE = (
    *("uvloop", "docket", "core.pixels", "core.minitool.simulated", "bots.run", "bots.doctor"),
    *("bots.terminal.verbs", "bots.terminal.operator", "bots.terminal.backup", "bots.web.server"),
    *("bots.discord.client", "bots.telegram.client", "bots.telegram.webhook"),
    *("anyio._backends._asyncio", "anyio.streams.tls", "uvicorn.lifespan.off", "uvicorn.lifespan.on"),
)


class ForkServer:
    """The process that has imported everything. Each order to it is a command with four file descriptors: its
    streams, and a pipe to which its process id and then its exit code are written."""

    def __init__(self) -> None:
        self._side, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with there:
            self._process = subprocess.Popen(
                [sys.executable, "-m", "tests.e2e.fork_server", str(there.fileno())],
                cwd=ROOT, env=environment(), pass_fds=[there.fileno()],
            )  # fmt: skip

    def close(self) -> None:
        self._side.close()  # it ends when its socket is closed
        self._process.wait(PATIENCE_S)

    async def run(self, cwd: Path, *args: str, streams: Streams = (), **settings: str) -> Done:
        """As `script.run_script`. `streams` take the place of its input, its output, its errors: they are not
        returned then."""
        pipes = self._start(cwd, args, environment(**settings), streams)
        reading = (_read(pipe) for pipe in pipes)
        out, err, status = await asyncio.wait_for(asyncio.gather(*reading), PATIENCE_S)
        return Done(int(status.split()[1]), out, err)

    async def start(self, cwd: Path, *args: str, streams: Streams = (), **settings: str) -> "Forked":
        """Starts a command, with streams as in `run`."""
        pipes = self._start(cwd, args, environment(**settings), streams)
        out, err, status = [await _opened(pipe) for pipe in pipes]
        return Forked(int(await status.readline()), out, err, status)

    def _start(self, cwd: Path, args: tuple[str, ...], env: Mapping[str, str], streams: Streams) -> list[int]:
        """Where its output, its errors, and its number and exit code can be read."""
        order = json.dumps({"cwd": str(cwd), "args": args, "env": dict(env)}).encode()
        pipes = [os.pipe() for _ in range(3)]
        given = [os.open(os.devnull, os.O_RDONLY), *(write for _, write in pipes)]
        for at, stream in enumerate(streams):
            if stream is not None:
                os.close(given[at])
                is_open = isinstance(stream, int)
                given[at] = os.dup(stream) if is_open else os.open(stream, os.O_RDWR | os.O_CREAT)
        socket.send_fds(self._side, [order], given)
        for one in given:
            os.close(one)
        return [read for read, _ in pipes]


class Forked:
    """A process that another one waits for, who tells `_told` of its end."""

    def __init__(self, number: int, *streams: asyncio.StreamReader) -> None:
        self.stdout: asyncio.StreamReader | None
        self.stderr: asyncio.StreamReader | None
        self.stdout, self.stderr, status = streams
        self._number = number
        self._end = asyncio.ensure_future(status.read())

    @property
    def returncode(self) -> int | None:
        return int(self._end.result()) if self._end.done() else None

    def send_signal(self, number: int, /) -> None:
        if self.returncode is None:
            with suppress(ProcessLookupError):
                os.kill(self._number, number)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    async def wait(self) -> int:
        return int(await asyncio.shield(self._end))

    async def communicate(self) -> tuple[bytes, bytes]:
        """What it still writes, up to its end."""
        assert self.stdout
        assert self.stderr
        out, err, _ = await asyncio.gather(self.stdout.read(), self.stderr.read(), self.wait())
        return out, err


async def _opened(pipe: int) -> asyncio.StreamReader:
    reader = asyncio.StreamReader()
    protocol, file = asyncio.StreamReaderProtocol(reader), os.fdopen(pipe, "rb", 0)
    await asyncio.get_running_loop().connect_read_pipe(lambda: protocol, file)
    return reader


async def _read(pipe: int) -> str:
    return (await (await _opened(pipe)).read()).decode()


@functools.cache
def fork_server() -> ForkServer:
    """The fork server that all tests share, started when it is first needed."""
    return ForkServer()


@asynccontextmanager
async def service(cwd: Path, *args: str, **settings: str) -> AsyncIterator[Service]:
    """As `script.service`."""
    process = await fork_server().start(cwd, "run", *args, LOG_FORMAT="json", **settings)
    async with watched(process) as running:
        yield running


def _serve(side: socket.socket) -> None:
    """Until nobody can give an order any more. Each has a process that waits for its end."""
    while True:
        order, given, _, _ = socket.recv_fds(side, _MOST, 4)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not order:
            return
        if not os.fork():
            side.close()
            if command := os.fork():
                os.write(given[-1], f"{command}\n".encode())
                code = os.waitstatus_to_exitcode(os.waitpid(command, 0)[1])
                os.write(given[-1], str(code).encode())
                os._exit(0)
            _become(json.loads(order), given)
        for one in given:
            os.close(one)


def _become(order: dict[str, Any], given: list[int]) -> None:
    """The command, to its end."""
    os.environ.clear()
    os.environ.update(order["env"])
    time.tzset()
    os.chdir(order["cwd"])
    for to, one in enumerate(given[:3]):
        os.dup2(one, to)
    for one in given:
        os.close(one)
    sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115  # it stays open
    sys.stderr = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115  # as well
    sys.argv[1:] = order["args"]
    runpy.run_module("bots", run_name="__main__", alter_sys=True)


if __name__ == "__main__":
    gc.disable()
    for module in _LATE:
        importlib.import_module(module)
    # The words of every language are read then, and most of them parsed.
    sys.modules["bots.discord.commands"].build()
    gc.freeze()  # or each child would copy what it never uses
    _serve(socket.socket(fileno=int(sys.argv[1])))

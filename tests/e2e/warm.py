"""Commands of the console script as processes that need not import it first: each is a fork of one that has.

Where a test starts many, this is a second of computing for each. What a process of its own is about (its
streams, its folder, its environment, its exit code, its end) is as ever; that the script can start from nothing
is what `script.run_script` is for.
"""

import bots.lean  # isort: skip  # as every process of ours begins

import asyncio
import gc
import json
import os
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import uvloop  # noqa: F401  # what a command imports when it is known which one it is

import bots.terminal.operator  # noqa: F401
from tests.e2e.script import ROOT, Done, environment
from tests.waiting import PATIENCE_S

_MOST = 65_536  # bytes of an order


class Warm:
    """The process that has imported everything. Each order to it is a command with four file descriptors: its
    streams, and where its exit code is told."""

    def __init__(self, side: socket.socket) -> None:
        self._side = side

    async def run(self, cwd: Path, *args: str, **settings: str) -> Done:
        """As `script.run_script`."""
        order = json.dumps({"cwd": str(cwd), "args": args, "env": dict(environment(**settings))}).encode()
        pipes = [os.pipe() for _ in range(3)]
        given = [os.open(os.devnull, os.O_RDONLY), *(write for _, write in pipes)]
        socket.send_fds(self._side, [order], given)
        for one in given:
            os.close(one)
        reading = (asyncio.to_thread(_whole, read) for read, _ in pipes)
        out, err, code = await asyncio.wait_for(asyncio.gather(*reading), PATIENCE_S)
        return Done(int(code), out, err)


def _whole(descriptor: int) -> str:
    with open(descriptor, "rb") as file:
        return file.read().decode()


@contextmanager
def warm() -> Iterator[Warm]:
    here, there = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with here, there:
        process = subprocess.Popen(
            [sys.executable, "-m", "tests.e2e.warm", str(there.fileno())],
            cwd=ROOT, env=environment(), pass_fds=[there.fileno()],
        )  # fmt: skip
        there.close()
        yield Warm(here)
    process.wait(PATIENCE_S)  # it goes when nobody can give it orders


def _serve(side: socket.socket) -> None:
    """Until nobody can give an order any more. Each has a process that waits for its end."""
    from bots.__main__ import main

    gc.freeze()  # or each child would copy what it never uses
    while True:
        order, given, _, _ = socket.recv_fds(side, _MOST, 4)
        with suppress(ChildProcessError):
            while os.waitpid(-1, os.WNOHANG)[0]:
                pass
        if not order:
            return
        if not os.fork():
            if command := os.fork():
                told = str(os.waitstatus_to_exitcode(os.waitpid(command, 0)[1]))
                os.write(given[-1], told.encode())
                os._exit(0)
            side.close()
            told = json.loads(order)
            os.environ.clear()
            os.environ.update(told["env"])
            time.tzset()
            os.chdir(told["cwd"])
            for to, one in enumerate(given[:3]):
                os.dup2(one, to)
            for one in given:
                os.close(one)
            sys.stdout = open(1, "w", closefd=False)  # noqa: SIM115  # it stays open
            sys.stderr = open(2, "w", buffering=1, closefd=False)  # noqa: SIM115  # as well
            main(told["args"], prog_name="python -m bots")
        for one in given:
            os.close(one)


if __name__ == "__main__":
    _serve(socket.socket(fileno=int(sys.argv[1])))

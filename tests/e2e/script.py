"""The unmodified console script as a process of its own, with an environment of the test's making."""

import asyncio
import os
import signal
import sys
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from tests.waiting import PATIENCE_S

ROOT = Path(__file__).resolve().parents[2]


def environment(**settings: str) -> Mapping[str, str]:
    """Nothing of the person who runs the tests but what finds Python. Coverage is not taken of these processes:
    it makes the whole run longer by a twelfth, and what they do nearly all other tests do as well."""
    kept = {name: os.environ[name] for name in ("PATH", "HOME") if name in os.environ}
    return {**kept, "LANG": "C.UTF-8", "PYTHONPATH": str(ROOT), "MINITOOLAI_API_KEY": "", **settings}


@dataclass(frozen=True)
class Done:
    code: int
    out: str
    err: str


async def run_script(cwd: Path, *args: str, **settings: str) -> Done:
    """Runs to its end."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bots", *args, cwd=cwd, env=environment(**settings),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    out, err = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    assert process.returncode is not None
    return Done(process.returncode, out.decode(), err.decode())


class Process(Protocol):
    """What tests do with one."""

    stdout: asyncio.StreamReader | None
    stderr: asyncio.StreamReader | None

    @property
    def returncode(self) -> int | None: ...
    def send_signal(self, number: int, /) -> None: ...
    def terminate(self) -> None: ...
    def kill(self) -> None: ...
    async def wait(self) -> int: ...


@dataclass
class Service:
    """A `run` under way. `log` grows."""

    process: Process
    log: list[str]

    async def until(self, *words: str, within: float = PATIENCE_S) -> str:
        """The first line of the log with all these words."""
        async with asyncio.timeout(within):
            while not (found := [line for line in self.log if all(word in line for word in words)]):
                assert self.process.returncode is None, "\n".join(self.log)
                await asyncio.sleep(0.01)
        return found[0]

    async def stop(self) -> int:
        self.process.send_signal(signal.SIGTERM)
        return await asyncio.wait_for(self.process.wait(), PATIENCE_S)


@asynccontextmanager
async def service(cwd: Path, *args: str, **settings: str) -> AsyncIterator[Service]:
    """`run` with a log in JSON; killed at the end if it still runs."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "bots", "run", *args, cwd=cwd, env=environment(LOG_FORMAT="json", **settings),
        stdin=asyncio.subprocess.DEVNULL, stdout=asyncio.subprocess.DEVNULL, stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    async with watched(process) as running:
        yield running


@asynccontextmanager
async def watched(process: Process) -> AsyncIterator[Service]:
    """Its log is read; killed at the end if it still runs."""
    log: list[str] = []

    async def read() -> None:
        assert process.stderr is not None
        while line := await process.stderr.readline():
            log.append(line.decode().rstrip())

    reading = asyncio.create_task(read())
    try:
        yield Service(process, log)
    finally:
        if process.returncode is None:
            process.kill()
        await process.wait()
        await reading
        if process.stdout:
            await process.stdout.read()

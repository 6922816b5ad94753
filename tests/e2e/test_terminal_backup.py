"""`backup` and `restore` that are ended from outside leave no copy of the data."""

import asyncio
import os
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from pathlib import Path

import pytest
from redis import Redis

from tests.conftest import run_valkey
from tests.e2e.fork_server import Forked, ForkServer, fork_server
from tests.waiting import PATIENCE_S

pytestmark = pytest.mark.e2e


@asynccontextmanager
async def begun(cwd: Path, *args: str, until: Callable[[], bool], **settings: str) -> AsyncIterator[Forked]:
    """The command, once it is so far; killed at the end if it still runs."""
    process = await fork_server().start(cwd, *args, **settings)
    try:
        async with asyncio.timeout(PATIENCE_S):
            while not until():  # another process does it
                assert process.returncode is None
                await asyncio.sleep(0.01)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


def filled(home: Path) -> str:
    """The server there, with something to copy; its REDIS_URL."""
    with Redis(unix_socket_path=f"{home}/socket") as redis:
        redis.set("a", "1")
    return f"unix://{home}/socket"


async def test_a_backup_that_is_ended(tmp_path: Path, ready: ForkServer) -> None:
    """SIGTERM leaves nothing. SIGKILL leaves an unfinished folder: the next backup names it, and does not touch
    it, as another backup could be writing it."""
    unfinished = tmp_path / "copy.unfinished"
    with run_valkey("--port", "0", "--repl-diskless-sync-delay", "600") as home:
        where = {"REDIS_URL": filled(home)}
        async with begun(tmp_path, "backup", "copy", until=unfinished.exists, **where) as process:
            process.terminate()
            assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 143
        assert os.listdir(tmp_path) == []
        async with begun(tmp_path, "backup", "copy", until=unfinished.exists, **where) as process:
            process.kill()
        done = await ready.run(tmp_path, "backup", "copy", **where)
    assert (done.code, done.err) == (
        1, "copy.unfinished is under way, or was left by a crash: remove it then\n"
    )  # fmt: skip


async def test_a_backup_to_an_unwritable_folder(tmp_path: Path, ready: ForkServer) -> None:
    """One line in the system's words, as for every file."""
    with run_valkey("--port", "0") as home:
        done = await ready.run(tmp_path, "backup", "/proc/copy", REDIS_URL=filled(home))
    assert (done.code, done.err) == (1, "/proc/copy: No such file or directory\n")


async def test_a_backup_of_an_empty_store_is_refused(tmp_path: Path, ready: ForkServer) -> None:
    """cron may start it in another folder than that of `.env`: it says so, in the language of the shell."""
    done = await ready.run(tmp_path, "backup", "copy")
    assert done.code == 1
    assert done.err == "the store is empty; DATA_DIR and REDIS_URL must be those of `run`\n"
    assert not (tmp_path / "copy").exists()
    german = await ready.run(tmp_path, "backup", "copy", LC_ALL="de_DE.UTF-8")
    assert (german.code, german.err.partition(";")[0]) == (1, "Der Speicher ist leer")


async def test_a_restore_that_is_ended(tmp_path: Path, ready: ForkServer) -> None:
    """Its private server ends with it, and the files that it read are removed."""
    for name in ("from", "temporary"):
        (tmp_path / name).mkdir()
    with run_valkey("--port", "0", "--repl-diskless-sync-delay", "0") as home:
        where = {"REDIS_URL": filled(home), "TMPDIR": str(tmp_path / "temporary")}
        with Redis(unix_socket_path=f"{home}/socket") as redis:
            assert (await ready.run(tmp_path, "backup", "copy", **where)).code == 0
            redis.flushall()
            redis.execute_command("CLIENT", "PAUSE", 600_000, "WRITE")

            def has_begun() -> bool:
                return bool([*(tmp_path / "temporary").glob("restore-*")])

            async with begun(tmp_path, "restore", "copy", until=has_begun, **where) as process:
                process.terminate()
                assert await asyncio.wait_for(process.wait(), PATIENCE_S) == 143
    assert os.listdir(tmp_path / "temporary") == []

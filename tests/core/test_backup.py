"""Backup under load, and restore elsewhere: nothing acknowledged before is lost, and the ledger is
consistent."""

import asyncio
import os
import resource
import stat
import time
import tracemalloc
from collections.abc import AsyncIterator, Iterator
from contextlib import asynccontextmanager
from hashlib import sha256
from pathlib import Path

import pytest
from redis import Redis

from core.backup import SUMS, BadBackup, backup, restore
from core.money.base import LedgerLine
from core.settings import Settings
from core.spend import Payer, Spend, Spent, Wanted
from core.store import Store, open_store
from tests.conftest import MakeSettings, run_valkey

NANOS = 1_500_000
UNLIMITED = {
    f"{scope}_{period}_usd": "off" for scope in ("user", "global", "chat") for period in ("daily", "monthly")
}


class Load:
    """People who pay, as fast as they can; `booked` are the requests whose payment was acknowledged."""

    def __init__(self, spend: Spend) -> None:
        self.spend, self.booked, self.numbers = spend, set[str](), iter(range(1_000_000))

    async def pay(self) -> None:
        number = next(self.numbers)
        request = f"request-{number}"
        payer = Payer(f"here:{number % 20}", f"here:room:{number % 3}")
        await self.spend.take(payer, Wanted(request, "ask", "gpt-4o-mini", NANOS, NANOS))
        if number % 5:
            await self.spend.settle(request, Spent(NANOS - number % 1000))
            self.booked.add(request)

    async def pay_for_ever(self) -> None:
        while True:
            await self.pay()


@asynccontextmanager
async def load(store: Store, settings: Settings) -> AsyncIterator[Load]:
    """Ten people pay for as long as it is open."""
    async with Spend(store, settings, time.time) as spend:
        paying = Load(spend)
        tasks = [asyncio.create_task(paying.pay_for_ever()) for _ in range(10)]
        try:
            yield paying
        finally:
            for task in tasks:
                task.cancel()
            await asyncio.wait(tasks)


async def booked(store: Store) -> set[str]:
    """The requests that stand in the ledger."""
    return {LedgerLine.read(entry).request for _, entry in await store.redis.xrange("{money}:ledger")}


async def back_up_under_load(store: Store, settings: Settings, folder: Path) -> set[str]:
    """The requests that had been acknowledged when the backup began; more followed while it was made."""
    await store.redis.set("other:goes", "1", ex=1000)
    await store.redis.set("other:picture", b"\0\xff" * 3_000_000)
    async with load(store, settings) as paying:
        while len(paying.booked) < 200:  # noqa: ASYNC110  # the others do it
            await asyncio.sleep(0.005)
        before = set(paying.booked)
        await backup(store, folder)
        while len(paying.booked) < len(before) + 200:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
    return before


async def check(store: Store, settings: Settings, before: set[str]) -> None:
    assert before <= await booked(store)
    async with Spend(store, settings, time.time) as spend:
        assert await spend.ledger.audit() == []
    assert 900 < await store.redis.ttl("other:goes") <= 1000
    assert await store.redis.ttl("other:picture") == -1
    assert await store.redis.get("other:picture") == b"\0\xff" * 3_000_000


async def test_embedded_to_embedded(make_settings: MakeSettings, tmp_path: Path) -> None:
    """From an embedded store in use into another DATA_DIR, where it survives a restart."""
    settings = make_settings(redis_url="", **UNLIMITED)
    elsewhere = make_settings(redis_url="", data_dir=tmp_path / "elsewhere", **UNLIMITED)
    async with open_store(settings) as store:
        before = await back_up_under_load(store, settings, tmp_path / "copy")
        assert not list((tmp_path / "data" / "store").glob("*.rdb")), (
            "a second copy of all data was left behind"
        )
    files = sorted((tmp_path / "copy").iterdir())
    assert [file.name for file in files] == ["SHA256SUMS", "server-1.rdb"]
    assert stat.S_IMODE(files[1].stat().st_mode) == 0o600
    async with open_store(elsewhere) as store:
        assert await restore(tmp_path / "copy", store) > 20
    async with open_store(elsewhere) as store:
        await check(store, elsewhere, before)


@pytest.fixture(scope="module")
def elsewhere() -> Iterator[str]:
    """A server with a password, whose one database is its third."""
    with run_valkey(
        "--port", "0", "--requirepass", "secret", "--repl-diskless-sync-delay", "0", password="secret"
    ) as home:
        yield f"unix://:secret@{home}/socket?db=3"


async def test_a_server_to_a_cluster_and_back(
    elsewhere: str, cluster_store: Store, store: Store, make_settings: MakeSettings, tmp_path: Path
) -> None:
    """From REDIS_URL into a cluster, each of whose servers is backed up, and from there into one server."""
    settings = make_settings(redis_url=elsewhere, **UNLIMITED)
    for node in cluster_store.redis.get_primaries():
        await cluster_store.redis.config_set("repl-diskless-sync-delay", 0, target_nodes=node)
    async with open_store(settings) as origin:
        before = await back_up_under_load(origin, settings, tmp_path / "copy")
    await restore(tmp_path / "copy", cluster_store)
    await check(cluster_store, settings, before)
    await backup(cluster_store, tmp_path / "second")
    assert len(list((tmp_path / "second").glob("*.rdb"))) == 3
    await restore(tmp_path / "second", store)
    await check(store, settings, before)


async def test_a_restore_takes_little_room(store: Store, empty_valkey: str, tmp_path: Path) -> None:
    """Besides the private server: no second copy of the files, whose folder may be in memory, and only some of
    the pictures at once."""
    await store.redis.config_set("repl-diskless-sync-delay", 0)
    with Redis.from_url(empty_valkey) as redis:
        for number in range(60):
            redis.set(f"picture:{number}", os.urandom(1 << 20))
    await backup(store, tmp_path / "copy")
    await store.redis.flushall()
    no_limit = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (1 << 20, no_limit[1]))
    tracemalloc.start()
    try:
        assert await restore(tmp_path / "copy", store) == 60
        assert tracemalloc.get_traced_memory()[1] < 60 << 20
    finally:
        tracemalloc.stop()
        resource.setrlimit(resource.RLIMIT_FSIZE, no_limit)


async def test_what_cannot_be_restored(store: Store, tmp_path: Path) -> None:
    """Into a non-empty store, from a changed file, or from no backup: refused, and nothing is written."""
    await store.redis.config_set("repl-diskless-sync-delay", 0)
    await store.redis.set("a", "1")
    folder = tmp_path / "copy"
    await backup(store, folder)
    with pytest.raises(BadBackup, match="backup-exists"):
        await backup(store, folder)
    with pytest.raises(BadBackup, match="backup-not-empty"):
        await restore(folder, store)
    await store.redis.flushall()
    file = folder / "server-1.rdb"
    whole = file.read_bytes()
    file.write_bytes(whole[:-1] + bytes([whole[-1] ^ 1]))
    with pytest.raises(BadBackup, match="backup-changed"):
        await restore(folder, store)
    with pytest.raises(BadBackup, match="backup-none"):
        await restore(tmp_path, store)
    assert await store.redis.dbsize() == 0


@pytest.mark.parametrize("is_empty", [False, True])
async def test_a_server_that_others_use(make_settings: MakeSettings, tmp_path: Path, *, is_empty: bool) -> None:
    """A backup would contain other applications' databases, and only those if ours is empty: it is refused."""
    with run_valkey("--port", "0") as home, Redis(unix_socket_path=f"{home}/socket") as theirs:
        theirs.set("of", "somebody else")
        async with open_store(make_settings(redis_url=f"unix://{home}/socket?db=3")) as ours:
            if not is_empty:
                await ours.redis.set("a", "1")
            with pytest.raises(BadBackup, match="backup-shared") as refused:
                await backup(ours, tmp_path / "copy")
            assert refused.value.data == {"names": "db0, db3"}
    assert os.listdir(tmp_path) == []


async def test_a_copy_of_what_others_have_too(store: Store, tmp_path: Path) -> None:
    """A backup with other applications' databases is not restored."""
    with run_valkey("--port", "0") as home, Redis(unix_socket_path=f"{home}/socket", db=1) as theirs:
        theirs.set("of", "somebody else")
        theirs.move("of", 0)
        theirs.set("of", "us")
        theirs.save()
        data = (home / "dump.rdb").read_bytes()
    (tmp_path / "server-1.rdb").write_bytes(data)
    (tmp_path / SUMS).write_text(f"{sha256(data).hexdigest()}  server-1.rdb\n", "ascii")
    with pytest.raises(BadBackup, match="backup-file-shared"):
        await restore(tmp_path, store)


async def test_a_copy_that_is_cut(store: Store, tmp_path: Path) -> None:
    """Even with matching checksums, the error is about the file, not the store."""
    data = b"VALKEY080"
    (tmp_path / "server-1.rdb").write_bytes(data)
    (tmp_path / SUMS).write_text(f"{sha256(data).hexdigest()}  server-1.rdb\n", "ascii")
    with pytest.raises(BadBackup, match="backup-unreadable"):
        await restore(tmp_path, store)


async def test_a_server_that_gives_no_copy(make_settings: MakeSettings, tmp_path: Path) -> None:
    """If the server forbids SYNC, the reason is reported, and no partial backup is left."""
    with run_valkey("--port", "0", "--user", "default", "on", "nopass", "~*", "+@all", "-sync") as home:
        async with open_store(make_settings(redis_url=f"unix://{home}/socket")) as store:
            await store.redis.set("a", "1")
            with pytest.raises(BadBackup, match="backup-refused") as refused:
                await backup(store, tmp_path / "copy")
    assert "NOPERM" in str(refused.value.data)
    assert not [name for name in os.listdir(tmp_path) if name.startswith("copy")]

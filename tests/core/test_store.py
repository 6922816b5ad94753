"""The store, as its users see it."""

import asyncio
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

import pytest
from redis import Redis
from redis.exceptions import ConnectionError as NoReply
from structlog.testing import capture_logs

from core.errors import StoreError
from core.settings import BadSettings
from core.store import Script, Store, open_store
from tests.conftest import MakeSettings, free_port, run_valkey, wait
from tests.waiting import until

ECHO = Script("return {KEYS[1], ARGV[1]}")


async def test_script_runs_by_hash_and_by_source(store: Store) -> None:
    """A script runs whether or not the server knows it already, and replies in bytes."""
    await store.redis.script_flush()
    for _ in range(2):
        assert await store.run(ECHO, ["{a}:1"], ["x"]) == [b"{a}:1", b"x"]


async def test_store_starts_empty(store: Store) -> None:
    """Each test finds its store empty."""
    assert await store.redis.dbsize() == 0
    await store.redis.set("left", "over")


test_store_starts_empty_again = test_store_starts_empty


async def test_bad_command_is_a_store_error(store: Store) -> None:
    """Every error of the client inside guard() is a StoreError that names its cause."""
    await store.redis.set("text", "x")
    with pytest.raises(StoreError) as caught, store.guard():
        await store.redis.incr("text")
    assert "ResponseError" in caught.value.cause


@pytest.mark.parametrize("transaction", [False, True])
async def test_a_cause_quotes_nobody(store: Store, transaction: bool) -> None:
    """The log has nothing that people wrote, not even in a command that the store refused."""
    await store.redis.set("text", "x")
    with pytest.raises(StoreError) as caught, store.guard():
        async with store.redis.pipeline(transaction=transaction) as pipe:
            await pipe.rpush("text", "my secret) of pipeline caused error: \n too").execute()
    assert caught.value.cause.startswith("ResponseError: ")
    assert "WRONGTYPE" in caught.value.cause
    assert "secret" not in caught.value.cause
    assert "too" not in caught.value.cause


async def test_unreachable_store_is_told_at_once(make_settings: MakeSettings) -> None:
    """A REDIS_URL without a server is a StoreError, at once."""
    with pytest.raises(StoreError):
        async with asyncio.timeout(4), open_store(make_settings(redis_url="redis://127.0.0.1:1/0")):
            pass


@pytest.mark.parametrize(
    "url",
    [
        "http://127.0.0.1",
        "redis+sentinel://127.0.0.1",
        "redis+sentinel://127.0.0.1/m?db=x",
        "redis+cluster://:6379",
        "redis+sentinel://127.0.0.1/m?db=0&retry=1",
        "redis+cluster://127.0.0.1:1/3",
        "redis+cluster://127.0.0.1:1?db=3",
        "redis://[::1:6379/0",
        "redis://127.0.0.1:1/x",
        "redis://127.0.0.1:1/1/2",
        "redis://127.0.0.1:1?family=0",
        "redis://127.0.0.1:1?ssl_cert_reqs=none",
        "redis://127.0.0.1:1?retry=1",
        "rediss://127.0.0.1:1?ssl_cert_reqs=nonsense",
        "unix:///nowhere?host=127.0.0.1",
    ],
)
async def test_bad_url_names_the_setting_only(make_settings: MakeSettings, url: str) -> None:
    """An unusable REDIS_URL is one line that names the setting and hides its value."""
    with pytest.raises(BadSettings) as caught:
        async with open_store(make_settings(redis_url=url)):
            pass
    [line] = caught.value.problems
    assert line.startswith("REDIS_URL: ")
    assert url not in line


async def test_cluster_store(cluster_store: Store) -> None:
    """A cluster runs the same scripts, if their keys share a slot."""
    assert cluster_store.is_cluster
    for tag in ("a", "b", "c", "d"):
        assert await cluster_store.run(ECHO, [f"{{{tag}}}:1"], [tag]) == [f"{{{tag}}}:1".encode(), tag.encode()]
    with pytest.raises(StoreError):
        await cluster_store.run(ECHO, ["a", "b"], ["x"])


@pytest.fixture
def sentinel_url(tmp_path: Path) -> Iterator[str]:
    """A master with a password and a Sentinel that watches it; the REDIS_URL that leads there."""
    master, sentinel = free_port(), free_port()
    config = tmp_path / "sentinel.conf"
    config.write_text(
        f"sentinel monitor main 127.0.0.1 {master} 1\nsentinel auth-pass main s3cret%\nbind 127.0.0.1\n"
    )
    with (
        run_valkey(
            "--port", str(master), "--bind", "127.0.0.1", "--requirepass", "s3cret%", password="s3cret%"
        ),
        run_valkey(str(config), "--sentinel", "--port", str(sentinel)),
        Redis(port=sentinel) as watcher,
    ):
        wait(lambda: watcher.execute_command("SENTINEL CKQUORUM main"))
        yield f"redis+sentinel://:s3cret%25@127.0.0.1:1,127.0.0.1:{sentinel}/main?db=2"


async def test_sentinel_leads_to_the_master(sentinel_url: str, make_settings: MakeSettings) -> None:
    """The primary is found by its name, also while one Sentinel is away, and with a URL that has a database in
    its path."""
    async with open_store(make_settings(redis_url=sentinel_url)) as opened:
        assert opened.url == sentinel_url.replace("?db=2", "/2")
        assert await opened.run(ECHO, ["a"], ["x"]) == [b"a", b"x"]
        await opened.redis.set("a", "1")
        assert "db2" in await opened.redis.info("keyspace")


@pytest.mark.parametrize(
    ("appendonly", "policy", "warned"),
    [("yes", "noeviction", False), ("no", "noeviction", True), ("yes", "allkeys-lru", True)],
)
async def test_a_forgetful_store_is_warned_of(
    valkey_url: str, make_settings: MakeSettings, appendonly: str, policy: str, warned: bool
) -> None:
    """A server at REDIS_URL that would lose or evict payments is reported at the start."""
    with Redis.from_url(valkey_url) as redis:
        redis.config_set("appendonly", appendonly, "maxmemory-policy", policy, "maxmemory", 10**9)
        try:
            with capture_logs() as logs:
                async with open_store(make_settings()):
                    pass
        finally:
            redis.config_set("appendonly", "no", "maxmemory-policy", "noeviction", "maxmemory", 0)
    assert ("store.not_durable" in [line["event"] for line in logs]) == warned


async def test_erased_words_leave_the_disk(make_settings: MakeSettings) -> None:
    """Once a day the append-only file is written anew: what was erased or has expired is not in it any more."""
    settings = make_settings(redis_url="")

    def is_on_disk(words: bytes) -> bool:
        with suppress(FileNotFoundError):  # it is removed just now
            return any(words in one.read_bytes() for one in settings.data_dir.glob("store/appendonlydir/*"))
        return False

    async with open_store(settings) as store:
        for words in (b"a secret", b"a later one"):
            await store.redis.set("said", words)
            await store.redis.delete("said")
            await until(lambda words=words: is_on_disk(words))  # type: ignore[misc]
            await store.rewrite()
            await until(lambda: not is_on_disk(b"a secret"))
        assert not (await store.redis.info("persistence"))["aof_rewrite_in_progress"]
        assert is_on_disk(b"a later one")


async def test_each_server_of_a_cluster_rewrites_its_file(cluster_store: Store) -> None:
    """The words of a chat are on any one of them."""
    redis = cluster_store.redis

    async def have_rewritten(times: int) -> bool:
        facts = (await redis.info("persistence", target_nodes="all")).values()
        return all(one["aof_rewrites"] >= times and not one["aof_rewrite_in_progress"] for one in facts)

    await redis.config_set("appendonly", "yes", target_nodes="all")  # rewrites as well
    try:
        await until(lambda: have_rewritten(1))
        await cluster_store.rewrite()
        await until(lambda: have_rewritten(2))
    finally:
        await redis.config_set("appendonly", "no", target_nodes="all")


async def test_a_server_without_a_file_gets_none(store: Store) -> None:
    """Rewriting would make one."""
    await store.rewrite()
    assert await store.redis.exists("seen:rewrite") == 0


async def test_a_cancelled_caller_ends(store: Store) -> None:
    """A cancelled task that talks to the store ends: no cancellation is lost."""

    async def talk() -> None:
        while True:
            await store.ping()

    for turns in range(60):
        task = asyncio.create_task(talk())
        for _ in range(turns):
            await asyncio.sleep(0)
        task.cancel()
        done, _ = await asyncio.wait([task], timeout=2)
        assert done, f"lost after {turns} turns of the loop"


async def test_an_outage_is_waited_for_once(store: Store, monkeypatch: pytest.MonkeyPatch) -> None:
    """Requests that may be repeated wait for a moment; later ones in the same outage fail at once, and after
    the store was back the next outage is waited for again."""
    monkeypatch.setattr("core.store._PATIENCE_S", 0.05)
    asked = 0

    async def ask() -> bool:
        nonlocal asked
        asked += 1
        if is_away:
            raise StoreError(cause="away")
        return True

    async def asks() -> int:
        nonlocal asked
        asked = 0
        with suppress(StoreError):
            assert await store.retry(ask)
        return asked

    is_away = True
    assert await asks() > 1
    assert await asks() == 1
    is_away = False
    assert await asks() == 1
    is_away = True
    assert await asks() > 1


async def test_a_request_delivered_twice_is_seen_once(store: Store, make_settings: MakeSettings) -> None:
    """An id is new once a day, over all processes, also at the same moment."""
    async with open_store(make_settings()) as second, open_store(make_settings()) as third:
        found = await asyncio.gather(*(one.once("t:1") for one in [store, second, third] * 10))
        assert found.count(True) == 1
        assert await store.once("t:2")
        assert 86_000 < await store.redis.ttl("seen:t:1") <= 86_400


async def test_what_was_new_is_new_though_the_reply_was_lost(
    store: Store, make_settings: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The store is asked again, and the process whose reply was lost still learns that it was the first: else
    nobody would answer."""
    give, lost = store.redis.set, ["t:1"]

    async def deaf(name: str, *what: Any, **how: Any) -> Any:
        found = await give(name, *what, **how)
        if lost and name.endswith(lost[0]):
            lost.pop()
            raise NoReply
        return found

    monkeypatch.setattr(store.redis, "set", deaf)
    assert await store.once("t:1")
    assert not lost
    assert not await store.once("t:1")
    async with open_store(make_settings()) as other:
        assert not await other.once("t:1")

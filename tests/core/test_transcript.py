"""What the page showed is there again after a reload, within limits."""

import asyncio
from functools import partial

from core import transcript
from core.seal import Seal
from core.store import Store, open_store
from core.transcript import Transcript
from tests.conftest import MakeSettings
from tests.waiting import until

ME, OTHER = "web:me", "web:other"


async def test_entries_come_back_oldest_first(store: Store, make_settings: MakeSettings) -> None:
    """Entries are loaded in their order, replaced by id, and belong to one person alone."""
    pages = Transcript(store, Seal(), make_settings())
    await pages.save(ME, "2", b"second")
    await pages.save(ME, "1", b"first")
    await pages.save(ME, "2", b"changed")
    assert dict(await pages.load(ME)) == {"1": b"first", "2": b"changed"}
    assert list(await pages.load(ME)) == ["1", "2"]
    assert not await pages.load(OTHER)
    await pages.remove(ME, "1")
    assert await pages.find(ME, "1") is None
    assert await pages.find(ME, "2") == b"changed"


async def test_it_is_bounded(store: Store, make_settings: MakeSettings) -> None:
    """The oldest entries and pictures make room for new ones, and everything has a TTL."""
    pages = Transcript(store, Seal(), make_settings())
    for number in range(transcript.MOST_ENTRIES + 2):
        await pages.save(ME, f"{number:04}", b"x")
    for number in range(transcript.MOST_PICTURES + 1):
        await pages.keep_picture(ME, str(number), b"png")
    assert next(iter(await pages.load(ME))) == "0002"
    assert len(await pages.load(ME)) == transcript.MOST_ENTRIES
    assert await pages.find_picture(ME, "0") is None
    assert await pages.find_picture(ME, "1") == b"png"
    for key in await store.redis.keys("*"):
        assert await store.redis.ttl(key) > 0, key


async def test_forget_leaves_nothing(store: Store, make_settings: MakeSettings) -> None:
    """A forgotten person's entries are erased, also a picture that another process keeps at this moment; others
    stay."""
    async with open_store(make_settings()) as here, open_store(make_settings()) as there:
        pages, same_pages = (Transcript(one, Seal(), make_settings()) for one in (here, there))
        for who in (ME, OTHER):
            await pages.save(who, "1", b"x")
            await same_pages.keep_picture(who, "p", b"png")
        await store.redis.client_pause(60_000, all=False)  # holds back what writes
        keeping = asyncio.create_task(same_pages.keep_picture(ME, "q", b"png"))
        await until(partial(are_held_back, store, 1))
        forgetting = asyncio.create_task(pages.forget(ME))
        await until(partial(are_held_back, store, 2))
        await store.redis.client_unpause()
        await asyncio.gather(keeping, forgetting)
        assert not [key for key in await store.redis.keys("*") if b"web:me" in key]
        assert await pages.find_picture(OTHER, "p") == b"png"


async def are_held_back(store: Store, clients: int) -> bool:
    return (await store.redis.info("clients"))["blocked_clients"] == clients


async def test_what_was_erased_does_not_come_back(store: Store, make_settings: MakeSettings) -> None:
    """Replacing an entry, or keeping a picture of it, works only while it exists."""
    pages = Transcript(store, Seal(), make_settings())
    await pages.save(ME, "1", b"under way")
    assert await pages.replace(ME, "1", b"done")
    await pages.keep_picture(ME, "p", b"png", "1")
    assert (dict(await pages.load(ME)), dict(await pages.pictures(ME))) == ({"1": b"done"}, {"p": b"png"})
    await pages.forget(ME)
    assert not await pages.replace(ME, "1", b"late")
    await pages.keep_picture(ME, "q", b"png", "1")
    assert not await store.redis.keys("*")


async def test_text_is_sealed(store: Store, make_settings: MakeSettings) -> None:
    """With CONTENT_KEY texts cannot be read in the store, and open only under their own key."""
    pages = Transcript(store, Seal("a very good secret"), make_settings())
    await pages.save(ME, "1", b"my words")
    await pages.keep_picture(ME, "p", b"my picture")
    raw = await store.redis.hget("{page:web:me}:entries", "1")
    assert b"my words" not in raw
    assert b"my picture" not in await store.redis.get("{page:web:me}:picture:p")
    assert await pages.find(ME, "1") == b"my words"
    await store.redis.hset("{page:web:other}:entries", "1", raw)
    assert await pages.find(OTHER, "1") is None


async def test_secret_is_made_once(store: Store, make_settings: MakeSettings) -> None:
    """Every process signs with the same secret, also after a restart; once it exists, a full store is no
    problem."""
    first = await Transcript(store, Seal(), make_settings()).secret()
    assert len(first) == 32
    await store.redis.config_set("maxmemory", "1mb")
    try:
        assert await Transcript(store, Seal(), make_settings()).secret() == first
    finally:
        await store.redis.config_set("maxmemory", "0")


async def test_it_works_on_a_cluster(cluster_store: Store, make_settings: MakeSettings) -> None:
    """All keys of a person share one slot."""
    pages = Transcript(cluster_store, Seal(), make_settings())
    await pages.save(ME, "1", b"x")
    for number in range(transcript.MOST_PICTURES + 1):
        await pages.keep_picture(ME, str(number), b"png")
    await pages.forget(ME)
    assert not await pages.load(ME)

"""Links to pictures: unguessable, short-lived, for one picture each."""

import base64
from typing import Any

import pytest

from core.attachments.media import LINK_TTL_S, Media
from core.conversation import Prepared
from core.seal import Seal
from core.store import Store
from tests.core.conftest import Clock

SEAL = Seal("a long enough secret")
PICTURE = Prepared("p" * 22, 1, 1, "image/webp", b"pix\nels")


@pytest.fixture
def settings(make_settings: Any) -> Any:
    return make_settings(public_url="https://bot.example/", image_transport="link")


@pytest.fixture
def media(store: Store, settings: Any, clock: Clock) -> Media:
    return Media(store, SEAL, settings, clock)


async def token_of(media: Media) -> str:
    address = await media.link(PICTURE)
    assert address.startswith("https://bot.example/media/")
    return address.rpartition("/")[2]


async def test_a_link_gives_the_picture_in_any_process(media: Media, store: Store, settings: Any) -> None:
    """Any process serves the bytes with their media type."""
    token = await token_of(media)
    assert await media.get(token) == (b"pix\nels", "image/webp")
    assert await Media(store, SEAL, settings, lambda: 1_700_000_001.0).get(token) == (b"pix\nels", "image/webp")


async def test_a_link_expires(media: Media, clock: Clock, store: Store) -> None:
    """By its signature and in the store; every key has a TTL."""
    token = await token_of(media)
    assert all([await store.redis.ttl(key) > 0 for key in await store.redis.keys("*")])
    clock.now += LINK_TTL_S
    assert await media.get(token) is None


async def test_no_other_token_opens_anything(media: Media) -> None:
    """A changed, cut or foreign token, or a path, is not found."""
    token = await token_of(media)
    raw = base64.urlsafe_b64decode(token + "==")
    for place in range(len(raw)):
        changed = raw[:place] + bytes([raw[place] ^ 1]) + raw[place + 1 :]
        assert await media.get(base64.urlsafe_b64encode(changed).decode().rstrip("=")) is None
    for other in (
        "",
        token[:-1],
        token + "A",
        "../secret",
        "{media}:secret",
        "é" * 54,
        token.lower(),
        "A" * 54,
    ):
        assert await media.get(other) is None


async def test_links_are_unguessable_and_sealed(media: Media, store: Store) -> None:
    """Two links to one picture have nothing in common, and the store contains neither link nor readable
    bytes."""
    first, second = await token_of(media), await token_of(media)
    assert first[:20] != second[:20]
    for key in await store.redis.keys("{media}:*"):
        assert first not in key.decode()
        assert b"pix" not in await store.redis.get(key)


async def test_a_picture_that_is_gone_is_none(media: Media, store: Store) -> None:
    """If the store lost the picture or the secret, the link is not found."""
    token = await token_of(media)
    await store.redis.delete("{media}:secret")
    assert await media.get(token) is None
    token = await token_of(media)
    await store.redis.flushall()
    assert await media.get(token) is None

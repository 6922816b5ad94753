"""docs/data-protection.md agrees with the store after people used everything."""

import asyncio
import re
from datetime import UTC, datetime
from fnmatch import fnmatchcase
from pathlib import Path

from core.app import Core
from tests.core.attachments.made_pictures import drawing, encoded
from tests.core.usecases.conftest import Opened, Place, posted
from tests.recording import RecordingReply
from tests.waiting import until

TEXT = (Path(__file__).resolve().parents[3] / "docs" / "data-protection.md").read_text("utf-8")
ROWS = [line.strip("|").split("|") for line in TEXT.splitlines() if line.startswith("| `")]
SECONDS = {"second": 1, "minute": 60, "hour": 3600, "day": 86_400}


def documented(key: str) -> tuple[bool, float] | None:
    """Whether a key may stay for good, and its longest life in seconds; None where no row speaks of it."""
    for patterns, _, kept in ROWS:
        if any(fnmatchcase(key, pattern) for pattern in re.findall(r"`([^`]+)`", patterns)):
            lives = [
                float(n) * SECONDS[unit] for n, unit in re.findall(r"(\d+) (second|minute|hour|day)", kept)
            ]
            return "for good" in kept or "empties itself" in kept, max(lives, default=0.0)
    return None


async def use_everything(core: Core, place: Place) -> None:
    async def do(command: str, text: str = "", **args: str) -> RecordingReply:
        reply = RecordingReply()
        await core.run(place.turn(command, text, args), reply)
        return reply

    await core.once("an update")
    await core.run(place.turn("ask", "What is it?", {}, (posted(encoded(drawing(), "PNG")),)), RecordingReply())
    await do("model", "gpt-4o")
    await do("persona", "Talk like a pirate")
    await do("link")
    await do("link", "AAAA-BBBB")
    await do("new")
    await do("admin announce", "Hello")
    await do("admin block", "dragon")
    await do("admin deny", "test:user:9")
    await do("admin caps", "test:bob daily 1")
    await do("admin persona", "bard In verse.")
    await do("imagine", "a fox")
    await core.store.write()
    await core.kept.keep("a card")
    await core.kept.add("an album", "a file")
    await core.transcript.secret()
    await core.transcript.save(place.person, "e1", b"entry")
    await core.transcript.keep_picture(place.person, "p1", b"picture")
    await core.spend.purses.grant("test:bob", 1_000, place.person)
    turn = place.turn("ask", "part")
    await core.bursts.join(turn)


async def test_every_key_is_documented(opened: Opened, place: Place) -> None:
    """Every key of a used store is in the table, and lives no longer than stated."""
    async with opened(admins=(place.person,), burst_quiet_s=0.01) as core, core.serving("test", _gone):
        await use_everything(core, place)
        other = Place("test:carl", "test:room:2")
        await core.run(other.turn("ask", "Hello"), RecordingReply())
        await core.run(other.turn("forget yes"), RecordingReply())
        await until(lambda: core.store.redis.keys("orders:times:*"))  # the picture is there
        keys = [key.decode() async for key in core.store.redis.scan_iter()]
        found = {key: documented(key) for key in keys}
        unknown = sorted(key for key, rule in found.items() if rule is None)
        assert not unknown, "\n".join(unknown)
        for key, rule in found.items():
            assert rule is not None
            left = await core.store.redis.ttl(key)
            assert left != -1 or rule[0], f"{key} stays for ever"
            assert left <= rule[1] or rule[0], f"{key} lives for {left} s, the table says {rule[1]}"
        assert len({key.partition(":")[0] for key in keys}) > 10


async def test_an_alert_that_is_quiet_for_a_month(opened: Opened, place: Place) -> None:
    """A nearly used cap is reported once until it resets, and remembered no longer than stated."""
    first = datetime(2026, 3, 1, tzinfo=UTC).timestamp()
    async with opened(clock=lambda: first, admins=(place.person,)) as core:
        for command, text in (("ask", "Hello"), ("admin caps", "all monthly 0.00005")):
            await core.run(place.turn(command, text), RecordingReply())
        await core.alerts.tick()
        (key,) = [key.decode() async for key in core.store.redis.scan_iter("{alerts}:quiet:cap-near:*")]
        rule, left = documented(key), await core.store.redis.ttl(key)
    assert rule is not None
    assert 30 * SECONDS["day"] < left <= rule[1]


async def _gone(address: str) -> RecordingReply:
    return RecordingReply(address=address)


async def test_a_running_service_takes_erased_words_off_the_disk(opened: Opened) -> None:
    """The service sees to the daily rewriting of the append-only file by itself."""
    stop = asyncio.Event()
    async with opened(redis_url="") as core:
        watching = asyncio.create_task(core.maintain(stop))
        await until(lambda: core.store.redis.exists("seen:rewrite"))
        stop.set()
        await watching

"""Orders continue after an outage of the store."""

import asyncio
import subprocess
import time
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from pathlib import Path

import pytest
from redis import Redis
from redis.exceptions import ResponseError
from structlog.testing import capture_logs

from core.answer import Phase
from core.app import Core
from core.errors import StoreError
from core.minitool.simulated import Simulated
from core.orders import fulfil
from core.spend import Payer
from core.valkey import find_binary
from core.words import t
from tests.conftest import wait
from tests.core.usecases.conftest import PRICE, Opened, Place, booked
from tests.full_disk import empty_disk, fill_disk, is_told_full
from tests.recording import RecordingReply
from tests.waiting import until


class Server:
    """A Valkey that can be killed and started again with all that it was told."""

    def __init__(self, home: Path) -> None:
        self.home, self.url = home, f"unix://{home}/socket"
        self._process: subprocess.Popen[bytes] | None = None

    def start(self) -> None:
        options = ("--port", "0", "--unixsocket", f"{self.home}/socket", "--dir", str(self.home), "--save", "")
        command = [str(find_binary()), *options, "--appendonly", "yes", "--appendfsync", "always"]
        # Python ignores the signal of a full disk, and so does what inherits that.
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, restore_signals=False)
        with Redis.from_url(self.url) as redis:
            wait(lambda: redis.ping())

    def kill(self) -> None:
        if self._process is not None:
            self._process.kill()
            self._process.wait()
            self._process = None


@pytest.fixture
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Server]:
    made = Server(tmp_path_factory.mktemp("valkey"))
    made.start()
    yield made
    made.kill()


@pytest.fixture
async def core(server: Server, opened: Opened) -> AsyncIterator[Core]:
    async with opened(redis_url=server.url) as made:
        yield made


async def is_away(core: Core) -> bool:
    try:
        await core.store.ping()
    except StoreError:
        return True
    return False


async def order(core: Core, place: Place, reply: RecordingReply) -> None:
    await core.run(place.turn("imagine", "a fox", {"size": "small"}), reply)


async def test_orders_go_on_when_the_store_is_back(core: Core, server: Server, simulated: Simulated) -> None:
    """The store dies while a picture is painted, and stays away until everybody noticed. The picture comes when
    it is back, and so do new ones; each is paid once."""
    simulated.job_s = 1.0
    replies = {f"test:{number}": RecordingReply(address=f"test:{number}") for number in range(2)}

    async def reopen(address: str) -> RecordingReply:
        return replies[address]

    async with core.serving("test", reopen):
        first, second = replies.values()
        await order(core, Place("test:ann"), first)
        await until(lambda: simulated.record.counts["poll"])
        with capture_logs() as logs:
            server.kill()
            await until(lambda: is_away(core))
            await until(lambda: [line for line in logs if line["event"] == "order.postponed"])
        server.start()
        await order(core, Place("test:ben"), second)
        for reply in (first, second):
            await reply.until(lambda answer: bool(answer.pictures))
    assert simulated.record.counts["submit"] == 2
    assert await core.spend.ledger.audit() == []


async def test_a_store_without_room_costs_few_downloads(
    core: Core, server: Server, simulated: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A picture that does not fit into the store is not downloaded again and again, and comes once it fits."""
    monkeypatch.setattr(fulfil, "_AGAIN_S", 0.02)
    simulated.job_s = 1.0
    reply, clock = RecordingReply(), asyncio.get_running_loop().time
    painting = asyncio.create_task(order(core, Place("shell:ann"), reply))
    await until(lambda: simulated.record.counts["poll"])
    await core.store.redis.config_set("maxmemory", "1mb")
    await until(lambda: simulated.record.counts["picture"])
    await reply.until(lambda answer: answer.note == t("en", "imagine-stuck"))
    since = clock()
    await until(lambda: simulated.record.counts["picture"] > 3)
    assert clock() - since > 3 * 0.4  # as between two polls of one job
    await core.store.redis.config_set("maxmemory", "0")
    await painting
    assert reply.last.pictures


async def test_a_full_disk_is_told_at_once(
    core: Core, server: Server, simulated: Simulated, place: Place
) -> None:
    """The person is told why the picture does not come. Once there is room it comes, paid once."""
    await core.store.redis.config_set("appendfsync", "everysec")
    simulated.job_s = 60.0
    reply = RecordingReply()
    painting = asyncio.create_task(order(core, place, reply))
    await until(lambda: simulated.record.counts["poll"])
    await fill_disk(core.store)
    with suppress(ResponseError):  # the heartbeat may have been first
        await core.store.redis.set("probe", 1)
    await until(lambda: is_told_full(core.store))
    simulated.clock = lambda: time.time() + 60.0  # it was not done before
    await reply.until(lambda answer: answer.alert and answer.note == t("en", "imagine-stuck"))
    await empty_disk(core.store)
    await painting
    assert reply.last.pictures
    assert simulated.record.counts["submit"] == 1
    assert await booked(core, place) == PRICE


async def test_an_order_that_nobody_could_reopen_goes_on_too(
    core: Core, server: Server, simulated: Simulated, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A person who watches the painting gets the picture after a short outage, and is not told that nothing was
    spent. Only a long outage is reported."""
    monkeypatch.setattr(fulfil, "_AGAIN_S", 0.1)
    simulated.job_s = 1.0
    reply = RecordingReply()
    painting = asyncio.create_task(order(core, Place("shell:ann"), reply))
    await until(lambda: simulated.record.counts["poll"])
    with capture_logs() as logs:
        server.kill()
        await until(lambda: [line for line in logs if line["event"] == "order.postponed"])
    server.start()
    await painting
    assert Phase.FAILED not in reply.phases
    assert reply.last.pictures
    assert (await core.spend.summary(Payer("shell:ann", ""))).person_day.booked_nanos > 0
    monkeypatch.setattr(fulfil, "_MOST_BROKEN", 2)
    polls = simulated.record.counts["poll"]
    painting = asyncio.create_task(order(core, Place("shell:ben"), reply := RecordingReply()))
    await until(lambda: simulated.record.counts["poll"] > polls)
    server.kill()
    await painting
    assert reply.last.note == t("en", "imagine-left")

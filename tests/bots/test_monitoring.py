"""/healthz and /metrics report the present state of this process."""

import asyncio
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import httpx
import pytest
from prometheus_client.parser import text_string_to_metric_families
from redis import Redis

from bots.monitoring import OVERDUE_S, Link, Monitor
from bots.web.app import create_app
from bots.web.server import serving
from core import metrics
from core.answer import Reply
from core.app import Core
from core.errors import Gone
from core.minitool.simulated import Simulated, serve_simulated
from core.opening import open_core
from core.orders.order import Order, OrderPiece, Wish
from core.settings import MESSENGERS, Settings
from core.spend import Payer, Wanted
from tests.conftest import MakeSettings, run_valkey
from tests.recording import RecordingReply
from tests.waiting import PATIENCE_S, until


@pytest.fixture
async def address() -> AsyncIterator[str]:
    async with serve_simulated(Simulated(tokens_per_s=0, first_token_s=0)) as base:
        yield base


@pytest.fixture
async def core(make_settings: MakeSettings, address: str) -> AsyncIterator[Core]:
    settings = make_settings(minitoolai_api_key="k", minitoolai_base_url=address, global_monthly_usd="off")
    async with open_core(settings) as opened:
        yield opened


def link(state: str, **numbers: float) -> Link:
    return Link(state, **numbers)


async def test_all_is_well(core: Core) -> None:
    """The documented words, and the measurements."""
    monitor = Monitor(core)
    monitor.links["discord"] = lambda: link("ok", latency_s=0.05, heard_s=3.0)
    facts = dict(await monitor.health())
    numbers = {name: facts.pop(name) for name in list(facts) if name.endswith("_s")}
    assert facts == {
        **dict.fromkeys(MESSENGERS, "off"),
        **dict.fromkeys(("status", "store", "discord", "jobs", "loop"), "ok"),
    }
    assert 0 < numbers["store_s"] < 1
    assert (numbers["discord_latency_s"], numbers["discord_heard_s"]) == (0.05, 3.0)


async def test_a_platform_that_is_not_connected(core: Core) -> None:
    """A served platform without a connection is bad health."""
    monitor = Monitor(core)
    monitor.links["telegram"] = lambda: link("polled elsewhere")
    facts = await monitor.health()
    assert (facts["status"], facts["telegram"]) == ("degraded", "polled elsewhere")


async def test_a_store_that_hangs(tmp_path: Path, address: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """A hanging store is reported within a probe's time limit, and is `ok` once it answers."""
    monkeypatch.setattr("bots.monitoring.STORE_PATIENCE_S", 0.2)
    with run_valkey("--port", "0") as home:
        url = f"unix://{home}/socket"
        given = {"redis_url": url, "minitoolai_api_key": "k", "minitoolai_base_url": address}
        async with open_core(Settings(_env_file=None, data_dir=tmp_path, **given)) as core:
            monitor = Monitor(core)
            assert (await monitor.health())["status"] == "ok"
            with Redis.from_url(url) as redis:
                redis.execute_command("CLIENT", "PAUSE", "1000", "ALL")
            facts = await monitor.health()
            assert (facts["status"], facts["store"]) == ("degraded", "away")
            assert "store_s" not in facts
            assert b"minitool_store_up 0.0" in await monitor.metrics_text()

            async def is_well() -> bool:
                return (await monitor.health())["status"] == "ok"

            assert await until(is_well)


@pytest.mark.parametrize("state", ["full", "replica"])
async def test_a_store_that_refuses_writes(tmp_path: Path, address: str, state: str) -> None:
    """A store that answers but refuses writes is bad health: nobody gets an answer."""
    with run_valkey("--port", "0") as home:
        url = f"unix://{home}/socket"
        given = {"redis_url": url, "minitoolai_api_key": "k", "minitoolai_base_url": address}
        async with open_core(Settings(_env_file=None, data_dir=tmp_path, **given)) as core:
            monitor = Monitor(core)
            assert (await monitor.health())["store"] == "ok"
            with Redis.from_url(url) as redis:
                assert 0 < redis.ttl("health:probe") <= 60
                if state == "full":
                    redis.config_set("maxmemory", 1)
                else:
                    redis.replicaof("127.0.0.1", "1")
            facts = await monitor.health()
            assert (facts["status"], facts["store"]) == ("degraded", "away")
            assert b"minitool_store_up 0.0" in await monitor.metrics_text()


async def test_a_loop_that_is_blocked(core: Core, monkeypatch: pytest.MonkeyPatch) -> None:
    """A repeatedly blocked event loop is reported; a single delay is not."""
    monkeypatch.setattr("bots.monitoring.SLOWEST_LOOP_S", 0.4)
    monkeypatch.setattr("bots.monitoring.BEAT_S", 0.01)
    monitor, stop = Monitor(core), asyncio.Event()
    running = asyncio.create_task(monitor.run(stop))
    states = []
    for _ in range(2):
        await asyncio.sleep(0.02)  # let it look at the clock
        time.sleep(0.6)  # noqa: ASYNC251  # the very thing that must not be done
        await asyncio.sleep(0.02)
        states.append((await monitor.health())["loop"])
    stop.set()
    await running
    assert states == ["ok", "slow"]
    assert (await monitor.health())["loop_lag_s"] >= 0.5


async def nowhere(address: str) -> Reply:
    raise Gone


async def test_orders_that_nobody_works_on(core: Core) -> None:
    """A dead worker leaves the picture orders of its platform unhandled."""
    monitor = Monitor(core)
    async with core.serving("test", nowhere):
        assert (await monitor.health())["jobs"] == "ok"
        core.jobs._workers["test"].cancel()
        await until(lambda: not core.jobs.has_all_workers)
        assert (await monitor.health())["jobs"] == "not worked"


async def test_a_picture_is_overdue_by_when_it_was_sent(
    make_settings: MakeSettings, address: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An order may have waited in line for an hour: its deadline starts when it is painted."""
    made_at, ahead_s, polled = time.time() - 3600, 0.0, asyncio.Event()

    async def stuck(*_: object) -> None:  # or whoever drives it would see the deadline, too
        polled.set()
        await asyncio.Event().wait()

    settings = make_settings(minitoolai_api_key="k", minitoolai_base_url=address)
    async with open_core(settings, clock=lambda: time.time() + ahead_s) as core:
        monitor, deadline_s = Monitor(core), settings.image_deadline_s
        wish = Wish("realvision", "fault:never a fox")
        order = Order("r1", "test:ann", "test:1", "test:1", "en", "", wish, 1, made_at, (OrderPiece("t1#0"),))
        monkeypatch.setattr(core.answering.minitool, "poll", stuck)
        await core.fulfil.begin(order, RecordingReply(address=""))
        driving = asyncio.create_task(core.fulfil.drive("r1", asyncio.Event()))
        await asyncio.wait_for(polled.wait(), PATIENCE_S)
        states = []
        for ahead_s in (0.0, deadline_s + OVERDUE_S / 2, deadline_s + OVERDUE_S):
            states.append((await monitor.health())["jobs"])
            await monitor.metrics_text()
            overdue_s = metrics.REGISTRY.get_sample_value("minitool_jobs_overdue_seconds")
            assert overdue_s == pytest.approx(max(0.0, ahead_s - deadline_s), abs=30)
        assert states == ["ok", "ok", "overdue"]
        driving.cancel()
        await asyncio.wait([driving])


@asynccontextmanager
async def served(core: Core, monitor: Monitor) -> AsyncIterator[httpx.AsyncClient]:
    app = create_app(core, monitor.health, extra_routes=monitor.routes())
    async with (
        serving(app, "127.0.0.1", 0) as port,
        httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", trust_env=False) as http,
    ):
        yield http


async def test_over_http(core: Core) -> None:
    """200 while everything works, else 503; a process without pages has no chat page."""
    monitor = Monitor(core)
    async with served(core, monitor) as http:
        assert (await http.get("/healthz")).status_code == 200
        monitor.links["discord"] = lambda: link("reconnecting")
        answer = await http.get("/healthz")
        assert (answer.status_code, answer.json()["status"]) == (503, "degraded")
        assert (await http.get("/")).status_code == 404


async def test_gauges_are_of_the_moment(core: Core) -> None:
    """Held money, caps, connections and platforms are read at each scrape."""
    monitor = Monitor(core)
    monitor.links["discord"] = lambda: link("connecting", heard_s=7.0)
    async with (
        served(core, monitor) as http,
        core.spend.hold(
            Payer("test:ann", "test:chat:1"), Wanted("r1", "ask", "gpt-4o-mini", 2_000_000, 2_000_000)
        ),
    ):
        answer = await http.get("/metrics")
    assert answer.headers["content-type"].startswith("text/plain; version=0.0.4")
    found = {
        (
            sample.name.removeprefix("minitool_"),
            *(value for _, value in sorted(sample.labels.items())),
        ): sample.value
        for family in text_string_to_metric_families(answer.text)
        for sample in family.samples
    }
    assert found["holds",] == 1
    assert found["held_dollars",] == 0.002
    assert found["budget_used_dollars", "day"] == 0.002
    assert found["budget_dollars", "day"] == 10
    assert found["budget_dollars", "month"] == float("inf")
    assert found["store_up",] == 1
    assert found["store_connections", "most"] == 128
    assert found["platform_up", "discord"] == 0
    assert found["platform_heard_seconds", "discord"] == 7
    assert ("platform_up", "telegram") not in found
    assert found["tasks",] > 3

"""How soon pictures arrive, and with how many polls: 200 orders at once by 50 people, of eight kinds that take
1 to 30 seconds, each time within a tenth of the kind's.

The first round teaches how long each kind takes, the second is measured. The image maker is a process of its
own; the bot uses the embedded store with its append-only file. Then a process is killed during its orders, and
the commands that an idle bot sends to the store are counted.

    python -m bench.images [--quick]
"""

import asyncio
import json
import random
import statistics
import sys
import tempfile
import time
from pathlib import Path
from typing import Any
from urllib.request import urlopen

import structlog
import uvloop
from redis.asyncio import Redis

from bench import judge, save
from bench._upstream import upstream
from core.answer import Answer, Surface
from core.app import Core
from core.minitool.simulated import Simulated, serve_simulated
from core.minitool.simulated.jobs import parse_signature
from core.minitool.wire import ImageRequest
from core.opening import open_core
from core.pace import OpenLane
from core.settings import Settings
from core.turn import Person, Turn
from tests.core.usecases.stored_chat import StoredChat, StoredChatReply

ORDERS, PEOPLE = 200, 50
SECONDS = (1.0, 2.0, 4.0, 7.0, 11.0, 16.0, 22.0, 28.0)  # by steps
SPREAD = 0.07
LOST = 8  # orders of the process that is killed
IDLE_S = 15.0
TARGETS = {"median_s": 0.7, "p95_s": 1.5, "looks_a_job": 8.0, "takeover_s": 10.0}
ROOT = Path(__file__).resolve().parents[1]


class Maker(Simulated):
    """Seconds for a picture of that kind, a little more or less."""

    chance = random.Random(8)

    def _seconds(self, order: ImageRequest, fault: object) -> float:
        return SECONDS[order.steps - 1] * (1 + self.chance.uniform(-SPREAD, SPREAD))


class Shown:
    """A reply that records when the picture came."""

    surface = Surface(show_every=1.0, buttons=True, pictures=True)
    lane = OpenLane()
    messages: tuple[str, ...] = ()

    def __init__(self, number: int) -> None:
        self.address, self.at, self.ref, self.note = f"bench:{number}", 0.0, "", ""
        self.came = asyncio.Event()

    async def show(self, answer: Answer) -> None:
        self.ref = answer.ref
        if answer.phase.is_final:
            self.at, self.note = time.time() if answer.pictures else 0.0, answer.note
            self.came.set()


async def serve() -> None:
    async with serve_simulated(Maker(tokens_per_s=0, first_token_s=0)) as address:
        print(address, flush=True)
        await asyncio.Event().wait()


async def counts(api: str) -> dict[str, int]:
    def read() -> Any:  # JSON as it came
        with urlopen(api.removesuffix("/api") + "/_faults") as response:
            return json.load(response)["counts"]

    return dict(await asyncio.to_thread(read))


async def order_all(core: Core, replies: dict[str, Shown], api: str, orders: int, run: str) -> dict[str, Any]:
    """Places all orders at once; returns how late pictures were, and the number of polls."""
    before, started = await counts(api), time.time()
    fresh = [Shown(number) for number in range(orders)]
    replies.update({reply.address: reply for reply in fresh})

    async def order(number: int) -> None:
        person = f"bench:{number % PEOPLE}"
        await core.run(
            Turn(
                id=f"bench:{run}:{number}",
                command="imagine",
                person=Person(person, "Ann"),
                chat=f"bench:chat:{number % 10}",
                room=f"bench:{number}",
                text=f"a fox {number}",
                args={"size": "small", "steps": number % len(SECONDS) + 1},
            ),
            fresh[number],
        )

    await asyncio.gather(*(order(number) for number in range(orders)))
    placed_s = time.time() - started
    await asyncio.gather(*(asyncio.wait_for(reply.came.wait(), 300) for reply in fresh))
    after = await counts(api)
    late = [reply.at - await due(core, reply.ref) for reply in fresh if reply.at]
    cuts = statistics.quantiles(late, n=100)
    return {
        "orders": orders,
        "delivered": len(late),
        "placed_s": round(placed_s, 2),
        "all_s": round(time.time() - started, 1),
        "median_s": round(cuts[49], 2),
        "p95_s": round(cuts[94], 2),
        "most_s": round(max(late), 2),
        "looks_a_job": round((after["poll"] - before.get("poll", 0)) / orders, 1),
    }


async def due(core: Core, ref: str) -> float:
    """When the image maker had the picture of an order ready."""
    order = await core.orders.find(ref)
    job = parse_signature(order.pieces[0].signature) if order else None
    assert job is not None
    return job.due


async def idle(core: Core) -> float:
    """Commands a second that the store gets while nobody uses the bot."""
    before = (await core.store.redis.info("stats"))["total_commands_processed"]
    await asyncio.sleep(IDLE_S)
    return round(((await core.store.redis.info("stats"))["total_commands_processed"] - before) / IDLE_S, 1)


async def takeover(core: Core, api: str) -> dict[str, Any]:
    """Kills a process while its orders are painted; returns the seconds until each picture, from then or from
    when it was ready, whichever is later."""
    wall = StoredChat(Redis.from_url(core.store.url))
    came: dict[str, float] = {}

    class Seen(StoredChatReply):
        async def show(self, answer: Answer) -> None:
            await super().show(answer)
            if answer.pictures:
                came[self.room] = time.time()

    async def reopen(address: str) -> StoredChatReply:
        _, room, posted = address.split(":")
        return Seen(wall.redis, room, posted)

    before = (await counts(api)).get("submit", 0)
    painter = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "tests.core.usecases.painting_process", core.store.url, api, str(LOST)),
        cwd=ROOT,
    )
    while (await counts(api)).get("submit", 0) < before + LOST:  # noqa: ASYNC110  # it tells nobody else
        await asyncio.sleep(0.05)
    async with core.serving("test", reopen):
        await asyncio.sleep(1.0)
        painter.kill()
        killed = time.time()
        await painter.wait()
        while len(came) < LOST and time.time() < killed + 60:  # noqa: ASYNC110  # the process that knew is gone
            await asyncio.sleep(0.05)
    waits = []
    for number in range(LOST):
        (order,) = await core.orders.of(f"test:{number}")
        waits.append(came.get(str(number), killed + 60) - max(killed, await due(core, order.ref)))
    await wall.redis.aclose()
    return {"orders": LOST, "delivered": len(came), "takeover_s": round(max(waits), 1)}


async def run(orders: int) -> dict[str, Any]:
    caps = {f"{who}_{span}_usd": "off" for who in ("user", "chat", "global") for span in ("daily", "monthly")}
    replies: dict[str, Shown] = {}

    async def reopen(address: str) -> Shown:
        return replies[address]

    with tempfile.TemporaryDirectory(dir="/tmp") as folder:
        async with upstream("bench.images") as api:
            settings = Settings(
                _env_file=None, data_dir=folder, minitoolai_api_key="bench", minitoolai_base_url=api,
                image_jobs_at_once=orders, user_per_minute=1000, user_concurrency=20, **caps,
            )  # type: ignore[arg-type, call-arg]  # validated like the environment  # fmt: skip
            async with open_core(settings) as core, core.serving("bench", reopen):
                await order_all(core, replies, api, orders, "learning")
                found = {"orders": await order_all(core, replies, api, orders, "measured")}
                found["takeover"] = await takeover(core, api)
                found["idle"] = {"commands_s": await idle(core)}
                found["audit"] = {"differences": len(await core.spend.ledger.audit())}
    return found


def main() -> None:
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    if sys.argv[1:] == ["serve"]:
        uvloop.run(serve())
        return
    found = uvloop.run(run(40 if "--quick" in sys.argv else ORDERS))
    for name, figures in found.items():
        print(f"{name:<10}" + "   ".join(f"{key} {value}" for key, value in figures.items()))
    figures = {**found["takeover"], **found["orders"]}
    judge((key, figures[key], most) for key, most in TARGETS.items())
    save("images", found)


if __name__ == "__main__":
    main()

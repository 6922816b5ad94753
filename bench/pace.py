"""Crowds of growing answers against modelled limits, on a fake clock.

Runs the real Pace and Draft; only the chats are modelled: they take 40 to 120 ms each way at random,
count every arriving call in sliding windows (the strictest way to count) and refuse what is too much.

    python -m bench.pace [--quick]
"""

import asyncio
import random
import statistics
import sys
import time
from collections import deque
from collections.abc import Iterable
from contextlib import nullcontext
from dataclasses import asdict, dataclass, field

from bench import percentile, print_head, print_row, save
from core.answer import Answer, Phase, Surface
from core.draft import Draft
from core.errors import SlowDown
from core.pace import Limits, Pace, PacedLane, Window
from tests.faketime import now, run


@dataclass(frozen=True)
class Place:
    """A kind of chat: its limits (from documentation or practice, see each), and how often it shows growth."""

    name: str
    limits: Limits
    show_every: float
    counted: bool = True


CHANNEL = Limits(chat=(Window(5, 5.0),), account=(Window(50, 1.0),))
IN_ALL = (Window(30, 1.0, is_exact=True),)  # as the adapter has them: each call counts from its answer on
PRIVATE = Limits(chat=(Window(5, 5.0, is_exact=True),), account=IN_ALL)
GROUP = Limits(chat=(Window(20, 60.0, is_exact=True),), account=IN_ALL)
PLACES = (
    Place("discord mention", CHANNEL, 1.0),  # 5 edits per 5 s and channel; 50 calls/s in all
    Place("discord slash", CHANNEL, 1.0, counted=False),  # an interaction's edits are outside the 50/s
    Place("telegram private", PRIVATE, 1.1),  # 1/s with short bursts; 30/s in all
    Place("telegram group", GROUP, 3.1),  # 20 per minute; 30/s in all
)
COLUMNS = (
    ("", "name", "<34", ""), ("answers", "answers", ">7", ""), ("done", "complete", ">5", ""),
    ("calls", "calls", ">6", ""), ("429", "refused", ">4", ""),
    ("first p95", "first_p95", ">10", ".2f"), ("best", "first_p95_best", ">6", ".2f"),
    ("final mean", "final_mean", ">11", ".2f"), ("best", "final_mean_best", ">6", ".2f"),
    ("p95", "final_p95", ">7", ".2f"), ("best", "final_p95_best", ">6", ".2f"),
    ("growth", "growth_least", ">7", ""), ("most", "growth_most", ">4", ""), ("cpu ms", "cpu_ms", ">7", ".2f"),
)  # fmt: skip


class Judge:
    """Counts arrivals in sliding windows and refuses calls beyond the limit."""

    def __init__(self, limits: Limits, *, counted: bool) -> None:
        self._limits = limits
        self._counted = counted
        self._account: deque[float] = deque()
        self._chats: dict[str, deque[float]] = {}
        self.calls = 0
        self.refused = 0

    def arrive(self, chat: str) -> None:
        self.calls += 1
        logs = [(self._chats.setdefault(chat, deque()), self._limits.chat)]
        if self._counted:
            logs.append((self._account, self._limits.account))
        for log, windows in logs:
            for window in windows:
                if sum(at > now() - window.seconds for at in log) >= window.calls:
                    self.refused += 1
                    raise SlowDown(window.seconds)
        for log, windows in logs:
            log.append(now())
            while len(log) > max(window.calls for window in windows):
                log.popleft()


@dataclass
class ModelledReply:
    """A chat message behind a network: a text counts as shown when it arrives."""

    judge: Judge
    chat: str
    lane: PacedLane
    is_exact: bool
    surface: Surface
    dice: random.Random
    latency: tuple[float, float]
    address: str = "model"
    messages: tuple[str, ...] = ()
    arrived: list[tuple[float, Phase, bool]] = field(default_factory=list)

    async def show(self, answer: Answer) -> None:
        with self.lane.call() if self.is_exact else nullcontext():
            await self._travel(answer)

    async def _travel(self, answer: Answer) -> None:
        await asyncio.sleep(self.dice.uniform(*self.latency))
        try:
            self.judge.arrive(self.chat)
            self.arrived.append((now(), answer.phase, bool(answer.text)))
        finally:
            await asyncio.sleep(self.dice.uniform(*self.latency))


@dataclass(frozen=True)
class Crowd:
    """`answers` begin within `spread` seconds, in `chats` chats (0: each its own); the first token comes
    after `thinking` seconds, then `tokens` at `rate` a second."""

    place: Place
    answers: int
    chats: int = 0
    spread: float = 0.0
    thinking: float = 0.5
    tokens: int = 150
    rate: float = 30.0
    latency: tuple[float, float] = (0.04, 0.12)
    seed: int = 1


@dataclass
class Outcome:
    """Delays in seconds: token to its arrival in the chat (first), end of the stream to the arrival of
    the final text (final). `best` are the same for a sender that knows the future, finds every budget
    empty and sends nothing else."""

    name: str
    answers: int
    complete: int = 0
    calls: int = 0
    refused: int = 0
    first_p50: float = 0.0
    first_p95: float = 0.0
    first_p95_best: float = 0.0
    final_p50: float = 0.0
    final_mean: float = 0.0
    final_mean_best: float = 0.0
    final_p95: float = 0.0
    final_p95_best: float = 0.0
    growth_least: int = 0
    growth_most: int = 0
    cpu_ms: float = 0.0  # per answer


def best_delays(crowd: Crowd) -> list[float]:
    """The least possible delay of each of the crowd's texts, in seconds, if no call had been made before, with
    bursts as large as the windows allow."""
    place = crowd.place
    travel = sum(crowd.latency) / 2
    account = place.limits.account if place.counted else ()
    per_chat = -(-crowd.answers // (crowd.chats or crowd.answers))
    chat_delay = [max(i // w.calls * w.seconds for w in place.limits.chat) for i in range(per_chat)]
    delays = []
    for number in range(crowd.answers):
        in_all = max((number // w.calls * w.seconds for w in account), default=0.0)
        delays.append(max(in_all, chat_delay[number % per_chat]) + travel)
    return delays


async def play(crowd: Crowd) -> Outcome:
    place, dice = crowd.place, random.Random(crowd.seed)
    judge, pace = Judge(place.limits, counted=place.counted), Pace(place.limits, now)
    surface = Surface(show_every=place.show_every)
    firsts, finals, growths, complete = [], [], [], []

    async def answer(number: int) -> None:
        chat = f"c{number % (crowd.chats or crowd.answers)}"
        await asyncio.sleep(dice.uniform(0, crowd.spread))
        lane = pace.lane(chat, counted=place.counted)
        reply = ModelledReply(judge, chat, lane, place.limits.chat[0].is_exact, surface, dice, crowd.latency)
        async with Draft(reply, Answer(), locale="en") as draft:
            await asyncio.sleep(crowd.thinking)
            began = now()
            for token in range(crowd.tokens):
                draft.grow(f"t{token} ")
                await asyncio.sleep(1 / crowd.rate)
            ended = now()
            complete.append(await draft.finish(Answer(Phase.DONE, text=draft.text)))
        firsts.append(next(at for at, _, has_text in reply.arrived if has_text) - began)
        finals.append(reply.arrived[-1][0] - ended)
        growths.append(sum(phase is Phase.GROWING for _, phase, _ in reply.arrived))

    started = time.process_time()
    await asyncio.gather(*(answer(number) for number in range(crowd.answers)))
    best = best_delays(crowd)
    in_chats = f" in {crowd.chats} chats" if crowd.chats else ""
    spread = f" over {crowd.spread:g} s" if crowd.spread else ""
    return Outcome(
        name=f"{place.name}{in_chats}{spread}",
        answers=crowd.answers,
        complete=sum(complete),
        calls=judge.calls,
        refused=judge.refused,
        first_p50=statistics.median(firsts),
        first_p95=percentile(firsts, 0.95),
        first_p95_best=percentile(best, 0.95),
        final_p50=statistics.median(finals),
        final_mean=statistics.mean(finals),
        final_mean_best=statistics.mean(best),
        final_p95=percentile(finals, 0.95),
        final_p95_best=percentile(best, 0.95),
        growth_least=min(growths),
        growth_most=max(growths),
        cpu_ms=(time.process_time() - started) * 1000 / crowd.answers,
    )


def crowds(sizes: Iterable[int]) -> list[Crowd]:
    sizes = list(sizes)
    every = [Crowd(place, size) for place in PLACES for size in sizes]
    spread = [Crowd(place, 200, spread=10) for place in PLACES]
    busy = [
        Crowd(PLACES[0], 10, chats=1),
        Crowd(PLACES[3], 4, chats=1),
        Crowd(PLACES[3], 200, chats=50),
    ]
    return every + spread + busy


def main() -> None:
    sizes = (1, 10, 50, 200) if "--quick" in sys.argv else (1, 10, 50, 200, 1000)
    print_head(COLUMNS)
    outcomes = []
    for crowd in crowds(sizes):
        outcomes.append(asdict(run(play(crowd))))
        print_row(COLUMNS, outcomes[-1])
    save("pace", outcomes)


if __name__ == "__main__":
    main()

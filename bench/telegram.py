"""Delay of texts on Telegram, and CPU time per answer: 1 to 200 people at once, alone or four to a group.

The unmodified console script runs as a process of its own against the loopback Bot API of the tests,
which refuses calls beyond the documented limits (1 call a second and chat with bursts of 5, 20 a minute
in a group, 30 a second in total; edits and chat actions count). The model sends 150 tokens at 30 a
second to everybody at the same time, which is the hardest case: all final texts are due at once.

    python -m bench.telegram [--quick]

The optimum is what 30 calls a second allow when every call is spent on exactly one final text: of N texts
due at once, the k-th can be shown floor(k / 30) seconds later.
"""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import psutil
import uvloop

from bench import Row, save
from bench._service import COUNTS, TOKENS, Model, delays, metered, play_crowds, script, until
from tests.standins.telegram import Message, TelegramStandin

TO_A_GROUP = 4
CALLS_A_SECOND = 30
PATIENCE_S = 90.0


@asynccontextmanager
async def bot(telegram: TelegramStandin, api: str) -> AsyncIterator[psutil.Process]:
    """The console script, polling."""

    async def ready() -> None:
        await until(lambda: telegram.server.polls > 0, 30)
        await asyncio.sleep(1.0)  # so that work of the start does not count

    own = {"TELEGRAM_TOKEN": telegram.token, "TELEGRAM_API_BASE": telegram.base}
    async with script("telegram", own, api, ready) as process:
        yield process


def whole(telegram: TelegramStandin) -> list[Message]:
    """The answers that are complete and have their final buttons."""
    return [
        one for one in telegram.messages() if f"word{TOKENS - 1}" in one.text and "New answer" in one.buttons
    ]


async def measure(kind: str, count: int) -> Row:
    model = Model()
    async with TelegramStandin() as telegram, model.serving() as api, bot(telegram, api) as process:
        await telegram.say("/ask Tell me something.", user=telegram.person("First"))
        await until(lambda: whole(telegram), PATIENCE_S)  # so that one-time loading does not count
        (warm,) = whole(telegram)
        model.again(count)
        people = [telegram.person(f"Person{number}") for number in range(count)]
        groups = [telegram.group(f"Group{number}") for number in range(-(-count // TO_A_GROUP))]
        with metered(process, telegram.calls, count) as costs:
            for number, person in enumerate(people):
                chat = groups[number // TO_A_GROUP] if kind == "group" else None
                await telegram.say("/ask Tell me something.", user=person, chat=chat)
            await until(lambda: len(whole(telegram)) == count + 1, PATIENCE_S)
        answers = [one for one in whole(telegram) if one is not warm]
        firsts = [next(one.at for one in answer.history if "word" in one.text) for answer in answers]
        finals = [next(one.at for one in answer.history if "New answer" in one.buttons) for answer in answers]
        return {**delays(model, firsts, finals, CALLS_A_SECOND), **costs, "refused": len(telegram.refused)}


async def idle() -> Row:
    """Memory of the whole service, a few seconds after the start, while it is idle."""
    model = Model()
    async with TelegramStandin() as telegram, model.serving() as api, bot(telegram, api) as process:
        await asyncio.sleep(3)
        store = sum(child.memory_info().rss for child in process.children(recursive=True))
        return {"process_mib": process.memory_info().rss / 2**20, "store_mib": store / 2**20}


async def run(counts: tuple[int, ...]) -> Row:
    rows = await play_crowds(("private", "group"), counts, measure)
    memory = await idle()
    print(f"idle: {memory['process_mib']:.0f} MiB the process, {memory['store_mib']:.0f} MiB its store")
    return {"rows": rows, "idle": memory}


def main() -> None:
    save("telegram", uvloop.run(run(COUNTS[:2] if "--quick" in sys.argv else COUNTS)))


if __name__ == "__main__":
    main()

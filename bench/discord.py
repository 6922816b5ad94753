"""Delay of texts on Discord, and CPU time per answer: 1 to 200 questions at once, each in its own channel.

The unmodified console script runs as a process of its own against the loopback Discord of the tests,
which refuses calls beyond its limits (5 messages created or edited per 5 s and channel, 50 calls a
second in total, without the webhooks of interactions). The model sends 150 tokens at 30 a second to
everybody at the same time, which is the hardest case: all final texts are due at once.

    python -m bench.discord [--quick]

The optimum is what 50 calls a second allow when every call is spent on exactly one text: of N texts
due at once, the k-th can be shown floor(k / 50) seconds later. Interactions have no such limit. Where the
optimum is no delay at all, up to AT_ONCE_S is accepted.

One question is answered before the measurement, so that one-time work, such as loading the vocabulary, does
not count.
"""

import asyncio
import sys
import time
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from statistics import median
from typing import Any

import psutil
import uvloop

from bench import Row, judge, percentile, save
from bench._service import COUNTS, TOKENS, Model, delays, metered, play_crowds, script, until
from tests.standins.discord import Channel, DiscordStandin, Message, Shown, User

CALLS_A_SECOND = 50
DONE_LABEL = "New answer"
AT_ONCE_S, SLACK = 0.3, 1.3  # of a text without a limit in its way; of the optimum where there is one
CPU_S, PEAK_MIB, READY_S, TYPED_S = 0.025, 150.0, 1.5, 0.1


@asynccontextmanager
async def bot(discord: DiscordStandin, api: str) -> AsyncIterator[tuple[psutil.Process, float]]:
    """Starts the console script; yields it once connected, and the seconds that this took."""
    started, ready_s = time.monotonic(), 0.0

    async def ready() -> None:
        nonlocal ready_s
        await discord.until(lambda: discord.gateway.connected, timeout=30)
        ready_s = time.monotonic() - started
        await discord.until(lambda: discord.syncs, timeout=10)
        await asyncio.sleep(0.5)  # so that work of the start does not count

    own = {"DISCORD_TOKEN": discord.token, "DISCORD_API_BASE": discord.base}
    async with script("discord", own, api, ready) as process:
        yield process, ready_s


async def ask(discord: DiscordStandin, kind: str, person: User, channel: Channel) -> Any:
    if kind == "slash":
        return await discord.slash("ask", {"question": "?"}, user=person, channel=channel)
    return await discord.mention("?", user=person, channel=channel)


def is_final(shown: Shown) -> bool:
    return DONE_LABEL in str(shown.components) and f"word{TOKENS - 1}" in shown.content


def complete(discord: DiscordStandin) -> list[Message]:
    """The answers that are complete and have their final buttons."""
    ours = [one for one in discord.messages.values() if one.author is discord.bot]
    return [one for one in ours if one.shown and is_final(one.shown[-1])]


async def until_complete(discord: DiscordStandin, count: int) -> None:
    await until(lambda: len(complete(discord)) >= count, 30)


async def typed(discord: DiscordStandin, person: User) -> list[float]:
    """Seconds until the choices for an option that is being typed arrive."""
    asked = [await discord.autocomplete("ask", "model", "gpt", user=person) for _ in range(20)]
    await discord.until(lambda: all(one.choices for one in asked))
    return [one.acked or 0.0 for one in asked]


async def measure(kind: str, count: int) -> Row:
    model = Model()
    async with DiscordStandin() as discord, model.serving() as api:
        first, *channels = [discord.add_channel(f"c{number}") for number in range(count + 1)]
        one, *people = [discord.add_user(f"Person{number}") for number in range(count + 1)]
        async with bot(discord, api) as (process, ready_s):
            await ask(discord, kind, one, first)
            await until_complete(discord, 1)
            choices = await typed(discord, one)
            model.again(count)
            discord.messages.clear()
            with metered(process, discord.calls, count) as costs:
                asked = [await ask(discord, kind, *pair) for pair in zip(people, channels, strict=True)]
                await until_complete(discord, count)
            answers = complete(discord)
            firsts = [next(one.at for one in answer.shown if "word" in one.content) for answer in answers]
            finals = [next(one.at for one in answer.shown if is_final(one)) for answer in answers]
            # The calls of interactions do not count.
            late = delays(model, firsts, finals, CALLS_A_SECOND if kind == "mention" else count)
            return {
                **late,
                **costs,
                "refused": len(discord.refused),
                "ready_s": ready_s,
                "acknowledged_p95_s": percentile([one.acked for one in asked], 0.95)
                if kind == "slash"
                else None,
                "choices_p95_s": percentile(choices, 0.95),
            }


def targets(rows: list[Row]) -> list[tuple[str, float, float]]:
    found: list[tuple[str, float, float]] = []
    for row in rows:
        name, optimum = f"{row['kind']} {row['count']}", row["optimum_p95_s"]
        found.append((f"{name}: not complete", row["count"] - row["complete"], 0))
        found.append((f"{name}: calls refused", row["refused"], 0))
        if row["kind"] == "slash" and row["count"] >= 50:
            found.append((f"{name}: final p95 s", row["final_p95_s"], AT_ONCE_S))
        if row["kind"] == "mention":
            most = max(SLACK * optimum, AT_ONCE_S)
            found.append((f"{name}: first p95 s, optimum {optimum:.2f}", row["first_p95_s"], most))
            found.append((f"{name}: final p95 s, optimum {optimum:.2f}", row["final_p95_s"], most))
        if row["count"] == 50:
            found.append((f"{name}: CPU s an answer", row["cpu_s_per_answer"], CPU_S))
        if row["count"] == 200:
            found.append((f"{name}: peak MiB", row["peak_mib"], PEAK_MIB))
    found.append(("acknowledged p95 s", max(row["acknowledged_p95_s"] or 0.0 for row in rows), AT_ONCE_S))
    found.append(("choices while typing p95 s", median(row["choices_p95_s"] for row in rows), TYPED_S))
    found.append(("start to READY s, median", median(row["ready_s"] for row in rows), READY_S))
    return found


def main() -> None:
    counts = COUNTS[:2] if "--quick" in sys.argv else COUNTS
    rows = uvloop.run(play_crowds(("slash", "mention"), counts, measure))
    judge(targets(rows))
    save("discord", {"rows": rows})


if __name__ == "__main__":
    main()

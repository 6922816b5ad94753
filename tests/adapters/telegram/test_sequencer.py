"""Limits on concurrent work."""

import asyncio

import pytest

from bots.telegram.sequencer import MOST, MOST_OF_CHAT, Begun, Sequencer
from tests.waiting import until


async def is_ours(_: str) -> bool:
    return True


async def test_what_does_not_fit_is_taken_in_when_there_is_room() -> None:
    """An update beyond the limit waits until another one ends."""
    under_way: list[int] = []

    async def record(_: str) -> None:
        return

    sequencer, gates = Sequencer(record, is_ours), [asyncio.Event() for _ in range(MOST + 1)]

    async def begin(number: int) -> None:
        async def work(begun: Begun) -> None:
            under_way.append(number)
            await gates[number].wait()

        await sequencer.begin(str(number), str(number), work)

    for number in range(MOST):
        await begin(number)
    last = asyncio.create_task(begin(MOST))
    await until(lambda: len(under_way) == MOST)
    assert not last.done()
    gates[7].set()
    await last
    await until(lambda: under_way[-1] == MOST)
    for gate in gates:
        gate.set()
    await sequencer.finish(1)


async def test_updates_of_a_chat_begin_in_turn(monkeypatch: pytest.MonkeyPatch) -> None:
    """The next one waits until the one before it has begun, or lets it pass, and no longer. The end waits until
    all is recorded."""
    monkeypatch.setattr("bots.telegram.sequencer._BEGIN_S", 600)
    under_way, recorded, ends = list[str](), list[str](), asyncio.Event()
    goes = {"has begun": asyncio.Event(), "lets pass": asyncio.Event(), "last": ends}

    async def record(number: str) -> None:
        for _ in range(3):
            await asyncio.sleep(0)
        recorded.append(number)

    async def work(begun: Begun) -> None:
        under_way.append(begun.number)
        await goes[begun.number].wait()
        begun.set() if begun.number == "has begun" else begun.pass_on()
        await ends.wait()

    sequencer = Sequencer(record, is_ours)
    for number in goes:
        await sequencer.begin("chat", number, work)
    for count, go_on in enumerate(goes.values(), 1):
        await until(lambda: len(under_way) == count)  # noqa: B023  # called at once
        go_on.set()
    assert under_way == [*goes]
    await until(lambda: recorded[:1] == ["has begun"])
    await sequencer.finish(1)
    assert sorted(recorded) == sorted(goes)
    assert not {**sequencer._last, **sequencer._under_way}


async def test_what_takes_long_to_begin_holds_up_its_chat_for_a_while(monkeypatch: pytest.MonkeyPatch) -> None:
    """Then the next one begins without it. What is cut off before it has begun is not recorded: another process
    takes it over."""
    monkeypatch.setattr("bots.telegram.sequencer._BEGIN_S", 0.01)
    gate, recorded = asyncio.Event(), list[str]()

    async def record(number: str) -> None:
        recorded.append(number)

    async def work(begun: Begun) -> None:
        if begun.number == "slow":
            await gate.wait()

    sequencer = Sequencer(record, is_ours)
    for number in ("slow", "next"):
        await sequencer.begin("chat", number, work)
    await until(lambda: recorded == ["next"])
    gate.set()
    await sequencer.finish(1)
    assert recorded == ["next", "slow"]

    gate.clear()
    for number in ("slow", "next"):
        await sequencer.begin("chat", number, work)
    await sequencer.finish(0)
    assert recorded == ["next", "slow"]


async def test_one_flooded_chat_stops_no_other() -> None:
    """Updates beyond a chat's limit are dropped, also from the record, and the first sender is told; other
    chats continue, and so does this one later."""
    begun: list[str] = []
    recorded: list[str] = []
    notified: list[str] = []

    async def record(chat: str) -> None:
        recorded.append(chat)

    sequencer, gate = Sequencer(record, is_ours), asyncio.Event()

    async def begin(chat: str, *, floods: bool = True) -> None:
        async def tell(one: Begun) -> None:
            notified.append(chat)
            one.set()

        async def work(one: Begun) -> None:
            begun.append(chat)
            one.set()
            await gate.wait()

        await sequencer.begin(chat, chat, work, instead=tell if floods else None)

    for _ in range(MOST + 1):
        await begin("flooded")
    await begin("other")
    await until(lambda: len(recorded) == MOST + 2)
    assert (begun.count("flooded"), begun.count("other"), notified) == (MOST_OF_CHAT, 1, ["flooded"])
    await begin("flooded", floods=False)  # such as a press on Stop
    await until(lambda: begun.count("flooded") == MOST_OF_CHAT + 1)
    gate.set()
    await sequencer.finish(1)
    await begin("flooded")
    await until(lambda: begun.count("flooded") == MOST_OF_CHAT + 2)
    await sequencer.finish(1)

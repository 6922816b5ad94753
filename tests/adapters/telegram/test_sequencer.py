"""How much is under way at once."""

import asyncio

from bots.telegram.sequencer import MOST, Begun, Sequencer
from tests.waiting import until


async def test_what_does_not_fit_is_taken_in_when_there_is_room() -> None:
    """The one that is too many waits, whoever sent it, until one of the others is over."""
    sequencer, gates = Sequencer(), [asyncio.Event() for _ in range(MOST + 1)]
    under_way: list[int] = []

    async def begin(number: int) -> None:
        async def work(begun: Begun) -> None:
            under_way.append(number)
            await gates[number].wait()

        async def record() -> None:
            return

        async def is_ours() -> bool:
            return True

        await sequencer.begin(str(number), work, record, is_ours)

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

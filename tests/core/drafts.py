"""Helpers for the tests of growing answers."""

import asyncio

from core.answer import Action, Answer, Phase
from core.draft import Draft
from core.pace import Limits, Window

STOP = Action("stop", "ref", "Stop")
WORKING = Answer(Phase.WORKING, actions=(STOP,))
CHANNEL = Limits(chat=(Window(5, 5.0),), account=(Window(50, 1.0),))


def done(text: str = "") -> Answer:
    return Answer(Phase.DONE, text=text)


async def feed(draft: Draft, pieces: int, every: float = 0.05) -> None:
    for number in range(pieces):
        await asyncio.sleep(every)
        draft.grow(f"w{number} ")

"""What the bot says by itself, where no use case shows it: with the persistence that answers have."""

import asyncio
from collections.abc import Awaitable, Callable

import structlog

from core.errors import DeliveryError, SlowDown
from core.pace import Lane, Rank

log = structlog.get_logger(__name__)

PATIENCE_S = 600.0  # the longest floods are about 300 s
PAUSE_S, LONGEST_PAUSE_S = 0.5, 5.0  # between tries while the server cannot be reached


async def tell(lane: Lane, saying: Callable[[], Awaitable[object]]) -> None:
    """Says it as soon as the chat takes it; what may be there is not said again, nor what is refused."""
    pause = PAUSE_S
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                await lane.enter(Rank.FINAL)
                try:
                    await saying()
                    return
                except SlowDown as error:
                    lane.block(error.retry_after, everywhere=error.everywhere)  # entering waits for that
                except DeliveryError as error:
                    if type(error) is not DeliveryError:  # only the plain one is known not to have arrived
                        raise
                    await asyncio.sleep(pause)
                    pause = min(2 * pause, LONGEST_PAUSE_S)
    except DeliveryError as error:
        log.info("telegram.not_told", reason=type(error).__name__, cause=error.cause)
    except TimeoutError:
        log.warning("telegram.not_told", waited_s=PATIENCE_S)

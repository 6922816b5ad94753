"""redis-py's client, but what is asked for at one moment goes to the server in one packet.

Where many answers begin or end together, a round trip for each command is most of the work: a connection taken
and given back, two time limits, a write, a read. Sent together they share all of that.
"""

import asyncio
from typing import Any, TypeAlias

from redis.asyncio import Redis
from redis.exceptions import ConnectionError as RedisConnectionError
from redis.exceptions import DataError

_MOST = 64  # in one packet: its first reply is given out with its last

_Waiting: TypeAlias = tuple[tuple[Any, ...], dict[str, Any], "asyncio.Future[Any]"]


class BatchingRedis(Redis):
    """Batches all commands outside of pipelines. One whose caller is cancelled takes none of the others
    along."""

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self._waiting: list[_Waiting] = []
        self._batches: set[asyncio.Task[None]] = set()
        self._is_closed = False

    async def aclose(self, close_connection_pool: bool | None = None) -> None:
        """What is still on its way is given up first, and nothing follows: it would open a connection that
        nobody closes."""
        self._is_closed = True
        for _, _, reply in self._waiting:
            reply.cancel()
        await asyncio.sleep(0)  # a batch that has not begun yet cannot tell those who wait for it
        for batch in (batches := [*self._batches]):
            batch.cancel()
        await asyncio.gather(*batches, return_exceptions=True)
        await super().aclose(close_connection_pool)

    async def execute_command(self, *args: Any, **options: Any) -> Any:
        if self._is_closed:
            raise RedisConnectionError("closed by ourselves")
        loop = asyncio.get_running_loop()
        reply: asyncio.Future[Any] = loop.create_future()
        self._waiting.append((args, options, reply))
        if len(self._waiting) == 1:
            loop.call_soon(self._send)
        return await reply

    def _send(self) -> None:
        waiting, self._waiting = [one for one in self._waiting if not one[2].done()], []
        for at in range(0, len(waiting), _MOST):
            batch = asyncio.create_task(self._exchange(waiting[at : at + _MOST]))
            self._batches.add(batch)
            batch.add_done_callback(self._batches.discard)

    async def _exchange(self, batch: list[_Waiting]) -> None:
        try:
            replies = await self._replies(batch)
        except Exception as error:
            replies = [error] * len(batch)
        except asyncio.CancelledError:
            for _, _, reply in batch:
                reply.cancel()
            raise
        for (_, _, reply), value in zip(batch, replies, strict=True):
            if reply.done():  # nobody waits for it any more
                continue
            if isinstance(value, BaseException):
                reply.set_exception(value)
            else:
                reply.set_result(value)

    async def _replies(self, batch: list[_Waiting]) -> list[Any]:
        """The replies in the order of the commands; an error of the server takes the place of its reply."""
        if len(batch) == 1:
            return [await self._reply(batch[0])]
        pipe = self.pipeline(transaction=False)
        for args, options, _ in batch:
            pipe.execute_command(*args, **options)
        try:
            return list(await pipe.execute(raise_on_error=False))
        except (DataError, UnicodeEncodeError):  # half a character in one of them, say: none was sent
            return await asyncio.gather(*map(self._reply, batch), return_exceptions=True)

    async def _reply(self, one: _Waiting) -> Any:
        args, options, _ = one
        return await super().execute_command(*args, **options)  # type: ignore[no-untyped-call]  # redis leaves it untyped

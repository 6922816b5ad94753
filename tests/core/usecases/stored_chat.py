"""A chat whose messages are in the store, so that it outlives processes."""

from dataclasses import dataclass

import msgspec
from redis.asyncio import Redis

from core.answer import Answer, Phase, Surface
from core.pace import OpenLane

PLATFORM = "test"


class Message(msgspec.Struct, frozen=True):
    """One message as it is now."""

    phase: Phase
    note: str
    pictures: int


class StoredChatReply:
    """A Reply that posts one message to a room and then changes it, as a chat's message is: posting gives it
    an id, and only whoever knows the id can change it."""

    surface = Surface(buttons=True, pictures=True)
    lane = OpenLane()

    def __init__(self, redis: Redis, room: str, id: str = "") -> None:  # noqa: A002  # the chat's word
        self._redis, self.room, self.id = redis, room, id

    @property
    def address(self) -> str:
        return f"{PLATFORM}:{self.room}:{self.id}"

    @property
    def messages(self) -> tuple[str, ...]:
        return (self.id,) if self.id else ()

    async def show(self, answer: Answer) -> None:
        message = Message(answer.phase, answer.note, len(answer.pictures))
        posted = self.id or str(await self._redis.incr("chat:ids"))
        await self._redis.hset(f"chat:{self.room}", posted, msgspec.json.encode(message))
        self.id = posted


@dataclass
class StoredChat:
    """All rooms of one store."""

    redis: Redis

    async def reopen(self, address: str) -> StoredChatReply:
        _, room, posted = address.split(":")
        return StoredChatReply(self.redis, room, posted)

    async def read(self, room: str) -> list[Message]:
        """The messages, oldest first."""
        found = {int(posted): text for posted, text in (await self.redis.hgetall(f"chat:{room}")).items()}
        return [msgspec.json.decode(found[posted], type=Message) for posted in sorted(found)]

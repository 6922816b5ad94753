"""A process that serves a stored chat, and orders pictures for some people in it. Run by tests and benchmarks.

Arguments: REDIS_URL, MINITOOLAI_BASE_URL, how many people order one picture each. Says "ordered" once all
orders are placed, and goes on until it is killed.
"""

import asyncio
import sys

import structlog
from redis.asyncio import Redis

from core.opening import open_core
from core.settings import Settings
from core.turn import Person, Turn
from tests.core.usecases.stored_chat import PLATFORM, StoredChat, StoredChatReply


async def paint(url: str, api: str, people: int) -> None:
    settings = Settings(_env_file=None, redis_url=url, minitoolai_api_key="key", minitoolai_base_url=api)  # type: ignore[arg-type]
    chat = StoredChat(Redis.from_url(url))
    async with open_core(settings) as core, core.serving(PLATFORM, chat.reopen):
        watching = asyncio.create_task(core.maintain(asyncio.Event()))
        for number in range(people):
            turn = Turn(
                id=f"test:{number}:1",
                command="imagine",
                person=Person(f"test:{number}", "Ann"),
                chat=f"test:chat:{number}",
                room=f"test:{number}",
                text=f"a fox {number}",
                args={"size": "small"},
            )
            await core.run(turn, StoredChatReply(chat.redis, str(number)))
        print("ordered", flush=True)
        await watching


if __name__ == "__main__":
    structlog.configure(wrapper_class=structlog.make_filtering_bound_logger(50))
    asyncio.run(paint(sys.argv[1], sys.argv[2], int(sys.argv[3])))

"""Updates on their way to the bot: one long-polling consumer, or a webhook with retries."""

import asyncio
import itertools
import re

import aiohttp

from .wire import Json, Params, Refusal, bad

RETRY_S = 0.05  # the real server waits longer; tests should not
_SECRET = re.compile(r"[A-Za-z0-9_-]{0,256}")
SECRET_HEADER = "X-Telegram-Bot-Api-Secret-Token"
MAX_CONNECTIONS = 40
AHEAD = 10  # an offset further beyond the next number than this means nothing to the real server


class Updates:
    """Every update not yet confirmed. `targets` stand behind the webhook's address, taken in turn.

    As the real server does (telegram-bot-api: WebhookActor.cpp), it holds the updates in queues, and delivers
    the next one of a queue only when the one before was answered with 2xx: a bot that answers late gets the
    rest of that chat late, and whoever wants two messages at once must answer the first. Without that the
    tests would prove what never happens.
    """

    def __init__(self) -> None:
        self.waiting: list[Json] = []
        self.confirmed = 0
        self.webhook = ""
        self.secret = ""
        self.targets: list[str] = []
        self.trouble: Json = {}  # what getWebhookInfo says of the last delivery that failed
        self.duplicate = False  # deliver everything to two targets
        self.deliveries: list[tuple[int, str, int]] = []  # update id, address, status (0 = no answer)
        self.next_number = 500_000  # after a week without updates: any number, also a lower one
        self._news = asyncio.Event()
        self._poller: asyncio.Future[str] | None = None
        self._tasks: set[asyncio.Task[None]] = set()
        self._free = asyncio.Semaphore(MAX_CONNECTIONS)
        self._queues: dict[tuple[str, int], asyncio.Lock] = {}

    def add(self, kind: str, body: Json) -> int:
        number, self.next_number = self.next_number, self.next_number + 1
        update = {"update_id": number, kind: body}
        if self.webhook:
            self._push(update)
        else:
            self.waiting.append(update)
            self._news.set()
        return number

    async def get(self, params: Params) -> list[Json]:
        """getUpdates. A second caller ends the first one's wait with a Conflict."""
        if self.webhook:
            raise Refusal(
                409,
                "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook to delete "
                "the webhook first",
            )
        self._end_poll("other getUpdates request; make sure that only one bot instance is running")
        mine = self._poller = asyncio.get_running_loop().create_future()
        offset, limit = params.integer("offset"), params.integer("limit", 100)
        deadline = asyncio.get_running_loop().time() + params.integer("timeout")
        while not (found := self._from(offset)[:limit]):
            self._news.clear()
            news = asyncio.ensure_future(self._news.wait())
            left = deadline - asyncio.get_running_loop().time()
            await asyncio.wait({news, mine}, timeout=max(0.0, left), return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
            if mine.done():
                raise Refusal(409, f"Conflict: terminated by {mine.result()}")
            if asyncio.get_running_loop().time() >= deadline:
                return []
        mine.cancel()
        return found

    def _end_poll(self, by: str) -> None:
        if self._poller is not None and not self._poller.done():
            self._poller.set_result(by)

    def _from(self, offset: int) -> list[Json]:
        """What an offset asks for; what is before it is confirmed. One of the future is passed over: then all
        is given, and nothing confirmed (tdlib: TQueue.cpp; telegram-bot-api: Client.cpp, `do_get_updates`)."""
        if 0 < offset <= self.next_number + AHEAD:
            self.waiting = [update for update in self.waiting if update["update_id"] >= offset]
            self.confirmed = max(self.confirmed, offset - 1)
        return self.waiting

    def set_webhook(self, params: Params) -> bool:
        if not _SECRET.fullmatch(params.text("secret_token")):
            raise bad("secret token contains unallowed characters")
        self.webhook, self.secret = params.text("url"), params.text("secret_token")
        if not self.targets:
            self.targets = [self.webhook]
        if params.flag("drop_pending_updates"):
            self.waiting.clear()
        for update in self.waiting if self.webhook else []:
            self._push(update)
        if self.webhook:
            self.waiting = []
            self._end_poll("setWebhook request")
        return True

    def delete_webhook(self, params: Params) -> bool:
        self.webhook = ""
        return True

    def info(self) -> Json:
        return {
            "url": self.webhook,
            "has_custom_certificate": False,
            "pending_update_count": len(self.waiting) + len(self._tasks),
            **self.trouble,
        }

    def _push(self, update: Json) -> None:
        for copy in range(2 if self.duplicate else 1):
            task = asyncio.create_task(self._deliver(update, copy))
            self._tasks.add(task)
            task.add_done_callback(self._tasks.discard)

    async def _deliver(self, update: Json, shift: int) -> None:
        number = int(update["update_id"])
        queue = self._queues.setdefault((_queue_of(update), shift), asyncio.Lock())
        async with queue, self._free, aiohttp.ClientSession() as session:
            for attempt in itertools.count(shift):
                target = self.targets[(number + attempt) % len(self.targets)]
                status = await self._post(session, target, update)
                self.deliveries.append((number, target, status))
                if 200 <= status < 300 or not self.webhook:
                    return
                await asyncio.sleep(RETRY_S)

    async def _post(self, session: aiohttp.ClientSession, target: str, update: Json) -> int:
        headers = {SECRET_HEADER: self.secret} if self.secret else {}
        try:
            async with session.post(target, json=update, headers=headers) as response:
                await response.read()
                return response.status
        except (aiohttp.ClientError, TimeoutError, OSError):
            return 0

    async def close(self) -> None:
        self.webhook = ""
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)


def _queue_of(update: Json) -> str:
    """A chat's messages come in order, a person's presses do, and what a person types inline; but none of these
    waits for another (Client.cpp: one queue is named by the chat, the others by the person and the kind)."""
    kind, body = next(item for item in update.items() if item[0] != "update_id")
    return str(body["chat"]["id"]) if "chat" in body else f"{kind} from {body.get('from', {}).get('id')}"

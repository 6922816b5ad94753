"""Shows that an answer is coming, before its first message: "is typing", or in private chats a draft of it."""

import asyncio
import secrets
from collections.abc import Callable

import structlog

from bots.telegram.account import Account
from bots.telegram.calls import Declined, Unknown
from bots.telegram.chat import Chat
from bots.telegram.lanes import ReplyLane
from bots.telegram.pages import Page
from core.errors import DeliveryError, Gone, SlowDown, TooBig
from core.pace import Rank

log = structlog.get_logger(__name__)

COMPANY_S = 0.3  # how long a group's first answer waits to see whether it is the only one
TYPING_S = 4.5  # Telegram shows it for at most five
_BUSY_S = 0.5  # between looks while the account has no call to spare for the indicator
DRAFT_S = 20.0  # a draft is gone after thirty


class Activity:
    """The indicator of one answer: shown from `begin` until the answer `has_messages`. Until `end` the answer
    counts as one that its chat waits for."""

    def __init__(self, account: Account, chat: Chat, lane: ReplyLane, has_messages: Callable[[], bool]) -> None:
        self._account, self._chat, self._lane, self._has_messages = account, chat, lane, has_messages
        self._draft = secrets.randbelow(2**31 - 1) + 1
        self._frame: Page | None = None  # what the draft shows
        self._waited_in = 0  # the chat that is counted as waiting: its group may move meanwhile
        self._repeating: asyncio.Task[None] | None = None

    @property
    def is_begun(self) -> bool:
        return self._repeating is not None

    @property
    def uses_drafts(self) -> bool:
        """Whether the answer grows as a draft. A chat that takes none gets messages."""
        place = self._chat.place
        return self._account.drafts and not place.is_group and place.chat not in self._account.draftless

    async def begin(self) -> None:
        """Shows the indicator and repeats it in the background: a draft where the chat takes them and the
        answer has no messages yet, else Telegram's own "is typing"."""
        if self.uses_drafts and not self._has_messages():
            await self.draft(Page(""))
        self._waited_in = self._chat.place.chat
        self._account.wait(self._waited_in, 1)
        self._repeating = asyncio.create_task(self._repeat(), name="telegram-typing")

    async def end(self) -> None:
        """Stops showing it."""
        if self._repeating is not None:
            self._repeating.cancel()
            await asyncio.wait([self._repeating])
            self._repeating = None
            self._account.wait(self._waited_in, -1)

    async def draft(self, page: Page) -> None:
        """Shows a frame of the draft. One that cannot be sent now is dropped: the next shows more. A chat that
        refuses words gets no more drafts; a frame without words, or with blocks (raises Declined), may be
        refused for that alone."""
        try:
            async with self._lane.call(Rank.GROWTH):
                await self._chat.draft(self._draft, page)
            self._frame = page
        except SlowDown as error:
            self._lane.block(error.retry_after, everywhere=error.everywhere)
        except (Unknown, Gone, TooBig, Declined) as error:
            if isinstance(error, Declined) and page.blocks:
                raise
            if isinstance(error, Declined) and not page.text:
                return
            log.info("telegram.drafts_off", cause=error.cause)
            self._account.draftless.add(self._chat.place.chat)

    async def _repeat(self) -> None:
        """Repeats the indicator until the answer has messages: only with calls to spare, and a draft before it
        vanishes."""
        if self.uses_drafts:
            await asyncio.sleep(DRAFT_S)
        elif self._chat.place.is_group:
            await asyncio.sleep(COMPANY_S)
        while not self._has_messages():
            is_shown = self._is_alone and await self._lane.chat.enter(Rank.COSMETIC)
            if is_shown:
                try:
                    with self._lane.chat.call():
                        await self._show()
                except SlowDown as error:
                    self._lane.block(error.retry_after, everywhere=error.everywhere)
                except DeliveryError:
                    return
            again_s = DRAFT_S if self.uses_drafts else TYPING_S
            await asyncio.sleep(again_s if is_shown else _BUSY_S)

    @property
    def _is_alone(self) -> bool:
        """Whether no other answer is coming in this group: its few calls are for the texts of several."""
        place = self._chat.place
        return not place.is_group or self._account.working[place.chat] < 2

    async def _show(self) -> None:
        if not self.uses_drafts:
            await self._chat.typing()
        elif self._frame is not None:
            await self._chat.draft(self._draft, self._frame)

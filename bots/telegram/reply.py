"""Shows one answer in Telegram: makes the messages of a chat match it.

Invariant: nothing is posted twice that is known to be there. Where the connection broke after a send, that is
not known: then growth is not shown any more, and the final state is sent at most once more.
"""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from functools import partial
from typing import TypeVar

import structlog
from telegram import InlineKeyboardMarkup

from bots.telegram import captions
from bots.telegram.account import Account
from bots.telegram.activity import Activity
from bots.telegram.buttons import buttons_of, has_long_choices, keyboard
from bots.telegram.calls import Declined, Moved, Unknown, Unsure
from bots.telegram.chat import Chat
from bots.telegram.lanes import ReplyLane
from bots.telegram.pages import Page, Pages
from bots.telegram.pictures import Pictures
from bots.telegram.places import Place
from bots.telegram.recall import KEPT, Before, read_page
from core.answer import Answer, Phase, Picture, Surface
from core.errors import DeliveryError, NoPictures
from core.pace import Rank

log = structlog.get_logger(__name__)

_PRIVATE_EVERY_S, GROUP_EVERY_S = 1.1, 3.1
_UNSURE_SENDS = 2
T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class _Posted:
    """A message of ours, and what it shows as far as we know."""

    id: int
    page: Page | None = None
    buttons: tuple[tuple[str, str], ...] = ()


class TelegramReply:
    """A Reply on Telegram. Each page is a message; buttons stand under the last."""

    def __init__(self, account: Account, place: Place, messages: tuple[int, ...] = ()) -> None:
        self._account = account
        self._chat = Chat(account.bot, place)
        self.lane = ReplyLane(account.lane(place), self._is_silent)
        self._activity = Activity(account, self._chat, self.lane, self._has_messages)
        self._pages = Pages(rich=account.rich)
        self._posted = [_Posted(message) for message in messages]
        self._pictures = Pictures(self._chat, self.lane)
        self._pictured: tuple[Picture, ...] = ()
        self._pictured_in = 0  # messages: so many of those posted show pictures, or belong to them
        self._unsure = 0
        self._is_anew = False
        self._before: Before | None = None  # of a dead process, once it is read

    @property
    def surface(self) -> Surface:
        return Surface(
            show_every=GROUP_EVERY_S if self._chat.place.is_group else _PRIVATE_EVERY_S,
            buttons=True,
            pictures=True,
            picks_options=True,
            terse=True,
        )

    @property
    def address(self) -> str:
        return self._chat.place.address(self._ids)

    @property
    def messages(self) -> tuple[str, ...]:
        return tuple(map(str, self._ids))

    @property
    def _ids(self) -> tuple[int, ...]:
        return tuple(posted.id for posted in self._posted)

    def _has_messages(self) -> bool:
        return bool(self._posted)

    def _is_silent(self) -> bool:
        return not (self._posted or self._activity.uses_drafts)

    async def show(self, answer: Answer) -> None:
        if answer.phase.is_final:
            await self.close()
        if answer.anew and not self._is_anew:  # before the first try: a retry is not to begin anew
            self._posted, self._is_anew = [_Posted(posted) for posted in self._ids], True
        try:
            await self._show(answer)
        except Moved as error:
            self._move(error.chat)
            await self._show(answer)
        except (Unknown, Declined) as error:
            if self._pages.is_rich and isinstance(error, Unknown):
                self._account.rich = False
            self._pages = self._pages.plainer(error, answer.phase)
            await self.show(answer)

    async def close(self) -> None:
        """Stops the typing indicator."""
        await self._activity.end()

    async def _show(self, answer: Answer) -> None:
        if answer.remove or answer.withdraw:
            await self._keep(0)
        elif answer.pictures:
            await self._show_pictures(answer)
        elif self._is_first_sign(answer):
            await self._activity.begin()
        else:
            await self._show_pages(answer)

    def _is_first_sign(self, answer: Answer) -> bool:
        """Whether the answer says no more than that the bot works on it, and says so for the first time: that
        takes no message."""
        return answer.phase is Phase.WORKING and not (
            answer.progress or answer.alert or self._activity.is_begun
        )

    # --- text ----------------------------------------------------------------

    async def _show_pages(self, answer: Answer) -> None:
        pages = self._pages_of(answer)
        if answer.stays and self._posted:
            pages = (await self._recalled()).above(pages)
        is_final = answer.phase.is_final
        is_drafted = self._activity.uses_drafts and not is_final and not answer.progress
        for number, page in enumerate(pages):
            is_last = number == len(pages) - 1
            if is_last and is_drafted and number >= len(self._posted):
                await self._activity.draft(page)
                continue
            # Only now are the messages before the last one known.
            buttons = keyboard(answer, self._ids[:number]) if is_last else None
            if not await self._place(number, page, buttons, is_final=is_final):
                return
        if is_final:
            await self._keep(len(pages))

    async def _recalled(self) -> Before:
        """What a dead process has shown. Read once: the buttons are gone then, and nothing could be read
        again."""
        if self._before is None:
            async with self.lane.call(Rank.FINAL):
                message = await self._chat.take_buttons(self._posted[-1].id)
            self._before = Before(len(self._posted) - 1, read_page(message))
            self._posted = [_Posted(posted.id, KEPT) for posted in self._posted]
        return self._before

    def _pages_of(self, answer: Answer) -> tuple[Page, ...]:
        text, note = answer.text, answer.note
        if answer.progress is not None:
            bar = answer.progress.bar(10, "▓", "░")  # characters that every client has
            note = f"{bar} {note}".strip()
        if has_long_choices(answer):
            text, note = captions.listed(answer), ""
        draw = self._pages.draw if answer.phase.is_whole else self._pages.draw_so_far
        return draw(text, note, answer.footer)

    async def _place(
        self, number: int, page: Page, buttons: InlineKeyboardMarkup | None, *, is_final: bool
    ) -> bool:
        """Makes the message at `number` show the page. False where it is unknown whether it does: then nothing
        more is shown before the final state."""
        rank = Rank.FINAL if is_final else Rank.GROWTH
        shown = buttons_of(buttons)
        if number < len(self._posted):
            posted = self._posted[number]
            if (posted.page, posted.buttons) != (page, shown):
                async with self.lane.call(rank):
                    await self._chat.edit(posted.id, page, buttons)
                self._posted[number] = _Posted(posted.id, page, shown)
            return True
        if self._unsure and not is_final:
            return False
        async with self.lane.call(rank):
            sent = await self._sent(partial(self._chat.send, page, buttons), is_final=is_final)
        if sent is None:
            return False
        self._posted.append(_Posted(sent, page, shown))
        return True

    async def _sent(self, send: Callable[[], Awaitable[T]], *, is_final: bool) -> T | None:
        """The result of a send; None where it is unknown whether it took effect. A final state is retried once
        then: raises Unsure. The retry waits until Telegram answers again, or the connection would break once
        more."""
        if self._unsure:
            await self._chat.reach()
        try:
            return await send()
        except Unsure:
            self._unsure += 1
            log.warning("telegram.send_unsure", times=self._unsure)
            if is_final and self._unsure < _UNSURE_SENDS:
                raise
            return None

    # --- pictures ------------------------------------------------------------

    async def _show_pictures(self, answer: Answer) -> None:
        if answer.pictures != self._pictured:
            try:
                sent = await self._sent(partial(self._pictures.show, answer, self._ids), is_final=True)
                if sent is None:  # they are paid for: if they did not arrive, they are to be had elsewhere
                    raise NoPictures(cause="unsure")
            except DeliveryError as error:
                # They make room for what is said instead, or for what another process shows in their place.
                self._posted += [_Posted(one) for one in self._pictures.sent if one not in self._ids]
                if isinstance(error, NoPictures | Declined):  # for whatever reason: core has a sentence for it
                    raise NoPictures(cause=error.cause) from error
                raise
            self._pictured, self._pictured_in = answer.pictures, len(sent)
            if len(sent) > 1 and self._account.keep_files is not None:
                await self._account.keep_files(self._chat.place.chat, sent, self._pictures.files)
            before = [posted for posted in self._posted if posted.id not in sent]
            self._posted = [*map(_Posted, sent), *before]
        await self._keep(self._pictured_in)

    # --- the rest ------------------------------------------------------------

    async def _keep(self, number: int) -> None:
        """Deletes the messages after the first `number`. Each stays in `_posted` until it is deleted, so that
        the next show retries what failed now."""
        while len(self._posted) > number:
            await self._chat.delete(self._posted[-1].id)
            del self._posted[-1]

    def _move(self, chat: int) -> None:
        """Continues in the supergroup that the group has become, with new messages."""
        log.info("telegram.chat_moved", old=self._chat.place.chat, new=chat)
        self._chat.place = self._chat.place.moved(chat)
        self.lane.chat = self._account.lane(self._chat.place)
        self._pictures = Pictures(self._chat, self.lane)
        self._posted = []

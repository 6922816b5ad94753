"""The messages of one reply: through the interaction's token while it lives, then with the bot's own."""

import asyncio
import secrets
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote

import structlog

from bots.discord.account import Account
from bots.discord.hook import EPHEMERAL, LOADING, ORIGINAL, SUPPRESS_EMBEDS, Body, Hook
from bots.discord.permissions import HISTORY, NO_WAY, Unwritable, translate_error
from bots.discord.rest import Code, Declined, Upload
from bots.discord.turn import Place
from core.errors import DeliveryError, Gone
from core.pace import Lane, Rank
from core.words import t

log = structlog.get_logger(__name__)

_MUTED = "\N{SPEAKER WITH CANCELLATION STROKE}"  # the bot may not write here
_TOKEN_IS_DEAD = {Code.TOKEN_EXPIRED, Code.UNKNOWN_WEBHOOK, Code.UNKNOWN_INTERACTION}


@dataclass(frozen=True, slots=True)
class Earlier:
    """A page above a Delete button. `maker` is the token that made it, where that is known. `is_reachable`: it
    can be deleted with the bot's own token."""

    message: str
    maker: Hook | None = None
    is_reachable: bool = True


@dataclass(slots=True)
class _Next:
    """The next message to be made. `nonce` is its idempotency key: a repeated call does not make it twice."""

    nonce: str = field(default_factory=lambda: secrets.token_hex(12))
    is_shared: bool = False  # another process may have made it
    tried: Body | None = None  # the body of a call that may have made it, though its reply was lost


class Posts:
    """The messages of one reply, and how they are made, changed and deleted: with the interaction's token while
    that lives, else with the bot's own."""

    def __init__(
        self,
        account: Account,
        place: Place,
        asker: str,
        locale: str,
        *,
        hook: Hook | None = None,
        reply_to: str = "",
        ids: Sequence[str] = (),
        head: str = "",
        missing: Sequence[str] = (),
        nonce: str = "",
    ) -> None:
        self.account = account
        self._rest = account.rest
        self.place = place
        self.asker = asker
        self.locale = locale
        self.hook = hook
        self.reply_to = reply_to
        self.ids = list(ids)
        self.removable: list[Earlier] = []  # what a Delete button takes along
        self.words = ""  # what was typed into a command or form, and is lost where that is refused
        self.missing = list(missing)  # by the word keys that name it
        self._head = head
        self.channel = place.channel
        self.has_moved = False  # whether the answer goes on in a private chat, as there was no other way
        self._channel_lane = account.lane(place.channel)
        self._hook_lane = account.hook_lane(hook.token) if hook else None
        self._next = _Next(nonce, is_shared=True) if nonce else _Next()
        self._was_closed = False

    @property
    def lane(self) -> Lane:
        return self._hook_lane if self._hook_lane and self.is_hooked else self._channel_lane

    @property
    def typing_lane(self) -> Lane | None:
        """Where it shows that the bot is typing; None where an interaction shows as much, or nothing may."""
        if self.is_hooked or not self.place.is_reachable:
            return None
        return self.account.typing_lane(self.channel)

    @property
    def head(self) -> str:
        """The line above the answer that says what was asked; "" where the asker alone sees the answer."""
        return "" if self.is_private else self._head

    @head.setter
    def head(self, line: str) -> None:
        self._head = line

    @property
    def is_hooked(self) -> bool:
        return self.hook is not None and self.hook.lives()

    @property
    def is_private(self) -> bool:
        """Whether the asker alone sees it."""
        return self.hook is not None and self.hook.is_ephemeral

    async def ready(self) -> None:
        """Waits until the interaction is acknowledged. The message that this made is the first of `ids`."""
        if self.hook and self.hook.acknowledged:
            await asyncio.shield(self.hook.acknowledged)
            if self.is_hooked and self.hook.original and not self.hook.is_update and not self.ids:
                self.ids = [self.hook.original]

    async def is_anothers(self) -> bool:
        """Whether another process has acknowledged the interaction, or shows an answer to it."""
        await self.ready()
        if self.hook is None or self.hook.is_anothers or self.hook.is_update or not self.is_hooked:
            return self.hook is not None and self.hook.is_anothers
        found = await self._call_or_none("GET", self.hook.path(self.hook.original))
        return found is None or not int(found.get("flags") or 0) & LOADING

    async def read(self, index: int) -> Body | None:
        """A message as Discord has it; None where no way leads there. Raises DeliveryError."""
        message = self.ids[index]
        if self.hook and self.is_hooked:
            return await self._call_or_none("GET", self.hook.path(message))
        if not self.place.is_reachable or message == ORIGINAL:  # only the token knew its id
            return None
        path = f"/channels/{self.channel}/messages/{message}"
        if (found := await self._call_or_none("GET", path)) is not None:
            return found
        # Perhaps only the history may not be read: what an edit leaves as it is comes back all the same.
        edited = await self._call_or_none("PATCH", path, {"flags": SUPPRESS_EMBEDS})
        await self._channel_lane.enter(Rank.FINAL)
        return edited

    async def _call_or_none(self, method: str, path: str, body: Body | None = None) -> Body | None:
        """The message that a call returns; None where Discord declines it. Raises DeliveryError."""
        try:
            message: Body = await self._rest.call(method, path, body)
        except Declined as error:
            log.info("discord.unread", cause=error.cause)
            return None
        return message

    async def create(self, body: Body, files: Sequence[Upload]) -> bool:
        """Makes one more message. Returns whether it shows `body`: where an earlier try or another process has
        made it already, Discord returns that message as it was made. Raises DeliveryError, Unwritable."""
        private = {"flags": SUPPRESS_EMBEDS | EPHEMERAL} if self.is_private else {}
        made = await self._by_hook("POST", "", body | private, files)
        if made is None:
            body = {**body, "nonce": self._next.nonce, "enforce_nonce": True}
            is_reply = not self.ids and self.reply_to and not self.has_moved
            if is_reply and HISTORY not in self.missing:
                body["message_reference"] = {"message_id": self.reply_to, "fail_if_not_exists": False}
            try:
                made = await self._by_channel("POST", "", body, files)
            except DeliveryError:  # it may have been made all the same
                self._next.tried = self._next.tried or body
                raise
        is_as_tried = self._next.tried in (None, body)
        is_ours = not self._next.is_shared or str(made.get("content")).strip() == body["content"].strip()
        self.ids.append(str(made["id"]))
        self._next = _Next()
        return is_as_tried and is_ours

    async def edit(self, index: int, body: Body, files: Sequence[Upload]) -> None:
        """Changes a message that is there. Raises DeliveryError, Unwritable."""
        message = self.ids[index]
        done = await self._by_hook("PATCH", message, body, files)
        if done is not None:
            self.ids[index] = str(done.get("id", message))
            if self.hook and message == self.hook.original:
                self.hook.original = self.ids[index]
        elif message == ORIGINAL:  # only the token knew its id
            self.ids.pop(index)
            await self.create(body, files)
        else:
            await self._by_channel("PATCH", message, body, files)

    async def delete(self, index: int) -> None:
        """Deletes a message of `ids`, or finds that it is gone. Where it cannot be deleted, it stays in `ids`,
        to be tried again."""
        await self.delete_message(self.ids[index])
        self.ids.pop(index)

    async def delete_message(self, message: str) -> None:
        """Deletes any message; nothing happens where it is gone, or not ours to delete."""
        try:
            if await self._by_hook("DELETE", message, None, ()) is not None:
                return
            if message != ORIGINAL:  # only the token knew its id
                await self._by_channel("DELETE", message, None, ())
        except (Gone, Unwritable):
            log.info("discord.already_gone")

    async def delete_earlier(self, page: Earlier) -> bool:
        """Deletes a page above the button that was pressed; False where it stays. The token of the press does
        not lead there; the bot's own token does, or the one that made the page, while that lives."""
        maker = page.maker
        try:
            if page.is_reachable:
                await self._by_own_token("DELETE", page.message, None, ())
            elif maker and maker.lives():
                await self._rest.call(
                    "DELETE", maker.path(page.message), lane=self.account.hook_lane(maker.token)
                )
            else:
                return False
        except Gone:
            log.info("discord.already_gone")
        except Unwritable:
            return False
        except Declined as error:
            return error.code == Code.UNKNOWN_MESSAGE
        return True

    async def typing(self) -> None:
        """Shows that the bot is typing, where Discord lets it: no words are to wait for that."""
        try:
            await self._rest.call("POST", f"/channels/{self.channel}/typing")
        except DeliveryError as error:
            log.info("discord.not_typing", cause=error.cause)

    async def reopen_thread(self) -> bool:
        """Opens a thread that was archived meanwhile, as any message there does. False where that is refused
        (it is locked, too), or was done before. Raises DeliveryError."""
        if self._was_closed or not self.place.is_reachable:
            return False
        try:
            await self._rest.call("PATCH", f"/channels/{self.channel}", {"archived": False})
        except Declined as error:
            log.info("discord.stays_closed", cause=error.cause)
            return False
        self._was_closed = True
        return True

    async def move_to_dm(self, key: str, **data: str) -> None:
        """Continues in the asker's private chat, beginning with a sentence that says why; without it, where it
        is in that chat that only the asker saw the answer so far. Raises Gone."""
        if self.has_moved:
            raise Gone(cause="no way to the asker")
        try:
            channel = await self.account.private_chat(self.asker)
            if channel != self.place.channel:
                await self._explain(channel, t(self.locale, key, channel=f"<#{self.place.channel}>", **data))
        except (Declined, Gone) as error:
            await self._mark_unanswered()
            raise Gone(cause=error.cause) from error
        # All of it at once, and only now: where something above failed, the next try begins anew.
        self.channel, self.hook, self.ids, self._next = channel, None, [], _Next()
        self.has_moved = True
        self._channel_lane = self.account.lane(channel)
        self.missing.clear()  # what could not be done there can be done here

    async def _explain(self, channel: str, text: str) -> None:
        """Says in the private chat what comes there, and where the answer was growing that it comes there."""
        body: Body = {"content": text, "allowed_mentions": {"parse": []}}
        body |= {"nonce": self._next.nonce, "enforce_nonce": True}
        notice = await self._rest.call("POST", f"/channels/{channel}/messages", body) or {}
        if message := notice.get("id"):
            await self._say_where(Place(channel).link(str(message)))

    async def _mark_unanswered(self) -> None:
        """Reacts to the message that asked, where members may: its author takes no private messages, and would
        hear of nothing."""
        if self.hook or not self.reply_to:
            return
        path = f"/channels/{self.place.channel}/messages/{self.reply_to}/reactions/{quote(_MUTED)}/@me"
        try:
            await self._rest.call("PUT", path)
        except DeliveryError as error:
            log.info("discord.not_marked", cause=error.cause)

    async def _say_where(self, link: str) -> None:
        """While the token just lives, puts the way to the answer where it was growing: what is left there looks
        as if it were still under way, and nobody could change it later."""
        if self.hook is None or not (self.ids and self.hook.takes_last_words()):
            return
        head = self.head if len(self.ids) == 1 else ""
        body: Body = {
            "content": "\n".join(filter(None, (head, t(self.locale, "discord-goes-on", where=link)))),
            "components": [],
            "allowed_mentions": {"parse": []},
            "flags": SUPPRESS_EMBEDS,
        }
        lane = self.account.hook_lane(self.hook.token)
        try:
            await lane.enter(Rank.FINAL)
            await self._rest.call("PATCH", self.hook.path(self.ids[-1]), body, lane=lane)
        except DeliveryError as error:
            log.info("discord.left_as_it_was", cause=error.cause)

    async def _by_hook(self, method: str, message: str, body: Body | None, files: Sequence[Upload]) -> Any:
        """Calls with the interaction's token. None where that no longer lives: then the bot's own token has to
        be used. Where only this call showed that it is dead, the channel's lane is entered for the next one."""
        if self.hook is None or not self.hook.lives():
            return None
        try:
            path = self.hook.path(message)
            return await self._rest.call(method, path, body, files=files, lane=self._hook_lane) or {}
        except Declined as error:
            if error.code not in _TOKEN_IS_DEAD and error.status != 401:
                raise translate_error(error, files) from error
        self.hook.is_dead = True
        await self._channel_lane.enter(Rank.FINAL)
        return None

    async def _by_channel(self, method: str, message: str, body: Body | None, files: Sequence[Upload]) -> Any:
        if not self.has_moved and (self.is_private or not self.place.is_reachable):
            raise Unwritable(NO_WAY)
        return await self._by_own_token(method, message, body, files)

    async def _by_own_token(self, method: str, message: str, body: Body | None, files: Sequence[Upload]) -> Any:
        path = f"/channels/{self.channel}/messages" + (f"/{message}" if message else "")
        try:
            return await self._rest.call(method, path, body, files=files, lane=self._channel_lane) or {}
        except Declined as error:
            raise translate_error(error, files) from error

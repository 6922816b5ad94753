"""Shows one answer in Discord: makes its messages match the answer, with as few calls as possible."""

from dataclasses import dataclass, replace
from typing import Any

import structlog

from bots.discord import buttons, pictures
from bots.discord.account import Account
from bots.discord.commands import ASK_ABOUT
from bots.discord.hook import ORIGINAL, SUPPRESS_EMBEDS, Hook
from bots.discord.lanes import ReplyLane
from bots.discord.markup import DiscordRenderer, question_line
from bots.discord.permissions import ATTACH, CLOSED, NO_WAY, SEND, SEND_IN_THREADS, WITHOUT, Unwritable
from bots.discord.posts import Posts
from bots.discord.recall import NOTHING, Before, recall, taken_by
from bots.discord.rest import Code, Declined, Upload
from bots.discord.turn import Place
from core.answer import Answer, Phase, Surface
from core.errors import Gone, NoPictures, TooBig
from core.markdown.blocks import fenced
from core.pace import Rank
from core.pages import Pager
from core.words import FALLBACK, t

log = structlog.get_logger(__name__)

_SHOW_EVERY_S, _SHOW_LESS = 1.0, 100  # more answers than this at once, and each is shown less often
_FOLLOWUPS = 5  # of an app that only the person has installed
# What is said in place of a text that a filter holds back.
_FILTERED = {Code.AUTOMOD: "discord-blocked", Code.HARMFUL_LINKS: "discord-refused"}
_PUBLIC, _PRIVATE, _GUEST, _UNSEEN = "public", "private", "guest", "unseen"  # of an address with a token


@dataclass(frozen=True, slots=True)
class Page:
    """What one message should show."""

    content: str
    components: tuple[dict[str, Any], ...] = ()
    files: tuple[Upload, ...] = ()

    def has_other_files(self, old: "Page | None") -> bool:
        """Whether its files differ from those of `old`, the page that it replaces."""
        return self.files != (old.files if old else ())

    def body(self, old: "Page | None" = None) -> dict[str, Any]:
        """The JSON to send, in place of the page `old` where there is one. `allowed_mentions`: nobody is
        pinged; without it an edit would parse mentions again. `attachments`, where it is sent, also says which
        files of the old message to keep; without it they all stay."""
        described = [
            {"id": number, "filename": file.name, "description": file.alt}
            for number, file in enumerate(self.files)
        ]
        body: dict[str, Any] = {
            "content": self.content,
            "components": list(self.components),
            "allowed_mentions": {"parse": []},
            "flags": SUPPRESS_EMBEDS,
        }
        return body | ({"attachments": described} if self.has_other_files(old) else {})


class DiscordReply:
    """A Reply on Discord. Each page is a message; buttons stand under the last."""

    def __init__(self, posts: Posts) -> None:
        self._posts = posts
        self.lane = ReplyLane(lambda: posts.lane, lambda: posts.typing_lane, has_begun=bool(posts.ids))
        self._pager = _pager(posts)
        self._shown: dict[str, Page] = {}  # by message: what this process has put there
        self._is_anew = False
        self._before = None if posts.ids else NOTHING  # None: not read yet
        self._last_put = 0  # the page that a refusal is about

    @property
    def surface(self) -> Surface:
        place, working = self._posts.place, self._posts.account.working
        # People ask at the same moment; what they are shown should not all be due at the same moment.
        swing = 0.85 + 0.3 * (int(self._posts.asker) % 97) / 96
        return Surface(
            show_every=_SHOW_EVERY_S * max(1.0, working / _SHOW_LESS) * swing,
            buttons=True,
            pictures=True,
            private=self._posts.hook is not None,
            replies=place.is_reachable,
            quotes=place.is_dm or self._posts.account.reads_all,
            spoilers=place.has_spoilers,
            terse=self._posts.hook is None,
            hint=t(self._posts.locale, "discord-help-menu", name=t(self._posts.locale, ASK_ABOUT)),
        )

    @property
    def messages(self) -> tuple[str, ...]:
        return tuple(one for one in self._posts.ids if one != ORIGINAL)

    @property
    def address(self) -> str:
        return _write_address(self._posts, is_untouched=self._is_untouched)

    @property
    def _is_untouched(self) -> bool:
        """Whether this process has shown nothing yet in the messages that are there."""
        return self._shown.keys().isdisjoint(self._posts.ids)

    async def show(self, answer: Answer) -> None:
        """Raises DeliveryError."""
        await self._show(answer)
        if answer.phase.is_final and answer.pictures and ATTACH in self._posts.missing:
            raise NoPictures(cause=ATTACH)  # the words stand; core keeps what is missing, and says where

    async def _show(self, answer: Answer) -> None:
        await self._posts.ready()
        if answer.anew and not self._is_anew:  # before the first try: a retry is not to begin anew
            self._shown, self._is_anew = {}, True
        if answer.remove and not await self._remove():
            answer = replace(answer, note=t(self._posts.locale, "discord-pages-stay"))
        if answer.withdraw:
            await self._withdraw()
            return
        is_first, self.lane.has_begun = not self.lane.has_begun, True
        if self._is_worth_no_message(answer, is_first=is_first):
            if self.lane.may_type:
                await self._posts.typing()
            return
        await self._make_private(answer)
        if self._loses_words(answer):
            answer = replace(answer, text=fenced(self._posts.words))
        if self._before is None and not answer.pictures:  # whose alt text tells what was asked
            self._before = await recall(self._posts, answer)
            self._pager = _pager(self._posts)
        if answer.progress and answer.question:  # of a press: nothing else says what is painted, or was not
            self._posts.head = self._posts.head or question_line(answer.question)
        try:
            await self._match(answer)
        except Unwritable as missing:
            await self._without(missing, answer)
        except Declined as error:
            await self._declined(error, answer)
        except Gone as error:
            if not answer.pictures:
                raise
            self._begin_anew(error)
            await self._show(answer)

    def _is_worth_no_message(self, answer: Answer, *, is_first: bool) -> bool:
        """Whether the answer is empty, or says no more than is seen anyway, as by Discord's own indicator ("is
        typing", "is thinking")."""
        if answer.phase is Phase.WORKING:
            return is_first and not answer.progress
        is_empty = not (answer.text or answer.note or answer.footer or answer.pictures or answer.choices)
        return answer.phase.is_final and (is_empty or answer.evident) and self._is_untouched

    def _loses_words(self, answer: Answer) -> bool:
        """Whether the answer is a refusal after which the person would have to type their words again: Discord
        has emptied its field, and no button knows them."""
        is_refused = answer.phase is Phase.FAILED and not (answer.text or answer.actions)
        return is_refused and self._posts.is_private and bool(self._posts.words.strip())

    async def _remove(self) -> bool:
        """Deletes the message whose button was pressed, and the answer's earlier ones. False where some of
        those stay."""
        posts = self._posts
        if posts.hook and posts.hook.is_update:
            await posts.delete_message(posts.hook.original)
        posts.removable = [page for page in posts.removable if not await posts.delete_earlier(page)]
        return not posts.removable

    async def _withdraw(self) -> None:
        """Deletes all messages of this reply."""
        for index in reversed(range(len(self._posts.ids))):
            async with self.lane.call(Rank.FINAL):
                await self._posts.delete(index)

    async def _make_private(self, answer: Answer) -> None:
        """Makes the reply private, where the answer turns out to be for the asker alone before anything was
        shown: deletes the public "thinking". Only then does it count as private: no edit can reach a public
        message."""
        posts, hook = self._posts, self._posts.hook
        if not (answer.private and hook) or hook.is_ephemeral or not self._is_untouched:
            return
        is_deferred = bool(posts.ids) and not hook.is_update
        if not (is_deferred or posts.is_hooked):
            return
        if is_deferred:
            async with self.lane.call(Rank.FINAL):
                await posts.delete(0)
            hook.original = ""
        hook.is_ephemeral = True

    async def _match(self, answer: Answer) -> None:
        rank = Rank.FINAL if answer.phase.is_final else Rank.GROWTH
        pages = await self._pages(answer)
        for index, plain in enumerate(pages):
            # Only now are the messages before the last one known.
            is_last = index == len(pages) - 1
            page = self._with_buttons(plain, answer, index) if is_last else plain
            page = self._with_question(page, answer) if index == 0 else page
            # Twice where it was made before, though nobody heard of it: it is found as it was then.
            while index >= self._stays.messages and self._at(index) != page:
                async with self.lane.call(rank):
                    await self._put(index, page)
        for index in reversed(range(len(pages), len(self._posts.ids))):
            async with self.lane.call(rank):
                await self._posts.delete(index)

    @property
    def _stays(self) -> Before:
        return NOTHING if self._before is None or self._posts.has_moved else self._before

    def _at(self, index: int) -> Page | None:
        """The page that a message shows, None where this process has not put it there."""
        return self._shown.get(self._posts.ids[index]) if index < len(self._posts.ids) else None

    async def _put(self, index: int, page: Page) -> None:
        self._last_put = index
        if index < len(self._posts.ids):
            old = self._at(index)
            files = page.files if page.has_other_files(old) else ()
            await self._posts.edit(index, page.body(old), files)
        elif not await self._posts.create(page.body(), page.files):
            return
        self._shown[self._posts.ids[index]] = page

    async def _pages(self, answer: Answer) -> list[Page]:
        # What has no name is no model's, and not growing either.
        pager = self._pager if answer.ref else _pager(self._posts, is_ours=True)
        draw = pager.pages if answer.phase.is_whole else pager.pages_so_far
        texts = list(draw(answer.text, self._note(answer), answer.footer))
        texts = self._stays.pages(texts, taken_by(self._posts.head))
        files: list[Upload] = []
        if answer.phase.is_final and ATTACH not in self._posts.missing:
            files = [await pictures.upload(one, self._posts.place.file_bytes) for one in answer.pictures]
        if self._most_messages() < len(texts):
            texts, files = self._abridged(answer, texts, files)
        groups = pictures.messages_of(files)
        count = max(len(texts), len(groups))
        texts += [""] * (count - len(texts))
        groups = [[] for _ in range(count - len(groups))] + groups  # the last messages have the files
        return [Page(text, files=tuple(group)) for text, group in zip(texts, groups, strict=True)]

    def _with_buttons(self, page: Page, answer: Answer, index: int) -> Page:
        rows = tuple(buttons.draw(answer, self._posts.locale, self._posts.ids[:index]))
        content = page.content
        if not content and not page.files:  # Discord takes no message without
            drawn = "answer-empty" if answer.phase.is_final else "answer-working"
            content = t(self._posts.locale, "discord-choose" if answer.choices else drawn)
        return Page(content, rows, page.files)

    def _with_question(self, page: Page, answer: Answer) -> Page:
        """The page of the first message, which begins with what was asked, or was to be painted."""
        head = self._posts.head
        if answer.pictures and not answer.text:
            head = question_line(answer.pictures[0].alt)
        gap = "\n\n" if page.content.startswith(">") else "\n"  # quoted lines in a row are one quotation
        return replace(page, content=gap.join(filter(None, (head, page.content)))) if head else page

    def _note(self, answer: Answer) -> str:
        lines = [answer.progress.bar(12, "▰", "▱")] if answer.progress else []
        lines.append(f"⚠️ {answer.note}" if answer.alert and answer.note else answer.note)
        for missing in self._posts.missing:
            name = t(self._posts.locale, missing)
            lines.append(t(self._posts.locale, WITHOUT[missing], name=name))
        return "\n".join(line for line in lines if line)

    def _most_messages(self) -> int:
        """How many messages this answer may have."""
        posts, hook = self._posts, self._posts.hook
        if hook is None or not posts.place.is_guest or posts.has_moved:
            return 1000
        # The message that was pressed is not the answer's own.
        is_beside = hook.is_update and hook.original not in posts.ids
        return _FOLLOWUPS if is_beside else 1 + _FOLLOWUPS

    def _abridged(
        self, answer: Answer, texts: list[str], files: list[Upload]
    ) -> tuple[list[str], list[Upload]]:
        most = self._most_messages()
        if not (answer.phase.is_final and answer.text):
            return texts[:most], files
        whole = Upload("answer.md", answer.text.encode(), "text/markdown")
        rest = t(self._posts.locale, "discord-rest-in-file")
        last = _pager(self._posts, is_ours=True).pages(rest, self._note(answer), answer.footer)
        return [*texts[: most - len(last)], *last], [*files, whole]

    async def _without(self, missing: Unwritable, answer: Answer) -> None:
        """Shows the answer as well as possible without a permission, and says which one is missing."""
        posts = self._posts
        if missing.key in WITHOUT and missing.key not in posts.missing:
            posts.missing.append(missing.key)
        elif missing.key in (NO_WAY, CLOSED):
            if missing.key == NO_WAY or not await posts.reopen_thread():
                await posts.move_to_dm("discord-answer-to")
        else:
            permission = t(posts.locale, SEND_IN_THREADS if posts.place.is_thread else SEND)
            await posts.move_to_dm("discord-cannot-write", permission=permission)
        self._pager = _pager(posts)  # above a private answer that has moved stands what was asked
        await self._show(answer)

    def _begin_anew(self, error: Gone) -> None:
        """Makes room for pictures, which are paid for, where only the message that announced them is gone: they
        are delivered in a new one. Raises `error` where more is gone."""
        posts, cause = self._posts, error.__cause__
        if not (isinstance(cause, Declined) and cause.code == Code.UNKNOWN_MESSAGE and posts.ids):
            raise error
        posts.ids.clear()
        if posts.hook and not posts.hook.is_update:
            posts.hook.original = ""

    async def _declined(self, error: Declined, answer: Answer) -> None:
        """Handles a message that Discord refused, and would refuse again. While the answer grows the message is
        left as it is: the final state may be accepted. Where the final state is refused, a sentence takes its
        place, so that nothing looks as if it were still under way."""
        log.warning("discord.declined", status=error.status, code=error.code, phase=answer.phase.value)
        if not answer.phase.is_final:
            raise TooBig(cause=error.cause) from error
        if answer.pictures:  # for whatever reason: core has a sentence for it, and hands them over elsewhere
            raise NoPictures(cause=error.cause) from error
        page = Page(t(self._posts.locale, _FILTERED.get(error.code, "discord-refused")))
        try:
            async with self.lane.call(Rank.FINAL):
                await self._put(self._last_put, page)
        except (Declined, Unwritable) as still:
            raise Gone(cause=error.cause) from still
        if error.code not in _FILTERED:
            raise Gone(cause=error.cause) from error


def _pager(posts: Posts, *, is_ours: bool = False) -> Pager[str]:
    menu = posts.account.menu
    if not posts.place.guild or posts.place.is_guest:  # a group of commands is in no menu there
        menu = {name: number for name, number in menu.items() if " " not in name}
    return Pager(DiscordRenderer(taken_by(posts.head), menu, is_ours=is_ours))


def _write_address(posts: Posts, *, is_untouched: bool) -> str:
    """`discord:CHANNEL:ASKER:LOCALE:REPLY_TO:IDS`, and `:APPLICATION:TOKEN:EXPIRES:KIND` where no other
    way leads to the messages: private ones, channels we cannot see, and the "thinking" that an
    untouched answer still is (`@original`). The token is a credential for at most 15 minutes."""
    hook, place = posts.hook, posts.place
    ids = posts.ids or ([ORIGINAL] if hook and not hook.is_update else [])
    parts = ["discord", posts.channel, posts.asker, posts.locale, posts.reply_to or "0", ",".join(ids)]
    if hook and (posts.is_private or not place.is_reachable or (is_untouched and hook.lives())):
        parts += [hook.application, hook.token, str(int(hook.expires_at)), _kind_of(hook, place)]
    return ":".join(parts)


def _kind_of(hook: Hook, place: Place) -> str:
    if hook.is_ephemeral:
        return _PRIVATE
    if place.is_reachable:
        return _PUBLIC
    return _GUEST if place.is_guest else _UNSEEN


async def reopen(address: str, account: Account) -> DiscordReply:
    """The reply that an address leads to; of a person's name, in the private chat with them. Raises
    DeliveryError, Gone where it is none of ours."""
    parts = address.split(":")
    if len(parts) == 2:
        private_chat = Place(await account.private_chat(parts[1]), is_dm=True)
        return DiscordReply(Posts(account, private_chat, parts[1], FALLBACK))
    if len(parts) not in (6, 10):
        raise Gone(cause="not an address of ours")
    _, channel, asker, locale, reply_to, ids = parts[:6]
    hook, kind = None, _PUBLIC
    if len(parts) == 10:
        application, token, expires, kind = parts[6:]
        original = ORIGINAL if ids == ORIGINAL else ""
        hook = Hook(application, token, float(expires), is_ephemeral=kind == _PRIVATE, original=original)
    posts = Posts(
        account,
        Place(channel, is_reachable=kind not in (_GUEST, _UNSEEN), is_guest=kind == _GUEST),
        asker,
        locale,
        hook=hook,
        reply_to="" if reply_to == "0" else reply_to,
        ids=[one for one in ids.split(",") if one],
    )
    return DiscordReply(posts)

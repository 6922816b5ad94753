"""The chat pages of all people in this process, and the answers under way on them."""

import asyncio
import contextlib
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace

import msgspec
import structlog

from bots.tasks import finish, start
from bots.web.entry import Entry, Shown, new_id, read
from bots.web.markup import render_blocks
from bots.web.reply import NoticeReply, WebReply
from bots.web.room import Draw, Listener, Room
from bots.web.turn import Upload
from core.answer import Phase, Reply
from core.app import Core
from core.commands import BY_NAME, QUESTION_BYTES
from core.errors import Gone, StoreError
from core.media_types import picture_type
from core.periodic import repeat
from core.turn import Turn

log = structlog.get_logger(__name__)

# How long an answer goes on while nobody looks. A page that was closed and one whose line broke look the same
# from here: it is long enough for a reload, and an answer is not paid for a second longer than it is seen.
GRACE_S = 0.7
LOADING_S = 10.0  # how long it goes on for a page that was fetched and is not open yet: a slow reload
FOLLOW_S = 2.0  # how soon a page shows what another process has ended
_MOST_SHOWN = 8_000  # characters that the page keeps showing of a question too long to be answered
_MOST_THUMBNAIL = 1_000_000  # bytes


@dataclass(frozen=True, slots=True)
class Button:
    """The button that was pressed, if any: the entry that it is part of, and its label."""

    origin: str = ""
    label: str = ""


class Site:
    """The pages that this process serves, and the answers that it gives there."""

    def __init__(self, core: Core) -> None:
        self.transcript = core.transcript
        self._core = core
        self.is_leaving = False
        self._rooms: dict[str, Room] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._answering: set[asyncio.Task[None]] = set()

    @contextlib.asynccontextmanager
    async def serving(self) -> AsyncIterator[None]:
        """To be open before the server serves; its end ends every page's stream and waits for every task."""
        async with self._core.serving("web", self.reopen):
            start(repeat(self._follow, FOLLOW_S, "web"), self._tasks)
            try:
                yield
            finally:
                self._close()
                await finish(self._tasks, 0)

    @property
    def streams(self) -> int:
        """How many answers are under way."""
        return len(self._answering)

    async def leave(self, grace_s: float) -> None:
        """Shuts down: takes nothing new, waits up to `grace_s` seconds for answers under way, which were told
        to stop, then closes every page's stream."""
        self.is_leaving = True
        if self._answering:
            await asyncio.wait(self._answering, timeout=grace_s)
        self._close()

    def _close(self) -> None:
        """Ends every page's stream: the pages reconnect to the next process."""
        for room in self._rooms.values():
            for listener in room.listeners:
                listener.close()

    async def say(self, turn: Turn, uploads: tuple[Upload, ...], button: Button) -> str:
        """Starts running a turn. Returns the id of its entry, "" where it has none."""
        if turn.command in BY_NAME and BY_NAME[turn.command].notice:
            shows = turn.command == "stop" and bool(turn.arg("ref"))
            reply = NoticeReply(self, turn.person.id, button.origin, shows=shows)
            start(self._core.run(turn, reply), self._tasks)
            return ""
        question, command = _short(turn.text), turn.command.removeprefix("/")  # of a name that no command has
        entry = Entry(
            id=new_id(),
            person=turn.person.id,
            command=command,
            locale=turn.person.locale,
            question=question if not button.label else "",
            is_cut=question != turn.text or (turn.command != "ask" and bool(turn.args)),
            caption=button.label or ("" if turn.text else f"/{command}"),
            uploads=tuple([await self._keep_upload(turn.person.id, upload) for upload in uploads]),
        )
        room = self.room(turn.person.id)  # not before the uploads are kept: meanwhile it may be tidied away
        room.show(entry, ())
        with contextlib.suppress(StoreError):  # core says so under the answer
            await self.transcript.save(entry.person, entry.id, msgspec.json.encode(entry))
        start(self._answer(turn, WebReply(self, entry), room, button.origin), self._tasks, self._answering)
        return entry.id

    def expect(self, person: str) -> None:
        """To be called when the page is fetched: it will listen soon."""
        if (room := self._rooms.get(person)) and room.open:
            room.expected_until = asyncio.get_running_loop().time() + LOADING_S

    async def entries(self, person: str) -> Mapping[str, tuple[Entry, tuple[str, ...]]]:
        """All that the page shows, oldest first, each with its blocks. Raises StoreError."""
        kept = map(read, (await self.transcript.load(person)).values())
        found = {entry.id: (entry, render_blocks(entry.text)) for entry in kept if entry}
        if room := self._rooms.get(person):
            found |= {state.entry.id: (state.entry, state.blocks) for state in room.states.values()}
        return dict(sorted(found.items()))

    @contextlib.asynccontextmanager
    async def listening(
        self, person: str, locale: str, draw: Draw, waiting: Sequence[str]
    ) -> AsyncIterator[Listener]:
        """The listener of an open page. `waiting` are the entries that it shows as under way. Soon after the
        last page of a person is closed, answers under way are cut off."""
        room = self.room(person)
        listener = Listener(room, locale, draw)
        room.listeners.add(listener)
        room.expected_until = 0.0
        try:
            await self._catch_up(room, waiting)
            yield listener
        finally:
            room.listeners.discard(listener)
            self._watch_leaving(room)

    async def _follow(self) -> None:
        """Shows what another process has ended: any of them may finish an order of pictures."""
        for room in [*self._rooms.values()]:
            await self._catch_up(room, [one.id for one in room.open if one.phase is Phase.WORKING])
            self.tidy(room)

    async def _catch_up(self, room: Room, waiting: Sequence[str]) -> None:
        """Entries that ended between the drawing of a page and its first look, or elsewhere."""
        for name in waiting:
            if name in room.states and room.states[name].entry.phase.is_final:
                continue
            with contextlib.suppress(StoreError):
                entry = read(await self.transcript.find(room.person, name))
                if entry and entry.phase.is_final:
                    room.show(entry, render_blocks(entry.text))

    async def reopen(self, address: str) -> Reply:
        """The reply of an entry after a restart. Raises Gone where it is no longer kept."""
        person, _, id = address.rpartition(":")  # noqa: A001  # the id of an entry
        try:
            entry = read(await self.transcript.find(person, id))
        except StoreError as error:
            raise Gone(cause=error.cause) from error
        if entry is None:
            raise Gone(cause="the page no longer keeps this entry")
        return WebReply(self, entry)

    async def keep_picture(self, person: str, id: str, data: bytes, entry: str = "") -> None:  # noqa: A002
        try:
            await self.transcript.keep_picture(person, id, data, entry)
        except StoreError as error:
            log.warning("web.picture_not_kept", cause=error.cause)

    async def remove(self, room: Room, id: str) -> None:  # noqa: A002
        room.remove(id)
        with contextlib.suppress(StoreError):  # it comes back with the next reload, and can go again
            await self.transcript.remove(room.person, id)

    async def _answer(self, turn: Turn, reply: WebReply, room: Room, origin: str) -> None:
        self._watch_leaving(room)
        language = await self._chosen_language(turn)
        await self._core.run(turn, reply)
        # A shape is picked for one picture, which is painted at once: no choice that lasts.
        if reply.entry.phase is Phase.DONE and turn.command != "shape":
            with contextlib.suppress(StoreError):
                await self._mark(turn, room, origin)
        if await self._chosen_language(turn) != language:
            room.tell("language")

    async def _chosen_language(self, turn: Turn) -> str:
        """The language that the person chose, for a turn that may change it; else ""."""
        if turn.command != "settings":
            return ""
        with contextlib.suppress(StoreError):
            return (await self._core.memory.chosen.preferences(turn.person.id)).language
        return ""

    async def _mark(self, turn: Turn, room: Room, origin: str) -> None:
        """A picker shows what was picked from it, in every tab and after a reload."""
        entry = read(await self.transcript.find(room.person, origin)) if turn.arg("value") and origin else None
        if entry is None or not entry.choices:
            return
        marked = tuple(replace(one, chosen=one.value == turn.arg("value")) for one in entry.choices)
        entry = msgspec.structs.replace(entry, choices=marked)
        await self.transcript.save(room.person, origin, msgspec.json.encode(entry))
        room.show(entry, render_blocks(entry.text))
        self.tidy(room)

    async def _keep_upload(self, person: str, upload: Upload) -> Shown:
        data = upload.thumbnail or upload.data
        kind = picture_type(data)
        kept = Shown(new_id() if kind and len(data) <= _MOST_THUMBNAIL else "", upload.name, upload.name)
        if kept.id:
            await self.keep_picture(person, kept.id, data)
        return kept

    def tidy(self, room: Room) -> None:
        """Forgets a page with no listeners and nothing under way."""
        if not room.listeners and not room.open and self._is_current(room):
            del self._rooms[room.person]

    def _watch_leaving(self, room: Room) -> None:
        self.tidy(room)
        if room.open and not room.listeners:
            start(self._stop_paying(room), self._tasks)

    async def _stop_paying(self, room: Room) -> None:
        """Cuts off answers at which nobody looks, so that no more is paid for them. Pictures are paid already,
        and are there later."""
        await asyncio.sleep(GRACE_S)
        while (left_s := room.expected_until - asyncio.get_running_loop().time()) > 0:  # noqa: ASYNC110  # it may grow
            await asyncio.sleep(left_s)
        if not room.listeners and self._is_current(room):
            self._core.left(room.person)

    def _is_current(self, room: Room) -> bool:
        """Whether it is still the person's room, and was not tidied away and replaced."""
        return self._rooms.get(room.person) is room

    def room(self, person: str) -> Room:
        """The person's page, which is here for as long as somebody looks or something is under way."""
        return self._rooms.setdefault(person, Room(person))


def _short(text: str) -> str:
    return text if len(text.encode("utf-8", "replace")) <= QUESTION_BYTES else text[:_MOST_SHOWN] + " …"

"""Shows answers on the page of one person."""

import time
from typing import TYPE_CHECKING

import msgspec
import structlog

from bots.web.entry import Entry, Shown, new_id
from bots.web.incremental import IncrementalRenderer
from bots.web.markup import render_blocks
from bots.web.room import Room
from core.answer import Answer, Phase, Surface
from core.errors import StoreError
from core.pace import OpenLane

if TYPE_CHECKING:
    from bots.web.site import Site

log = structlog.get_logger(__name__)

_SHARE = 10  # drawing may take one part in this many of a stream's time ...
_CROWD_S = 0.0006  # ... and this much time is left to every other stream


class WebReply:
    """A Reply that is one entry of the page. The address leads to it in any process."""

    lane = OpenLane()

    def __init__(self, site: "Site", entry: Entry) -> None:
        self._site = site
        self.entry = entry
        self._renderer = IncrementalRenderer()
        self._drawing_s = 0.0

    @property
    def _room(self) -> Room:
        return self._site.room(self.entry.person)

    @property
    def surface(self) -> Surface:
        show_every = self._drawing_s * _SHARE + self._site.streams * _CROWD_S
        return Surface(show_every=show_every, buttons=True, pictures=True, private=True, replies=False)

    @property
    def address(self) -> str:
        return f"{self.entry.person}:{self.entry.id}"

    @property
    def messages(self) -> tuple[str, ...]:
        return (self.entry.id,)

    async def show(self, answer: Answer) -> None:
        if answer.phase is Phase.GROWING:
            started = time.perf_counter()
            self.entry = _shown(self.entry, answer)
            self._room.show(self.entry, self._renderer.render(answer.text))
            self._drawing_s = time.perf_counter() - started
            return
        if answer.withdraw:  # the entry in the store, if any, belongs to the process that shows it now
            self._room.remove(self.entry.id)
            self._site.tidy(self._room)
            return
        pictures: list[Shown] = []
        for one in answer.pictures:
            pictures.append(Shown(new_id(), one.name, one.alt, one.spoiler, one.as_file))
            await self._site.keep_picture(self.entry.person, pictures[-1].id, one.data, self.entry.id)
        self.entry = msgspec.structs.replace(_shown(self.entry, answer), pictures=tuple(pictures))
        self._room.show(self.entry, render_blocks(answer.text))
        if answer.phase.is_final:
            await self._settle()
            self._site.tidy(self._room)

    async def _settle(self) -> None:
        if self.entry.command == "forget yes" and self.entry.phase is Phase.DONE:
            self._room.remove(self.entry.id)  # on the pages it is still under way, and clearing leaves that
            self._room.clear()
            self._room.notify(self.entry.note)  # nothing of theirs is on the page to say it under
            return
        try:
            entry = msgspec.json.encode(self.entry)
            await self._site.transcript.replace(self.entry.person, self.entry.id, entry)
        except StoreError as error:
            log.warning("web.not_kept", cause=error.cause)


class NoticeReply:
    """A Reply for buttons that change something else (stop, cancel, delete): its end is a short notice, unless
    it `shows`: what the button belongs to says by itself what became of it."""

    lane = OpenLane()
    address = ""  # nobody needs the notice after a restart
    messages: tuple[str, ...] = ()
    surface = Surface(private=True)

    def __init__(self, site: "Site", person: str, origin: str, *, shows: bool) -> None:
        self._site, self._person, self._origin, self._shows = site, person, origin, shows

    async def show(self, answer: Answer) -> None:
        room = self._site.room(self._person)
        if answer.remove and self._origin:
            await self._site.remove(room, self._origin)
        notice = answer.note or answer.text
        if answer.phase.is_final and notice and (answer.alert or not self._shows):
            room.notify(notice, alert=answer.alert)
        self._site.tidy(room)


def _shown(entry: Entry, answer: Answer) -> Entry:
    return msgspec.structs.replace(
        entry,
        phase=answer.phase,
        text=answer.text,
        note=answer.note,
        footer=answer.footer,
        alert=answer.alert,
        actions=answer.actions,
        choices=answer.choices,
        progress=answer.progress,
    )

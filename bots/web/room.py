"""Sends updates to one person's open pages: whole entries, and of a growing one only the blocks that changed.

A listener gets states, not steps: however slowly it reads, it next gets what is true then.
"""

import asyncio
import json
from collections import deque
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass, field

from bots.web.entry import Entry

_HEARTBEAT_S = 15.0
_PAST = 20  # ended entries that are sent to a page that comes back

Draw = Callable[[Entry, tuple[str, ...], str], str]  # entry, its blocks, locale -> HTML


@dataclass(slots=True)
class _State:
    entry: Entry
    blocks: tuple[str, ...]
    drawing: int = 0  # counts what only a whole new drawing can show


class Listener:
    """One open page."""

    def __init__(self, room: "Room", locale: str, draw: Draw) -> None:
        self._room, self._locale, self._draw = room, locale, draw
        self._changed = asyncio.Event()
        self._dirty: dict[str, None] = dict.fromkeys(room.states)
        self._sent: dict[str, _State] = {}
        self._messages: deque[str] = deque()
        self._closed = False

    def touch(self, id: str) -> None:  # noqa: A002  # the id of an entry
        self._dirty[id] = None
        self._changed.set()

    def tell(self, event: str, **data: object) -> None:
        self._messages.append(_event(event, data))
        self._changed.set()

    def close(self) -> None:
        self._closed = True
        self._changed.set()

    async def events(self) -> AsyncIterator[str]:
        """Server-sent events until the room closes, with all that was shown before."""
        yield "retry: 300\n\n"
        while True:
            while self._dirty or self._messages:
                yield self._next()
            if self._closed:
                return
            self._changed.clear()
            try:
                async with asyncio.timeout(_HEARTBEAT_S):
                    await self._changed.wait()
            except TimeoutError:
                yield ": still here\n\n"  # not for people: a comment of the stream

    def _next(self) -> str:
        """All that is new, as one piece of the stream."""
        parts = list(self._messages)
        self._messages.clear()
        dirty, self._dirty = self._dirty, {}
        states = self._room.states
        self._sent = {name: state for name, state in self._sent.items() if name in states}
        parts += [self._difference(states[name]) for name in dirty if name in states]
        return "".join(parts)

    def _difference(self, state: _State) -> str:
        entry, sent = state.entry, self._sent.get(state.entry.id)
        self._sent[entry.id] = _State(entry, state.blocks, state.drawing)
        if sent is None or sent.drawing != state.drawing:
            return _event("entry", {"id": entry.id, "html": self._draw(entry, state.blocks, self._locale)})
        parts = []
        if state.blocks != sent.blocks:
            at = _first_difference(sent.blocks, state.blocks)
            parts.append(_event("grow", {"id": entry.id, "at": at, "blocks": state.blocks[at:]}))
        if (entry.note, entry.progress) != (sent.entry.note, sent.entry.progress):
            progress = entry.progress
            facts = [progress.elapsed, progress.expected] if progress else None
            parts.append(_event("note", {"id": entry.id, "note": entry.note, "progress": facts}))
        return "".join(parts)


@dataclass(slots=True)
class Room:
    """One person's page: the entries under way and a few that ended lately."""

    person: str
    states: dict[str, _State] = field(default_factory=dict)
    listeners: set[Listener] = field(default_factory=set)
    expected_until: float = 0.0  # of the loop's clock: a page was fetched that will listen soon

    @property
    def open(self) -> list[Entry]:
        """The entries under way."""
        return [state.entry for state in self.states.values() if not state.entry.phase.is_final]

    def show(self, entry: Entry, blocks: tuple[str, ...]) -> None:
        """The entry as it is now."""
        state = self.states.get(entry.id)
        if state is None:
            self.states[entry.id] = _State(entry, blocks)
            self._forget_old()
        else:
            state.drawing += _needs_drawing(state.entry, entry)
            state.entry, state.blocks = entry, blocks
        for listener in self.listeners:
            listener.touch(entry.id)

    def remove(self, id: str) -> None:  # noqa: A002
        self.states.pop(id, None)
        self.tell("remove", id=id)

    def clear(self) -> None:
        self.states = {entry.id: self.states[entry.id] for entry in self.open}
        self.tell("clear")

    def notify(self, text: str, *, alert: bool = False) -> None:
        """A short notice that is not part of the conversation."""
        self.tell("notice", text=text, alert=alert)

    def tell(self, event: str, **data: object) -> None:
        for listener in self.listeners:
            listener.tell(event, **data)

    def _forget_old(self) -> None:
        ended = [name for name, state in self.states.items() if state.entry.phase.is_final]
        for name in ended[:-_PAST]:
            del self.states[name]


def _needs_drawing(before: Entry, now: Entry) -> bool:
    """Whether more changed than a growing text, its note and its progress."""
    if (
        now.phase.is_final
        or before.phase is not now.phase
        or (before.progress is None) != (now.progress is None)
    ):
        return True
    return (before.actions, before.pictures) != (now.actions, now.pictures)


def _first_difference(before: tuple[str, ...], now: tuple[str, ...]) -> int:
    """The number of leading blocks that are the same."""
    for at, (old, new) in enumerate(zip(before, now, strict=False)):
        if old is not new and old != new:
            return at
    return min(len(before), len(now))


def _event(name: str, data: object) -> str:
    return f"event: {name}\ndata: {json.dumps(data, ensure_ascii=False, separators=(',', ':'))}\n\n"

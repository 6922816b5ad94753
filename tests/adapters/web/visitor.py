"""A visitor of the page: their cookie, requests, and what the page shows of its stream of events."""

import asyncio
import html
import json
import re
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import Any

import httpx

from tests.waiting import PATIENCE_S, until

OURS = {"x-page": "1"}


@dataclass
class Screen:
    """What an open page shows, by the id of an entry; it does what the page's script does."""

    drawn: dict[str, str] = field(default_factory=dict)
    blocks: dict[str, list[str]] = field(default_factory=dict)
    notes: dict[str, str] = field(default_factory=dict)
    notices: list[str] = field(default_factory=list)
    events: list[tuple[str, Any]] = field(default_factory=list)
    size: int = 0
    ended: bool = False

    def take(self, event: str, data: Any) -> None:
        self.events.append((event, data))
        match event:
            case "entry":
                self.drawn[data["id"]] = data["html"]
                self.blocks.pop(data["id"], None)
                self.notes.pop(data["id"], None)
            case "grow":
                blocks = self.blocks.setdefault(data["id"], _blocks(self.drawn[data["id"]]))
                assert data["at"] <= len(blocks), "the page lacks blocks before these"
                blocks[data["at"] :] = data["blocks"]
            case "note":
                self.notes[data["id"]] = data["note"]
            case "remove":
                self.drawn.pop(data["id"], None)
            case "clear":
                self.drawn = {name: drawn for name, drawn in self.drawn.items() if "data-open" in drawn}
            case "notice":
                self.notices.append(data["text"])

    def text(self, id: str) -> str:  # noqa: A002
        """What there is to read of the answer, growing or whole."""
        drawn = self.drawn.get(id, "")
        answer = drawn.partition('<div class="answer">')[2]
        if id in self.blocks:
            answer = " ".join(self.blocks[id])
        return plain(answer)

    def is_open(self, id: str) -> bool:  # noqa: A002
        return " data-open" in self.drawn.get(id, " data-open")

    async def end(self, id: str, timeout: float = PATIENCE_S) -> str:  # noqa: A002
        """The entry's HTML once it is final."""
        await until(lambda: self.ended or not self.is_open(id), timeout)
        assert not self.is_open(id), "the page was let go before the answer ended"
        return self.drawn[id]


class Visitor:
    """One browser with one cookie."""

    def __init__(self, url: str) -> None:
        self.http = httpx.AsyncClient(base_url=url, timeout=PATIENCE_S, verify=False)  # no TLS here

    async def arrive(self) -> str:
        """Opens the page; its HTML."""
        answer = await self.http.get("/")
        assert answer.status_code == 200, answer.text
        return answer.text

    async def post(
        self, text: str = "", files: Sequence[tuple[str, bytes, str]] = (), **fields: str
    ) -> httpx.Response:
        # Every field is a part with a name of its own, as a browser's FormData sends it.
        parts: list[Any] = [(name, (None, value)) for name, value in {"text": text, **fields}.items()]
        parts += [("picture", file) for file in files]
        return await self.http.post("/turn", files=parts, headers=OURS)

    async def say(self, text: str = "", files: Sequence[tuple[str, bytes, str]] = (), **fields: str) -> str:
        """The id of the entry."""
        answer = await self.post(text, files, **fields)
        assert answer.status_code == 202, answer.text
        return str(answer.json()["id"])

    @asynccontextmanager
    async def looking(self, waiting: str = "") -> AsyncIterator[Screen]:
        """An open page."""
        screen = Screen()
        begun = asyncio.Event()

        async def read() -> None:
            async with self.http.stream("GET", "/events", params={"waiting": waiting}, timeout=None) as answer:
                assert answer.status_code == 200
                begun.set()
                event = ""
                async for line in answer.aiter_lines():
                    screen.size += len(line)
                    if line.startswith("event: "):
                        event = line[7:]
                    elif line.startswith("data: "):
                        screen.take(event, json.loads(line[6:]))

        def end(_: asyncio.Task[None]) -> None:
            screen.ended = True

        reading = asyncio.create_task(read())
        reading.add_done_callback(end)  # in whatever way it ended
        try:
            await asyncio.wait([reading, asyncio.create_task(begun.wait())], return_when="FIRST_COMPLETED")
            yield screen
        finally:
            reading.cancel()
            await asyncio.gather(reading, return_exceptions=True)

    async def action(self, screen: Screen, id: str, command: str, **fields: str) -> httpx.Response:  # noqa: A002
        """Presses a button of an entry."""
        button = re.search(rf'<button[^>]*data-command="{command}"[^>]*>', screen.drawn[id])
        assert button, f"no button {command}"
        given = {name: _attribute(button[0], name) for name in ("ref", "label", "value")}
        sent: dict[str, Any] = {**{name: value for name, value in given.items() if value}, **fields}
        return await self.post(command=command, origin=id, **sent)


def _attribute(tag: str, name: str) -> str:
    found = re.search(rf'data-{name}="([^"]*)"', tag)
    return html.unescape(found[1]) if found else ""


def _blocks(drawn: str) -> list[str]:
    """The blocks of a drawn entry. Only their number matters for what follows."""
    inside = drawn.partition('<div class="text" dir="auto">')[2].partition("</div>\n")[0]
    return re.findall(
        r"<(?:p|h\d|pre|ul|ol|blockquote|hr|div)\b.*?(?=<(?:p|h\d|pre|ul|ol|blockquote|hr|div)\b|$)",
        inside,
        re.S,
    )


def plain(markup: str) -> str:
    """What is there to read."""
    return " ".join(html.unescape(re.sub(r"<[^>]+>", " ", markup)).split())

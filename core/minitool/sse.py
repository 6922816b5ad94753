"""Server-sent events out of bytes, however they are cut. Nothing is ever held beyond the bound.

Follows the WHATWG text with one liberty: an event that the end of the stream cuts off before its blank
line still counts, because providers end on `data: [DONE]` and hang up.
"""

from core.errors import StreamCut

MAX_EVENT_BYTES = 1024 * 1024  # a chunk is some hundred bytes; a plain answer in one event stays far below
_BOM = b"\xef\xbb\xbf"


class EventReader:
    """Feed it bytes, it returns the data of every event that became complete."""

    def __init__(self, limit: int = MAX_EVENT_BYTES) -> None:
        self._limit = limit
        self._line = bytearray()  # of a line whose end has not come
        self._data: list[bytes] = []  # data lines of the event that is open
        self._size = 0
        self._is_start = True  # a byte order mark may still come
        self._after_cr = False  # a line feed that comes next belongs to the line before

    def feed(self, data: bytes) -> list[bytes]:
        """Raises StreamCut where a line or an event is longer than the bound."""
        if (events := self._plain_events(data)) is not None:
            return events
        if self._is_start:
            data = self._skip_bom(data)
        if self._after_cr and data:
            self._after_cr = False
            data = data.removeprefix(b"\n")
        if b"\r" in data:
            self._after_cr = data.endswith(b"\r")
            data = data.replace(b"\r\n", b"\n").replace(b"\r", b"\n")
        *lines, rest = data.split(b"\n")
        events = []
        if lines and self._line:
            lines[0] = bytes(self._line) + lines[0]
            self._line.clear()
        for line in lines:
            self._take(line, events)
        self._line += rest
        self._check(len(self._line))
        return events

    def finish(self) -> list[bytes]:
        """What the end of the stream completes."""
        events: list[bytes] = []
        if self._line:
            self._take(bytes(self._line), events)
            self._line.clear()
        self._take(b"", events)
        return events

    def _plain_events(self, data: bytes) -> list[bytes] | None:
        """What nearly every piece is, at a third of the cost: whole events of one data line each."""
        if self._line or self._data or self._after_cr or len(data) > self._limit:
            return None
        if b"\r" in data or not (data.startswith(b"data: ") and data.endswith(b"\n\n")):
            return None
        events = data[6:-2].split(b"\n\ndata: ")
        if data.count(b"\n") != 2 * len(events):
            return None
        self._is_start = False
        return events

    def _skip_bom(self, data: bytes) -> bytes:
        data = bytes(self._line) + data
        self._line.clear()
        if len(data) < len(_BOM) and _BOM.startswith(data):
            self._line += data
            return b""
        self._is_start = False
        return data.removeprefix(_BOM)

    def _take(self, line: bytes, events: list[bytes]) -> None:
        if not line:
            if self._data:
                events.append(self._data[0] if len(self._data) == 1 else b"\n".join(self._data))
                self._data = []
                self._size = 0
            return
        if line[:5] in (b"data:", b"data"):
            self._check(len(line))
            self._size += len(line)
            self._data.append(line[6:] if line[5:6] == b" " else line[5:])

    def _check(self, more: int) -> None:
        if self._size + more > self._limit:
            raise StreamCut(cause=f"an event of more than {self._limit} bytes")

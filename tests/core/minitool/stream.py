"""An answer of the model's side as it streams: its pieces in bytes, and the text of the events made of them."""

import json
from collections.abc import Iterable

from core.minitool.wire import Text

DONE = b"data: [DONE]\n\n"


def event(**chunk: object) -> bytes:
    return b"data: %s\n\n" % json.dumps(chunk).encode()


def delta(text: object, **more: object) -> bytes:
    return event(choices=[{"delta": {"content": text}}], **more)


def ended(reason: str) -> bytes:
    return event(choices=[{"delta": {}, "finish_reason": reason}])


def text_of(events: Iterable[object]) -> str:
    return "".join(event.text for event in events if isinstance(event, Text))

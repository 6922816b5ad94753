"""TDLib, which a Bot API server is built on, on what needs neither an account nor a connection."""

import json
from functools import cache
from typing import Any


def asked(method: str, text: Any) -> dict[str, Any]:  # JSON, as TDLib takes and gives it
    """TDLib's own answer; an error object where it refuses the text."""
    return _execute({"@type": method, "text": text})


def judged(text: str, entities: list[dict[str, Any]]) -> dict[str, Any]:
    """What it makes of a text with entities of its own kinds."""
    return asked("getMarkdownText", {"@type": "formattedText", "text": text, "entities": entities})


def fault_of_link(url: str) -> str:
    """Why it takes no such link; "" where it does."""
    link = {"@type": "textEntityTypeTextUrl", "url": url}
    judgement = judged("x", [{"@type": "textEntity", "offset": 0, "length": 1, "type": link}])
    return str(judgement["message"]) if judgement["@type"] == "error" else ""


def _execute(request: dict[str, Any]) -> dict[str, Any]:
    answer = _silent().td_execute(json.dumps(request).encode())
    assert answer is not None
    return dict(json.loads(answer))


@cache
def _silent() -> Any:  # the module
    """It is large, and writes every request into the log."""
    import tdjson

    tdjson.td_execute(json.dumps({"@type": "setLogVerbosityLevel", "new_verbosity_level": 0}).encode())
    return tdjson

"""References in buttons."""

import re

from core.answer import Surface
from core.app import Core
from tests.core.usecases.conftest import Place
from tests.recording import RecordingReply

_REF = re.compile(r"[A-Za-z0-9_-]{1,24}")
_SHOWING = (  # between them, all kinds of buttons and lists
    ("ask", "why is the sky blue?"),
    ("imagine", "a red fox"),
    ("imagine", "a red fox --size small"),
    ("model", ""),
    ("persona", ""),
    ("settings", ""),
    ("forget", ""),
)


async def test_every_platforms_buttons_have_room_for_a_ref(core: Core, place: Place) -> None:
    """Telegram's data has 64 bytes: answers, orders, panels, pickers and inline queries have references of at
    most 24 characters that need no escaping."""
    refs, shows = {await core.keep_typed(place.person, "hello")}, set()
    for command, text in _SHOWING:
        reply = RecordingReply(surface=Surface(buttons=True, pictures=True, picks_options=True))
        await core.run(place.turn(command, text), reply)
        await reply.until_final()
        offered = [one for answer in reply.shown for one in (*answer.actions, *answer.choices)]
        refs |= {one.ref for one in offered}
        shows |= {one.command for one in offered}
    assert {
        "stop",
        "regenerate",
        "again",
        "easel",
        "paint",
        "model",
        "persona",
        "settings",
        "forget yes",
    } <= shows
    assert all(map(_REF.fullmatch, refs)), refs

"""What the bot may do in a channel, and what a refusal means."""

from collections.abc import Sequence

from bots.discord.rest import Code, Declined, Upload
from core.errors import DeliveryError, Gone, TooBig

_NO_FILES = {Code.EXPLICIT, Code.NO_UPLOADS}  # the same words may be posted without them

# Permissions, by the word keys of their names; and what can be done without, with what is said then.
SEND, SEND_IN_THREADS = "discord-permission-send", "discord-permission-send-threads"
ATTACH, HISTORY = "discord-permission-attach", "discord-permission-history"
THREADS = "discord-permission-make-threads"
# The Message Content intent: by the menu's command that reads without it, and by the sentence alone.
CONTENT = "discord-menu-ask"
LISTENING = "discord-without-listening"
WITHOUT = {
    ATTACH: "discord-without-attach",
    HISTORY: "discord-without-history",
    THREADS: "discord-without-threads",
    CONTENT: "discord-without-content",
    LISTENING: LISTENING,
}
NO_WAY = ""  # no permission that somebody might give us would help
CLOSED = "closed"  # an archived thread: nothing in it can be changed until somebody writes there


class Unwritable(Exception):
    """We may not do this in this channel; `key` is NO_WAY, CLOSED or a permission's name in the word files."""

    def __init__(self, key: str) -> None:
        self.key = key
        super().__init__(key)


def may_not(error: DeliveryError) -> bool:
    """Whether it was refused for want of a permission."""
    return isinstance(error, Declined) and error.code == Code.MISSING_PERMISSIONS


def translate_error(error: Declined, files: Sequence[Upload]) -> Exception:
    """What a refusal means for the answer: Unwritable, TooBig, Gone, or `error` itself."""
    if error.code == Code.MISSING_PERMISSIONS:
        return Unwritable(ATTACH if files else SEND)
    if error.code == Code.THREAD_ARCHIVED:
        return Unwritable(CLOSED)
    if error.code in (Code.MISSING_ACCESS, Code.THREAD_LOCKED):  # or a channel that we cannot see
        return Unwritable(NO_WAY)
    if error.code == Code.CANNOT_REPLY:
        return Unwritable(HISTORY)
    if error.code == Code.TOO_LARGE or error.status == 413:
        return TooBig(cause=error.cause)
    if error.status in (403, 404) and error.code not in _NO_FILES:
        return Gone(cause=error.cause)
    return error

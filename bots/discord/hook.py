"""An interaction's token, with which its messages can be made and changed for 15 minutes.

It is never logged, and part of an address only where nothing else leads to the messages.
"""

import asyncio
import time
from dataclasses import dataclass, field
from typing import Any

from bots.discord.rest import Code, Declined, Rest
from core.errors import DeliveryError

TOKEN_S = 900.0
TRY_S = 2.0  # of the 3 s in which Discord takes a response; on a broken connection there is none
_SAFETY_S = 20.0  # a call begun this close to the end might arrive after it
ORIGINAL = "@original"
SUPPRESS_EMBEDS, EPHEMERAL, LOADING = 1 << 2, 1 << 6, 1 << 7  # flags of a message
_DEFER, _DEFER_UPDATE = 5, 6

Body = dict[str, Any]  # JSON as Discord reads it


@dataclass
class Hook:
    """An interaction's token. `original` is the id of what Discord calls `@original`: the message that the
    interaction was acknowledged with or, where `is_update`, the one whose button was pressed."""

    application: str
    token: str = field(repr=False)
    expires_at: float
    is_ephemeral: bool = False
    is_update: bool = False
    original: str = ""
    acknowledged: "asyncio.Task[None] | None" = None
    is_dead: bool = False
    is_anothers: bool = False  # another process has acknowledged it

    def lives(self) -> bool:
        """Whether Discord still takes the token, as far as is known."""
        return self.takes_last_words() and time.time() < self.expires_at - _SAFETY_S

    def takes_last_words(self) -> bool:
        """Whether one more call may arrive in time; too late for a call that must arrive."""
        return not self.is_dead and time.time() < self.expires_at

    def path(self, message: str) -> str:
        """The path of a message; for "", the path at which messages are made."""
        tail = f"/messages/{ORIGINAL if message == self.original else message}" if message else ""
        return f"/webhooks/{self.application}/{self.token}{tail}"

    async def acknowledge(self, rest: Rest, interaction: str) -> None:
        """Acknowledges the interaction: an answer will follow. Tries twice; after 3 seconds it is too late, and
        the answer is posted with the bot's own token."""
        path = f"/interactions/{interaction}/{self.token}/callback?with_response=true"
        body: Body = {"type": _DEFER_UPDATE if self.is_update else _DEFER}
        if self.is_ephemeral and not self.is_update:
            body["data"] = {"flags": EPHEMERAL}
        self.original = self.original or ORIGINAL  # heard or not: the first call that needs it tells
        for attempt in range(2):
            try:
                async with asyncio.timeout(TRY_S):
                    reply = await rest.call("POST", path, body) or {}  # nothing at all is one, too
            except Declined as error:
                # Acknowledged before: by our own first try, or by another process.
                self.is_dead = error.code != Code.ALREADY_ACKNOWLEDGED
                self.is_anothers = not (self.is_dead or attempt)
                return
            except (DeliveryError, TimeoutError):
                continue
            if not self.is_update:
                # `resource` has the message only of an answer that is there already.
                self.original = str((reply.get("interaction") or {}).get("response_message_id") or ORIGINAL)
            return

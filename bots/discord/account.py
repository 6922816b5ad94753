"""One bot account: its connection to the REST API, and its rate limits."""

from collections.abc import Mapping

from bots.discord.rest import ACCOUNT_SECONDS, Declined, Rest
from core.errors import Gone
from core.pace import Limits, Pace, PacedLane, Window

CHANNEL_WINDOW = Window(5, 5.0)  # messages made and changed in one channel; not documented, widely measured
HOOK_WINDOW = Window(5, 2.0)  # of one interaction's token; the account's limit does not count these


class Account:
    """What all replies of one bot share. `working`: how many turns this process is answering now. `reads_all`:
    whether the bot has the Message Content intent, and so reads what people say to each other. `menu`: the ids
    of the commands by name, once they are known."""

    def __init__(self, rest: Rest, *, reads_all: bool = False) -> None:
        self.rest = rest
        self.reads_all = reads_all
        self.working = 0
        self.menu: Mapping[str, str] = {}
        self._pace = Pace(_limits(rest.calls), platform="discord")

    def lane(self, channel: str) -> PacedLane:
        """A lane for calls with the bot's own token in a channel."""
        return self._pace.lane(f"channel {channel}")

    def hook_lane(self, token: str) -> PacedLane:
        """A lane for calls with an interaction's token."""
        return self._pace.lane(f"hook {token}", windows=(HOOK_WINDOW,), counted=False)

    def typing_lane(self, channel: str) -> PacedLane | None:
        """A lane for "is typing", which Discord counts apart from messages. None in a crowd, whose first words
        need every call that the account has."""
        is_crowd = self.working * 10 > self.rest.calls * 9
        return None if is_crowd else self._pace.lane(f"typing {channel}")

    async def private_chat(self, person: str) -> str:
        """Opens the private chat with a person. Returns its channel's id. Raises DeliveryError, Gone where the
        person takes no messages from the bot."""
        try:
            opened = await self.rest.call("POST", "/users/@me/channels", {"recipient_id": person})
        except Declined as error:
            raise Gone(cause=error.cause) from error
        return str(opened["id"])


def _limits(calls: int) -> Limits:
    return Limits(chat=(CHANNEL_WINDOW,), account=(Window(calls, ACCOUNT_SECONDS),))

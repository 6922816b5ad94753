"""The ways a request can end badly, sorted by what the person can do about it.

BotError                     carries a message key and data, never user text
├ Refused                    we said no, nothing was spent
│ ├ BadInput  ├ Busy  ├ NotAllowed  └ OverBudget
├ UpstreamError              the model's side
│ ├ Unreachable (Missing)  ├ Throttled  ├ Rejected  ├ StreamCut  ├ JobFailed  ├ JobLate  ├ JobUnknown
│ └ BadKey (operator must act)
├ DeliveryError              the chat's side
│ ├ SlowDown  ├ TooBig  ├ NoPictures  └ Gone
└ StoreError                 the store is away: spending refuses, and says so

Every BotError has words in every language (`core/words/*/errors.ftl`); a test enumerates them.
"""

from typing import ClassVar


class BotError(Exception):
    """A failure that a person can be told about.

    `key` names the sentence in the word files and `data` fills its variables. `cause` is for the
    operator's log alone: it is never shown, and must hold no secret.
    """

    key: ClassVar[str] = "error"

    def __init__(self, key: str | None = None, /, *, cause: str = "", **data: str | int | float) -> None:
        self.message_key = key or self.key
        self.cause = cause
        self.data = data
        super().__init__(self.message_key, cause)


class Refused(BotError):
    """We said no; nothing was spent."""

    key = "refused"


class BadInput(Refused):
    """What the person sent cannot be used; the key says which part and why."""

    key = "bad-input"


class Busy(Refused):
    """Too fast, or ("busy-at-once") too many at once. data: `retry_after` in seconds."""

    key = "busy"


class NotAllowed(Refused):
    """This person, chat or place may not do this."""

    key = "not-allowed"


class OverBudget(Refused):
    """A cap has no room for this. data: `left_nanos`, `cost_nanos`, `resets_at` (epoch seconds), `renews`
    ("no": the cap has no room even while nothing of it is used; "soon": what is held for others may leave it
    some), `scope`, `period`."""

    key = "over-budget"


class UpstreamError(BotError):
    """The model's side failed."""

    key = "upstream"


class Unreachable(UpstreamError):
    """No connection, or no answer in time; or an answer that tells of a fault of theirs (key "upstream")."""

    key = "unreachable"


class Missing(Unreachable):
    """There is no picture at its address, or not yet."""


class Throttled(UpstreamError):
    """The model's side asks us to slow down. `retry_after` in seconds, None where it did not say."""

    key = "throttled"

    def __init__(self, *, retry_after: float | None = None, cause: str = "") -> None:
        self.retry_after = retry_after
        super().__init__(cause=cause, retry_after=retry_after or 0.0)


class Rejected(UpstreamError):
    """The model's side refuses this very request (400, 413, 422 ...); repeating it is useless. data: `reason`,
    and `model` where one was asked for; the key is "no-model" when the model does not exist."""

    key = "rejected"


class StreamCut(UpstreamError):
    """The answer stopped without its end mark; what came is kept."""

    key = "stream-cut"


class JobFailed(UpstreamError):
    """The image job ended without a picture."""

    key = "job-failed"


class JobLate(UpstreamError):
    """The picture is not there in time; it is still looked for. Its words take `refunded`, "yes" or "no"."""

    key = "job-late"


class JobUnknown(UpstreamError):
    """The order may or may not have reached the image maker; it is never sent again."""

    key = "job-unknown"


class BadKey(UpstreamError):
    """The key is refused (401, 403) or the balance is gone (402), or an error's code says so; the operator must
    act."""

    key = "bad-key"

    def __init__(self, *, is_balance: bool = False, cause: str = "") -> None:
        self.is_balance = is_balance
        super().__init__(cause=cause)


class DeliveryError(BotError):
    """The chat did not take what we showed."""

    key = "delivery"


class SlowDown(DeliveryError):
    """The chat asks us to wait `retry_after` seconds; `everywhere` when the whole account must."""

    key = "slow-down"

    def __init__(self, retry_after: float, *, everywhere: bool = False, cause: str = "") -> None:
        self.retry_after = retry_after
        self.everywhere = everywhere
        super().__init__(cause=cause, retry_after=retry_after)


class TooBig(DeliveryError):
    """The chat does not take a message or file of this size."""

    key = "too-big"


class NoPictures(DeliveryError):
    """The place takes words, and no pictures."""

    key = "no-pictures"


class Gone(DeliveryError):
    """The message, the chat or our right to write there is gone."""

    key = "gone"


class StoreError(BotError):
    """The store is away. Nothing is spent while it is."""

    key = "store"


class CannotStart(Exception):
    """The bot cannot be started; the text is one line per problem, free of secrets. `code` is for the shell:
    2 where a setting is wrong whatever else is true."""

    def __init__(self, text: str, code: int = 1) -> None:
        self.code = code
        super().__init__(text)

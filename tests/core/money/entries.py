"""The lines of the ledger, for tests to read: the product reads its totals alone."""

from dataclasses import dataclass
from datetime import date

from core.money.base import LedgerLine, date_of, key
from core.money.ledger import Ledger
from core.money.purse import names_of


@dataclass(frozen=True, slots=True)
class Entry:
    """A `LedgerLine` with the names of its accounts."""

    event: str
    request: str
    person: str
    chat: str
    kind: str
    model: str
    day: date
    booked_nanos: int
    credit_nanos: int
    held_nanos: int
    prompt_tokens: int
    completion_tokens: int
    measured: str


async def entries(ledger: Ledger, request: str = "", newest: int = 1000) -> list[Entry]:
    """The newest entries, the newest first; of one request where given."""
    store = ledger._store
    lines = [LedgerLine.read(fields) for _, fields in await store.redis.xrevrange(key("ledger"), count=newest)]
    known = await names_of(store, {account for line in lines for account in (line.purse, line.chat)} - {""})
    found = [_named(line, known) for line in lines]
    return [entry for entry in found if request in ("", entry.request)]


def _named(line: LedgerLine, known: dict[str, str]) -> Entry:
    return Entry(
        event=line.event,
        request=line.request,
        person=known.get(line.purse, line.purse),
        chat=known.get(line.chat, line.chat),
        kind=line.kind,
        model=line.model,
        day=date_of(line.day),
        booked_nanos=line.booked,
        credit_nanos=line.credit,
        held_nanos=line.held,
        prompt_tokens=line.prompt_tokens,
        completion_tokens=line.completion_tokens,
        measured=line.measured,
    )

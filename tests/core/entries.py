"""The lines of the ledger, for tests to read: the product reads its totals alone."""

from dataclasses import dataclass
from datetime import date

from core.ledger import Ledger
from core.money import date_of, key
from core.purse import names_of


@dataclass(frozen=True, slots=True)
class Entry:
    """One line of the ledger. `booked_nanos` changes totals, `credit_nanos` is the part of it that extra
    credit paid (negative: credit given), `held_nanos` was set aside (negative: given back). `event` is "hold",
    "settle", "release", "lease", "refund", "grant", or, moving nothing, "dropped" (never fetched), "late",
    "unknown", "failed" (sent, and free)."""

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
    lines = [fields for _, fields in await store.redis.xrevrange(key("ledger"), count=newest)]
    known = await names_of(store, {fields[name].decode() for fields in lines for name in (b"u", b"c")} - {""})
    found = [_read(fields, known) for fields in lines]
    return [entry for entry in found if request in ("", entry.request)]


def _read(fields: dict[bytes, bytes], known: dict[str, str]) -> Entry:
    text = {name.decode(): value.decode() for name, value in fields.items()}
    return Entry(
        event=text["e"],
        request=text["r"],
        person=known.get(text["u"], text["u"]),
        chat=known.get(text["c"], text["c"]),
        kind=text["k"],
        model=text["m"],
        day=date_of(int(text["d"])),
        booked_nanos=int(text["n"]),
        credit_nanos=int(text["g"]),
        held_nanos=int(text["h"]),
        prompt_tokens=int(text["p"]),
        completion_tokens=int(text["q"]),
        measured=text["w"],
    )

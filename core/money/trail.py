"""The audit trail: one line for each change that an operator makes, or a person to their own purse.

Scripts of the money write their line in the same step. For everything else `note` comes before the change,
so that no change is without its line.
"""

import re
from dataclasses import dataclass
from datetime import datetime

from core.money.base import key, moment_of
from core.money.purse import names_of
from core.store import Store


@dataclass(frozen=True, slots=True)
class Change:
    """One line. `by` and `who` are names where they are known, else accounts."""

    id: str  # of the entry; sorts by age
    at: datetime
    by: str
    what: str  # "grant", "refund", "cap", "link", "unlink"; "allow", "deny", "block", "persona", "model" ...
    who: str  # whom or which chat it is about, "" = the whole bot
    value: str
    note: str


class Trail:
    """Kept for LEDGER_DAYS, like the ledger."""

    def __init__(self, store: Store) -> None:
        self._store = store

    async def note(self, by: str, what: str, who: str = "", value: str = "") -> None:
        """Raises StoreError."""
        fields = {"by": by, "what": what, "who": who, "value": value, "note": ""}
        with self._store.guard():
            await self._store.redis.xadd(key("trail"), fields)

    async def read(self, count: int = 50, before: str = "") -> list[Change]:
        """The newest first; those before the entry of that id, where one is given. Raises StoreError."""
        newest = f"({before}" if re.fullmatch(r"\d{1,16}-\d{1,9}", before) else "+"
        with self._store.guard():
            entries = await self._store.redis.xrevrange(key("trail"), newest, count=count)
        known = await names_of(
            self._store, {fields[name].decode() for _, fields in entries for name in (b"by", b"who")}
        )
        return [_read(entry, fields, known) for entry, fields in entries]


def _read(entry: bytes, fields: dict[bytes, bytes], known: dict[str, str]) -> Change:
    text = {name.decode(): value.decode() for name, value in fields.items()}
    by, who = (known.get(text[name], text[name]) for name in ("by", "who"))
    return Change(entry.decode(), moment_of(entry), by, text["what"], who, text["value"], text["note"])

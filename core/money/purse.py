"""Purses: one for all linked names of a person; extra credit, refunds, and how a person is forgotten.

The ledger and the totals know accounts by random ids. The way from a name to its account is one entry that
`forget` erases: from then on the amounts are nobody's. Until the month ends a keyed hash of the name leads to a
fresh account that brings along what is taken of the caps, so that a person who returns finds them as used as
they were.
"""

import hashlib
import secrets
from collections.abc import AsyncIterator, Callable, Iterable, Sequence
from typing import Any

import structlog

from core.dollars import MAX_CAP_NANOS
from core.errors import BadInput, Busy
from core.money.base import ROOT, fresh_id, key, today
from core.settings import Settings
from core.store import Script, Store, load_script

log = structlog.get_logger(__name__)

CODE_S = 600  # how long a code to link with is valid
_ONCE_S = 86_400  # how long something given under an id is not given again
_TRIES = 5  # codes that somebody may enter in that time, the right one included
_LETTERS = "ABCDEFGHJKMNPQRSTVWXYZ23456789"  # none that looks like another
_BATCH = 1000  # accounts in one call, about a millisecond of the store's
_LINK, _UNLINK, _FORGET, _GRANT, _REFUND, _NAMES = (
    load_script(f"money_{name}") for name in ("link", "unlink", "forget", "grant", "refund", "names")
)


class Purses:
    """Links, parts, credits, refunds and forgets."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], float]) -> None:
        self._store, self._settings, self._clock = store, settings, clock

    async def code(self, person: str) -> str:
        """A code that another account of the same person enters within CODE_S seconds; works once."""
        code = "".join(secrets.choice(_LETTERS) for _ in range(8))
        with self._store.guard():
            await self._store.redis.set(key("link", _digest(code)), person, ex=CODE_S)
        return f"{code[:4]}-{code[4:]}"

    async def link(self, code: str, person: str) -> str:
        """`person` enters a code, with whatever was copied around it: both have one purse from now on, with all
        that both have spent. Returns the name that the code was made for.

        Raises BadInput: "link-unknown" (wrong, used or too old), "link-self", "link-already", "link-many";
        Busy("link-tries") after _TRIES codes, right or wrong.
        """
        await self._count_try(person)
        typed = code.upper().removeprefix("/LINK")
        plain = "".join(char for char in typed if char in _LETTERS)
        state, issuer = await self._run(_LINK, [_digest(plain), person, fresh_id(), fresh_id()])
        if state != b"linked":
            raise BadInput(f"link-{state.decode()}")
        log.info("purse.linked")
        return str(issuer.decode())

    async def unlink(self, person: str) -> bool:
        """`person` has a purse of their own again. What was used of the caps today and this month counts
        in both; extra credit stays with the others. False where there was nothing to part from."""
        at = today(self._clock(), self._settings.zone)
        return bool(await self._run(_UNLINK, [person, fresh_id(), at.day, at.month]))

    async def names(self, person: str) -> tuple[str, ...]:
        """Every name that pays from the same purse, `person` included."""
        with self._store.guard():
            account = await self._store.redis.hget(key("names"), person)
            who = account and await self._store.redis.hget(key("a", account.decode()), "who")
        return tuple(who.decode().split()) if who else (person,)

    async def forget(self, person: str) -> int:
        """Cuts the tie between this name, with those of chats that are the person's alone, and the amounts,
        extra credit included. A purse stays with the others who share it, as at `unlink`. Overridden caps stay:
        they are the operator's. Returns how many names were known."""
        now = self._clock()
        at = today(now, self._settings.zone)
        rest = max(1, int(at.month_ends - now))
        return int(
            await self._run(_FORGET, [rest, secrets.token_hex(16), person, fresh_id(), at.day, at.month])
        )

    async def grant(self, person: str, nanos: int, by: str, once: str = "") -> int:
        """Gives extra credit, which no day ends (negative: takes back what is left of it). It is used where
        the person's own caps have no room; the caps of the chat and of everybody hold all the same. Under the
        id `once`, where there is one, somebody gets the same amount once within _ONCE_S.
        Returns the credit there is now. Raises BadInput("cap-amount")."""
        if not -MAX_CAP_NANOS <= nanos <= MAX_CAP_NANOS:
            raise BadInput("cap-amount", value=str(nanos))
        day = today(self._clock(), self._settings.zone).day
        return int(await self._run(_GRANT, [person, fresh_id(), nanos, by, day, once, _ONCE_S]))

    async def refund(self, request: str, by: str) -> int:
        """Takes back what an ended request has cost. Returns the nanos given back: they count for the day and
        month they were spent in.

        Raises BadInput: "refund-unknown" (never seen, or too long ago), "refund-open", "refund-nothing".
        """
        state, nanos = await self._run(_REFUND, [request, by])
        match state:
            case b"settled" | b"lease":
                log.info("purse.refunded", request=request, nanos=nanos)
                return int(nanos)
            case b"unknown":
                raise BadInput("refund-unknown")
            case b"open":
                raise BadInput("refund-open")
        raise BadInput("refund-nothing")

    async def _count_try(self, person: str) -> None:
        tries = key("tries", person)
        with self._store.guard():
            async with self._store.redis.pipeline(transaction=True) as pipe:
                count, *_ = await pipe.incr(tries).expire(tries, CODE_S, nx=True).execute()
        if count > _TRIES:
            raise Busy("link-tries", retry_after=CODE_S)

    async def _run(self, script: Script, args: Sequence[str | int]) -> Any:  # its reply
        return await self._store.run(script, [ROOT], args)


async def names_of(store: Store, accounts: set[str]) -> dict[str, str]:
    """The names of accounts that have any: linked ones joined by "+". Merged accounts have those of the
    one that took them in."""
    return {account: who.replace(" ", "+") async for account, who in looked_up(store, _NAMES, accounts)}


async def looked_up(store: Store, script: Script, accounts: Iterable[str]) -> AsyncIterator[tuple[str, str]]:
    """What a script says of each account that it knows. It is asked in batches."""
    order = list(accounts)
    for start in range(0, len(order), _BATCH):
        found = await store.run(script, [ROOT], order[start : start + _BATCH])
        for account, text in zip(found[::2], found[1::2], strict=True):
            yield account.decode(), text.decode()


def _digest(code: str) -> str:
    return hashlib.sha256(code.encode()).hexdigest()[:32]

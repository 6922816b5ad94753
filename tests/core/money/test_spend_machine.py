"""In any order of events: no cap is exceeded, totals equal the ledger, no hold outlives its lease."""

import asyncio
import contextlib
from collections import defaultdict
from typing import Any

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    Bundle,
    RuleBasedStateMachine,
    consumes,
    initialize,
    invariant,
    multiple,
    rule,
    run_state_machine_as_test,
)  # fmt: skip

from core.errors import BadInput, OverBudget
from core.money.base import ROOT
from core.settings import Settings
from core.spend import Payer, Spent
from core.store import open_store
from tests.core.money.till import Till, usd

PEOPLE = ("a:1", "a:2", "b:3")
CHATS = ("a:guild:1", "b:chat:2", "")
CAPS = {"person": (100, 250), "chat": (150, 400), "all": (200, 500)}
amounts = st.integers(0, 120)
people = st.sampled_from(PEOPLE)


class Interleavings(RuleBasedStateMachine):
    """A till that many processes use, die over, and disagree with about the time."""

    url = ""
    held = Bundle("held")

    def __init__(self) -> None:
        super().__init__()
        self.runner = asyncio.Runner()
        self.stack = self.runner.run(self._open())
        self.excess: defaultdict[tuple[str, str], int] = defaultdict(int)  # what truth took beyond a cap
        self.released: set[str] = set()

    async def _open(self) -> Any:
        names = {"person": "user", "chat": "chat", "all": "global"}
        caps = {
            f"{names[scope]}_{period}_usd": usd(cap)
            for scope, pair in CAPS.items()
            for period, cap in zip(("daily", "monthly"), pair, strict=True)
        }
        made = Settings(_env_file=None, redis_url=self.url, timezone="Europe/Berlin", **caps)  # type: ignore[arg-type]
        stack = open_store(made)
        store = await stack.__aenter__()
        await store.redis.flushall()
        self.till = Till(store, made)
        return stack

    def teardown(self) -> None:
        self.runner.run(self.stack.__aexit__(None, None, None))
        self.runner.close()

    def run(self, work: Any) -> Any:
        return self.runner.run(work)

    @initialize(days=st.integers(0, 40))
    def begin(self, days: int) -> None:
        self.till.clock.now += days * 86_400

    @rule(target=held, person=people, chat=st.sampled_from(CHATS), nanos=amounts, least=amounts)
    def hold(self, person: str, chat: str, nanos: int, least: int) -> Any:
        wanted = self.till.wanted(max(nanos, least), min(nanos, least))
        try:
            hold = self.run(self.till.spend.take(Payer(person, chat, alone=chat == CHATS[1]), wanted))
        except OverBudget:
            return multiple()
        assert wanted.least_nanos <= hold.nanos <= wanted.nanos
        return hold.request, hold.nanos

    @rule(one=held, share=st.integers(0, 100))
    def settle(self, one: tuple[str, int], share: int) -> None:
        """Also of holds that ended already: only what was released by mistake is booked then, as the truth."""
        self.run(self.till.spend.settle(one[0], Spent(one[1] * share // 100, 1, 1)))
        if one[0] in self.released:
            self._note_excess()

    @rule(one=consumes(held), more=st.integers(1, 60))
    def overrun(self, one: tuple[str, int], more: int) -> None:
        """The truth may pass a cap; it must be booked all the same."""
        request, nanos = one
        self.run(self.till.spend.settle(request, Spent(nanos + more, 1, 1)))
        self._note_excess()

    @rule(one=held)
    def release(self, one: tuple[str, int]) -> None:
        self.run(self.till.spend.release(one[0]))
        self.released.add(one[0])

    @rule(one=held)
    def renew(self, one: tuple[str, int]) -> None:
        self.run(self.till.spend.renew(one[0]))

    @rule(seconds=st.sampled_from([1, 200, 301, 3600, 86_400, 20 * 86_400, -400, -86_400]))
    def time_passes(self, seconds: int) -> None:
        self.till.clock.now += seconds

    @rule()
    def sweep(self) -> None:
        self.run(self.till.spend.sweep())
        late = self.run(
            self.till.store.redis.zcount(f"{ROOT}:open", "-inf", f"({int(self.till.clock.now * 1000)}")
        )
        assert late == 0

    @rule(one=held)
    def refund(self, one: tuple[str, int]) -> None:
        with contextlib.suppress(BadInput):  # still open, or nothing to give back
            self.run(self.till.spend.purses.refund(one[0], "op:1"))

    @rule(person=people, nanos=st.integers(-50, 80))
    def grant(self, person: str, nanos: int) -> None:
        self.run(self.till.spend.purses.grant(person, nanos, "op:1"))

    @rule(one=people, other=people)
    def link(self, one: str, other: str) -> None:
        self.run(self.till.store.redis.delete(f"{ROOT}:tries:{other}"))
        with contextlib.suppress(BadInput):  # one and the same, or linked already
            self.run(self.till.spend.purses.link(self.run(self.till.spend.purses.code(one)), other))
        self._note_excess()  # two purses that were each within the cap may be beyond it together

    @rule(person=people)
    def unlink(self, person: str) -> None:
        self.run(self.till.spend.purses.unlink(person))
        self._note_excess()

    @rule(person=people)
    def forget(self, person: str) -> None:
        self.run(self.till.spend.purses.forget(person))
        self._note_excess()  # who leaves brings along what is taken; what they leave has no name

    @rule(days=st.sampled_from([0, 500]))
    def trim(self, days: int) -> None:
        self.run(self.till.age(days))
        self.run(self.till.spend.ledger.trim())

    @invariant()
    def no_cap_is_passed(self) -> None:
        for place, used, cap in self._used():
            assert used <= cap + self.excess[place], (place, used, cap)

    @invariant()
    def totals_are_the_ledger(self) -> None:
        assert self.run(self.till.spend.ledger.audit()) == []

    @invariant()
    def every_hold_has_a_lease(self) -> None:
        leased = self.run(self.till.store.redis.zrange(f"{ROOT}:open", 0, -1))
        assert {f"{ROOT}:q:{request.decode()}" for request in leased} == self.run(self._read_open())

    def _note_excess(self) -> None:
        for place, used, cap in self._used():
            self.excess[place] = max(self.excess[place], used - cap)

    def _used(self) -> list[tuple[tuple[str, str], int, int]]:
        """(account, period), what counts against its cap, and the cap, of every account there is."""
        return list(self.run(self._read_used()))

    async def _read_open(self) -> set[str]:
        """The keys of requests that have not ended: those without a TTL."""
        redis = self.till.store.redis
        return {name.decode() async for name in redis.scan_iter(f"{ROOT}:q:*") if await redis.ttl(name) < 0}

    async def _read_used(self) -> list[tuple[tuple[str, str], int, int]]:
        redis, found = self.till.store.redis, []
        names = await redis.hgetall(f"{ROOT}:names")
        chats = {names[chat.encode()].decode() for chat in CHATS if chat.encode() in names}
        async for name in redis.scan_iter(f"{ROOT}:a:*"):
            account = name.decode().rpartition(":")[2]
            fields = {key.decode(): value.decode() for key, value in (await redis.hgetall(name)).items()}
            kind = "all" if account == "all" else "chat" if account in chats else "person"
            for field in [field for field in fields if field.lstrip("cgu").removeprefix("m").isdigit()]:
                period = field.lstrip("cgu")
                cap = CAPS[kind][period.startswith("m")]
                booked, brought, by_credit = [int(fields.get(letter + period, 0)) for letter in ("", "c", "g")]
                used = int(fields.get(f"u{period}", booked + brought - by_credit))
                found.append(((account, period), used, cap))
        return found


@pytest.mark.timeout(300)  # a failure takes long to shrink; a success takes seconds
def test_any_interleaving_keeps_caps_and_books(empty_valkey: str) -> None:
    """Spent + held stays within every cap (but for what the truth took beyond it), totals are the sums of
    the ledger, and no hold outlives its lease: for holds, settles, releases, crashes, refunds, credit, links
    and clocks in any order."""
    machine = type("Machine", (Interleavings,), {"url": empty_valkey})
    run_state_machine_as_test(
        machine,
        settings=settings(
            max_examples=20, stateful_step_count=30, database=None,
            suppress_health_check=list(HealthCheck),
        ),
    )  # fmt: skip

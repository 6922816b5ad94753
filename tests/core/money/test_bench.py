"""The commands that `make bench` sends to the store itself are those of `Spend`."""

from bench.money import ask_once
from tests.core.money.till import Till


async def test_what_is_measured_is_booked(till: Till) -> None:
    """Each pair holds and settles, and the audit is right."""
    await till.pay(1)  # the store knows the scripts then
    await ask_once(till.store, till.settings, range(3), "run")
    assert (await till.account("all"))["t"] == 1 + 3 * 900
    assert await till.spend.ledger.audit() == []

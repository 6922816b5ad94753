"""A refusal promises a reset time only if that will help."""

import pytest

from core.errors import OverBudget
from core.spend import Payer, Spent
from core.store import Store
from tests.conftest import MakeSettings
from tests.core.money.till import ANNA, BEN, Till, usd


async def test_a_cap_that_is_too_small_when_it_is_full_binds_for_ever(
    store: Store, make_settings: MakeSettings
) -> None:
    """Waiting for it would be in vain: it is named before a cap that only has to reset."""
    till = Till(store, make_settings(user_daily_usd=usd(100), user_monthly_usd=usd(300), chat_daily_usd="0"))
    await till.pay(90, Payer(ANNA.person, ""))
    for payer, nanos, scope in (
        (Payer(ANNA.person, ""), 200, "person"),
        (Payer(BEN.person, ANNA.chat), 90, "chat"),
    ):
        for refuse in (till.spend.take, till.spend.check_affordable):
            with pytest.raises(OverBudget) as refusal:
                await refuse(payer, till.wanted(nanos))
            found = refusal.value.data
            assert (found["scope"], found["period"], found["renews"]) == (scope, "day", "no")


async def test_credit_may_fill_a_cap_up(store: Store, make_settings: MakeSettings) -> None:
    """With extra credit added to tomorrow's cap there will be enough. An overrun leaves the credit."""
    till = Till(store, make_settings(user_daily_usd=usd(10), user_monthly_usd="off"))
    await till.pay(12, held=10)
    await till.spend.purses.grant(ANNA.person, 15, "op:1")
    for nanos, renews in ((20, "yes"), (26, "no")):
        with pytest.raises(OverBudget) as refusal:
            await till.take(nanos)
        assert (refusal.value.data["renews"], refusal.value.data["left_nanos"]) == (renews, 15)


@pytest.mark.parametrize("scope", ["user", "chat", "global"])
@pytest.mark.parametrize("period", ["daily", "monthly"])
async def test_what_is_held_is_no_reason_to_wait_for_a_reset(
    store: Store, make_settings: MakeSettings, scope: str, period: str
) -> None:
    """What is under way holds its worst case, and soon gives most of it back. The reset is named if what is
    settled leaves too little by itself."""
    till = Till(store, make_settings(hold_lease_s=100_000, **{f"{scope}_{period}_usd": usd(60)}))
    await till.pay(30)
    held = await till.take(25)
    if period == "monthly":
        till.clock.now += 86_400
    for nanos, renews in ((20, "soon"), (30, "soon"), (31, "yes"), (61, "no")):
        for refuse in (till.spend.take, till.spend.check_affordable):
            with pytest.raises(OverBudget) as refusal:
                await refuse(ANNA, till.wanted(nanos))
            assert (refusal.value.data["left_nanos"], refusal.value.data["renews"]) == (5, renews)
    await till.spend.settle(held, Spent(3))
    await till.take(20)

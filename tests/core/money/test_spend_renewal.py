"""A refusal promises a reset time only if that will help."""

import pytest

from core.errors import OverBudget
from core.spend import Payer
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
    """With extra credit added to tomorrow's cap there will be enough."""
    till = Till(store, make_settings(user_daily_usd=usd(10), user_monthly_usd="off"))
    await till.pay(10)
    await till.spend.purses.grant(ANNA.person, 15, "op:1")
    for nanos, renews in ((20, "yes"), (26, "no")):
        with pytest.raises(OverBudget) as refusal:
            await till.take(nanos)
        assert refusal.value.data["renews"] == renews

"""Warnings are about spent parts of existing caps."""

import pytest

from core.store import Store
from tests.conftest import MakeSettings
from tests.core.money.till import ANNA, Till, usd


@pytest.mark.parametrize("cap", ["off", "0"])
async def test_nobody_is_warned_of_a_cap_they_do_not_have(
    store: Store, make_settings: MakeSettings, cap: str
) -> None:
    """Nor of a cap of 0, where extra credit pays."""
    till = Till(store, make_settings(user_daily_usd=cap, user_monthly_usd=cap))
    await till.spend.purses.grant(ANNA.person, 1000, "op:1")
    assert [(await till.pay(nanos)).crossed for nanos in (740, 10)] == [0, 0]


@pytest.mark.parametrize("period", ["daily", "monthly"])
async def test_what_is_only_held_is_not_warned_of(
    store: Store, make_settings: MakeSettings, period: str
) -> None:
    """Most of what an answer under way holds is returned."""
    off = {"user_daily_usd": "off", "user_monthly_usd": "off"}
    till = Till(store, make_settings(**(off | {f"user_{period}_usd": usd(1000)})))
    request = await till.take(160)
    assert (await till.pay(740)).crossed == 0
    await till.spend.release(request)
    assert (await till.pay(10)).crossed == 75

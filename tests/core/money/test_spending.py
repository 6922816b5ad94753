"""Spending over days, by person, chat and model."""

from datetime import date

from core.money.base import ROOT, ROW, number_of, today
from core.money.purse import Purses
from core.money.spending import named, spending
from core.spend import Payer
from tests.core.money.till import ANNA, BEN, Till


def day_of(till: Till) -> int:
    return today(till.clock(), till.settings.zone).day


async def test_sums_by_person_chat_and_model(till: Till) -> None:
    """Requests, tokens and nanos add up for each of them and in total, with a column for every day."""
    await till.pay(100)
    await till.pay(50, BEN)
    till.clock.now += 86_400
    await till.pay(7)
    await till.pay(300, BEN)
    for by, names in (("person", (BEN.person, ANNA.person)), ("chat", (BEN.chat, ANNA.chat))):
        spent = await spending(till.store, day_of(till), 3, by)  # type: ignore[arg-type]  # a literal of a loop
        assert spent.days == (date(2026, 3, 9), date(2026, 3, 10), date(2026, 3, 11))
        ben, anna = await named(till.store, spent.top(10))
        assert (ben.name, anna.name) == names
        assert (ben.requests, ben.prompt_tokens, ben.completion_tokens, ben.nanos) == (2, 20, 40, 350)
        assert (ben.by_day, anna.by_day) == ((0, 50, 300), (0, 100, 7))
        assert spent.total.by_day == (0, 150, 307)
        assert (spent.total.requests, spent.total.nanos) == (4, 457)
    spent = await spending(till.store, day_of(till), 1, "model")
    assert [(one.name, one.nanos) for one in spent.top(10)] == [("gpt-4o-mini", 307)]


async def test_the_dearest_come_first_page_by_page(till: Till) -> None:
    """A page is a part of the ranking, and knows its total length."""
    for number in range(5):
        await till.pay(10 * (number + 1), Payer(f"here:{number}", "here:guild:7"))
    spent = await spending(till.store, day_of(till), 1, "person")
    assert len(spent) == 5
    pages = [await named(till.store, spent.top(2, after=after)) for after in (0, 2, 4)]
    assert [[one.name for one in page] for page in pages] == [
        ["here:4", "here:3"],
        ["here:2", "here:1"],
        ["here:0"],
    ]


async def test_a_merged_purse_is_one_line(till: Till) -> None:
    """Spending of two accounts before a link counts for the shared purse."""
    await till.pay(100)
    await till.pay(50, BEN)
    purses: Purses = till.spend.purses
    await purses.link(await purses.code(ANNA.person), BEN.person)
    await till.pay(5, BEN)
    spent = await spending(till.store, day_of(till), 1, "person")
    (one,) = await named(till.store, spent.top(10))
    assert one.name == f"{ANNA.person}+{BEN.person}"
    assert (one.nanos, one.requests) == (155, 3)


async def test_a_forgotten_person_has_no_name_any_more(till: Till) -> None:
    """Amounts stay under the account's random id."""
    await till.pay(100)
    await till.spend.purses.forget(ANNA.person)
    (one,) = await named(till.store, (await spending(till.store, day_of(till), 1, "person")).top(10))
    assert one.nanos == 100
    assert ":" not in one.name


async def test_a_day_that_takes_several_pieces_is_read_once(till: Till) -> None:
    """A day with thousands of rows adds up exactly, however the store pages it."""
    day = number_of(date(2026, 3, 10))
    rows = {f"account-{n}|chat|ask|gpt-4o": ROW.pack(1, 2, 3, n) for n in range(3000)}
    await till.store.redis.hset(f"{ROOT}:rows:{day}", mapping=rows)
    spent = await spending(till.store, day, 1, "person")
    assert (len(spent), spent.total.requests, spent.total.nanos) == (3000, 3000, sum(range(3000)))

"""People and chats on the operator pages."""

import pytest

from core.access import Access
from core.chosen import Chosen
from core.money.base import ROOT
from core.money.caps import Override, Word
from core.money.purse import names_of
from core.operator.accounts import Accounts
from core.seal import Seal
from core.spend import Payer
from core.store import Store
from tests.conftest import MakeSettings
from tests.core.money.till import ANNA, BEN, Till

CAP = 10_000


@pytest.fixture
def till(store: Store, make_settings: MakeSettings) -> Till:
    return Till(store, make_settings(user_daily_usd="0.00001", deny=("there:user:2",)))


@pytest.fixture
def accounts(till: Till) -> Accounts:
    access = Access(till.store, till.settings, till.clock)
    return Accounts(till.store, till.settings, till.spend, access, Chosen(till.store, Seal(), None), till.clock)


async def test_a_list_has_what_an_operator_decides_by(till: Till, accounts: Accounts) -> None:
    """Spending, use of the caps in force, extra credit, access; highest spending first."""
    await till.pay(100)
    await till.pay(2500, BEN)
    await till.spend.caps.set(Override("person:here:1", 400, None), "op:1")
    await till.spend.purses.grant(ANNA.person, 77, "op:1")
    ben, anna = (await accounts.top("person", 50)).accounts
    assert (ben.names, ben.is_denied) == ((BEN.person,), True)
    assert ben.day is not None
    assert (ben.day.used_nanos, ben.day.cap_nanos) == (2500, CAP)
    assert (anna.names, anna.is_denied, anna.credit_nanos) == ((ANNA.person,), False, 77)
    assert anna.day is not None
    assert anna.month is not None
    assert (anna.day.used_nanos, anna.day.cap_nanos, anna.month.cap_nanos) == (100, 400, None)
    chats = (await accounts.top("chat", 50)).accounts
    assert [chat.names for chat in chats] == [(BEN.chat,), (ANNA.chat,)]


async def test_a_part_of_a_name_finds(till: Till, accounts: Accounts) -> None:
    """A search finds people among people and chats among chats, and takes the text literally."""
    await till.pay(1)
    await till.pay(1, BEN)
    await till.pay(1, Payer("here:*odd[name]", "here:guild:7"))
    assert [one.names for one in (await accounts.search("person", "here")).accounts] == [
        ("here:*odd[name]",), ("here:1",), ("there:2",),
    ]  # fmt: skip
    assert [one.names for one in (await accounts.search("person", "*odd[")).accounts] == [("here:*odd[name]",)]
    assert [one.names for one in (await accounts.search("chat", "chat")).accounts] == [(BEN.chat,)]
    assert (await accounts.search("person", "nobody")).accounts == ()


async def test_linked_names_are_one(till: Till, accounts: Accounts) -> None:
    """Two names with one purse are one line, and one page with each one's caps."""
    await till.pay(1)
    await till.pay(2, BEN)
    purses = till.spend.purses
    await purses.link(await purses.code(ANNA.person), BEN.person)
    await till.spend.caps.set(Override("person:there:2", 5000, Word.DEFAULT), "op:1")
    (one,) = (await accounts.search("person", "here")).accounts
    assert one.names == (ANNA.person, BEN.person)
    detail = await accounts.get("person", BEN.person)
    assert [(own.name, own.day) for own in detail.own] == [
        ("person:here:1", Word.DEFAULT),
        ("person:there:2", 5000),
    ]
    assert detail.day.cap_nanos == 5000
    assert detail.denied_by == "settings"
    assert detail.days[-1][1] == 3


async def test_somebody_who_never_paid_has_a_page(accounts: Accounts) -> None:
    """Caps can be set before the first question."""
    detail = await accounts.get("person", "here:new")
    assert (detail.is_known, detail.names, detail.day.cap_nanos) == (False, ("here:new",), CAP)


async def test_many_are_cut(till: Till, accounts: Accounts) -> None:
    """A search with too many results shows some, and says so."""
    names = {f"here:{n}": f"account-{n}" for n in range(1500)}
    await till.store.redis.hset("{money}:names", mapping=names)
    found = await accounts.search("person", "here")
    assert found.is_cut
    assert len(found.accounts) == 200


async def test_every_batch_of_names_is_looked_up(till: Till, monkeypatch: pytest.MonkeyPatch) -> None:
    """Small batches leave nobody out."""
    monkeypatch.setattr("core.money.purse._BATCH", 2)
    people = {f"here:{number}" for number in range(5)}
    for person in people:
        await till.pay(1, Payer(person, ""))
    ids = await till.store.redis.hmget(f"{ROOT}:names", *people)
    assert set((await names_of(till.store, {one.decode() for one in ids})).values()) == people

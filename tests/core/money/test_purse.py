"""One purse for all names of a person; credit; being forgotten."""

from collections import Counter
from collections.abc import Awaitable, Callable
from random import Random

import pytest

from core.errors import BadInput, Busy, OverBudget
from core.money.base import ROOT
from core.money.purse import CODE_S, Purses
from core.spend import Payer, Spent
from core.store import Store
from tests.conftest import MakeSettings
from tests.core.money.till import ANNA, BEN, Till, usd

CLEO = Payer("web:3", "")


@pytest.fixture
def till(store: Store, make_settings: MakeSettings) -> Till:
    return Till(store, make_settings(user_daily_usd=usd(1000), user_monthly_usd=usd(5000)))


async def join(till: Till, one: str, other: str) -> None:
    assert await till.spend.purses.link(await till.spend.purses.code(one), other) == one


async def test_linked_names_have_one_purse(till: Till) -> None:
    """Today's, this month's and held amounts of both add up exactly; so does later spending."""
    await till.pay(300)
    open_before = await till.take(200, BEN)
    await join(till, ANNA.person, BEN.person)
    for payer in (ANNA, BEN):
        day = (await till.spend.summary(payer)).person_day
        assert (day.booked_nanos, day.held_nanos) == (300, 200)
    await till.spend.settle(open_before, Spent(150))
    await till.pay(50, BEN)
    assert await till.left() == await till.left(BEN) == 500
    assert await till.spend.purses.names(BEN.person) == (ANNA.person, BEN.person)
    assert [(row.user, row.chat, row.requests, row.nanos) for row in await till.spend.ledger.usage(1)] == [
        ("here:1+there:2", ANNA.chat, 1, 300), ("here:1+there:2", BEN.chat, 2, 200),
    ]  # fmt: skip
    assert await till.spend.ledger.audit() == []


@pytest.mark.parametrize("pair", [(ANNA, BEN), (BEN, ANNA)], ids=["into", "from"])
async def test_linking_keeps_no_halves(till: Till, pair: tuple[Payer, Payer]) -> None:
    """If one of two has already dropped its part of a day, or of a month's models, both drop it: the rest stays
    exact, also after more spending."""
    begun, rare = till.clock.now, {2, 30, 70, 99}
    for day in range(100):  # March to June: more days and months of models than an account keeps
        till.clock.now = begun + day * 86_400
        await till.pay(10)
        if day in rare:
            await till.pay(7, BEN)
    await join(till, *(payer.person for payer in pair))
    assert await till.spend.ledger.audit() == []
    assert [nanos for _, nanos in await till.spend.ledger.days(BEN.person, 35)] == [10] * 5 + [17] + [
        10
    ] * 28 + [17]
    till.clock.now += 86_400
    await till.pay(5, BEN)
    assert await till.spend.ledger.audit() == []


async def test_a_code_works_once_and_not_for_long(till: Till) -> None:
    """A code is used up, expires after ten minutes, and does not work for its maker. Blanks copied around it do
    no harm."""
    code = await till.spend.purses.code(ANNA.person)
    with pytest.raises(BadInput, match="link-self"):
        await till.spend.purses.link(code, ANNA.person)
    ttl = [await till.store.redis.ttl(key) async for key in till.store.redis.scan_iter(f"{ROOT}:link:*")]
    assert len(ttl) == 1
    assert 0 < ttl[0] <= CODE_S
    await till.spend.purses.link(f"/link {code.lower().replace('-', ' ')}.", BEN.person)
    with pytest.raises(BadInput, match="link-unknown"):
        await till.spend.purses.link(code, CLEO.person)
    with pytest.raises(BadInput, match="link-already"):
        await join(till, BEN.person, ANNA.person)


async def test_codes_cannot_be_guessed(till: Till) -> None:
    """After five wrong codes a person has to wait; trying meanwhile does not prolong it."""
    for _ in range(5):
        with pytest.raises(BadInput, match="link-unknown"):
            await till.spend.purses.link("AAAA-AAAA", BEN.person)
    code, tries = await till.spend.purses.code(ANNA.person), f"{ROOT}:tries:{BEN.person}"
    with pytest.raises(Busy, match="link-tries"):
        await till.spend.purses.link(code, BEN.person)
    assert 5 < await till.store.redis.ttl(tries) <= CODE_S
    await till.store.redis.expire(tries, 5)
    with pytest.raises(Busy, match="link-tries"):
        await till.spend.purses.link(code, BEN.person)
    assert 0 < await till.store.redis.ttl(tries) <= 5


async def test_parting_is_no_way_to_a_fresh_cap(till: Till) -> None:
    """Both purses keep today's and this month's use; linked again it counts once."""
    await till.pay(300)
    await join(till, ANNA.person, BEN.person)
    assert await till.spend.purses.unlink(BEN.person)
    assert not await till.spend.purses.unlink(BEN.person)
    assert (await till.left(), await till.left(BEN)) == (700, 700)
    await till.pay(100)
    await till.pay(50, BEN)
    assert (await till.left(), await till.left(BEN)) == (600, 650)
    await join(till, BEN.person, ANNA.person)
    assert (await till.left(), await till.left(BEN)) == (550, 550)
    assert await till.spend.ledger.audit() == []
    assert [change.what for change in await till.spend.trail.read()] == ["link", "unlink", "link"]
    till.clock.now += 86_400
    assert await till.left(BEN) == 1000


@pytest.mark.parametrize("pair", [(CLEO, BEN), (ANNA, CLEO)], ids=["that", "theirs"])
async def test_who_comes_back_to_a_merged_purse_counts_once(till: Till, pair: tuple[Payer, Payer]) -> None:
    """Use taken along when leaving a purse is not counted again, even if that purse was merged into another one
    meanwhile, or theirs took another one in."""
    await join(till, ANNA.person, BEN.person)
    await till.pay(300)
    assert await till.spend.purses.unlink(ANNA.person)
    await till.pay(100, CLEO)
    await join(till, *(payer.person for payer in pair))
    await join(till, ANNA.person, BEN.person)
    assert await till.left() == 600
    assert await till.spend.ledger.audit() == []


@pytest.mark.parametrize("leave", [Purses.unlink, Purses.forget])
async def test_no_round_of_links_washes_a_cap(till: Till, leave: Callable[..., Awaitable[int]]) -> None:
    """Used stays used, in whatever order somebody links and leaves accounts, also by being forgotten."""
    await join(till, ANNA.person, "web:first")
    await till.pay(1000)
    assert await leave(till.spend.purses, ANNA.person)
    await join(till, "web:1", "web:2")
    assert await leave(till.spend.purses, "web:2")
    await join(till, "web:2", ANNA.person)
    await join(till, "web:2", "web:1")  # what Anna brought into web:2's was not from web:1
    assert await till.left() == 0
    await join(till, "web:3", "web:4")
    assert await leave(till.spend.purses, "web:4")
    assert await leave(till.spend.purses, ANNA.person)
    await join(till, "web:4", ANNA.person)
    await join(till, "web:3", "web:4")
    assert await till.left() == 0
    assert await till.spend.ledger.audit() == []


async def test_credit_is_used_after_the_caps(till: Till) -> None:
    """Extra credit pays what exceeds the person's caps, outlives the day, and returns unused."""
    assert await till.spend.purses.grant(ANNA.person, 500, "op:1") == 500
    await till.pay(900)
    assert (await till.spend.summary(ANNA)).credit_nanos == 500
    request = await till.take(400)
    summary = await till.spend.summary(ANNA)
    assert (summary.credit_nanos, (await till.account(ANNA.person))["held"]) == (200, 300)
    receipt = await till.spend.settle(request, Spent(250))
    summary = await till.spend.summary(ANNA)
    assert (summary.credit_nanos, (await till.account(ANNA.person))["held"]) == (350, 0)
    assert await till.left() == receipt.left_nanos == 350
    assert summary.person_day.booked_nanos == 1150
    till.clock.now += 86_400
    assert await till.left() == 1350
    assert await till.spend.purses.refund(request, "op:1") == 250
    assert (await till.spend.summary(ANNA)).credit_nanos == 500
    assert await till.spend.purses.grant(ANNA.person, -9999, "op:1") == 0
    assert [(change.what, change.by, change.who) for change in await till.spend.trail.read()] == [
        ("grant", "op:1", ANNA.person),
        ("refund", "op:1", ANNA.person),
        ("grant", "op:1", ANNA.person),
    ]
    assert await till.spend.ledger.audit() == []


async def test_what_credit_paid_leaves_the_months_cap(store: Store, make_settings: MakeSettings) -> None:
    """Of a day that needed extra credit, the month's cap counts only the part that the cap paid."""
    till = Till(store, make_settings(user_daily_usd=usd(1000), user_monthly_usd=usd(1500)))
    await till.spend.purses.grant(ANNA.person, 300, "op:1")
    await till.pay(1300)
    assert (await till.spend.summary(ANNA)).person_month.used_nanos == 1000
    till.clock.now += 86_400
    await till.pay(500)


async def test_a_corrected_lease_returns_credit(till: Till) -> None:
    """Credit used by a lease returns if the actual cost is lower, or nothing was sent."""
    await till.spend.purses.grant(ANNA.person, 500, "op:1")
    await till.pay(900)
    request = await till.take(400)
    till.clock.now += 1000
    await till.spend.sweep()
    assert (await till.spend.summary(ANNA)).credit_nanos == 200
    await till.spend.settle(request, Spent(150))
    summary = await till.spend.summary(ANNA)
    assert (summary.credit_nanos, summary.person_day.used_nanos) == (450, 1000)
    unsent = await till.take(400)
    till.clock.now += 1000
    assert await till.spend.sweep() == [unsent]
    await till.spend.release(unsent)
    assert (await till.spend.summary(ANNA)).credit_nanos == 450
    assert await till.spend.ledger.audit() == []


async def test_warnings_survive_linking(till: Till) -> None:
    """After linking, a warning that one of them got is not repeated, and the next one is given."""
    assert (await till.pay(760)).crossed == 75
    await till.pay(1, BEN)
    await join(till, BEN.person, ANNA.person)
    assert [(await till.pay(nanos, BEN)).crossed for nanos in (10, 140)] == [0, 90]


async def test_two_warnings_do_not_add_up(till: Till) -> None:
    """Both were warned at 75 percent; together they are beyond 90, and are warned of that once."""
    assert [(await till.pay(760, payer)).crossed for payer in (ANNA, BEN)] == [75, 75]
    await join(till, BEN.person, ANNA.person)
    assert [(await till.pay(0, BEN)).crossed for _ in range(2)] == [90, 0]


async def test_credit_does_not_lift_the_caps_of_others(store: Store, make_settings: MakeSettings) -> None:
    """Extra credit does not exceed the chat's and everybody's caps."""
    till = Till(store, make_settings(user_daily_usd=usd(10), chat_daily_usd=usd(100)))
    await till.spend.purses.grant(ANNA.person, 5000, "op:1")
    with pytest.raises(OverBudget) as refusal:
        await till.take(101)
    assert refusal.value.data["scope"] == "chat"


async def test_being_forgotten_keeps_amounts_without_a_name(till: Till) -> None:
    """The name is nowhere in the store; amounts stay under a random id, and the audit agrees."""
    await till.pay(300, Payer(ANNA.person, "there:chat:1", alone=True))
    await till.pay(300, Payer(ANNA.person, "there:chat:2", alone=True))
    assert await till.spend.purses.forget(ANNA.person) == 3
    everything = [await till.store.redis.dump(key) async for key in till.store.redis.scan_iter()]
    assert not [dump for dump in everything if ANNA.person.encode() in dump or b"there:chat" in dump]
    rows = await till.spend.ledger.usage(1)
    assert [row.nanos for row in rows] == [300, 300]
    assert ANNA.person not in str(rows)
    assert await till.spend.ledger.audit() == []


async def test_being_forgotten_is_no_way_to_a_fresh_cap(till: Till) -> None:
    """Until the month ends a returning person finds their caps as used as before, however often; then all ties
    are cut."""
    await till.pay(900)
    await till.spend.purses.forget(ANNA.person)
    ttl = await till.store.redis.ttl(f"{ROOT}:forgotten")
    assert 0 < ttl <= 22 * 86_400  # from noon of the 10th to the end of March
    assert await till.left() == 100
    await till.pay(100)
    for _ in range(2):
        with pytest.raises(OverBudget):
            await till.take(1)
        await till.spend.purses.forget(ANNA.person)
    await till.store.redis.delete(f"{ROOT}:forgotten")
    assert await till.left() == 1000


async def test_a_returning_person_is_not_linked_to_older_amounts(till: Till) -> None:
    """Earlier bookings stay anonymous, whatever the person does on their return."""
    chat = Payer(ANNA.person, "here:chat:1", alone=True)
    for comes_back in (
        lambda: till.pay(1, chat),
        lambda: till.spend.purses.grant(ANNA.person, 5, "op:1"),
        lambda: join(till, BEN.person, ANNA.person),
    ):
        await till.pay(100, chat)
        await till.spend.purses.forget(ANNA.person)
        await comes_back()
        assert sum(row.nanos for row in await till.spend.ledger.usage(1, ANNA.person)) in (0, 1)
        rows = await till.spend.ledger.usage(1)
        assert sum(row.nanos for row in rows if ":" not in row.user + row.chat) >= 100
    assert await till.left() == await till.left(BEN) == 1000 - 301
    assert await till.spend.ledger.audit() == []


async def test_credit_given_after_a_return_stays(till: Till) -> None:
    """Also after the month, when nothing leads back to their earlier account."""
    await till.pay(300)
    await till.spend.purses.forget(ANNA.person)
    await till.spend.purses.grant(ANNA.person, 500, "op:1")
    assert [change.who for change in await till.spend.trail.read()] == [ANNA.person]
    assert await till.left() == 1200
    await till.store.redis.delete(f"{ROOT}:forgotten")
    assert await till.left() == 1200
    ttl = [await till.store.redis.ttl(key) async for key in till.store.redis.scan_iter(f"{ROOT}:a:*")]
    assert set(ttl) == {-1}


async def test_what_is_under_way_when_somebody_is_forgotten_counts(
    store: Store, make_settings: MakeSettings
) -> None:
    """For the person and their private chat, in full, for the day and the month, as the actual cost cannot be
    assigned any more. A person who does not return leaves nothing permanent."""
    caps = {"user_daily_usd": 1000, "chat_daily_usd": 800, "chat_monthly_usd": 900}
    till = Till(store, make_settings(**{name: usd(cap) for name, cap in caps.items()}))
    chat = Payer(ANNA.person, "here:chat:1", alone=True)
    await till.pay(300, chat)
    request = await till.take(200, chat)
    await till.spend.purses.forget(ANNA.person)
    await till.spend.settle(request, Spent(150))
    summary = await till.spend.summary(chat)
    assert (summary.person_day.used_nanos, summary.chat_day.used_nanos) == (500, 500)
    assert (summary.person_month.booked_nanos, summary.rooms[2:4]) == (0, (300, 400))
    ends = [await till.store.redis.ttl(key) async for key in till.store.redis.scan_iter(f"{ROOT}:a:*")]
    assert sorted(end > 0 for end in ends) == [False, False, False, True, True]
    with pytest.raises(OverBudget) as refusal:
        await till.take(301, chat)
    assert refusal.value.data["scope"] == "chat"
    assert (await till.pay(290, chat)).left_nanos == 10
    assert await till.spend.ledger.audit() == []


async def test_a_returning_person_is_not_warned_again(till: Till) -> None:
    """Their caps are as used as before."""
    assert (await till.pay(760)).crossed == 75
    await till.spend.purses.forget(ANNA.person)
    assert [(await till.pay(nanos)).crossed for nanos in (10, 140)] == [0, 90]


async def test_a_forgotten_person_leaves_the_shared_purse(till: Till) -> None:
    """Of two who share a purse one is forgotten: their spending stands under the other's name, and from then on
    each pays alone, with caps as used as before. They can link again, and nothing counts twice."""
    await join(till, ANNA.person, BEN.person)
    await till.pay(100)
    await till.spend.purses.forget(ANNA.person)
    assert await till.spend.purses.names(BEN.person) == (BEN.person,)
    assert {row.user for row in await till.spend.ledger.usage(1)} == {BEN.person}
    await till.pay(50)
    assert (await till.left(), await till.left(BEN)) == (850, 900)
    assert not await till.spend.purses.unlink(ANNA.person)
    await join(till, BEN.person, ANNA.person)
    assert (await till.left(), await till.left(BEN)) == (850, 850)
    await till.spend.purses.forget(BEN.person)
    await join(till, BEN.person, ANNA.person)  # now the one who was forgotten made the code
    assert (await till.left(), await till.left(BEN)) == (850, 850)
    assert await till.spend.ledger.audit() == []


async def test_whoever_parted_and_is_forgotten_leaves_no_way_back(till: Till) -> None:
    """The anonymous amounts do not say from whose purse the person once parted."""
    await join(till, ANNA.person, BEN.person)
    await till.pay(100)
    await till.spend.purses.unlink(BEN.person)
    await till.pay(50, BEN)
    await till.spend.purses.forget(BEN.person)
    accounts = [await till.store.redis.hgetall(key) async for key in till.store.redis.scan_iter(f"{ROOT}:a:*")]
    assert len(accounts) > 2
    assert not [fields for fields in accounts if b"from" in fields and b"who" not in fields]


async def test_no_order_of_links_and_farewells_washes_a_cap(till: Till) -> None:
    """In whatever order people link, leave and are forgotten, a purse counts at least what those who share it
    have spent themselves."""
    random, names = Random(7), [f"web:{number}" for number in range(4)]
    for walk in range(25):
        people = [f"{name}-{walk}" for name in names]
        paid = Counter[str]()
        shares = {name: {name} for name in people}
        for _ in range(14):
            one, other = random.sample(people, 2)
            match random.choice(("pay", "pay", "join", "join", "unlink", "forget")):
                case "pay":
                    if await till.left(Payer(one, "")):
                        await till.pay(1, Payer(one, ""))
                        paid[one] += 1
                case "join":
                    await till.store.redis.delete(f"{ROOT}:tries:{other}")
                    if other not in shares[one]:
                        await join(till, one, other)
                        both = shares[one] | shares[other]
                        shares |= dict.fromkeys(both, both)
                case "unlink" | "forget" as way:
                    purses = till.spend.purses
                    await (purses.unlink(one) if way == "unlink" else purses.forget(one))
                    for name in shares[one] - {one}:
                        shares[name] = shares[one] - {one}
                    shares[one] = {one}
            for name in people:
                used = (await till.spend.summary(Payer(name, ""))).person_day.used_nanos
                assert used >= sum(paid[each] for each in shares[name])
    assert await till.spend.ledger.audit() == []


async def test_a_purse_has_a_few_names_at_most(till: Till) -> None:
    """Linking ends at eight names."""
    for number in range(7):
        await join(till, ANNA.person, f"web:{number}")
    with pytest.raises(BadInput, match="link-many"):
        await join(till, ANNA.person, "web:8")

"""Caps that operators change, and how they write them."""

import pytest

from core.errors import BadInput, OverBudget
from core.money.caps import Override, Word, parse_change, parse_credit
from core.names import parse_label, parse_name, parse_person
from core.spend import Payer
from core.store import Store
from core.words import t
from tests.conftest import MakeSettings
from tests.core.money.till import ANNA, BEN, Till, usd

ROLES = Payer(ANNA.person, ANNA.chat, frozenset({"here:role:5", "here:role:6", ANNA.chat}))


@pytest.fixture
def till(store: Store, make_settings: MakeSettings) -> Till:
    return Till(
        store, make_settings(user_daily_usd=usd(100), chat_daily_usd=usd(500), global_daily_usd=usd(900))
    )


async def change(till: Till, text: str) -> None:
    await till.spend.caps.set(parse_change(text, "here"), "op:1")


async def day_caps(till: Till, payer: Payer) -> tuple[int | None, int | None, int | None]:
    summary = await till.spend.summary(payer)
    return summary.person_day.cap_nanos, summary.chat_day.cap_nanos, summary.all_day.cap_nanos


async def test_overrides_stand_in_for_the_settings(till: Till) -> None:
    """A person, a chat and everybody can have their own caps, "off" included; a reset ends that."""
    await change(till, f"{ANNA.person} daily 0.0000003")
    await change(till, f"{ANNA.chat} daily off")
    await change(till, "everybody daily 0.0000008 monthly 5")
    assert (await till.spend.caps.show())[2] == Override("all", 800, 5 * 10**9)
    assert await day_caps(till, ANNA) == (300, None, 800)
    assert await day_caps(till, BEN) == (100, 500, 800)
    hold = await till.spend.take(ANNA, till.wanted(10_000, 1))
    assert hold.nanos == 300
    await change(till, f"{ANNA.person} reset")
    await till.spend.caps.reset(parse_name(ANNA.chat, "here"), "op:1")
    await till.spend.caps.reset("all", "op:1")
    assert await day_caps(till, ANNA) == (100, 500, 900)
    assert await till.store.redis.exists("{money}:caps") == 0


async def test_the_best_role_wins(till: Till) -> None:
    """Of several roles' caps the highest applies; a single low one restricts. 0 is the lowest."""
    await change(till, "here:role:5 daily 0.00000005")
    assert (await day_caps(till, ROLES))[0] == 50
    await change(till, "here:role:6 daily 0")
    assert (await day_caps(till, ROLES))[0] == 50
    await change(till, "here:role:6 daily 0.0000002 monthly 1")
    assert (await day_caps(till, ROLES))[0] == 200
    await change(till, "here:role:5 daily 0")
    assert (await day_caps(till, ROLES))[0] == 200
    await change(till, f"{ANNA.person} daily 0.0000004")
    assert (await day_caps(till, ROLES))[0] == 400
    await change(till, "here:role:5 daily off")
    assert (await day_caps(till, ROLES))[0] is None
    assert (await till.spend.summary(ROLES)).person_month.cap_nanos == 10**9
    assert (await day_caps(till, ANNA))[0] == 400


async def test_an_override_holds_under_every_linked_name(till: Till) -> None:
    """A person's cap is the same under each of their names."""
    await change(till, f"{ANNA.person} daily 0.0000003")
    await till.spend.purses.link(await till.spend.purses.code(ANNA.person), BEN.person)
    assert (await day_caps(till, BEN))[0] == 300


async def test_changes_are_shown_and_on_record(till: Till) -> None:
    """`show` lists the settings' caps and every override; the trail has the changes."""
    await change(till, f"{ANNA.person} daily 0.5 monthly default")
    shown = {override.name: override for override in await till.spend.caps.show()}
    assert shown["person"].day == 100
    assert shown["all"] == Override("all", 900, 100 * 10**9)
    assert shown["person:here:1"] == Override("person:here:1", 500_000_000, Word.DEFAULT)
    assert [name for name, override in shown.items() if override.changed] == ["person:here:1"]
    (line,) = await till.spend.trail.read()
    assert (line.by, line.what, line.who, line.value) == ("op:1", "cap", "person:here:1", "500000000 -")


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("here:1", "person:here:1"),
        ("here:user:1", "person:here:1"),
        ("user:1", "person:here:1"),
        ("here:role:2", "role:here:role:2"),
        ("guild:3", "chat:here:guild:3"),
        ("telegram:chat:-100", "chat:telegram:chat:-100"),
        ("ALL", "all"),
        ("Here:1", "person:here:1"),
        ("Here:User:Anna", "person:here:Anna"),
        ("here:channel:9", "chat:here:channel:9"),
        ("person:here:1", "person:here:1"),
        ("Chat:here:guild:3", "chat:here:guild:3"),
        ("role:here:role:2", "role:here:role:2"),
        ("role:2", "role:here:role:2"),
    ],
)
def test_names_are_those_of_the_lists(text: str, name: str) -> None:
    """People, roles and chats have the names of ALLOW and DENY; the platform may be omitted."""
    assert parse_name(text, "here") == name


@pytest.mark.parametrize(
    ("text", "key"),
    [
        ("here:1 daily", "cap-change-whole"),
        ("here:1", "cap-change-whole"),
        ("here:1 weekly 5", "cap-change-whole"),
        ("here:1 daily 5 daily 6", "cap-change-whole"),
        ("here:1 daily 5 monthly", "cap-change-whole"),
        ("here:1 daily -1", "cap-amount"),
        ("here:1 daily nan", "cap-amount"),
        ("here:1 daily 1,500", "cap-amount"),
        ("here:1 daily 10e30", "cap-amount"),
        ("here:1 daily 1e3", "cap-amount"),
        ("here:1 daily 1E-3", "cap-amount"),
        ("here:1 daily 0.0000000001", "cap-amount"),
        ("nobody daily 5", "cap-name-whole"),
        ("a:b:c:d daily 5", "cap-name-whole"),
        ("chat:here:1 daily 5", "cap-name-whole"),
        ("person:person daily 5", "cap-name-whole"),
        (":1 daily 5", "cap-name-whole"),
        ("user:1 daily 5", "cap-name-whole"),
        ("guild:3 reset", "cap-name-whole"),
        ("dicsord:1 daily 5", "cap-name-whole"),
        ("Channel:9 daily 5", "cap-name-whole"),
        ("here:server:3 daily 5", "cap-name-whole"),
        ("telegram:@bob daily 5", "cap-name-whole"),
        ("discord:role:<@&5> daily 5", "cap-name-whole"),
        ("discord:5, daily 5", "cap-name-whole"),
        ("", "cap-change-whole"),
    ],
)
def test_bad_changes_are_refused(text: str, key: str) -> None:
    """Negative, infinite, huge, misspelt or incomplete changes change nothing, and the error says why."""
    with pytest.raises(BadInput) as refusal:
        parse_change(text)
    assert refusal.value.message_key == key


def test_a_comma_is_of_cents_or_refused() -> None:
    """Many languages write 0,50 for half a dollar. What could be a thousand is refused, with a comma or a
    point."""
    assert parse_change("here:1 daily 0,50 monthly $5,5", "here") == Override(
        "person:here:1", 500_000_000, 5_500_000_000
    )
    assert parse_change("here:1 daily 0.125 monthly 1.5000", "here") == Override(
        "person:here:1", 125_000_000, 1_500_000_000
    )
    for text in ("1,000", "1,", ",5", "1,5,5", "1.500,00"):
        with pytest.raises(BadInput, match=r"cap-amount\b(?!-)"):
            parse_change(f"here:1 daily {text}", "here")


def test_who_may_mean_thousands_is_asked_which() -> None:
    """The refusal has both notations, and either is accepted."""
    with pytest.raises(BadInput, match="cap-amount-unclear") as refusal:
        parse_credit("$20.125")
    assert (
        t("en", refusal.value.message_key, **refusal.value.data)
        == "“$20.125” could be two amounts. Write 20.1250 or 20125."
    )
    assert (parse_credit("20.1250"), parse_credit("20125")) == (20_125_000_000, 20_125 * 10**9)


def test_a_channel_of_many_has_no_cap() -> None:
    """Its server has one: a channel is refused with that explanation, instead of setting a cap without
    effect."""
    for text in ("channel:9 daily 0", "channel:9 reset"):
        with pytest.raises(BadInput, match="cap-channel"):
            parse_change(text, "here")
    with pytest.raises(BadInput, match=r"cap-change\b(?!-)"):
        parse_change("here:1 weekly 5", "here")
    with pytest.raises(BadInput, match=r"cap-name\b(?!-)"):
        parse_change("nobody daily 5", "here")


def test_credit_is_for_people() -> None:
    """People are written as in the lists; roles and chats have no purse. What is given is an amount."""
    assert parse_person("user:1", "here") == parse_person("here:user:1", "here") == "here:1"
    for other, platform in (("role:1", "here"), ("guild:1", "here"), ("all", ""), ("1", ""), ("user:1", "")):
        with pytest.raises(BadInput, match="cap-person"):
            parse_person(other, platform)
    for amount in ("0", "off", "default"):
        with pytest.raises(BadInput, match="cap-amount"):
            parse_credit(amount)


@pytest.mark.parametrize("name", ["telegram:-100", "web:a_B-9", "terminal:李雷", "terminal:j.doe"])
def test_people_of_every_platform_have_purses(name: str) -> None:
    """Also anonymous admins of groups, web sessions, and logins in any script."""
    assert parse_person(name) == name


@pytest.mark.parametrize(
    "name", ["user:@bob", "telegram:@bob", "telegram:bob smith", "user:bob", "discord:<@5>", "discord:5,"]
)
def test_an_invalid_id_has_no_purse(name: str) -> None:
    """Credit for it would never be used."""
    with pytest.raises(BadInput, match="cap-person"):
        parse_person(name, "telegram")


def test_nobody_is_on_no_list() -> None:
    """A slip would deny nobody."""
    slips = ("telegram:bob", "user:bob", "discord:user:bob", "discord:gild:5", "telegran:5")
    for name in (*slips, "a b", "a::b", "a:b:c:d", "@ann", "ann", "<@5>", ":5", "5" * 101):
        with pytest.raises(BadInput, match="cap-name"):
            parse_label(name, "telegram")


@pytest.mark.parametrize("period", ["daily", "monthly"])
async def test_a_chats_cap_of_nothing_is_for_chats(
    store: Store, make_settings: MakeSettings, period: str
) -> None:
    """A cap of 0 for chats does not refuse questions outside of chats; within, it refuses what is free, too."""
    till = Till(store, make_settings(**{f"chat_{period}_usd": "0"}))
    assert (await till.pay(10, Payer("web:3", ""))).spent_nanos == 10
    with pytest.raises(OverBudget):
        await till.take(0)

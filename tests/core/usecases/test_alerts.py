"""Admins are told in private about problems that only they can fix."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any
from unittest.mock import AsyncMock

import pytest
from redis import Redis

from core.app import Core
from core.errors import BadKey, DeliveryError, Gone, Refused
from core.money import ledger
from core.spend import Payer, Spent, Wanted
from tests.conftest import run_valkey
from tests.core.conftest import Clock
from tests.core.usecases.conftest import Opened, Place, typed
from tests.recording import RecordingReply
from tests.waiting import until

BOSS, CHIEF, ELSEWHERE = "test:admin", "test:chief", "other:1"
ADMINS = (BOSS, CHIEF, ELSEWHERE)
HELD = 200_000_000


class Mail:
    """The private chats of a platform, by the address they were opened with."""

    def __init__(self) -> None:
        self.chats: dict[str, RecordingReply] = {}
        self.shut: set[str] = set()
        self.away: set[str] = set()

    async def reopen(self, address: str) -> RecordingReply:
        if address in self.shut:
            raise Gone
        if address in self.away:
            raise DeliveryError
        return self.chats.setdefault(address, RecordingReply())

    def notes(self, admin: str) -> list[str]:
        return [answer.note for answer in self.chats[admin].shown] if admin in self.chats else []


@asynccontextmanager
async def serving(core: Core, platform: str = "test") -> AsyncIterator[Mail]:
    mail = Mail()
    core.reopens[platform] = mail.reopen
    try:
        yield mail
    finally:
        del core.reopens[platform]


@pytest.fixture
def durable(empty_valkey: str) -> Any:
    """The session's store, keeping what it is told for the length of a test."""
    with Redis.from_url(empty_valkey) as redis:
        redis.config_set("appendonly", "yes")
        yield
        redis.config_set("appendonly", "no")


async def ask(core: Core, place: Place, text: str) -> None:
    await core.run(place.turn("ask", text), RecordingReply())


async def spend(core: Core, place: Place, nanos: int, request: str) -> None:
    await core.spend.take(Payer(place.person, ""), Wanted(request, "ask", "gpt-4o-mini", nanos, nanos))
    await core.spend.settle(request, Spent(nanos))


@pytest.mark.usefixtures("durable")
async def test_a_refused_key_is_told_to_every_admin_once(opened: Opened, place: Place, clock: Clock) -> None:
    """Each admin on this platform is told once in ten minutes, in their language, however many people and
    processes meet the refused key; admins elsewhere are told by another process."""
    async with opened(clock=clock, admins=ADMINS) as core, serving(core) as mail:
        await core.memory.chosen.prefer(CHIEF, "language", "de")
        for number in range(3):
            await ask(core, place, f"fault:401 {number}")
        await core.alerts.tick()
        assert mail.notes(BOSS) == [
            "MiniToolAI refuses the key (HTTP 401 invalid_api_key). Nobody gets answers until"
            " MINITOOLAI_API_KEY is right."
        ]
        assert mail.notes(CHIEF)[0].startswith("MiniToolAI lehnt den Schlüssel ab")
        clock.now += 599
        await ask(core, place, "fault:401")
        await core.alerts.tick()
        assert len(mail.notes(BOSS)) == 1
        async with opened(clock=clock, admins=ADMINS) as other, serving(other, "other") as there:
            await ask(other, place, "fault:401")
            await other.alerts.tick()
            await other.alerts.tick()
            await core.alerts.tick()
            assert [len(there.notes(ELSEWHERE)), len(mail.notes(BOSS))] == [1, 1]
            assert set(there.chats) == {ELSEWHERE}


@pytest.mark.usefixtures("durable")
async def test_who_chose_no_language_hears_it_in_the_shells(
    opened: Opened, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The process's LANG is used, unless the admin chose a language."""
    monkeypatch.setenv("LC_ALL", "de_DE.UTF-8")
    async with opened(admins=ADMINS) as core, serving(core) as mail:
        await core.memory.chosen.prefer(CHIEF, "language", "fr")
        await ask(core, place, "fault:401")
        await core.alerts.tick()
        assert mail.notes(BOSS)[0].startswith("MiniToolAI lehnt den Schlüssel ab")
        assert mail.notes(CHIEF)[0].startswith("MiniToolAI refuse la clé")


@pytest.mark.usefixtures("durable")
async def test_what_reached_nobody_is_told_again(opened: Opened, place: Place) -> None:
    """If the chats of all admins are away for a moment, they are told once when those are back; an admin whose
    chat is closed for good holds up nobody."""
    async with opened(admins=(BOSS, CHIEF)) as core, serving(core) as mail:
        mail.away |= {BOSS, CHIEF}
        await ask(core, place, "fault:401")
        await core.alerts.tick()
        assert await core.store.redis.ttl("{alerts}:to:test") > 0  # or it would be told after years
        mail.away.clear()
        mail.shut.add(CHIEF)
        for _ in range(2):
            await core.alerts.tick()
        assert len(mail.notes(BOSS)) == 1
        assert mail.notes(CHIEF) == []


@pytest.mark.usefixtures("durable")
@pytest.mark.parametrize(
    ("command", "fault", "words"),
    [
        ("ask", "402", "balance"),
        ("ask", "401", "key"),
        ("ask", "error:insufficient_quota", "balance"),
        ("imagine", "402", "balance"),
        ("imagine", "401", "key"),
    ],
)
async def test_an_empty_account_is_told_apart_from_a_wrong_key(
    opened: Opened, place: Place, command: str, fault: str, words: str
) -> None:
    """For questions and pictures, a used-up balance is not reported as a wrong key."""
    async with opened(admins=ADMINS) as core, serving(core) as mail:
        await core.run(place.turn(command, f"fault:{fault} hi"), RecordingReply())
        await core.alerts.tick()
        assert [words in note for note in mail.notes(BOSS)] == [True]


@pytest.mark.usefixtures("durable")
@pytest.mark.parametrize(
    ("command", "fault", "model"),
    [
        ("ask", "404", "gpt-4o-mini"),
        ("ask", "error:model_not_found", "gpt-4o-mini"),
        ("imagine", "404", "realvision"),
    ],
)
async def test_a_model_that_there_is_no_more(
    opened: Opened, place: Place, clock: Clock, command: str, fault: str, model: str
) -> None:
    """For questions and pictures, the person is told to choose another model, and each admin once in six hours
    which one is gone."""
    async with opened(clock=clock, admins=ADMINS) as core, serving(core) as mail:
        for _ in range(2):
            reply = RecordingReply(address="")
            await core.run(place.turn(command, f"fault:{fault} hi"), reply)
            assert reply.last.note.startswith("This model is not available.")
            await core.alerts.tick()
            clock.now += 3600
        (note,) = mail.notes(BOSS)
        assert note.startswith(f"MiniToolAI has no model {model} (")


@pytest.mark.usefixtures("durable")
async def test_a_cap_of_everybody_that_is_only_held(opened: Opened, place: Place, clock: Clock) -> None:
    """While requests under way hold it, people are asked to try again soon, and no admin is told."""
    async with opened(clock=clock, admins=ADMINS, global_daily_usd="0.2") as core, serving(core) as mail:
        async with core.spend.hold(Payer("test:ben", ""), Wanted("x", "ask", "gpt-4o-mini", HELD, HELD)):
            refused = await typed(core, place, "ask", "Hi")
            assert "set aside for what is under way" in refused.last.note
            assert "resets" not in refused.last.note
        await core.alerts.tick()
        assert mail.notes(BOSS) == []


@pytest.mark.usefixtures("durable")
async def test_a_cap_of_everybody_that_is_near(opened: Opened, place: Place, clock: Clock) -> None:
    """Admins are told at 90 % of a cap for everybody, and again when it is used up, once for each cap."""
    caps = {"global_daily_usd": "1", "user_daily_usd": "off", "user_monthly_usd": "off"}
    async with opened(clock=clock, admins=ADMINS, **caps) as core, serving(core) as mail:
        await spend(core, place, 899_000_000, "a")
        await core.alerts.tick()
        assert mail.notes(BOSS) == []
        await spend(core, place, 101_000_000, "b")
        clock.now += 61
        await core.alerts.tick()
        clock.now += 61
        await core.alerts.tick()
        assert mail.notes(BOSS) == [
            "100% of everybody's budget for today ($1.00) is used. Raise it with /admin caps all daily AMOUNT,"
            " or people will soon be refused."
        ]
        quiet = f"{{alerts}}:quiet:cap-near:day:{10**9}"
        assert 0 < await core.store.redis.ttl(quiet) <= 86_400  # tomorrow it may be near again
        await ask(core, place, "Hi")
        await core.alerts.tick()
        assert mail.notes(BOSS)[1].startswith("Everybody's budget for today is used up")
        await core.run(Place(BOSS).turn("admin caps", "all daily 1.1"), RecordingReply())
        clock.now += 61
        await core.alerts.tick()
        assert "today ($1.10)" in mail.notes(BOSS)[2]


@pytest.mark.usefixtures("durable")
async def test_a_request_that_cost_more_than_was_held(opened: Opened, place: Place, clock: Clock) -> None:
    """The caps did not hold: admins are told the request, once in a while, not for each."""
    async with opened(clock=clock, admins=ADMINS) as core, serving(core) as mail:
        for request in ("a", "b"):
            await core.spend.take(
                Payer(place.person, ""), Wanted(request, "ask", "gpt-4o-mini", 700_000, 700_000)
            )
            await core.spend.settle(request, Spent(210_000_000))
        await core.alerts.tick()
        (note,) = mail.notes(BOSS)
        assert note.startswith("Request a cost $0.21, more than the $0.0007 held for it.")


async def test_a_store_that_would_forget(opened: Opened, clock: Clock) -> None:
    """A store that is not durable, evicts, or cannot write is reported once a day."""
    async with opened(clock=clock, admins=ADMINS) as core, serving(core) as mail:
        await core.alerts.tick()
        clock.now += 61
        await core.alerts.tick()
        (note,) = mail.notes(BOSS)
        assert "appendonly" in note


@pytest.mark.usefixtures("durable")
async def test_a_clock_that_is_set_back_silences_nobody(
    opened: Opened, empty_valkey: str, clock: Clock
) -> None:
    """After a clock is set back by a day, checks of each minute are made, and an alert whose quiet time is over
    is sent again."""
    async with opened(clock=clock, admins=ADMINS) as core, serving(core) as mail:
        core.alerts.notice(BadKey(cause="HTTP 401"))
        await core.alerts.tick()
        clock.now -= 86_400
        with Redis.from_url(empty_valkey) as redis:
            redis.config_set("appendonly", "no")
        await core.store.redis.delete("{alerts}:quiet:key-refused:")  # which goes by the store's clock
        core.alerts.notice(BadKey(cause="HTTP 401"))
        await core.alerts.tick()
        assert ["key" in note for note in mail.notes(BOSS)] == [True, True, False]
        assert "appendonly" in mail.notes(BOSS)[2]


async def test_a_store_that_is_nearly_full(opened: Opened, clock: Clock) -> None:
    """It is reported although the store was reported as not durable lately."""
    with run_valkey("--port", "0") as home, Redis(unix_socket_path=f"{home}/socket") as redis:
        url = f"unix://{home}/socket"
        async with opened(clock=clock, redis_url=url, admins=ADMINS) as core, serving(core) as mail:
            await core.alerts.tick()
            redis.config_set("maxmemory", int(redis.info("memory")["used_memory"] / 0.95))
            clock.now += 61
            await core.alerts.tick()
            assert "appendonly" in mail.notes(BOSS)[0]
            assert mail.notes(BOSS)[1].startswith("The store is nearly full")


@pytest.mark.usefixtures("durable")
async def test_books_that_do_not_balance(opened: Opened, place: Place, clock: Clock) -> None:
    """The ledger is audited once a day, by one process; a wrong total is reported."""
    async with opened(clock=clock, admins=ADMINS) as core, serving(core) as mail:
        await core.alerts.tick()
        assert mail.notes(BOSS) == []
        await spend(core, place, 1000, "a")
        await core.store.redis.hincrby("{money}:a:all", "t", 1)
        clock.now += 61
        await core.alerts.tick()
        assert mail.notes(BOSS) == []
        await core.store.redis.delete("{alerts}:audited")  # a day later
        clock.now += 61
        await core.alerts.tick()
        assert mail.notes(BOSS) == ["One total does not match the ledger. To see which: minitool-bots audit"]
        assert await core.store.redis.ttl("{alerts}:audited") > 86_000


@pytest.mark.usefixtures("durable")
async def test_books_that_were_trimmed_meanwhile(
    opened: Opened, clock: Clock, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An audit that was overtaken is not reported; it is repeated within hours, not a day later."""
    async with opened(clock=clock, admins=ADMINS) as core, serving(core) as mail:
        monkeypatch.setattr(ledger, "audit", AsyncMock(side_effect=Refused("audit-trimmed")))
        await core.alerts.tick()
        assert mail.notes(BOSS) == []
        assert await core.store.redis.ttl("{alerts}:audited") <= 3600


async def test_a_store_that_is_away_is_told_without_it(opened: Opened, place: Place) -> None:
    """Admins are told that the store is away, without using it and also while nobody asks; once, when somebody
    does. One who cannot be reached does not affect the others."""
    with run_valkey("--port", "0", "--appendonly", "yes") as home:
        url = f"unix://{home}/socket"
        async with opened(redis_url=url, admins=ADMINS) as core, serving(core) as mail:
            mail.shut.add(BOSS)
            await core.alerts.tick()
            with Redis(unix_socket_path=f"{home}/socket") as redis:
                redis.shutdown(nosave=True)
            await core.alerts.tick()
            (told,) = mail.notes(CHIEF)
            assert "store does not answer" in told
            await ask(core, place, "Hi")
            await core.alerts.tick()
            assert mail.notes(CHIEF) == [told]


@pytest.mark.usefixtures("durable")
async def test_the_service_does_it_by_itself(
    opened: Opened, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A running service sends alerts by itself, and each of their keys has a TTL."""
    import asyncio

    monkeypatch.setattr("core.periodic.EVERY_S", 0.02)
    stop = asyncio.Event()
    async with opened(admins=ADMINS) as core, serving(core) as mail:
        watching = asyncio.create_task(core.maintain(stop))
        await ask(core, place, "fault:401 hi")
        await until(lambda: mail.notes(BOSS) and mail.notes(CHIEF))
        stop.set()
        await watching
        names = await core.store.redis.keys("{alerts}:*")
        assert names
        assert [name for name in names if await core.store.redis.ttl(name) < 0] == []

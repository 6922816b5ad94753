"""Checks what money and answers depend on: the store, and the model's side with its key."""

import time
from collections.abc import AsyncIterator
from dataclasses import asdict
from uuid import uuid4

import aiohttp

from bots.findings import Finding, Findings, Skew, ask, declined, fail, ok, skip, warn
from bots.terminal.verbs import person
from core.errors import BadKey, BotError, CannotStart, Rejected, StoreError
from core.jobs import check_queue, count_workers
from core.opening import open_core
from core.reseal import sample
from core.seal import Seal
from core.sentences import sentence
from core.settings import BadSettings, Settings
from core.spend import Payer
from core.store import Durability, Store, open_store
from core.words import money

_SLOW_S = 0.05  # a round trip; each answer makes about a dozen


async def examine_store(settings: Settings, served: dict[str, bool]) -> Findings:
    """Joins the store, or starts the embedded one for a moment. Notes in `served` whether a `run` on the same
    store serves a platform whose own examination would be in the way; a store that takes no writes does not
    tell."""
    try:
        async with open_store(settings) as store:
            async for found in _look(store):
                yield found
                if isinstance(found, Finding) and found.level == "fail":
                    return  # the rest would have to write
            sealed = await sample(store, Seal(settings.content_key.get_secret_value()))
            if sealed.unreadable:
                yield fail("store", "store-sealed", **asdict(sealed))
            try:
                await check_queue(store)
            except StoreError as error:
                yield fail("store", "store-queue", problem=error.cause)
            else:
                served["telegram"] = await count_workers(store, "telegram") > 0
    except BadSettings as error:
        yield fail("store", "store-setting", problem="; ".join(error.problems))
    except StoreError as error:
        where = "DATA_DIR" if settings.has_own_store else "REDIS_URL"
        yield fail("store", "store-away", setting=where, problem=error.cause)


async def _look(store: Store) -> Findings:
    trip_s = min([await store.ping() for _ in range(3)])
    facts = await store.durability()
    level, key = (warn, "store-slow") if trip_s > _SLOW_S else (ok, "store")
    yield level("store", key, ms=round(trip_s * 1000, 1), version=facts.version if facts else "?")
    yield Skew("store", await _skew(store))
    if facts is None:
        yield warn("store", "store-untold")
    else:
        for finding in durability_findings(facts):
            yield finding


async def _skew(store: Store) -> float:
    before = time.time()
    theirs = await store.time()
    return (before + time.time()) / 2 - theirs


def durability_findings(facts: Durability) -> list[Finding]:
    found = []
    if not facts.writes:
        found.append(fail("store", "store-cannot-write"))
    if not facts.appendonly:
        found.append(warn("store", "store-forgets"))
    if facts.evicts:
        found.append(warn("store", "store-evicts", policy=facts.policy))
    if facts.full >= 1 and not facts.evicts:
        found.append(fail("store", "store-is-full", percent=round(facts.full * 100)))
    elif facts.is_nearly_full:
        found.append(warn("store", "store-full", percent=round(facts.full * 100)))
    return found or [ok("store", "store-durable")]


async def examine_api(settings: Settings, *, spend: bool) -> Findings:
    """Whether the model's side is reached: costs nothing, shows no key. With `spend` one paid call."""
    if settings.is_simulated:
        has_key = bool(settings.minitoolai_api_key)
        yield warn("api", "api-simulated-though" if has_key else "api-simulated")
        return
    async with aiohttp.ClientSession() as session:
        response = await ask(session, settings.minitoolai_base_url)
    if response.skew_s is not None:
        yield Skew("api", response.skew_s)
    if not response.status or response.status >= 500:
        yield declined("api", "MiniToolAI", "MINITOOLAI_BASE_URL", response)
        return
    yield ok("api", "api-reached", ms=round(response.took_s * 1000))
    if spend:
        async for finding in _pay(settings):
            yield finding
    else:
        yield skip("api", "api-not-tried")


async def _pay(settings: Settings) -> AsyncIterator[Finding]:
    """Makes the cheapest possible call, paid by the person at the terminal under the same caps as everybody."""
    who = person()
    try:
        async with open_core(settings) as core:
            model = min(core.catalogue.chat.values(), key=lambda one: one.input_nanos + one.output_nanos)
            request = f"terminal:{uuid4().hex}"
            spent = await core.answering.probe(Payer(who.id, ""), request, model)
    except CannotStart as error:
        yield fail("api", "api-no-start", problem=" ".join(str(error).split("\n")))
    except BadKey as error:
        yield fail("api", "api-balance" if error.is_balance else "api-key", cause=error.cause)
    except Rejected as error:
        if error.message_key == "no-model":
            yield fail("api", "api-no-model", model=model.name, cause=error.cause)
        else:
            yield fail("api", "api-refused", cause=error.cause)
    except BotError as error:
        yield fail("api", "api-failed", sentence=sentence(error, who.locale, settings), cause=error.cause)
    else:
        yield ok("api", "api-answers", model=model.name, cost=money(spent.nanos, who.locale))

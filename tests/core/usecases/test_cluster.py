"""The whole bot on a Valkey cluster of three nodes."""

from collections.abc import AsyncIterator

import pytest
import structlog

from core.answer import Phase
from core.app import Core
from core.commands import BY_NAME
from core.store import open_store
from tests.conftest import MakeSettings
from tests.core.attachments.made_pictures import drawing, encoded
from tests.core.usecases.conftest import Opened, Place, posted
from tests.recording import RecordingReply


@pytest.fixture
async def core(cluster: str, opened: Opened, make_settings: MakeSettings) -> AsyncIterator[Core]:
    async with open_store(make_settings(redis_url=cluster)) as store:
        await store.redis.flushall(target_nodes="all")
    async with opened(redis_url=cluster, admins=("test:ann",)) as made:
        yield made


async def test_orders_run_on_a_cluster(core: Core, place: Place) -> None:
    """The queue, the records and the money work on a cluster as on one server."""
    reply = RecordingReply(address="test:1:2")

    async def reopen(address: str) -> RecordingReply:
        return reply

    async with core.serving("test", reopen):
        await core.run(place.turn("imagine", "a fox", {"size": "small"}), reply)
        await reply.until(lambda answer: bool(answer.pictures))
    assert await core.orders.overdue() == []
    assert await core.spend.ledger.audit() == []
    assert (await core.erasure.forget(place.person)).orders == 1


async def test_every_verb_runs_on_a_cluster(core: Core, place: Place) -> None:
    """Every command and button gets an answer on a cluster, if only a refusal."""
    texts = {"ask": "What is this?", "admin caps": "user:bob daily 0.5", "admin grant": "test:bob 1"}
    asked = RecordingReply()
    with structlog.testing.capture_logs() as logs:
        await core.run(place.turn("ask", "What?", attachments=(posted(encoded(drawing(), "PNG")),)), asked)
        for command in BY_NAME:
            reply = RecordingReply(address="")
            args = {"ref": asked.last.ref, "prompt": "a fox", "size": "small"}
            await core.run(place.turn(command, texts.get(command, ""), args), reply)
            assert reply.last.phase.is_final, command
        await core.repair.tick()
    assert asked.last.phase is Phase.DONE
    assert [line for line in logs if line["log_level"] == "critical"] == []


async def test_parts_meet_on_a_cluster(core: Core, place: Place) -> None:
    """A question waits for its parts, and later messages for the question."""
    turn = place.turn("ask", "What is this?")
    assert await core.bursts.lead(turn) is not None
    await core.bursts.begun(turn)
    await core.bursts.passed(turn.room, turn.person.id)

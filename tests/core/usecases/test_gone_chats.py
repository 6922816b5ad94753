"""A picture whose chat is gone comes in the private chat with its person."""

import pytest

from core.app import Core
from core.errors import DeliveryError
from core.orders.order import Told, picture_key
from tests.core.usecases.conftest import PRICE, Place, booked
from tests.core.usecases.test_delivery import NEVER, give, painted, refused
from tests.recording import RecordingReply


@pytest.mark.parametrize(
    ("facts", "is_closed", "arrives"),
    [({}, False, True), ({}, True, False), ({"adult": True}, False, False), ({"private": True}, False, False)],
)
async def test_where_the_chat_is_gone_the_person_gets_the_picture_in_private(
    core: Core, place: Place, facts: dict[str, bool], is_closed: bool, arrives: bool
) -> None:
    """A picture for adults stays away from a private chat. Where that chat is gone, too, the picture waits."""
    in_private, addresses = RecordingReply(address="test:private", deleted=is_closed), list[str]()

    async def reopen(address: str) -> RecordingReply:
        addresses.append(address)
        return in_private

    core.reopens["test"] = reopen
    turn = place.turn("imagine", "a lost fox", {"size": "small"}, **facts)
    await core.run(turn, RecordingReply(address="", deleted=True))
    assert addresses == ([place.person] if not facts else [])
    assert [len(answer.pictures) for answer in in_private.shown] == [1] * arrives
    (order,) = await core.orders.of(place.person)
    assert order.told is (Told.YES if arrives else Told.ASIDE)
    assert (await core.store.redis.ttl(picture_key(order.ref, 0)) <= 86_400) is arrives  # once more, as a file
    assert await booked(core, place) == PRICE


async def test_a_private_chat_that_cannot_be_reached_is_tried_again(core: Core, place: Place) -> None:
    """The platform may be away just then."""
    group, in_private = RecordingReply(address="test:1:2"), RecordingReply(address="test:private")
    core.reopens["test"] = give(group)
    order = await painted(core, place, group)
    group.deleted, refusals = True, [DeliveryError(cause="away")]

    async def reopen(address: str) -> RecordingReply:
        if address != place.person:
            return group
        if refusals:
            raise refusals.pop()
        return in_private

    core.reopens["test"] = reopen
    assert await refused(core, order) > 0
    assert not in_private.shown
    await core.fulfil.drive(order.ref, NEVER)
    assert [picture.alt for picture in in_private.last.pictures] == ["a fox"]

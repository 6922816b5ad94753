"""From prompt to picture: paid once and delivered once, whatever happens in between."""

import asyncio
import re
from dataclasses import replace
from pathlib import Path

import pytest
from redis import Redis
from structlog.testing import capture_logs

from core.answer import Phase, Surface
from core.app import Core
from core.errors import StoreError
from core.minitool.simulated import Simulated
from core.orders.order import State
from core.turn import Person
from core.words import t
from tests.core.usecases.conftest import PRICE, Opened, Place, booked
from tests.recording import RecordingReply
from tests.waiting import PATIENCE_S, until


async def ordered(core: Core, place: Place, text: str, **args: object) -> RecordingReply:
    reply = RecordingReply(address="")
    await core.run(place.turn("imagine", text, args), reply)
    return reply


async def test_a_picture_arrives(core: Core, place: Place) -> None:
    """An order ends in a picture of the requested size, with its price and buttons below."""
    reply = await ordered(core, place, "a red fox", size="small")
    picture = reply.last.pictures[0]
    assert picture.data.startswith(b"\x89PNG")
    assert picture.alt == "a red fox"
    assert re.fullmatch(r"a-red-fox-[\w-]{6}-1\.png", picture.name)
    assert "$0.0015" in reply.last.footer
    assert {"again", "vary", "details"} <= {action.command for action in reply.last.actions}
    assert await booked(core, place) == PRICE
    assert await core.fulfil._deps.line.counts() == (0, 0)  # others need not wait for a lease


async def test_a_form_is_refused_before_it_opens(place: Place, opened: Opened, empty_valkey: str) -> None:
    """A button that asks for a text checks access at its press: strangers, and people denied here, are refused.
    Others may vary the order. If the store does not answer in time, an empty form opens, and its result is
    checked."""
    async with opened(deny="test:user:denied") as core:
        ref = (await ordered(core, place, "a fox", size="small")).last.ref
        press = place.turn("vary", args={"ref": ref})

        async def prefill(person: str, **more: bool) -> str | None:
            return await core.prefill(replace(press, person=Person(person, "", **more)))

        assert await prefill(place.person) == "a fox"
        assert await prefill("test:mod", is_moderator=True) == "a fox"
        assert await prefill("test:bob") is None
        assert await core.prefill(replace(press, args={"ref": "long-gone"})) is None
        assert await core.prefill(replace(press, labels=frozenset({"test:user:denied"}))) is None
        with Redis.from_url(empty_valkey) as redis:
            redis.client_pause(900)
            async with asyncio.timeout(2):
                assert await prefill("test:bob") == ""


async def test_moderators_act_in_their_own_chat(core: Core, place: Place) -> None:
    """A chat's moderator can do nothing with another chat's picture, even with its reference."""
    ref = (await ordered(core, place, "a fox", size="small")).last.ref
    root, not_theirs = Person("test:root", "Root", is_moderator=True), "Only the person who asked can do that."
    for command in ("again", "vary", "shape", "file", "cancel", "delete"):
        for chat, is_refused in (("test:chat:2", True), ("test:chat:1", False)):
            reply = RecordingReply(address="")
            press = replace(place.turn(command, args={"ref": ref}, chat=chat), person=root)
            await core.run(press, reply)
            assert (reply.last.note == not_theirs) is is_refused


async def test_a_shape_has_its_price(core: Core, place: Place) -> None:
    """One tap orders and pays: the button has the price of all pictures of the order."""
    ref = (await ordered(core, place, "a fox", size="small", count=2)).last.ref
    reply = RecordingReply(address="")
    await core.run(place.turn("shape", args={"ref": ref}), reply)
    assert reply.last.note == "Which shape? It costs $0.003."
    assert [one.value for one in reply.last.choices if one.chosen] == ["small"]


async def test_parameters_reach_the_api(core: Core, place: Place, simulated: Simulated) -> None:
    """All documented parameters are sent, from options or from flags in the text."""
    await ordered(core, place, 'a fox --steps 6 --cfg 3,5 --negative "two tails"', width=512, height=768)
    body = simulated.record.calls[0].body
    assert body == {
        "model": "realvision",
        "prompt": "a fox",
        "negativePrompt": "two tails",
        "scheduler": "DPM++ SDE",
        "steps": 6,
        "cfgScale": 3.5,
        "width": 512,
        "height": 768,
    }


@pytest.mark.parametrize(
    ("typed", "prompt", "negative", "spoiler"),
    [
        ("a fox —steps 6 –size small", "a fox", "", False),
        ("a fox --steps 6 --size small --negative “two tails” --spoiler", "a fox", "two tails", True),
        ("--spoiler a fox --steps 6 --size small", "a fox", "", True),
        ("a fox --steps 6 --size small --spoiler no", "a fox", "", False),
        ("a fox --steps 6 --size 512x768", "a fox", "", False),
        ("a fox --size 512×768 --steps 6", "a fox", "", False),
    ],
)
async def test_flags_are_read_as_they_are_typed(
    core: Core, place: Place, simulated: Simulated, typed: str, prompt: str, negative: str, spoiler: bool
) -> None:
    """Phones turn two hyphens into a dash and curl quotes; a flag without a value takes no word of the
    prompt."""
    reply = await ordered(core, place, typed)
    body = simulated.record.calls[0].body
    found = (body["prompt"], body["negativePrompt"] or "", body["steps"], body["width"])
    assert found == (prompt, negative, 6, 512)
    assert reply.last.pictures[0].spoiler is spoiler


async def test_a_size_that_is_not_possible_is_named_as_it_was_typed(core: Core, place: Place) -> None:
    """The refusal does not speak of a width."""
    reply = await ordered(core, place, "a fox --size 9x9")
    assert reply.last.note == "“9x9” is not possible: each side must have 256 to 1344 pixels."


async def test_an_invisible_prompt_is_refused(core: Core, place: Place) -> None:
    """It is neither painted nor paid."""
    reply = await ordered(core, place, "\u200b\u2063")
    assert reply.last.note == t("en", "empty-prompt")
    assert await booked(core, place) == 0


@pytest.mark.parametrize(
    ("args", "sides"),
    [
        ({"size": "wide", "width": 512}, (512, 768)),
        ({"size": "512x768", "height": 1024}, (512, 1024)),
        ({"size": "tall"}, (768, 1344)),
    ],
)
async def test_a_side_comes_before_a_size(
    core: Core, place: Place, simulated: Simulated, args: dict[str, object], sides: tuple[int, int]
) -> None:
    """A size fills in only the sides that are not given."""
    await ordered(core, place, "a fox", **args)
    body = simulated.record.calls[0].body
    assert (body["width"], body["height"]) == sides


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ({"width": 2000}, "between 256 and 1344"),
        ({"steps": 9}, "between 1 and 8"),
        ({"cfg": 0.5}, "between 1 and 7"),
        ({"model": "nope"}, "no model"),
        ({"scheduler": "nope"}, "not an option"),
        ({"steps": 2.5}, "must be a whole number"),
        ({"width": "1,024"}, "must be a whole number"),
        ({"model": "autismmix"}, "age-restricted"),
        ({"negative": "x" * 2001}, "negative is too long"),
    ],
)
async def test_bad_orders_cost_nothing(
    core: Core, place: Place, simulated: Simulated, args: dict[str, object], words: str
) -> None:
    """An invalid order is refused in one sentence; nothing is sent."""
    reply = await ordered(core, place, "a fox", **args)
    assert reply.last.phase is Phase.FAILED
    assert words in reply.last.note
    too_long = await ordered(core, place, "x" * 2001)
    assert too_long.last.note == "The description is too long; at most 2,000 characters."
    assert simulated.record.counts["submit"] == 0


async def test_paint_can_be_pressed_again_after_an_outage(
    core: Core, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Paint pressed while the store is away leaves the panel unchanged for later."""

    async def away(order: object) -> None:
        raise StoreError(cause="away")

    panel = RecordingReply(surface=Surface(buttons=True, pictures=True, picks_options=True))
    await core.run(place.turn("imagine", "a fox"), panel)
    with monkeypatch.context() as outage:
        outage.setattr(core.orders, "save", away)
        await core.run(place.turn("paint", args={"ref": panel.last.ref}), RecordingReply(address=""))
    reply = RecordingReply(address="")
    await core.run(place.turn("paint", args={"ref": panel.last.ref}), reply)
    assert reply.last.pictures


@pytest.mark.parametrize("kind", ["private", "adult"])
async def test_an_undelivered_picture_keeps_its_privacy(core: Core, place: Place, kind: str) -> None:
    """A picture ordered in a private chat, or in an age-restricted place, that could not be delivered there
    goes only to another such place."""
    lost, args = "a lost fox", {"size": "small"}
    for text, there, expected in ((lost, True, 0), ("an owl", False, 0), ("", False, 0), ("a cat", True, 1)):
        reply = RecordingReply(address="", deleted=text == lost)
        await core.run(place.turn("imagine" if text else "usage", text, args, **{kind: there}), reply)
        shown = [picture.alt for answer in reply.shown for picture in answer.pictures]
        assert shown.count("a lost fox") == expected


async def test_several_pictures_are_one_answer(core: Core, place: Place) -> None:
    """Up to four pictures of one order come together and are paid one by one."""
    reply = await ordered(core, place, "a fox", count=3, size="small")
    assert len(reply.last.pictures) == 3
    assert await booked(core, place) == 3 * PRICE


async def test_a_failed_job_costs_nothing(core: Core, place: Place, simulated: Simulated) -> None:
    """A failed job is reported and its money returned."""
    reply = await ordered(core, place, "fault:fail a fox", size="small")
    assert (reply.last.phase, reply.last.private) == (Phase.FAILED, False)
    assert "not charged" in reply.last.note
    assert await booked(core, place) == 0


async def test_one_error_is_no_proof(core: Core, place: Place) -> None:
    """A single error is followed by a second poll before the job counts as failed."""
    reply = await ordered(core, place, "fault:error-once a fox", size="small")
    assert reply.last.phase is Phase.DONE


async def test_an_order_of_unknown_fate_is_never_sent_again(
    core: Core, place: Place, simulated: Simulated
) -> None:
    """An ambiguous submit is reported as such, and not repeated."""
    reply = await ordered(core, place, "fault:drop a fox", size="small")
    assert reply.last.phase is Phase.FAILED
    assert "unclear whether" in reply.last.note
    assert simulated.record.counts["submit"] == 1


async def test_a_late_picture_is_free(place: Place, opened: Opened) -> None:
    """After the deadline the money is returned, and the picture still comes."""
    async with opened(image_deadline_s=0.3) as core:
        reply = RecordingReply(address="")
        task = asyncio.create_task(
            core.run(place.turn("imagine", "fault:slow a fox", {"size": "small"}), reply)
        )
        late = await reply.until_final()
        assert "not done yet" in late.note
        await asyncio.wait_for(task, PATIENCE_S)
        assert reply.last.phase is Phase.DONE
        assert reply.last.pictures
        assert await booked(core, place) == 0


async def test_another_process_finishes_the_order(place: Place, opened: Opened, simulated: Simulated) -> None:
    """The order of a process that died is completed by another, and paid once."""
    simulated.job_s = 1.0
    async with opened() as core:
        reply = RecordingReply(address="test:1:2")
        task = asyncio.create_task(core.run(place.turn("imagine", "a fox", {"size": "small"}), reply))
        await until(lambda: simulated.record.counts["submit"])
        ref = reply.last.ref
        await until(lambda: submitted(core, ref))
        task.cancel()
        await asyncio.wait([task])
    async with opened() as core:
        delivered = RecordingReply()

        async def reopen(address: str) -> RecordingReply:
            return delivered

        core.reopens["test"] = reopen
        await core.fulfil.drive_to_end(ref)
        assert len(delivered.last.pictures) == 1
        await core.fulfil.drive_to_end(ref)
        assert len([answer for answer in delivered.shown if answer.pictures]) == 1
        assert simulated.record.counts["submit"] == 1
        assert await booked(core, place) == PRICE


async def submitted(core: Core, ref: str) -> bool:
    order = await core.orders.find(ref)
    return order is not None and order.pieces[0].state is State.SUBMITTED


async def test_the_queue_hands_orders_to_a_worker(core: Core, place: Place) -> None:
    """If this process serves the platform, the order goes through the queue and is delivered."""
    reply = RecordingReply(address="test:1:2")

    async def reopen(address: str) -> RecordingReply:
        return reply

    async with core.serving("test", reopen):
        await core.run(place.turn("imagine", "a fox", {"size": "small"}), reply)
        await reply.until(lambda answer: bool(answer.pictures))
    assert await booked(core, place) == PRICE


async def test_again_is_a_new_order(core: Core, place: Place) -> None:
    """Again finds prompt and parameters by the order's reference, and is paid again."""
    first = await ordered(core, place, "a fox", size="small")
    again = RecordingReply(address="")
    await core.run(place.turn("again", args={"ref": first.last.ref}), again)
    assert again.last.pictures[0].alt == "a fox"
    assert again.last.ref != first.last.ref
    assert await booked(core, place) == 2 * PRICE


async def test_blocked_prompts_are_not_stored(place: Place, opened: Opened, tmp_path: Path) -> None:
    """The block list is applied before money is held."""
    file = tmp_path / "block.txt"
    file.write_text("# words\nfox\n")
    async with opened(blocklist_file=file) as core:
        reply = await ordered(core, place, "a Fox in snow")
        assert "not allowed" in reply.last.note
        assert await core.orders.of(place.person) == ()


@pytest.mark.parametrize(
    ("prompt", "is_blocked"),
    [("an owl", False), ("a Fox", True), ("BLOOD", True), ("a_bc", True), ("aXb", False)],
)
async def test_lines_are_words_or_expressions_in_any_case(
    place: Place, opened: Opened, tmp_path: Path, prompt: str, *, is_blocked: bool
) -> None:
    """An empty line does not match every prompt."""
    file = tmp_path / "block.txt"
    file.write_text("\nfox\nbl.od\na_b.\n")
    async with opened(blocklist_file=file) as core:
        assert ("not allowed" in (await ordered(core, place, prompt)).last.note) is is_blocked


@pytest.mark.parametrize(
    "prompt",
    ["red_fox_in_snow", "a f\u200box", "a f\u00adox", "\uff46\uff4f\uff58", "_fox_", "a fox", "grey\u200b_owl"],
)
async def test_what_is_blocked_is_so_however_it_is_spelt(
    place: Place, opened: Opened, tmp_path: Path, prompt: str
) -> None:
    """Underscores, full-width letters and invisible characters make no difference."""
    file = tmp_path / "block.txt"
    file.write_text("fox\n")
    async with opened(blocklist_file=file) as core:
        await core.control.block("grey_owl", "test")
        assert "not allowed" in (await ordered(core, place, prompt)).last.note
        assert (await ordered(core, place, "a foxglove")).last.pictures


async def test_prompts_for_adults_stay_in_adult_places(place: Place, opened: Opened, tmp_path: Path) -> None:
    """A line `adult:` of the list, or of an admin, is allowed only in age-restricted places, where the picture
    is hidden until clicked."""
    file = tmp_path / "block.txt"
    file.write_text("adult: naked\nAdult: nude\n")
    async with opened(blocklist_file=file) as core:
        await core.control.block("ADULT: bare fox", "test")
        for prompt in ("a naked fox", "a nude fox", "a bare fox"):
            assert "age-restricted" in (await ordered(core, place, prompt)).last.note
            there = RecordingReply(address="")
            await core.run(place.turn("imagine", prompt, adult=True), there)
            assert [picture.spoiler for picture in there.last.pictures] == [True]
        assert [picture.spoiler for picture in (await ordered(core, place, "a fox")).last.pictures] == [False]


async def test_a_line_for_adults_without_words_refuses_nothing(
    place: Place, opened: Opened, tmp_path: Path
) -> None:
    """It would match every prompt: the log names the line, the others apply."""
    file = tmp_path / "block.txt"
    file.write_text("owl\n Adult: \n")
    with capture_logs() as logs:
        async with opened(blocklist_file=file) as core:
            assert (await ordered(core, place, "a red fox, at night")).last.pictures
            assert "not allowed" in (await ordered(core, place, "an owl")).last.note
    (warned,) = [line for line in logs if line["event"] == "policy.nothing_said"]
    assert (warned["file"], warned["line"]) == (str(file), 2)


async def test_what_is_delivered_twice_is_one_order(place: Place, opened: Opened, simulated: Simulated) -> None:
    """An update that is delivered again, to another process, is painted and paid once. The same order typed
    again is another picture."""
    async with opened() as core, opened() as other:
        turn = place.turn("imagine", "a fox", {"size": "small"})
        first, again = RecordingReply(address=""), RecordingReply(address="")
        await asyncio.gather(core.run(turn, first), other.run(turn, again))
        await core.run(turn, again)
        assert simulated.record.counts["submit"] == len(await core.orders.of(place.person)) == 1
        assert [len(answer.pictures) for answer in (*first.shown, *again.shown)].count(1) == 1
        assert await booked(core, place) == PRICE
        refs = {(await ordered(core, place, "a fox", size="small")).last.ref for _ in range(2)}
        assert len(refs) == 2
        assert simulated.record.counts["submit"] == 3

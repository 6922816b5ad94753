"""Choosing how a picture is painted, on platforms whose commands have no options."""

import asyncio
import json
from dataclasses import replace

import pytest

from core.answer import Answer, Phase, Surface
from core.app import Core
from core.minitool.simulated import Simulated
from core.turn import Person, Quote
from core.words import t
from tests.core.usecases.conftest import Opened, Place, posted, run_turn
from tests.recording import RecordingReply

PANEL = Surface(buttons=True, pictures=True, picks_options=True)


def labels(answer: Answer) -> list[str]:
    return [choice.label for choice in answer.choices]


async def shown(
    core: Core, place: Place, command: str, *, who: Person | None = None, chat: str = "test:chat:1", **args: str
) -> Answer:
    """What a command of `place`, or a press of `who`, leads to."""
    reply = RecordingReply(surface=PANEL, address="")
    text = args.pop("text", "")
    turn = place.turn(command, text, args, chat=chat)
    await core.run(replace(turn, person=who) if who else turn, reply)
    return await reply.until_final()


async def test_nothing_is_ordered_before_paint(core: Core, place: Place, simulated: Simulated) -> None:
    """A bare prompt opens the panel with the price; a prompt with options is painted at once."""
    panel = await shown(core, place, "imagine", text="a red fox")
    assert labels(panel) == ["Square 1024×1024", "realvision", "4 steps", "Loose style", "One picture"]
    assert [(action.command, action.label, action.here) for action in panel.actions] == [
        ("paint", "Paint · $0.0015", True)
    ]
    assert not simulated.record.calls
    picture = await shown(core, place, "imagine", text="a red fox --size small")
    assert picture.pictures


async def test_what_is_picked_is_painted(core: Core, place: Place, simulated: Simulated) -> None:
    """Every option has its list, with a mark at the present value; choices add up, and reach the API; the
    panel is not kept for ever."""
    ref = (await shown(core, place, "imagine", text="a red fox")).ref
    shapes = await shown(core, place, "easel", ref=ref, value="shape")
    assert [choice.label for choice in shapes.choices if choice.chosen] == ["Square 1024×1024"]
    assert labels(shapes)[-1] == "« Back"
    for pick in ("shape=small", "model=juggernaut", "steps=7", "style=strict"):
        await shown(core, place, "easel", ref=ref, value=pick)
    panel = await shown(core, place, "easel", ref=ref, value="count=2")
    assert labels(panel) == ["Small 512×512", "juggernaut", "7 steps", "To the letter", "2 pictures"]
    assert panel.actions[0].label == "Paint · $0.003"
    assert await core.store.redis.ttl(f"kept:easel:{ref}") > 0
    done = await shown(core, place, "paint", ref=ref)
    assert len(done.pictures) == 2
    body = simulated.record.calls[0].body
    assert (body["model"], body["steps"], body["cfgScale"], body["width"]) == ("juggernaut", 7, 6.0, 512)


@pytest.mark.parametrize("is_quoted", [False, True])
async def test_where_there_is_no_panel_a_picture_is_refused(
    core: Core, place: Place, simulated: Simulated, *, is_quoted: bool
) -> None:
    """A prompt that came with a picture is not painted, and paid, without it."""
    photo = posted(b"...")
    quote = Quote("1", "Bob", "", attachments=(photo,)) if is_quoted else None
    turn = place.turn("imagine", "make it blue", attachments=() if quote else (photo,), quote=quote)
    assert (await run_turn(core, turn)).last.note == t("en", "imagine-words-alone")
    assert not simulated.record.calls


@pytest.mark.parametrize("text", ["make it blue", "make it blue --size small"])
@pytest.mark.parametrize("is_quoted", [False, True])
async def test_a_picture_that_is_not_used_is_said_so(
    core: Core, place: Place, simulated: Simulated, text: str, *, is_quoted: bool
) -> None:
    """A person who attaches a picture to be changed learns before paying that only the words count."""
    photo, reply = posted(b"..."), RecordingReply(surface=PANEL, address="")
    quote = Quote("1", "Bob", "", attachments=(photo,)) if is_quoted else None
    await core.run(place.turn("imagine", text, attachments=() if quote else (photo,), quote=quote), reply)
    panel = reply.last
    assert panel.note.startswith(t("en", "easel-words-alone"))
    assert not simulated.record.calls
    picked = await shown(core, place, "easel", ref=panel.ref, value="steps=7")
    assert picked.note == panel.note
    assert t("en", "easel-words-alone") not in (await shown(core, place, "imagine", text="a red fox")).note


async def test_what_somebody_said_can_be_painted(core: Core, place: Place, simulated: Simulated) -> None:
    """A command without a prompt paints the quoted message, with the options of both; its own take precedence.
    Of a quoted command only the prompt is painted."""
    for text, quoted, count in (
        ("", "A fox in the snow --size small --count 2", 2),
        ("--size small --count 1", "A fox in the snow --count 4", 1),
        ("", "/imagine@some_bot A fox in the snow --size small", 1),
        ("--size small", "/Imagine\nA fox in the snow", 1),
    ):
        reply = RecordingReply(surface=PANEL, address="")
        await core.run(place.turn("imagine", text, quote=Quote("1", "Bob", quoted)), reply)
        end = reply.last if text else await shown(core, place, "paint", ref=reply.last.ref)
        assert [picture.alt for picture in end.pictures] == count * ["A fox in the snow"]
        assert {call.body["width"] for call in simulated.record.calls if call.call == "submit"} == {512}


async def test_the_panel_says_what_is_painted_where_it_stands_elsewhere(core: Core, place: Place) -> None:
    """The panel replies to the command, which shows its own prompt; a quoted prompt is repeated, also after a
    choice."""
    for text, quoted, quoted_line in (("a red fox", "look!", ""), ("", "a red *fox*", "```\na red *fox*\n```")):
        reply = RecordingReply(surface=PANEL, address="")
        await core.run(place.turn("imagine", text, quote=Quote("1", "Bob", quoted)), reply)
        picked = await shown(core, place, "easel", ref=reply.last.ref, value="steps=7")
        assert reply.last.text == picked.text == quoted_line


async def test_what_the_bot_said_is_no_prompt(core: Core, place: Place, simulated: Simulated) -> None:
    """A reply to one of our pictures quotes a caption with a price, which is not to be painted. A marked part
    of it is."""
    caption = "a red fox\nrealvision · 1024×1024 · $0.0015"
    for surface in (PANEL, Surface(buttons=True, pictures=True)):
        reply = RecordingReply(surface=surface, address="")
        await core.run(place.turn("imagine", quote=Quote("1", "bot", caption, by_bot=True)), reply)
        assert (reply.last.phase, reply.last.note) == (Phase.FAILED, t("en", "empty-prompt"))
    assert simulated.record.counts["submit"] == 0
    marked = Quote("1", "bot", "a red fox", by_bot=True, is_part=True)
    await core.run(place.turn("imagine", args={"size": "small"}, quote=marked), reply)
    assert [picture.alt for picture in reply.last.pictures] == ["a red fox"]


async def test_panels_have_a_rate(core: Core, place: Place) -> None:
    """A panel is free and kept for a day: somebody who opens one after the other has to wait, and stores no
    more. Others do not wait."""
    ends = [await shown(core, place, "imagine", text="a red fox") for _ in range(25)]
    assert {end.phase for end in ends[:20]} == {Phase.DONE}
    assert {(end.phase, len(end.choices)) for end in ends[20:]} == {(Phase.FAILED, 0)}
    assert len([name async for name in core.store.redis.scan_iter("kept:easel:*")]) == 20
    assert (await shown(core, Place("test:bob"), "imagine", text="a red fox")).choices


async def test_two_presses_of_paint_are_one_order(core: Core, place: Place, simulated: Simulated) -> None:
    """A double tap is paid once; the second press says so."""
    ref = (await shown(core, place, "imagine", text="a red fox")).ref
    ends = await asyncio.gather(*(shown(core, place, "paint", ref=ref) for _ in range(2)))
    painted, refused = sorted(ends, key=lambda end: end.phase.value)
    assert (painted.phase, refused.phase, refused.note) == (Phase.DONE, Phase.FAILED, t("en", "easel-over"))
    assert [call.call for call in simulated.record.calls].count("submit") == 1


async def test_only_the_asker_or_a_moderator_may_press(core: Core, place: Place) -> None:
    """Other people's presses change nothing, nor those of another place's moderators; this place's moderators
    may press, and pay."""
    ref = (await shown(core, place, "imagine", text="a red fox")).ref
    bob, root = Person("test:bob", "Bob"), Person("test:root", "Root", is_moderator=True)
    for command, value in (("easel", "steps=8"), ("paint", "")):
        for who, chat in ((bob, "test:chat:1"), (root, "test:chat:2")):
            refused = await shown(core, place, command, who=who, chat=chat, ref=ref, value=value)
            assert refused.note == "Only the person who asked can do that."
    assert "4 steps" in labels(await shown(core, place, "easel", ref=ref, value="back"))
    assert (await shown(core, place, "paint", who=root, ref=ref)).pictures


async def test_admins_may_press_anywhere(opened: Opened, place: Place) -> None:
    """Admins are moderators of every chat, whatever the platform says."""
    async with opened(admins=("test:admin",)) as core:
        ref = (await shown(core, place, "imagine", text="a red fox")).ref
        panel = await shown(core, place, "easel", who=Person("test:admin", "Admin"), ref=ref, value="steps=8")
        assert "8 steps" in labels(panel)


async def test_a_refusal_leaves_the_panel(core: Core, place: Place) -> None:
    """A refused order can be changed and painted after all; forged values change nothing. Models for adults are
    offered where adults are."""
    ref = (await shown(core, place, "imagine", text="a red fox")).ref
    for forged in ("shape=endless", "model=nobody", "steps=99", "style=any", "count=0", "else=1"):
        panel = await shown(core, place, "easel", ref=ref, value=forged)
    assert labels(panel) == ["Square 1024×1024", "realvision", "4 steps", "Loose style", "One picture"]
    assert "autismmix" not in labels(await shown(core, place, "easel", ref=ref, value="model"))
    there = RecordingReply(surface=PANEL, address="")
    picks = {"ref": ref, "value": "model"}
    await core.run(place.turn("easel", "", picks, chat="test:chat:1", adult=True), there)
    assert "autismmix" in labels(there.last)
    await shown(core, place, "easel", ref=ref, value="model=autismmix")
    assert (await shown(core, place, "paint", ref=ref)).phase is Phase.FAILED
    await shown(core, place, "easel", ref=ref, value="model=realism")
    assert (await shown(core, place, "paint", ref=ref)).pictures


async def test_a_pick_does_not_bring_back_what_is_painted(
    core: Core, place: Place, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A button that is pressed together with *Paint* leads to no second panel, and so to no second order."""
    ref = (await shown(core, place, "imagine", text="a red fox")).ref
    find, painted = core.kept.find, list[Answer]()

    async def slow(name: str) -> str | None:
        found = await find(name)
        monkeypatch.setattr(core.kept, "find", find)
        painted.append(await shown(core, place, "paint", ref=ref))
        return found

    monkeypatch.setattr(core.kept, "find", slow)
    picked = await shown(core, place, "easel", ref=ref, value="steps=8")
    assert painted[0].pictures
    again = await shown(core, place, "paint", ref=ref)
    assert [one.note for one in (picked, again)] == [t("en", "easel-over")] * 2


async def test_only_panels_can_be_painted(core: Core, place: Place, simulated: Simulated) -> None:
    """A press may name any kept text, such as a question on a card. It is not painted, as it was not checked
    and could ask for a billion pictures. Nor is it an error of ours."""
    forged = {"person": place.person, "chat": "test:chat:1", "wish": {"model": "realvision", "prompt": "a"}}
    for text in ("Why is the sky blue?", json.dumps(forged)):
        ref = await core.kept.keep(text)
        for command in ("easel", "paint"):
            refused = await shown(core, place, command, ref=ref)
            assert (refused.phase, refused.note) == (Phase.FAILED, t("en", "easel-over"))
    assert not simulated.record.calls


async def test_other_words_are_no_longer_than_the_first(core: Core, place: Place, simulated: Simulated) -> None:
    """The prompt of a variation has the same limit as any prompt, and is refused beyond it."""
    ref = (await shown(core, place, "imagine", text="a fox --size small")).ref
    refused = await shown(core, place, "vary", ref=ref, text="fox " * 600)
    assert refused.note == "The description is too long; at most 2,000 characters."
    assert simulated.record.counts["submit"] == 1


@pytest.mark.parametrize("command", ["model", "persona", "settings"])
async def test_a_picker_is_for_its_opener(core: Core, place: Place, command: str) -> None:
    """Somebody else who presses a button of a picker changes neither their own choice nor the picker."""
    picker = await shown(core, place, command)
    choice = picker.choices[-1]
    bob = Person("test:bob", "Bob", is_moderator=True)
    refused = await shown(core, place, command, who=bob, ref=choice.ref, value=choice.value)
    assert (refused.phase, refused.note) == (Phase.FAILED, "Only the person who asked can do that.")
    picked = await shown(core, place, command, ref=choice.ref, value=choice.value)
    assert picked.phase is Phase.DONE
    assert len(f"={command}:{choice.ref}:{choice.value}") <= 64

"""The list of commands agrees with what core does."""

import pytest

from core.answer import Surface
from core.app import Core
from core.commands import BY_NAME, COMMANDS, is_for_asker, is_paid, read_typed
from core.words import t
from tests.core.usecases.conftest import Place, typed
from tests.recording import RecordingReply

MENU = [command.name for command in COMMANDS if not command.hidden]


async def test_the_list_has_exactly_the_commands_that_core_runs(core: Core) -> None:
    """Every method is listed, and every listed command has a method."""
    assert {*core._verbs} == {*BY_NAME}


def test_free_text_fills_an_option_that_is_there() -> None:
    """What `Command.text` names is one of the command's own options."""
    assert [one.name for one in COMMANDS if one.text and not one.option(one.text)] == []


@pytest.mark.parametrize(
    ("name", "rest", "meant"),
    [
        ("Imagine", " a Fox ", ("imagine", "a Fox")),
        ("admin", "caps  user:1", ("admin caps", "user:1")),
        ("admin", "Deny telegram:1", ("admin deny", "telegram:1")),
        ("admin", "", ("/admin", "")),
        ("paint", "", ("/paint", "")),
        ("model", "gpt-4o", ("model", "gpt-4o")),
    ],
)
def test_typed_text_is_read_as_the_longest_command(name: str, rest: str, meant: tuple[str, str]) -> None:
    """In upper or lower case; commands of buttons cannot be typed."""
    assert read_typed(name, rest) == meant


async def test_denied_people_can_still_erase_their_data(core: Core, place: Place) -> None:
    """Only these commands work for them."""
    await core.access.deny(place.person)
    done = {name for name in BY_NAME if await core.lets_in(place.turn(name))}
    assert done == {"forget", "forget yes"}


@pytest.mark.parametrize("name", MENU)
async def test_core_shows_for_whom_the_list_says_it_is(core: Core, place: Place, name: str) -> None:
    """Results that are for the asker alone are shown in private where others could see them."""
    reply = RecordingReply(address="")
    await core.run(place.turn(name, "a fox" if is_paid(name, {}) else "", {"size": "small"}), reply)
    assert (await reply.until_final()).private is is_for_asker(name, {})


@pytest.mark.parametrize(
    ("name", "args", "paid", "for_asker"),
    [
        ("ask", {}, True, False),
        ("ask", {"private": True}, True, True),
        ("vary", {}, True, False),
        ("shape", {}, False, True),
        ("shape", {"value": "wide"}, True, False),
        ("file", {}, False, False),
        ("model", {"value": "gpt-4o"}, False, True),
        ("of another version", {}, False, True),
    ],
)
def test_what_costs_money_and_who_sees_it(name: str, args: dict[str, str], paid: bool, for_asker: bool) -> None:
    """New answers and pictures cost money and are public; the list of shapes is neither."""
    assert (is_paid(name, args), is_for_asker(name, args)) == (paid, for_asker)


@pytest.mark.parametrize(
    ("replies", "quotes", "hints"),
    [
        (True, True, ["help-reply", "help-picture"]),
        (True, False, ["help-reply", "help-attach"]),
        (False, False, ["help-attach"]),
    ],
)
async def test_help_speaks_of_what_works_there(
    core: Core, place: Place, *, replies: bool, quotes: bool, hints: list[str]
) -> None:
    """Help mentions replies and mentions only where the bot sees them, and questions about other people's
    pictures only where it sees those. A private chat has no other people."""
    reply = RecordingReply(surface=Surface(replies=replies, quotes=quotes))
    await core.run(place.turn("help"), reply)
    assert " ".join(t("en", key) for key in hints) in reply.last.text.split("\n\n")
    assert (t("en", "help-mention") in reply.last.text) is replies
    await core.run(place.turn("help", private=True), reply)
    assert t("en", "help-mention") not in reply.last.text


async def test_help_names_what_only_that_chat_has(core: Core, place: Place) -> None:
    """The chat's own hints stand under the commands."""
    reply = RecordingReply(surface=Surface(hint="Knock twice."))
    await core.run(place.turn("help"), reply)
    assert any(part.endswith(" Knock twice.") for part in reply.last.text.split("\n\n"))


async def test_a_mistyped_model_is_refused_with_those_for_this_place(core: Core, place: Place) -> None:
    """Models for adults are named in age-restricted places only."""
    for adult in (False, True):
        refused = await typed(core, place, "imagine", "a fox --model dalle", adult=adult)
        assert "realvision" in refused.last.note
        assert ("autismmix" in refused.last.note) is adult

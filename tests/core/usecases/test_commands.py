"""What the list of commands says of them is what core does."""

import pytest

from core.answer import Surface
from core.app import Core
from core.commands import BY_NAME, COMMANDS, is_for_asker, is_paid, read_typed
from core.words import t
from tests.core.usecases.conftest import Place
from tests.recording import RecordingReply

MENU = [command.name for command in COMMANDS if not command.hidden]


async def test_every_verb_is_a_command(core: Core) -> None:
    """Nothing can be run that the list lacks, and nothing is listed that cannot be run."""
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
def test_what_is_typed_is_a_command_that_can_be(name: str, rest: str, meant: tuple[str, str]) -> None:
    """The longest that there is, in letters of any case; a button's is none."""
    assert read_typed(name, rest) == meant


async def test_what_is_held_goes_even_for_whoever_is_kept_out(core: Core, place: Place) -> None:
    """Of all commands these alone are done for somebody who may not use the bot."""
    await core.access.deny(place.person)
    done = {name for name in BY_NAME if await core.lets_in(place.turn(name))}
    assert done == {"forget", "forget yes"}


@pytest.mark.parametrize("name", MENU)
async def test_core_shows_for_whom_the_list_says_it_is(core: Core, place: Place, name: str) -> None:
    """Where others would see it, the asker alone is told what nobody else needs."""
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
    """New answers and pictures cost money and are for everybody; the list of shapes is neither."""
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
    """A reply goes on, and a mention is answered, only where they are heard; a reply asks about somebody's
    picture only where that is seen. In a private chat there is nobody else to write to."""
    reply = RecordingReply(surface=Surface(replies=replies, quotes=quotes))
    await core.run(place.turn("help"), reply)
    assert " ".join(t("en", key) for key in hints) in reply.last.text.split("\n\n")
    assert (t("en", "help-mention") in reply.last.text) is replies
    await core.run(place.turn("help", private=True), reply)
    assert t("en", "help-mention") not in reply.last.text


async def test_help_names_what_only_that_chat_has(core: Core, place: Place) -> None:
    """What the chat itself says can be done there stands under the commands."""
    reply = RecordingReply(surface=Surface(hint="Knock twice."))
    await core.run(place.turn("help"), reply)
    assert any(part.endswith(" Knock twice.") for part in reply.last.text.split("\n\n"))

"""The language of answers, and how people choose it."""

import asyncio
from dataclasses import replace

import pytest

from core import words
from core.answer import Phase
from core.app import Core
from core.turn import Person, Turn
from tests.conftest import hanging
from tests.core.usecases.conftest import Opened, Place, run_turn
from tests.recording import RecordingReply


def with_locale(turn: Turn, locale: str) -> Turn:
    """As a platform would have it that says `locale`."""
    return replace(turn, person=replace(turn.person, locale=locale))


async def test_a_language_is_picked_by_its_own_name(core: Core, place: Place) -> None:
    """/settings lists every language under its own name, with a mark at the chosen one. A choice applies from
    that answer on; without one, the platform's language is used."""
    shown = (await run_turn(core, with_locale(place.turn("settings"), "de-AT"))).last
    assert "**Sprache** Deutsch" in shown.text
    names = {choice.value.removeprefix("language "): choice for choice in shown.choices}
    assert list(names) == ["auto", *words.locales()]
    assert [names[locale].label for locale in words.locales()] == [*map(words.own_name, words.locales())]
    assert [value for value, choice in names.items() if choice.chosen] == ["auto"]

    pick = {"value": names["pt-BR"].value, "ref": names["pt-BR"].ref}
    shown = (await run_turn(core, with_locale(place.turn("settings", args=pick), "de-AT"))).last
    assert "**Idioma** Português (Brasil)" in shown.text
    assert [choice.value for choice in shown.choices if choice.chosen] == ["language pt-BR"]
    assert "**Idioma**" in (await run_turn(core, with_locale(place.turn("settings"), "de-AT"))).last.text

    shown = (await run_turn(core, with_locale(place.turn("settings", "language auto"), "de-AT"))).last
    assert "**Sprache** Deutsch" in shown.text


async def test_what_somebodys_app_speaks_is_remembered(core: Core, place: Place) -> None:
    """Some platforms give the app's language with commands only: later messages are answered in it, not in the
    place's language. The person's choice takes precedence. /forget erases it, without counting it."""

    async def heading(speaks: str = "", text: str = "") -> str:
        turn = with_locale(place.turn("settings", text), speaks or "tr")
        shown = await run_turn(core, replace(turn, person=replace(turn.person, speaks=speaks)))
        return shown.last.text.split("**")[1]

    assert [await heading(), await heading("de"), await heading()] == ["Dil", "Sprache", "Sprache"]
    assert await core.language_of(with_locale(place.turn("ask"), "tr").person) == "de"
    assert [await heading("fr", "language es"), await heading()] == ["Idioma", "Idioma"]
    assert [await heading(text="language auto"), await heading("")] == ["Langue", "Langue"]
    gone = await run_turn(core, place.turn("forget yes"))
    assert gone.last.note == words.t("fr", "memory-nothing")
    assert await heading() == "Dil"


async def test_a_list_of_languages_is_for_who_opened_it(core: Core, place: Place) -> None:
    """Other people cannot choose from it."""
    choice = (await run_turn(core, place.turn("settings"))).last.choices[1]
    other = Place("test:bob").turn("settings", args={"value": choice.value, "ref": choice.ref})
    assert (await run_turn(core, other)).last.phase is Phase.FAILED


@pytest.mark.parametrize(
    ("typed", "locale"),
    [
        ("language pt", "pt-BR"), ("language PT-br", "pt-BR"), ("language es_419", "es"),
        ("Language Українська", "uk"), ("language türkçe", "tr"), ("language en-GB", "en"),
    ],
)  # fmt: skip
async def test_a_language_may_be_typed(core: Core, place: Place, typed: str, locale: str) -> None:
    """By its code, with or without region, or by its own name."""
    await run_turn(core, place.turn("settings", typed))
    assert await core.memory.chosen.language_of(place.person) == locale


async def test_settings_go_by_the_names_that_are_shown(core: Core, place: Place) -> None:
    """In one's own language, too; what is no language is told with all that there are."""
    await run_turn(core, with_locale(place.turn("settings", "Sprache english"), "de"))
    assert await core.memory.chosen.language_of(place.person) == "en"
    await run_turn(core, place.turn("settings", "language de"))
    for typed, now in (("kosten aus", "aus"), ("Kosten unter Antworten an", "an"), ("cost off", "aus")):
        answer = await run_turn(core, place.turn("settings", typed))
        assert f"**Kosten unter Antworten** {now}" in answer.last.text
    refused = (await run_turn(core, place.turn("settings", "language xx"))).last
    assert refused.phase is Phase.FAILED
    assert "„xx“" in refused.note
    assert "pt-BR (Português (Brasil))" in refused.note
    refused = (await run_turn(core, place.turn("settings", "cost maybe"))).last
    assert refused.note == "„maybe“ steht für cost nicht zur Wahl. Es gibt: an, aus."
    refused = (await run_turn(core, place.turn("settings", "foo bar"))).last
    assert refused.note == "Eine Einstellung „foo“ gibt es nicht. Es gibt: Sprache, Kosten unter Antworten."
    assert "**Sprache** Deutsch" in (await run_turn(core, place.turn("settings", "cost"))).last.text


@pytest.mark.parametrize(
    ("given", "spoken"),
    [("pt", "pt-BR"), ("pt_PT", "pt-BR"), ("es-419", "es"), ("uk", "uk"), ("de_DE", "de"), ("en-GB", "en"),
     ("la", "en"), ("C", "en"), ("", "en"), ("x" * 5000, "en")],
)  # fmt: skip
def test_the_full_name_then_the_language_then_english(given: str, spoken: str) -> None:
    """For the codes of platforms, browsers and shells."""
    assert words.pick(given) == spoken


async def test_every_setting_has_its_button(core: Core, place: Place) -> None:
    """Nothing needs to be typed. The cost button says what it does, does no harm when tapped twice, and works
    for its opener only; models and personas have their own lists."""
    shown = (await run_turn(core, place.turn("settings"))).last
    model, persona, hide = shown.actions
    for button, picked in ((model, "auto"), (persona, "default")):
        listed = (await run_turn(core, place.turn(button.command, args={"ref": button.ref}))).last
        assert [choice.value for choice in listed.choices if choice.chosen] == [picked]
    assert (hide.label, hide.here) == ("Hide cost", True)
    for _ in range(2):
        shown = (await run_turn(core, place.turn(hide.command, args={"ref": hide.ref}))).last
        assert "**Cost under answers** off" in shown.text
    *_, show = shown.actions
    refused = (await run_turn(core, Place("test:bob").turn(show.command, args={"ref": show.ref}))).last
    assert refused.phase is Phase.FAILED
    shown = (await run_turn(core, place.turn(show.command, args={"ref": show.ref}))).last
    assert "**Cost under answers** on" in shown.text


async def test_adapters_are_told_the_persons_language(opened: Opened, place: Place) -> None:
    """The person's choice, else the platform's; the platform's, and soon, if the store does not answer."""
    ann = Person(place.person, "Ann", "fr")
    async with opened() as core:
        assert await core.language_of(ann) == "fr"
        await core.memory.chosen.prefer(place.person, "language", "de")
        assert await core.language_of(ann) == "de"
        async with hanging(core.store), asyncio.timeout(2):
            assert await core.language_of(ann) == "fr"
        assert await core.language_of(ann) == "de"


async def test_the_automatic_model_goes_by_the_name_that_is_shown(core: Core, place: Place) -> None:
    """As every other model in the picker does."""
    await run_turn(core, place.turn("model", "gpt-4.1-nano"))
    await run_turn(core, place.turn("model", "Automatic"))
    assert (await core.memory.chosen.preferences(place.person)).model == ""


async def test_what_a_chat_finds_too_big_is_said_in_the_persons_language(core: Core, place: Place) -> None:
    """The line about files that were left out is in the person's language."""
    reply = RecordingReply(address="")
    await core.run(with_locale(place.turn("imagine", "a fox", {"size": "small"}), "de"), reply)
    small = RecordingReply()
    small.too_big()
    await core.run(with_locale(place.turn("file", args={"ref": reply.last.ref}), "de"), small)
    assert small.last.note == words.t("de", "answer-without-pictures")

"""Every text that people read comes from the word files, complete in every language."""

import re
from pathlib import Path

import pytest
from babel import Locale
from fluent.syntax import FluentParser, ast

from core import errors, words
from core.commands import COMMANDS

FOLDER = Path(words.__file__).with_name("words")
OTHERS = [locale for locale in words.locales() if locale != words.FALLBACK]


def messages(locale: str) -> dict[str, str]:
    """Message keys of one language with their raw text."""
    found: dict[str, str] = {}
    for file in sorted((FOLDER / locale).glob("*.ftl")):
        for key, body in re.findall(
            r"^([a-z][\w-]*) *=((?:.*\n)(?:(?:[ \t}].*)?\n)*)", file.read_text("utf-8") + "\n", re.M
        ):
            assert key not in found, f"{file.name}: {key} stands twice"
            found[key] = body
    return found


def variables(body: str) -> set[str]:
    return set(re.findall(r"\$([a-z_]+)", body))


@pytest.mark.parametrize("locale", OTHERS)
def test_languages_have_the_same_keys_and_variables(locale: str) -> None:
    """Each language has every key of English with the same variables, and no other."""
    english, other = messages(words.FALLBACK), messages(locale)
    unlike = sorted(english.keys() ^ other.keys())
    assert unlike == [], ", ".join(unlike)
    different = {key: (variables(english[key]), variables(other[key])) for key in english}
    assert {key: pair for key, pair in different.items() if pair[0] != pair[1]} == {}


def test_commands_speak_of_no_place_that_only_one_platform_has() -> None:
    """ "Server" means nothing on other platforms; "here" is true everywhere."""
    texts = [(FOLDER / "en" / f"{file}.ftl").read_text("utf-8") for file in ("admin", "commands")]
    assert not [line for text in texts for line in text.splitlines() if "server" in line]


@pytest.mark.parametrize("locale", words.locales())
def test_files_are_understood(locale: str) -> None:
    """The Fluent parser accepts every message, and none refers to another: each is parsed separately, when
    first needed."""
    parsed = set()
    for file in (FOLDER / locale).glob("*.ftl"):
        body = FluentParser().parse(file.read_text("utf-8")).body
        assert [entry for entry in body if isinstance(entry, ast.Junk | ast.Term)] == [], file
        parsed |= {entry.id.name for entry in body if isinstance(entry, ast.Message) and entry.value}
    assert parsed == set(messages(locale)) == set(words.keys(locale))
    bodies = [re.sub(r'"[^"]*"', "", body) for body in messages(locale).values()]
    assert [body for body in bodies if re.search(r"\{ *-?[a-z]", body)] == []


@pytest.mark.parametrize("locale", words.locales())
def test_every_language_is_known_to_unicode_and_names_itself(locale: str) -> None:
    """Plurals, amounts and dates come from CLDR by the folder's name; menus show the language's own name."""
    assert str(Locale.parse(locale.replace("-", "_"))) == locale.replace("-", "_")
    assert (
        words.own_name(locale).casefold()
        == Locale.parse(locale.replace("-", "_")).get_display_name().casefold()
    )


def every_error() -> list[type[errors.BotError]]:
    found, todo = [], [errors.BotError]
    while todo:
        kind = todo.pop()
        found.append(kind)
        todo += kind.__subclasses__()
    return found


@pytest.mark.parametrize("locale", words.locales())
def test_every_error_has_words(locale: str) -> None:
    """Every BotError has a sentence in every language."""
    assert [kind for kind in every_error() if kind.key not in words.keys(locale)] == []


@pytest.mark.parametrize("locale", words.locales())
def test_every_command_and_option_is_described(locale: str) -> None:
    """Menus, help and the web page find words for every command and option, within the platforms' 100
    characters."""
    shown = [command for command in COMMANDS if not command.hidden]
    wanted = {command.key for command in shown} | {
        f"option-{command.name.replace(' ', '-')}-{option.name}"
        for command in shown
        for option in command.options
    }
    lacking = sorted(wanted - words.keys(locale))
    assert lacking == [], ", ".join(lacking)
    assert [one for one in wanted if len(words.t(locale, one)) > 100] == []

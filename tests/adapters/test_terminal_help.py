"""The help of the console script."""

import re

import click
import pytest

from bots.__main__ import main
from bots.terminal.help import key_of
from core import words
from core.markdown.tables import width

ROOT = click.Context(main, info_name="minitool-bots")
CONTEXTS = [ROOT, *(click.Context(one, ROOT, name) for name, one in main.commands.items())]


def test_every_command_and_option_is_described() -> None:
    """Each has a text in the word files, and no text there is of another."""
    options = {
        key_of(ctx.command, option)
        for ctx in CONTEXTS
        for option in ctx.command.get_params(ctx)
        if isinstance(option, click.Option)
    }
    wanted = options | {f"shell-{ctx.command.name}" for ctx in CONTEXTS}
    there = {key for key in words.keys(words.FALLBACK) if key.startswith("shell-")}
    assert {key for key in there if not key.startswith("shell-head-")} == wanted


@pytest.mark.parametrize("locale", words.locales())
def test_it_speaks_the_language_of_the_shell(locale: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """In every language all of it does, in lines that fit an ordinary terminal."""
    monkeypatch.setenv("LC_ALL", f"{locale.replace('-', '_')}.UTF-8")
    monkeypatch.setenv("COLUMNS", "80")
    for ctx in CONTEXTS:
        lines = ctx.get_help().splitlines()
        assert lines[0].startswith(words.t(locale, "shell-head-usage"))
        assert max(map(width, lines)) <= 80
        text = re.sub(" +", " ", " ".join(lines))  # and not blanks that hold words together
        assert words.t(locale, f"shell-{ctx.command.name}") in text
        assert words.t(locale, "shell-help") in text
        for key in ("usage", "options", "commands"):
            english = words.t(words.FALLBACK, f"shell-head-{key}").rstrip(":")
            assert locale == words.FALLBACK or f"{english}:" not in text


@pytest.mark.parametrize("locale", ["C", "xx_YY.UTF-8", ""])
def test_it_is_english_otherwise(locale: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Where the shell says no language, or one that there are no words of."""
    monkeypatch.setenv("LC_ALL", locale)
    monkeypatch.setenv("LC_MESSAGES", "")
    monkeypatch.setenv("LANG", "")
    text = next(ctx for ctx in CONTEXTS if ctx.command.name == "usage").get_help()
    assert text.startswith("Usage: minitool-bots usage [OPTIONS]\n\n  Shows what was spent.\n\nOptions:\n")
    assert "How far back.  [default: 30; x>=1]" in text

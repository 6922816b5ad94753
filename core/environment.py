"""What surrounds the settings: the lines of `.env`, of which no value is told, and what the shell says."""

import re
from collections.abc import Collection, Iterator
from difflib import get_close_matches
from pathlib import Path
from typing import TextIO

from dotenv.parser import Binding, parse_stream
from pydantic_settings import BaseSettings

FILE = Path(".env")
_NAME = re.compile(r"(?:export\s+)?([A-Za-z_]\w*)")


def unread_lines(known: Collection[str]) -> Iterator[str]:
    """A problem for each line that is not read, or names one of the `known` (in capitals) and no value: what it
    was to change would stay as it is by default, and nobody would know. One for all where it cannot be read."""
    try:
        bindings = [*_bindings()]
    except OSError as error:
        yield f"{FILE}: {error.strerror}"
        return
    for binding in bindings:
        text = binding.original.string
        begun = text.lstrip()
        found = _NAME.match(begun)
        name = found[1] if found and found[1].upper() in known else ""
        if binding.error or (name and binding.value is None):
            number = binding.original.line + text[: len(text) - len(begun)].count("\n")
            where = f"line {number} cannot be read"  # not for people: as all that is wrong with settings
            yield f"{FILE}: {where}" + (f" ({name})" if name else "")


def unknown_names(known: Collection[str]) -> Iterator[tuple[str, str]]:
    """What is set that is not `known` (in capitals), each with the one that may be meant, or ""."""
    for binding in _bindings():
        name = binding.key or ""
        if binding.value is not None and _NAME.fullmatch(name) and name.upper() not in known:
            yield name[:60], next(iter(get_close_matches(name.upper(), known, 1, 0.8)), "")


class _Shell(BaseSettings):
    """The languages in the order in which POSIX asks them."""

    lc_all: str = ""
    lc_messages: str = ""
    lang: str = ""
    no_color: str = ""
    term: str = ""


def shell_language() -> str:
    """The language that the shell is set to, as in "de_DE"; "" where it says none."""
    shell = _Shell()
    said = shell.lc_all or shell.lc_messages or shell.lang
    return re.split("[.@]", said)[0]


def takes_colour(stream: TextIO) -> bool:
    """Whether it is a screen that has colours, and nobody asked for none (no-color.org)."""
    shell = _Shell()
    return stream.isatty() and shell.term != "dumb" and not shell.no_color


def _bindings() -> Iterator[Binding]:
    if FILE.is_file():
        with FILE.open(encoding="utf-8", errors="replace") as lines:
            yield from parse_stream(lines)

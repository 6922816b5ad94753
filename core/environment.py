"""Checks the lines of `.env`, without ever showing a value, and reads what the shell says: language,
colours."""

import os
import re
from collections.abc import Collection, Iterator, Mapping
from difflib import get_close_matches
from pathlib import Path
from typing import Any, Final, TextIO

from dotenv.parser import Binding, parse_stream
from pydantic_settings import BaseSettings

FILE = Path(".env")
_NAME = re.compile(r"(?:export\s+)?([A-Za-z_]\w*)")
# By pydantic's kinds of error, whose own words are longer.
_EXPECTED: Final[Mapping[str, str]] = {  # not for people: as all that is wrong with settings
    "bool_parsing": "must be 1 or 0",
    "int_parsing": "must be a whole number",
    "float_parsing": "must be a number",
    "finite_number": "must be a number",
    "greater_than": "must be more than {gt:.0f}",
    "greater_than_equal": "must be at least {ge:.0f}",
    "less_than_equal": "must be at most {le:.0f}",
    "literal_error": "must be {expected}",
}


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
    """Names in `.env` that are not among the `known` (in capitals), each with the one that may be meant, or
    ""."""
    for binding in _bindings():
        name = binding.key or ""
        if binding.value is not None and _NAME.fullmatch(name) and name.upper() not in known:
            yield name[:60], next(iter(get_close_matches(name.upper(), known, 1, 0.8)), "")


def problems(detail: Any) -> list[str]:  # pydantic's ErrorDetails differs between versions
    """The problems with one setting, or with several together, a line each, from an error of pydantic's."""
    message = str(detail["msg"]).removeprefix("Value error, ")  # not for people: pydantic's words
    if expected := _EXPECTED.get(detail["type"]):
        message = expected.format_map(detail.get("ctx", {}))
    name = ".".join(str(part) for part in detail["loc"][:1]).upper()
    return [f"{name}: {message}"] if name else message.splitlines()


class _Shell(BaseSettings):
    """The shell's variables for its language, in the order of POSIX, and for its screen."""

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


def is_screen(stream: TextIO) -> bool:
    """Whether it is a terminal that can overwrite and style what it shows."""
    return stream.isatty() and _Shell().term != "dumb"


def takes_colour(stream: TextIO) -> bool:
    """Whether it is a screen that has colours, and nobody asked for none (no-color.org)."""
    return is_screen(stream) and not _Shell().no_color


def from_root(path: Path) -> Path:
    """The path from the root on; as it is where the folder that we are in was removed, as by a new release."""
    try:
        return Path(os.path.realpath(path))  # of links that lead in a circle, Path's own raises RuntimeError
    except OSError:
        return path


def _bindings() -> Iterator[Binding]:
    if FILE.is_file():
        with FILE.open(encoding="utf-8", errors="replace") as lines:
            yield from parse_stream(lines)

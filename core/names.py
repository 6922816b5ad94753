"""How people, chats and roles are named: `PLATFORM:ID` is a person, `PLATFORM:KIND:ID` a chat or a role.

In lists (ALLOW, DENY) a person may also be `PLATFORM:user:ID`. The names of caps have `person:`, `role:` or
`chat:` in front, or are `all`. Operators write any of these, and leave the platform out where it is their own.
"""

import re
from typing import Final, Literal, TypeAlias

from core.commands import LABEL_LENGTH
from core.errors import BadInput
from core.settings import MESSENGERS, PLATFORMS

ALL = "all"
Kind: TypeAlias = Literal["person", "chat"]
_EVERYBODY: Final = (ALL, "everybody")
_WHAT: Final = ("person", "role", "chat")  # that a cap is of
_KINDS: Final = ("user", "role", "guild", "channel", "chat")  # between the platform and the number
_ID = re.compile(r"[\w.-]+")  # no @name and no mention, which would name nobody
_NUMBER = re.compile(r"-?[0-9]+")  # nor a mere word, by which no messenger knows anybody


def parse_name(text: str, platform: str = "") -> str:
    """Whose cap: `PLATFORM:ID` or `PLATFORM:user:ID` is a person, `PLATFORM:role:ID` a role, `all` everybody,
    any other `PLATFORM:KIND:ID` a chat. `user:ID` and the like belong to `platform`, where one is given.
    Idempotent: of what it returns it makes the same.

    Raises BadInput: "cap-name", "cap-name-whole", and "cap-channel" for `channel:ID`: such a channel is part of
    a larger place, which has the money. One that is a private chat is written with its platform.
    """
    if text.lower() in _EVERYBODY:
        return ALL
    what, _, rest = text.partition(":")
    if what.lower() in _WHAT and ":" in rest:
        if not (name := parse_name(rest, platform)).startswith(f"{what.lower()}:"):
            raise _not_a_name(text, platform)
        return name
    parts = _parts(text, platform)
    if len(parts) == 3 and parts[1] == "channel" and text.count(":") == 1:
        raise BadInput("cap-channel")
    if not _is_named(parts, text, platform):
        raise _not_a_name(text, platform)
    match parts:
        case [_, _] | [_, "user", _]:
            return f"person:{parts[0]}:{parts[-1]}"
        case [_, "role", _]:
            return f"role:{':'.join(parts)}"
    return f"chat:{':'.join(parts)}"


def is_name(word: str) -> bool:
    """Whether it is meant as one, rightly written or not; an amount is not."""
    return ":" in word or word.lower() in _EVERYBODY


def parse_person(text: str, platform: str = "") -> str:
    """The plain name of a person, as purses know it. Raises BadInput for all other names."""
    try:
        kind, _, name = parse_name(text, platform).partition(":")
    except BadInput as error:
        if not error.message_key.startswith("cap-name"):
            raise
        kind = name = ""
    if kind != "person":
        raise BadInput("cap-person" if platform else "cap-person-whole", name=text[:60])
    return name


def parse_label(text: str, platform: str = "") -> str:
    """A name as in ALLOW and DENY; `user:5` and a bare `5` belong to `platform`, where one is given.

    Raises BadInput: "name-missing", "cap-name", "cap-name-whole".
    """
    if platform and not text.strip():
        raise BadInput("name-missing", platform=platform)
    parts = _parts(text, platform)
    if platform and len(parts) == 1 and _NUMBER.fullmatch(parts[0]):
        parts = [platform, *parts]
    if not _is_named(parts, text, platform):
        raise _not_a_name(text, platform, of_list=True)
    return ":".join(parts)


def plain(name: str) -> str:
    """A name of a cap or of a list as its reader knows it: people are written as their money is."""
    what, _, rest = name.partition(":")
    return rest if rest and what in _WHAT else name.replace(":user:", ":")


def kind_of(name: str) -> Kind:
    """Whether a name is that of a person or of a chat."""
    return "person" if name.count(":") == 1 else "chat"


def labels_of(name: str) -> tuple[str, ...]:
    """The names that a denial of this person or chat may go by."""
    platform, _, rest = name.partition(":")
    return (name, f"{platform}:user:{rest}") if kind_of(name) == "person" else (name,)


def _parts(text: str, platform: str) -> list[str]:
    """The parts of a name: all but the id in lower case, and with `platform` in front where it was left out."""
    *before, last = text.strip().split(":")
    parts = [*(part.lower() for part in before), last]
    return [platform, *parts] if platform and len(parts) == 2 and parts[0] in _KINDS else parts


def _is_named(parts: list[str], text: str, platform: str) -> bool:
    """Whether anybody, or any chat or role, can have this name."""
    place, *kind, last = parts if len(parts) > 1 else ("", *parts)
    is_numbered = place not in MESSENGERS or bool(_NUMBER.fullmatch(last))
    is_known = place in {platform, *PLATFORMS} - {""} and kind in ([], *([one] for one in _KINDS))
    return len(text) <= LABEL_LENGTH and is_known and is_numbered and bool(_ID.fullmatch(last))


def _not_a_name(text: str, platform: str, *, of_list: bool = False) -> BadInput:
    """The refusal, which gives examples of names. Where no platform is given these are whole ones, and for a
    list none of them means everybody."""
    key = "cap-name" if platform else "cap-name-whole"
    return BadInput(key, name=text[:60], platform=platform, all="no" if of_list else "yes")

"""Every command and its options as data: feeds the platforms' menus, /help and the web page.

Descriptions are word keys: `command-NAME` and `option-NAME-OPTION` in `core/words/*/commands.ftl`.
A button is a command too (`hidden`): pressed, it is a Turn with args {"ref": ...}.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from typing import Literal

from core.answer import Reply
from core.catalogue import SCHEDULERS, Catalogue, find_name
from core.errors import BadInput
from core.minitool.wire import USUAL
from core.turn import Turn, Value

Kind = Literal["text", "integer", "number", "flag", "picture"]
Verb = Callable[[Turn, Reply], Awaitable[None]]  # runs a command, and shows its result

_ANY_SIZE = "1024x768"  # an example: a size may also be said so (imagine.py)
SHAPES: Mapping[str, tuple[int, int]] = {
    "square": (1024, 1024),
    "portrait": (832, 1216),
    "landscape": (1216, 832),
    "wide": (1344, 768),
    "tall": (768, 1344),
    "small": (512, 512),
}
QUESTION_BYTES = 64 * 1024
# The longest texts, in characters. The modules that keep them check them, too: not all come as options.
PROMPT_LENGTH = 2000
INSTRUCTIONS_LENGTH, CHAT_INSTRUCTIONS_LENGTH = 2000, 4000  # how to talk: a person's own, a chat's
PERSONA_BYTES = 40  # a name's: no longer one in characters fits either
LABEL_LENGTH = 100  # of who is meant
BLOCKED_LENGTH = 100
ANNOUNCEMENT_LENGTH = 300
# How a switch is set in words, besides those of the person's language.
YES, NO = frozenset({"on", "yes", "true", "1"}), frozenset({"off", "no", "false", "0"})


@dataclass(frozen=True, slots=True)
class Option:
    """One option of a command. `low` and `high` bound numbers, and the length of texts."""

    name: str
    kind: Kind = "text"
    required: bool = False
    low: float | None = None
    high: float | None = None
    default: Value | None = None
    choices: Callable[[Catalogue], tuple[str, ...]] | None = None


@dataclass(frozen=True, slots=True)
class Command:
    """One command. `text` names the option that free text fills, the first of several ("" = it takes none)."""

    name: str
    text: str = ""
    options: tuple[Option, ...] = ()
    admin: bool = False
    hidden: bool = False  # reached by a button only
    pays: bool = False  # makes an answer or a picture: that costs money, and is for everybody
    for_all: bool = False  # costs nothing, and is not for the asker alone either
    notice: bool = False  # acts on what is shown already: a line says what became of it
    always: bool = False  # also for those who are not let in
    debounced: bool = False  # tapped twice it is done, and paid, once

    @property
    def key(self) -> str:
        """The word key of its description."""
        return f"command-{self.name.replace(' ', '-')}"

    def option(self, name: str) -> Option | None:
        return next((option for option in self.options if option.name == name), None)


_ASK = (
    Option("question", required=True, high=6000),
    Option("picture", "picture"),
    Option("picture2", "picture"),
    Option("picture3", "picture"),
    Option("model", choices=lambda catalogue: tuple(catalogue.chat)),
    Option("temperature", "number", low=0.0, high=2.0, default=1.0),
    Option("private", "flag"),
)
# Ranges from the API's documentation of POST /texttoimage/; COUNTS is ours.
SIDE, STEPS, COUNTS = range(256, 1344 + 1), range(1, 8 + 1), range(1, 4 + 1)
_IMAGINE = (
    Option("prompt", required=True, high=PROMPT_LENGTH),
    Option("negative", high=PROMPT_LENGTH),
    Option("model", choices=lambda catalogue: tuple(catalogue.image)),
    Option("size", choices=lambda _: tuple(SHAPES)),
    Option("width", "integer", low=SIDE[0], high=SIDE[-1], default=USUAL.width),
    Option("height", "integer", low=SIDE[0], high=SIDE[-1], default=USUAL.height),
    Option("steps", "integer", low=STEPS[0], high=STEPS[-1], default=USUAL.steps),
    Option("cfg", "number", low=1.0, high=7.0, default=USUAL.cfg),
    Option("scheduler", choices=lambda _: SCHEDULERS, default=USUAL.scheduler),
    Option("count", "integer", low=COUNTS[0], high=COUNTS[-1], default=1),
    Option("spoiler", "flag"),
)
_WHO = Option("who", required=True, high=LABEL_LENGTH)
_CHAT_PERSONA = (Option("name", high=PERSONA_BYTES), Option("prompt", high=CHAT_INSTRUCTIONS_LENGTH))

COMMANDS: tuple[Command, ...] = (
    Command("ask", "question", _ASK, pays=True),
    Command("imagine", "prompt", _IMAGINE, pays=True),
    Command("new"),
    Command("stop", notice=True),
    Command("model", "name", (Option("name", choices=lambda catalogue: tuple(catalogue.chat)),)),
    Command("persona", "name", (Option("name", high=INSTRUCTIONS_LENGTH),)),
    Command("usage"),
    Command("settings", "change", (Option("change", high=200),)),
    Command("forget", always=True),  # what is held about people goes when they say so
    Command("link", "code", (Option("code", high=20),)),
    Command("help"),
    Command("admin caps", "change", (Option("change", high=200),), admin=True),
    Command("admin grant", "who", (_WHO, Option("dollars", required=True, high=20)), admin=True),
    Command("admin refund", "request", (Option("request", required=True, high=100),), admin=True),
    Command("admin allow", "who", (_WHO,), admin=True),
    Command("admin deny", "who", (_WHO,), admin=True),
    Command("admin block", "words", (Option("words", high=BLOCKED_LENGTH),), admin=True),
    Command("admin persona", "name", _CHAT_PERSONA, admin=True),
    Command("admin model", "name", (Option("name", high=60),), admin=True),
    Command("admin announce", "text", (Option("text", high=ANNOUNCEMENT_LENGTH),), admin=True),
    Command("admin status", admin=True),
    # Buttons. Those that lead to an answer or an order take a reference to the earlier one.
    Command("regenerate", hidden=True, pays=True, debounced=True),
    Command("continue", hidden=True, pays=True, debounced=True),
    Command("try again", hidden=True, pays=True, debounced=True),
    Command("again", hidden=True, pays=True, debounced=True),
    Command("vary", hidden=True, pays=True),  # asks before it is paid
    Command("shape", hidden=True, pays=True, debounced=True),
    Command("details", hidden=True),
    Command("file", hidden=True, for_all=True),
    Command("cancel", hidden=True, notice=True),
    Command("easel", hidden=True),
    Command("paint", hidden=True, pays=True),  # ends with the first tap
    Command("delete", hidden=True, notice=True),
    Command("cost on", hidden=True),
    Command("cost off", hidden=True),
    Command("forget yes", hidden=True, always=True),
)
BY_NAME: Mapping[str, Command] = {command.name: command for command in COMMANDS}


def read_typed(name: str, rest: str) -> tuple[str, str]:
    """The command and the text of a typed "/name rest", in letters of any case. Two words are one command where
    there is one. An unknown name, or that of a button, which cannot be typed, keeps its "/", so that it is
    taken for neither."""
    name, (second, _, others) = name.lower(), rest.strip().partition(" ")
    if _can_be_typed(both := f"{name} {second.lower()}"):
        return both, others.strip()
    return name if _can_be_typed(name) else f"/{name}", rest.strip()


def _can_be_typed(name: str) -> bool:
    return name in BY_NAME and not BY_NAME[name].hidden


def is_paid(name: str, args: Mapping[str, object]) -> bool:
    """Whether a command with these args costs money. The list of shapes is free, what is picked from it is
    not."""
    return name in BY_NAME and BY_NAME[name].pays and (name != "shape" or bool(args.get("value")))


def is_for_asker(name: str, args: Mapping[str, object]) -> bool:
    """Whether the result of a command is for the asker alone, where a chat can show it to one person."""
    is_for_all = is_paid(name, args) or (name in BY_NAME and BY_NAME[name].for_all)
    return not is_for_all or bool(args.get("private"))


def parse_args(
    command: Command, given: Mapping[str, object], catalogue: Catalogue, *, adult: bool = False
) -> dict[str, Value]:
    """The options of `command` from what a platform or a form sent, converted and checked.

    Values may come as text. Unknown names are ignored, empty values count as not given. `adult`: it is an
    age-restricted place, where a refusal lists the models for such places, too.
    Raises BadInput: "unknown-choice", "not-a-number", "not-whole", "out-of-range", "too-long".
    """
    args: dict[str, Value] = {}
    for option in command.options:
        value = given.get(option.name)
        if value is None or value == "" or option.kind == "picture":
            continue
        args[option.name] = _parse(option, value, catalogue, adult=adult)
    return args


def _parse(option: Option, value: object, catalogue: Catalogue, *, adult: bool) -> Value:
    if option.kind == "flag":
        return str(value).lower() in YES
    if option.kind in ("integer", "number"):
        return _parse_number(option, value)
    text = str(value).strip()
    if option.high is not None and len(text) > option.high:
        raise BadInput("too-long", option=option.name, most=int(option.high))
    if option.choices is None:
        return text
    known = option.choices(catalogue)
    if found := find_name(text, known, catalogue):
        return found
    key = "unknown-model" if option.name == "model" else "unknown-choice"
    known = (*known, _ANY_SIZE) if option.name == "size" else known
    listed = catalogue.listed(known, adult=adult)
    raise BadInput(key, option=option.name, model=text[:60], value=text[:60], known=listed)


def _parse_number(option: Option, value: object) -> int | float:
    try:
        number = float(str(value).replace(",", "."))  # 2,5 as half of the world writes it
    except ValueError:
        raise BadInput("not-a-number", option=option.name, value=str(value)[:60]) from None
    whole = option.kind == "integer"
    if whole and number != number // 1:  # NaN and fractions alike
        raise BadInput("not-whole", option=option.name, value=str(value)[:60])
    low, high = option.low or 0.0, option.high if option.high is not None else float("inf")
    if not low <= number <= high:
        raise BadInput("out-of-range", option=option.name, low=low, high=high)
    return int(number) if whole else number

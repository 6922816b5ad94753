"""No text for people stands in code: it comes from the word files, and so in every language.

Two words side by side are taken for such a text, wherever they are written, unless the place shows that nobody
but a developer, an operator's log or a machine reads them (see `_spoken`). What is left over says so itself, in
a comment: `# not for people: WHY`.
"""

import ast
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from core import words
from core.commands import BY_NAME
from core.settings import Settings
from tests.structure.test_words import every_error

ROOT = Path(__file__).resolve().parents[2]
PYTHON = sorted(path for top in ("core", "bots") for path in (ROOT / top).rglob("*.py"))
WEB = ROOT / "bots" / "web"
SCRIPTS = sorted(path for path in (WEB / "static").rglob("*.js") if "vendor" not in path.parts)
TEMPLATES = sorted((WEB / "templates").rglob("*.html"))

# Words of letters alone, so that no path, header or address is one.
PROSE = re.compile(r"(?<![\w/.=<&-])[^\W\d_]{2,}[,;:.!?]? +[^\W\d_]{2,}(?![\w/=(-])")
MARK = re.compile(r"#.*\bnot for people: \w+")
COMMANDS = {*BY_NAME, "try again"}
# A cause, a problem or a hint is for the log and for operators; help is the console script's; salt is hashed.
UNSHOWN = {"cause", "problem", "hint", "help", "salt"}
# Lua, regular expressions, what Prometheus says of a metric, and texts for whoever gets an exception.
SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Return)  # one marked as a whole
UNSPOKEN_CALLS = {"Script", "compile", "Info", "_counter", "_gauge", "_histogram"}
# Speaks for the model's side, to us.
OTHER_SIDE = ROOT / "core" / "minitool" / "simulated" / "app.py"


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


def _name_of(node: ast.AST) -> str:
    """`log` of `log.info`, `_problem` of `self._problem`."""
    return node.attr if isinstance(node, ast.Attribute) else node.id if isinstance(node, ast.Name) else ""


def _text(node: ast.AST) -> str | None:
    """A literal's text; the holes of an f-string are a sign that is in no word."""
    if isinstance(node, ast.JoinedStr):
        return "".join(part.value if isinstance(part, ast.Constant) else "\0" for part in node.values)
    return node.value if isinstance(node, ast.Constant) and isinstance(node.value, str) else None


def _spoken(node: ast.AST) -> Iterator[ast.AST]:
    """The parts of `node` that may hold what people read."""
    match node:
        case ast.Raise() | ast.Compare() | ast.Expr(value=ast.Constant()):
            return  # an exception's own text is never shown, a comparison shows nothing, docstrings are for us
        case ast.Assign(targets=[target]) if UNSHOWN & {_name_of(one).strip("_") for one in ast.walk(target)}:
            return
        case ast.FunctionDef() | ast.AsyncFunctionDef():
            yield from (
                *node.decorator_list,
                *node.args.defaults,
                *filter(None, node.args.kw_defaults),
                *node.body,
            )
        case ast.AnnAssign():
            yield from filter(None, (node.value,))
        case ast.Dict():  # keys are names of things
            yield from node.values
        case ast.Call(func=ast.Attribute(value=ast.Name(id="log"))):
            return
        case ast.Call(func=ast.Attribute(value=ast.Constant(), attr="split")):
            return
        case ast.Call() if _name_of(node.func) in UNSPOKEN_CALLS:
            return
        case ast.Call(func=ast.Attribute(value=ast.Call(func=ast.Name(id="super")), attr="__init__")):
            return  # of an exception
        case ast.Call():
            yield node.func
            yield from node.args
            yield from (keyword.value for keyword in node.keywords if keyword.arg not in UNSHOWN)
        case ast.JoinedStr():
            yield from (part.value for part in node.values if isinstance(part, ast.FormattedValue))
        case _:
            yield from ast.iter_child_nodes(node)


def prose(source: str) -> list[str]:
    """Every text in Python code that looks as if it were for people, with its line."""
    lines, found = source.splitlines(), []

    def look(node: ast.AST) -> None:
        if isinstance(node, SIMPLE) and any(
            MARK.search(lines[at - 1]) for at in (node.lineno, node.end_lineno or node.lineno)
        ):
            return
        text = _text(node)
        if text is not None and text not in COMMANDS and PROSE.search(re.sub("<[^<>]*>?", " ", text)):
            found.append(f"{getattr(node, 'lineno', 0)}: {text.strip()[:80]}")
        for part in _spoken(node):
            look(part)

    look(ast.parse(source))
    return found


@pytest.mark.parametrize("path", [path for path in PYTHON if path != OTHER_SIDE], ids=name)
def test_code_holds_no_text_for_people(path: Path) -> None:
    """Every text that a person could read comes from the word files."""
    assert prose(path.read_text("utf-8")) == []


# What is shown as it is given: how many of its first arguments are names, and which of the others are texts.
SHOWN = {
    "print": (0, set[str]()),
    "echo": (0, set[str]()),
    "secho": (0, set[str]()),
    "_say": (2, {"text", "note"}),
    "Answer": (1, {"text", "note", "footer"}),
    "Action": (2, {"label"}),
    "Choice": (2, {"label", "detail"}),
}


def _shown(source: str) -> Iterator[str]:
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and _name_of(node.func) in SHOWN:
            names, texts = SHOWN[_name_of(node.func)]
            given = [*node.args[names:], *(one.value for one in node.keywords if one.arg in texts)]
            yield from (f"{node.lineno}: {text}" for one in given if (text := _text(one)) is not None)


@pytest.mark.parametrize("path", PYTHON, ids=name)
def test_not_even_a_word_is_shown_from_code(path: Path) -> None:
    """What answers, buttons, choices and the shell show holds no word written beside them."""
    assert [one for one in _shown(path.read_text("utf-8")) if re.search(r"[^\W\d_]{2}", one)] == []


JS_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`")
JS_COMMENT = re.compile(r"(?:^|\s)//.*$", re.MULTILINE)
SELECTOR = re.compile(r"^[\w\s.#:>,()\[\]='\"$\0-]*[.#:\[>][\w-]+[\w\s.#:>,()\[\]='\"$\0-]*$|sans-serif")


@pytest.mark.parametrize("path", SCRIPTS, ids=name)
def test_scripts_hold_no_text_for_people(path: Path) -> None:
    """What the page's scripts say, the server gave them in the page's language."""
    strings = JS_STRING.findall(JS_COMMENT.sub("", path.read_text("utf-8")))
    texts = [re.sub(r"\$\{[^{}]*\}", "\0", one[1:-1]) for one in strings]
    assert [one for one in texts if PROSE.search(one) and not SELECTOR.search(one)] == []


# A tag's attributes may hold anything but what is read out or shown.
ATTRIBUTE = re.compile(r"\b(?:title|aria-label|alt|label)=\"([^\"]*)\"")
FIXED = {"CSV"} | {name.upper() for name in Settings.model_fields}


@pytest.mark.parametrize("path", TEMPLATES, ids=name)
def test_templates_hold_no_text_for_people(path: Path) -> None:
    """Between tags, and in what is read out, stands nothing but what was put in."""
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", path.read_text("utf-8"), flags=re.DOTALL)
    text = re.sub(r"<script.*?</script>|<!doctype html>", " ", text, flags=re.DOTALL)
    said = [*ATTRIBUTE.findall(text), *re.sub(r"<[^>]*>", "\n", text).splitlines()]
    words = {word for one in said for word in re.findall(r"[^\W\d_]{2,}\w*", one)}
    assert words - FIXED == set()


def _keys(path: Path) -> Iterator[str]:
    """Every key of a text that stands in code as it is: what `t` is asked for, what errors name."""
    source = path.read_text("utf-8")
    if path.suffix == ".html":
        yield from re.findall(r"\bt\([\"']([a-z-]+)[\"'](?! *~)", source)
        return
    errors = {kind.__name__ for kind in every_error()}
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Call) and (at := 1 if _name_of(node.func) == "t" else 0) < len(node.args):
            keys = ast.walk(node.args[at])
            if at or _name_of(node.func) in errors:
                yield from (one.value for one in keys if isinstance(one, ast.Constant) and _is_key(one.value))


def _is_key(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", value) is not None


@pytest.mark.parametrize("path", [*PYTHON, *TEMPLATES], ids=name)
def test_every_text_that_code_asks_for_is_there(path: Path) -> None:
    """No key of the word files is mistyped."""
    assert {key for key in _keys(path) if key not in words.keys("en")} == set()

"""No text for people stands in code: it comes from the word files, and so in every language.

Two words side by side are taken for such a text, wherever they are written, unless the place shows that nobody
but a developer, an operator's log or a machine reads them (see `_spoken`). What is left over says so itself, in
a comment: `# not for people: WHY`.
"""

import ast
import re
from collections.abc import Callable, Collection, Iterator, Sequence
from functools import lru_cache
from pathlib import Path

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
# A cause, a problem or a hint is for the log and for operators; salt is hashed.
UNSHOWN = {"cause", "problem", "hint", "salt"}
# Lua, regular expressions, what Prometheus says of a metric, and texts for whoever gets an exception.
SIMPLE = (ast.Assign, ast.AnnAssign, ast.AugAssign, ast.Expr, ast.Return)  # one marked as a whole
UNSPOKEN_CALLS = {"Script", "compile", "Info", "_counter", "_gauge", "_histogram"}
# Speaks for the model's side, to us.
OTHER_SIDE = ROOT / "core" / "minitool" / "simulated" / "app.py"


tree = lru_cache(maxsize=None)(ast.parse)


def found_in(paths: Sequence[Path], look: Callable[[str], Collection[str]]) -> dict[str, Collection[str]]:
    """What there is to complain of, by file."""
    found = {path.relative_to(ROOT).as_posix(): look(path.read_text("utf-8")) for path in paths}
    return {name: ones for name, ones in found.items() if ones}


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
        if text is not None and text not in BY_NAME and PROSE.search(re.sub("<[^<>]*>?", " ", text)):
            found.append(f"{getattr(node, 'lineno', 0)}: {text.strip()[:80]}")
        for part in _spoken(node):
            look(part)

    look(tree(source))
    return found


def test_code_holds_no_text_for_people() -> None:
    """Every text that a person could read comes from the word files."""
    assert found_in([path for path in PYTHON if path != OTHER_SIDE], prose) == {}


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


def shown(source: str) -> list[str]:
    """Every word that such a call is given as it is, with its line."""
    found = []
    for node in ast.walk(tree(source)):
        if isinstance(node, ast.Call) and _name_of(node.func) in SHOWN:
            names, texts = SHOWN[_name_of(node.func)]
            given = [*node.args[names:], *(one.value for one in node.keywords if one.arg in texts)]
            found += [
                f"{node.lineno}: {_text(one)}" for one in given if re.search(r"[^\W\d_]{2}", _text(one) or "")
            ]
    return found


def test_not_even_a_word_is_shown_from_code() -> None:
    """What answers, buttons, choices and the shell show holds no word written beside them."""
    assert found_in(PYTHON, shown) == {}


JS_STRING = re.compile(r"\"(?:[^\"\\\n]|\\.)*\"|'(?:[^'\\\n]|\\.)*'|`(?:[^`\\]|\\.)*`")
JS_COMMENT = re.compile(r"(?:^|\s)//.*$", re.MULTILINE)
SELECTOR = re.compile(r"^[\w\s.#:>,()\[\]='\"$\0-]*[.#:\[>][\w-]+[\w\s.#:>,()\[\]='\"$\0-]*$|sans-serif")


def script_prose(source: str) -> list[str]:
    strings = JS_STRING.findall(JS_COMMENT.sub("", source))
    texts = [re.sub(r"\$\{[^{}]*\}", "\0", one[1:-1]) for one in strings]
    return [one for one in texts if PROSE.search(one) and not SELECTOR.search(one)]


def test_scripts_hold_no_text_for_people() -> None:
    """What the page's scripts say, the server gave them in the page's language."""
    assert found_in(SCRIPTS, script_prose) == {}


# A tag's attributes may hold anything but what is read out or shown.
ATTRIBUTE = re.compile(r"\b(?:title|aria-label|alt|label)=\"([^\"]*)\"")
FIXED = {"CSV"} | {name.upper() for name in Settings.model_fields}


def template_words(source: str) -> list[str]:
    text = re.sub(r"\{#.*?#\}|\{%.*?%\}|\{\{.*?\}\}", " ", source, flags=re.DOTALL)
    text = re.sub(r"<script.*?</script>|<!doctype html>", " ", text, flags=re.DOTALL)
    shown = [*ATTRIBUTE.findall(text), *re.sub(r"<[^>]*>", "\n", text).splitlines()]
    return [word for one in shown for word in re.findall(r"[^\W\d_]{2,}\w*", one) if word not in FIXED]


def test_templates_hold_no_text_for_people() -> None:
    """Between tags, and in what is read out, stands nothing but what was put in."""
    assert found_in(TEMPLATES, template_words) == {}


def template_keys(source: str) -> set[str]:
    """Keys that templates ask for as they are."""
    return {*re.findall(r"\bt\([\"']([a-z-]+)[\"'](?! *~)", source)} - words.keys("en")


def python_keys(source: str) -> set[str]:
    """Keys that `t` is asked for and that errors name, where there is no such text."""
    return {*_keys(source)} - words.keys("en")


def _keys(source: str) -> Iterator[str]:
    errors = {kind.__name__ for kind in every_error()}
    for node in ast.walk(tree(source)):
        if isinstance(node, ast.Call) and (at := 1 if _name_of(node.func) == "t" else 0) < len(node.args):
            keys = ast.walk(node.args[at])
            if at or _name_of(node.func) in errors:
                yield from (one.value for one in keys if isinstance(one, ast.Constant) and _is_key(one.value))


def _is_key(value: object) -> bool:
    return isinstance(value, str) and re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)+", value) is not None


def test_every_text_that_code_asks_for_is_there() -> None:
    """No key of the word files is mistyped."""
    assert found_in(PYTHON, python_keys) == found_in(TEMPLATES, template_keys) == {}

"""Masks characters of the source before it is parsed, and unmasks them in what the parser returns.

The parser takes some characters for markup that their author did not mean as such, and the reverse. Each is
replaced by a mask, characters of as many bytes that the text does not contain: so all offsets stay the same.
"""

import re
from bisect import bisect_right
from collections.abc import Callable, Iterable
from itertools import pairwise
from operator import itemgetter, methodcaller
from typing import Any, TypeAlias

import pyromark

Events: TypeAlias = Iterable[tuple[Any, Any]]  # Any: the parser's unions of TypedDicts
Shown: TypeAlias = Callable[[str], str]

OPTIONS = (
    pyromark.Options.ENABLE_TABLES
    | pyromark.Options.ENABLE_STRIKETHROUGH
    | pyromark.Options.ENABLE_TASKLISTS
    | pyromark.Options.ENABLE_FOOTNOTES
    | pyromark.Options.ENABLE_MATH
    | pyromark.Options.ENABLE_GFM
)
PARSER = pyromark.Markdown(options=OPTIONS)

_PRICE, _PIPE, _STAR = "\x7f", "\x1b", "\x1a"  # clean text has none; only the first may stand in addresses
_MASKS = ((_PRICE, "$"), (_PIPE, "|"), (_STAR, "*"))
_LETTER = "\u2e2a"  # a rare punctuation character
_TEXT_EVENTS = ("Text", "Code", "InlineHtml", "Html", "InlineMath", "DisplayMath")


def events(source: str, read: Callable[[str], Events]) -> tuple[Events, Shown]:
    """The events that `read` returns for the masked source, and the function that unmasks each text in them; it
    is to be called in their order."""
    masked = source
    if "\\(" in source or "\\[" in source:
        masked = _formulas(masked)
    if "\\begin{" in source:
        masked = _environments(masked)
    if "$" in masked:
        masked = _priced(masked)
    if _TABLE.search(masked):
        masked = _piped(masked)
    if _BETWEEN.search(masked):
        masked = _PRODUCT.sub(lambda found: _STAR * len(found["star"] or "") or found[0], masked)

    if "**" in source and not source.isascii() and _LETTER not in source:
        letters = _BESIDE.findall(masked)
        found = list(read(_BESIDE.sub(_LETTER, masked))) if letters else []
        count = sum(_text_of(event).count(_LETTER) for event, _ in found)
        addresses = str([event["Start"] for event, _ in found if "Start" in event])  # among others
        if letters and count == len(letters) and _LETTER not in addresses:
            return found, _with_letters(letters)
    return read(masked), _unmasking(masked)


def _text_of(event: Any) -> str:
    """The text of an event, "" where it has none."""
    if isinstance(event, str):
        return ""
    ((name, value),) = event.items()
    return value if name in _TEXT_EVENTS else ""


def _with_letters(letters: list[str]) -> Shown:
    """As `_unmasking`; also puts these letters back."""
    left = iter(letters)
    return lambda text: unmasked(
        re.sub(_LETTER, lambda mask: next(left, mask[0]), text) if _LETTER in text else text
    )


def unmasked(text: str) -> str:
    """A text of the parser with the characters that the author wrote."""
    return _unmasking(text)(text)


def _unmasking(masked: str) -> Shown:
    """As `unmasked`, for the texts of one source, which has few of the masks."""
    used = [(mask, char) for mask, char in _MASKS if mask in masked]
    if len(used) == 1:
        return methodcaller("replace", *used[0])

    def shown(text: str) -> str:
        for mask, char in used:
            text = text.replace(mask, char)
        return text

    return shown if used else str


_BETWEEN = re.compile(r"\*(?<=\d\*)\*?\d")  # a star first: so it is found quickest
# Stars between digits are those of a product or a power: not in an address, nor the end of a bold number.
_PRODUCT = re.compile(
    r"(?::/|\](?:\(|:\ *))\S*|(?<![\w*\\])(?P<s>\*{1,2})\d[\d.,]*(?P=s)(?!\*)|(?<=\d)(?P<star>\*{1,2})(?=\d)"
)


_FORMULA_LENGTH = 1000
_DOLLARS = re.compile(r"\$\$*")  # one first: so it is found quickest
_NAMES = re.compile(r"\\[A-Za-z]+\*?(?:\{[^{}]*\})?")
_NO_FORMULA = re.compile(
    r"[A-Za-z]{2}\s+[A-Za-z]{2}|[A-Za-z]{2}_[A-Za-z]{2}|`|\*\*|~~|\]\(|://|(?<!\\)\$"
    r"|\n *(?:[-+*>#|\n]|\d+[.)])"
)
_COMMAND = re.compile(r"\\[A-Za-z{},;:!|]")
_RELATED = re.compile(r"[\\^_{}=<>]")
_VARIABLE = re.compile(r"\{\w|id$")  # of a shell, of a template
_AMOUNTS = re.compile(r"[^€£¥₹₽₺₴]*[€£¥₹₽₺₴]|[\d., ]+ (?:or|to|ou|et) [\d., ]+$")
_BEFORE_SIGN, _BEHIND_SIGN = re.compile(r"[\s(][A-Z]{1,3}$"), re.compile(r"\s?\d")  # as in R$ 5
_SYMBOLS = "0-9A-Za-zͰ-Ͽ²³¹⁰-ₜ℀-⋿⌈-⌋△⟂⟨⟩°"
_LIKELY = re.compile(rf"[-+*/()\[\].,:;!|'’ %×÷±·{_SYMBOLS}]*[)\]!'|%{_SYMBOLS}]|[+×÷±·]")
_LAST = re.compile(rf"[^\W_]|[)\]}}!'′’|%{_SYMBOLS}]")
_WORDS = re.compile(r"(?<![A-Za-z])(?:[A-Za-z]{4,}|[a-z]{3})(?![A-Za-z])")
_FUNCTIONS = frozenset(
    ["sin", "cos", "tan", "cot", "log", "exp", "min", "max", "mod", "gcd", "lcm", "det", "dim"]
)
_BRACKETS = re.compile(  # none behind a backslash, from each of which the rest would be searched
    rb"\\(?<!\\\\)(?:\((?:[^\n\\]|\\[^()\n]|\n(?!\s*\n))+?\\\)|\[(?:[^\n\\]|\\[^\[\]\n]|\n(?!\s*\n))+?\\\])"
)
_MARKUP = re.compile(r"`|\*\*|~~|\]\(|://")
_CERTAIN = re.compile(r"[\\^_{}=]|[<>] |^\s*\n")
_ALONE = re.compile(r"[\w.,\s]*")


def _is_formula(inner: str) -> bool:
    """Whether what stands between two dollar signs is a formula, and not the text between two prices."""
    if not inner or inner[0].isspace() or inner[-1].isspace() or _NO_FORMULA.search(_NAMES.sub("", inner)):
        return False
    if _COMMAND.search(inner):
        return True
    if _VARIABLE.match(inner) or _AMOUNTS.match(inner):
        return False
    return _is_likely(inner) or bool(_RELATED.search(inner) and _LAST.match(inner[-1]))


def _is_likely(inner: str) -> bool:
    """Whether it has only numbers, names of one or two letters, operators, and names of functions."""
    return bool(_LIKELY.fullmatch(inner)) and _FUNCTIONS.issuperset(_WORDS.findall(inner))


def _is_bracketed(formula: str, before: str) -> bool:
    r"""Whether `\(` and `\)`, or `\[` and `\]`, make a formula of what is between them: else they are no
    more than brackets, as in `a\[0\]` or `\(see below\)`."""
    inner = formula[2:-2]
    text = inner.strip()
    if not text.strip("\\") or _is_word(before) or _MARKUP.search(text):
        return False
    if _CERTAIN.search(inner):
        return True
    is_lone = formula[1] == "[" and _ALONE.fullmatch(text)  # which nobody puts on a line of its own
    return _is_likely(text) and not _NO_FORMULA.search(text) and not is_lone


def _is_word(letter: str) -> bool:
    """Whether it is a letter or digit of a script with blanks between words."""
    return letter.isascii() and letter.isalnum()


def _formulas(source: str) -> str:
    r"""The source with `\(x\)` and `\[x\]` as `$$x$$`, which is as long, outside of code."""
    data = source.encode()
    found = [
        one
        for one in _BRACKETS.finditer(data)
        if _is_bracketed(one[0].decode(), chr(data[one.start() - 1]) if one.start() else "")
    ]
    if not found:
        return source
    changed = _in_dollars(data, found)
    if "$" in source or "$$" in PARSER.html(changed):  # else all are formulas, which lose them
        code = _spans(source, "Code")
        changed = _in_dollars(data, [one for one in found if not _is_within(code, one.start())])
    return changed


def _in_dollars(data: bytes, formulas: Iterable[re.Match[bytes]]) -> str:
    changed = bytearray(data)
    for formula in formulas:
        start, end = formula.span()
        changed[start : start + 2] = changed[end - 2 : end] = b"$$"
    return changed.decode()


ENVIRONMENTS = r"(?:align|equation|gather|multline|eqnarray)\*?"  # that are formulas by themselves
_OUTER = ENVIRONMENTS.encode() + rb"\}"
_ENVIRONMENT = re.compile(
    rb"^[ >]*(\\begin\{(" + _OUTER + rb"))(?:[^\\\n]++|\\(?!begin\{" + _OUTER + rb"|end\{\2)|\n(?![ >]*\n))*"
    rb"(\\end\{\2)",
    re.MULTILINE,
)


def _environments(source: str) -> str:
    r"""The source with `\begin{align}` and `\end{align}` around a formula as `$$` and as many blanks, where
    they stand neither in code nor between delimiters that make a formula of it already."""
    data = source.encode()
    if not (found := list(_ENVIRONMENT.finditer(data))):
        return source
    taken = _spans(source, "Code", "InlineMath", "DisplayMath")
    changed = bytearray(data)
    for formula in found:
        start, end = formula.start(1), formula.end()
        if not _is_within(taken, start):
            changed[start : formula.end(1)] = b"$$".ljust(formula.end(1) - start)
            changed[formula.start(3) : end] = b"$$".rjust(end - formula.start(3))
    return changed.decode()


def _spans(source: str, *kinds: str) -> list[tuple[int, int]]:
    """The spans of the source, in bytes, in which the parser finds blocks of code, or inline parts of these
    kinds."""
    is_other = frozenset(kinds).isdisjoint
    return [
        (span["start"], span["end"])
        for event, span in PARSER.events_with_range(source, merge_text=True)
        if isinstance(event, dict) and (not is_other(event) or event.get("End") == "CodeBlock")
    ]


def _is_within(spans: list[tuple[int, int]], place: int) -> bool:
    before = bisect_right(spans, place, key=itemgetter(0))
    return before > 0 and place < spans[before - 1][1]


def _priced(source: str) -> str:
    """The source with a mask for every single dollar sign that neither begins nor ends a formula: between
    two of them the parser would see no markup."""
    prices: list[int] = []
    opening: int | None = None
    for dollars in _DOLLARS.finditer(source):
        place = dollars.start() + _is_escaped(source, dollars.start())
        if dollars.end() - place != 1:
            continue
        if opening is not None and _are_ends(source, opening, place):
            opening = None
            continue
        if opening is not None:
            prices.append(opening)
        opening = place
    if opening is not None:
        prices.append(opening)
    edges = [-1, *prices, len(source)]
    return _PRICE.join(source[left + 1 : right] for left, right in pairwise(edges))


def _is_escaped(source: str, place: int) -> bool:
    begin = place
    while begin and source[begin - 1] == "\\":
        begin -= 1
    return (place - begin) % 2 == 1


def _are_ends(source: str, start: int, end: int) -> bool:
    """Whether two dollar signs are those of one formula."""
    if end - start > _FORMULA_LENGTH or source[end + 1 : end + 2].isdigit():
        return False
    if _BEHIND_SIGN.match(source, end + 1) and _BEFORE_SIGN.search(source[start + 1 : end][-4:]):
        return False
    return not (start and _is_word(source[start - 1])) and _is_formula(source[start + 1 : end])


_RULE = re.compile(r"[ >\t]*(?:\|[ \t]*)?:?-+:?[ \t]*(?:\|[ \t]*:?-+:?[ \t]*)*(?:\|[ \t]*)?")
_TABLE = re.compile(rf"\|[^|\n]*\n{_RULE.pattern}(?:\n|\Z)")  # a header's last bar, and the line below it
_BAR = re.compile(r"\|(?<!\\\|)")  # the bar first: so it is found quickest
_WHOLE = re.compile(r"(`+)(?!`).*?(?<!`)\1(?!`)|(?<!\\)(\$\$?)[^$]+\2")


def _piped(source: str) -> str:
    """The source with a mask for bars in code and formulas of tables, where a row has more of them than its
    table has columns, and for bars that would begin a cell without a column."""
    lines = source.split("\n")
    columns = 0
    for at, line in enumerate(lines):
        if "|" not in line:
            columns = 0
            continue
        below = lines[at + 1] if at + 1 < len(lines) else ""
        if "-" in below and "|" in below and _RULE.fullmatch(below):
            columns = below.strip(" >\t|").count("|") + 1
            if len(_bars(line)) >= columns:
                lines[at] = _joined(line)
        elif columns and line.strip().removeprefix("|").removesuffix("|").count("|") >= columns:
            lines[at] = _fitted(line, columns)
    return "\n".join(lines)


def _bars(line: str) -> list[int]:
    """The places of the bars between the cells of a row."""
    places = [bar.start() for bar in _BAR.finditer(line)]
    if places and not line[: places[0]].strip(" >\t-+*"):
        del places[0]
    if places and not line[places[-1] + 1 :].strip():
        del places[-1]
    return places


def _joined(row: str) -> str:
    return _WHOLE.sub(lambda whole: _BAR.sub(_PIPE, whole[0]), row)


def _fitted(row: str, columns: int) -> str:
    if len(_bars(row)) < columns:
        return row
    row = _joined(row)
    over = _bars(row)[columns - 1 :]
    if not over or not row[over[0] :].strip(" |\t"):
        return row
    return row[: over[0]] + _BAR.sub(_PIPE, row[over[0] : over[-1] + 1]) + row[over[-1] + 1 :]


_ASIAN = "々\u3040-\u30ff\u3400-\u4dbf\u4e00-\u9fff\uac00-\ud7af"  # three bytes each, as the mask
# Letters beside stars that have punctuation on the other side. Between words, the parser tells by the blanks
# around them where a style begins and ends; here there are none, and it finds neither.
_BESIDE = re.compile(rf"[{_ASIAN}](?:(?=\*{{2,3}}[^\w\s*])|(?<=[^\w\s*]\*\*.)|(?<=[^\w\s*]\*\*\*.))")

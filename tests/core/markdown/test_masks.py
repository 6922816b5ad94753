"""Characters mean what their author meant: prices, formulas, bars in cells, stars between CJK letters."""

import re
import time

import pytest

from core.markdown.blocks import Block, List, Mark, Paragraph, Quote, Run, Table, parse, parse_pieces, plain


def runs(block: Block) -> tuple[Run, ...]:
    assert isinstance(block, Paragraph)
    return block.runs


def text_of(source: str) -> str:
    return "\n".join(plain(runs(block)) for block in parse(source))


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("It costs **$5** now and **$10** later.", "It costs |$5| now and |$10| later."),
        ("*$5*, *$6*", "|$5|, |$6|"),
        ("~~$99.99~~ **$49.99**", "|$99.99| |$49.99|"),
        ("**$1,000**–**$2,000**", "|$1,000|–|$2,000|"),
        ("[$5](https://a.b/$x) or [$6](https://a.b/?q=$y)", "|$5| or |$6|"),
        ("**US$5**/**A$7** and $x$", "|US$5|/|A$7| and x"),
    ],
)
def test_prices_do_not_hide_markup(source: str, expected: str) -> None:
    """Markup between two prices is parsed as anywhere else."""
    (block,) = parse(source)
    assert "".join(f"|{one.text}|" if one.marks or one.link else one.text for one in runs(block)) == expected


def test_addresses_and_languages_keep_their_dollars() -> None:
    """Masked characters are restored everywhere: in addresses, in code, in the name of its language."""
    link, code = parse("[a](https://a.b/$x) `$y` $5\n\n```a$b\n$z | $5\n```")
    assert runs(link) == (Run("a", 0, "https://a.b/$x"), Run(" "), Run("$y", Mark.CODE), Run(" $5"))
    assert repr(code) == "Code(text='$z | $5', language='a$b')"


_FORMULAS = (
    "(2, 3)|[0, 1]|(0, 1]|-5|+3|3/4|2 + 2|5!|1:2|1,000|0.5|2 × 3|x|AB|ABC|sin x|dx|f(x)|n-1|2n|xy|(x, y, z)"
    "|π|∞|n ≥ 2|f: A → B|x ∈ [0,1]|3 + 4i|O(n)|O(log n)|x₁|y = 2x + 1|∠ABC|x^2|a_{ij}|x_1|\\alpha|5\\%|a < b"
    "|\\text{Cost} = \\$5|\\frac{9}{2} = 4.5 €"
)


@pytest.mark.parametrize("formula", _FORMULAS.split("|"))
def test_formulas_between_dollars(formula: str) -> None:
    """Numbers, letters and operators between two dollar signs are a formula, also without a command."""
    assert "$" not in text_of(f"so ${formula}$, and 其中${formula}$是").replace("$5", "")


@pytest.mark.parametrize(
    "text",
    [
        "R$50 e R$100, C$20-C$30; (US$5/A$7) S$10/S$15",
        "$5 and $10, $5-$10, $20k/$30k, $5 → $10, ($5)/($6), ($5, $6)",
        "costs $5, or $4 (sale), not \"$6\"; '$5'/'$6'",
        "5$, 6$ and 7$/8$",
        "约$5到$10，$20、$30",
        "Budget: $1,000 - $2,000 (CA$ 1,350 – CA$ 2,700).",
        "O plano custa $20 (R$ 110).",
        "$1 = R$ 5,40",
        "$5 = 4,60 € (5 US$)",
        "$5, 6, or 7$",
        "set $a=$b; ${A}-${B} ${HOST}${PORT} $id$ $name$",
        "$PATH:$HOME and $HOME/bin:$PATH; $i < $n; $i++ $foo$bar$baz $a->b($c)",
        "$AAPL/$MSFT",
        "$user_id$ and $x",
    ],
)
def test_prices_and_variables_are_text(text: str) -> None:
    """Amounts, and variables of shells or templates, are no formulas."""
    assert text_of(text) == text


@pytest.mark.parametrize(
    "text",
    [
        "10*5 = 50 and 20*5 = 100",
        "2**10 = 1024 and 2**20 = 1048576",
        "2*3*4 = 24",
        "1920*1080 or 1280*720",
        "see https://a.b/1*2 and 3*4*5",
    ],
)
def test_products_and_powers_keep_their_stars(text: str) -> None:
    """A star between two digits is no style."""
    assert text_of(text) == text


def test_stars_beside_one_number_are_those_of_a_style() -> None:
    """A bold number ends where it did, a product may be bold, and addresses stay unchanged."""
    (block,) = parse("**5**3 **5*3 = 15** `2*3*4` [a](http://a.b/1*2) <http://a.b/1*2> \\(2*3*4\\)")
    assert [one.text for one in runs(block) if one.marks & Mark.BOLD] == ["5", "5*3 = 15"]
    assert [one.link for one in runs(block) if one.link] == ["http://a.b/1*2"] * 2
    assert text_of("`2*3*4` $2*3*4$") == "2*3*4 2*3*4"


@pytest.mark.parametrize("kind", ["align", "align*", "equation", "gather", "multline"])
def test_an_environment_is_a_formula(kind: str) -> None:
    """Equations between `\\begin` and `\\end` need no dollar signs; where they have some, and in code, nothing
    changes. Places stay."""
    begin, end = f"\\begin{{{kind}}}", f"\\end{{{kind}}}"
    inner = f"{begin}\nx &= 1 \\\\\n&= \\frac{{é}}{{2}}\n{end}"
    assert text_of(f"So\n{inner}\nthen") == "So\nx = 1\n= é/2\nthen"
    assert text_of(f"$$\n{inner}\n$$") == text_of(f"\\[\n{inner}\n\\]") == "x = 1\n= é/2"
    assert repr(parse(f"```\n{inner}\n```")[0]) == f"Code(text={inner!r}, language='')"
    assert [piece.start for piece in parse_pieces(f"{inner}\n\nthen")] == [0, len(inner) + 2]


def test_no_formula_reaches_over_a_blank_line() -> None:
    """Dollar signs of two paragraphs are unrelated, and hide no list."""
    assert text_of("costs $x\n\n= y$ more") == "costs $x\n= y$ more"
    assert isinstance(parse("$a\n- b$")[1], List)


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"a \[optional\] and \(see below\)", "a [optional] and (see below)"),
        (r"x\[0\] and f\(x\)", "x[0] and f(x)"),
        (r"\[1\], \[x\] and \[<name>\]", "[1], [x] and [<name>]"),
        (r"\[ \] x", "[ ] x"),
        (r"\# \[\\\] \^", r"# [\] ^"),
        (r"\[see `a_b`\] or \(**a=b**\)", "[see a_b] or (a=b)"),
        (r"\(n\), \(2\) and \(x^2\)", "n, 2 and x²"),
        ("\\[\nx\n\\]", "x"),
        (r"\[ a + b < c \]", "a + b < c"),
    ],
)
def test_escaped_brackets_are_brackets(source: str, text: str) -> None:
    """Escaped brackets delimit a formula only if there is one between them."""
    assert text_of(source) == text


@pytest.mark.parametrize("source", [r"`\(x^2\)` is \(x^2\)", r"$5: `\(x^2\)` is \(x^2\)"])
def test_brackets_of_a_formula_in_code_stay(source: str) -> None:
    """Code that shows how a formula is written stays, whatever is around it."""
    assert text_of(source).endswith(r"\(x^2\) is x²")


def test_an_escaped_bracket_in_a_link_leaves_it_a_link() -> None:
    """As in the name of a list's element."""
    (block,) = parse(r"[a\[0\]](https://a.b)")
    assert runs(block) == (Run("a[0]", 0, "https://a.b"),)


@pytest.mark.parametrize(
    ("source", "bold"),
    [
        ("**注意：**请先安装。**「重要」**です。これは**「重要」**です", ["注意：", "「重要」", "「重要」"]),
        ("中文**加粗（重要）**文字，**一般**文字", ["加粗（重要）", "一般"]),
        ('는 **"인용"**은 한국어', ['"인용"']),
        ("请用**[链接](https://a.b)**和**`pip`**安装", ["链接", "pip"]),
        ("[y](https://a.b/「x」**请) **一般**文字", ["一般"]),
        ("`x：**请` ***重要：***请", ["重要："]),
    ],
)
def test_bold_between_letters_without_room(source: str, bold: list[str]) -> None:
    """Chinese, Japanese and Korean have no blanks around a style: it works all the same, and every character
    stays, in code and addresses, too."""
    (block,) = parse(source)
    assert [one.text for one in runs(block) if one.marks & Mark.BOLD] == bold
    addresses = "".join(f"[]({one.link})" if one.link else "" for one in runs(block))
    assert sorted(re.sub("[*`]", "", text_of(source) + addresses)) == sorted(re.sub("[*`]", "", source))


def test_an_address_that_is_its_own_words_keeps_its_letters() -> None:
    """It occurs twice, as text and as address."""
    (block,) = parse("见 <https://a.b/中**「x> 和**「强」**字")
    assert [(one.text, one.link) for one in runs(block) if one.link] == [("https://a.b/中**「x",) * 2]
    assert sorted(plain(runs(block)).replace("*", "")) == sorted("见 https://a.b/中「x 和「强」字")


def test_places_in_the_source_stay() -> None:
    """Masking does not move the positions of blocks."""
    source = "$5 `a|b`\n\n**注意：**请 $x$\n\n| a |\n|---|\n| `b||c` |\n\n- \\(x\\)\n- y"
    pieces = parse_pieces(source)
    assert [source[piece.start :][:4] for piece in pieces] == ["$5 `", "**注意", "| a ", "- \\("]
    assert [source[at:][:4] for at in pieces[-1].inner] == ["- \\(", "- y"]


def cells(block: Block) -> list[list[str]]:
    assert isinstance(block, Table)
    return [[plain(cell) for cell in row] for row in (block.head, *block.rows)]


@pytest.mark.parametrize(
    ("row", "expected"),
    [
        ("| `||` | or | `a || b` |", ["||", "or", "a || b"]),
        ("`||` | or | ``a | `b`c``", ["||", "or", "a | `b`c"]),
        ("| $|x|$ | abs | $P(A|B)$ |", ["|x|", "abs", "P(A|B)"]),
        (r"| \(|x|\) | abs | `x \| y` |", ["|x|", "abs", "x | y"]),
        ("| a || b | c |", ["a", "", "b | c"]),
        ("| `a | b` | c |", ["`a", "b`", "c"]),
        ("| a | b | c | |", ["a", "b", "c"]),
    ],
)
def test_bars_in_cells(row: str, expected: list[str]) -> None:
    """A bar in code or a formula begins no cell if the row has enough cells; nothing is lost."""
    for source in (
        f"| a | b | c |\n|---|---|---|\n{row}\n",
        f"- x\n\n  | a | b | c |\n  |---|---|---|\n  {row}\n",
    ):
        block = parse(source)[0]
        table = block.items[0].blocks[1] if isinstance(block, List) else block
        assert cells(table)[1] == expected


def test_a_header_with_a_bar_in_code_is_a_header() -> None:
    """It has as many columns as the line below says."""
    assert cells(parse("| `a|b` | c |\n|---|---|\n| x | y |")[0]) == [["a|b", "c"], ["x", "y"]]


@pytest.mark.parametrize("rule", ["---|---", "--- | ---", "|---|---", "---|---|", ":-:|-"])
def test_a_table_without_bars_around_it_keeps_its_cells(rule: str) -> None:
    """The line below a header decides the columns, wherever its bars are."""
    assert cells(parse(f"a | b\n{rule}\n1 | 2\n3|4")[0]) == [["a", "b"], ["1", "2"], ["3", "4"]]


def test_a_table_that_another_block_ends_is_over() -> None:
    """Parsing does not depend on where it starts."""
    source = "| a | b |\n|---|---|\n# Title\nx | a | b |\n|---|---|"
    assert parse(source)[1:] == parse(source[source.index("#") :])
    assert isinstance(parse("> | a |\n> |---|\n> | b |")[0], Quote)


@pytest.mark.parametrize(
    "source",
    [
        "$a " * 30_000,
        "$a$" * 30_000,
        "\\[a\\]" * 10_000,
        "文**（" * 20_000,
        "1*" * 30_000,
        "*1**" * 20_000,
        "](" * 30_000,
        "\\begin{align}\n" * 5_000,
        "\\begin{align}x\\end{gather}\n>\n" * 3_000,
        "$1 or " * 20_000,
        "\\begin{align}x\\end{align}\n`a` " * 10_000,
        "|a|\n|-|\n" + "|`a|b` x|c|\n" * 5_000,
        "<b>x" * 10_000 + "</b>" * 10_000,
        "<b>" * 15_000 + "</i>" * 15_000,
        "<div>\n" + "<!-- " * 10_000,
        "\\[\\" * 30_000,
    ],
    ids=lambda source: source[:6],
)
def test_hostile_characters_are_read_quickly(source: str) -> None:
    """Endless repetition neither raises nor hangs."""
    begin = time.process_time()
    parse(source)
    assert time.process_time() - begin < 5

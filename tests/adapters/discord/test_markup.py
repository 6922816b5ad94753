"""What a model writes, drawn for Discord."""

import pytest

from bots.discord.markup import DiscordRenderer, question_line
from tests.core.markdown.made_markdown import paginate


def drawn(source: str) -> str:
    """The only page of a text."""
    (page,) = paginate(source, DiscordRenderer())
    return page


@pytest.mark.parametrize("ticks", range(3, 10))
def test_backticks_do_not_end_a_block_of_code(ticks: int) -> None:
    """However many backticks stand in code, it stays code: a link in it is not drawn as one."""
    inside = f"{'`' * ticks}\n[free](https://evil.example)"
    (page,) = paginate(f"~~~\n{inside}\n~~~", DiscordRenderer())
    assert page.count("```") == 2
    assert page.replace("\u200b", "") == f"```\n{inside}\n```"


def test_two_backticks_in_code_can_be_copied() -> None:
    """What cannot end a block is left as it is."""
    (page,) = paginate("```\n``x``\n```", DiscordRenderer())
    assert page == "```\n``x``\n```"


@pytest.mark.parametrize(
    ("source", "page"),
    [
        (
            "https://en.wikipedia.org/wiki/Python_(programming_language) and (https://e.com/a_(b)).",
            "<https://en.wikipedia.org/wiki/Python_(programming_language)> and (<https://e.com/a_(b)>).",
        ),
        ("见（https://e.com/a），「https://e.com/b」。", "见（<https://e.com/a>），「<https://e.com/b>」。"),
        ("“https://e.com/a” [https://e.com/b] x", "“<https://e.com/a>” \\[<https://e.com/b>] x"),
    ],
)
def test_bare_addresses_end_where_they_end(source: str, page: str) -> None:
    """Brackets that an address opens are its own; those around it, quotes and full stops are not."""
    assert paginate(source, DiscordRenderer()) == (page,)


def test_only_a_heading_stands_close_to_its_text() -> None:
    """A paragraph that ends in words with number signs is a paragraph."""
    assert paginate("#travel #food\n\nNext", DiscordRenderer()) == ("#travel #food\n\nNext",)
    assert paginate("# Title\n\nNext", DiscordRenderer()) == ("# Title\nNext",)


@pytest.mark.parametrize(
    "words",
    ["`arr[0]`", "`x[i]` and y[i]", "`` a`b[1] ``", "[1]", "1. Intro", "# Title", "Home | React", "~5 a_b"],
)
def test_words_of_a_link_have_no_escapes(words: str) -> None:
    """Discord shows a backslash in the words of a link, and takes pairs of brackets there as they are."""
    assert drawn(f"[{words}](https://e.com)") == f"[{words}](<https://e.com>)"


@pytest.mark.parametrize(
    ("words", "shown"),
    [
        ("`a]`", "`a]`"),
        (r"a\]b", "a]b"),
        (r"\[x\](y)", r"[x]\(y)"),
        (r"C\* search", r"C\* search"),
        ("a_b_ c", r"a_b\_ c"),
        ("📖 Docs", "📖 Docs"),
        ("✅", "✅"),
        (":fire: hot", ":fire: hot"),
        ("<:cat:1>", "<\u200b:cat:1>"),
    ],
)
def test_links_that_discord_would_not_draw(words: str, shown: str) -> None:
    """With half a bracket, a sign that must be escaped, or an emoji in its words: the address stands behind."""
    assert drawn(f"[{words}](https://e.com)") == f"{shown} (<https://e.com>)"


def test_a_link_without_words_is_its_address() -> None:
    """Discord would show the source of a link whose words are blank."""
    assert drawn("[<br>](https://e.com)") == "<https://e.com>"


@pytest.mark.parametrize(
    ("question", "shown"),
    [
        ("[this](https://evil.example)", r"[this]\(<https://evil.example>)"),
        ("![this](https://evil.example)", r"![this]\(<https://evil.example>)"),
        ("[a [b]](https://evil.example)", r"\[a [b]]\(<https://evil.example>)"),
        ("[[b](https://evil.example)", r"\[[b]\(<https://evil.example>)"),
        ("［b](https://evil.example)", r"［b]\(<https://evil.example>)"),
        ("[x](discord://a)", r"[x]\(discord://a)"),
        ("[http://](https://evil.example)", r"\[<http://]%28https://evil.example)>"),
    ],
)
def test_nobody_makes_a_link_in_a_question(question: str, shown: str) -> None:
    """The words of Discord's links end at `]` even where it is escaped; so what follows it is."""
    assert question_line(question) == f"> {shown}"


@pytest.mark.parametrize(
    ("source", "page"),
    [
        (r"\[a\](https://e.com)", r"[a]\(<https://e.com>)"),
        ("\\[a\n\\](https://e.com)", "\\[a\n]\\(<https://e.com>)"),
        (r"[\[a\]](ftp://x)\(https://e.com)", r"[a]\(<https://e.com>)"),
        (r"[a\]](ftp://x)[(b)](ftp://x)", r"a]\(b)"),
        ("see [0, 1) `](https://e.com)`", "see \\[0, 1) `]\u200b(https://e.com)`"),
        ("[a] and `](https://e.com)`", "[a] and `]\u200b(https://e.com)`"),
        ("`a[0](x)`", "`a[0](x)`"),
    ],
)
def test_no_link_that_was_not_meant(source: str, page: str) -> None:
    """Brackets of text, of words whose address is none, and of code make no link together."""
    assert drawn(source) == page


def test_a_question_is_not_cut_in_a_sign() -> None:
    """What is drawn as one sign is there as a whole, or not at all."""
    family = "👨\u200d👩\u200d👧\u200d👦"
    assert question_line(family * 60) == f"> {family * 18}…"


@pytest.mark.parametrize(
    "picked",
    [
        "<:cat:123456789012345678>",
        "<a:_party_cat_:123456789012345678>",
        "<t:1700000000>",
        "<t:1700000000:R>",
        "<@1>",
        "<@!1>",
        "<@&1>",
        "<#1>",
    ],
)
def test_what_a_person_picked_is_drawn_above_the_answer(picked: str) -> None:
    """Mentions, emoji of servers and moments come as numbers: Discord draws them as they were seen."""
    assert question_line(f"{picked} *what* {picked}") == f"> {picked} \\*what\\* {picked}"
    assert question_line(f"- {picked}") == f"> \\- {picked}"


@pytest.mark.parametrize("typed", ["@everyone", "@here", "<@x>", "</ping:1>", "<id:browse>", "<:cat:x>"])
def test_what_a_person_typed_stays_as_it_was_typed(typed: str) -> None:
    """What only looks like something picked is taken apart by a sign without width."""
    line = question_line(f"so {typed}")
    assert (line.replace("\u200b", ""), line.count("\u200b")) == (f"> so {typed}", 1)


@pytest.mark.parametrize("picked", ["<@123456789012345678>", "<a:party_cat:123456789012345678>"])
@pytest.mark.parametrize("before", range(170, 202, 3))
def test_a_question_is_not_cut_in_what_was_picked(picked: str, before: int) -> None:
    """A mention or an emoji is there as a whole, or not at all."""
    words = "a <" + "b" * (before - 4) + " "
    line = question_line(f"{words}{picked} and more words").removeprefix("> ")
    assert len(line) <= 200
    assert picked in line or "<" not in line.removeprefix("a <")
    assert (f"{words}{picked} and more words").startswith(line.removesuffix("…"))
    assert (picked in line) == (len(words + picked) < 200)

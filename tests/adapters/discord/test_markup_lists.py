"""Headings, lists, quotes and styles, where Discord reads lines in its own way."""

import pytest

from bots.discord.markup import DiscordRenderer
from core.pages import Pager
from tests.core.markdown.made_markdown import paginate


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("### C#", "### C#\u200b"),
        ("## `C#` and **F#**", "## `C#` and **F#**"),
        ("1. ### Install\n   Do it.", "1. **Install**\n   Do it."),
        ("- a\n\n  # b", "- a\n  **b**"),
        ("- > # b", "- \u200b\n  > **b**"),
    ],
)
def test_headings(source: str, page: str) -> None:
    """Discord takes number signs at a heading's end for its own, and knows no headings in lists."""
    assert paginate(source, DiscordRenderer()) == (page,)


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("**1. Install**: run", "**1\\. Install**: run"),
        ("**# Title** more", "**\\# Title** more"),
        ("*> x*", "*\\> x*"),
        ("||- x||", "||\\- x||"),
        ("- **2. Two**", "- **2\\. Two**"),
        ("a **1. b**", "a **1. b**"),
    ],
)
def test_styled_words_begin_no_block(source: str, page: str) -> None:
    """In a style at the beginning of a line Discord looks for lists, headings and quotes."""
    assert paginate(source, DiscordRenderer()) == (page,)


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("**`**kwargs`** and **`*args`**", "`**kwargs` and **`*args`**"),
        ("*`a*b`*", "`a*b`"),
        ("~~`a~~b`~~ **`a~~b`**", "`a~~b` **`a~~b`**"),
        ("||`a || b`||", "`a || b`"),
        ("_https://e.com/a*b_", "<https://e.com/a*b>"),
        ("**5 \\* 3**", "**5 \\* 3**"),
        ("~~a \\~~~", "~~a ~\u200b~~"),
        ("a|b ~5 a||b", "a|b ~5 a\\|\\|b"),
    ],
)
def test_a_style_ends_where_it_ends(source: str, page: str) -> None:
    """Its sign in code or in an address would end it: better without the style."""
    assert paginate(source, DiscordRenderer()) == (page,)


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("имя_файла_новое größe_max_über", "имя\\_файла\\_новое größe_max\\_über"),
        ("snake_case_name", "snake_case_name"),
        ("a:b:c 1:100:2", "a\\:b:c 1\\:100:2"),
        ("fe80::a:b:c", "fe80:\\:a\\:b:c"),
        ("слово:fire:", "слово\\:fire:"),
        (":warning: (:x:)", ":warning: (:x:)"),
        ("Note: a, b: c", "Note: a, b: c"),
        ("```größe\nx\n```", "```gre\nx\n```"),
    ],
)
def test_letters_of_discord_are_ascii(source: str, page: str) -> None:
    """An underscore before another letter ends a style there; a colon in a word may begin an emoji."""
    assert paginate(source, DiscordRenderer()) == (page,)


@pytest.mark.parametrize(
    ("source", "page"),
    [
        ("0. zero\n1. one", "0\\. zero\n1. one"),
        ("0. zero\n   - a\n1. one", "0\\. zero\n   - a\n\n1. one"),
        ("1. x\n   1. a\n   - b\n   2. c\n2. y", "1. x\n   1. a\n   \n   - b\n   \n   2. c\n2. y"),
        (
            "- a\n  - b\n    ```py\n    - x\n    ```\n    c\n  - d\n- e",
            "- a\n  - b\n```py\n- x\n```\n    c\n  - d\n\n- e",
        ),
        ("- a<br><br>b\n  - c\n- d", "- a\n\n  b\n  - c\n\n- d"),
        ("- a\n  ```\n  x\n  ```\n- b", "- a\n```\nx\n```\n- b"),
    ],
)
def test_lists_do_not_run_together(source: str, page: str) -> None:
    """Discord's lists begin with 1 and end at code or a blank line; what follows belongs to no deeper item."""
    assert paginate(source, DiscordRenderer()) == (page,)


def test_a_page_that_begins_in_a_list() -> None:
    """Discord drops spaces at a message's beginning: what goes on there is not moved in, and what comes
    after it is no item of it. No page but the last changes while the text grows."""
    source = "1. **A**\n" + f"   - x {'word ' * 60}\n" * 9 + "2. **B**\n   - y\n3. c\n"
    pages = paginate(source, DiscordRenderer())
    marks = [line.split(" x ")[0] for line in pages[1].split("\n")]
    assert marks == ["-", "-", "-", "", "2. **B**", "   - y", "3. c"]
    pager = Pager(DiscordRenderer())
    for end in range(1, len(source), 50):
        shown = pager.pages_so_far(source[:end])
        assert shown[:-1] == pages[: len(shown) - 1]
        assert all(len(page) <= 2000 for page in shown)


def test_a_page_that_begins_in_a_paragraph_of_an_item() -> None:
    """There is nothing to be kept apart from."""
    source = f"- {'word ' * 600}\n- b"
    assert paginate(source, DiscordRenderer())[1].endswith(" word\n- b")


@pytest.mark.parametrize(
    ("source", "page"), [("> ", "> \u200b"), ("a\n\n> > ", "a\n\n> \u200b"), ("> a\n>\n> #", "> a")]
)
def test_a_quote_ends_in_no_bare_sign(source: str, page: str) -> None:
    """Discord drops blanks at a message's end, and a `>` alone is shown."""
    assert paginate(source, DiscordRenderer()) == (page,)

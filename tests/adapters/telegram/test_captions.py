"""Texts that no renderer draws: captions, questions, footers."""

from dataclasses import replace

import pytest

from bots.telegram.captions import CAPTION_UNITS, caption, cut, quoted, tail
from bots.telegram.markup import PAGE_SIZE
from bots.telegram.pages import Pages
from core.answer import Action, Answer, Phase
from core.pages import utf16_length
from tests.adapters.telegram.screen import TelegramScreen
from tests.contracts.reply import REF, picture, show

VARY = (Action("vary", REF, "Vary", asks="a fox for @somebody_else"),)


@pytest.mark.parametrize("count", [1, 2])
async def test_a_caption_mentions_nobody(screen: TelegramScreen, count: int) -> None:
    """A name in a prompt or footer is no mention."""
    pictures = tuple(replace(picture(noise=n), alt="a fox for @somebody_else") for n in range(count))
    done = Answer(Phase.DONE, note="by @alice_1", footer="for @bob_22", pictures=pictures, actions=VARY)
    await show(screen.reply, done)
    shown = "".join(message.caption or message.text for message in screen.telegram.messages())
    assert [shown.count(name) for name in ("somebody_else", "alice_1", "bob_22")] == [1, 1, 1]
    assert [shown.count(name) for name in ("@somebody_else", "@alice_1", "@bob_22")] == [0, 0, 0]
    last = screen.telegram.messages()[-1]
    (footer,) = [one for one in last.caption_entities + last.entities if one["type"] == "italic"]
    assert footer["length"] == utf16_length("for @\u2060bob_22")
    assert last.shown.endswith("by @\u2060alice_1\nfor @\u2060bob_22")


def test_a_cut_text_keeps_its_styles() -> None:
    """Code that is cut to fit an inline message is code up to the ellipsis; the footer keeps its own style."""
    first, *others = Pages().draw("**Look:**\n\n```py\n" + "x = 1\n" * 1200 + "```")
    page = cut(first, tail("More.", "Small"))
    assert others
    assert utf16_length(page.text) <= PAGE_SIZE
    assert [entity["type"] for entity in page.entities] == ["bold", "pre", "italic"]
    kept, _, below = page.text.partition("…")
    _, code, small = page.entities
    assert (code["language"], below) == ("py", "\n\nMore.\nSmall")
    assert code["offset"] + code["length"] == utf16_length(kept)
    assert page.text[small["offset"] :] == "Small"


@pytest.mark.parametrize(
    "typed",
    [
        "- x",
        "+ x\n* y",
        "-",
        "5) five",
        "1. one\n2. two",
        "foo\n===",
        "foo\n---",
        "    indented",
        "if x:\n\u00a0\u00a0\u00a0\u00a0y",
        "a  \n\n> b\n# c",
        "a | b\n---|---\n1 | 2",
        "*a* `b` ~~c~~ [d](https://e.org) $x^2$ \\(y\\) <b>&amp;</b>",
        "is ||this|| in [^1]?",
    ],
)
def test_a_question_above_an_answer_is_shown_as_it_was_typed(typed: str) -> None:
    """It is not read as Markdown; only blanks around lines may be missing."""
    (page,) = Pages().draw(f"{quoted(typed)}\n\nFine.")
    shown = page.text.replace("\u2060", "")
    assert shown == "\n".join(line.rstrip() for line in [*typed.strip().split("\n"), "", "Fine."])
    assert [entity["type"] for entity in page.entities] == ["blockquote"]


def test_a_question_keeps_its_indentation() -> None:
    """An indented line stays indented; a blank line is empty."""
    (page,) = Pages().draw(quoted("for x in y:\n    z\n\tz\n   \nend"))
    moved = "\u00a0" * 4 + "z"
    assert page.text == f"for x in y:\n{moved}\n{moved}\n\nend"


def test_a_caption_fits() -> None:
    """However long the prompt, the note and the small print are: else the picture would be refused for it."""
    page = caption("a fox 🦊 " * 300, "word " * 200, "$0.01 " * 100)
    assert page.text.startswith("a fox 🦊")
    assert 900 < utf16_length(page.text) <= CAPTION_UNITS

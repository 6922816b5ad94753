"""Text and entities, as TDLib accepts them."""

import json
from itertools import pairwise
from typing import Any

import pytest
import telegramify_markdown

from bots.telegram.markup import PAGE_ENTITIES, PAGE_SIZE, Drawn, Entity, TelegramRenderer
from bots.telegram.rich import RichRenderer, rich_words
from core.markdown.blocks import Block, Mark, Paragraph, Run, parse
from core.pages import utf16_length
from tests.core.markdown.made_markdown import paginate
from tests.standins.telegram import tdlib

SAMPLE = """# Title with *style*

Some **bold _and italic_** text, `Vec<T>`, ~~gone~~, ||hidden||, [a link](https://example.org/a_(b)) 👩‍👩‍👧 ü.

> A quote with **bold**
> in two lines

1. one
2. two with `code`
   - inner *item*
- [x] done

| name | value |
|---|---:|
| a_b | 1 |

```python
def f(x):
    return x < 1
```

[bad](javascript:1) $\\alpha^2$ last line
"""
KINDS = {
    "bold": "textEntityTypeBold",
    "italic": "textEntityTypeItalic",
    "strikethrough": "textEntityTypeStrikethrough",
    "spoiler": "textEntityTypeSpoiler",
    "code": "textEntityTypeCode",
    "pre": "textEntityTypePre",
    "text_link": "textEntityTypeTextUrl",
    "blockquote": "textEntityTypeBlockQuote",
    "expandable_blockquote": "textEntityTypeExpandableBlockQuote",
}


def kind_of(entity: dict[str, Any]) -> dict[str, Any]:
    if entity["type"] == "pre" and "language" in entity:
        return {"@type": "textEntityTypePreCode", "language": entity["language"]}
    kind: dict[str, Any] = {"@type": KINDS[entity["type"]]}
    return {**kind, "url": entity["url"]} if "url" in entity else kind


def judged(page: Drawn) -> dict[str, Any]:
    """What TDLib makes of the page; an error object where it refuses it."""
    entities = [
        {"@type": "textEntity", "offset": one["offset"], "length": one["length"], "type": kind_of(dict(one))}
        for one in page.entities
    ]
    return tdlib.judged(page.text, entities)


def named(text: str) -> list[str]:
    """Whom TDLib finds called in a text."""
    kinds = [one["type"]["@type"] for one in tdlib.asked("getTextEntities", text)["entities"]]
    return [kind for kind in kinds if "Mention" in kind]


def assert_sound(page: Drawn) -> None:
    """Within the limits, nothing empty, nothing beyond the text, nothing crossing or inside code."""
    assert utf16_length(page.text) <= PAGE_SIZE
    assert page.text == page.text.strip()
    assert len(page.entities) <= PAGE_ENTITIES
    spans = sorted(page.spans, key=lambda span: (span.offset, -span.length))
    for span in spans:
        assert span.length > 0
        assert span.offset + span.length <= utf16_length(page.text)
    for one, other in pairwise(spans):
        inside = other.offset + other.length <= one.offset + one.length
        assert inside or other.offset >= one.offset + one.length
        assert one.kind not in ("code", "pre") or other.offset >= one.offset + one.length


def test_every_style_is_an_entity() -> None:
    """Styles, links, quotes and code become entities; links that are no web address become text."""
    (page,) = paginate(SAMPLE, TelegramRenderer())
    assert_sound(page)
    kinds = {span.kind for span in page.spans}
    assert {"bold", "italic", "code", "pre", "text_link", "blockquote", "strikethrough"} <= kinds
    assert "Vec<T>" in page.text
    assert "javascript" not in json.dumps([dict(one) for one in page.entities])
    assert "α²" in page.text


@pytest.mark.parametrize("repeat", [1, 12])
def test_every_truncation_is_sound(repeat: int) -> None:
    """Each page of an answer can be sent, however far it has grown."""
    source = SAMPLE * repeat
    for end in range(1, len(source), 7 if repeat == 1 else 211):
        for page in paginate(source[:end], TelegramRenderer()):
            assert_sound(page)


def test_tdlib_accepts_every_page() -> None:
    """The official client library accepts text and entities unchanged."""
    for end in range(1, len(SAMPLE), 13):
        for page in paginate(SAMPLE[:end], TelegramRenderer()):
            assert judged(page)["@type"] == "formattedText"


@pytest.mark.parametrize(
    "answer",
    [
        "@alice_1",
        "/@alice_1",
        "@**alice_1**",
        "@a**lice_1**",
        "@<b>alice_1</b>",
        "@[alice_1](ftp://x)",
        "https://@alice_1",
        "https://x/@alice_1",
        "https://a.com/\u2016/@alice_1",
        "xhttps://a.com/@alice_1",
    ],
)
def test_an_answer_mentions_nobody(answer: str) -> None:
    """However a name is written, TDLib finds no mention in what is sent."""
    assert named("@alice_1")
    assert not named(TelegramRenderer().draw(parse(answer)[0]).text)
    assert not named(rich_words(list(RichRenderer().draw(parse(answer)[0]).blocks)))


@pytest.mark.parametrize("text", ["see https://medium.com/@alice_1/a-title", "write to alice@example.org"])
def test_addresses_contain_no_invisible_characters(text: str) -> None:
    """They can be copied and opened."""
    assert TelegramRenderer().draw(parse(text)[0]).text == text


@pytest.mark.parametrize(
    ("link", "usable"),
    [
        *(
            (link, True)
            for link in ("https://a.b", "HTTP://A.B:65535?x", "https://a.b:080/x y", "https://127.0.0.1/")
        ),
        *(
            (link, True)
            for link in ("https://ä.de/", "https://your_domain.com#x", "https://$x.a%41~!.b", "http://a.b./%zz")
        ),
        *(
            (link, False)
            for link in ("http://localhost:3000", "https://YOUR_DOMAIN/callback", "https://", "https:///a.b")
        ),
        *(
            (link, False)
            for link in ("http://a.b:PORT/", "http://a.b:/", "http://a.b:0", "http://a.b:65536", "http://a.b:٣")
        ),
        *(
            (link, False)
            for link in (
                "https://{host}.com/",
                "https://a b.c",
                "https://a.b\\c",
                "https://a.b%4x",
                "https://.",
            )
        ),
        *((link, False) for link in ("https://[abc]/", "https://a@b@c.d/")),
    ],
)
def test_links_are_those_that_tdlib_takes(link: str, usable: bool) -> None:
    """An unacceptable one would cost the whole message its styles: its address is written out."""
    drawn = TelegramRenderer().draw(Paragraph((Run("the ", link=link), Run("page", Mark.BOLD, link), Run("."))))
    assert (tdlib.fault_of_link(link) == "") is usable
    assert drawn.text == ("the page." if usable else f"the page ({link}).")
    assert ("text_link" in {span.kind for span in drawn.spans}) is usable
    rich = RichRenderer().draw(Paragraph((Run("the page", link=link),)))
    assert rich.text == ("the page" if usable else f"the page ({link})")
    assert ("url" in str(rich.blocks)) is usable


@pytest.mark.parametrize(
    ("answer", "shown"),
    [
        ("<http://router/>", "http://router/"),
        ("[us](mailto:us@example.org?subject=Hello)", "us (us@example.org)"),
        ("[us@example.org](mailto:us@example.org)", "us@example.org"),
        ("<mailto:us@example.org>", "mailto:us@example.org"),
        (
            "[v6](http://[::1]:80/) and [me](https://me@example.org)",
            "v6 (http://[::1]:80/) and me (https://me@example.org)",
        ),
        ("[a](#title), [b](b.md), [c](javascript:1)", "a, b, c"),
        (f"[long](https://example.org/{'x' * 2048})", "long"),
    ],
)
def test_an_address_that_is_no_link_is_written_once(answer: str, shown: str) -> None:
    """Behind the link's text, if it differs from that and leads anywhere from a chat."""
    assert TelegramRenderer().draw(parse(answer)[0]) == Drawn(shown, len(shown))


@pytest.mark.parametrize(
    "answer",
    [
        "Some **bold _and italic_** 👩‍👩‍👧 text, ~~gone~~, ||hidden||, `code` and [a link](https://x.y/a_(b)).",
        "*a*, **b**, ***c***, 𝔘 `d`\n\n```python\nx = 1 < 2\n```",
        "[**bold** 🇩🇪 link](https://x.y) and 日本語 **太字** `*no*`",
    ],
)
def test_another_library_reads_the_same(answer: str) -> None:
    """telegramify-markdown, where it loses nothing, finds the same text and styles."""
    text, theirs = telegramify_markdown.convert(answer)
    (page,) = paginate(answer, TelegramRenderer())
    assert page.text == text.strip()
    assert set(page.spans) == {
        Entity(one.type, one.offset, one.length, one.url or one.language or "") for one in theirs
    }


def test_a_block_that_just_fits_stays_on_its_page() -> None:
    """Blanks that are not sent do not count."""
    above = "z" * (PAGE_SIZE - 3)
    assert len(paginate(f"{above}\n\n``a  ``", TelegramRenderer())) == 1
    assert len(paginate(f"{above}\n\n``ab``", TelegramRenderer())) == 2


def test_a_page_that_has_all_its_styles_is_full() -> None:
    """However much room is left, a block with one more entity goes to the next page uncut."""
    drawn: list[Block] = []

    class Counting(TelegramRenderer):
        def draw(self, block: Block) -> Drawn:
            drawn.append(block)
            return super().draw(block)

    pages = paginate("*a*\n\n" * PAGE_ENTITIES + "- so and **so**", Counting())
    assert [len(page.spans) for page in pages] == [PAGE_ENTITIES, 1]
    assert len(drawn) == PAGE_ENTITIES + 1

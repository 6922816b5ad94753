"""Events sent to open pages: enough to show the present state, never more than needed."""

import asyncio
import html
import json
import re
import time

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from bots.web.entry import Entry
from bots.web.incremental import IncrementalRenderer
from bots.web.markup import render_block, render_blocks
from bots.web.room import Listener, Room
from core.answer import Phase
from core.markdown.blocks import parse_pieces
from core.markdown.tails import completed

LINES = ("# Title\n", "- item\n", "1. one\n", "```py\nx = 1\n", "```\n", "> quote\n", "---\n", "  indented\n")
TABLES = ("| a | b |\n|---|---|\n", "| 1 | 2 |\n", "\n\n")
WORDS = ("word ", "**bold", "** ", "é😀 ", "`", "$x$ ", "<b>", "\\[x\\]")
PIECES = st.lists(st.sampled_from((*LINES, *TABLES, *WORDS)), max_size=40)


@given(PIECES)
@example(["# Title\n", "** ", "\n\n"])
def test_growing_draws_what_the_whole_draws(pieces: list[str]) -> None:
    """A text rendered piece by piece looks like the whole, including its unfinished end."""
    renderer, text = IncrementalRenderer(), ""
    for piece in pieces:
        text += piece
        whole = completed(text, parse_pieces(text))
        assert renderer.render(text) == tuple(render_block(one.block) for one in whole)
    assert renderer.render(f"{text}\n\nend") == render_blocks(f"{text}\n\nend")


def test_a_text_that_did_not_only_grow_is_drawn_anew() -> None:
    """An answer that starts over loses what was rendered before."""
    renderer = IncrementalRenderer()
    renderer.render("one\n\ntwo\n\nthree")
    assert renderer.render("other\n\nwords") == render_blocks("other\n\nwords")


def test_long_open_code_is_drawn_without_colours() -> None:
    """Highlighting a long block again with each token would cost more than the whole answer. Later, what is
    copied is the code to its last letter: a line end behind it would run a command."""
    code = "```python\n" + "x = 1\n" * 500
    assert "<span" not in IncrementalRenderer().render(code)[0]
    closed = IncrementalRenderer().render(code + "```\n\nDone.")[0]
    assert closed.startswith('<pre><code class="language-python"><span')
    assert re.sub(r"<[^>]+>", "", closed) == ("x = 1\n" * 500).strip()


def test_code_that_would_take_long_to_colour_stays_plain() -> None:
    """A thousand tokens can make code whose highlighting takes seconds and blocks everybody."""
    began = time.thread_time()
    (block,) = render_blocks("```c\nint a;" + "\n" * 8000 + "int b;\n```")
    assert time.thread_time() - began < 2
    assert "<span" not in block
    assert block.startswith('<pre><code class="language-c">int a;\n')


def draw(entry: Entry, blocks: tuple[str, ...], locale: str) -> str:
    return f"{entry.phase.value}|{entry.note}|" + "".join(blocks)


def pending_events(listener: Listener) -> list[tuple[str, dict[str, object]]]:
    """The events that a page would get now."""
    parts = listener._next().strip().split("\n\n")
    lines = [part.split("\n") for part in parts if part]
    return [(name.removeprefix("event: "), json.loads(data.removeprefix("data: "))) for name, data in lines]


def test_a_slow_page_is_told_the_newest_state_once() -> None:
    """A page that did not read for a while gets one difference, whatever happened in between."""
    room = Room("web:a")
    entry = Entry(id="1", person="web:a", command="ask", locale="en")
    room.show(entry, ())
    listener = Listener(room, "en", draw)
    assert pending_events(listener) == [("entry", {"id": "1", "html": "working||"})]
    growing = msgspec.structs.replace(entry, phase=Phase.GROWING)
    room.listeners.add(listener)
    room.show(growing, ("<p>a</p>",))
    assert [name for name, _ in pending_events(listener)] == ["entry"]
    for number in range(100):
        room.show(growing, ("<p>a</p>", f"<p>{number}</p>"))
    assert pending_events(listener) == [("grow", {"id": "1", "at": 1, "blocks": ["<p>99</p>"]})]
    room.show(growing := msgspec.structs.replace(growing, note="Wait."), ("<p>a</p>", "<p>99</p>"))
    assert pending_events(listener) == [("note", {"id": "1", "note": "Wait.", "progress": None})]
    room.show(msgspec.structs.replace(growing, phase=Phase.DONE, note=""), ("<p>a</p>", "<p>b</p>"))
    assert pending_events(listener) == [("entry", {"id": "1", "html": "done||<p>a</p><p>b</p>"})]


async def test_the_last_state_is_sent_before_closing(monkeypatch: pytest.MonkeyPatch) -> None:
    """A room that closes at the moment of the last state still sends it. During a silence it shows that the
    line is in use."""
    room = Room("web:a")
    listener = Listener(room, "en", draw)
    room.listeners.add(listener)
    events = listener.events()
    await anext(events)
    with monkeypatch.context() as patch:
        patch.setattr("bots.web.room._HEARTBEAT_S", 0)
        assert [(await anext(events))[0] for _ in range(2)] == [":", ":"]
    waiting = asyncio.ensure_future(anext(events))
    await asyncio.sleep(0)  # it waits for news
    room.show(Entry(id="1", person="web:a", command="ask", locale="en", phase=Phase.CUT), ())
    listener.close()
    assert "cut||" in await waiting
    assert [event async for event in events] == []


def test_old_entries_are_not_held() -> None:
    """A page that is open for days does not fill the memory, and neither does the record of what was sent to
    it."""
    room = Room("web:a")
    listener = Listener(room, "en", draw)
    room.listeners.add(listener)
    for number in range(200):
        room.show(Entry(id=str(number), person="web:a", command="ask", locale="en", phase=Phase.DONE), ())
        pending_events(listener)
    assert len(room.states) < 50
    assert len(listener._sent) < 50


@pytest.mark.parametrize(
    ("written", "address"),
    [
        ("See https://example.org/a.", "https://example.org/a"),
        ("(https://example.org/a)", "https://example.org/a"),
        ("https://example.org/a_(b)?c=d&e=f!", "https://example.org/a_(b)?c=d&amp;e=f"),
        ("**https://example.org**", "https://example.org"),
        ("(https://example.org/a_(b))", "https://example.org/a_(b)"),
        ("见（https://example.org/a），", "https://example.org/a"),
        ("「https://example.org/a」。", "https://example.org/a"),
        ("one\nhttps://example.org/a\ntwo", "https://example.org/a"),
    ],
)
def test_bare_addresses(written: str, address: str) -> None:
    """A bare address becomes a link; punctuation that ends the sentence is not part of it. All else stays."""
    (block,) = render_blocks(written)
    text = re.sub(r"<[^>]+>", "", block.replace("\n", " ").replace("<br>", "\n"))
    assert html.unescape(text) == written.replace("**", "")
    assert block.count("<a ") == 1
    assert f'href="{address}" ' in block
    assert f">{address}</a>" in block


@pytest.mark.parametrize(
    ("written", "links"),
    [("`https://e.org`", 0), ("```\nhttps://e.org\n```", 0), ("[https://a.org](https://b.org)", 1)],
)
def test_addresses_that_stay(written: str, links: int) -> None:
    """There are no links in code or within links."""
    (block,) = render_blocks(written)
    assert block.count("<a ") == links


def test_a_bar_of_block_characters_is_drawn() -> None:
    """The bar of block characters in /usage is a meter on the page; other code stays code."""
    (block,) = render_blocks("`" + "█" * 5 + "░" * 15 + "` resets")
    assert '<svg class="meter" viewBox="0 0 20 1"' in block
    assert '<rect width="5" height="1"/>' in block
    assert "░" not in block
    (block,) = render_blocks("`█░` and `x`")
    assert block.count("<code") == 2


def test_short_code_stays_in_one_piece() -> None:
    """A command is not broken at the end of a line; longer code may be."""
    (block,) = render_blocks(f"`/persona` and `{'/persona' * 9}`")
    assert '<code class="chip">/persona</code>' in block
    assert "<code>/persona" in block


@pytest.mark.parametrize("written", ["- שלום", "1. שלום", "> שלום", "| שלום |\n|---|"])
def test_blocks_that_begin_at_the_right(written: str) -> None:
    """In right-to-left text, bullets, numbers, quote bars and first columns are on the right."""
    (block,) = render_blocks(written)
    assert ' dir="auto"' in block

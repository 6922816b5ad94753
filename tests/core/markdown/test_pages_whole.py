"""Pages together contain the whole text, whatever the text, however it grows, and however small pages are. The
renderer here renders nothing: its pages are blocks, so that only the cutting is compared."""

from collections.abc import Sequence
from itertools import zip_longest

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from core.markdown.blocks import (
    Block,
    Code,
    Heading,
    Item,
    List,
    Paragraph,
    Quote,
    Rule,
    Table,
    clean,
    parse,
    parse_pieces,
    plain,
    settled,
)
from core.markdown.cuts import tame
from core.markdown.tails import completed
from core.pages import FOOTER, NOTE, Pager, Size
from tests.core.markdown.made_markdown import DOCUMENTS, EXAMPLES, NOISE, paginate

Sheet = tuple[Block, ...]


class Bare:
    """Draws blocks as themselves. Their size is their text and the number of their runs."""

    def __init__(self, units: int, entities: int = 1000) -> None:
        self.limit = Size(units, entities)

    def draw(self, block: Block) -> Sheet:
        return (block,)

    def join(self, drawn: Sequence[Sheet]) -> Sheet:
        return tuple(block for sheet in drawn for block in sheet)

    def size(self, drawn: Sheet) -> Size:
        units = sum(len(text_of(block, head=True).encode("utf-16-le")) // 2 for block in drawn)
        return Size(units, sum(map(runs_of, drawn)))

    def small_print(self, note: str, footer: str) -> Sheet:
        return parse(f"{note}\n\n{footer}")


def text_of(block: Block, *, head: bool = False) -> str:
    """What a block says; a table's header, which every page repeats, only if wanted."""
    match block:
        case Paragraph(runs) | Heading(_, runs):
            return plain(runs)
        case Code(text):
            return text
        case List(items):
            return "\n".join(text_of(item, head=head) for item in items)
        case Quote(blocks) | Item(blocks):
            return "\n".join(text_of(one, head=head) for one in blocks)
        case Table(_, top, rows):
            return "\n".join(plain(cell) for row in ((top, *rows) if head else rows) for cell in row)
        case Rule():
            return "-"


def runs_of(block: Block) -> int:
    match block:
        case Paragraph(runs) | Heading(_, runs):
            return len(runs)
        case List(items):
            return sum(map(runs_of, items))
        case Quote(blocks) | Item(blocks):
            return sum(map(runs_of, blocks))
        case _:
            return 1


def ink(blocks: Sequence[Block]) -> str:
    """All visible characters in order; those of a table column by column, since a high row is cut in all."""
    parts: list[str] = []
    for block in map(tame, blocks):
        if isinstance(block, Table) and parts and parts[-1].startswith(_TABLE):
            columns = zip_longest(parts[-1].split(_TABLE)[1:], _columns(block), fillvalue="")
            parts[-1] = "".join(_TABLE + "".join(pair) for pair in columns)
        elif isinstance(block, Table):
            parts.append("".join(_TABLE + column for column in _columns(block)))
        else:
            parts.append("".join(text_of(block).split()))
    return "".join(parts).replace(_TABLE, "")


_TABLE = "\0"


def _columns(table: Table) -> list[str]:
    if not table.rows:
        return [""] * len(table.align)
    return [
        "".join("".join(plain(cell).split()) for cell in column) for column in zip(*table.rows, strict=True)
    ]


def codes(blocks: Sequence[Block]) -> list[tuple[str, str]]:
    """All code with its language, pieces of one language joined, without line ends."""
    found: list[tuple[str, str]] = []

    def walk(block: Block) -> None:
        match block:
            case Code(text, language):
                if found and found[-1][0] == language:
                    text = found.pop()[1] + text
                found.append((language, text.replace("\n", "")))
            case List(items):
                list(map(walk, items))
            case Quote(blocks) | Item(blocks):
                list(map(walk, blocks))
            case Paragraph() | Heading() if ink((block,)):
                found.append(("", "")) if found and found[-1] != ("", "") else None

    for block in blocks:
        walk(block)
    return [one for one in found if one[1]]


def open_ink(source: str) -> str:
    """What a growing text says so far. A link's brackets may stay until its address is known."""
    source = clean(source)
    return bare_ink([piece.block for piece in completed(source, parse_pieces(source))])


def bare_ink(blocks: Sequence[Block]) -> str:
    return ink(blocks).replace("[", "").replace("]", "")


def assert_whole(source: str, pages: Sequence[Sheet], renderer: Bare) -> None:
    whole = parse(source)
    together = renderer.join(pages)
    assert ink(together) == ink(whole)
    assert codes(together) == codes(whole)
    for page in pages:
        assert renderer.size(page).fits(renderer.limit)


@settings(max_examples=60)
@given(DOCUMENTS, st.sampled_from([120, 300, 900]))
def test_documents_are_whole_over_pages(source: str, units: int) -> None:
    """Cutting loses, repeats or moves nothing of texts as models write them, down to each line's
    indentation."""
    renderer = Bare(units)
    assert_whole(source, paginate(source, renderer), renderer)


@settings(max_examples=100)
@given(NOISE, st.sampled_from([40, 200]))
def test_noise_is_whole_over_pages(source: str, units: int) -> None:
    """The same for random text."""
    renderer = Bare(units)
    assert_whole(source, paginate(source, renderer), renderer)


@pytest.mark.parametrize("start", range(0, len(EXAMPLES), 50))
def test_the_specification_is_whole_over_pages(start: int) -> None:
    """The same for the specification's examples, each alone and all as one text."""
    renderer = Bare(80)
    examples = EXAMPLES[start : start + 50]
    for source in (*examples, "\n\n".join(examples)):
        assert_whole(source, paginate(source, renderer), renderer)


@settings(max_examples=60)
@given(st.one_of(DOCUMENTS, NOISE), st.integers(8, 40))
def test_a_growing_text_is_whole_at_every_step(source: str, steps: int) -> None:
    """One pager that sees the text grow shows at each step what a new one would."""
    renderer = Bare(150)
    pager = Pager(renderer)
    for end in [*range(1, len(source), len(source) // steps + 1), len(source)]:
        if "]: http" in source[source.rfind("\n", 0, end) : end]:
            continue  # whether it holds for what was before it shows only at the end of its line
        assert bare_ink(renderer.join(pager.pages_so_far(source[:end]))) == open_ink(source[:end])


@settings(max_examples=40)
@given(DOCUMENTS.filter(lambda source: "]: http" not in source), st.integers(8, 30))
def test_a_finished_page_stays(source: str, steps: int) -> None:
    """A page after which a block has ended never changes, however the text continues."""
    renderer = Bare(150)
    pager = Pager(renderer)
    finished: list[Sheet] = []
    for end in [*range(1, len(source), len(source) // steps + 1), len(source)]:
        pages = pager.pages_so_far(source[:end])
        assert list(pages[: len(finished)]) == finished
        pieces = parse_pieces(clean(source[:end]))
        ended = len(ink([piece.block for piece in pieces[: settled(pieces, source[:end])]]))
        while len(finished) < len(pages) and len(ink(renderer.join(pages[: len(finished) + 1]))) < ended:
            finished.append(pages[len(finished)])


def test_marks_that_close_pages_later_are_marks() -> None:
    """If the end of a paragraph changes the meaning of its beginning, its pages change, and nothing is lost."""
    source = "Some **words " + "of _many_ words `code` " * 20 + "end** now.\n\nMore."
    renderer = Bare(100)
    pager = Pager(renderer)
    for end in range(1, len(source) + 1):
        assert bare_ink(renderer.join(pager.pages_so_far(source[:end]))) == open_ink(source[:end])


@pytest.mark.parametrize("start", range(0, len(EXAMPLES), 100))
def test_every_truncation_of_the_specification_is_whole(start: int) -> None:
    """A text cut anywhere is shown completely up to there."""
    for source in EXAMPLES[start : start + 100]:
        if "[ref\\[]" in source:
            continue  # the parser asks for no label that holds an escape
        renderer = Bare(60)
        pager = Pager(renderer)
        for end in range(1, len(source) + 1):
            assert bare_ink(renderer.join(pager.pages_so_far(source[:end]))) == open_ink(source[:end])


@settings(max_examples=60)
@given(DOCUMENTS, st.integers(5, 30))
def test_no_page_has_too_many_entities(source: str, entities: int) -> None:
    """The second limit holds like the first."""
    renderer = Bare(2000, entities)
    for page in paginate(source, renderer):
        assert renderer.size(page).fits(renderer.limit)


def test_another_text_begins_anew() -> None:
    """A pager that gets a text which does not continue the last one shows that text only."""
    renderer = Bare(100)
    pager = Pager(renderer)
    pager.pages("old words " * 100)
    assert ink(renderer.join(pager.pages("new"))) == "new"


def test_small_print_stands_below_the_text_within_the_limit() -> None:
    """Note and footer are on the last page; a full page makes room for them."""
    renderer = Bare(200)
    for length in range(1, 60):
        source = "\n\n".join(["four"] * length)
        pages = paginate(source, renderer, "note", "footer")
        assert ink(renderer.join(pages)) == ink(parse(source)) + "notefooter"
        assert ink(pages[-1]).endswith("notefooter")
        assert all(renderer.size(page).fits(renderer.limit) for page in pages)
    assert paginate("", renderer) == ()
    assert ink(paginate("", renderer, "note")[0]) == "note"
    (page,) = paginate("", Bare(2000), "n" * 5000, "f" * 5000)
    assert [text_of(block) for block in page] == ["n" * (NOTE - 1) + "…", "f" * (FOOTER - 1) + "…"]


def test_definitions_of_earlier_pages_hold() -> None:
    """A link defined pages ago is still a link."""
    source = "[home]: https://example.org\n\n" + "word " * 100 + "\n\n" + "See [home] and [Home]."
    renderer = Bare(150)
    pager = Pager(renderer)
    for end in range(0, len(source), 10):
        pager.pages_so_far(source[:end])
    last = pager.pages(source)[-1][-1]
    assert isinstance(last, Paragraph)
    assert [run.link for run in last.runs] == ["", "https://example.org", "", "https://example.org", ""]


def test_numbers_go_on_and_headers_come_again() -> None:
    """Each page of a list begins with its number, of a table with its header, of code with its language."""
    renderer = Bare(120)
    numbered = paginate("\n".join(f"1. item number {at}" for at in range(60)), renderer)
    starts = [page[0].start for page in numbered if isinstance(page[0], List)]
    counts = [len(page[0].items) for page in numbered if isinstance(page[0], List)]
    assert starts == [1 + sum(counts[:at]) for at in range(len(counts))]
    assert sum(counts) == 60
    rows = "| name | value |\n|---|---|\n" + "\n".join(f"| {at} | x |" for at in range(60))
    assert all(
        ink(page).isalnum() and "name" in text_of(page[0], head=True) for page in paginate(rows, renderer)
    )
    code = "```c++\n" + "\n".join(f"    line {at};" for at in range(60)) + "\n```"
    pages = paginate(code, renderer)
    assert all(isinstance(page[0], Code) and page[0].language == "c++" for page in pages)
    assert "\n".join(text_of(page[0]) for page in pages) == text_of(parse(code)[0])


@pytest.mark.parametrize("prefix", ["", "> ", "- "])
def test_a_table_whose_header_fills_a_page_becomes_lines(prefix: str) -> None:
    """On pages too small for its header a table is lines of text, also while it grows; no cell is lost."""
    names = [f"column{at}" for at in range(12)]
    rows = [names, ["---"] * 12, *([f"r{row}c{at}" for at in range(12)] for row in range(20))]
    indent = "  " if prefix == "- " else prefix
    lines = [f"{indent if number else prefix}| {' | '.join(row)} |" for number, row in enumerate(rows)]
    source = "\n".join(lines) + "\n\nAfter."
    renderer = Bare(60)
    pager = Pager(renderer)
    for end in range(1, len(source), 7):
        pager.pages_so_far(source[:end])
    pages = pager.pages(source)
    assert pages == paginate(source, renderer)
    assert all(renderer.size(page).fits(renderer.limit) for page in pages)
    whole = ink(renderer.join(pages)).replace("|", "")
    assert whole == "".join("".join(row) for row in (names, *rows[2:])) + "After."


def test_a_heading_stays_with_its_text() -> None:
    """No page but the last ends in a heading."""
    for length in range(1, 50):
        source = "\n\n".join([*["word"] * length, "# Title", "text " * 40])
        for page in paginate(source, Bare(150))[:-1]:
            assert not isinstance(page[-1], Heading)


def test_accents_emoji_and_flags_are_not_cut() -> None:
    """A word longer than a page is cut between graphemes."""
    for letter in ("👩‍👩‍👧", "e\u0301", "🇩🇪", "👍🏽"):
        for before in ("", "a", "ab"):
            for page in paginate(clean(before + letter * 60), Bare(40)):
                assert ink(page).removeprefix(before).replace(letter, "") == ""

"""Texts, code and PDFs as part of a question."""

import asyncio
import gzip
import io
import json
import subprocess
import zipfile
import zlib
from types import SimpleNamespace
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter
from pypdf.generic import NameObject, StreamObject

from core.attachments import documents
from core.attachments.documents import MOST_TEXT, read_documents
from core.attachments.files import MOST_BYTES, File, fetch, pictures, texts
from core.errors import BadInput
from core.turn import Attachment
from core.words import locales, t
from tests.core.attachments.made_pictures import encoded, photo
from tests.waiting import until


def attachment(data: bytes, name: str = "a.txt", media_type: str = "text/plain") -> Attachment:
    async def read(limit: int) -> bytes:
        assert limit == MOST_BYTES
        return data

    return Attachment(name, media_type, len(data), read)


def pdf(*pages: str, extra: bytes = b"") -> bytes:
    """A small PDF with one line on each page."""
    objects = [
        "<< /Type /Catalog /Pages 2 0 R >>",
        "",
        "<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    ]
    kids = []
    for text in pages:
        stream = f"BT /F1 12 Tf 72 720 Td ({text}) Tj ET"
        objects.append(f"<< /Length {len(stream)} >>\nstream\n{stream}\nendstream")
        kids.append(f"{len(objects) + 1} 0 R")
        objects.append(
            f"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 612 792] /Contents {len(objects)} 0 R"
            " /Resources << /Font << /F1 3 0 R >> >> >>"
        )
    objects[1] = f"<< /Type /Pages /Kids [{' '.join(kids)}] /Count {len(kids)} >>"
    out = b"%PDF-1.4\n"
    places = []
    for number, body in enumerate(objects, 1):
        places.append(len(out))
        out += f"{number} 0 obj\n{body}\nendobj\n".encode()
    table = "".join(f"{place:010} 00000 n \n" for place in places)
    end = f"xref\n0 {len(objects) + 1}\n0000000000 65535 f \n{table}"
    return (
        out + f"{end}trailer << /Root 1 0 R /Size {len(objects) + 1} >>\nstartxref\n{len(out)}\n%%EOF".encode()
    )


def half_a_character_pdf() -> bytes:
    """One page whose font says of its A that it is half of a character."""
    meaning = (
        "/CIDInit /ProcSet findresource begin 12 dict begin begincmap /CMapType 2 def\n"
        "1 begincodespacerange <00> <FF> endcodespacerange\n1 beginbfchar <41> <D83D> endbfchar endcmap end end"
    )
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("hello A world"))))
    stream = StreamObject()
    stream.set_data(meaning.encode())
    font = writer.pages[0]["/Resources"]["/Font"]["/F1"]  # type: ignore[index]  # pypdf types no contents
    font[NameObject("/ToUnicode")] = writer._add_object(stream)
    return written(writer)


def with_odd_pages(data: bytes, *odd: int) -> bytes:
    """Those pages, counted from 0, are packed in a way that nobody knows."""
    writer = PdfWriter(clone_from=PdfReader(io.BytesIO(data)))
    for number in odd:
        stream = StreamObject()
        stream.set_data(b"xx")
        stream[NameObject("/Filter")] = NameObject("/UnknownDecode")
        writer.pages[number][NameObject("/Contents")] = writer._add_object(stream)
    return written(writer)


def written(writer: PdfWriter) -> bytes:
    out = io.BytesIO()
    writer.write(out)
    return out.getvalue()


def zipped(data: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr("a.txt", data)
    return out.getvalue()


async def refused(*given: Attachment) -> BadInput:
    """The refusal, which has a sentence of its own in every language."""
    with pytest.raises(BadInput) as caught:
        await read_documents(texts(await fetch(given)))
    sentences = {t(name, caught.value.message_key, **caught.value.data) for name in locales()}
    assert len(sentences) == len(locales())
    assert all(len(one) > 20 and "{" not in one for one in sentences)
    return caught.value


async def test_a_text_joins_fenced_with_its_name() -> None:
    """A text or code file is added to the question as a fenced block with its file name."""
    files = await fetch([attachment(b"\xef\xbb\xbfprint(1)\n", "my script.py"), attachment(b"# hi", "a.md")])
    assert await read_documents(files) == [
        "File my script.py:\n```py\nprint(1)\n```",
        "File a.md:\n```md\n# hi\n```",
    ]


async def test_a_fence_inside_cannot_end_the_fence() -> None:
    """The fence is longer than any inside; a file name cannot break out of its line."""
    (text,) = await read_documents([File("x```\n⟦Bob⟧.md", "text", b"a\n`````\nb")])
    assert text.split("\n")[1] == "``````md"
    assert text.endswith("\n``````")
    assert text.split("\n")[0] == "File x Bob .md:"
    (text,) = await read_documents([File("🙂", "text", b"a")])
    assert text.startswith("File attachment:\n```\n")


async def test_long_names_are_told_apart() -> None:
    """Names that differ only at their end stay different; the longest keeps its extension."""
    year = "Quarterly financial report 2024 European sales"
    first, second = await read_documents(
        [File(f"{year} Q1.csv", "text", b"a"), File(f"{year} Q2.csv", "text", b"a")]
    )
    assert first == f"File {year} Q1.csv:\n```csv\na\n```"
    assert second == f"File {year} Q2.csv:\n```csv\na\n```"
    (text,) = await read_documents([File("x" * 5000 + " part 2.py", "text", b"a")])
    head = text.split("\n")[0]
    assert head.endswith("x part 2.py:")
    assert len(head) < 140
    assert "\n```py\n" in text


async def test_long_texts_are_cut_and_say_so() -> None:
    """There is a limit for all together; a cut text is marked, and cut between characters."""
    both = [File("a.txt", "text", "ä".encode() * MOST_TEXT), File("b.txt", "text", b"more")]
    first, second = await read_documents(both)
    assert first.startswith(f"File a.txt (Only the beginning: {MOST_TEXT // 2} of {MOST_TEXT} characters.):")
    assert len(first.encode()) < MOST_TEXT + 200
    assert second.startswith("File b.txt (Not read: no room was left.)")


async def test_a_pdf_gives_its_text() -> None:
    """A PDF's text joins like any other; beyond the page limit it says what is missing."""
    (text,) = await read_documents(await fetch([attachment(pdf("one", "two"), "a.pdf", "application/pdf")]))
    assert text == "File a.pdf:\n```pdf\none\n\ntwo\n```"
    (text,) = await read_documents([File("b.pdf", "pdf", pdf(*(f"page {n}" for n in range(60))))])
    assert "(Only the first 50 of 60 pages.)" in text
    assert "page 49" in text
    assert "page 50" not in text


async def test_lone_surrogates_of_a_pdf_are_replaced() -> None:
    """Fonts map glyphs to text, sometimes to a lone surrogate: the text can still be stored and sent."""
    (text,) = await read_documents([File("a.pdf", "pdf", half_a_character_pdf())])
    assert text == "File a.pdf:\n```pdf\nhello \ufffd world\n```"


async def test_an_odd_page_spoils_no_other() -> None:
    """Readable pages are read, and the model is told how many are missing; if all are, the PDF counts as
    damaged."""
    (text,) = await read_documents([File("a.pdf", "pdf", with_odd_pages(pdf("one", "two", "three"), 1))])
    assert text == "File a.pdf (1 of its pages could not be read.):\n```pdf\none\n\nthree\n```"
    many = with_odd_pages(pdf(*(f"page {n}" for n in range(60))), 3, 4)
    (text,) = await read_documents([File("a.pdf", "pdf", many)])
    assert "(Only the first 50 of 60 pages. 2 of its pages could not be read.)" in text
    none = attachment(with_odd_pages(pdf("one", "two"), 0, 1), "a.pdf")
    assert (await refused(none)).message_key == "pdf-broken"
    no_text = attachment(with_odd_pages(pdf("", "two"), 1), "a.pdf")
    assert (await refused(no_text)).message_key == "pdf-no-text"


async def test_pdfs_that_cannot_be_read_say_why() -> None:
    """Damaged, locked and empty PDFs are refused, each with its own sentence."""
    locked = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("one"))))
    locked.encrypt("password")
    for data, key in (
        (b"%PDF-1.4 nothing", "pdf-broken"),
        (pdf("one")[:200], "pdf-broken"),
        (written(locked), "pdf-locked"),
        (pdf(""), "pdf-no-text"),
    ):
        assert (await refused(attachment(data, "a.pdf"))).message_key == key


async def test_a_pdf_bomb_ends_its_own_process_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF that unpacks to gigabytes, or never ends, meets a limit on memory or time, and affects nothing
    else."""
    zeros = zlib.compress(b"\x00" * 100_000_000, 9)
    for _ in range(2):
        zeros = zlib.compress(zeros, 9)
    stream = f"<< /Length {len(zeros)} /Filter [/FlateDecode /FlateDecode /FlateDecode] >>\nstream\n".encode()
    plain = b"<< /Length 38 >>\nstream\nBT /F1 12 Tf 72 720 Td (one) Tj ET"
    source = pdf("one")
    start = source.index(b"<< /Length")
    end = source.index(b"\nendstream", start)
    assert plain[:9] == source[start : start + 9]
    bomb = source[:start] + stream + zeros + source[end:]
    assert (await refused(attachment(bomb, "a.pdf"))).message_key in (
        "pdf-too-hard",
        "pdf-broken",
        "pdf-no-text",
    )
    monkeypatch.setattr(documents, "PDF_SECONDS", 0.001)
    assert (await refused(attachment(pdf("x"), "a.pdf"))).message_key == "pdf-too-hard"


async def test_the_pdfs_of_a_question_share_a_time_limit(monkeypatch: pytest.MonkeyPatch) -> None:
    """Two are read at a time, for everybody: ten PDFs of 14 seconds each hold up others for half a minute, not
    for two. The error names the PDF for which no time is left."""
    now, given = 0.0, list[float]()
    read = json.dumps({"pages": 1, "read": 1, "odd": 0, "text": "x"}).encode()

    def slow(command: list[str], *, timeout: float, **_: object) -> subprocess.CompletedProcess[bytes]:
        nonlocal now
        given.append(timeout)
        now += min(timeout, 14.0)
        if timeout < 14.0:
            raise subprocess.TimeoutExpired(command, timeout)
        return subprocess.CompletedProcess(command, 0, read)

    monkeypatch.setattr(documents.subprocess, "run", slow)
    monkeypatch.setattr(documents, "time", SimpleNamespace(monotonic=lambda: now))
    with pytest.raises(BadInput, match="pdf-too-hard") as caught:
        await read_documents([File("a.pdf", "pdf", b"x", number) for number in range(1, 11)])
    assert (caught.value.data["number"], given, now) == (3, [15.0, 15.0, 2.0], 30.0)


async def test_the_reader_of_pdfs_sees_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """The process that reads PDFs gets an empty environment."""
    probe = tmp_path / "probe.py"
    probe.write_text(
        "import json, os; print(json.dumps({'pages': 1, 'read': 1, 'odd': 0, 'text': ' '.join(os.environ)}))",
        "utf-8",
    )
    monkeypatch.setenv("MINITOOLAI_API_KEY", "secret")
    monkeypatch.setattr(documents, "_PDF_READER", probe)
    (text,) = await read_documents([File("a.pdf", "pdf", b"x")])
    assert "MINITOOLAI_API_KEY" not in text


@pytest.mark.parametrize(
    ("data", "name", "media_type", "key"),
    [
        (b"", "a.txt", "text/plain", "file-empty"),
        (b"\x00\x01\x02", "a.txt", "text/plain", "file-wrong-type"),
        (b"\xff\xfe\x00", "a.txt", "text/plain", "file-wrong-type"),
        (b"PK\x03\x04\x14\x00rest", "a.docx", "", "file-wrong-type"),
        (b"<html><body>", "a.jpg", "image/jpeg", "picture-wrong-type"),
        (b"<!DOCTYPE html>", "a.jpg", "", "picture-wrong-type"),
        (b"<svg xmlns=''>", "a.svg", "image/svg+xml", "picture-wrong-type"),
        (b"just text", "photo.png", "", "picture-wrong-type"),
        (b"\x00\x00\x00\x18ftypheic", "a.heic", "", "picture-wrong-type"),
        (b"II*\x00rest", "a.tif", "", "picture-wrong-type"),
        (b"%!PS", "a", "image/png", "picture-wrong-type"),
    ],
)
async def test_other_files_are_refused_by_content(data: bytes, name: str, media_type: str, key: str) -> None:
    """The content decides, not the name: unsupported types, SVG, HTML named .jpg, empty files."""
    assert (await refused(attachment(data, name, media_type))).message_key == key
    two = await refused(attachment(b"fine"), attachment(data, name, media_type))
    assert two.data["number"] == 2


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("health.csv", "BMI,weight,height\n22,70,180\n"),
        ("ml.md", "ID3 is a decision tree algorithm.\n"),
        ("gif.txt", "GIF89a is how those pictures begin.\n"),
        ("Icon.tsx", "export const Icon = () => (\n  <svg width='10'/>\n)\n"),
        ("index.html", "<!doctype html><p>Hi"),
        ("spec.md", "A PDF starts with the line %PDF-1.7 and ends with %%EOF.\n"),
        ("pdf.py", "MARK = b'%PDF-'\n"),
    ],
)
async def test_what_can_be_read_as_text_is_text(name: str, data: str) -> None:
    """Text and code are read, whatever they begin with or mention."""
    (text,) = await read_documents(texts(await fetch([attachment(data.encode(), name)])))
    assert data.rstrip() in text


@pytest.mark.parametrize(
    ("junk", "name", "media_type"),
    [
        (b"\xef\xbb\xbf\r\n", "a", ""),
        (b"\xff\x00", "a", ""),
        (b"HTTP/1.1 200 OK\r\n\r\n", "A.PDF", ""),
        (b"HTTP/1.1 200 OK\r\n\r\n", "a", "application/pdf"),
    ],
)
async def test_a_pdf_behind_junk_is_a_pdf(junk: bytes, name: str, media_type: str) -> None:
    """Junk before the PDF header does not make it a text."""
    (file,) = await fetch([attachment(junk + pdf("one"), name, media_type)])
    assert file.kind == "pdf"


def made(kind: str) -> bytes:
    return encoded(photo(16, 16), kind)


@pytest.mark.parametrize(
    ("data", "kind"),
    [
        (made("BMP"), "BMP"),
        (made("TIFF"), "TIFF"),
        (made("ICO"), "ICO"),
        (b"\x00\x00\x00\x18ftypheic\xff", "HEIC"),
        (b"\x00\x00\x00\x18ftypqt  \xff", ""),
        (zipped(b"text"), ""),
        (gzip.compress(b"text"), ""),
        (b"\x1aE\xdf\xa3\xff", ""),
    ],
    ids=("BMP", "TIFF", "ICO", "HEIC", "MOV", "ZIP", "GZIP", "MKV"),  # some of the data has the time in it
)
async def test_unreadable_files_are_named_by_type(data: bytes, kind: str) -> None:
    """By the sender's file name, as a document may be an archive inside. A file that only claims to be a
    picture is named by its real type, if that is certain."""
    for given, named in (
        (attachment(data, "report.docx", ""), "report.docx"),
        (attachment(data, "a.png", "image/png"), kind or "a.png"),
    ):
        refusal = await refused(given)
        assert all(f"({named})" in t(locale, refusal.message_key, **refusal.data) for locale in locales())


@pytest.mark.parametrize(("text", "named"), [("<svg/>", "SVG"), ("<html>", "HTML"), ("just text", "a.png")])
async def test_a_text_that_claims_to_be_a_picture_is_named(text: str, named: str) -> None:
    """By its content if that is certain, else by its name."""
    assert (await refused(attachment(text.encode(), "a.png"))).data["kind"] == named


async def test_a_refusal_stops_the_other_downloads() -> None:
    """When one file is refused, the others are no longer fetched."""
    stopped = asyncio.Event()

    async def slow(limit: int) -> bytes:
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            stopped.set()
            raise
        return b""

    await refused(Attachment("a", "", 0, slow), attachment(b""))
    await until(stopped.is_set)


async def test_pictures_and_texts_are_told_apart() -> None:
    """An image sent as a document is a picture, whatever its name."""
    files = await fetch(
        [attachment(b"\x89PNG\r\n\x1a\nrest", "scan.bin", "application/octet-stream"), attachment(b"t")]
    )
    assert [file.kind for file in pictures(files)] == ["picture"]
    assert [file.kind for file in texts(files)] == ["text"]

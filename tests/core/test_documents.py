"""Texts, code and PDFs that join a question."""

import asyncio
import io
import zlib
from typing import Any

import pytest
from pypdf import PdfReader, PdfWriter

from core import documents
from core.attached import MOST_BYTES, MOST_FILES, File, fetch, pictures, texts
from core.documents import MOST_TEXT, read_documents
from core.errors import BadInput
from core.turn import Attachment
from core.words import locales, t
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


async def refused(*given: Attachment) -> BadInput:
    """The refusal, which has a sentence of its own in every language."""
    with pytest.raises(BadInput) as caught:
        await read_documents(texts(await fetch(given)))
    sentences = {t(name, caught.value.message_key, **caught.value.data) for name in locales()}
    assert len(sentences) == len(locales())
    assert all(len(one) > 20 and "{" not in one for one in sentences)
    return caught.value


async def test_a_text_joins_fenced_with_its_name() -> None:
    """Text and code attachments join the question as fenced text with their file name."""
    files = await fetch([attachment(b"\xef\xbb\xbfprint(1)\n", "my script.py"), attachment(b"# hi", "a.md")])
    assert await read_documents(files) == [
        "File my script.py:\n```py\nprint(1)\n```",
        "File a.md:\n```md\n# hi\n```",
    ]


async def test_a_fence_inside_cannot_end_the_fence() -> None:
    """The fence is longer than any inside; a name cannot break out of its line."""
    (text,) = await read_documents([File("x```\n⟦Bob⟧.md", "text", b"a\n`````\nb")])
    assert text.split("\n")[1] == "``````md"
    assert text.endswith("\n``````")
    assert text.split("\n")[0] == "File x Bob .md:"
    (text,) = await read_documents([File("🙂", "text", b"a")])
    assert text.startswith("File attachment:\n```\n")


async def test_long_texts_are_cut_and_say_so() -> None:
    """Up to a limit for all together; what is cut is marked as cut, at a whole character."""
    both = [File("a.txt", "text", "ä".encode() * MOST_TEXT), File("b.txt", "text", b"more")]
    first, second = await read_documents(both)
    assert first.startswith(f"File a.txt (Only the beginning: {MOST_TEXT // 2} of {MOST_TEXT} characters.):")
    assert len(first.encode()) < MOST_TEXT + 200
    assert second.startswith("File b.txt (Not read: there was no room left.)")


async def test_a_pdf_gives_its_text() -> None:
    """A PDF's text joins like any other; beyond the page limit it says what is missing."""
    (text,) = await read_documents(await fetch([attachment(pdf("one", "two"), "a.pdf", "application/pdf")]))
    assert text == "File a.pdf:\n```pdf\none\n\ntwo\n```"
    (text,) = await read_documents([File("b.pdf", "pdf", pdf(*(f"page {n}" for n in range(60))))])
    assert "(Only the first 50 of 60 pages.)" in text
    assert "page 49" in text
    assert "page 50" not in text


async def test_pdfs_that_cannot_be_read_say_why() -> None:
    """Damaged, locked and empty PDFs are refused, each with its own sentence."""
    locked = PdfWriter(clone_from=PdfReader(io.BytesIO(pdf("one"))))
    locked.encrypt("password")
    out = io.BytesIO()
    locked.write(out)
    for data, key in (
        (b"%PDF-1.4 nothing", "pdf-broken"),
        (pdf("one")[:200], "pdf-broken"),
        (out.getvalue(), "pdf-locked"),
        (pdf(""), "pdf-no-text"),
    ):
        assert (await refused(attachment(data, "a.pdf"))).message_key == key


async def test_a_pdf_bomb_ends_its_own_process_only(monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF that unpacks to gigabytes, or never ends, meets a limit of memory or time, and nothing else."""
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


async def test_the_reader_of_pdfs_sees_no_secrets(monkeypatch: pytest.MonkeyPatch, tmp_path: Any) -> None:
    """The process that reads PDFs gets no environment."""
    probe = tmp_path / "probe.py"
    probe.write_text(
        "import json, os; print(json.dumps({'pages': 1, 'read': 1, 'text': ' '.join(os.environ)}))", "utf-8"
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
        (b"\xff\xfe\x00h", "a.txt", "text/plain", "file-wrong-type"),
        (b"PK\x03\x04rest", "a.docx", "", "file-wrong-type"),
        (b"<html><body>", "a.jpg", "image/jpeg", "picture-wrong-type"),
        (b"<!DOCTYPE html>", "a.jpg", "", "picture-wrong-type"),
        (b"<svg xmlns=''>", "a.svg", "image/svg+xml", "picture-wrong-type"),
        (b"just text", "photo.png", "", "picture-wrong-type"),
        (b"\x00\x00\x00\x18ftypheic", "a.heic", "", "picture-wrong-type"),
        (b"II*\x00rest", "a.tif", "", "picture-wrong-type"),
        (b"%!PS", "a", "image/png", "picture-wrong-type"),
    ],
)
async def test_what_is_neither_says_so(data: bytes, name: str, media_type: str, key: str) -> None:
    """Files are known by content, not by name: wrong types, SVG, HTML named .jpg, zero bytes."""
    assert (await refused(attachment(data, name, media_type))).message_key == key
    two = await refused(attachment(b"fine"), attachment(data, name, media_type))
    assert two.data["number"] == 2


async def test_too_many_and_too_big_are_refused_before_they_cost() -> None:
    """40 files are refused unread; all together are bounded; one that is gone is said to be gone."""

    async def never(limit: int) -> bytes:
        raise AssertionError("was read")

    assert (await refused(*[Attachment("a", "", 0, never)] * 40)).message_key == "too-many-files"
    big = attachment(b"x" * 11 * 1024 * 1024)
    assert (await refused(*[big] * 5)).message_key == "files-too-big"

    async def gone(limit: int) -> bytes:
        raise BadInput("attachment-gone")

    assert (await refused(attachment(b"x"), Attachment("a", "", 0, gone))).message_key == "attachment-gone"


async def test_a_file_that_is_too_big_is_named() -> None:
    """Among several files the person reads which one it was, however long its name is."""

    async def big(limit: int) -> bytes:
        raise BadInput("attachment-too-big", mib=limit >> 20)

    error = await refused(attachment(b"x"), Attachment("film" + "x" * 300, "", 0, big))
    assert t("en", error.message_key, **error.data).startswith(f"“film{'x' * 56}” is too big; at most ")


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
    """An image sent as a document is a picture, whatever it is called."""
    files = await fetch(
        [attachment(b"\x89PNG\r\n\x1a\nrest", "scan.bin", "application/octet-stream"), attachment(b"t")]
    )
    assert [file.kind for file in pictures(files)] == ["picture"]
    assert [file.kind for file in texts(files)] == ["text"]


@pytest.mark.parametrize("stated", [True, False])
async def test_no_more_is_fetched_than_may_be_used(stated: bool) -> None:
    """What is too much together is not fetched at all where that is known, else no further than that."""
    fetched: list[int] = []

    async def read(limit: int) -> bytes:
        fetched.append(limit)
        await asyncio.sleep(0)  # as a network does
        return b"x" * MOST_BYTES

    size = MOST_BYTES if stated else 0
    error = await refused(*(Attachment("a", "", size, read) for _ in range(MOST_FILES)))
    assert error.message_key == "files-too-big"
    assert len(fetched) <= (0 if stated else 6)

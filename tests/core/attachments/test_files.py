"""Text files that are not UTF-8."""

import gzip
import random

import pytest

from core.attachments.documents import MOST_TEXT, read_documents
from core.attachments.files import fetch, texts
from tests.core.attachments.made_pictures import encoded, photo
from tests.core.attachments.test_documents import attachment, pdf, refused, zipped

GERMAN = "Größe;Preis\r\nübergroß;„5 €“\r\n"


async def read(data: bytes, name: str, media_type: str = "") -> str:
    (text,) = await read_documents(texts(await fetch([attachment(data, name, media_type)])))
    return text


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
async def test_text_is_read_in_whatever_windows_writes(encoding: str) -> None:
    """With or without a byte order mark, in UTF-8, UTF-16 or Windows-1252: the same text."""
    data = GERMAN.encode(encoding)
    for name, media_type in (("Preise.CSV", "application/vnd.ms-excel"), ("Preise", "text/csv; charset=x")):
        assert f"\n{GERMAN.rstrip()}\n" in await read(data, name, media_type)


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
async def test_a_byte_order_mark_says_the_order(mark: bytes) -> None:
    """Both byte orders are read, whatever the file's name, and the mark is not part of the text."""
    order = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    assert "\nпривет 🙂\n" in await read(mark + "привет 🙂".encode(order), "readme")


async def test_what_was_one_byte_is_counted_as_it_is_sent() -> None:
    """The limit counts UTF-8 bytes as sent to the model: two for each of these characters."""
    text = await read(("ä " * MOST_TEXT).encode("cp1252"), "a.txt")
    assert "Only the beginning" in text
    assert MOST_TEXT - 4 <= len(text.split("\n")[2].encode()) <= MOST_TEXT


@pytest.mark.parametrize(
    "data",
    [
        *(encoded(photo(16, 16), kind) for kind in ("BMP", "TIFF", "ICO")),
        zipped(b"text"),
        gzip.compress(b"text"),
        random.Random(1).randbytes(300),
        b"\xff\xfb\x90d" + b"U" * 30 + b"\x00",
        b"\xff\xfe" + random.Random(1).randbytes(3000),
        b"\xff\xfe\x00\xd8",
        b"\xff\xfe\x00\x00a\x00\x00\x00",
    ],
    ids=("BMP", "TIFF", "ICO", "ZIP", "GZIP", "noise", "MP3", "wide", "half", "UTF-32"),
)
async def test_a_name_makes_no_text(data: bytes) -> None:
    """Binary data is no text, even with a text file's name."""
    assert (await refused(attachment(data, "a.txt", "text/plain"))).message_key == "file-wrong-type"


@pytest.mark.parametrize("text", ["Привет, как дела?", "Привіт!\r\nЯк справи?"])
async def test_a_text_in_unknown_letters_is_told_how_to_be_saved(text: str) -> None:
    """The encoding cannot be guessed, only the name says that it is text: the refusal asks for UTF-8."""
    data = text.encode("cp1251")
    assert (await refused(attachment(data, "a.txt", ""))).message_key == "text-wrong-letters"
    assert (await refused(attachment(data, "a", "text/plain"))).message_key == "text-wrong-letters"
    assert (await refused(attachment(data, "a.bin", ""))).message_key == "file-wrong-type"


async def test_old_characters_need_a_name_that_says_text() -> None:
    """A few bytes of unknown data are not taken for Windows-1252."""
    assert (await refused(attachment(b"\xfcber", "key.bin", ""))).message_key == "file-wrong-type"
    picture, document = encoded(photo(16, 16), "JPEG"), pdf("one") + b"\xff"
    files = await fetch([attachment(picture, "a.txt"), attachment(document, "b.txt")])
    assert [file.kind for file in files] == ["picture", "pdf"]

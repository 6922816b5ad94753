"""Files that are not fetched, or are unusable, and how that is reported."""

import asyncio

import pytest

from core.attachments.files import MOST_BYTES, MOST_FILES, fetch
from core.errors import BadInput
from core.turn import Attachment
from core.words import t
from tests.core.attachments.test_documents import attachment, refused


async def test_too_many_and_too_big_are_refused_before_they_cost() -> None:
    """40 files are refused unread; the total size is limited; a missing file is reported as gone."""

    async def never(limit: int) -> bytes:
        raise AssertionError("was read")

    assert (await refused(*[Attachment("a", "", 0, never)] * 40)).message_key == "too-many-files"
    big = attachment(b"x" * 11 * 1024 * 1024)
    assert (await refused(*[big] * 5)).message_key == "files-too-big"

    async def gone(limit: int) -> bytes:
        raise BadInput("attachment-gone")

    assert (await refused(attachment(b"x"), Attachment("a", "", 0, gone))).message_key == "attachment-gone"


async def test_a_file_that_is_too_big_is_named() -> None:
    """Among several files the error names the one, however long its name is."""

    async def big(limit: int) -> bytes:
        raise BadInput("attachment-too-big", mib=limit >> 20)

    error = await refused(attachment(b"x"), Attachment("film" + "x" * 300, "", 0, big))
    assert t("en", error.message_key, **error.data).startswith(f"“film{'x' * 56}” is too big; at most ")


async def test_a_recording_is_refused_as_one() -> None:
    """Audio is refused with "I only read", not with a list of file types; an oversized video not with a size
    limit. A text stays a text, whatever its media type: TypeScript's is that of a video."""

    async def never(limit: int) -> bytes:
        raise AssertionError("was read")

    voice = attachment(b"OggS\x00\x02" + b"\xff" * 40, "voice-message.ogg", "audio/ogg")
    film = Attachment("film.mp4", "video/mp4", 80 * 2**20, never)
    for given in (voice, film):
        assert (await refused(given)).message_key == "no-recordings"
        (quoted,) = await fetch([given], spared=1)
        assert quoted.problem is not None
        assert quoted.problem.message_key == "no-recordings"
    assert [file.kind for file in await fetch([attachment(b"let a = 1", "a.ts", "video/mp2t")])] == ["text"]


async def test_one_file_is_not_too_big_together() -> None:
    """A single oversized file is named, and not fetched."""

    async def never(limit: int) -> bytes:
        raise AssertionError("was read")

    error = await refused(Attachment("book.pdf", "application/pdf", 80 * 2**20, never))
    assert t("en", error.message_key, **error.data) == "“book.pdf” is too big; at most 20 MB."


@pytest.mark.parametrize("stated", [True, False])
async def test_no_more_is_fetched_than_may_be_used(stated: bool) -> None:
    """Files that exceed the total are not fetched at all if their sizes are known, else only up to the
    limit."""
    fetched: list[int] = []

    async def read(limit: int) -> bytes:
        fetched.append(limit)
        await asyncio.sleep(0)  # as a network does
        return b"x" * MOST_BYTES

    size = MOST_BYTES if stated else 0
    error = await refused(*(Attachment("a", "", size, read) for _ in range(MOST_FILES)))
    assert error.message_key == "files-too-big"
    assert len(fetched) <= (0 if stated else 6)

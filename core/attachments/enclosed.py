"""What comes with a question: pictures as they are kept, texts as a model reads them. What the asker posted and
what the message brought that they point at stay apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.attachments.documents import read_documents
from core.attachments.files import fetch, pictures, texts
from core.conversation import Prepared
from core.turn import Attachment


@dataclass(frozen=True, slots=True)
class Enclosed:
    """The files of one message. `documents` are fenced."""

    pictures: tuple[Prepared, ...] = ()
    documents: tuple[str, ...] = ()


NOTHING = Enclosed()


async def open_files(own: Sequence[Attachment], quoted: Sequence[Attachment]) -> tuple[Enclosed, Enclosed]:
    """All limits are for both together. Raises BadInput with a key of its own for everything that cannot be
    used."""
    files = await fetch((*own, *quoted))
    prepared: tuple[Prepared, ...] = ()
    if shown := pictures(files):
        from core.pixels import prepare  # decoders are loaded with the first picture

        prepared = await prepare(shown)
    documents = tuple(await read_documents(texts(files)))
    mine = files[: len(own)]
    seen, read = len(pictures(mine)), len(texts(mine))
    return Enclosed(prepared[:seen], documents[:read]), Enclosed(prepared[seen:], documents[read:])

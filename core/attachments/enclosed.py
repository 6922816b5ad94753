"""Opens the files that come with a question: pictures for the memory, texts for the model. Those of the asker
and those of the message that they quote are kept apart."""

from collections.abc import Sequence
from dataclasses import dataclass

from core.attachments.documents import read_documents
from core.attachments.files import fetch, pictures, texts
from core.conversation import Prepared
from core.errors import BadInput
from core.turn import Attachment


@dataclass(frozen=True, slots=True)
class Enclosed:
    """The files of one message. `documents` are fenced. `problems` say why some could not be read; in their
    place among the documents the model is told so."""

    pictures: tuple[Prepared, ...] = ()
    documents: tuple[str, ...] = ()
    problems: tuple[BadInput, ...] = ()


NOTHING = Enclosed()


async def open_files(own: Sequence[Attachment], quoted: Sequence[Attachment]) -> tuple[Enclosed, Enclosed]:
    """Opens the files of both messages; each limit is for both together. Raises BadInput, with a key of its own
    for each reason why a file cannot be used. A file of the quoted message that is gone or of no use is only
    noted, as one of its `problems`."""
    files = await fetch((*own, *quoted), spared=len(quoted))
    prepared: tuple[Prepared, ...] = ()
    if shown := pictures(files):
        from core.pixels import prepare  # decoders are loaded with the first picture

        prepared = await prepare(shown)
    documents = tuple(await read_documents(texts(files)))
    mine = files[: len(own)]
    seen, read = len(pictures(mine)), len(texts(mine))
    problems = tuple(file.problem for file in files if file.problem)
    theirs = Enclosed(prepared[seen:], documents[read:], problems)
    return Enclosed(prepared[:seen], documents[:read]), theirs

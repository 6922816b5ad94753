"""Text, code and PDF attachments to text that joins the question, fenced, with the file's name."""

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

import structlog

from core.attachments.files import File
from core.conversation import one_line
from core.errors import BadInput
from core.markdown.blocks import fenced
from core.surrogates import mended

log = structlog.get_logger(__name__)

MOST_TEXT = 128 * 1024  # bytes of all attached texts together, about 37000 tokens
PDF_SECONDS = 15.0
_TOGETHER_S = 30.0  # for all PDFs of a question: two are read at a time, of whoever asks
_NAME_HEAD, _NAME_TAIL = 80, 39  # characters of a file's name; at its end stands what it is, and which
_PDF_READER = Path(__file__).with_name("pdf_reader.py")
_TWO_AT_A_TIME = ThreadPoolExecutor(2, "documents")


@dataclass(frozen=True, slots=True)
class _Document:
    """The text of one file. `note` says to the model what is missing, "" = nothing."""

    name: str
    text: str = field(repr=False)
    note: str = ""


async def read_documents(files: Sequence[File]) -> list[str]:
    """Each file as a fenced text, ready to follow the question; cut (and marked as cut) where they are
    too long together.

    Raises BadInput: "pdf-broken", "pdf-locked", "pdf-no-text", "pdf-too-hard".
    """
    loop = asyncio.get_running_loop()
    left, left_s, texts = MOST_TEXT, _TOGETHER_S, []
    for file in files:
        if left <= 0:
            document = _Document(_name(file), "", "Not read: no room was left.")  # not for people: the model
        elif file.kind == "unread":
            document = _Document(_name(file), "", "Not read: it cannot be.")  # not for people: the model
        elif file.kind == "pdf":
            document, took_s = await loop.run_in_executor(_TWO_AT_A_TIME, _read_pdf, file, left_s)
            left_s -= took_s
        else:
            document = _Document(_name(file), file.data.decode())
        document = _cut(document, left)
        left -= len(document.text.encode())
        texts.append(_shown(document))
    return texts


def _cut(document: _Document, most: int) -> _Document:
    data = document.text.encode()
    if len(data) <= most:
        return document
    text = data[:most].decode("utf-8", "ignore")
    note = (  # not for people: the model
        f"Only the beginning: {len(text)} of {len(document.text)} characters. {document.note}"
    )
    return _Document(document.name, text, note.strip())


def _shown(document: _Document) -> str:
    suffix = Path(document.name).suffix[1:].lower()
    language = suffix if re.fullmatch(r"[a-z0-9]{1,12}", suffix) else ""
    note = f" ({document.note})" if document.note else ""
    return f"File {document.name}{note}:\n{fenced(document.text.rstrip(), language)}"


def _name(file: File) -> str:
    name = one_line(file.name) or "attachment"
    return name if len(name) <= _NAME_HEAD + _NAME_TAIL else f"{name[:_NAME_HEAD]}…{name[-_NAME_TAIL:]}"


def _read_pdf(file: File, most_s: float) -> tuple[_Document, float]:
    """Runs the extractor in a process of its own, which limits its memory and time and sees no secrets. Returns
    how many seconds it took, too."""
    command = [sys.executable, "-I", str(_PDF_READER)]
    timeout, began = min(PDF_SECONDS, most_s), time.monotonic()
    try:
        done = subprocess.run(  # noqa: S603  # our own file, no shell, no argument from outside
            command, input=file.data, capture_output=True, timeout=timeout, env={}, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise BadInput("pdf-too-hard", number=file.number) from error
    try:
        found = json.loads(done.stdout)
    except ValueError as error:
        log.info("documents.refused", status=done.returncode)
        raise BadInput("pdf-too-hard", number=file.number) from error
    if "problem" in found:
        raise BadInput(found["problem"], number=file.number)
    pages, read_pages, odd = found["pages"], found["read"], found["odd"]
    notes = [  # not for people: the model
        f"Only the first {read_pages} of {pages} pages." if read_pages < pages else "",
        f"{odd} of its pages could not be read." if odd else "",
    ]
    document = _Document(_name(file), mended(found["text"]), " ".join(filter(None, notes)))
    return document, time.monotonic() - began

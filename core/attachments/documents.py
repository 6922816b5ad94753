"""Text, code and PDF attachments to text that joins the question, fenced, with the file's name."""

import asyncio
import json
import re
import subprocess
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import structlog

from core.attachments.files import File
from core.conversation import plain_name
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


async def read_documents(files: Sequence[File]) -> list[str]:
    """Each file as a fenced text, ready to follow the question; cut (and marked as cut) where they are
    too long together.

    Raises BadInput: "pdf-broken", "pdf-locked", "pdf-no-text", "pdf-too-hard".
    """
    loop = asyncio.get_running_loop()
    left, left_s, texts = MOST_TEXT, _TOGETHER_S, []
    for file in files:
        text = note = ""
        if left <= 0:
            note = "Not read: no room was left."  # not for people: the model
        elif file.kind == "unread":
            note = "Not read: it cannot be."  # not for people: the model
        elif file.kind == "pdf":
            text, note, took_s = await loop.run_in_executor(_TWO_AT_A_TIME, _read_pdf, file, left_s)
            left_s -= took_s
        else:
            text = file.data.decode()
        text, note = _cut(text, note, left)
        left -= len(text.encode())
        texts.append(_shown(_name(file), text, note))
    return texts


def _cut(text: str, note: str, most: int) -> tuple[str, str]:
    """The text in at most so many bytes, and the note, which says to the model what is missing."""
    data = text.encode()
    if len(data) <= most:
        return text, note
    head = data[:most].decode("utf-8", "ignore")
    cut = f"Only the beginning: {len(head)} of {len(text)} characters. {note}"  # not for people: the model
    return head, cut.strip()


def _shown(name: str, text: str, note: str) -> str:
    suffix = Path(name).suffix[1:].lower()
    language = suffix if re.fullmatch(r"[a-z0-9]{1,12}", suffix) else ""
    said = f" ({note})" if note else ""
    return f"File {name}{said}:\n{fenced(text.rstrip(), language)}"


def _name(file: File) -> str:
    name = plain_name(file.name) or "attachment"
    return name if len(name) <= _NAME_HEAD + _NAME_TAIL else f"{name[:_NAME_HEAD]}…{name[-_NAME_TAIL:]}"


def _read_pdf(file: File, most_s: float) -> tuple[str, str, float]:
    """Runs the extractor in a process of its own, which limits its memory and time and sees no secrets. Returns
    the text, a note, and how many seconds it took."""
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
    return mended(found["text"]), " ".join(filter(None, notes)), time.monotonic() - began

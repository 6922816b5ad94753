"""The text of a PDF, from standard input to JSON on standard output. Runs as a process of its own.

A hostile PDF can make any extractor run out of memory or time; here the kernel ends this process, and
nothing else. It stands alone on purpose: it imports nothing of ours and is started in isolated mode.
"""

import contextlib
import io
import json
import logging
import resource
import sys

_MEMORY_BYTES = 512 * 1024 * 1024
_CPU_SECONDS = 10
_MOST_PAGES = 50
_MOST_CHARACTERS = 256 * 1024


def _limit() -> None:
    for kind, most in (
        (resource.RLIMIT_AS, _MEMORY_BYTES),
        (resource.RLIMIT_CPU, _CPU_SECONDS),
        (resource.RLIMIT_FSIZE, 0),
        (resource.RLIMIT_CORE, 0),
    ):
        with contextlib.suppress(ValueError, OSError):  # not every system has every limit
            resource.setrlimit(kind, (most, most))


def _read(data: bytes) -> dict[str, str | int]:
    from pypdf import PdfReader  # after the limits

    logging.disable()
    try:
        reader = PdfReader(io.BytesIO(data))
        if reader.is_encrypted and not reader.decrypt(""):
            return {"problem": "pdf-locked"}
        texts, odd, length = list[str](), 0, 0
        for page in reader.pages[:_MOST_PAGES]:
            try:
                texts.append(page.extract_text())
            except MemoryError:
                raise
            except Exception:  # what is wrong with one page says nothing of the others
                odd += 1
                continue
            length += len(texts[-1])
            if length > _MOST_CHARACTERS:
                break
        text = "\n\n".join(texts).strip()[:_MOST_CHARACTERS]
    except MemoryError:
        return {"problem": "pdf-too-hard"}
    except Exception:  # a parser raises whatever it likes over broken input
        return {"problem": "pdf-broken"}
    if not text:
        return {"problem": "pdf-broken" if odd and not texts else "pdf-no-text"}
    return {"pages": len(reader.pages), "read": len(texts) + odd, "odd": odd, "text": text}


if __name__ == "__main__":
    _limit()
    # Lone surrogates, which broken fonts give, cannot be written as UTF-8; escaped by JSON they can.
    sys.stdout.write(json.dumps(_read(sys.stdin.buffer.read())))

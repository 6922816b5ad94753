"""The block list of image prompts: the operator's file of words or regular expressions, one a line, and the
words that admins add at runtime. Lines that begin with `adult:` say what only age-restricted places may ask
for. Applied before any money is held.
"""

import re
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from unicodedata import category, normalize

import structlog

from core.cached import Cached
from core.errors import NotAllowed
from core.settings import read_named
from core.store import Store

log = structlog.get_logger(__name__)

_BLOCKED = "{policy}:blocked"  # the set of words that admins added; it has no TTL
MOST_WORDS = 500
_ADULT = "adult:"


class Policy:
    """Checks prompts against the blocked words. Refused prompts are never stored."""

    def __init__(self, store: Store, file: Path | None, clock: Callable[[], float]) -> None:
        """Raises BadSettings where the file cannot be read: what it is to refuse would be painted."""
        self._store, self._file = store, file
        self._patterns: dict[bool, tuple[re.Pattern[str], ...]] = {False: (), True: ()}  # True: of adult lines
        self._added = Cached(self._read, clock)
        self.reload()

    async def check(self, prompt: str) -> None:
        """Raises NotAllowed("blocked-prompt"), StoreError."""
        if await self._finds(prompt, adult=False):
            raise NotAllowed("blocked-prompt")

    async def is_adult(self, prompt: str) -> bool:
        """Whether only an age-restricted place may ask for this. Raises StoreError."""
        return await self._finds(prompt, adult=True)

    async def _finds(self, prompt: str, *, adult: bool) -> bool:
        added = (_words(_bare(line)) for line in await self._added.get() if _is_adult(line) is adult)
        patterns, seen = (*self._patterns[adult], *added), _seen(prompt)
        return any(pattern.search(prompt) or pattern.search(seen) for pattern in patterns)

    async def block(self, words: str) -> None:
        """Blocks words, in every process. Raises StoreError."""
        with self._store.guard():
            await self._store.redis.sadd(_BLOCKED, words)
        self._added.invalidate()

    async def unblock(self, words: str) -> None:
        """Takes added words back; what the file says stays."""
        with self._store.guard():
            await self._store.redis.srem(_BLOCKED, words)
        self._added.invalidate()

    async def blocked(self) -> tuple[str, ...]:
        """What admins added, sorted."""
        return await self._added.get()

    def reload(self) -> None:
        """Reads the file again. A line that is no regular expression is taken as plain words, one that is only
        `adult:` is skipped. Raises BadSettings, and changes nothing, where it cannot be read."""
        if self._file is None:
            return
        lines = [line.strip() for line in read_named("BLOCKLIST_FILE", self._file).splitlines()]
        if alone := [number for number, line in enumerate(lines, 1) if line.lower() == _ADULT]:
            log.warning("policy.nothing_said", file=str(self._file), line=alone[0])  # it would match all
        wanted = [line for line in lines if line.lower() not in ("", _ADULT) and not line.startswith("#")]
        self._patterns = {
            adult: tuple(_pattern(_bare(line)) for line in wanted if _is_adult(line) is adult)
            for adult in (False, True)
        }

    async def _read(self) -> tuple[str, ...]:
        with self._store.guard():
            return tuple(sorted(line.decode() for line in await self._store.redis.smembers(_BLOCKED)))


def parse_entries(text: str) -> tuple[str, ...]:
    """What is typed to be blocked, entry by entry: commas and line breaks part them. `adult:` before one holds
    for all that follow on its line."""
    found: list[str] = []
    for line in text.splitlines():
        prefix = ""
        for part in line.split(","):
            words = " ".join(part.split())
            if _is_adult(words):
                prefix, words = f"{_ADULT} ", _bare(words)
            if _seen(words).strip():
                found.append(prefix + words)
    return tuple(dict.fromkeys(found))


def _seen(text: str) -> str:
    """The text without what makes no difference to a reader: wide letters, invisible characters, and the
    underscores of prompts that are lists of tags."""
    return "".join(char for char in normalize("NFKC", text) if category(char) != "Cf").replace("_", " ")


def _is_adult(line: str) -> bool:
    return line.lower().startswith(_ADULT)


def _bare(line: str) -> str:
    """What a line says, without its `adult:`."""
    return line[len(_ADULT) :].strip() if _is_adult(line) else line


@lru_cache(MOST_WORDS)
def _words(line: str) -> re.Pattern[str]:
    words = _seen(line).strip() or line
    return re.compile(rf"(?<!\w){re.escape(words)}(?!\w)", re.IGNORECASE)


def _pattern(line: str) -> re.Pattern[str]:
    if re.fullmatch(r"[\w\s-]+", line):
        return _words(line)
    try:
        return re.compile(line, re.IGNORECASE)
    except re.error:
        return re.compile(re.escape(line), re.IGNORECASE)

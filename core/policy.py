"""The operator's block list for image prompts: words or regular expressions, one a line.

It is applied before any money is held.
"""

import re
from pathlib import Path

import structlog

from core.errors import NotAllowed

log = structlog.get_logger(__name__)


class Policy:
    """Refused prompts are counted in `refused`, never stored."""

    def __init__(self, file: Path | None) -> None:
        self._file = file
        self._patterns: tuple[re.Pattern[str], ...] = ()
        self.refused = 0
        self.reload()

    def reload(self) -> None:
        """Reads the file again. A line that is no regular expression is taken as plain words; a file that
        cannot be read leaves the list as it was."""
        if self._file is None:
            return
        try:
            lines = self._file.read_text("utf-8").splitlines()
        except (OSError, UnicodeDecodeError) as error:
            log.error("policy.unreadable", error=type(error).__name__)
            return
        wanted = (line.strip() for line in lines)
        self._patterns = tuple(_pattern(line) for line in wanted if line and not line.startswith("#"))

    def check(self, prompt: str) -> None:
        """Raises NotAllowed("blocked-prompt")."""
        if any(pattern.search(prompt) for pattern in self._patterns):
            self.refused += 1
            raise NotAllowed("blocked-prompt")


def _pattern(line: str) -> re.Pattern[str]:
    plain = re.escape(line)
    source = rf"\b{plain}\b" if re.fullmatch(r"[\w\s-]+", line) else line
    try:
        return re.compile(source, re.IGNORECASE)
    except re.error:
        return re.compile(plain, re.IGNORECASE)

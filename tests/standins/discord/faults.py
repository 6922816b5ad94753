"""Faults that tests order: what the next matching calls get instead of a response."""

import re
from dataclasses import dataclass


@dataclass
class Fault:
    """The next `times` calls whose "METHOD /path" matches `pattern` fail this way.

    `status` 0 resets the connection instead; `after` lets the call take effect first, so that the
    caller cannot know. A 429 carries `retry_after`; `via` False is the shape of a Cloudflare ban.
    """

    pattern: str
    times: int = 1
    status: int = 500
    code: int = 0
    via: bool = True
    retry_after: float = 0.2
    everywhere: bool = False
    after: bool = False
    delay: float = 0.0

    def matches(self, call: str) -> bool:
        return self.times > 0 and re.search(self.pattern, call) is not None


@dataclass(frozen=True)
class Call:
    """One call as the stand-in saw it. `at` is seconds of the stand-in's clock."""

    at: float
    method: str
    path: str
    status: int
    code: int = 0
    scope: str = ""  # of a 429
    interaction: bool = False  # a webhook or callback, outside the account's limit

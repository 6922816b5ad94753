"""CPU time of rendering 4 kB of Markdown for a chat: the whole at once, and each show while it grows.

Four texts: paragraphs; an answer as models write them, with lists, code, a quote and a table; the examples
of the CommonMark specification; and one of nothing but markup.

python -m bench.pages
"""

import statistics
import time
from collections.abc import Callable
from typing import Any

from bench import Row, percentile, print_head, print_row, save
from bots.discord.markup import DiscordRenderer
from bots.telegram.markup import TelegramRenderer
from bots.telegram.rich import RichRenderer
from core.pages import Pager
from tests.core.markdown.made_markdown import EXAMPLES
from tests.core.markdown.test_tails import ANSWER

SIZE = 4096
ROUNDS = 40
STEP = 30  # characters that are added between two shows of a growing text
TARGET_MS = 2.0
COLUMNS = (
    ("4 kB of", "text", "<20", ""), ("as", "as", "<9", ""), ("pages", "pages", ">5", ""),
    ("whole ms", "whole_ms", ">9", ".2f"), ("a show ms", "show_ms", ">10", ".2f"),
    ("p95", "show_p95_ms", ">6", ".2f"),
)  # fmt: skip
RENDERERS: dict[str, Callable[[], Any]] = {
    "Discord": DiscordRenderer,
    "Telegram": TelegramRenderer,
    "rich": RichRenderer,
}

_PROSE = """The quick answer is that a **hash map** keeps its keys in buckets, so that a look-up takes one step
on the average. When two keys meet in one bucket, they are compared one after the other, which is why a good
hash function matters: it spreads them evenly.
"""
_TYPICAL = """### 2. Install the packages

To run the service you need **Python 3.11** or newer and the `httpx` package. Here is what to do:

1. **Create an environment**: open a terminal and run the command below. It makes a folder in your project.
2. **Install**: then install what the project needs. This takes about a minute on a normal connection.
3. **Check** that the import works.

```python
import asyncio
import httpx

async def main() -> None:
    async with httpx.AsyncClient(timeout=30) as client:
        answer = await client.get("https://example.org")
        print(answer.text)

asyncio.run(main())
```

- If the call **fails** with a timeout, raise the limit.
- If it answers `403`, check the key that you have set.

> Note that the free plan allows only 100 calls a day.

| Plan | Price | Calls |
|------|------:|------:|
| Free | $0    | 100   |
| Pro  | $20   | 10000 |
"""


def _filled(*parts: str) -> str:
    text = ""
    while len(text) < SIZE:
        text += "".join(f"{part}\n\n" for part in parts)
    return text[:SIZE]


TEXTS = {
    "paragraphs": _filled(_PROSE),
    "an answer": _filled(_TYPICAL),
    "CommonMark examples": _filled(*EXAMPLES),
    "only markup": _filled(ANSWER),
}


def whole_ms(text: str, renderer: Callable[[], Any]) -> float:
    """Milliseconds for all pages of a text, the median."""
    took = []
    for _ in range(ROUNDS):
        began = time.process_time()
        Pager(renderer()).pages(text)
        took.append((time.process_time() - began) * 1000)
    return statistics.median(took)


def shows_ms(text: str, renderer: Callable[[], Any]) -> list[float]:
    """Milliseconds for each show of a text that grows to its end."""
    pager, took = Pager(renderer()), []
    for end in range(STEP, len(text), STEP):
        began = time.process_time()
        pager.pages_so_far(text[:end])
        took.append((time.process_time() - began) * 1000)
    return took


def main() -> None:
    rows: list[Row] = []
    print_head(COLUMNS)
    for kind, text in TEXTS.items():
        for name, renderer in RENDERERS.items():
            shows = shows_ms(text, renderer)
            rows.append(
                {
                    "text": kind,
                    "as": name,
                    "pages": len(Pager(renderer()).pages(text)),
                    "whole_ms": whole_ms(text, renderer),
                    "show_ms": statistics.median(shows),
                    "show_p95_ms": percentile(shows, 0.95),
                }
            )
            print_row(COLUMNS, rows[-1])
    print(f"target: below {TARGET_MS:.0f} ms for a page of 4 kB")
    save("pages", rows)


if __name__ == "__main__":
    main()

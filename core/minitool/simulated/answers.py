"""The text of a simulated answer: what was asked, said back in Markdown that uses all of a chat's abilities."""

import re
import zlib
from dataclasses import dataclass
from typing import Any

from core.minitool.simulated.seeing import Sight
from core.words import locales, t

_LONG_PARTS, _VERY_LONG_PARTS = 12, 18  # three kilobytes, and more than one page of any chat
_HOW = ("long", "very")
_WAYS = 4  # of each sentence that varies
_ECHO_CHARACTERS = 300


@dataclass(frozen=True)
class Asked:
    """A question as far as the answer repeats it. A picture that cannot be read is None."""

    question: str
    earlier: tuple[str, ...]
    instructions: int  # characters
    model: str
    temperature: float | None
    pictures: tuple[Sight | None, ...]


def compose_text(asked: Asked) -> str:
    """Always the same for the same question, and in its language."""
    locale = guess_locale(asked.question or " ".join(asked.earlier))
    seed = zlib.crc32(" ".join((*asked.earlier, asked.question)).encode("utf-8", "replace"))
    parts = [f"## {_say(locale, 'title', seed)}", t(locale, "simulated-notice")]
    if asked.question.strip():
        parts += [t(locale, "simulated-asked"), _quote(asked.question)]
    if asked.earlier:
        parts.append(
            t(locale, "simulated-earlier", count=len(asked.earlier), last=_short(asked.earlier[-1], 60))
        )
    for number, sight in enumerate(asked.pictures, 1):
        parts.append(_picture(locale, number, sight))
    count = _parts(asked.question)
    parts += [f"**{n}.** {_say(locale, 'filler', seed + n)}" for n in range(1, count + 1)]
    parts += [_table(locale, asked), t(locale, "simulated-code"), _code(asked.question, seed)]
    parts.append(_say(locale, "closing", seed >> 3))
    return "\n\n".join(parts)


def guess_locale(text: str) -> str:
    """A question's language by its commonest words: right often enough for a rehearsal."""
    words = _words(text)
    return max(locales(), key=lambda locale: len(words & _words(t(locale, "simulated-words"))))


def _parts(question: str) -> int:
    """How many further parts an answer is asked for, in any language."""
    words = _words(question)
    is_long, is_very = (any(words & _words(t(one, f"simulated-{how}")) for one in locales()) for how in _HOW)
    return (_VERY_LONG_PARTS if is_very else _LONG_PARTS) if is_long else 0


def _words(text: str) -> frozenset[str]:
    return frozenset(re.findall(r"[^\W\d_]+", text.lower()))


def _say(locale: str, what: str, seed: int) -> str:
    return t(locale, f"simulated-{what}-{seed % _WAYS + 1}")


def _short(text: str, most: int) -> str:
    text = " ".join(text.split())
    return text if len(text) <= most else text[: most - 1].rstrip() + "…"


def _quote(text: str) -> str:
    shown = text.strip()
    shown = shown if len(shown) <= _ECHO_CHARACTERS else shown[:_ECHO_CHARACTERS].rstrip() + " …"
    return "\n".join(f"> {line}" for line in shown.splitlines())


def _picture(locale: str, number: int, sight: Sight | None) -> str:
    if sight is None:
        return t(locale, "simulated-blind", number=number)
    colours = ", ".join(t(locale, f"simulated-colour-{colour}") for colour in sight.colours or ("unknown",))
    size = f"{sight.width} × {sight.height}"
    return t(locale, "simulated-sight", number=number, format=sight.format, size=size, colours=colours)


def _table(locale: str, asked: Asked) -> str:
    rows: list[tuple[str, Any]] = [  # numbers and texts, as they are shown
        ("model", f"`{asked.model}`"),
        ("words", len(asked.question.split())),
        ("turns", len(asked.earlier)),
        ("pictures", len(asked.pictures)),
        ("instructions", asked.instructions),
    ]
    if asked.temperature is not None:
        rows.append(("temperature", asked.temperature))
    head = f"| {t(locale, 'simulated-what')} | {t(locale, 'simulated-value')} |\n|---|---:|\n"
    return head + "\n".join(f"| {t(locale, f'simulated-row-{key}')} | {value} |" for key, value in rows)


def _code(question: str, seed: int) -> str:
    word = (re.findall(r"[A-Za-z]{3,20}", question) or ["hello"])[-1].lower()
    snippets = (  # not for people: code
        (
            "python",
            f'def {word}(times: int = 2) -> str:\n    return " ".join(["{word}"] * times)\n\nprint({word}())',
        ),
        (
            "javascript",
            f'const {word} = (times = 2) => Array(times).fill("{word}").join(" ");\n\nconsole.log({word}());',
        ),
        ("sql", f"SELECT count(*) AS {word}\nFROM questions\nWHERE text LIKE '%{word}%';"),
        ("rust", f'fn {word}(times: usize) -> Vec<String> {{\n    vec!["{word}".to_string(); times]\n}}'),
    )
    language, code = snippets[seed % len(snippets)]
    return f"```{language}\n{code}\n```"

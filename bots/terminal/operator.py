"""The operator's subcommands: usage, caps, audit, export, forget. What core refuses ends in `opened`."""

import shutil
import sys
from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import asdict
from textwrap import TextWrapper
from typing import TypeAlias

from bots.terminal.markup import harmless_json
from bots.terminal.verbs import opened, person
from core.dollars import NANOS_PER_DOLLAR
from core.errors import CannotStart
from core.markdown.tables import width
from core.money.caps import parse_change, shown
from core.money.ledger import USAGE_HEADER, usage_csv
from core.names import parse_name, parse_person
from core.reseal import reseal as seal_anew
from core.settings import Settings
from core.surrogates import mended
from core.words import money, number, stamp, t

Row: TypeAlias = tuple[str, ...]


async def usage(settings: Settings, user: str, days: int, *, as_csv: bool) -> int:
    """Every row as CSV, or a table of what each person spent."""
    async with opened(settings, books_only=True) as core:
        kept = min(days, settings.ledger_days)
        rows = await core.spend.ledger.usage(kept, parse_person(mended(user)) if user else "")
    if as_csv:
        print(",".join(USAGE_HEADER), usage_csv(rows), sep="\n", end="")
        return 0
    counts, spent = Counter[tuple[str, str]](), Counter[tuple[str, str]]()
    for row in rows:
        counts[row.user, row.model] += row.requests
        spent[row.user, row.model] += row.nanos
    locale = person().locale
    if not spent:
        print(t(locale, "operator-nothing-spent"))
        return 0
    found = spent.most_common()
    amounts = _amounts([nanos for _, nanos in found], locale)
    table = [
        (_called(who, locale), model, number(counts[who, model], locale), amount)
        for ((who, model), _), amount in zip(found, amounts, strict=True)
    ]
    heads = ("by-person", "by-model", "col-requests", "spent")
    _print_table(locale, tuple(f"operator-{head}" for head in heads), table, numbers=2)
    return 0


async def requests(settings: Settings, user: str) -> int:
    """The newest requests with their ids, which `/admin refund` takes, and what became of each."""
    async with opened(settings, books_only=True) as core:
        found = await core.spend.ledger.requests(parse_person(mended(user)) if user else "")
    locale = person().locale
    if not found:
        print(t(locale, "operator-nothing-spent"))
        return 0
    table = [
        (
            one.id, stamp(one.at.astimezone(settings.zone), locale), _called(one.person, locale), one.model,
            t(locale, f"operator-became-{one.state}"), amount,
        )
        for one, amount in zip(found, _amounts([one.nanos for one in found], locale), strict=True)
    ]  # fmt: skip
    heads = ("request", "when", "by-person", "by-model", "became", "spent")
    _print_table(locale, tuple(f"operator-{head}" for head in heads), table, numbers=1, below=(0, 3, 4))
    return 0


async def caps(settings: Settings, action: str, words: str) -> int:
    """Shows the caps in force after the change, if there was one: the settings', and every override; where one
    is asked for, that alone."""
    locale, words = person().locale, mended(words)
    async with opened(settings, books_only=True) as core:
        wanted = parse_name(words) if action == "show" and words else ""
        if action != "show":
            change = parse_change(words if action == "set" else f"{words} reset")
            await core.spend.caps.set(change, person().id)
        found = await core.spend.caps.show()
    table = [
        (one.title(locale), shown(one.day, locale), shown(one.month, locale))
        for one in found
        if not (wanted and one.changed) or wanted == one.name
    ]
    _print_table(locale, ("caps-name", "caps-day", "caps-month"), table, numbers=2)
    return 0


async def audit(settings: Settings) -> int:
    """Exit code 0 where every total equals the sum of its ledger."""
    async with opened(settings, books_only=True) as core:
        differences = await core.spend.ledger.audit()
    locale = person().locale
    for one in differences:
        print(t(locale, "terminal-differs", **{name: str(value) for name, value in asdict(one).items()}))
    if not differences:
        print(t(locale, "terminal-audited"))
    return int(bool(differences))


async def export(settings: Settings, user: str) -> int:
    """Everything held about a person, as one JSON object. Exit code 1 where something is missing in it
    that no secret opens."""
    async with opened(settings, books_only=True) as core:
        held = await core.erasure.export(parse_person(mended(user)))
    print(harmless_json(held, indent=2))
    if unreadable := core.seal.unreadable:
        print(t(person().locale, "terminal-left-out", unreadable=unreadable), file=sys.stderr)
    return int(unreadable > 0)


async def forget(settings: Settings, user: str) -> int:
    """Erases a person; amounts stay under a pseudonym."""
    async with opened(settings, books_only=True) as core:
        gone = await core.erasure.forget(parse_person(mended(user)))
    print(t(person().locale, "terminal-erased", **asdict(gone)))
    return 0


async def reseal(settings: Settings) -> int:
    """Exit code 1 where something cannot be opened with any secret there is, 2 where there is none."""
    async with opened(settings, books_only=True) as core:
        if not settings.content_key.get_secret_value():
            why = "is empty, there is nothing to encrypt with"  # not for people: of settings
            raise CannotStart(f"CONTENT_KEY: {why}", 2)
        found = await seal_anew(core.store, core.seal)
    print(t(person().locale, "terminal-resealed", sealed=found.sealed, unreadable=found.unreadable))
    return int(found.unreadable > 0)


def _called(who: str, locale: str) -> str:
    """The name of an account. A person who was forgotten has only its random id."""
    return who if ":" in who else f"{t(locale, 'operator-forgotten')} ({who})"


def _amounts(nanos: Sequence[int], locale: str) -> list[str]:
    """The amounts of a column, all with as many decimals as the longest, so that their points are aligned."""
    places = max(len(f"{abs(one) % NANOS_PER_DOLLAR:09d}".rstrip("0")) for one in nanos)
    return [money(one, locale, places=max(2, places)) for one in nanos]


def _print_table(
    locale: str, keys: tuple[str, ...], rows: Sequence[Row], *, numbers: int, below: Collection[int] = ()
) -> None:
    """Prints a table. The last `numbers` columns are aligned to the right, the others to the left. In a
    terminal that is too narrow for it, the columns `below` are in a second line of each row."""
    table = [tuple(t(locale, key) for key in keys), *rows]
    columns = shutil.get_terminal_size().columns if sys.stdout.isatty() else sys.maxsize
    head, rule, *lines = _lines(table, numbers)
    if not below or width(rule) <= columns:
        print(head, rule, *lines, sep="\n")
        return
    above = [at for at in range(len(keys)) if at not in below]
    head, rule, *lines = _lines([tuple(row[at] for at in above) for row in table], numbers)
    second_head, _, *seconds = _lines([tuple(row[at] for at in below) for row in table])
    fill = TextWrapper(columns, "  ", "    ", break_long_words=False, break_on_hyphens=False).fill
    print(head, fill(second_head), rule, sep="\n")
    for line, second in zip(lines, seconds, strict=True):
        print(line, fill(second), sep="\n")


def _lines(table: Sequence[Row], numbers: int = 0) -> list[str]:
    """The head, a rule, and the rows."""
    spaces = [max(map(width, column)) for column in zip(*table, strict=True)]
    rule = tuple("─" * space for space in spaces)
    lines = []
    for row in (table[0], rule, *table[1:]):
        gaps = [" " * (space - width(cell)) for cell, space in zip(row, spaces, strict=True)]
        filled = [*zip(row, gaps, strict=True)]
        words, amounts = filled[: len(row) - numbers], filled[len(row) - numbers :]
        cells = [*(cell + gap for cell, gap in words), *(gap + cell for cell, gap in amounts)]
        lines.append("  ".join(cells).rstrip())
    return lines

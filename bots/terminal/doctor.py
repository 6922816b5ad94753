"""`minitool-bots doctor`: every check a person would otherwise find out the hard way, one line each.

Nothing is changed anywhere, and it may run beside a `run`. On a screen the lines are grouped and coloured;
in a pipe each is "LEVEL PART: SENTENCE".
"""

import shutil
import sys
import textwrap
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence

import click

from bots.findings import Finding, Findings, Level, Skew, fail, skip
from bots.logs import Redactor, secrets_of, set_up_logs
from bots.terminal import doctor_machine, doctor_settings
from bots.terminal.doctor_store import examine_api, examine_store
from bots.terminal.verbs import person
from core.environment import takes_colour
from core.settings import Settings
from core.words import keys, t

# A hold's lease is minutes, but an answer's is 30 s: beyond that, processes take each other for dead.
_SKEW_WARN_S, _SKEW_FAIL_S = 5.0, 30.0
_MARKS = {"ok": ("✓", "green"), "warn": ("!", "yellow"), "fail": ("✗", "red"), "skip": ("–", "bright_black")}

# The mapping says for each platform whether a `run` serves it now, as far as the store tells.
Examine = Callable[[Settings, Mapping[str, bool]], Findings]


async def doctor(settings: Settings, examiners: Mapping[str, Examine], *, spend: bool) -> int:
    """Prints findings as they come; `examiners` by platform. Returns 1 where one failed."""
    set_up_logs(settings.model_copy(update={"log_level": "critical"}))
    report = Report(Redactor(secrets_of(settings)))
    async for finding in find(settings, examiners, spend=spend):
        report.show(finding)
    return report.end()


def doctor_of_problems(problems: list[str]) -> int:
    """What can be said where the settings cannot even be read. Returns 1."""
    report = Report(Redactor([]))
    for finding in (*doctor_settings.examine_problems(problems), *doctor_machine.examine_versions()):
        report.show(finding)
    report.show(skip("settings", "rest-not-checked"))
    return report.end()


async def find(settings: Settings, examiners: Mapping[str, Examine], *, spend: bool) -> AsyncIterator[Finding]:
    """All of them, in the order of who depends on whom; skews are summed up at the end."""
    served, skews = dict[str, bool](), list[Skew]()
    for finding in (*doctor_machine.examine_versions(), *doctor_settings.examine(settings)):
        yield finding
    for finding in doctor_machine.examine_disk(settings):
        yield finding
    async for finding in doctor_machine.examine_web(settings):
        yield finding
    parts = (
        examine_store(settings, served),
        examine_api(settings, spend=spend),
        *(_platform(name, settings, served, examine) for name, examine in examiners.items()),
    )
    for part in parts:
        async for found in part:
            if isinstance(found, Skew):
                skews.append(found)
            else:
                yield found
    yield _clock(skews)


async def _platform(name: str, settings: Settings, served: Mapping[str, bool], examine: Examine) -> Findings:
    """What is found of a platform whose token is set. An answer of a shape that nobody documented ends this
    part, but not the examination."""
    if not getattr(settings, f"{name}_token"):
        yield skip(name, "no-token", setting=f"{name.upper()}_TOKEN", guide=f"docs/{name}.md")
        return
    try:
        async for found in examine(settings, served):
            yield found
    except (LookupError, TypeError, ValueError, AttributeError, OverflowError) as error:
        yield fail(name, "odd-answer", problem=type(error).__name__)


def _clock(skews: Sequence[Skew]) -> Finding:
    if not skews:
        return skip("clock", "clock-unknown")
    worst = max(skews, key=lambda skew: abs(skew.seconds))
    off = abs(worst.seconds)
    if off <= _SKEW_WARN_S:
        return Finding("ok", "clock", "clock", names=tuple(_part_word(skew.part) for skew in skews))
    key = "clock-ahead" if worst.seconds > 0 else "clock-behind"
    level: Level = "fail" if off > _SKEW_FAIL_S else "warn"
    return Finding(level, "clock", key, {"seconds": round(off, 1)}, (_part_word(worst.part),))


def _part_word(part: str) -> str:
    """The key of a part's name."""
    return f"doctor-part-{part}"


class Report:
    """Prints findings, with secrets of the settings removed from every line."""

    def __init__(self, redactor: Redactor) -> None:
        self._redactor = redactor
        self._locale = person().locale
        names = [t(self._locale, key) for key in keys(self._locale) if key.startswith(_part_word(""))]
        self._width = max(map(len, names)) + 1
        self._is_screen, self._has_colour = sys.stdout.isatty(), takes_colour(sys.stdout)
        self._levels: Counter[str] = Counter()
        self._part = ""

    def show(self, finding: Finding) -> None:
        self._levels[finding.level] += 1
        part = t(self._locale, _part_word(finding.part))
        names = ", ".join(t(self._locale, name) for name in finding.names)
        text = t(self._locale, f"doctor-{finding.key}", **finding.data, names=names)
        text = self._redactor.hide(" ".join(text.split()))
        if self._is_screen:
            self._draw(finding.level, part if part != self._part else "", text)
        else:
            click.echo(f"{finding.level:<4} {part}: {text}")
        self._part = part

    def end(self) -> int:
        """The exit code; on a screen, the sum of it all before."""
        failed, warned = self._levels["fail"], self._levels["warn"]
        if self._is_screen:
            text = t(self._locale, "doctor-sum", failed=failed, warned=warned)
            self._print(click.style(f"\n{text}", fg="red" if failed else "yellow" if warned else "green"))
        return int(failed > 0)

    def _draw(self, level: str, part: str, text: str) -> None:
        mark, colour = _MARKS[level]
        width = max(40, min(shutil.get_terminal_size().columns, 120) - self._width - 3)
        first, *others = textwrap.wrap(text, width, break_long_words=False, break_on_hyphens=False) or [""]
        dim = level == "skip"
        head = click.style(f"{part:<{self._width}}", bold=True) + click.style(mark, fg=colour, bold=True)
        self._print(f"{head} {click.style(first, dim=dim)}")
        for line in others:
            self._print(" " * (self._width + 2) + click.style(line, dim=dim))

    def _print(self, line: str) -> None:
        click.echo(line, color=self._has_colour)

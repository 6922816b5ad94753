"""Shows one answer in the terminal: text as it grows on stdout, states on stderr."""

import shutil
import sys
from collections.abc import Callable
from dataclasses import asdict
from typing import TextIO

import click

from bots.terminal.markup import harmless, harmless_json
from bots.terminal.screen import Screen
from core.answer import Answer, Phase, Surface
from core.environment import is_screen
from core.errors import Gone
from core.pace import OpenLane


def _shown(text: str, where: TextIO) -> str:
    """The text without control characters for a terminal; a file or a pipe gets it as it is."""
    return harmless(text) if where.isatty() else text


class TerminalReply:
    """A Reply on stdout and stderr. In a pipe only the answer's text is written, as it is, and once why it does
    not come; on a TTY it is drawn, with a progress line before it."""

    surface = Surface(pictures=True, replies=False, once=True)
    lane = OpenLane()
    address = ""  # a terminal cannot be reopened
    messages: tuple[str, ...] = ()

    def __init__(self, out: TextIO | None = None, err: TextIO | None = None, *, as_json: bool = False) -> None:
        self.out, self.err = out or sys.stdout, err or sys.stderr
        self.as_json = as_json
        self._screen = Screen(self.out) if is_screen(self.out) else None
        self.find_trouble: Callable[[], str] = str  # what the operator has to fix before anything works
        self.last = Answer()
        self._written = ""
        self._line = False
        self._is_warned = False
        self.is_lost = False  # what was to be written was not

    async def show(self, answer: Answer) -> None:
        """Writes what is new. Raises Gone where nobody reads any more (a closed pipe), or nothing fits any more
        (a full disk), which has failed."""
        self.last = answer
        try:
            self._write(answer)
        except BrokenPipeError as error:
            raise Gone(cause="closed pipe") from error
        except OSError as error:
            if not self.is_lost:
                print(error.strerror, file=self.err)
            self.is_lost = True
            raise Gone(cause=error.strerror or "") from error

    def _write(self, answer: Answer) -> None:
        if answer.text and not self.as_json:
            self._put(answer)
        if answer.phase.is_final:
            self._finish(answer)
        elif not self._written:
            self._show_line(answer)

    def _put(self, answer: Answer) -> None:
        self._clear_line()
        if self._screen:
            show = self._screen.finish if answer.phase.is_final else self._screen.grow
            show(answer.text)
            self._written = answer.text.rstrip()
        elif answer.text.startswith(self._written):
            self.out.write(_shown(answer.text[len(self._written) :], self.out))
            self.out.flush()
            self._written = answer.text

    @property
    def has_failed(self) -> bool:
        """Whether the last state is a failure for a script's exit code."""
        is_short = self.last.bill is not None and self.last.bill.finish_reason == "length"
        is_cut = self.last.phase is Phase.CUT and not is_short
        return self.is_lost or self.last.phase is Phase.FAILED or is_cut

    def _finish(self, answer: Answer) -> None:
        self._clear_line()
        if self._written and not self._written.endswith("\n"):
            self.out.write("\n")
        if self.as_json and answer.bill:  # also of an answer that was cut off: it is paid
            bill = asdict(answer.bill)
            bill["cost_nanos"] = bill.pop("nanos", 0)
            print(harmless_json({"text": answer.text, **bill}), file=self.out)
        note = (self.has_failed and self.find_trouble()) or answer.note
        if note and (self.has_failed or self.err.isatty()):
            print(_shown(" ".join(note.split()), self.err), file=self.err)
        if answer.footer and self.err.isatty():
            small = click.style(harmless(answer.footer), dim=True)
            click.echo(small, file=self.err, color=is_screen(self.err))
        self.out.flush()

    def _show_line(self, answer: Answer) -> None:
        if not self.err.isatty():
            if answer.alert and not self._is_warned:
                print(answer.note, file=self.err, flush=True)
                self._is_warned = True
            return
        line = answer.note
        if progress := answer.progress:
            line = f"{progress.bar(24, '━', '╌')}  {answer.note}".strip()
        if not line:  # the text grows, which JSON does not show: the last line still tells what to wait for
            return
        line = _shown(line, self.err)
        room = self._room()
        self._overwrite(line if len(line) <= room else f"{line[: room - 1]}…")
        self._line = True

    def _clear_line(self) -> None:
        if self._line:
            self._overwrite("")
            self._line = False

    def _overwrite(self, line: str) -> None:
        """In place of the last one, also on a terminal that knows no escapes."""
        blank = "\x1b[2K" if is_screen(self.err) else " " * self._room() + "\r"
        self.err.write(f"\r{blank}{line}")
        self.err.flush()

    @staticmethod
    def _room() -> int:
        return shutil.get_terminal_size().columns - 1  # what runs into the next line is not cleared

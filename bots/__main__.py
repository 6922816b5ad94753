"""The console script: `minitool-bots COMMAND`. Nothing heavy is imported before it is needed."""

import os
import signal
import sys

# Until the command begins, nothing is open yet that would need an orderly end.
if sys.argv[1:2] == ["run"]:
    for _stop in (signal.SIGTERM, signal.SIGINT):
        signal.signal(_stop, lambda *_: os._exit(0))
else:
    signal.signal(signal.SIGINT, lambda *_: os._exit(128 + signal.SIGINT))

import bots.import_stubs  # noqa: F401  # isort: skip  # must act before any library is imported

import asyncio
import errno
import gc
import io
import socket
from collections.abc import Coroutine
from pathlib import Path
from typing import Any, NoReturn, TextIO

import click
from click.core import ParameterSource

from core.settings import MESSENGERS, BadSettings, Settings, read_settings

EX_USAGE = 2
_STDERR = 2
_NOT_WRITTEN = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG, errno.EIO}


def _settings() -> Settings:
    """The settings, or the end."""
    try:
        return read_settings()
    except BadSettings as error:
        _end(error.problems)


def _end(problems: list[str]) -> NoReturn:
    """One line per problem on stderr and exit code 2."""
    for problem in problems:
        click.echo(problem, err=True)
    raise SystemExit(EX_USAGE)


def _run(main: Coroutine[Any, Any, int]) -> None:
    """Runs to the end and exits with its code."""
    import uvloop

    _open_streams()
    for stream in (sys.stdout, sys.stderr):
        if isinstance(stream, io.TextIOWrapper):
            stream.reconfigure(errors="replace")  # a terminal that knows no such letter
    gc.enable()
    code = uvloop.run(_tidily(main))
    sys.stdout.flush()
    raise SystemExit(code)


async def _tidily(main: Coroutine[Any, Any, int]) -> int:
    """Runs a command to its end. SIGTERM and Ctrl-C end it earlier, once what it began is cleared away, and are
    its exit code."""
    task, loop, heard = asyncio.current_task(), asyncio.get_running_loop(), list[int]()
    assert task is not None

    def end(number: int) -> None:
        heard.append(number)
        task.cancel()

    for number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(number, end, number)
    loop.set_exception_handler(_unheard)
    try:
        code = await main
    except asyncio.CancelledError:
        if not heard:
            raise
        if sys.stderr.isatty():
            click.echo(err=True)  # behind what Ctrl-C draws, and half a line
        code = 0
    return 128 + heard[0] if heard else code


def _unheard(loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
    """uvloop lets go of a name that it looks up where a connection is no longer waited for, and then tells that
    nobody asked whether it was found (MagicStack/uvloop#437)."""
    if not isinstance(context.get("exception"), socket.gaierror):
        loop.default_exception_handler(context)


def _open_streams() -> None:
    """Lets streams that the shell closed lead nowhere: else what is opened next would take their places."""
    while (descriptor := os.open(os.devnull, os.O_RDWR)) <= _STDERR:
        pass
    os.close(descriptor)
    sys.stdout = sys.stdout or open(1, "w", closefd=False)  # noqa: SIM115  # it stays open
    sys.stderr = sys.stderr or open(_STDERR, "w", closefd=False)  # noqa: SIM115  # as well


class _Command(click.Command):
    """A command whose help is in the word files, by the keys `shell-COMMAND` and `shell-COMMAND-OPTION`."""

    def format_help(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        from bots.terminal.help import write_help

        write_help(self, ctx, formatter)


class _Script(_Command, click.Group):
    """Click knows what a closed pipe is. For every command a disk that is full, or broken, is one line, too."""

    command_class = _Command

    def main(self, *args: Any, **options: Any) -> Any:  # as click's own
        try:
            return super().main(*args, **options)
        except OSError as error:
            if error.errno not in _NOT_WRITTEN:
                raise
            click.echo(error.strerror, err=True)
            raise SystemExit(1) from None
        finally:
            for stream in filter(None, (sys.stdout, sys.stderr)):
                _let_go(stream)


def _let_go(stream: TextIO) -> None:
    """Gives up what could not be written: Python would try again at its end, and make that the exit code, or
    (from 3.13) an error that nobody can help. The second flush is for click, which keeps quiet about a pipe."""
    try:
        stream.flush()
        stream.buffer.flush()
    except OSError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), stream.fileno())


@click.group(cls=_Script, context_settings={"help_option_names": ["-h", "--help"]})
@click.version_option(package_name="minitool-bots")
def main() -> None:
    """A chat bot that answers, sees and paints, with caps that cannot be overspent."""
    gc.disable()  # a tenth of the start would go into looking through modules, which all stay


@main.command()
@click.option("--only", metavar=",".join(("web", *MESSENGERS)))
def run(only: str | None) -> None:
    """Runs the service: everything that the settings allow."""
    from bots.run import PARTS, problems_of, serve

    parts = () if only is None else tuple(part.strip() for part in only.split(","))
    if unknown := [part for part in parts if part not in PARTS]:  # "" as well: a variable that is not set
        raise click.BadParameter(f"{unknown[0]!r}: there are {', '.join(PARTS)}", param_hint="--only")
    settings = _settings()
    if problems := problems_of(settings, parts):
        _end(problems)
    _run(serve(settings, parts or PARTS))


def _written(text: str) -> str:
    """What stands there, or is read from stdin, of which a shell that closed it has nothing."""
    if text != "-":
        return text
    return sys.stdin.buffer.read().decode(errors="replace") if sys.stdin else ""


@main.command()
@click.argument("question")
@click.option("--image", "images", multiple=True, metavar="FILE")
@click.option("--model", default="")
@click.option("--json", "as_json", is_flag=True)
def ask(question: str, images: tuple[str, ...], model: str, as_json: bool) -> None:
    """Answers a question. With - as the question, it is read from stdin."""
    from bots.terminal.verbs import ask as answer

    _run(answer(_settings(), _written(question), images, model=model, as_json=as_json))


@main.command()
@click.argument("prompt")
@click.option("-o", "--output", default="", metavar="FILE")
@click.option("--model", default="")
@click.option("--size", default="", metavar="WxH")
@click.option("--steps", default="", metavar="N")
@click.option("--cfg", default="", metavar="X")
@click.option("--negative", default="", metavar="TEXT")
@click.option("--scheduler", default="", metavar="S")
def imagine(prompt: str, output: str, **options: str) -> None:
    """Paints a picture into a file. With - as the prompt, it is read from stdin."""
    from bots.terminal.verbs import imagine as paint

    _run(paint(_settings(), _written(prompt), output, options))


@main.command()
@click.option("--spend", is_flag=True)
def doctor(spend: bool) -> None:
    """Checks everything you would otherwise find out the hard way."""
    from bots.doctor import check

    _run(check(spend=spend))


@main.command()
@click.option("--user", default="")
@click.option("--days", default=30, type=click.IntRange(1))
@click.option("--csv", "as_csv", is_flag=True)
@click.option("--requests", "by_request", is_flag=True)
def usage(user: str, days: int, as_csv: bool, by_request: bool) -> None:
    """Shows what was spent."""
    from bots.terminal import operator

    is_given = click.get_current_context().get_parameter_source("days") is not ParameterSource.DEFAULT
    if by_request and (as_csv or is_given):
        raise click.UsageError("--requests goes with neither --csv nor --days.")
    _run(
        operator.requests(_settings(), user)
        if by_request
        else operator.usage(_settings(), user, days, as_csv=as_csv)
    )


@main.command(context_settings={"ignore_unknown_options": True})  # an amount below zero is refused in words
@click.argument("action", type=click.Choice(["show", "set", "reset"]), default="show")
@click.argument("words", nargs=-1, type=click.UNPROCESSED)
def caps(action: str, words: tuple[str, ...]) -> None:
    """Shows or changes caps. As in `caps set discord:1 daily 0.50 monthly 5`, `caps reset discord:1`."""
    from bots.terminal.operator import caps as change

    _run(change(_settings(), action, " ".join(words)))


@main.command()
def audit() -> None:
    """Checks every total against the ledger; exits 1 where one differs."""
    from bots.terminal.operator import audit as check

    _run(check(_settings()))


@main.command()
@click.argument("folder", type=click.Path(path_type=Path))
def backup(folder: Path) -> None:
    """Copies the whole store into a new folder. The service may keep running meanwhile."""
    from bots.terminal.backup import backup as copy

    _run(copy(_settings(), folder))


@main.command()
@click.argument("folder", type=click.Path(exists=True, file_okay=False, path_type=Path))
def restore(folder: Path) -> None:
    """Fills an empty store with a backup."""
    from bots.terminal.backup import restore as fill

    _run(fill(_settings(), folder))


@main.command()
@click.argument("user")
def export(user: str) -> None:
    """Prints all held about a person (as in discord:1234), as JSON."""
    from bots.terminal.operator import export as write

    _run(write(_settings(), user))


@main.command()
def reseal() -> None:
    """Encrypts all content with the first key of CONTENT_KEY. Older keys can go then."""
    from bots.terminal.operator import reseal as seal

    _run(seal(_settings()))


@main.command()
@click.argument("user")
def forget(user: str) -> None:
    """Erases everything held about a person (as in discord:1234). Amounts stay under a pseudonym."""
    from bots.terminal.operator import forget as erase

    _run(erase(_settings(), user))


if __name__ == "__main__":
    main()

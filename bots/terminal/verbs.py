"""`minitool-bots ask` and `imagine`: one turn over the same core as every chat."""

import asyncio
import errno
import getpass
import mimetypes
import os
import re
import sys
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, suppress
from functools import partial
from pathlib import Path
from uuid import uuid4

from bots.logs import set_up_logs
from bots.terminal.reply import TerminalReply
from core.answer import Answer, Phase, Picture
from core.app import Core
from core.environment import from_root, shell_language
from core.errors import BadInput, BotError, CannotStart, StoreError
from core.opening import open_core
from core.running import StopReason
from core.sentences import sentence
from core.settings import Settings
from core.turn import Attachment, Person, Turn
from core.words import pick, t

_STDOUT = "-"  # as a file's name


@asynccontextmanager
async def opened(settings: Settings, *, books_only: bool = False) -> AsyncIterator[Core]:
    """A core for one command. Only bugs are logged, so that a failure is one line on stderr; pictures go
    inline, because nobody may be serving links. What is refused or fails is said, and ends the command."""
    quiet = "debug" if settings.log_level == "debug" else "critical"
    settings = settings.model_copy(update={"image_transport": "inline"})
    set_up_logs(settings.model_copy(update={"log_level": quiet}))
    folder = from_root(settings.data_dir)
    # A Path's own `exists` raises where we may not look.
    is_new = books_only and settings.has_own_store and not os.path.exists(folder)  # noqa: ASYNC240  # one look
    try:
        async with open_core(settings, books_only=books_only) as core:
            if is_new and sys.stderr.isatty():  # in another folder than the bot's, all would look well
                print(t(person().locale, "terminal-new-store", folder=str(folder)), file=sys.stderr)
            yield core
            with suppress(StoreError):  # which was said already
                await core.alerts.publish()  # for ADMINS, by a `run` elsewhere
    except CannotStart as error:
        print(error, file=sys.stderr)
        raise SystemExit(error.code) from None
    except BotError as error:
        locale = person().locale
        text = sentence(error, locale, settings)
        if books_only and error.message_key == StoreError.key:  # operators are to mend it, and read no log here
            text = t(locale, "terminal-store", cause=error.cause)
        print(text, file=sys.stderr)
        raise SystemExit(1) from None


def person() -> Person:
    """The user who is logged in; pays as `terminal:LOGIN`."""
    try:
        login = re.sub(r"[^\w.-]", "_", getpass.getuser())
    except (KeyError, OSError):  # a container may run as a number that nobody has a name for
        login = str(os.getuid())
    return Person(id=f"terminal:{login}", name=login, locale=pick(shell_language()), is_moderator=True)


def make_turn(command: str, text: str, args: Mapping[str, str], files: tuple[str, ...] = ()) -> Turn:
    who, id_ = person(), uuid4().hex
    return Turn(
        id=f"terminal:{id_}",
        command=command,
        person=who,
        chat=f"terminal:chat:{who.name}",  # not the person's name: one account would pay everything twice
        room=f"terminal:{id_}",  # a conversation of its own: scripts must not build on one another
        text=text,
        args={name: value for name, value in args.items() if value},
        attachments=tuple(_attachment(Path(file)) for file in files),
        shared=True,
        private=True,
        alone=True,
    )


def _attachment(path: Path) -> Attachment:
    size = path.stat().st_size

    async def read(limit: int) -> bytes:
        if size > limit:
            raise BadInput("attachment-too-big", mib=limit >> 20)
        return await asyncio.to_thread(path.read_bytes)

    return Attachment(path.name, mimetypes.guess_type(path.name)[0] or "", size, read)


async def ask(settings: Settings, question: str, images: tuple[str, ...], *, model: str, as_json: bool) -> int:
    """One streamed answer on stdout. Returns the exit code."""
    reply = TerminalReply(as_json=as_json)
    for name in images:
        if problem := _unreadable(Path(name)):
            print(f"{name}: {problem}", file=sys.stderr)
            return 1
    async with opened(settings) as core:
        turn = make_turn("ask", question, {"model": model}, images)
        answering = asyncio.create_task(_run(core, turn, reply))
        try:
            await asyncio.shield(answering)
        except asyncio.CancelledError:  # by Ctrl-C: what came until then is paid, and shown
            if not core.running.stop_here(turn.room, StopReason.PERSON):
                answering.cancel()
            await answering
    if reply.is_lost:  # and it was said: to write what waits still would say it again
        raise SystemExit(1)
    return int(reply.has_failed)


async def _run(core: Core, turn: Turn, reply: TerminalReply) -> None:
    """Runs a turn. The person at the terminal is the operator: they read what to fix, not that the operator was
    alerted."""
    reply.find_trouble = partial(core.alerts.find_trouble, turn.person.locale)
    await core.run(turn, reply)


async def imagine(settings: Settings, prompt: str, output: str, options: Mapping[str, str]) -> int:
    """Pictures in files, the one that was ordered in `output` ("-": on stdout); their names on stdout. Returns
    the exit code. Where it could not be written it is not ordered: it would be paid, and lost."""
    reply = TerminalReply()
    if problem := _unwritable(output):
        print(f"{output or os.curdir}: {problem}", file=sys.stderr)
        return 1
    async with opened(settings) as core:
        await _run(core, make_turn("imagine", prompt, options), reply)
    code = int(reply.last.phase is not Phase.DONE or not reply.last.pictures)
    for place, picture in _places(reply.last, output):
        try:
            await asyncio.to_thread(_write, place, picture.data)
        except OSError as error:
            print(f"{place}: {error.strerror}", file=sys.stderr)
            code = 1
        else:
            if place != _STDOUT:
                print(place, file=sys.stderr if output == _STDOUT else sys.stdout)
    return code


def _places(answer: Answer, output: str) -> Iterator[tuple[str, Picture]]:
    """Where each picture goes. All but the first that was ordered (more of them, and what an earlier command
    did not wait for) have names of their own, beside it: they are paid."""
    for number, picture in enumerate(answer.pictures):
        is_first = answer.phase is Phase.DONE and not number
        yield output if output and is_first else str(Path(output).parent / picture.name), picture


def _write(place: str, data: bytes) -> None:
    """Raises OSError. The beginning of a picture, which looks like one, is not left."""
    if place == _STDOUT:
        sys.stdout.buffer.write(data)
        sys.stdout.flush()
        return
    path = Path(place)
    with path.open("wb") as file:
        try:
            file.write(data)
            file.flush()
        except OSError:
            if path.is_file():  # and no device
                path.unlink()
            raise


def _unreadable(file: Path) -> str:
    """Why this cannot be read as a file, mostly in the system's words; "" where it can."""
    try:
        # Nobody need ever write to a pipe; those that the shell makes are written to.
        if file.is_fifo() and not file.is_relative_to("/dev"):
            return t(person().locale, "terminal-no-file")
        file.open("rb").close()
    except OSError as error:
        return error.strerror or type(error).__name__
    return ""


def _unwritable(output: str) -> str:
    """Why this cannot be written as a file, in the system's words; "" where it can. "" as a name: a new file
    here."""
    if output == _STDOUT:
        return ""
    file = Path(output)
    try:
        if output and file.is_dir():
            return os.strerror(errno.EISDIR)
        place = file if file.exists() else file.parent
        if not place.exists():
            return os.strerror(errno.ENOENT)
    except OSError as error:  # its folder is closed to us
        return error.strerror or type(error).__name__
    return "" if os.access(place, os.W_OK) else os.strerror(errno.EACCES)

"""The operator's subcommands around the store as a whole: backup and restore."""

import sys
from collections.abc import Awaitable, Callable
from pathlib import Path

from bots.logs import set_up_logs
from bots.terminal.verbs import person
from core import backup as copies
from core.backup import BadBackup
from core.errors import StoreError
from core.sentences import sentence
from core.settings import BadSettings, Settings
from core.store import Store, open_store
from core.words import t


async def backup(settings: Settings, folder: Path) -> int:
    """Exit code 0 where `folder` is a whole backup."""

    async def copy(store: Store) -> str:
        size = await copies.backup(store, folder)
        return t(person().locale, "terminal-backed-up", folder=str(folder), bytes=size)

    return await _with_store(settings, folder, copy)


async def restore(settings: Settings, folder: Path) -> int:
    """Exit code 0 where the store was empty and is as it was at the time of the backup now."""

    async def fill(store: Store) -> str:
        return t(person().locale, "terminal-restored", keys=await copies.restore(folder, store))

    return await _with_store(settings, folder, fill)


async def _with_store(settings: Settings, folder: Path, work: Callable[[Store], Awaitable[str]]) -> int:
    """Prints what `work` says, or one line on stderr about why it could not be done."""
    set_up_logs(settings.model_copy(update={"log_level": "error"}))
    try:
        async with open_store(settings) as store:
            done = await work(store)
    except BadSettings as error:
        print("\n".join(error.problems), file=sys.stderr)
    except StoreError as error:
        print(t(person().locale, "terminal-store", cause=error.cause), file=sys.stderr)
    except BadBackup as error:
        print(sentence(error, person().locale, settings), file=sys.stderr)
    except OSError as error:
        print(f"{folder}: {error.strerror or error}", file=sys.stderr)
    else:
        print(done)
        return 0
    return 1

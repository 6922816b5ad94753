"""The operator's subcommands around the store as a whole: backup and restore."""

import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
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
    """Fills `folder`, which is a whole backup then."""
    async with _opened(settings, folder) as store:
        size = await copies.backup(store, folder)
    print(t(person().locale, "terminal-backed-up", folder=str(folder), bytes=size))
    return 0


async def restore(settings: Settings, folder: Path) -> int:
    """Makes an empty store what it was at the time of the backup."""
    async with _opened(settings, folder) as store:
        keys = await copies.restore(folder, store)
    print(t(person().locale, "terminal-restored", keys=keys))
    return 0


@asynccontextmanager
async def _opened(settings: Settings, folder: Path) -> AsyncIterator[Store]:
    """The store alone. What fails is one line on stderr, and ends the command."""
    set_up_logs(settings.model_copy(update={"log_level": "error"}))
    try:
        async with open_store(settings) as store:
            yield store
            return
    except BadSettings as error:
        print("\n".join(error.problems), file=sys.stderr)
    except StoreError as error:
        print(t(person().locale, "terminal-store", cause=error.cause), file=sys.stderr)
    except BadBackup as error:
        print(sentence(error, person().locale, settings), file=sys.stderr)
    except OSError as error:
        print(f"{folder}: {error.strerror or error}", file=sys.stderr)
    raise SystemExit(1)

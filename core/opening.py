"""Opens every client that a Core needs, in order."""

import asyncio
import time
from collections.abc import AsyncIterator, Awaitable, Callable, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager

from pydantic import SecretStr

from core.app import Core
from core.catalogue import Catalogue, catalogue_for
from core.errors import CannotStart, StoreError
from core.jobs import check_queue
from core.minitool.client import open_minitool
from core.personas import read_personas
from core.running import Running
from core.settings import BadSettings, Settings, read_named
from core.spend import Spend
from core.store import AlreadyRunning, Store, open_store, run_lock

_WRONG_SETTING = 2
Sleep = Callable[[float], Awaitable[None]]


@asynccontextmanager
async def open_core(
    settings: Settings,
    *,
    alone: bool = False,
    books_only: bool = False,
    clock: Callable[[], float] = time.time,
    sleep: Sleep = asyncio.sleep,
) -> AsyncIterator[Core]:
    """Opens everything in order and closes it in reverse. `alone`: it is to serve, so no other process may
    serve on this DATA_DIR. `books_only`: no model will be asked, so the simulated API is not started. `sleep`
    is used between retries of the model's side.

    Raises CannotStart with one line per problem.
    """
    async with AsyncExitStack() as stack:
        try:
            catalogue = _read_files(settings)
            if alone:
                stack.enter_context(run_lock(settings))
            is_simulated = settings.serves_simulation and not books_only
            reached = await _simulate(settings, stack) if is_simulated else settings
            owns_store = alone and settings.has_own_store
            store = await stack.enter_async_context(open_store(settings, alone=owns_store))
            minitool = await stack.enter_async_context(open_minitool(reached, sleep=sleep))
            spend = await stack.enter_async_context(Spend(store, settings, clock))
            running = await stack.enter_async_context(Running(store, clock, alone=owns_store))
            core = Core(settings, catalogue, store, minitool, spend, running, clock)
            if alone:
                await _check_queue(store)
        except BadSettings as error:
            code = 1 if isinstance(error, AlreadyRunning) else _WRONG_SETTING
            raise CannotStart("\n".join(error.problems), code) from error
        except StoreError as error:
            raise without_store(settings, error) from error
        yield core


def _read_files(settings: Settings) -> Catalogue:
    """The catalogue, once every file that the settings name can be read: before anything is started. Raises
    BadSettings with the problems of all of them."""
    problems: list[str] = []
    catalogue = None

    @contextmanager
    def noting() -> Iterator[None]:
        try:
            yield
        except BadSettings as error:
            problems.extend(error.problems)

    with noting():
        catalogue = catalogue_for(settings)
    with noting():
        read_personas(settings.personas_file)
    with noting():
        if settings.blocklist_file is not None:
            read_named("BLOCKLIST_FILE", settings.blocklist_file)
    if catalogue is None or problems:
        raise BadSettings(problems)
    return catalogue


def without_store(settings: Settings, error: StoreError) -> CannotStart:
    """The CannotStart for a StoreError."""
    where = "DATA_DIR" if settings.has_own_store else "REDIS_URL"
    text = f"{where}: the store does not answer ({error.cause})"  # not for people: as problems of the settings
    return CannotStart(text)


async def _check_queue(store: Store) -> None:
    """Raises StoreError, CannotStart."""
    try:
        await check_queue(store)
    except StoreError as error:
        if "NoPermission" not in error.cause:
            raise
        raise CannotStart(f"REDIS_URL: its user may not subscribe, give it `&*` ({error.cause})") from error


async def _simulate(settings: Settings, stack: AsyncExitStack) -> Settings:
    """Starts the simulated API. Returns the settings with its address."""
    from core.minitool.simulated import serve_simulated

    address = await stack.enter_async_context(serve_simulated())
    key = "simulated" if settings.minitoolai_api_key else ""
    return settings.model_copy(update={"minitoolai_base_url": address, "minitoolai_api_key": SecretStr(key)})

"""Checks this machine: versions, disk, the web server's port, and whether a `run` is at work here."""

import errno
import os
import re
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Iterator
from contextlib import suppress
from importlib.metadata import PackageNotFoundError, metadata, requires, version
from pathlib import Path

import aiohttp

from bots.findings import Finding, ask, fail, ok, skip, warn
from core.environment import from_root
from core.settings import Settings

_NAME = "minitool-bots"
_LEAST_FREE_BYTES, _FEW_FREE_BYTES = 50_000_000, 500_000_000


def examine_versions() -> Iterator[Finding]:
    """Python and every package that must be here, against what we were tested with."""
    python = sys.version.split()[0]
    is_known = fits(python, metadata(_NAME)["Requires-Python"])
    level, key = (ok, "python") if is_known else (warn, "python-other")
    yield level("versions", key, python=python)
    wrong = [*_wrong_packages()]
    yield from wrong
    if not wrong:
        yield ok("versions", "packages", name=_NAME, version=version(_NAME))


def _wrong_packages() -> Iterator[Finding]:
    for line in requires(_NAME) or ():
        wanted, _, marker = line.partition(";")
        if "extra" in marker:
            continue
        name = re.split(r"[\[<>=!~ ]", wanted)[0]
        try:
            found = version(name)
        except PackageNotFoundError:
            yield fail("versions", "package-missing", name=name)
            continue
        if not fits(found, wanted):
            yield warn("versions", "package-other", name=name, found=found, wanted=wanted.removeprefix(name))


def fits(found: str, wanted: str) -> bool:
    """Whether a version lies within bounds like "redis[hiredis]<9,>=8.1"."""

    def numbers(text: str) -> tuple[int, ...]:
        return tuple(int(part) for part in re.findall(r"\d+", text))

    bounds = re.findall(r"(>=|<)\s*([\w.]+)", wanted)
    return all(
        numbers(found) >= numbers(bound) if comparison == ">=" else numbers(found) < numbers(bound)
        for comparison, bound in bounds
    )


def examine_disk(settings: Settings) -> Iterator[Finding]:
    """Room and rights in DATA_DIR, where the store is embedded. A file that grows needs as much again while it
    is written anew."""
    if not settings.has_own_store:
        return
    folder = from_root(settings.data_dir)
    home = next(path for path in (folder, *folder.parents) if os.path.exists(path))  # a Path's own may raise
    if not home.is_dir() or not os.access(home, os.W_OK | os.X_OK):
        yield fail("disk", "data-dir", path=str(folder))
        return
    free, kept = shutil.disk_usage(home).free, _size(folder / "store")
    data = {"free": _mega(free), "kept": _mega(kept)}
    if free < _LEAST_FREE_BYTES:
        yield fail("disk", "disk-full", **data)
    elif free < max(_FEW_FREE_BYTES, kept):
        yield warn("disk", "disk-low", **data)
    else:
        yield ok("disk", "disk", **data)


def _size(folder: Path) -> int:
    """Bytes of the files that can be looked at."""
    found = 0
    for place, _, names in os.walk(folder):
        for name in names:
            with suppress(OSError):  # a `run` beside us writes its file anew, and drops the old one
                found += Path(place, name).stat().st_size
    return found


def _mega(count: int) -> int:
    return count // 1_000_000


async def examine_web(settings: Settings) -> AsyncIterator[Finding]:
    """Whether the port is free, or a `run` of ours has it: then, how it says it is doing."""
    host, port = settings.web_host, settings.web_port
    if not port:
        yield skip("web", "web-off")
        return
    where = f"[{host}]:{port}" if ":" in host else f"{host}:{port}"
    error = _try_port(host, port)
    if error is None:
        yield ok("web", "web-free", where=where)
        return
    problem = str(error.strerror).partition(" (")[0]  # behind it Python says the address once more
    if error.errno != errno.EADDRINUSE:
        yield fail("web", "web-shut", where=where, problem=problem)
        return
    async with aiohttp.ClientSession() as session:
        at = where.replace("0.0.0.0:", "127.0.0.1:").replace("[::]:", "[::1]:")
        response = await ask(session, f"http://{at}/healthz")
    if not isinstance(response.body, dict) or "status" not in response.body:
        yield fail("web", "web-taken", where=where, problem=problem)
        return
    words = {name: word for name, word in response.body.items() if isinstance(word, str) and name != "status"}
    sick = ", ".join(f"{name} {word}" for name, word in words.items() if word not in ("ok", "off"))
    if response.body["status"] == "ok":
        yield ok("web", "web-run", where=where)
    else:
        yield fail("web", "web-run-degraded", where=where, sick=sick[:200])


def _try_port(host: str, port: int) -> OSError | None:
    """Why it cannot be served on; None where it can."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        return error
    return None

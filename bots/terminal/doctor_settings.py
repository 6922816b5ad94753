"""Checks the settings beyond what reading them says: names nobody knows, files, models, what does not fit."""

import os
import stat
from collections.abc import Iterator
from contextlib import suppress
from functools import partial
from urllib.parse import urlsplit

from bots.findings import Finding, fail, ok, skip, warn
from core.catalogue import misfits, read_catalogue
from core.environment import FILE, from_root, unknown_names
from core.personas import read_personas
from core.settings import NAMES, BadSettings, Settings, is_loopback, read_named

_PART = "settings"


def examine_problems(problems: list[str]) -> Iterator[Finding]:
    """Settings that could not be read: one line each, "NAME: what is wrong"."""
    for problem in problems:
        yield fail(_PART, "setting-wrong", problem=problem)
    yield from examine_file()


def examine(settings: Settings) -> Iterator[Finding]:
    yield ok(_PART, "settings-read")
    yield from examine_file()
    yield from _models(settings)
    yield from _files(settings)
    if not settings.admins:
        yield skip(_PART, "no-admins")
    if settings.global_daily_usd is None and settings.global_monthly_usd is None:
        yield warn(_PART, "no-global-cap")
    address = urlsplit(settings.minitoolai_base_url)
    if address.scheme == "http" and not (settings.is_simulated or is_loopback(address.hostname or "")):
        yield warn(_PART, "key-no-https")
    if settings.image_transport == "link":
        if not settings.web_port:
            yield fail(_PART, "link-no-web")
        if not settings.public_url.startswith("https://"):
            yield warn(_PART, "link-no-https")


def examine_file() -> Iterator[Finding]:
    """`.env` itself: where it is looked for, who else may read it, and names that are no settings. That we may
    not read it is told as a problem of the settings."""
    try:
        found = FILE.stat()
    except FileNotFoundError:
        yield skip(_PART, "env-none", folder=str(from_root(FILE.parent)))
        return
    except OSError:
        return
    if (mode := _mode_wanted(found)) and found.st_mode & stat.S_IRWXO | found.st_mode & stat.S_IRWXG & ~mode:
        yield warn(_PART, "env-readable", mode=f"{mode:o}")
    with suppress(OSError):
        for name, meant in unknown_names(NAMES):
            if meant:
                yield warn(_PART, "setting-meant", name=name, meant=meant)
            else:
                yield warn(_PART, "setting-unknown", name=name)


def _mode_wanted(file: os.stat_result) -> int:
    """The mode that the file should have: 0600 if it is ours alone; 0640 if a service reads it by its group, as
    our systemd unit does; 0 where we read it only because everybody may, as in a container: without that the
    bot could not start."""
    is_owner, is_member = file.st_uid == os.geteuid(), file.st_gid in (os.getegid(), *os.getgroups())
    if is_owner and is_member:
        return 0o600
    return 0o640 if is_owner or is_member else 0


def _models(settings: Settings) -> Iterator[Finding]:
    try:
        catalogue = read_catalogue(settings.catalogue_file)
    except BadSettings as error:
        yield fail(_PART, "file", problem=str(error))
        return
    wrong = misfits(settings, catalogue)
    for one in wrong:
        key = "model-unknown" if one.known else "model-blind"
        yield fail(_PART, key, name=one.setting, model=one.model[:60], known=one.known)
    if not wrong:
        yield ok(_PART, "models", chat=len(catalogue.chat), image=len(catalogue.image))


def _files(settings: Settings) -> Iterator[Finding]:
    readers = (
        (settings.personas_file, read_personas),
        (settings.blocklist_file, partial(read_named, "BLOCKLIST_FILE")),
    )
    for file, read in readers:
        try:
            if file is not None:
                read(file)
        except BadSettings as error:
            yield fail(_PART, "file", problem=str(error))

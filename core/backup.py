"""Backup and restore of the store, while it is in use.

A backup is a folder: for each server of the store what it would send to a new replica, which is everything at
one moment, and SHA256SUMS. It is restored into any empty store, embedded, single or cluster: a private server
reads the files, and every key goes over with the moment at which it is to expire.
"""

import asyncio
import hashlib
import os
import shutil
import tempfile
from collections.abc import AsyncIterator, Iterator
from contextlib import AsyncExitStack, asynccontextmanager, contextmanager
from pathlib import Path
from typing import Any, BinaryIO

import structlog
from redis.asyncio import Redis

from core.errors import BotError, StoreError
from core.store import Store
from core.valkey import embedded

log = structlog.get_logger(__name__)

SUMS = "SHA256SUMS"
_IDLE_S = 30.0  # a server that prepares its copy says every second that it still does
_CHUNK_BYTES = 1 << 20
_MARK_BYTES = 40
_BATCH = 100  # keys under way at once ...
_BATCH_BYTES = 4 << 20  # ... or fewer: a picture is one


class BadBackup(BotError):
    """The backup cannot be made or restored; the key says why."""


async def backup(store: Store, folder: Path) -> int:
    """Writes the store into `folder`, which must not exist. Returns its size in bytes. What was acknowledged
    before is in it. Raises BadBackup, StoreError, OSError; then there is no `folder`."""
    await _check_alone(store)
    if not await _count(store):  # as in another folder than the bot's, where cron begins
        raise BadBackup("backup-empty")
    size, sums = 0, ""
    with _new_folder(folder) as unfinished:
        for number, connection in enumerate(_servers(store), 1):
            name = f"server-{number}.rdb"
            with _private_file(unfinished / name) as out, store.guard():
                digest, bytes_ = await _copy_server(connection, out)
            sums += f"{digest}  {name}\n"
            size += bytes_
        with _private_file(unfinished / SUMS) as out:
            out.write(sums.encode())
    return size


async def restore(folder: Path, store: Store) -> int:
    """Fills the empty `store` with a backup. Returns how many keys that were. Raises BadBackup, StoreError,
    OSError."""
    files = await asyncio.to_thread(_checked, folder)
    if await _count(store):
        raise BadBackup("backup-not-empty")
    count = 0
    for file in files:
        async with _reading(file) as source:
            async for batch in _entries(source):
                await _write(store, batch)
                count += len(batch)
    return count


async def _count(store: Store) -> int:
    """How many keys there are. Raises StoreError."""
    nodes = {"target_nodes": store.redis.get_primaries()} if store.is_cluster else {}
    with store.guard():
        return int(await store.redis.dbsize(**nodes))


async def _check_alone(store: Store) -> None:
    """Raises BadBackup where others keep something on the server, too: a copy is one of the whole server.
    Raises StoreError."""
    if store.is_cluster:  # which has one database
        return
    own = f"db{store.redis.get_connection_kwargs().get('db') or 0}"
    with store.guard():
        found = {name for name in await store.redis.info("keyspace") if name.startswith("db")}
    if found - {own}:
        names = ", ".join(sorted({own, *found}))
        raise BadBackup("backup-shared", names=names)


@contextmanager
def _new_folder(folder: Path) -> Iterator[Path]:
    """A folder to write into. It has its own name only once it is whole; where it does not get there, it is
    removed. Raises BadBackup where there is one already."""
    if folder.exists():
        raise BadBackup("backup-exists", folder=str(folder))
    unfinished = folder.with_name(f"{folder.name}.unfinished")
    try:
        unfinished.mkdir(mode=0o700, parents=True)
    except FileExistsError:
        raise BadBackup("backup-unfinished", folder=str(unfinished)) from None
    try:
        yield unfinished
        unfinished.rename(folder)
    except BaseException:
        shutil.rmtree(unfinished)
        raise


def _private_file(path: Path) -> BinaryIO:
    return open(os.open(path, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb")


def _servers(store: Store) -> list[Any]:
    """A connection to each server that has keys of its own. redis-py gives them no common type."""
    if store.is_cluster:
        return [node.connection_class(**node.connection_kwargs) for node in store.redis.get_primaries()]
    return [store.redis.connection_pool.make_connection()]


async def _copy_server(connection: Any, out: BinaryIO) -> tuple[str, int]:
    """Asks for a full synchronisation, as a replica does, and leaves when it has it. Returns its digest and
    size."""
    digest, size = hashlib.sha256(), 0
    await connection.connect()
    try:
        # "eof": straight from its memory. Else the server would leave a copy of all data on its own disk.
        await connection.send_command("REPLCONF", "capa", "eof")
        if await connection.read_response() != b"OK":
            raise BadBackup("backup-no-valkey")
        await connection.send_command("SYNC")
        async for piece in _payload(connection._reader):  # noqa: SLF001  # redis-py has no word for this
            digest.update(piece)
            size += await asyncio.to_thread(out.write, piece)
    finally:
        await connection.disconnect(nowait=True)
    return digest.hexdigest(), size


async def _payload(reader: asyncio.StreamReader) -> AsyncIterator[bytes]:
    """The copy in the answer to SYNC: `$LENGTH` and so many bytes, or `$EOF:MARK` and all up to the mark."""
    head = b""
    while not head.strip():  # empty lines mean: still preparing
        head = await _within(reader.readline())
        if not head:
            raise BadBackup("backup-closed")
    if head.startswith(b"-"):
        raise BadBackup("backup-refused", problem=head[1:].decode("utf-8", "replace").strip())
    mark = head[5:].strip() if head.startswith(b"$EOF:") else b""
    left, held = (0 if mark else int(head[1:])), b""
    while mark or left:
        piece = await _within(reader.read(_CHUNK_BYTES if mark else min(_CHUNK_BYTES, left)))
        if not piece:
            raise BadBackup("backup-closed")
        if not mark:
            left -= len(piece)
            yield piece
            continue
        held += piece
        is_whole = held.endswith(mark)
        ready, held = held[:-_MARK_BYTES], held[-_MARK_BYTES:]
        yield ready
        if is_whole:
            return


async def _within(read: Any) -> bytes:
    async with asyncio.timeout(_IDLE_S):
        data: bytes = await read
        return data


def _checked(folder: Path) -> list[Path]:
    """The files, by paths that hold everywhere. Raises BadBackup."""
    try:
        sums = (folder / SUMS).read_text("utf-8").split("\n")
    except FileNotFoundError:
        raise BadBackup("backup-none", folder=str(folder)) from None
    files = []
    for line in filter(None, sums):
        digest, _, name = line.partition("  ")
        files.append(folder.absolute() / Path(name).name)
        if not files[-1].exists() or _digest(files[-1]) != digest:
            raise BadBackup("backup-changed", file=str(files[-1]))
    return files


def _digest(file: Path) -> str:
    with open(file, "rb") as opened:
        return hashlib.file_digest(opened, "sha256").hexdigest()


@asynccontextmanager
async def _reading(file: Path) -> AsyncIterator[Redis]:
    """A private server that has read the file, and a client of the one database in it."""
    with tempfile.TemporaryDirectory(prefix="restore-") as home:
        folder = Path(home) / "store" / "appendonlydir"
        folder.mkdir(parents=True, mode=0o700)
        base = folder / "appendonly.aof.1.base.rdb"
        base.symlink_to(file)  # never a copy: the temporary folder may lie in memory
        (folder / "appendonly.aof.manifest").write_text(f"file {base.name} seq 1 type b\n", "utf-8")
        async with AsyncExitStack() as stack:
            try:
                socket = await stack.enter_async_context(embedded(Path(home)))
            except StoreError as error:
                raise BadBackup("backup-unreadable", file=str(file), problem=error.cause) from error
            client = await stack.enter_async_context(Redis(unix_socket_path=str(socket)))
            spaces = [name for name in await client.info("keyspace") if name.startswith("db")]
            if len(spaces) > 1:
                raise BadBackup("backup-file-shared", file=str(file), names=", ".join(spaces))
            database = int(spaces[0].removeprefix("db")) if spaces else 0
            yield await stack.enter_async_context(Redis(unix_socket_path=str(socket), db=database))


async def _entries(source: Redis) -> AsyncIterator[list[tuple[bytes, bytes, int]]]:
    """Keys with what they hold, and when they expire (epoch milliseconds, 0 = never); cut so that no batch has
    much more than _BATCH_BYTES."""
    cursor = -1
    while cursor:
        cursor, names = await source.scan(max(0, cursor), count=_BATCH)
        async with source.pipeline(transaction=False) as pipe:
            for name in names:
                pipe.memory_usage(name)
            sizes = await pipe.execute()
        batch, bytes_ = list[Any](), 0  # of bytes; redis-py knows names that are texts, too
        for name, size in zip(names, sizes, strict=True):
            batch.append(name)
            bytes_ += size or 0  # None: it has expired
            if bytes_ >= _BATCH_BYTES:
                yield await _dumped(source, batch)
                batch, bytes_ = [], 0
        yield await _dumped(source, batch)


async def _dumped(source: Redis, names: list[bytes]) -> list[tuple[bytes, bytes, int]]:
    async with source.pipeline(transaction=False) as pipe:
        for name in names:
            pipe.dump(name)
            pipe.execute_command("PEXPIRETIME", name)  # the method's own type knows no bytes
        replies = await pipe.execute()
    found = zip(names, replies[::2], replies[1::2], strict=True)
    return [(name, data, max(0, expires)) for name, data, expires in found if data is not None]


async def _write(store: Store, batch: list[tuple[bytes, bytes, int]]) -> None:
    with store.guard():
        async with store.redis.pipeline(transaction=False) as pipe:
            for name, data, expires in batch:
                pipe.restore(name, expires, data, absttl=True)
            await pipe.execute()

"""The embedded store's memory: compact encodings, the limit, and the allocator."""

import os
import sys
from pathlib import Path

import pytest

from core import valkey
from core.store import open_store
from tests.conftest import MakeSettings
from tests.core.test_valkey import servers


async def test_what_grows_by_the_day_is_not_walked_through(make_settings: MakeSettings) -> None:
    """A hash larger than one person's account has a real hash table: each field is found at once."""
    async with open_store(make_settings(redis_url="")) as store:
        for name, count in (("person", valkey.COMPACT_FIELDS), ("all", valkey.COMPACT_FIELDS + 1)):
            await store.redis.hset(name, mapping={str(number): number for number in range(count)})
        encodings = [await store.redis.object("encoding", name) for name in ("person", "all")]
    assert encodings == [b"listpack", b"hashtable"]


@pytest.mark.parametrize(
    ("group", "limits"),
    [
        ("0::/\n", {"memory.max": 4096}),  # a container that sees only itself
        ("0::/docker/c1\n", {"memory.max": 4096}),  # one that has the host's names
        ("0::/system.slice/bots.service\n", {"system.slice/bots.service/memory.max": 4096}),
        (
            "0::/bots.slice/bots.service\n",
            {"bots.slice/bots.service/memory.max": "max", "bots.slice/memory.max": 4096, "memory.max": 8192},
        ),
        (
            "5:cpu,cpuacct:/\n4:memory:/docker/c1\n0::/\n",
            {"memory/memory.limit_in_bytes": 2**63 - 4096, "memory/docker/c1/memory.limit_in_bytes": 4096},
        ),
    ],
)
def test_half_of_what_a_container_or_service_has(
    tmp_path: Path, group: str, limits: dict[str, str | int]
) -> None:
    """Limits of control groups v1 and v2 are found, the smallest of all groups around the process."""
    files: dict[str, str | int] = {f"sys/fs/cgroup/{name}": limit for name, limit in limits.items()}
    for name, text in {"proc/self/cgroup": group, **files}.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_text(str(text), "ascii")
    assert valkey._most_memory(tmp_path) == 2048
    assert valkey._most_memory(tmp_path / "nothing") > 10**8  # half of the machine


def test_the_quicker_allocator_is_asked_for_where_it_is(tmp_path: Path) -> None:
    """jemalloc is preloaded if a distribution has it; without it, the loader is not asked for a missing
    file."""
    for folder in ("usr/lib", "usr/lib64", "usr/lib/aarch64-linux-gnu"):
        library = tmp_path / folder / "libjemalloc.so.2"
        library.parent.mkdir(parents=True, exist_ok=True)
        assert valkey.allocator(tmp_path) == ""
        library.touch()
        assert valkey.allocator(tmp_path) == library.name
        library.unlink()


@pytest.mark.skipif(sys.platform != "linux", reason="macOS has another loader")
async def test_the_server_has_the_quicker_allocator_where_it_is(make_settings: MakeSettings) -> None:
    """The server runs with the system's jemalloc if there is one, and without it as well."""
    settings = make_settings(redis_url="")
    async with open_store(settings):
        [server] = servers(settings.data_dir)
        mapped = {os.path.basename(region.path) for region in server.memory_maps()}
    assert ("libjemalloc.so.2" in mapped) == bool(valkey.allocator())


async def test_what_the_operator_preloads_stays(
    make_settings: MakeSettings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """An LD_PRELOAD set by the operator, even an empty one, is not overruled."""
    monkeypatch.setattr(valkey, "allocator", lambda: "libnowhere.so.2")
    monkeypatch.setenv("LD_PRELOAD", "")
    settings = make_settings(redis_url="")
    async with open_store(settings):
        assert b"libnowhere" not in (settings.data_dir / "store" / "valkey.log").read_bytes()

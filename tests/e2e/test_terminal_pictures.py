"""`imagine`: every paid picture gets a file of its own."""

import asyncio
import io
import subprocess
import sys
from collections.abc import AsyncIterator
from dataclasses import replace
from pathlib import Path

import pytest
from PIL import Image

from bots.terminal import verbs
from bots.terminal.reply import TerminalReply
from core.answer import Phase, Picture
from core.app import Core
from core.minitool.simulated import Simulated, serve_simulated
from core.settings import Settings
from core.turn import Turn
from tests.e2e.script import environment

pytestmark = pytest.mark.e2e


@pytest.fixture
async def side() -> AsyncIterator[dict[str, str]]:
    """The settings that lead to a model's side in a hurry."""
    async with serve_simulated(Simulated(job_s=0.1)) as address:
        yield {"MINITOOLAI_API_KEY": "a-key-for-tests", "MINITOOLAI_BASE_URL": address}


async def imagine(cwd: Path, *args: str, **settings: str) -> subprocess.CompletedProcess[bytes]:
    command = [sys.executable, "-m", "bots", "imagine", *args]
    env = environment(**settings)
    return await asyncio.to_thread(subprocess.run, command, cwd=cwd, env=env, capture_output=True)


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.glob("*.png")}


async def test_every_picture_has_a_file(tmp_path: Path, side: dict[str, str]) -> None:
    """Two ordered pictures are two files in one folder."""
    (tmp_path / "sub").mkdir()
    done = await imagine(tmp_path, "a fox --count 2 --size 256x512", "-o", "sub/fox.png", **side)
    assert (done.returncode, done.stderr) == (0, b"")
    first, second = done.stdout.decode().splitlines()
    assert (first, second[:10]) == ("sub/fox.png", "sub/a-fox-")
    for name in (first, second):
        with Image.open(tmp_path / name) as picture:
            assert picture.size == (256, 512)


async def test_a_picture_on_stdout(tmp_path: Path, side: dict[str, str]) -> None:
    """`-o -` writes the picture to stdout and nothing else."""
    done = await imagine(tmp_path, "a fox --size 256x512", "-o", "-", **side)
    with Image.open(io.BytesIO(done.stdout)) as picture:
        assert picture.size == (256, 512)
    assert (done.returncode, done.stderr, files(tmp_path)) == (0, b"", {})


@pytest.mark.parametrize("phase", [Phase.DONE, Phase.FAILED])
async def test_a_picture_from_earlier(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, phase: Phase) -> None:
    """A picture that an earlier command did not wait for is delivered once, under its own name, and is not
    mistaken for the one that was ordered now, whatever happens to that."""
    made = [Picture(name.encode(), "image/png", name, "") for name in ("new.png", "old.png")]

    async def run(_: Core, __: Turn, reply: TerminalReply) -> None:
        reply.last = replace(reply.last, phase=phase, pictures=tuple(made[phase is Phase.FAILED :]))

    monkeypatch.setattr(verbs, "_run", run)
    monkeypatch.setattr(verbs, "set_up_logs", lambda _: None)
    settings = Settings(_env_file=None, data_dir=tmp_path)
    code = await verbs.imagine(settings, "a fox", str(tmp_path / "fox.png"), {})
    assert code == int(phase is Phase.FAILED)
    expected = {"old.png": b"old.png"} | ({} if code else {"fox.png": b"new.png"})
    assert files(tmp_path) == expected

"""`imagine`: every paid picture gets a file of its own."""

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
from tests.e2e.fork_server import ForkServer

pytestmark = pytest.mark.e2e


@pytest.fixture
async def side() -> AsyncIterator[dict[str, str]]:
    """The settings that lead to a model's side in a hurry."""
    async with serve_simulated(Simulated(job_s=0.1)) as address:
        yield {"MINITOOLAI_API_KEY": "a-key-for-tests", "MINITOOLAI_BASE_URL": address}


def files(folder: Path) -> dict[str, bytes]:
    return {file.name: file.read_bytes() for file in folder.glob("*.png")}


async def test_every_picture_has_a_file(tmp_path: Path, ready: ForkServer, side: dict[str, str]) -> None:
    """Two ordered pictures are two files in one folder."""
    (tmp_path / "sub").mkdir()
    command = ("imagine", "a fox --count 2 --size 256x512", "-o", "sub/fox.png")
    done = await ready.run(tmp_path, *command, **side)
    assert (done.code, done.err) == (0, "")
    first, second = done.out.splitlines()
    assert (first, second[:10]) == ("sub/fox.png", "sub/a-fox-")
    for name in (first, second):
        with Image.open(tmp_path / name) as picture:
            assert picture.size == (256, 512)


async def test_a_picture_on_stdout(tmp_path: Path, ready: ForkServer, side: dict[str, str]) -> None:
    """`-o -` writes the picture to stdout and nothing else."""
    command = ("imagine", "a fox --size 256x512", "-o", "-")
    done = await ready.run(tmp_path, *command, streams=[None, tmp_path / "stdout"], **side)
    with Image.open(tmp_path / "stdout") as picture:
        assert picture.size == (256, 512)
    assert (done.code, done.err, files(tmp_path)) == (0, "", {})


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

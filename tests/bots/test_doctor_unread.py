"""`doctor` on files and folders that it may not read, and servers that do not answer what they are asked."""

import asyncio
from pathlib import Path

import aiohttp
import pytest
from aiohttp import web

from bots.doctor import check
from bots.findings import ask
from bots.terminal.doctor_machine import examine_disk
from tests.conftest import MakeSettings
from tests.raw_server import listening
from tests.standins.other_program import serving

NO_NAME = (
    "x" * 300
)  # longer than names are: as little to be looked at as what is somebody else's, by root neither


@pytest.fixture(autouse=True)
def _folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """No `.env` of the person who runs the tests is looked at."""
    monkeypatch.chdir(tmp_path)


def test_a_file_in_a_folder_of_somebody_elses(capsys: pytest.CaptureFixture[str]) -> None:
    """An `.env` that cannot be looked for is one line."""
    Path(".env").symlink_to(NO_NAME)
    assert asyncio.run(check(spend=False)) == 1
    assert "fail Settings: .env: File name too long" in capsys.readouterr().out


def test_a_folder_in_a_folder_of_somebody_elses(make_settings: MakeSettings, tmp_path: Path) -> None:
    """An inaccessible DATA_DIR does not end the checks; the store's line says what is wrong."""
    assert [*examine_disk(make_settings(redis_url="", data_dir=tmp_path / NO_NAME / "data"))]


async def test_a_silent_server_is_not_waited_for(monkeypatch: pytest.MonkeyPatch) -> None:
    """It counts as one that is away."""
    monkeypatch.setattr("bots.findings._TIMEOUT_S", 0.1)
    async with listening(lambda reader, _: reader.read()) as port, aiohttp.ClientSession() as session:
        response = await ask(session, f"http://127.0.0.1:{port}/")
    assert (response.status, response.problem) == (0, "TimeoutError")


async def test_nobody_leads_elsewhere() -> None:
    """Only addresses of the settings are called: a redirect is an answer that is not what was asked for."""

    async def lead(request: web.Request) -> web.Response:
        assert request.path == "/here"
        return web.Response(status=302, headers={"Location": "/there"})

    async with serving(lead) as port, aiohttp.ClientSession() as session:
        response = await ask(session, f"http://127.0.0.1:{port}/here")
    assert (response.status, response.is_ok) == (302, False)

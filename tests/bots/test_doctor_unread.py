"""`doctor` on files and folders that it may not read."""

import asyncio
from pathlib import Path

import pytest

from bots.doctor import check
from bots.terminal.doctor_machine import examine_disk
from tests.conftest import MakeSettings

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

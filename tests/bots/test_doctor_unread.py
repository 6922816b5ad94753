"""What `doctor` says of files and folders that it may not look at."""

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
    """That `.env` cannot even be looked for is a line like all others."""
    Path(".env").symlink_to(NO_NAME)
    assert asyncio.run(check(spend=False)) == 1
    assert "fail Settings: .env: File name too long" in capsys.readouterr().out


def test_a_folder_in_a_folder_of_somebody_elses(make_settings: MakeSettings, tmp_path: Path) -> None:
    """A DATA_DIR that cannot be looked at ends no examination; the store says what is wrong with it."""
    assert [*examine_disk(make_settings(redis_url="", data_dir=tmp_path / NO_NAME / "data"))]

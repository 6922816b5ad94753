"""The output of `doctor`: words in every language, one line each in a pipe, columns in a terminal."""

import re
import sys
from pathlib import Path

import pytest
from pydantic import SecretStr

from bots.findings import Finding
from bots.logs import Redactor
from bots.terminal.doctor import Report
from bots.terminal.doctor_settings import examine
from core import words
from core.environment import takes_colour
from core.settings import Settings


@pytest.mark.parametrize("locale", words.locales())
def test_every_line_has_words(locale: str) -> None:
    """Every key that a check can yield is in the word files, and every key there belongs to a check."""
    root = Path(__file__).resolve().parents[2] / "bots"
    files = [
        *root.glob("terminal/doctor*.py"),
        *root.glob("*/doctor.py"),
        root / "doctor.py",
        root / "findings.py",
    ]
    source = "\n".join(file.read_text("utf-8") for file in files)
    wanted = {key.removeprefix("doctor-") for key in words.keys(locale) if key.startswith("doctor-")}
    unused = [
        key for key in wanted if f'"{key}"' not in source and not key.startswith("part-") and key != "sum"
    ]
    assert unused == []
    called = re.findall(r"\b(?:ok|warn|fail|skip|level)\(\s*(?:\"\w+\"|_PART),\s*\"([a-z-]+)\"", source)
    assert len(called) > 50
    assert [key for key in called if key not in wanted] == []


@pytest.mark.parametrize(
    ("address", "is_told"),
    [("http://api.example", True), ("https://api.example", False), ("http://127.0.0.1:9", False)],
)
def test_a_key_that_travels_in_the_open(address: str, is_told: bool) -> None:
    """Without TLS the key can be read on the way, except on this machine."""
    settings = Settings(_env_file=None, minitoolai_base_url=address, minitoolai_api_key=SecretStr("k"))
    assert ("key-no-https" in [one.key for one in examine(settings)]) is is_told


def test_lines_in_a_pipe(capsys: pytest.CaptureFixture[str]) -> None:
    """One line per finding, without colours or secrets."""
    page = Report(Redactor(["canary"]))
    page.show(Finding("fail", "store", "store-away", {"setting": "REDIS_URL", "problem": "two\nlines canary"}))
    page.show(Finding("ok", "store", "store-durable"))
    assert page.end() == 1
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == 2
    assert re.fullmatch(r"fail \w+: .*two lines •••.*REDIS_URL.*", lines[0])
    assert lines[1].startswith("ok   ")


@pytest.mark.parametrize("locale", words.locales())
def test_a_store_of_the_bots_own_is_no_server(locale: str) -> None:
    """Without REDIS_URL the advice is about DATA_DIR, not about a server."""
    own, other = (
        words.t(locale, "doctor-store-away", problem="", setting=name).replace(name, "")
        for name in ("DATA_DIR", "REDIS_URL")
    )
    assert len(own) < len(other)


@pytest.mark.parametrize("locale", words.locales())
def test_lines_on_a_screen(
    locale: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The marks are aligned, however long the words of a language are."""
    monkeypatch.setenv("LC_ALL", f"{locale.replace('-', '_')}.UTF-8")
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    page = Report(Redactor([]))
    for part in ("versions", "settings", "disk", "web", "store", "api", "discord", "telegram", "clock"):
        page.show(Finding("ok", part, "store-durable"))
    shown = [line for line in re.sub(r"\x1b\[\d+m", "", capsys.readouterr().out).splitlines() if "✓" in line]
    assert len(shown) == 9
    assert words.t(locale, "doctor-part-settings") in shown[1]
    assert len({line.index(" ✓") for line in shown}) == 1


@pytest.mark.parametrize(
    ("shell", "is_coloured"),
    [({"NO_COLOR": ""}, True), ({"NO_COLOR": "1"}, False), ({"TERM": "dumb"}, False)],
)
def test_colours_are_the_shells_choice(
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    shell: dict[str, str],
    *,
    is_coloured: bool,
) -> None:
    """NO_COLOR and terminals without colours are respected, by the log, too."""
    for name, value in {"TERM": "xterm", **shell}.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout.isatty", lambda: True)
    page = Report(Redactor([]))
    page.show(Finding("ok", "store", "store-durable"))
    page.end()
    assert ("\x1b[" in capsys.readouterr().out) == is_coloured == takes_colour(sys.stdout)

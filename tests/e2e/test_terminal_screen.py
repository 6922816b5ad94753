"""The console script on a real pseudo-terminal."""

import asyncio
import os
import termios
from contextlib import suppress
from pathlib import Path

import pytest

from core.minitool.simulated import Simulated, serve_simulated
from tests.adapters.terminal_screen import Terminal
from tests.e2e.fork_server import fork_server

pytestmark = pytest.mark.e2e


def read_all(terminal: int) -> str:
    """Until nobody writes there any more."""
    found = b""
    with suppress(OSError):
        while data := os.read(terminal, 65536):
            found += data
    os.close(terminal)
    return found.decode()


async def seen(home: Path, *args: str, **settings: str) -> str:
    """All that a command wrote, which ends well."""
    ours, theirs = os.openpty()
    termios.tcsetwinsize(theirs, (10, 60))
    process = await fork_server().start(home, *args, streams=[theirs] * 3, TERM="xterm", **settings)
    os.close(theirs)
    written = await asyncio.to_thread(read_all, ours)
    await process.communicate()
    assert process.returncode == 0
    return written


async def test_an_answer_is_formatted(tmp_path: Path) -> None:
    """In the terminal's width, over more lines than its height, with the footer below; nothing of the progress
    line is left."""
    async with serve_simulated(Simulated(tokens_per_s=2000, first_token_s=0.01)) as address:
        written = await seen(
            tmp_path, "ask", "Tell me of **fjords**", "--model", "gpt-4o-mini",
            MINITOOLAI_API_KEY="a-key-for-tests", MINITOOLAI_BASE_URL=address,
        )  # fmt: skip
    terminal = Terminal(60, 10)
    terminal.write(written.replace("\x1b[2K", "\x1b[J"))  # there is but one line then
    lines = terminal.text.split("\n")
    assert max(map(len, lines)) <= 60
    assert "│ Tell me of fjords" in lines
    assert any("─┼─" in line for line in lines)
    assert lines[-2].startswith("GPT-4o mini · $")
    assert terminal.look_of("fjords") == "1"
    assert "**" not in terminal.text


async def test_requests_fit(tmp_path: Path) -> None:
    """In a narrow terminal a request takes two lines, and its id is whole in one of them: a refund needs it. A
    pipe gets one line for each."""
    async with serve_simulated(Simulated(tokens_per_s=2000, first_token_s=0.01)) as address:
        side = {"MINITOOLAI_API_KEY": "a-key-for-tests", "MINITOOLAI_BASE_URL": address, "LOGNAME": "ada"}
        await fork_server().run(tmp_path, "ask", "fault:401 Hi", "--model", "gpt-4.1-nano", **side)
        await fork_server().run(tmp_path, "ask", "Hi", "--model", "gpt-4.1-nano", **side)
    in_pipe = (await fork_server().run(tmp_path, "usage", "--requests")).out.splitlines()
    ids = [line.split()[0] for line in in_pipe[2:]]
    assert (len(in_pipe), len(set(ids))) == (4, 2)
    lines = (await seen(tmp_path, "usage", "--requests")).splitlines()
    assert max(map(len, lines)) <= 60
    assert [next(line for line in lines if id_ in line).split()[0] for id_ in ids] == ids
    assert sum("terminal:ada" in line for line in lines) == 2


async def test_a_new_store_is_reported_once(tmp_path: Path) -> None:
    """In a folder without a store, the command says once that a new one begins."""
    first, second = [(await seen(tmp_path, "audit")).splitlines() for _ in range(2)]
    assert first == [f"There was no store in {tmp_path}/data: a new one begins, with nothing in it.", *second]

"""Commands that are ended from outside, or cannot write their output: no traceback, a meaningful exit code."""

import asyncio
import gc
import json
import logging
import os
import shlex
import signal
import socket
import subprocess
import sys
from collections.abc import AsyncIterator
from contextlib import suppress
from functools import partial
from pathlib import Path

import pytest
import uvloop

from bots.__main__ import _tidily
from core.minitool.simulated import Simulated, serve_simulated
from tests.conftest import free_port, run_valkey
from tests.e2e.fork_server import ForkServer
from tests.e2e.script import ROOT, Done, environment, run_script
from tests.waiting import PATIENCE_S, until

pytestmark = pytest.mark.e2e
PYTHON = shlex.quote(sys.executable)


@pytest.fixture
async def side() -> AsyncIterator[dict[str, str]]:
    """The settings that lead to a model's side whose answers end when they are told to."""
    async with serve_simulated(Simulated(tokens_per_s=20, first_token_s=0.01)) as address:
        yield {"MINITOOLAI_API_KEY": "a-key-for-tests", "MINITOOLAI_BASE_URL": address}


async def run_shell(cwd: Path, command: str, **settings: str) -> Done:
    start = partial(subprocess.run, cwd=cwd, env=environment(**settings), capture_output=True, text=True)
    done = await asyncio.to_thread(start, ["sh", "-c", command])
    return Done(done.returncode, done.stdout, done.stderr)


async def test_a_dash_reads_stdin(tmp_path: Path, ready: ForkServer) -> None:
    """`git diff | minitool-bots ask -`, also with bytes that are no UTF-8."""
    async with serve_simulated(Simulated(tokens_per_s=2000, first_token_s=0.01, job_s=0.1)) as address:
        settings = {"MINITOOLAI_API_KEY": "a-key-for-tests", "MINITOOLAI_BASE_URL": address}

        async def reading(said: bytes, *args: str) -> Done:
            (tmp_path / "said").write_bytes(said)
            return await ready.run(tmp_path, *args, streams=[tmp_path / "said"], **settings)

        done = await reading(b"A fjord\377", "ask", "-")
        assert (done.code, done.err) == (0, "")
        assert "> A fjord\ufffd" in done.out
        done = await reading(b"a fox\n", "imagine", "-", "-o", "fox.png")
        assert (done.code, done.out) == (0, "fox.png\n")
        done = await run_shell(tmp_path, f"{PYTHON} -m bots ask - <&-", **settings)
        assert (done.code, done.out) == (1, "")


@pytest.mark.parametrize("closed", [0, 1, 2])
async def test_a_closed_stream_does_no_harm(tmp_path: Path, closed: int) -> None:
    """`ask hi <&-`, `>&-` and `2>&-`, as some schedulers start commands, still work."""
    async with serve_simulated(Simulated(tokens_per_s=2000, first_token_s=0.01)) as address:
        settings = {"MINITOOLAI_API_KEY": "a-key-for-tests", "MINITOOLAI_BASE_URL": address}
        done = await run_shell(tmp_path, f"exec {PYTHON} -m bots ask hi {closed}>&-", **settings)
    assert (done.code, done.err) == (0, "")
    assert bool(done.out) == (closed != 1)


@pytest.mark.parametrize("command", ["--help", "usage", "ask hi"])
async def test_output_to_a_full_disk(tmp_path: Path, ready: ForkServer, command: str) -> None:
    """One line and exit code 1, whether click or a command writes; a closed pipe prints no line."""
    full = await ready.run(tmp_path, *command.split(), streams=[None, Path("/dev/full")])
    assert (full.code, full.err) == (1, "No space left on device\n")
    reads, writes = os.pipe()
    os.close(reads)
    closed = await ready.run(tmp_path, *command.split(), streams=[None, writes])
    os.close(writes)
    assert (closed.code, closed.err) == (1, "")


async def test_a_folder_that_leads_nowhere(tmp_path: Path, ready: ForkServer) -> None:
    """In a folder that was removed, or with a DATA_DIR that is a link to itself, or that the system does not
    even look for, `doctor` examines what it can and says why the store cannot be used; other commands say that
    alone."""
    (tmp_path / "data").symlink_to("data")
    linked, unseen = [
        [await ready.run(tmp_path, command, WEB_PORT="0", DATA_DIR=data) for command in ("doctor", "usage")]
        for data in ("data", "long" * 100)
    ]
    gone = f"mkdir gone && cd gone && rmdir ../gone && exec {PYTHON} -m bots"
    removed = [await run_shell(tmp_path, f"{gone} {command}", WEB_PORT="0") for command in ("doctor", "usage")]
    for (doctor, usage), why in (
        (linked, "Too many levels"),
        (unseen, "File name too long"),
        (removed, "No such file"),
    ):
        failed = [line for line in doctor.out.splitlines() if line.startswith("fail")]
        assert (doctor.code, doctor.err, len(failed)) == (1, "", 1)
        assert why in failed[0]
        assert (usage.code, usage.out, len(usage.err.splitlines())) == (1, "", 1)
        assert why in usage.err


async def test_a_partly_written_picture_is_removed(tmp_path: Path) -> None:
    """If the disk is full, no partial file is left."""
    with run_valkey("--port", "0") as home:
        async with serve_simulated(Simulated(job_s=0.1)) as address:
            done = await run_shell(
                tmp_path,
                f"ulimit -f 1; exec {PYTHON} -m bots imagine fox -o fox.png",
                MINITOOLAI_API_KEY="a-key-for-tests",
                MINITOOLAI_BASE_URL=address,
                REDIS_URL=f"unix://{home}/socket",
                PYTHONDONTWRITEBYTECODE="1",  # half a file of compiled code would stay, and be loaded
            )
    assert (done.code, done.err) == (1, "fox.png: File too large\n")
    assert not (tmp_path / "fox.png").exists()


async def test_a_service_whose_log_cannot_be_written(tmp_path: Path) -> None:
    """It keeps serving."""
    process = await asyncio.create_subprocess_shell(
        f"exec {PYTHON} -m bots run 2>/dev/full",
        cwd=tmp_path,
        env=environment(WEB_PORT=str(port := free_port())),
    )
    try:
        async with asyncio.timeout(PATIENCE_S):
            while True:
                assert process.returncode is None
                with suppress(OSError):
                    (await asyncio.open_connection("127.0.0.1", port))[1].close()
                    break
                await asyncio.sleep(0.01)  # another process
            process.terminate()
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()


async def test_ctrl_c_while_it_loads(tmp_path: Path) -> None:
    """Prints nothing, as nothing has started."""
    (tmp_path / "click.py").write_text("import os, signal\nos.kill(os.getpid(), signal.SIGINT)\n")
    done = await run_script(tmp_path, "usage", PYTHONPATH=f"{tmp_path}:{ROOT}")
    assert (done.code, done.out, done.err) == (130, "", "")


@pytest.mark.parametrize("stop", [signal.SIGINT, signal.SIGTERM])
@pytest.mark.parametrize("times", [1, 3])
async def test_signals_during_an_answer(
    tmp_path: Path, ready: ForkServer, side: dict[str, str], stop: signal.Signals, times: int
) -> None:
    """However many: everything is cleaned up without output, and the exit code is the signal's."""
    process = await ready.start(tmp_path, "ask", "Tell me of rivers", **side)
    assert process.stdout is not None
    async with asyncio.timeout(PATIENCE_S):
        assert await process.stdout.read(1)
        for _ in range(times):
            process.send_signal(stop)
            await asyncio.sleep(0)
        _, err = await process.communicate()
    assert (process.returncode, err) == (128 + stop, b"")


@pytest.mark.parametrize("kind", ["cut", "quiet-end", "error"])
async def test_json_of_an_answer_that_broke_off(
    tmp_path: Path, ready: ForkServer, side: dict[str, str], kind: str
) -> None:
    """It is paid: the object has its text and its cost; the error is one line, and the exit code 1."""
    done = await ready.run(tmp_path, "ask", "--json", f"fault:{kind} Tell me of rivers", **side)
    assert (done.code, len(done.err.splitlines())) == (1, 1)
    answer = json.loads(done.out)
    assert answer["text"]
    assert answer["cost_nanos"] > 0


async def test_json_of_an_answer_that_was_stopped(tmp_path: Path, ready: ForkServer) -> None:
    """The object has the cost of what came until the signal, which is the exit code; nothing else is said."""
    simulated = Simulated(tokens_per_s=5, first_token_s=0)
    async with serve_simulated(simulated) as address:
        side = {"MINITOOLAI_API_KEY": "a-key-for-tests", "MINITOOLAI_BASE_URL": address}
        process = await ready.start(tmp_path, "ask", "--json", "Tell me of rivers", **side)
        await until(lambda: simulated.record.open)
        process.send_signal(signal.SIGINT)
        out, err = await asyncio.wait_for(process.communicate(), PATIENCE_S)
    assert (process.returncode, err) == (128 + signal.SIGINT, b"")
    assert json.loads(out)["cost_nanos"] > 0
    assert simulated.record.left == 1


def test_a_cancelled_name_lookup_is_no_error(caplog: pytest.LogCaptureFixture) -> None:
    """A connection that is given up during its name lookup logs nothing."""

    async def give_up() -> int:
        loop = asyncio.get_running_loop()
        nowhere = partial(loop.create_connection, asyncio.Protocol, "nowhere", 1, flags=socket.AI_NUMERICHOST)
        connecting = asyncio.create_task(nowhere())
        await asyncio.sleep(0)
        connecting.cancel()
        for _ in range(8):  # more than libuv looks up at once
            with suppress(OSError):
                await nowhere()
        gc.collect()
        return 0

    with caplog.at_level(logging.ERROR, "asyncio"):
        assert uvloop.run(_tidily(give_up())) == 0
    assert caplog.messages == []

"""`run` with the web page only: its port, its start and its end."""

import asyncio
import json
import signal
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from core.errors import StoreError
from core.settings import Settings
from core.store import open_store
from tests.adapters.web.visitor import Visitor, plain
from tests.conftest import free_port, run_valkey
from tests.e2e.fork_server import ForkServer, service
from tests.e2e.script import environment
from tests.full_disk import fill_disk
from tests.waiting import PATIENCE_S, until

pytestmark = pytest.mark.e2e


async def test_sigterm_during_an_answer(tmp_path: Path) -> None:
    """The answer is ended with a sentence and kept, and the exit code is 0."""
    port = str(free_port())
    async with service(tmp_path, "--only", "web", WEB_PORT=port, SHUTDOWN_GRACE_S="4") as running:
        await running.until("web.serving")
        visitor = Visitor(f"http://127.0.0.1:{port}")
        async with visitor.http:
            await visitor.arrive()
            async with visitor.looking() as screen:
                entry = await visitor.say("Tell me about rivers")
                await until(lambda: "simulated" in screen.text(entry))
                assert await running.stop() == 0
                drawn = await screen.end(entry)
    assert "cut" in drawn.partition(">")[0]
    assert "restarted" in plain(drawn)


async def test_a_taken_port(tmp_path: Path, ready: ForkServer) -> None:
    """A port that is in use is one line on stderr and exit code 1."""
    port = str(free_port())
    async with service(tmp_path, "--only", "web", WEB_PORT=port, DATA_DIR="one") as running:
        await running.until("web.serving")
        done = await ready.run(
            tmp_path, "run", "--only", "web", WEB_PORT=port, DATA_DIR="two", LOG_LEVEL="error"
        )
    assert done.code == 1
    last = f"WEB_PORT: cannot listen on 127.0.0.1:{port} (Address already in use)"
    assert done.err.splitlines()[-1] == last


async def test_a_store_without_room(tmp_path: Path, ready: ForkServer) -> None:
    """A first start whose pages cannot keep their secret is one line on stderr and exit code 1."""
    with run_valkey("--port", "0", "--maxmemory", "1mb") as home:
        done = await ready.run(
            tmp_path, "run", "--only", "web", WEB_PORT=str(free_port()), REDIS_URL=f"unix://{home}/socket"
        )
    assert done.code == 1
    assert "Traceback" not in done.err
    assert done.err.splitlines()[-1].startswith("REDIS_URL: the store does not answer (OutOfMemoryError: ")


async def test_a_disk_that_is_full_at_the_end(tmp_path: Path) -> None:
    """What the embedded store could not write is lost with it: one line on stderr and exit code 1."""
    async with service(tmp_path, WEB_PORT="0", LOG_LEVEL="error") as running:
        await running.until("run.nothing_to_serve")
        async with AsyncExitStack() as beside:
            settings = Settings(_env_file=None, data_dir=tmp_path / "data")
            store = await beside.enter_async_context(open_store(settings))
            await fill_disk(store)
            await store.write()
            with pytest.raises(StoreError, match="is lost"):
                await beside.aclose()
        assert await running.stop() == 1
    assert running.log[-1].endswith("such as money spent from now on, is lost when it stops.")
    assert not [line for line in running.log if "Traceback" in line]


async def test_only_refuses_a_part_that_is_off(tmp_path: Path, ready: ForkServer) -> None:
    """`--only` with a part that the settings switch off is one line on stderr and exit code 2, as any wrong
    setting."""
    done = await ready.run(tmp_path, "run", "--only", "discord,web", WEB_PORT="0")
    assert done.code == 2
    assert done.err.splitlines() == [
        "DISCORD_TOKEN: is empty, and --only names discord",
        "WEB_PORT: is 0, and --only names web",
    ]


@pytest.mark.parametrize(("only", "wrong"), [("", ""), ("web,", ""), ("web, irc", "irc")])
async def test_an_empty_only_is_refused(tmp_path: Path, ready: ForkServer, only: str, wrong: str) -> None:
    """`--only` with an unset shell variable is not taken for everything."""
    done = await ready.run(tmp_path, "run", "--only", only)
    assert done.code == 2
    expected = f"Error: Invalid value for --only: {wrong!r}: there are web, discord, telegram"
    assert done.err.splitlines()[-1] == expected


@pytest.mark.parametrize("stop", [signal.SIGTERM, signal.SIGINT])
@pytest.mark.parametrize("imported", ["click", "core.app"])
async def test_a_run_that_is_stopped_while_it_starts_has_ended_well(
    tmp_path: Path, stop: signal.Signals, imported: str
) -> None:
    """SIGTERM during the start, from the first imports on, exits 0."""
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-X", "importtime", "-m", "bots", "run", cwd=tmp_path, env=environment(WEB_PORT="0"),
        stderr=asyncio.subprocess.PIPE,
    )  # fmt: skip
    assert process.stderr is not None
    async with asyncio.timeout(PATIENCE_S):
        while (await process.stderr.readline()).split()[-1:] != [imported.encode()]:
            assert not process.stderr.at_eof()
        process.send_signal(stop)
        _, err = await process.communicate()
    assert process.returncode == 0
    assert not [word for word in (b"Traceback", b"Aborted") if word in err]


async def test_the_address_is_said_at_every_level(tmp_path: Path) -> None:
    """The page's address, and that answers are simulated (and by what), are printed at every LOG_LEVEL; so is
    that nothing is served."""
    async with service(tmp_path, LOG_LEVEL="error", WEB_PORT=str(free_port())) as running:
        assert "http://127.0.0.1:" in await running.until("web.serving")
        assert await running.stop() == 0
        assert [json.loads(line)["event"] for line in running.log] == ["core.simulated", "web.serving"]
    standin = "http://127.0.0.1:1/api"
    async with service(tmp_path, LOG_LEVEL="error", WEB_PORT="0", MINITOOLAI_BASE_URL=standin) as idle:
        await idle.until("run.nothing_to_serve")
        assert standin in await idle.until("core.simulated")
        assert await idle.stop() == 0


async def test_sighup_reads_files_and_lists_again(tmp_path: Path) -> None:
    """Valid files are taken, invalid ones named in the log; so are settings that need a restart, and from the
    start on unknown settings. The process continues in any case."""
    catalogue, env = tmp_path / "catalogue.toml", tmp_path / ".env"
    catalogue.write_text('[image.realvision]\nprice = "0.002"\n')
    env.write_text("CATALOGUE_FILE=catalogue.toml\nUSER_PER_MINUTE=9\nUSER_DAILY=1\n")
    async with service(tmp_path, WEB_PORT="0") as bot:
        misspelt = await bot.until("run.setting_unknown")
        assert '"name": "USER_DAILY"' in misspelt
        assert '"meant": "USER_DAILY_USD"' in misspelt
        assert "MINITOOLAI_API_KEY" in await bot.until("core.simulated")
        assert sum("run.setting_unknown" in line for line in bot.log) == 1
        catalogue.write_text("[image.realvision\n")
        env.write_text("CATALOGUE_FILE=catalogue.toml\nUSER_PER_MINUTE=10\nDENY=telegram:user:1\n")
        bot.process.send_signal(signal.SIGHUP)
        assert "catalogue.toml" in await bot.until("core.not_reloaded")
        assert '"kept": ["catalogue"]' in await bot.until("core.reloaded")
        assert '"settings": ["USER_PER_MINUTE"]' in await bot.until("run.restart_needed")
        env.write_text("USER_PER_MINUTE=none\n")
        bot.process.send_signal(signal.SIGHUP)
        assert "USER_PER_MINUTE: " in await bot.until("run.not_reloaded")
        env.unlink()
        bot.process.send_signal(signal.SIGHUP)
        await bot.until("run.not_reloaded", ".env: is gone")  # and with it whom it denies
        assert await bot.stop() == 0

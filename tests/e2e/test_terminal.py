"""The terminal commands as scripts use them, over the simulated API."""

import csv
import io
import json
import os
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AsyncExitStack
from functools import partial
from pathlib import Path
from unittest.mock import AsyncMock

import pytest
from PIL import Image

from bots.findings import Finding
from bots.terminal import operator, verbs
from bots.terminal.doctor_store import examine_store
from bots.terminal.verbs import make_turn
from core.errors import Refused, StoreError
from core.markdown.tables import width
from core.minitool.simulated import Simulated, serve_simulated
from core.money import ledger
from core.money.base import key, number_of
from core.opening import open_core
from core.orders.order import State
from core.settings import Settings
from tests.conftest import free_port
from tests.e2e.fork_server import ForkServer, service
from tests.e2e.script import Done, run_script
from tests.full_disk import fill_disk
from tests.recording import RecordingReply

pytestmark = pytest.mark.e2e
WHO = "terminal:ada"
Script = Callable[..., Awaitable[Done]]


@pytest.fixture
async def side() -> AsyncIterator[dict[str, str]]:
    """The settings that lead to a model's side in a hurry."""
    async with serve_simulated(Simulated(tokens_per_s=2000, first_token_s=0.01, job_s=0.1)) as address:
        yield {"MINITOOLAI_API_KEY": "a-key-for-tests", "MINITOOLAI_BASE_URL": address}


@pytest.fixture
def script(tmp_path: Path, ready: ForkServer, side: dict[str, str]) -> Script:
    """script(*args): a command of Ada's."""
    return partial(ready.run, tmp_path, LOGNAME="ada", **side)


async def test_ask_prints_the_answer(tmp_path: Path) -> None:
    """Without any setting, `ask` prints the text alone on stdout in a pipe, exits 0, and says nothing on
    stderr."""
    done = await run_script(tmp_path, "ask", "What is a fjord?")
    assert done.code == 0
    assert "fjord" in done.out
    assert done.err == ""


async def test_what_broke_off_names_no_button(script: Script) -> None:
    """A terminal has no buttons: an interrupted answer tells the person to ask again."""
    done = await script("ask", "fault:cut Tell me of lagoons")
    assert "Ask again." in done.err
    assert "Continue" not in done.err


async def test_ask_json_is_for_scripts(script: Script) -> None:
    """`ask --json` prints one object with the documented keys; amounts are whole nano-dollars."""
    done = await script("ask", "Hi", "--json", "--model", "gpt-4.1-nano")
    answer = json.loads(done.out)
    assert set(answer) == {
        "text", "model", "finish_reason", "prompt_tokens", "completion_tokens", "cost_nanos", "measured",
    }  # fmt: skip
    assert answer["model"] == "gpt-4.1-nano"
    assert answer["measured"] == "usage"
    assert answer["cost_nanos"] == 100 * answer["prompt_tokens"] + 400 * answer["completion_tokens"]


async def test_ask_about_a_picture(script: Script, tmp_path: Path) -> None:
    """`--image` shows the model a file, as it is where a `run` would serve links to pictures: none may run."""
    Image.new("RGB", (64, 48), (0, 0, 250)).save(tmp_path / "a.png")
    link = partial(script, IMAGE_TRANSPORT="link", PUBLIC_URL="https://bot.example")
    done = await link("ask", "What is this?", "--image", "a.png")
    assert (done.code, "blue" in done.out.lower()) == (0, True)


async def test_imagine_writes_the_file(script: Script, tmp_path: Path) -> None:
    """`imagine` leaves the picture on disk, and the money in the ledger adds up."""
    done = await script("imagine", "a fox", "-o", "fox.png", "--size", "512X256", "--steps", "1")
    assert done.code == 0, done.err
    with Image.open(tmp_path / "fox.png") as picture:
        assert picture.size == (512, 256)
    usage = await script("usage", "--csv")
    rows = list(csv.DictReader(io.StringIO(usage.out)))
    requests = (await script("usage", "--requests")).out.splitlines()
    assert [(WHO in line, *line.split()[-2:]) for line in requests[2:]] == [(True, "paid", "$0.0015")]
    assert requests[0].index("Model") == requests[2].index("realvision")  # words begin alike, numbers end so
    assert usage.out.startswith("day,user,chat,kind,model,requests,prompt_tokens,completion_tokens,nanos\n")
    assert [(row["user"], row["kind"], row["nanos"]) for row in rows] == [(WHO, "imagine", "1500000")]
    audit = await script("audit")
    assert audit.code == 0


async def test_amounts_are_aligned_at_the_point(script: Script) -> None:
    """Decimal points are aligned, whatever a request has cost."""
    await script("imagine", "a fox", "--size", "256x256", "--steps", "1")
    await script("ask", "Hi")
    for option in ((), ("--requests",)):
        lines = (await script("usage", *option)).out.splitlines()[2:]
        assert len({line.rindex(".") for line in lines}) == 1, lines
        assert len({len(line) for line in lines}) == 1, lines


@pytest.mark.parametrize("option", [("--csv",), ("--days", "30")])
async def test_options_that_do_not_go_together(script: Script, option: tuple[str, ...]) -> None:
    """Conflicting options are refused, not ignored."""
    done = await script("usage", "--requests", *option)
    assert (done.code, done.out) == (2, "")
    assert "--requests" in done.err


async def test_the_help_shows_every_sentence_whole(script: Script) -> None:
    """Each command's sentence is shown in full, in a terminal of the usual width."""
    done = await script("--help", COLUMNS="80")
    assert "..." not in done.out.partition("Commands:")[2]


async def test_usage_goes_back_at_most_ledger_days(script: Script) -> None:
    """A longer period than LEDGER_DAYS is cut to it."""
    done = await script("usage", "--csv", "--days", "99999999", LEDGER_DAYS="500")
    assert (done.code, len(done.out.splitlines())) == (0, 1), done.err


async def test_an_unwritable_output_file_orders_nothing(script: Script) -> None:
    """If the file cannot be written, nothing is ordered."""
    for place, why in (
        ("not-there/fox.png", "No such file or directory"),
        ("/tmp", "Is a directory"),
        (f"{'x' * 300}/fox.png", "File name too long"),  # no more to be looked at than what is closed to us
    ):
        done = await script("imagine", "a fox", "-o", place)
        assert (done.code, done.err) == (1, f"{place}: {why}\n")
    assert len((await script("usage", "--csv")).out.splitlines()) == 1


@pytest.mark.parametrize(
    ("name", "value"),
    [("CATALOGUE_FILE", "none.toml"), ("PERSONAS_FILE", "none.toml"), ("DATA_DIR", "/dev/null"),
     ("REDIS_URL", "nonsense"), ("IMAGE_MODEL", "nobody")],
)  # fmt: skip
async def test_problems_found_at_the_start_name_their_setting(
    tmp_path: Path, ready: ForkServer, name: str, value: str
) -> None:
    """Files, models and time zones are checked only when the bot starts: the last line names the setting."""
    done = await ready.run(tmp_path, "run", **{name: value})
    assert done.code == 2
    assert done.err.splitlines()[-1].startswith(f"{name}: ")
    assert "Traceback" not in done.err


def test_the_person_is_not_their_chat() -> None:
    """Person and chat are two accounts, so that a cost counts once in each."""
    turn = make_turn("ask", "Hi", {})
    assert turn.person.id.startswith("terminal:")
    assert turn.chat != turn.person.id


def test_a_person_without_a_name(monkeypatch: pytest.MonkeyPatch) -> None:
    """If the system has no user name, as in a container, the user id is used."""
    for name in ("LOGNAME", "USER", "LNAME", "USERNAME"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setattr(os, "getuid", lambda: 2**31 - 3)
    assert make_turn("ask", "Hi", {}).person.id == f"terminal:{2**31 - 3}"


@pytest.mark.parametrize(
    ("args", "words"),
    [
        (("ask", ""), "What would you like to know?"),
        (("ask", "Hi", "--model", "gpt-9"), "no model"),
        (("ask", "fault:401 Hi"), "until MINITOOLAI_API_KEY is right"),
        (("imagine", "fault:402 a fox"), "balance is used up"),
        (("ask", "fault:404 Hi"), "if none works, check MINITOOLAI_BASE_URL"),
        (("imagine", "a fox", "--size", "2000x512"), "“2000x512” is not possible"),
        (("imagine", "a fox", "--size", "huge"), "landscape"),
        (("imagine", "a fox", "--size", "512"), "1024x768"),
        (("ask", "Hi", "--image", "not-there.png"), "not-there.png: No such file"),
        (("ask", "Hi", "--image", "pipe"), "pipe: This is not a regular file."),
    ],
)
async def test_failures_are_one_line(script: Script, tmp_path: Path, args: tuple[str, ...], words: str) -> None:
    """One sentence on stderr and exit code 1; a pipe that nobody writes to is not waited for."""
    os.mkfifo(tmp_path / "pipe")
    done = await script(*args)
    assert done.code == 1
    assert words in done.err
    assert len(done.err.splitlines()) == 1
    assert done.out == ""


async def test_a_wrong_setting_is_named_without_its_value(tmp_path: Path, ready: ForkServer) -> None:
    """One line per problem, exit code 2, no secret."""
    done = await ready.run(tmp_path, "ask", "Hi", USER_DAILY_USD="1,50", TELEGRAM_TOKEN="123456:secret-token")
    assert done.code == 2
    assert "USER_DAILY_USD: " in done.err
    assert "secret-token" not in done.err
    assert "1,50" not in done.err


async def test_caps_are_set_and_bind(script: Script) -> None:
    """`caps set` holds for the next request of that person; `export` is one JSON object."""
    shown = await script("caps", "set", WHO, "daily", "0")
    assert shown.code == 0, shown.err
    assert WHO in (await script("caps", "show", WHO)).out
    assert (await script("caps")).out == (await script("caps", "show")).out
    assert WHO not in (await script("caps", "show", "terminal:bob")).out
    refused = await script("ask", "Hi")
    assert refused.code == 1
    assert "$0.00" in refused.err
    assert isinstance(json.loads((await script("export", WHO)).out), dict)


async def test_content_without_its_key_is_reported(script: Script) -> None:
    """`export` says how much it could not decrypt, and exits 1; `doctor` reports it without names. With the
    right key both succeed; `reseal` requires a key."""
    key, other = {"CONTENT_KEY": "the-key-of-these-texts"}, {"CONTENT_KEY": "a-key-of-other-texts"}
    assert (await script("ask", "What is a fjord?", **key)).code == 0
    for wrong in ({}, other):
        done = await script("export", WHO, **wrong)
        assert (done.code, json.loads(done.out)["rooms"]) == (1, {})
        assert done.err == "Left out, as no key in CONTENT_KEY opens them: 1.\n"
        assert "fail Store: Some of what people wrote cannot be read" in (await script("doctor", **wrong)).out
    done = await script("export", WHO, **key)
    assert (done.code, done.err, len(json.loads(done.out)["rooms"])) == (0, "", 1)
    assert "cannot be read" not in (await script("doctor", **key)).out
    done = await script("reseal")
    assert (done.code, done.out, done.err[:22]) == (2, "", "CONTENT_KEY: is empty,")


async def test_caps_are_set_as_the_advice_says(script: Script) -> None:
    """Both caps in one command, and the advised reset; a negative amount is no option."""
    both = await script("caps", "set", WHO, "daily", "0.5", "monthly", "5")
    assert [line.split() for line in both.out.splitlines()][-1] == [WHO, "$0.50", "$5.00"]
    assert WHO not in (await script("caps", "set", WHO, "reset")).out
    refused = await script("caps", "set", WHO, "daily", "-1")
    assert (refused.code, refused.err) == (1, "“-1” is not an amount in dollars such as 0.50.\n")


@pytest.fixture
def in_process(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Settings:
    """For commands that are called here, whose log settings must not stay."""
    monkeypatch.setattr(verbs, "set_up_logs", lambda _: None)
    return Settings(_env_file=None, data_dir=tmp_path)


async def test_a_late_picture_is_not_waited_for(
    in_process: Settings, side: dict[str, str], capsys: pytest.CaptureFixture[str]
) -> None:
    """The command says that the picture is late and ends; the next process completes the order."""
    settings = in_process.model_copy(
        update={"minitoolai_base_url": side["MINITOOLAI_BASE_URL"], "image_deadline_s": 0.3}
    )
    assert await verbs.imagine(settings, "fault:never a fox", "", {}) == 1
    assert capsys.readouterr().err.startswith("The picture is not done yet.")
    async with open_core(settings) as core:
        (order,) = await core.orders.of(verbs.person().id)
        assert (order.stage, order.pieces[0].state) == ("late", State.LATE)


async def test_a_difference_is_one_line(in_process: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """`audit` prints for each wrong total whose it is, which one, and both numbers."""
    assert await verbs.ask(in_process, "Hi", (), model="", as_json=False) == 0
    async with open_core(in_process) as core:
        (row,) = await core.spend.ledger.usage(1)
        account = await core.store.redis.hget(key("names"), row.user)
        await core.store.redis.hincrby(key("a", account.decode()), str(number_of(row.day)), 1)
    capsys.readouterr()
    assert await operator.audit(in_process) == 1
    lines = [line for line in capsys.readouterr().out.splitlines() if "[info" not in line]
    assert lines == [f"{row.user} {row.day}: total {row.nanos + 1}, ledger {row.nanos}"]


async def test_admins_hear_of_a_refused_key(in_process: Settings) -> None:
    """A refused key met by a shell command is reported to ADMINS by the `run` beside it."""
    settings = in_process.model_copy(update={"admins": ("telegram:1",)})
    assert await verbs.ask(settings, "fault:401 Hi", (), model="", as_json=False) == 1
    mail = RecordingReply()
    async with open_core(settings) as core:
        core.reopens["telegram"] = AsyncMock(return_value=mail)
        await core.alerts.tick()
    assert any("MINITOOLAI_API_KEY" in answer.note for answer in mail.shown)


async def test_caps_are_shown_by_every_name_they_can_be_set_by(
    in_process: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """Other names get one line that lists the valid forms."""
    for name, shown in (
        ("Telegram:user:42", "telegram:42"),
        ("everybody", "all"),
        ("discord:guild:5", "discord:guild:5"),
        ("role:discord:role:6", "discord:role:6"),
    ):
        assert await operator.caps(in_process, "set", f"{name} daily 0.125") == 0
        capsys.readouterr()
        assert await operator.caps(in_process, "show", shown) == 0
        lines = capsys.readouterr().out.splitlines()
        assert [line.split()[0] for line in lines if "$0.125" in line or "$0.13" in line] == [shown]
    for action, words in (("show", "user:42"), ("set", "guild:7 daily 0"), ("set", "x:1 weekly 0")):
        with pytest.raises(SystemExit, match="1"):
            await operator.caps(in_process, action, words)
        printed = capsys.readouterr()
        assert (len(printed.err.splitlines()), "──" in printed.out) == (1, False)
        assert "discord:ID" in printed.err


async def test_an_invalid_name_is_not_reported_as_erased(
    in_process: Settings, capsys: pytest.CaptureFixture[str]
) -> None:
    """A name that is no person's erases nothing and says so, instead of looking like a success."""
    acts: tuple[tuple[Callable[[str], Awaitable[int]], str], ...] = (
        (lambda name: operator.usage(in_process, name, 30, as_csv=True), f"{verbs.person().id},"),
        (lambda name: operator.requests(in_process, name), f"{verbs.person().id}  "),
        (lambda name: operator.export(in_process, name), "What is a fjord?"),
        (lambda name: operator.forget(in_process, name), "questions 1,"),
    )
    assert await verbs.ask(in_process, "What is a fjord?", (), model="", as_json=False) == 0
    capsys.readouterr()
    for act, wanted in acts:
        for name in ("ada", "terminal:role:ada", "everybody"):
            with pytest.raises(SystemExit, match="1"):
                await act(name)
            printed = capsys.readouterr()
            assert (len(printed.err.splitlines()), wanted in printed.out) == (1, False)
        assert await act(verbs.person().id.replace("terminal:", "Terminal:user:")) == 0
        assert wanted in capsys.readouterr().out
    assert await operator.usage(in_process, verbs.person().id, 30, as_csv=False) == 0
    assert capsys.readouterr().out.endswith("Nothing was spent in this period.\n")
    assert await operator.requests(in_process, verbs.person().id) == 0
    assert capsys.readouterr().out.endswith("Nothing was spent in this period.\n")
    assert await operator.usage(in_process, "", 30, as_csv=False) == 0
    assert "Erased (" in capsys.readouterr().out


async def test_an_audit_that_fails_is_one_line(
    in_process: Settings, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """If the ledger cannot be compared, `audit` says why, in the store's words, and exits 1."""
    for failure, why in ((StoreError(cause="OOM"), "The store: OOM"), (Refused("audit-trimmed"), "")):
        monkeypatch.setattr(ledger, "audit", AsyncMock(side_effect=failure))
        with pytest.raises(SystemExit, match="1"):
            await operator.audit(in_process)
        printed = capsys.readouterr()
        assert len(printed.err.splitlines()) == 1
        assert printed.err.startswith(why)


async def test_columns_of_wide_letters(in_process: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """A wide character counts as two columns."""
    assert await operator.caps(in_process, "set", "terminal:李雷 daily 0.5") == 0
    lines = capsys.readouterr().out.splitlines()[-6:]
    assert "李雷" in lines[-1]
    assert len({width(line) for line in lines}) == 1


async def test_a_full_disk(in_process: Settings, capsys: pytest.CaptureFixture[str]) -> None:
    """Changes that the disk did not take are reported as lost when the store stops, whichever process started
    it. Until then they are readable, a question is refused with the cause, and `doctor` names the disk."""
    async with AsyncExitStack() as starter:
        core = await starter.enter_async_context(verbs.opened(in_process, books_only=True))
        await fill_disk(core.store)
        with pytest.raises(SystemExit, match="1"):
            await operator.caps(in_process, "set", "discord:1 daily 0.5")
        assert await operator.caps(in_process, "show", "discord:1") == 0
        assert await verbs.ask(in_process, "Hi", (), model="", as_json=False) == 1
        found = [one async for one in examine_store(in_process, {}) if isinstance(one, Finding)]
        with pytest.raises(SystemExit, match="1"):
            await starter.aclose()
    assert [one.key for one in found] == ["store", "store-cannot-write"]
    printed = capsys.readouterr()
    assert printed.out.count("$0.50") == 1
    assert len(printed.err.splitlines()) == 3
    assert printed.err.count(", is lost when it stops.\n") == 2
    assert printed.err.count("The store does not answer (ResponseError: MISCONF") == 1


async def test_commands_work_beside_a_run(tmp_path: Path, ready: ForkServer) -> None:
    """A command connects to the store of a `run` on the same DATA_DIR; a second `run` is refused in one
    line."""
    port = str(free_port())
    async with service(tmp_path, WEB_PORT=port) as running:
        await running.until("web.serving")
        done = await ready.run(tmp_path, "ask", "Hi")
        assert done.code == 0, done.err
        second = await ready.run(tmp_path, "run", WEB_PORT=str(free_port()), LOG_LEVEL="error")
        assert second.code == 1
        assert "in use by another" in second.err
        assert len(second.err.strip().splitlines()) == 1
        assert await running.stop() == 0

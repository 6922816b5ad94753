"""SIGHUP rereads files, words and lists, each as a whole or not at all."""

import shutil
from pathlib import Path
from types import SimpleNamespace

import pytest

from core import words
from core.errors import CannotStart
from core.settings import Settings
from tests.core.usecases.conftest import Opened, Place
from tests.recording import RecordingReply

MODEL = '[chat."{name}"]\nlabel = "{name}"\ninput = "{price}"\noutput = "1"\ncontext = 9000\nmax_output = 900\n'
PERSONA = '[pirate]\nprompt = "{prompt}"\n'


async def say(core: object, place: Place, command: str, text: str = "", **args: str) -> str:
    reply = RecordingReply()
    await core.run(place.turn(command, text, args), reply)  # type: ignore[attr-defined]
    return f"{reply.last.text}\n{reply.last.note}\n{[choice.value for choice in reply.last.choices]}"


async def test_a_new_catalogue_holds_everywhere(opened: Opened, place: Place, tmp_path: Path) -> None:
    """After a reload a new model is in the picker, can be chosen, answers, and is paid at its new price."""
    file = tmp_path / "catalogue.toml"
    file.write_text(MODEL.format(name="one", price="1"))
    async with opened(catalogue_file=file) as core:
        assert "two" not in await say(core, place, "model")
        file.write_text(MODEL.format(name="two", price="2") + '[image.fresh]\nprice = "0.01"\n')
        core.reload(core.settings)
        assert "two" in await say(core, place, "model")
        assert "one" not in core.catalogue.chat
        assert "fresh" in core.catalogue.image
        await say(core, place, "ask", "Hello", model="two")
        (row,) = await core.spend.ledger.usage(1, place.person)
        assert row.model == "two"
        assert row.nanos == row.prompt_tokens * 2000 + row.completion_tokens * 1000


@pytest.mark.parametrize(
    "text",
    [
        "[chat.two\n",
        MODEL.format(name="two", price="-1"),
        '[image.fresh]\nprice = "0.01"\n[chat.two]\nlabel = 3\n',
        MODEL.format(name="two", price="2"),  # without the model that DEFAULT_MODEL names
    ],
)
async def test_a_bad_catalogue_changes_nothing(opened: Opened, tmp_path: Path, text: str) -> None:
    """One wrong line, or a missing default model, and every model stays as it was; the same at the start."""
    file = tmp_path / "catalogue.toml"
    file.write_text(MODEL.format(name="one", price="1"))
    async with opened(catalogue_file=file, default_model="one") as core:
        before = dict(core.catalogue.chat), dict(core.catalogue.image)
        file.write_text(text)
        core.reload(core.settings)
        assert (core.catalogue.chat, core.catalogue.image) == before
    with pytest.raises(CannotStart):
        async with opened(catalogue_file=file, default_model="one"):
            pass


async def test_allow_and_deny_hold_at_once(opened: Opened, place: Place) -> None:
    """Newly denied people are refused, no longer denied ones are answered; nothing else changes."""

    def lists(core_settings: Settings, **changed: tuple[str, ...]) -> Settings:
        return core_settings.model_copy(update={"user_daily_usd": 0, **changed})

    async with opened() as core:
        assert "Hello" in await say(core, place, "ask", "Hello")
        core.reload(lists(core.settings, deny=(place.person,)))
        refused = await say(core, place, "ask", "Hello")
        assert "Hello" not in refused
        core.reload(lists(core.settings, allow=("test:somebody",)))
        assert await say(core, place, "ask", "Hello") == refused
        core.reload(lists(core.settings))
        assert "Hello" in await say(core, place, "ask", "Hello")


async def test_the_block_list_and_personas_are_read_again(opened: Opened, place: Place, tmp_path: Path) -> None:
    """An added word is blocked, an added persona can be chosen; a broken or missing file is not taken. At the
    start, a missing block list is an error. A byte order mark, with which some editors begin a file, is no part
    of it."""
    blocked, personas = tmp_path / "blocked.txt", tmp_path / "personas.toml"
    blocked.write_text("dragon\n")
    personas.write_text(PERSONA.format(prompt="Talk like a pirate."))
    async with opened(blocklist_file=blocked, personas_file=personas) as core:
        blocked.write_text("unicorn\n", "utf-8-sig")
        personas.write_text(
            PERSONA.format(prompt="Talk like an old pirate.") + '[bard]\nprompt = "In verse."\n', "utf-8-sig"
        )
        core.reload(core.settings)
        assert words.t("en", "blocked-prompt") in await say(core, place, "imagine", prompt="a unicorn")
        assert core.memory.chosen.personas["pirate"].prompt == "Talk like an old pirate."
        assert "bard" in await say(core, place, "persona")
        personas.write_text("[bard]\n")
        core.reload(core.settings)
        assert core.memory.chosen.personas["bard"].prompt == "In verse."
        blocked.unlink()
        core.reload(core.settings)
        assert words.t("en", "blocked-prompt") in await say(core, place, "imagine", prompt="a unicorn")
    with pytest.raises(CannotStart, match=r"BLOCKLIST_FILE: \S+blocked\.txt: cannot be read"):
        async with opened(blocklist_file=blocked):
            pass


async def test_files_are_read_before_anything_starts(opened: Opened, tmp_path: Path) -> None:
    """Each unreadable file has its line, all at once."""
    missing = tmp_path / "none"
    with pytest.raises(CannotStart) as caught:
        async with opened(catalogue_file=missing, personas_file=missing, blocklist_file=missing):
            pass
    names = [line.partition(":")[0] for line in str(caught.value).splitlines()]
    assert names == ["CATALOGUE_FILE", "PERSONAS_FILE", "BLOCKLIST_FILE"]


async def test_words_change_whole_or_not_at_all(
    opened: Opened, place: Place, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A changed text appears after a reload; files with a missing or broken text are not taken."""
    folder = tmp_path / "core" / "words"
    shutil.copytree(Path(words.__file__).with_name("words"), folder)
    monkeypatch.setattr(words, "resources", SimpleNamespace(files=lambda package: tmp_path / package))
    file = folder / "en" / "answers.ftl"
    before, original = words.t("en", "answer-working"), file.read_text("utf-8")
    try:
        async with opened() as core:
            file.write_text(original.replace(before, "Pondering"), "utf-8")
            core.reload(core.settings)
            assert words.t("en", "answer-working") == "Pondering"
            for broken in (
                original.replace("answer-working", "answer-worked"),
                original.replace(before, "{ $x"),
            ):
                file.write_text(broken, "utf-8")
                core.reload(core.settings)
                assert words.t("en", "answer-working") == "Pondering"
    finally:
        monkeypatch.undo()
        words.reload()
    assert words.t("en", "answer-working") == before

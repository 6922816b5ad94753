"""The command menus, and autocomplete."""

import inspect
import re
import shutil
from collections.abc import Awaitable, Callable
from dataclasses import replace
from pathlib import Path
from types import SimpleNamespace

import pytest
from discord import Locale

from bots.discord import commands
from core import words
from core.answer import Action, Answer, Phase
from core.words import FALLBACK, t
from tests.adapters.discord.conftest import OpenStage, Stage, answer_text, shows
from tests.conftest import hanging
from tests.standins.discord import Channel, DiscordStandin, Fault
from tests.standins.discord.validate import check_commands
from tests.waiting import until


async def test_menus_are_synced_once(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """The commands are overwritten in one call at the first start and left alone at the next; a manual change
    is noticed."""

    def looked() -> int:
        return len([call for call in discord.calls if call.method == "GET" and call.path.endswith("/commands")])

    async with open_stage():
        await discord.until(lambda: discord.syncs)
    async with open_stage():
        await discord.until(lambda: looked() == 2)
    assert discord.syncs == 1
    discord.commands[0]["description"] = "something else"
    async with open_stage():
        await discord.until(lambda: discord.syncs == 2)


async def test_menus_speak_the_persons_language(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """Descriptions come in every language there are words for, under Discord's own name for it; the names of
    commands stay."""
    async with open_stage():
        await discord.until(lambda: discord.syncs)
    ask = next(one for one in discord.commands if one["name"] == "ask")
    assert ask["description"] == t(FALLBACK, "command-ask")
    localized = ask["description_localizations"]
    assert {locale: localized[locale] for locale in ("de", "fr", "pt-BR", "ru", "tr", "uk")} == {
        locale: t(locale, "command-ask") for locale in ("de", "fr", "pt-BR", "ru", "tr", "uk")
    }
    assert localized["es-ES"] == localized["es-419"] == t("es", "command-ask")
    assert set(localized) <= {locale.value for locale in Locale}
    assert not {"en-US", "en-GB"} & set(localized)
    assert ask["options"][0]["max_length"] == 6000
    about = next(one for one in discord.commands if one["name"] == "Ask about this")
    assert about["name_localizations"]["de"] == t("de", "discord-menu-ask")


def test_a_translation_may_be_long(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Discord would refuse the whole menu where one text of one language is too long for its place."""
    shutil.copytree(Path(words.__file__).with_name("words"), tmp_path / "core" / "words")
    for file in (tmp_path / "core" / "words" / "tr").iterdir():
        longer = re.sub(
            r"^((?:discord-menu|shape|command|option)[\w-]* = )",
            rf"\1{'ş' * 90} ",
            file.read_text(),
            flags=re.M,
        )
        file.write_text(longer)
    monkeypatch.setattr(words, "resources", SimpleNamespace(files=lambda package: tmp_path / package))
    words.reload()
    try:
        menu = inspect.unwrap(commands.build)()
    finally:
        monkeypatch.undo()
        words.reload()
    check_commands(menu)
    assert menu[-1]["name_localizations"]["tr"] == "ş" * 31 + "…"


async def test_commands_that_are_named_can_be_tapped(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """In the bot's own texts, also below a model's text, and for subcommands, but for those in private chats,
    where Discord has them in no menu. Examples with arguments and code stay plain; in a model's text such a
    word may mean anything."""
    words = "`/usage`, `/admin caps`\n\n`/link off` or api/help\n\n```\n/usage\n```"
    async with open_stage() as stage:

        async def shown(ref: str, **where: Channel) -> str:
            stage.core.play = shows(Answer(Phase.DONE, words, note="See “/usage”.", ref=ref))
            localized = await discord.slash("ask", {"question": "?"}, **where)
            await discord.until(lambda: localized.text)
            return answer_text(localized)

        await until(lambda: numbers_known(shown))
        number = {one["name"]: one["id"] for one in discord.commands}
        usage, caps = f"</usage:{number['usage']}>", f"</admin caps:{number['admin']}>"
        ours = words.replace("`/usage`, `/admin caps`", f"{usage}, {caps}")
        assert await shown("") == f"{ours}\n\nSee “{usage}”."
        alone = await shown("", channel=discord.dm(discord.person))
        assert alone == f"{ours}\n\nSee “{usage}”.".replace(caps, "`/admin caps`")
        assert await shown("r1") == f"{words}\n\nSee “{usage}”."


async def numbers_known(shown: Callable[[str], Awaitable[str]]) -> bool:
    """Whether the menus were read, which the start does not wait for."""
    return "</usage:" in await shown("")


async def test_the_adapter_itself_speaks_the_language_that_was_chosen(stage: Stage) -> None:
    """Forms are in the person's own language, whatever Discord's is; menus and choices stay in Discord's."""
    discord = stage.discord
    heidi = discord.add_user("Heidi", locale="en-US")
    await stage.core.memory.chosen.prefer(f"discord:{heidi.id}", "language", "de")
    message = await discord.say("Look", user=heidi)
    opened = await discord.message_command("Ask about this", message, user=heidi)
    await discord.until(lambda: opened.modal)
    assert opened.modal["title"] == t("de", "discord-form-ask")


async def test_it_is_offered_where_the_bot_is_not(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """People can install the commands for DMs and groups; admin commands are for servers only."""
    async with open_stage():
        await discord.until(lambda: discord.syncs)
    by_name = {one["name"]: one for one in discord.commands}
    assert (by_name["ask"]["integration_types"], by_name["ask"]["contexts"]) == ([0, 1], [0, 1, 2])
    assert (by_name["admin"]["integration_types"], by_name["admin"]["contexts"]) == ([0], [0])
    assert by_name["admin"]["default_member_permissions"] == "32"


async def test_a_failed_sync_does_not_keep_it_from_answering(
    discord: DiscordStandin, open_stage: OpenStage
) -> None:
    """The menus are synced in the background; a refusal is only logged."""
    discord.faults = [Fault("PUT /applications", status=500)]
    async with open_stage():
        interaction = await discord.slash("ask", {"question": "?"})
        await discord.until(lambda: interaction.text)


async def test_autocomplete_offers_models_with_prices(stage: Stage) -> None:
    """What is typed narrows the models, with hyphens and blanks or without; each names its price. No store or
    model is asked. A name that is too long for Discord hides no other."""
    discord, models = stage.discord, stage.core.catalogue
    models.chat = {"gpt-4.1-nano" + "o" * 100: models.chat["gpt-4.1-nano"], **models.chat}
    async with hanging(stage.core.store):
        typed = await discord.autocomplete("ask", "model", "NANO")
        await discord.until(lambda: typed.choices)
        assert [choice["value"] for choice in typed.choices] == ["gpt-4.1-nano"]
        assert re.search(r"\$0\.10 in, \$0\.40 out", typed.choices[0]["name"])
        for words in ("gpt41 n", "GPT-4.1-nano", "gpt 4.1 nano"):
            same = await discord.autocomplete("ask", "model", words)
            await discord.until(lambda same=same: same.choices == typed.choices)
        schedulers = await discord.autocomplete("imagine", "scheduler", "karras")
        await discord.until(lambda: len(schedulers.choices) > 5)


async def test_only_what_may_be_used_here_is_offered(discord: DiscordStandin, open_stage: OpenStage) -> None:
    """Models for adults are offered in age-restricted channels only."""
    hidden = discord.add_channel("hidden", nsfw=True)
    async with open_stage():
        for place, is_offered in ((discord.channel, False), (hidden, True)):
            typed = await discord.autocomplete("imagine", "model", "real", channel=place)
            await discord.until(lambda typed=typed: typed.callback)
            offered = {choice["value"] for choice in typed.choices}
            assert "realvision" in offered
            assert ("realgirls" in offered) is is_offered


async def test_autocomplete_after_its_deadline_harms_nothing(stage: Stage) -> None:
    """Discord refuses late choices, and nothing else happens."""
    discord = stage.discord
    late = await discord.autocomplete("ask", "model", "x", sent=discord.now() - 4)
    await discord.until(lambda: [call for call in discord.calls if call.code == 10062])
    assert late.choices == []
    interaction = await discord.slash("ask", {"question": "go on"})
    await discord.until(lambda: interaction.text)


async def test_words_that_are_refused_come_back(stage: Stage) -> None:
    """Discord keeps no text of a refused command or form, so it is returned for copying. Invalid names, blanks,
    and texts that a button knows are not repeated."""
    discord = stage.discord
    refused = Answer(Phase.FAILED, note="Not now.", alert=True, private=True)
    stage.core.play = shows(refused)
    message = await discord.say("The sky is green")
    asked = await discord.slash("ask", {"question": "Why *is* it?", "model": "none"})
    form = await discord.submit_modal(await discord.message_command("Ask about this", message), "Is it?")
    await discord.until(lambda: asked.text and form.text)
    assert asked.text == "```\nWhy *is* it?\n```\n\n⚠️ Not now."
    assert form.text == "```\nIs it?\n```\n\n⚠️ Not now."
    assert all(one.messages[0].ephemeral for one in (asked, form))
    named, blank = (
        await discord.slash("model", {"name": "none"}),
        await discord.slash("ask", {"question": "  "}),
    )
    await discord.until(lambda: named.text and blank.text)
    stage.core.play = shows(replace(refused, actions=(Action("vary", "r1", "Vary"),)))
    known = await discord.slash("imagine", {"prompt": "a fox"})
    await discord.until(lambda: known.text)
    assert named.text == blank.text == known.text == "⚠️ Not now."


async def test_a_form_that_is_none_of_ours_is_not_taken(stage: Stage) -> None:
    """A form that another version opened, which this one does not know, stays open with what was typed: nobody
    would ever answer its "thinking"."""
    discord = stage.discord
    opened = await discord.message_command("Ask about this", await discord.say("The sky is green"))
    form = await discord.until(lambda: opened.modal)
    form["custom_id"] = "of another version"
    submitted = await discord.submit_modal(opened, "Is it?")
    after = await discord.slash("ask", {"question": "go on"})
    await discord.until(lambda: after.text)
    assert submitted.acked is None

"""What admins get and do on Telegram."""

from collections.abc import AsyncIterator

import pytest

from bots.telegram import commands
from bots.telegram.account import Account
from bots.telegram.buttons import keyboard
from core import models, words
from core.answer import Answer, Choice, Phase, Reply
from core.app import Core
from core.catalogue import read_catalogue
from core.draft import present
from core.opening import open_core
from core.turn import Turn
from core.words import locales, t
from tests.adapters.telegram.stage import Stage
from tests.conftest import MakeSettings
from tests.standins.telegram import TelegramStandin, User
from tests.waiting import until


@pytest.fixture
async def core(make_settings: MakeSettings) -> AsyncIterator[Core]:
    async with open_core(make_settings(), books_only=True) as opened:
        yield opened


async def test_menus_are_sent_once(standin: TelegramStandin, account: Account, core: Core) -> None:
    """Every language, by Telegram's two-letter codes, at the first start, and none at the next; all again if
    they differ from what was sent last, or if a call failed."""
    codes = {locale.partition("-")[0] for locale in locales()} - {"en"} | {""}

    async def calls_made() -> int:
        before = len(standin.calls_of("setMyCommands"))
        await commands.sync(account.bot, core)
        return len(standin.calls_of("setMyCommands")) - before

    standin.refuse("setMyCommands", 500, "Internal Server Error")
    assert await calls_made() == len(codes)
    assert await calls_made() == len(codes)
    assert {language for _, _, language in standin.world.menus} == codes
    assert standin.world.menus["default", 0, "pt"]["ask"] == words.t("pt-BR", "command-ask")
    assert await calls_made() == 0
    await core.kept.keep("what another version told", f"telegram:menus:{account.bot.id}:all")
    assert await calls_made() == len(codes)


async def test_who_is_no_admin_any_more_loses_the_menu(
    standin: TelegramStandin, account: Account, make_settings: MakeSettings
) -> None:
    """At the next start, or the one after it if Telegram failed; a person who becomes an admin again gets it
    again."""

    async def start(*admins: User) -> set[int]:
        """Whose chats have a menu of their own then."""
        settings = make_settings(admins=tuple(f"telegram:{admin.id}" for admin in admins))
        async with open_core(settings, books_only=True) as core:
            await commands.sync(account.bot, core)
        return {chat for _, chat, _ in standin.world.menus if chat}

    ann, ben = standin.person("Ann"), standin.person("Ben")
    assert await start(ann, ben) == {ann.id, ben.id}
    standin.refuse("deleteMyCommands", 500, "Internal Server Error")
    assert await start(ann) == {ann.id, ben.id}
    assert await start(ann) == {ann.id}
    assert await start() == set()
    deleted = len(standin.calls_of("deleteMyCommands"))
    assert await start(ben) == {ben.id}
    assert len(standin.calls_of("deleteMyCommands")) == deleted


async def test_a_persons_name_leads_to_their_private_chat(stage: Stage) -> None:
    """Reopened by a name, a reply is a message in the chat with that person, who may have blocked the bot."""
    telegram = stage.telegram
    alice = telegram.person()
    reply = await stage.core.reopens.reopen(f"telegram:{alice.id}")
    assert await present(reply, Answer(Phase.DONE, note="The key is refused.", alert=True), locale="en")
    assert [message.shown for message in telegram.messages(alice)] == ["The key is refused."]
    telegram.refuse("sendMessage", 403, "Forbidden: bot was blocked by the user")
    again = await stage.core.reopens.reopen(f"telegram:{alice.id}")
    assert not await present(again, Answer(Phase.DONE, note="Again."), locale="en")


@pytest.mark.parametrize("locale", locales())
async def test_an_admins_pick_names_its_command(stage: Stage, locale: str) -> None:
    """A choice from /admin model is that command with the value; abilities and prices of every model are shown
    in full."""
    telegram, catalogue = stage.telegram, read_catalogue()

    async def play(turn: Turn, reply: Reply) -> None:
        choices = models.choices(locale, "gpt-4.1-nano", catalogue, "admin model")
        picked = Answer(Phase.DONE, note="Done.")
        await present(
            reply,
            picked if "value" in turn.args else Answer(Phase.DONE, note="?", choices=choices),
            locale=locale,
        )

    stage.core.play = play
    alice = telegram.person()
    await telegram.say("/admin model", user=alice)
    assert (await stage.turn()).command == "admin model"
    picker = await telegram.message(lambda message: bool(message.buttons))
    for button, model in zip(picker.buttons, catalogue.chat.values(), strict=True):
        assert model.label in button
        assert models.describe(model, locale) in picker.text
    await telegram.press(picker, picker.buttons[2], user=alice)
    turn = await stage.turn(2)
    assert (turn.command, turn.args["value"]) == ("admin model", "gpt-4.1")
    await until(lambda: picker.shown == "Done.")


@pytest.mark.parametrize("locale", locales())
def test_the_button_that_resets_a_chats_choice_is_short(locale: str) -> None:
    """A longer label would be cut on a phone, and put every other button on a row of its own."""
    none = Choice("admin persona", "off", t(locale, "admin-none"), chosen=True)
    buttons = keyboard(Answer(Phase.DONE, choices=(none, Choice("admin persona", "brief", "Brief"))))
    assert buttons is not None
    assert len(buttons.inline_keyboard) == 1

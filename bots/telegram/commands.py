"""The commands as Telegram's menus: built from core's data, in every language, for everybody and for admins."""

from collections.abc import Iterable

import structlog
from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeChat, BotCommandScopeDefault
from telegram.error import BadRequest, TelegramError

from bots.telegram.places import PREFIX
from core.commands import COMMANDS
from core.settings import Settings
from core.words import FALLBACK, locales, t

log = structlog.get_logger(__name__)

DESCRIPTION = 256


def build(locale: str, *, admin: bool) -> list[BotCommand]:
    """The menu in one language. Telegram's commands are single words: admins' ones share the first."""
    shown = [command for command in COMMANDS if not command.hidden and (admin or not command.admin)]
    names = dict.fromkeys(command.name.partition(" ")[0] for command in shown)
    return [BotCommand(name, t(locale, f"command-{name}")[:DESCRIPTION]) for name in names]


async def offer(bot: Bot, settings: Settings) -> None:
    """Tells Telegram the menus. A menu that cannot be set is no reason to stay away."""
    for scope, admin in _scopes(settings.admins):
        for locale in locales():
            language = None if locale == FALLBACK else locale.partition("-")[0]
            try:
                await bot.set_my_commands(build(locale, admin=admin), scope, language)
            except BadRequest:  # an admin who never wrote to the bot has no chat with it
                log.info("telegram.menu_refused", admin=admin)
                break
            except TelegramError as error:
                log.warning("telegram.menu_not_set", error=type(error).__name__)


def _scopes(admins: Iterable[str]) -> list[tuple[BotCommandScope, bool]]:
    numbers = [admin.partition(":")[2] for admin in admins if admin.startswith(f"{PREFIX}:")]
    own = [(BotCommandScopeChat(int(number)), True) for number in numbers if number.isdecimal()]
    return [(BotCommandScopeDefault(), False), *own]

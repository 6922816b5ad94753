"""The commands as Telegram's menus: built from core's data, in every language, for everybody and for admins."""

import json
from collections.abc import Iterable, Mapping
from hashlib import sha256

import structlog
from telegram import Bot, BotCommand, BotCommandScope, BotCommandScopeChat, BotCommandScopeDefault
from telegram.error import BadRequest, TelegramError

from bots.telegram.places import PREFIX
from core.app import Core
from core.commands import COMMANDS
from core.errors import StoreError
from core.words import FALLBACK, locales, pick, t

log = structlog.get_logger(__name__)

_DESCRIPTION = 256
_RESYNC_S = 30 * 86_400  # after which menus are set again, in case something else has changed them
_ADMINS_S = 400 * 86_400  # for which it is known who has a menu for admins
Menus = Mapping[str, list[BotCommand]]  # by language; "" is what all others see


def _build(*, admin: bool) -> Menus:
    """The menu in every language: Telegram knows those of two letters, without regions. Its commands are single
    words: admins' ones share the first."""
    shown = [command for command in COMMANDS if not command.hidden and (admin or not command.admin)]
    names = dict.fromkeys(command.name.partition(" ")[0] for command in shown)
    codes = dict.fromkeys(code for locale in locales() if len(code := locale.partition("-")[0]) == 2)
    return {
        "" if code == FALLBACK else code: [
            BotCommand(name, t(pick(code), f"command-{name}")[:_DESCRIPTION]) for name in names
        ]
        for code in codes
    }


async def sync(bot: Bot, core: Core) -> None:
    """Sets the menus at Telegram that are not set yet, and deletes those of former admins. What cannot be set
    or deleted now is logged, and tried again with the next start."""
    for place, scope, admin in _scopes(core.settings.admins):
        menus = _build(admin=admin)
        name, fingerprint = f"{PREFIX}:menus:{bot.id}:{place}", _fingerprint(menus)
        try:
            if await core.kept.find(name) == fingerprint:
                continue
            if await _set_menus(bot, scope, menus):
                await core.kept.keep(fingerprint, name, _RESYNC_S)
        except StoreError as error:
            log.info("telegram.menu_not_kept", cause=error.cause)
    try:
        await _delete_former(bot, core)
    except StoreError as error:
        log.info("telegram.menu_not_kept", cause=error.cause)


async def _delete_former(bot: Bot, core: Core) -> None:
    """Deletes the menus of former admins, which Telegram would show for good."""
    name = f"{PREFIX}:admins:{bot.id}"
    left = set((await core.kept.find(name) or "").split())
    now = {place for place, _, is_admin in _scopes(core.settings.admins) if is_admin}
    for number in left - now:
        await core.kept.take(f"{PREFIX}:menus:{bot.id}:{number}")
        try:
            for language in _build(admin=True):
                await bot.delete_my_commands(BotCommandScopeChat(int(number)), language or None)
            left.discard(number)
        except BadRequest:  # the chat is gone, and its menu with it
            left.discard(number)
        except TelegramError as error:
            log.warning("telegram.menu_not_taken_back", error=type(error).__name__)
    await core.kept.keep(" ".join(sorted(left | now)), name, _ADMINS_S)


async def _set_menus(bot: Bot, scope: BotCommandScope, menus: Menus) -> bool:
    """Sets the menus of one scope, one for each language. Returns whether all of them are set."""
    is_set = True
    for language, menu in menus.items():
        try:
            await bot.set_my_commands(menu, scope, language or None)
        except BadRequest:  # an admin who never wrote to the bot has no chat with it
            log.info("telegram.menu_refused", scope=scope.type)
            return False
        except TelegramError as error:
            log.warning("telegram.menu_not_set", error=type(error).__name__)
            is_set = False
    return is_set


def _fingerprint(menus: Menus) -> str:
    plain = {language: [one.to_dict() for one in menu] for language, menu in menus.items()}
    return sha256(json.dumps(plain, sort_keys=True).encode()).hexdigest()


def _scopes(admins: Iterable[str]) -> list[tuple[str, BotCommandScope, bool]]:
    """The scopes that have menus: the name under which we keep their fingerprint, the scope, and whether its
    menus are for admins."""
    numbers = [admin.partition(":")[2] for admin in admins if admin.startswith(f"{PREFIX}:")]
    own = [(number, BotCommandScopeChat(int(number)), True) for number in numbers if number.isdecimal()]
    return [("all", BotCommandScopeDefault(), False), *own]

"""Handles the events of Discord: commands, button presses, forms, autocompletion, messages.

An interaction is acknowledged first, whatever the store or the model are doing; everything else follows.
"""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Awaitable, Callable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import discord
import structlog

from bots.discord import buttons, commands
from bots.discord.account import Account
from bots.discord.hook import EPHEMERAL, TOKEN_S, TRY_S, Hook
from bots.discord.listen import Listener
from bots.discord.markup import question_line
from bots.discord.permissions import CONTENT, LISTENING, THREADS, may_not
from bots.discord.posts import Earlier, Posts
from bots.discord.reply import DiscordReply
from bots.discord.rest import Declined
from bots.discord.turn import (
    Place,
    focused,
    interaction_turn,
    message_turn,
    person_of,
    place_of_interaction,
    place_of_message,
    read_options,
    read_quote,
    typed_words,
)
from core.answer import Answer, Phase
from core.app import Core
from core.commands import PROMPT_LENGTH, is_for_asker, is_paid
from core.errors import DeliveryError, StoreError
from core.pages import shorten
from core.turn import Quote, Turn, Value
from core.words import FALLBACK, t

log = structlog.get_logger(__name__)

_MESSAGE, _CHOICES, _MODAL = 4, 8, 9  # kinds of responses to an interaction
_THREAD_NAME = 100  # characters
_WITH_WORDS = (0, 19, 20, 23)  # kinds of messages: people's, replies, and what commands were answered with
_ABOUT = "mb:about"  # a form about a message: `mb:about:MESSAGE`
_OWN = f"{_ABOUT}:own"  # about one that only the asker sees: so is the answer
_ACKNOWLEDGE_FIRST = 10  # where more turns than this are under way
_OTHERS_S = 1.5  # how long another process may need to take what came; an interaction is to be answered in 3 s
_REMEMBERED = 500  # messages behind forms that are open; answers that only their token can delete

Json = Mapping[str, Any]


class Events:
    """Makes a Turn of each event and has core run it. `me` is the bot's own user id."""

    def __init__(self, core: Core, account: Account, me: str) -> None:
        self._core = core
        self._settings = core.settings
        self._account = account
        self._rest = account.rest
        self._me = me
        self._listener = Listener(core.settings, me)
        # The messages that open forms are about, by who opened the form. Discord sends a message with the menu
        # command alone; reading it again, as after a restart, takes the Message Content intent. A form names
        # its message, but anybody could send that name: it finds only what the same person had before them.
        self._targets: OrderedDict[tuple[int, str], Quote] = OrderedDict()
        # Answers whose pages only the token that made them can delete; a press on Delete brings another token.
        self._unreached: deque[Posts] = deque(maxlen=_REMEMBERED)

    async def interaction(self, interaction: discord.Interaction) -> None:
        kinds = discord.InteractionType
        data: Json = interaction.data or {}
        place = place_of_interaction(interaction, self._settings)
        match interaction.type:
            case kinds.autocomplete:
                await self._offer(interaction, place)
            case kinds.application_command if data.get("type") == commands.MESSAGE_COMMAND:
                await self._menu(interaction, data, place)
            case kinds.application_command:
                await self._command(interaction, place)
            case kinds.component:
                await self._press(interaction, data, place)
            case kinds.modal_submit:
                await self._form(interaction, data, place)

    async def interaction_too_late(self, interaction: discord.Interaction) -> None:
        """Handles an interaction that comes while this process ends. Another process may take it; if none does,
        the person reads that the bot restarts."""
        await asyncio.sleep(_OTHERS_S)
        is_typing = interaction.type is discord.InteractionType.autocomplete
        if not is_typing and await self._is_new(f"discord:{interaction.id}"):
            note = t(await self._locale(interaction), "answer-restarting")
            await self._respond(interaction, _MESSAGE, {"content": note, "flags": EPHEMERAL})

    async def message_too_late(self, message: discord.Message, data: Json) -> None:
        """As `interaction_too_late`, for a message."""
        if not self._listener.is_for_us(message):
            return
        await asyncio.sleep(_OTHERS_S)
        place = place_of_message(message, self._settings)
        turn = message_turn(message, data, place, self._rest, self._me)
        if await self._core.lets_in(turn) and await self._is_new(turn.id):
            locale = await self._core.language_of(turn.person)
            posts = Posts(self._account, place, str(message.author.id), locale, reply_to=str(message.id))
            note = Answer(Phase.FAILED, note=t(locale, "answer-restarting"))
            await self._core.tell(DiscordReply(posts), note, locale=locale)

    # Interactions

    async def _offer(self, interaction: discord.Interaction, place: Place) -> None:
        locale, typing = str(interaction.locale), focused(interaction)
        offered = commands.offer(self._core.catalogue, *typing, locale, is_adult=place.is_adult)
        await self._respond(interaction, _CHOICES, {"choices": offered})

    async def _command(self, interaction: discord.Interaction, place: Place) -> None:
        name, args, files = read_options(interaction, self._rest)
        words = typed_words(name, args)
        is_private = is_for_asker(name, args)
        posts = await self._posts(interaction, place, is_private=is_private, head=question_line(words))
        posts.words = words if is_paid(name, args) else ""
        turn = interaction_turn(interaction, place, name, text=words, args=args, attachments=files)
        await self._run(turn, posts)

    async def _press(self, interaction: discord.Interaction, data: Json, place: Place) -> None:
        pressed = buttons.read_id(str(data["custom_id"]))
        if pressed is None or interaction.message is None:
            return
        args: dict[str, Value] = {"ref": pressed.ref} if pressed.ref else {}
        if values := data.get("values"):
            args["value"] = str(values[0])
        turn = interaction_turn(interaction, place, pressed.command, args=args)
        is_public = not is_for_asker(pressed.command, args)
        if pressed.kind == buttons.ASK:
            before = await self._core.prefill(turn)
            if before is not None:
                await self._ask_for_text(interaction, str(data["custom_id"]), before)
                return
            is_public = False  # there will be nothing for others to see
        is_in_place = pressed.kind in buttons.IN_PLACE
        posts = await self._posts_of_press(interaction, place, is_public=is_public, is_in_place=is_in_place)
        is_reachable = place.is_reachable and not interaction.message.flags.ephemeral
        posts.removable = [Earlier(one, self._find_maker(one), is_reachable) for one in pressed.earlier]
        await self._run(turn, posts)

    def _find_maker(self, message: str) -> Hook | None:
        """The token that made a message, if it is still known."""
        return next((posts.hook for posts in self._unreached if message in posts.ids), None)

    async def _posts_of_press(
        self, interaction: discord.Interaction, place: Place, *, is_public: bool, is_in_place: bool
    ) -> Posts:
        """The posts in which the outcome of a press is shown. A public outcome is a new message; under a
        private answer it is private, too, unless it was picked from a list, as lists are private everywhere. A
        private outcome takes the place of the list or question that only the presser sees, as in a private
        chat, else it is a new message."""
        assert interaction.message is not None
        is_own = interaction.message.flags.ephemeral
        message = str(interaction.message.id)
        if is_public:
            is_private = is_own and not is_in_place
            reply_to = "" if is_own else message
            return await self._posts(interaction, place, is_private=is_private, reply_to=reply_to)
        ids = [message] if is_in_place and (is_own or place.is_dm) else []
        return await self._posts(interaction, place, is_private=True, updates=message, ids=ids)

    async def _ask_for_text(self, interaction: discord.Interaction, custom_id: str, before: str) -> None:
        """Opens the form of a button that asks first; it begins with what the picture was made of."""
        locale = await self._locale(interaction)
        form = buttons.form(
            custom_id,
            t(locale, "discord-form-vary"),
            t(locale, "discord-form-prompt"),
            prefilled=before,
            required=False,
            most=PROMPT_LENGTH,
        )
        await self._respond(interaction, _MODAL, form)

    async def _menu(self, interaction: discord.Interaction, data: Json, place: Place) -> None:
        """Handles *Ask about this* and *Continue from here*, by opening a form for the question."""
        target: Json = data["resolved"]["messages"][data["target_id"]]
        locale = await self._locale(interaction)
        quote = self._find_quote(target, place)
        if quote is None:
            notice = {"content": t(locale, "discord-form-nothing"), "flags": EPHEMERAL}
            await self._respond(interaction, _MESSAGE, notice)
            return
        self._targets[interaction.user.id, quote.message] = quote
        if len(self._targets) > _REMEMBERED:
            self._targets.popitem(last=False)
        goes_on = data["name"] == t(FALLBACK, commands.CONTINUE)
        has_picture = any(one.media_type.startswith("image/") for one in quote.attachments)
        begun = "" if goes_on else t(locale, "discord-form-picture" if has_picture else "discord-form-text")
        kind = _OWN if int(target.get("flags") or 0) & EPHEMERAL else _ABOUT
        form = buttons.form(
            f"{kind}:{target['id']}",
            t(locale, "discord-form-continue" if goes_on else "discord-form-ask"),
            t(locale, "discord-form-question"),
            prefilled=begun,
        )
        await self._respond(interaction, _MODAL, form)

    async def _form(self, interaction: discord.Interaction, data: Json, place: Place) -> None:
        custom_id, text = str(data["custom_id"]), buttons.read_form(data["components"])
        is_under_own = interaction.message is not None and interaction.message.flags.ephemeral
        is_own = is_under_own or custom_id.startswith(f"{_OWN}:")
        is_about, target = custom_id.startswith(f"{_ABOUT}:"), custom_id.rpartition(":")[2]
        pressed, quote = buttons.read_id(custom_id), None
        if pressed is None:
            return  # none of ours: unacknowledged, it stays open with what was typed
        command, args = pressed.command, dict[str, Value](ref=pressed.ref)
        head = question_line(text, place.link(target) if is_about else "")
        posts = await self._posts(interaction, place, is_private=is_own, head=head)
        posts.words = text
        if is_about:
            quote = await self._find_target(interaction.user.id, target, place)
            if quote is None:
                note = Answer(Phase.FAILED, note=t(posts.locale, "discord-form-gone"), private=True)
                if await self._is_new(f"discord:{interaction.id}", posts.is_anothers):
                    await self._core.tell(DiscordReply(posts), note, locale=posts.locale)
                return
            command, args = "ask", {"private": True} if is_own else {}
        turn = interaction_turn(interaction, place, command, text=text, args=args, quote=quote)
        await self._run(turn, posts)

    async def _find_target(self, asker: int, message: str, place: Place) -> Quote | None:
        """The message that a form is about; None where it can no longer be read."""
        target = self._targets.get((asker, message))  # kept: the same form may be open twice
        if target is None and place.is_reachable and message.isdecimal():  # else it is a path to anywhere
            with suppress(DeliveryError):
                found = await self._rest.call("GET", f"/channels/{place.channel}/messages/{message}")
                return self._find_quote(found, place)
        return target

    def _find_quote(self, message: Json, place: Place) -> Quote | None:
        """A message as a Quote; None where it has neither text nor files."""
        quote = read_quote(message, self._rest, place, self._me)
        return quote if quote.text or quote.attachments else None

    async def _posts(
        self,
        interaction: discord.Interaction,
        place: Place,
        *,
        is_private: bool,
        updates: str = "",
        reply_to: str = "",
        ids: Sequence[str] = (),
        head: str = "",
    ) -> Posts:
        """The posts in which the outcome of an interaction is shown. Begins to acknowledge it at once, in the
        background: with a new message, or by updating the message `updates`."""
        hook = Hook(
            str(interaction.application_id),
            interaction.token,
            time.time() + TOKEN_S,
            is_ephemeral=is_private,
            is_update=bool(updates),
            original=updates,
        )
        hook.acknowledged = asyncio.create_task(hook.acknowledge(self._rest, str(interaction.id)))
        asker, locale = str(interaction.user.id), await self._locale(interaction)
        return Posts(self._account, place, asker, locale, hook=hook, reply_to=reply_to, ids=ids, head=head)

    async def _locale(self, interaction: discord.Interaction) -> str:
        """The language for texts of the adapter itself, the same as core's. (Menus are in the app's
        language.)"""
        return await self._core.language_of(person_of(interaction))

    async def _respond(self, interaction: discord.Interaction, kind: int, data: Json) -> None:
        """Sends the response to an interaction (a message, choices or a form). A second try follows the first
        without a pause: Discord takes it only for three seconds."""
        path = f"/interactions/{interaction.id}/{interaction.token}/callback"
        for _ in range(2):
            try:
                async with asyncio.timeout(TRY_S):
                    await self._rest.call("POST", path, {"type": kind, "data": data})
            except Declined as error:
                log.info("discord.too_late", kind=kind, cause=error.cause)
            except (DeliveryError, TimeoutError) as error:
                log.info("discord.not_answered", kind=kind, error=repr(error))
                continue
            return

    # Messages

    async def message(self, message: discord.Message, data: Json) -> None:
        """Handles a message; `data` is the message as Discord sent it: discord.py keeps less of it."""
        if not self._listener.is_for_us(message):
            return
        if not await self._is_new(f"discord:{message.id}", lambda: self._has_reply(message)):
            return
        place, reply_to, missing = place_of_message(message, self._settings), str(message.id), list[str]()
        turn = message_turn(message, data, place, self._rest, self._me)
        if self._begins_thread(message, turn, place) and await self._core.lets_in(turn):
            try:
                place, reply_to = await self._open_thread(message, turn.text, place), ""
            except DeliveryError as error:
                log.warning("discord.no_thread", cause=error.cause)
                missing += [THREADS] if may_not(error) else []
            else:
                turn = message_turn(message, data, place, self._rest, self._me)
                missing += [] if self._account.reads_all else [LISTENING]
        missing += [CONTENT] if self._is_unread(turn, data, place) else []
        asker, locale = str(message.author.id), await self._core.language_of(turn.person)
        posts = Posts(
            self._account, place, asker, locale, reply_to=reply_to, missing=missing, nonce=str(message.id)
        )
        await self._answer(turn, posts)

    def _begins_thread(self, message: discord.Message, turn: Turn, place: Place) -> bool:
        """Whether a message begins a conversation in a place where each has a thread of its own. A reply to the
        bot continues its conversation where that is."""
        is_begun = turn.quote is not None and turn.quote.by_bot
        has_threads = place.is_among(self._settings.discord_threads)
        is_new = isinstance(message.channel, discord.TextChannel) and turn.command == "ask" and not is_begun
        return is_new and has_threads

    def _is_unread(self, turn: Turn, data: Json, place: Place) -> bool:
        """Whether a message replies to one whose words Discord does not show us. System messages, such as that
        somebody joined, have no words."""
        quote, replied = turn.quote, data.get("referenced_message") or {}
        if quote is None or quote.message == turn.message or place.is_dm or self._account.reads_all:
            return False
        return replied.get("type") in _WITH_WORDS and not (quote.by_bot or quote.text or quote.attachments)

    async def _open_thread(self, message: discord.Message, text: str, place: Place) -> Place:
        """Opens a thread for a new conversation in that place. Returns the thread as a Place. Raises
        DeliveryError."""
        name = " ".join(text.split()) or message.author.display_name
        path = f"/channels/{message.channel.id}/messages/{message.id}/threads"
        made = await self._rest.call("POST", path, {"name": shorten(name, _THREAD_NAME)})
        return replace(place, channel=str(made["id"]), parents=(place.channel, *place.parents), is_thread=True)

    def deleted(self, channel: int, messages: Sequence[int]) -> None:
        """Handles the deletion of messages, by anybody. A thread has the id of the message that began it, which
        stays outside: its answer is in the thread."""
        for message in messages:
            for place in (channel, message):
                self._core.message_deleted(f"discord:{place}", str(message))

    async def _run(self, turn: Turn, posts: Posts) -> None:
        # In a crowd all are acknowledged first: else the work for the first would keep the last waiting.
        if self._account.working > _ACKNOWLEDGE_FIRST:
            await posts.ready()
        if await self._is_new(turn.id, posts.is_anothers):
            await self._answer(turn, posts)

    async def _is_new(self, request: str, is_anothers: Callable[[], Awaitable[bool]] | None = None) -> bool:
        """Whether a request comes for the first time: Discord repeats events after a lost connection. Where the
        store is away, it counts as new unless `is_anothers` says that another process answers it."""
        try:
            is_new = await self._core.once(request)
        except StoreError:
            is_new = True  # core says so to the person
            with suppress(DeliveryError):
                is_new = is_anothers is None or not await is_anothers()
        if not is_new:
            log.info("discord.seen_before", request=request)
        return is_new

    async def _has_reply(self, message: discord.Message) -> bool:
        """Whether the bot, in any process, has replied to the message. Raises DeliveryError."""
        path = f"/channels/{message.channel.id}/messages?after={message.id}&limit=50"
        replies = [one for one in await self._rest.call("GET", path) if one["author"]["id"] == self._me]
        referred = ((one.get("message_reference") or {}).get("message_id") for one in replies)
        return str(message.id) in referred

    async def _answer(self, turn: Turn, posts: Posts) -> None:
        self._account.working += 1
        if posts.hook and (posts.is_private or not posts.place.is_reachable):
            self._unreached.append(posts)
        try:
            await self._core.run(turn, DiscordReply(posts))
        finally:
            self._account.working -= 1

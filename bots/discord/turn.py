"""Makes Turns of Discord's interactions and messages: who asks, where, and what."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any

import discord

from bots.discord.attachments import attachment, embedded_picture
from bots.discord.rest import Rest
from core.commands import BY_NAME, read_typed
from core.settings import Settings
from core.turn import Attachment, Person, Quote, Turn, Value

_SUBCOMMANDS, _ATTACHMENT = (1, 2), 11
# Among an interaction's extras: as Discord sent it. The member is None outside of servers.
RAW_CHANNEL, RAW_MEMBER = "channel", "member"
_TEXT_DISPLAY = 10  # a component
# Options of admins that name somebody or something, and what stands there of whom was picked after an @.
_NAMING = frozenset({"who", "change"})
_MENTION, _KINDS = re.compile(r"<(@!?|@&|#)(\d+)>"), {"@": "user", "@!": "user", "@&": "role", "#": "channel"}
# What people pick, and their client writes as a number: a person, a role, a command, an emoji of a server.
_PICKED = re.compile(r"<(?:@[!&]?|a?(?P<emoji>:\w+:)|(?P<command>/[^<>:]+):)(?P<id>\d+)>")
_DEFAULT_FILE_BYTES = 10 * 1024 * 1024  # without boosts and subscriptions
Json = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Place:
    """Where a request came from. `is_reachable`: the bot's own token can see and write there, too.
    `is_guest`: the app is the person's alone."""

    channel: str
    guild: str = ""
    parents: tuple[str, ...] = ()  # a thread's channel, a channel's category
    is_thread: bool = False
    is_dm: bool = False
    is_adult: bool = False
    has_spoilers: bool = False  # pictures are to be hidden until clicked
    is_reachable: bool = True
    is_guest: bool = False
    file_bytes: int = _DEFAULT_FILE_BYTES

    @property
    def names(self) -> frozenset[str]:
        """Every name that the operator's lists may know this place by."""
        channels = {f"discord:channel:{channel}" for channel in (self.channel, *self.parents)}
        return frozenset(channels | ({f"discord:guild:{self.guild}"} if self.guild else set()))

    def is_among(self, listed: Sequence[str]) -> bool:
        """Whether a setting names this place, or every place ("1")."""
        return "1" in listed or not self.names.isdisjoint(listed)

    @property
    def chat(self) -> str:
        return f"discord:guild:{self.guild}" if self.guild else f"discord:channel:{self.channel}"

    @property
    def room(self) -> str:
        return f"discord:{self.channel}"

    def link(self, message: str) -> str:
        """An address that leads to that message."""
        return f"https://discord.com/channels/{self.guild or '@me'}/{self.channel}/{message}"


def place_of_interaction(interaction: discord.Interaction, settings: Settings) -> Place:
    """Where a command, press or form comes from. An app that only the person installed cannot reach the channel
    itself, and no app reaches one that it may not view. Of such a channel discord.py's own object tells
    nothing, so its raw data are read as well."""
    channel, raw = interaction.channel, interaction.extras[RAW_CHANNEL]
    is_dm = isinstance(channel, discord.DMChannel) and not interaction.context.private_channel
    is_guest = not (is_dm or interaction.is_guild_integration())
    place = Place(
        channel=str(raw["id"]),
        guild=str(interaction.guild_id or ""),
        is_dm=is_dm,
        is_reachable=is_dm or (not is_guest and interaction.app_permissions.view_channel),
        is_guest=is_guest,
        file_bytes=interaction.filesize_limit,
    )
    return _described(place, channel, raw, settings)


def place_of_message(message: discord.Message, settings: Settings) -> Place:
    channel, guild = message.channel, message.guild
    # Of a server whose data could not be read, the id alone is known.
    number = guild.id if guild else getattr(channel, "guild_id", None)
    place = Place(
        channel=str(channel.id),
        guild=str(number or ""),
        is_dm=isinstance(channel, discord.DMChannel),
        file_bytes=guild.filesize_limit if guild else _DEFAULT_FILE_BYTES,
    )
    return _described(place, channel, {}, settings)


def _described(place: Place, channel: object, raw: Json, settings: Settings) -> Place:
    """The place with what its channel says of itself: as discord.py knows it, and as Discord sent it
    (`raw`)."""
    is_nsfw = getattr(channel, "is_nsfw", None)  # DMs, groups and partial channels have none
    above = channel.parent if isinstance(channel, discord.Thread) else channel  # None where it is not known
    parents = [raw.get("parent_id"), getattr(channel, "parent_id", None), getattr(above, "category_id", None)]
    is_adult = bool(raw.get("nsfw") or (is_nsfw and is_nsfw()))
    place = replace(
        place,
        parents=tuple(str(parent) for parent in parents if parent),
        is_thread=isinstance(channel, discord.Thread),
        is_adult=settings.discord_adult_dms if place.is_dm else is_adult,
    )
    return replace(place, has_spoilers=place.is_among(settings.discord_spoilers))


def read_options(
    interaction: discord.Interaction, rest: Rest
) -> tuple[str, dict[str, Value], tuple[Attachment, ...]]:
    """The command's full name ("admin caps"), its options, and the files among them."""
    data: Json = interaction.data or {}
    name, options = str(data["name"]), data.get("options") or []
    while options and options[0]["type"] in _SUBCOMMANDS:
        name, options = f"{name} {options[0]['name']}", options[0].get("options") or []
    files = (data.get("resolved") or {}).get("attachments") or {}
    args: dict[str, Value] = {}
    posted = []
    for option in options:
        if option["type"] == _ATTACHMENT:
            posted.append(attachment(rest, files[str(option["value"])]))
        elif option["name"] in _NAMING:
            args[option["name"]] = _by_label(option["value"])
        else:
            args[option["name"]] = option["value"]
    return name, args, tuple(posted)


def typed_words(command: str, args: Mapping[str, Value]) -> str:
    """The words in the option that is the command's text."""
    known = BY_NAME.get(command)
    return str(args.get(known.text, "")) if known and known.text else ""


def focused(interaction: discord.Interaction) -> tuple[str, str, str]:
    """For autocompletion: the command, the option that is being typed, and what is typed so far."""
    data: Json = interaction.data or {}
    options = data.get("options") or []
    option: Json = next((one for one in options if one.get("focused")), {})
    return str(data["name"]), str(option.get("name", "")), str(option.get("value", ""))


def interaction_turn(
    interaction: discord.Interaction,
    place: Place,
    command: str,
    *,
    text: str = "",
    args: Mapping[str, Value],
    attachments: tuple[Attachment, ...] = (),
    quote: Quote | None = None,
) -> Turn:
    """The Turn of a command, a press, a pick or a form. `text` is as it was typed."""
    labels = _labels(interaction.user.id, interaction.extras[RAW_MEMBER], place)
    data: Json = interaction.data or {}
    return replace(
        _turn(interaction.id, command, person_of(interaction), place, labels),
        text=_by_name(text, _picked(data)),
        args=args,
        attachments=attachments,
        quote=quote,
        named=_named((data.get("resolved") or {}).get("members") or {}, place),
        asker=_asked_for(interaction.message, interaction.user.id),
    )


def _turn(number: int, command: str, person: Person, place: Place, labels: frozenset[str]) -> Turn:
    """A Turn with the command alone: who gave it, and where. `number` is Discord's id of the interaction or
    message."""
    return Turn(
        id=f"discord:{number}",
        command=command,
        person=person,
        chat=place.chat,
        room=place.room,
        labels=labels,
        shared=place.is_thread or place.is_dm,
        private=place.is_dm,
        alone=place.is_dm,
        adult=place.is_adult,
    )


def person_of(interaction: discord.Interaction) -> Person:
    user, rights = interaction.user, interaction.permissions
    is_moderator = rights.manage_messages or rights.manage_guild or rights.administrator
    locale = str(interaction.locale)
    return Person(f"discord:{user.id}", user.display_name, locale, is_moderator, speaks=locale)


def _asked_for(message: discord.Message | None, person: int) -> bool:
    """Whether Discord says that a message answers this person: their command, or their message. What answers a
    command about a message refers to that, whoever wrote it."""
    if message is None:
        return False
    if asked := message.interaction_metadata:
        return asked.user.id == person
    replied = message.reference.resolved if message.reference else None
    return isinstance(replied, discord.Message) and replied.author.id == person


def message_turn(message: discord.Message, data: Json, place: Place, rest: Rest, me: str) -> Turn:
    """The Turn of a mention, a reply or a private message; `data` is the message as Discord sent it. It
    does not tell the person's language: that of the server is as near as it gets."""
    author, replied = message.author, data.get("referenced_message")
    # Of a thread, the channel that it is in: None where that is not known.
    channel = message.channel.parent if isinstance(message.channel, discord.Thread) else message.channel
    is_moderator = (
        isinstance(author, discord.Member)
        and isinstance(channel, discord.abc.GuildChannel)
        and channel.permissions_for(author).manage_messages
    )
    locale = str(message.guild.preferred_locale) if message.guild else "en"
    person = Person(f"discord:{author.id}", author.display_name, locale, is_moderator=is_moderator)
    command, text = _typed(_words(message, me, _mentioned(message)))
    if any(one.name in _NAMING for one in BY_NAME[command].options):
        command, text = _typed(_by_label(_words(message, me, {})))  # names are for models
    mentioned: list[Json] = data.get("mentions") or []
    return replace(
        _turn(message.id, command, person, place, _labels(author.id, data.get("member"), place)),
        text=text,
        attachments=_read_attachments({**data, "message_snapshots": ()}, rest, place),
        quote=_forwarded(data, rest, place) or (read_quote(replied, rest, place, me) if replied else None),
        message=str(message.id),
        named=_named({one["id"]: one["member"] for one in mentioned if one.get("member")}, place),
    )


def _typed(words: str) -> tuple[str, str]:
    """The command and the text of a message. To Discord a command is a mere text after a mention, or where it
    was pasted; it is what the person wants all the same."""
    name, rest = [*words.removeprefix("/").split(maxsplit=1), "", ""][:2]
    command, text = read_typed(name, rest)
    return (command, text) if words.startswith("/") and command in BY_NAME else ("ask", words)


def _labels(user: int, member: Json | None, place: Place) -> frozenset[str]:
    """Every name that ALLOW and DENY may know this request by. `member` is as Discord sent it: discord.py drops
    the roles that it does not know. The role of everybody is named like the server, and is not sent."""
    roles = (*(member.get("roles") or ()), place.guild) if member else ()
    return place.names | {
        f"discord:user:{user}",
        f"discord:{user}",
        *(f"discord:role:{role}" for role in roles),
    }


def _named(members: Mapping[str, Json], place: Place) -> dict[str, frozenset[str]]:
    """The labels of the members, by their ids, whom a text mentions."""
    return {f"discord:{user}": _labels(int(user), member, place) for user, member in members.items()}


def _words(message: discord.Message, me: str, names: Mapping[str, str]) -> str:
    """The text without the bot's own mention, and with `names` in place of ids. A channel stays a number: the
    writer may not see its name."""
    own = message.guild.self_role if message.guild else None
    called = {me: ""} | ({str(own.id): ""} if own else {})
    return _by_name(message.content, {**names, **called}).strip()


def _mentioned(message: discord.Message) -> dict[str, str]:
    """The names of the people and roles that a message mentions, by their ids."""
    names = {str(one.id): f"@{one.display_name}" for one in message.mentions}
    return names | {str(one.id): f"@{one.name}" for one in message.role_mentions}


def _by_label(text: str) -> str:
    """The text with labels, as admins write them, in place of whom or what was picked."""
    return _MENTION.sub(lambda one: f"{_KINDS[one[1]]}:{one[2]}", text)


def _picked(data: Json) -> dict[str, str]:
    """The names of the people and roles that an interaction mentions, by their ids."""
    resolved: Json = data.get("resolved") or {}
    names = {number: f"@{_name(user)}" for number, user in (resolved.get("users") or {}).items()}
    return names | {number: f"@{role['name']}" for number, role in (resolved.get("roles") or {}).items()}


def _by_name(text: str, names: Mapping[str, str]) -> str:
    """The text with names in place of ids, which a model could not understand, only repeat."""
    return _PICKED.sub(lambda one: one["emoji"] or one["command"] or names.get(one["id"], one[0]), text)


def _name(user: Json) -> str:
    return str(user.get("global_name") or user.get("username") or user["id"])


def _forwarded(data: Json, rest: Rest, place: Place) -> Quote | None:
    """What a message forwards, as words of the person who forwards it: Discord does not say whose they were."""
    if not _forwards(data):
        return None
    return read_quote({name: data[name] for name in ("id", "author", "message_snapshots")}, rest, place, "")


def read_quote(data: Json, rest: Rest, place: Place, me: str) -> Quote:
    """A message, with what it forwards and embeds, as something to ask about."""
    author = data["author"]
    return Quote(
        message=str(data["id"]),
        author=_name(author),
        text="\n".join(text for part in (data, *_forwards(data)) for text in _named_texts(part)),
        by_bot=str(author["id"]) == me,
        attachments=_read_attachments(data, rest, place),
    )


def _forwards(data: Json) -> list[Json]:
    return [one["message"] for one in data.get("message_snapshots") or ()]


def _named_texts(part: Json) -> Iterator[str]:
    names = {str(one["id"]): f"@{_name(one)}" for one in part.get("mentions") or ()}
    yield from (_by_name(text, names) for text in _texts(part) if text)


def _texts(part: Json) -> Iterator[str | None]:
    """What a message says, and its parts say, in the order in which they are shown."""
    yield part.get("content")
    yield from (str(one["name"]) for one in part.get("sticker_items") or ())
    yield from (str(one["content"]) for one in _components(part) if one["type"] == _TEXT_DISPLAY)
    if poll := part.get("poll"):
        yield from _poll(poll)
    for embed in part.get("embeds") or ():
        yield (embed.get("author") or {}).get("name")
        yield embed.get("title")
        yield embed.get("description")
        fields = embed.get("fields") or ()
        if embed.get("type") == "poll_result":
            yield from _outcome({str(field["name"]): str(field["value"]) for field in fields})
        else:
            yield from (f"{field['name']}: {field['value']}" for field in fields)
        yield (embed.get("footer") or {}).get("text")


def _components(part: Json) -> Iterator[Json]:
    """All components of a message or of a component, with those inside of them."""
    for one in part.get("components") or ():
        yield one
        yield from _components(one)
        if beside := one.get("accessory"):
            yield beside


def _poll(poll: Json) -> Iterator[str | None]:
    """A poll that is under way: its question, and what there is to choose."""
    yield poll["question"].get("text")
    for answer in poll.get("answers") or ():
        media = answer["poll_media"]
        emoji = media.get("emoji") or {}
        is_unicode = not emoji.get("id")  # else it is the name of a server's emoji
        yield " ".join(filter(None, ("-", emoji.get("name") if is_unicode else "", media.get("text"))))


def _outcome(fields: Mapping[str, str]) -> Iterator[str | None]:
    """How a poll ended: its question, and the answer that won, if one did, with its part of the votes. The
    names of such fields are the API's own; people see none of them."""
    yield fields.get("poll_question_text")
    is_unicode = "victor_answer_emoji_id" not in fields  # else it is the name of a server's emoji
    emoji = fields.get("victor_answer_emoji_name", "") if is_unicode else ""
    if won := f"{emoji} {fields.get('victor_answer_text', '')}".strip():
        votes = [fields[name] for name in ("victor_answer_votes", "total_votes") if name in fields]
        yield f"{won} ({'/'.join(votes)})" if votes else won


def _read_attachments(data: Json, rest: Rest, place: Place) -> tuple[Attachment, ...]:
    """Files of a message and of what it forwards, and pictures of their embeds and components."""
    where = (place.channel, str(data["id"])) if place.is_reachable else None
    forwards = _forwards(data)
    found = [attachment(rest, dict(file), where) for file in data.get("attachments") or ()]
    found += [attachment(rest, dict(file)) for one in forwards for file in one.get("attachments") or ()]
    embeds = [embed for part in (data, *forwards) for embed in (*(part.get("embeds") or ()), *_gallery(part))]
    pictures = [embedded_picture(rest, embed) for embed in embeds]
    return (*found, *(picture for picture in pictures if picture))


def _gallery(part: Json) -> Iterator[Json]:
    """The pictures that components show, in the form of embeds. Those that were uploaded with the message are
    among its files, and left out here."""
    for one in _components(part):
        for item in (one, *(one.get("items") or ())):
            media = item.get("media") or {}
            if not media.get("attachment_id") and str(media.get("content_type") or "image/").startswith(
                "image/"
            ):
                yield {"image": media}

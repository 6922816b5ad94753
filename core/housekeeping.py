"""Use cases besides asking and painting: help, a new conversation, stop, models, personas, usage, settings,
forget, link, and deleting an answer."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from hashlib import sha256

from core import models, personas
from core.access import Access
from core.answer import Action, Answer, Choice, Phase, Picture, Reply
from core.catalogue import Catalogue
from core.commands import COMMANDS, NO, PERSONA_BYTES, YES, Verb
from core.draft import present, say
from core.erasure import Erasure
from core.errors import BadInput, Busy, NotAllowed, Refused
from core.markdown.blocks import fenced
from core.memory import Memory
from core.money.chart import chart_png, chart_words
from core.money.summary import Period
from core.orders.asides import Asides
from core.orders.order import Orders
from core.pages import shorten
from core.preferences import OFF, OWN
from core.ratelimit import Ratelimit
from core.running import Running
from core.settings import Settings
from core.spend import Payer, Spend
from core.turn import Turn
from core.words import clock, find_language, locales, money, money_left, own_name, pick, t

_BAR = 20
_CHARTS, _CHART_EVERY_S = 3, 10.0  # drawing one takes longer than all else in /usage
_MOST_DETAIL = 100  # of a person's own instructions in the picker
_TYPED = ("language", "cost")  # settings that can be set in words


@dataclass(kw_only=True)
class Housekeeping:
    """Each verb shows one final answer."""

    settings: Settings
    access: Access
    catalogue: Catalogue
    memory: Memory
    spend: Spend
    running: Running
    ratelimit: Ratelimit
    orders: Orders
    asides: Asides
    erasure: Erasure

    def verbs(self) -> Mapping[str, Verb]:
        return {
            "help": self.help,
            "new": self.new,
            "stop": self.stop,
            "model": self.model,
            "persona": self.persona,
            "usage": self.usage,
            "settings": self.change_settings,
            "cost on": self.switch_cost,
            "cost off": self.switch_cost,
            "forget": self.forget,
            "forget yes": self.forget_yes,
            "link": self.link,
            "delete": self.delete,
        }

    async def help(self, turn: Turn, reply: Reply) -> None:
        """Shows what the bot can do, in one screen; to admins, also what they can do."""
        locale, is_admin = turn.person.locale, self.access.is_admin(turn)
        lines = [
            f"- `/{command.name}` {t(locale, command.key)}"
            for command in COMMANDS
            if not command.hidden and (is_admin or not command.admin)
        ]
        replies, quotes = reply.surface.replies, reply.surface.quotes
        without_command = "help-private" if turn.private else "help-mention" if replies else ""
        intro = " ".join(t(locale, key) for key in ("help-intro", without_command) if key)
        more = t(locale, "help-picture" if replies and quotes else "help-attach")
        if replies:
            more = f"{t(locale, 'help-reply')} {more}"
        text = "\n\n".join([intro, "\n".join(lines), f"{more} {reply.surface.hint}".rstrip()])
        if self.settings.is_simulated:
            text += "\n\n" + t(locale, "help-simulated", setting=self.settings.ends_simulation)
        await say(turn, reply, text=text)

    async def new(self, turn: Turn, reply: Reply) -> None:
        """Begins a new conversation."""
        await self.memory.start_anew(turn)
        await say(turn, reply, note=t(turn.person.locale, "memory-new"))

    async def stop(self, turn: Turn, reply: Reply) -> None:
        """Stops one answer (args["ref"]), or all of the asker's in this room."""
        locale, ref = turn.person.locale, turn.arg("ref")
        stopped = int(await self.running.stop(ref, turn)) if ref else await self.running.stop_all(turn)
        if stopped:
            note = t(locale, "answer-stopping", count=stopped)
        else:
            note = t(locale, "answer-already-over" if ref else "answer-nothing-to-stop")
        is_seen = bool(ref and stopped)  # the button was pressed on the answer itself
        await present(reply, Answer(Phase.DONE, note=note, private=True, evident=is_seen), locale=locale)

    async def model(self, turn: Turn, reply: Reply) -> None:
        """The picker; with a name, the model of this conversation and of this person from now on. "auto"
        takes the choice back."""
        locale = turn.person.locale
        wanted = turn.option_or_text("value", "name")
        if wanted:
            _check_picker(turn)
            is_auto = wanted.casefold() in (models.AUTO, t(locale, "model-auto").casefold())
            model = None if is_auto else self.catalogue.get_chat(wanted)
            await self.memory.choose(turn, "model", model.name if model else models.AUTO)
            await self.memory.chosen.prefer(turn.person.id, "model", model.name if model else "")
            note = t(locale, "model-chosen", model=model.label) if model else t(locale, "model-auto-chosen")
            await say(turn, reply, note=note)
            return
        here = await self.memory.open(turn, "")
        now = here.model if here.model in self.catalogue.chat else models.AUTO
        default = here.chat_model if here.chat_model in self.catalogue.chat else self.settings.default_model
        detail = t(locale, "model-auto-detail", model=self.catalogue.get_chat(default).label)
        auto = Choice("model", models.AUTO, t(locale, "model-auto"), detail, chosen=now == models.AUTO)
        known = models.choices(locale, now, self.catalogue)
        await say(turn, reply, note=t(locale, "model-pick"), choices=_picker(turn, (auto, *known)))

    async def persona(self, turn: Turn, reply: Reply) -> None:
        """The picker; with a name that persona, with other words a person's own instructions, which are read
        by that person alone. "off" takes the choice back: here and elsewhere it is as the chat has it."""
        locale, here = turn.person.locale, await self.memory.open(turn, "")
        own, chat = here.preferences, await self.memory.chosen.chat_defaults(turn.chat)
        offer = self.memory.chosen.offer(chat, own)
        known = offer.choices(locale, here.persona.name)
        wanted, is_unread = turn.option_or_text("value", "name"), turn.private or reply.surface.private
        if not wanted:
            shown = tuple(_with_words(one, own.prompt) if is_unread else one for one in known)
            await say(turn, reply, note=t(locale, "persona-pick"), choices=_picker(turn, shown))
            return
        _check_picker(turn)
        is_off, words = wanted.lower() == OFF, own.prompt
        name = self.memory.chosen.offer(chat).resolve("").name if is_off else offer.find_name(wanted, locale)
        if name is None:
            if _is_word(wanted):
                raise offer.refusal(wanted)
            await self.memory.chosen.prefer(turn.person.id, "prompt", wanted)
            name, words = OWN, wanted
        await self.memory.choose(turn, "persona", name)
        await self.memory.chosen.prefer(turn.person.id, "persona", "" if is_off else name)
        label = next((one.label for one in known if one.value == name), t(locale, "persona-own"))
        text = fenced(words) if name == OWN and is_unread else ""
        await say(turn, reply, text=text, note=t(locale, "persona-chosen", persona=label))

    async def usage(self, turn: Turn, reply: Reply) -> None:
        """Today and this month against the caps, by model, and when it resets."""
        locale = turn.person.locale
        summary = await self.spend.summary(Payer.of(turn))
        lines = [
            self._period(locale, "usage-today", summary.person_day),
            self._period(locale, "usage-month", summary.person_month),
        ]
        if summary.credit_nanos:
            lines.append(t(locale, "usage-credit", credit=money_left(summary.credit_nanos, locale)))
        if not turn.private:
            lines.append(self._period(locale, "usage-chat-today", summary.chat_day))
        if summary.models:
            rows = [
                f"| {self.catalogue.label(name)} | {money(nanos, locale)} |"
                for name, nanos in summary.models[:8]
            ]
            head = f"| {t(locale, 'usage-model')} | {t(locale, 'usage-cost')} |\n|---|---:|"
            lines.append("\n".join([head, *rows]))
        aside = await self.asides.of(turn.person.id, locale, turn.room, private=turn.private, adult=turn.adult)
        pictures = (*await self._chart(turn, reply), *aside.pictures)
        if await say(turn, reply, text="\n\n".join(lines), note=aside.note, pictures=pictures):
            await self.asides.handed(aside)

    async def change_settings(self, turn: Turn, reply: Reply) -> None:
        """Shows a person's settings with what there is to pick; `language de`, `cost off` change one. They go
        by the names that are shown, too."""
        locale, who = turn.person.locale, turn.person.id
        name, value = _named(turn.option_or_text("value", "change").casefold(), locale)
        _check_picker(turn)
        switch = _switches(locale)
        if name == "language" and value:
            language = _language(value)
            await self.memory.chosen.prefer(who, "language", language)
            locale = language or turn.person.platform_locale or locale
        elif name == "cost" and value:
            if value not in switch:
                known = ", ".join(t(locale, f"settings-{one}") for one in ("on", "off"))
                raise BadInput("unknown-choice", option=name, value=value[:40], known=known)
            await self.memory.chosen.prefer(who, "show_cost", switch[value])
        elif name not in ("", *_TYPED):
            known = ", ".join(t(locale, f"settings-{one}") for one in _TYPED)
            raise BadInput("settings-unknown", value=name[:40], known=known)
        await self._settings(replace(turn, person=replace(turn.person, locale=locale)), reply)

    async def switch_cost(self, turn: Turn, reply: Reply) -> None:
        """The button of /settings: whether what answers cost stands under them."""
        _check_own(turn)
        await self.memory.chosen.prefer(turn.person.id, "show_cost", turn.command == "cost on")
        await self._settings(turn, reply)

    async def _settings(self, turn: Turn, reply: Reply) -> None:
        """Shows the settings as they are now."""
        locale = turn.person.locale
        own = await self.memory.chosen.preferences(turn.person.id)
        chat = await self.memory.chosen.chat_defaults(turn.chat)
        shows = self.settings.show_cost if own.show_cost is None else own.show_cost
        rows = {
            "language": own_name(own.language or locale),
            "cost": t(locale, "settings-on" if shows else "settings-off"),
            "model": self.catalogue.label(own.model) if own.model else t(locale, "model-auto"),
            "persona": personas.label(self.memory.chosen.offer(chat, own).resolve(""), locale),
        }
        text = "\n".join(f"- **{t(locale, f'settings-{key}')}** {value}" for key, value in rows.items())
        other = "cost off" if shows else "cost on"
        mark, label = _mark(turn.person.id), t(locale, f"settings-{other.replace(' ', '-')}")
        actions = (
            *(Action(one, mark, t(locale, f"settings-{one}")) for one in ("model", "persona")),
            Action(other, mark, label, here=True),
        )
        await say(
            turn, reply, text=text, choices=_picker(turn, _languages(locale, own.language)), actions=actions
        )

    async def forget(self, turn: Turn, reply: Reply) -> None:
        """Asks whether to erase what is held about the person."""
        locale = turn.person.locale
        yes = Action("forget yes", _mark(turn.person.id), t(locale, "forget-yes"), danger=True, here=True)
        await say(turn, reply, note=t(locale, "forget-ask"), actions=(yes,))

    async def forget_yes(self, turn: Turn, reply: Reply) -> None:
        """Erases what is held about the person, and says how much that was."""
        _check_own(turn)
        gone = await self.erasure.forget(turn.person.id)
        locale, counts = turn.person.locale, asdict(gone)
        what = [t(locale, f"forgotten-{name}", count=count) for name, count in counts.items() if count]
        key = "memory-forgotten" if what else "memory-nothing"
        await say(turn, reply, note=t(locale, key, what=", ".join(what)))

    async def link(self, turn: Turn, reply: Reply) -> None:
        """Without a code, shows one to type in another account; with one, gives both accounts one purse; `off`
        separates them. A code is shown in private only: the account that types it shares the purse."""
        locale = turn.person.locale
        code = turn.option_or_text("code")
        if not code and not (turn.private or reply.surface.private):
            raise Refused("link-in-private")
        if not code:
            made = await self.spend.purses.code(turn.person.id)
            await say(turn, reply, text=t(locale, "link-code", code=made))
        elif code.lower() == OFF:
            parted = await self.spend.purses.unlink(turn.person.id)
            await say(turn, reply, note=t(locale, "link-off" if parted else "link-none"))
        else:
            await self.spend.purses.link(code, turn.person.id)
            await say(turn, reply, note=t(locale, "link-done"))

    async def delete(self, turn: Turn, reply: Reply) -> None:
        """Deletes the message of the person's own answer or picture; moderators may delete any. The platform
        may still know whose it is after that was forgotten here."""
        ref = turn.arg("ref")
        exchange = await self.memory.find_exchange(turn.room, ref)
        order = None if exchange else await self.orders.find(ref)
        owner = exchange.question.person if exchange else order.person if order else ""
        is_own = turn.asker or turn.alone or turn.may_act_for(owner, order.chat if order else turn.chat)
        if not is_own:
            raise NotAllowed("not-yours") if owner else Refused("not-found")
        answer = Answer(Phase.DONE, remove=True, private=True, ref=ref)
        await present(reply, answer, locale=turn.person.locale)

    async def _chart(self, turn: Turn, reply: Reply) -> tuple[Picture, ...]:
        """A chart of the last 30 days, where anything was spent and the chat can show pictures. People who ask
        often get the text alone."""
        if not reply.surface.pictures:
            return ()
        try:
            await self.ratelimit.attempt(f"chart:{turn.person.id}", _CHARTS, _CHART_EVERY_S)
        except Busy:
            return ()
        days, locale = await self.spend.ledger.days(turn.person.id, 30), turn.person.locale
        if not any(nanos for _, nanos in days):
            return ()
        drawn = await chart_png(days, locale)
        return (Picture(drawn, "image/png", "usage.png", chart_words(days, locale)),)

    def _period(self, locale: str, key: str, period: Period) -> str:
        resets = clock(datetime.fromtimestamp(period.resets_at, self.settings.zone), locale)
        if period.cap_nanos is None:
            return t(locale, "usage-line-open", name=t(locale, key), used=money(period.used_nanos, locale))
        share = min(1.0, period.used_nanos / period.cap_nanos) if period.cap_nanos else 1.0
        full = round(share * _BAR)
        return t(
            locale,
            "usage-line",
            name=t(locale, key),
            used=money(period.used_nanos, locale),
            cap=money(period.cap_nanos, locale),
            bar="█" * full + "░" * (_BAR - full),
            resets=resets,
        )


def _is_word(text: str) -> bool:
    """Whether it is a name rather than instructions. Where letters have no capitals, a sentence may have no
    blanks either."""
    return len(text.split()) == 1 and len(text.encode()) <= PERSONA_BYTES and text.lower() != text.upper()


def _with_words(persona: Choice, prompt: str) -> Choice:
    """A person's own is described by what they wrote."""
    if persona.value != OWN:
        return persona
    return replace(persona, detail=shorten(" ".join(prompt.split()), _MOST_DETAIL))


def _named(change: str, locale: str) -> tuple[str, str]:
    """The setting that the words begin with, and the rest. A setting goes by its own name, by the name that is
    shown, or by the first word of that. Of others the first word is taken."""
    for setting in _TYPED:
        shown = t(locale, f"settings-{setting}").casefold()
        for name in (shown, shown.split()[0], setting):
            if f"{change} ".startswith(f"{name} "):
                return setting, change[len(name) :].strip()
    name, _, rest = change.partition(" ")
    return name, rest.strip()


def _switches(locale: str) -> Mapping[str, bool]:
    own = {t(locale, "settings-on").casefold(): True, t(locale, "settings-off").casefold(): False}
    return own | dict.fromkeys(YES, True) | dict.fromkeys(NO, False)


def _languages(locale: str, chosen: str) -> tuple[Choice, ...]:
    """Every language by its own name, and the choice to have none."""
    auto = Choice("settings", f"language {models.AUTO}", t(locale, "language-auto"), chosen=not chosen)
    known = [
        Choice("settings", f"language {name}", own_name(name), chosen=name == pick(chosen) and bool(chosen))
        for name in locales()
    ]
    return auto, *known


def _language(value: str) -> str:
    """A language by its code or its own name; "" where the platform's is to be taken. Raises BadInput."""
    if value == models.AUTO:
        return ""
    by_own_name = {own_name(name).casefold(): name for name in locales()}
    found = by_own_name.get(value) or find_language(value)
    if found is None:
        known = ", ".join(f"{name} ({own_name(name)})" for name in locales())
        raise BadInput("unknown-choice", option="language", value=value[:20], known=known)
    return found


def _picker(turn: Turn, choices: tuple[Choice, ...]) -> tuple[Choice, ...]:
    """Choices that say for whom they are: where a picker cannot be private, others see it, too."""
    return tuple(replace(choice, ref=_mark(turn.person.id)) for choice in choices)


def _check_picker(turn: Turn) -> None:
    """Raises NotAllowed where somebody else's picker was pressed."""
    if turn.arg("value"):
        _check_own(turn)


def _check_own(turn: Turn) -> None:
    """Raises NotAllowed where it was somebody else's that was pressed."""
    if turn.arg("ref") not in ("", _mark(turn.person.id)):
        raise NotAllowed("not-yours")


def _mark(person: str) -> str:
    """A fingerprint of a person's id, in characters that a button takes on every platform."""
    return sha256(person.encode()).hexdigest()[:12]

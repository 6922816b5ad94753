"""Use cases of operators in a chat (/admin). Every change is written to the trail."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace

from core import models, personas
from core.answer import Choice, Reply
from core.commands import Verb
from core.draft import say
from core.errors import BadInput
from core.money.caps import Override, parse_change, parse_credit, shown
from core.names import is_name, parse_label, parse_name, parse_person, plain
from core.operator.control import Control
from core.orders.line import Line
from core.preferences import OFF
from core.running import Running
from core.spend import EVERYBODY, Payer, Spend
from core.store import Store
from core.turn import Turn
from core.words import money, money_left, t


@dataclass(kw_only=True)
class Admin:
    """The verbs of /admin. That the asker is an admin is checked before they are called."""

    store: Store
    control: Control
    spend: Spend
    running: Running
    line: Line

    def verbs(self) -> Mapping[str, Verb]:
        return {
            "admin caps": self.caps,
            "admin grant": self.grant,
            "admin refund": self.refund,
            "admin allow": self.allow,
            "admin deny": self.deny,
            "admin block": self.block,
            "admin persona": self.persona,
            "admin model": self.model,
            "admin announce": self.announce,
            "admin status": self.status,
        }

    async def caps(self, turn: Turn, reply: Reply) -> None:
        """Shows every cap in force; with NAME, those of one account and what it has spent; with `NAME daily
        0.50`, changes one."""
        turn = _of_author(turn)
        change, locale = turn.option_or_text("change"), turn.person.locale
        if len(change.split()) == 1:
            await say(turn, reply, await self._account(parse_name(change, turn.platform), turn))
            return
        if change:
            await self.spend.caps.set(parse_change(change, turn.platform), turn.person.id)
        found = await self.spend.caps.show()
        rows = [(one.title(locale), shown(one.day, locale), shown(one.month, locale)) for one in found]
        await say(turn, reply, _caps_table(locale, rows))

    async def _account(self, name: str, turn: Turn) -> str:
        """The caps of a name and what counts against them; of a person also those of their roles, where the
        platform tells them. A role itself spends nothing."""
        kind, _, payer = name.partition(":")
        locale, labels = turn.person.locale, turn.named.get(payer, frozenset())
        if kind == "role":
            found = {one.name: one for one in await self.spend.caps.show()}
            one = found.get(name, Override(name))
            return _caps_table(locale, [(one.plain, shown(one.day, locale), shown(one.month, locale))])
        summary = await self.spend.summary(Payer(payer, "", labels) if kind == "person" else Payer("", payer))
        day, month = summary.of(kind)
        rows = [
            (plain(name), shown(day.cap_nanos, locale), shown(month.cap_nanos, locale)),
            (t(locale, "operator-spent"), money(day.used_nanos, locale), money(month.used_nanos, locale)),
        ]
        credit = summary.credit_nanos
        more = t(locale, "usage-credit", credit=money_left(credit, locale)) if credit else ""
        return "\n\n".join(filter(None, (_caps_table(locale, rows), more)))

    async def grant(self, turn: Turn, reply: Reply) -> None:
        """Extra credit for a person: `WHO DOLLARS`."""
        who, dollars = _name_and_rest(_of_author(turn), "who", "dollars")
        if not who or len(dollars.split()) != 1:
            raise BadInput("credit-change", platform=turn.platform)
        who = parse_person(who, turn.platform)
        credit = await self.spend.purses.grant(who, parse_credit(dollars), turn.person.id, turn.id)
        locale = turn.person.locale
        await say(turn, reply, t(locale, "admin-granted", who=who, credit=money(credit, locale)))

    async def refund(self, turn: Turn, reply: Reply) -> None:
        """Gives back what one request cost, by its id in the ledger."""
        request = turn.option_or_text("request")
        if not request:
            raise BadInput("refund-which")
        given = await self.spend.purses.refund(request, turn.person.id)
        await say(turn, reply, t(turn.person.locale, "admin-refunded", amount=money(given, turn.person.locale)))

    async def allow(self, turn: Turn, reply: Reply) -> None:
        """Lets somebody in: a name as in ALLOW."""
        who = parse_label(_of_author(turn).option_or_text("who"), turn.platform)
        await self.control.allow(who, turn.person.id)
        await say(turn, reply, t(turn.person.locale, "admin-allowed", who=plain(who)))

    async def deny(self, turn: Turn, reply: Reply) -> None:
        """Keeps somebody out: a name as in DENY."""
        who = parse_label(_of_author(turn).option_or_text("who"), turn.platform)
        await self.control.deny(who, turn.person.id)
        await say(turn, reply, t(turn.person.locale, "admin-denied", who=plain(who)))

    async def block(self, turn: Turn, reply: Reply) -> None:
        """What no image prompt may say. Alone it shows that; `WORDS, MORE WORDS` adds to it, `off WORDS` takes
        them back."""
        words, locale = turn.option_or_text("words"), turn.person.locale
        first, *rest = words.split(maxsplit=1) or [""]
        if first.lower() == OFF:
            await self.control.unblock("".join(rest), turn.person.id)
        else:
            await self.control.block(words, turn.person.id)
        lines = [f"- {line}" for line in await self.control.policy.blocked()]
        await say(
            turn, reply, "\n".join([t(locale, "admin-blocked" if lines else "admin-nothing-blocked"), *lines])
        )

    async def persona(self, turn: Turn, reply: Reply) -> None:
        """This chat's persona. Alone it shows the picker; NAME or `off` picks, `NAME PROMPT` makes one of the
        chat's own, `NAME off` removes that."""
        locale, chat = turn.person.locale, turn.chat
        name, prompt = _name_and_rest(turn, "name", "prompt")
        defaults = await self.control.chosen.chat_defaults(chat)
        offer = self.control.chosen.offer(defaults)
        if prompt:
            prompt = "" if prompt.lower() == OFF else prompt
            await self.control.define_persona(chat, name, prompt, turn.person.id)
            await say(
                turn, reply, t(locale, "admin-persona-made" if prompt else "admin-persona-gone", name=name)
            )
        elif name:
            picked = "" if name.lower() == OFF else offer.find_name(name, locale) or name
            await self.control.set_persona(chat, picked, turn.person.id)
            found = offer.find(picked)
            await say(turn, reply, _chosen(locale, "persona", personas.label(found, locale) if found else ""))
        else:
            shown = offer.choices(locale, defaults.persona, turn.command)
            none = Choice(turn.command, OFF, t(locale, "admin-none"), chosen=not defaults.persona)
            await say(turn, reply, t(locale, "admin-persona-pick"), choices=(none, *shown))

    async def model(self, turn: Turn, reply: Reply) -> None:
        """This chat's model: without a name shows the picker; NAME or `off` picks."""
        locale, name = turn.person.locale, turn.option_or_text("value", "name")
        if name:
            picked = "" if name.lower() == OFF else self.control.catalogue.get_chat(name).name
            await self.control.set_model(turn.chat, picked, turn.person.id)
            await say(turn, reply, _chosen(locale, "model", self.control.catalogue.label(picked)))
            return
        now = (await self.control.chosen.chat_defaults(turn.chat)).model
        known = models.choices(locale, now, self.control.catalogue, turn.command)
        none = Choice(turn.command, OFF, t(locale, "admin-none"), chosen=not now)
        await say(turn, reply, t(locale, "admin-model-pick"), choices=(none, *known))

    async def announce(self, turn: Turn, reply: Reply) -> None:
        """A line that everybody reads once, under their next answer; `off` takes it back."""
        text, locale = turn.option_or_text("text"), turn.person.locale
        if text:
            await self.control.announce("" if text.lower() == OFF else text, turn.person.id)
        now = await self.control.announcement.text()
        await say(
            turn, reply, t(locale, "admin-announced", text=now) if now else t(locale, "admin-unannounced")
        )

    async def status(self, turn: Turn, reply: Reply) -> None:
        """How the bot is doing: open answers and orders, the store, everybody's money. Where a command and its
        words are one line, words that are no command of ours come here, too."""
        if wanted := turn.text.split():
            known = ", ".join(verb.partition(" ")[2] for verb in self.verbs())
            raise BadInput("unknown-choice", option="/admin", value=wanted[0][:60], known=known)
        painting, waiting = await self.line.counts()
        summary = await self.spend.summary(EVERYBODY)
        locale = turn.person.locale
        text = t(
            locale,
            "admin-status",
            answers=len(await self.running.everywhere()),
            painting=painting,
            waiting=waiting,
            store=round(await self.store.ping() * 1000, 1),
            today=money(summary.all_day.used_nanos, locale),
            month=money(summary.all_month.used_nanos, locale),
        )
        await say(turn, reply, text)


def _of_author(turn: Turn) -> Turn:
    """A command that names nobody, written as an answer to somebody's message, is about them: where people have
    numbers that nobody sees there is no other way to name them."""
    author, (first, *_) = turn.quote.person if turn.quote else "", (*turn.text.split(), "")
    return replace(turn, text=f"{author} {turn.text}") if author and not is_name(first) else turn


def _name_and_rest(turn: Turn, first: str, second: str) -> tuple[str, str]:
    """The values of two options: given as options, picked, or as the words of one line."""
    name = turn.arg("value") or turn.arg(first)
    if name or turn.arg(second):
        return name.strip(), turn.arg(second).strip()
    name, rest = [*turn.text.strip().split(maxsplit=1), "", ""][:2]
    return name, rest


def _caps_table(locale: str, rows: Iterable[tuple[str, str, str]]) -> str:
    names = tuple(t(locale, key) for key in ("caps-name", "caps-day", "caps-month"))
    first, *others = (f"| {' | '.join(row)} |" for row in (names, *rows))
    return "\n".join([first, "|---|---:|---:|", *others])


def _chosen(locale: str, what: str, name: str) -> str:
    """What a chat has now, or that it has none of its own any more."""
    return t(locale, f"admin-{what}-set", name=name) if name else t(locale, f"admin-{what}-none")

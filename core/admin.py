"""Use cases of those who run the bot, from a chat. What changes money goes to the trail."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

from core.access import Access
from core.answer import Answer, Phase, Reply
from core.caps import Word, parse_change, parse_person
from core.draft import present
from core.errors import BadInput
from core.line import Line
from core.running import Running
from core.settings import Settings, parse_cap
from core.spend import Payer, Spend
from core.store import Store
from core.turn import Turn
from core.words import money, t

Verb = Callable[[Turn, Reply], Awaitable[None]]


@dataclass
class Admin:
    """Who may is checked before these are called."""

    settings: Settings
    store: Store
    access: Access
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
            "admin status": self.status,
        }

    async def caps(self, turn: Turn, reply: Reply) -> None:
        """Every cap in force; with `NAME daily 0.50`, one changed."""
        change = (turn.arg("change") or turn.text).strip()
        if change:
            await self.spend.caps.set(parse_change(change, _platform(turn)), turn.person.id)
        locale = turn.person.locale
        rows = [f"| {one.name} | {_cap(one.day)} | {_cap(one.month)} |" for one in await self.spend.caps.show()]
        names = " | ".join(t(locale, key) for key in ("caps-name", "caps-day", "caps-month"))
        head = f"| {names} |\n|---|---:|---:|"
        await _say(turn, reply, "\n".join([head, *rows]))

    async def grant(self, turn: Turn, reply: Reply) -> None:
        """Extra credit for a person: `WHO DOLLARS`."""
        who, dollars = self._two(turn, "who", "dollars")
        who = parse_person(who, _platform(turn))
        try:
            nanos = parse_cap(dollars.lstrip("$"))
        except ValueError:
            nanos = None
        if not nanos:
            raise BadInput("cap-amount", value=dollars[:60])
        credit = await self.spend.purses.grant(who, nanos, turn.person.id)
        await _say(turn, reply, t(turn.person.locale, "admin-granted", who=who, credit=money(credit)))

    async def refund(self, turn: Turn, reply: Reply) -> None:
        """Gives back what one request cost, by its id in the ledger."""
        request = (turn.arg("request") or turn.text).strip()
        given = await self.spend.purses.refund(request, turn.person.id)
        await _say(turn, reply, t(turn.person.locale, "admin-refunded", amount=money(given)))

    async def allow(self, turn: Turn, reply: Reply) -> None:
        who = self._who(turn)
        await self.access.allow(who)
        await _say(turn, reply, t(turn.person.locale, "admin-allowed", who=who))

    async def deny(self, turn: Turn, reply: Reply) -> None:
        who = self._who(turn)
        await self.access.deny(who)
        await _say(turn, reply, t(turn.person.locale, "admin-denied", who=who))

    async def status(self, turn: Turn, reply: Reply) -> None:
        """How the bot is doing: open answers and orders, the store, everybody's money."""
        painting, waiting = await self.line.counts()
        summary = await self.spend.summary(Payer(turn.person.id, turn.chat, turn.labels))
        text = t(
            turn.person.locale,
            "admin-status",
            answers=len(await self.running.everywhere()),
            painting=painting,
            waiting=waiting,
            store=round(await self.store.ping() * 1000, 1),
            today=money(summary.all_day.used_nanos),
            month=money(summary.all_month.used_nanos),
        )
        await _say(turn, reply, text)

    def _who(self, turn: Turn) -> str:
        who = (turn.arg("who") or turn.text).strip()
        if who.count(":") < 1 or len(who) > 100 or any(part == "" for part in who.split(":")):
            raise BadInput("cap-name", name=who[:60])
        return who if who.count(":") > 1 or who.startswith(_platform(turn)) else f"{_platform(turn)}:{who}"

    def _two(self, turn: Turn, first: str, second: str) -> tuple[str, str]:
        if turn.arg(first) and turn.arg(second):
            return turn.arg(first), turn.arg(second)
        words = turn.text.split()
        if len(words) != 2:
            raise BadInput("cap-change")
        return words[0], words[1]


def _platform(turn: Turn) -> str:
    return turn.person.id.partition(":")[0]


def _cap(value: int | Word | None) -> str:
    if isinstance(value, Word):
        return "–"
    return "off" if value is None else money(value)


async def _say(turn: Turn, reply: Reply, text: str) -> None:
    await present(reply, Answer(Phase.DONE, text=text, private=True), locale=turn.person.locale)

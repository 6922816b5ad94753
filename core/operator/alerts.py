"""Alerts operators to what only they can fix: in the log, and each of ADMINS in a private message.

The same alert is not repeated within its quiet time, by any process. It waits in the store until a process
that serves the admin's platform sends it; where the store itself is away, by the process that noticed it. An
admin's address is their name: reopened, it is the private chat with them.

Every failure that a person is told of passes here once, so this is where they are counted, too.
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import msgspec
import structlog

from core import metrics
from core.answer import Answer, Phase
from core.chosen import Chosen
from core.draft import Draft
from core.environment import shell_language
from core.errors import BadKey, BotError, Gone, OverBudget, Refused, StoreError
from core.money.summary import Period
from core.operator.troubles import Troubles
from core.reopens import Reopens
from core.settings import Settings
from core.spend import EVERYBODY, Spend
from core.store import Store, find_weakness, load_script
from core.words import money, pick, t

log = structlog.get_logger(__name__)

_QUIET_S = 600.0
_LONG_QUIET_S = 6 * 3600.0  # what may well stay so for a while
_DAY_S = 86_400.0
_LOOK_S = 60.0
_NEAR = 90  # percent of a cap of everybody
_SEND_PATIENCE_S = 10.0
_AUDIT_LEASE_S = 3600
_KEY_REFUSED, _BALANCE_GONE = "key-refused", "balance-gone"
_MODEL_GONE, _STORE_AWAY = "model-gone", "store-away"
_IN_THE_WAY = (_KEY_REFUSED, _BALANCE_GONE, _MODEL_GONE, _STORE_AWAY)
_MOST_WAITING = 100
_Facts = dict[str, str | int]

_RAISE = load_script("alert_raise")


class _Alert(msgspec.Struct, frozen=True):
    """`name` leads to the words (`alert-NAME`); `mark` tells apart what must not silence one another."""

    name: str
    facts: _Facts
    quiet_s: float = _QUIET_S
    mark: str = ""


@dataclass(kw_only=True)
class Alerts:
    """One log event of level error, and one private message to each admin, per alert and quiet time."""

    store: Store
    settings: Settings
    spend: Spend
    chosen: Chosen
    reopens: Reopens
    troubles: Troubles
    clock: Callable[[], float]

    def __post_init__(self) -> None:
        self._quiet: dict[str, tuple[float, float]] = {}  # from when, until when
        self._raised: list[_Alert] = []
        self._looked_at = float("-inf")

    def notice(self, error: BotError) -> None:
        """To be called with every error that a person sees. Counts it, and raises an alert where only the
        operator can fix it, to be sent by the next `tick`. Returns at once."""
        self.troubles.count(error)
        metrics.failed(error)
        if isinstance(error, BadKey):
            name = _BALANCE_GONE if error.is_balance else _KEY_REFUSED
            self._raise(_Alert(name, {"cause": error.cause}))
        elif isinstance(error, StoreError):
            self._raise(_Alert(_STORE_AWAY, {"cause": error.cause}))
        elif isinstance(error, OverBudget) and error.data["scope"] == "all" and error.data["renews"] != "soon":
            period = str(error.data.get("period", ""))
            self._raise(_Alert("cap-used", {"period": period}, _LONG_QUIET_S, mark=period))
        elif error.message_key == "no-model":
            model = str(error.data.get("model", ""))
            self._raise(_Alert(_MODEL_GONE, {"model": model, "cause": error.cause}, _LONG_QUIET_S, mark=model))

    async def tick(self) -> None:
        """Looks for what no request meets, and sends what there is to tell; to be called every few seconds.
        Raises nothing: that the store is away is told without it."""
        try:
            if not 0 <= self.clock() - self._looked_at < _LOOK_S:
                self._looked_at = self.clock()
                await self._look()
            await self.publish()
            await self._send_waiting()
        except StoreError as error:
            self.notice(error)
            while self._raised:
                await self._send(self._raised.pop(0), self.reopens)

    async def publish(self) -> None:
        """Puts the alerts raised here into the store, for processes that serve the admins' platforms. Raises
        StoreError."""
        while self.spend.overruns:
            request, held, spent = self.spend.overruns.popleft()
            facts: _Facts = {"request": request, "held_nanos": held, "spent_nanos": spent}
            self._raise(_Alert("overrun", facts))
        while self._raised:
            await self._publish(self._raised[0])
            self._raised.pop(0)

    def find_trouble(self, locale: str) -> str:
        """For an operator who asked themselves: what they can mend of what was in the way; "" where that was
        something else, or it is published already."""
        found = (alert for alert in self._raised if alert.name in _IN_THE_WAY)
        return next((_sentence(alert, locale) for alert in found), "")

    def _raise(self, alert: _Alert) -> None:
        name, now = f"{alert.name}:{alert.mark}", self.clock()
        since, until = self._quiet.get(name, (now, now))
        if since <= now < until:  # not before it: the clock was set back
            return
        self._quiet[name] = now, now + alert.quiet_s
        log.error(f"alert.{alert.name.replace('-', '_')}", **alert.facts)
        self._raised.append(alert)

    async def _publish(self, alert: _Alert) -> None:
        platforms = {admin.partition(":")[0] for admin in self.settings.admins}
        keys = [_key("quiet", alert.name, alert.mark), *(_key("to", platform) for platform in platforms)]
        quiet_s, written = max(1, int(alert.quiet_s)), msgspec.json.encode(alert)
        await self.store.run(_RAISE, keys, [quiet_s, written, int(_DAY_S), _MOST_WAITING])

    async def _send_waiting(self) -> None:
        for platform in list(self.reopens):
            while True:
                with self.store.guard():
                    waiting = await self.store.redis.lpop(_key("to", platform))
                if waiting is None:
                    break
                if not await self._send(msgspec.json.decode(waiting, type=_Alert), [platform]):
                    with self.store.guard():  # told with the next tick, as long as it is news
                        await self.store.redis.lpush(_key("to", platform), waiting)
                        await self.store.redis.expire(_key("to", platform), int(_DAY_S))
                    break

    async def _send(self, alert: _Alert, platforms: Collection[str]) -> bool:
        """False where there were admins to tell, and it reached none of them."""
        admins = [admin for admin in self.settings.admins if admin.partition(":")[0] in platforms]
        return any([await self._tell(admin, alert) for admin in admins]) or not admins

    async def _tell(self, admin: str, alert: _Alert) -> bool:
        """False where a later try may be better."""
        locale = await self._locale_of(admin)
        note = _sentence(alert, locale)
        try:
            reply = await self.reopens.reopen(admin)
            async with Draft(reply, locale=locale, patience=_SEND_PATIENCE_S) as draft:
                is_told = await draft.finish(Answer(Phase.DONE, note=note, alert=True, private=True))
                is_over = is_told or draft.is_hopeless
        except BotError as error:
            is_told, is_over = False, isinstance(error, Gone)
            log.warning("alert.not_told", admin=admin, alert=alert.name, cause=error.cause)
        log.info("alert.told", admin=admin, alert=alert.name, is_told=is_told)
        return is_over

    async def _locale_of(self, admin: str) -> str:
        """The language that the admin chose, else that of the shell in which the bot runs."""
        try:
            chosen = await self.chosen.language_of(admin)
        except StoreError:
            chosen = ""
        return chosen or pick(shell_language())

    # --- what no request meets -----------------------------------------------

    async def _look(self) -> None:
        if weakness := await find_weakness(self.store):
            self._raise(_Alert("store-not-durable", {"why": weakness}, _DAY_S, mark=weakness))
        summary = await self.spend.summary(EVERYBODY)
        for name, period in (("day", summary.all_day), ("month", summary.all_month)):
            if period.cap_nanos and period.used_nanos * 100 >= period.cap_nanos * _NEAR:
                self._raise(self._near(name, period))
        await self._audit()

    def _near(self, name: str, period: Period) -> _Alert:
        """Once for each cap: a cap that was raised meanwhile may be near again."""
        cap = period.cap_nanos or 0
        facts: _Facts = {"percent": period.used_nanos * 100 // cap, "period": name, "cap_nanos": cap}
        return _Alert("cap-near", facts, period.resets_at - self.clock(), mark=f"{name}:{cap}")

    async def _audit(self) -> None:
        """Once a day, by one process: it reads the whole ledger."""
        mark, redis = _key("audited"), self.store.redis
        with self.store.guard():
            if not await redis.set(mark, 1, nx=True, ex=_AUDIT_LEASE_S):
                return
        try:
            differences = await self.spend.ledger.audit()
        except Refused as error:  # by another process, each time: it is tried again once the lease is over
            log.info("alert.not_audited", reason=error.message_key)
            return
        with self.store.guard():
            await redis.set(mark, 1, ex=int(_DAY_S))
        if differences:
            self._raise(_Alert("books-differ", {"count": len(differences)}, _DAY_S))


def _sentence(alert: _Alert, locale: str) -> str:
    """With amounts as the one who is told writes them: `cap_nanos` becomes the variable `cap`."""
    shown = {
        name.removesuffix("_nanos"): money(int(value), locale) if name.endswith("_nanos") else value
        for name, value in alert.facts.items()
    }
    return t(locale, f"alert-{alert.name}", **shown)


def _key(*parts: str) -> str:
    return ":".join(("{alerts}", *parts))

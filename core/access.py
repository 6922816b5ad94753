"""Who may do what, where: the operator's lists, and what admins change at runtime. A denial always wins."""

from collections.abc import Callable
from dataclasses import replace

from core.cached import Cached
from core.commands import BY_NAME
from core.errors import NotAllowed
from core.names import labels_of, plain
from core.settings import Settings
from core.store import Store
from core.turn import Turn

_ALLOWED, DENIED = "{access}:allow", "{access}:deny"  # sets of labels that admins changed; they have no TTL
_Lists = tuple[frozenset[str], frozenset[str]]


class Access:
    """Answers whether a turn may go on. Lists of the settings hold always; admins can add to them."""

    def __init__(self, store: Store, settings: Settings, clock: Callable[[], float]) -> None:
        self.store, self.settings = store, settings
        self.always_allowed, self.always_denied = settings.allow, settings.deny
        self._lists = Cached(self._read, clock)

    async def admit(self, turn: Turn) -> Turn:
        """The turn as it may go on: who runs the bot moderates every chat. Raises NotAllowed; StoreError where
        the lists cannot be read."""
        if self.is_admin(turn):
            return replace(turn, person=replace(turn.person, is_moderator=True))
        command = BY_NAME.get(turn.command)
        if command and command.always:
            return turn
        allowed, denied = await self._lists.get()
        labels = turn.labels | {turn.person.id, turn.chat}
        is_denied = not labels.isdisjoint(denied | {*self.always_denied})
        if is_denied or (self.always_allowed and labels.isdisjoint(allowed | {*self.always_allowed})):
            raise NotAllowed
        return turn

    def is_admin(self, turn: Turn) -> bool:
        """Whether the asker runs this bot (ADMINS)."""
        return turn.person.id in self.settings.admins

    def check_admin(self, turn: Turn) -> None:
        """Raises NotAllowed("not-admin")."""
        if not self.is_admin(turn):
            raise NotAllowed("not-admin")

    async def allow(self, label: str) -> None:
        """Lets `label` (a name as in ALLOW) in from now on, in every process; lifts a denial."""
        await self._move(label, DENIED, _ALLOWED)

    async def deny(self, label: str) -> None:
        """Keeps `label` out from now on, in every process."""
        await self._move(label, _ALLOWED, DENIED)

    async def lists(self) -> tuple[tuple[str, ...], tuple[str, ...]]:
        """What admins added: allowed and denied labels, sorted."""
        allowed, denied = await self._lists.get()
        return tuple(sorted(allowed)), tuple(sorted(denied))

    def reload(self, settings: Settings) -> None:
        """ALLOW and DENY are those of `settings` from now on."""
        self.always_allowed, self.always_denied = settings.allow, settings.deny

    async def _move(self, label: str, source: str, target: str) -> None:
        names = labels_of(plain(label))  # a person has two, and is let in or kept out by either
        with self.store.guard():
            async with self.store.redis.pipeline(transaction=True) as pipe:
                pipe.srem(source, *names)
                pipe.srem(target, *names)
                pipe.sadd(target, label)
                await pipe.execute()
        self._lists.invalidate()

    async def _read(self) -> _Lists:
        with self.store.guard():  # not in one transaction: on a cluster the client's cannot read sets
            allowed = await self.store.redis.smembers(_ALLOWED)
            denied = await self.store.redis.smembers(DENIED)
        return frozenset(map(bytes.decode, allowed)), frozenset(map(bytes.decode, denied))

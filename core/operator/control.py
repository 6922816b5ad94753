"""Everything that operators can change while the bot runs: used by /admin and by the operator pages.

Every change has its line in the trail. The caller checks who may; `by` says who it was. All raise
BadInput where the change makes no sense and StoreError. Money is changed by `spend.caps` and `spend.purses`.
"""

from contextlib import suppress
from dataclasses import dataclass

from core.access import Access
from core.catalogue import Catalogue
from core.chosen import ChatSetting, Chosen
from core.commands import ANNOUNCEMENT_LENGTH, BLOCKED_LENGTH
from core.errors import BadInput
from core.money.trail import Trail
from core.names import labels_of, plain
from core.operator.announcement import Announcement
from core.policy import MOST_WORDS, Policy, parse_entries
from core.preferences import check_persona


@dataclass(frozen=True, kw_only=True)
class Control:
    """The operator's switches."""

    catalogue: Catalogue
    chosen: Chosen
    access: Access
    policy: Policy
    announcement: Announcement
    trail: Trail

    async def allow(self, label: str, by: str) -> None:
        """Lifts a denial, and where ALLOW names somebody lets `label` in, too."""
        if {*labels_of(plain(label))} & {*self.access.always_denied}:
            raise BadInput("admin-in-settings", who=label)
        await self.trail.note(by, "allow", label)
        await self.access.allow(label)

    async def deny(self, label: str, by: str) -> None:
        """A denial wins over everything but being an admin. Raises BadInput of one."""
        if (who := plain(label)) in self.access.settings.admins:
            raise BadInput("deny-admin", who=who)
        await self.trail.note(by, "deny", label)
        await self.access.deny(label)

    async def block(self, words: str, by: str) -> None:
        """Blocks words for image prompts, as `parse_entries` reads them. Raises BadInput: "too-long",
        "too-many-blocked"."""
        known = {entry.casefold() for entry in await self.policy.blocked()}
        fresh = [entry for entry in parse_entries(words) if entry.casefold() not in known]
        for entry in fresh:
            _check_length(entry, "words", BLOCKED_LENGTH)
        if fresh and len(known) + len(fresh) > MOST_WORDS:
            raise BadInput("too-many-blocked", most=MOST_WORDS)
        for entry in fresh:
            await self.trail.note(by, "block", value=entry)
            await self.policy.block(entry)

    async def unblock(self, words: str, by: str) -> None:
        """Takes back entries that were blocked, in any case. Raises BadInput("not-blocked")."""
        known = {entry.casefold(): entry for entry in await self.policy.blocked()}
        wanted = parse_entries(words)
        for entry in wanted:
            if entry.casefold() not in known:
                raise BadInput("not-blocked", words=entry[:60])
        for entry in wanted:
            await self.trail.note(by, "unblock", value=known[entry.casefold()])
            await self.policy.unblock(known[entry.casefold()])

    async def set_model(self, chat: str, name: str, by: str) -> None:
        """Sets the model of people who chose none in this chat; "" takes it back."""
        if name:
            self.catalogue.get_chat(name)
        await self._prefer(chat, "model", name, by)

    async def set_persona(self, chat: str, name: str, by: str) -> None:
        """Sets the persona of people who chose none in this chat; "" takes it back. Raises
        BadInput("unknown-persona")."""
        if name:
            offer = self.chosen.offer(await self.chosen.chat_defaults(chat))
            if offer.find(name) is None:
                raise offer.refusal(name)
        await self._prefer(chat, "persona", name, by)

    async def define_persona(self, chat: str, name: str, prompt: str, by: str) -> None:
        """A chat's own persona; "" removes it. Raises BadInput: "persona-name", "prompt-too-long",
        "too-many-personas"."""
        check_persona(await self.chosen.chat_defaults(chat), name, prompt)
        what = "persona defined" if prompt else "persona removed"  # not for people: names of changes
        await self.trail.note(by, what, chat, name)
        await self.chosen.set_chat_persona(chat, name, prompt)

    async def announce(self, text: str, by: str) -> None:
        """Everybody reads it once, under their next answer; "" takes it back. Raises BadInput("too-long")."""
        _check_length(text, "text", ANNOUNCEMENT_LENGTH)
        await self.trail.note(by, "announce", value=text)
        await self.announcement.announce(text)

    async def copy(self, chat: str, to: str) -> None:
        """Copies from one chat to another: whether it is let in (by the settings, too), its defaults, and its
        personas as far as there is room for them. Whatever `to` had is overwritten."""
        allowed, denied = await self.access.lists()
        if chat in {*denied, *self.access.always_denied}:
            await self.deny(to, by=chat)
        elif chat in {*allowed, *self.access.always_allowed} and to not in self.access.always_denied:
            await self.allow(to, by=chat)
        defaults = await self.chosen.chat_defaults(chat)
        for name, prompt in defaults.personas.items():
            with suppress(BadInput):
                await self.define_persona(to, name, prompt, by=chat)
        if defaults.model:
            await self._prefer(to, "model", defaults.model, by=chat)
        if defaults.persona:
            await self._prefer(to, "persona", defaults.persona, by=chat)

    async def _prefer(self, chat: str, kind: ChatSetting, name: str, by: str) -> None:
        await self.trail.note(by, kind, chat, name)
        await self.chosen.prefer_for_chat(chat, kind, name)


def _check_length(text: str, option: str, most: int) -> None:
    if len(text) > most:
        raise BadInput("too-long", option=option, most=most)

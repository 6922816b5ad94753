"""Use case: the panel on which people pick how a picture is painted, where commands have no options.

The panel is a message with buttons; what was picked so far is kept in the store. Nothing is paid before *Paint*
is pressed, and that counts once, however often it is pressed.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import msgspec

from core.answer import Action, Answer, Choice, Phase, Reply, new_ref
from core.catalogue import Catalogue
from core.commands import COUNTS, SHAPES, STEPS, Verb
from core.draft import present
from core.errors import NotAllowed, Refused, StoreError
from core.kept import Kept
from core.markdown.blocks import fenced
from core.orders.order import Wish
from core.turn import Turn
from core.words import money, t

_STYLES: Mapping[str, float] = {"free": 1.0, "loose": 2.0, "close": 4.0, "strict": 6.0}  # names of `cfg`
_PARTS = ("shape", "model", "steps", "style", "count")


class _Panel(msgspec.Struct, frozen=True):
    """Whose panel it is, in which chat, and what was picked on it so far."""

    person: str
    wish: Wish
    chat: str
    has_picture: bool = False  # the prompt came with one, which is not used
    is_quoted: bool = False  # the prompt stands in what was pointed at


@dataclass(frozen=True, kw_only=True)
class Easel:
    """The verbs of the panel. `place` places an order."""

    catalogue: Catalogue
    kept: Kept
    place: Callable[[Turn, Reply, Wish], Awaitable[None]]

    def verbs(self) -> Mapping[str, Verb]:
        return {"easel": self.pick, "paint": self.paint}

    async def open(self, turn: Turn, reply: Reply, wish: Wish, *, has_picture: bool) -> None:
        """Shows a new panel."""
        is_quoted = wish.prompt not in turn.text
        panel, ref = _Panel(turn.person.id, wish, turn.chat, has_picture, is_quoted), new_ref()
        await self.kept.keep(_write(panel), _name(ref))
        await self._show(turn, reply, panel, ref)

    async def pick(self, turn: Turn, reply: Reply) -> None:
        """args["value"]: "shape" opens the list of shapes, "shape=wide" picks one, "" goes back."""
        ref, (part, _, value) = turn.arg("ref"), turn.arg("value").partition("=")
        panel = await self._get_own_panel(turn, ref)
        if value:
            panel = msgspec.structs.replace(panel, wish=self._with(panel.wish, part, value))
            if not await self.kept.change(_write(panel), _name(ref)):  # it was painted just now
                raise Refused("easel-over")
        if part in _PARTS and not value:
            await self._show_list(turn, reply, panel, ref, part)
        else:
            await self._show(turn, reply, panel, ref)

    async def paint(self, turn: Turn, reply: Reply) -> None:
        """Orders the picture. Whatever is refused leaves the panel as it was."""
        ref = turn.arg("ref")
        await self._get_own_panel(turn, ref)
        taken = await self.kept.take(_name(ref))
        if taken is None:
            raise Refused("easel-over")
        try:
            await self.place(turn, reply, _read(taken).wish)
        except (Refused, StoreError):
            await self.kept.keep(taken, _name(ref))
            raise

    async def _get_own_panel(self, turn: Turn, ref: str) -> _Panel:
        """The panel to which a button belongs. Raises Refused("easel-over"), NotAllowed("not-yours")."""
        found = await self.kept.find(_name(ref))
        if found is None:
            raise Refused("easel-over")
        panel = _read(found)
        if not turn.may_act_for(panel.person, panel.chat):
            raise NotAllowed("not-yours")
        return panel

    async def _show(self, turn: Turn, reply: Reply, panel: _Panel, ref: str) -> None:
        locale, wish = turn.person.locale, panel.wish
        price = self.catalogue.get_image(wish.model).price_nanos * wish.count
        paint = Action("paint", ref, t(locale, "easel-paint", price=money(price, locale)), here=True)
        choices = tuple(Choice("easel", part, self._now(locale, wish, part), ref=ref) for part in _PARTS)
        note = t(locale, "easel-note")
        if panel.has_picture:
            note = f"{t(locale, 'easel-words-alone')} {note}"
        text = fenced(wish.prompt) if panel.is_quoted else ""
        shown = Answer(Phase.DONE, text, note=note, choices=choices, actions=(paint,), ref=ref)
        await present(reply, shown, locale=locale)

    async def _show_list(self, turn: Turn, reply: Reply, panel: _Panel, ref: str, part: str) -> None:
        locale, now = turn.person.locale, self._now(turn.person.locale, panel.wish, part)
        hidden = () if turn.adult else {one.name for one in self.catalogue.image.values() if one.adult}
        values = [value for value in self._changes(part) if value not in hidden]
        others = [self._with(panel.wish, part, value) for value in values]
        labels = [self._now(locale, wish, part) for wish in others]
        choices = [
            Choice("easel", f"{part}={value}", label, chosen=label == now, ref=ref)
            for value, label in zip(values, labels, strict=True)
        ]
        back = Choice("easel", "back", t(locale, "easel-back"), ref=ref)
        shown = Answer(Phase.DONE, note=t(locale, f"easel-{part}"), choices=(*choices, back), ref=ref)
        await present(reply, shown, locale=locale)

    def _changes(self, part: str) -> Mapping[str, Mapping[str, object]]:
        """What may be picked of one part, and what each changes in the wish."""
        match part:
            case "shape":
                return {name: {"width": width, "height": height} for name, (width, height) in SHAPES.items()}
            case "model":
                return {name: {"model": name} for name in self.catalogue.image}
            case "steps":
                return {str(steps): {"steps": steps} for steps in STEPS}
            case "style":
                return {name: {"cfg": cfg} for name, cfg in _STYLES.items()}
            case "count":
                return {str(count): {"count": count} for count in COUNTS}
        return {}

    def _with(self, wish: Wish, part: str, value: str) -> Wish:
        """The wish with one thing changed; values come from buttons, others change nothing."""
        return msgspec.structs.replace(wish, **self._changes(part).get(value, {}))

    def _now(self, locale: str, wish: Wish, part: str) -> str:
        """What a button says: what the wish has now for this part."""
        match part:
            case "shape":
                name = next((name for name, size in SHAPES.items() if size == (wish.width, wish.height)), "")
                size = f"{wish.width}×{wish.height}"
                return f"{t(locale, f'shape-{name}')} {size}" if name else size
            case "model":
                return self.catalogue.get_image(wish.model).label
            case "steps":
                return t(locale, "easel-steps-now", steps=wish.steps)
            case "style":
                name = next((name for name, cfg in _STYLES.items() if cfg == wish.cfg), "")
                guidance = f"{t(locale, 'imagine-detail-cfg')} {wish.cfg:g}"
                return t(locale, f"easel-style-{name}") if name else guidance
        return t(locale, "easel-count-now", count=wish.count)


def _name(ref: str) -> str:
    """The name under which a panel is kept. The same store keeps texts that people typed, under names that they
    know, and a press may send any `ref`. So panels have a prefix: no such text may pass for a panel, whose
    prompt was checked."""
    return f"easel:{ref}"


def _write(panel: _Panel) -> str:
    return msgspec.json.encode(panel).decode()


def _read(text: str) -> _Panel:
    return msgspec.json.decode(text, type=_Panel)

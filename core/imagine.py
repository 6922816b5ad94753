"""Use case: prompt to picture. An order is recorded before anything is paid, and outlives the process."""

import re
from collections.abc import Callable, Mapping
from contextlib import suppress
from dataclasses import dataclass

import msgspec
import structlog

from core.answer import Answer, Choice, Phase, Reply, new_ref
from core.catalogue import Catalogue
from core.commands import BY_NAME, NO, PROMPT_LENGTH, SHAPES, SIDE, YES, Verb, parse_args
from core.draft import present, say
from core.errors import BadInput, NotAllowed, Refused, StoreError
from core.jobs import Jobs
from core.kept import Kept
from core.markdown.blocks import fenced
from core.minitool.wire import USUAL
from core.orders.answers import pictures_of
from core.orders.easel import Easel
from core.orders.fulfil import Fulfil
from core.orders.order import Order, OrderPiece, Orders, Overtaken, State, Wish
from core.policy import Policy
from core.ratelimit import Ratelimit
from core.settings import Settings
from core.turn import Quote, Turn, Value
from core.words import money, t

log = structlog.get_logger(__name__)

_PANELS, _PANEL_EVERY_S = 20, 6.0  # each is kept for a day, and most are never paid for

# Telephones make one long dash of two, and their own quotes of straight ones.
_FLAGS = re.compile(r"(?:^|\s)(?:--|[–—])(\w+)(?:[= ]+(?!--|[–—])([\"“„][^\"“”]*[\"“”]|\S+))?")
_COMMAND = re.compile(r"/imagine(?:@\w+)?(?:\s+|$)", re.IGNORECASE)
_SIDES = re.compile(r" *(\d{1,5}) *[x×] *(\d{1,5}) *", re.IGNORECASE)


@dataclass(kw_only=True)
class Imagine:
    """The verbs around made pictures."""

    settings: Settings
    catalogue: Catalogue
    orders: Orders
    jobs: Jobs
    fulfil: Fulfil
    policy: Policy
    ratelimit: Ratelimit
    kept: Kept
    clock: Callable[[], float]

    def __post_init__(self) -> None:
        self.easel = Easel(catalogue=self.catalogue, kept=self.kept, place=self._place)

    def verbs(self) -> Mapping[str, Verb]:
        return {
            "imagine": self.imagine,
            "again": self.again,
            "vary": self.vary,
            "shape": self.shape,
            "details": self.details,
            "file": self.file,
            "cancel": self.cancel,
            **self.easel.verbs(),
        }

    async def imagine(self, turn: Turn, reply: Reply) -> None:
        """Places a new order. Where commands have no options, and nothing but a prompt was given or a picture
        came along, which is not used, the panel is shown first; elsewhere a picture is refused, as its person
        means it to be used. Raises BadInput, NotAllowed; everything later is shown by the order itself."""
        wish = self.parse(turn)
        is_plain = not _split_flags(turn.text)[1] and not turn.args
        has_picture = _has_picture(turn)
        if (is_plain or has_picture) and reply.surface.picks_options:
            await self.policy.check(wish.prompt)
            await self.ratelimit.attempt(f"panel:{turn.person.id}", _PANELS, _PANEL_EVERY_S)
            await self.easel.open(turn, reply, wish, has_picture=has_picture)
        elif has_picture:
            raise BadInput("imagine-words-alone")
        else:
            await self._place(turn, reply, wish)

    async def again(self, turn: Turn, reply: Reply) -> None:
        """Orders the same picture once more, at its own price."""
        await self._place(turn, reply, (await self.get_own_order(turn)).wish)

    async def vary(self, turn: Turn, reply: Reply) -> None:
        """Orders the same picture with another prompt (Turn.text)."""
        wish = (await self.get_own_order(turn)).wish
        prompt = turn.text.strip() or wish.prompt
        if len(prompt) > PROMPT_LENGTH:
            raise BadInput("too-long", option="prompt", most=PROMPT_LENGTH)
        await self._place(turn, reply, msgspec.structs.replace(wish, prompt=prompt))

    async def shape(self, turn: Turn, reply: Reply) -> None:
        """The shapes to pick from; with args["value"], the same picture in that shape."""
        order = await self.get_own_order(turn)
        picked = turn.arg("value")
        if picked in SHAPES:
            width, height = SHAPES[picked]
            await self._place(turn, reply, msgspec.structs.replace(order.wish, width=width, height=height))
            return
        locale = turn.person.locale
        choices = tuple(
            Choice(
                "shape",
                name,
                t(locale, f"shape-{name}"),
                detail=f"{width}×{height}",
                chosen=(width, height) == (order.wish.width, order.wish.height),
                ref=order.ref,
            )
            for name, (width, height) in SHAPES.items()
        )
        price = money(self.catalogue.get_image(order.wish.model).price_nanos * order.wish.count, locale)
        note = t(locale, "imagine-pick-shape", price=price)
        await say(turn, reply, note=note, choices=choices)

    async def details(self, turn: Turn, reply: Reply) -> None:
        """All parameters of an order, so that anybody can repeat it."""
        order = await self._get_order(turn)
        wish, locale = order.wish, turn.person.locale
        rows = {
            "model": wish.model,
            "size": f"{wish.width}×{wish.height}",
            "steps": str(wish.steps),
            "cfg": f"{wish.cfg:g}",
            "scheduler": wish.scheduler,
            "price": f"{wish.count} × {money(order.price_nanos, locale)}",
        }
        lines = [f"**{t(locale, f'imagine-detail-{name}')}** {value}" for name, value in rows.items()]
        quoted = [fenced(wish.prompt)]
        if wish.negative:
            quoted += [f"**{t(locale, 'imagine-detail-negative')}**", fenced(wish.negative)]
        text = "\n\n".join([*quoted, "  \n".join(lines)])
        await present(reply, Answer(Phase.DONE, text=text, private=True, ref=order.ref), locale=locale)

    async def file(self, turn: Turn, reply: Reply) -> None:
        """The pictures untouched, as files, while they are kept."""
        order = await self.get_own_order(turn)
        found = await pictures_of(self.orders, order, as_file=True)
        if not found:
            raise Refused("not-found")
        answer, locale = Answer(Phase.DONE, pictures=found, ref=order.ref), turn.person.locale
        await present(reply, answer, locale=locale, bare=t(locale, "imagine-no-files"))

    async def cancel(self, turn: Turn, reply: Reply) -> None:
        """Free while the order waits in line; once it is on the wire it is paid."""
        order = await self.get_own_order(turn)
        while True:
            states = {piece.state for piece in order.pieces}
            if State.INTENT not in states or not states <= {State.INTENT, State.FAILED}:
                raise Refused("imagine-too-late")
            try:
                await self.orders.save(order.cancelled(self.clock()))
                break
            except Overtaken:  # by the process that drives it; perhaps it was sent
                order = await self.get_own_order(turn)
        locale = turn.person.locale
        answer = Answer(Phase.DONE, note=t(locale, "imagine-cancelled"), private=True, evident=True)
        await present(reply, answer, locale=locale)

    def parse(self, turn: Turn) -> Wish:
        """What the turn wants painted: its own words, else those that it points at. Options may also stand in
        the text, as in `--steps 6`; its own come first."""
        text, flags = _split_flags(turn.text or turn.arg("prompt"))
        if not text:
            text, theirs = _split_flags(_quoted(turn.quote))
            flags = {**theirs, **flags}
        said = _sized({**flags, **turn.args, "prompt": text})
        args = parse_args(BY_NAME["imagine"], said, self.catalogue, adult=turn.adult)
        if "prompt" not in args:
            raise BadInput("empty-prompt")
        width, height = SHAPES.get(str(args.get("size", "")), (USUAL.width, USUAL.height))
        asked = {"model": self.settings.image_model, "width": width, "height": height, **args}
        return msgspec.convert(asked, Wish)  # whose fields are called as the options are

    async def _place(self, turn: Turn, reply: Reply, wish: Wish) -> None:
        model = self.catalogue.get_image(wish.model)
        await self.policy.check(f"{wish.prompt}\n{wish.negative}")
        is_adult = model.adult or await self.policy.is_adult(wish.prompt)
        if is_adult and not turn.adult:
            raise NotAllowed("adult-only" if model.adult else "adult-prompt")
        order = Order(
            ref=await self.orders.ref_for(turn.id, new_ref()),
            person=turn.person.id,
            chat=turn.chat,
            room=turn.room,
            locale=turn.person.locale,
            address=reply.address,
            wish=msgspec.structs.replace(wish, spoiler=wish.spoiler or is_adult or reply.surface.spoilers),
            price_nanos=model.price_nanos,
            made_at=self.clock(),
            pieces=tuple(OrderPiece(f"{turn.id}#{number}") for number in range(wish.count)),
            labels=tuple(sorted(turn.labels)),
            private=turn.private,
            alone=turn.alone,
            adult=turn.adult,
        )
        async with self.ratelimit.admit(turn.person.id):
            try:
                order = await self.fulfil.begin(order, reply)
            except Overtaken:  # the turn was delivered twice: the process that drives the order shows it
                return
            if self.jobs.has(order.platform):
                try:
                    await self.jobs.put(order.platform, order.ref)
                except StoreError as error:  # the order is there, and will be found
                    log.warning("order.not_put", ref=order.ref, cause=error.cause)
                return
        with suppress(StoreError):  # earlier orders can wait; this one goes on
            await self.fulfil.adopt(order.person)
        await self.fulfil.drive_to_end(order.ref)

    async def _get_order(self, turn: Turn) -> Order:
        """The order to which a button belongs. Raises Refused("not-found"), StoreError."""
        order = await self.orders.find(turn.arg("ref"))
        if order is None:
            raise Refused("not-found")
        return order

    async def get_own_order(self, turn: Turn) -> Order:
        """As `_get_order`, for an order that this person may act on: their own, or in a chat that they
        moderate. Raises NotAllowed("not-yours")."""
        order = await self._get_order(turn)
        if not turn.may_act_for(order.person, order.chat):
            raise NotAllowed("not-yours")
        return order


def _has_picture(turn: Turn) -> bool:
    shown = (*turn.attachments, *(turn.quote.attachments if turn.quote else ()))
    return any(one.media_type.startswith("image/") for one in shown)


def _quoted(quote: Quote | None) -> str:
    """The words that a quotation has for a prompt. Under a picture of ours stands its price, too: of our own
    messages only what the person marked in them is meant."""
    if quote is None or (quote.by_bot and not quote.is_part):
        return ""
    text = quote.text.strip()
    command = _COMMAND.match(text)
    return text[command.end() :] if command else text


def _sized(args: Mapping[str, Value]) -> dict[str, Value]:
    """A size may also be said by its sides, as in 512x768. A side that is said by itself comes first. Raises
    BadInput("size-out-of-range")."""
    size = str(args.get("size", ""))
    sides = _SIDES.fullmatch(size)
    if sides and not all(int(side) in SIDE for side in sides.groups()):
        raise BadInput("size-out-of-range", value=size.strip(), low=SIDE[0], high=SIDE[-1])
    others = {name: value for name, value in args.items() if name != "size"}
    return {"width": sides[1], "height": sides[2], **others} if sides else dict(args)


def _split_flags(text: str) -> tuple[str, dict[str, str]]:
    """`a fox --steps 6 --negative "two tails"` to the prompt and its options."""
    known, flags = {option.name: option.kind for option in BY_NAME["imagine"].options}, dict[str, str]()

    def take(match: re.Match[str]) -> str:
        name, value = match[1], match[2] or ""
        if name not in known:
            return match[0]
        if known[name] == "flag" and value.lower() not in YES | NO:  # what follows belongs to the prompt
            flags[name] = "yes"
            return f" {value}"
        flags[name] = value.strip('"“”„') or "yes"
        return " "

    plain = _FLAGS.sub(take, text).strip()
    return re.sub(" {2,}", " ", plain) if flags else plain, flags

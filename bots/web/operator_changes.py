"""What forms of the operator pages change. Each is one use case of core's, under the name "operator".

All raise BadInput, which tells what to type instead, and StoreError.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from core.app import Core
from core.dollars import MAX_CAP_NANOS
from core.money.caps import parse_change, parse_credit
from core.names import parse_label, parse_name, parse_person, plain

_BY = "operator"
Form: TypeAlias = Mapping[str, str]  # a field that was not sent is ""
# The key of the sentence that says so, and its data: int are nanos.
Done: TypeAlias = tuple[str, dict[str, str | int]]


async def _caps(core: Core, form: Form) -> Done:
    """Both caps of a name; an empty field is the settings' cap again."""
    name = form["name"].strip()
    day, month = (form[period].strip().replace(" ", "") or "default" for period in ("day", "month"))
    await core.spend.caps.set(parse_change(f"{name} daily {day} monthly {month}"), _BY)
    return "operator-done-caps", {"name": name}


async def _reset(core: Core, form: Form) -> Done:
    """The settings' caps again."""
    await core.spend.caps.reset(parse_name(form["name"]), _BY)
    return "operator-done-caps", {"name": form["name"]}


async def _grant(core: Core, form: Form) -> Done:
    """Extra credit for a person."""
    who = parse_person(form["name"])
    credit = await core.spend.purses.grant(who, parse_credit(form["dollars"].strip()), _BY, form["once"])
    return "admin-granted", {"who": who, "credit": credit}


async def _take_back(core: Core, form: Form) -> Done:
    """What is left of a person's extra credit."""
    who = parse_person(form["name"])
    credit = await core.spend.purses.grant(who, -MAX_CAP_NANOS, _BY, form["once"])
    return "admin-granted", {"who": who, "credit": credit}


async def _refund(core: Core, form: Form) -> Done:
    """What one request cost."""
    return "admin-refunded", {"amount": await core.spend.purses.refund(form["request"], _BY)}


async def _allow(core: Core, form: Form) -> Done:
    label = parse_label(form["name"])
    await core.control.allow(label, _BY)
    return "admin-allowed", {"who": plain(label)}


async def _deny(core: Core, form: Form) -> Done:
    label = parse_label(form["name"])
    await core.control.deny(label, _BY)
    return "admin-denied", {"who": plain(label)}


async def _block(core: Core, form: Form) -> Done:
    await core.control.block(form["words"], _BY)
    return "operator-done-blocked", {}


async def _unblock(core: Core, form: Form) -> Done:
    await core.control.unblock(form["words"], _BY)
    return "operator-done-blocked", {}


async def _announce(core: Core, form: Form) -> Done:
    text = " ".join(form["text"].split())
    await core.control.announce(text, _BY)
    return ("admin-announced", {"text": text}) if text else ("admin-unannounced", {})


async def _defaults(core: Core, form: Form) -> Done:
    """A chat's own model and persona; "" is none."""
    chat, before = form["name"], await core.memory.chosen.chat_defaults(form["name"])
    if (model := form["model"]) != before.model:
        await core.control.set_model(chat, model, _BY)
    if (persona := form["persona"]) != before.persona:
        await core.control.set_persona(chat, persona, _BY)
    return "operator-done-defaults", {"name": chat}


async def _persona(core: Core, form: Form) -> Done:
    """A persona of a chat's own; an empty prompt removes it."""
    name, prompt = form["persona"].strip(), form["prompt"].strip()
    await core.control.define_persona(form["name"], name, prompt, _BY)
    return ("admin-persona-made" if prompt else "admin-persona-gone"), {"name": name}


CHANGES: Mapping[str, Callable[[Core, Form], Awaitable[Done]]] = {
    "caps": _caps, "reset": _reset, "grant": _grant, "take-back": _take_back, "refund": _refund,
    "allow": _allow, "deny": _deny, "block": _block, "unblock": _unblock, "announce": _announce,
    "defaults": _defaults, "persona": _persona,
}  # fmt: skip

"""What forms of the operator pages change. Each is one use case of core's, under the name "operator".

All raise BadInput, which tells what to type instead, and StoreError.
"""

from collections.abc import Awaitable, Callable, Mapping
from typing import TypeAlias

from core.app import Core
from core.money.caps import parse_change, parse_credit
from core.names import parse_label, parse_name, parse_person, plain
from core.settings import MAX_CAP_NANOS

BY = "operator"
Form: TypeAlias = Mapping[str, str]  # a field that was not sent is ""
# The key of the sentence that says so, and its data: int are nanos.
Done: TypeAlias = tuple[str, dict[str, str | int]]


async def caps(core: Core, form: Form) -> Done:
    """Both caps of a name; an empty field is the settings' cap again."""
    name = form["name"].strip()
    day, month = (form[period].strip().replace(" ", "") or "default" for period in ("day", "month"))
    await core.spend.caps.set(parse_change(f"{name} daily {day} monthly {month}"), BY)
    return "operator-done-caps", {"name": name}


async def reset(core: Core, form: Form) -> Done:
    """The settings' caps again."""
    await core.spend.caps.reset(parse_name(form["name"]), BY)
    return "operator-done-caps", {"name": form["name"]}


async def grant(core: Core, form: Form) -> Done:
    """Extra credit for a person."""
    who = parse_person(form["name"])
    credit = await core.spend.purses.grant(who, parse_credit(form["dollars"].strip()), BY, form["once"])
    return "admin-granted", {"who": who, "credit": credit}


async def take_back(core: Core, form: Form) -> Done:
    """What is left of a person's extra credit."""
    who = parse_person(form["name"])
    credit = await core.spend.purses.grant(who, -MAX_CAP_NANOS, BY, form["once"])
    return "admin-granted", {"who": who, "credit": credit}


async def refund(core: Core, form: Form) -> Done:
    """What one request cost."""
    return "admin-refunded", {"amount": await core.spend.purses.refund(form["request"], BY)}


async def allow(core: Core, form: Form) -> Done:
    label = parse_label(form["name"])
    await core.control.allow(label, BY)
    return "admin-allowed", {"who": plain(label)}


async def deny(core: Core, form: Form) -> Done:
    label = parse_label(form["name"])
    await core.control.deny(label, BY)
    return "admin-denied", {"who": plain(label)}


async def block(core: Core, form: Form) -> Done:
    await core.control.block(form["words"], BY)
    return "operator-done-blocked", {}


async def unblock(core: Core, form: Form) -> Done:
    await core.control.unblock(form["words"], BY)
    return "operator-done-blocked", {}


async def announce(core: Core, form: Form) -> Done:
    text = " ".join(form["text"].split())
    await core.control.announce(text, BY)
    return ("admin-announced", {"text": text}) if text else ("admin-unannounced", {})


async def defaults(core: Core, form: Form) -> Done:
    """A chat's own model and persona; "" is none."""
    chat, before = form["name"], await core.memory.chosen.chat_defaults(form["name"])
    if (model := form["model"]) != before.model:
        await core.control.set_model(chat, model, BY)
    if (persona := form["persona"]) != before.persona:
        await core.control.set_persona(chat, persona, BY)
    return "operator-done-defaults", {"name": chat}


async def persona(core: Core, form: Form) -> Done:
    """A persona of a chat's own; an empty prompt removes it."""
    name, prompt = form["persona"].strip(), form["prompt"].strip()
    await core.control.define_persona(form["name"], name, prompt, BY)
    return ("admin-persona-made" if prompt else "admin-persona-gone"), {"name": name}


CHANGES: Mapping[str, Callable[[Core, Form], Awaitable[Done]]] = {
    "caps": caps, "reset": reset, "grant": grant, "take-back": take_back, "refund": refund,
    "allow": allow, "deny": deny, "block": block, "unblock": unblock, "announce": announce,
    "defaults": defaults, "persona": persona,
}  # fmt: skip

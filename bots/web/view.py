"""Draws the page and its parts as HTML. Everything is escaped but the blocks, which are safe already."""

import hashlib
from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from bots.web.entry import Entry
from core.catalogue import SCHEDULERS, Catalogue
from core.commands import BY_NAME, COMMANDS, QUESTION_BYTES, SHAPES
from core.settings import Settings
from core.words import direction, locales, money, own_name, t

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
_SCRIPT_WORDS = (
    "copy", "copied", "copy-failed", "offline", "unanswered", "answer-done", "answer-begun", "too-many",
    "not-a-picture", "remove-picture", "send", "stop", "picture-done", "failed", "no-cookies",
)  # fmt: skip


def draw_entry(entry: Entry, blocks: tuple[str, ...], locale: str) -> str:
    """One exchange."""
    safe = [Markup(block) for block in blocks]  # noqa: S704
    return draw("entry.html", locale, entry=entry, blocks=safe)


def draw_entries(found: Iterable[tuple[Entry, tuple[str, ...]]], locale: str) -> Markup:
    return Markup("").join(Markup(draw_entry(entry, blocks, locale)) for entry, blocks in found)  # noqa: S704


def draw_page(settings: Settings, catalogue: Catalogue, entries: Markup, locale: str) -> str:
    """The whole page, with the conversation so far."""
    return draw(
        "page.html",
        locale,
        entries=entries,
        money=partial(money, locale=locale),
        simulated=settings.ends_simulation if settings.is_simulated else "",
        examples=("explain", "picture", "paint", "code"),
        chat_models=catalogue.chat.values(),
        image_models=[model for model in catalogue.image.values() if not model.adult],
        default_image_model=settings.image_model,
        options={option.name: option for option in BY_NAME["imagine"].options},
        schedulers=SCHEDULERS,
        shapes=SHAPES,
        temperature=BY_NAME["ask"].option("temperature"),
        facts=_facts(locale),
    )


def draw(template: str, locale: str, **facts: Any) -> str:  # Any: whatever the template shows
    """A template filled with these facts, the words of a language, and what every template has."""
    return _templates().get_template(template).render(locale=locale, t=partial(t, locale), **facts)


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(_HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )

    @cache
    def icon(name: str) -> Markup:
        return Markup(templates.get_template(f"icons/{name}.svg").render())  # noqa: S704  # our own file

    templates.globals |= {
        "icon": icon,
        "direction": direction,
        "languages": _languages,
        "version": _files_version(),
    }
    return templates


def _languages() -> dict[str, str]:
    """Every language with what it calls itself."""
    return {locale: own_name(locale) for locale in locales()}


def _facts(locale: str) -> dict[str, Any]:
    """What the scripts need."""
    words = {name: t(locale, f"web-{name}") for name in _SCRIPT_WORDS}
    most = QUESTION_BYTES // 1024
    words["question-too-long"] = t(locale, "question-too-long", kib="{kib}", most=most)
    commands = [
        {"name": one.name, "about": t(locale, one.key), "takes_text": bool(one.text)}
        for one in COMMANDS
        if not (one.hidden or one.admin)
    ]
    pictures = sum(option.kind == "picture" for option in BY_NAME["ask"].options)
    return {"words": words, "commands": commands, "pictures": pictures, "questionBytes": QUESTION_BYTES}


def _files_version() -> str:
    """Changes with the files, so that a browser never mixes an old script with a new page."""
    digest = hashlib.sha256()
    for file in sorted(file for file in STATIC.rglob("*") if file.is_file()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]

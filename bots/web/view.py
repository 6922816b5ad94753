"""Draws the page and its parts as HTML. Everything is escaped but the blocks, which are safe already."""

import hashlib
import json
from collections.abc import Iterable
from functools import cache, partial
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined, Template
from markupsafe import Markup

from bots.web.entry import Entry
from core.catalogue import SCHEDULERS, Catalogue, ChatModel, ImageModel
from core.commands import BY_NAME, COMMANDS, QUESTION_BYTES, SHAPES, Command
from core.settings import Settings
from core.words import direction, locales, money, own_name, t

_HERE = Path(__file__).parent
STATIC = _HERE / "static"
_EXAMPLES = ("explain", "picture", "paint", "code")
_SCRIPT_WORDS = (
    "copy", "copied", "copy-failed", "offline", "unanswered", "answer-done", "answer-begun", "too-many",
    "not-a-picture", "remove-picture", "send", "stop", "picture-done", "failed", "no-cookies",
)  # fmt: skip


class View:
    """Templates filled with the operator's catalogue."""

    def __init__(self, settings: Settings, catalogue: Catalogue) -> None:
        self._settings, self._catalogue = settings, catalogue
        self._templates = open_templates()
        self._templates.globals["bound"] = _bound
        self._version = files_version()

    def entry(self, entry: Entry, blocks: tuple[str, ...], locale: str) -> str:
        """One exchange."""
        template = self._templates.get_template("entry.html")
        safe = [Markup(block) for block in blocks]  # noqa: S704
        return template.render(entry=entry, blocks=safe, t=partial(t, locale))

    def entries(self, found: Iterable[tuple[Entry, tuple[str, ...]]], locale: str) -> Markup:
        return Markup("").join(Markup(self.entry(entry, blocks, locale)) for entry, blocks in found)  # noqa: S704

    def page(self, entries: Markup, locale: str) -> str:
        """The whole page, with the conversation so far."""
        return self._templates.get_template("page.html").render(
            entries=entries,
            t=partial(t, locale),
            locale=locale,
            languages=languages(),
            version=self._version,
            simulated=self._simulated(locale),
            examples=_EXAMPLES,
            chat_models=[self._chat_model(model, locale) for model in self._catalogue.chat.values()],
            image_models=[
                _image_model(model, locale) for model in self._catalogue.image.values() if not model.adult
            ],
            default_image_model=self._settings.image_model,
            options={option.name: option for option in BY_NAME["imagine"].options},
            schedulers=SCHEDULERS,
            shapes=SHAPES,
            temperature=BY_NAME["ask"].option("temperature"),
            commands=[_command(one, locale) for one in COMMANDS if not (one.hidden or one.admin)],
            facts=self._facts(locale),
        )

    def _simulated(self, locale: str) -> str:
        """What is to be said of made-up answers, "" where they are real."""
        setting = self._settings.ends_simulation
        return t(locale, "web-simulated-long", setting=setting) if self._settings.is_simulated else ""

    def _facts(self, locale: str) -> str:
        """What the scripts need, as JSON."""
        words = {name: t(locale, f"web-{name}") for name in _SCRIPT_WORDS}
        most = QUESTION_BYTES // 1024
        words["question-too-long"] = t(locale, "question-too-long", kib="{kib}", most=most)
        pictures = sum(option.kind == "picture" for option in BY_NAME["ask"].options)
        return json.dumps({"words": words, "pictures": pictures, "questionBytes": QUESTION_BYTES})

    def _chat_model(self, model: ChatModel, locale: str) -> dict[str, Any]:
        return {
            "name": model.name,
            "label": model.label,
            **{name: money(nanos, locale) for name, nanos in model.listed_nanos.items()},
            "sees": model.vision is not None,
        }


def open_templates() -> Environment:
    """The folder of templates, with `icon(NAME)` and `direction(LOCALE)`."""
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

    templates.globals |= {"icon": icon, "direction": direction}
    return templates


def notice_page(text: str, locale: str, home: str) -> str:
    """One sentence in place of a page, with a way to `home`."""
    return _frame().render(text=text, locale=locale, home=home, t=partial(t, locale))


@cache
def _frame() -> Template:
    return open_templates().get_template("notice.html", globals={"version": files_version()})


def languages() -> dict[str, str]:
    """Every language with what it calls itself."""
    return {locale: own_name(locale) for locale in locales()}


def files_version() -> str:
    """Changes with the files, so that a browser never mixes an old script with a new page."""
    digest = hashlib.sha256()
    for file in sorted(file for file in STATIC.rglob("*") if file.is_file()):
        digest.update(file.read_bytes())
    return digest.hexdigest()[:12]


def _image_model(model: ImageModel, locale: str) -> dict[str, Any]:
    return {
        "name": model.name,
        "label": model.label,
        "price": money(model.price_nanos, locale),
        "nanos": model.price_nanos,
    }


def _command(command: Command, locale: str) -> dict[str, Any]:
    return {
        "name": command.name,
        "about": t(locale, command.key),
        "takes_text": bool(command.text),
    }


def _bound(number: float) -> str:
    """A bound of an option as a form has it: 256, 1.5."""
    return f"{number:g}"

"""Which model answers, and how a picker shows them."""

from core.answer import Choice
from core.catalogue import Catalogue, ChatModel
from core.errors import BadInput
from core.settings import Settings
from core.words import money, t

AUTO = "auto"  # a choice that takes an earlier one back


def pick_model(
    chosen: str, chat_model: str, settings: Settings, catalogue: Catalogue, *, asks_about: bool, shows: bool
) -> ChatModel:
    """The model to ask: what the person chose; else VISION_MODEL where it is shown pictures; else the chat's
    default; else DEFAULT_MODEL. A choice that is not in the catalogue (any more) counts as none.

    `shows` pictures of this question or of earlier ones; `asks_about` those of this question. Raises
    BadInput("picture-blind-model") where the person's choice cannot see what the question is about.
    """
    if chosen in catalogue.chat:
        model = catalogue.chat[chosen]
    elif shows:
        model = catalogue.get_chat(settings.vision_model)
    else:
        model = catalogue.get_chat(chat_model if chat_model in catalogue.chat else settings.default_model)
    if asks_about and model.vision is None:
        raise BadInput("picture-blind-model", model=model.label)
    return model


def choices(locale: str, current: str, catalogue: Catalogue, command: str = "model") -> tuple[Choice, ...]:
    """The lines of a picker."""
    return tuple(
        Choice(command, model.name, model.label, describe(model, locale), chosen=model.name == current)
        for model in catalogue.chat.values()
    )


def describe(model: ChatModel, locale: str) -> str:
    """Its abilities, then its prices: platforms cut long lines at their end."""
    prices = {name: money(nanos, locale) for name, nanos in model.listed_nanos.items()}
    return t(locale, "model-detail-sees" if model.vision else "model-detail", **prices)

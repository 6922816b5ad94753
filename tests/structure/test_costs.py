"""docs/costs.md agrees with the catalogue's prices."""

from pathlib import Path

from core.catalogue import ChatModel, read_catalogue
from core.settings import Settings
from core.vision import rendition
from core.words import dollars

ROOT = Path(__file__).resolve().parents[2]
TEXT = (ROOT / "docs" / "costs.md").read_text("utf-8")
CATALOGUE = read_catalogue()
QUESTIONS = ((300, 400), (1_500, 400), (6_000, 1_000))  # tokens to the model, tokens from it
PICTURES = ((512, 512), (1024, 1024), (4032, 3024))
SETTINGS = Settings(_env_file=None)
DAILY = SETTINGS.user_daily_usd


def question(model: ChatModel, prompt: int, completion: int) -> int:
    return prompt * model.input_nanos + completion * model.output_nanos


def row(*cells: object) -> str:
    return f"| {' | '.join(map(str, cells))} |"


def questions() -> list[str]:
    assert DAILY is not None
    return [
        row(
            f"`{model.name}`",
            *(dollars(question(model, *size)) for size in QUESTIONS),
            f"{DAILY // question(model, *QUESTIONS[0]):,}",
        )
        for model in CATALOGUE.chat.values()
    ]


def pictures() -> list[str]:
    rows = []
    for model in CATALOGUE.chat.values():
        assert model.vision is not None
        seen = [rendition(model.vision, *size).tokens for size in PICTURES]
        rows.append(
            row(f"`{model.name}`", *(f"{tokens:,} · {dollars(tokens * model.input_nanos)}" for tokens in seen))
        )
    return rows


def test_the_tables_are_what_the_catalogue_says() -> None:
    """Every row of both tables, to the last digit, and no row of an unknown model."""
    found = [line for line in TEXT.splitlines() if line.startswith("| `")]
    assert found == [*questions(), *pictures()]


def test_the_price_of_a_made_picture_is_the_catalogues() -> None:
    """All image models cost the same, which is the price given."""
    (price,) = {model.price_nanos for model in CATALOGUE.image.values()}
    assert f"**{dollars(price)}**" in TEXT
    assert DAILY is not None
    assert f"{DAILY // price} pictures" in TEXT


def test_the_caps_that_hold_where_nobody_sets_any() -> None:
    """README's first lines have the default caps."""
    caps = [cap for cap in (DAILY, SETTINGS.chat_daily_usd, SETTINGS.global_daily_usd) if cap is not None]
    person, chat, everybody = map(dollars, caps)
    assert f"(by default {person}, {chat} and {everybody} a day)" in (ROOT / "README.md").read_text("utf-8")

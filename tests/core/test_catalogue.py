"""The catalogue: prices to the nano-dollar, formulas for pictures, and invalid files."""

from decimal import Decimal
from pathlib import Path

import pytest

from core.catalogue import SCHEDULERS, Catalogue, Patches, Tiles, catalogue_for, read_catalogue
from core.commands import BY_NAME, parse_args
from core.errors import BadInput
from core.sentences import sentence
from core.settings import BadSettings, Settings

CATALOGUE = read_catalogue()


@pytest.mark.parametrize(
    ("name", "input_nanos", "output_nanos"),
    [
        ("gpt-4o-mini", 150, 600),
        ("gpt-4o", 2500, 10_000),
        ("gpt-4.1", 2000, 8000),
        ("gpt-4.1-mini", 400, 1600),
        ("gpt-4.1-nano", 100, 400),
    ],
)
def test_chat_prices_are_the_documented_ones(name: str, input_nanos: int, output_nanos: int) -> None:
    """Dollars per million tokens are whole nano-dollars a token."""
    model = CATALOGUE.get_chat(name)
    assert (model.input_nanos, model.output_nanos, model.cached_nanos) == (
        input_nanos,
        output_nanos,
        input_nanos,
    )
    assert model.vision is not None
    assert model.max_output < model.context


def test_image_models_are_the_documented_ones() -> None:
    """Fifteen models, each picture $0.0015."""
    assert len(CATALOGUE.image) == 15
    assert {model.price_nanos for model in CATALOGUE.image.values()} == {1_500_000}
    assert [name for name, model in CATALOGUE.image.items() if model.adult] == ["autismmix", "realgirls"]
    assert len(SCHEDULERS) == len(set(SCHEDULERS)) == 18


@pytest.mark.parametrize(
    ("model", "width", "height", "low", "high"),
    [
        ("gpt-4o", 1024, 1024, 85, 765),
        ("gpt-4o", 2048, 4096, 85, 1105),
        ("gpt-4o", 4096, 1024, 85, 765),
        ("gpt-4o", 512, 512, 85, 255),
        ("gpt-4o-mini", 1024, 1024, 2833, 25_501),
        ("gpt-4.1-mini", 1024, 1024, 1659, 1659),
        ("gpt-4.1-mini", 8000, 8000, 2489, 2489),
        ("gpt-4.1-nano", 8000, 8000, 3779, 3779),
        ("gpt-4.1-nano", 1, 1, 3, 3),
    ],
)
def test_pictures_cost_what_the_guide_says(model: str, width: int, height: int, low: int, high: int) -> None:
    """The worked examples of OpenAI's guide; "auto" is priced as high."""
    vision = CATALOGUE.get_chat(model).vision
    assert vision is not None
    assert [vision.tokens(width, height, detail) for detail in ("low", "high", "auto")] == [low, high, high]


def test_a_picture_can_be_shrunk_to_its_patches() -> None:
    """What `fit` returns needs no more patches than the cap, and keeps the shape."""
    patches = Patches(Decimal("1.62"), 1536)
    assert patches.fit(1000, 1000) == (1000, 1000)
    for size in ((1800, 2400), (10_000, 33), (7777, 5)):
        width, height = patches.fit(*size)
        assert -(-width // 32) * -(-height // 32) <= 1536 * 1.05
        assert patches.tokens(width, height, "auto") <= 2489
    assert Tiles(85, 170).tokens(1, 1, "high") == 255


def override(tmp_path: Path, text: str) -> Catalogue:
    file = tmp_path / "own.toml"
    file.write_text(text, "utf-8")
    return read_catalogue(file)


def test_a_file_adds_and_overrides(tmp_path: Path) -> None:
    """A table of a known name replaces the keys it gives; a new table is a new model, with extra fields."""
    own = override(
        tmp_path,
        """
        [chat."gpt-4o"]
        output = "12.5"
        [chat."gpt-5.4-nano"]
        input = "0.05"
        cached = "0.005"
        output = 0.4
        context = 400000
        max_output = 128000
        extra = { reasoning_effort = "low" }
        [image.realvision]
        adult = true
        [image.mine]
        label = ""
        price = "0.002"
        """,
    )
    assert (own.get_chat("gpt-4o").input_nanos, own.get_chat("gpt-4o").output_nanos) == (2500, 12_500)
    new = own.get_chat("gpt-5.4-nano")
    assert (new.input_nanos, new.cached_nanos, new.output_nanos) == (50, 5, 400)
    assert (new.extra, new.vision, new.label) == ({"reasoning_effort": "low"}, None, "gpt-5.4-nano")
    assert (own.get_image("realvision").adult, own.get_image("mine").price_nanos) == (True, 2_000_000)
    assert own.get_image("mine").label == "mine"
    assert len(own.image) == 16


NEW = '[chat.new]\ninput = "1"\noutput = "1"\ncontext = 10\nmax_output = 5\n'


@pytest.mark.parametrize(
    ("text", "line", "says"),
    [
        ('[chat."gpt-4o"]\n\ninput = "-1"', 3, "input"),
        ('[chat."gpt-4o"]\ninput = "nan"', 2, "input"),
        ('[chat."gpt-4o"]\ninput = nan', 2, "input"),
        ('[chat."gpt-4o"]\ninput = "1,50"', 2, "input"),
        ('[chat."gpt-4o"]\noutput = 1e30', 2, "output"),
        ('[chat."gpt-4o"]\noutput = "0.0001"', 2, "output"),
        ('[chat."gpt-4o"]\noutput = true', 2, "output"),
        ('[chat."gpt-4o"]\ncontext = -5', 2, "context"),
        ('[chat."gpt-4o"]\ncontext = 1.5', 2, "context"),
        ('[chat."gpt-4o"]\nmax_output = true', 2, "max_output"),
        ('[chat."gpt-4o"]\nprice = "1"', 2, "price"),
        ('[chat."gpt-4o"]\nvision = { kind = "magic" }', 2, "vision"),
        ('[chat."gpt-4o"]\nvision = { kind = "patches", multiplier = "x", cap = 5 }', 2, "vision"),
        ('[chat."gpt-4o"]\nvision = { kind = "tiles", base = true, tile = 1 }', 2, "vision"),
        ('[chat."gpt-4o"]\nextra = 5', 1, "gpt-4o"),
        *(
            (f'[chat."gpt-4o"]\ninput = "1"\nextra = {{ {field} = 9 }}', 3, field)
            for field in ("model", "messages", "stream", "max_completion_tokens", "max_tokens", "n")
        ),
        ('[chat."gpt-4o".extra]\nmax_completion_tokens = 16000', 1, "max_completion_tokens"),
        ('# words\n[chat.new]\ninput = "1"', 2, "output is missing"),
        (NEW + "[image.x]\n", 6, "price is missing"),
        ('[image.realvision]\nadult = "yes"', 2, "adult"),
        ("[image]\nrealvision = 5", 2, "realvision"),
        ("chat = 5", 1, "chat"),
        ('[models.x]\ninput = "1"', 1, "models"),
        ("[chat.new\n", 1, "line 1"),
    ],
)
def test_a_wrong_line_is_named(tmp_path: Path, text: str, line: int, says: str) -> None:
    """An invalid file stops the start with its name, the line and the problem."""
    with pytest.raises(BadSettings) as refusal:
        override(tmp_path, text)
    message = str(refusal.value)
    assert "own.toml" in message
    assert f":{line}:" in message or f"line {line}" in message, message
    assert says in message


def test_a_file_that_cannot_be_read_is_named(tmp_path: Path) -> None:
    """A missing or binary file stops the start, too."""
    with pytest.raises(BadSettings, match=r"missing\.toml"):
        read_catalogue(tmp_path / "missing.toml")
    (tmp_path / "binary.toml").write_bytes(b"\xff\xfe")
    with pytest.raises(BadSettings, match=r"binary\.toml"):
        read_catalogue(tmp_path / "binary.toml")


def test_every_setting_that_names_no_model_is_told() -> None:
    """All settings with unknown models are reported at once."""
    with pytest.raises(BadSettings) as refusal:
        catalogue_for(Settings(_env_file=None, default_model="gpt-9", image_model="gpt-4o"))
    named, others = zip(*(line.split(": ") for line in refusal.value.problems), strict=True)
    assert named == ("DEFAULT_MODEL", "IMAGE_MODEL")
    assert "gpt-4o-mini" in others[0]
    assert "realvision" in others[1]


def test_an_unknown_model_is_told_with_the_known_ones() -> None:
    """The error lists the known models; of very many as many as a sentence can hold."""
    many = Catalogue({f"model-{number:04}": CATALOGUE.get_chat("gpt-4o") for number in range(1000)}, {})
    for get in (CATALOGUE.get_chat, CATALOGUE.get_image, many.get_chat):
        with pytest.raises(BadInput) as refusal:
            get("gpt-9")
        assert refusal.value.message_key == "unknown-model"
        assert ", " in str(refusal.value.data["known"])
    said = sentence(refusal.value, "en", Settings(_env_file=None))
    assert said.startswith("There is no model “gpt-9”. Available: model-0000, model-0001, ")


def test_models_for_adults_are_listed_where_they_may_be_used() -> None:
    """A refused model lists those that may be used in this place."""
    with pytest.raises(BadInput) as of_an_order:
        CATALOGUE.get_image("dalle")
    assert of_an_order.value.data["known"] == _listed(adult=False)
    assert _listed(adult=True) == ", ".join(CATALOGUE.image)
    everywhere = [name for name, model in CATALOGUE.image.items() if not model.adult]
    assert _listed(adult=False) == ", ".join(everywhere)
    assert 0 < len(everywhere) < len(CATALOGUE.image)


def _listed(*, adult: bool) -> object:
    with pytest.raises(BadInput) as refusal:
        parse_args(BY_NAME["imagine"], {"model": "dalle"}, CATALOGUE, adult=adult)
    return refusal.value.data["known"]


def test_a_model_is_found_as_people_read_it() -> None:
    """By its label or name, in upper or lower case, with or without hyphens; in an option, too."""
    assert CATALOGUE.get_chat("gpt-4.1 Mini").name == CATALOGUE.get_chat("GPT-4.1-mini").name == "gpt-4.1-mini"
    assert parse_args(BY_NAME["ask"], {"model": "GPT-4.1"}, CATALOGUE) == {"model": "gpt-4.1"}
    assert parse_args(BY_NAME["imagine"], {"size": "Wide"}, CATALOGUE) == {"size": "wide"}
    assert CATALOGUE.get_chat("gpt 4o").name == CATALOGUE.get_chat("GPT4o").name == "gpt-4o"
    with pytest.raises(BadInput):
        CATALOGUE.get_chat("-")

"""Models, their prices, limits and abilities, as data. Prices are integer nano-dollars, exactly."""

import re
import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from decimal import Decimal, InvalidOperation
from importlib import resources
from math import ceil, sqrt
from pathlib import Path
from typing import Any, Literal, TypeAlias

from core.dollars import NANOS_PER_DOLLAR
from core.errors import BadInput
from core.settings import BadSettings, Settings, read_named

SCHEDULERS = (  # not for people: the API's names
    "DPM++ SDE", "Euler a", "Euler", "LMS", "Heun", "DPM2", "DPM2 a", "DPM++ 2S a", "DPM++ 2M", "DPM++ 2M SDE",
    "DPM fast", "LMS Karras", "DPM2 Karras", "DPM2 a Karras", "DPM++ 2S a Karras", "DPM++ 2M Karras",
    "DPM++ SDE Karras", "DPM++ 2M SDE Karras",
)  # fmt: skip  # the first is the API's default
Detail: TypeAlias = Literal["low", "high"]  # how closely a model looks at a picture
# Fields of a request that `extra` cannot have: money is held for what we ask, and no more.
_OURS = frozenset({"model", "messages", "stream", "max_completion_tokens", "max_tokens", "n"})
_MOST_DOLLARS = 1_000_000
_MILLION = 1_000_000  # tokens, as price lists count them
_WHOLE_FILE = "the file"  # not for people: part of an exception's text, in the place of a table's name


@dataclass(frozen=True, slots=True)
class Tiles:
    """Pictures in tiles of 512: `base` tokens, and `tile` for each tile at high detail."""

    base: int
    tile: int

    def tokens(self, width: int, height: int, detail: Detail) -> int:
        """Tokens of one picture."""
        if detail == "low":
            return self.base
        w, h = self.fit(width, height)
        return self.base + self.tile * ceil(w / 512) * ceil(h / 512)

    def fit(self, width: int, height: int) -> tuple[float, float]:
        """The size of which tiles are cut, same shape, unrounded."""
        scale = min(1.0, 2048 / max(width, height))
        w, h = width * scale, height * scale  # one step with both bounds would round over the edge of a tile
        scale = min(1.0, 768 / min(w, h))
        return w * scale, h * scale


@dataclass(frozen=True, slots=True)
class Patches:
    """Pictures in patches of 32, at most `cap` of them, times `multiplier`; detail changes nothing."""

    multiplier: Decimal
    cap: int

    def tokens(self, width: int, height: int, detail: Detail) -> int:
        """Tokens of one picture: an upper bound where the picture must be shrunk to `cap` patches."""
        patches = ceil(width / 32) * ceil(height / 32)
        return ceil(min(patches, self.cap) * self.multiplier)

    def fit(self, width: int, height: int) -> tuple[int, int]:
        """The largest size within `cap` whole patches, same shape."""
        scale = min(1.0, sqrt(32 * 32 * self.cap / (width * height)))
        while ceil(width * scale / 32) * ceil(height * scale / 32) > self.cap:
            scale *= 0.99
        return max(1, int(width * scale)), max(1, int(height * scale))


@dataclass(frozen=True, slots=True)
class ChatModel:
    """A model that answers. Prices are nano-dollars a token."""

    name: str
    label: str
    input_nanos: int
    output_nanos: int
    cached_nanos: int
    context: int
    max_output: int
    vision: Tiles | Patches | None = None
    extra: Mapping[str, str | int | float | bool] = field(default_factory=dict)

    @property
    def listed_nanos(self) -> dict[str, int]:
        """The prices as lists have them: of a million tokens, "input" and "output"."""
        return {"input": self.input_nanos * _MILLION, "output": self.output_nanos * _MILLION}


@dataclass(frozen=True, slots=True)
class ImageModel:
    """A model that paints. The price is nano-dollars a picture."""

    name: str
    label: str
    price_nanos: int
    adult: bool = False


@dataclass(slots=True)
class Catalogue:
    """Every model by name, in the order of the files. A process has one, which everything that needs models
    holds."""

    chat: Mapping[str, ChatModel]
    image: Mapping[str, ImageModel]

    def replace_with(self, other: "Catalogue") -> None:
        """Takes over the models of `other`, for everybody who holds this catalogue. What is under way keeps its
        model."""
        self.chat, self.image = other.chat, other.image

    def get_chat(self, name: str) -> ChatModel:
        """The model that `find_name` finds. Raises BadInput("unknown-model")."""
        found = find_name(name, self.chat, self)
        if found is None:
            raise BadInput("unknown-model", model=name[:60], known=", ".join(self.chat))
        return self.chat[found]

    def get_image(self, name: str) -> ImageModel:
        """Raises BadInput("unknown-model")."""
        if name not in self.image:
            raise BadInput("unknown-model", model=name[:60], known=self.listed(self.image))
        return self.image[name]

    def listed(self, names: Iterable[str], *, adult: bool = False) -> str:
        """The names as a list for people; models for age-restricted places only where they are in one."""
        hidden = () if adult else {name for name, model in self.image.items() if model.adult}
        return ", ".join(name for name in names if name not in hidden)

    def label(self, name: str) -> str:
        """What people read for a model's name; the name itself where the catalogue no longer has that model."""
        model = self.chat.get(name) or self.image.get(name)
        return model.label if model else name


def find_name(typed: str, names: Iterable[str], catalogue: Catalogue) -> str | None:
    """Which of these names somebody typed: the name itself or its label, in letters of any case; else the first
    one that has the same letters and digits."""
    known = [(one, (one, catalogue.label(one))) for one in names]
    for alike in (str.casefold, typeable):
        for name, forms in known:
            if alike(typed) in map(alike, forms):
                return name
    return None


def typeable(name: str) -> str:
    """What is to be typed of a name: on a telephone nobody looks for capitals, hyphens and blanks."""
    return "".join(filter(str.isalnum, name.casefold()))


@dataclass(frozen=True, slots=True)
class Misfit:
    """A setting that names an unusable model: there is none of that name (`known` lists those that there are),
    or, where `known` is "", it sees no pictures."""

    setting: str
    model: str
    known: str = ""

    @property
    def problem(self) -> str:
        """A line for the operator's shell."""
        if not self.known:
            return f"{self.setting}: {self.model!r} sees no pictures"  # not for people: an exception's text
        what = f"there is no model {self.model!r}; there are {self.known}"  # not for people: the same
        return f"{self.setting}: {what}"


def misfits(settings: Settings, catalogue: Catalogue) -> list[Misfit]:
    """The settings whose model is not there, or cannot do what it is to be used for."""
    named = (
        ("DEFAULT_MODEL", settings.default_model, catalogue.chat),
        ("VISION_MODEL", settings.vision_model, catalogue.chat),
        ("IMAGE_MODEL", settings.image_model, catalogue.image),
    )
    found = [Misfit(setting, name, ", ".join(known)) for setting, name, known in named if name not in known]
    seeing = catalogue.chat.get(settings.vision_model)
    if seeing is not None and seeing.vision is None:
        found.append(Misfit("VISION_MODEL", seeing.name))
    return found


def catalogue_for(settings: Settings) -> Catalogue:
    """The catalogue of these settings, with every model that they name. Raises BadSettings."""
    found = read_catalogue(settings.catalogue_file)
    if wrong := misfits(settings, found):
        raise BadSettings([one.problem for one in wrong])
    return found


def read_catalogue(override: Path | None = None) -> Catalogue:
    """The shipped catalogue with the operator's file laid over it. Raises BadSettings."""
    reader = _Reader(resources.files("core").joinpath("catalogue.toml").read_text("utf-8"), "catalogue.toml")
    shipped = reader.tables()
    chat, image = dict(shipped.get("chat", {})), dict(shipped.get("image", {}))
    if override is not None:
        reader = _Reader(read_named("CATALOGUE_FILE", override), f"CATALOGUE_FILE: {override}")
        own = reader.tables()
        reader.check_keys(own, {"chat", "image"}, _WHOLE_FILE)
        for kind, models in (("chat", chat), ("image", image)):
            for name, table in reader.table(own.get(kind, {}), kind).items():
                models[name] = {**models.get(name, {}), **reader.table(table, name)}
    return Catalogue(
        chat={name: reader.chat_model(name, table) for name, table in chat.items()},
        image={name: reader.image_model(name, table) for name, table in image.items()},
    )


class _Reader:
    """Reads one file, turns tables into models, and says which line of the file is wrong."""

    def __init__(self, text: str, source: str) -> None:
        self._text, self._source = text, source

    def tables(self) -> dict[str, Any]:  # TOML has no narrower type
        try:
            return tomllib.loads(self._text)
        except tomllib.TOMLDecodeError as error:
            raise BadSettings([f"{self._source}: {error}"]) from error

    def table(self, value: object, name: str) -> dict[str, Any]:
        if not isinstance(value, dict):
            raise BadSettings([f"{self._source}:{self._line_of(name)}: {name} must be a table"])
        return value

    def check_keys(self, table: Mapping[str, object], known: set[str], name: str) -> None:
        """Raises BadSettings where the table of that name has a key that is not `known`."""
        for key in table:
            if key not in known:
                raise BadSettings([f"{self._source}:{self._line_of(name, key)}: {name} has no setting {key!r}"])

    def chat_model(self, name: str, table: dict[str, Any]) -> ChatModel:
        known = {"label", "input", "output", "cached", "context", "max_output", "vision", "extra"}
        self.check_keys(table, known, name)
        price_in = self._price(name, table, "input", _MILLION)
        return ChatModel(
            name=name,
            label=str(table.get("label", "")).strip() or name,
            input_nanos=price_in,
            output_nanos=self._price(name, table, "output", _MILLION),
            cached_nanos=self._price(name, table, "cached", _MILLION) if "cached" in table else price_in,
            context=self._whole(name, table, "context"),
            max_output=self._whole(name, table, "max_output"),
            vision=self._vision(name, table["vision"]) if "vision" in table else None,
            extra=self._extra(name, table.get("extra", {})),
        )

    def image_model(self, name: str, table: dict[str, Any]) -> ImageModel:
        self.check_keys(table, {"label", "price", "adult"}, name)
        if not isinstance(table.get("adult", False), bool):
            raise self._bad(name, "adult", "must be true or false")
        return ImageModel(
            name=name,
            label=str(table.get("label", "")).strip() or name,
            price_nanos=self._price(name, table, "price", 1),
            adult=table.get("adult", False),
        )

    def _bad(self, name: str, key: str, what: str) -> BadSettings:
        return BadSettings([f"{self._source}:{self._line_of(name, key)}: {name}: {key} {what}"])

    def _whole(self, name: str, table: dict[str, Any], key: str) -> int:
        value = table.get(key)
        if not isinstance(value, int) or isinstance(value, bool) or not 0 < value <= 100_000_000:
            raise self._bad(name, key, "must be a whole number of tokens")
        return value

    def _price(self, name: str, table: dict[str, Any], key: str, per: int) -> int:
        """Dollars for `per` units to whole nano-dollars for one."""
        try:
            dollars = Decimal(str(table[key]))
        except KeyError:
            raise self._bad(name, key, "is missing") from None
        except InvalidOperation:
            raise self._bad(name, key, 'must be an amount in dollars such as "0.15"') from None
        if not dollars.is_finite() or not 0 <= dollars <= _MOST_DOLLARS:
            raise self._bad(name, key, "must be between 0 and 1000000 dollars")
        nanos = dollars * NANOS_PER_DOLLAR / per
        if nanos != nanos.to_integral_value():
            raise self._bad(name, key, "must be whole nano-dollars a unit")
        return int(nanos)

    def _extra(self, name: str, table: object) -> Mapping[str, str | int | float | bool]:
        extra = self.table(table, name)
        if own := sorted(_OURS & set(extra)):
            raise self._bad(name, "extra", f"must not set {own[0]!r}, which the bot sets itself")
        return extra

    def _vision(self, name: str, table: object) -> Tiles | Patches:
        match table:
            case {"kind": "tiles", "base": bool()} | {"kind": "tiles", "tile": bool()}:
                pass
            case {"kind": "tiles", "base": int(base), "tile": int(tile)} if base >= 0 and tile >= 0:
                return Tiles(base, tile)
            case {"kind": "patches", "multiplier": multiplier, "cap": int(cap)} if cap > 0:
                try:
                    factor = Decimal(str(multiplier))
                except InvalidOperation:
                    raise self._bad(name, "vision", "has a multiplier that is no number") from None
                if factor.is_finite() and 0 < factor < 100:
                    return Patches(factor, cap)
        raise self._bad(
            name, "vision", 'must be { kind = "tiles", base, tile } or { kind = "patches", multiplier, cap }'
        )

    def _line_of(self, section: str, key: str = "") -> int:
        """The line where `key` of the table `section` stands, for the operator to look at."""
        found, inside = 1, False
        for number, line in enumerate(self._text.splitlines(), 1):
            if line.lstrip().startswith("["):
                inside = re.search(rf"[.\[\"]{re.escape(section)}[\"\]]", line) is not None
                found = number if inside else found
            elif found == 1 and re.match(rf"\s*\"?{re.escape(section)}\"?\s*=", line):
                found = number
            if key and (inside or section == _WHOLE_FILE) and re.match(rf"\s*\[?\"?{re.escape(key)}\b", line):
                return number
        return found

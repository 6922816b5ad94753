"""The environment (and `.env`) as one frozen Settings. Otherwise only `environment` reads it, and what
looks for proxies.

A wrong value raises BadSettings with one line per problem that names the setting and never its value.
"""

import re
from collections.abc import Iterator, Mapping
from ipaddress import ip_address
from pathlib import Path
from typing import Annotated, Any, Literal, TypeAlias, TypeVar
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import (
    AfterValidator,
    BeforeValidator,
    Field,
    PrivateAttr,
    SecretStr,
    ValidationError,
    model_validator,
)
from pydantic_settings import BaseSettings, EnvSettingsSource, NoDecode, SettingsConfigDict

from core import environment
from core.dollars import parse_cap
from core.seal import split_secrets

T = TypeVar("T", SecretStr, tuple[str, ...])
MESSENGERS = ("discord", "telegram")  # others serve them; each has its token below
PLATFORMS = (*MESSENGERS, "web", "terminal")

MINITOOLAI_API = "https://minitoolai.com/api"
_DISCORD_API = "https://discord.com/api/v10"
TELEGRAM_API = "https://api.telegram.org"

_MANDATORY = "{}: is mandatory with {}"  # not for people: an exception's text
_NO_KEY = (
    "MINITOOLAI_API_KEY: is empty while a platform token is set; set the key, or MINITOOLAI_SIMULATED=1 to let"
    " real people talk to the simulated API"
)  # not for people: the same
_STRANGER = "{}: names a platform that is none of {}"  # not for people: the same
_WEB_OPEN = "OPERATOR_PASSWORD: is mandatory where WEB_HOST is no loopback address"  # not for people: the same


class BadSettings(Exception):
    """The settings cannot be used. `problems` are lines "NAME: what is wrong", free of values."""

    def __init__(self, problems: list[str]) -> None:
        self.problems = problems
        super().__init__("; ".join(problems))


def read_named(setting: str, file: Path) -> str:
    """The text of a file that a setting names, without the byte order mark with which some editors begin it:
    behind that a first line of blocked words would match nothing. Raises BadSettings."""
    try:
        return file.read_text("utf-8-sig")
    except (OSError, UnicodeDecodeError) as error:
        raise BadSettings([f"{setting}: {file}: cannot be read ({type(error).__name__})"]) from error


def _parse_list(value: object) -> object:
    if isinstance(value, str):
        return tuple(part for part in (piece.strip() for piece in value.split(",")) if part)
    return value


def _dollars(default: str) -> Any:  # pydantic's Field is untyped by design
    return Field(default=parse_cap(default), validate_default=False)


# Of other platforms than these two, any name.
_OTHERS = r"(?!discord:|telegram:)[a-z]+:[\w.:-]+"
_RULE = r"discord:((guild|user|role|channel):)?\d+|telegram:((chat|user):)?-?\d+"
_FORMS = {  # not for people: exceptions' texts
    "account": (
        rf"discord:\d+|telegram:-?\d+|{_OTHERS}",
        "must be a list of accounts such as discord:123, telegram:123",
    ),
    "rule": (
        rf"{_RULE}|{_OTHERS}",  # a DENY of a name that nobody has would deny nobody
        "must be a list of rules such as discord:guild:123, telegram:chat:-123",
    ),
    "chat": (r"-?\d+", "must be a list of chats' numbers such as -1001234567890"),
    "place": (
        r"1|discord:(guild|channel):\d+",
        "must be 1, or a list of places such as discord:guild:123, discord:channel:123",
    ),
    "word": ("[!-~]*", "must be one word of plain letters, digits and signs"),
    "header": (
        "[A-Za-z0-9_-]{0,256}",
        "must have at most 256 of the characters A-Z, a-z, 0-9, _ and -",
    ),
}


def _like(form: str) -> AfterValidator:
    """Checks a secret, or each of a list, against one of _FORMS."""
    pattern, problem = _FORMS[form]

    def checked(value: T) -> T:
        words = value if isinstance(value, tuple) else (value.get_secret_value(),)
        if not all(re.fullmatch(pattern, word) for word in words):
            raise ValueError(problem)
        return value

    return AfterValidator(checked)


def _keys(value: SecretStr) -> SecretStr:
    split_secrets(value.get_secret_value())
    return value


def _shards(value: str) -> str:
    found = re.fullmatch(r"(\d+)-(\d+)/(\d+)", value)
    if value and not (found and int(found[1]) <= int(found[2]) < int(found[3])):
        raise ValueError("must be a range of shards such as 0-3/16, counted from 0")
    return value


def _zone(value: str) -> str:
    try:
        ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError):
        raise ValueError("is not a known time zone such as Europe/Berlin") from None
    return value


def _address(value: str) -> str:
    try:
        parts = urlsplit(value)
        is_good = parts.scheme in ("http", "https") and bool(parts.hostname) and parts.port != 0
    except ValueError:
        is_good = False
    if value and not is_good:
        raise ValueError("must be an http or https address")
    return value.rstrip("/")


def _base(value: str) -> str:
    value = _address(value)
    if urlsplit(value).username is not None or re.search(r"[?#\s]", value):  # what paths are put behind
        raise ValueError("must be an address without user, query, fragment and blanks")
    return value


CapNanos: TypeAlias = Annotated[int | None, BeforeValidator(parse_cap)]
Seconds: TypeAlias = Annotated[float, Field(gt=0, le=31_622_400)]  # a year; more is a slip of the hand
Pause: TypeAlias = Annotated[float, Field(ge=0, le=86_400)]
Days: TypeAlias = Annotated[float, Field(gt=0, le=36_525)]  # a century
Names: TypeAlias = Annotated[tuple[str, ...], NoDecode, BeforeValidator(_parse_list)]
Accounts: TypeAlias = Annotated[Names, _like("account")]
Rules: TypeAlias = Annotated[Names, _like("rule")]
Chats: TypeAlias = Annotated[Names, _like("chat")]
_SWITCHED_OFF = AfterValidator(lambda places: () if places == ("0",) else places)  # as the switches beside it
Places: TypeAlias = Annotated[Names, _SWITCHED_OFF, _like("place")]
Token: TypeAlias = Annotated[SecretStr, _like("word")]
HeaderSecret: TypeAlias = Annotated[SecretStr, _like("header")]
Address: TypeAlias = Annotated[str, AfterValidator(_address)]
Base: TypeAlias = Annotated[str, AfterValidator(_base)]  # of an API
_ANY_CASE = BeforeValidator(lambda value: value.strip().lower() if isinstance(value, str) else value)
Source: TypeAlias = Literal["environment", "file", "default"]  # the file is `.env`


class Settings(BaseSettings):
    """Every setting, under its lower-case name. Amounts are nano-dollars, times are seconds."""

    model_config = SettingsConfigDict(
        env_file=environment.FILE,
        env_file_encoding="utf-8",
        frozen=True,
        extra="ignore",
        hide_input_in_errors=True,
        env_ignore_empty=True,
        str_strip_whitespace=True,
        allow_inf_nan=False,
    )

    # The model's side
    minitoolai_api_key: Token = SecretStr("")
    minitoolai_base_url: Base = MINITOOLAI_API
    minitoolai_simulated: bool = False
    connect_timeout_s: Seconds = 10.0
    first_byte_timeout_s: Seconds = 60.0
    chunk_timeout_s: Seconds = 30.0
    answer_timeout_s: Seconds = 300.0
    default_model: str = "gpt-4o-mini"
    vision_model: str = "gpt-4.1-mini"
    image_model: str = "realvision"
    catalogue_file: Path | None = None

    # Platforms
    discord_token: Token = SecretStr("")
    discord_api_base: Base = _DISCORD_API
    discord_shards: Annotated[str, AfterValidator(_shards)] = ""
    discord_message_content: bool = False
    discord_threads: Places = ()
    discord_spoilers: Places = ()
    discord_adult_dms: bool = False
    telegram_token: Token = SecretStr("")
    telegram_api_base: Base = TELEGRAM_API
    telegram_webhook_url: Address = ""
    telegram_webhook_secret: HeaderSecret = SecretStr("")
    telegram_format: Annotated[Literal["classic", "rich"], _ANY_CASE] = "classic"
    telegram_streaming: Annotated[Literal["edit", "draft"], _ANY_CASE] = "edit"
    telegram_adult_chats: Chats = ()

    # The store
    redis_url: SecretStr = SecretStr("")  # may carry a password
    data_dir: Path = Path("./data")
    content_key: Annotated[SecretStr, AfterValidator(_keys)] = SecretStr("")

    # The web server
    web_host: str = "127.0.0.1"
    web_port: int = Field(default=8080, ge=0, le=65535)
    operator_password: SecretStr = SecretStr("")
    public_url: Base = ""
    image_transport: Annotated[Literal["inline", "link"], _ANY_CASE] = "inline"

    # Money
    user_daily_usd: CapNanos = _dollars("0.25")
    user_monthly_usd: CapNanos = _dollars("2")
    chat_daily_usd: CapNanos = _dollars("2")
    chat_monthly_usd: CapNanos = _dollars("20")
    global_daily_usd: CapNanos = _dollars("10")
    global_monthly_usd: CapNanos = _dollars("100")
    timezone: Annotated[str, AfterValidator(_zone)] = "UTC"
    hold_lease_s: Seconds = 300.0
    ledger_days: int = Field(default=400, ge=1, le=36_525)
    show_cost: bool = True

    # Who may
    admins: Accounts = ()
    allow: Rules = ()
    deny: Rules = ()
    allow_bots: Accounts = ()
    user_concurrency: int = Field(default=2, ge=1)
    user_per_minute: int = Field(default=12, ge=1)

    # Conversations and pictures
    memory_ttl_days: Days = 30.0
    memory_max_tokens: int = Field(default=6000, ge=100)
    memory_fresh_minutes: float = Field(default=30.0, ge=0, le=527_040)
    personas_file: Path | None = None
    burst_quiet_s: Pause = 0.8
    burst_lead_s: Pause = 0.12

    # Image orders
    image_deadline_s: Seconds = 600.0
    image_late: Annotated[Literal["refund", "keep"], _ANY_CASE] = "refund"
    image_history_days: Days = 30.0
    image_jobs_per_user: int = Field(default=4, ge=1)
    image_jobs_at_once: int = Field(default=32, ge=1)
    blocklist_file: Path | None = None

    # The process
    log_level: Annotated[Literal["debug", "info", "warning", "error"], _ANY_CASE] = "info"
    log_format: Annotated[Literal["console", "json"], _ANY_CASE] = "console"
    shutdown_grace_s: Pause = 20.0

    _sources: Mapping[str, Source] = PrivateAttr(default_factory=dict)

    @model_validator(mode="after")
    def _fit_together(self) -> "Settings":
        if clashes := [*self._clashes()]:
            raise ValueError("\n".join(clashes))
        return self

    def _clashes(self) -> Iterator[str]:
        """A line for each pair of settings that do not go together."""
        if self.telegram_webhook_url and not self.telegram_webhook_secret:
            yield _MANDATORY.format("TELEGRAM_WEBHOOK_SECRET", "TELEGRAM_WEBHOOK_URL")
        if self.telegram_webhook_url and not self.web_port:
            yield "WEB_PORT: must not be 0 with TELEGRAM_WEBHOOK_URL"  # not for people: an exception's text
        if self.image_transport == "link" and not self.public_url:
            yield _MANDATORY.format("PUBLIC_URL", "IMAGE_TRANSPORT=link")
        has_token = any(getattr(self, f"{name}_token") for name in MESSENGERS)
        if has_token and self.is_simulated and not self.minitoolai_simulated:
            yield _NO_KEY
        if self.web_port and not self.has_loopback_web and not self.operator_password:
            yield _WEB_OPEN

    def differing(self, other: "Settings") -> set[str]:
        """The names of the settings that differ."""
        return {name for name in type(self).model_fields if getattr(self, name) != getattr(other, name)}

    @property
    def is_simulated(self) -> bool:
        """Whether the simulated API stands in for the real one."""
        return self.minitoolai_simulated or not self.minitoolai_api_key

    @property
    def serves_simulation(self) -> bool:
        """Whether the simulated API that answers is our own, and not one at an address that somebody chose: on
        this machine alone, for tests. Elsewhere may be the real one, which costs."""
        return self.is_simulated and not is_loopback(urlsplit(self.minitoolai_base_url).hostname or "")

    @property
    def ends_simulation(self) -> str:
        """What to set for the real API to answer."""
        return "MINITOOLAI_SIMULATED=0" if self.minitoolai_api_key else "MINITOOLAI_API_KEY"

    @property
    def has_own_store(self) -> bool:
        return not self.redis_url

    @property
    def has_loopback_web(self) -> bool:
        return is_loopback(self.web_host)

    def source_of(self, name: str) -> Source:
        """Where the value of a setting came from when it was read."""
        return self._sources.get(name, "default")

    @property
    def has_file(self) -> bool:
        """Whether anything was set in `.env`."""
        return "file" in self._sources.values()

    @property
    def zone(self) -> ZoneInfo:
        return ZoneInfo(self.timezone)


NAMES = tuple(name.upper() for name in Settings.model_fields)


def read_settings() -> Settings:
    """Settings from the environment and `.env`. Raises BadSettings."""
    if problems := [*environment.unread_lines(NAMES)]:
        raise BadSettings(problems)
    try:
        settings = Settings()
        here = EnvSettingsSource(Settings)()
        settings._sources = {  # noqa: SLF001  # frozen to all others
            name: "environment" if name in here else "file" for name in settings.model_fields_set
        }
    except ValidationError as error:
        details = error.errors(include_input=False, include_url=False)
        raise BadSettings([line for detail in details for line in environment.problems(detail)]) from None
    except UnicodeDecodeError:
        raise BadSettings([".env: is not UTF-8"]) from None
    if problems := [*_strangers(settings)]:
        raise BadSettings(problems)
    return settings


def _strangers(settings: Settings) -> Iterator[str]:
    """Lists that name a platform which is none: a slip of the hand, and a DENY that denies nobody. Not asked of
    settings made in code, where a test may have a platform of its own."""
    for name in ("admins", "allow", "deny", "allow_bots"):
        if any(entry.partition(":")[0] not in PLATFORMS for entry in getattr(settings, name)):
            yield _STRANGER.format(name.upper(), ", ".join(PLATFORMS))


def is_loopback(host: str) -> bool:
    """Whether it is a loopback address or "localhost"; no name is resolved."""
    try:
        return host == "localhost" or ip_address(host).is_loopback
    except ValueError:
        return False

"""One event per line, for people or machines; secrets cannot appear, in tracebacks neither.

Everything that logs goes through here, the standard library's loggers included. The loggers of HTTP
clients are silenced below WARNING: their INFO lines carry whole URLs, and some platforms put the
account's credential into the URL.
"""

import logging
import re
import sys
from collections.abc import Iterable
from typing import Any

import structlog
from structlog.typing import EventDict, Processor

from core.settings import Settings

MASK = "•••"
_NOISY = (
    "httpx",
    "httpcore",
    "hpack",
    "asyncio",
    "PIL",
    "docket",
    "telegram",
    "discord",
    "aiohttp.access",
    "uvicorn.access",
    "uvicorn.error",
    "watchfiles",
)
_SHAPES = re.compile(
    r"(?P<bot>bot)\d{3,}:[\w-]{8,}"  # a credential inside a URL path
    r"|(?P<auth>(?:Bearer|Bot)\s+)[\w.~+/=-]{6,}"
    r"|(?P<query>[?&](?:hm|sig|signature|token|key)=)[^&\s\"']+"
    r"|(?P<url>\w+://[^:/\s@]*:)[^@\s/]+(?=@)"
)


def _mask_shape(match: re.Match[str]) -> str:
    return next((value for value in match.groupdict().values() if value), "") + MASK


class Redactor:
    """Removes what looks like a credential, and every secret of the settings, from a text."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({secret for secret in secrets if len(secret) >= 6}, key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known))) if known else None

    def clean(self, text: str) -> str:
        if self._known is not None:
            text = self._known.sub(MASK, text)
        return _SHAPES.sub(_mask_shape, text)

    def __call__(self, _logger: Any, _name: str, event: EventDict) -> EventDict:
        return {key: self._value(value) for key, value in event.items()}

    def _value(self, value: object) -> object:
        if isinstance(value, str):
            return self.clean(value)
        if isinstance(value, dict):
            return {key: self._value(inner) for key, inner in value.items()}
        if isinstance(value, list | tuple):
            return [self._value(inner) for inner in value]
        if isinstance(value, bool | int | float) or value is None:
            return value
        return self.clean(str(value))


class _RedactingFormatter(structlog.stdlib.ProcessorFormatter):
    """The last gate: whatever became of an event, the line itself is cleaned."""

    def __init__(self, redactor: Redactor, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self._redactor = redactor

    def format(self, record: logging.LogRecord) -> str:
        return self._redactor.clean(super().format(record))


def secrets_of(settings: Settings) -> list[str]:
    """Every secret value of the settings, and of comma lists each part."""
    found: list[str] = []
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if hasattr(value, "get_secret_value"):
            secret = value.get_secret_value()
            found += [secret, *secret.split(",")]
    return [secret for secret in found if secret]


def set_up_logs(settings: Settings) -> None:
    """Routes structlog and the standard library to stderr, redacted."""
    redactor = Redactor(secrets_of(settings))
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
        redactor,
    ]
    last: Processor = (
        structlog.processors.JSONRenderer()
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty())
    )
    level = logging.getLevelName(settings.log_level.upper())
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        _RedactingFormatter(
            redactor,
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, last],
        )
    )
    logging.basicConfig(handlers=[handler], level=level, force=True)
    for name in _NOISY:
        logging.getLogger(name).setLevel(logging.WARNING)

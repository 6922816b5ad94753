"""One event per line, for people or machines; secrets cannot appear, in tracebacks neither.

Everything that this process writes to stderr while it runs goes through here: our own events, the standard
library's loggers, warnings, and exceptions that nobody caught. What others log is heard from WARNING on only:
HTTP clients write whole URLs at INFO, with the credentials that some platforms put there, and parsers write
what people sent.
"""

import json
import logging
import re
import sys
import threading
import time
from collections.abc import Callable, Iterable
from contextlib import suppress
from types import TracebackType
from typing import Any
from urllib.parse import quote, unquote, urlsplit

import structlog
from redis.exceptions import RedisError
from structlog.typing import Processor

from core.environment import takes_colour
from core.settings import Settings

MASK = "•••"
OURS = ("core", "bots")
# For what an operator is to read at each start, whatever LOG_LEVEL is.
loud: Any = structlog.wrap_logger(  # as structlog's own get_logger
    logging.getLogger("loud"), wrapper_class=structlog.make_filtering_bound_logger(logging.INFO)
)
_QUIET_S = 60.0
_SHORTEST = 4  # a secret that is shorter would mask half of everything, and guards nothing
# What credentials look like. Each shape is looked for only where one of its words is: most lines hold none.
# Group 1 is what stays.
_SHAPES = tuple(
    (words, re.compile(shape))
    for words, shape in (
        (("bot",), r"(bot)\d{3,}:[\w-]{8,}"),  # inside a URL's path
        (("/webhooks/", "/interactions/"), r"(/(?:webhooks|interactions)/[^/\s]+/)[\w.~-]{8,}"),
        (("/media/", "/pictures/"), r"(/(?:media|pictures)/)[\w-]{20,}"),  # our signed links, a job's signature
        (("bearer ", "bot ", "basic "), r"((?:Bearer|Bot|Basic)\s+)[\w.~+/=-]{8,}"),
        (
            ("authorization", "cookie", "secret-token"),
            r"((?i:authorization|cookie|secret-token)(?:\\?[\"'])?\s*[:=,]\s*(?:b?\\?[\"'])?)[^\r\n\"'\\]+",
        ),
        (
            ("token", "secret", "signature", "passw", "apikey", "api_key"),
            r"((?i:token|secret|signature|password|passwd|api_?key)(?:\\?[\"']\s*:\s*|=)(?:b?\\?[\"'])?)"
            r"[^\s\"',;&)}\]\\]{4,}",
        ),
        (("://",), r"((?<!\w)\w+://[^:/\s@]*:)[^@\s/]+(?=@)"),
        (("://",), r"((?<!\w)\w+://[^\s?\"'<>]+\?)[^\s\"'<>]+"),  # a signed address, whatever signs it
    )
)
_LONG = re.compile(r"(?<![\w-])[\w-]{40,}")


def _mask_random(match: re.Match[str]) -> str:
    """Masks a long word that looks random: tokens of every platform, signatures, sessions."""
    word = match[0]
    is_random = any(c.islower() for c in word) and any(c.isupper() for c in word) and re.search(r"\d", word)
    return MASK if is_random else word


class Redactor:
    """Masks secrets in a line."""

    def __init__(self, secrets: Iterable[str]) -> None:
        known = sorted({one for one in secrets if len(one) >= _SHORTEST}, key=len, reverse=True)
        self._plain = [one for one in known if re.fullmatch(r"[\w.~-]+", one, re.ASCII)]
        self._others = [re.compile(_spellings(one)) for one in known if one not in self._plain]

    def hide(self, text: str) -> str:
        """The text without the secrets of the settings, however they are quoted or encoded."""
        for spelling in self._others:
            text = spelling.sub(MASK, text)
        for secret in self._plain:
            if secret in text:
                text = text.replace(secret, MASK)
        return text

    def clean(self, text: str) -> str:
        """As `hide`, and without whatever looks like a credential."""
        text = self.hide(text)
        lower = text.lower()
        for words, shape in _SHAPES:
            if any(word in lower for word in words):
                text = shape.sub(rf"\1{MASK}", text)
        return _LONG.sub(_mask_random, text)


def _spellings(secret: str) -> str:
    """A pattern for a secret as it is written in a URL, in JSON, in a repr, or in one of these in another."""
    letters = ({c, quote(c, safe=""), json.dumps(c)[1:-1], repr(c.encode())[2:-1]} for c in secret)
    return r"\\*".join("|".join(map(_backslashed, forms)).join(("(?:", ")")) for forms in letters)


def _backslashed(form: str) -> str:
    """However often it was quoted."""
    return re.sub(r"(?:\\\\)+", lambda _: r"\\+", re.escape(form))


def secrets_of(settings: Settings) -> list[str]:
    """Every secret value of the settings, of comma lists each part, of addresses the password."""
    found: list[str] = []
    for name in type(settings).model_fields:
        value = getattr(settings, name)
        if hasattr(value, "get_secret_value"):
            secret = value.get_secret_value()
            found += [secret, *secret.split(","), *_passwords(secret)]
    return [secret for secret in found if secret]


def _passwords(address: str) -> list[str]:
    try:
        found = urlsplit(address).password if "://" in address else None
    except ValueError:
        found = None
    return [found, unquote(found)] if found else []


class Quieter(logging.Filter):
    """While the store takes nothing, the queue's library says so several times a second, each time with its
    traceback: of each such message one line a minute is enough. Others keep their traceback."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        super().__init__("docket")
        self._clock = clock
        self._again_at: dict[str, float] = {}

    def filter(self, record: logging.LogRecord) -> bool:
        error = record.exc_info[1] if record.exc_info else None
        if not super().filter(record) or not _is_outage(error):
            return True
        while isinstance(error, BaseExceptionGroup):
            error = error.exceptions[0]
        message, now = str(record.msg), self._clock()
        record.msg, record.args = f"{record.getMessage()} ({type(error).__name__}: {error})", ()
        record.exc_info = None
        if now < self._again_at.get(message, now):
            return False
        self._again_at[message] = now + _QUIET_S
        return True


def _is_outage(error: BaseException | None) -> bool:
    if isinstance(error, BaseExceptionGroup):
        return all(map(_is_outage, error.exceptions))
    return isinstance(error, RedisError | OSError)


class _Handler(logging.StreamHandler[Any]):
    """Writes to stderr. A line that cannot be made is told by its place alone: the standard library would
    print its arguments."""

    def handleError(self, record: logging.LogRecord) -> None:  # the standard library's name
        kind = sys.exc_info()[0]
        name = kind.__name__ if kind else "error"
        with suppress(OSError):  # nor can this be written: the log's disk is full, or its reader gone
            sys.stderr.write(f"[error    ] logs.unwritable {name} {record.name} {record.lineno}\n")


def set_up_logs(settings: Settings) -> None:
    """Routes structlog, the standard library, warnings and uncaught exceptions to stderr, redacted."""
    redactor = Redactor(secrets_of(settings))
    shared: list[Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
        structlog.processors.StackInfoRenderer(),
        structlog.processors.format_exc_info,
    ]
    last: Processor = (
        structlog.processors.JSONRenderer(ensure_ascii=False)
        if settings.log_format == "json"
        else structlog.dev.ConsoleRenderer(colors=takes_colour(sys.stderr))
    )
    level = logging.getLevelName(settings.log_level.upper())
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        wrapper_class=structlog.make_filtering_bound_logger(level),
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=True,
    )
    meta = structlog.stdlib.ProcessorFormatter.remove_processors_meta
    handler = _Handler(sys.stderr)
    steps: list[Processor] = [meta, last, lambda _, __, line: redactor.clean(str(line))]
    handler.setFormatter(structlog.stdlib.ProcessorFormatter(foreign_pre_chain=shared, processors=steps))
    handler.addFilter(Quieter())
    logging.basicConfig(handlers=[handler], level=max(level, logging.WARNING), force=True)
    for name in OURS:
        logging.getLogger(name).setLevel(level)
    logging.getLogger("loud").setLevel(logging.INFO)
    logging.captureWarnings(True)
    sys.excepthook = _uncaught
    threading.excepthook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)
    sys.unraisablehook = lambda args: _uncaught(args.exc_type, args.exc_value, args.exc_traceback)


def _uncaught(kind: type[BaseException], error: BaseException | None, trace: TracebackType | None) -> None:
    if error is None or issubclass(kind, KeyboardInterrupt | SystemExit):
        return
    structlog.get_logger(__name__).critical("process.broke", exc_info=(kind, error, trace))

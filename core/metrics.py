"""The metrics of this process, for GET /metrics. Counted at ends: once an answer, never once a piece of it.

Labels take few values: a platform, a model, a message key. Never the id of a person, a chat or a request.
Names are relied on by dashboards and alerts (`docs/`); a test holds them together.
"""

from itertools import product

from prometheus_client import (
    CollectorRegistry,
    Counter,
    Gauge,
    Histogram,
    Info,
    ProcessCollector,
    disable_created_metrics,
    generate_latest,
)

from core.dollars import NANOS_PER_DOLLAR
from core.errors import BotError, Refused, UpstreamError
from core.settings import PLATFORMS

_WAITS = (0.1, 0.25, 0.5, 0.75, 1.0, 1.5, 2.0, 3.0, 5.0, 8.0, 15.0, 30.0, 60.0)  # what a person notices
_LONG = (1.0, 2.0, 3.0, 5.0, 8.0, 12.0, 20.0, 40.0, 80.0, 160.0, 300.0, 600.0)
_LAGS = (0.001, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0)

disable_created_metrics()  # type: ignore[no-untyped-call]  # a second series for each counter, which says what the first one's resets say
REGISTRY = CollectorRegistry()
ProcessCollector(registry=REGISTRY)


def _counter(name: str, text: str, *labels: str) -> Counter:
    return Counter(f"minitool_{name}", text, labels, registry=REGISTRY)


def _gauge(name: str, text: str, *labels: str) -> Gauge:
    return Gauge(f"minitool_{name}", text, labels, registry=REGISTRY)


def _histogram(name: str, text: str, *labels: str, buckets: tuple[float, ...] = _WAITS) -> Histogram:
    return Histogram(f"minitool_{name}", text, labels, registry=REGISTRY, buckets=buckets)


BUILD = Info("minitool_build", "What runs here.", registry=REGISTRY)

# What people asked for, and what became of it
REQUESTS = _counter("requests", "Commands, presses and questions taken.", "platform", "command")
_REFUSALS = _counter("refusals", "Requests that we refused, by the key of the sentence shown.", "reason")
BUGS = _counter("bugs", "Requests that ended with an incident number.")
ANSWERS = _counter("answers", "Answers that ended: done, cut, stopped, failed, refused.", "platform", "outcome")
FIRST_TOKEN = _histogram("first_token_seconds", "From asking the model to its first word.", "model")
FIRST_TEXT = _histogram("first_text_seconds", "From taking a question to its first word on screen.", "platform")
FINAL = _histogram("final_seconds", "From the end of an answer to its final state on screen.", "platform")
WHOLE = _histogram("answer_seconds", "From question to final state.", "platform", buckets=_LONG)
PICTURES = _counter(
    "pictures", "Pictures that ended: fetched, failed, late, unknown, refused.", "platform", "outcome"
)
PAINTING = _histogram("picture_seconds", "From an accepted order to the picture.", "model", buckets=_LONG)

# Money. Counters are of this process; gauges are the store's, the same in every process: take their max.
_SPENT = _counter("spent_dollars", "Booked by this process, in US dollars.", "model")
_TOKENS = _counter("tokens", "Tokens booked by this process.", "model", "kind")
HOLDS = _gauge("holds", "Requests whose money is held now.")
HELD = _gauge("held_dollars", "Money held now, in US dollars.")
BUDGET = _gauge("budget_dollars", "The cap of everybody; +Inf where there is none.", "period")
USED = _gauge("budget_used_dollars", "Booked and held of the cap of everybody.", "period")

# The model's side and the platforms
_UPSTREAM_ERRORS = _counter(
    "upstream_errors", "Failures of the model's side that a person was told of.", "kind"
)
UPSTREAM_RETRIES = _counter("upstream_retries", "Requests to the model's side sent once more.")
UPSTREAM_OPEN = _gauge("upstream_open", "Requests to the model's side that are under way.")
SLOWDOWNS = _counter("slowdowns", "Calls that a platform refused with 429.", "platform")
BLOCKED = _counter(
    "blocked_seconds", "Seconds for which 429s kept us from writing to a chat, or to all.", "platform"
)
PLATFORM_UP = _gauge("platform_up", "Whether this process is connected to the platform it serves.", "platform")
LATENCY = _gauge("platform_latency_seconds", "The gateway's heartbeat, where there is one.", "platform")
HEARD = _gauge("platform_heard_seconds", "Since the platform last sent or answered something.", "platform")

# This process
OPEN_ANSWERS = _gauge("answers_open", "Answers under way.")
OLDEST_ANSWER = _gauge("answers_oldest_seconds", "Age of the oldest answer under way.")
JOBS = _gauge("jobs", "Image orders in this process's hands.", "state")
OLDEST_JOB = _gauge("jobs_oldest_seconds", "Age of the oldest image order in this state.", "state")
OVERDUE_JOB = _gauge("jobs_overdue_seconds", "How far the oldest picture being painted is past its deadline.")
STORE_UP = _gauge("store_up", "Whether the store answers.")
STORE_TRIP = _gauge("store_seconds", "A round trip to the store, measured by this scrape.")
STORE_POOL = _gauge("store_connections", "Connections to the store: used, idle, most.", "state")
LOOP_LAG = _histogram("loop_lag_seconds", "How late the event loop runs what is due.", buckets=_LAGS)
TASKS = _gauge("tasks", "Tasks of the event loop.")

for kind in UpstreamError.__subclasses__():  # a series that begins at 1 has no increase to alert on
    _UPSTREAM_ERRORS.labels(kind.key)
for platform, outcome in product(PLATFORMS, ("fetched", "failed", "late", "unknown", "refused")):
    PICTURES.labels(platform, outcome)


def failed(error: BotError) -> None:
    """A person was told of this. Refusals and failures of the model's side are what is counted."""
    if isinstance(error, Refused):
        _REFUSALS.labels(error.message_key).inc()
    elif isinstance(error, UpstreamError):
        _UPSTREAM_ERRORS.labels(error.key).inc()


def paid(model: str, nanos: int, prompt_tokens: int = 0, completion_tokens: int = 0) -> None:
    """What one answer or picture cost, as it is booked."""
    _SPENT.labels(model).inc(max(0, nanos) / NANOS_PER_DOLLAR)
    if prompt_tokens or completion_tokens:
        _TOKENS.labels(model, "prompt").inc(max(0, prompt_tokens))
        _TOKENS.labels(model, "completion").inc(max(0, completion_tokens))


def text() -> bytes:
    """Everything, as Prometheus reads it."""
    return generate_latest(REGISTRY)

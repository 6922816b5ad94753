"""The dashboard and the alert rules fit the metrics of /metrics, and work."""

import json
import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import yaml

from core import metrics
from core.answer import Phase
from core.errors import UpstreamError
from core.orders.order import STAGES, State
from core.settings import PLATFORMS

DOCS = Path(__file__).resolve().parents[2] / "docs"
ALERTS = DOCS / "alerts.yml"
PROMTOOL = shutil.which("promtool")
needs_promtool = pytest.mark.skipif(
    PROMTOOL is None and not os.environ.get("CI"),
    reason="no promtool found: install it (on Debian: apt-get install prometheus) to check the rules with it",
)
_NAME = re.compile(r"\b((?:minitool|process)_\w+)(?:\{([^}]*)\})?")
_OF_PROMETHEUS = {"instance", "job", "le"}


def families() -> dict[str, set[str]]:
    """Every name that /metrics may show, with its labels."""
    labels = {name: set(getattr(one, "_labelnames", ())) for one, name in _ours()}
    found: dict[str, set[str]] = {"minitool_build_info": {"version", "python"}}
    for name, kind in re.findall(r"^# TYPE (\w+) (\w+)$", metrics.text().decode(), re.MULTILINE):
        suffixes = ("_bucket", "_count", "_sum") if kind == "histogram" else ("",)
        for suffix in suffixes:
            found.setdefault(name + suffix, labels.get(name.removesuffix("_total"), set()))
    return found


def _ours() -> list[tuple[Any, str]]:
    known = metrics.REGISTRY._collector_to_names
    return [(metric, metric._name) for metric in known if hasattr(metric, "_labelnames")]


def panels() -> Iterator[dict[str, Any]]:
    yield from json.loads((DOCS / "grafana.json").read_text("utf-8"))["panels"]


def rules() -> list[dict[str, Any]]:
    return [rule for group in yaml.safe_load(ALERTS.read_text("utf-8"))["groups"] for rule in group["rules"]]


def drawn() -> list[str]:
    return [target["expr"] for panel in panels() for target in panel.get("targets", ())]


EXPRESSIONS = [*drawn(), *(rule["expr"] for rule in rules())]


def test_names_and_labels_are_real() -> None:
    """Every metric that a panel or alert uses exists, with the labels used."""
    known = families()
    for expression in EXPRESSIONS:
        names = _NAME.findall(expression)
        assert names or "up{" in expression, expression
        assert [name for name, _ in names if name not in known] == [], expression
        labels = set().union(*(known[name] for name, _ in names)) | _OF_PROMETHEUS
        for name, selector in names:
            asked = set(re.findall(r"(\w+)\s*(?:=~|!~|!=|=)", selector))
            assert asked <= known[name] | _OF_PROMETHEUS, expression
        grouped = re.findall(r"\b(?:by|on|ignoring)\s*\(([^)]*)\)", expression)
        assert {label.strip() for group in grouped for label in group.split(",")} <= labels, expression


def test_every_metric_is_used() -> None:
    """Each metric of ours is on the dashboard or in an alert."""
    named = {name for expression in EXPRESSIONS for name, _ in _NAME.findall(expression)}
    ours = [name for _, name in _ours()]
    assert len(ours) > 30
    assert [name for name in ours if not any(one.startswith(name) for one in named)] == []


def test_values_of_labels_are_real() -> None:
    """Outcomes, kinds and states that are matched are among the existing ones."""
    real = {
        "outcome": {phase.value for phase in Phase} | {"refused"} | {state.value for state in State},
        "kind": {kind.key for kind in UpstreamError.__subclasses__()},
        "state": {*STAGES, "used", "idle", "most"},
        "period": {"day", "month"},
    }
    asked = re.findall(r'(outcome|kind|state|period)=~?\\?"([\w|-]+)', "\n".join(EXPRESSIONS))
    assert len(asked) > 10
    for label, values in asked:
        assert set(values.split("|")) <= real[label], (label, values)


def test_every_outcome_of_a_picture_starts_at_zero() -> None:
    """A burst of failures counts from its first one: a counter that first appears above 0 has no increase."""
    ends = {state.value for state in State if not state.is_open} - {"cancelled"} | {"refused"}
    for platform in PLATFORMS:
        for end in ends:
            labels = {"platform": platform, "outcome": end}
            assert metrics.REGISTRY.get_sample_value("minitool_pictures_total", labels) is not None, labels


def test_panels_do_not_overlap() -> None:
    """Rows, places, a title and a description for every panel."""
    taken: set[tuple[int, int]] = set()
    for panel in panels():
        at = panel["gridPos"]
        cells = {(x, y) for x in range(at["x"], at["x"] + at["w"]) for y in range(at["y"], at["y"] + at["h"])}
        assert at["x"] + at["w"] <= 24
        assert not cells & taken, panel["title"]
        taken |= cells
        assert panel["title"]
        assert panel["type"] == "row" or panel["description"]
    assert len({panel["id"] for panel in panels()}) == len([*panels()])


def test_every_alert_says_what_to_do() -> None:
    """Each has a name, a severity, a summary and a description."""
    for rule in rules():
        assert rule["alert"].startswith("Bot")
        assert rule["labels"]["severity"] in ("critical", "warning")
        assert len(rule["annotations"]["description"]) > 40


def promtool(*args: str, stdin: bytes = b"") -> str:
    assert PROMTOOL, "these tests are never skipped where CI is set"
    done = subprocess.run([PROMTOOL, *args], input=stdin, capture_output=True, check=False)
    output = (done.stdout + done.stderr).decode()
    assert done.returncode == 0, output
    return output


@needs_promtool
def test_promtool_reads_our_metrics() -> None:
    """The text of /metrics is well formed and named as Prometheus wants it."""
    assert promtool("check", "metrics", stdin=metrics.text()) == ""


@needs_promtool
def test_promtool_reads_rules_and_panels(tmp_path: Path) -> None:
    """Every expression parses, of the alerts as they are, of the dashboard with its variables filled in."""
    filled = [
        expression.replace("$__rate_interval", "5m").replace("$instance", ".*").replace("$__interval", "1m")
        for expression in drawn()
    ]
    recorded = [{"record": f"panel:number{number}", "expr": one} for number, one in enumerate(filled)]
    file = tmp_path / "panels.yml"
    file.write_text(yaml.safe_dump({"groups": [{"name": "panels", "rules": recorded}]}))
    promtool("check", "rules", str(ALERTS))
    promtool("check", "rules", str(file))


MINUTE = "1m"
# What must be seen (series as promtool writes them), when, and the alert that it must set off.
FIRES = {
    "BotDown": (["up{job='minitool-bots'} 0x10"], 5),
    "BotStoreAway": (["minitool_store_up 0x10"], 5),
    "BotPlatformDown": (["minitool_platform_up{platform='discord'} 0x10"], 8),
    "BotKeyRefused": (["minitool_upstream_errors_total{kind='bad-key'} 0 0 1x20"], 5),
    "BotAnswersFail": (
        [
            "minitool_answers_total{platform='telegram',outcome='failed'} 0+2x40",
            "minitool_answers_total{platform='telegram',outcome='done'} 0+4x40",
        ],
        30,
    ),
    "BotBroke": (["minitool_bugs_total 0 0 1x20"], 5),
    "BotFirstTextSlow": (
        [
            "minitool_first_text_seconds_bucket{platform='web',le='8.0'} 0+1x60",
            "minitool_first_text_seconds_bucket{platform='web',le='15.0'} 0+3x60",
            "minitool_first_text_seconds_bucket{platform='web',le='+Inf'} 0+3x60",
            "minitool_first_text_seconds_count{platform='web'} 0+3x60",
        ],
        40,
    ),
    "BotFinalSlow": (
        [
            "minitool_final_seconds_bucket{platform='discord',le='8.0'} 0+1x60",
            "minitool_final_seconds_bucket{platform='discord',le='30.0'} 0+3x60",
            "minitool_final_seconds_bucket{platform='discord',le='+Inf'} 0+3x60",
            "minitool_final_seconds_count{platform='discord'} 0+3x60",
        ],
        40,
    ),
    "BotBlocked": (["minitool_blocked_seconds_total{platform='telegram'} 0+45x60"], 40),
    "BotBudgetNear": (
        ["minitool_budget_used_dollars{period='day'} 9.5x10", "minitool_budget_dollars{period='day'} 10x10"],
        2,
    ),
    "BotHoldsLinger": (
        ["minitool_holds 2x30", "minitool_answers_open 0x30", "minitool_jobs{state='painting'} 0x30"],
        25,
    ),
    "BotPicturesFail": (
        [
            "minitool_pictures_total{outcome='failed',platform='web'} 0+5x240",
            "minitool_pictures_total{outcome='refused',platform='web'} 0+90x240",
        ],
        30,
    ),
    "BotPicturesOverdue": (["minitool_jobs_overdue_seconds 121+60x20"], 10),
    "BotPicturesLost": (["minitool_pictures_total{outcome='late',platform='web'} 0+1x80"], 30),
    "BotLoopSlow": (
        [
            "minitool_loop_lag_seconds_bucket{le='0.5'} 0+10x30",
            "minitool_loop_lag_seconds_bucket{le='1.0'} 0+240x30",
            "minitool_loop_lag_seconds_bucket{le='+Inf'} 0+240x30",
        ],
        20,
    ),
    "BotStoreSlow": (["minitool_store_seconds 0.3x30"], 15),
    "BotStorePoolFull": (
        ["minitool_store_connections{state='used'} 120x30", "minitool_store_connections{state='most'} 128x30"],
        10,
    ),
    "BotFilesRunOut": (
        ["process_open_fds{job='minitool-bots'} 900x30", "process_max_fds{job='minitool-bots'} 1000x30"],
        10,
    ),
}
WELL = [
    "up{job='minitool-bots'} 1x60",
    "minitool_store_up 1x60",
    "minitool_store_seconds 0.001x60",
    "minitool_bugs_total 0x60",
    "minitool_platform_up{platform='discord'} 1x60",
    "minitool_holds 1x60",
    "minitool_answers_open 1x60",
    "minitool_jobs{state='painting'} 0x60",
    "minitool_answers_total{platform='telegram',outcome='done'} 0+9x60",
    "minitool_answers_total{platform='telegram',outcome='failed'} 0+1x60",
    "minitool_pictures_total{platform='telegram',outcome='fetched'} 0+9x60",
    "minitool_pictures_total{platform='telegram',outcome='failed'} 0+1x60",
    "minitool_pictures_total{platform='telegram',outcome='refused'} 0+90x60",
    "minitool_jobs_overdue_seconds 0x60",
]


@needs_promtool
def test_every_alert_goes_off_when_it_should(tmp_path: Path) -> None:
    """Each alert fires for a series of events, and is silent while all is well."""
    assert set(FIRES) == {rule["alert"] for rule in rules()}
    cases = [
        _case(seen, {minutes: f'count(ALERTS{{alertname="{alert}",alertstate="firing"}})'}, "1")
        for alert, (seen, minutes) in FIRES.items()
    ]
    quiet = _case(WELL, {5: "count(ALERTS)", 50: "count(ALERTS)"}, "")
    file = tmp_path / "alerts_test.yml"
    body = {"rule_files": [str(ALERTS)], "evaluation_interval": MINUTE, "tests": [*cases, quiet]}
    file.write_text(yaml.safe_dump(body))
    promtool("test", "rules", str(file))


def _case(seen: list[str], asked: dict[int, str], value: str) -> dict[str, Any]:
    """A course of events, and what a query finds after so many minutes ("" = nothing)."""
    samples = [{"labels": "{}", "value": int(value)}] if value else []
    return {
        "interval": MINUTE,
        "input_series": [_series(line) for line in seen],
        "promql_expr_test": [
            {"expr": query, "eval_time": f"{minutes}m", "exp_samples": samples}
            for minutes, query in asked.items()
        ],
    }


def _series(line: str) -> dict[str, str]:
    name, _, values = line.partition(" ")
    return {"series": name, "values": values}

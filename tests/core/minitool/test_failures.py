"""Every failure of the connection and every status has its own error."""

import time
from typing import Any

import httpx
import msgspec
import pytest

from core import errors
from core.minitool import failures


def subclasses(kind: type) -> list[type]:
    return [kind, *(found for direct in kind.__subclasses__() for found in subclasses(direct))]


@pytest.mark.parametrize("kind", subclasses(httpx.HTTPError), ids=lambda kind: kind.__name__)
def test_every_httpx_error_has_a_mapping(kind: type[httpx.HTTPError]) -> None:
    """Every httpx error becomes an UpstreamError whose cause names it."""
    options: dict[str, Any] = {}
    if kind is httpx.HTTPStatusError:
        options = {"request": httpx.Request("POST", "http://x"), "response": httpx.Response(500)}
    error = failures.from_httpx(kind("secret text", **options))
    assert isinstance(error, errors.UpstreamError)
    assert error.message_key == "unreachable"
    assert "secret" not in error.cause
    assert error.cause


@pytest.mark.parametrize(
    ("status", "kind"),
    [
        (400, errors.Rejected), (401, errors.BadKey), (402, errors.BadKey), (403, errors.BadKey),
        (404, errors.Rejected), (408, errors.Unreachable), (413, errors.Rejected), (422, errors.Rejected),
        (429, errors.Throttled), (500, errors.Unreachable), (502, errors.Unreachable),
        (503, errors.Unreachable), (504, errors.Unreachable), (302, errors.Unreachable),
        (529, errors.Unreachable),
    ],
)  # fmt: skip
def test_statuses_with_any_body(status: int, kind: type) -> None:
    """A status has its error whatever the body is, and no text of the body reaches the cause."""
    for body in (
        b"",
        b"<html><h1>Oops</h1>",
        b'{"error": "text"}',
        b"[1]",
        b"\xff",
        b'{"error":{"message":"sk-secret said Bob"}}',
    ):
        error = failures.from_status(status, {}, body)
        assert type(error) is kind, body
        assert error.cause == f"HTTP {status}", body
        assert error.message_key != "unreachable", body  # it answered


@pytest.mark.parametrize("error", ["text", {"message": "overheated"}, {"code": "500"}, 7])
def test_a_trouble_that_is_told_is_its_own(error: object) -> None:
    """An error object in a response proves that the server was reached; it is still told from an unreachable
    server."""
    failure = failures.from_error(error)
    assert (type(failure), failure.message_key) == (errors.Unreachable, "upstream")


@pytest.mark.parametrize("code", ["sk-abcdef", "x" * 61, "two words", "Bob's question\n", "<b>"])
def test_codes_that_are_none_are_left_out(code: str) -> None:
    """A "code" that could be a key or somebody's text is not logged."""
    body = msgspec.json.encode({"error": {"code": code}})
    assert failures.from_status(400, {}, body).cause == "HTTP 400"


def test_codes_decide_what_a_status_leaves_open() -> None:
    """Lack of money and a wrong key concern the operator, with any status, and so does a 403; a too long
    context, or any other fault of the question, the asker."""
    for code, is_balance in (("insufficient_quota", True), ("invalid_api_key", False)):
        for status in (400, 403, 404, 429, 500):
            error = failures.from_status(status, {}, msgspec.json.encode({"error": {"code": code}}))
            assert isinstance(error, errors.BadKey), status
            assert error.is_balance is is_balance
    for status, is_balance in ((401, False), (402, True)):
        error = failures.from_status(status, {}, b"")
        assert isinstance(error, errors.BadKey)
        assert error.is_balance is is_balance
    long = failures.from_status(400, {}, b'{"error": {"code": "context_length_exceeded"}}')
    assert (long.data["reason"], long.cause) == ("too-long", "HTTP 400 context_length_exceeded")
    assert failures.from_status(413, {}, b"").data["reason"] == "too-long"
    no_model = b'{"error": {"code": "model_not_found"}}'
    for status, body in ((404, b""), (400, no_model), (403, no_model)):
        assert failures.from_status(status, {}, body).message_key == "no-model"
    for status in (400, 403):
        filtered = failures.from_status(status, {}, b'{"error": {"type": "content_filter"}}')
        assert filtered.data["reason"] == "content"


@pytest.mark.parametrize(
    ("value", "seconds"),
    [("7", 7.0), ("0", 0.0), ("1.5", 1.5), ("", None), ("soon", None), ("-3", None), ("1e9", None),
    ("9" * 40, None),
     ("Mon, 12 Jan 1970 13:47:00 GMT", 20.0), ("Mon, 12 Jan 1970 13:00:00 GMT", 0.0)],
)  # fmt: skip
def test_retry_after(value: str, seconds: float | None) -> None:
    """Seconds or a date, never negative; nonsense counts as absent."""
    assert failures.parse_retry_after({"retry-after": value}, now=1_000_000.0) == seconds


@pytest.mark.parametrize("zone", ["", " -0000"])
def test_a_moment_without_a_zone_is_in_utc(zone: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever this machine's time zone."""
    monkeypatch.setenv("TZ", "XYZ+5")
    time.tzset()
    try:
        headers = {"retry-after": f"Mon, 12 Jan 1970 13:47:00{zone}"}
        assert failures.parse_retry_after(headers, now=1_000_000.0) == 20.0
    finally:
        monkeypatch.undo()
        time.tzset()

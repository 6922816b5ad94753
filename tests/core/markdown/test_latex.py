"""Formulas become readable text for any chat."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from core.markdown.latex import readable


@pytest.mark.parametrize(
    ("source", "text"),
    [
        (r"x^2 + \frac{a}{b}", "x² + a/b"),
        (r"x = \frac{-b \pm \sqrt{b^2 - 4ac}}{2a}", "x = (-b ± √(b² - 4ac))/(2a)"),
        (r"\alpha_i \leq \sqrt{x+1}", "αᵢ ≤ √(x+1)"),
        (r"\sum_{i=1}^{n} i = \frac{n(n+1)}{2}", "∑ᵢ₌₁ⁿ i = n(n+1)/2"),
        (r"\Delta = 4 \cdot 1", "Δ = 4 · 1"),
        (r"x_{abq}", "x_(abq)"),
        (r"\lim_{x \to 0} \frac{\sin x}{x}", "lim_(x → 0) (sin x)/x"),
        (r"\log_2 n + \sin\theta\cos\phi", "log₂ n + sin θ cos φ"),
        (r"\frac12 + \sqrt[3]{2x} + 2\pi r", "1/2 + ∛(2x) + 2πr"),
        (r"\vec{v} \in \mathbb{R}^n, \overline{AB}", "v\u20d7 ∈ ℝⁿ, A\u0305B\u0305"),
        (r"\binom{n}{k}, 90^\circ, f'(x)", "C(n, k), 90°, f'(x)"),
        (r"\left\lfloor \frac{x}{2} \right\rfloor", "⌊x/2⌋"),
        (r"A = \begin{pmatrix} a & b \\ c & d \end{pmatrix}", "A = (a, b; c, d)"),
        (r"\begin{cases} x & \text{if } x \geq 0 \\ -x, & \text{else} \end{cases}", "{ x, if x ≥ 0; -x, else"),
        (r"\begin{aligned} x &= 1 \\ &= \boxed{2} \end{aligned}", "x = 1\n= 2"),
        (r"\ce{2H2 + O2 -> 2H2O}", "2H₂ + O₂ → 2H₂O"),
        (r"\ce{SO4^2- + Ca^{2+} + NH4+ + A-B}", "SO₄²⁻ + Ca²⁺ + NH₄⁺ + A-B"),
        (r"\unknown + \other{x}", "unknown + other(x)"),
        (r"5\% \text{ of } \{1\}", "5% of {1}"),
        (r"2\frac{1}{2} + 3 \frac14", "2 1/2 + 3 1/4"),
        (r"V = \frac{4}{3}\pi r^3", "V = (4/3)πr³"),
        (r"\frac{1}{2}mv^2 + \frac{1}{2}(a+b)", "(1/2)mv² + (1/2)(a+b)"),
        (r"\frac{d}{dx}\left[ x \right] = \frac{a}{b} \cdot c", "(d/dx)[x] = a/b · c"),
        (r"\frac{1}{2}^n + \frac{1}{2} \text{ kg}", "(1/2)ⁿ + 1/2 kg"),
        (r"\sqrt{a}b + \sqrt{2}\pi + \sqrt{x+1}y", "√(a)b + √(2)π + √(x+1)y"),
        (r"\text{if }x>0", "if x>0"),
        (r"\left.\frac{x^3}{3}\right|_0^1", "x³/3|₀¹"),
        (r"\left\{\begin{array}{ll} 1 & x>0\\ 0 & x<0\end{array}\right.", "{1, x>0; 0, x<0"),
        (r"\begin{aligned} x &= 1\\[6pt] y &= 2 \end{aligned}", "x = 1\ny = 2"),
        (r"a\equiv b\pmod{n}, a \bmod b", "a ≡ b (mod n), a mod b"),
        (r"5~\text{m}", "5 m"),
        (r"\underbrace{a+b}_{\text{sum}}", "(a+b)_(sum)"),
        (r"a \lt b \gt c \not= d \nmid e \not\in f", "a < b > c ≠ d ∤ e ∉ f"),
        (r"A \longleftrightarrow B \triangleq C \preceq D", "A ⟷ B ≜ C ⪯ D"),
        (r"\bigoplus \blacksquare \heartsuit \dotsc", "⨁ ■ ♥ …"),
        (r"\overrightarrow{AB} \cancel{x}", "A\u20d7B\u20d7 x\u0336"),
        (r"\sum_{\substack{i<n\\j<m}} {\rm d}x {\bf y}", "∑_(i<n, j<m) dx y"),
        (r"3\times 10^8, 3 \times10^8, 3\times10^8", "3 × 10⁸, 3 × 10⁸, 3×10⁸"),
        (r"A\cup B, x\in A, P(A\mid B), x = \pm2", "A ∪ B, x ∈ A, P(A | B), x = ±2"),
    ],
)
def test_formulas_are_readable(source: str, text: str) -> None:
    """Symbols, fractions, roots, matrices, cases, accents, superscripts and subscripts are written out."""
    assert readable(source) == text


_PIECES = r"\frac \sqrt \begin{cases} \end{cases} \left( \text{ \ce{ \\ & { } [ ] _ ^ x 12 \alpha \vec ж"


@given(st.lists(st.sampled_from(_PIECES.split()), max_size=25).map("".join))
def test_nothing_raises_and_nothing_is_lost(source: str) -> None:
    """Broken and unfinished formulas give some text with every variable."""
    assert readable(source).count("ж") == source.count("ж")


@pytest.mark.parametrize(
    "source", ["{" * 5000, r"\frac" * 5000, "^" * 5000, r"\begin{cases}" * 3000, r"\sqrt[" * 3000]
)
def test_deep_nesting_is_harmless(source: str) -> None:
    """Deep braces neither raise nor hang."""
    readable(source)


@pytest.mark.parametrize("room", [" ", "\t", r"\, ", r"\quad "])
def test_many_blanks_are_read_quickly(room: str) -> None:
    """Within the test's time limit, as the text is parsed with each show."""
    assert readable(f"x{room * (500_000 // len(room))}y").split() == ["x", "y"]

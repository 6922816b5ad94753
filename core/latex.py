"""LaTeX to readable Unicode."""

import re

import pyromark

_PAIRS = """
    alpha=α beta=β gamma=γ delta=δ epsilon=ε varepsilon=ε zeta=ζ eta=η theta=θ iota=ι kappa=κ lambda=λ
    mu=μ nu=ν xi=ξ pi=π rho=ρ sigma=σ tau=τ upsilon=υ phi=φ varphi=φ chi=χ psi=ψ omega=ω Gamma=Γ Delta=Δ
    Theta=Θ Lambda=Λ Xi=Ξ Pi=Π Sigma=Σ Phi=Φ Psi=Ψ Omega=Ω times=× cdot=· div=÷ pm=± mp=∓ leq=≤ le=≤
    geq=≥ ge=≥ neq=≠ ne=≠ approx=≈ equiv=≡ sim=∼ propto=∝ infty=∞ partial=∂ nabla=∇ sum=∑ prod=∏ int=∫
    oint=∮ forall=∀ exists=∃ in=∈ notin=∉ subset=⊂ subseteq=⊆ supset=⊃ cup=∪ cap=∩ emptyset=∅ to=→
    rightarrow=→ leftarrow=← Rightarrow=⇒ Leftarrow=⇐ Leftrightarrow=⇔ iff=⇔ implies=⇒ mapsto=↦ ldots=…
    dots=… cdots=⋯ degree=° circ=∘ angle=∠ perp=⊥ parallel=∥ land=∧ wedge=∧ lor=∨ vee=∨ neg=¬ lnot=¬
    hbar=ℏ ell=ℓ Re=ℜ Im=ℑ aleph=ℵ star=⋆ langle=⟨ rangle=⟩ lbrace={ rbrace=}
    """
_SYMBOLS = dict(pair.split("=") for pair in _PAIRS.split())
_SPACES = {"quad": " ", "qquad": "  ", ",": " ", ";": " ", ":": " ", "!": "", " ": " ", "\\": "\n"}
_DROPPED = frozenset({"left", "right", "displaystyle", "textstyle", "limits", "big", "Big", "bigl", "bigr"})
_UP = str.maketrans("0123456789+-=()niabcdefghjklmoprstuvwxyz", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻ")
_DOWN = str.maketrans("0123456789+-=()aeoxhklmnpstij", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼ")
_TOKEN = re.compile(r"\\([A-Za-z]+|.)\s*|([_^])|([{}])|([^\\_^{}]+)|\\$", re.DOTALL)
_DEEPEST = 12
_CERTAIN = re.compile(r"[\\^_{}=<>]")
_LIKELY = re.compile(r"\d+(?:[.,]\d+)?|(?=.*[A-Za-z])(?!.*[A-Za-z]{2})[-+*/().,!|' \w]*[\w)!']")


def is_formula(source: str) -> bool:
    """Whether what stands between two dollar signs is a formula, and not the text between two prices."""
    return bool(_CERTAIN.search(source) or _LIKELY.fullmatch(source))


def readable(source: str) -> str:
    """LaTeX as a person would write it in a chat: symbols, raised and lowered letters, fractions as a/b.

    What is not known stays as it stands; nothing is lost and nothing raises.
    """
    parts = [match.group(0) for match in _TOKEN.finditer(source)]
    text, at = "", 0
    while at < len(parts):
        piece, at = _piece(parts, at, _DEEPEST)
        text += piece
    return re.sub(r"[ \t]+", " ", text).strip()


def _piece(parts: list[str], at: int, depth: int) -> tuple[str, int]:
    """One piece with its arguments as text, and where the next one begins."""
    part = parts[at]
    if part == "{" and depth:
        return _group(parts, at, depth)
    if part in "_^" and depth:
        inner, after = _argument(parts, at + 1, depth)
        return _shifted(inner, part), after
    if not part.startswith("\\"):
        return ("" if part == "}" else part), at + 1
    return _command(parts, at, depth)


def _command(parts: list[str], at: int, depth: int) -> tuple[str, int]:
    name = parts[at][1:].rstrip() or " "
    if name in ("frac", "dfrac", "tfrac") and depth:
        above, after = _argument(parts, at + 1, depth)
        below, after = _argument(parts, after, depth)
        return f"{_bracketed(above)}/{_bracketed(below)}", after
    if name == "sqrt" and depth:
        inner, after = _argument(parts, at + 1, depth)
        return f"√{_bracketed(inner)}", after
    if name in ("text", "mathrm", "mathbf", "mathit", "operatorname", "mathbb", "mathcal", "textbf") and depth:
        return _argument(parts, at + 1, depth)
    if name in _DROPPED:
        return "", at + 1
    if name in _SYMBOLS:
        return _SYMBOLS[name], at + 1
    if name in _SPACES:
        return _SPACES[name], at + 1
    return (name if not name[0].isalpha() else name + " " if parts[at].endswith(" ") else name), at + 1


def _argument(parts: list[str], at: int, depth: int) -> tuple[str, int]:
    if at >= len(parts):
        return "", at
    part = parts[at]
    if part == "{" or part.startswith("\\"):
        return _piece(parts, at, depth - 1)
    bare = part.lstrip()
    if len(bare) > 1:  # only its first character belongs to what stands before
        parts[at] = bare[1:]
        return bare[0], at
    return bare, at + 1


def _group(parts: list[str], at: int, depth: int) -> tuple[str, int]:
    text, at = "", at + 1
    while at < len(parts) and parts[at] != "}":
        piece, at = _piece(parts, at, depth - 1)
        text += piece
    return text, at + 1


def _shifted(inner: str, sign: str) -> str:
    """Raised or lowered where every letter has such a form."""
    table = _UP if sign == "^" else _DOWN
    if inner and all(ord(char) in table for char in inner):
        return inner.translate(table)
    return f"{sign}({inner})" if len(inner) > 1 else f"{sign}{inner}"


def _bracketed(text: str) -> str:
    return text if len(text) <= 1 or text.isalnum() else f"({text})"


_BRACKET_MATH = re.compile(
    rb"\\\((?:[^\n\\]|\\[^()\n]|\n(?!\s*\n))+?\\\)|\\\[(?:[^\n\\]|\\[^\[\]\n]|\n(?!\s*\n))+?\\\]"
)


def dollars(markdown: str, options: pyromark.Options) -> str:
    r"""The source with `\(x\)` and `\[x\]` as `$$x$$`, which is as long, outside of code."""
    if "\\(" not in markdown and "\\[" not in markdown:
        return markdown
    source = markdown.encode()
    formulas = list(_BRACKET_MATH.finditer(source))
    if not formulas:
        return markdown
    code = [
        (span["start"], span["end"])
        for event, span in pyromark.events_with_range(markdown, options=options)
        if isinstance(event, dict) and ("Code" in event or event.get("End") == "CodeBlock")
    ]
    changed = bytearray(source)
    for formula in formulas:
        start, end = formula.span()
        if not any(left <= start < right for left, right in code):
            changed[start : start + 2] = changed[end - 2 : end] = b"$$"
    return changed.decode()

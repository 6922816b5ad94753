"""LaTeX to readable Unicode."""

import re
from functools import lru_cache
from unicodedata import normalize


def _words(text: str) -> frozenset[str]:
    return frozenset(text.split())


_PAIRS = """
    alpha=α beta=β gamma=γ delta=δ epsilon=ε varepsilon=ε zeta=ζ eta=η theta=θ vartheta=ϑ iota=ι kappa=κ
    lambda=λ mu=μ nu=ν xi=ξ pi=π varpi=ϖ rho=ρ varrho=ϱ sigma=σ varsigma=ς tau=τ upsilon=υ phi=φ varphi=φ
    chi=χ psi=ψ omega=ω Gamma=Γ Delta=Δ Theta=Θ Lambda=Λ Xi=Ξ Pi=Π Sigma=Σ Upsilon=Υ Phi=Φ Psi=Ψ Omega=Ω
    times=× cdot=· div=÷ pm=± mp=∓ ast=∗ star=⋆ circ=∘ bullet=• oplus=⊕ ominus=⊖ otimes=⊗ odot=⊙ dagger=†
    leq=≤ le=≤ leqslant=≤ geq=≥ ge=≥ geqslant=≥ ll=≪ gg=≫ neq=≠ ne=≠ approx=≈ equiv=≡ sim=∼ simeq=≃ cong=≅
    propto=∝ asymp=≍ models=⊨ vdash=⊢ nmid=∤ parallel=∥ perp=⊥ angle=∠ triangle=△ square=□ infty=∞ partial=∂
    nabla=∇ sum=∑ prod=∏ coprod=∐ int=∫ iint=∬ iiint=∭ oint=∮ forall=∀ exists=∃ nexists=∄ in=∈ notin=∉ ni=∋
    subset=⊂ subseteq=⊆ subsetneq=⊊ supset=⊃ supseteq=⊇ cup=∪ cap=∩ bigcup=⋃ bigcap=⋂ setminus=∖ emptyset=∅
    varnothing=∅ to=→ rightarrow=→ leftarrow=← leftrightarrow=↔ longrightarrow=⟶ longleftarrow=⟵ uparrow=↑
    downarrow=↓ hookrightarrow=↪ rightleftharpoons=⇌ Rightarrow=⇒ Leftarrow=⇐ Leftrightarrow=⇔
    Longrightarrow=⟹ iff=⇔ implies=⇒ impliedby=⇐ mapsto=↦ gets=← ldots=… dots=… cdots=⋯ vdots=⋮ ddots=⋱
    degree=° land=∧ wedge=∧ lor=∨ vee=∨ neg=¬ lnot=¬ top=⊤ bot=⊥ hbar=ℏ ell=ℓ Re=ℜ Im=ℑ aleph=ℵ wp=℘ prime=′
    therefore=∴ because=∵ checkmark=✓ langle=⟨ rangle=⟩ lbrace={ rbrace=} lvert=| rvert=| vert=| lVert=‖
    rVert=‖ Vert=‖ lfloor=⌊ rfloor=⌋ lceil=⌈ rceil=⌉ backslash=\\ colon=: imath=ı jmath=ȷ pounds=£ euro=€
    lt=< gt=> nleq=≰ ngeq=≱ lesssim=≲ gtrsim=≳ prec=≺ succ=≻ preceq=⪯ succeq=⪰ triangleq=≜ doteq=≐ coloneqq=≔
    longleftrightarrow=⟷ Longleftrightarrow=⟺ Longleftarrow=⟸ leadsto=⇝ rightsquigarrow=⇝ nearrow=↗ searrow=↘
    bigoplus=⨁ bigotimes=⨂ bigvee=⋁ bigwedge=⋀ bigcirc=◯ sqcup=⊔ sqcap=⊓ sqsubseteq=⊑ dashv=⊣ vDash=⊨ nvdash=⊬
    blacksquare=■ qed=∎ Box=□ Diamond=◇ diamond=⋄ bowtie=⋈ ddagger=‡ complement=∁ beth=ℶ surd=√ flat=♭ sharp=♯
    natural=♮ clubsuit=♣ heartsuit=♥ spadesuit=♠ diamondsuit=♦ copyright=© S=§ P=¶ dotsc=… dotsb=⋯ dotsm=⋯
    """
_SYMBOLS = dict(pair.split("=", 1) for pair in _PAIRS.split()) | {"|": "‖", "mid": " | "}
_SPACES = {
    "quad": "  ",
    "qquad": "   ",
    ",": " ",
    ";": " ",
    ":": " ",
    ">": " ",
    "!": "",
    " ": " ",
    "\\": "\n",
    "newline": "\n",
}
_FUNCTIONS = _words("""
    arccos arcsin arctan arg cos cosh cot csc deg det dim exp gcd inf ker lcm lim liminf limsup ln log max
    min mod Pr rank sec sin sinh sup tan tanh tr
    """)  # not for people: LaTeX's names
_DROPPED = _words("""
    left right middle displaystyle textstyle scriptstyle limits nolimits big Big bigg Bigg bigl bigr Bigl
    Bigr biggl biggr nonumber notag hline rm bf it sf tt small large Large tiny strut mathstrut
    """)  # not for people: LaTeX's names
_SAME = _words("""
    text textbf textit textrm textsc texttt mathrm mathbf mathit mathsf mathtt mathcal mathscr mathfrak
    boldsymbol bm operatorname boxed fbox emph mbox hbox mathop mathbin
    """)  # not for people: LaTeX's names
_ACCENTS = {"vec": "\u20d7", "hat": "\u0302", "widehat": "\u0302", "bar": "\u0305", "overline": "\u0305"}
_ACCENTS |= {"tilde": "\u0303", "widetilde": "\u0303", "dot": "\u0307", "ddot": "\u0308", "underline": "\u0332"}
_ACCENTS |= {"overrightarrow": "\u20d7", "overleftarrow": "\u20d6", "check": "\u030c", "breve": "\u0306"}
_ACCENTS |= {"acute": "\u0301", "grave": "\u0300", "mathring": "\u030a"}
_ACCENTS |= dict.fromkeys(("cancel", "bcancel", "xcancel"), "\u0336")
_FACTORS = _words("""
    frac dfrac tfrac binom sqrt left mathrm mathbf mathcal mathbb mathit boldsymbol bm operatorname
    """)  # not for people: LaTeX's names
_DOUBLE = str.maketrans("CEHNPQRZ1", "ℂ𝔼ℍℕℙℚℝℤ𝟙")
_ROOTS = {"": "√", "2": "√", "3": "∛", "4": "∜"}
_UP = str.maketrans(
    "0123456789+-=()niabcdefghjklmoprstuvwxyzTαβγδθ∘′", "⁰¹²³⁴⁵⁶⁷⁸⁹⁺⁻⁼⁽⁾ⁿⁱᵃᵇᶜᵈᵉᶠᵍʰʲᵏˡᵐᵒᵖʳˢᵗᵘᵛʷˣʸᶻᵀᵅᵝᵞᵟᶿ°′"
)
_DOWN = str.maketrans("0123456789+-=()aeoxhklmnpstijruvβγρφχ", "₀₁₂₃₄₅₆₇₈₉₊₋₌₍₎ₐₑₒₓₕₖₗₘₙₚₛₜᵢⱼᵣᵤᵥᵦᵧᵨᵩᵪ")
_FENCES = {"pmatrix": ("(", ")"), "bmatrix": ("[", "]"), "Bmatrix": ("{", "}"), "cases": ("{ ", "")}
_FENCES |= {"vmatrix": ("|", "|"), "Vmatrix": ("‖", "‖")}
_TABLES = frozenset({"matrix", "smallmatrix", "array", "rcases", *_FENCES})
_CLOSE = re.compile(r"[^\W\d_]|[∂∇∑∏∫∬∭∮∀∃¬]")  # symbols that stand close to what follows
_LETTERS, _LETTERS_BEFORE = re.compile(r"[A-Za-zͰ-Ͽ]+|\d"), re.compile(r"[A-Za-zͰ-Ͽ]+$|\d$")
_BETWEEN = "×·÷±∓∗⋆∘⊕⊖⊗⊙≤≥≪≫≠≈≡∼≃≅∝≍≺≻⪯⪰≜≐≔→←↔⟶⟵⟷⇒⇐⇔⟹⟺↦∈∉∋⊂⊆⊊⊃⊇∪∩∖∧∨⊔⊓"  # two things
_AFTER_ONE = re.compile(rf"[\w)\]}}'] [{_BETWEEN}]$")
_FRACTION = re.compile(r"\d+/\d")
_FACTOR = re.compile(r"[\w(\[^]")
_IN_BRACKETS, _APART = re.compile(r"\([^()]*\)"), re.compile(r"[-+±∓=<>≤≥≈≠,;/ ]")
_ONE = re.compile(r"[^\W\d_]+['′]*|\d+|[^\W\d_]?\([^()]*\)|[^\W\d_][₀-ₜᵢⱼ]+")
_TOKEN = re.compile(
    r"\\\\\[-?[\d.]+ ?[a-z]{2}\]|\\(?:[A-Za-z]+\*?|.)\s*|[_^]\s*|[{}&]|[^\\_^{}&]+|\\$", re.DOTALL
)
_ROOM, _ROOM_INSIDE = re.compile(r"[ \t]+"), re.compile(r"(?<=[(\[⌊⌈⟨]) | (?=[)\]⌋⌉⟩])")
_DEEPEST = 12
_LONGEST_NAME = 8  # of a function, and the letter before it


@lru_cache(maxsize=128)  # while an answer grows, the formulas of its last block are read again with each show
def readable(source: str) -> str:
    """LaTeX as a person would write it in a chat: symbols, raised and lowered letters, fractions as a/b.

    What is not known stays as a word; nothing is lost and nothing raises.
    """
    text = _ROOM.sub(" ", _Reader(source).all())
    text = _ROOM_INSIDE.sub("", text)
    return "\n".join(filter(None, map(str.strip, text.split("\n"))))


class _Reader:
    """Reads a formula piece by piece, each with its arguments."""

    def __init__(self, source: str) -> None:
        self._parts: list[str] = _TOKEN.findall(source)
        self._at = 0
        self._depth = 0

    def all(self) -> str:
        return self._until(None)

    def _until(self, end: str | None) -> str:
        """The text up to the part that ends it, which is passed over."""
        text = ""
        while self._at < len(self._parts):
            if self._parts[self._at] == end:
                self._at += 1
                break
            text = _beside(text, self._piece())
        return text

    def _piece(self) -> str:
        part = self._parts[self._at]
        self._at += 1
        if part.startswith("\\"):
            return self._command(part)
        script = part.strip()
        if script in ("_", "^"):
            return shifted(self._argument(), script)
        if part == "{":
            return self._group()
        return "" if part in ("}", "&") else part.replace("~", " ")

    def _group(self) -> str:
        """What stands in the braces that were just opened; too deep ones are read as if they were none."""
        if self._depth >= _DEEPEST:
            return ""
        self._depth += 1
        text = self._until("}")
        self._depth -= 1
        return text

    def _argument(self, *, keeps_space: bool = False) -> str:
        if self._at >= len(self._parts):
            return ""
        part = self._parts[self._at]
        if part == "{" or (part.startswith("\\") and self._depth < _DEEPEST):
            self._depth += 1
            text = self._piece()
            self._depth -= 1
            return text if keeps_space else text.strip()
        bare = part.lstrip()
        if len(bare) > 1 and part[0] not in "\\_^":  # only its first character belongs to what stands before
            self._parts[self._at] = bare[1:]
            return bare[0]
        self._at += 1
        return bare if bare not in ("}", "&") else ""

    def _option(self) -> str:
        """What stands in square brackets, "" where there are none."""
        part = self._next()
        if not part.startswith("[") or "]" not in part:
            return ""
        option, _, rest = part[1:].partition("]")
        if rest:
            self._parts[self._at] = rest
        else:
            self._at += 1
        return option

    def _command(self, part: str) -> str:
        name = part[1:].rstrip() or part[1:] or "\\"
        name = "\\" if name[0] == "\\" else name  # whatever room it leaves below the line
        space = " " if part[-1:].isspace() else ""
        name = name.removesuffix("*") if len(name) > 1 else name
        if name in _SYMBOLS:
            symbol = _SYMBOLS[name]
            return symbol if _CLOSE.match(symbol) and self._next()[:1].isalnum() else symbol + space
        if name in _SPACES:
            return _SPACES[name]
        if name in _DROPPED:
            if name in ("left", "right") and self._next()[:1] == ".":  # a bracket that is not there
                self._parts[self._at] = self._parts[self._at][1:]
            return ""
        if name in _FUNCTIONS or not name[0].isalpha():
            return name + space
        return self._structure(name, space)

    def _next(self) -> str:
        return self._parts[self._at] if self._at < len(self._parts) else ""

    def _has_factor(self) -> bool:
        """Whether what comes next would be read as part of a fraction's lower end, or of a root."""
        ahead = (part.lstrip() for part in self._parts[self._at : self._at + 2])
        part = next(filter(None, ahead), "")
        name = part[1:].rstrip()
        if not part.startswith("\\"):
            return bool(_FACTOR.match(part))
        is_letter = name in _SYMBOLS and _CLOSE.match(_SYMBOLS[name])
        return bool(is_letter) or name in _FACTORS or name in _ACCENTS or name in _FUNCTIONS

    def _structure(self, name: str, space: str) -> str:
        match name:
            case "frac" | "dfrac" | "tfrac" | "cfrac":
                fraction = f"{_above(self._argument())}/{_below(self._argument())}"
                return f"({fraction})" if self._has_factor() else fraction
            case "binom" | "dbinom" | "tbinom":
                return f"C({self._argument()}, {self._argument()})"
            case "sqrt":
                return self._root()
            case "pmod":
                return f" (mod {self._argument()})"
            case "bmod":
                return f"mod{space}"
            case "not":
                return self._denied()
            case "underbrace" | "overbrace":
                return self._braced()
            case "substack":
                return self._argument().replace("\n", ", ")
            case "mathbb":
                return self._argument().translate(_DOUBLE)
            case "ce":
                return _chemistry(self._argument())
            case "tag":
                return f"  ({self._argument()})"
            case "textcolor":
                self._argument()
                return self._argument()
            case "xrightarrow":
                return f" →{shifted(self._argument(), '^')} "
            case "overset" | "stackrel" | "underset":
                above, base = self._argument(), self._argument()
                return base + shifted(above, "_" if name == "underset" else "^")
            case "begin":
                return self._environment(self._argument())
            case "end" | "label" | "hspace" | "vspace" | "color" | "phantom":  # their argument is no text
                self._argument()
                return " "
        return self._named(name, space)

    def _root(self) -> str:
        root = self._option()
        radical = _ROOTS.get(root) or shifted(readable(root) if self._depth < 2 else root, "^") + "√"
        text = _below(self._argument())
        return f"{radical}({text})" if self._has_factor() and not text.endswith(")") else radical + text

    def _denied(self) -> str:
        text = self._argument(keeps_space=True)
        base = text.rstrip()
        return normalize("NFC", f"{base}\u0338") + text[len(base) :]

    def _braced(self) -> str:
        """What stands beside a brace, and what the brace says of it."""
        text, script = self._argument(), self._next().strip()
        if script not in ("_", "^"):
            return text
        self._at += 1
        return f"({text}){script}({self._argument()})"

    def _named(self, name: str, space: str) -> str:
        if name in _ACCENTS:
            return "".join(letter + _ACCENTS[name] for letter in self._argument())
        if name in _SAME:
            return self._argument(keeps_space=True)
        if self._next() == "{":
            return f"{name}({self._argument()})"
        return name + space

    def _environment(self, kind: str) -> str:
        """Lines of equations stay lines; of tables, cells are told apart by commas and rows by semicolons."""
        kind = kind.removesuffix("*")
        if kind == "array":
            self._argument()
        if kind not in _TABLES or self._depth >= _DEEPEST:
            return ""  # its lines follow as if they stood alone; its end says nothing
        self._depth += 1
        rows: list[list[str]] = [[""]]
        while self._at < len(self._parts):
            part = self._parts[self._at]
            if part.startswith("\\end"):
                self._at += 1
                self._argument()
                break
            if part.startswith("\\\\"):
                rows.append([""])
                self._at += 1
            elif part == "&":
                rows[-1].append("")
                self._at += 1
            else:
                rows[-1][-1] = _beside(rows[-1][-1], self._piece())
        self._depth -= 1
        lines = [", ".join(cell.strip().rstrip(",") for cell in row) for row in rows if any(row)]
        text = "; ".join(line.strip() for line in lines if line.strip())
        left, right = _FENCES.get(kind, ("", ""))
        return f"{left}{text}{right}"


def _beside(text: str, piece: str) -> str:
    """Two pieces: the name of a function apart from the letters beside it, a fraction from a number before
    it, and as much room before an operator as after it."""
    last, first = text[-1:], piece[:1]
    if not last or not first or last.isspace():
        return text + piece
    is_name = last.isalnum() and first.isalnum() and _is_named(text, piece)
    is_number = (last.isalnum() or last == ")") and _FRACTION.match(piece)
    is_operator = first in _BETWEEN and piece[-1] == " " and last not in "([{⟨,"
    is_uneven = last in _BETWEEN and not first.isspace() and _AFTER_ONE.search(text[-3:])
    return f"{text} {piece}" if is_name or is_number or is_operator or is_uneven else text + piece


def _is_named(text: str, piece: str) -> bool:
    """Whether one of the words that meet is the name of a function."""
    left, right = _LETTERS_BEFORE.search(text[-_LONGEST_NAME:]), _LETTERS.match(piece)
    return left is not None and right is not None and (left[0] in _FUNCTIONS or right[0] in _FUNCTIONS)


def shifted(inner: str, script: str) -> str:
    """`inner` raised (`script` is "^") or lowered ("_"), where Unicode has such a form of every character."""
    table = _UP if script == "^" else _DOWN
    if inner and table.keys() >= set(map(ord, inner)):
        return inner.translate(table)
    return f"{script}({inner})" if len(inner) > 1 else f"{script}{inner}"


def _above(text: str) -> str:
    """What stands above a line: in brackets where it would be read apart from the rest of it."""
    return f"({text})" if _APART.search(_IN_BRACKETS.sub("", text)) else text


def _below(text: str) -> str:
    """What stands below a line or under a root: only one thing may do without brackets."""
    return text if _ONE.fullmatch(text) or len(text) <= 1 else f"({text})"


_CHARGE = re.compile(r"(?<=\S)[-+](?=[\s)\]},.]|$)")


def _chemistry(formula: str) -> str:
    """Numbers after an element are lowered, the sign of a charge is raised."""
    arrows = _CHARGE.sub(lambda sign: sign[0].translate(_UP), formula.replace("<=>", "⇌").replace("->", "→"))
    return re.sub(r"(?<=[A-Za-z)\]])\d+", lambda number: number[0].translate(_DOWN), arrows)

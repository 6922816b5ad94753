"""The colours of code, which a library knows and the page shows."""

from pathlib import Path

from pygments.formatters import HtmlFormatter

FILE = Path(__file__).resolve().parents[2] / "bots" / "web" / "static" / "code.css"


def rules(style: str) -> str:
    """Only the rules of tokens: background and line numbers belong to the page."""
    css = HtmlFormatter(style=style).get_style_defs("pre code")
    lines = [line.partition(" /*")[0] for line in css.splitlines() if line.startswith("pre code .")]
    return "\n".join(line for line in lines if "background-color" not in line and "border" not in line)


def test_the_page_has_the_colours_of_the_library_that_marks_the_code() -> None:
    """For light and dark pages; the page says by `data-theme` which of the two it is, so that a reader can
    choose. When this fails after an update of Pygments, the file becomes what stands here."""
    dark = f":root[data-theme='dark'] {{\n{rules('github-dark')}\n}}"
    assert FILE.read_text("utf-8") == f"{rules('default')}\n{dark}\n"

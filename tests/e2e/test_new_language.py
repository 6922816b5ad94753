"""A language made up by the test: a folder of words is all it needs, and everything then speaks it."""

import html
import re
import shutil
import signal
import subprocess
import sys
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import pytest
import pytest_asyncio
from fluent.syntax import FluentParser, FluentSerializer, ast

from bots.web.operator_view import NAV
from core.catalogue import SCHEDULERS, read_catalogue
from core.commands import COMMANDS
from core.settings import Settings
from core.words import locales, own_name
from tests.adapters.web.visitor import Visitor
from tests.conftest import free_port
from tests.e2e.script import ROOT, environment, run_script, service

pytestmark = [pytest.mark.e2e, pytest.mark.asyncio(loop_scope="module")]
# Yiddish is written from right to left, and Unicode knows its numbers. Every text is marked at both ends.
LANGUAGE, OPEN, CLOSE = "yi", "«", "»"
WORD = "וואס"  # by which the simulated API knows it
PASSWORD = "a long enough password"
SAID = (
    *("/help", "/new", "/model", "/persona", "/usage", "/settings", "/link", "/link AAAA", "/forget"),
    *(
        "/settings x",
        "/model x",
        "/imagine",
        "/imagine a --steps 99",
        "/unknown",
        "/admin status",
        f"fault:cut {WORD}?",
    ),
)
# What is called the same everywhere.
MODELS = [*read_catalogue().chat.values(), *read_catalogue().image.values()]
NAMES = {one.label for one in MODELS} | {one.name for one in MODELS} | {f"/{one.name}" for one in COMMANDS}
NAMES |= {*SCHEDULERS, *map(own_name, locales()), *map(str.upper, Settings.model_fields), "CSV"}
# Amounts, people and chats, languages; and dates, which Unicode has in Yiddish letters.
CODES = re.compile(
    r"[\u0590-\u05ff]+|US\$|\b(web|terminal|discord|telegram):[\w:-]+|^all, |\b[A-Z]{2}(-[A-Z]{2})?\b"
)


def made_up(text: str) -> str:
    """The same texts, each as «text», but for the words by which a language is known."""
    resource = FluentParser().parse(text)
    for entry in resource.body:
        if isinstance(entry, ast.Message) and entry.value:
            marked = [ast.TextElement(OPEN), *entry.value.elements, ast.TextElement(CLOSE)]
            entry.value.elements = [ast.TextElement(WORD)] if entry.id.name == "simulated-words" else marked
    return FluentSerializer().serialize(resource)


@pytest.fixture(scope="module")
def tree(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A copy of the product, compiled as it is."""
    tree = tmp_path_factory.mktemp("tree")
    for package in ("core", "bots"):
        shutil.copytree(ROOT / package, tree / package)
    return tree


def add_language(tree: Path) -> None:
    """One folder more."""
    words = tree / "core" / "words"
    (words / LANGUAGE).mkdir(exist_ok=True)
    for file in (words / "en").iterdir():
        (words / LANGUAGE / file.name).write_text(made_up(file.read_text("utf-8")), "utf-8")


@pytest_asyncio.fixture(scope="module", loop_scope="module")
async def visitor(tree: Path, tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Visitor]:
    """Somebody whose browser asks for it, where a process that is at work already was told of it."""
    home, port = tmp_path_factory.mktemp("run"), free_port()
    settings = {"WEB_PORT": str(port), "OPERATOR_PASSWORD": PASSWORD, "PYTHONPATH": str(tree)}
    async with service(home, "--only", "web", **settings) as running:
        await running.until("web.serving")
        add_language(tree)
        running.process.send_signal(signal.SIGHUP)
        await running.until("core.reloaded")
        visitor = Visitor(f"http://127.0.0.1:{port}")
        visitor.http.headers["accept-language"] = f"{LANGUAGE}, en;q=0.5"
        async with visitor.http:
            await visitor.arrive()
            yield visitor
        assert await running.stop() == 0


def texts(page: str) -> Iterator[str]:
    """What stands between tags, and what is read out; but not what the person wrote."""
    page = re.sub(r'<p class="(question|caption)".*?</p>', "", page, flags=re.DOTALL)
    page = re.sub(r"<(script|style|code|pre)\b.*?</\1>|<br>", "", page, flags=re.DOTALL)
    for tag in re.findall(r"<[^>]+>", page):
        yield from re.findall(r"\b(?:title|aria-label|placeholder|alt)=\"([^\"]*)\"", tag)
    yield from re.split(r"<[^>]+>", re.sub(r"</?(a|b|bdi|em|rect|small|span|strong|svg)\b[^>]*>", "", page))


def foreign(page: str) -> set[str]:
    """Texts with words that are in no text of the language."""
    found = set()
    for text in map(html.unescape, texts(page)):
        rest = text
        while rest != (rest := re.sub(f"{OPEN}[^{OPEN}{CLOSE}]*({CLOSE}|$)", "", rest)):
            continue  # a text in a text; an answer may be cut off
        for name in sorted(NAMES, key=len, reverse=True):
            rest = rest.replace(name, "")
        if re.search(r"[^\W\d_]{2}", CODES.sub("", rest)):
            found.add(text.strip())
    return found


async def test_the_page_speaks_it(visitor: Visitor) -> None:
    """Every word of the page, right to left; the language's own name is among the choices."""
    page = await visitor.arrive()
    assert f'<html lang="{LANGUAGE}" dir="rtl">' in page
    assert f"{OPEN}English{CLOSE}" in page
    assert foreign(page) == set()


async def test_answers_and_refusals_speak_it(visitor: Visitor) -> None:
    """Every command, refused input, an interrupted answer, and all buttons."""
    async with visitor.looking() as screen:
        for line in SAID:
            assert foreign(await screen.end(await visitor.say(line), 30)) == set(), line


async def test_the_operator_pages_speak_it(visitor: Visitor) -> None:
    """The login and every page, with people, chats and spending."""
    assert foreign((await visitor.http.get("/operator/login")).text) == set()
    origin = {"origin": str(visitor.http.base_url).rstrip("/"), "sec-fetch-site": "same-origin"}
    await visitor.http.post("/operator/login", data={"password": PASSWORD}, headers=origin)
    for _, path in NAV:
        page = (await visitor.http.get(f"/operator{path}")).text
        assert f'<html lang="{LANGUAGE}" dir="rtl">' in page
        assert 'id="password"' not in page
        page = re.sub(r'<td class="value">.*?</td>', "", page, flags=re.DOTALL)  # as it is configured
        assert foreign(page) == set(), path


async def test_the_shell_and_menus_speak_it(tree: Path, tmp_path: Path) -> None:
    """`doctor` by LANG, and a platform's menu under the language's two letters."""
    add_language(tree)
    settings = {"PYTHONPATH": str(tree), "LANG": f"{LANGUAGE}.UTF-8", "WEB_PORT": str(free_port())}
    doctor = await run_script(tmp_path, "doctor", **settings)
    for lines, words in ((doctor.out.splitlines(), r".*: «.*»"), (menu(settings), "«.*»")):
        assert len(lines) > 5, doctor.err
        assert all(re.fullmatch(words, line) for line in lines)


def menu(settings: dict[str, str]) -> list[str]:
    """What Telegram would be told of the commands."""
    code = (
        "from bots.telegram.commands import _build\n"
        f"for one in _build(admin=True)['{LANGUAGE}']: print(one.description)"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], env=environment(**settings), capture_output=True, check=True
    )
    return done.stdout.decode().splitlines()

"""Rules of the code: imports, sizes, and words that may not occur."""

import ast
import re
import subprocess
import sys
import tomllib
from functools import cache
from graphlib import TopologicalSorter
from importlib.metadata import packages_distributions
from pathlib import Path

import pytest
from pydantic import ValidationError

from bots import doctor, run
from core import settings, words
from core.money import base as money
from core.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
PRODUCT = sorted(path for top in ("core", "bots") for path in (ROOT / top).rglob("*.py"))
ALL = PRODUCT + sorted(path for top in ("tests", "bench") for path in (ROOT / top).rglob("*.py"))
ADAPTER_MAY_IMPORT = {
    "answer", "app", "bidi", "catalogue", "commands", "errors", "metrics", "pace", "periodic", "settings",
    "turn", "words",
    "markdown", "pages",  # how Markdown becomes a page
    "pixels",  # how a picture becomes smaller: nothing else decodes any
}  # fmt: skip
HTTPX_HOME = "core/minitool/"
ADAPTERS = sorted(file.parent.name for file in (ROOT / "bots").glob("*/__init__.py"))
OURS = {"web", "terminal"}
MESSENGERS = sorted({*ADAPTERS} - OURS)  # others' servers serve them


def name(path: Path) -> str:
    return path.relative_to(ROOT).as_posix()


@cache
def code(path: Path) -> str:
    return path.read_text("utf-8")


@cache
def nodes(path: Path) -> list[ast.AST]:
    return [*ast.walk(ast.parse(code(path)))]


@cache
def imports(path: Path) -> set[str]:
    found: set[str] = set()
    for node in nodes(path):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            found.add(node.module)
            found |= {f"{node.module}.{alias.name}" for alias in node.names}
    return found


# Files are looped over: a test for each would take a hundred times what it looks at.
def test_no_file_is_over_400_lines() -> None:
    """A file past 400 lines is split by noun."""
    assert [name(path) for path in ALL if len(code(path).splitlines()) > 400] == []


def test_no_group_is_repeated_possessively() -> None:
    """Before Python 3.11.5 `(...)*+` matches wrongly (python/cpython#106052), and Debian 12 has 3.11.2. Of one
    character, as in `[^x]*+`, it is right."""
    assert [name(path) for path in PRODUCT if re.search(r"\)(?:[*+?]|\{\d*,?\d*\})\+", code(path))] == []


def test_no_function_is_over_40_lines() -> None:
    """No function of the product is over 40 lines."""
    long = [
        f"{name(path)}: {node.name}: {node.end_lineno - node.lineno + 1}"
        for path in PRODUCT
        for node in nodes(path)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and node.end_lineno is not None
        and node.end_lineno - node.lineno >= 40
    ]
    assert long == []


def test_core_knows_no_platform() -> None:
    """The names of platforms do not occur in core's code, comments included, except in the names of
    settings."""
    core = [path for path in PRODUCT if "core" in path.parts and path.name != "settings.py"]
    assert [name(path) for path in core if re.search("|".join(MESSENGERS), code(path), re.IGNORECASE)] == []


def test_adapters_see_only_the_face_of_core() -> None:
    """A platform's adapter imports only core's public face."""
    adapters = [path for path in PRODUCT if path.parts[-2] in MESSENGERS]
    seen = {
        (name(path), module.split(".")[1])
        for path in adapters
        for module in imports(path)
        if module.startswith("core.")
    }
    assert [one for one in seen if one[1] not in ADAPTER_MAY_IMPORT] == []


def is_contract(path: Path) -> bool:
    """Whether it proves of a platform's replies what core relies on."""
    return re.search(r"^class \w+\(ReplyContract\)", code(path), re.M) is not None


def test_every_adapter_stands_in_every_list() -> None:
    """A new platform's missing entries are named here."""
    contracts = PROJECT["tool"]["importlinter"]["contracts"]
    apart = next(contract["modules"] for contract in contracts if contract["type"] == "independence")
    set_up, keys = Settings.model_fields.keys(), words.keys(words.FALLBACK)
    lists = {
        "the contract of independence in pyproject.toml": {module.removeprefix("bots.") for module in apart},
        "MESSENGERS of core/settings.py": {*settings.MESSENGERS, *OURS},
        "NAME_token of core/settings.py": {name for name in MESSENGERS if f"{name}_token" in set_up} | OURS,
        "EXAMINERS of bots/doctor.py": {*doctor.EXAMINERS, *OURS},
        "doctor-part-NAME of core/words": {name for name in ADAPTERS if f"doctor-part-{name}" in keys} | OURS,
        "ReplyContract in tests/adapters/NAME": {path.parent.name for path in ALL if is_contract(path)} | OURS,
    }
    wrong = {where: sorted(names ^ {*ADAPTERS}) for where, names in lists.items()}
    problems = [f"{where}: {', '.join(names)}" for where, names in wrong.items() if names]
    assert problems == [], "\n".join(problems)


def test_a_part_that_is_off_names_what_switches_it_on() -> None:
    """A platform its token, the page its port."""
    bare = Settings(_env_file=None, web_port=0)
    switches = {line.partition(":")[0] for line in run.problems_of(bare, run.PARTS)}
    assert switches == {*(f"{name.upper()}_TOKEN" for name in MESSENGERS), "WEB_PORT"}


@pytest.mark.parametrize("name", MESSENGERS)
def test_no_platform_is_served_made_up_answers_unasked(name: str) -> None:
    """A platform's token without a key of MiniToolAI is an error in the settings."""
    with pytest.raises(ValidationError, match="MINITOOLAI_API_KEY"):
        Settings(_env_file=None, **{f"{name}_token": "x"})  # type: ignore[arg-type]


def test_what_is_imported_is_declared() -> None:
    """An undeclared library is gone as soon as the library that depends on it drops it. An extra counts as the
    library of its name, as in `redis[hiredis]`."""
    lists = [PROJECT["project"]["dependencies"], *PROJECT["project"]["optional-dependencies"].values()]
    needs = [re.split("[<>=]", need)[0] for one in lists for need in one]
    declared = {re.sub(r"[._]", "-", name.lower()) for need in needs for name in re.findall(r"[\w.-]+", need)}
    used = {module.partition(".")[0] for path in PRODUCT for module in imports(path)}
    brought = packages_distributions()
    undeclared = {
        library
        for library in used - sys.stdlib_module_names - {"bots", "core"}
        if not declared & {re.sub(r"[._]", "-", one.lower()) for one in brought.get(library, [])}
    }
    assert undeclared == set()


def test_imports_of_core_point_one_way() -> None:
    """There are no import cycles in core, including imports inside functions."""
    core = [path for path in PRODUCT if path.is_relative_to(ROOT / "core")]
    dotted = {".".join(Path(name(path)).with_suffix("").parts).removesuffix(".__init__"): path for path in core}
    needed: dict[str, set[str]] = {}
    for module, path in dotted.items():
        found = imports(path) & dotted.keys()
        # `from core.minitool import sse` needs the module, not all that its package shows.
        needed[module] = {one for one in found if not any(other.startswith(f"{one}.") for other in found)}
    TopologicalSorter(needed).prepare()  # raises CycleError, which names them


def _public(path: Path) -> set[str]:
    """The functions and constants of a file that others may use. Types are left out: a signature may need them,
    and so are the shell's commands, which nobody else calls."""
    found: set[str] = set()
    for node in ast.parse(code(path)).body if path.name != "__main__.py" else ():
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Assign | ast.AnnAssign):
            targets = node.targets if isinstance(node, ast.Assign) else [node.target]
            names = {one.id for target in targets for one in ast.walk(target) if isinstance(one, ast.Name)}
            found |= {one for one in names if one.isupper() and len(one) > 1}
    return {one for one in found if not one.startswith("_")}


def test_what_only_its_own_file_uses_begins_with_an_underscore() -> None:
    """A public name is used by another file or a test."""
    texts = {path: code(path) for path in ALL}
    used = {path: (imports(path), set(re.findall(r"\w+", text))) for path, text in texts.items()}
    lonely = set[str]()
    for path in PRODUCT:
        module = ".".join(Path(name(path)).with_suffix("").parts)
        others = [one for one in ALL if one != path and (module in used[one][0] or module in texts[one])]
        known = set[str]().union(*(used[one][1] for one in others))
        lonely |= {f"{module}.{one}" for one in _public(path) - known}
    assert lonely == set()


def test_only_the_client_speaks_http() -> None:
    """httpx is imported in core/minitool alone."""
    users = [name(path) for path in PRODUCT if any(m.split(".")[0] == "httpx" for m in imports(path))]
    assert all(user.startswith(HTTPX_HOME) for user in users), users


def test_only_settings_read_the_environment() -> None:
    """os.environ has one reader."""
    users = [name(path) for path in PRODUCT if re.search(r"os\.(environ|getenv)", code(path))]
    assert users == []


def test_the_example_settings_are_the_settings() -> None:
    """.env.example names every setting once, and nothing else."""
    lines = (ROOT / ".env.example").read_text("utf-8").splitlines()
    names = [line.split("=")[0] for line in lines if re.match(r"^[A-Z_]+=", line)]
    assert sorted(names) == sorted(field.upper() for field in Settings.model_fields)


def test_the_map_names_every_module() -> None:
    """Each file directly in core/ and bots/ is in the README's map, and no file that does not exist."""
    readme = (ROOT / "README.md").read_text("utf-8")
    named = set(re.findall(r"\b(\w+\.py)\b", readme.partition("## The map")[2].partition("```\n\n")[0]))
    there = {path.name for path in PRODUCT}
    top = {path.name for path in PRODUCT if path.parent.parent == ROOT and path.name != "__init__.py"}
    assert (top - named, named - there) == (set(), set())


def test_the_map_names_the_face_of_core() -> None:
    """The README lists what adapters may import of core."""
    documented = (ROOT / "README.md").read_text("utf-8").partition("core's face only (")[2].partition(")")[0]
    assert set(re.findall(r"`(\w+)`", documented)) == ADAPTER_MAY_IMPORT


def test_nothing_names_a_registry_or_a_path_of_one_machine() -> None:
    """Locks and files contain no registry host and no path outside the project."""
    listed = subprocess.run(
        ["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True
    ).stdout.split()
    hosts = re.compile("python" + r"hosted\.org|pypi\." + r"org|registry\.npm" + r"js|deb\.deb" + "ian")
    for file in listed:
        try:
            text = (ROOT / file).read_text("utf-8")
        except (UnicodeDecodeError, FileNotFoundError):
            continue
        assert not hosts.search(text), file


def test_scripts_and_code_have_the_same_constants() -> None:
    """Constants that Lua scripts and Python share are equal."""
    scripts = "".join(path.read_text("utf-8") for path in (ROOT / "core" / "lua").glob("money_*.lua"))
    kept = re.findall(r"^local KEEP_DAYS, KEEP_MONTHS, KEEP_MODELS = (\d+), (\d+), (\d+)$", scripts, re.M)
    assert kept == [(str(money.KEEP_DAYS), str(money.KEEP_MONTHS), str(money.KEEP_MODELS))]
    assert re.findall(r"^local NO_CAP = (\d+)$", scripts, re.M) == [str(money.NO_CAP)]


def test_platform_libraries_are_imported_only_when_needed() -> None:
    """Starting the console script imports no platform library, no Pillow, no web server, and nothing that reads
    word files."""
    code = (
        "import sys, bots.__main__; heavy = {'discord', 'telegram', 'PIL', 'starlette', 'uvicorn', 'docket',"
        "'babel', 'fluent.runtime'}; print(sorted(heavy & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"

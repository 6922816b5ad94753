"""Compose, image, systemd unit, and the pages that describe them."""

import re
import subprocess
import sys
import tomllib
from ipaddress import ip_address, ip_network
from pathlib import Path
from typing import Any

import pytest
import yaml
from packaging.specifiers import SpecifierSet

from core.settings import Settings
from core.valkey import COMPACT_FIELDS

ROOT = Path(__file__).resolve().parents[2]
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker-compose.yml").read_text("utf-8"))
SERVICES: dict[str, dict[str, Any]] = COMPOSE["services"]
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", *sorted((ROOT / "docs").glob("*.md"))]
SETTINGS = {name.upper() for name in Settings.model_fields}
# Of Compose's file, of the proxy, of the web server.
SOMEBODY_ELSES = {"BOT_PARTS", "STORE_MEMORY", "BOT_MEMORY", "WEBHOOK_HOST", "FORWARDED_ALLOW_IPS"}


@pytest.mark.parametrize("name", SERVICES)
def test_every_container_is_hardened(name: str) -> None:
    """No capabilities, no new privileges, a root file system that cannot be written, bounded logs."""
    service = SERVICES[name]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    assert service["logging"]["options"]["max-size"]
    assert service.get("cap_add", []) == (["NET_BIND_SERVICE"] if name == "proxy" else [])


def test_what_compose_names_is_there() -> None:
    """Volumes are declared, mounted files exist, and only the proxy's ports are public."""
    for name, service in SERVICES.items():
        for volume in service.get("volumes", []):
            source = volume.split(":")[0]
            if source.startswith("./docs/"):
                assert (ROOT / source).exists(), source
            assert source.startswith("./") or source in COMPOSE["volumes"], source
        for port in service.get("ports", []):
            assert port.startswith("127.0.0.1:") or name == "proxy"
        for other in service.get("depends_on", {}):
            assert "healthcheck" in SERVICES[other]


def test_addresses_that_are_fixed_are_given_to_nobody_else() -> None:
    """They are in the network, and outside the range of other containers."""
    (pool,) = COMPOSE["networks"]["default"]["ipam"]["config"]
    fixed = [ip_address(service["networks"]["default"]["ipv4_address"])
             for service in SERVICES.values() if "networks" in service]  # fmt: skip
    assert len(set(fixed)) == 6
    fixed.append(ip_address(pool["gateway"]))  # by which a proxy of the host comes in
    assert (
        SERVICES["bot"]["environment"]["FORWARDED_ALLOW_IPS"] == f"${{FORWARDED_ALLOW_IPS:-{pool['gateway']}}}"
    )
    for address in fixed:
        assert address in ip_network(pool["subnet"])
        assert address not in ip_network(pool["ip_range"])


def test_bots_in_compose_share_one_store_and_end_in_time() -> None:
    """Every process has the same REDIS_URL and limits, known settings, and enough time to stop."""
    bots = [service for service in SERVICES.values() if service["image"] == "minitool-bots"]
    assert len(bots) == 4
    for bot in bots:
        assert set(bot["environment"]) <= SETTINGS | SOMEBODY_ELSES
        assert bot["environment"]["REDIS_URL"] == SERVICES["bot"]["environment"]["REDIS_URL"]
        assert (
            float(bot["stop_grace_period"].rstrip("s")) > 2 * Settings.model_fields["shutdown_grace_s"].default
        )
        assert bot["deploy"]["resources"] == SERVICES["bot"]["deploy"]["resources"]  # BOT_MEMORY is for all


def test_an_env_copied_from_the_example_leaves_containers_as_they_are() -> None:
    """.env becomes the environment of the containers, which overrides the image's ENV."""
    image = (ROOT / "Dockerfile").read_text("utf-8").partition("\nENV ")[2].partition("\nVOLUME")[0]
    own = dict(re.findall(r"\b([A-Z_]+)=(\S+)", image))
    given = SERVICES["bot"]["environment"]
    assert {name: given.get(name) for name in own.keys() & SETTINGS} == {
        name: value for name, value in own.items() if name in SETTINGS
    }


def test_valkey_forgets_nothing() -> None:
    """Every server has an append-only file in a volume, evicts nothing, and runs without root. Growing hashes
    are as quick as in the embedded one."""
    servers = [service for service in SERVICES.values() if service.get("command", [""])[0] == "valkey-server"]
    assert len(servers) == 7
    for server in servers:
        command = " ".join(server["command"])
        assert "--appendonly yes" in command
        assert "--maxmemory-policy noeviction" in command
        assert f"--hash-max-listpack-entries {COMPACT_FIELDS}" in command
        assert "--dir /data" in command
        assert any(volume.endswith(":/data") for volume in server["volumes"])
        assert server["user"] == "999:999"


def test_the_image_and_the_unit() -> None:
    """Pinned by hash, without root; the unit signals the bot alone and waits for it."""
    image = (ROOT / "Dockerfile").read_text("utf-8")
    assert "--require-hashes" in image
    assert re.search(r"^USER 10001", image, re.M)
    assert "HEALTHCHECK" in image
    *_, last = image.split("\nFROM ")
    assert re.search(r"pip uninstall --yes .*\bpip$", last, re.M), "security.md promises an image without pip"
    assert set(re.findall(r"\b([A-Z]+_[A-Z_]+)=", image)) - SETTINGS <= {"PYTHONDONTWRITEBYTECODE"}
    unit = (ROOT / "docs/deploy/minitool-bots.service").read_text("utf-8")
    assert "KillMode=mixed" in unit
    wait = re.search(r"TimeoutStopSec=(\d+)", unit)
    assert wait
    assert float(wait[1]) > 2 * Settings.model_fields["shutdown_grace_s"].default


@pytest.mark.parametrize(
    ("version", "fits"), [("3.10", False), ("3.11", True), ("3.13", True), ("3.14", False)]
)
def test_make_says_which_python_it_needs(tmp_path: Path, version: str, fits: bool) -> None:
    """Before anything is created with an unsupported one: pip would only name a package, and the .venv would
    stay."""
    python = tmp_path / "python"
    code = f"import sys; sys.version_info = ({version.replace('.', ', ')}, 0); exec(sys.argv[1])"
    python.write_text(f"#!/bin/sh\n[ $1 = -c ] && exec {sys.executable} -c '{code}' \"$2\"\nexit 3\n")
    python.chmod(0o755)
    for name in ("Makefile", "pyproject.toml", "requirements"):
        (tmp_path / name).symlink_to(ROOT / name)
    done = subprocess.run(["make", f"PYTHON={python}", "run"], cwd=tmp_path, capture_output=True, text=True)
    assert ("Python 3.11 to 3.13 is needed" in done.stderr) is not fits
    assert done.returncode == 2
    assert not (tmp_path / ".venv").exists()
    wanted = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))["project"]["requires-python"]
    assert SpecifierSet(wanted).contains(f"{version}.0") is fits


def test_nothing_of_older_versions_is_installed() -> None:
    """setuptools includes what an earlier install left in build/, which git ignores."""
    assert "build/" in (ROOT / ".gitignore").read_text("utf-8").split()
    lines = (ROOT / "docs/operations.md").read_text("utf-8").split("\n")
    installs = [line for line in lines if "--no-build-isolation ." in line]
    assert [line[:16] for line in installs] == ["rm -rf build && "]


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_links_lead_somewhere(page: Path) -> None:
    """Every relative link leads to an existing file and heading."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.S)
    for link in re.findall(r"\]\(([^)]+)\)", text):
        if re.match(r"\w+:", link):
            continue
        target, _, heading = link.partition("#")
        file = (page.parent / target) if target else page
        assert file.exists(), link
        if heading:
            titles = re.findall(r"^#+ (.+)$", file.read_text("utf-8"), re.M)
            assert heading in {re.sub(r"[^\w -]", "", title.lower()).replace(" ", "-") for title in titles}, (
                link
            )


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.name)
def test_pages_name_settings_that_there_are(page: Path) -> None:
    """Every word in capitals with an underscore is a setting, or on a short list."""
    words = set(re.findall(r"`([A-Z]+(?:_[A-Z]+)+)(?:=[^`]*)?`", page.read_text("utf-8")))
    assert words - SETTINGS <= SOMEBODY_ELSES

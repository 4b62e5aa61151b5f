"""What is installed is exactly what the pins say, and only when they changed."""

import hashlib
import os
import re
import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest

pytestmark = pytest.mark.long

ROOT = Path(__file__).resolve().parents[2]
METADATA = "Metadata-Version: 2.1\nName: jatigi-probe\nVersion: 1.0\n"
WHEEL = "Wheel-Version: 1.0\nGenerator: test\nRoot-Is-Purelib: true\nTag: py3-none-any\n"
FILES = ("jatigi_probe.py", *(f"jatigi_probe-1.0.dist-info/{name}" for name in ("METADATA", "WHEEL", "RECORD")))
RECORD = "".join(f"{name},,\n" for name in FILES)


@pytest.fixture
def checkout(tmp_path) -> Path:
    """A checkout that needs one package, which lies in a folder."""
    (tmp_path / "tools").mkdir()
    shutil.copy(ROOT / "tools" / "install.py", tmp_path / "tools")
    (tmp_path / "wheels").mkdir()
    with zipfile.ZipFile(tmp_path / "wheels" / "jatigi_probe-1.0-py3-none-any.whl", "w") as wheel:
        wheel.writestr("jatigi_probe.py", "ANSWER = 42\n")
        wheel.writestr("jatigi_probe-1.0.dist-info/METADATA", METADATA)
        wheel.writestr("jatigi_probe-1.0.dist-info/WHEEL", WHEEL)
        wheel.writestr("jatigi_probe-1.0.dist-info/RECORD", RECORD)
    return tmp_path


def pin(checkout: Path, digest: str) -> None:
    (checkout / "requirements.txt").write_text(f"jatigi-probe==1.0 \\\n    --hash=sha256:{digest}\n")


def digest(checkout: Path) -> str:
    return hashlib.sha256(next((checkout / "wheels").iterdir()).read_bytes()).hexdigest()


def install(checkout: Path) -> subprocess.CompletedProcess:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PIP_")}
    environment |= {"PIP_FIND_LINKS": str(checkout / "wheels"), "PIP_NO_INDEX": "1", "PIP_CONFIG_FILE": os.devnull}
    command = [sys._base_executable, "tools/install.py", "requirements.txt"]
    return subprocess.run(command, cwd=checkout, env=environment, capture_output=True, text=True, check=False)


def test_a_pinned_package_is_installed_once(checkout):
    pin(checkout, digest(checkout))
    first = install(checkout)
    assert first.returncode == 0, first.stderr
    assert "1/1" in first.stdout and "done: 1 packages" in first.stdout
    use = [".venv/bin/python", "-c", "import jatigi_probe; print(jatigi_probe.ANSWER)"]
    assert subprocess.check_output(use, cwd=checkout) == b"42\n"
    again = install(checkout)
    assert (again.returncode, again.stdout, again.stderr) == (0, "", "")


def test_a_package_with_another_content_is_refused_and_not_held_for_done(checkout):
    pin(checkout, "0" * 64)
    refused = install(checkout)
    assert refused.returncode == 1
    assert "DO NOT MATCH THE HASHES" in refused.stderr
    assert "Installing requirements.txt failed" in refused.stderr
    assert not list((checkout / ".venv").glob(".*.sha256"))


@pytest.mark.parametrize("name", ["requirements.txt", "requirements-dev.txt"])
def test_the_pins_are_whole_and_name_no_machine(name):
    text = (ROOT / name).read_text()
    packages = re.findall(r"^([a-z0-9.-]+)==[^ ]+ \\\n((?:    --hash=sha256:[0-9a-f]{64}(?: \\)?\n)+)", text, re.MULTILINE)
    pinned = re.findall(r"^[a-z0-9.-]+==", text, re.MULTILINE)
    assert len(packages) == len(pinned) > 40
    assert not re.search(r"(?i)https?://|file://|--index|--find|--trusted|/opt/|/work/", text)


@pytest.mark.parametrize("name", ["requirements", "requirements-dev"])
def test_every_wanted_package_is_pinned(name):
    wanted = re.findall(r"^([a-zA-Z0-9][a-zA-Z0-9-]*)", (ROOT / f"{name}.in").read_text(), re.MULTILINE)
    pinned = set(re.findall(r"^([a-z0-9.-]+)==", (ROOT / f"{name}.txt").read_text(), re.MULTILINE))
    assert {package.lower() for package in wanted} <= pinned

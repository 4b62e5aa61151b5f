#!/usr/bin/env python3
"""Puts what a file of pinned requirements names into .venv: `python3 tools/install.py requirements.txt`. Standard library only.

Nothing is done when the file has not changed since the last time. A package whose content differs from the file's hashes is refused.
"""

import fcntl
import hashlib
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
VENV = ROOT / ".venv"
PYTHON = VENV / "bin" / "python"
OLDEST = (3, 11)
NO_PIP = "This Python has neither pip nor ensurepip. On Debian and Ubuntu: apt-get install python3-venv; then run this again."


def main(name: str) -> None:
    """Install the requirements file `name`, unless that has been done."""
    if sys.version_info[:2] < OLDEST:
        sys.exit(f"Python {OLDEST[0]}.{OLDEST[1]} or newer is needed; this is {sys.version.split()[0]}. Set PYTHON to a newer one.")
    requirements = ROOT / name
    stamp = VENV / f".{name}.sha256"
    wanted = hashlib.sha256(requirements.read_bytes()).hexdigest()
    if is_done(stamp, wanted):
        return
    with open(ROOT / ".venv.lock", "w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if is_done(stamp, wanted):
            return
        say(f"Installing {name} into {VENV} ...")
        pip = prepare()
        install(pip, requirements)
        stamp.write_text(wanted)


def is_done(stamp: Path, wanted: str) -> bool:
    """Whether exactly this file has been installed, into an environment whose Python is still there."""
    return stamp.exists() and stamp.read_text() == wanted and PYTHON.exists()


def prepare() -> list[str]:
    """Make the environment when it is missing or broken; the command that runs pip for it."""
    inside = [str(PYTHON), "-m", "pip"]
    outside = [sys.executable, "-m", "pip", "--python", str(PYTHON)]
    if works([*inside, "--version"]):
        return inside
    shutil.rmtree(VENV, ignore_errors=True)
    if works([sys.executable, "-c", "import ensurepip, venv"]) and works([sys.executable, "-m", "venv", str(VENV)]):
        return inside
    # Debian without python3-venv has no ensurepip, but may have a pip that installs from outside.
    shutil.rmtree(VENV, ignore_errors=True)
    if works([sys.executable, "-m", "venv", "--without-pip", str(VENV)]) and works([*outside, "--version"]):
        return outside
    shutil.rmtree(VENV, ignore_errors=True)
    sys.exit(NO_PIP)


def install(pip: list[str], requirements: Path) -> None:
    """Run pip, one line of progress a package; its own words only when it fails."""
    total = len(re.findall(r"^[A-Za-z0-9][^ ]*==", requirements.read_text(), re.MULTILINE))
    options = ["--require-hashes", "--no-compile", "--progress-bar", "off", "--disable-pip-version-check"]
    command = [*pip, "install", *options, "-r", str(requirements)]
    spoken = []
    seen = 0
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environment()) as process:
        for line in process.stdout:
            spoken.append(line)
            if found := re.match(r"(?:Collecting|Requirement already satisfied:) ([^ =<>!~;\[]+)", line):
                seen += 1
                progress(f"  {min(seen, total)}/{total} {found[1]}")
            elif line.startswith("Installing collected"):
                progress(f"  {total}/{total} unpacking")
    progress("", end=True)
    if process.returncode:
        sys.stderr.write("".join(spoken[-25:]))
        sys.exit(f"Installing {requirements.name} failed: see the lines above. Without a network, point PIP_INDEX_URL to a mirror.")
    say(f"  done: {total} packages.")


def environment() -> dict[str, str]:
    return os.environ | {"PIP_ROOT_USER_ACTION": "ignore", "PYTHONUNBUFFERED": "1", "LC_ALL": "C.UTF-8"}


def works(command: list[str]) -> bool:
    """Whether the command ends well; what it says is not shown."""
    try:
        return subprocess.run(command, capture_output=True, check=False).returncode == 0
    except OSError:
        return False


def say(text: str) -> None:
    print(text, flush=True)


def progress(text: str, end: bool = False) -> None:
    """On a terminal one line that changes, elsewhere every tenth line."""
    if sys.stdout.isatty():
        print(f"\r\033[K{text}", end="", flush=True)
    elif not end and re.match(r" *\d*0/|.*unpacking", text):
        say(text)


if __name__ == "__main__":
    main(sys.argv[1])

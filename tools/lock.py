#!/usr/bin/env python3
"""Pins requirements*.in anew: exact versions, hashes of every file of a release, no address of the machine that ran it."""

import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
OPTIONS = (
    *("--generate-hashes", "--strip-extras", "--allow-unsafe", "--quiet"),
    *("--no-emit-index-url", "--no-emit-trusted-host", "--no-emit-find-links"),
)


def main() -> None:
    """Write requirements.txt and requirements-dev.txt; options of pip-compile (`--upgrade`) are passed on."""
    quiet = os.environ | {"CUSTOM_COMPILE_COMMAND": "make lock"}
    for name in ("requirements", "requirements-dev"):
        command = [sys.executable, "-m", "piptools", "compile", *OPTIONS, *sys.argv[1:], f"--output-file={name}.txt", f"{name}.in"]
        subprocess.run(command, cwd=ROOT, env=quiet, check=True)


if __name__ == "__main__":
    main()

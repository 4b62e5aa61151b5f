#!/usr/bin/env python3
"""Sees to it that the tests find a browser: CHROMIUM, the PATH, else Debian's chromium where we may install it."""

import os
import shutil
import subprocess
import sys

SHELL = "chromium-headless-shell"
"""Debian's chromium without its own window: the same engine, a third of the processor time a page."""
WHOLE = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ASK = f"No browser for the tests: run `apt-get install {SHELL}` as root, or set CHROMIUM to the path of a browser."


def main() -> None:
    """Return when there is a browser; else one sentence that says what to do."""
    given = os.environ.get("CHROMIUM")
    if given and not os.access(given, os.X_OK):
        sys.exit(f"CHROMIUM={given} cannot be run: set it to the path of a browser.")
    if given or shutil.which(SHELL):
        return
    said = "" if os.geteuid() or not shutil.which("apt-get") else _install()
    if said is not None and not any(map(shutil.which, WHOLE)):
        sys.exit(f"{said}\n{ASK}".strip())


def _install() -> str | None:
    """Debian's package, of an older Debian the whole browser; what the last attempt said if none could be installed."""
    print("Installing Debian's chromium for the browser tests ...", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    subprocess.run(["apt-get", "update", "-qq"], env=quiet, capture_output=True, check=False)
    said = ""
    for package in (SHELL, WHOLE[0]):
        command = ["apt-get", "install", "-y", "-qq", "--no-install-recommends", package]
        done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
        if not done.returncode:
            return None
        said = done.stderr[-500:]
        if shutil.which(WHOLE[0]):
            break
    return said


if __name__ == "__main__":
    main()

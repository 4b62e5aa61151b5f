#!/usr/bin/env python3
"""Sees to it that the tests find a browser: CHROMIUM, the PATH, else Debian's chromium where we may install it."""

import os
import shutil
import subprocess
import sys

NAMES = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome")
ASK = "No browser for the tests: run `apt-get install chromium` as root, or set CHROMIUM to the path of one."


def main() -> None:
    """Return when there is a browser; else one sentence that says what to do."""
    given = os.environ.get("CHROMIUM")
    if given and not os.access(given, os.X_OK):
        sys.exit(f"CHROMIUM={given} cannot be run: set it to the path of a browser.")
    if given or any(map(shutil.which, NAMES)):
        return
    if os.geteuid() or not shutil.which("apt-get"):
        sys.exit(ASK)
    print("Installing Debian's chromium for the browser tests ...", flush=True)
    quiet = os.environ | {"DEBIAN_FRONTEND": "noninteractive"}
    for command in (["apt-get", "update", "-qq"], ["apt-get", "install", "-y", "-qq", "--no-install-recommends", "chromium"]):
        done = subprocess.run(command, env=quiet, capture_output=True, text=True, check=False)
        if done.returncode and command[1] == "install":
            sys.exit(f"{done.stderr[-500:]}\n{ASK}")


if __name__ == "__main__":
    main()

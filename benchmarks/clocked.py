"""The real web server, or a real worker, whose clock is ahead or behind by what a file says: so that months of a procedure pass at once.

python -m benchmarks.clocked worker; gunicorn 'benchmarks.clocked:application()'. The file is named by JATIGI_BENCH_CLOCK.
"""

from __future__ import annotations

import datetime as dt
import os
import sys
from pathlib import Path

from app.services import clock

VARIABLE = "JATIGI_BENCH_CLOCK"


def set_to(file: Path, moment: dt.datetime) -> None:
    """From now on it is `moment` (aware) for whoever follows the file."""
    fresh = file.with_suffix(".new")
    fresh.write_text(str((moment - dt.datetime.now(dt.UTC)).total_seconds()))
    fresh.replace(file)


def follow(file: Path) -> None:
    """The clock of this process follows the file."""
    clock.now = lambda: dt.datetime.now(dt.UTC) + dt.timedelta(seconds=float(file.read_text()))


def application():
    """For gunicorn."""
    from app.supervisor import web

    follow(Path(os.environ[VARIABLE]))
    return web.application()


if __name__ == "__main__":
    from app import worker

    follow(Path(os.environ[VARIABLE]))
    worker.main(sys.argv[1:])

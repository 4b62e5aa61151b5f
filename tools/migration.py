#!/usr/bin/env python3
"""Writes a migration from what the models say more than the migrations do: `make migration M="Why"`.

Against PostgreSQL, because SQLite knows fewer types than we use; the tests run it on both.
"""

import os
import sys
import tempfile
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent))

from flask_migrate import migrate, upgrade

from app.config import ROOT
from app.extensions import db
from tests.support import databases, postgres, run
from tests.support.applications import make_app

VERSIONS = ROOT / "app" / "db" / "migrations" / "versions"


def main(message: str) -> None:
    """Start a server, migrate an empty database as far as it goes, and write what is missing."""
    number = f"{len(list(VERSIONS.glob('*.py'))) + 1:04}"
    run.open_run()
    try:
        url = databases.create_database(postgres.server_url(), databases.own_name("migration"), "template0")
        app = make_app(url, Path(tempfile.mkdtemp()), REDIS_URL="redis://localhost")
        with app.app_context():
            upgrade()
            migrate(message=message, rev_id=number)
            db.engine.dispose()
    finally:
        run.close_run()


if __name__ == "__main__":
    if len(sys.argv) != 2:
        sys.exit('usage: make migration M="Why the tables change"')
    os.chdir(ROOT)
    main(sys.argv[1])

"""Brings the database to the version of the code, and fills an empty one with demonstration data: `python -m app.supervisor.prepare`."""

import os

from flask_migrate import upgrade

from app import logs
from app.config import Config
from app.extensions import db
from app.factory import create_app
from app.services import maintenance
from app.supervisor import state


def wants_demonstration(found: state.State) -> bool:
    """Whether to load the demonstration: into a database that knows nobody, unless JATIGI_DEMO=0."""
    return not found.peopled and os.environ.get("JATIGI_DEMO") != "0"


def main() -> None:
    """Do what is missing; nothing when nothing is."""
    config = Config.from_environment()
    found = state.look(config.database_url)
    logs.configure("WARNING", process="prepare")
    app = create_app(config)
    with app.app_context():
        if not found.migrated:
            print("Bringing the database to the version of the software ...", flush=True)
            upgrade()
        if wants_demonstration(found):
            from app.services import demo

            print("Loading the demonstration data (the first time only) ...", flush=True)
            demo.load()
        maintenance.analyze(db.engine)


if __name__ == "__main__":
    main()

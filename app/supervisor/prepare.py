"""Brings the database to the version of the code, and fills an empty one with demonstration data: quickly nothing, when all is done.

Every start runs this. Importing the whole application takes a second, so it happens only when there is something to do.
"""

import os
import sys

from sqlalchemy import inspect, text
from sqlalchemy.engine import Engine
from sqlalchemy.exc import DBAPIError

from app.config import ROOT, Config
from app.db.connections import engine_for

VERSIONS = ROOT / "app" / "db" / "migrations" / "versions"


def main() -> None:
    """Status 0: ready; 1: a sentence on standard error says what is wrong."""
    config = Config.from_environment()
    try:
        engine = engine_for(config.database_url)
        migrated, people = state(engine)
        engine.dispose()
    except DBAPIError as error:
        sys.exit(f"The database does not answer: {str(error.orig).strip()}\nCheck DATABASE_URL, and that the server runs.")
    demonstration = not people and os.environ.get("JATIGI_DEMO") != "0"
    if migrated and not demonstration:
        return
    fill(config, migrated, demonstration)


def state(engine: Engine) -> tuple[bool, bool]:
    """Whether the database has the newest version, and whether it knows anybody."""
    tables = inspect(engine)
    if not tables.has_table("alembic_version"):
        return False, False
    with engine.connect() as connection:
        current = set(connection.execute(text("SELECT version_num FROM alembic_version")).scalars())
        known = tables.has_table("user_account")
        people = known and connection.execute(text("SELECT 1 FROM user_account LIMIT 1")).first() is not None
    return current == newest(), bool(people)


def newest() -> set[str]:
    """The head revisions of the migration scripts."""
    from alembic.config import Config as AlembicConfig
    from alembic.script import ScriptDirectory

    settings = AlembicConfig()
    settings.set_main_option("script_location", str(VERSIONS.parent))
    return set(ScriptDirectory.from_config(settings).get_heads())


def fill(config: Config, migrated: bool, demonstration: bool) -> None:
    """Migrate, and load the demonstration."""
    from flask_migrate import upgrade

    from app import logs
    from app.factory import create_app

    logs.configure("WARNING", process="prepare")
    app = create_app(config)
    with app.app_context():
        if not migrated:
            print("Bringing the database to the version of the software ...", flush=True)
            upgrade()
        if demonstration:
            from app.services import demo

            print("Loading the demonstration data (the first time only) ...", flush=True)
            demo.load()


if __name__ == "__main__":
    main()

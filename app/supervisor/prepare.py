"""Makes a database ready for the software: `python -m app.supervisor.prepare`.

Tables of the newest version; demonstration data in an empty one; case types of the folder that it has never seen. A version that an
administrator put back stays: only unknown ones are published.
"""

from flask_migrate import upgrade

from app import logs
from app.config import Config
from app.db.transaction import Unit, transaction
from app.demo import loading
from app.extensions import db
from app.factory import create_app
from app.services import clock, maintenance, versions
from app.supervisor import state, welcome
from workflows.catalog import CaseType


def main() -> None:
    """Do what is missing; nothing when nothing is."""
    config = Config.from_environment()
    found = state.look(config.database_url, config.bpmn)
    logs.configure("WARNING", process="prepare")
    app = create_app(config)
    with app.app_context():
        if not found.migrated:
            say("Mise à niveau de la base de données ...")
            upgrade()
        if found.demonstration:
            say("Données de démonstration (la première fois seulement) ...")
            for line in loading.load(config.bpmn, config.documents):
                say(f"  {line}")
            welcome.keep_accounts(config, list(loading.accounts()))
            db.session.rollback()
        for code in transaction(lambda unit: publish(unit, config), clock.now):
            say(f"Procédure publiée : {code}.")
        maintenance.analyze(db.engine)


def publish(unit: Unit, config: Config) -> list[str]:
    """Publish every case type whose content the database has never seen; their codes."""
    published = []
    for version, files in state.procedures(config.bpmn).items():
        if not versions.is_known(unit.session, version):
            case_type = CaseType.read(files)
            versions.deploy(unit.session, case_type, files, unit.now)
            published.append(case_type.code)
    return published


def say(text: str) -> None:
    """A line for whoever started us."""
    print(text, flush=True)


if __name__ == "__main__":
    main()

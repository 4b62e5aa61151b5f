"""What is done at night."""

from app.extensions import db
from app.services import maintenance


def nightly() -> None:
    """Forget what has served, and let the database look at its own sizes."""
    maintenance.forget_old()
    maintenance.analyze(db.engine)

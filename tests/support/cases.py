"""Cases for tests that need some, opened by the real services."""

import datetime as dt

from sqlalchemy import select

from app.db.users import User
from app.extensions import db
from app.services import actor as actors
from app.services import clock, intake
from app.services.actor import Actor
from app.services.intake import Started

POST = "ABJ"
HEADER = {
    "pays_evenement": "CI",
    "canal": "telephone",
    "langue_contact": "fr",
    "declarant": "P-0014",
    "lien_declarant": "conjoint",
}


def officer(login: str = "nbouare", at: dt.datetime | None = None) -> Actor:
    """An officer of the demonstration as an actor."""
    user_id = db.session.scalar(select(User.id).where(User.login == login))
    found = actors.load(db.session(), user_id, (at or clock.now()).date())
    db.session.rollback()
    assert found is not None
    return found


def open_case(at: dt.datetime, code: str = "COR") -> Started:
    """A case opened at a moment; its first task falls due four hours later, and is reminded of after two."""
    with clock.at(at):
        header = HEADER | {"date_fait": at.date().isoformat(), "date_signalement": at.isoformat()}
        return intake.start_case(officer(at=at), code, POST, header)

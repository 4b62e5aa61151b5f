"""What waits for somebody beside the tasks of cases: differences with the Treasury, the end of the year, credits
that were entered, the tills of posts."""

from __future__ import annotations

from dataclasses import dataclass

from flask import url_for

from app.extensions import db
from app.services import credit_acts, imprests, reconciliation, year_end
from app.web import filters
from app.web.language import say_many
from app.web.reader import me


@dataclass(frozen=True)
class Waiting:
    """One line: what and how much of it, where it is done."""

    text: str
    href: str


def lines() -> list[Waiting]:
    """What waits for the reader; nothing for most."""
    session, now = db.session(), filters.now()
    found = []
    gaps, until = reconciliation.alone(session, me())
    if gaps and until:
        told = say_many(
            "%(num)s écart du Trésor à rapprocher d'ici au %(day)s",
            "%(num)s écarts du Trésor à rapprocher d'ici au %(day)s",
            gaps,
            day=filters.short_day(until),
        )
        found.append(Waiting(told, url_for("treasury.index")))
    for year, count in year_end.waiting(session, me(), now):
        told = say_many("%(num)s engagement de %(year)s à décider", "%(num)s engagements de %(year)s à décider", count, year=year)
        found.append(Waiting(told, url_for("year_end.index", year=year)))
    if entered := credit_acts.waiting(session, me()):
        told = say_many("%(num)s acte de crédits à confirmer", "%(num)s actes de crédits à confirmer", entered)
        found.append(Waiting(told, url_for("credits.index")))
    if asked := imprests.to_decide(session, me()):
        told = say_many("%(num)s réapprovisionnement de régie à décider", "%(num)s réapprovisionnements de régie à décider", asked)
        found.append(Waiting(told, url_for("imprests.index")))
    return found

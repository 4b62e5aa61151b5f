"""What tests of the pages give and look up: the header of a case, the key in a form, a reference, a small document."""

import re

from sqlalchemy import select

from app.db.cases import Case
from app.extensions import db

PDF = b"%PDF-1.4\n1 0 obj<</Type/Catalog>>endobj\ntrailer<</Root 1 0 R>>\n%%EOF\n"
HEADER = {
    "poste": "LBV",
    "pays_evenement": "GA",
    "date_fait.annee": "2026",
    "date_signalement.jour": "9",
    "date_signalement.mois": "2",
    "date_signalement.annee": "2026",
    "date_signalement.heure": "08:00",
    "canal": "presse",
    "priorite": "P3",
    "confidentialite": "C3",
    "langue_contact": "fr",
    "terminer": "1",
}


def key_of(page: str) -> str:
    return re.search(r'name="cle" value="([^"]+)"', page)[1]


def reference_of(case_id: int) -> str:
    return db.session.scalar(select(Case.reference).where(Case.id == case_id))

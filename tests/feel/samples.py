"""A case, and a host with one function of its own."""

import datetime as dt

from workflows.feel import Host, Signature, partial_date


def days_after(day, count):
    return day + dt.timedelta(days=int(count))


HOST = Host(
    {"jours après": Signature("jours après(depuis: date, nombre: number) -> date", days_after)},
    now=lambda: dt.datetime(2026, 3, 14, 9, tzinfo=dt.UTC),
)
CASE = {
    "montant": 600_000,
    "vide": None,
    "urgent": True,
    "pays": "FR",
    "né": partial_date("1985"),
    "décès": dt.date(2026, 3, 1),
    "date de naissance de l'enfant": dt.date(2020, 5, 1),
    "limite morgue": dt.datetime(2026, 3, 20, 8, tzinfo=dt.UTC),
    "financeurs": [
        {"nom": "famille", "montant": 100_000, "reponse": "accorde"},
        {"nom": "caisse", "montant": None, "reponse": "attente"},
    ],
    "aucun": [],
    "personne": {"nom": "Keïta"},
}

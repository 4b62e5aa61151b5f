"""Names that pages show for the codes that rows hold: roles, posts, countries, case types, users, statuses."""

from __future__ import annotations

import time
from collections import Counter
from collections.abc import Iterable
from functools import lru_cache
from typing import NamedTuple

from babel import Locale
from flask import Flask, g
from sqlalchemy import bindparam, select

from app.db.funding import BudgetLine
from app.db.posts import Post
from app.db.users import User
from app.extensions import db
from app.services import versions
from app.web.filters import typo
from app.web.language import chosen, mark, say
from workflows.catalog import CaseType

_USER = User.__table__
_NAMED = select(_USER.c.id, _USER.c.given_names, _USER.c.family_name).where(_USER.c.id.in_(bindparam("ids", expanding=True)))
CENTRAL_PLACES = {"CENTRAL": mark("Bamako"), "STATIONS": mark("Antennes")}
BODY_KINDS = {
    "affreteur": mark("Affréteur"),
    "autorite": mark("Autorité"),
    "avocat": mark("Avocat"),
    "collectivite": mark("Collectivité"),
    "etablissement": mark("Établissement"),
    "fournisseur": mark("Fournisseur"),
    "hebergement": mark("Hébergement"),
    "lieu_detention": mark("Lieu de détention"),
    "media": mark("Média"),
    "morgue": mark("Morgue"),
    "organisation": mark("Organisation"),
    "pompes_funebres": mark("Pompes funèbres"),
    "sante": mark("Établissement de santé"),
    "transporteur_aerien": mark("Compagnie aérienne"),
    "transporteur_routier": mark("Transporteur routier"),
}
"""What a structure or a supplier is, by the code of the registers."""
NATIONALITY = {
    "etablie": mark("Établie"),
    "presumee": mark("Présumée"),
    "contestee": mark("Contestée"),
    "non_malienne": mark("Non malienne"),
    "en_verification": mark("En vérification"),
}
"""What is known of somebody's nationality, by the code of the register."""
LIFE = {"vivant": mark("Vivant(e)"), "decede": mark("Décédé(e)"), "disparu": mark("Disparu(e)"), "inconnu": mark("Inconnu")}
"""Whether somebody lives, by the code of the register."""


def case_types() -> dict[str, CaseType]:
    """The case types that can be opened now, by code, once a request."""
    if "case_types" not in g:
        g.case_types = versions.all_current(db.session())
    return g.case_types


def text_of(texts: dict[str, str] | None, fallback: str = "") -> str:
    """A text given in both languages, in the reader's."""
    if not texts:
        return fallback
    return typo(texts.get(chosen()) or texts.get("fr") or fallback)


def body_kind(code: str) -> str:
    """« Pompes funèbres »; a kind that is called as a role is, by the role's name."""
    return say(BODY_KINDS[code]) if code in BODY_KINDS else spaced(role_name(code))


def spaced(code: str) -> str:
    """A code that has no words of its own, to be read at least: without underscores."""
    return code.replace("_", " ")


def type_name(code: str) -> str:
    """« Décès à l’étranger et rapatriement de corps »; the code for a type that is no longer there."""
    case_type = case_types().get(code)
    return text_of(case_type.name, code) if case_type else code


def line_name(row: BudgetLine) -> str:
    """« Assistance juridique »."""
    return row.named(chosen())


def role_name(code: str | None) -> str:
    """« Agent consulaire »."""
    for case_type in case_types().values():
        role = case_type.roles.get(code or "")
        if role is not None:
            return text_of(role.name, code or "")
    return code or ""


def all_roles() -> list[tuple[str, str]]:
    """(code, name) of every role that some case type knows, by name."""
    codes = {code for case_type in case_types().values() for code in case_type.roles}
    return sorted(((code, role_name(code)) for code in codes), key=lambda pair: pair[1])


@lru_cache(maxsize=2048)
def country_name(code: str | None, language: str) -> str:
    """« Côte d’Ivoire » for CI."""
    return Locale(language).territories.get(code or "", code or "")


def country(code: str | None) -> str:
    """The country's name in the reader's language; empty for none."""
    return typo(country_name(code, chosen()))


class Place(NamedTuple):
    """What pages show of a post."""

    code: str
    kind: str
    name_fr: str
    name_en: str
    country: str
    city: str
    zone: str
    calendar_code: str
    jurisdiction: list[str]


PLACES_HOLD_S = 30.0
_places: dict[str, tuple[float, dict[str, Place]]] = {}
"""Places by database: they change with the organisation of the ministry, and are named on every page."""


def posts() -> dict[str, Place]:
    """Every place by code; read again twice a minute."""
    if "posts" not in g:
        address = str(db.engine.url)
        until, known = _places.get(address, (0.0, {}))
        if until < time.monotonic():
            columns = [getattr(Post, name) for name in Place._fields]
            known = {row.code: Place(*row) for row in db.session().execute(select(*columns))}
            _places[address] = (time.monotonic() + PLACES_HOLD_S, known)
        g.posts = known
    return g.posts


def post_name(code: str | None) -> str:
    """The city of a post or the name of a service; CENTRAL is Bamako."""
    if code in CENTRAL_PLACES:
        return say(CENTRAL_PLACES[code])
    post = posts().get(code or "")
    if post is None:
        return code or ""
    return typo(post.city) if post.city else _full_name(post)


def _full_name(post: Place) -> str:
    return typo(post.name_en if chosen() == "en" and post.name_en else post.name_fr)


def post_choices(codes: Iterable[str] | None = None) -> list[tuple[str, str]]:
    """(code, name) of places to choose from, by name: a city where one name is enough, else what the place is called."""
    wanted = [posts()[code] for code in (posts() if codes is None else codes)]
    cities = Counter(post.city for post in posts().values())
    named = [(post.code, post_name(post.code) if cities[post.city] == 1 else _full_name(post)) for post in wanted]
    return sorted(named, key=lambda pair: pair[1].casefold())


def user_names(ids: Iterable[int | None]) -> dict[int, str]:
    """Names of users by id, in one query; ids known in this request are not asked for again."""
    known: dict[int, str] = g.setdefault("user_names", {})
    missing = {one for one in ids if one is not None} - known.keys()
    if missing:
        rows = db.session().connection().execute(_NAMED, {"ids": sorted(missing)})
        known.update({row.id: f"{row.given_names} {row.family_name}".strip() for row in rows})
    return known


def user_name(user_id: int | None) -> str:
    """The name of a user, « Jatigi » for the system."""
    return user_names([user_id]).get(user_id, "?") if user_id is not None else "Jatigi"


STATUSES = {
    "brouillon": (mark("Brouillon"), "plain"),
    "soumis": (mark("Soumis"), "news"),
    "recevabilite": (mark("Recevabilité"), "news"),
    "instruction": (mark("Instruction"), "news"),
    "attente_complement": (mark("En attente d'un complément"), "wait"),
    "attente_externe": (mark("En attente d'un tiers"), "wait"),
    "attente_decision": (mark("En attente de décision"), "warning"),
    "attente_financement": (mark("En attente de financement"), "warning"),
    "execution": (mark("Exécution"), "news"),
    "suivi": (mark("Suivi"), "news"),
    "suspendu": (mark("Suspendu"), "wait"),
    "clos": (mark("Clos"), "good"),
    "annule": (mark("Annulé"), "plain"),
    "rejete": (mark("Rejeté"), "plain"),
    "transfere": (mark("Transféré"), "plain"),
}

PRIORITIES = {
    "P1": (mark("P1 vitale"), "bad"),
    "P2": (mark("P2 urgente"), "bad"),
    "P3": (mark("P3 normale"), "plain"),
    "P4": (mark("P4 différée"), "plain"),
}
CONFIDENTIALITY = {"C1": mark("C1 Interne"), "C2": mark("C2 Restreint"), "C3": mark("C3 Confidentiel"), "C4": mark("C4 Très restreint")}


def status(code: str) -> tuple[str, str]:
    """(kind of badge, words) of a case's status."""
    words, kind = STATUSES.get(code, (code, "plain"))
    return kind, say(words)


def priority(code: str) -> tuple[str, str]:
    """(kind of badge, words) of a priority."""
    words, kind = PRIORITIES.get(code, (code, "plain"))
    return kind, say(words)


def confidentiality(code: str) -> str:
    """« C3 Confidentiel »."""
    return say(CONFIDENTIALITY.get(code, code))


def init_app(app: Flask) -> None:
    """Give the templates the names."""
    app.jinja_env.globals.update(
        body_kind=body_kind,
        role_name=role_name,
        post_name=post_name,
        country=country,
        type_name=type_name,
        line_name=line_name,
        user_name=user_name,
        status_badge=status,
        priority_badge=priority,
        confidentiality_name=confidentiality,
        text_of=text_of,
    )

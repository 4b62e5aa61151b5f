"""Persons, suppliers, structures, budget lines and imprest funds."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from typing import Any

from sqlalchemy.orm import Session

from app.db.funding import BudgetLine, LedgerEntry
from app.db.imprest import ImprestFund
from app.db.imprest_rules import OPENING, PAYMENT
from app.db.people import Body, Person, PersonPaper
from app.demo.reading import day, days_since, read
from app.services import person_search
from app.services.funding import credits, imprest

FIRST_YEAR = 2026
MONTHS = 12
EARLY = 5
"""Before this month, cases of the demonstration may have begun in the year before."""


def load(session: Session, now: dt.datetime) -> None:
    """Everything that cases refer to."""
    _persons(session, now)
    session.add_all(_supplier(entry) for entry in read("suppliers")["fournisseurs"])
    session.add_all(_structure(entry) for entry in read("structures")["structures"])
    money = read("budget_lines")
    for year, entry in _lines(money["lignes"], now):
        _line(session, year, entry, now)
    for entry in money["regies"]:
        _fund(session, entry, now)
    session.flush()


def _persons(session: Session, now: dt.datetime) -> None:
    for entry in read("persons")["personnes"]:
        row = _person(entry, now)
        session.add(row)
        session.flush()
        session.add_all(PersonPaper(number=paper["numero"], person_id=row.id, kind=paper["type"]) for paper in entry["documents"])
        person_search.index(session, row)
    session.flush()


def _person(entry: dict[str, Any], now: dt.datetime) -> Person:
    born = entry["date_naissance"]
    return Person(
        code=entry["id"],
        family_name=entry["nom"],
        given_names=entry["prenoms"],
        other_names=entry["autres_noms"],
        sex=entry["sexe"],
        born=born,
        birth_year=int(born[:4]) if born else None,
        birth_place=entry["lieu_naissance"] or "",
        father=entry["pere"] or "",
        mother=entry["mere"] or "",
        origin=entry["lieu_origine"],
        national_number=entry["nina"],
        papers=entry["documents"],
        phones=[phone if isinstance(phone, str) else phone.get("numero", "") for phone in entry["telephones"]],
        residence=entry["pays_residence"],
        situation=entry["situation"] or "",
        nationality_status=entry["statut_nationalite"],
        life_status=entry["statut_vie"],
        created_at=now,
    )


def _supplier(entry: dict[str, Any]) -> Body:
    validated = day(entry.get("compte_valide_le"))
    return Body(
        code=entry["id"],
        register="supplier",
        kind=entry["genre"],
        name=entry["nom"],
        country=entry["pays"],
        city=entry["ville"] or "",
        phone=entry.get("tel") or "",
        currency=entry["devise"],
        account_validated_at=dt.datetime.combine(validated, dt.time(), dt.UTC) if validated else None,
        active=entry["actif"],
    )


def _structure(entry: dict[str, Any]) -> Body:
    return Body(
        code=entry["id"],
        register="structure",
        kind=entry["genre"],
        name=entry["nom"],
        country=entry.get("pays"),
        city=entry.get("ville") or "",
    )


def _lines(entries: list[dict[str, Any]], now: dt.datetime) -> Iterator[tuple[int, dict[str, Any]]]:
    """Lines with their year. In the first months the year before lies as the present one: the cases of its last weeks draw on it."""
    written = {(entry["code"], entry["exercice"]): entry for entry in entries}
    early = now.month < EARLY
    for (code, year), entry in written.items():
        yield year + now.year - FIRST_YEAR, written[code, FIRST_YEAR] if early and year == FIRST_YEAR - 1 else entry


def _line(session: Session, year: int, entry: dict[str, Any], now: dt.datetime) -> None:
    """A line, and one ledger entry that stands for all commitments outside the demonstration."""
    outside = entry["engagements_hors_demo"]
    line = BudgetLine(
        code=entry["code"],
        year=year,
        label=entry["libelle_fr"],
        label_en=entry["libelle_en"],
        source=entry["source"],
        funder=entry["bailleur"],
        currency=entry["devise_origine"],
        **dict.fromkeys(("opened", "received", "given", "frozen", "used"), 0),
        last_commitment_on=_last_commitment(year, entry, now),
        last_payment_on=dt.date(year + 1, 1, 31) if entry["date_fin_paiement"] else None,
        state=entry["etat"],
        case_types=entry["types_eligibles"],
        natures=entry["natures_eligibles"],
        multi_annual=entry["multi_annuel"],
        tracked_only=entry["execution"] == "suivi_seul",
        imputation=entry["imputation"],
    )
    session.add(line)
    session.flush()
    if entry["credits_ouverts"]:
        credits.enter(session, line.id, entry["credits_ouverts"], now)
        session.refresh(line)
    line.received, line.given, line.frozen = entry["virements_recus"], entry["virements_emis"], entry["credits_bloques"]
    session.flush()
    if outside:
        reason = "engagements repris à l’ouverture"
        session.add(LedgerEntry(line_id=line.id, kind="commit", amount=outside, balance=outside, at=now, reason=reason))


def _last_commitment(year: int, entry: dict[str, Any], now: dt.datetime) -> dt.date | None:
    """30 November, as the ministry closes its commitments; the end of a year whose December the cases of the demonstration live in."""
    if not entry["date_fin_engagement"]:
        return None
    lived = now.year if now.month == MONTHS else now.year - 1 if now.month < EARLY else None
    return dt.date(year, 12, 31) if year == lived else dt.date(year, 11, 30)


def _fund(session: Session, entry: dict[str, Any], now: dt.datetime) -> None:
    """An imprest: what it began with, and what it had paid without a voucher when it was taken over."""
    post, paid, oldest = entry["poste"], entry["a_regulariser"], day(entry["plus_ancienne_non_regularisee"])
    ceilings = {"cash_ceiling": entry["plafond_encaisse"], "monthly_ceiling": entry["plafond_mensuel_operations"]}
    session.add(ImprestFund(post_code=post, balance=0, to_regularise=0, natures=entry["natures"], **ceilings))
    session.flush()
    began = dt.datetime.combine(oldest, dt.time(), dt.UTC) + days_since(now) if oldest else now
    imprest.book(session, post, OPENING, cash=entry["solde"] + paid, at=began)
    if paid:
        imprest.book(session, post, PAYMENT, cash=-paid, owed=paid, at=began, reason="dépense reprise à l’ouverture")

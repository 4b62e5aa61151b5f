"""Aid that a scenario is given: what somebody received before, on a budget line, in a case that is over."""

from __future__ import annotations

import datetime as dt
import secrets
from collections.abc import Callable, Mapping
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.funding import BudgetLine, FundingRequest
from app.db.transaction import Unit
from app.scenarios.reading import BadScenario, moment
from app.services import versions
from app.services.funding import lines

BEFORE = dt.timedelta(days=30)
"""How long ago aid was given, if the scenario does not say when."""
AMOUNTS = ("asked", "granted", "committed", "liquidated", "ordered", "paid")


def line_of(session: Session, code: str, given: Mapping[str, Any]) -> BudgetLine:
    """A budget line of the year in which the scenario begins, or of the one that is named (« CODE/2027 »). BadScenario without one."""
    code, _, named = code.partition("/")
    year = int(named) if named.isdecimal() else moment(given["at"]).year
    found = session.scalar(select(BudgetLine).where(BudgetLine.code == code, BudgetLine.year == year))
    if found is None:
        raise BadScenario(f"ligne budgétaire inconnue : {code} {year}")
    return found


def aid(unit: Unit, given: Mapping[str, Any]) -> Callable[[Unit], None]:
    """aid: [{person, line, amount, on?, nature?, payee?, purpose?}]: granted and paid, in a closed case of its own.

    Taken back as a person would: the ledger is only added to.
    """
    requests = [_granted(unit, given, said) for said in given["aid"]]

    def undo(unit: Unit) -> None:
        for request_id in requests:
            request = unit.session.get_one(FundingRequest, request_id)
            _book(unit, request, -request.granted)
            request.state = "annule"

    return undo


def _granted(unit: Unit, given: Mapping[str, Any], said: Mapping[str, Any]) -> int:
    for part in ("person", "line", "amount"):
        if part not in said:
            raise BadScenario(f"aid : il manque « {part} »")
    session, mark = unit.session, secrets.token_hex(4).upper()
    line = line_of(session, said["line"], given)
    at = moment(said["on"]) if "on" in said else moment(given["at"]) - BEFORE
    case_type = next(iter(versions.all_current(session).values()))
    case = Case(reference=f"ANT-{mark}", case_type=case_type.code, version_hash=case_type.version, state=b"", status="clos")
    case.post_code, case.person_code, case.opened_at, case.closed_at = given["post"], said["person"], at, at
    session.add(case)
    session.flush()
    request = FundingRequest(code=f"ANT-{mark}/F1", case_id=case.id, line_id=line.id, nature=said.get("nature", "secours"), state="solde")
    request.beneficiary_code, request.payee_code = said["person"], said.get("payee", said["person"])
    request.purpose = said.get("purpose", "aide antérieure")
    request.requested_at = request.decided_at = at
    for name in AMOUNTS:
        setattr(request, name, int(said["amount"]))
    session.add(request)
    session.flush()
    _book(unit, request, request.granted)
    return request.id


def _book(unit: Unit, request: FundingRequest, amount: int) -> None:
    reason = "aide antérieure d’un scénario"
    lines.charge(unit.session, request.line_id, request.id, "commit", amount, by_id=None, at=unit.now, reason=reason)

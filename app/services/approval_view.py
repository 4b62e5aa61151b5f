"""What an approver must see on one screen: the sum, the line before and after, earlier help, similar cases, opinions, limits, checks."""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.funding import FundingRequest
from app.services import budget, case_file, history, opinions, person_aliases, policy, versions
from app.services.actor import Actor
from app.services.funding import household, requests
from app.services.funding.ahead import AHEAD
from app.services.opinions import Opinion
from app.services.step_view import StepView
from workflows.feel.tables import Table

YEAR = dt.timedelta(days=365)
MOST_SIMILAR = 60
SCREEN = "approval"
"""The property `screen` of the steps that are shown so."""
LEVEL_TABLE, CUMULATED = "fund_niveau", "fund_cumul"


@dataclass(frozen=True)
class LineState:
    """A budget line as it is without this request, and with it: `reserved` and `asked` in whole francs."""

    now: budget.Line
    reserved: int
    asked: int

    @property
    def before(self) -> int:
        """Available without this request."""
        return self.now.available + self.now.reserved - self.reserved

    @property
    def after(self) -> int:
        """Available once it is granted."""
        return self.before - self.asked


@dataclass(frozen=True)
class Similar:
    """Sums granted in similar cases within a year."""

    amounts: Sequence[int]

    @property
    def mean(self) -> int:
        return round(sum(self.amounts) / len(self.amounts))


@dataclass(frozen=True)
class Approval:
    """The whole screen."""

    request: FundingRequest
    line: LineState
    opinions: Sequence[Opinion]
    helped: Sequence[tuple[FundingRequest, str]]
    """Earlier help to the same person, each with its case."""
    household: Sequence[tuple[FundingRequest, str | None]]
    """The same of the others of their household; no case for who may not see it."""
    payee_count: int
    payee_sum: int
    similar: Similar | None
    ceiling: int | None
    rule_rows: Sequence[int]
    scale: int | None
    twice: bool
    year_share: float


def load(session: Session, actor: Actor, view: StepView, now: dt.datetime) -> Approval | None:
    """Everything about the request of the step; None when the step has none (an oral agreement before its first reservation)."""
    facts = view.room.facts
    request = requests.by_code(session, facts.get("reservation_id") or facts.get("engagement_id"))
    if request is None:
        return None
    entries = opinions.entries(session, view.task.case_id)
    fired = _rule_rows(entries)
    scale = facts.get("montant")
    payee_count, payee_sum = _payee(session, request, now)
    return Approval(
        request=request,
        line=_line(session, request),
        opinions=opinions.of_request(session, view.task.case_id, view.task.scope, facts, view.spec, entries) if view.spec else [],
        helped=_helped(session, request.beneficiary_code, request),
        household=_household(session, actor, view, request, now),
        payee_count=payee_count,
        payee_sum=payee_sum,
        similar=_similar(session, request, view.file.case.case_type, now),
        ceiling=min((limit for limit in (_own_limit(actor, view), _level_limit(view, fired)) if limit is not None), default=None),
        rule_rows=fired,
        scale=int(scale) if scale is not None else None,
        twice=facts.get("double_paiement") is True,
        year_share=100 * now.timetuple().tm_yday / 365,
    )


def _line(session: Session, request: FundingRequest) -> LineState:
    now = budget.of_request(session, request)
    return LineState(now, now.reserved - request.reserved, 0 if request.state == AHEAD else request.asked)


def _helped(session: Session, code: str | None, request: FundingRequest) -> list[tuple[FundingRequest, str]]:
    """Earlier help to a person, with the case it came from."""
    if code is None:
        return []
    query = (
        select(FundingRequest, Case.reference)
        .join(Case, Case.id == FundingRequest.case_id)
        .where(FundingRequest.beneficiary_code.in_(person_aliases.codes(session, [code])))
        .where(FundingRequest.id != request.id, FundingRequest.granted > 0)
        .order_by(FundingRequest.decided_at.desc())
        .limit(10)
    )
    return [(row[0], row[1]) for row in session.execute(query)]


def _household(
    session: Session, actor: Actor, view: StepView, request: FundingRequest, now: dt.datetime
) -> list[tuple[FundingRequest, str | None]]:
    case_type, facts = view.file.case_type, case_file.facts(session, view.file)[""]
    others = household.members(case_type, facts, request.beneficiary_code, now)[1:]
    found = [one for code in others for one in _helped(session, code, request)]
    may = policy.visible_cases(actor, versions.all_current(session))
    seen = set(session.scalars(select(Case.reference).where(Case.reference.in_([case for _, case in found]), may))) if found else set()
    return [(one, case if case in seen else None) for one, case in found]


def _payee(session: Session, request: FundingRequest, now: dt.datetime) -> tuple[int, int]:
    """How often and how much the same payee was granted this year, other requests."""
    if request.payee_code is None:
        return 0, 0
    start = now.replace(month=1, day=1, hour=0, minute=0, second=0, microsecond=0)
    query = select(func.count(), func.coalesce(func.sum(FundingRequest.granted), 0)).where(
        FundingRequest.payee_code == request.payee_code,
        FundingRequest.id != request.id,
        FundingRequest.granted > 0,
        FundingRequest.requested_at >= start,
    )
    count, total = session.execute(query).one()
    return int(count), int(total)


def _similar(session: Session, request: FundingRequest, case_type: str, now: dt.datetime) -> Similar | None:
    query = (
        select(FundingRequest.granted)
        .join(Case, Case.id == FundingRequest.case_id)
        .where(
            Case.case_type == case_type,
            FundingRequest.nature == request.nature,
            FundingRequest.granted > 0,
            FundingRequest.id != request.id,
            FundingRequest.decided_at >= now - YEAR,
        )
        .order_by(FundingRequest.decided_at.desc())
        .limit(MOST_SIMILAR)
    )
    amounts = list(session.scalars(query))
    return Similar(amounts) if amounts else None


def _level_limit(view: StepView, fired: Sequence[int]) -> int | None:
    """Up to which sum the row that fired gives the decision to this level; None when it bounds none."""
    decision = view.file.case_type.definition.decisions.get(LEVEL_TABLE)
    table = decision.logic if decision else None
    if not isinstance(table, Table) or not fired or fired[-1] > len(table.rules):
        return None
    bounds = [cell for one, cell in zip(table.inputs, table.rules[fired[-1] - 1].cells, strict=True) if one.expression == CUMULATED]
    if not bounds or not bounds[0].startswith("<="):
        return None
    limit = view.room.host.evaluate(bounds[0].removeprefix("<="), view.room.facts, strict=False)
    return int(limit) if limit is not None else None


def _own_limit(actor: Actor, view: StepView) -> int | None:
    """The limit of the actor's own delegation, the highest that fits; None when the level alone decides."""
    fitting = policy.grants_for(actor, view.task, view.file.case_type)
    if not fitting or any(grant.ceiling is None for grant in fitting):
        return None
    return max(grant.ceiling or 0 for grant in fitting)


def _rule_rows(entries: Sequence[history.Entry]) -> list[int]:
    """Rows of the table of levels that fired last."""
    for entry in reversed(entries):
        for line in reversed(entry.data.get("trace") or []):
            rows = line["detail"].get("rows") if line["kind"] == "rule" and isinstance(line["detail"], dict) else None
            if rows and LEVEL_TABLE in rows:
                return [int(row) for row in rows[LEVEL_TABLE]]
    return []

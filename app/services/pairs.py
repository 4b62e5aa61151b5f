"""Two persons who ask for and grant each other's money, again and again: told month by month (domain: roles-and-rights, rule S10).

Each request keeps its four eyes; what is told here is that the same four eyes meet too often.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session

from app.db.funding import FundingRequest
from app.services import settings, versions
from app.services.months import Month

MOST = "fund_binome_max"
"""Setting: requests of a month that two persons may share between them as asker and approver."""


@dataclass(frozen=True)
class Pair:
    """Two users, how many requests of the first the second granted and the other way round, and what they granted in whole francs."""

    first_id: int
    second_id: int
    first_asked: int
    second_asked: int
    granted: int

    @property
    def count(self) -> int:
        return self.first_asked + self.second_asked


def most(session: Session) -> int:
    """How many requests of a month two persons may share."""
    case_type = next(iter(versions.all_current(session).values()))
    return int(settings.reglages(session, case_type)[MOST])


def too_often(session: Session, month: Month) -> Sequence[Pair]:
    """The pairs that decided more requests between them in a month than they may, those with the most first."""
    asked, granted = FundingRequest.requester_id, FundingRequest.approver_id
    first, second = case((asked < granted, asked), else_=granted), case((asked < granted, granted), else_=asked)
    sums = (func.count().filter(asked < granted), func.count().filter(asked > granted), func.sum(FundingRequest.granted))
    query = select(first, second, *sums).where(asked.is_not(None), granted.is_not(None))
    query = query.where(FundingRequest.decided_at >= month.start, FundingRequest.decided_at < month.end)
    query = query.group_by(first, second).having(func.count() > most(session)).order_by(func.count().desc(), first, second)
    return [Pair(row[0], row[1], int(row[2]), int(row[3]), int(row[4])) for row in session.execute(query)]

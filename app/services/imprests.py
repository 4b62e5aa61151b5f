"""The cash advances (régies) of posts beside their cases: statement, vouchers, replenishment with four eyes (domain: funding §6).

A payment that no voucher shows after ten days keeps the imprest from being filled again; it never keeps a person from being helped: with
too little cash the request takes the way of the agreement by telephone.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.funding import FundingRequest
from app.db.imprest import ImprestEntry, ImprestFund, ImprestReplenishment
from app.db.imprest_rules import ASKED, GRANTED, PAYMENT, REPLENISHMENT, REST, VOUCHER
from app.services import policy, rights, sentences, settings, versions
from app.services.actor import Actor
from app.services.errors import NotFound
from app.services.funding import imprest
from app.services.funding.imprest import Paid
from app.services.sentences import grouped

SHOWN, MONTHS = 200, 12


@dataclass(frozen=True)
class Fund:
    """An imprest with what it awaits. `within`: days in which a payment is to be shown; `late`: payments that were not."""

    row: ImprestFund
    awaiting: Sequence[Paid]
    late: Sequence[Paid]
    within: int
    running: ImprestReplenishment | None

    @property
    def post(self) -> str:
        return self.row.post_code

    @property
    def oldest(self) -> Paid | None:
        """The payment that has awaited vouchers longest."""
        return next(iter(self.awaiting), None)

    def blocked(self, language: str = "fr") -> str | None:
        """Why the till may not be filled again; None when it may."""
        return sentences.say("imprest_blocked", language, **self._blocked()) if self.late else None

    def _blocked(self) -> dict[str, Any]:
        oldest = self.late[0]
        owed = grouped(sum(paid.left for paid in self.late))
        return {"amount": owed, "days": self.within, "oldest": grouped(oldest.left), "day": f"{oldest.entry.at:%d/%m/%Y}"}


@dataclass(frozen=True)
class Line:
    """An entry with the request that it is about; the reference of its case only for who sees the case."""

    entry: ImprestEntry
    request: str
    reference: str | None


@dataclass(frozen=True)
class Month:
    """An imprest in one month: what it began with, paid, was shown, got back, was filled by; cash and what was awaited at its end."""

    year: int
    number: int
    before: int
    paid: int
    shown: int
    returned: int
    filled: int
    balance: int
    awaited: int


def posts(session: Session, actor: Actor, right: str = rights.READ_IMPRESTS) -> frozenset[str]:
    """The posts whose imprest an actor has a right over: a role of a post over its own, others over all."""
    types = versions.all_current(session)
    every = frozenset(session.scalars(select(ImprestFund.post_code)))
    found: frozenset[str] = frozenset()
    for case_type in types.values():
        for grant in actor.grants:
            if grant.role in case_type.rights.get(right, ()):
                at = case_type.roles[grant.role].at
                found |= policy.places(grant, actor, at) if at == "post" else every
    return found & every


def ensure(session: Session, actor: Actor, post: str, right: str = rights.READ_IMPRESTS) -> None:
    """NotFound for who has no such right over the imprest of a post."""
    if post not in posts(session, actor, right):
        raise NotFound


def funds(session: Session, actor: Actor, now: dt.datetime) -> list[Fund]:
    """The imprests that an actor reads, by post. NotFound when there is none."""
    codes = posts(session, actor)
    if not codes:
        raise NotFound
    return [fund_of(session, code, now) for code in sorted(codes)]


def fund_of(session: Session, post: str, now: dt.datetime) -> Fund:
    """The imprest of a post as it is now. NotFound."""
    row = session.get(ImprestFund, post, populate_existing=True)
    if row is None:
        raise NotFound
    awaiting = imprest.awaiting(session, ImprestEntry.post_code == post)
    within = days_to_show(session)
    open_now = select(ImprestReplenishment).where(ImprestReplenishment.post_code == post, ImprestReplenishment.state.in_((ASKED, GRANTED)))
    return Fund(row, awaiting, imprest.late(awaiting, now, within), within, session.scalars(open_now).first())


def days_to_show(session: Session) -> int:
    """Days in which a payment is to be shown by vouchers."""
    case_type = next(iter(versions.all_current(session).values()))
    return int(settings.reglages(session, case_type)[imprest.REGULARISED_WITHIN])


def entries(session: Session, actor: Actor, post: str, limit: int | None = SHOWN) -> list[Line]:
    """The movements of an imprest, the latest first."""
    query = select(ImprestEntry).where(ImprestEntry.post_code == post).order_by(ImprestEntry.id.desc())
    found = list(session.scalars(query.limit(limit) if limit else query))
    named = names_of(session, actor, [entry.request_id for entry in found])
    return [Line(entry, *named.get(entry.request_id or 0, ("", None))) for entry in found]


def names_of(session: Session, actor: Actor, request_ids: Sequence[int | None]) -> Mapping[int, tuple[str, str | None]]:
    """Code of each request, and the reference of its case when the case exists for the actor."""
    visible = select(Case.id).where(policy.visible_cases(actor, versions.all_current(session)))
    query = select(FundingRequest.id, FundingRequest.code, Case.reference)
    query = query.outerjoin(Case, (Case.id == FundingRequest.case_id) & Case.id.in_(visible))
    return {row[0]: (row[1], row[2]) for row in session.execute(query.where(FundingRequest.id.in_({one for one in request_ids if one})))}


def replenishments(session: Session, post: str) -> list[ImprestReplenishment]:
    """What was asked for to fill the till, the latest first."""
    query = select(ImprestReplenishment).where(ImprestReplenishment.post_code == post).order_by(ImprestReplenishment.id.desc())
    return list(session.scalars(query.limit(SHOWN)))


def to_decide(session: Session, actor: Actor) -> int:
    """How many replenishments wait for this actor's decision."""
    codes = posts(session, actor, rights.FILL_IMPRESTS)
    where = (ImprestReplenishment.post_code.in_(codes), ImprestReplenishment.state == ASKED)
    return int(session.scalar(select(func.count(ImprestReplenishment.id)).where(*where)) or 0) if codes else 0


def months(session: Session, post: str, now: dt.datetime, count: int = MONTHS) -> list[Month]:
    """The last months of an imprest, the present one last, from the month in which it began."""
    query = select(ImprestEntry.at, ImprestEntry.kind, ImprestEntry.cash, ImprestEntry.owed).where(ImprestEntry.post_code == post)
    rows = session.execute(query.order_by(ImprestEntry.id)).all()
    first = min((row.at for row in rows), default=now)
    last = now.year * 12 + now.month - 1
    return [_month(rows, *divmod(at, 12)) for at in range(max(last - count + 1, first.year * 12 + first.month - 1), last + 1)]


def _month(rows: Sequence[Any], year: int, month: int) -> Month:
    """A month, counted from January as 0."""
    until = [row for row in rows if (row.at.year, row.at.month) <= (year, month + 1)]
    inside = [row for row in until if (row.at.year, row.at.month) == (year, month + 1)]
    before = sum(row.cash for row in until) - sum(row.cash for row in inside)
    paid, shown, returned, filled = (
        sum(abs(row.cash or row.owed) for row in inside if row.kind == kind) for kind in (PAYMENT, VOUCHER, REST, REPLENISHMENT)
    )
    balance, awaited = sum(row.cash for row in until), sum(row.owed for row in until)
    return Month(year, month + 1, before, paid, shown, returned, filled, balance, awaited)


def voucher(session: Session, actor: Actor, post: str, number: int) -> ImprestEntry:
    """A voucher that has a file. NotFound."""
    ensure(session, actor, post)
    found = session.get(ImprestEntry, number)
    if found is None or found.post_code != post or not found.digest:
        raise NotFound
    return found

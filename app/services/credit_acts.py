"""Credits of budget lines: entered by the finances from the act that gives them, confirmed by the authorising officer (domain: funding §2).

Opening the credits of a year makes its lines and opens them; during the year more is given, or some is taken back. Nothing moves before
a second person has confirmed it, and what moved stands in the ledger of each line and in the chain of acts.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import func, or_, select
from sqlalchemy.orm import Session

from app.db.credit_rules import CONFIRMED, CUT, OPENING, PROPOSED, REFUSED, SUPPLEMENT
from app.db.credits import CreditAct
from app.db.funding import BudgetLine
from app.db.transaction import Unit, transaction
from app.services import administration, budget, clock, credit_moves, credit_rows, keys, sentences, versions
from app.services.actor import Actor
from app.services.credit_rows import Row
from app.services.errors import Conflict, Forbidden, Invalid, NotFound
from app.services.funding import credits
from app.services.funding.lines import OPEN
from app.services.sentences import grouped

KINDS = (OPENING, SUPPLEMENT, CUT)
LONGEST, LONGEST_REFERENCE, SHOWN = 500, 200, 50
CREDITED = "budget.credited"


@dataclass(frozen=True)
class Change:
    """What an act does to a line: `line` as it is now, None when the act makes it; what would be, or was, opened before and after."""

    row: Row
    line: BudgetLine | None
    label: str
    before: int

    def after(self, kind: str) -> int:
        return self.before + signed(kind, self.row.amount)


def signed(kind: str, amount: int) -> int:
    """What an amount does to what is opened."""
    return -amount if kind == CUT else amount


def may_enter(session: Session, actor: Actor) -> bool:
    """Whether the actor enters acts on credits."""
    return budget.has(actor, versions.all_current(session), budget.ENTER)


# ------------------------------------------------------------------ entering
def years(now: dt.datetime) -> tuple[int, int]:
    """The years whose credits are entered."""
    return now.year, now.year + 1


def known_lines(session: Session, year: int) -> dict[str, BudgetLine]:
    """The lines of a year, and those of the year before that it does not have yet, by code."""
    query = select(BudgetLine).where(BudgetLine.year.in_((year - 1, year))).order_by(BudgetLine.code, BudgetLine.year)
    return {row.code: row for row in session.scalars(query)}


def template(session: Session, actor: Actor, year: int) -> list[list[Any]]:
    """The known lines as rows of a file to be filled in. NotFound for who does not enter credits."""
    budget.ensure(session, actor, budget.ENTER)
    return [credit_rows.cells(line, year) for line in known_lines(session, year).values()]


def read(session: Session, actor: Actor, year: int, content: bytes) -> list[Row]:
    """The rows of a file. NotFound, Invalid with an error for each row."""
    budget.ensure(session, actor, budget.ENTER)
    return credit_rows.of_file(content, year, known_lines(session, year), actor.language)


def propose(actor: Actor, year: int, kind: str, reference: str, rows: Sequence[Row], key: str | None = None) -> int:
    """Keeps an act to be confirmed; its number. NotFound, Invalid (kind, year, reference, nothing in it, lines that it does not fit)."""

    def work(unit: Unit) -> int:
        told = keys.claim(unit, actor.code, key, keys.body_hash("credits", year, kind, reference, [row.plain() for row in rows]))
        if told is not None:
            return int(told["number"])
        budget.ensure(unit.session, actor, budget.ENTER)
        said = _text(reference, LONGEST_REFERENCE)
        wrong: dict[str, Any] = {
            "nature": "" if kind in KINDS else "credits_kind",
            "annee": "" if year in years(unit.now) else "credits_year",
            "reference": "" if said else "credits_reference",
            "lignes": "" if rows else "credits_none",
        }
        if not any(wrong.values()):
            wrong = {"lignes": [str(told) for told in _refused(unit.session, actor, year, kind, rows)]}
        if any(wrong.values()):
            raise Invalid({name: told for name, told in wrong.items() if told})
        who = {"proposed_by_id": actor.id, "proposed_behind_id": _behind(unit, actor, budget.ENTER), "proposed_at": unit.now}
        act = CreditAct(year=year, kind=kind, reference=said, rows=[row.plain() for row in rows], state=PROPOSED, **who)
        unit.session.add(act)
        unit.session.flush()
        total = sum(row.amount for row in rows)
        data = {"year": year, "credits": kind, "reference": said, "lines": len(rows), "amount": total}
        administration.record(unit, actor, "credits.proposed", subject(act), **data)
        keys.answer(unit, actor.code, key, {"number": act.id})
        return act.id

    return transaction(work, clock.now)


def _refused(session: Session, actor: Actor, year: int, kind: str, rows: Sequence[Row]) -> Iterable[Any]:
    """Why an act does not fit the lines of its year."""
    lines = _lines(session, year)
    for row in rows:
        told = _refusal(lines.get(row.code), kind, row)
        if told is not None:
            code, params = told
            yield sentences.say(code, actor.language, text=row.code, **params)


def _refusal(line: BudgetLine | None, kind: str, row: Row) -> tuple[str, dict[str, Any]] | None:
    if kind == OPENING:
        return ("credits_opened", {}) if line is not None and line.opened else None
    if line is None:
        return "credits_unknown", {}
    most = line.opened if line.tracked_only else min(line.opened, line.available)
    return ("credits_cut", {"available": grouped(max(0, most))}) if kind == CUT and row.amount > most else None


# ------------------------------------------------------------------ confirming
def decide(actor: Actor, number: int, *, confirm: bool, decision: str) -> None:
    """Confirms an act, which then moves credits, or refuses it. NotFound, Conflict (decided before, or the lines changed since),
    Forbidden (entered by the same person, for them, or by a relative), Invalid (no reason)."""

    def work(unit: Unit) -> None:
        session = unit.session
        budget.ensure(session, actor, budget.DECIDE)
        act = session.get(CreditAct, number, with_for_update=True, populate_existing=True)
        if act is None:
            raise NotFound
        if act.state != PROPOSED:
            raise Conflict("credits_over")
        behind = _behind(unit, actor, budget.DECIDE)
        if {actor.id, behind} - {None} & {act.proposed_by_id, act.proposed_behind_id} or act.proposed_by_id in actor.relatives:
            raise Forbidden("credits_own")
        said = _text(decision, LONGEST)
        if not said:
            raise Invalid({"decision": "move_reason"})
        act.state, act.decision = CONFIRMED if confirm else REFUSED, said
        act.decided_by_id, act.decided_at = actor.id, unit.now
        session.flush()
        administration.record(unit, actor, "credits.confirmed" if confirm else "credits.refused", subject(act), reason=said)
        for entry in sorted(act.rows, key=lambda one: one["code"]) if confirm else ():
            _move(unit, actor, act, credit_rows.kept(entry))

    transaction(work, clock.now)


def _move(unit: Unit, actor: Actor, act: CreditAct, row: Row) -> None:
    session = unit.session
    of_code = select(BudgetLine).where(BudgetLine.code == row.code).with_for_update().execution_options(populate_existing=True)
    found = session.scalars(of_code.where(BudgetLine.year == act.year)).one_or_none()
    told = _refusal(found, act.kind, row)
    if told is not None:
        raise Conflict(told[0], text=row.code, **told[1])
    before = session.scalars(of_code.where(BudgetLine.year == act.year - 1)).one_or_none()
    line = found or _made(session, act.year, row, before)
    if act.kind == OPENING:
        for name, value in row.said.items():
            if found is None or name not in credit_rows.LASTING:
                setattr(line, name, value)
        line.state = OPEN
        session.flush()
    amount = signed(act.kind, row.amount)
    credits.enter(session, line.id, amount, unit.now, act.id)
    session.refresh(line)
    data = {"credits": act.kind, "act": act.id, "amount": amount, "reason": act.reference}
    administration.record(unit, actor, CREDITED, credit_moves.subject(line), **data)
    if act.kind == OPENING:
        administration.record(unit, actor, "budget.opened", credit_moves.subject(line), reason=act.reference)


def _made(session: Session, year: int, row: Row, before: BudgetLine | None) -> BudgetLine:
    """A line that the year does not have yet: as in the year before, else as the act says."""
    if before is not None:
        return credit_moves.next_year(session, before)
    committed, paid = dt.date(year, *credit_rows.LAST_COMMITMENT), dt.date(year + 1, *credit_rows.LAST_PAYMENT)
    said = {"last_commitment_on": committed, "last_payment_on": paid, **row.said}
    line = BudgetLine(code=row.code, year=year, opened=0, received=0, given=0, frozen=0, used=0, **said)
    session.add(line)
    session.flush()
    return line


# ------------------------------------------------------------------ reading
def subject(act: CreditAct) -> str:
    """Under which name what was done about an act is found."""
    return f"CREDITS/{act.id}"


def acts(session: Session, actor: Actor) -> list[CreditAct]:
    """The last acts, those that wait first. NotFound for who does not read the budget."""
    budget.ensure(session, actor)
    waits = (CreditAct.state != PROPOSED).asc()
    return list(session.scalars(select(CreditAct).order_by(waits, CreditAct.id.desc()).limit(SHOWN)))


def act_of(session: Session, actor: Actor, number: int) -> tuple[CreditAct, list[Change]]:
    """An act with what it does, or did, to each line. NotFound."""
    budget.ensure(session, actor)
    act = session.get(CreditAct, number)
    if act is None:
        raise NotFound
    lines, known = _lines(session, act.year), known_lines(session, act.year)
    before = credits.before(session, act.id) if act.state == CONFIRMED else {}
    return act, [_change(credit_rows.kept(entry), lines, known, before, actor.language) for entry in act.rows]


def _change(row: Row, lines: dict[str, BudgetLine], known: dict[str, BudgetLine], before: dict[int, int], language: str) -> Change:
    line, like = lines.get(row.code), known.get(row.code)
    said = row.said.get("label_en" if language == "en" else "label") or row.said.get("label")
    label = said or (like.named(language) if like is not None else "")
    return Change(row, line, label, before.get(line.id, line.opened) if line is not None else 0)


def waiting(session: Session, actor: Actor) -> int:
    """How many acts wait for this actor to confirm them."""
    if budget.level(actor, versions.all_current(session)) != budget.DECIDE:
        return 0
    own = or_(CreditAct.proposed_by_id == actor.id, func.coalesce(CreditAct.proposed_behind_id, 0) == actor.id)
    return int(session.scalar(select(func.count(CreditAct.id)).where(CreditAct.state == PROPOSED, ~own)) or 0)


# ------------------------------------------------------------------ inside
def _lines(session: Session, year: int) -> dict[str, BudgetLine]:
    return {row.code: row for row in session.scalars(select(BudgetLine).where(BudgetLine.year == year))}


def _behind(unit: Unit, actor: Actor, right: str) -> int | None:
    """For whom an actor does this; None when it is in their own name."""
    roles = {role for one in versions.all_current(unit.session).values() for role in one.budget.get(right, ())}
    grants = [grant for grant in actor.grants if grant.role in roles]
    return None if any(grant.behind is None for grant in grants) else next((grant.behind for grant in grants), None)


def _text(typed: str, most: int) -> str:
    return typed.replace("\x00", "").strip()[:most]

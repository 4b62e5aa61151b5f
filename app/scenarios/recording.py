"""A real case becomes the scenario that plays it again, with nothing of the persons in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable
from typing import Any

import orjson
import yaml
from sqlalchemy import func, select
from sqlalchemy.orm import Session

from app.db.cases import Case
from app.db.facts import Fact
from app.db.funding import BudgetLine, FundingRequest, LedgerEntry
from app.db.posts import CalendarRow, Holiday, Post, Setting
from app.db.tasks import NO_DEADLINE, Task
from app.demo import places
from app.scenarios.pseudonyms import Pseudonyms
from app.scenarios.reading import BadScenario
from app.scenarios.recorded import Recorded, ends
from app.services import settings, versions
from workflows.catalog import CaseType
from workflows.facts import unpack

MONEY = ("asked", "reserved", "granted", "committed", "decommitted", "liquidated", "ordered", "paid", "returned")
AHEAD = dt.timedelta(days=120)
"""How far beyond its last moment the holidays of a case are told."""
PLAIN = frozenset({"choice", "choices", "country", "currency", "integer", "money-xof", "boolean", "date", "datetime"})
"""Kinds of answers that say nothing of a person and are compared at the end."""
WIDTH = 140
Told = dict[str, Any]


def record(session: Session, reference: str) -> str:
    """The scenario file of a case. BadScenario when there is no such case, or its history cannot be played again."""
    case = session.scalar(select(Case).where(Case.reference == reference))
    if case is None:
        raise BadScenario(f"dossier inconnu : {reference}")
    if case.parent_id is not None or session.scalar(select(Case.id).where(Case.parent_id == case.id).limit(1)) is not None:
        raise BadScenario(f"{reference} : le dossier a des fiches ou en est une, il ne se rejoue pas seul")
    case_type = versions.pinned(session, case.version_hash)
    names = Pseudonyms(session, reference, case.opened_at, settings.reglages(session, case_type))
    walked = Recorded(session, case, case_type, names)
    walked.walk()
    end = _end(session, case, case_type, walked)
    given = _given(session, case, case_type, walked, names)
    title = {"fr": f"Dossier enregistré ({case.case_type})", "en": f"Recorded case ({case.case_type})"}
    told = {"title": title, "given": given, "steps": walked.lines, "expect": end}
    return yaml.dump(told, allow_unicode=True, sort_keys=False, default_flow_style=None, width=WIDTH, Dumper=_Dumper)


class _Dumper(yaml.SafeDumper):
    """Writes the same value twice rather than a reference to it."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _given(session: Session, case: Case, case_type: CaseType, walked: Recorded, names: Pseudonyms) -> Told:
    people = _people_at_birth(session, walked, names)
    found = {
        "at": case.opened_at.isoformat().replace("+00:00", "Z"),
        "post": walked.entries[0].data["post"],
        "header": walked.header,
        "calendars": _calendars(session, walked),
        "holidays": _holidays(session, case, walked),
        "users": {code: {"name": f"Agent {code}", **said} for code, said in names.users.items()},
        "people": people,
        "bodies": names.bodies,
        "aid": _earlier_aid(session, case, names),
        "budget": _budget(session, case),
        "settings": _settings(session, case_type),
    }
    return {key: value for key, value in found.items() if value}


def _settings(session: Session, case_type: CaseType) -> Told:
    """What an administrator changed of the settings that the type knows."""
    rows = session.scalars(select(Setting).order_by(Setting.name))
    return {row.name: row.value for row in rows if row.name in case_type.settings}


def _people_at_birth(session: Session, walked: Recorded, names: Pseudonyms) -> Told:
    """The invented persons, with the nationality that was known of the person of the case before the case settled it."""
    main = walked.case.person_code
    before = next((entry.data.get("from") for entry in walked.entries if entry.kind == "person.nationality"), None)
    if main and before and names.person(main) in names.people:
        names.people[names.person(main)]["nationality"] = before
    return names.people


def _codes_of_calendars(session: Session, walked: Recorded) -> list[str]:
    posts = {walked.case.post_code, *(task.post_code for task in walked.tasks.values())}
    counted = {task.calendar_code for task in walked.tasks.values() if task.calendar_code}
    return sorted({*counted, *session.scalars(select(Post.calendar_code).where(Post.code.in_(posts)))})


def _calendars(session: Session, walked: Recorded) -> Told:
    """The calendars of the case, as far as they differ from the demonstration's."""
    usual = {row.code: _hours(row) for row in places.calendars()}
    rows = session.scalars(select(CalendarRow).where(CalendarRow.code.in_(_codes_of_calendars(session, walked))).order_by(CalendarRow.code))
    return {row.code: _hours(row) for row in rows if _hours(row) != usual.get(row.code)}


def _hours(row: CalendarRow) -> Told:
    return {"weekend": row.weekend, "hours": row.hours, "fixed": row.fixed, "zone": row.zone}


def _holidays(session: Session, case: Case, walked: Recorded) -> list[Told]:
    """The days off during the case that the demonstration does not know."""
    usual = {(row.calendar_code, row.day) for row in places.holidays(case.opened_at)}
    moments = [entry.at for entry in walked.entries] + [task.due_at for task in walked.tasks.values() if task.due_at != NO_DEADLINE]
    span = (Holiday.day >= case.opened_at.date(), Holiday.day <= (max(moments) + AHEAD).date())
    query = select(Holiday).where(Holiday.calendar_code.in_(_codes_of_calendars(session, walked)), *span)
    return [
        {"calendar": row.calendar_code, "date": row.day, "label": row.label, **({"extent": row.extent} if row.extent != "whole" else {})}
        for row in session.scalars(query.order_by(Holiday.day, Holiday.calendar_code))
        if (row.calendar_code, row.day) not in usual
    ]


def _earlier_aid(session: Session, case: Case, names: Pseudonyms) -> list[Told]:
    """What the persons of the case had been granted before it, this year."""
    real = [code for prefix, code in names.records() if prefix == "P"]
    query = (
        select(FundingRequest, BudgetLine.code)
        .join(BudgetLine, BudgetLine.id == FundingRequest.line_id)
        .where(FundingRequest.beneficiary_code.in_(real), FundingRequest.case_id != case.id, FundingRequest.granted > 0)
        .where(FundingRequest.decided_at < case.opened_at, BudgetLine.year == case.opened_at.year)
        .order_by(FundingRequest.id)
    )
    return [
        {
            **{"person": names.person(row.beneficiary_code), "line": line, "amount": row.granted, "nature": row.nature},
            "on": row.decided_at.isoformat().replace("+00:00", "Z"),
        }
        for row, line in session.execute(query)
    ]


def _budget(session: Session, case: Case) -> dict[str, int]:
    """What the lines that the case drew on still held when it was opened."""
    lines = select(FundingRequest.line_id).where(FundingRequest.case_id == case.id)
    before = (LedgerEntry.line_id == BudgetLine.id, LedgerEntry.at < case.opened_at)
    used = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(*before)
    query = select(BudgetLine, used.scalar_subquery()).where(BudgetLine.id.in_(lines), BudgetLine.year == case.opened_at.year)
    return {line.code: max(line.ceiling - held, 0) for line, held in session.execute(query.order_by(BudgetLine.code))}


def _end(session: Session, case: Case, case_type: CaseType, walked: Recorded) -> Told:
    open_ = ends(walked.tasks.values())
    money = _money(session, case)
    found = {
        "status": case.status,
        "outcome": case.outcome,
        "priority": case.priority,
        "path": walked.path,
        "facts": _facts(session, case, case_type),
        **({} if case.closed_at is not None else {"open": open_.steps, "waiting": open_.waits}),
        **({"money": money} if any(money.values()) else {}),
        "due": _due(walked.tasks.values()),
    }
    return {key: value for key, value in found.items() if value is not None and (value != {} or key == "facts")}


def _money(session: Session, case: Case) -> dict[str, int]:
    columns = [func.coalesce(func.sum(getattr(FundingRequest, name)), 0) for name in MONEY]
    row = session.execute(select(*columns).where(FundingRequest.case_id == case.id)).one()
    return {name: int(amount) for name, amount in zip(MONEY, row, strict=True)}


def _due(tasks: Iterable[Task]) -> Told:
    still = [task for task in tasks if task.closed_at is None]
    return {task.step: None if task.due_at == NO_DEADLINE else task.due_at.isoformat().replace("+00:00", "Z") for task in still}


def _facts(session: Session, case: Case, case_type: CaseType) -> Told:
    """What is known of the case itself, as far as it says nothing of a person."""
    rows = session.execute(select(Fact.scope, Fact.name, Fact.value).where(Fact.case_id == case.id).order_by(Fact.name)).all()
    shadowed = {row.name for row in rows if row.scope in case.scopes and row.scope}
    found: Told = {}
    for row in rows:
        field = case_type.kinds.get(row.name)
        value = unpack(orjson.loads(row.value)) if row.scope == "" else None
        if row.scope == "" and row.name not in shadowed and field is not None and _plain(field.kind, field.value, value):
            found[row.name] = _written(value)
    return found


def _plain(kind: str, computed: str | None, value: Any) -> bool:
    return (computed or kind) in PLAIN and (value is None or isinstance(value, (str, int, dt.date)) or _codes(value))


def _codes(value: Any) -> bool:
    return isinstance(value, list) and all(isinstance(one, str) for one in value)


def _written(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.astimezone(dt.UTC).isoformat().replace("+00:00", "Z")
    return value.isoformat() if isinstance(value, dt.date) else value

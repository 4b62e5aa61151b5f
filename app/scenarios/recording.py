"""A real case becomes the scenario that plays it again, with nothing of the persons in it."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterable, Mapping
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
from app.demo.reading import read
from app.scenarios import family, recorded_delegations, recorded_lists
from app.scenarios.family import SPAWNED, STARTED, Member
from app.scenarios.pseudonyms import Pseudonyms
from app.scenarios.reading import BadScenario
from app.scenarios.recorded import VERBS, Recorded, ends
from app.services import settings, versions
from app.services.funding.lines import OPEN
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
    """The scenario file of a case and of those that follow from it or are tied to it. BadScenario when there is no such case, or a
    history cannot be played again."""
    try:
        return _recorded(session, reference, family.of(session, reference, mentioned=True))
    except BadScenario:  # it may be one that is only named; without those it can be told, or the reason is its own
        return _recorded(session, reference, family.of(session, reference, mentioned=False))


def _recorded(session: Session, reference: str, members: list[Member]) -> str:
    first = members[0].case
    types = [versions.pinned(session, one.case.version_hash) for one in members]
    words = {name: value for case_type in types for name, value in settings.reglages(session, case_type).items()}
    names = Pseudonyms(session, first.opened_at, words)
    names.cases = {one.case.reference: one.name for one in members}
    alone = [one.birth for one in members].count(STARTED) == 1 and members[0].birth == STARTED
    all_walked = [Recorded(session, one, case_type, names, alone) for one, case_type in zip(members, types, strict=True)]
    for walked in all_walked:
        walked.walk()
    _typed(all_walked, reference)
    given = _given(session, all_walked, names)
    title = {"fr": f"Dossier enregistré ({first.case_type})", "en": f"Recorded case ({first.case_type})"}
    ends_of = [_end(session, walked) for walked in all_walked]
    told = {"title": title, "given": given, "steps": _lines(all_walked, ends_of), "expect": ends_of[0]}
    return yaml.dump(told, allow_unicode=True, sort_keys=False, default_flow_style=None, width=WIDTH, Dumper=_Dumper)


def _typed(all_walked: list[Recorded], reference: str) -> None:
    """A file lies with the type of the case that was asked for: where the first is of another, its start says so."""
    first, asked = all_walked[0], next(walked for walked in all_walked if walked.case.reference == reference)
    if "start" in first.lines[0] and first.case.case_type != asked.case.case_type:
        first.lines[0]["start"].setdefault("type", first.case.case_type)


def _lines(all_walked: list[Recorded], ends_of: list[Told]) -> list[Told]:
    """The lines of all cases in the order in which they were written, then what is expected of each but the first, which the file's end
    tells."""
    by_number = {walked.case.reference: walked for walked in all_walked}
    written = [
        (max(number, _after(walked, by_number)) if place == 0 else number, place > 0, line)
        for walked in all_walked
        for place, (number, line) in enumerate(zip(walked.order, walked.lines, strict=True))
    ]
    written += [
        (number, False, line) for number, line in (*recorded_lists.lines(all_walked), *recorded_delegations.lines(all_walked, VERBS))
    ]
    lines = [line for *_, line in sorted(written, key=lambda one: one[:2])]
    others = zip(all_walked[1:], ends_of[1:], strict=True)
    told = [{"case": walked.member.name, "at": lines[-1]["at"], "expect": end} for walked, end in others]
    return [*lines, *told, *([{"at": lines[-1]["at"]}] if told else [])]


def _after(walked: Recorded, all_walked: Mapping[str, Recorded]) -> float:
    """After how many entries a case that another opened is taken up: its own come before those of the act that opened it."""
    cause = all_walked.get(walked.member.cause)
    if walked.member.birth != SPAWNED or cause is None:
        return 0
    opened = walked.case.reference
    entries = iter(zip(cause.written, cause.entries, strict=True))
    said = any(entry.data.get("to") == opened for _, entry in entries)
    return next((number + 0.5 for number, entry in entries if "trace" in entry.data), 0) if said else 0


class _Dumper(yaml.SafeDumper):
    """Writes the same value twice rather than a reference to it."""

    def ignore_aliases(self, data: Any) -> bool:
        return True


def _given(session: Session, all_walked: list[Recorded], names: Pseudonyms) -> Told:
    first = all_walked[0]
    for walked in all_walked:
        _known_at_birth(walked, names)
    found = {
        "at": min(walked.case.opened_at for walked in all_walked).isoformat().replace("+00:00", "Z"),
        "post": first.entries[0].data["post"],
        "header": first.header if first.alone else {},
        "calendars": _calendars(session, all_walked),
        "holidays": _holidays(session, all_walked),
        "users": {code: {"name": f"Agent {code}", **said} for code, said in names.users.items()},
        "people": names.people(),
        "bodies": names.bodies,
        "aid": _earlier_aid(session, [walked.case for walked in all_walked], names),
        "budget": _budget(session, all_walked),
        "settings": _settings(session, {name for walked in all_walked for name in walked.case_type.settings}),
    }
    return {key: value for key, value in found.items() if value}


def _settings(session: Session, known: set[str]) -> Told:
    """What an administrator changed of the settings that the types know."""
    rows = session.scalars(select(Setting).order_by(Setting.name))
    return {row.name: row.value for row in rows if row.name in known}


def _known_at_birth(walked: Recorded, names: Pseudonyms) -> None:
    """The invented person of the case has the nationality, and lives, as was known before the case settled it."""
    main = walked.case.person_code
    for said in ("nationality", "life"):
        before = next((entry.data.get("from") for entry in walked.entries if entry.kind == f"person.{said}"), None)
        if main and before:
            names.known_before(main, said, str(before))


def _codes_of_calendars(session: Session, all_walked: list[Recorded]) -> list[str]:
    tasks = [task for walked in all_walked for task in walked.tasks.values()]
    posts = {*(walked.case.post_code for walked in all_walked), *(task.post_code for task in tasks)}
    counted = {task.calendar_code for task in tasks if task.calendar_code}
    return sorted({*counted, *session.scalars(select(Post.calendar_code).where(Post.code.in_(posts)))})


def _calendars(session: Session, all_walked: list[Recorded]) -> Told:
    """The calendars of the cases, as far as they differ from the demonstration's."""
    usual = {row.code: _hours(row) for row in places.calendars()}
    rows = session.scalars(
        select(CalendarRow).where(CalendarRow.code.in_(_codes_of_calendars(session, all_walked))).order_by(CalendarRow.code)
    )
    return {row.code: _hours(row) for row in rows if _hours(row) != usual.get(row.code)}


def _hours(row: CalendarRow) -> Told:
    return {"weekend": row.weekend, "hours": row.hours, "fixed": row.fixed, "zone": row.zone}


def _holidays(session: Session, all_walked: list[Recorded]) -> list[Told]:
    """The days off during the cases that the demonstration does not know."""
    opened = min(walked.case.opened_at for walked in all_walked)
    usual = {(row.calendar_code, row.day) for row in places.holidays(opened)}
    moments = [entry.at for walked in all_walked for entry in walked.entries]
    moments += [task.due_at for walked in all_walked for task in walked.tasks.values() if task.due_at != NO_DEADLINE]
    span = (Holiday.day >= opened.date(), Holiday.day <= (max(moments) + AHEAD).date())
    query = select(Holiday).where(Holiday.calendar_code.in_(_codes_of_calendars(session, all_walked)), *span)
    return [
        {"calendar": row.calendar_code, "date": row.day, "label": row.label, **({"extent": row.extent} if row.extent != "whole" else {})}
        for row in session.scalars(query.order_by(Holiday.day, Holiday.calendar_code))
        if (row.calendar_code, row.day) not in usual
    ]


def _earlier_aid(session: Session, cases: list[Case], names: Pseudonyms) -> list[Told]:
    """What the persons of the cases had been granted before, this year."""
    opened = min(case.opened_at for case in cases)
    real = [code for prefix, code in names.records() if prefix == "P"]
    query = (
        select(FundingRequest, BudgetLine.code)
        .join(BudgetLine, BudgetLine.id == FundingRequest.line_id)
        .where(
            FundingRequest.beneficiary_code.in_(real),
            FundingRequest.case_id.not_in([case.id for case in cases]),
            FundingRequest.granted > 0,
        )
        .where(FundingRequest.decided_at < opened, BudgetLine.year == opened.year)
        .order_by(FundingRequest.id)
    )
    return [
        {
            **{"person": names.person(row.beneficiary_code), "line": line, "amount": row.granted, "nature": row.nature},
            "on": row.decided_at.isoformat().replace("+00:00", "Z"),
        }
        for row, line in session.execute(query)
    ]


def _budget(session: Session, all_walked: list[Recorded]) -> Told:
    """What the lines that the cases drew on or named still held when the first was opened, and until when they took commitments; those of
    the years that followed too."""
    cases = [walked.case for walked in all_walked]
    opened, last = min(case.opened_at for case in cases), max(walked.entries[-1].at for walked in all_walked)
    drawn = select(FundingRequest.line_id).where(FundingRequest.case_id.in_([case.id for case in cases]))
    facts = (value for walked in all_walked for known in walked.facts.values() for value in known.values())
    named = {value.partition("/")[0] for value in facts if isinstance(value, str)}
    codes = {
        *session.scalars(select(BudgetLine.code).where(BudgetLine.id.in_(drawn))),
        *(named & {*session.scalars(select(BudgetLine.code))}),
    }
    before = (LedgerEntry.line_id == BudgetLine.id, LedgerEntry.at < opened)
    used = select(func.coalesce(func.sum(LedgerEntry.amount), 0)).where(*before)
    there = (BudgetLine.code.in_(codes), BudgetLine.year.between(opened.year, last.year), BudgetLine.state == OPEN)
    query = select(BudgetLine, used.scalar_subquery()).where(*there).order_by(BudgetLine.code, BudgetLine.year)
    return {
        line.code if line.year == opened.year else f"{line.code}/{line.year}": _held(line, max(line.ceiling - held, 0))
        for line, held in session.execute(query)
    }


def _held(line: BudgetLine, available: int) -> int | Told:
    """What a line is given: what it held, its last day, and the types and natures to which the demonstration does not open it."""
    usual = [entry for entry in read("budget_lines")["lignes"] if (entry["code"], entry["exercice"]) == (line.code, line.year)]
    more = {
        name: [code for code in here if code not in {known for entry in usual for known in entry[there]}]
        for name, here, there in (("types", line.case_types, "types_eligibles"), ("natures", line.natures, "natures_eligibles"))
    }
    said = {"last_commitment": line.last_commitment_on, **more}
    said = {name: value for name, value in said.items() if value}
    return {"available": available, **said} if said else available


def _end(session: Session, walked: Recorded) -> Told:
    case, case_type = walked.case, walked.case_type
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

"""Trying an expression or a decision table, against the facts of a case that one may read, or against facts written by hand.

Nothing is kept and nothing is changed. What comes back may be personal: it goes to the page of whoever asked, nowhere else.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from sqlalchemy.orm import Session

from app.services import calendars, case_file, readings, settings, versions
from app.services.actor import Actor
from app.services.case_file import CaseFile
from app.services.errors import Invalid, NotFound
from workflows.catalog import CaseType
from workflows.facts import CASE
from workflows.feel import FeelError, Host
from workflows.feel.given import lines
from workflows.feel.tables import Table
from workflows.feel.values import kind, show
from workflows.forms.scope import names_in
from workflows.working_time import Calendar

LONGEST = 5_000
CENTRAL = "CENTRAL"


@dataclass(frozen=True)
class Wanted:
    """What somebody asks for. `case`: a reference, or empty; `case_type`: whose names and tables, when there is no case; `facts`: lines
    « name = expression » that go before those of the case; `expression`, `decision`: what is tried, one of them."""

    case: str = ""
    case_type: str = ""
    facts: str = ""
    expression: str = ""
    decision: str = ""


@dataclass(frozen=True)
class Column:
    """A column of a tried table: its title, what it reads, and what that was."""

    title: str
    expression: str
    value: str


@dataclass(frozen=True)
class Row:
    """A row of a tried table."""

    number: int
    cells: tuple[str, ...]
    outputs: tuple[str, ...]
    note: str
    fired: bool


@dataclass(frozen=True)
class Drawn:
    """A decision table with what it read and which rows fired."""

    id: str
    name: str
    policy: str
    columns: tuple[Column, ...]
    outputs: tuple[str, ...]
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class Answer:
    """What came of it: the value as FEEL writes it and its kind (« number »), or what is wrong (`mistake`, in French; `at`, the place
    in the expression; `field`, where it was typed). `read`: the facts that the expression reads, with what they are. `tables`: those
    that were decided on the way, the one asked for last."""

    value: str = ""
    kind: str = ""
    mistake: str = ""
    at: int | None = None
    field: str = "expression"
    read: tuple[tuple[str, str], ...] = ()
    tables: tuple[Drawn, ...] = ()


def attempt(session: Session, actor: Actor, wanted: Wanted, now: dt.datetime) -> Answer:
    """Tries it. NotFound for a case that this actor does not see whole; Invalid for what cannot be tried at all."""
    errors = {name: "text_too_long" for name in ("facts", "expression") if len(getattr(wanted, name)) > LONGEST}
    if errors:
        raise Invalid(errors)
    file = _case(session, actor, wanted.case)
    case_type = file.case_type if file else versions.current(session, wanted.case_type) if wanted.case_type else None
    host = _host(session, file, case_type, now)
    try:
        known = _facts(session, file, case_type)
        try:
            known |= lines(wanted.facts, host, known)
        except FeelError as error:
            return Answer(mistake=str(error), field="facts")
        if wanted.decision:
            return _decision(case_type, wanted.decision, host, known)
        source = wanted.expression.strip().removeprefix("=").strip()
        return _value(source, host, known)
    except FeelError as error:
        return Answer(mistake=str(error))


def decisions(case_type: CaseType) -> list[tuple[str, str]]:
    """(id, name in French) of the decisions that a type knows."""
    return [(one.id, one.name) for one in case_type.definition.decisions.values()]


def _case(session: Session, actor: Actor, reference: str) -> CaseFile | None:
    if not reference.strip():
        return None
    file = case_file.find(session, actor, reference.strip().upper())
    case_file.ensure_whole(file)
    if not readings.reason_given(session, actor, file.case):
        raise NotFound
    readings.record(actor, file.case, "essai", "role")
    return case_file.find(session, actor, reference.strip().upper())


def _facts(session: Session, file: CaseFile | None, case_type: CaseType | None) -> dict[str, Any]:
    if case_type is None:
        return {}
    system = {"reglages": settings.reglages(session, case_type)}
    facts: Mapping[str, Mapping[str, Any]] = case_file.facts(session, file) if file else {CASE: {}}
    return case_type.definition.view(facts, (), None, system)


def _host(session: Session, file: CaseFile | None, case_type: CaseType | None, now: dt.datetime) -> Host:
    place = file.case.post_code if file else CENTRAL
    declared = case_type.definition.functions if case_type else {}
    calendar: Calendar = calendars.of_place(session, place)
    return Host({**declared, **calendars.functions_of(session, place)}, lambda: now.astimezone(calendar.tz))


def _value(source: str, host: Host, known: Mapping[str, Any]) -> Answer:
    try:
        value = host.evaluate(source, known)
    except FeelError as error:
        return Answer(mistake=str(error), at=error.at if error.source == source else None)
    read = sorted(name for name in names_in(source)[0] if name in known)
    return Answer(show(value, inside=True), kind(value), read=tuple((name, _read(name, host, known)) for name in read))


def _decision(case_type: CaseType | None, name: str, host: Host, known: dict[str, Any]) -> Answer:
    known_decisions = case_type.definition.decisions if case_type else {}
    if name not in known_decisions:
        raise Invalid({"decision": "decision_unknown"})
    decision = known_decisions[name]
    try:
        value, fired = decision.decide(known_decisions, host, known)
    except FeelError as error:
        return Answer(mistake=str(error))
    before = {known_decisions[one].name: known_decisions[one] for one in fired}
    seen = dict(known)
    for one in before.values():
        seen[one.name] = one.decide(known_decisions, host, known)[0]
    drawn = tuple(_drawn(one.id, one.logic, fired[one.id], host, seen) for one in before.values() if isinstance(one.logic, Table))
    return Answer(show(value, inside=True), kind(value), tables=drawn)


def _drawn(ident: str, table: Table, fired: list[int], host: Host, known: Mapping[str, Any]) -> Drawn:
    columns = tuple(Column(one.title, one.expression, _read(one.expression, host, known)) for one in table.inputs)
    rows = tuple(Row(n, one.cells, one.outputs, one.note, n in fired) for n, one in enumerate(table.rules, 1))
    policy = f"{table.policy} {table.aggregation}" if table.aggregation else table.policy
    return Drawn(ident, table.name, policy, columns, tuple(one.name for one in table.outputs), rows)


def _read(expression: str, host: Host, known: Mapping[str, Any]) -> str:
    """What a column read, as FEEL writes it; nothing for what it could not."""
    try:
        return show(host.evaluate(expression, known), inside=True)
    except FeelError:
        return ""

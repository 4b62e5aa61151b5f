"""Rows of a list looked at before anything is written."""

from __future__ import annotations

import hashlib
from types import SimpleNamespace
from typing import Any

import orjson
from sqlalchemy import select

from app.db.cases import Case
from app.db.operations import ChildRow
from app.db.transaction import Unit
from app.services import answers, birth, person_search
from app.services.actor import Actor
from app.services.errors import Invalid
from app.services.handlers import HANDLERS
from app.services.operations import figures, importing, tables, taking
from app.services.operations.births import Parent
from app.services.sentences import say


class Check:
    """Every row against the form, against the others of the file, against the children there are, against the persons that are known."""

    def __init__(self, unit: Unit, actor: Actor, parent: Parent) -> None:
        self.unit, self.actor, self.parent = unit, actor, parent
        self.act = birth.begin(unit, actor, parent.capacity, parent.child_type, parent.post, HANDLERS, reference="-")
        self.act.facts[""] = taking.inherited(parent.operation, parent.facts)
        self.form = parent.child_type.forms[parent.operation.form]
        self.person = parent.child_type.promoted.get("person", "")
        theirs = Case.parent_id == parent.case.id
        keyed = select(Case.row_key, Case.reference).where(theirs, Case.row_key.is_not(None))
        self.known_keys = {row.row_key: row.reference for row in unit.session.execute(keyed)}
        self.known = figures.facts_of(unit.session, theirs, parent.operation.unique) if parent.operation.unique else {}
        children = unit.session.execute(select(Case.id, Case.reference).where(theirs))
        self.references = {row.id: row.reference for row in children}
        self.seen: dict[str, int] = {}
        self.values: dict[tuple[str, Any], int] = {}

    def rows(self, list_id: int, read: list[tuple[int, dict[str, str]]]) -> list[ChildRow]:
        written = list(dict.fromkeys(name for _, row in read for name in row))
        meant, unknown = tables.known_columns(self.form, written)
        if unknown:
            raise Invalid({"fichier": say("list_columns", self.actor.language, names=", ".join(unknown))})
        return [self._row(list_id, line, {meant[name]: text for name, text in row.items()}) for line, row in read]

    def _row(self, list_id: int, line: int, cells: dict[str, str]) -> ChildRow:
        key = cells.get(tables.KEY) or hashlib.sha256(orjson.dumps(cells, option=orjson.OPT_SORT_KEYS)).hexdigest()[:40]
        raw = tables.answers(self.form, cells)
        row = ChildRow(list_id=list_id, number=line, row_key=key[:80], raw=raw, errors={}, notes=[], likely=[], person={})
        row.person_code = str(raw[self.person]) if raw.get(self.person) else None
        self._person(row, cells)
        row.errors = {**row.errors, **self._errors(raw, named=bool(row.person))}
        self._key(row)
        self._same(row, raw)
        return row

    def _errors(self, raw: dict[str, Any], named: bool) -> dict[str, str]:
        seen = SimpleNamespace(chain=[["", self.parent.child_type.process]], item=None)
        try:
            answers.validate(self.act, seen, self.form, raw)
        except Invalid as refusal:
            found = {name: _text(message) for name, message in refusal.errors.items()}
            if named:
                found.pop(self.person, None)
            return found
        return {}

    def _person(self, row: ChildRow, cells: dict[str, str]) -> None:
        """Who somebody without a code is, and the records that may be theirs."""
        if row.person_code:
            return
        said = {name: cells.get(name, "") for name in tables.PERSON}
        if not said["nom"]:
            row.errors = {self.person: say("list_person", self.actor.language)}
            return
        row.person = dict(said)
        try:
            made = importing.person_of(said)
        except Invalid as refusal:
            names = {"family_name": "nom", "sex": "sexe", "born": "ne_en"}
            row.errors = {names.get(name, name): say(str(code), self.actor.language) for name, code in refusal.errors.items()}
            return
        row.likely = [other.code for other, _ in person_search.similar(self.unit.session, made, limit=3)]

    def _key(self, row: ChildRow) -> None:
        language = self.actor.language
        if row.row_key in self.known_keys:
            row.errors = {**row.errors, tables.KEY: say("list_row_known", language, reference=self.known_keys[row.row_key])}
        elif row.row_key in self.seen:
            row.errors = {**row.errors, tables.KEY: say("list_row_twice", language, other=self.seen[row.row_key])}
        self.seen.setdefault(row.row_key, row.number)

    def _same(self, row: ChildRow, raw: dict[str, Any]) -> None:
        """Values that should not be shared: told, for people share telephones, and fraud does too."""
        notes = []
        for name in self.parent.operation.unique:
            value = raw.get(name)
            if value is None:
                continue
            spec = self.form.field(name)
            label = spec.label if spec else name
            other = self.values.setdefault((name, str(value)), row.number)
            if other != row.number:
                notes.append(say("list_same", self.actor.language, field=label, other=other))
            for child, facts in self.known.items():
                if str(facts.get(name)) == str(value):
                    notes.append(say("list_same_case", self.actor.language, field=label, reference=self.references.get(child, "?")))
                    break
        row.notes = notes


def _text(message: Any) -> str:
    one = message[0] if isinstance(message, list) and message else message
    return str(getattr(one, "text", one))

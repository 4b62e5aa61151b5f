"""Entries of a history as sentences: a verb in the past, what it was about, who, in which role, for whom."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.services.history import Entry, decision_titles
from app.web import filters, names, tasks_words
from app.web.filters import grouped, typo
from app.web.form_answers import plain, shown
from app.web.form_model import FormContext
from app.web.history_verbs import VERBS
from app.web.language import chosen, mark, say, say_many
from workflows.catalog import CaseType

STATES = {"person.nationality": names.NATIONALITY, "person.life": names.LIFE}
"""What an entry says became of a person, by the codes of the register."""
_CODE = re.compile(r"[a-z]+(_[a-z0-9]+)+")


@dataclass(frozen=True)
class Line:
    """An entry as the template draws it."""

    at: datetime
    seq: int
    stamp: str
    icon: str
    sentence: str
    who: str
    changes: list[tuple[str, str, str]]
    folded: str
    notes: list[str]


def told(entry: Entry, case_type: CaseType) -> tuple[str, str, str]:
    """Stamp, sign and sentence of an entry, without any personal value."""
    stamp, sign, pattern = VERBS.get(entry.kind, ("system", "gear", ""))
    if entry.kind == "deadline.fired" and entry.element is None:
        pattern = mark("Rappels envoyés")
    if entry.kind == "person.life" and entry.data.get("from") == entry.data.get("to"):
        pattern = mark("Date du décès de la personne notée")
    return stamp, sign, say(pattern, **_values(entry, case_type)) if pattern else entry.kind


def _values(entry: Entry, case_type: CaseType) -> dict[str, Any]:
    values: dict[str, Any] = dict.fromkeys(("to", "from", "type", "message", "number", "line", "amount"), "–")
    values.update({name: value for name, value in entry.data.items() if isinstance(value, (str, int))})
    if isinstance(entry.data.get("amount"), int):
        values["amount"] = f"{grouped(entry.data['amount'])} FCFA"
    if isinstance(entry.data.get("message"), str):
        values["message"] = tasks_words.message_title(entry.data["message"], case_type)
    if entry.kind in STATES:
        words = STATES[entry.kind]
        values |= {end: say(words[code]) for end in ("from", "to") if (code := entry.data.get(end)) in words}
    values["step"] = typo(case_type.step_title(entry.element, chosen())) if entry.element else "–"
    return values


def actor_of(entry: Entry) -> str:
    """Who did it, in which role, from where, for whom."""
    if entry.actor_id is None:
        return say("Jatigi, procédure")
    parts = [names.user_name(entry.actor_id)]
    if entry.role:
        parts.append(names.role_name(entry.role))
    if entry.post:
        parts.append(names.post_name(entry.post))
    text = ", ".join(parts)
    return f"{text}, {say('pour le compte de %(who)s', who=names.user_name(entry.behind))}" if entry.behind else text


class Teller:
    """Tells the entries of one case in the reader's language, with the labels of the version that each was made under."""

    def __init__(self, versions: dict[str, CaseType], current: CaseType, context: FormContext) -> None:
        self._versions, self._current, self._context = versions, current, context

    def line(self, entry: Entry) -> Line:
        """One entry."""
        case_type = self._versions.get(entry.version, self._current)
        stamp, sign, sentence = told(entry, case_type)
        changes = [self._change(case_type, name, pair) for name, pair in entry.changes.items()]
        return Line(
            at=entry.at,
            seq=entry.seq,
            stamp=stamp,
            icon=sign,
            sentence=sentence,
            who=actor_of(entry),
            changes=changes,
            folded=say_many("%(num)s champ", "%(num)s champs", len(changes)),
            notes=self._notes(entry, case_type),
        )

    def _change(self, case_type: CaseType, name: str, pair: tuple[Any, Any]) -> tuple[str, str, str]:
        fact = name.split("@", 1)[0]
        before, after = (self._value(case_type, case_type.kinds.get(fact), value) for value in pair)
        return self._label(case_type, fact), before, after

    def _label(self, case_type: CaseType, fact: str) -> str:
        """The question that a fact answers; its name in words when it answers none."""
        spec = case_type.kinds.get(fact)
        return typo(case_type.text(spec.label, chosen(), spec.context)) if spec and spec.label else fact.replace("_", " ")

    def _value(self, case_type: CaseType, spec: Any, value: Any) -> str:
        """A value as its field shows it; one that the procedure made up, by the fields of its parts."""
        if value in (None, "", [], {}):
            return "–"
        if spec is not None:
            return typo(shown(spec, value, self._context)) or "–"
        if isinstance(value, Mapping):
            parts = {self._label(case_type, part): self._value(case_type, case_type.kinds.get(part), held) for part, held in value.items()}
            return " ; ".join(say("%(label)s : ", label=label) + text for label, text in parts.items() if text != "–") or "–"
        if isinstance(value, (list, tuple)):
            return ", ".join(self._value(case_type, None, item) for item in value)
        if isinstance(value, bool):
            return say("Oui") if value else say("Non")
        if isinstance(value, str) and _CODE.fullmatch(value):
            role = case_type.roles.get(value)
            return names.text_of(role.name, value) if role else names.spaced(value)
        return typo(plain(value, self._context))

    def _rule(self, case_type: CaseType, table: str, fired: list[Any]) -> str:
        title = case_type.text(decision_titles(case_type).get(table, table), chosen())
        rows = ", ".join(str(row) for row in fired)
        return say_many("Table « %(table)s » : règle %(rows)s", "Table « %(table)s » : règles %(rows)s", len(fired), table=title, rows=rows)

    def _notes(self, entry: Entry, case_type: CaseType) -> list[str]:
        """Why it happened: rules that fired, the move of a deadline, values that were erased."""
        found = []
        for line in entry.data.get("trace") or ():
            if line["kind"] == "rule":
                rows = line["detail"].get("rows") if isinstance(line["detail"], dict) else None
                found += [self._rule(case_type, table, fired) for table, fired in (rows or {}).items()]
        reminded = entry.data.get("reminders")
        if isinstance(reminded, list):  # older entries keep only how many there were
            found += [_reminder(case_type, stage) for stage in reminded]
        if entry.kind == "deadline.moved":
            found.append(say("De %(before)s à %(after)s", before=_moment(entry.data.get("from")), after=_moment(entry.data.get("to"))))
        if isinstance(entry.data.get("undone"), int):
            found.append(say("Annule, dans la minute, l'acte nº %(seq)s.", seq=entry.data["undone"]))
        if isinstance(entry.data.get("reason"), str):
            found.append(say("Motif : %(why)s", why=entry.data["reason"]))
        if entry.erased > 0:
            found.append(
                say_many(
                    "%(num)s valeur effacée au terme de sa conservation",
                    "%(num)s valeurs effacées au terme de leur conservation",
                    entry.erased,
                )
            )
        return found


def _reminder(case_type: CaseType, stage: Mapping[str, Any]) -> str:
    title = typo(case_type.step_title(stage["step"], chosen(), stage["process"]))
    return say("« %(step)s » : %(percent)s %% du délai passés", step=title, percent=stage["at"])


def _moment(text: Any) -> str:
    try:
        return filters.moment(datetime.fromisoformat(str(text)))
    except ValueError:
        return "–"

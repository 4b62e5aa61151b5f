"""The history of a case, entry by entry, as the lines of a scenario."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Iterable, Mapping
from types import SimpleNamespace
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from app.db.cases import KeptMessage
from app.db.history import HistoryEntry
from app.db.tasks import COMPANION, NO_DEADLINE, WAIT, Task
from app.db.users import User
from app.scenarios import recorded_births, recorded_lists
from app.scenarios.family import CHILD, Member
from app.scenarios.pseudonyms import Pseudonyms
from app.scenarios.reading import BadScenario, written
from app.services import history
from app.services.history import Entry
from app.services.operations import spreading
from workflows.catalog import CaseType
from workflows.facts import unpack
from workflows.forms import FormDefinition
from workflows.scenarios.vocabulary import FIRST

Line = dict[str, Any]


class Recorded:
    """Walks a history once. `lines` and `path` grow; `facts` is what was known after the last entry.

    `alone`: no other case of the scenario is opened by somebody, so that its header may stand in `given`."""

    def __init__(self, session: Session, member: Member, case_type: CaseType, names: Pseudonyms, alone: bool) -> None:
        case = member.case
        self.session, self.case, self.case_type, self.names, self.member, self.alone = session, case, case_type, names, member, alone
        self.facts: dict[str, dict[str, Any]] = {"": {}}
        self.lines: list[Line] = []
        self.path: list[str] = []
        self.header: Line = {}
        self.tasks = {task.id: task for task in session.scalars(select(Task).where(Task.case_id == case.id).order_by(Task.id))}
        came = select(KeptMessage).where(KeptMessage.case_id == case.id, KeptMessage.source != spreading.SOURCE).order_by(KeptMessage.id)
        self.messages = list(session.scalars(came))
        """What came from outside; what its operation says to a child, it says again by itself."""
        rows = list(session.scalars(select(HistoryEntry).where(HistoryEntry.case_id == case.id).order_by(HistoryEntry.seq)))
        self.entries = [history.read(row) for row in rows]
        self.written = [row.id for row in rows]
        self.order: list[int] = []
        """For each line, after how many entries of all cases it was written."""
        self.row = recorded_lists.row_of(session, case) if member.birth == CHILD else None
        """The row of a list that became the case."""
        self.cells: Line = {}
        """What the row said."""

    def walk(self) -> None:
        """BadScenario for an entry that no line can say again."""
        about = {"case": self.member.name} if self.member.name != FIRST else {}
        for number, entry in zip(self.written, self.entries, strict=True):
            if entry.erased:
                raise BadScenario(f"entrée {entry.seq} : des réponses ont été effacées, le dossier ne peut plus être rejoué")
            known = {scope: dict(values) for scope, values in self.facts.items()}
            for name, (_, value) in entry.changes.items():
                fact, _, scope = name.partition("@")
                self.facts.setdefault(scope, {})[fact] = value
            verb = VERBS.get(entry.kind)
            line = verb(self, entry, known) if verb else None
            if line is not None and "child" in line:
                self._line(number, {**line, "at": written(entry.at)})  # about the operation; what is expected of the child, after it
                line = {}
            if line is not None:
                at_hand = {} if {"start", "case", "as"} & line.keys() else about
                self._line(number, {**line, **at_hand, "at": written(entry.at), **self._expected(entry)})
        if self.lines and self.lines[-1]["at"] != (last := written(self.entries[-1].at)):
            self._line(self.written[-1], {**about, "at": last})  # what fell due after the last act has been carried out

    def _line(self, number: int, line: Line) -> None:
        self.lines.append(line)
        self.order.append(number)

    def _expected(self, entry: Entry) -> Line:
        """The deadlines of what the act opened."""
        due: dict[str, Any] = {}
        for step in entry.data.get("opened") or ():
            task = next((one for one in self.tasks.values() if one.step == step and one.opened_at == entry.at), None)
            if task is not None and task.kind != COMPANION:
                at = self._first_due(task)
                due[step] = None if at == NO_DEADLINE else written(at)
        return {"expect": {"due": due}} if due else {}

    def _first_due(self, task: Task) -> dt.datetime:
        """The deadline with which a task opened, before anything moved it."""
        for entry in self.entries:
            moved = entry.kind == "deadline.moved" and entry.element == task.step and entry.data.get("from")
            if moved and task.opened_at <= entry.at <= (task.closed_at or entry.at):
                return dt.datetime.fromisoformat(entry.data["from"])
        return task.due_at

    # -- who
    def by(self, entry: Entry) -> Line:
        """{by: user}; nothing for what the system did."""
        return {} if entry.actor_id is None else {"by": self.names.user(self._actor(entry))}

    def _actor(self, entry: Entry) -> str:
        row = self.session.get(User, entry.actor_id)
        if row is None:
            raise BadScenario(f"entrée {entry.seq} : son auteur est inconnu")
        return row.code

    # -- what was answered
    def said(self, form: FormDefinition | None, values: Mapping[str, Any]) -> Line:
        """Answers of a form, typed, as a scenario says them; an empty one where the form proposes something, or takes it as an answer."""
        found: Line = {}
        for field in form.fields if form is not None else ():
            if field.computed or field.key not in values:
                continue
            value = values[field.key]
            if value not in (None, []) or field.default is not None or field.none_allowed:
                found[field.key] = self.names.answer(field, value)
        return found

    def answers(self, task: Task, entry: Entry) -> Line:
        """What somebody answered at a task: what changed, and what was known already and stayed."""
        own = {name.partition("@")[0]: value for name, (_, value) in entry.changes.items() if name.endswith(f"@{task.engine_id}")}
        if task.kind == COMPANION:
            return self.said(self.case_type.forms.get(f"SP_{task.step}"), own)
        form_id = self.case_type.elements.in_process[task.process, task.step].form
        form = self.case_type.forms.get(form_id) if form_id else None
        chain = [(scope, process) for scope, process in task.chain]
        seen = self.case_type.definition.view(self.facts, chain, {}, {})
        if task.item:
            changed = {name.partition("@")[0] for name in entry.changes}
            seen = {name: value for name, value in seen.items() if name in changed}
        return self.said(form, {**seen, **own})

    def message_of(self, entry: Entry) -> KeptMessage | None:
        """The row of a message that an entry tells of."""
        name = entry.data.get("message")
        found = next((one for one in self.messages if one.name == name and one.received_at == entry.at), None)
        if found is not None:
            self.messages.remove(found)
        return found

    def payload(self, message: KeptMessage) -> Line:
        """What a message said."""
        form_id = next((spec.form for spec in self.case_type.steps.values() if spec.message == message.name and spec.form), None)
        return self.said(self.case_type.forms.get(form_id) if form_id else None, unpack(message.payload))

    def key(self, value: Any, known: Mapping[str, Mapping[str, Any]]) -> Line:
        """The correlation of a message, by the facts that make it."""
        if value is None or value == self.case.reference:
            return {}
        scopes = [*(scope for scope in known if scope), ""]
        for scope in reversed(scopes):
            if name := next((name for name, fact in known[scope].items() if fact == value), None):
                return {"key_fact": name}
        text = str(value).replace("{", "{{").replace("}", "}}").replace(self.case.reference, "{numero}")
        for name, fact in sorted(known[""].items(), key=lambda pair: -len(str(pair[1]))):
            if isinstance(fact, str) and len(fact) > 2 and fact in text and "{" not in fact:
                text = text.replace(fact, f"{{{name}}}")
        return {"key": text}


Known = Mapping[str, Mapping[str, Any]]


def do(record: Recorded, entry: Entry, known: Known) -> Line:
    task = record.tasks[entry.data["task"]]
    said = record.answers(task, entry)
    if record.row is not None and not record.cells:
        form = record.case_type.forms[str(record.case_type.elements.in_process[task.process, task.step].form)]
        asked = {*record.row.raw, record.case_type.promoted.get("person", "")}
        record.cells = recorded_lists.cells(form, {name: value for name, value in said.items() if name in asked})
        return {}
    record.path.append(task.step)
    return {"do": task.step, **record.by(entry), **({"with": said} if said else {})}


def message(record: Recorded, entry: Entry, known: Known) -> Line | None:
    row = record.message_of(entry) if "from" not in entry.data else None
    if row is None:
        return None  # of one that was matched to the case, its own case tells
    taken = entry.kind == "message.taken"
    if taken:
        record.path.append(_taker(entry) or row.name)
    return {"message": row.name, **record.key(unpack(row.key), known), "with": record.payload(row), "taken": taken}


def _taker(entry: Entry) -> str | None:
    return next((line["element"] for line in entry.data.get("trace") or () if line["kind"] == "message"), None)


def written_down(record: Recorded, entry: Entry, known: Known) -> Line:
    row = record.message_of(entry)
    said = record.payload(row) if row is not None else {}
    record.path.append(str(entry.element))
    waits = (task for task in record.tasks.values() if task.kind == WAIT and task.step == entry.element and task.closed_at == entry.at)
    return {"answer" if next(waits, None) is not None else "event": entry.element, **record.by(entry), "with": said}


def of_task(word: str) -> Callable[[Recorded, Entry, Known], Line]:
    """A task that changes hands, waits or goes on."""

    def line(record: Recorded, entry: Entry, known: Known) -> Line:
        to = entry.data.get("to")
        reason = entry.data.get("reason")
        return {word: entry.element, **record.by(entry), **({"to": record.names.user(to)} if to and word == "hand_over" else {})} | (
            {"reason": reason} if word == "hold" else {}
        )

    return line


def of_case(word: str) -> Callable[[Recorded, Entry, Known], Line]:
    """The case as a whole, with a reason."""

    def line(record: Recorded, entry: Entry, known: Known) -> Line:
        reason = record.names.text(str(entry.data.get("reason") or word))
        said: dict[str, Any] = {"suspend": {"reason": reason}, "resume": {}, "reopen": reason, "note": reason}
        return {word: said[word], **record.by(entry)}

    return line


def correct(record: Recorded, entry: Entry, known: Known) -> Line:
    kinds = record.case_type.kinds
    said = {name: record.names.fact(record.facts[""].get(name), kinds.get(name)) for name in entry.data["facts"]}
    return {"correct": said, **record.by(entry), "reason": record.names.text(str(entry.data.get("reason")))}


def link(record: Recorded, entry: Entry, known: Known) -> Line | None:
    """A tie that somebody made; the procedure makes its own."""
    to = record.names.cases.get(str(entry.data["to"]))
    return None if entry.element or to is None else {"link": {"to": to, "kind": entry.data["kind"]}, **record.by(entry)}


VERBS: Mapping[str, Callable[[Recorded, Entry, Known], Line | None]] = {
    "case.started": recorded_births.start,
    "task.completed": do,
    "companion.completed": do,
    "message.taken": message,
    "message.kept": message,
    "message.recorded": written_down,
    "task.claimed": of_task("claim"),
    "task.released": of_task("release"),
    "task.handed_over": of_task("hand_over"),
    "task.paused": of_task("hold"),
    "task.resumed": of_task("go_on"),
    "case.suspended": of_case("suspend"),
    "case.resumed": of_case("resume"),
    "case.reopened": of_case("reopen"),
    "note.written": of_case("note"),
    "facts.corrected": correct,
    "case.linked": link,
}
"""Kind of an entry -> the line that does it again; what is not named follows by itself."""


def ends(tasks: Iterable[Task]) -> SimpleNamespace:
    """What is open at the end."""
    still = [task for task in tasks if task.closed_at is None]
    return SimpleNamespace(
        steps=sorted(task.step for task in still if task.kind not in (WAIT, COMPANION)),
        waits=sorted(task.step for task in still if task.kind == WAIT),
    )

"""The path of a case: each diagram with its tokens, and the same as a list."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from markupsafe import Markup

from app.extensions import db
from app.services import case_file, history
from app.services.case_file import CaseFile
from app.web import filters, names, tasks_words
from app.web.language import chosen, say
from workflows import diagram

SIGNS = {"past": "check", "now": "play", "wait": "clock", "stuck": "late", "next": "ring"}


@dataclass(frozen=True)
class Step:
    """A line of the list."""

    title: str
    state: str
    sign: str
    note: str
    href: str | None
    process: str


def parts(file: CaseFile) -> dict[str, Any]:
    """The diagram asked for (the frame by default), its list, and the other diagrams that the case is in or was in."""
    session, case_type = db.session(), file.case_type
    tasks = [*case_file.open_tasks(session, file), *case_file.waits(session, file)]
    done = case_file.done_tasks(session, file)
    names.user_names([*(task.closed_by_id for task in done), *(task.assignee_id for task in tasks)])
    wanted = request.args.get("phase", "")
    process = wanted if wanted in case_type.processes else case_type.process
    passed = history.passed(session, file)
    active = _active(file, tasks)
    tokens = {task.step for task in tasks if task.process == process and task.kind == "step"}
    waiting = {task.step for task in tasks if task.process == process and task.kind == "wait"}
    tokens |= _calls(case_type, process, active)
    passed |= _calls(case_type, process, {task.process for task in done}) - tokens
    source = case_type.diagram(process) or b""
    translate = lambda text: filters.typo(case_type.text(text, chosen()))  # noqa: E731 -- one line, used twice
    drawing = diagram.svg(
        source,
        tokens,
        passed,
        (),
        waiting,
        href=lambda called: url_for("cases.path", reference=file.case.reference, phase=called) if called in case_type.processes else None,
        translate=translate,
        lang=chosen(),
    )
    lines = diagram.outline(source, tokens, passed, (), waiting, translate=translate, lang=chosen())
    return {
        "drawing": Markup(drawing),
        "lines": [_step(file, line, process, tasks, done) for line in lines],
        "process": process,
        "process_title": translate(case_type.processes[process].title),
        "phases": _phases(file, active, done, translate),
        "version": file.case.version_hash[:12],
    }


def _active(file: CaseFile, tasks: list[Any]) -> set[str]:
    return {task.process for task in tasks}


def _calls(case_type: Any, process: str, inside: set[str]) -> set[str]:
    """Calls of this diagram inside which one of the processes runs, however deep."""
    found = set()
    for step in case_type.elements.in_process.values():
        if step.process == process and step.called and _reaches(case_type, step.called, inside, set()):
            found.add(step.id)
    return found


def _reaches(case_type: Any, process: str, inside: set[str], seen: set[str]) -> bool:
    if process in inside:
        return True
    if process in seen:
        return False
    seen.add(process)
    calls = {step.called for step in case_type.elements.in_process.values() if step.process == process and step.called}
    return any(_reaches(case_type, called, inside, seen) for called in calls)


def _phases(file: CaseFile, active: set[str], done: list[Any], translate: Any) -> list[tuple[str, str, str]]:
    """(title, address, state) of the frame and of each diagram that the case is in or was in."""
    case_type, visited = file.case_type, {task.process for task in done}
    found = []
    for spec in sorted(case_type.processes.values(), key=lambda one: (one.id != case_type.process, one.shared, one.title)):
        touched = {spec.id} & (active | visited) or spec.id == case_type.process
        if touched or _calls(case_type, spec.id, active | visited):
            state = say("en cours") if spec.id in active else ""
            found.append((translate(spec.title), url_for("cases.path", reference=file.case.reference, phase=spec.id), state))
    return found


def _step(file: CaseFile, line: Any, process: str, tasks: list[Any], done: list[Any]) -> Step:
    open_task = next((task for task in tasks if task.step == line.id and task.process == process), None)
    past = next((task for task in reversed(done) if task.step == line.id and task.process == process), None)
    note, href = line.state_text, None
    if open_task is not None:
        holder = tasks_words.assignee(open_task, names.user_names([open_task.assignee_id]))
        note = (
            say("en cours, %(who)s", who=holder)
            if open_task.kind == "step"
            else say("attendu depuis %(since)s", since=filters.since(open_task.opened_at))
        )
        href = url_for("tasks.show", task_id=open_task.id)
    elif past is not None:
        note = say("fait le %(when)s par %(who)s", when=filters.moment(past.closed_at), who=names.user_name(past.closed_by_id))
    elif line.called:
        href = url_for("cases.path", reference=file.case.reference, phase=line.called) if line.called in file.case_type.processes else None
    return Step(filters.typo(line.title), line.state, SIGNS.get(line.state, "ring"), note, href, process)

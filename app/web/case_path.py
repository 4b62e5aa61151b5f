"""The path of a case: each diagram with its tokens, and the same as a list."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from flask import request, url_for
from markupsafe import Markup

from app.extensions import db
from app.services import case_file, history
from app.services.case_file import CaseFile
from app.web import case_walk, filters, names, tasks_words
from app.web.language import chosen, say
from workflows import diagram
from workflows.catalog import CaseType
from workflows.elements import FlowSpec

TRACED = frozenset({"userTask", "businessRuleTask", "receiveTask", "exclusiveGateway", "inclusiveGateway", "eventBasedGateway"})
CHOICES = frozenset({"exclusiveGateway", "inclusiveGateway", "eventBasedGateway"})
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
    calls = Calls(case_type, passed.keys() | {task.process for task in (*tasks, *done)})
    tokens = {task.step for task in tasks if task.process == process and task.kind == "step"}
    waiting = {task.step for task in tasks if task.process == process and task.kind == "wait"}
    tokens |= calls.leading_to(process, {task.process for task in tasks}, passed.get(process, set()))
    own = passed.get(process, set()) | {task.step for task in done if task.process == process}
    visited = own | calls.leading_to(process, {task.process for task in done}, passed.get(process, set())) - tokens
    marks = (case_type.diagram(process) or b"", tokens, visited, (), waiting)
    drawing = diagram.svg(*marks, href=lambda called: _phase_href(file, called), translate=_translator(file), lang=chosen())
    lines = diagram.outline(*marks, translate=_translator(file), lang=chosen())
    return {
        "drawing": Markup(drawing),
        "lines": [_step(file, line, process, tasks, done) for line in lines],
        "process_title": _translator(file)(case_type.processes[process].title),
        "phases": _phases(file, calls, {task.process for task in tasks}),
        "version": file.case.version_hash[:12],
    }


class Calls:
    """Which diagrams a case came into, and by which calls. `left`: processes in which it left a trace of its own."""

    def __init__(self, case_type: CaseType, left: set[str]) -> None:
        self._calls: dict[str, list[tuple[str, str]]] = {}
        for step in case_type.elements.in_process.values():
            if step.called:
                self._calls.setdefault(step.process, []).append((step.id, step.called))
        self._ways = _ways(case_type)
        self.visited = {case_type.process, *left}
        # A diagram without a person, a choice or a rule leaves no trace of its own: the case was in it if it was in one that it calls.
        for process in self._silent(case_type):
            if any(self._leads(called, left, set()) for _, called in self._calls.get(process, ())):
                self.visited.add(process)

    @staticmethod
    def _silent(case_type: CaseType) -> list[str]:
        kinds: dict[str, set[str]] = {}
        for step in case_type.elements.in_process.values():
            kinds.setdefault(step.process, set()).add(step.kind)
        return [process for process, found in kinds.items() if not found & TRACED]

    def _leads(self, process: str, left: set[str], seen: set[str]) -> bool:
        if process in seen:
            return False
        seen.add(process)
        return process in left or any(self._leads(called, left, seen) for _, called in self._calls.get(process, ()))

    def leading_to(self, process: str, inside: set[str], passed: set[str]) -> set[str]:
        """Calls of a diagram inside which one of these processes runs or ran, however deep, through diagrams that the case came into.

        passed: flows that choices of this diagram took. Of two calls of one process, the one that no choice led to is left out.
        """
        calls = {element for element, called in self._calls.get(process, ()) if self._reaches(called, inside, set())}
        return {call for call in calls if self._led_to(process, call, passed, set())}

    def _led_to(self, process: str, element: str, passed: set[str], seen: set[str]) -> bool:
        """Whether some way to an element holds no choice that went elsewhere."""
        if element in seen:
            return False
        seen.add(element)
        ways = self._ways.get((process, element), [])
        taken = (flow.source for flow, chosen_here in ways if not chosen_here or flow.id in passed)
        return not ways or any(self._led_to(process, source, passed, seen) for source in taken)

    def _reaches(self, process: str, inside: set[str], seen: set[str]) -> bool:
        if process in seen or process not in self.visited:
            return False
        seen.add(process)
        return process in inside or any(self._reaches(called, inside, seen) for _, called in self._calls.get(process, ()))


def _ways(case_type: CaseType) -> dict[tuple[str, str], list[tuple[FlowSpec, bool]]]:
    """(process, element) -> the flows that lead there, and whether each is one of several that are chosen from."""
    flows, steps = case_type.elements.flows.values(), case_type.elements.in_process
    leaving = Counter((flow.process, flow.source) for flow in flows)
    found: dict[tuple[str, str], list[tuple[FlowSpec, bool]]] = {}
    for flow in flows:
        source = steps.get((flow.process, flow.source))
        chosen_here = source is not None and source.kind in CHOICES and leaving[flow.process, flow.source] > 1
        found.setdefault((flow.process, flow.target), []).append((flow, chosen_here))
    return found


def _translator(file: CaseFile) -> Callable[[str], str]:
    return lambda text: filters.typo(file.case_type.text(text, chosen()))


def _phase_href(file: CaseFile, process: str) -> str | None:
    if process not in file.case_type.processes:
        return None
    return url_for("cases.path", reference=file.case.reference, phase=process, **case_walk.kept())


def _phases(file: CaseFile, calls: Calls, active: set[str]) -> list[tuple[str, str | None, str]]:
    """(title, address, state) of the frame and of each diagram that the case came into."""
    known = [spec for spec in file.case_type.processes.values() if spec.id in calls.visited]
    known.sort(key=lambda spec: (spec.id != file.case_type.process, spec.shared, spec.title))
    return [(_translator(file)(spec.title), _phase_href(file, spec.id), say("en cours") if spec.id in active else "") for spec in known]


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
        note = say("fait %(when)s par %(who)s", when=filters.moment(past.closed_at), who=names.user_name(past.closed_by_id))
    elif line.called:
        href = _phase_href(file, line.called)
    return Step(filters.typo(line.title), line.state, SIGNS.get(line.state, "ring"), note, href, process)

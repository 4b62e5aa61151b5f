"""Letters that a task may cause, seen before they leave: filled with what is known and what is typed, without a number."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from types import SimpleNamespace
from typing import Any

from app.services import letter_words, letters, letters_leaving, paper
from app.services.errors import NotFound
from app.services.step_view import StepView
from workflows.catalog import CaseType, FlowSpec, StepSpec
from workflows.feel import FeelError

PASSED = frozenset({"scriptTask", "serviceTask", "businessRuleTask", "sendTask"})
MOST = 4
KEPT = 128
"""Case types whose flows are kept by their source: versions never change."""


@dataclass(frozen=True)
class Upcoming:
    """A letter that may leave after a task."""

    process: str
    element: str
    title: str


def upcoming(view: StepView, now: dt.datetime) -> list[Upcoming]:
    """The letters that may leave once the task is done: through gateways and steps without people, up through the processes that called
    this one; of a decision with a screen of its own also those of the next step, which only tells of it."""
    case_type = view.file.case_type
    found: list[Upcoming] = []
    for spec in _sends(case_type, view, 1 if view.screen else 0):
        if len(found) < MOST and _template(view, spec, view.room.facts, now) and _addressee(view, spec, view.room.facts, now) is not None:
            found.append(Upcoming(spec.process, spec.id, spec.title))
    return found


def _sends(case_type: CaseType, view: StepView, people: int) -> Iterator[StepSpec]:
    chain = [process for _, process in view.task.chain or [["", case_type.process]]]
    flows = _leaving(case_type)
    waiting, seen = [(view.task.process, view.task.step, len(chain) - 1, people)], set()
    while waiting:
        process, element, depth, left = waiting.pop(0)
        for flow in flows.get((process, element), ()):
            spec = case_type.step(process, flow.target)
            if spec is None or (process, spec.id) in seen:
                continue
            seen.add((process, spec.id))
            if spec.kind == "sendTask":
                yield spec
            if spec.kind in PASSED or "Gateway" in spec.kind:
                waiting.append((process, spec.id, depth, left))
            elif spec.kind == "userTask" and left:
                waiting.append((process, spec.id, depth, left - 1))
            elif spec.kind == "endEvent" and depth > 0:
                waiting += [(chain[depth - 1], call, depth - 1, left) for call in _calls(case_type, chain[depth - 1], process)]


@lru_cache(KEPT)
def _leaving(case_type: CaseType) -> Mapping[tuple[str, str], list[FlowSpec]]:
    flows: dict[tuple[str, str], list[FlowSpec]] = {}
    for flow in case_type.elements.flows.values():
        flows.setdefault((flow.process, flow.source), []).append(flow)
    return flows


def _calls(case_type: CaseType, process: str, called: str) -> list[str]:
    return [step.id for (of, _), step in case_type.elements.in_process.items() if of == process and step.called == called]


def _value(view: StepView, expression: str, known: Mapping[str, Any], now: dt.datetime) -> Any:
    """The value of « =FEEL » over what is known by now; None when it cannot be told yet."""
    try:
        return view.file.case_type.definition.evaluate(expression, known, now, view.room.host.functions)
    except FeelError:
        return None


def _template(view: StepView, spec: StepSpec, known: Mapping[str, Any], now: dt.datetime) -> tuple[str, str] | None:
    """The template of a letter to somebody outside the house, and the language it is in."""
    case_type = view.file.case_type
    return case_type.letter(str(_value(view, spec.properties.get("template", ""), known, now)), letters.spoken(case_type, known))


def _addressee(view: StepView, spec: StepSpec, known: Mapping[str, Any], now: dt.datetime) -> str | None:
    """To whom a letter goes, empty when that is not known yet; None for a message inside the house."""
    wanted = _value(view, spec.properties.get("to", ""), known, now)
    first = (wanted[0] if wanted else "") if isinstance(wanted, list) else str(wanted or "").split(",")[0].strip()
    lane = view.file.case_type.lane(spec.process, first)
    return None if lane is not None or first in view.file.case_type.roles else str(first)


def draft(view: StepView, process: str, element: str, typed: Mapping[str, Any], now: dt.datetime) -> bytes:
    """The PDF of a letter that may leave after the task, with what is typed into its form. NotFound for any other letter."""
    if not any((one.process, one.element) == (process, element) for one in upcoming(view, now)):
        raise NotFound
    case_type, session = view.file.case_type, view.session
    spec = case_type.elements.in_process[process, element]
    known = {**view.room.facts, **typed}
    found = _template(view, spec, known, now)
    if found is None:
        raise NotFound
    text, language = found
    given = {name: _value(view, source, known, now) for name, source in spec.inputs.items()}
    told = {**known, **given, "dossier": view.file.case.reference}
    subject, body = letters.fill(text, told, language=language, names=letter_words.names_of(case_type, language), gap=letters.GAP)
    signatory = _value(view, spec.properties.get("from", ""), known, now)
    data = letters.sender(case_type, process, spec.lane, view.task.role, view.file.case.post_code, signatory)
    address = _addressee(view, spec, known, now) or letters.GAP
    row = SimpleNamespace(subject=subject, body=body, address=address, created_at=now, data={**data, "language": language})
    return paper.pdf(letters_leaving.compose(session, case_type, row, view.file.case.reference, None))

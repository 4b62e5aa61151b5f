"""From what was typed into a step's form to values that may enter the facts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import lru_cache
from typing import Any

from app.services import references
from app.services.act import Act
from app.services.errors import Invalid
from workflows.catalog import CaseType
from workflows.feel import Host
from workflows.forms import FormDefinition

KEPT = 128
"""Case types and languages whose lists are kept."""


def view(act: Act, task: Any) -> dict[str, Any]:
    """The facts that a task's expressions see, by name; with the item of a multi-instance and the settings."""
    chain = [(scope, process) for scope, process in task.chain]
    return act.case_type.definition.view(act.facts, chain, references.unpack_item(task.item), act.system)


def host(act: Act) -> Host:
    """The evaluator of a case's forms: its functions, the clock of the act."""
    return Host({**act.case_type.definition.functions, **act.functions}, now=lambda: act.now)


def form_of(act: Act, task: Any, form_id: str | None) -> FormDefinition | None:
    """The form of a step, in the version that the case is pinned to."""
    return act.case_type.forms.get(form_id) if form_id else None


def validate(act: Act, task: Any, form: FormDefinition | None, raw: Mapping[str, Any]) -> dict[str, Any]:
    """Typed values of a form. Invalid, with every field that is wrong and all that was typed."""
    if form is None:
        if raw:
            raise Invalid(dict.fromkeys(raw, "champ inconnu"), raw)
        return {}
    found = form.validate(
        raw,
        view(act, task),
        host(act),
        act.now,
        zone=references.zone_of(act.unit.session, act.case.post_code),
        resolve=references.resolver(act.unit.session, act.case.id),
        lists=lists(act.case_type, act.actor.language),
        kinds=act.case_type.kinds,
        lang=act.actor.language,
        translate=lambda text, context: act.case_type.text(text, act.actor.language, context),
    )
    if found.errors:
        raise Invalid(dict(found.errors), raw)
    return dict(found.answers)


@lru_cache(KEPT)
def lists(case_type: CaseType, language: str) -> Mapping[str, list[tuple[str, str]]]:
    """Choices that depend on the case type: its outcomes, the documents that it may ask for, the steps of people."""
    people = {step.id for step in case_type.steps.values() if step.kind == "userTask"}
    return {
        "issues_du_type": _said(case_type.outcomes, language),
        "liste_controle_du_type": _said(case_type.documents, language),
        "etapes_du_processus": [(step, case_type.step_title(step, language)) for step in sorted(people)],
    }


def _said(texts: Mapping[str, Mapping[str, str]], language: str) -> list[tuple[str, str]]:
    return [(code, text.get(language, text["fr"])) for code, text in texts.items()]

"""What an answer makes the process do besides going on: the effects that forms declare (`workflows/forms/effects.py`)."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from typing import Any

from app.db.cases import Team
from app.services import answers, references
from app.services.act import Act
from app.services.errors import Broken
from app.services.handlers import cases
from app.services.notices import raise_notice
from workflows.forms import FormDefinition
from workflows.forms.effects import Consequence, read_effect

Effect = Callable[[Act, str | None, Consequence], None]


def of(act: Act, task: Any, form: FormDefinition | None, values: Mapping[str, Any]) -> list[str]:
    """The effects of typed answers, as they are written in the form. Costs nothing for a form without any."""
    if form is None or not any(field.effect for field in form.fields):
        return []
    return form.effects(
        values,
        answers.view(act, task),
        answers.host(act),
        act.now,
        zone=references.zone_of(act.unit.session, act.case.post_code),
        resolve=references.resolver(act.unit.session, act.case.id),
        kinds=act.case_type.kinds,
    )


def carry_out(act: Act, step: str | None, wanted: Iterable[str]) -> None:
    """Inside an act. Broken for an effect that does not exist (`flask check` finds it before)."""
    for text in wanted:
        try:
            asked = read_effect(text)
        except ValueError as error:
            raise Broken(str(error), element=step) from None
        EFFECTS[asked.verb](act, step, asked)


def confidentiality(act: Act, step: str | None, asked: Consequence) -> None:
    """The level rises; whoever answered stays one of those who may read the case."""
    cases.raise_confidentiality(act, step, asked.first)
    actor = act.actor.id
    if actor is not None and act.unit.session.get(Team, (act.case.id, actor)) is None:
        act.unit.session.add(Team(case_id=act.case.id, user_id=actor, since=act.now))
        act.unit.session.flush()


def priority(act: Act, step: str | None, asked: Consequence) -> None:
    """The priority rises."""
    cases.raise_priority(act, step, asked.first)


def refer(act: Act, step: str | None, asked: Consequence) -> None:
    """A role is told that it is to look into the matter; that it was told is in the history."""
    raise_notice(act, asked.first, "referred", step=_title(act, step))
    act.recorder.add("case.referred", step, data={"to": asked.first})


def warn(act: Act, step: str | None, asked: Consequence) -> None:
    """A role is told."""
    raise_notice(act, asked.first, "warned", step=_title(act, step))


def open_other(act: Act, step: str | None, asked: Consequence) -> None:
    """A case of another type follows from this one, about the same person; where the type is not published, its team is asked."""
    person = act.case_type.promoted.get("person", "")
    cases.open_case(act, step, asked.first, "issu_de", person=act.fact(person))


def go_back(act: Act, step: str | None, asked: Consequence) -> None:
    """The procedure has a path of its own back to the step; the history says why it is taken."""
    act.recorder.add("step.resumed", step, data={"to": asked.first})


def _title(act: Act, step: str | None) -> str:
    return act.case_type.step_title(step) if step else ""


EFFECTS: dict[str, Effect] = {
    "confidentialite": confidentiality,
    "priorite": priority,
    "saisir": refer,
    "avertir": warn,
    "ouvrir": open_other,
    "reprendre": go_back,
}

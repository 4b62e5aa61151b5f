"""Which questions a page shows for which answers.

When a condition hangs on one choice of the same form, the page itself shows and hides (CSS, no script). Otherwise the question is
always there and its condition is said beside it. In both cases only the server decides what is asked.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Callable
from dataclasses import dataclass

from workflows.feel import FeelError
from workflows.forms import Field, FormDefinition
from workflows.forms.scope import Scope, names_in

MOST_TRIED = 60
"""Answers that are tried together to see whether a question can be asked at all."""
MOST = 12  # conditions that the style sheet knows by number


@dataclass(frozen=True)
class Condition:
    """`by`: the choice that it hangs on, with the values that show the question; empty when the page cannot tell."""

    by: str
    values: tuple[str, ...]
    others: tuple[str, ...]


def condition_of(form: FormDefinition, spec: Field, scope: Scope) -> Condition | None:
    """What shows a question; None when it is always asked, or when no answer of this form changes that."""
    if spec.hide is None:
        return None
    kinds = form.kinds
    own = sorted(names_in(spec.hide)[0] & kinds.keys() - {spec.key}, key=form.names.index)
    if not own or never_shown(spec, [kinds[name] for name in own], scope):
        return None
    if len(own) == 1 and (values := showing(kinds[own[0]], spec, scope)):
        return Condition(own[0], values, ())
    return Condition("", (), tuple(own))


def never_shown(spec: Field, controls: list[Field], scope: Scope) -> bool:
    """Whether what is known already hides a question for good: no answer to the choices that it hangs on would show it."""
    offered = [[*answers_of(control).values(), None] for control in controls]
    if any(len(answers) == 1 for answers in offered) or math.prod(map(len, offered)) > MOST_TRIED:
        return False
    before = dict(scope.own)
    try:
        for answers in itertools.product(*offered):
            scope.own = {**before, **{control.key: answer for control, answer in zip(controls, answers, strict=True)}}
            if scope.evaluate(spec.hide or "") is not True:
                return False
        return True
    except FeelError:
        return False
    finally:
        scope.own = before


def answers_of(control: Field) -> dict[str, object]:
    """What may be answered to a choice, by the code that the page sends; nothing for questions with countless answers."""
    if control.kind == "choice" and control.options:
        return {option.value: option.value for option in control.options}
    if control.kind == "boolean":
        return {"true": True, "false": False} if control.widget != "checkbox" else {"true": True}
    return {}


def showing(control: Field, spec: Field, scope: Scope) -> tuple[str, ...]:
    """The answers of a choice that show a question, found by trying each; none when the page cannot follow it."""
    answers = answers_of(control)
    if not answers:
        return ()
    before = dict(scope.own)
    try:
        if not hides(spec, control, None, scope):
            return ()  # asked even before the choice is made
        return tuple(code for code, value in answers.items() if not hides(spec, control, value, scope))
    except FeelError:
        return ()
    finally:
        scope.own = before


def hides(spec: Field, control: Field, value: object, scope: Scope) -> bool:
    scope.own = {**scope.own, control.key: value}
    return scope.evaluate(spec.hide or "") is True


def number(conditions: dict[str, Condition | None]) -> dict[tuple[str, tuple[str, ...]], int]:
    """A number for each different condition that CSS can follow."""
    out: dict[tuple[str, tuple[str, ...]], int] = {}
    for condition in conditions.values():
        if condition and condition.by and len(out) < MOST:
            out.setdefault((condition.by, condition.values), len(out) + 1)
    return out


def words(condition: Condition, label: Callable[[str], str], option: Callable[[str, str], str], say: Callable[..., str]) -> str:
    """The condition in words. `label` of a field by name; `option` label of a value of a field."""
    if condition.by:
        answers = ", ".join(option(condition.by, value) for value in condition.values)
        return say("Seulement si « %(field)s » : %(answers)s.", field=label(condition.by), answers=answers)
    names = ", ".join(f"« {label(name)} »" for name in condition.others)
    return say("Selon la réponse à %(fields)s. Laissez vide si ce n'est pas le cas.", fields=names)

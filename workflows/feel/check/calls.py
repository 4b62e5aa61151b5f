"""Calls of functions: do the values fit, and what comes back."""

from __future__ import annotations

from collections.abc import Sequence

from ..functions.signature import Form, Problem, Signature, nearest
from ..kinds import FRENCH
from ..tree import Node
from .types import ANY, Type

Args = Sequence[tuple[str | None, Node]]
NULL_IF_EMPTY = {"sum", "min", "max", "mean", "median", "product"}  # sum(append(rows.montant, 0)) is the cure

NULL_IS_AN_ELEMENT = {"list contains"}  # list contains(["a"], null) is false, not null


def call_type(f: Signature, args: Args, given: list[Type]) -> tuple[Type, str | None]:
    """The type of the result, and why the values do not fit, if so."""
    problems = []
    for form in f.forms:
        problem = mismatch(form, args, given)
        if problem is None:
            asked = given[:1] if f.name in NULL_IS_AN_ELEMENT else given
            optional = may_be_empty(f, args, given) or any(t.optional for t in asked)
            return Type(form.returns if form.returns in FRENCH else "any", optional), None
        problems.append(problem)
    return ANY, nearest(problems)


def may_be_empty(f: Signature, args: Args, given: list[Type]) -> bool:
    """An aggregate of a list that may have no element."""
    if f.name not in NULL_IF_EMPTY or len(given) != 1 or given[0].kind != "list":
        return False
    arg = args[0][1]
    if arg.op == "list":
        return not arg.args[0]
    appended = arg.op == "call" and arg.args[0].op == "name" and arg.args[0].args[0] == "append"
    return not appended


def mismatch(form: Form, args: Args, given: list[Type]) -> Problem | None:
    names = [param.name for param in form.params]
    if args and args[0][0] is not None:
        wrong = [label for label, _ in args if label not in names]
        return Problem(-1, f"paramètres possibles : {', '.join(names)}") if wrong else None
    problem = form.count_problem(len(args))
    if problem:
        return Problem(-1, problem)
    for i, t in enumerate(given):
        param = form.params[min(i, len(form.params) - 1)]
        if t.unknown or t.kind == "list" or "any" in param.kinds or "list" in param.kinds:
            continue
        if t.kind not in param.kinds:
            return Problem(i, param.expects(t.kind))
    return None

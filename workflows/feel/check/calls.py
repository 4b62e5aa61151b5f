"""Calls of functions: do the values fit, and what comes back."""

from __future__ import annotations

from collections.abc import Sequence

from ..errors import FeelError
from ..functions.signature import Form, Problem, Signature, nearest
from ..kinds import FRENCH
from ..tree import Node
from ..walk import Host
from .types import ANY, Type

Args = Sequence[tuple[str | None, Node]]
NULL_IF_EMPTY = {"sum", "min", "max", "mean", "median", "product"}  # sum(append(rows.montant, 0)) is the cure

READ = {"date", "time", "date and time", "duration", "number"}  # what they make of one text
PATTERNS = {"matches": "matches(a, x)", "replace": "replace(a, x, a)", "split": "split(a, x)"}  # x: the pattern

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


def unreadable(f: Signature, args: Sequence[Node], given: list[Type]) -> str | None:
    """A text that the function can make nothing of: one of the codes of a field given to date(), a pattern that is none."""
    if f.name in READ and len(given) == 1 and given[0].kind == "string":
        return next((code for code in given[0].values if not answers(f"{f.name}(x)", {"x": code})), None)
    if f.name in PATTERNS and len(args) > 1 and args[1].op == "value" and type(args[1].args[0]) is str:
        return None if answers(PATTERNS[f.name], {"a": "a", "x": args[1].args[0]}) else args[1].args[0]
    return None


def answers(source: str, facts: dict[str, str]) -> bool:
    try:
        return Host().evaluate(source, facts) is not None
    except FeelError:
        return False


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

"""A signature says names and kinds of what a function takes; the checker reads the same text."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any, NamedTuple

from ..errors import Refused
from ..kinds import FRENCH, KINDS, kind, lift

if TYPE_CHECKING:
    from ..tree import Node
    from ..walk import Walk

__all__ = ["Form", "Param", "Refused", "Signature"]

Given = Sequence[tuple[str | None, Any]]  # (name of the parameter or None, value)


class Param(NamedTuple):
    name: str
    kinds: tuple[str, ...]
    optional: bool

    def expects(self, got: str) -> str:
        """What to say of a value of another kind."""
        wanted = " ou ".join(FRENCH.get(k, k) for k in self.kinds)
        return f"« {self.name} » attend {wanted}, ici {FRENCH.get(got, got)}"


class Form(NamedTuple):
    """One way to call a function; `repeats`: the last parameter takes all values that follow; `needed`: how many must be given."""

    params: tuple[Param, ...]
    repeats: bool
    fn: Callable[..., Any]
    returns: str
    needed: int

    def count_problem(self, given: int) -> str | None:
        """What to say when the number of values does not fit."""
        if self.needed <= given and (given <= len(self.params) or self.repeats):
            return None
        most = f" à {len(self.params)}" if len(self.params) > self.needed else ""
        return f"{self.needed}{most} valeurs attendues, {given} données"


class Signature:
    """`Signature("nom(param: kind | kind, autre: kind?) -> kind", fn)`: a host function, called with FEEL values.

    A kind followed by « ? » may be left out, a last « ... » repeats. Several forms of one name (`add`) are tried in turn. `fn` answers
    a FEEL value (int and float become numbers) and raises Refused, in French, at what it does not accept. With `needs_walk` it is
    given the running evaluation and the node first.
    """

    def __init__(self, text: str, fn: Callable[..., Any], needs_walk: bool = False) -> None:
        self.name = text.split("(")[0]
        self.forms: list[Form] = []
        self.needs_walk = needs_walk
        self.add(text, fn)

    def __repr__(self) -> str:
        return f"fonction {self.name}"

    def add(self, text: str, fn: Callable[..., Any]) -> Signature:
        inside, _, returns = text.partition("(")[2].rpartition(")")
        params = tuple(read_param(part) for part in inside.split(",") if part.strip())
        needed = sum(not param.optional for param in params)
        self.forms.append(Form(params, inside.endswith("..."), fn, returns.strip(" ->") or "any", needed))
        return self

    def call(self, walk: Walk, node: Node, given: Given) -> Any:
        """The result for the values given in an expression. Refused when no form takes them."""
        problems = []
        for form in self.forms:
            values, problem = bind(form, given)
            if problem is None:
                out = form.fn(walk, node, *values) if self.needs_walk else form.fn(*values)
                return lift(out) if type(out) in (int, float) else out
            problems.append(problem)
        raise Refused(nearest(problems))


KINDS[Signature] = "function"


class Problem(NamedTuple):
    """Why a form does not fit: how many values did (-1: not even their number), and the sentence."""

    fitted: int
    text: str


def nearest(problems: Sequence[Problem]) -> str:
    """The sentence of the form that came nearest, the last of several."""
    return max(reversed(problems), key=lambda problem: problem.fitted).text


def read_param(text: str) -> Param:
    name, _, kinds = text.strip().partition(":")
    return Param(name.strip(), tuple(k.strip(" ?.") for k in kinds.split("|")), kinds.endswith("?"))


def bind(form: Form, given: Given) -> tuple[list[Any], Problem | None]:
    """The values in the order of the parameters, and why they do not fit, if so."""
    if given and given[0][0] is not None:
        given, problem = by_name(form, given)
        if problem:
            return [], Problem(-1, problem)
    problem = form.count_problem(len(given))
    if problem:
        return [], Problem(-1, problem)
    values = []
    for i, (_, v) in enumerate(given):
        param = form.params[min(i, len(form.params) - 1)]
        fits, v = accept(v, param)
        if not fits:
            return [], Problem(i, param.expects(kind(v)))
        values.append(v)
    return values, None


def by_name(form: Form, given: Given) -> tuple[Given, str | None]:
    names = [param.name for param in form.params]
    if form.repeats and len(names) > 1:
        return [], "noms de paramètres refusés ici"
    values = {name: v for name, v in given if name is not None}
    if set(values) - set(names):
        return [], f"noms de paramètres attendus : {', '.join(names)}"
    missing = [param.name for param in form.params if not param.optional and param.name not in values]
    if missing:
        return [], f"il manque « {missing[0]} »"
    return [(None, values.get(param.name)) for param in form.params if param.name in values or not param.optional], None


def accept(v: Any, param: Param) -> tuple[bool, Any]:
    """Whether the value fits, and the value as the function takes it: a list of one is its element, an element a list of one."""
    k = kind(v)
    if k in param.kinds or "any" in param.kinds or (v is None and param.optional):
        return True, v
    if k == "list" and len(v) == 1 and kind(v[0]) in param.kinds:
        return True, v[0]
    if "list" in param.kinds and v is not None:
        return True, [v]
    return False, v

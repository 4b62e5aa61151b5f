"""Calls of functions, functions defined in an expression, and « instance of »."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..errors import FeelError, Refused
from ..functions.signature import Given, Signature
from ..hints import suggestion
from ..kinds import FRENCH, KINDS, Function, kind, weigh
from ..tree import Node

if TYPE_CHECKING:
    from ..walk import Scope, Walk

WEIGHED = {str, list, dict}
MAX_CALLS = 30  # one inside the other
IMPOSSIBLE = (ArithmeticError, ValueError, KeyError, IndexError, TypeError, OverflowError)
TYPES = {
    "Any", "string", "number", "boolean", "date", "time", "date and time", "days and time duration", "years and months duration",
    "list", "context", "range", "function", "null",
}  # fmt: skip


def define(walk: Walk, node: Node, scope: Scope, params: tuple[Any, ...], body: Node) -> Function:
    return Function(params, body, scope)


def call(walk: Walk, node: Node, scope: Scope, target: Node, args: tuple[tuple[str | None, Node], ...]) -> Any:
    f = walk.walk(target, scope)
    if f is None and target.op == "name":
        if walk.troubles:
            return None
        name = target.args[0]
        return walk.trouble(target, f"fonction inconnue : « {name} ».{suggestion(name, walk.host.functions)}")
    return apply(walk, node, f, [(label, walk.walk(arg, scope)) for label, arg in args])


def apply(walk: Walk, node: Node, f: Any, given: Given) -> Any:
    if type(f) is Function:
        return apply_defined(walk, node, f, given)
    if not isinstance(f, Signature):
        return walk.trouble(node, f"{FRENCH[kind(f)] if type(f) in KINDS else 'ceci'} n'est pas une fonction")
    for _, v in given:
        if type(v) in WEIGHED:
            walk.spend(weigh(v))
    try:
        return walk.sized(node, f.call(walk, node, given))
    except Refused as refusal:
        return walk.trouble(node, f"{f.name} : {refusal}")
    except FeelError as error:
        raise (error if error.at is not None else FeelError(error.message, node.at, walk.source)) from None
    except IMPOSSIBLE as error:  # its text is not repeated: it may quote a value, which may be personal
        return walk.trouble(node, f"{f.name} : calcul impossible ({type(error).__name__})")


def apply_defined(walk: Walk, node: Node, f: Function, given: Given) -> Any:
    if len(given) != len(f.params):
        return walk.trouble(node, f"{len(f.params)} valeurs attendues, {len(given)} données")
    names = [name for name, _ in f.params]
    if given and given[0][0] is not None:
        if {label for label, _ in given} != set(names):
            return walk.trouble(node, "noms de paramètres inconnus")
        values = dict(given)
    else:
        values = {name: v for name, (_, v) in zip(names, given, strict=True)}
    for name, declared in f.params:
        if declared is not None:
            values[name] = coerce(walk, values[name], declared)
    walk.depth += 1
    if walk.depth > MAX_CALLS:
        raise FeelError("fonctions trop imbriquées", node.at, walk.source)
    try:
        return walk.walk(f.body, (values, f.scope))
    finally:
        walk.depth -= 1


def coerce(walk: Walk, v: Any, declared: Node) -> Any:
    """A value as the parameter's type wants it: a list of one and its element; null for another kind."""
    if v is None or is_a(walk, v, declared):
        return v
    if type(v) is list and len(v) == 1 and is_a(walk, v[0], declared):
        return v[0]
    if declared.args[0] == "list" and is_a(walk, [v], declared):
        return [v]
    return None


def instance(walk: Walk, node: Node, scope: Scope, a: Node, declared: Node) -> bool:
    v = walk.walk(a, scope)
    return v is not None and bool(is_a(walk, v, declared))


def is_a(walk: Walk, v: Any, declared: Node) -> Any:
    name, parts = declared.args
    if name == "Any":
        return True
    if name in walk.host.types:
        return walk.host.types[name](v)
    if name not in TYPES:
        return walk.trouble(declared, f"type inconnu : « {name} »")
    if name == "function" and isinstance(v, Signature):
        return True
    if kind(v) != name:
        return False
    return not parts or has_parts(walk, v, name, parts)


def has_parts(walk: Walk, v: Any, name: str, parts: tuple[tuple[str | None, Node], ...]) -> bool:
    """list<number>, context<a: string>, range<date>, function<a> -> b."""
    match name:
        case "list":
            return all(maybe_a(walk, x, parts[0][1]) for x in v)
        case "context":
            return all(label in v and maybe_a(walk, v[label], declared) for label, declared in parts)
        case "range":
            return all(maybe_a(walk, bound, parts[0][1]) for bound in (v.lo, v.hi))
        case "function":
            return len(v.params) == len(parts)
    return True


def maybe_a(walk: Walk, v: Any, declared: Node) -> bool:
    return v is None or bool(is_a(walk, v, declared))

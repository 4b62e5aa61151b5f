"""Which facts are surely known at an element: on every way to it, a form that requires them was sent, or a script or a table set them."""

from __future__ import annotations

from collections import deque

from ..feel.check import Type
from ..xmlfile import Element, local_name
from . import types
from .document import Level, called, extension, mappings, multi_instance
from .names import Names, Types, form_of, infer, read_in


def known_at(names: Names, level: Level, known: Types) -> dict[str, frozenset[str]]:
    """Node -> facts that are not null when the case comes to it. `known`: the kinds of all names, any of them unset."""
    everything = frozenset(known)
    before: dict[str, frozenset[str]] = dict.fromkeys(level.nodes, everything)
    for ident, node in level.nodes.items():
        if not level.ins[ident] and local_name(node) != "boundaryEvent":
            before[ident] = frozenset()
    todo = deque(level.nodes)
    waiting = set(todo)
    while todo:
        ident = todo.popleft()
        waiting.discard(ident)
        new = before[ident].intersection(*_ways(names, level, level.nodes[ident], before, known))
        if new != before[ident]:
            before[ident] = new
            again = [after for after in level.next(ident) if after not in waiting]
            todo += again
            waiting |= set(again)
    return before


def _ways(names: Names, level: Level, node: Element, before: dict, known: Types) -> list[frozenset[str]]:
    """What is known on each way to a node. An event on the border knows what its host knew when it opened."""
    if local_name(node) == "boundaryEvent":
        host = node.get("attachedToRef")
        return [before[host]] if host in before else [frozenset()]
    sources = [flow.get("sourceRef") for flow in level.ins[node.get("id")]]
    return [after(names, level.nodes[source], before[source], known) for source in sources if source in level.nodes]


def after(names: Names, node: Element, before: frozenset[str], known: Types) -> frozenset[str]:
    """What is known once a node is done. What messages and services bring may be missing."""
    if multi_instance(node) is not None:
        return before
    given = set(before)
    script, decision = extension(node, "script"), extension(node, "calledDecision")
    if script is not None:
        source = (script.get("expression") or "").lstrip("=")
        read = {name: known[name] for name in read_in(source) if name in known}
        kind = infer(source, {name: types.sure(kind) if name in before else kind for name, kind in read.items()})
        _set(given, script.get("resultVariable"), kind)
    elif decision is not None:
        found = names.bundle.decisions.get(decision.get("decisionId") or "")
        _set(given, decision.get("resultVariable"), _result(found[1]) if found else Type(optional=True))
    elif local_name(node) == "userTask":
        form = names.bundle.forms.get(form_of(node) or "")
        for field in form.fields if form else ():
            _set(given, field.key, types.of_fact(field))
    elif called(node)[1]:
        given -= set(names.written(called(node)[0]))  # a phase may set them anew, to null too
    else:
        given -= {name for name, _, _ in mappings(node, "output")}
    return frozenset(given)


def _set(given: set[str], name: str | None, kind: Type) -> None:
    if kind.optional or kind.kind == "null":
        given.discard(name or "")
    elif name:
        given.add(name)


def _result(decision) -> Type:
    """A table answers always when every output has a default that is not null."""
    outputs = getattr(decision.logic, "outputs", ())
    answered = bool(outputs) and all(output.default and output.default.strip() != "null" for output in outputs)
    kind = types.of_decision(decision)
    return types.sure(kind) if answered else types.maybe(kind)

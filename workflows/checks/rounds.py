"""May a loop really turn without a person? Its rounds are walked with what is known of the facts on the way.

What is known: literals that scripts set, and what the conditions passed say (« x = "non" », « count(l) > 0 »). A condition that this
answers leaves one way. A round that surely brings a count nearer to its bound ends by itself and is not walked again.
"""

from __future__ import annotations

from collections.abc import Iterator
from decimal import Decimal
from typing import NamedTuple

from ..feel import FeelError, parse
from ..feel.tree import Node
from ..xmlfile import Element, local_name
from .bundle import Bundle
from .document import B, Level, called, extension, mappings, multi_instance
from .graph import cycles

MAX_STATES = 3_000
RESTS = frozenset({"userTask", "receiveTask", "intermediateCatchEvent", "eventBasedGateway", "boundaryEvent"})


class Fact(NamedTuple):
    """What is known: a name's value, or that a condition (as its tree is written) is true."""

    told: str
    names: frozenset[str]
    value: object


Known = frozenset[Fact]
NOTHING: Known = frozenset()
Place = tuple[str, Known]


class Beyond(Exception):
    """More ways than can be walked."""


class Rounds:
    """Walks of one bundle."""

    def __init__(self, bundle: Bundle):
        self.bundle = bundle
        self.left = MAX_STATES

    def may_turn(self, level: Level, group: list[str]) -> bool:
        """Is there a round through these nodes, which lead to each other, in which nobody is waited for?"""
        ended = set(_counted(level, set(group)))
        ways: dict[Place, list[Place]] = {}
        todo: list[Place] = [(ident, NOTHING) for ident in group]
        try:
            while todo:
                place = todo.pop()
                if place not in ways:
                    leave = self._leave(level, *place, ())
                    ways[place] = [(flow.get("targetRef") or "", known) for flow, known in leave if flow not in ended]
                    todo += [after for after in ways[place] if after[0] in group]
        except Beyond:
            return True
        return bool(cycles(ways, lambda place: ways[place]))

    def _leave(self, level: Level, ident: str, known: Known, callers: tuple[str, ...]) -> Iterator[tuple[Element, Known]]:
        """Flows that may be taken from a node without a rest, each with what is known then."""
        self.left -= 1
        if self.left < 0:
            raise Beyond
        node = level.nodes[ident]
        flows = level.outs[ident]
        for after in self._through(node, known, callers):
            if local_name(node) in ("exclusiveGateway", "inclusiveGateway") and len(flows) > 1:
                yield from _choice(node, flows, after)
            else:
                yield from ((flow, after if len(flows) == 1 else NOTHING) for flow in flows)

    def _through(self, node: Element, known: Known, callers: tuple[str, ...]) -> set[Known]:
        """What may be known after a node that nobody was waited for in; empty: it always waits."""
        kind, repeated = local_name(node), multi_instance(node)
        if repeated is not None:
            loop = extension(repeated, "loopCharacteristics")
            source = (loop.get("inputCollection") or "").strip().removeprefix("=") if loop is not None else ""
            some = repr(_tree(f"count({source}) > 0"))
            return set() if any(fact.told == some for fact in known) else {NOTHING}
        if kind in RESTS:
            return set()
        if kind == "callActivity":
            return self._called(node, known, callers)
        if kind == "subProcess":
            return self._inside(Level(node), known, callers)
        script = extension(node, "script")
        if script is not None:
            return {_set(known, script.get("resultVariable") or "", _tree(script.get("expression")))}
        return {_forget(known, _written(node))}

    def _called(self, node: Element, known: Known, callers: tuple[str, ...]) -> set[Known]:
        ident, phase = called(node)
        process = self.bundle.processes.get(ident)
        if process is None or ident in callers:
            return set()  # said by the checks of calls
        ends = self._inside(process.top, known if phase else NOTHING, (*callers, ident))
        if phase or not ends:
            return ends
        return {_forget(known, {name for name, _, _ in mappings(node, "output")})}

    def _inside(self, level: Level, known: Known, callers: tuple[str, ...]) -> set[Known]:
        """What may be known at the ends that are reached without a rest."""
        todo: list[Place] = [(ident, known) for ident in level.starts]
        seen, ends = set(todo), set()
        while todo:
            ident, now = todo.pop()
            if level.kind(ident) == "endEvent":
                ends.add(now)
            for flow, after in self._leave(level, ident, now, callers):
                place = (flow.get("targetRef") or "", after)
                if place[0] in level.nodes and place not in seen:
                    seen.add(place)
                    todo.append(place)
        return ends


def _choice(node: Element, flows: list[Element], known: Known) -> Iterator[tuple[Element, Known]]:
    """Ways that a choice may take: none after one that is surely taken; the default when no other surely is."""
    default = node.get("default")
    for flow in flows:
        condition = _condition(flow)
        said = None if condition is None else _verdict(condition, known)
        if flow.get("id") != default and said is not False:
            yield flow, known | _learned(condition)
        if said and local_name(node) == "exclusiveGateway":
            return
    yield from ((flow, known) for flow in flows if flow.get("id") == default)


def _condition(flow: Element) -> Node | None:
    said = flow.find(f"{B}conditionExpression")
    return None if said is None else _tree(said.text)


def _tree(source: str | None) -> Node | None:
    try:
        return parse((source or "").strip().removeprefix("="))
    except FeelError:
        return None  # said by the checks of expressions


def _names(tree: Node) -> frozenset[str]:
    return frozenset(node.args[0] for node in tree.every() if node.op == "name")


def _forget(known: Known, names: set[str]) -> Known:
    return frozenset(fact for fact in known if not fact.names & names)


def _set(known: Known, name: str, tree: Node | None) -> Known:
    rest = _forget(known, {name})
    return rest | {Fact(name, frozenset({name}), tree.args[0])} if tree is not None and tree.op == "value" else rest


def _equality(tree: Node) -> tuple[str, str, object] | None:
    """(« = » or « != », name, value) of a comparison of a name with a literal."""
    if tree.op != "compare" or tree.args[0] not in ("=", "!=") or tree.args[1].op != "name" or tree.args[2].op != "value":
        return None
    return tree.args[0], tree.args[1].args[0], tree.args[2].args[0]


def _verdict(tree: Node, known: Known) -> bool | None:
    """What a condition answers, as far as what is known says it."""
    if tree.op in ("and", "or"):
        said = [_verdict(part, known) for part in tree.args[1:]]
        strong = tree.op == "or"
        return strong if strong in said else None if None in said else not strong
    equal = _equality(tree)
    for fact in known:
        if equal is not None and fact.told == equal[1]:
            same = type(fact.value) is type(equal[2]) and fact.value == equal[2]
            return same == (equal[0] == "=")
        if fact.told == repr(tree):
            return True
    return None


def _learned(tree: Node | None) -> Known:
    """What is known where this condition was true."""
    if tree is None:
        return NOTHING
    if tree.op == "and":
        return _learned(tree.args[1]) | _learned(tree.args[2])
    equal = _equality(tree)
    if equal is not None and equal[0] == "=":
        return frozenset({Fact(equal[1], frozenset({equal[1]}), equal[2])})
    return frozenset({Fact(repr(tree), _names(tree), True)})


def _counted(level: Level, group: set[str]) -> Iterator[Element]:
    """Flows of a loop that ask « count(list) < bound » (or « n < bound ») while each round through them adds one, and nothing else in
    the loop sets what they ask."""
    if any(called(level.nodes[ident])[1] or local_name(level.nodes[ident]) == "subProcess" for ident in group):
        return  # a phase may set anything
    written = {ident: _written(level.nodes[ident]) for ident in group}
    for flow in (flow for ident in group for flow in level.outs[ident]):
        for part in _parts(_condition(flow)):
            name = _grows_to(part)
            adds = {ident for ident in group if name and _adds_one(level.nodes[ident], name)}
            others = set().union(*(names for ident, names in written.items() if ident not in adds)) & _names(part)
            rest = cycles([ident for ident in group if ident not in adds], level.after)
            if adds and not others and not any({flow.get("sourceRef"), flow.get("targetRef")} <= set(left) for left in rest):
                yield flow


def _written(node: Element) -> set[str]:
    given = {name for name, _, _ in mappings(node, "output")}
    for said in (extension(node, "script"), extension(node, "calledDecision")):
        given |= {said.get("resultVariable") or ""} if said is not None else set()
    return given


def _parts(tree: Node | None) -> Iterator[Node]:
    """The conditions that « and » joins."""
    if tree is not None and tree.op == "and":
        yield from (part for side in tree.args[1:] for part in _parts(side))
    elif tree is not None:
        yield tree


def _grows_to(tree: Node) -> str | None:
    """The name of the list or number that must stay below something."""
    if tree.op != "compare" or tree.args[0] not in ("<", "<="):
        return None
    left = tree.args[1]
    if left.op == "call" and left.args[0].op == "name" and left.args[0].args[0] == "count" and len(left.args[1]) == 1:
        left = left.args[1][0][1]
    return left.args[0] if left.op == "name" else None


def _adds_one(node: Element, name: str) -> bool:
    """Does this script append to the list of that name, or add one or more to it?"""
    script = extension(node, "script")
    tree = _tree(script.get("expression")) if script is not None and script.get("resultVariable") == name else None
    if tree is None:
        return False
    if tree.op == "call" and tree.args[0].op == "name" and tree.args[0].args[0] == "append":
        given = tree.args[1]
        return len(given) > 1 and given[0][1].op == "name" and given[0][1].args[0] == name
    plain = tree.op == "math" and tree.args[0] == "+" and tree.args[1].op == "name" and tree.args[1].args[0] == name
    return plain and tree.args[2].op == "value" and isinstance(tree.args[2].args[0], Decimal) and tree.args[2].args[0] >= 1

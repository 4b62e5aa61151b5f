"""A BPMN file as graphs: one level for each process and each embedded subprocess."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator
from functools import cached_property

from ..xmlfile import BPMN, ZEEBE, Element, local_name

B, Z = f"{{{BPMN}}}", f"{{{ZEEBE}}}"

TASKS = frozenset({"userTask", "serviceTask", "scriptTask", "sendTask", "receiveTask", "businessRuleTask", "callActivity", "subProcess"})
EVENTS = frozenset({"startEvent", "endEvent", "intermediateCatchEvent", "intermediateThrowEvent", "boundaryEvent"})
GATEWAYS = frozenset({"exclusiveGateway", "parallelGateway", "inclusiveGateway", "eventBasedGateway"})
OTHERS = frozenset({"task", "manualTask", "transaction", "adHocSubProcess", "complexGateway"})
NODES = TASKS | EVENTS | GATEWAYS | OTHERS


class Level:
    """What lies directly in one process or subprocess: nodes by id, and the flows between them."""

    def __init__(self, owner: Element):
        self.owner = owner
        self.nodes: dict[str, Element] = {}
        self.flows: list[Element] = []
        for element in owner:
            kind = local_name(element)
            if kind in NODES and element.get("id"):
                self.nodes[element.get("id")] = element
            elif kind == "sequenceFlow":
                self.flows.append(element)

    @cached_property
    def outs(self) -> dict[str, list[Element]]:
        """Flows that leave each node, in the order of the file."""
        return self._by("sourceRef")

    @cached_property
    def ins(self) -> dict[str, list[Element]]:
        return self._by("targetRef")

    def _by(self, end: str) -> dict[str, list[Element]]:
        found = defaultdict(list)
        for flow in self.flows:
            found[flow.get(end)].append(flow)
        return found

    @cached_property
    def boundaries(self) -> dict[str, list[Element]]:
        """Boundary events by their host."""
        found = defaultdict(list)
        for node in self.nodes.values():
            if local_name(node) == "boundaryEvent":
                found[node.get("attachedToRef")].append(node)
        return found

    @cached_property
    def _kinds(self) -> dict[str, str]:
        return {ident: local_name(node) for ident, node in self.nodes.items()}

    def kind(self, ident: str) -> str:
        return self._kinds.get(ident, "")

    def after(self, ident: str) -> list[str]:
        """Nodes that flows of this node lead to."""
        return [f.get("targetRef") for f in self.outs[ident] if f.get("targetRef") in self.nodes]

    def next(self, ident: str) -> list[str]:
        """As `after`, and the boundary events of the node."""
        return [*self.after(ident), *(b.get("id") for b in self.boundaries[ident] if b.get("id"))]

    @cached_property
    def starts(self) -> list[str]:
        return [ident for ident in self.nodes if self.kind(ident) == "startEvent"]


class Process:
    """One process of a file with all its levels; the first is the process itself."""

    def __init__(self, file: str, element: Element):
        self.file = file
        self.element = element
        self.id = element.get("id") or ""
        self.levels = [Level(element), *(Level(sub) for sub in element.iter(f"{B}subProcess"))]

    @property
    def top(self) -> Level:
        return self.levels[0]

    def nodes(self) -> Iterator[Element]:
        for level in self.levels:
            yield from level.nodes.values()

    def of_kind(self, *kinds: str) -> Iterator[Element]:
        return (node for node in self.nodes() if local_name(node) in kinds)

    @cached_property
    def lanes(self) -> dict[str, str]:
        """Name of the lane of each node; what lies in an embedded subprocess is in the lane of that."""
        found = {}
        for lane in self.element.iter(f"{B}lane"):
            for ref in lane.findall(f"{B}flowNodeRef"):
                found[(ref.text or "").strip()] = lane.get("name") or ""
        for level in self.levels[1:]:
            outer = found.get(level.owner.get("id"))
            for ident in level.nodes if outer is not None else ():
                found.setdefault(ident, outer)
        return found


class Document:
    """One BPMN file that could be read."""

    def __init__(self, file: str, content: bytes, root: Element):
        self.file = file
        self.content = content
        self.root = root
        self.processes = [Process(file, p) for p in root.findall(f"{B}process")]


def extension(element: Element, name: str) -> Element | None:
    """The zeebe element of that name among the extensions of a BPMN element."""
    return element.find(f"{B}extensionElements/{Z}{name}")


def properties(element: Element) -> dict[str, str]:
    """The zeebe properties of a step."""
    return {p.get("name") or "": p.get("value") or "" for p in element.findall(f"{B}extensionElements/{Z}properties/{Z}property")}


def mappings(element: Element, way: str) -> list[tuple[str, str, Element]]:
    """(target, source, element) of the ioMapping; `way` is input or output."""
    found = element.findall(f"{B}extensionElements/{Z}ioMapping/{Z}{way}")
    return [(m.get("target") or "", m.get("source") or "", m) for m in found]


def called(element: Element) -> tuple[str, bool]:
    """Id of the called process, and whether it is a phase (it shares the facts of its caller)."""
    call = extension(element, "calledElement")
    if call is None:
        return element.get("calledElement") or "", False
    return call.get("processId") or "", call.get("propagateAllChildVariables") == "true"


def event_of(element: Element) -> str:
    """timer, message, ... or empty; « multiple » when there are several."""
    kinds = [local_name(c).removesuffix("EventDefinition") for c in element if local_name(c).endswith("EventDefinition")]
    return "multiple" if len(kinds) > 1 else kinds[0] if kinds else ""


def multi_instance(element: Element) -> Element | None:
    return element.find(f"{B}multiInstanceLoopCharacteristics")

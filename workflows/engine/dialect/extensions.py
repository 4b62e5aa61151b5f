"""What the zeebe elements of a node say."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from types import MappingProxyType
from typing import Any

from lxml import etree

from workflows.engine.dialect.reading import B

EMPTY: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Extensions:
    """The extension elements of one node; texts as they are written, « = » included."""

    form: str | None = None
    """Id of the form: of zeebe:formDefinition, or of the property `form` (what a receiving node brings)."""
    handler: str | None = None
    decision: str | None = None
    variable: str | None = None
    """Name of the fact that a rule or a script sets."""
    expression: str | None = None
    properties: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    headers: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    inputs: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    """target -> source."""
    outputs: Mapping[str, str] = field(default_factory=lambda: EMPTY)
    public: Mapping[str, Any] = field(init=False)
    """`form`, `type`, properties and headers together: what `Open.extensions` and `Awaited.extensions` show."""
    formulas: tuple[str, ...] = field(init=False)
    """Names of the public ones that are FEEL."""

    def __post_init__(self) -> None:
        known = {"form": self.form, "type": self.handler}
        public = {name: text for name, text in known.items() if text is not None} | dict(self.properties) | dict(self.headers)
        object.__setattr__(self, "public", MappingProxyType(public))
        object.__setattr__(self, "formulas", tuple(name for name, text in public.items() if text.startswith("=")))


NONE = Extensions()


def read_extensions(node: Any) -> Extensions:
    """Of the node itself, not of what it contains."""
    box = node.find(f"{B}extensionElements")
    if box is None:
        return NONE
    said: dict[str, Any] = {}
    groups: dict[str, dict[str, str]] = {"properties": {}, "headers": {}, "inputs": {}, "outputs": {}}
    for element in box.iter(etree.Element):
        match etree.QName(element).localname:
            case "formDefinition":
                said["form"] = element.get("formId")
            case "taskDefinition":
                said["handler"] = element.get("type")
            case "calledDecision":
                said |= {"decision": element.get("decisionId"), "variable": element.get("resultVariable")}
            case "script":
                said |= {"expression": element.get("expression"), "variable": element.get("resultVariable")}
            case "property":
                groups["properties"][element.get("name") or ""] = element.get("value") or ""
            case "header":
                groups["headers"][element.get("key") or ""] = element.get("value") or ""
            case "input" | "output" as way:
                groups[way + "s"][element.get("target") or ""] = element.get("source") or ""
    said.setdefault("form", groups["properties"].get("form"))
    said |= {name: MappingProxyType(group) for name, group in groups.items()}
    return Extensions(**said)

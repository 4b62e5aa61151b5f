"""Reading XML that a person uploaded or drew: never a network, never an entity, never more than a megabyte."""

from typing import Any

from lxml import etree

BPMN = "http://www.omg.org/spec/BPMN/20100524/MODEL"
BPMNDI = "http://www.omg.org/spec/BPMN/20100524/DI"
DC = "http://www.omg.org/spec/DD/20100524/DC"
DD = "http://www.omg.org/spec/DD/20100524/DI"
ZEEBE = "http://camunda.org/schema/zeebe/1.0"
MODELER = "http://camunda.org/schema/modeler/1.0"

MAX_BYTES = 1_000_000
Element = Any  # of lxml: its stubs make every attribute doubtful, which says nothing that the checks do not find


class UnreadableXml(ValueError):
    """`reason` is one of: too_large, not_xml, doctype; `line` is where, when the parser knows."""

    def __init__(self, reason: str, line: int | None = None):
        super().__init__(reason)
        self.reason = reason
        self.line = line


def parse(content: bytes, **how) -> Element:
    """The root element of `content`. Raises UnreadableXml. Entities stay closed and document types are refused."""
    if len(content) > MAX_BYTES:
        raise UnreadableXml("too_large")
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, attribute_defaults=False, **how)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        raise UnreadableXml("not_xml", getattr(error, "lineno", None)) from None
    if root.getroottree().docinfo.internalDTD is not None:
        raise UnreadableXml("doctype")
    return root


def local_name(element: Element) -> str:
    """The name without its namespace; empty for comments and instructions."""
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""

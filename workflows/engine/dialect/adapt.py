"""Rewrites the few places of a file that SpiffWorkflow does not know, before it reads it.

The rule of the dialect is kept: a text that starts with « = » is an expression, any other text is itself. The marks say what an
expression has to answer: « ?= » a yes or no, « @= » a due moment.
"""

from __future__ import annotations

import re
from typing import Any

from lxml import etree

from workflows.engine.dialect.reading import B, Z
from workflows.errors import BadDefinition

CONDITION, MOMENT = "?=", "@="
DURATION = re.compile(r"P(?=\d|T\d)(\d{1,3}Y)?(\d{1,4}M)?(\d{1,4}W)?(\d{1,5}D)?(T(?=\d)(\d{1,6}H)?(\d{1,7}M)?(\d{1,9}S)?)?")
DATE = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)")
CYCLE = re.compile(r"R(\d{0,3})/(.+)")


def adapt(root: Any) -> Any:
    """The same root, rewritten."""
    for condition in root.iter(B + "conditionExpression", B + "completionCondition"):
        text = (condition.text or "").strip()
        if not text.startswith("="):
            raise BadDefinition(f"condition de « {_title(condition.getparent())} » : elle doit commencer par « = »")
        condition.text = "?" + text
    for time in root.iter(B + "timeDate", B + "timeDuration", B + "timeCycle"):
        time.text = _moment(time)
    for loop in root.iter(Z + "loopCharacteristics"):
        _several(loop)
    for called in root.iter(Z + "calledElement"):
        called.getparent().getparent().set("calledElement", called.get("processId") or "")
    return root


def _moment(time: Any) -> str:
    text, kind = (time.text or "").strip(), time.tag[len(B) :]
    title = _title(time.getparent().getparent())
    if kind == "timeCycle":
        cycle = CYCLE.fullmatch(text)
        if not cycle or not DURATION.fullmatch(cycle[2]):
            raise BadDefinition(f"minuterie de « {title} » : un cycle s'écrit R3/P5D ou R/P7D")
        if not time.getparent().getparent().tag.endswith("boundaryEvent"):
            raise BadDefinition(f"minuterie de « {title} » : un cycle se place au bord d'une étape")
        return text
    if text.startswith("="):
        return "@" + text
    if not (DURATION if kind == "timeDuration" else DATE).fullmatch(text):
        form = "une durée (P2D, PT4H)" if kind == "timeDuration" else "une date-heure avec fuseau (2026-03-01T08:00:00Z)"
        raise BadDefinition(f"minuterie de « {title} » : {form} ou une expression « = » est attendue")
    return text


def _several(loop: Any) -> None:
    several = loop.getparent().getparent()
    etree.SubElement(several, B + "loopDataInputRef").text = loop.get("inputCollection")
    if loop.get("inputElement"):
        etree.SubElement(several, B + "inputDataItem", id=loop.get("inputElement"), name=loop.get("inputElement"))
    if loop.get("outputCollection"):
        several.set("collects", f"{loop.get('outputCollection')} {loop.get('outputElement')}")


def _title(node: Any) -> str:
    return node.get("name") or node.get("id") or "?"

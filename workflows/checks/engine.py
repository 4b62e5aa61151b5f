"""The last word: what the checks let pass, the engine can really read."""

from __future__ import annotations

from collections.abc import Iterator

from ..catalog import CaseType
from ..errors import BadDefinition
from .bundle import CASE_TYPE, Bundle
from .finding import Finding, Rule, Text

REFUSED = Rule(
    "engine-refuses",
    Text("Le moteur refuse ce type de dossier : {detail}.", "The engine refuses this case type: {detail}."),
    Text("Corriger ce qui est nommé.", "Correct what is named."),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    """Asked when nothing else is wrong: with a fault that a rule explains, the engine's own words would only say it again."""
    if CASE_TYPE not in bundle.files or bundle.asked not in (None, CASE_TYPE):
        return
    try:
        CaseType.read(bundle.files)
    except BadDefinition as error:
        yield REFUSED.at(CASE_TYPE, bundle.name, detail=str(error).rstrip("."))

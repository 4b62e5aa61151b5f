"""The household of whoever is helped: aid that one of its members was granted counts for all (domain: roles-and-rights §5)."""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping
from typing import Any

from app.services.act import Act
from workflows.catalog import CaseType


def members(case_type: CaseType, facts: Mapping[str, Any], beneficiary: Any, now: dt.datetime) -> list[str]:
    """The beneficiary, and those of their household whom the case knows: the person it is about, and the relatives that the shared folder
    names (`household`), when the beneficiary is one of them.

    facts: those of the case by name. Codes of persons; none without a beneficiary.
    """
    if not beneficiary:
        return []
    seen = case_type.definition.view({"": dict(facts)}, (), None, {})
    named = case_type.definition.evaluate(case_type.shared["household"] or "=[]", seen, now)
    together = [facts.get(case_type.promoted.get("person", "")), *(named or [])]
    codes = list(dict.fromkeys(str(code) for code in together if code))
    own = str(beneficiary)
    return [own, *(code for code in codes if code != own)] if own in codes else [own]


def of(act: Act, beneficiary: Any) -> list[str]:
    """The same in an act."""
    return members(act.case_type, act.facts.get("", {}), beneficiary, act.now)

"""JSON Schemas of the files that process authors write, for editors: they complete what may be said, and underline what may not."""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any

from app.schemas import scenarios, sheets
from workflows.sheets import CaseTypeSheet, RolesSheet, SharedSheet

DRAFT = "http://json-schema.org/draft-07/schema#"
"""What yaml-language-server reads best."""
MADE: dict[str, Callable[[], dict[str, Any]]] = {
    "case_type": lambda: sheets.of(CaseTypeSheet),
    "child": lambda: sheets.of(CaseTypeSheet, required=("code",)),
    "shared": lambda: sheets.of(SharedSheet),
    "roles": lambda: sheets.of(RolesSheet),
    "settings": sheets.settings,
    "uncovered": sheets.uncovered,
    "scenario": scenarios.of_files,
}
"""Kind of file -> its schema."""


def written() -> dict[str, str]:
    """Every schema by the name of its file, as it lies in the folder."""
    return {f"{name}.json": json.dumps({"$schema": DRAFT, **made()}, ensure_ascii=False, indent=1) + "\n" for name, made in MADE.items()}

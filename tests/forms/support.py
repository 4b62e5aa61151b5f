"""Demonstration answers of the dossier's cases and scenarios, in the order of work, with what was known before each form."""

from __future__ import annotations

import datetime as dt
import json
import pathlib
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from workflows.feel import Host
from workflows.forms import FormDefinition, Validation

ROOT = pathlib.Path(__file__).resolve().parents[2]
DATA = pathlib.Path(__file__).resolve().parent / "data"
BPMN = ROOT / "bpmn"
DOCUMENT = json.loads((DATA / "answers.json").read_text("utf-8"))
SETTINGS: dict[str, Any] = DOCUMENT["settings"]
LISTS = {
    "issues_du_type": [
        (code, code) for code in ("aide_versee", "cloture_succes", "detenu", "executee", "inhume_sur_place", "peine_purgee", "rentre")
    ]
    + [("realise", "Réalisé"), ("realisee", "Réalisée")],
    "etapes_du_processus": [("preparer_demande", "Préparer la demande")],
    "liste_controle_du_type": [("preuve_retour", "Preuve du retour")],
}


FILES = [path.read_bytes() for path in sorted(BPMN.glob("*/*.form"))]
FORMS = {form.id.replace("_", "/", 1): form for form in map(FormDefinition.read, FILES)}
KINDS = {name: spec for form in FORMS.values() for name, spec in form.kinds.items()}


# Questions that the procedures ask since their processes exist; the dossier's answers are older.
SINCE: dict[str, dict[str, Any]] = {
    "SP/FAM-A": {"proche_trouve": True},
    "SP/FAM-B": {"famille_jointe": True},
    "SP/F1": {"accord_oral": False},
    "SP/EXT-A": {"consentement_ref": "Consentement du 9 novembre 2026"},
    "SP/APP-A": {"requerant": "P-0012", "notifiee_le": "2026-01-05", "recu_le": "2026-01-06"},
}


@dataclass(frozen=True)
class Filled:
    """One form as it was filled."""

    where: str
    form: str
    at: dt.datetime
    facts: dict[str, Any]
    answers: dict[str, Any]

    def validate(self, changes: dict[str, Any] | None = None, **how: Any) -> Validation:
        raw = {**self.answers, **(changes or {})}
        how = {"resolve": records(self.at), "lists": LISTS, "kinds": KINDS, **how}
        return FORMS[self.form].validate(raw, self.facts, Host(), self.at, **how)


def records(at: dt.datetime):
    """The registers of the demonstration data; every other code exists without more being known of it."""

    def resolve(kind: str, code: str) -> dict[str, Any]:
        found = DOCUMENT["records"].get(kind, {}).get(code, {})
        return found.get(str(at.year), {}) if kind == "budget-line" else found

    return resolve


def codes(value: Any) -> Any:
    """The dossier describes a file in place; a form holds the code of a file already received."""
    if isinstance(value, dict) and "fichier" in value:
        return "D-" + value["fichier"].removesuffix(".pdf")
    if isinstance(value, dict):
        return {key: codes(part) for key, part in value.items()}
    return [codes(item) for item in value] if isinstance(value, list) else value


def filled() -> Iterator[Filled]:
    for sequence in DOCUMENT["sequences"]:
        header = {**sequence["header"], "reglages": SETTINGS}
        header["date_signalement"] = dt.datetime.fromisoformat(header["date_signalement"])
        known: dict[str, Any] = {}
        for number, step in enumerate(sequence["steps"], 1):
            form, at = FORMS[step["form"]], dt.datetime.fromisoformat(step["at"])
            facts = {**header, "etape": step["step"], **known, **form.from_json(step["computed"])}
            answers = {**SINCE.get(step["form"], {}), **codes(step["answers"])}
            row = Filled(f"{sequence['name']} #{number} {step['step']}", step["form"], at, facts, answers)
            yield row
            known |= {**form.from_json(step["computed"]), **row.validate().answers}


ALL = list(filled())


def first(form: str) -> Filled:
    """The first demonstration answers of a form; none where the demonstration has none."""
    nothing = Filled(form, form, ALL[0].at, {**ALL[0].facts, "etape": "essai"}, {})
    return next((row for row in ALL if row.form == form), nothing)

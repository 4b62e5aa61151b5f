"""The sheet of the case type: what it names exists."""

from __future__ import annotations

from collections.abc import Iterator

from .. import sheets
from ..errors import BadDefinition
from . import types
from .bundle import CASE_TYPE, ROLES, SETTINGS, SHARED_FILE, Bundle
from .finding import Finding, Rule, Text
from .lanes import known_role
from .names import names_of

BAD = Rule(
    "sheet-invalid",
    Text("« {element} » : {detail}.", "“{element}”: {detail}."),
    Text("Corriger cette clé.", "Correct this key."),
)
NO_FRAME = Rule(
    "frame-unknown",
    Text("Le processus « {process} » du type de dossier n'existe pas.", "The process “{process}” of the case type does not exist."),
    Text("Écrire l'identifiant du processus cadre.", "Write the id of the frame's process."),
)
FACT_KIND = Rule(
    "fact-kind",
    Text("Le fait « {element} » a une nature inconnue : « {kind} ».", "The fact “{element}” is of an unknown kind: “{kind}”."),
    Text("Natures possibles : {known}.", "Possible kinds: {known}."),
)
UNKNOWN_FACT = Rule(
    "fact-unknown",
    Text("« {element} » : le fait « {name} » n'est déclaré nulle part.", "“{element}”: the fact “{name}” is declared nowhere."),
    Text(
        "Écrire un champ d'un formulaire, un résultat du processus ou un fait de « facts ».",
        "Write a field of a form, a result of the process or a fact of “facts”.",
    ),
)
SCHEMAS = {CASE_TYPE: sheets.CaseTypeSheet, SHARED_FILE: sheets.SharedSheet, ROLES: sheets.RolesSheet}


def check(bundle: Bundle) -> Iterator[Finding]:
    for path in (CASE_TYPE, SHARED_FILE, ROLES, SETTINGS):
        if isinstance(bundle.yaml.get(path), dict):
            yield from _schema(path, bundle.yaml[path])
            yield from _kinds(bundle, path)
            yield from _told(bundle, path)
    if CASE_TYPE in bundle.yaml:
        yield from _case_type(bundle)


def _schema(path: str, data: dict) -> Iterator[Finding]:
    try:
        if path == SETTINGS:
            sheets.settings_of(data, path)
        else:
            sheets.load(SCHEMAS[path], data, path)
    except BadDefinition as error:
        for line in str(error).splitlines():
            key, _, detail = line.removeprefix(f"{path} : ").partition(" : ")
            yield BAD.at(path, key, detail=detail or key)
    except (AttributeError, TypeError, ValueError) as error:
        yield BAD.at(path, "", detail=error)


def _told(bundle: Bundle, path: str) -> Iterator[Finding]:
    """Roles that the notices of the system go to."""
    notices = bundle.yaml[path].get("notices")
    for kind, roles in notices.items() if isinstance(notices, dict) else ():
        for role in roles if isinstance(roles, list) else ():
            yield from known_role(bundle, path, f"notices.{kind}", role)


def _kinds(bundle: Bundle, path: str) -> Iterator[Finding]:
    facts = bundle.yaml[path].get("facts")
    for name, written in facts.items() if isinstance(facts, dict) else ():
        if types.named(written) is None:
            yield FACT_KIND.at(path, str(name), kind=written, known=", ".join(sorted(types.NAMES)))


def _case_type(bundle: Bundle) -> Iterator[Finding]:
    frame = bundle.case_type.get("process")
    if frame not in bundle.processes:
        yield NO_FRAME.at(CASE_TYPE, "process", process=frame)
        return
    known = names_of(bundle).visible(frame)
    for column, name in bundle.part(CASE_TYPE, "promoted").items():
        if name not in known:
            yield UNKNOWN_FACT.at(CASE_TYPE, f"promoted.{column}", name=name)
    for name in bundle.case_type.get("public_fields") or ():
        if name not in known:
            yield UNKNOWN_FACT.at(CASE_TYPE, "public_fields", name=name)
    for role in bundle.part(CASE_TYPE, "access"):
        yield from known_role(bundle, CASE_TYPE, "access", role)

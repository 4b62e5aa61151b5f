"""The sheet of the case type: what it names exists."""

from __future__ import annotations

from collections.abc import Iterator

from .. import sheets
from ..errors import BadDefinition
from . import types
from .bundle import CASE_TYPE, ROLES, SETTINGS, SHARED_FILE, Bundle
from .english import both, kind_said
from .expressions import Site, judge, place
from .finding import Finding, Rule, Text
from .lanes import known_role
from .names import names_of
from .unreadable import NO_SHEET

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
NO_FORM = Rule(
    "sheet-form-unknown",
    Text("« {element} » désigne le formulaire « {form} », qui n'existe pas.", "“{element}” names the form “{form}”, which does not exist."),
    Text("Écrire l'« id » d'un fichier .form du dossier ou de _shared.", "Write the “id” of a .form file of the folder or of _shared."),
)
COLUMN_KIND = Rule(
    "promoted-kind",
    Text(
        "« {element} » : le fait « {name} » est {kind} ; la colonne attend {wanted}.",
        "“{element}”: the fact “{name}” is {kind}; the column expects {wanted}.",
    ),
    Text("Choisir un fait de cette nature.", "Choose a fact of that kind."),
)
COLUMNS = {"due": ("date and time", "date"), "amount": ("number",), "country": ("string",), "title": ("string",), "post": ("string",)}
TOLD = {"holder", "supervisor"}  # words of the reminders that are no roles
SCHEMAS = {CASE_TYPE: sheets.CaseTypeSheet, SHARED_FILE: sheets.SharedSheet, ROLES: sheets.RolesSheet}


def check(bundle: Bundle) -> Iterator[Finding]:
    for path in (CASE_TYPE, SHARED_FILE, ROLES, SETTINGS):
        if isinstance(bundle.yaml.get(path), dict):
            yield from _schema(bundle, path, bundle.yaml[path])
            yield from _kinds(bundle, path)
            yield from _told(bundle, path)
            yield from _named(bundle, path, bundle.yaml[path])
    if CASE_TYPE in bundle.yaml:
        yield from _case_type(bundle)
    elif CASE_TYPE not in bundle.files and not bundle.is_shared_folder and not bundle.alone:
        yield NO_SHEET.at(CASE_TYPE)


def _schema(bundle: Bundle, path: str, data: dict) -> Iterator[Finding]:
    try:
        if path == SETTINGS:
            sheets.settings_of(data, path)
        else:
            sheets.load(SCHEMAS[path], data, path)
    except BadDefinition as error:
        for line in str(error).splitlines():
            key, _, detail = line.removeprefix(f"{path} : ").partition(" : ")
            key = key.removesuffix("._schema")
            yield BAD.at(path, key, bundle.line(path, *key.split(".")), detail=both(detail or key))
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
            yield FACT_KIND.at(path, str(name), bundle.line(path, "facts", str(name)), kind=written, known=", ".join(sorted(types.NAMES)))


def _named(bundle: Bundle, path: str, data: dict) -> Iterator[Finding]:
    """Forms and roles that a sheet names."""
    for key in ("header", "start_form"):
        yield from _form(bundle, path, (key,), data.get(key))
    for part in ("events", "messages", "companions"):
        entries = data.get(part)
        for name, said in entries.items() if isinstance(entries, dict) else ():
            if isinstance(said, dict):
                yield from _form(bundle, path, (part, name), said.get("form"))
                for role in said.get("record") or ():
                    yield from known_role(bundle, path, f"{part}.{name}", role)
    if path == SHARED_FILE:
        yield from _of_every_case(bundle, data)
    stages = data.get("reminders")
    for stage in stages if isinstance(stages, list) else ():
        for who in (stage.get("tell") or ()) if isinstance(stage, dict) else ():
            if who not in TOLD:
                yield from known_role(bundle, path, "reminders", who)


def _of_every_case(bundle: Bundle, data: dict) -> Iterator[Finding]:
    """What the shared sheet reads of each case: by the names that its own processes see."""
    process = next(iter(bundle.own_processes), None)
    if process is None or not bundle.is_shared_folder:
        return
    names, language, household = names_of(bundle), data.get("contact_language"), data.get("household")
    if isinstance(language, str) and language not in names.visible(process.id):
        yield UNKNOWN_FACT.at(SHARED_FILE, "contact_language", bundle.line(SHARED_FILE, "contact_language"), name=language)
    if isinstance(household, str):
        line = bundle.line(SHARED_FILE, "household")
        yield from judge(Site(SHARED_FILE, "household", place("property", "household"), household, names.unsure(process.id), line=line))


def _form(bundle: Bundle, path: str, keys: tuple[str, ...], form: object) -> Iterator[Finding]:
    if isinstance(form, str) and form not in bundle.form_files:
        yield NO_FORM.at(path, ".".join(keys), bundle.line(path, *keys), form=form)


def _case_type(bundle: Bundle) -> Iterator[Finding]:
    frame = bundle.case_type.get("process")
    if frame not in bundle.processes:
        if frame:  # a key that is missing is said already
            yield NO_FRAME.at(CASE_TYPE, "process", bundle.line(CASE_TYPE, "process"), process=frame)
        return
    known = names_of(bundle).visible(frame)
    for column, name in bundle.part(CASE_TYPE, "promoted").items():
        if name not in known:
            yield UNKNOWN_FACT.at(CASE_TYPE, f"promoted.{column}", bundle.line(CASE_TYPE, "promoted", column), name=name)
        elif column in COLUMNS and known[name].kind not in ("any", "null", *COLUMNS[column]):
            kinds = {"kind": kind_said(known[name].kind), "wanted": kind_said(COLUMNS[column][0])}
            yield COLUMN_KIND.at(CASE_TYPE, f"promoted.{column}", bundle.line(CASE_TYPE, "promoted", column), name=name, **kinds)
    for name in bundle.case_type.get("public_fields") or ():
        if name not in known:
            yield UNKNOWN_FACT.at(CASE_TYPE, "public_fields", bundle.line(CASE_TYPE, "public_fields"), name=name)
    for name, event in bundle.part(CASE_TYPE, "events").items():
        if isinstance(event, dict) and event.get("key") and event["key"] not in known:
            yield UNKNOWN_FACT.at(CASE_TYPE, f"events.{name}", bundle.line(CASE_TYPE, "events", name), name=event["key"])
    for role in bundle.part(CASE_TYPE, "access"):
        yield from known_role(bundle, CASE_TYPE, "access", role)

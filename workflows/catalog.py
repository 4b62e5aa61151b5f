"""Case types: each is a folder of standard files, pinned by the hash of its content."""

from __future__ import annotations

import datetime as dt
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

from workflows import sheets
from workflows.case_values import Evaluating, Lane, MessageSpec, Role, Texts
from workflows.elements import Elements, FlowSpec, ProcessSpec, StepSpec, read_elements
from workflows.engine.dialect import Definition
from workflows.errors import BadDefinition
from workflows.feel import Host
from workflows.folder import SHARED, SHEET, child_files, read_folder, read_yaml, version_of
from workflows.forms import Field, FormDefinition, FormError
from workflows.letters import read_letters
from workflows.operation import Operation, read_operation
from workflows.outcome import Awaited, Open
from workflows.translations import FRENCH, Catalogue, read_english, translate

__all__ = ["CaseType", "Catalog", "FlowSpec", "Lane", "ProcessSpec", "Role", "StepSpec", "read_folder"]

SHARED_SHEET = f"{SHARED}/shared.yaml"
OWN_SETTINGS, SETTINGS, ROLES = "settings.yaml", f"{SHARED}/settings.yaml", f"{SHARED}/roles.yaml"
STATUSES = (
    *("brouillon", "soumis", "recevabilite", "instruction", "attente_complement", "attente_externe", "attente_decision"),
    *("attente_financement", "execution", "suivi", "suspendu", "clos", "annule", "rejete", "transfere"),
)
"""The ministry's order, if the shared sheet gives no other."""
AS_WRITTEN = (
    *("code", "process", "name", "description", "reference", "confidentiality", "retention"),
    *("priority", "access", "promoted"),
)
MAX_READ = 64


@dataclass(frozen=True, eq=False)
class CaseType:
    """A case type in one version. Read once a process; shared by all threads."""

    code: str
    version: str
    """SHA-256 of the content of its files."""
    files: Mapping[str, bytes] = field(repr=False)
    process: str
    name: Texts
    description: Texts
    reference: str
    confidentiality: str
    retention: Mapping[str, Any]
    priority: str
    start_roles: tuple[str, ...]
    lanes: Mapping[str, Lane]
    access: Mapping[str, str]
    """role -> write | decide | opinion | read | tasks | sheet | stat."""
    facts: Mapping[str, str]
    """Facts that no form declares -> kind."""
    promoted: Mapping[str, str]
    """column of the case -> fact."""
    outcomes: Mapping[str, Texts]
    documents: Mapping[str, Texts]
    """kind of document that the procedure may ask for -> its name."""
    public_fields: tuple[str, ...]
    messages: Mapping[str, MessageSpec]
    """Messages that may come from outside, those of the shared processes too."""
    definition: Definition = field(repr=False)
    forms: Mapping[str, FormDefinition] = field(repr=False)
    elements: Elements = field(repr=False)
    translations: Catalogue = field(repr=False)
    settings: Mapping[str, Any] = field(repr=False)
    setting_notes: Mapping[str, Mapping[str, Any]] = field(repr=False)
    """name -> unit, label and source of a setting."""
    shared: Mapping[str, Any] = field(repr=False)
    """The shared sheet."""
    roles: Mapping[str, Role] = field(repr=False)
    supervisors: Mapping[str, str] = field(repr=False)
    incompatible: tuple[tuple[str, ...], ...] = field(repr=False)
    budget: Mapping[str, Sequence[str]] = field(repr=False)
    """Roles that read the budget lines (`read`), enter acts on credits (`enter`), confirm these and move credits (`decide`)."""
    rights: Mapping[str, Sequence[str]] = field(repr=False)
    """Right beside the cases themselves, such as printing lists -> roles that have it."""
    letters: Mapping[str, Mapping[str, str]] = field(repr=False)
    """name of a template -> language -> text."""
    operation: Operation | None = None
    """What is said of the children, where cases of this type have some."""
    start_by: str | None = None  # "message": see `sheets.Begin`
    start_post: str | None = None
    child_of: str | None = None
    """The type of the operation, where these cases are its children: nobody opens them but the operation."""

    @classmethod
    def read(cls, files: Mapping[str, bytes]) -> CaseType:
        """From the files of a folder (`read_folder`, or a pinned version). The same content is read once.

        BadDefinition says, in French, which file is wrong and what to change.
        """
        version = version_of(files)
        if version not in _read:
            with _guard:
                if version not in _read:
                    while len(_read) >= MAX_READ:
                        _read.pop(next(iter(_read)))
                    _read[version] = _case_type(cls, version, dict(files))
        return _read[version]

    # -- who
    def lane(self, process: str, name: str | None) -> Lane | None:
        """Who does the steps of a lane; the shared processes have lanes of their own, which a case type may override by name."""
        if name is None:
            return None
        own = self._shared_lanes.get((process, name))
        if own:
            return own
        drawn = self.elements.processes.get(process)
        written, shared = self.lanes.get(name), self._shared_lanes.get(("", name))
        if drawn is not None and drawn.shared:
            return shared or written
        return written or shared

    @cached_property
    def _shared_lanes(self) -> Mapping[tuple[str, str], Lane]:
        """(shared process, or "" for all of them, lane) -> who."""
        found = {("", name): Lane(**who) for name, who in self.shared["lanes"].items()}
        for process, lanes in self.shared["processes"].items():
            found |= {(process, name): Lane(**who) for name, who in lanes.items()}
        return found

    # -- what is drawn
    @property
    def steps(self) -> Mapping[str, StepSpec]:
        """element id -> step, gateway, event. An id may be used in several processes: `step` tells them apart."""
        return self.elements.steps

    @property
    def processes(self) -> Mapping[str, ProcessSpec]:
        return self.elements.processes

    def step(self, process: str, element: str) -> StepSpec | None:
        """The element of a process; if that is unknown, any of this id."""
        return self.elements.in_process.get((process, element)) or self.steps.get(element)

    def step_title(self, element: str, language: str = FRENCH, process: str = "") -> str:
        """How a step, gateway or event is called; its id if the version does not draw it. Ids are only unique in their process."""
        step = self.step(process, element)
        return self.text(step.title, language, f"{step.process}.{element}") if step else element

    def diagram(self, process: str) -> bytes | None:
        """The BPMN file that draws a process."""
        spec = self.processes.get(process)
        return self.files[spec.file] if spec else None

    # -- what is said
    @property
    def statuses(self) -> Mapping[str, Texts]:
        """Statuses of a case in the ministry's order."""
        return self.shared["statuses"] or {code: {} for code in STATUSES}

    @property
    def header_form(self) -> FormDefinition | None:
        """The form of the header that all cases have."""
        return self.forms.get(self.shared["header"] or "")

    @cached_property
    def kinds(self) -> Mapping[str, Field]:
        """fact -> the field that declares it, the forms of the type before the shared ones."""
        found: dict[str, Field] = {}
        for form in self.forms.values():
            for name, spec in form.kinds.items():
                found.setdefault(name, spec)
        return found

    def text(self, french: str, language: str, context: str | None = None) -> str:
        """A text of the procedure or of its forms in a language; French where no translation is known."""
        return translate(self.translations, french, language, context)

    def letter(self, name: str, language: str = FRENCH) -> tuple[str, str] | None:
        """The template of a letter and its language: French where the folder has none in the one that is wanted. None: no such letter."""
        written = self.letters.get(name, {})
        known = language if language in written else FRENCH
        return (written[known], known) if known in written else None

    # -- what is computed
    def host(self, functions: Mapping[str, Any], now: dt.datetime) -> Host:
        """What the expressions of forms may call."""
        return Host({**self.definition.functions, **functions}, now=lambda: now)

    def evaluate(self, step: Open | Awaited, expression: str, act: Evaluating) -> Any:
        """« =FEEL » as the step sees it now; a text without « = » is itself. FeelError."""
        if not expression.startswith("="):
            return expression
        seen = self.definition.view(act.facts, step.chain, getattr(step, "item", None), act.system)
        return self.definition.evaluate(expression, seen, act.now, act.functions)


class Catalog:
    """The case types of a folder: each of its folders that has a `case_type.yaml`."""

    def __init__(self, root: Path):
        """BadDefinition if one of them cannot be read, or two have the same code."""
        self.types: dict[str, CaseType] = {}
        for folder in sorted(path.parent for path in Path(root).glob(f"*/{SHEET}")):
            files = read_folder(folder)
            for of_type in (files, child_files(files)):
                if of_type is not None:
                    self._add(CaseType.read(of_type), folder.name)

    def _add(self, case_type: CaseType, folder: str) -> None:
        if case_type.code in self.types:
            raise BadDefinition(f"{folder}/{SHEET} : le code « {case_type.code} » est déjà celui d'un autre type de dossier")
        self.types[case_type.code] = case_type


_read: dict[str, CaseType] = {}
_guard = threading.Lock()


def _case_type(cls: type[CaseType], version: str, files: dict[str, bytes]) -> CaseType:
    if SHEET not in files:
        raise BadDefinition(f"{SHEET} : ce fichier manque")
    sheet = sheets.load(sheets.CaseTypeSheet, read_yaml(files, SHEET), SHEET)
    shared = sheets.load(sheets.SharedSheet, read_yaml(files, SHARED_SHEET), SHARED_SHEET)
    people = sheets.load(sheets.RolesSheet, read_yaml(files, ROLES), ROLES)
    values, notes = _settings(files)
    forms = _forms(files)
    system = {**shared["facts"], **sheet["facts"]}
    header = forms.get(shared["header"] or "")
    names = [*system, *(header.names if header else ())]
    return cls(
        version=version,
        files=files,
        **{key: sheet[key] for key in AS_WRITTEN},
        start_roles=tuple(sheet["start"]["roles"]),
        start_by=sheet["start"]["by"],
        start_post=sheet["start"]["post"],
        lanes={name: Lane(**who) for name, who in sheet["lanes"].items()},
        facts=system,
        outcomes={**shared["outcomes"], **sheet["outcomes"]},
        documents=sheet["documents"],
        public_fields=tuple(sheet["public_fields"]),
        messages=_messages({**shared["messages"], **sheet["events"]}),
        definition=_definition(sheet["process"], files, forms, names),
        forms=forms,
        elements=read_elements(files, f"{SHARED}/"),
        translations=read_english(files, ("translations/en.po", f"{SHARED}/translations/en.po")),
        settings=values,
        setting_notes=notes,
        shared=shared,
        roles={code: Role(code, {"fr": said["fr"], "en": said["en"]}, said["at"], said["sees"]) for code, said in people["roles"].items()},
        supervisors=people["supervisors"],
        incompatible=tuple(tuple(group) for group in people["incompatible"]),
        budget=people["budget"],
        rights=people["rights"],
        letters=read_letters(files),
        operation=read_operation(sheet["operation"]),
        child_of=sheet["child_of"],
    )


def _settings(files: Mapping[str, bytes]) -> tuple[dict[str, Any], dict[str, dict[str, Any]]]:
    """Values and notes of the settings: those that all types share, then those of the type itself."""
    values, notes = sheets.settings_of(read_yaml(files, SETTINGS), SETTINGS)
    own, own_notes = sheets.settings_of(read_yaml(files, OWN_SETTINGS), OWN_SETTINGS)
    twice = sorted(set(values) & set(own))
    if twice:
        raise BadDefinition(f"{OWN_SETTINGS} : « {twice[0]} » existe déjà dans {SETTINGS}")
    return {**values, **own}, {**notes, **own_notes}


def _messages(said: Mapping[str, Mapping[str, Any]]) -> dict[str, MessageSpec]:
    return {
        name: MessageSpec(name, {"fr": one["fr"], "en": one["en"]}, one["key"], one["form"], tuple(one["record"]), one.get("opened_on"))
        for name, one in said.items()
    }


def _definition(process: str, files: Mapping[str, bytes], forms: Mapping[str, FormDefinition], facts: list[str]) -> Definition:
    bpmn = {path: text for path, text in files.items() if path.endswith(".bpmn")}
    dmn = {path: text for path, text in files.items() if path.endswith(".dmn")}
    return Definition.read(process, bpmn, dmn, {id_: form.names for id_, form in forms.items()}, facts=facts)


def _forms(files: Mapping[str, bytes]) -> dict[str, FormDefinition]:
    found: dict[str, FormDefinition] = {}
    for path in sorted((path for path in files if path.endswith(".form")), key=lambda path: (path.startswith(SHARED), path)):
        try:
            form = FormDefinition.read(files[path])
        except FormError as error:
            raise BadDefinition(f"{path} : {error}") from None
        if form.id in found:
            raise BadDefinition(f"{path} : l'identifiant de formulaire « {form.id} » existe déjà dans un autre fichier")
        found[form.id] = form
    return found

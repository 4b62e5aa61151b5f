"""Forms: those that steps name exist, and a fact is asked in one way everywhere."""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Iterator

from ..forms.fields import PARTIAL
from ..xmlfile import local_name
from . import types
from .bundle import CASE_TYPE, SHARED_FILE, Bundle
from .expressions import Site, judge, place
from .finding import ADVICE, Finding, Rule, Text
from .lines import line_of
from .names import FUNCTIONS, Names, form_of, names_of, unsure

UNKNOWN = Rule(
    "form-unknown",
    Text("{element} désigne le formulaire « {form} », qui n'existe pas.", "{element} names the form “{form}”, which does not exist."),
    Text("Écrire l'« id » d'un fichier .form du dossier ou de _shared.", "Write the “id” of a .form file of the folder or of _shared."),
)
MISSING = Rule(
    "form-missing",
    Text("L'étape {element} n'a pas de formulaire.", "The step {element} has no form."),
    Text("Lui en donner un (zeebe:formDefinition formId).", "Give it one (zeebe:formDefinition formId)."),
)
TWICE = Rule(
    "form-twice",
    Text("L'« id » « {element} » est celui d'un autre formulaire.", "The “id” “{element}” is that of another form."),
    Text("Donner à chaque formulaire un « id » qui lui est propre.", "Give each form an “id” of its own."),
)
FUNCTION = Rule(
    "name-function",
    Text(
        "Le fait « {name} » porte le nom d'une fonction : l'un cacherait l'autre.",
        "The fact “{name}” bears the name of a function: one would hide the other.",
    ),
    Text("Renommer le fait, par exemple « {name}_fait ».", "Rename the fact, for example “{name}_fact”."),
)
TWO_KINDS = Rule(
    "name-two-kinds",
    Text(
        "Le fait « {name} » est {kinds} selon le formulaire ({forms}).",
        "The fact “{name}” is of several kinds ({kinds}) in the forms {forms}.",
    ),
    Text(
        "Renommer l'un des deux : un fait n'a qu'une nature dans un dossier.", "Rename one of the two: a fact has a single kind in a case."
    ),
)
NO_DECISION = Rule(
    "form-decision-unknown",
    Text(
        "Le champ {element} est calculé par la décision « {decision} », qui n'existe pas.",
        "The field {element} is computed by the decision “{decision}”, which does not exist.",
    ),
    Text("Écrire l'identifiant d'une décision du dossier ou de _shared.", "Write the id of a decision of the folder or of _shared."),
)
UNUSED = Rule(
    "form-unused",
    Text("Aucune étape n'emploie le formulaire « {element} ».", "No step uses the form “{element}”."),
    Text("Le rattacher à une étape, ou le supprimer.", "Attach it to a step, or delete it."),
    ADVICE,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    names = names_of(bundle)
    used = defaultdict(set)
    for process in bundle.processes.values():
        for node in process.nodes():
            form = form_of(node)
            if form:
                used[form].add(process.id)
    for process in bundle.own_processes:
        yield from _steps(bundle, process)
    yield from _facts(bundle, names)
    yield from _files(bundle, used)
    for ident, definition in bundle.forms.items():
        if not names.shared(ident):
            yield from _expressions(bundle, names, definition, used[ident])
            file = bundle.form_files[ident]
            for field in definition.fields:
                if field.decision and field.decision not in bundle.decisions:
                    yield NO_DECISION.at(file, field.key, line_of(bundle.files[file], field.key), decision=field.decision)


def _steps(bundle: Bundle, process) -> Iterator[Finding]:
    for node in process.nodes():
        form = form_of(node)
        if local_name(node) == "userTask" and not form:
            yield MISSING.at(process.file, node)
        elif form and form not in bundle.form_files:
            yield UNKNOWN.at(process.file, node, form=form)


def _files(bundle: Bundle, used: dict) -> Iterator[Finding]:
    beside = bundle.part(SHARED_FILE, "companions").values()  # steps that the application opens beside a procedure
    named = {bundle.mapping(SHARED_FILE).get("header"), bundle.mapping(CASE_TYPE).get("start_form")}
    named |= {step.get("form") for step in beside if isinstance(step, dict)}
    known = {file: ident for ident, file in bundle.form_files.items()}
    for path in sorted(p for p in bundle.files if p.endswith(".form") and not bundle.is_shared(p)):
        if path not in known:
            found = re.search(rb'"id"\s*:\s*"([^"]+)"', bundle.files[path])
            ident = found[1].decode("utf-8", "replace") if found else ""
            if ident in bundle.form_files:  # else it could not be read, which is said already
                yield TWICE.at(path, ident)
        elif not used[known[path]] and known[path] not in named:
            yield UNUSED.at(path, known[path])


def _facts(bundle: Bundle, names: Names) -> Iterator[Finding]:
    """Facts whose name or kind would mislead an expression."""
    for root, declared in names.declared.items():
        own = bundle.processes[root]
        if bundle.is_shared(own.file):
            continue
        kinds: dict[str, dict[str, set[str]]] = defaultdict(lambda: defaultdict(set))
        for name, kind, form in declared:
            if form:
                kinds[name][kind.kind].add(form)
        for name in sorted({name for name, _, _ in declared}):
            if name in FUNCTIONS:
                yield FUNCTION.at(own.file, own.element, name=name)
            known = {kind: forms for kind, forms in kinds[name].items() if kind not in ("any", "null")}
            if len(known) > 1:
                forms = ", ".join(sorted({form for found in known.values() for form in found}))
                yield TWO_KINDS.at(own.file, own.element, name=name, kinds=", ".join(sorted(known)), forms=forms)


def _expressions(bundle: Bundle, names: Names, form, processes: set[str]) -> Iterator[Finding]:
    """Conditions, rules and formulas of a form: over its own fields and the facts of the processes that use it."""
    known = dict(names.everywhere)
    for process in processes or {p.id for p in bundle.own_processes}:
        known |= names.visible(process)
    asked_elsewhere = (one for other in bundle.forms.values() for one in other.fields if one.kind in PARTIAL and one.key in known)
    known |= {one.key: types.of_field(one) for one in asked_elsewhere}
    own = {field.key: types.of_field(field) for field in form.fields}
    asked = unsure(known | own)
    file = bundle.form_files[form.id]
    for field, prop, source in form.expressions():
        seen, line = asked, line_of(bundle.files[file], field.key)
        if prop in ("rule", "effect_when"):  # asked when the form is sent: what it requires is there, and so is this answer
            seen = asked | own | {field.key: types.sure(own[field.key])}
        truth = prop in ("hide", "required_when", "rule", "effect_when")
        where = place("field", f"{field.key}.{prop}")
        yield from judge(
            Site(file, form.id, where, source, seen, "boolean" if truth else None, truth, marked=False, line=line), bundle.alone
        )


def form_sites(bundle: Bundle, form) -> Iterator[Site]:
    """Every expression of a form, to be looked at without what it may read."""
    file = bundle.form_files[form.id]
    for field, prop, source in form.expressions():
        yield Site(file, form.id, place("field", f"{field.key}.{prop}"), source, None, line=line_of(bundle.files[file], field.key))

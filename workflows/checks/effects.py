"""What forms ask the process to do with an answer (property `effect`): the verb exists, and what it is about too."""

from __future__ import annotations

from collections.abc import Iterator

from ..forms import Field, FormDefinition
from ..forms.effects import LEVEL, PRIORITY, ROLE, STEP, VERBS, read_effect
from .bundle import ROLES, SHARED_FILE, Bundle
from .english import both
from .finding import Finding, Rule, Text
from .lines import line_of

UNKNOWN = Rule(
    "effect-unknown",
    Text("L'effet du champ {element} n'est pas compris : {detail}.", "The effect of the field {element} is not understood: {detail}."),
    Text("Écrire un des effets de la liste, avec ce qu'il concerne.", "Write one of the effects of the list, with what it is about."),
)
ABOUT = Rule(
    "effect-about",
    Text(
        "L'effet du champ {element} nomme « {name} », qui n'existe pas.",
        "The effect of the field {element} names “{name}”, which does not exist.",
    ),
    Text("Écrire un rôle, une étape, un niveau ou une priorité connus.", "Write a known role, step, level or priority."),
)
ALONE = Rule(
    "effect-when",
    Text("Le champ {element} a un effet et ne dit pas quand.", "The field {element} has an effect and does not say when."),
    Text("Ajouter la propriété « effect_when ».", "Add the property “effect_when”."),
)


def check(bundle: Bundle) -> Iterator[Finding]:
    for ident, form in bundle.forms.items():
        if not bundle.is_shared(bundle.form_files[ident]):
            yield from _form(bundle, form)


def _form(bundle: Bundle, form: FormDefinition) -> Iterator[Finding]:
    file = bundle.form_files[form.id]
    for field in form.fields:
        if field.effect is None:
            continue
        line = line_of(bundle.files[file], field.key)
        if field.effect_when is None:
            yield ALONE.at(file, field.key, line)
        yield from _effect(bundle, file, line, field)


def _effect(bundle: Bundle, file: str, line: int, field: Field) -> Iterator[Finding]:
    try:
        asked = read_effect(str(field.effect))
    except ValueError as error:
        yield UNKNOWN.at(file, field.key, line, detail=both(str(error)))
        return
    known = _known(bundle)
    for kind, name in zip(VERBS[asked.verb], asked.arguments, strict=False):
        if kind in known and name not in known[kind]:
            yield ABOUT.at(file, field.key, line, name=name)


def _known(bundle: Bundle) -> dict[str, set[str]]:
    """What arguments may name. Steps are those of this folder and the shared one; other types of cases are not known here."""
    steps = {node.get("id") for process in bundle.processes.values() for node in process.nodes()}
    return {
        ROLE: set(bundle.part(ROLES, "roles")),
        LEVEL: set(bundle.part(SHARED_FILE, "confidentiality")) or {"C1", "C2", "C3", "C4"},
        PRIORITY: set(bundle.part(SHARED_FILE, "priorities")) or {"P1", "P2", "P3", "P4"},
        STEP: steps,
    }

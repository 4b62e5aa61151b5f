"""What dmn-js accepts in a file of decisions and we do not carry out: named as such, with the nearest thing that we do."""

from __future__ import annotations

from collections.abc import Iterator

from ..xmlfile import Element, local_name
from .finding import Finding, Rule, Text, identity
from .unsupported import FEEL, LANGUAGE

FORM = Rule(
    "decision-form-unsupported",
    Text(
        "« {element} » : dmn-js accepte {what}, que nous n'exécutons pas.", "“{element}”: dmn-js accepts {what}, which we do not carry out."
    ),
    Text("{cure}", "{cure}"),
)
_TABLE = Text("Employer une table de décision ou une expression FEEL.", "Use a decision table or a FEEL expression.")
_SPLIT = Text(
    "Employer une table à plusieurs sorties, ou plusieurs décisions qui se suivent.",
    "Use a table with several outputs, or several decisions one after the other.",
)
_LOOP = Text(
    "Écrire la même chose en une expression FEEL (for, some, every, if).", "Write the same as one FEEL expression (for, some, every, if)."
)
FORMS = {
    "context": (Text("un contexte encadré", "a boxed context"), _SPLIT),
    "relation": (Text("une relation", "a relation"), Text("Employer une table de décision.", "Use a decision table.")),
    "list": (Text("une liste encadrée", "a boxed list"), Text("Écrire la liste en FEEL : [a, b].", "Write the list in FEEL: [a, b].")),
    "invocation": (Text("un appel de fonction encadré", "a boxed invocation"), _TABLE),
    "functionDefinition": (Text("une fonction", "a function"), _TABLE),
    "businessKnowledgeModel": (
        Text("un modèle de connaissance", "a business knowledge model"),
        Text("En faire une décision, dont les autres dépendent.", "Make it a decision on which the others depend."),
    ),
    "decisionService": (
        Text("un service de décision", "a decision service"),
        Text("Appeler chaque décision par une tâche de règle.", "Call each decision by a business rule task."),
    ),
    "import": (
        Text("une importation", "an import"),
        Text(
            "L'enlever : les décisions du dossier et de _shared sont connues.",
            "Delete it: decisions of the folder and of _shared are known.",
        ),
    ),
    "importedValues": (Text("une liste de valeurs importée", "an imported list of values"), _TABLE),
    "conditional": (Text("une condition encadrée", "a boxed conditional"), _LOOP),
    "for": (Text("une boucle encadrée", "a boxed iterator"), _LOOP),
    "every": (Text("un quantificateur encadré", "a boxed quantifier"), _LOOP),
    "some": (Text("un quantificateur encadré", "a boxed quantifier"), _LOOP),
    "filter": (Text("un filtre encadré", "a boxed filter"), _LOOP),
}


def found(path: str, root: Element) -> Iterator[Finding]:
    """What this file holds that we do not carry out."""
    for element in root.iter("{*}*"):
        if "/DMN/" not in str(element.tag):
            continue
        name = local_name(element)
        if name in FORMS:
            what, cure = FORMS[name]
            yield FORM.at(path, identity(element) or name, element.sourceline or 0, what=what, cure=cure)
        language = element.get("expressionLanguage")
        if language not in FEEL:
            yield LANGUAGE.at(path, identity(element), element.sourceline or 0, language=language)

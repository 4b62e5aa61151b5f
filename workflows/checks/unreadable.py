"""Files: what could not be read, or may hide something."""

import json

from .finding import Finding, Rule, Text

TOO_LARGE = Rule(
    "file-too-large",
    Text("Le fichier dépasse {most} octets.", "The file is larger than {most} bytes."),
    Text(
        "Le découper (un processus en phases, un formulaire en étapes, un scénario en plusieurs), ou n'y garder que ce qui sert.",
        "Split it (a process into phases, a form into steps, a scenario into several), or keep only what serves.",
    ),
)
NO_CONTENT = Rule(
    "file-empty",
    Text("Le fichier est vide.", "The file is empty."),
    Text("Le remplir avec le Modeler, ou le supprimer.", "Fill it with the Modeler, or delete it."),
)
BAD_XML = Rule(
    "file-not-xml",
    Text("Le fichier n'est pas du XML lisible.", "The file is not readable XML."),
    Text(
        "Le rouvrir et l'enregistrer avec le Modeler, en UTF-8, sans compression.",
        "Save it again with the Modeler, in UTF-8, uncompressed.",
    ),
)
DOCTYPE = Rule(
    "file-doctype",
    Text(
        "Le fichier déclare un type de document (DOCTYPE), qui peut cacher du contenu.",
        "The file declares a document type (DOCTYPE), which may hide content.",
    ),
    Text("Supprimer la ligne <!DOCTYPE …>.", "Delete the line <!DOCTYPE …>."),
)
BAD_DMN = Rule(
    "decision-unreadable",
    Text("La décision ne se lit pas : {detail}.", "The decision cannot be read: {detail}."),
    Text(
        "La corriger dans le Modeler : une table ou une expression, au format DMN 1.3.",
        "Correct it in the Modeler: a table or an expression, format DMN 1.3.",
    ),
)
BAD_JSON = Rule(
    "form-not-json",
    Text("Le formulaire n'est pas du JSON lisible ({detail}).", "The form is not readable JSON ({detail})."),
    Text("Le rouvrir et l'enregistrer avec le Modeler.", "Open it and save it again with the Modeler."),
)
BAD_FORM = Rule(
    "form-unreadable",
    Text("Le formulaire est refusé : {detail}.", "The form is refused: {detail}."),
    Text("Corriger le champ nommé.", "Correct the field named."),
)
BAD_YAML = Rule(
    "yaml-unreadable",
    Text("Le fichier YAML est refusé : {detail}.", "The YAML file is refused: {detail}."),
    Text("Vérifier l'indentation et les guillemets à la ligne indiquée.", "Check indentation and quotes at the line given."),
)
NOT_UTF8 = Rule(
    "file-not-utf8",
    Text("Le fichier n'est pas en UTF-8.", "The file is not in UTF-8."),
    Text("L'enregistrer en UTF-8.", "Save it in UTF-8."),
)
KIND = Rule(
    "file-kind",
    Text("« {element} » : ce n'est pas un fichier de procédure.", "“{element}”: this is no file of a procedure."),
    Text(
        "Donner un .bpmn, un .dmn, un .form (en minuscules), ou le dossier d'un type de dossier.",
        "Give a .bpmn, a .dmn, a .form (in small letters), or the folder of a case type.",
    ),
)
UNREADABLE = Rule(
    "file-unreadable",
    Text("Le fichier ne peut pas être lu ({detail}).", "The file cannot be read ({detail})."),
    Text("Vérifier qu'il existe encore et que vous avez le droit de le lire.", "See that it still exists and that you may read it."),
)
TOO_MANY = Rule(
    "folder-too-large",
    Text(
        "Le dossier « {element} » a plus de mille fichiers ; les autres ne sont pas lus.",
        "The folder “{element}” has more than a thousand files; the others are not read.",
    ),
    Text("Donner le dossier d'un seul type de dossier.", "Give the folder of one case type."),
)
EMPTY = Rule(
    "folder-empty",
    Text(
        "Aucun type de dossier ici : ni case_type.yaml, ni .bpmn, .dmn ou .form.",
        "No case type here: no case_type.yaml, no .bpmn, .dmn or .form.",
    ),
    Text("Donner le dossier bpmn/, ou le dossier d'un type de dossier.", "Give the folder bpmn/, or the folder of a case type."),
)
NO_SHEET = Rule(
    "sheet-missing",
    Text(
        "Le dossier n'a pas de case_type.yaml : personne ne pourrait y ouvrir un dossier.",
        "The folder has no case_type.yaml: nobody could open a case.",
    ),
    Text("L'écrire ; « flask case-type new CODE » en fait un modèle.", "Write it; “flask case-type new CODE” makes a model of one."),
)
NOT_BPMN = Rule(
    "file-not-bpmn",
    Text(
        "Le fichier est du XML, mais pas du BPMN 2.0 (« definitions » attendu).",
        "The file is XML, but not BPMN 2.0 (“definitions” expected).",
    ),
    Text("Le redessiner dans le Modeler, mode « Camunda 8 ».", "Draw it in the Modeler, mode “Camunda 8”."),
)
TOO_VAST = Rule(
    "file-too-vast",
    Text(
        "Le fichier a {count} {what} : trop pour être contrôlé en entier.",
        "The file has {count} {what}: too many to be checked as a whole.",
    ),
    Text("Découper le processus en phases, une par fichier.", "Split the process into phases, one a file."),
)
ELEMENTS = Text("éléments", "elements")
ATTRIBUTES = Text("attributs à un seul élément", "attributes at one element")
JSON_TOLD = {
    "Expecting value": Text("une valeur est attendue", "a value is expected"),
    "Expecting property name enclosed in double quotes": Text(
        "un nom entre guillemets est attendu : une virgule de trop ?", "a name in quotes is expected: a comma too many?"
    ),
    "Expecting ':' delimiter": Text("« : » est attendu", "“:” is expected"),
    "Expecting ',' delimiter": Text("« , » est attendu", "“,” is expected"),
    "Extra data": Text("quelque chose suit la fin", "something follows the end"),
    "Unterminated string starting at": Text("un texte n'est pas fermé", "a text is not closed"),
    "Invalid control character at": Text("un texte contient un signe invisible", "a text holds an invisible sign"),
}
"""What the parser of JSON says -> the same in both languages."""


def too_large(path: str, most: int) -> Finding:
    """That a file is larger than what is read of its kind."""
    return TOO_LARGE.at(path, most=Text(f"{most:,}".replace(",", "\u202f"), f"{most:,}"))


def told(error: Exception) -> Text:
    """Why a form is no JSON."""
    if isinstance(error, json.JSONDecodeError):
        return JSON_TOLD.get(error.msg, Text("cela ne s'écrit pas ainsi", "this is not written so"))
    if isinstance(error, RecursionError):
        return Text("trop de niveaux l'un dans l'autre", "too many levels one in the other")
    return Text("ce n'est pas du texte", "this is no text")

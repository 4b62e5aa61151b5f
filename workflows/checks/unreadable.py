"""Files: what could not be read, or may hide something."""

from .finding import Rule, Text

TOO_LARGE = Rule(
    "file-too-large",
    Text("Le fichier dépasse un million d'octets.", "The file is larger than one million bytes."),
    Text("Découper le processus en phases, une par fichier.", "Split the process into phases, one a file."),
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

"""Names of what other editors accept, and for each the nearest thing that we carry out."""

from __future__ import annotations

from collections.abc import Callable

from .finding import Text

Bad = Callable[[str], bool]

EXTENSIONS = {
    "assignmentDefinition": Text(
        "Employer un couloir pour le rôle, ou la propriété « assignee » (=FEEL) pour une personne.",
        "Use a lane for the role, or the property “assignee” (=FEEL) for a person.",
    ),
    "taskSchedule": Text(
        "Employer la propriété « deadline » : « 4 h », « 2 jo », « 7 j » ou « =FEEL ».",
        "Use the property “deadline”: “4 h”, “2 jo”, “7 j” or “=FEEL”.",
    ),
    "priorityDefinition": Text(
        "La priorité est celle du dossier (P1 à P4) : un service « case.priority » la relève.",
        "Priority is that of the case (P1 to P4): a service “case.priority” raises it.",
    ),
    "jobPriorityDefinition": Text("L'enlever : un service est fait aussitôt.", "Delete it: a service is done at once."),
    "executionListeners": Text(
        "Dessiner une tâche de service ou de calcul avant ou après l'étape.", "Draw a service or a script task before or after the step."
    ),
    "taskListeners": Text(
        "Employer la propriété « control », ou une tâche de service après l'étape.",
        "Use the property “control”, or a service task after the step.",
    ),
    "userTaskForm": Text(
        "Mettre le formulaire dans un fichier .form et le nommer par zeebe:formDefinition formId.",
        "Put the form into a .form file and name it by zeebe:formDefinition formId.",
    ),
    "linkedResources": Text("Mettre le texte dans letters/.", "Put the text into letters/."),
    "versionTag": Text("L'enlever : la version est le contenu du dossier.", "Delete it: the version is the content of the folder."),
    "conditionalFilter": Text(
        "Employer un délai dont la date suit le fait, ou un message.", "Use a timer whose date follows the fact, or a message."
    ),
    "adHoc": Text("Dessiner l'ordre des étapes avec des passerelles.", "Draw the order of the steps with gateways."),
    "agentInstance": Text("Employer une tâche utilisateur : une personne décide.", "Use a user task: a person decides."),
    "agentic": Text("Employer une tâche utilisateur : une personne décide.", "Use a user task: a person decides."),
}
UNKNOWN_EXTENSION = Text(
    "L'enlever : rien ne le lit ici ; ce qu'une étape dit de plus est dans zeebe:properties.",
    "Delete it: nothing reads it here; what a step says besides is in zeebe:properties.",
)
READ: dict[str, frozenset[str]] = {
    "ioMapping": frozenset(),
    "taskHeaders": frozenset(),
    "properties": frozenset(),
    "userTask": frozenset(),
    "taskDefinition": frozenset({"type", "retries"}),
    "loopCharacteristics": frozenset({"inputCollection", "inputElement", "outputCollection", "outputElement"}),
    "calledElement": frozenset({"processId", "propagateAllChildVariables", "propagateAllParentVariables", "bindingType", "versionTag"}),
    "calledDecision": frozenset({"decisionId", "resultVariable", "bindingType", "versionTag"}),
    "formDefinition": frozenset({"formId", "formKey", "externalReference", "bindingType", "versionTag"}),
    "script": frozenset({"expression", "resultVariable"}),
    "subscription": frozenset({"correlationKey"}),
}
"""Extensions that are read, and what they may say; what of it is not carried out is in ATTRIBUTES."""


def _expression(value: str) -> bool:
    return value.startswith("=")


def _always(value: str) -> bool:
    return True


def _true(value: str) -> bool:
    return value == "true"


_PINNED = Text(
    "L'enlever : un dossier garde la version de tout ce qu'il a commencé.", "Delete it: a case keeps the version of all that it began with."
)
ATTRIBUTES: dict[tuple[str, str], tuple[Bad, Text]] = {
    ("calledElement", "processId"): (
        _expression,
        Text(
            "Nommer le processus ; pour en choisir un, dessiner une passerelle et un appel par choix.",
            "Name the process; to choose one, draw a gateway and a call for each choice.",
        ),
    ),
    ("calledDecision", "decisionId"): (
        _expression,
        Text(
            "Nommer la décision ; pour en choisir une, ajouter une colonne à la table.",
            "Name the decision; to choose one, add a column to the table.",
        ),
    ),
    ("calledElement", "propagateAllParentVariables"): (
        _true,
        Text(
            "Donner chaque entrée (zeebe:input), ou appeler une phase (propagateAllChildVariables).",
            "Give each input (zeebe:input), or call a phase (propagateAllChildVariables).",
        ),
    ),
    ("formDefinition", "externalReference"): (
        _always,
        Text("Écrire un fichier .form, nommé par formId.", "Write a .form file, named by formId."),
    ),
    ("formDefinition", "formKey"): (_always, Text("Écrire un fichier .form, nommé par formId.", "Write a .form file, named by formId.")),
    **{(name, "bindingType"): (lambda value: value != "latest", _PINNED) for name in ("calledElement", "calledDecision", "formDefinition")},
    **{(name, "versionTag"): (_always, _PINNED) for name in ("calledElement", "calledDecision", "formDefinition")},
    ("taskDefinition", "type"): (
        _expression,
        Text("Nommer le service ; pour en choisir un, dessiner une passerelle.", "Name the service; to choose one, draw a gateway."),
    ),
    ("taskDefinition", "retries"): (
        _always,
        Text(
            "L'enlever : un service est fait dans la transaction de l'étape, ou rien ne l'est.",
            "Delete it: a service is done in the transaction of the step, or nothing is.",
        ),
    ),
    ("", "isForCompensation"): (
        _true,
        Text("Dessiner l'étape qui défait, derrière une passerelle.", "Draw the step that undoes, behind a gateway."),
    ),
    ("", "instantiate"): (
        _true,
        Text(
            "Un dossier commence par un départ simple ; ce qui le déclenche est dans case_type.yaml.",
            "A case begins with a plain start; what triggers it is in case_type.yaml.",
        ),
    ),
    ("", "eventGatewayType"): (
        lambda value: value == "Parallel",
        Text(
            "Partager par une passerelle parallèle, avec un événement attendu par branche.",
            "Split with a parallel gateway, with one awaited event in each branch.",
        ),
    ),
    ("", "behavior"): (
        lambda value: value != "All",
        Text(
            "L'enlever ; dire la fin de la répétition par completionCondition.",
            "Delete it; say when the repetition ends by completionCondition.",
        ),
    ),
    ("", "parallelMultiple"): (_true, Text("Employer un événement par message.", "Use one event for each message.")),
    ("", "startQuantity"): (
        lambda value: value != "1",
        Text("Réunir les branches par une passerelle parallèle.", "Join the branches with a parallel gateway."),
    ),
    ("", "completionQuantity"): (
        lambda value: value != "1",
        Text("Partager par une passerelle parallèle.", "Split with a parallel gateway."),
    ),
}
_CAMUNDA_7 = (
    Text("Camunda 7", "Camunda 7"),
    Text(
        "ouvrir le fichier dans le mode « Camunda 8 » du Modeler et y choisir formulaire, couloir ou service",
        "open the file in the Modeler's “Camunda 8” mode and choose form, lane or service there",
    ),
)
FOREIGN = {
    "http://camunda.org/schema/1.0/bpmn": _CAMUNDA_7,
    "http://activiti.org/bpmn": _CAMUNDA_7,
    "http://flowable.org/bpmn": _CAMUNDA_7,
    "http://spiffworkflow.org/bpmn/schema/1.0/core": (
        Text("SpiffWorkflow", "SpiffWorkflow"),
        Text("une expression FEEL dans une tâche de calcul la remplace", "a FEEL expression in a script task takes its place"),
    ),
}
OTHERS = (
    Text("un autre outil", "another tool"),
    Text("nos étapes se règlent par zeebe:properties", "our steps are set by zeebe:properties"),
)
_RESULT = Text(
    "L'enlever ; rendre un résultat (fait « resultat ») et demander à une passerelle.",
    "Delete it; return a result (fact “resultat”) and ask a gateway.",
)
_FORM = Text("L'enlever : les données sont les champs des formulaires.", "Delete it: data are the fields of forms.")
ELSEWHERE = {
    "error": (Text("une erreur déclarée", "a declared error"), _RESULT),
    "escalation": (Text("une escalade déclarée", "a declared escalation"), _RESULT),
    "signal": (Text("un signal déclaré", "a declared signal"), Text("L'enlever ; employer un message.", "Delete it; use a message.")),
    "dataStore": (Text("un magasin de données", "a data store"), _FORM),
    "itemDefinition": (Text("une définition de données", "an item definition"), _FORM),
    "interface": (Text("une interface", "an interface"), Text("L'enlever ; nommer un service.", "Delete it; name a service.")),
    **{
        name: (Text("une tâche globale", "a global task"), Text("La dessiner dans un processus.", "Draw it in a process."))
        for name in ("globalTask", "globalUserTask", "globalScriptTask", "globalBusinessRuleTask", "globalManualTask")
    },
    **{
        name: (
            Text("une chorégraphie ou une conversation", "a choreography or a conversation"),
            Text("Dessiner un processus avec des messages attendus.", "Draw a process with awaited messages."),
        )
        for name in ("choreography", "globalChoreographyTask", "conversation", "globalConversation")
    },
    "correlationProperty": (
        Text("une corrélation de BPMN", "a correlation of BPMN"),
        Text(
            "L'enlever ; écrire zeebe:subscription correlationKey sur le message.",
            "Delete it; write zeebe:subscription correlationKey on the message.",
        ),
    ),
    **{
        name: (
            Text("une ressource ou un partenaire déclaré", "a declared resource or partner"),
            Text("L'enlever ; employer un couloir et un rôle.", "Delete it; use a lane and a role."),
        )
        for name in ("resource", "partnerEntity", "partnerRole", "endPoint")
    },
    "import": (
        Text("une importation", "an import"),
        Text("L'enlever : tous les fichiers du dossier sont lus ensemble.", "Delete it: all files of the folder are read together."),
    ),
}
BETWEEN = {
    "messageFlow": (
        Text("un flux de messages entre deux bassins", "a message flow between two pools"),
        Text(
            "L'enlever ; attendre le message (zeebe:subscription), ou l'envoyer par une tâche d'envoi.",
            "Delete it; await the message (zeebe:subscription), or send it by a send task.",
        ),
    ),
    "participantMultiplicity": (
        Text("un bassin multiple", "a pool of several"),
        Text("L'enlever ; ouvrir un dossier par participant.", "Delete it; open a case for each participant."),
    ),
    "conversationLink": (
        Text("une conversation", "a conversation"),
        Text("L'enlever ; dessiner un processus avec des messages attendus.", "Delete it; draw a process with awaited messages."),
    ),
}
"""What lies in a collaboration, beside its pools."""

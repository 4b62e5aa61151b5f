"""Records of persons, and who is too near to decide."""

SENTENCES: dict[str, tuple[str, str]] = {
    "name_required": ("Écrivez le nom, même s’il est le seul connu.", "Write the name, even if it is the only one known."),
    "born_shape": ("Écrivez l’année, par exemple 1981, ou la date entière.", "Write the year, for example 1981, or the whole date."),
    "born_future": ("Cette naissance serait dans l’avenir.", "This birth would be in the future."),
    "sex_required": ("Choisissez une réponse ; « inconnu » en est une.", "Choose an answer; “unknown” is one."),
    "nina_shape": ("Le numéro NINA a 14 chiffres et une lettre.", "A NINA number has 14 digits and a letter."),
    "nina_taken": ("Ce numéro NINA est déjà celui de {who}.", "This NINA number already belongs to {who}."),
    "people_for_workers": (
        "Une fiche est créée par qui travaille sur des dossiers.",
        "A record is made by somebody who works on cases.",
    ),
    "merge_same": ("Choisissez une autre fiche.", "Choose another record."),
    "merge_reason": ("Écrivez ce qui montre que c’est la même personne.", "Write what shows that it is the same person."),
    "unmerge_reason": ("Écrivez pourquoi ce sont deux personnes.", "Write why they are two persons."),
    "merge_numbers": (
        "Ces deux fiches ont des numéros NINA différents : ce sont deux personnes, ou l’un des numéros est à corriger d’abord.",
        "These two records have different NINA numbers: they are two persons, or one of the numbers must be corrected first.",
    ),
    "merge_moved_on": (
        "Une de ces fiches a été fusionnée entre-temps. Rien n’est changé : rouvrez la fiche.",
        "One of these records was merged meanwhile. Nothing is changed: open the record again.",
    ),
    "merge_undone": ("Cette fusion est déjà défaite.", "This merge is already undone."),
    "among_them": (
        "Séparation des fonctions : vous, ou un proche, êtes parmi les personnes concernées ; quelqu’un d’autre doit décider.",
        "Separation of duties: you, or a relative, are among the people concerned; somebody else must decide.",
    ),
    "new_fact_case_closed": (
        "Le dossier est clos : joignez le message au dossier, ou rouvrez-le.",
        "The case is closed: add the message to the file, or re-open the case.",
    ),
}

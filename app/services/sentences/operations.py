"""Operations, their lists and their shares."""

SENTENCES: dict[str, tuple[str, str]] = {
    "children_not_now": (
        "Cette opération ne prend pas de fiches en ce moment : la liste n’est pas ouverte.",
        "This operation takes no children at the moment: the list is not open.",
    ),
    "children_not_yours": (
        "Les fiches sont ajoutées par qui recense : ce n’est pas votre rôle ici.",
        "Child cases are added by those who take the census: that is not your role here.",
    ),
    "list_empty": ("Ce fichier ne contient aucune ligne.", "This file contains no row."),
    "list_unreadable": (
        "Ce fichier ne se lit pas : envoyez un classeur XLSX ou un CSV en UTF-8.",
        "This file cannot be read: send an XLSX workbook or a CSV in UTF-8.",
    ),
    "list_too_long": ("Ce fichier a plus de {most} lignes : partagez-le.", "This file has more than {most} rows: divide it."),
    "list_columns": (
        "Ces colonnes sont inconnues : {names}. Prenez le modèle.",
        "These columns are unknown: {names}. Take the template.",
    ),
    "list_wrong": (
        "{count} ligne(s) à corriger dans le fichier : rien n’est importé avant.",
        "{count} row(s) to correct in the file: nothing is imported before that.",
    ),
    "list_not_preview": ("Cette liste est déjà importée ou abandonnée.", "This list has already been imported or dropped."),
    "list_row_twice": ("Cette ligne a la même clé que la ligne {other}.", "This row has the same key as row {other}."),
    "list_row_known": ("Cette ligne est déjà la fiche {reference}.", "This row is already {reference}."),
    "list_same": ("« {field} » : même valeur que la ligne {other}.", "“{field}”: the same value as row {other}."),
    "list_same_case": ("« {field} » : même valeur que la fiche {reference}.", "“{field}”: the same value as {reference}."),
    "list_person": (
        "Écrivez le code de la personne, ou son nom, son sexe et sa naissance.",
        "Write the code of the person, or their name, sex and birth.",
    ),
    "share_missing": ("Aucune part n’est attribuée à cette fiche.", "No share is allotted to this child."),
    "share_paid": ("Cette aide est déjà remise.", "This aid has already been handed over."),
    "share_amount": (
        "Le montant remis doit être la part attribuée : {amount} FCFA.",
        "The amount handed over must be the allotted share: {amount} FCFA.",
    ),
    "shares_over": (
        "Les parts ({total} FCFA) dépassent ce qui est accordé ({granted} FCFA).",
        "The shares ({total} FCFA) exceed what is granted ({granted} FCFA).",
    ),
    "shares_unequal": (
        "La demande ({asked} FCFA) doit être la somme des parts des fiches ({total} FCFA).",
        "The request ({asked} FCFA) must be the sum of the children’s shares ({total} FCFA).",
    ),
    "child_has_share": (
        "Une part de l’aide est attribuée à cette fiche : remettez-la ou reversez-la, puis la fiche se clôt dans l’opération.",
        "A share of the aid is allotted to this child: hand it over or return it, then the child is closed within the operation.",
    ),
    "join_unknown": ("Aucun dossier ne porte le numéro {reference}.", "No case bears the number {reference}."),
    "join_not_kind": (
        "Le dossier {reference} ne reçoit pas de dossiers de ce type.",
        "Case {reference} does not receive cases of this type.",
    ),
    "join_closed": (
        "Le dossier {reference} ne reçoit pas de dossiers en ce moment : il n’est pas encore ouvert, ou il est déjà clos.",
        "Case {reference} receives no cases at the moment: it is not open yet, or it is already closed.",
    ),
    "join_other": (
        "Ce dossier est déjà rattaché à une autre opération que {reference}.",
        "This case already belongs to another operation than {reference}.",
    ),
    "children_open": (
        "{count} fiche(s) de l’opération ne sont pas closes.",
        "{count} child(ren) of the operation are not closed.",
    ),
}

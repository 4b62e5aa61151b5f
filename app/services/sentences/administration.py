"""Accounts, calendars, filters, and what leaves the house."""

SENTENCES: dict[str, tuple[str, str]] = {
    "role_incompatible": (
        "« {role} » ne se cumule pas avec « {other} » (règle S8) : retirez d’abord l’autre rôle.",
        "“{role}” cannot be held together with “{other}” (rule S8): end the other role first.",
    ),
    "roles_by_functional": (
        "Les rôles sont donnés et retirés par un administrateur fonctionnel.",
        "Roles are given and taken back by a functional administrator.",
    ),
    "own_rights": ("Un autre administrateur doit changer vos propres droits.", "Another administrator must change your own rights."),
    "field_required": ("Remplissez ce champ.", "Fill in this field."),
    "login_shape": (
        "Écrivez des lettres sans accent, chiffres, points ou tirets, par exemple a.coulibaly",
        "Write plain letters, digits, dots or hyphens, for example a.coulibaly",
    ),
    "login_taken": ("Cet identifiant est déjà pris.", "This login is already taken."),
    "mail_shape": ("Écrivez une adresse, par exemple nom@exemple.ml", "Write an address, for example name@example.ml"),
    "post_unknown": ("Choisissez un poste de la liste.", "Choose a post of the list."),
    "person_unknown": (
        "Écrivez le code d’une fiche de personne, par exemple P-0001.",
        "Write the code of a person’s record, for example P-0001.",
    ),
    "role_unknown": ("Choisissez un rôle de la liste.", "Choose a role of the list."),
    "dates_order": ("La fin ne peut pas précéder le début.", "The end cannot come before the start."),
    "date_shape": ("Écrivez une date, par exemple 2026-11-24", "Write a date, for example 2026-11-24"),
    "day_required": ("Écrivez le jour, par exemple 20 3 2026", "Write the day, for example 20 3 2026"),
    "label_required": ("Écrivez le nom du jour, par exemple Tabaski", "Write the name of the day, for example Tabaski"),
    "day_known": ("Ce jour est déjà dans le calendrier.", "This day is already in the calendar."),
    "extent_unknown": ("Choisissez la journée, le matin ou l’après-midi.", "Choose the whole day, the morning or the afternoon."),
    "may_not_print": ("Votre rôle n’imprime pas de listes de personnes.", "Your role does not print lists of persons."),
    "may_not_export": ("Votre rôle n’exporte pas de listes.", "Your role does not export lists."),
    "export_too_long": (
        "Cette liste dépasse 500 lignes : réduisez-la d’abord par un filtre.",
        "This list has more than 500 rows: narrow it by a filter first.",
    ),
    "filter_name_missing": ("Écrivez un nom, par exemple « Libreville en retard ».", "Write a name, for example “Libreville late”."),
    "filter_name_long": ("Un nom a 40 signes au plus.", "A name has at most 40 characters."),
    "filter_name_taken": (
        "Un de vos filtres porte déjà ce nom : choisissez-en un autre.",
        "One of your filters has this name: choose another.",
    ),
    "filter_empty": ("Choisissez d’abord ce qui réduit la liste.", "First choose what narrows the list."),
    "filters_full": ("Douze filtres au plus : supprimez-en un d’abord.", "Twelve filters at most: delete one first."),
    "history_too_long": (
        "Cet historique dépasse 2 000 entrées : lisez-le sur ses pages, par période.",
        "This history has more than 2,000 entries: read it on its pages, by period.",
    )
}

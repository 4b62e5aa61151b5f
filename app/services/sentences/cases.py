"""What is added to a case: documents, notes, labels, messages, numbers of registers."""

SENTENCES: dict[str, tuple[str, str]] = {
    "file_too_large": (
        "{name} fait plus de 10 Mo : réduisez-le ou envoyez-le en deux parties.",
        "{name} is over 10 MB: reduce it or send it in two parts.",
    ),
    "file_empty": ("{name} est vide : choisissez un autre fichier.", "{name} is empty: choose another file."),
    "file_kind": (
        "{name} n’est ni PDF, ni JPEG, ni PNG : envoyez une image ou un PDF.",
        "{name} is not PDF, JPEG or PNG: send an image or a PDF.",
    ),
    "value_taken": (
        "« {value} » est déjà inscrit pour un autre dossier : vérifiez le numéro dans le registre.",
        "“{value}” is already entered for another case: check the number in the register.",
    ),
    "value_taken_here": (
        "C’est déjà inscrit dans ce dossier : cherchez-le dans son historique.",
        "It is already entered in this case: look for it in its history.",
    ),
    "identity_unknown": (
        "L’identité de {who} n’est pas établie : inscrivez sur sa fiche le numéro d’une pièce ou le NINA.",
        "The identity of {who} is not established: enter the number of a document or the NINA on the record.",
    ),
    "match_unknown": (
        "Ce dossier n’existe pas, ou vous n’y travaillez pas : vérifiez son numéro.",
        "This case does not exist, or you do not work on it: check its number.",
    ),
    "note_empty": ("Écrivez la note.", "Write the note."),
    "note_long": ("Une note a 5 000 signes au plus.", "A note has at most 5,000 characters."),
    "label_missing": ("Écrivez une étiquette, par exemple « Famille à rappeler ».", "Write a label, for example “Call the family”."),
    "label_long": ("Une étiquette a 30 signes au plus.", "A label has at most 30 characters."),
    "labels_full": ("Ce dossier a déjà cinq étiquettes : ôtez-en une.", "This case has five labels already: take one off."),
    "undo_too_late": (
        "Plus d’une minute a passé : cela ne s’annule plus.",
        "More than a minute has passed: this can no longer be undone.",
    ),
    "undo_changed": ("Cela a changé depuis : rien n’est annulé.", "This has changed since: nothing is undone."),
    "undo_begun": ("{who} a déjà commencé : rien n’est annulé.", "{who} has begun already: nothing is undone."),
}

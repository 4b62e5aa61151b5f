"""What is said beside a field whose answer is refused: what to write, with an example. French first, English second.

`{label}` is the question in the reader's language. A form's own texts (`rule_message`, `items_message`, a pattern's message) are
translated by its catalogue and have the codes `rule`, `items`, `pattern`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Translate = Callable[[str, str], str]  # (French text, gettext context) -> text in the reader's language


@dataclass(frozen=True)
class Message:
    """One refusal: a stable code for programs, a sentence for people, and what the sentence was made of."""

    code: str
    text: str
    params: Mapping[str, Any] = field(default_factory=dict)


class Refused(Exception):
    """A reader cannot take an answer; the code is one of TEXTS."""

    def __init__(self, code: str, at: str = "", **params: Any):
        super().__init__(code)
        self.code = code
        self.at = at  # the part of a group that it is about
        self.params = params


TEXTS: dict[str, tuple[str, str]] = {
    "unknown_field": (
        "Le champ « {name} » ne fait pas partie de ce formulaire : retirez-le.",
        "The field “{name}” is not part of this form: remove it.",
    ),
    "computed": (
        "« {label} » est calculé par le système : ne l'envoyez pas.",
        "“{label}” is computed by the system: do not send it.",
    ),
    "not_a_form": (
        'Les réponses doivent être un groupe de champs, par exemple {{"observations": "..."}}.',
        'The answers must be a group of fields, for example {{"observations": "..."}}.',
    ),
    "required": ("Indiquez « {label} ».", "Enter “{label}”."),
    "required_choice": ("Choisissez une réponse à « {label} ».", "Choose an answer to “{label}”."),
    "required_checked": ("Cochez « {label} » pour continuer.", "Tick “{label}” to continue."),
    "required_document": ("Joignez « {label} » : un fichier PDF, JPEG ou PNG.", "Attach “{label}”: a PDF, JPEG or PNG file."),
    "required_rows": ("Ajoutez au moins une ligne à « {label} ».", "Add at least one line to “{label}”."),
    "required_rows_or_none": (
        "Ajoutez une ligne à « {label} », ou cochez « Aucune ».",
        "Add a line to “{label}”, or tick “None”.",
    ),
    "required_date": ("Écrivez « {label} », par exemple {example}.", "Enter “{label}”, for example {example}."),
    "required_number": ("Écrivez « {label} » en chiffres, par exemple {example}.", "Enter “{label}” in figures, for example {example}."),
    "shape": ("« {label} » : une seule réponse simple est attendue.", "“{label}”: one plain answer is expected."),
    "shape_group": ("« {label} » : un groupe de champs est attendu.", "“{label}”: a group of fields is expected."),
    "shape_list": ("« {label} » : une liste est attendue.", "“{label}”: a list is expected."),
    "too_long": (
        "« {label} » : {max} caractères au plus ; raccourcissez de {over}.",
        "“{label}”: {max} characters at most; shorten it by {over}.",
    ),
    "too_short": ("« {label} » : écrivez au moins {min} caractères.", "“{label}”: write at least {min} characters."),
    "pattern": ("« {label} » n'a pas la forme attendue.", "“{label}” does not have the expected form."),
    "number": ("Écrivez « {label} » en chiffres, par exemple {example}.", "Enter “{label}” in figures, for example {example}."),
    "whole": (
        "Écrivez « {label} » sans virgule ni point, par exemple {example}.",
        "Enter “{label}” without comma or point, for example {example}.",
    ),
    "digits": (
        "« {label} » : {digits} chiffres au plus après la virgule, par exemple {example}.",
        "“{label}”: at most {digits} digits after the point, for example {example}.",
    ),
    "min": ("« {label} » : écrivez {min} ou plus.", "“{label}”: enter {min} or more."),
    "max": ("« {label} » : écrivez {max} ou moins.", "“{label}”: enter {max} or less."),
    "date": (
        "« {label} » : écrivez le jour, le mois et l'année en chiffres, par exemple 15 6 2026.",
        "“{label}”: enter day, month and year in figures, for example 15 6 2026.",
    ),
    "date_missing": ("« {label} » : {part} manque.", "“{label}”: {part} is missing."),
    "date_unreal": (
        "« {label} » : ce jour n'existe pas ; vérifiez le jour et le mois.",
        "“{label}”: there is no such day; check day and month.",
    ),
    "year": ("« {label} » : écrivez une année entre {min} et {max}.", "“{label}”: enter a year between {min} and {max}."),
    "time": (
        "« {label} » : écrivez l'heure sur 24 heures, par exemple 16:20.",
        "“{label}”: enter the time on a 24-hour clock, for example 16:20.",
    ),
    "partial_date": (
        "« {label} » : écrivez l'année seule, le mois et l'année, ou le jour entier : 1985, 6 1985 ou 15 6 1985.",
        "“{label}”: enter the year alone, month and year, or the whole day: 1985, 6 1985 or 15 6 1985.",
    ),
    "boolean": ("« {label} » : répondez par oui ou par non.", "“{label}”: answer yes or no."),
    "choice": ("« {label} » : choisissez une des réponses proposées.", "“{label}”: choose one of the answers offered."),
    "list_missing": (
        "« {label} » : la liste des réponses n'est pas disponible. Réessayez, puis prévenez l'administrateur.",
        "“{label}”: the list of answers is not available. Try again, then tell the administrator.",
    ),
    "country": (
        "« {label} » : choisissez un pays, ou écrivez son code en deux lettres, par exemple CI.",
        "“{label}”: choose a country, or enter its two-letter code, for example CI.",
    ),
    "currency": (
        "« {label} » : écrivez le code de la monnaie en trois lettres, par exemple EUR.",
        "“{label}”: enter the three-letter code of the currency, for example EUR.",
    ),
    "phone": (
        "« {label} » : écrivez le numéro avec l'indicatif du pays, par exemple +223 76 00 12 34.",
        "“{label}”: enter the number with its country code, for example +223 76 00 12 34.",
    ),
    "rate_euro": (
        "« {label} » : le taux de l'euro est fixe ; écrivez 655,957 ou laissez vide.",
        "“{label}”: the rate of the euro is fixed; enter 655.957 or leave it empty.",
    ),
    "rate_franc": (
        "« {label} » : pour le franc CFA le taux est 1 ; écrivez 1 ou laissez vide.",
        "“{label}”: for the CFA franc the rate is 1; enter 1 or leave it empty.",
    ),
    "reference": (
        "« {label} » : aucune fiche n'a ce code. Cherchez par le nom, puis choisissez dans la liste.",
        "“{label}”: no record has this code. Search by name, then choose from the list.",
    ),
    "reference_document": (
        "« {label} » : ce fichier n'a pas été reçu. Joignez-le de nouveau.",
        "“{label}”: this file was not received. Attach it again.",
    ),
    "min_items": ("« {label} » : il faut au moins {min} lignes.", "“{label}”: at least {min} lines are needed."),
    "max_items": ("« {label} » : {max} lignes au plus.", "“{label}”: {max} lines at most."),
    "rule_failed": (
        "« {label} » : la règle de ce champ n'a pas pu être vérifiée. Prévenez l'administrateur ; votre saisie est gardée.",
        "“{label}”: the rule of this field could not be checked. Tell the administrator; what you typed is kept.",
    ),
}
PARTS = {
    "jour": ("le jour", "the day"),
    "mois": ("le mois", "the month"),
    "annee": ("l'année", "the year"),
    "heure": ("l'heure", "the time"),
}
DEFAULT_LANG = "fr"


def say(code: str, params: Mapping[str, Any], lang: str = DEFAULT_LANG) -> str:
    """The sentence of a code in French, or in English when `lang` is not French."""
    column = 0 if lang == "fr" else 1
    values = {name: shown(value, lang) for name, value in params.items()}
    if "part" in values:
        values["part"] = PARTS[values["part"]][column]
    return TEXTS[code][column].format(**values)


def shown(value: Any, lang: str) -> Any:
    """Numbers grouped by thousands as the reader writes them."""
    if isinstance(value, int) and not isinstance(value, bool) and abs(value) >= 10_000:
        return f"{value:,}".replace(",", "\u202f" if lang == "fr" else ",")
    return value


def untranslated(text: str, context: str) -> str:
    """The translation of those who read French."""
    return text

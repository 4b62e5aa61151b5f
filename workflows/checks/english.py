"""What the checker of expressions and tables says, in English: it speaks French, in few and fixed sentences."""

from __future__ import annotations

import re
from functools import cache, lru_cache

from ..feel.kinds import FRENCH
from .english_feel import EVALUATING
from .english_words import FORMS, SHEETS, TABLES, WRITING
from .finding import Text

SENTENCES = (
    (
        r"l'expression peut rester sans réponse quand un champ facultatif est vide : ajouter (« .* »)",
        r"no answer while an optional field is empty: add \1",
    ),
    (r"nom inconnu : (« .*? »)\.", r"unknown name: \1."),
    (r"fonction inconnue : (« .*? »)\.", r"unknown function: \1."),
    (r"champ inconnu : (« .*? »)\.", r"unknown field: \1."),
    (r"(« .*? ») n'est pas un choix possible\.", r"\1 is not a possible choice."),
    (r" Vouliez-vous (« .*? ») \?", r" Did you mean \1?"),
    (
        r" (« .*? ») existe : il manque sans doute un signe après lui\.",
        r" \1 exists: a sign is probably missing after it.",
    ),
    (
        r" Le déclarer dans le formulaire ou dans les faits du dossier\.",
        r" Declare it in the form or in the facts of the case.",
    ),
    (r" Choix : ", " Choices: "),
    (r"(.*) est attendu, l'expression donne (.*)", r"\1 is expected, the expression gives \2"),
    (r"un oui/non est attendu, ici (.*)", r"a yes/no is expected, here \1"),
    (r"comparer (.*) et (.*) est impossible", r"\1 and \2 cannot be compared"),
    (r"un intervalle entre (.*) et (.*) est impossible", r"no interval is possible between \1 and \2"),
    (r"(« .*? ») entre (.*) et (.*) est impossible", r"\1 is impossible between \2 and \3"),
    (r"(« .*? ») ne s'emploie pas avec (.*)", r"\1 is not used with \2"),
    (r"(.*) n'a pas de champs", r"\1 has no fields"),
    (r"(.*) n'a pas de (« .*? »)", r"\1 has no \2"),
    (r"division par zéro", "division by zero"),
    (r"(« .*? ») ne peut pas se lire ainsi", r"\1 cannot be read so"),
    (r"paramètres possibles : ", "possible parameters: "),
    (
        r"trous et recouvrements non vérifiés : trop de combinaisons ; découper la table",
        "gaps and overlaps not checked: too many combinations; split the table",
    ),
    (
        r"trous et recouvrements non vérifiables : la colonne (.*) dépend d'autres données",
        r"gaps and overlaps cannot be checked: column \1 depends on other data",
    ),
    (r"elle ne s'applique jamais", "it never applies"),
    (r", une ligne au-dessus la couvre", ", a row above covers it"),
    (r"elles s'appliquent ensemble pour ", "they apply together for "),
    (r"résultats différents pour ", "different results for "),
    (
        r"aucune ligne pour (.*?)(?: \(et (\d+) autres cas\))? : ajouter une ligne ou une valeur par défaut",
        r"no row for \1: add a row or a default value",
    ),
    (r"^lignes (\d[\d, ]*)", r"rows \1"),
    (r"^ligne (\d+)", r"row \1"),
    (r"^entrée ", "input "),
    (r"^colonne ", "column "),
    (r", sortie ", ", output "),
    (r"une autre valeur", "another value"),
    (r"= rien\b", "= nothing"),
    (r" : vide$", ": empty"),
    (r" : ", ": "),
)  # fmt: skip
KINDS = {
    "boolean": "a yes/no",
    "number": "a number",
    "string": "a text",
    "date": "a date",
    "time": "a time",
    "date and time": "a date and time",
    "days and time duration": "a duration in days or hours",
    "years and months duration": "a duration in years or months",
    "list": "a list",
    "context": "a group of fields",
    "range": "an interval",
    "function": "a function",
    "any": "a value",
    "null": "nothing (null)",
}


@lru_cache(maxsize=1024)
def both(message: str) -> Text:
    """The sentence in both languages. What is not known here stays French in both; a test holds that planted faults are known."""
    english = message
    for pattern, said in _patterns():
        english = pattern.sub(said, english)
    return Text(message, english)


@cache
def _patterns() -> list[tuple[re.Pattern[str], str]]:
    """What is replaced, in this order; made at the first sentence, since most files have none."""
    kinds = sorted(FRENCH, key=lambda kind: -len(FRENCH[kind]))
    named = [(rf"(?<![\w«]){re.escape(FRENCH[kind])}(?!\w)", KINDS.get(kind, kind)) for kind in kinds]
    return [(re.compile(said), english) for said, english in (*EVALUATING, *WRITING, *TABLES, *FORMS, *SHEETS, *SENTENCES, *named)]


def kind_said(kind: str) -> Text:
    """A kind of value in words."""
    return Text(FRENCH.get(kind, kind), KINDS.get(kind, kind))

"""What is said of a scenario file: the rules, and the words for what they name."""

from __future__ import annotations

from .finding import Rule, Text

UNREADABLE = Rule(
    "scenario-unreadable",
    Text("Ce scénario ne se lit pas : {detail}.", "This scenario cannot be read: {detail}."),
    Text("Corriger l'écriture à cette ligne.", "Correct the writing on this line."),
)
MISSING = Rule(
    "scenario-part-missing",
    Text("Il manque « {element} ».", "“{element}” is missing."),
    Text("L'écrire ; tout le langage : docs/scenarios.md.", "Write it; the whole language: docs/scenarios.md."),
)
UNKNOWN_KEY = Rule(
    "scenario-word-unknown",
    Text("« {element} » n'est pas un mot des scénarios ici.{near}", "“{element}” is no word of scenarios here.{near}"),
    Text("Mots possibles : {known}.", "Possible words: {known}."),
)
TWICE = Rule(
    "scenario-word-twice",
    Text("« {element} » est écrit deux fois : seul le dernier compterait.", "“{element}” is written twice: only the last would count."),
    Text("N'en garder qu'un.", "Keep one of them."),
)
WORDS = Rule(
    "scenario-line",
    Text("Cette ligne {detail}.", "This line {detail}."),
    Text(
        "Une ligne a un seul mot ; sans mot, elle dit « at », « wait » ou « expect ».",
        "A line has one word; without, it says “at”, “wait” or “expect”.",
    ),
)
SHAPE = Rule(
    "scenario-shape",
    Text("« {element} » : on attend {wanted}.", "“{element}”: {wanted} is expected."),
    Text("L'écrire ainsi.", "Write it so."),
)
NAME = Rule(
    "scenario-name-unknown",
    Text("{what} « {element} » n'existe pas.{near}", "{what} “{element}” does not exist.{near}"),
    Text("Écrire un nom qui existe.", "Write a name that exists."),
)
CHOICE = Rule(
    "scenario-choice-unknown",
    Text("« {element} » : « {value} » n'est pas un choix de ce champ.{near}", "“{element}”: “{value}” is no choice of this field.{near}"),
    Text("Choix possibles : {known}.", "Possible choices: {known}."),
)
EMPTY = Text("n'a aucun mot", "has no word")
SEVERAL = Text("a plusieurs mots : {words}", "has several words: {words}")
ALIAS = Text("un alias (*nom) se contient lui-même, ou en cache trop", "an alias (*name) contains itself, or hides too much")
ROUND = Text("nomme un passage qui se contient lui-même", "names a passage that contains itself")
NEAR, NOTHING_NEAR = Text(" Vouliez-vous « {near} » ?", " Did you mean “{near}”?"), Text("", "")
WANTED = {
    "one": Text("une seule valeur", "a single value"),
    "list": Text("une liste", "a list"),
    "mapping": Text("une suite de « clé: valeur »", "a sequence of “key: value”"),
    "text": Text("un texte", "a text"),
    "number": Text("un nombre", "a number"),
    "flag": Text("true ou false", "true or false"),
    "moment": Text("un moment (2026-05-04T08:00:00Z)", "a moment (2026-05-04T08:00:00Z)"),
    "at": Text("un moment, ou une durée après la ligne précédente (+1d 3h)", "a moment, or a span after the line before (+1d 3h)"),
    "span": Text("une durée (2d, 3h, 20min, 1d 3h)", "a span (2d, 3h, 20min, 1d 3h)"),
    "day": Text("une date (2026-05-04)", "a date (2026-05-04)"),
}

"""Decision tables: the one that is called exists, no row is in vain, none contradicts another, and no situation is forgotten."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache

from ..feel import FeelError
from ..feel.check import Checker, Type
from ..feel.check import table as check_table
from ..feel.tables import Decision, Table
from ..xmlfile import UnreadableXml, parse
from . import boxed, cells, types
from .bundle import Bundle
from .document import extension, mappings
from .english import both
from .finding import ADVICE, Finding, Rule, Text
from .graph import cycles
from .names import FUNCTIONS, Names, names_of
from .unreadable import BAD_DMN

MAX_TRIALS = 400_000  # of one file: about a second
TOO_MUCH = Text("les tables du fichier ont ensemble trop de combinaisons", "the tables of the file have too many combinations together")
SETTING = re.compile(r"\breglages\.(\w+)")
NAMESPACE = "https://www.omg.org/spec/DMN/20191111/MODEL/"

UNKNOWN = Rule(
    "decision-unknown",
    Text(
        "{element} appelle la décision « {decision} », qui n'existe pas.",
        "{element} calls the decision “{decision}”, which does not exist.",
    ),
    Text("Choisir une décision du dossier ou de _shared.", "Choose a decision of the folder or of _shared."),
)
TWICE = Rule(
    "decision-twice",
    Text("La décision « {element} » existe aussi dans {other}.", "The decision “{element}” exists in {other} too."),
    Text("Renommer l'une des deux.", "Rename one of the two."),
)
REQUIRED = Rule(
    "decision-requirement",
    Text(
        "La décision « {element} » dépend de « {needed} », qui n'existe pas.",
        "The decision “{element}” depends on “{needed}”, which does not exist.",
    ),
    Text("La dessiner, ou supprimer le lien.", "Draw it, or delete the link."),
)
VERSION = Rule(
    "decision-namespace",
    Text(
        "Le fichier n'est pas au format DMN 1.3, le seul que le Modeler ouvre.",
        "The file is not in the DMN 1.3 format, the only one that the Modeler opens.",
    ),
    Text("L'enregistrer avec l'espace de noms " + NAMESPACE, "Save it with the namespace " + NAMESPACE),
)
CONTENT = Rule(
    "table-content",
    Text("Table « {element} » : {detail}", "Table “{element}”: {detail}"),
    Text("Corriger la cellule.", "Correct the cell."),
)
ROWS = Rule(
    "table-rows",
    Text("Table « {element} » : {detail}", "Table “{element}”: {detail}"),
    Text(
        "Supprimer la ligne, préciser ses conditions ou changer la politique de la table.",
        "Delete the row, narrow its conditions or change the hit policy.",
    ),
)
GAP = Rule(
    "table-gap",
    Text("Table « {element} » : {detail}", "Table “{element}”: {detail}"),
    Text("Ajouter une ligne, ou une valeur par défaut à chaque sortie.", "Add a row, or a default value for each output."),
)
TITLE = Rule(
    "decision-title",
    Text("La décision « {element} » n'a pas de titre.", "The decision “{element}” has no title."),
    Text("Lui donner un nom, que lira l'historique.", "Give it a name, which histories will show."),
)
UNUSED = Rule(
    "decision-unused",
    Text("Aucune étape n'appelle la décision « {element} ».", "No step calls the decision “{element}”."),
    Text("L'appeler par une tâche de règle, ou la supprimer.", "Call it by a business rule task, or delete it."),
    ADVICE,
)
CYCLE = Rule(
    "decision-cycle",
    Text("La décision « {element} » dépend d'elle-même ({decisions}).", "The decision “{element}” depends on itself ({decisions})."),
    Text("Supprimer un des liens.", "Delete one of the links."),
)
BEYOND = Rule(
    "table-beyond",
    Text("Table « {element} » : {detail}", "Table “{element}”: {detail}"),
    Text("La découper, ou la couvrir par des cas de test.", "Split it, or cover it with test cases."),
    ADVICE,
)


def check(bundle: Bundle) -> Iterator[Finding]:
    names = names_of(bundle)
    for process in bundle.own_processes:
        for node in process.of_kind("businessRuleTask"):
            said = extension(node, "calledDecision")
            ident = said.get("decisionId") or "" if said is not None else ""
            if ident not in bundle.decisions:
                yield UNKNOWN.at(process.file, node, decision=ident)
    yield from _files(bundle)
    own = {ident: found for ident, found in bundle.decisions.items() if not bundle.is_shared(found[0])}
    needs = {ident: decision.requires for ident, (_, decision) in bundle.decisions.items()}
    for group in cycles(needs, lambda ident: needs.get(ident, ())):
        if group[0] in own:
            yield CYCLE.at(
                own[group[0]][0], group[0], _lines(bundle, own[group[0]][0], group[0])[0], decisions=" → ".join([*group, group[0]])
            )
    used = _used(bundle)
    left = dict.fromkeys((file for file, _ in own.values()), MAX_TRIALS)
    for ident, (file, decision) in own.items():
        if bundle.case_type and ident not in used:
            yield UNUSED.at(file, ident, _lines(bundle, file, ident)[0])
        left[file] -= cells.trials(decision.logic) if isinstance(decision.logic, Table) else 0
        if left[file] < 0:
            yield BEYOND.at(file, ident, _lines(bundle, file, ident)[0], detail=TOO_MUCH)
        else:
            yield from _decision(bundle, names, file, ident, decision)


def _used(bundle: Bundle) -> set[str]:
    """Decisions that a step calls or a service is told (« ="name" »), that compute a field of a form, or that another one needs."""
    found = {ident for process in bundle.processes.values() for ident in decisions_of(process) if ident}
    services = [node for process in bundle.processes.values() for node in process.of_kind("serviceTask")]
    found |= {source.strip('="') for node in services for _, source, _ in mappings(node, "input")}
    found |= {field.decision for form in bundle.forms.values() for field in form.fields if field.decision}
    return found | {needed for _, decision in bundle.decisions.values() for needed in decision.requires}


def _lines(bundle: Bundle, file: str, ident: str) -> list[int]:
    """Lines of a decision and of each row of its table."""
    return _lines_in(bundle.files.get(file, b"")).get(ident, [0])


@lru_cache(maxsize=64)
def _lines_in(content: bytes) -> dict[str, list[int]]:
    try:
        found = parse(content).iter("{*}decision")
    except UnreadableXml:
        return {}
    return {d.get("id") or "": [d.sourceline or 0, *(rule.sourceline or 0 for rule in d.iter("{*}rule"))] for d in found}


def _files(bundle: Bundle) -> Iterator[Finding]:
    for path, content in bundle.files.items():
        if not path.endswith(".dmn") or bundle.is_shared(path):
            continue
        try:
            root = parse(content)
        except UnreadableXml:
            continue
        if not root.tag.startswith(f"{{{NAMESPACE}}}"):
            yield VERSION.at(path)
        unsupported = list(boxed.found(path, root))
        yield from unsupported
        if path in bundle.refused and not unsupported:
            yield BAD_DMN.at(path, detail=both(bundle.refused[path]))
        seen = set()
        for decision in root.iter("{*}decision"):
            ident = decision.get("id") or ""
            other = bundle.decisions.get(ident, (path, None))[0]
            if (ident in seen or other != path) and path not in bundle.refused:
                yield TWICE.at(path, ident, decision.sourceline or 0, other=other)
            seen.add(ident)


def _decision(bundle: Bundle, names: Names, file: str, ident: str, decision: Decision) -> Iterator[Finding]:
    for needed in decision.requires:
        if needed not in bundle.decisions:
            yield REQUIRED.at(file, ident, _lines(bundle, file, ident)[0], needed=needed)
    lines = _lines(bundle, file, ident)
    if decision.name == ident:
        yield TITLE.at(file, ident, lines[0])
    known = _known(bundle, names, ident, decision)
    try:
        if isinstance(decision.logic, Table):
            found = check_table(*_prepared(decision.logic, known, names.settings), FUNCTIONS)
        else:
            found = Checker(known, FUNCTIONS).expression(decision.logic)
    except FeelError as error:
        yield CONTENT.at(file, ident, _line(lines, str(error)), detail=both(str(error)))
        return
    if isinstance(decision.logic, Table):
        for number, detail in cells.clashes(decision.logic, known):
            yield CONTENT.at(file, ident, lines[number] if number < len(lines) else lines[0], detail=detail)
    for one in found:
        yield _rule(one).at(file, ident, _line(lines, one.message), detail=both(one.message))


def _line(lines: list[int], message: str) -> int:
    """The line of the first row that a sentence names; else that of the decision."""
    row = re.search(r"lignes? (\d+)", message)
    number = int(row[1]) if row else 0
    return lines[number] if number < len(lines) else lines[0]


def _known(bundle: Bundle, names: Names, ident: str, decision: Decision) -> dict[str, Type]:
    """The names of every process that calls the decision, and the results of what it depends on."""
    known = dict(names.everywhere)
    callers = [p for p in bundle.processes.values() if ident in decisions_of(p)] or list(bundle.processes.values())
    for process in callers:
        known |= names.visible(process.id)
    for form in bundle.forms.values():
        if any(field.decision == ident for field in form.fields):
            known |= {field.key: types.of_field(field) for field in form.fields}
    for needed in decision.requires:
        if needed in bundle.decisions:
            before = bundle.decisions[needed][1]
            known[before.variable] = types.of_decision(before)
    return known


def decisions_of(process) -> set[str]:
    found = (extension(node, "calledDecision") for node in process.of_kind("businessRuleTask"))
    return {said.get("decisionId") for said in found if said is not None}


def _prepared(table: Table, known: dict[str, Type], settings: dict) -> tuple[Table, dict[str, Type]]:
    """Settings as their present values, so that rows can be compared; an input that a cell tests for null may be missing."""
    rules = tuple(rule._replace(cells=tuple(_plain(cell, settings) for cell in rule.cells)) for rule in table.rules)
    for column, given in enumerate(table.inputs):
        if any("null" in rule.cells[column] for rule in rules if column < len(rule.cells)):
            known[given.expression] = replace(known.get(given.expression, Type()), optional=True)
    return replace(table, rules=rules), known


def _plain(text: str, settings: dict) -> str:
    def value(found: re.Match) -> str:
        setting = settings.get(found[1])
        return json.dumps(setting, ensure_ascii=False) if isinstance(setting, (int, float, str)) else found[0]

    return SETTING.sub(value, text)


def _rule(found) -> Rule:
    """Which kind of mistake the checker of tables means."""
    if "vérifi" in found.message:
        return BEYOND
    if found.level == "warning":
        return GAP if found.message.startswith("aucune ligne") else CONTENT
    rows = ("ne s'applique jamais", "s'appliquent ensemble", "résultats différents")
    return ROWS if any(words in found.message for words in rows) else CONTENT

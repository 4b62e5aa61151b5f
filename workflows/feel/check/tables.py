"""A whole table: each column is tried at the values where one of its cells changes its answer, so the verdict is exact."""

from __future__ import annotations

import functools
import itertools
import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from ..errors import FeelError
from ..functions import Signature
from ..hints import suggestion
from ..show import show
from ..table import BLANK, Table
from ..walk import Host
from .expressions import Checker
from .trials import OTHER, literals, trial_values
from .types import ANY, Finding, Type

MAX_COMBINATIONS = 60_000
MAX_ROW_TRIALS = 2_000_000
MAX_CELL_TRIALS = 100_000
MOST = 5  # findings of one sort
TOO_MANY = "trous et recouvrements non vérifiés : trop de combinaisons ; découper la table"


@dataclass
class Column:
    title: str
    cells: list[str]
    values: list[Any]


@dataclass
class Verdict:
    """What all combinations of trial values gave. A combination is a tuple of places in the columns' values."""

    ever: set[int] = field(default_factory=set)
    gaps: list[tuple[int, ...]] = field(default_factory=list)
    overlaps: dict[frozenset[int], tuple[int, ...]] = field(default_factory=dict)


def table(t: Table, facts: Mapping[str, Type], functions: Mapping[str, Signature] | None = None) -> list[Finding]:
    """Findings on the whole table. A column whose cells use other data is said to be beyond the check, and so is a table too wide."""
    host, checker = Host(functions), Checker(facts, functions)
    found = heads(t, checker)
    columns, beyond = [], []
    for c, column in enumerate(t.inputs):
        cells = [rule.cells[c] for rule in t.rules]
        declared = facts.get(column.expression, ANY)
        try:
            values = trial_values(host, cells, column, declared)
        except FeelError as error:
            found.append(Finding("error", f"colonne « {column.title} » : {error}"))
            values = None
        if values is None:
            beyond.append(f"« {column.title} »")
        found += strange_codes(cells, column.title, declared)
        columns.append(Column(column.title, cells, [None] if values is None else values))
    found += outputs(t, checker)
    if beyond:
        why = f"la colonne {', '.join(beyond)} dépend d'autres données"
        return [*found, Finding("warning", f"trous et recouvrements non vérifiables : {why}")]
    if too_wide(t, columns):
        return [*found, Finding("warning", TOO_MANY)]
    return found + report(t, columns, try_all(t, columns, host))


def heads(t: Table, checker: Checker) -> list[Finding]:
    return [
        Finding(finding.level, f"entrée « {column.title} » : {finding.message}", finding.at)
        for column in t.inputs
        for finding in checker.expression(column.expression)
    ]


def strange_codes(cells: list[str], title: str, declared: Type) -> list[Finding]:
    if not declared.values:
        return []
    return [
        Finding("error", f"ligne {n}, « {title} » : « {v} » n'est pas un choix possible.{suggestion(v, declared.values)}")
        for n, cell in enumerate(cells, 1)
        for v in literals(cell)
        if type(v) is str and v not in declared.values
    ]


def outputs(t: Table, checker: Checker) -> list[Finding]:
    found = []
    for n, rule in enumerate(t.rules, 1):
        for output, text in zip(t.outputs, rule.outputs, strict=True):
            place = f"ligne {n}, sortie « {output.name} »"
            if text.strip() in BLANK:
                found.append(Finding("error", f"{place} : vide"))
            else:
                found += [Finding(f.level, f"{place} : {f.message}", f.at) for f in checker.expression(text)]
    return found


def too_wide(t: Table, columns: list[Column]) -> bool:
    size = math.prod(len(column.values) for column in columns)
    cells = sum(len(column.values) for column in columns) * len(t.rules)
    return size > MAX_COMBINATIONS or size * len(t.rules) > MAX_ROW_TRIALS or cells > MAX_CELL_TRIALS


def try_all(t: Table, columns: list[Column], host: Host) -> Verdict:
    """Rules are bits of a number: there may be a hundred thousand combinations."""
    hits = [[sum(1 << n for n, cell in enumerate(column.cells) if matches(host, cell, v)) for v in column.values] for column in columns]
    verdict, ever, overlaps = Verdict(), 0, dict[int, tuple[int, ...]]()
    combinations = itertools.product(*(range(len(column.values)) for column in columns))
    for combination, held in zip(combinations, itertools.product(*hits), strict=True):
        fired = functools.reduce(operator.and_, held) if held else 0
        if not fired:
            verdict.gaps.append(combination)
        ever |= fired & -fired if t.policy == "FIRST" else fired
        if fired & (fired - 1):
            overlaps.setdefault(fired, combination)
    verdict.ever |= rules_of(ever)
    verdict.overlaps |= {frozenset(rules_of(fired)): combination for fired, combination in overlaps.items()}
    return verdict


def rules_of(bits: int) -> set[int]:
    return {n for n in range(bits.bit_length()) if bits >> n & 1}


def matches(host: Host, cell: str, v: Any) -> bool:
    return cell.strip() in BLANK or host.test(cell, v, {}, strict=False) is True


def report(t: Table, columns: list[Column], verdict: Verdict) -> list[Finding]:
    covered = ", une ligne au-dessus la couvre" if t.policy == "FIRST" else ""
    found = [Finding("error", f"ligne {n + 1} : elle ne s'applique jamais{covered}") for n in range(len(t.rules)) if n not in verdict.ever]
    if t.policy in ("UNIQUE", "ANY"):
        found += together(t, columns, verdict)
    if verdict.gaps and t.policy != "COLLECT" and not any(output.default for output in t.outputs):
        others = f" (et {len(verdict.gaps) - 1} autres cas)" if len(verdict.gaps) > 1 else ""
        where = situation(columns, verdict.gaps[0])
        found.append(Finding("warning", f"aucune ligne pour {where}{others} : ajouter une ligne ou une valeur par défaut"))
    return found


def together(t: Table, columns: list[Column], verdict: Verdict) -> list[Finding]:
    """Rows that fire together: never for UNIQUE, only with one result for ANY."""
    what = "elles s'appliquent ensemble" if t.policy == "UNIQUE" else "résultats différents"
    found = []
    for rows, combination in verdict.overlaps.items():
        if t.policy == "ANY" and len({t.rules[n].outputs for n in rows}) == 1:
            continue
        numbers = ", ".join(str(n + 1) for n in sorted(rows))
        found.append(Finding("error", f"lignes {numbers} : {what} pour {situation(columns, combination)}"))
    return found[:MOST]


def situation(columns: list[Column], combination: tuple[int, ...]) -> str:
    return ", ".join(f"{column.title} = {shown(column.values[i])}" for column, i in zip(columns, combination, strict=True))


def shown(v: Any) -> str:
    if v is None:
        return "rien"
    return "une autre valeur" if v == OTHER else show(v, True)

"""What a scenario says of operations: a list that is imported, a child recorded alone, the same step in all children."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import TYPE_CHECKING, Any

from sqlalchemy import select

from app.db.cases import Case
from app.db.tasks import STEP, Task
from app.extensions import db
from app.scenarios import deeds
from app.scenarios.placeholders import plain
from app.scenarios.stage import Played, Unexpected
from app.services.errors import Invalid
from app.services.operations import importing, lists

if TYPE_CHECKING:
    from app.scenarios.player import Player

Line = Mapping[str, Any]


def bring(player: Player, line: Line) -> None:
    """list: rows (column -> value), by, as?: names of the children in the order of the rows, errors?: how many rows are wrong."""
    actor = player.who(line["by"])
    said = [plain(dict(row), deeds.no_file, player.numbers) for row in line["list"]]
    number = lists.send(actor, player.reference, "liste.csv", None, said)
    seen = lists.preview(db.session(), actor, player.reference, number)
    told = [(row.number, row.errors) for row in lists.rows_of(db.session(), number) if row.errors]
    db.session.rollback()
    if seen.wrong != line.get("errors", 0):
        raise Unexpected(f"liste : {seen.wrong} lignes en erreur, {told}")
    if seen.wrong:
        try:
            lists.confirm(actor, player.reference, number)
        except Invalid:
            return
        raise Unexpected("une liste avec des erreurs a été importée")
    lists.confirm(actor, player.reference, number)
    importing.write(number)
    rows = lists.rows_of(db.session(), number)
    problems = [row.problem for row in rows if row.problem]
    made = [row.case_id for row in rows]
    db.session.rollback()
    if problems:
        raise Unexpected(f"liste : {problems}")
    for name, case_id in zip(line.get("as", []), made, strict=False):
        player.cases[name] = _played(case_id)


def add(player: Player, line: Line) -> None:
    """child: name, by: a child recorded alone; its first step is open."""
    reference = lists.add_one(player.who(line["by"]), player.reference)
    player.cases[line["child"]] = _played(db.session.scalar(select(Case.id).where(Case.reference == reference)))
    db.session.rollback()


def every(player: Player, line: Line) -> None:
    """every: step, by, with: the step is done in every child in which it is open."""
    parent = player.case_id
    query = select(Case.id).join(Task, Task.case_id == Case.id).where(Case.parent_id == parent, Task.step == line["every"])
    found = list(db.session.scalars(query.where(Task.kind == STEP, Task.closed_at.is_(None)).distinct().order_by(Case.id)))
    db.session.rollback()
    known = {played.case_id: played for played in player.cases.values()}
    at_hand = player.at_hand
    for case_id in found:
        player.at_hand = known.get(case_id) or _played(case_id)
        task = player.task(line["every"], line["by"])
        deeds.complete(player, task, player.who(line["by"], task), line.get("with", {}))
    player.at_hand = at_hand
    if not found:
        raise Unexpected(f"« {line['every']} » n’est ouverte dans aucune fiche")


def _played(case_id: int | None) -> Played:
    case = db.session.get_one(Case, case_id)
    found = Played(case.id, case.reference, case.case_type)
    db.session.rollback()
    return found


VERBS: dict[str, Callable[[Any, Line], None]] = {"list": bring, "child": add, "every": every}

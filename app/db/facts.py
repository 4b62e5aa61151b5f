"""Facts of cases: what is known now, by scope. Their past is in the history."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import orjson
from sqlalchemy import Connection, ForeignKey, Integer, String, Text, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from app.db.types import Id
from app.db.upserts import Upsert
from app.extensions import db
from workflows.facts import pack


class Fact(db.Model):
    """One known value. `scope` is "" for the case, else the engine id of the call that keeps its own account;
    `value` is JSON text in the engine's tagged form."""

    __tablename__ = "fact"

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("case_file.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    entry_seq: Mapped[int] = mapped_column(Integer)


_FACT = Fact.__table__
_KNOWN = select(_FACT.c.scope, _FACT.c.name, _FACT.c.value).where(_FACT.c.case_id == bindparam("case_id"))
_OWN = _KNOWN.where(_FACT.c.scope == "")
_OF_SCOPES = _KNOWN.where(_FACT.c.scope.in_(bindparam("scopes", expanding=True)))
"""A list of values is written into the text of its statement at each use: a case without accounts of its own calls is spared that."""
_OF_CASE = _KNOWN.order_by(_FACT.c.scope, _FACT.c.name)
_PUT = Upsert(_FACT, "case_id", "scope", "name")


def written(value: Any) -> str:
    """A value as its row keeps it: equal values are equal texts."""
    return orjson.dumps(pack(value)).decode()


def of_scopes(connection: Connection, case_id: int, scopes: Iterable[str]) -> Sequence[Any]:
    """(scope, name, JSON text) of the scopes that are still read; the case's own always."""
    wanted = {"", *scopes}
    if len(wanted) == 1:
        return connection.execute(_OWN, {"case_id": case_id}).all()
    return connection.execute(_OF_SCOPES, {"case_id": case_id, "scopes": sorted(wanted)}).all()


def put(connection: Connection, rows: list[dict[str, Any]]) -> None:
    """Inserts facts, or replaces those that are known: one statement."""
    _PUT.execute(connection, rows)


def of_case(connection: Connection, case_id: int) -> Sequence[Any]:
    """(scope, name, JSON text) of every fact of a case, also of finished calls, in a stable order."""
    return connection.execute(_OF_CASE, {"case_id": case_id}).all()

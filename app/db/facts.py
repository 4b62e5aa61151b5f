"""Facts of cases: what is known now, by scope. Their past is in the history."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from sqlalchemy import ForeignKey, Integer, String, Text, select
from sqlalchemy.orm import Mapped, Session, mapped_column

from app.db.types import Id
from app.extensions import db


class Fact(db.Model):
    """One known value. `scope` is "" for the case, else the engine id of the call that keeps its own account;
    `value` is JSON text in the engine's tagged form."""

    __tablename__ = "fact"

    case_id: Mapped[int] = mapped_column(Id, ForeignKey("case_file.id"), primary_key=True)
    scope: Mapped[str] = mapped_column(String(40), primary_key=True, default="")
    name: Mapped[str] = mapped_column(String(80), primary_key=True)
    value: Mapped[str] = mapped_column(Text)
    entry_seq: Mapped[int] = mapped_column(Integer)


def of_scopes(session: Session, case_id: int, scopes: Iterable[str]) -> list[tuple[str, str, Any]]:
    """(scope, name, JSON text) of the scopes that are still read; the case's own always."""
    wanted = {"", *scopes}
    query = select(Fact.scope, Fact.name, Fact.value).where(Fact.case_id == case_id, Fact.scope.in_(sorted(wanted)))
    return [tuple(row) for row in session.execute(query)]


def of_case(session: Session, case_id: int) -> list[Fact]:
    """Every fact of a case, also of finished calls, in a stable order."""
    return list(session.scalars(select(Fact).where(Fact.case_id == case_id).order_by(Fact.scope, Fact.name)))

"""Filters of the inbox that a person keeps by name. They narrow what the person sees anyway: whoever gets their address sees their own."""

from __future__ import annotations

from dataclasses import asdict, dataclass, fields

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from app.db.transaction import Unit, transaction
from app.db.users import SavedFilter
from app.services import clock
from app.services.actor import Actor
from app.services.errors import Invalid, NotFound
from app.services.inbox_filters import Filters
from app.services.inbox_walks import MINE, TABS

LONGEST, MOST = 40, 12


@dataclass(frozen=True)
class Kept:
    """A filter with its name; `id` is None for those that everybody has."""

    id: int | None
    name: str
    tab: str
    filters: Filters


def of(session: Session, actor: Actor) -> list[Kept]:
    """The actor's own filters, by name."""
    rows = session.scalars(select(SavedFilter).where(SavedFilter.user_id == actor.id).order_by(SavedFilter.name))
    return [Kept(row.id, row.name, row.tab, _filters(row)) for row in rows]


def _filters(row: SavedFilter) -> Filters:
    known = {field.name for field in fields(Filters)}
    return Filters(**{name: str(value) for name, value in row.query.items() if name in known})


def keep(actor: Actor, name: str, tab: str, filters: Filters) -> None:
    """Keeps a filter under a name. Invalid: without a name or with one that is taken, one that narrows nothing, or one too many."""
    if not filters:
        raise Invalid({"name": "filter_empty"}, name)

    def work(unit: Unit) -> None:
        own = of(unit.session, actor)
        if len(own) >= MOST:
            raise Invalid({"name": "filters_full"}, name)
        query = {field: value for field, value in asdict(filters).items() if value}
        at = tab if tab in TABS else MINE
        unit.session.add(SavedFilter(user_id=actor.id, name=_name(own, name), tab=at, query=query, made_at=unit.now))

    transaction(work, clock.now)


def rename(actor: Actor, filter_id: int, name: str) -> None:
    """Another name for a filter of the actor's. NotFound, Invalid."""

    def work(unit: Unit) -> None:
        row = unit.session.get(SavedFilter, filter_id)
        if row is None or row.user_id != actor.id:
            raise NotFound
        row.name = _name([one for one in of(unit.session, actor) if one.id != filter_id], name)

    transaction(work, clock.now)


def forget(actor: Actor, filter_id: int) -> None:
    """Without the filter; one that is gone or somebody else's stays as it is."""

    def work(unit: Unit) -> None:
        unit.session.execute(delete(SavedFilter).where(SavedFilter.id == filter_id, SavedFilter.user_id == actor.id))

    transaction(work, clock.now)


def _name(others: list[Kept], name: str) -> str:
    name = " ".join(name.split())
    if not name:
        raise Invalid({"name": "filter_name_missing"}, name)
    if len(name) > LONGEST:
        raise Invalid({"name": "filter_name_long"}, name)
    if name.casefold() in {one.name.casefold() for one in others}:
        raise Invalid({"name": "filter_name_taken"}, name)
    return name

"""Filters of the inbox: in the address, to be shared; three to begin with, others behind « Personnaliser »; kept by name."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any, NamedTuple

from flask import Blueprint, flash, redirect, render_template, request, url_for

from app.extensions import db
from app.services import inbox, inbox_counts, labels, saved_filters
from app.services.errors import Invalid
from app.services.inbox_filters import Filters
from app.services.inbox_walks import Reach
from app.services.saved_filters import Kept
from app.web import access, names
from app.web.filters import now
from app.web.language import say
from app.web.reader import me
from app.web.refusals import field_errors

blueprint = Blueprint("inbox_filters", __name__, url_prefix="/taches/filtres")
NAMES = {
    **{"q": "text", "type": "case_type", "post": "post", "due": "due"},
    **{"country": "country", "priority": "priority", "label": "label"},
}
"""Name in the address -> field of the filters."""
LONGEST = 80


class Chip(NamedTuple):
    """A kept filter as a link."""

    name: str
    href: str
    count: str
    current: bool


class Choice(NamedTuple):
    """A list to choose from; `more`: behind « Personnaliser »."""

    name: str
    label: str
    all: str
    options: list[tuple[str, str]]
    more: bool = False


def read(given: Mapping[str, str]) -> Filters:
    """The filters of an address or a form."""
    return Filters(**{field: given.get(name, "").strip()[:LONGEST] for name, field in NAMES.items()})


def written(filters: Filters) -> dict[str, str]:
    """The same as values of an address: only what narrows."""
    found = {name: getattr(filters, field) for name, field in NAMES.items()}
    return {name: value for name, value in found.items() if value}


def tab_labels() -> dict[str, str]:
    """The names of the five lists."""
    return {
        inbox.TO_TAKE: say("À prendre"),
        inbox.MINE: say("À moi"),
        inbox.TEAM: say("Mon équipe"),
        inbox.WAITING: say("En attente d'un tiers"),
        inbox.DONE: say("Terminées"),
    }


def for_everybody(tab: str) -> list[Kept]:
    """The three filters to begin with, of the list that is open; of one's own tasks where that one knows no deadline any more."""
    listed = inbox.MINE if tab == inbox.DONE else tab
    return [
        Kept(None, say("En retard"), listed, Filters(due="late")),
        Kept(None, say("À finir aujourd'hui"), listed, Filters(due="today")),
        Kept(None, say("P1 vitale"), listed, Filters(priority="P1")),
    ]


def chips(reach: Reach, tab: str, filters: Filters) -> list[Chip]:
    """The kept filters with how many tasks each finds; the one that is applied is marked."""
    kept = [*for_everybody(tab), *saved_filters.of(db.session(), me())]
    counted = inbox_counts.kept(db.session(), me(), reach, [(one.tab, one.filters) for one in kept], now())
    return [
        Chip(one.name, href(one), _count(count), (one.tab, one.filters) == (tab, filters)) for one, count in zip(kept, counted, strict=True)
    ]


def href(one: Kept) -> str:
    """The address of a kept filter."""
    return url_for("inbox.index", tab=one.tab, **written(one.filters))


def _count(counted: tuple[int, bool] | None) -> str:
    return "" if counted is None else f"{counted[0]}{'+' if counted[1] else ''}"


def choices(reach: Reach) -> list[Choice]:
    """What a list can be narrowed by, beside the text."""
    places = sorted({walk.place for walk in (*reach.own, *reach.team)} & names.posts().keys())
    posts = names.post_choices(places or None)
    types = [(code, names.text_of(one.name)) for code, one in names.case_types().items()]
    due = [("late", say("En retard")), ("today", say("Aujourd'hui")), ("soon", say("Sous 3 jours"))]
    codes = {place.country for place in names.posts().values()}
    countries = sorted(((code, names.country(code)) for code in codes), key=lambda pair: pair[1].casefold())
    return [
        Choice("type", say("Type de dossier"), say("Tous les types"), types),
        Choice("post", say("Poste"), say("Tous les postes"), posts),
        Choice("due", say("Échéance"), say("Toutes"), due),
        Choice("country", say("Pays"), say("Tous les pays"), countries, more=True),
        Choice("label", say("Étiquette"), say("Toutes"), [(one, one) for one in labels.offered(db.session(), me())], more=True),
        Choice("priority", say("Priorité"), say("Toutes"), [(code, names.priority(code)[1]) for code in names.PRIORITIES], more=True),
    ]


# ------------------------------------------------------------------ the page of one's own filters
@blueprint.get("")
@access.signed_in
def index():
    """My filters, each with another name or none."""
    return _page()


@blueprint.post("/<int:filter_id>")
@access.signed_in
def change(filter_id: int):
    """Renamed, or deleted."""
    if request.form.get("act") == "delete":
        saved_filters.forget(me(), filter_id)
        flash(say("Le filtre est supprimé."), "good")
        return redirect(url_for("inbox_filters.index"), 303)
    name = request.form.get("name", "")
    try:
        saved_filters.rename(me(), filter_id, name)
    except Invalid as refusal:
        return _page(filter_id, name, field_errors(refusal)["name"]), 422
    flash(say("Le filtre est renommé."), "good")
    return redirect(url_for("inbox_filters.index"), 303)


def _page(failed: int | None = None, typed: str = "", error: str = "") -> str:
    own = saved_filters.of(db.session(), me())
    rows = [(one, href(one), _words(one)) for one in own]
    return render_template("inbox/own_filters.html", rows=rows, failed=failed, typed=typed, problem=error, tab_labels=tab_labels())


def _words(one: Kept) -> list[str]:
    """What a filter narrows by, in words."""
    options: dict[str, Any] = {choice.name: dict(choice.options) for choice in choices(Reach((), ()))}
    given = written(one.filters)
    return [options[name].get(value, value) if name in options else f"« {value} »" for name, value in given.items()]

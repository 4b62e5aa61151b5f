"""Calendars and announced days."""

from __future__ import annotations

import datetime as dt

from flask import flash, redirect, render_template, request, url_for

from app.extensions import db
from app.services import admin_calendars, administration
from app.services.errors import Invalid
from app.web import access, dates
from app.web.admin import ROLES, blueprint
from app.web.admin.overview import acts
from app.web.language import say
from app.web.reader import me
from app.web.refusals import field_errors


@blueprint.get("/calendriers")
@access.holds(*ROLES)
def calendars():
    """The list, with what is still only estimated."""
    return render_template("admin/calendars.html", lines=admin_calendars.every(db.session(), me()))


@blueprint.get("/calendriers/<code>")
@access.holds(*ROLES)
def calendar(code: str):
    """One calendar: its week, its yearly days, its announced days."""
    return _show(code)


@blueprint.post("/calendriers/<code>")
@access.holds(*ROLES)
def add_day(code: str):
    """A day off more; open deadlines are counted again."""
    try:
        admin_calendars.add_day(me(), code, {**request.form, "day": dates.typed_day(request.form, "day")})
    except Invalid as refusal:
        return _show(code, errors=field_errors(refusal), typed=request.form), 422
    return _done(code, say("Le jour est ajouté ; les échéances ouvertes sont recalculées."))


@blueprint.post("/calendriers/<code>/jours/<int:day_id>/confirmer")
@access.holds(*ROLES)
def confirm_day(code: str, day_id: int):
    """The communiqué is out: the day is certain, here or on another date."""
    text = dates.typed_day(request.form, f"on-{day_id}")
    try:
        admin_calendars.confirm_day(me(), code, day_id, dt.date.fromisoformat(text) if text else None)
    except ValueError:
        return _show(code, errors={f"on-{day_id}": say("Écrivez le jour, par exemple 20 3 2026")}, typed=request.form), 422
    except Invalid as refusal:
        return _show(code, errors={f"on-{day_id}": field_errors(refusal)["on"]}, typed=request.form), 422
    return _done(code, say("Le jour est confirmé ; les échéances ouvertes sont recalculées."))


@blueprint.post("/calendriers/<code>/jours/<int:day_id>/retirer")
@access.holds(*ROLES)
def remove_day(code: str, day_id: int):
    """A day announced by mistake."""
    admin_calendars.remove_day(me(), code, day_id)
    return _done(code, say("Le jour est retiré ; les échéances ouvertes sont recalculées."))


def _show(code: str, errors: dict | None = None, typed=None) -> str:
    session = db.session()
    row, days, places = admin_calendars.one(session, me(), code)
    entries = acts(administration.of_subject(session, code, 10))
    return render_template("admin/calendar.html", row=row, days=days, places=places, errors=errors or {}, typed=typed or {}, acts=entries)


def _done(code: str, text: str):
    flash(text, "good")
    return redirect(url_for("admin.calendar", code=code), 303)

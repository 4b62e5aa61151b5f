"""What runs: places, versions of the procedures, incidents, settings."""

from __future__ import annotations

from flask import flash, redirect, render_template, request, url_for

from app.extensions import db
from app.services import admin_incidents, admin_versions
from app.web import access, names
from app.web.admin import ROLES, blueprint
from app.web.language import say, say_many
from app.web.reader import me

AT_ONCE = 50


@blueprint.get("/postes")
@access.holds(*ROLES)
def posts():
    """Places with their country, zone and calendar."""
    return render_template("admin/posts.html", posts=sorted(names.posts().values(), key=lambda post: post.code))


@blueprint.get("/versions")
@access.holds(*ROLES)
def versions_list():
    """Versions of each case type; of the type that is asked for, what the check says of the one in service (it takes some seconds)."""
    rows, wanted = admin_versions.by_type(db.session(), me()), request.args.get("type")
    types = [
        {
            **{"code": one.code, "name": names.text_of(one.name), "versions": found},
            "findings": admin_versions.findings(one) if one.code == wanted else None,
        }
        for one, found in rows
    ]
    return render_template("admin/versions.html", types=types)


@blueprint.get("/reglages")
@access.holds(*ROLES)
def settings():
    """The values that rules read."""
    return render_template("admin/settings.html", settings=admin_versions.setting_lines(db.session(), me()))


@blueprint.get("/incidents")
@access.holds(*ROLES)
def incidents():
    """Open incidents, all or those of one message."""
    message = request.args.get("message") or None
    session = db.session()
    groups = admin_incidents.groups(session, me())
    return render_template("admin/incidents.html", groups=groups, rows=admin_incidents.open_ones(session, me(), message), message=message)


@blueprint.post("/incidents/<int:incident_id>/relancer")
@access.holds(*ROLES)
def retry(incident_id: int):
    """Try one again, and say what came of it."""
    cured = admin_incidents.retry(me(), incident_id)
    if cured:
        flash(say("Le dossier avance de nouveau."), "good")
    else:
        flash(say("La relance a échoué de la même façon : la cause demeure."), "bad")
    return redirect(url_for("admin.incidents"), 303)


@blueprint.post("/incidents/<int:incident_id>/clore")
@access.holds(*ROLES)
def close_incident(incident_id: int):
    """Repaired by other means: closed with its reason."""
    admin_incidents.close(me(), incident_id, request.form.get("reason", ""))
    flash(say("L'incident est clos."), "good")
    return redirect(url_for("admin.incidents"), 303)


@blueprint.post("/incidents/relancer")
@access.holds(*ROLES)
def retry_many():
    """Try a page of them again."""
    wanted = [int(text) for text in request.form.getlist("incident")[:AT_ONCE] if text.isdecimal()]
    cured = sum(admin_incidents.retry(me(), one) for one in wanted)
    flash(
        say_many(
            "%(num)s dossier avance de nouveau sur %(all)s.", "%(num)s dossiers avancent de nouveau sur %(all)s.", cured, all=len(wanted)
        ),
        "good" if cured == len(wanted) else "warning",
    )
    return redirect(url_for("admin.incidents"), 303)

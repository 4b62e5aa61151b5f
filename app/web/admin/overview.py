"""The first page of the administration, and what was done there last."""

from __future__ import annotations

import orjson
from flask import render_template

from app.extensions import db
from app.services import admin_calendars, admin_incidents, administration
from app.web import access
from app.web.admin import ROLES, blueprint
from app.web.language import mark, say
from app.web.reader import me

ACTS = {
    "user.created": mark("A créé le compte"),
    "user.changed": mark("A modifié le compte"),
    "user.closed": mark("A fermé le compte"),
    "user.opened": mark("A rouvert le compte"),
    "user.password": mark("A donné un mot de passe provisoire"),
    "grant.given": mark("A donné un rôle"),
    "grant.ended": mark("A retiré un rôle"),
    "holiday.added": mark("A ajouté un jour chômé"),
    "holiday.confirmed": mark("A confirmé un jour chômé"),
    "holiday.removed": mark("A retiré un jour chômé"),
    "incident.retried": mark("A relancé un dossier en incident"),
    "incident.closed": mark("A clos un incident"),
    "setting.changed": mark("A changé un réglage"),
    "person.merged": mark("A réuni deux fiches"),
    "person.unmerged": mark("A séparé deux fiches"),
    "list.printed": mark("Impression d'une liste"),
    "list.exported": mark("Export d'une liste"),
    "budget.transferred": mark("A viré des crédits"),
    "budget.frozen": mark("A gelé des crédits"),
    "budget.thawed": mark("A rendu des crédits gelés"),
    "budget.opened": mark("A ouvert une ligne"),
    "budget.closed": mark("A fermé une ligne"),
    "budget.credited": mark("A changé les crédits d'une ligne"),
    "credits.proposed": mark("A entré un acte de crédits"),
    "credits.confirmed": mark("A confirmé un acte de crédits"),
    "credits.refused": mark("A refusé un acte de crédits"),
    "treasury.compared": mark("A rapproché un fichier du Trésor"),
    "treasury.gap": mark("A traité un écart avec le Trésor"),
    "imprest.shown": mark("A entré un justificatif de régie"),
    "imprest.asked": mark("A demandé un réapprovisionnement de régie"),
    "imprest.granted": mark("A accordé un réapprovisionnement de régie"),
    "imprest.refused": mark("A refusé un réapprovisionnement de régie"),
    "imprest.filled": mark("A reçu un réapprovisionnement de régie"),
    "version.deployed": mark("A mis en service une version"),
}


def acts(entries) -> list[dict]:
    """Entries of the administrative chain as lines: the verb, what it is about, who, and the details as text."""
    lines = []
    for row in entries:
        body = orjson.loads(row.entry)
        details = ", ".join(f"{name} {_words(value)}" for name, value in body["data"].items() if value not in (None, "", [], {}))
        verb = say(ACTS.get(row.kind, row.kind))
        lines.append({"at": row.at, "verb": verb, "subject": row.subject, "who": row.actor_id, "details": details})
    return lines


def _words(value: object) -> str:
    """A detail as one reads it: lists and their parts without the signs of the machine."""
    if isinstance(value, bool):
        return say("Oui") if value else say("Non")
    if isinstance(value, dict):
        return " ; ".join(f"{name} {_words(part)}" for name, part in value.items())
    return ", ".join(map(_words, value)) if isinstance(value, list) else str(value)


@blueprint.get("/")
@access.holds(*ROLES)
def index():
    """What waits for an administrator."""
    session = db.session()
    incidents = admin_incidents.groups(session, me())
    estimated = [line for line in admin_calendars.every(session, me()) if line.estimated]
    return render_template("admin/index.html", incidents=incidents, estimated=estimated, acts=acts(administration.latest(session, 10)))


@blueprint.get("/journal")
@access.holds(*ROLES)
def journal():
    """The chain of administrative acts with its verdict."""
    session = db.session()
    return render_template("admin/journal.html", acts=acts(administration.latest(session, 200)), flaw=administration.verify(session))
